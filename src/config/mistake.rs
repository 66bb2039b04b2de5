//! A parser's message about a text → a [`Diagnostic`] in the writer's words, with a location and a
//! way out. serde's errors are sentences of a fixed form; only this module parses them.
//!
//! Must not know: the keys of a settings file, or the file system.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::source::{SettingsFile, small};
use crate::diagnostic::{self, Diagnostic, Kind};
use crate::path::without_control;
use crate::phrase::{Argument, Phrase, phrase};

/// The YAML parser's own message for a document whose aliases are too large, which [`super::yaml`]
/// gives too.
pub(super) const REPETITION: &str = "repetition limit exceeded";

/// The expectation of [`super::yaml`] on the left of a colon.
pub(super) const A_KEY: &str = "a key";

/// The YAML parser's message for a second document.
const SECOND_DOCUMENT: &str = "deserializing from YAML containing more than one document";

/// Longest piece of the writer's text that a message quotes, in characters.
const LONGEST_QUOTE: usize = 60;

/// The mistake in a value and the way out; the message is printed after the key's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub message: Phrase,
    pub help: Phrase,
}

impl Mistake {
    pub fn new(message: Phrase, help: Phrase) -> Self {
        Self { message, help }
    }
}

/// The writer's text as a message quotes it: on one line, and of limited length.
pub(super) fn shortened(text: &str) -> String {
    let clean = without_control(text);
    match clean.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean,
    }
}

/// Help for an unknown word: the nearest known one, or all of them.
pub(super) fn instead_of(word: &str, known: &[&str]) -> Phrase {
    if let Some(name) = nearest(word, known) {
        return phrase!("did you mean `{name}`?", name);
    }
    if known.is_empty() {
        return phrase!("remove it");
    }
    phrase!("valid keys are {keys}", keys = Argument::quoted(known.iter().copied()))
}

/// The most similar known word, if one is similar.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    diagnostic::nearest(&shortened(word).replace(['-', ' '], "_"), known.iter().copied())
}

/// The diagnostic for a text nested deeper than the parser follows, at a byte offset.
pub(super) fn too_deep(source: &SettingsFile, offset: usize, kind: Kind) -> Diagnostic {
    let (line, column) = source.position(offset);
    let Mistake { message, help } = nested();
    Diagnostic::new(kind, message)
        .in_file(source.file.clone())
        .at_line(line)
        .at_column(column)
        .help(help)
}

fn nested() -> Mistake {
    Mistake::new(
        phrase!("lists and maps are nested too deep"),
        phrase!("close the brackets that are left open"),
    )
}

/// The diagnostic for an error of the YAML parser.
pub(super) fn explain(error: &serde_yaml::Error, source: &SettingsFile, kind: Kind) -> Diagnostic {
    let second = second_error(error, &source.text);
    let error = second.as_ref().unwrap_or(error);
    let text = sentence(error);
    let Mistake { message, help } = typing(&text).unwrap_or_else(|| syntax(&text));
    let (line, column) = position(error, &text, source);
    Diagnostic::new(kind, message)
        .in_file(source.file.clone())
        .at_line(line)
        .at_column(column)
        .help(help)
}

/// The parser's message without its location.
fn sentence(error: &serde_yaml::Error) -> String {
    let text = error.to_string();
    let suffix =
        error.location().map(|at| format!(" at line {} column {}", at.line(), at.column()));
    let cut = suffix.and_then(|suffix| text.find(&suffix));
    cut.map_or(text.clone(), |end| text[..end].to_owned())
}

/// Line and column of the error, if the parser gives them.
fn position(error: &serde_yaml::Error, text: &str, source: &SettingsFile) -> (u32, u32) {
    if text.starts_with("control characters are not allowed") {
        return source.text.find(forbidden).map_or((0, 0), |offset| source.position(offset));
    }
    if text.starts_with(SECOND_DOCUMENT) {
        return second_document(&source.text).map_or((0, 0), |line| (line, 1));
    }
    error.location().map_or((0, 0), |at| (small(at.line()), small(at.column())))
}

/// The error in the second document. The parser ends a document at a line that does not fit the
/// ones above, and then reports a second document: the error in that one is the writer's mistake.
fn second_error(error: &serde_yaml::Error, text: &str) -> Option<serde_yaml::Error> {
    if !error.to_string().starts_with(SECOND_DOCUMENT) {
        return None;
    }
    // The iterator has no end after a document that does not parse, so no more of it is taken.
    let second = serde_yaml::Deserializer::from_str(text).nth(1)?;
    IgnoredAny::deserialize(second).err()
}

