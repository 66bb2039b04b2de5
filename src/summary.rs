//! `SUMMARY.md` or `_sidebar.md` → [`SummaryItem`]s, the entries of a navigation written by hand.
//!
//! ```text
//! file    = line*
//! line    = heading | bullet | link | anything else, which is skipped
//! heading = "#"+ (link | text)          a part; the very first one without a link is the file's title
//! bullet  = indent ("-" | "*" | "+" | digits ("." | ")")) (link | text)
//! link    = "[" text "](" destination ")"
//! ```
//! Unlike in CommonMark, a destination may contain blanks and parentheses, and a text brackets:
//! each line has one link, whose `](` and `)` are the last ones of the line.
//!
//! Must not know: the files that exist.

use crate::diagnostic::Span;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryItem {
    /// Its depth: 0 for a part, from 1 for the bullets below it; from 0 for bullets without parts.
    pub depth: usize,
    /// Its label without markup.
    pub label: String,
    /// Its destination as written; `None` for a label alone or a draft `[x]()`.
    pub destination: Option<String>,
    /// Line in the file, from 1.
    pub line: u32,
    /// The span of the destination; of the line if there is none.
    pub place: Span,
    /// Text before the entry on its line: indentation and the mark of a list item.
    pub before: String,
    /// True if it is a heading.
    pub is_part: bool,
}

/// The program for which the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `SUMMARY.md` of Gitbook and mdBook.
    Summary,
    /// `_sidebar.md` of docsify: labels may carry an outline number and a count, `1.2.1 x [3]`.
    Sidebar,
}

/// Reads a navigation file.
#[must_use]
pub fn parse(text: &str, style: Style) -> Vec<SummaryItem> {
    let mut parser = SummaryParser {
        style,
        items: Vec::new(),
        indents: Vec::new(),
        below_part: false,
        seen_heading: false,
    };
    let mut in_comment = false;
    for (number, line) in text.lines().enumerate() {
        let is_comment = in_comment || line.trim_start().starts_with("<!--");
        in_comment = is_comment && !line.contains("-->");
        if !is_comment {
            parser.line(SourceLine { text: line, number: small(number + 1) });
        }
    }
    parser.items
}

/// A line of the file.
#[derive(Clone, Copy)]
struct SourceLine<'l> {
    text: &'l str,
    /// From 1.
    number: u32,
}

impl SourceLine<'_> {
    /// The span of a part of the line; of the whole line if the part is empty.
    fn span_of(&self, part: &str) -> Span {
        let line = self.number;
        if part.is_empty() {
            return Span { line, ..Span::default() };
        }
        let column = self.text[..offset_in(self.text, part)].chars().count() + 1;
        Span { line, column: small(column), width: small(part.chars().count()) }
    }
}

struct SummaryParser {
    style: Style,
    items: Vec<SummaryItem>,
    /// Indentations of the open bullets, outermost first.
    indents: Vec<usize>,
    below_part: bool,
    seen_heading: bool,
}

impl SummaryParser {
    fn line(&mut self, line: SourceLine<'_>) {
        let indent = indentation(line.text);
        let content = line.text.trim();
        if let Some(heading) = content.strip_prefix('#') {
            self.heading(heading.trim_start_matches('#').trim(), line);
        } else if let Some(content) = bullet(content) {
            self.bullet(content, line);
        } else if indent == 0 && content.starts_with('[') && link(content).is_some() {
            // A prefix or suffix chapter of mdBook.
            self.indents.clear();
            self.below_part = false;
            self.push(0, content, line, false);
        }
    }

    fn heading(&mut self, content: &str, line: SourceLine<'_>) {
        let is_first = !std::mem::replace(&mut self.seen_heading, true);
        if content.is_empty() || (is_first && self.items.is_empty() && link(content).is_none()) {
            return;
        }
        self.indents.clear();
        self.below_part |= self.push(0, content, line, true);
    }

    fn bullet(&mut self, content: &str, line: SourceLine<'_>) {
        let indent = indentation(line.text);
        while self.indents.last().is_some_and(|&last| last >= indent) {
            self.indents.pop();
        }
        let depth = self.indents.len() + usize::from(self.below_part);
        if self.push(depth, content, line, false) {
            self.indents.push(indent);
        }
    }

