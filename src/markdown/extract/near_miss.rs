//! The parser's items → diagnostics about text that is nearly markup: a heading without a blank
//! behind its signs, links, footnotes and tables with full-width signs, a number of a list without
//! a blank, Markdown within raw HTML.
//!
//! Must not know: other notes, HTML.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::diagnostic::{Diagnostic, Kind};
use crate::markdown::Draft;
use crate::markdown::item::{Item, Spanned};
use crate::phrase::{Phrase, phrase};

/// Words behind a number sign that are no heading: lines of C and of shells.
const DIRECTIVES: [&str; 14] = [
    "define", "elif", "else", "endif", "error", "if", "ifdef", "ifndef", "import", "include",
    "line", "pragma", "region", "undef",
];
/// No words or destination of a link with full-width brackets are longer, in bytes.
const LONGEST_LINK: usize = 512;
/// So far is looked ahead for text behind a line, in items.
const AHEAD: usize = 256;
/// The end of the line behind which Markdown is looked for.
const SUMMARY: &str = "</summary>";

/// Reports near misses.
pub(crate) fn look(items: &[Spanned<'_>], draft: &mut Draft<'_>) {
    let mut reader = LineReader::default();
    for (index, (item, range)) in items.iter().enumerate() {
        let Item::Event(event) = item else { continue };
        reader.block(event);
        match event {
            Event::Text(text) if !reader.is_code => {
                links(text, range, draft);
                if reader.begins_line {
                    let line = TextLine { text, range, items, index };
                    reader.line(&line, draft);
                }
            }
            Event::Html(html) => reader.html(html, range, draft),
            _ => {}
        }
        reader.begins_line = begins_line(event);
    }
}

/// True if the text that follows begins a line.
fn begins_line(event: &Event<'_>) -> bool {
    match event {
        Event::Start(Tag::Paragraph | Tag::Item) | Event::SoftBreak | Event::HardBreak => true,
        Event::End(tag) => matches!(tag, TagEnd::Item | TagEnd::List(_)),
        _ => false,
    }
}

fn report(range: &Range<usize>, message: Phrase, help: Phrase, draft: &mut Draft<'_>) {
    draft.report(range, Diagnostic::new(Kind::LiteralMarkup, message).help(help));
}

/// The text at the beginning of a line.
struct TextLine<'l, 'a> {
    text: &'l str,
    range: &'l Range<usize>,
    items: &'l [Spanned<'a>],
    /// Its item.
    index: usize,
}

impl TextLine<'_, '_> {
    /// The range of its first bytes.
    fn head(&self, length: usize) -> Range<usize> {
        self.range.start..self.range.start + length
    }

    /// True if other text comes later: tags stand at the end of a note.
    fn has_text_after(&self) -> bool {
        let ends_paragraph =
            |item: &Item<'_>| matches!(item, Item::Event(Event::End(TagEnd::Paragraph)));
        let begins = |item: &Item<'_>| matches!(item, Item::Event(Event::Start(_)));
        let rest = &self.items[self.index..];
        match rest.iter().take(AHEAD).position(|(item, _)| ends_paragraph(item)) {
            Some(end) => rest[end..].iter().take(AHEAD).any(|(item, _)| begins(item)),
            None => true,
        }
    }
}

/// The blocks around the line at hand.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about the place in the text")]
struct LineReader {
    is_code: bool,
    begins_line: bool,
    in_paragraph: bool,
    /// Number of items that are open.
    items: usize,
    /// The number of the next item of each list that is open.
    numbers: Vec<Option<u64>>,
    /// The number of the last item, or of the last line that looks like one.
    last: Option<u64>,
    /// True if a line that goes on from it was reported.
    is_reported: bool,
    /// The first line of a paragraph that begins with a full-width bar, while it is not reported.
    bar: Option<Range<usize>>,
    /// True in raw HTML behind a summary.
    is_behind_summary: bool,
}

