//! `{{#include file[:lines|:anchor]}}` → the text of that file, and the map back from lines of the result to
//! lines of the writer's file.
//!
//! Lines are `:7`, `:2:10`, `:2:`, `::10`; an anchor is a pair of lines that hold `ANCHOR: name` and
//! `ANCHOR_END: name`, as in mdBook. `\{{#include a}}` is the text `{{#include a}}`, in code too, and one
//! in a code span stays as it is.
//!
//! Must not know: the disk. What a file holds is asked of a function.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Kind};

const OPEN: &str = "{{#include";
/// No path with its lines or anchor is longer; in bytes.
const LONGEST: usize = 1024;
/// One note includes no more than this; in bytes.
const MOST: usize = 16 << 20;

/// Which line of the writer's file each line of a text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins {
    first: u32,
    /// Empty when every line stands for itself.
    lines: Vec<u32>,
}

impl Default for Origins {
    fn default() -> Self {
        Self::identity(1)
    }
}

impl Origins {
    /// Every line stands for itself, the first being line `first` of the file.
    #[must_use]
    pub fn identity(first: u32) -> Self {
        Self { first, lines: Vec::new() }
    }

    /// Whether every line stands for itself.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.lines.is_empty()
    }

    /// The file's line of the text's line `index`, which counts from 0.
    #[must_use]
    pub fn line(&self, index: usize) -> u32 {
        let last = self.lines.last().copied();
        match self.lines.get(index).copied().or(last) {
            Some(line) => line,
            None => self.first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX)),
        }
    }
}

/// Whether a text includes any.
#[must_use]
pub fn is_in(text: &str) -> bool {
    directives(text).next().is_some()
}

/// Replaces every include by what `read` gives for its path: the file's text, or why there is none.
/// Texts that are included are not searched for further includes.
pub fn expand(
    text: &str,
    first_line: u32,
    mut read: impl FnMut(&str) -> Result<Arc<str>, String>,
) -> (String, Origins, Vec<Diagnostic>) {
    let (mut result, mut lines, mut problems) =
        (String::with_capacity(text.len()), Vec::new(), Vec::new());
    let (mut from, mut line, mut room) = (0, first_line, MOST);
    let mut copy = |part: &str, line: &mut u32, moves: bool, result: &mut String| {
        for _ in part.matches('\n') {
            lines.push(*line);
            *line += u32::from(moves);
        }
        result.push_str(part);
    };
    for directive in directives(text) {
        copy(&text[from..directive.range.start], &mut line, true, &mut result);
        from = directive.range.end;
        if directive.is_escaped {
            copy(&text[directive.range.start + 1..from], &mut line, true, &mut result);
            continue;
        }
        let file = read(directive.path);
        let part = file.as_ref().map_err(Clone::clone).and_then(|file| directive.select(file));
        match part.and_then(|part| room_for(part, &mut room)) {
            Ok(part) => {
                let part = part.trim_end_matches(['\n', '\r']);
                let indentation = indentation_before(text, directive.range.start);
                let part = if indentation.is_empty() {
                    Cow::Borrowed(part)
                } else {
                    part.replace('\n', &format!("\n{indentation}")).into()
                };
                copy(&part, &mut line, false, &mut result);
            }
            Err(reason) => {
                let message = format!("`{}` is not included: {reason}", directive.path);
                let help =
                    "an include names a file below the notes' root, from the note's own folder";
                problems.push(Diagnostic::new(Kind::Include, message).at_line(line).help(help));
                copy(&text[directive.range], &mut line, true, &mut result);
            }
        }
    }
    copy(&text[from..], &mut line, true, &mut result);
    lines.push(line);
    (result, Origins { first: first_line, lines }, problems)
}

/// The blanks before a place that is the first of its line: all that is included there is indented by them, so that it
/// stays in the list item or code block that it is in.
fn indentation_before(text: &str, at: usize) -> &str {
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
    if line.bytes().all(|byte| matches!(byte, b' ' | b'\t')) { line } else { "" }
}

