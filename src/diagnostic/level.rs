//! The severities that the settings give to kinds of diagnostics, and the diagnostics that a note
//! ignores.
//!
//! Must not know: the syntax of settings and comments.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Diagnostic, Kind, Severity};

/// The level of a kind of diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// They are not reported.
    Off,
    /// They are reported with this severity.
    At(Severity),
}

/// The levels of the kinds that have another level than the usual one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Levels(BTreeMap<Kind, Level>);

impl Levels {
    /// The levels from the settings.
    #[must_use]
    pub fn new(adjusted: impl IntoIterator<Item = (Kind, Level)>) -> Self {
        Self(adjusted.into_iter().filter(|(kind, _)| kind.is_adjustable()).collect())
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

    /// The messages that are reported, each with its adjusted severity.
    pub fn apply(&self, messages: impl IntoIterator<Item = Diagnostic>) -> Vec<Diagnostic> {
        let adjusted = messages.into_iter().filter_map(|message| {
            Some(Diagnostic { severity: self.severity(message.kind)?, ..message })
        });
        adjusted.collect()
    }
}

/// A kind of diagnostic that a note ignores, and the lines where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Silence {
    /// The ignored kind.
    pub kind: Kind,
    /// The first and the last line; `None` for the whole note.
    pub lines: Option<(u32, u32)>,
}

impl Silence {
    /// True if a message about its note is ignored.
    #[must_use]
    pub fn covers(&self, message: &Diagnostic) -> bool {
        let is_there = |(first, last)| (first..=last).contains(&message.location.span.line);
        self.kind == message.kind && self.kind.is_adjustable() && self.lines.is_none_or(is_there)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrase::phrase;

    #[test]
    fn levels_change_all_but_errors() {
        let adjusted = [
            (Kind::Stub, Level::Off),
            (Kind::DeadLink, Level::At(Severity::Error)),
            (Kind::Parser, Level::Off),
        ];
        let kinds = [Kind::Stub, Kind::DeadLink, Kind::Parser, Kind::Size];
        let messages =
            Levels::new(adjusted).apply(kinds.map(|kind| Diagnostic::new(kind, phrase!("x"))));
        let found: Vec<_> =
            messages.iter().map(|message| (message.kind, message.severity)).collect();
        let expected = [
            (Kind::DeadLink, Severity::Error),
            (Kind::Parser, Severity::Error),
            (Kind::Size, Severity::Warning),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn silences_cover_their_lines() {
        let message = |kind, line| Diagnostic::new(kind, phrase!("x")).at_line(line);
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
        assert!(!parser.covers(&message(Kind::Parser, 0)), "an error is always reported");
    }
}
