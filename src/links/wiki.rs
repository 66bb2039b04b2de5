//! A name in `[[…]]` → the note that it means: in the note's own folder, at that path from the
//! root, else the nearest of that name.
//!
//! Must not know: Markdown.

use std::collections::HashMap;

use crate::nav::PageId;
use crate::path::{SourcePath, loose_key};

use super::path_index::SplitDestination;
use super::{LinkResolver, Resolved};

/// Of more notes of one name only those on the way up are looked for: thousands may be called
/// `README`, and be named as often.
const MOST: usize = 256;

/// Notes by the loose keys of their names, in the order of their paths.
#[derive(Debug, Clone, Default)]
pub(super) struct NotesByName {
    by_name: HashMap<String, Vec<SourcePath>>,
    /// The first of each name in each folder.
    in_folder: HashMap<(SourcePath, String), SourcePath>,
}

impl NotesByName {
    pub fn new<'p>(notes: impl Iterator<Item = &'p SourcePath>) -> Self {
        let mut named = Self::default();
        for note in notes {
            let key = loose_key(note.stem());
            let place = (note.parent(), key.clone());
            named.in_folder.entry(place).or_insert_with(|| note.clone());
            named.by_name.entry(key).or_default().push(note.clone());
        }
        named
    }

    /// The note that a path means in a note in `folder`: of those whose path ends so the nearest,
    /// else of those of that name.
    fn nearest(&self, folder: &SourcePath, path: &str) -> Option<&SourcePath> {
        let stem = match path.rsplit_once('.') {
            Some((stem, end)) if end.eq_ignore_ascii_case("md") => stem,
            _ => path,
        };
        let stem = stem.trim_start_matches('/');
        let (above, name) = stem.rsplit_once('/').unwrap_or(("", stem));
        let key = loose_key(name);
        let notes = self.by_name.get(&key)?;
        if notes.len() > MOST {
            return self.on_the_way_up(folder, above, &key).or(notes.first());
        }
        let wanted = stem.to_lowercase();
        let order = |note: &&SourcePath| {
            let path = without_ending(note).to_lowercase();
            let is_end = path
                .strip_suffix(&wanted)
                .is_some_and(|before| before.is_empty() || before.ends_with('/'));
            (!is_end, steps(folder, &note.parent()))
        };
        // The first of several that are as good.
        notes.iter().min_by_key(order)
    }

    /// The note at a path from a folder, or from one above it.
    fn on_the_way_up(&self, folder: &SourcePath, above: &str, key: &str) -> Option<&SourcePath> {
        let found = |base: &SourcePath| {
            let place = base.join(above)?;
            self.in_folder.get(&(place, key.to_owned()))
        };
        found(folder).or_else(|| folder.ancestors().find_map(|base| found(&base)))
    }
}

fn without_ending(note: &SourcePath) -> &str {
    let path = note.as_str();
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

/// The way from one folder to another: the folders up to the one that holds both and down again,
/// then those down, so that of two ways of one length that goes before which leads up.
fn steps(from: &SourcePath, to: &SourcePath) -> (usize, usize) {
    let shared = from.segments().zip(to.segments()).take_while(|(a, b)| a == b).count();
    let (up, down) = (from.segments().count() - shared, to.segments().count() - shared);
    (up + down, down)
}

impl LinkResolver<'_> {
    /// The target of `[[destination]]` in a note in `folder`, whose page is `here`.
    #[must_use]
    pub fn resolve_wiki(
        &self,
        folder: &SourcePath,
        here: Option<PageId>,
        destination: &str,
    ) -> Resolved {
        let destination = destination.trim();
        let SplitDestination { path, .. } = self.paths().split(folder, destination);
        let is_relative = path.starts_with("./") || path.starts_with("../");
        // Only a route of docsify, `#/path`, does not begin with its path.
        let rest = destination.strip_prefix(path).filter(|_| !path.is_empty() && !is_relative);
        let nearest = rest.and_then(|rest| {
            let note = self.paths().notes_by_name().nearest(folder, path.trim())?;
            Some((note, rest))
        });
        match nearest {
            Some((note, rest)) => {
                let whole = format!("/{note}{rest}");
                Resolved { repaired: false, ..self.resolve(folder, here, &whole) }
            }
            None => self.resolve(folder, here, destination),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_note_of_a_name() {
        let paths = [
            "README.md",
            "a/README.md",
            "a/b/Note.md",
            "a/c/Note.md",
            "d/01~Deep Note.md",
            "d/e/f/Note.md",
        ]
        .map(|path| SourcePath::new(path).unwrap());
        let notes = NotesByName::new(paths.iter());
        for (folder, name, expected) in [
            ("", "README", Some("README.md")),
            ("a", "README", Some("a/README.md")),
            ("a/b", "readme.md", Some("a/README.md")),
            ("d/e", "README", Some("README.md")),
            ("a/b", "Note", Some("a/b/Note.md")),
            ("a", "Note", Some("a/b/Note.md")),
            ("d", "Note", Some("d/e/f/Note.md")),
            ("d", "c/Note", Some("a/c/Note.md")),
            ("d", "a/c/note", Some("a/c/Note.md")),
            ("a", "deep note", Some("d/01~Deep Note.md")),
            ("a", "x", None),
        ] {
            let folder = SourcePath::new(folder).unwrap_or_else(SourcePath::root);
            let found = notes.nearest(&folder, name).map(SourcePath::as_str);
            assert_eq!(found, expected, "{name} in {folder}");
        }
    }

    #[test]
    fn of_thousands_the_one_on_the_way_up() {
        let folders: Vec<SourcePath> = (0..=MOST)
            .map(|number| SourcePath::new(&format!("a/{number}/README.md")).unwrap())
            .collect();
        let home = SourcePath::new("README.md").unwrap();
        let notes = NotesByName::new(folders.iter().chain([&home]));
        for (folder, name, expected) in [
            ("a/7/b", "README", "a/7/README.md"),
            ("b", "README", "README.md"),
            ("b", "a/7/readme", "a/7/README.md"),
        ] {
            let folder = SourcePath::new(folder).unwrap();
            let found = notes.nearest(&folder, name).map(SourcePath::as_str);
            assert_eq!(found, Some(expected), "{name} in {folder}");
        }
    }
}
