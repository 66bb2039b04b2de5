//! The objects that a repository lacks → what is said of it, and whether they are there again.
//!
//! Must not know: the history.

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::git::{Refusal, ask};
use crate::phrase::Phrase;

/// Most objects that are remembered: each is asked for by every run.
const MOST: usize = 8;

/// The reasons why a history is not known completely.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Damage {
    /// The first error message of git.
    pub why: Option<Phrase>,
    /// The names of objects that it could not read.
    objects: BTreeSet<String>,
}

impl Damage {
    /// Notes that git did not answer a question.
    pub fn add(&mut self, refusal: Refusal) {
        self.why.get_or_insert(refusal.why);
        if self.objects.len() < MOST {
            self.objects.extend(refusal.object);
        }
    }

    /// True if another look at the repository may give more than the one that found this: git can
    /// read one of the objects now, for example after it was fetched, or it did not name any.
    pub fn is_mended(&self, folder: &Path) -> bool {
        let can_be_read = |object: &String| ask(folder, &["cat-file", "-p", object]).is_ok();
        self.why.is_some() && (self.objects.is_empty() || self.objects.iter().any(can_be_read))
    }
}