impl LineReader {
    /// Keeps what an event says of the blocks around.
    fn block(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => self.is_code = true,
            Event::End(TagEnd::CodeBlock) => self.is_code = false,
            Event::Start(Tag::List(first)) => self.numbers.push(*first),
            Event::End(TagEnd::List(_)) => drop(self.numbers.pop()),
            Event::Start(Tag::Item) => {
                self.items += 1;
                self.is_reported = false;
                if let Some(number) = self.numbers.last_mut() {
                    self.last = *number;
                    *number = number.map(|number| number + 1);
                }
            }
            Event::End(TagEnd::Item) => self.items = self.items.saturating_sub(1),
            Event::Start(Tag::Paragraph) => self.in_paragraph = true,
            Event::End(TagEnd::Paragraph) => {
                self.in_paragraph = false;
                self.bar = None;
            }
            Event::Start(Tag::HtmlBlock) => self.is_behind_summary = false,
            _ => {}
        }
        let is_other = match event {
            Event::Start(tag) => !matches!(tag, Tag::Paragraph | Tag::List(_) | Tag::Item),
            Event::Rule => true,
            _ => false,
        };
        if is_other && self.items == 0 && !self.in_paragraph {
            self.last = None;
        }
    }

    fn line(&mut self, line: &TextLine<'_, '_>, draft: &mut Draft<'_>) {
        // Indented so far, a line that goes on with a paragraph is the code of a program.
        if draft.lines.text()[..line.range.start].ends_with(['\\', '\t'])
            || draft.lines.text()[..line.range.start].ends_with("    ")
        {
            return;
        }
        if self.in_paragraph && self.items == 0 {
            heading(line, draft);
            self.table(line, draft);
        }
        footnote(line, draft);
        self.number(line, draft);
    }

    /// `1.文` where a list goes on.
    fn number(&mut self, line: &TextLine<'_, '_>, draft: &mut Draft<'_>) {
        let digits = line.text.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &line.text[digits..];
        let after = rest.strip_prefix(['.', ')']).and_then(|rest| rest.chars().next());
        let number = line.text[..digits].parse::<u64>().ok().filter(|_| digits <= 3);
        let is_item = after.is_some_and(|c| c.is_alphabetic() || matches!(c, '*' | '`' | '['));
        let Some(number) = number.filter(|_| is_item) else {
            if self.items == 0 {
                self.last = None;
            }
            return;
        };
        let goes_on = self.last.is_some_and(|last| last + 1 == number);
        // Of many such lines in a row the first is enough.
        if goes_on && !self.is_reported {
            let sign = &line.text[..=digits];
            let message =
                phrase!("`{sign}` without a blank behind it begins no item of the list", sign);
            report(&line.head(digits + 1), message, phrase!("write `{sign} …`", sign), draft);
        }
        self.is_reported = goes_on;
        self.last = (goes_on || number == 1).then_some(number);
    }

    /// `｜a｜` in two lines.
    fn table(&mut self, line: &TextLine<'_, '_>, draft: &mut Draft<'_>) {
        let is_row = line.text.starts_with('｜') || line.text.starts_with('|');
        if let Some(first) = self.bar.take().filter(|_| is_row) {
            let help = phrase!("write `|`, and a row of `| --- |` below the head");
            report(&first, phrase!("`｜` makes no table"), help, draft);
        } else if line.text.starts_with('｜') {
            self.bar = Some(line.head('｜'.len_utf8()));
        }
    }

    /// Markdown behind a summary, where raw HTML goes on until a blank line.
    fn html(&mut self, html: &str, range: &Range<usize>, draft: &mut Draft<'_>) {
        if self.is_behind_summary && is_markdown(html) {
            self.is_behind_summary = false;
            let message = phrase!("Markdown right behind `</summary>` is shown as it is written");
            let help = phrase!("leave a blank line behind `</summary>`");
            let length = html.trim_end().len();
            report(&(range.start..range.start + length), message, help, draft);
        } else if html.contains(SUMMARY) {
            self.is_behind_summary = true;
        }
    }
}