/// True for a control character that YAML 1.2 §5.1 does not allow.
fn forbidden(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{85}')
}

/// The line where a second document begins, from 1.
fn second_document(text: &str) -> Option<u32> {
    let content =
        text.lines().position(|line| !line.is_empty() && !line.starts_with(['#', '-', '%']))?;
    let mark = text.lines().skip(content).position(|line| line.starts_with("---"))?;
    Some(small(content + mark + 1))
}

/// A key that its map does not have.
pub(super) struct UnknownKey {
    /// The path of the map, such as `matrix.rows[0]`.
    pub path: String,
    pub key: String,
    pub mistake: Mistake,
}

/// The unknown key that an error is about.
pub(super) fn unknown_key_of(error: &serde_yaml::Error) -> Option<UnknownKey> {
    let text = sentence(error);
    let (path, rest) = text.split_once("unknown field `")?;
    let path = path.trim_end_matches(": ").to_owned();
    let (key, _) = rest.rsplit_once("`, expected ")?;
    Some(UnknownKey { mistake: unknown_key(&path, rest), key: key.to_owned(), path })
}

/// The mistake in one of serde's sentences about keys and types: "matrix.rows[0]: unknown field
/// `x`, expected …".
fn typing(text: &str) -> Option<Mistake> {
    let openings = ["unknown field `", "missing field `", "duplicate field `", "invalid type: "];
    let (at, opening) =
        openings.iter().filter_map(|opening| Some((text.find(opening)?, *opening))).min()?;
    let path = text[..at].trim_end_matches(": ");
    let rest = &text[at + opening.len()..];
    Some(match opening {
        "unknown field `" => unknown_key(path, rest),
        "missing field `" => missing_key(path, rest.trim_end_matches('`')),
        "duplicate field `" => duplicate_key(path, &shortened(rest.trim_end_matches('`'))),
        _ => wrong_type(path, rest),
    })
}

fn missing_key(path: &str, key: &str) -> Mistake {
    let message = if path.is_empty() {
        phrase!("missing key `{key}`", key)
    } else {
        phrase!("missing key `{key}` in `{path}`", key, path = shortened(path))
    };
    Mistake::new(message, phrase!("add `{key}: …` here", key))
}

fn duplicate_key(path: &str, key: &str) -> Mistake {
    let message = if path.is_empty() {
        phrase!("duplicate key `{key}`", key)
    } else {
        phrase!("duplicate key `{key}` in `{path}`", key, path = shortened(path))
    };
    Mistake::new(message, phrase!("keep one of the two"))
}

/// The mistake of an unknown key, from the rest of serde's sentence: the key and the known keys.
fn unknown_key(path: &str, rest: &str) -> Mistake {
    let (key, expected) = rest.rsplit_once("`, expected ").unwrap_or((rest, ""));
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let (shown, path) = (shortened(key), shortened(path));
    let message = if path.as_str() == "" {
        phrase!("unknown key `{key}`", key = shown)
    } else {
        phrase!("unknown key `{key}` in `{path}`", key = shown, path)
    };
    Mistake::new(message, instead_of(key, &known))
}

/// The mistake of a wrong type, from the rest of serde's sentence: the found and the expected type.
fn wrong_type(path: &str, rest: &str) -> Mistake {
    let (found, expected) = rest.rsplit_once(", expected ").unwrap_or((rest, ""));
    let path = shortened(path);
    if found == "enum" {
        let message = if path.as_str() == "" {
            phrase!("a tag (`!…`) has no meaning")
        } else {
            phrase!("a tag (`!…`) has no meaning in `{path}`", path)
        };
        return Mistake::new(message, phrase!("leave the tag out"));
    }
    let found = found_value(found);
    if expected == A_KEY {
        let message = phrase!("a key must be a string, not {found}", found);
        return Mistake::new(message, phrase!("put a word before the colon"));
    }
    let (expected, help) = expected_value(expected);
    let message = if path.as_str() == "" {
        phrase!("the file must be {expected}, not {found}", expected, found)
    } else {
        phrase!("`{path}` must be {expected}, not {found}", path, expected, found)
    };
    Mistake::new(message, help)
}

