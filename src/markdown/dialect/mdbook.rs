//! Includes of mdBook: `{{#include file[:lines|:anchor]}}` → the text of that file.
//!
//! Lines are `:7`, `:2:10`, `:2:`, `::10`; an anchor is a pair of lines that hold `ANCHOR: name`
//! and `ANCHOR_END: name`. `\{{#include a}}` is the text `{{#include a}}`, in code too, and one in
//! a code span stays as it is.
//!
//! Must not know: the disk. A function gives the text of a file.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Kind};
use crate::markdown::scan::PartKind;
use crate::markdown::source_text::{Edits, SourceText};
use crate::phrase::{Phrase, phrase};

const OPEN: &str = "{{#include";
/// No path with its lines or anchor is longer, in bytes.
const LONGEST: usize = 1024;
/// One note includes no more than this, in bytes.
const MOST: usize = 16 << 20;

/// True if a text may include another.
#[must_use]
pub fn has_includes(text: &str) -> bool {
    includes(text).next().is_some()
}

/// Replaces every include by the text that `read` gives for its path, or reports why there is none.
/// Texts that are included are not searched for further includes.
pub fn expand_includes(
    source: &mut SourceText<'_>,
    mut read: impl FnMut(&str) -> Result<Arc<str>, Phrase>,
) -> Vec<Diagnostic> {
    let mut edits = Edits::default();
    let mut problems = Vec::new();
    let mut room = MOST;
    for include in includes(source.text()) {
        let Range { start, end } = include.range;
        if include.is_escaped {
            edits.remove(start..start + 1);
            continue;
        }
        if source.scan().kind(start) == Some(PartKind::CodeSpan) {
            continue;
        }
        let file = read(include.path);
        let part = file.as_ref().map_err(Clone::clone).and_then(|file| include.select(file));
        match part.and_then(|part| room_for(part, &mut room)) {
            Ok(part) => {
                let part = part.trim_end_matches(['\n', '\r']);
                let indentation = indentation_before(source.text(), start);
                // Indented so, the text stays in the list item or the code that the include is in.
                edits.replace(start..end, part.replace('\n', &format!("\n{indentation}")));
            }
            Err(reason) => {
                let message =
                    phrase!("`{path}` is not included: {reason}", path = include.path, reason);
                let help = phrase!(
                    "an include names a file below the notes' root, from the note's own folder"
                );
                let problem = Diagnostic::new(Kind::Include, message).help(help);
                problems.push(problem.at_line(source.of(start)));
            }
        }
    }
    source.edit(edits);
    problems
}

/// The blanks before a place that is the first of its line.
fn indentation_before(text: &str, at: usize) -> &str {
    // Back over blanks only: a line may hold thousands of includes.
    let head = text[..at].trim_end_matches([' ', '\t']);
    if head.is_empty() || head.ends_with('\n') { &text[head.len()..at] } else { "" }
}

/// The part, if the note has room for it.
fn room_for<'f>(part: &'f str, room: &mut usize) -> Result<&'f str, Phrase> {
    let rest = room.checked_sub(part.len());
    *room =
        rest.ok_or_else(|| phrase!("the note includes more than {limit} MB", limit = MOST >> 20))?;
    Ok(part)
}

/// An include in a text.
struct Include<'a> {
    range: Range<usize>,
    /// True if a backslash makes a text of it; the range begins with the backslash.
    is_escaped: bool,
    path: &'a str,
    part: &'a str,
}

fn includes(text: &str) -> impl Iterator<Item = Include<'_>> {
    memchr::memmem::find_iter(text.as_bytes(), OPEN.as_bytes()).filter_map(|at| {
        let rest = &text.as_bytes()[at + OPEN.len()..];
        let length = memchr::memmem::find(&rest[..rest.len().min(LONGEST)], b"}}")?;
        let inner = &text[at + OPEN.len()..][..length];
        let wanted = inner.trim();
        // One that begins within another would overlap it.
        if wanted.is_empty()
            || !inner.starts_with([' ', '\t'])
            || inner.contains('\n')
            || inner.contains(OPEN)
        {
            return None;
        }
        let (path, part) = wanted.split_once(':').unwrap_or((wanted, ""));
        let is_escaped = text[..at].ends_with('\\');
        let start = at - usize::from(is_escaped);
        Some(Include { range: start..at + OPEN.len() + inner.len() + 2, is_escaped, path, part })
    })
}

impl Include<'_> {
    fn select<'f>(&self, file: &'f str) -> Result<&'f str, Phrase> {
        if self.part.is_empty() {
            return Ok(file);
        }
        let (from, to) = match self.part.split_once(':') {
            Some((from, to)) => (line_number(from, 1)?, line_number(to, usize::MAX)?),
            None => match self.part.parse::<usize>() {
                Ok(line) => (line, line),
                Err(_) => return anchored(file, self.part),
            },
        };
        Ok(slice_lines(file, from.max(1) - 1, to))
    }
}

