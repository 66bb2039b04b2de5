//! A site at one moment, as browsers see it: every file made when it is first asked for, and then kept as long as the
//! moment lasts.
//!
//! Must not know: HTTP, what happens next.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::build::Linked;
use crate::diagnostic::{Diagnostic, Report};
use crate::digest::Digest;
use crate::output::File;
use crate::path::{Route, SourcePath};

/// A site at one moment.
#[derive(Clone)]
pub(super) struct Shown {
    /// Counts the moments.
    pub number: u64,
    /// The site; `None` as long as there is none.
    pub site: Option<Arc<Linked>>,
    /// What the writer is told: of the site as it is, or of why it is not as the files are now.
    pub problems: Report,
    /// The digest of the style sheets.
    pub styles: Digest,
    /// The digest of templates and scripts.
    pub frame: Digest,
    /// The folder that no file comes from outside of.
    pub folder: PathBuf,
    /// Where pages went that were renamed.
    pub moved: Arc<HashMap<Route, Route>>,
    /// The page that was written in last, and the id of the section there.
    pub edited: Option<Arc<Edited>>,
    /// Files beside the notes that were written since the moment before.
    pub written: Vec<Route>,
    /// The files that were asked for.
    pub made: Arc<Made>,
}

/// Where somebody writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edited {
    /// The moment when it was written.
    pub number: u64,
    pub route: Route,
    /// The id of the section; `None` for the beginning of the page.
    pub section: Option<String>,
}

/// Files that were made, with what was wrong with them.
type Made = Mutex<HashMap<Route, Arc<OnceLock<Option<(File, Vec<Diagnostic>)>>>>>;

impl Shown {
    /// The file at a route, made now if it was not before.
    pub fn file(&self, route: &Route) -> Option<File> {
        self.made(route).map(|(file, _)| file)
    }

    /// The same with what is wrong with it.
    pub fn made(&self, route: &Route) -> Option<(File, Vec<Diagnostic>)> {
        let site = self.site.as_ref()?;
        let slot = {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            made.entry(route.clone()).or_default().clone()
        };
        // Outside the lock: others ask for other pages meanwhile.
        slot.get_or_init(|| site.file(route)).clone()
    }

    /// Whether there is a file at a route.
    pub fn has(&self, route: &Route) -> bool {
        let Some(site) = &self.site else { return false };
        site.has(route) || (site.is_of_search(route) && self.made(route).is_some())
    }

    /// The file of the note that a page shows, as a person would name it.
    pub fn name_of_note(&self, route: &Route) -> Option<String> {
        let site = self.site.as_ref()?;
        Some(site.sources().tree.shown(site.note_at(route)?))
    }

    /// The page of a note.
    pub fn route_of(&self, path: &SourcePath) -> Option<&Route> {
        self.site.as_ref()?.route_of(path)
    }

    /// The page for addresses that lead nowhere.
    pub fn not_found(&self) -> Option<Route> {
        self.site.as_ref()?.site().own.not_found.clone()
    }
}
