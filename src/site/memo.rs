//! What was worked out for one site → the same for the next, where it is made from the same.
//!
//! Must not know: how anything is worked out.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::note::Note;
use crate::path::SourcePath;
use crate::source::{Entry, Tree};

use super::listing::NavigationFile;
use super::route::Routes;
use super::structure::Structure;

/// The parts of a site that stay while notes are only written in.
#[derive(Clone, Default)]
pub struct Memo {
    structure: Option<(Digest, Arc<Structure>)>,
    routes: Option<(Digest, Arc<GivenRoutes>)>,
}

/// Routes, and what there is to tell the writer of them.
type GivenRoutes = (Routes, Vec<Diagnostic>);

impl Memo {
    /// The structure, which is made from the layout and from where the notes are.
    pub(super) fn structure(
        &mut self,
        layout: Digest,
        notes: &[Arc<Note>],
        make: impl FnOnce() -> Structure,
    ) -> Arc<Structure> {
        let paths: Vec<&SourcePath> = notes.iter().map(|note| &note.path).collect();
        let key = Digest::of_value(&(layout, paths));
        same_or_made(&mut self.structure, key, make)
    }

    /// The routes, which are made from the structure and two things that notes say.
    pub(super) fn routes(
        &mut self,
        files: &BTreeSet<SourcePath>,
        link_pages: usize,
        make: impl FnOnce(&mut Vec<Diagnostic>) -> Routes,
    ) -> Arc<GivenRoutes> {
        let structure = self.structure.as_ref().map(|(key, _)| *key);
        let key = Digest::of_value(&(structure, files, link_pages));
        same_or_made(&mut self.routes, key, || {
            let mut problems = Vec::new();
            (make(&mut problems), problems)
        })
    }
}

fn same_or_made<T>(slot: &mut Option<(Digest, Arc<T>)>, key: Digest, make: impl FnOnce() -> T) -> Arc<T> {
    match slot {
        Some((standing, value)) if *standing == key => value.clone(),
        _ => {
            let value = Arc::new(make());
            *slot = Some((key, value.clone()));
            value
        }
    }
}

/// The digest of all that a site is made from beside the notes.
#[must_use]
pub fn layout(
    tree: &Tree,
    config: &Config,
    navigation: Option<&NavigationFile>,
    static_files: &[&str],
) -> Digest {
    // Notes without a page count as little as if they were not there.
    let entries = tree.entries.iter().filter_map(|(path, entry)| {
        let (kind, address) = match entry {
            Entry::Note(_) => return None,
            Entry::Elsewhere(url) => (0, Some(url)),
            Entry::File { .. } => (1, None),
            Entry::LfsPointer => (2, None),
            Entry::Folder => (3, None),
            Entry::Hidden => (4, None),
        };
        Some((path, kind, address))
    });
    let entries = entries.collect::<Vec<_>>();
    let folder = (tree.root.file_name(), &tree.prefix);
    Digest::of_value(&(entries, folder, config, navigation, static_files))
}
