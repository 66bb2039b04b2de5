//! `SUMMARY.md` or `_sidebar.md` → [`SummaryItem`]s, the entries of a navigation written by hand.
//!
//! ```text
//! file    = line*
//! line    = heading | bullet | link | anything else, which is skipped
//! heading = "#"+ (link | text)          a part; the very first one without a link is the file's title
//! bullet  = indent ("-" | "*" | "+" | digits ("." | ")")) (link | text)
//! ```
//! Links and texts are those of a note: each further link of a line is an entry beside the first.
//! If a line has no link by those rules and one `](`, its destination may contain blanks and
//! parentheses, and its text brackets: `](` and the last `)` are the link's.
//!
//! Must not know: the files that exist.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::diagnostic::Span;
use crate::markdown::{self, Context, LinkKind, Parsed, SourceText};
use crate::path::OrderPrefix;

/// A sign without width (word joiner), behind which a `#` is text.
const HASH_GUARD: &str = "\u{2060}";

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
    /// True if another entry on its line comes before it. Entries below the line belong to that
    /// one.
    pub is_further: bool,
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
        } else if indent == 0 && content.starts_with(['[', '<']) && is_link(content) {
            // A prefix or suffix chapter of mdBook.
            self.indents.clear();
            self.below_part = false;
            self.push(0, content, line, false);
        }
    }

    fn heading(&mut self, content: &str, line: SourceLine<'_>) {
        let is_first = !std::mem::replace(&mut self.seen_heading, true);
        if content.is_empty() || (is_first && self.items.is_empty() && !is_link(content)) {
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

    /// Adds the entries of a line; true if there are any.
    fn push(&mut self, depth: usize, content: &str, line: SourceLine<'_>, is_part: bool) -> bool {
        let before = &line.text[..offset_in(line.text, content)];
        let count = self.items.len();
        for LineEntry { label, destination, place } in entries(content, line) {
            let label = crate::path::without_control(&label);
            let label = match self.style {
                Style::Sidebar => without_numbers(&label),
                Style::Summary => label.trim(),
            };
            if label.is_empty() && destination.is_none() {
                continue;
            }
            self.items.push(SummaryItem {
                depth,
                label: label.to_owned(),
                destination,
                line: line.number,
                place,
                before: before.to_owned(),
                is_part,
                is_further: self.items.len() > count,
            });
        }
        self.items.len() > count
    }
}

/// An entry of a line.
struct LineEntry {
    label: String,
    /// `None` for a label alone or a draft of mdBook, `[x]()`.
    destination: Option<String>,
    place: Span,
}

/// The links of a line, else its text.
fn entries(content: &str, line: SourceLine<'_>) -> Vec<LineEntry> {
    let parsed = parsed_line(content, line.number);
    let before = small(line.text[..offset_in(line.text, content)].chars().count());
    let has_words = !heading_text(&parsed).is_empty();
    let mut entries = Vec::new();
    for link in parsed.links.iter().filter(|link| link.kind == LinkKind::Link) {
        // An icon, or the anchor that GitBook writes behind the name of a part.
        let is_icon = link.text.is_empty() && (has_words || parsed.links.len() > 1);
        if is_icon || (link.destination.is_empty() && link.text.is_empty()) {
            continue;
        }
        let column = (link.place.column + before).saturating_sub(2);
        let destination = Some(link.destination.clone()).filter(|path| !path.is_empty());
        let place = match &destination {
            Some(_) => Span { column, ..link.place },
            None => line.span_of(""),
        };
        entries.push(LineEntry { label: link.text.clone(), destination, place });
    }
    if !entries.is_empty() {
        return entries;
    }
    if let Some((label, destination)) = link(content) {
        let place = line.span_of(destination);
        let destination = Some(plain_path(destination)).filter(|path| !path.is_empty());
        return vec![LineEntry { label: text_of(label), destination, place }];
    }
    let label = if parsed.outline.is_empty() { content.to_owned() } else { heading_text(&parsed) };
    vec![LineEntry { label, destination: None, place: line.span_of("") }]
}

/// A label as the text of a heading.
fn text_of(label: &str) -> String {
    heading_text(&parsed_line(label, 1))
}

/// A line as a heading, so that it is text whatever it begins with.
fn parsed_line(content: &str, number: u32) -> Parsed {
    // A `#` at the end would be part of the heading's mark.
    let end = if content.ends_with('#') { HASH_GUARD } else { "" };
    let text = SourceText::new(format!("# {content}{end}"), number);
    // As for notes: a text that the parser fails on must not end the build.
    let parse = AssertUnwindSafe(|| markdown::parse(text, &Context::default()));
    catch_unwind(parse).unwrap_or_default()
}

fn heading_text(parsed: &Parsed) -> String {
    let text = parsed.outline.first().map_or("", |heading| &heading.text);
    text.trim_end_matches(HASH_GUARD).to_owned()
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

/// True if a line holds a link.
fn is_link(content: &str) -> bool {
    let line = SourceLine { text: content, number: 1 };
    entries(content, line)
        .iter()
        .any(|entry| entry.destination.is_some() || link(content).is_some())
}

/// The text and destination of a link that is none by the rules of a note: the only `](` of the
/// line is its.
fn link(content: &str) -> Option<(&str, &str)> {
    let open = content.find('[')?;
    let middle = content.find("](").filter(|&middle| middle > open)?;
    if content[middle + 2..].contains("](") {
        return None;
    }
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

/// `1.2.1 01.配置部署 [3]` → `配置部署`: without the outline's number, which docsify's tools write,
/// the count of what follows and the order prefix. A number without dots may be a year; it is an
/// outline's beside a count or before an order prefix.
fn without_numbers(label: &str) -> &str {
    let label = label.trim();
    let counted = label.rsplit_once(" [").filter(|(_, count)| {
        count.strip_suffix(']').is_some_and(|count| count.parse::<u32>().is_ok())
    });
    let label = counted.map_or(label, |(text, _)| text);
    let Some((number, text)) = label.split_once(' ') else { return label };
    let text = text.trim();
    let is_ordered = OrderPrefix::of(text).label != text;
    let inner = number.strip_suffix('.').unwrap_or(number);
    let is_outline_number = (number.contains('.') || counted.is_some() || is_ordered)
        && inner.split('.').all(|part| part.parse::<u32>().is_ok());
    if is_outline_number && !text.is_empty() { OrderPrefix::of(text).label } else { label }
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
                "  配置部署 -> /a%20b.md",
                "  x -> y",
                "3D -> z",
                "2024 年总结 -> w"
            ]
        );
    }

    #[test]
    fn lines_that_name_nothing_hold_nothing() {
        for text in ["- x\n  - <!-- z -->\n    - y\n", "- x\n  - [](  )\n    - y\n"] {
            assert_eq!(shown(text, Style::Summary), ["x -> ·", "  y -> ·"], "{text}");
        }
        assert_eq!(shown("# a\n# <b></b>\n- x\n", Style::Summary), ["x -> ·"]);
    }

    #[test]
    fn remarks_and_titles_are_not_part_of_a_destination() {
        let text = "- [a](b.md) (draft)\n- [x](a.md) <!-- c (d) -->\n- [f(x)](g (1).md)\n- [t](b 'title')\n- [u](a b).md)\n";
        let expected = ["a -> b.md", "x -> a.md", "f(x) -> g (1).md", "t -> b", "u -> a b).md"];
        assert_eq!(shown(text, Style::Summary), expected);
    }
}