    /// Adds an entry, unless the line has neither label nor destination; true if it was added.
    fn push(&mut self, depth: usize, content: &str, line: SourceLine<'_>, is_part: bool) -> bool {
        let (label, destination) = match link(content) {
            // A draft of mdBook: `[x]()`.
            Some((label, "")) => (label, None),
            Some((label, destination)) => (label, Some(destination)),
            None => (content, None),
        };
        let label = crate::path::without_control(&plain(label));
        let label = if self.style == Style::Sidebar { without_numbers(&label) } else { &label };
        let before = &line.text[..offset_in(line.text, content)];
        let item = SummaryItem {
            depth,
            label: label.to_owned(),
            destination: destination.map(plain_path),
            line: line.number,
            place: line.span_of(destination.unwrap_or_default()),
            before: before.to_owned(),
            is_part,
        };
        let is_entry = !item.label.is_empty() || item.destination.is_some();
        if is_entry {
            self.items.push(item);
        }
        is_entry
    }
}

/// Offset of a part of a line, which is a slice of it.
fn offset_in(line: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(line.as_ptr() as usize).min(line.len())
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Columns before the first character; a tab counts as four.
fn indentation(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// The text after the mark of a list item.
fn bullet(content: &str) -> Option<&str> {
    let rest = content.strip_prefix(['-', '*', '+']).or_else(|| {
        let digits = content.len() - content.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        content[digits..].strip_prefix(['.', ')']).filter(|_| digits > 0)
    })?;
    let text = rest.trim_start();
    let text =
        text.strip_prefix("[ ] ").or(text.strip_prefix("[x] ")).map_or(text, str::trim_start);
    (rest.starts_with([' ', '\t']) && !text.is_empty()).then_some(text)
}

/// The text and destination of the link that this line is.
fn link(content: &str) -> Option<(&str, &str)> {
    let open = content.find('[')?;
    let middle = content.rfind("](").filter(|&middle| middle > open)?;
    let close = balanced_end(content, middle + 2).or_else(|| content.rfind(')'))?;
    if close < middle + 2 {
        return None;
    }
    let destination = content[middle + 2..close].trim();
    let destination = destination
        .strip_prefix('<')
        .and_then(|inner| inner.split_once('>'))
        .map_or_else(|| without_title(destination), |(inner, _)| inner);
    Some((&content[open + 1..middle], destination))
}

/// The end of the parenthesis that was opened before `from`, if only blanks, a comment or a text in
/// parentheses follow.
fn balanced_end(content: &str, from: usize) -> Option<usize> {
    let mut depth = 1_usize;
    for (at, c) in content[from..].char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let rest = content[from + at + 1..].trim_start();
            let is_end = rest.is_empty()
                || rest.starts_with("<!--")
                || (rest.starts_with('(') && rest.ends_with(')'));
            return is_end.then_some(from + at);
        }
    }
    None
}

/// `path "title"` without the title.
fn without_title(destination: &str) -> &str {
    for (open, close) in [(" \"", '"'), (" '", '\'')] {
        if let Some((path, title)) = destination.split_once(open)
            && title.ends_with(close)
        {
            return path.trim_end();
        }
    }
    destination
}

/// A label without emphasis, code marks, escapes and HTML tags.
fn plain(label: &str) -> String {
    let label = without_tags(label);
    let mut result = String::with_capacity(label.len());
    let mut chars = label.trim().chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(char::is_ascii_punctuation) => {
                result.extend(chars.next());
            }
            '*' | '`' => {}
            _ => result.push(c),
        }
    }
    result
}

/// HTML elements whose tags are removed from a label.
const TAGS: [&str; 14] = [
    "a", "b", "br", "code", "em", "font", "i", "img", "kbd", "mark", "span", "strong", "sub", "sup",
];

/// A text without the tags of [`TAGS`]; `Array<T>` stays.
fn without_tags(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        result.push_str(before);
        let name = after.trim_start_matches('/');
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        let end = after.find('>').filter(|_| TAGS.contains(&name.to_ascii_lowercase().as_str()));
        rest = if let Some(end) = end {
            &after[end + 1..]
        } else {
            result.push('<');
            after
        };
    }
    result + rest
}

/// A destination without escapes.
fn plain_path(destination: &str) -> String {
    let mut result = String::with_capacity(destination.len());
    let mut chars = destination.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(char::is_ascii_punctuation) => {
                result.extend(chars.next());
            }
            _ => result.push(c),
        }
    }
    result
}

