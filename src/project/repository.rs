//! The repository of a folder of notes → its address, and its history, which is read beside other
//! work and kept up to a commit.
//!
//! Must not know: the notes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::FolderChanges;
use crate::cache::Cache;
use crate::config::OwnRepository;
use crate::diagnostic::{Diagnostic, Kind};
use crate::history::{Head, OriginAddress, PendingHistory, ReadHistory, RepositoryState, Unknown};
use crate::path::SourcePath;
use crate::phrase::phrase;

/// The parts of the cache's state that are the history, up to the commit that is its key, and the
/// changes of all commits, from which that of another commit is made.
const HISTORY: &str = "history";
const CHANGES: &str = "changes";

/// Most files that a save changes; a change of branch changes more.
const MOST_SAVED: usize = 8;

/// The repository of the notes.
pub(super) struct Repository {
    /// The folder of the notes.
    root: PathBuf,
    /// The repository at its address.
    pub origin: Option<OwnRepository>,
    /// Its history.
    pub past: Arc<PendingHistory>,
}

impl Repository {
    /// The history is read on a thread of its own, which goes on after this.
    pub fn read(root: &Path, cache: &Arc<Cache>, is_wanted: bool) -> Self {
        if !is_wanted {
            return Self { root: root.to_owned(), origin: None, past: Arc::default() };
        }
        let (folder, cache) = (root.to_owned(), cache.clone());
        let past = Arc::new(PendingHistory::begin(move || known_history(&folder, &cache)));
        Self { root: root.to_owned(), origin: own_repository(root), past }
    }

    /// The state now, which is this one until there is another commit. After a save git is not
    /// asked, for the writer waits for the page; a look at everything comes soon after.
    pub fn again(
        self: &Arc<Self>,
        root: &Path,
        cache: &Arc<Cache>,
        changed: FolderChanges<'_>,
        asks_git: bool,
    ) -> Arc<Self> {
        let is_save = matches!(changed, FolderChanges::Paths(paths) if paths.len() <= MOST_SAVED);
        let is_same = || self.past.wait().head == Head::of(root).transpose();
        if !asks_git || self.root == root && (is_save || is_same()) {
            return self.clone();
        }
        Arc::new(Self::read(root, cache, true))
    }

    /// The reason why the history is not known, or not completely.
    pub fn problem(&self) -> Option<Diagnostic> {
        self.past.wait().unknown.as_ref().map(unknown_history)
    }
}

/// The repository of the notes as `origin` names it.
fn own_repository(root: &Path) -> Option<OwnRepository> {
    let OriginAddress { url, prefix } = OriginAddress::of(root)?;
    OwnRepository::at(&url, &SourcePath::new(&prefix)?)
}

/// The repository of a folder and its history.
fn known_history(root: &Path, cache: &Cache) -> RepositoryState {
    let head = Head::of(root).transpose();
    let read = match &head {
        None => return RepositoryState::default(),
        Some(Ok(head)) => kept_history(head, cache),
        Some(Err(unknown)) => Err(unknown.clone()),
    };
    match read {
        Ok(read) => RepositoryState { head, unknown: read.unknown(), history: read.history },
        Err(unknown) => RepositoryState { head, unknown: Some(unknown), ..Default::default() },
    }
}

/// The history up to a commit. A failure to read it is not kept, for the next run may have more
/// luck; the objects that git could not read are, and it is read again once they are there.
fn kept_history(head: &Head, cache: &Cache) -> Result<ReadHistory, Unknown> {
    let key = head.digest();
    if let Some(read) = cache.load_state::<ReadHistory>(HISTORY, key)
        && !read.may_be_completed(head)
    {
        return Ok(read);
    }
    let changes = cache.load_state(CHANGES, head.changes_key()).unwrap_or_default();
    let (read, changes) = head.history(changes)?;
    cache.save_state(HISTORY, key, &read);
    cache.save_state(CHANGES, head.changes_key(), &changes);
    Ok(read)
}

fn unknown_history(unknown: &Unknown) -> Diagnostic {
    match unknown {
        Unknown::Shallow => {
            let message =
                phrase!("the clone is shallow, so it is not known when notes were changed");
            Diagnostic::new(Kind::ShallowHistory, message)
                .help(phrase!("fetch the whole history; in a workflow, `fetch-depth: 0`"))
        }
        Unknown::Refused(why) => {
            let message = phrase!("git cannot say when notes were changed: {why}", why);
            Diagnostic::new(Kind::UnknownHistory, message)
                .help(phrase!("`git log` in that folder says more"))
        }
        Unknown::Incomplete(why) => {
            let message = phrase!("git cannot say when some notes were changed: {why}", why);
            Diagnostic::new(Kind::UnknownHistory, message)
                .help(phrase!("`git fsck` in that folder says more"))
        }
    }
}
