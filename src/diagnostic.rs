//! Messages to the writer: a [`Diagnostic`] is a value with a kind, a location and help; a
//! [`Report`] contains all of a build, in a fixed order.
//!
//! Must not know: terminals, colours, output formats.

mod fix;
mod kind;
mod level;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::phrase::Phrase;

pub use self::fix::Fix;
pub use self::kind::Kind;
pub use self::level::{Level, Levels, Silence};

/// Least similarity at which one word is suggested for another, from 0 to 1.
const ALIKE: f64 = 0.6;
/// Longest word for which another is suggested, in letters: to compare two takes the square of it.
const LONGEST_WORD: usize = 255;

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Readers hardly notice it, or the program repaired it. Up to version 1.0 it was `advice`.
    Hint,
    /// Something is missing from the site, or looks different from the writer's intention.
    Warning,
    /// A file could not be used at all.
    Error,
}

/// A range of characters in a file.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Span {
    /// Line, from 1; 0 for the whole file.
    pub line: u32,
    /// Column in characters, from 1; 0 for the whole line.
    pub column: u32,
    /// Number of characters; 0 if unknown.
    pub width: u32,
}

/// A file and a range in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Location {
    /// Path for display, relative to the folder that is built.
    pub file: Option<Arc<str>>,
    /// The range in it.
    pub span: Span,
}

/// One message to the writer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The kind.
    pub kind: Kind,
    /// The severity, as the settings change it.
    pub severity: Severity,
    /// Its file and range.
    pub location: Location,
    /// The problem, in one sentence without a full stop.
    pub message: Phrase,
    /// The way out, in one sentence without a full stop.
    pub help: Option<Phrase>,
    /// The safe fix, if there is one.
    pub fix: Option<Box<Fix>>,
}

impl Diagnostic {
    /// A message without a location.
    #[must_use]
    pub fn new(kind: Kind, message: Phrase) -> Self {
        let (severity, location) = (kind.severity(), Location::default());
        Self { kind, severity, location, message, help: None, fix: None }
    }

    /// The same message about a file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<Arc<str>>) -> Self {
        self.location.file = Some(file.into());
        self
    }

    /// The same message about a line, counted from 1.
    #[must_use]
    pub fn at_line(mut self, line: u32) -> Self {
        self.location.span.line = line;
        self
    }

    /// The same message about a column, counted in characters from 1.
    #[must_use]
    pub fn at_column(mut self, column: u32) -> Self {
        self.location.span.column = column;
        self
    }

    /// The same message about some characters.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.location.span = span;
        self
    }

    /// The same message with a way out.
    #[must_use]
    pub fn help(mut self, help: Phrase) -> Self {
        self.help = Some(help);
        self
    }

    /// The same message with a fix that a program can apply.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(Box::new(fix));
        self
    }
}

/// The messages of a build, ordered by kind, then location.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    messages: Vec<Diagnostic>,
}

impl Report {
    /// Orders the messages, so that the same notes always give the same report.
    #[must_use]
    pub fn new(mut messages: Vec<Diagnostic>) -> Self {
        messages.sort_by(|a, b| {
            (a.kind, &a.location, &a.message, &a.help).cmp(&(
                b.kind,
                &b.location,
                &b.message,
                &b.help,
            ))
        });
        messages.dedup();
        Self { messages }
    }

    /// All messages in order.
    #[must_use]
    pub fn messages(&self) -> &[Diagnostic] {
        &self.messages
    }

    /// The messages in groups of one kind.
    pub fn groups(&self) -> impl Iterator<Item = &[Diagnostic]> {
        self.messages.chunk_by(|a, b| a.kind == b.kind)
    }

    /// Number of diagnostics of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.messages.iter().filter(|message| message.severity == severity).count()
    }
}

/// The most similar word, if one is similar; the first of equally similar ones.
#[must_use]
pub fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    alike(word, known, 1).into_iter().next()
}

/// The most similar words, at most so many, the best first.
#[must_use]
pub fn alike<'w>(word: &str, known: impl Iterator<Item = &'w str>, most: usize) -> Vec<&'w str> {
    let length = word.chars().count();
    if length > LONGEST_WORD {
        return Vec::new();
    }
    let word = word.to_lowercase();
    let score = |known: &str| strsim::normalized_damerau_levenshtein(&word, &known.to_lowercase());
    // Words of very different lengths are not alike.
    let known = known.filter(|known| known.chars().take(2 * LONGEST_WORD).count() <= 2 * length);
    let scored = known.map(|known| (score(known), known));
    let mut alike: Vec<_> = scored.filter(|(score, _)| *score >= ALIKE).collect();
    // Stable, so equally similar words stay in their order.
    alike.sort_by(|a, b| b.0.total_cmp(&a.0));
    alike.into_iter().take(most).map(|(_, known)| known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrase::phrase;

    #[test]
    fn a_report_is_ordered_by_kind_and_location_without_duplicates() {
        let dead = |file: &str, line| {
            Diagnostic::new(Kind::DeadLink, phrase!("gone")).in_file(file).at_line(line)
        };
        let template = Diagnostic::new(Kind::Template, phrase!("broken"));
        let report = Report::new(vec![
            dead("b", 1),
            dead("a", 2),
            template.clone(),
            dead("a", 1),
            dead("b", 1),
        ]);
        assert_eq!(report.messages(), [template, dead("a", 1), dead("a", 2), dead("b", 1)]);
        assert_eq!(report.groups().map(<[_]>::len).collect::<Vec<_>>(), [1, 3]);
        assert_eq!((report.count(Severity::Error), report.count(Severity::Warning)), (1, 3));
    }

    #[test]
    fn very_long_words_are_not_compared() {
        let word = |length: usize| "a".repeat(length);
        let known = word(LONGEST_WORD);
        let nearest = |word: &str| nearest(word, std::iter::once(&*known)).is_some();
        assert!(nearest(&word(LONGEST_WORD - 1)) && !nearest(&word(LONGEST_WORD + 1)));
        assert!(!nearest(&word(LONGEST_WORD / 3)));
    }
}