fn line_number(text: &str, otherwise: usize) -> Result<usize, Phrase> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(otherwise);
    }
    text.parse().map_err(|_| phrase!("`{text}` is not a line number", text))
}

/// Lines `from..to`, counted from 0.
fn slice_lines(text: &str, from: usize, to: usize) -> &str {
    let start = |line: usize| match line {
        0 => 0,
        line => memchr::memchr_iter(b'\n', text.as_bytes())
            .nth(line - 1)
            .map_or(text.len(), |at| at + 1),
    };
    let (begin, end) = (start(from), start(to.max(from)));
    &text[begin..end]
}

fn anchored<'f>(file: &'f str, name: &str) -> Result<&'f str, Phrase> {
    let begin = file.lines().position(|line| is_anchor(line, "ANCHOR:", name));
    let end = file.lines().position(|line| is_anchor(line, "ANCHOR_END:", name));
    let begin = begin.ok_or_else(|| phrase!("it has no anchor `{name}`", name))?;
    Ok(slice_lines(file, begin + 1, end.unwrap_or(usize::MAX)))
}

fn is_anchor(line: &str, mark: &str, name: &str) -> bool {
    line.split_once(mark).is_some_and(|(_, rest)| rest.split_whitespace().next() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> (String, Vec<Diagnostic>) {
        let read = |path: &str| match path {
            "a.rs" => Ok(Arc::from("one\n// ANCHOR: mid\ntwo\n// ANCHOR_END: mid\nthree\n")),
            other => Err(Phrase::verbatim(format!("no {other}"))),
        };
        let mut source = SourceText::from(text);
        let problems = expand_includes(&mut source, read);
        (source.text().to_owned(), problems)
    }

    #[test]
    fn files_lines_and_anchors() {
        for (text, expected) in [
            ("x {{#include a.rs:1}} y", "x one y"),
            ("{{#include a.rs:3:}}", "two\n// ANCHOR_END: mid\nthree"),
            ("{{#include a.rs::1}}", "one"),
            ("{{#include a.rs:3:3}}", "two"),
            ("{{#include a.rs:mid}}", "two"),
            ("{{#include a.rs:9:12}}", ""),
            (
                "- ```\n  {{#include a.rs:3:}}\n  ```",
                "- ```\n  two\n  // ANCHOR_END: mid\n  three\n  ```",
            ),
            ("\\{{#include a.rs}}", "{{#include a.rs}}"),
            ("`\\{{#include a.rs:2` b}}", "`{{#include a.rs:2` b}}"),
            ("`{{#include a.rs}}`", "`{{#include a.rs}}`"),
            ("`` ` {{#include a.rs}} ``", "`` ` {{#include a.rs}} ``"),
            ("` {{#include a.rs:1}}\n\n`", "` one\n\n`"),
            ("```\n{{#include a.rs:1}}\n```", "```\none\n```"),
            ("{{#include}} {{#includes x}}", "{{#include}} {{#includes x}}"),
            ("{{#include {{#include a.rs:1}}}}", "{{#include one}}"),
        ] {
            assert_eq!(expanded(text), (expected.to_owned(), vec![]), "{text}");
        }
    }

    #[test]
    fn failed_includes_stay_and_are_reported_with_their_line() {
        for (text, line) in
            [("a\n{{#include b.rs}}", 2), ("{{#include a.rs}}\n{{#include a.rs:none}}", 2)]
        {
            let (result, problems) = expanded(text);
            assert!(result.contains("{{#include"), "{result}");
            assert_eq!((problems.len(), problems[0].location.span.line), (1, line));
        }
    }

    #[test]
    fn a_note_includes_so_much_and_no_more() {
        let large = "x".repeat(MOST / 3);
        let text = "{{#include f}}\n".repeat(5);
        let mut source = SourceText::from(text.as_str());
        let problems = expand_includes(&mut source, |_| Ok(large.as_str().into()));
        assert_eq!(source.text().len(), 3 * large.len() + 5 + 2 * "{{#include f}}".len());
        assert_eq!(
            problems.iter().map(|problem| problem.location.span.line).collect::<Vec<_>>(),
            [4, 5]
        );
    }

    #[test]
    fn lines_lead_back_to_the_file() {
        let mut source = SourceText::new("a\n{{#include f}}\nb\nc", 3);
        expand_includes(&mut source, |_| Ok("1\n2\n3\n".into()));
        assert_eq!(source.text(), "a\n1\n2\n3\nb\nc");
        let lines: Vec<_> = (0..6).map(|index| source.of(2 * index)).collect();
        assert_eq!(lines, [3, 4, 4, 4, 5, 6]);
        // The writer's text has columns, the included text has none.
        let places = [2, 8].map(|at| source.span(&(at..at + 1)));
        assert_eq!(places.map(|place| (place.line, place.column)), [(4, 0), (5, 1)]);
    }
}