/// `#标题`, and a heading with a full-width blank.
fn heading(line: &TextLine<'_, '_>, draft: &mut Draft<'_>) {
    let level = line.text.bytes().take_while(|byte| *byte == b'#').count();
    let rest = &line.text[level..];
    let Some(first) = rest.chars().next().filter(|_| (1..=6).contains(&level)) else { return };
    let signs = &line.text[..level];
    if matches!(first, '\u{3000}' | '\u{A0}') {
        let message = phrase!("`{signs}` and a full-width blank make no heading", signs);
        report(
            &line.head(level),
            message,
            phrase!("write `{signs} ` with a plain blank", signs),
            draft,
        );
        return;
    }
    let is_heading = first.is_alphanumeric() && !is_tag(rest, level, line, draft);
    if is_heading {
        let message = phrase!("`{signs}` without a blank behind it makes no heading", signs);
        report(&line.head(level), message, phrase!("write `{signs} …`", signs), draft);
    }
}

/// True for what is a tag, the number of an issue, or a line of a program.
fn is_tag(rest: &str, level: usize, line: &TextLine<'_, '_>, draft: &Draft<'_>) -> bool {
    let word = rest.split_whitespace().next().unwrap_or_default();
    let has_others = rest.contains('#');
    if has_others || word.bytes().all(|byte| byte.is_ascii_digit()) || DIRECTIVES.contains(&word) {
        return true;
    }
    let is_word = word.len() == rest.trim_end().len();
    let goes_on = !matches!(
        line.items.get(line.index + 1),
        Some((Item::Event(Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph)), _))
    );
    // In Obsidian `#标题` is a tag; a word of Latin letters is one everywhere.
    level == 1
        && (goes_on
            || is_word && (rest.is_ascii() || draft.options.wiki_links || rest.contains('/'))
            || !line.has_text_after())
}

/// `[^1]：`
fn footnote(line: &TextLine<'_, '_>, draft: &mut Draft<'_>) {
    let Some(rest) = line.text.strip_prefix("[^") else { return };
    let Some((name, _)) = rest.split_once("]：") else { return };
    if !name.is_empty() && !name.contains([']', '[', ' ']) {
        let message = phrase!("`[^{name}]：` defines no footnote", name);
        report(
            &line.head(line.text.len() - rest.len() + name.len() + "]：".len()),
            message,
            phrase!("write `[^{name}]: `", name),
            draft,
        );
    }
}

/// `[x]（a.md）`
fn links(text: &str, range: &Range<usize>, draft: &mut Draft<'_>) {
    for at in memchr::memmem::find_iter(text.as_bytes(), "]（".as_bytes()) {
        let before = end_of(&text[..at], LONGEST_LINK);
        let offset = at - before.len();
        let Some(open) = before.rfind('[').filter(|&open| !before[open..].contains(']')) else {
            continue;
        };
        let inside = start_of(&text[at + "]（".len()..], LONGEST_LINK);
        let Some((destination, _)) = inside.split_once('）') else { continue };
        if !is_destination(destination) {
            continue;
        }
        let end = at + "]（".len() + destination.len() + "）".len();
        let is_as_written = text.len() == range.len();
        let start = range.start + offset + open;
        let place = if is_as_written { start..range.start + end } else { range.clone() };
        let words = &text[offset + open..=at];
        let message = phrase!("`{words}（…）` is no link: its brackets are full-width", words);
        report(
            &place,
            message,
            phrase!("write `{words}({destination})`", words, destination),
            draft,
        );
    }
}

/// The end of a text, in so many bytes.
fn end_of(text: &str, length: usize) -> &str {
    let mut from = text.len().saturating_sub(length);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}

/// The beginning of a text, in so many bytes.
fn start_of(text: &str, length: usize) -> &str {
    let mut to = length.min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    &text[..to]
}

/// True for an address or a path with an ending.
fn is_destination(text: &str) -> bool {
    let has_ending = text.split('#').next().unwrap_or_default().rsplit_once('.').is_some_and(
        |(path, ending)| {
            !path.is_empty()
                && (1..=5).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        },
    );
    let is_address = text.contains("://") || text.starts_with(['#', '/']) || text.ends_with('/');
    !text.contains(char::is_whitespace) && (has_ending || is_address)
}

