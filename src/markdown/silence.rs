//! `<!-- notes: ignore dead-link, stub -->` → [`Silence`]s: what a note does not want to hear. A comment beside other text
//! holds for its line, one on a line of its own for the block after it too, `ignore-file` for the whole note.
//!
//! Must not know: who would tell it.

use std::ops::Range;

use super::Draft;
use crate::diagnostic::{Diagnostic, Kind, Silence};

/// What such a comment begins with.
const NAME: &str = "notes:";

/// Reads a comment at a range, without its marks.
pub(crate) fn read(comment: &str, range: &Range<usize>, draft: &mut Draft<'_>) {
    let Some(order) = comment.trim().strip_prefix(NAME) else { return };
    let mut words = order.split([' ', ',', '\t', '\n']).filter(|word| !word.is_empty());
    let lines = match words.next() {
        Some("ignore") => Some(draft.lines.scope(range)),
        Some("ignore-file") => None,
        _ => return draft.report(range, no_order()),
    };
    let mut codes = words.peekable();
    if codes.peek().is_none() {
        return draft.report(range, no_order());
    }
    for code in codes {
        match Kind::of_code(code).filter(|kind| kind.is_adjustable()) {
            Some(kind) => draft.parsed.silences.push(Silence { kind, lines }),
            None => draft.report(range, no_code(code)),
        }
    }
}

fn no_order() -> Diagnostic {
    Diagnostic::new(Kind::Ignore, "the comment does not say what is to be ignored")
        .hint("write `<!-- notes: ignore CODE -->`, or `ignore-file` for the whole note")
}

fn no_code(word: &str) -> Diagnostic {
    let is_error = Kind::of_code(word).is_some();
    let message =
        format!("`{word}` is {}", if is_error { "always told" } else { "no code of a message" });
    let hint = match Kind::nearest_code(word).filter(|_| !is_error) {
        Some(code) => format!("did you mean `{code}`?"),
        None => "`notes explain` lists the codes".to_owned(),
    };
    Diagnostic::new(Kind::Ignore, message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, parse};

    #[test]
    fn comments_silence_lines_blocks_and_notes() {
        let silences = |text: &str| parse(text, &Context::default()).silences;
        for (text, expected) in [
            ("a <!-- notes: ignore dead-link --> b\nc", vec![(Kind::DeadLink, Some((1, 1)))]),
            ("<!-- notes: ignore dead-link -->\na\nb\n\nc", vec![(Kind::DeadLink, Some((1, 3)))]),
            (
                "<!-- notes: ignore dead-link, stub -->\n\na\n\nc",
                vec![(Kind::DeadLink, Some((1, 3))), (Kind::Stub, Some((1, 3)))],
            ),
            ("# x\n\n<!--notes: ignore-file stub-->", vec![(Kind::Stub, None)]),
            ("`<!-- notes: ignore stub -->`\n\n    <!-- notes: ignore stub -->", vec![]),
            ("<!-- note: ignore stub --> <!-- ignore stub -->", vec![]),
        ] {
            let expected: Vec<_> =
                expected.into_iter().map(|(kind, lines)| Silence { kind, lines }).collect();
            assert_eq!(silences(text), expected, "{text}");
        }
    }

    #[test]
    fn comments_that_silence_nothing_are_told() {
        for (text, message) in [
            ("<!-- notes: ignore dead-lnik -->", "`dead-lnik` is no code of a message"),
            ("<!-- notes: ignore parser -->", "`parser` is always told"),
            ("<!-- notes: ignore -->", "the comment does not say what is to be ignored"),
            ("<!-- notes: igno stub -->", "the comment does not say what is to be ignored"),
        ] {
            let parsed = parse(text, &Context::default());
            assert_eq!(parsed.silences, []);
            let [problem] = &parsed.problems[..] else { panic!("{text}: {:?}", parsed.problems) };
            assert_eq!((problem.kind, problem.message.as_str()), (Kind::Ignore, message));
        }
    }
}
