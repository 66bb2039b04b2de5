//! An output folder that had files of its own → messages about those that an earlier build of this
//! program made and that no manifest has: its manifest was damaged or deleted. They are published,
//! and no later build updates or deletes them.
//!
//! Must not know: how files are written or deleted.

use std::io::Read as _;
use std::path::{MAIN_SEPARATOR, Path};

use walkdir::{DirEntry, WalkDir};

use super::manifest::{Manifest, ManifestState};
use super::{Output, disk};
use crate::diagnostic::{Diagnostic, Kind};
use crate::path::Route;
use crate::phrase::phrase;
use crate::temporary;

/// Most bytes at the beginning of a page that are looked at.
const HEAD: u64 = 8 << 10;
/// The scripts that all pages load in their heads. A file of the writer's has neither, whatever its
/// name: the key of a search engine, a page made by hand, another program's documentation.
const MARKS: [&str; 2] = ["static/preferences.js\"", "static/redirect.js\""];

/// The messages about pages in `site` that are not of the site.
pub(super) fn leftovers(site: &Path, output: &Output) -> Vec<Diagnostic> {
    let ManifestState::Manifest(manifest) = Manifest::find(site) else { return Vec::new() };
    let is_unknown = |route: &Route| output.get(route).is_none() && manifest.get(route).is_none();
    let unknown = pages(site).filter(is_unknown).map(|route| site.join(route.as_str()));
    unknown.filter(|path| is_ours(path)).map(|path| message(&path)).collect()
}

/// The routes of the HTML files in a folder. Links are not followed.
fn pages(site: &Path) -> impl Iterator<Item = Route> {
    let counts = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || name != ".git" && !temporary::is_temporary(&name)
    };
    let entries = WalkDir::new(site).sort_by_file_name().into_iter().filter_entry(counts);
    let files = entries.flatten().filter(|entry| entry.file_type().is_file());
    files.filter_map(move |entry| {
        let below = entry.path().strip_prefix(site).ok()?.to_str()?.replace(MAIN_SEPARATOR, "/");
        let is_page = entry.path().extension().is_some_and(|end| end == "html");
        is_page.then(|| Route::file(&below))
    })
}

/// True for a page that this program made.
fn is_ours(path: &Path) -> bool {
    let mut head = Vec::new();
    let Some(file) = disk::open(path) else { return false };
    if file.take(HEAD).read_to_end(&mut head).is_err() {
        return false;
    }
    let head = String::from_utf8_lossy(&head);
    MARKS.iter().any(|mark| head.contains(mark))
}

fn message(path: &Path) -> Diagnostic {
    let message =
        phrase!("a page of an earlier build that is not on record: no build updates or deletes it");
    Diagnostic::new(Kind::ForeignFile, message)
        .in_file(path.display().to_string())
        .help(phrase!("delete it, or the whole output folder before the next build"))
}