/// True for a line of Markdown that raw HTML would not have.
fn is_markdown(line: &str) -> bool {
    let line = line.trim();
    let is_block = ["- ", "* ", "+ ", "> ", "```", "~~~", "| ", "# ", "## ", "### ", "#### "]
        .iter()
        .any(|sign| line.starts_with(sign));
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let is_item = digits > 0 && line[digits..].starts_with(". ");
    let is_text = !line.starts_with('<');
    let has_pair = |sign: &str| line.matches(sign).count() > 1;
    is_block || is_item || is_text && (has_pair("**") || has_pair("`") || line.contains("]("))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, parse};

    fn found(text: &str) -> Vec<(u32, u32, u32)> {
        let parsed = parse(text, &Context::default());
        let near = parsed.problems.iter().filter(|problem| problem.kind == Kind::LiteralMarkup);
        let places = near.map(|problem| problem.location.span);
        places.map(|span| (span.line, span.column, span.width)).collect()
    }

    #[test]
    fn headings_without_a_blank() {
        for (text, expected) in [
            ("#标题\n\n文", vec![(1, 1, 1)]),
            ("##标题", vec![(1, 1, 2)]),
            ("文\n##标题\n文", vec![(2, 1, 2)]),
            ("##　标题", vec![(1, 1, 2)]),
            ("#Two words\n\ntext", vec![(1, 1, 1)]),
            ("#1.概述\n\n文", vec![(1, 1, 1)]),
            ("#tag\n\ntext", vec![]),
            ("#tag1 #tag2\n\n文", vec![]),
            ("文\n\n#标签", vec![]),
            ("#标签/子\n\n文", vec![]),
            ("#123 is open\n\ntext", vec![]),
            ("#include <a.h>\n\ntext", vec![]),
            ("#!/bin/sh\n\ntext", vec![]),
            ("\\#标题\n\n文", vec![]),
            ("- #标签\n\n文", vec![]),
            ("#######七\n\n文", vec![]),
            ("文\n    #注释\n    ls\n\n文", vec![]),
            ("```\n#标题\n```\n\n文", vec![]),
            ("# 标题\n\n#和 `码` 同行\n\n文", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn full_width_signs() {
        for (text, expected) in [
            ("见 [文](a.md) 和 [x]（a.md）。", vec![(1, 15, 9)]),
            ("[x]（https://e.org/a）", vec![(1, 1, 20)]),
            ("[注]（见下文）", vec![]),
            ("[x]（约 1.5 倍）", vec![]),
            ("[^1]：文", vec![(1, 1, 5)]),
            ("｜表｜头｜\n｜---｜---｜", vec![(1, 1, 1)]),
            ("｜表｜头｜\n|---|---|\n｜1｜2｜", vec![(1, 1, 1)]),
            ("｜一行", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_where_a_list_goes_on() {
        for (text, expected) in [
            ("1. 甲\n2.乙", vec![(2, 1, 2)]),
            ("1. 甲\n\n2.乙\n\n3)丙", vec![(3, 1, 2)]),
            ("1.甲\n2.乙\n3.丙\n\n1. 甲\n2.乙", vec![(2, 1, 2), (6, 1, 2)]),
            ("1.甲\n\n文\n\n2.乙", vec![]),
            ("1. 甲\n\n2.5 倍", vec![]),
            ("1. 甲\n\n## 节\n\n2.乙", vec![]),
            ("2.乙", vec![]),
            ("- 甲\n2.乙", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn markdown_behind_a_summary() {
        for (text, expected) in [
            ("<details>\n<summary>甲</summary>\n- 乙\n- 丙\n</details>", vec![(3, 1, 3)]),
            ("<details><summary>甲</summary>\n**乙**\n</details>", vec![(2, 1, 5)]),
            ("<details>\n<summary>甲</summary>\n\n- 乙\n\n</details>", vec![]),
            ("<details>\n<summary>甲</summary>\n<p>乙</p>\n</details>", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
