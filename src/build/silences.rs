//! The diagnostics that notes ignore → those of a build without them.
//!
//! Must not know: how a note says so.

use std::collections::HashMap;

use super::notes::Notes;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Silence};

/// Diagnostics that notes ignore, by their files.
#[derive(Debug, Clone, Default)]
pub struct Silences(HashMap<String, Vec<Silence>>);

impl Silences {
    /// Those of several folders of notes.
    #[must_use]
    pub fn of_all(all: impl Iterator<Item = Self>) -> Self {
        Self(all.flat_map(|silences| silences.0).collect())
    }

    /// Those of some files.
    pub(super) fn new(of_files: impl Iterator<Item = (String, Vec<Silence>)>) -> Self {
        Self(of_files.collect())
    }

    /// The diagnostics that no note ignores.
    #[must_use]
    pub fn told(&self, messages: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let is_told = |message: &Diagnostic| {
            let of_file = message.location.file.as_deref().and_then(|file| self.0.get(file));
            !of_file.is_some_and(|silences| silences.iter().any(|silence| silence.covers(message)))
        };
        messages.into_iter().filter(|message| self.0.is_empty() || is_told(message)).collect()
    }
}

/// The messages that are reported, each with its adjusted severity.
pub(super) fn told(messages: Vec<Diagnostic>, notes: &Notes, config: &Config) -> Vec<Diagnostic> {
    config.levels.apply(notes.silences().told(messages))
}
