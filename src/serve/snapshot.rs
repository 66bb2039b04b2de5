//! The site at one moment, as browsers see it. Each file is made when it is first requested, and
//! kept with the snapshot.
//!
//! Must not know: HTTP, the build of the next snapshot.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::build::LinkedSites;
use crate::diagnostic::{Diagnostic, Report};
use crate::digest::Digest;
use crate::output::File;
use crate::path::Route;
use crate::phrase::Language;
use crate::site::Own;

/// The site at one moment.
#[derive(Clone)]
pub(super) struct Snapshot {
    /// The number of the snapshot.
    pub number: u64,
    /// The site; `None` before the first.
    pub site: Option<Arc<LinkedSites>>,
    /// Diagnostics about the site, or the errors because of which an older site is shown.
    pub problems: Report,
    /// True if the folder of the notes is missing, and the last site is shown.
    pub is_away: bool,
    /// The digest of the style sheets.
    pub styles: Digest,
    /// The digest of templates and scripts.
    pub frame: Digest,
    /// The folder of all files that are served.
    pub folder: PathBuf,
    /// Pages that were renamed, from and to.
    pub moved: Arc<HashMap<Route, Route>>,
    /// The place of the last edit.
    pub edited: Option<Arc<Edited>>,
    /// Files beside the notes that were written since the snapshot before.
    pub written: Vec<Route>,
    /// The files that were requested.
    pub made: Arc<Made>,
}

/// The place of an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edited {
    /// The number of the first snapshot that has it.
    pub number: u64,
    pub route: Route,
    /// The id of the section; `None` for the beginning of the page.
    pub section: Option<String>,
}

/// Files with the diagnostics about them.
type Made = Mutex<HashMap<Route, Arc<OnceLock<Option<(File, Vec<Diagnostic>)>>>>>;

impl Snapshot {
    /// The language of messages in pages, if the settings name one: they are read among the page's
    /// own words.
    pub fn language(&self) -> Option<Language> {
        let config = &self.site.as_ref()?.home().sources().config;
        config.language.as_deref().map(Language::of_locale)
    }

    /// The snapshot before the first site.
    pub fn empty(folder: &Path) -> Self {
        Self {
            number: 0,
            site: None,
            problems: Report::default(),
            is_away: false,
            styles: Digest::default(),
            frame: Digest::default(),
            folder: folder.to_owned(),
            moved: Arc::default(),
            edited: None,
            written: Vec::new(),
            made: Arc::default(),
        }
    }

    /// True if anything that a browser can show differs from the snapshot before, apart from the
    /// texts of notes.
    pub fn differs_from(&self, before: &Self) -> bool {
        let (Some(site), Some(earlier)) = (&self.site, &before.site) else { return true };
        let histories = |sites: &LinkedSites| {
            sites.all().map(|site| site.sources().history().digest()).collect::<Vec<_>>()
        };
        let has_other_history = histories(earlier) != histories(site);
        let federation = |sites: &LinkedSites| sites.home().sources().federation.clone();
        let has_other_theme = (self.styles, self.frame) != (before.styles, before.frame);
        !self.written.is_empty()
            || earlier.key() != site.key()
            || has_other_history
            || federation(earlier) != federation(site)
            || has_other_theme
            || self.problems != before.problems
    }

    /// Makes it the next snapshot, without files.
    pub fn begin_anew(&mut self) {
        self.number += 1;
        self.made = Arc::default();
    }

    /// The file at a route, made now if needed.
    pub fn file(&self, route: &Route) -> Option<File> {
        self.made(route).map(|(file, _)| file)
    }

    /// The same with the diagnostics about it.
    pub fn made(&self, route: &Route) -> Option<(File, Vec<Diagnostic>)> {
        let site = self.site.as_ref()?;
        let slot = {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            made.entry(route.clone()).or_default().clone()
        };
        // Outside the lock, so that other pages can be requested in the meantime.
        slot.get_or_init(|| site.file(route)).clone()
    }

    /// True if there is a file at a route.
    pub fn has(&self, route: &Route) -> bool {
        let Some(site) = &self.site else { return false };
        site.has(route) || (site.home().is_of_search(route) && self.made(route).is_some())
    }

    /// The path in messages of the note that a page shows.
    pub fn name_of_note(&self, route: &Route) -> Option<String> {
        let site = self.site.as_ref()?.site_at(route);
        Some(site.sources().tree.shown(site.note_at(route)?))
    }

    /// The page for missing addresses.
    pub fn not_found(&self) -> Option<Route> {
        self.site.as_ref()?.home().site().own.first(Own::NotFound).cloned()
    }
}
