//! Routes → the state of every folder above them, looked up once each; missing ones are created,
//! also once each. No symbolic link below the site's root is ever followed.
//!
//! Must not know: the content of the files, or which files are ours.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

use rayon::prelude::*;

use super::disk;
use crate::diagnostic::Diagnostic;
use crate::path::Route;
use crate::phrase::{Phrase, phrase};

/// The state on disk of a folder of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Folder {
    /// A folder, and so are all above it up to the site's root.
    Real,
    /// It does not exist yet.
    Missing,
    /// It, or one above, is a file or symbolic link, as the sentence says.
    Blocked(Phrase),
    /// It, or one above, cannot be opened, for the reason in the sentence.
    Closed(Phrase),
}

/// The folders above some routes; the site's root is `""`.
pub struct Folders<'a>(BTreeMap<&'a str, Folder>);

impl<'a> Folders<'a> {
    /// Looks at every folder above `routes`.
    pub fn survey(site: &Path, routes: impl Iterator<Item = &'a Route>) -> Self {
        let mut names = BTreeSet::new();
        for route in routes {
            let mut folder = parent(route.as_str());
            while !folder.is_empty() && names.insert(folder) {
                folder = parent(folder);
            }
        }
        // Also those below one that is missing, which only a first build has, for all at once take
        // half the time.
        let names: Vec<&str> = names.into_iter().collect();
        let states: Vec<Folder> = names.par_iter().map(|name| look(&site.join(name))).collect();
        let mut folders = BTreeMap::from([("", Folder::Real)]);
        // In this order a folder comes after its parent.
        for (name, state) in names.into_iter().zip(states) {
            let state = match &folders[parent(name)] {
                Folder::Real => state,
                above => above.clone(),
            };
            folders.insert(name, state);
        }
        Self(folders)
    }

    /// The state of the folder of `route`, which must be one of the surveyed routes.
    pub fn of(&self, route: &Route) -> &Folder {
        &self.0[parent(route.as_str())]
    }

    /// The real folders below the site's root, deepest first.
    pub fn real(&self) -> impl Iterator<Item = &'a str> {
        let real =
            self.0.iter().filter(|(name, state)| !name.is_empty() && **state == Folder::Real);
        real.map(|(name, _)| *name).rev()
    }

    /// Creates the missing folders of `routes`. Gives the ones that could not be created, with one
    /// message for each whose parent exists; stops at a full disk.
    pub fn make(&self, site: &Path, routes: impl Iterator<Item = &'a Route>) -> Unmade<'a> {
        let mut wanted = BTreeSet::new();
        for route in routes {
            let mut folder = parent(route.as_str());
            while self.0[folder] == Folder::Missing && wanted.insert(folder) {
                folder = parent(folder);
            }
        }
        let mut unmade = Unmade::default();
        for name in wanted {
            unmade.try_to_make(site, name);
        }
        unmade
    }
}

/// The folders that could not be created.
#[derive(Default)]
pub struct Unmade<'a> {
    names: BTreeSet<&'a str>,
    /// The reasons.
    pub messages: Vec<Diagnostic>,
    /// True if the disk is full, so that files need not be tried.
    pub full: bool,
}

impl<'a> Unmade<'a> {
    /// True if the folder of `route` could not be created.
    pub fn holds(&self, route: &Route) -> bool {
        self.names.contains(parent(route.as_str()))
    }

    fn try_to_make(&mut self, site: &Path, name: &'a str) {
        if self.full || self.names.contains(parent(name)) {
            self.names.insert(name);
        } else if let Err(error) = make(&site.join(name)) {
            self.names.insert(name);
            self.full = disk::is_full(&error);
            self.messages.push(disk::unwritable(&site.join(name), &error));
        }
    }
}

/// Creates one folder. Not an error if it exists by now: another build may just have created it.
fn make(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
        .or_else(|error| if look(path) == Folder::Real { Ok(()) } else { Err(error) })
}

/// The folder that holds `name`; `""` for the site's root.
fn parent(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn look(path: &Path) -> Folder {
    let name = path.display();
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => Folder::Real,
        Ok(metadata) if metadata.is_symlink() => {
            Folder::Blocked(phrase!("`{name}` is a symbolic link, which is not followed", name))
        }
        Ok(_) => Folder::Blocked(phrase!("`{name}` is a file where a folder is needed", name)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Folder::Missing,
        Err(error) => Folder::Closed(phrase!("`{name}` cannot be opened: {error}", name, error)),
    }
}
