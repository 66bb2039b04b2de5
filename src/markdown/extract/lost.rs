//! The parser's items → diagnostics about text that no reader sees: cells of a table behind those
//! of its head, footnotes that are defined twice; and about footnotes that do not meet.
//!
//! Must not know: other notes, HTML.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::diagnostic::{Diagnostic, Kind};
use crate::markdown::Draft;
use crate::markdown::dialect::boxes::BoxMark;
use crate::markdown::item::{Item, Spanned};
use crate::phrase::phrase;

/// Longest name of a footnote that is looked for in a text, in bytes.
const LONGEST_NAME: usize = 64;

/// Reports text that is lost.
pub(crate) fn look(items: &[Spanned<'_>], draft: &mut Draft<'_>) {
    let mut columns = 0;
    for (item, range) in items {
        match item {
            Item::Event(Event::Start(Tag::Table(alignments))) => columns = alignments.len(),
            Item::Event(Event::Start(Tag::TableRow)) => row(range, columns, draft),
            _ => {}
        }
    }
    footnotes(items, draft);
}

/// Looks at a row of a table.
fn row(range: &Range<usize>, columns: usize, draft: &mut Draft<'_>) {
    let cells = cells(range, draft);
    let lost = cells.iter().skip(columns).find(|cell| !cell.is_empty());
    let Some(first) = lost.cloned() else { return };
    let message = phrase!(
        "the row has {cells:cell}, the head of the table {columns}: the last ones are not shown",
        cells = cells.len(),
        columns
    );
    let problem = Diagnostic::new(Kind::LostCell, message).help(phrase!(
        "write `\\|` for a `|` within a cell, in code too, or add a column to the head"
    ));
    draft.report(&(first.start..cells.last().map_or(first.end, |last| last.end)), problem);
}

/// The ranges of the cells of a row, without the blanks around their text (GFM §4.10).
fn cells(range: &Range<usize>, draft: &Draft<'_>) -> Vec<Range<usize>> {
    let text = draft.lines.text();
    let source = text.get(range.clone()).unwrap_or_default();
    let source = source.lines().next().unwrap_or_default().trim_end();
    let bytes = source.as_bytes();
    let is_bar = |at: &usize| {
        let is_escaped = at.checked_sub(1).is_some_and(|before| bytes[before] == b'\\');
        !is_escaped && !draft.lines.scan().is_formula(range.start + at)
    };
    let mut cells = Vec::new();
    let mut start = 0;
    for bar in memchr::memchr_iter(b'|', bytes).filter(is_bar).chain([bytes.len()]) {
        let cell = &source[start..bar];
        let is_outside = (start == 0 || bar == bytes.len()) && cell.trim().is_empty();
        if !is_outside {
            let from = range.start + start + cell.len() - cell.trim_start().len();
            cells.push(from..from + cell.trim().len());
        }
        start = bar + 1;
    }
    cells
}

/// The footnotes of a text.
#[derive(Default)]
struct Footnotes {
    /// Definitions by name, each at its first place.
    defined: HashMap<String, Range<usize>>,
    referred: HashSet<String>,
    /// References that are text, because nothing defines them.
    undefined: Vec<(String, Range<usize>)>,
}

fn footnotes(items: &[Spanned<'_>], draft: &mut Draft<'_>) {
    let mut found = Footnotes::default();
    let mut is_code = false;
    for (item, range) in items {
        let Item::Event(event) = item else { continue };
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Start(Tag::FootnoteDefinition(name)) => found.define(name, range, draft),
            Event::FootnoteReference(name) => {
                found.referred.insert(name.to_lowercase());
            }
            Event::Text(text) if !is_code => found.text(text, range, draft),
            _ => {}
        }
    }
    for title in draft.boxes.iter().filter_map(BoxMark::title) {
        let names = title.match_indices("[^").filter_map(|(at, _)| name_at(title, at + 2));
        found.referred.extend(names.map(str::to_lowercase));
    }
    found.report(draft);
}

/// The name that begins at a place of a text, up to `]`.
fn name_at(text: &str, start: usize) -> Option<&str> {
    let rest = &text.as_bytes()[start..];
    let length = memchr::memchr(b']', &rest[..rest.len().min(LONGEST_NAME)])?;
    text.get(start..start + length)
}

impl Footnotes {
    fn define(&mut self, name: &str, range: &Range<usize>, draft: &mut Draft<'_>) {
        let place = range.start..range.start + name.len() + "[^]:".len();
        let key = name.to_lowercase();
        let first = self.defined.entry(key).or_insert_with(|| place.clone());
        if *first == place {
            return;
        }
        let message =
            phrase!("footnote `[^{name}]` is defined twice: this text is not shown", name);
        let problem = Diagnostic::new(Kind::Footnote, message);
        draft.report(&place, problem.help(phrase!("give one of the two another name")));
    }

    /// Finds references in a text that the parser took for no footnotes.
    fn text(&mut self, text: &str, range: &Range<usize>, draft: &Draft<'_>) {
        let source = draft.lines.text().get(range.clone()).unwrap_or_default();
        let mut searched = 0;
        for at in memchr::memmem::find_iter(text.as_bytes(), b"[^") {
            let Some(name) = name_at(text, at + 2) else { continue };
            let behind = text[at + 2 + name.len() + 1..].chars().next();
            if !is_name(name) || matches!(behind, Some('*' | '+' | '?' | '{' | ':' | '：' | '(')) {
                continue;
            }
            let written = format!("[^{name}]");
            // Only a note's own text has places; an escaped bracket is text.
            let Some(place) = source[searched..].find(&written).map(|at| searched + at) else {
                return;
            };
            searched = place + written.len();
            if !source[..place].ends_with('\\') {
                let place = range.start + place;
                self.undefined.push((name.to_owned(), place..place + written.len()));
            }
        }
    }

    fn report(self, draft: &mut Draft<'_>) {
        let has_any = !self.defined.is_empty() || !self.referred.is_empty();
        for (name, place) in &self.undefined {
            // `[^a]` is a class of characters too; where there are no footnotes, only a number is
            // the name of one.
            let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
            if has_any || is_number {
                let message = phrase!("footnote `[^{name}]` is not defined", name);
                let help = phrase!("write its text in a line `[^{name}]: …`", name);
                draft.report(place, Diagnostic::new(Kind::Footnote, message).help(help));
            }
        }
        let mut unused: Vec<_> =
            self.defined.iter().filter(|(name, _)| !self.referred.contains(*name)).collect();
        unused.sort_by_key(|(_, place)| place.start);
        for (_, place) in unused {
            let name = draft.lines.text().get(place.clone()).unwrap_or_default().to_owned();
            let name = name.trim_end_matches(':');
            let message = phrase!("no text refers to footnote `{name}`", name);
            let problem = Diagnostic::new(Kind::UnusedFootnote, message);
            draft.report(place, problem.help(phrase!("write `{name}` where it belongs", name)));
        }
    }
}

/// True for what may be the name of a footnote rather than a class of characters.
fn is_name(name: &str) -> bool {
    let is_range = name.len() == 3 && name.as_bytes()[1] == b'-';
    !name.is_empty()
        && !is_range
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::extract::fixture::found;

    #[test]
    fn cells_behind_those_of_the_head() {
        let table = |row: &str| format!("| 命令 | 说明 |\n| --- | --- |\n{row}\n");
        let lost = |column, width| vec![(Kind::LostCell, 3, column, width)];
        for (row, expected) in [
            ("| `ps | grep x` | 查进程 |", lost(19, 3)),
            ("| a | b | c | d |", lost(11, 5)),
            ("a | b | c", lost(9, 1)),
            ("| a | b | |", vec![]),
            ("| a | b ||", vec![]),
            ("| `a \\| b` | c |", vec![]),
            ("| a |", vec![]),
            ("| $|x|$ | c |", vec![]),
            ("| a | b |  ", vec![]),
        ] {
            assert_eq!(found(&table(row)), expected, "{row}");
        }
        assert_eq!(found("> | a |\n> |---|\n> | b | c |"), [(Kind::LostCell, 3, 9, 1)]);
    }

    #[test]
    fn footnotes_that_do_not_meet() {
        for (text, expected) in [
            (
                "A[^nope] and B[^a].\n\n[^a]: one\n\n[^a]: two\n\n[^unused]: three",
                vec![
                    (Kind::Footnote, 5, 1, 5),
                    (Kind::Footnote, 1, 2, 7),
                    (Kind::UnusedFootnote, 7, 1, 10),
                ],
            ),
            ("a[^1]", vec![(Kind::Footnote, 1, 2, 4)]),
            ("::: tip a[^1]\nb\n:::\n\n!!! tip \"[^c d]\"\n    e\n\n[^1]: f\n\n[^c d]: g", vec![]),
            ("a[^注] b[^1]\n\n[^1]: x", vec![(Kind::Footnote, 1, 2, 4)]),
            ("a[^A]\n\n[^a]: x", vec![]),
            ("`[^1]` \\[^1] [^abc] [^a-z] [^0-9]+\n\n```\n[^1]\n```", vec![]),
            ("[^a-z] [^0]* a[^1]\n\n[^1]: x", vec![]),
            ("**a[^2]**, b[^2]", vec![(Kind::Footnote, 1, 4, 4), (Kind::Footnote, 1, 13, 4)]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