/// `1.2.1 01.配置部署 [3]` → `01.配置部署`. A number without dots may be a year or count what follows; only
/// beside a count of children is it an outline's.
fn without_numbers(label: &str) -> &str {
    let label = label.trim();
    let counted = label.rsplit_once(" [").filter(|(_, count)| {
        count.strip_suffix(']').is_some_and(|count| count.parse::<u32>().is_ok())
    });
    let label = counted.map_or(label, |(text, _)| text);
    let is_outline_number = |word: &str| {
        let inner = word.strip_suffix('.').unwrap_or(word);
        (word.contains('.') || counted.is_some())
            && inner.split('.').all(|part| part.parse::<u32>().is_ok())
    };
    match label.split_once(' ') {
        Some((number, text)) if is_outline_number(number) && !text.trim().is_empty() => text.trim(),
        _ => label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, style: Style) -> Vec<String> {
        let shown = |item: &SummaryItem| {
            let part = if item.is_part { "# " } else { "" };
            format!(
                "{}{part}{} -> {}",
                "  ".repeat(item.depth),
                item.label,
                item.destination.as_deref().unwrap_or("·")
            )
        };
        parse(text, style).iter().map(shown).collect()
    }

    #[test]
    fn gitbook_with_parts_blanks_and_brackets() {
        let text = "# Summary\n\n## [Linux 与操作系统](../Linux 与操作系统/README.md)\n\n\
                    - [Introduction](../Linux 与操作系统/README.md)\n\n\
                    - [Shell [编程] (1)](../Shell 编程/a (1).md)\n  * [**b**](b.md)\n\n    - c\n- [d](<d e.md>)\n\n## 数据库\n- [x]()\n";
        assert_eq!(
            shown(text, Style::Summary),
            [
                "# Linux 与操作系统 -> ../Linux 与操作系统/README.md",
                "  Introduction -> ../Linux 与操作系统/README.md",
                "  Shell [编程] (1) -> ../Shell 编程/a (1).md",
                "    b -> b.md",
                "      c -> ·",
                "  d -> d e.md",
                "# 数据库 -> ·",
                "  x -> ·",
            ]
        );
    }

    #[test]
    fn mdbook_with_prefix_separators_and_suffix() {
        let text = "# Summary\n\n[前言](a.md)\n\n---\n\n# 用户\n\n1. [一](b.md \"题\")\n    - [二](c\\_d.md)\n\n---\n[后记](e.md)\n<!-- [x](y)\n- [x](y) -->\n";
        assert_eq!(
            shown(text, Style::Summary),
            ["前言 -> a.md", "# 用户 -> ·", "  一 -> b.md", "    二 -> c_d.md", "后记 -> e.md"]
        );
    }

    #[test]
    fn docsify_numbers_and_counts_are_removed() {
        let text = "- [1 数据库 [12]](/数据库/README.md)\n    - [1.2.1 01.配置部署 [3]](/a%20b.md)\n    - [2. x](y)\n- [3D](z)\n- [2024 年总结](w)\n";
        assert_eq!(
            shown(text, Style::Sidebar),
            [
                "数据库 -> /数据库/README.md",
                "  01.配置部署 -> /a%20b.md",
                "  x -> y",
                "3D -> z",
                "2024 年总结 -> w"
            ]
        );
    }

    #[test]
    fn lines_without_a_name_are_no_parents() {
        for text in ["- x\n  - `*`\n    - y\n", "- x\n  - [](  )\n    - y\n"] {
            assert_eq!(shown(text, Style::Summary), ["x -> ·", "  y -> ·"], "{text}");
        }
        assert_eq!(shown("# a\n# `*`\n- x\n", Style::Summary), ["x -> ·"]);
    }

    #[test]
    fn remarks_and_titles_are_not_part_of_a_destination() {
        let text = "- [a](b.md) (draft)\n- [x](a.md) <!-- c (d) -->\n- [f(x)](g (1).md)\n- [t](b 'title')\n- [u](a b).md)\n";
        let expected = ["a -> b.md", "x -> a.md", "f(x) -> g (1).md", "t -> b", "u -> a b).md"];
        assert_eq!(shown(text, Style::Summary), expected);
    }
}
