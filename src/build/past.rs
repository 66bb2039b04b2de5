//! What a build leaves for the next one, beside what the cache keeps under digests.
//!
//! Must not know: how anything is made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::notes::Learnt;
use crate::cache::Cache;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::path::Route;

/// Under which name the cache has it.
const NAME: &str = "build";

/// A page that was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Made {
    /// The digest of all that the site and the theme say of it.
    pub frame: Digest,
    /// The digest of the keys of the notes that it shows.
    pub notes: Digest,
    /// The digest of its bytes.
    pub file: Digest,
    /// The mistake in the writer's template that it was rendered without.
    pub problem: Option<Diagnostic>,
}

/// Pages by route.
pub(super) type MadePages = BTreeMap<Route, Made>;

/// What the last build learnt and made.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Past {
    /// What was learnt of the notes.
    pub notes: Learnt,
    /// The digest of all that frames are made from: while it stays, every frame does.
    pub frames: Digest,
    /// The pages.
    pub pages: MadePages,
}

impl Past {
    /// What the last build left.
    pub fn of(cache: &Cache) -> Self {
        cache.last(NAME, Digest::default()).unwrap_or_default()
    }

    /// Leaves what this build learnt and made.
    pub fn leave(notes: Option<Learnt>, frames: Digest, pages: MadePages, cache: &Cache) {
        if let Some(notes) = notes {
            cache.leave(NAME, Digest::default(), &Self { notes, frames, pages });
        }
    }
}
