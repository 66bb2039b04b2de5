//! The severities that the settings give to kinds of diagnostics, and the diagnostics that a note
//! ignores.
//!
//! Must not know: where either was written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Diagnostic, Kind, Severity};

/// The level of a kind of diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// They are not told.
    Off,
    /// They are this bad.
    At(Severity),
}

/// The levels of the kinds whose level is not the usual one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Levels(BTreeMap<Kind, Level>);

impl Levels {
    /// The levels from the settings.
    #[must_use]
    pub fn new(said: impl IntoIterator<Item = (Kind, Level)>) -> Self {
        Self(said.into_iter().filter(|(kind, _)| kind.is_adjustable()).collect())
    }

    /// The severity of a kind; `None` if it is off.
    #[must_use]
    pub fn severity(&self, kind: Kind) -> Option<Severity> {
        match self.0.get(&kind) {
            None => Some(kind.severity()),
            Some(Level::At(severity)) => Some(*severity),
            Some(Level::Off) => None,
        }
    }

    /// The messages that are told, each as bad as the writer takes it.
    pub fn apply(&self, messages: impl IntoIterator<Item = Diagnostic>) -> Vec<Diagnostic> {
        let told = messages.into_iter();
        told.filter_map(|message| {
            Some(Diagnostic { severity: self.severity(message.kind)?, ..message })
        })
        .collect()
    }
}

/// A kind of message that a note does not want to hear, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Silence {
    /// The ignored kind.
    pub kind: Kind,
    /// The first and the last line it holds for; `None` for the whole note.
    pub lines: Option<(u32, u32)>,
}

impl Silence {
    /// True if a message about its note is silenced.
    #[must_use]
    pub fn covers(&self, message: &Diagnostic) -> bool {
        let is_there = |(first, last)| (first..=last).contains(&message.location.span.line);
        self.kind == message.kind && self.kind.is_adjustable() && self.lines.is_none_or(is_there)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_change_what_is_no_error() {
        let said = [
            (Kind::Stub, Level::Off),
            (Kind::DeadLink, Level::At(Severity::Error)),
            (Kind::Parser, Level::Off),
        ];
        let kinds = [Kind::Stub, Kind::DeadLink, Kind::Parser, Kind::Size];
        let told = Levels::new(said).apply(kinds.map(|kind| Diagnostic::new(kind, "x")));
        let told: Vec<_> = told.iter().map(|message| (message.kind, message.severity)).collect();
        let expected = [
            (Kind::DeadLink, Severity::Error),
            (Kind::Parser, Severity::Error),
            (Kind::Size, Severity::Warning),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn silences_hold_for_their_lines() {
        let message = |kind, line| Diagnostic::new(kind, "x").at_line(line);
        let lines = Silence { kind: Kind::DeadLink, lines: Some((2, 4)) };
        let found =
            [(Kind::DeadLink, 1), (Kind::DeadLink, 2), (Kind::DeadLink, 4), (Kind::Html, 3)];
        assert_eq!(
            found.map(|(kind, line)| lines.covers(&message(kind, line))),
            [false, true, true, false]
        );
        let note = Silence { kind: Kind::Stub, lines: None };
        assert!(note.covers(&message(Kind::Stub, 0)));
        let parser = Silence { kind: Kind::Parser, lines: None };
        assert!(!parser.covers(&message(Kind::Parser, 0)), "an error is always told");
    }
}
