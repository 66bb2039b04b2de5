//! The state of a build that the next one reuses, beside the values that the cache keeps under
//! digests.
//!
//! Must not know: how anything is made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::notes::PreviousRecords;
use crate::cache::Cache;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::path::Route;

/// The name under which the cache keeps it.
const NAME: &str = "build";

/// An output that was rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RenderedArtifact {
    /// The digest of everything that it is made from, apart from its notes.
    pub frame: Digest,
    /// The digest of the keys of the notes that it shows.
    pub notes: Digest,
    /// The digest of its bytes.
    pub file: Digest,
    /// The mistake in the writer's template that it was rendered without, and the embeds that are
    /// links.
    pub problems: Vec<Diagnostic>,
}

/// Outputs by route.
pub(super) type RenderedArtifacts = BTreeMap<Route, RenderedArtifact>;

/// The state of a build.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct BuildState {
    /// The records of the notes.
    pub notes: PreviousRecords,
    /// The digest of everything but the notes' texts: while it stays, no output needs its inputs
    /// compared.
    pub frames: Digest,
    /// The outputs.
    pub artifacts: RenderedArtifacts,
}

impl BuildState {
    /// The state of the last build; empty if there is none.
    pub fn load(cache: &Cache) -> Self {
        cache.last(NAME, Digest::default()).unwrap_or_default()
    }

    /// Keeps the state for the next build. Without `notes`, for files changed meanwhile, the last
    /// one stays.
    pub fn save(
        notes: Option<PreviousRecords>,
        frames: Digest,
        artifacts: RenderedArtifacts,
        cache: &Cache,
    ) {
        if let Some(notes) = notes {
            cache.leave(NAME, Digest::default(), &Self { notes, frames, artifacts });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_of_a_build_is_there_for_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let state = |text: &str| RenderedArtifact {
            frame: Digest::of(text.as_bytes()),
            notes: Digest::of(b"notes"),
            file: Digest::of(b"file"),
            problems: Vec::new(),
        };
        let route = Route::file("a.html");
        let artifacts = BTreeMap::from([(route.clone(), state("first"))]);
        let frames = Digest::of(b"frames");
        assert_eq!(BuildState::load(&Cache::open(folder.path())).artifacts, BTreeMap::new());

        let cache = Cache::open(folder.path());
        BuildState::save(Some(BTreeMap::new()), frames, artifacts.clone(), &cache);
        cache.save().unwrap();
        let loaded = BuildState::load(&Cache::open(folder.path()));
        assert_eq!((loaded.frames, &loaded.artifacts), (frames, &artifacts));

        // Files changed while the second build ran: the first one's state stays.
        let cache = Cache::open(folder.path());
        let changed = BTreeMap::from([(route, state("second"))]);
        BuildState::save(None, frames, changed, &cache);
        cache.save().unwrap();
        assert_eq!(BuildState::load(&Cache::open(folder.path())).artifacts, artifacts);
    }
}
