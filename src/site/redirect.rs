//! Former addresses of notes → redirects to their present ones. Front matter names them, or git
//! knows them from renames.
//!
//! Must not know: how a page that leads elsewhere looks.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Kind};
use crate::nav::PageId;
use crate::note::Note;
use crate::path::{Route, SourcePath, percent_decode};
use crate::phrase::phrase;
use crate::source::Tree;

use super::section::is_index;

/// An address that a page had before.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Redirect {
    /// The address.
    pub route: Route,
    /// The page that is meant.
    pub to: PageId,
}

/// A former address of a page. Another page or file may have it now.
#[derive(Debug, Hash)]
pub(super) struct OldAddress {
    pub redirect: Redirect,
    /// The address as front matter writes it; `None` if it comes from git.
    written: Option<String>,
}

/// All former addresses, those of front matter first: the writer's word goes before git's.
pub(super) fn old_addresses(
    notes: &[Arc<Note>],
    renamed: &BTreeMap<SourcePath, SourcePath>,
    tree: &Tree,
    problems: &mut Vec<Diagnostic>,
) -> Vec<OldAddress> {
    let mut addresses = Vec::new();
    // Notes and their pages are in the same order.
    for (index, note) in notes.iter().enumerate() {
        for alias in &note.meta.aliases {
            let Some(route) = route_of(alias, &note.path.parent()) else {
                let message = phrase!("`{alias}` is not an address on this site", alias);
                let problem = Diagnostic::new(Kind::FrontMatter, message)
                    .in_file(tree.shown(&note.path))
                    .help(phrase!("write it from the site's root: `/old/name.html`"));
                problems.push(problem);
                continue;
            };
            let redirect = Redirect { route, to: PageId(index) };
            addresses.push(OldAddress { redirect, written: Some(alias.clone()) });
        }
    }
    for (old, now) in renamed {
        if !old.is_markdown() || old.is_hidden() {
            continue;
        }
        let Ok(index) = notes.binary_search_by(|note| note.path.cmp(now)) else { continue };
        let redirect = Redirect { route: route_of_note(old), to: PageId(index) };
        addresses.push(OldAddress { redirect, written: None });
    }
    addresses
}

/// The address that a note has or had.
fn route_of_note(path: &SourcePath) -> Route {
    if is_index(path) { Route::folder(&path.parent()) } else { Route::note(path) }
}

/// The file that is asked for at an address: `/a/` is `a/index.html`, `/a` and `/a.md` are
/// `a.html`. What does not begin with a slash goes on from the note's folder. `None` for addresses
/// elsewhere.
fn route_of(alias: &str, folder: &SourcePath) -> Option<Route> {
    let path = alias.trim().split(['#', '?']).next()?;
    if path.contains("://") || path.starts_with("//") || path.is_empty() {
        return None;
    }
    let file = folder.join(&percent_decode(path)).filter(|file| !file.is_hidden())?;
    let is_page =
        Path::new(file.name()).extension().is_some_and(|end| end == "html" || end == "htm");
    if path.ends_with('/') || file.is_root() {
        return Some(Route::folder(&file));
    }
    if is_page {
        return Some(Route::file(file.as_str()));
    }
    Some(if file.is_markdown() { route_of_note(&file) } else { Route::note(&file) })
}

impl OldAddress {
    /// A diagnostic for an address that leads to another note already, or is that of a page or
    /// file. `None` if the address comes from git: the writer did not ask for it.
    pub fn taken(&self, by_note: bool, notes: &[Arc<Note>], tree: &Tree) -> Option<Diagnostic> {
        let alias = self.written.as_ref()?;
        let Redirect { to, .. } = &self.redirect;
        let why = if by_note {
            phrase!("it leads to another note")
        } else {
            phrase!("a page or file of the site is there")
        };
        let message =
            phrase!("the address `{alias}` does not lead here, because {why}", alias, why);
        let problem =
            Diagnostic::new(Kind::Collision, message).in_file(tree.shown(&notes[to.0].path));
        Some(problem.help(phrase!("remove it from `aliases`, or rename what is there")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_other_programs_write_them() {
        let folder = SourcePath::new("分布式/共识").unwrap();
        for (alias, expected) in [
            ("/old/", Some("old/index.html")),
            ("/old/name", Some("old/name.html")),
            ("/old/name.html", Some("old/name.html")),
            ("/old/name.md#x", Some("old/name.html")),
            ("/old/README.md", Some("old/index.html")),
            ("/v1.2", Some("v1.2.html")),
            ("raft", Some("分布式/共识/raft.html")),
            ("../%E6%97%A7 a?b=1", Some("分布式/旧 a.html")),
            ("/", Some("index.html")),
            ("../../../x", None),
            ("https://example.org/x", None),
            ("//example.org/x", None),
            ("#x", None),
            ("/.git/config.html", None),
        ] {
            assert_eq!(route_of(alias, &folder).as_ref().map(Route::as_str), expected, "{alias}");
        }
    }
}