/// The expected type, and help for writing it.
fn expected_value(expected: &str) -> (Phrase, Phrase) {
    match expected {
        "a boolean" => {
            (phrase!("true or false"), phrase!("write `true` or `false` without quotes"))
        }
        "a string" => (
            phrase!("a string"),
            phrase!("write text after the colon, in quotes if it has special characters"),
        ),
        "a sequence" => {
            (phrase!("a list"), phrase!("write a list: each entry on a line of its own after `- `"))
        }
        "a map" => (phrase!("a map"), phrase!("write `key: value` lines below it, indented")),
        other => (Phrase::verbatim(other), phrase!("write it as the message says")),
    }
}

/// The found value, from the form in which serde's `Unexpected` prints it.
fn found_value(found: &str) -> Phrase {
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    let number = value.trim_start_matches("point ").trim_matches('`');
    match kind {
        "string" => phrase!("the string {value}", value = shortened(value)),
        "integer" | "floating" => phrase!("the number {number}", number),
        "boolean" => Phrase::verbatim(value.trim_matches('`')),
        "sequence" => phrase!("a list"),
        "map" => phrase!("a map"),
        "unit" => phrase!("nothing"),
        _ => Phrase::verbatim(shortened(found)),
    }
}

/// Part of a message of the YAML parser, its meaning, and the way out.
static SYNTAX: [(&str, Phrase, Phrase); 14] = [
    (
        REPETITION,
        phrase!("the aliases (`*name`) expand to too much text"),
        phrase!("write the values out instead"),
    ),
    (
        "recursion limit",
        phrase!("lists and maps are nested too deep"),
        phrase!("close the brackets that are left open"),
    ),
    (
        "unknown anchor",
        phrase!("unknown alias (`*name`)"),
        phrase!("put the text in quotes if it begins with `*`"),
    ),
    (
        "more than one document",
        phrase!("a second YAML document begins"),
        phrase!("delete the line `---`: all settings belong in one document"),
    ),
    ("control characters", phrase!("the text contains a control character"), phrase!("delete it")),
    (
        "mapping values are not allowed",
        phrase!("unexpected colon"),
        phrase!("put the text in quotes if it holds `: `, or check the indentation"),
    ),
    (
        "cannot start any token",
        phrase!("a tab, or a character that cannot start a value"),
        phrase!("indent with spaces, and put text that begins with @, ` or % in quotes"),
    ),
    (
        "unexpected end of stream",
        phrase!("a quote is not closed"),
        phrase!("add the closing quote"),
    ),
    ("expected ':'", phrase!("a key without a colon"), phrase!("write `key: value`")),
    (
        "expected key",
        phrase!("a line that does not fit the ones above it"),
        phrase!("check the indentation and the quotes above"),
    ),
    (
        "expected '-' indicator",
        phrase!("a line that is not an entry of the list above it"),
        phrase!("start it with `- `"),
    ),
    (
        "expected ',' or",
        phrase!("a bracket is not closed"),
        phrase!("add the closing bracket or a comma"),
    ),
    (
        "expected <document start>",
        phrase!("a line that does not fit the ones above it"),
        phrase!("check the indentation"),
    ),
    ("while parsing a value", phrase!("the file ends too early"), phrase!("finish the last line")),
];

/// The mistake in a text that is not YAML.
fn syntax(text: &str) -> Mistake {
    match SYNTAX.iter().find(|(needle, ..)| text.contains(needle)) {
        Some((_, message, help)) => Mistake::new(message.clone(), help.clone()),
        None => Mistake::new(
            phrase!("not valid YAML: {text}", text = shortened(text)),
            phrase!("check the line and the one above it for quotes, colons and indentation"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_get_the_nearest_or_all() {
        let known = ["title", "base_url", "wiki_links"];
        for (word, expected) in [
            ("tilte", "did you mean `title`?"),
            ("Title", "did you mean `title`?"),
            ("baseUrl", "did you mean `base_url`?"),
            ("wiki-links", "did you mean `wiki_links`?"),
            ("plugins", "valid keys are `title`, `base_url`, `wiki_links`"),
        ] {
            assert_eq!(instead_of(word, &known), expected, "{word}");
        }
        assert_eq!(instead_of("x", &[]), "remove it");
    }

    #[test]
    fn quotes_are_short_and_on_one_line() {
        assert_eq!(shortened("a\nb"), "ab");
        assert_eq!(shortened(&"长".repeat(100)).chars().count(), LONGEST_QUOTE + 1);
    }

    #[test]
    fn a_second_document_is_found() {
        for (text, line) in
            [("---\na: 1\n---\nb: 2\n", 3), ("a: 1\n---\n", 2), ("# c\n---\na: 1\n\n--- x\n", 5)]
        {
            assert_eq!(second_document(text), Some(line), "{text}");
        }
    }
}