/// The part, if the note has room for it.
fn room_for<'f>(part: &'f str, room: &mut usize) -> Result<&'f str, String> {
    let rest = room.checked_sub(part.len());
    *room = rest.ok_or_else(|| format!("the note includes more than {} MB", MOST >> 20))?;
    Ok(part)
}

struct Directive<'a> {
    range: Range<usize>,
    /// Whether a backslash says that it is a text; the range begins with it.
    is_escaped: bool,
    path: &'a str,
    part: &'a str,
}

fn directives(text: &str) -> impl Iterator<Item = Directive<'_>> {
    let opens = text.match_indices(OPEN).map(|(at, _)| at);
    opens.filter(|&at| !text[..at].ends_with('`')).filter_map(|at| {
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
        Some(Directive { range: start..at + OPEN.len() + inner.len() + 2, is_escaped, path, part })
    })
}

impl Directive<'_> {
    fn select<'f>(&self, file: &'f str) -> Result<&'f str, String> {
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

fn line_number(text: &str, otherwise: usize) -> Result<usize, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(otherwise);
    }
    text.parse().map_err(|_| format!("`{text}` is no line number"))
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

fn anchored<'f>(file: &'f str, name: &str) -> Result<&'f str, String> {
    let is_mark = |line: &str, mark: &str| {
        line.split_once(mark).is_some_and(|(_, rest)| rest.split_whitespace().next() == Some(name))
    };
    let begin = file.lines().position(|line| is_mark(line, "ANCHOR:"));
    let end = file.lines().position(|line| is_mark(line, "ANCHOR_END:"));
    let begin = begin.ok_or_else(|| format!("it has no anchor `{name}`"))?;
    Ok(slice_lines(file, begin + 1, end.unwrap_or(usize::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> (String, Vec<Diagnostic>) {
        let read = |path: &str| match path {
            "a.rs" => Ok(Arc::from("one\n// ANCHOR: mid\ntwo\n// ANCHOR_END: mid\nthree\n")),
            other => Err(format!("no {other}")),
        };
        let (text, _, problems) = expand(text, 1, read);
        (text, problems)
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
            ("{{#include}} {{#includes x}}", "{{#include}} {{#includes x}}"),
            ("{{#include {{#include a.rs:1}}}}", "{{#include one}}"),
        ] {
            assert_eq!(expanded(text), (expected.to_owned(), vec![]), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_included_stays_and_is_reported_with_its_line() {
        for (text, line) in
            [("a\n{{#include b.rs}}", 2), ("{{#include a.rs}}\n{{#include a.rs:none}}", 2)]
        {
            let (result, problems) = expanded(text);
            assert!(result.contains("{{#include"), "{result}");
            assert_eq!((problems.len(), problems[0].place.span.line), (1, line));
        }
    }

    #[test]
    fn a_note_includes_so_much_and_no_more() {
        let large = "x".repeat(MOST / 3);
        let (text, _, problems) =
            expand(&"{{#include f}}\n".repeat(5), 1, |_| Ok(large.as_str().into()));
        assert_eq!(text.len(), 3 * large.len() + 5 + 2 * "{{#include f}}".len());
        assert_eq!(
            problems.iter().map(|problem| problem.place.span.line).collect::<Vec<_>>(),
            [4, 5]
        );
    }

    #[test]
    fn lines_lead_back_to_the_file() {
        let (text, origins, _) = expand("a\n{{#include f}}\nb\nc", 3, |_| Ok("1\n2\n3\n".into()));
        assert_eq!(text, "a\n1\n2\n3\nb\nc");
        let lines: Vec<_> = (0..6).map(|index| origins.line(index)).collect();
        assert_eq!(lines, [3, 4, 4, 4, 5, 6]);
    }
}
