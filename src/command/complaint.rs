//! The error messages of a program → the reason that a message gives.
//!
//! Must not know: the program, what it was run for.

use crate::phrase::{Phrase, phrase};

/// Longest quote of a program's error message, in characters.
const LONGEST: usize = 200;

/// The reason in a program's error messages; without any, its exit code, `None` for one that a
/// signal ended.
#[must_use]
pub fn reason(complaint: &str, code: Option<i32>) -> Phrase {
    let lines = || complaint.lines().map(str::trim).filter(|line| !line.is_empty());
    // PlantUML's first lines are `ERROR` and a number.
    let is_sentence = |line: &&str| line.contains(char::is_whitespace);
    if let Some(line) = lines().find(is_sentence).or_else(|| lines().next()) {
        return Phrase::verbatim(escaped(line));
    }
    if let Some(code) = code {
        phrase!("exit code {code}", code = code.to_string())
    } else {
        phrase!("a signal ended it")
    }
}

/// A text of limited length, its control characters as escapes.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut result = String::new();
    for c in text.chars().take(LONGEST) {
        if c.is_control() {
            result.extend(c.escape_default());
        } else {
            result.push(c);
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        result.push('…');
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_sentences_of_the_program() {
        for (complaint, code, expected) in [
            (
                "Error: <stdin>: syntax error in line 1 near 'x'\nmore",
                1,
                "Error: <stdin>: syntax error in line 1 near 'x'",
            ),
            ("ERROR\n2\nSyntax Error?\nSome diagram", 200, "Syntax Error?"),
            ("\n  no\n", 1, "no"),
            ("a \u{1b}[31mred", 1, "a \\u{1b}[31mred"),
            (" \n", 3, "exit code 3"),
        ] {
            assert_eq!(reason(complaint, Some(code)), expected);
        }
        assert_eq!(reason("", None), "a signal ended it");
        let long = reason(&"长 ".repeat(1000), None).to_string();
        assert_eq!(long.chars().count(), LONGEST + 1);
    }
}
