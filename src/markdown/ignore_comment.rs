//! `<!-- notes: ignore dead-link, stub -->` → [`Silence`]s: diagnostics that a note turns off. A
//! comment beside other text holds for its line, one on a line of its own for the block after it
//! too, `ignore-file` for the whole note.
//!
//! Must not know: which diagnostics the note has.

use std::ops::Range;

use super::Draft;
use crate::diagnostic::{Diagnostic, Kind, Silence};
use crate::phrase::phrase;

/// First word of such a comment.
const NAME: &str = "notes:";

/// Reads a comment, given without its `<!--` and `-->`, at a range of the text.
pub(crate) fn read(comment: &str, range: &Range<usize>, draft: &mut Draft<'_>) {
    let Some(directive) = comment.trim().strip_prefix(NAME) else { return };
    let mut words = directive.split([' ', ',', '\t', '\n']).filter(|word| !word.is_empty());
    let lines = match words.next() {
        Some("ignore") => Some(draft.lines.scope(range)),
        Some("ignore-file") => None,
        _ => return draft.report(range, missing_code()),
    };
    let mut codes = words.peekable();
    if codes.peek().is_none() {
        return draft.report(range, missing_code());
    }
    for code in codes {
        match Kind::of_code(code).filter(|kind| kind.is_adjustable()) {
            Some(kind) => draft.parsed.silences.push(Silence { kind, lines }),
            None => draft.report(range, unusable_code(code)),
        }
    }
}

fn missing_code() -> Diagnostic {
    Diagnostic::new(Kind::Ignore, phrase!("the comment does not say what to ignore"))
        .help(phrase!("write `<!-- notes: ignore CODE -->`, or `ignore-file` for the whole note"))
}

fn unusable_code(word: &str) -> Diagnostic {
    if Kind::of_code(word).is_some() {
        return Diagnostic::new(Kind::Ignore, phrase!("`{word}` cannot be ignored", word))
            .help(phrase!("errors are always reported; `notes explain` lists the codes"));
    }
    let help = if let Some(name) = Kind::nearest_code(word) {
        phrase!("did you mean `{name}`?", name)
    } else {
        phrase!("`notes explain` lists the codes")
    };
    Diagnostic::new(Kind::Ignore, phrase!("unknown diagnostic code `{word}`", word)).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, parse};

    #[test]
    fn comments_apply_to_lines_blocks_and_notes() {
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
    fn comments_that_ignore_nothing_are_reported() {
        for (text, message) in [
            ("<!-- notes: ignore dead-lnik -->", "unknown diagnostic code `dead-lnik`"),
            ("<!-- notes: ignore parser -->", "`parser` cannot be ignored"),
            ("<!-- notes: ignore -->", "the comment does not say what to ignore"),
            ("<!-- notes: igno stub -->", "the comment does not say what to ignore"),
        ] {
            let parsed = parse(text, &Context::default());
            assert_eq!(parsed.silences, []);
            let [problem] = &parsed.problems[..] else { panic!("{text}: {:?}", parsed.problems) };
            assert_eq!((problem.kind, &*problem.message.to_string()), (Kind::Ignore, message));
        }
    }
}
