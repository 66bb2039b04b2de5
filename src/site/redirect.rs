//! Former addresses of notes → redirects to their present ones. Front matter names them, or git knows them from renames.
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

/// An address that a page is to have had.
#[derive(Debug, Hash)]
pub(super) struct Former {
    pub redirect: Redirect,
    /// The address as front matter writes it; `None` if it comes from git.
    written: Option<String>,
}

/// All of them, those of front matter first. Notes and their pages have one order.
pub(super) fn formers(
    notes: &[Arc<Note>],
    renamed: &BTreeMap<SourcePath, SourcePath>,
    tree: &Tree,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Former> {
    let mut formers = Vec::new();
    for (index, note) in notes.iter().enumerate() {
        for alias in &note.meta.aliases {
            match route_of(alias, &note.path.parent()) {
                Some(route) => {
                    let redirect = Redirect { route, to: PageId(index) };
                    formers.push(Former { redirect, written: Some(alias.clone()) });
                }
                None => problems.push(
                    Diagnostic::new(
                        Kind::FrontMatter,
                        format!("`{alias}` is not an address on this site"),
                    )
                    .in_file(tree.shown(&note.path))
                    .help("write it from the site's root: `/old/name.html`"),
                ),
            }
        }
    }
    for (old, now) in renamed.iter().filter(|(old, _)| old.is_markdown() && !old.is_hidden()) {
        if let Ok(index) = notes.binary_search_by(|note| note.path.cmp(now)) {
            let route = if is_index(old) { Route::folder(&old.parent()) } else { Route::note(old) };
            formers.push(Former { redirect: Redirect { route, to: PageId(index) }, written: None });
        }
    }
    formers
}

/// The file that is asked for at an address: `/a/` is `a/index.html`, `/a` and `/a.md` are `a.html`. What does not begin
/// with a slash goes on from the note's folder. `None` for addresses elsewhere.
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
    Some(if file.is_markdown() && is_index(&file) {
        Route::folder(&file.parent())
    } else {
        Route::note(&file)
    })
}

impl Former {
    /// What the writer is told when the address leads to another note already, or is that of a page or file; of what
    /// git knows, nothing.
    pub fn taken(&self, by_note: bool, notes: &[Arc<Note>], tree: &Tree) -> Option<Diagnostic> {
        let alias = self.written.as_ref()?;
        let Redirect { to, .. } = &self.redirect;
        let why = if by_note {
            "it leads to another note"
        } else {
            "a page or file of the site is there"
        };
        let message = format!("the address `{alias}` does not lead here, because {why}");
        let problem =
            Diagnostic::new(Kind::Collision, message).in_file(tree.shown(&notes[to.0].path));
        Some(problem.help("remove it from `aliases`, or rename what is there"))
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
