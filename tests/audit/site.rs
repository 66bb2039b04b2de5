//! Two folders → the notes that must have a page, and the site with its pages read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

use super::page::Page;

/// Files of Markdown that are no notes: navigation and covers.
const NAVIGATION_FILES: [&str; 4] = ["SUMMARY.md", "_sidebar.md", "_navbar.md", "_coverpage.md"];

/// A site as a browser finds it.
#[derive(Debug, Default)]
pub struct Site {
    /// Every file, as a path from the site's folder.
    pub files: BTreeSet<String>,
    /// The HTML files among them.
    pub pages: BTreeMap<String, Page>,
    /// HTML files that are not UTF-8; they are no pages.
    pub not_utf8: Vec<String>,
    /// Pages that hold control characters.
    pub with_controls: Vec<String>,
}

impl Site {
    /// Reads the folder of a site.
    pub fn read(folder: &Path) -> Self {
        let mut site = Self::default();
        for path in files(folder, &|_| true) {
            let read = || fs::read(folder.join(&path)).expect("a page that can be read");
            let bytes = if is_page(&path) { read() } else { Vec::new() };
            site.add(path, &bytes);
        }
        site
    }

    /// Adds a file. What it holds matters for a page only.
    pub fn add(&mut self, path: String, bytes: &[u8]) {
        if is_page(&path) {
            match str::from_utf8(bytes) {
                Ok(html) => {
                    if html.contains(is_forbidden) {
                        self.with_controls.push(path.clone());
                    }
                    self.pages.insert(path.clone(), Page::read(html));
                }
                Err(_) => self.not_utf8.push(path.clone()),
            }
        }
        self.files.insert(path);
    }
}

/// The notes of a folder that must have a page, as paths from it. Hidden folders and the site hold
/// none.
pub fn notes(folder: &Path, site: &Path) -> Vec<String> {
    let mut notes = files(folder, &|entered| {
        let is_hidden =
            entered.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        !is_hidden && entered != site
    });
    notes.retain(|path| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.to_lowercase().ends_with(".md") && !NAVIGATION_FILES.contains(&name)
    });
    notes
}

/// The files below a folder as paths from it, of the folders that are wanted. Links to folders are
/// not followed.
fn files(root: &Path, is_wanted: &dyn Fn(&Path) -> bool) -> Vec<String> {
    let entries = WalkDir::new(root).min_depth(1).sort_by_file_name().into_iter();
    let entries =
        entries.filter_entry(|entry| !entry.file_type().is_dir() || is_wanted(entry.path()));
    let paths = entries.map(|entry| entry.expect("a folder that can be read").into_path());
    let below = |path: &Path| path.strip_prefix(root).expect("a path below the root").to_owned();
    let files = paths.filter(|path| !path.is_dir()).map(|path| below(&path));
    files.map(|path| path.to_string_lossy().into_owned()).collect()
}

fn is_page(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == "html")
}

/// A control character that no page needs. DEL and C1 stay: a note may hold them, and no reader
/// trips over them.
fn is_forbidden(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{7f}')
}

#[test]
fn notes_are_found_in_what_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("out");
    for path in [
        "README.md",
        "a/B.MD",
        "a/x.txt",
        "a/site/c.md",
        "SUMMARY.md",
        "a/_sidebar.md",
        ".hidden/d.md",
        "out/e.md",
        "out/index.html",
        "out/.f",
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    assert_eq!(notes(folder.path(), &site), ["README.md", "a/B.MD", "a/site/c.md"]);
    let read = Site::read(&site);
    assert_eq!(read.files.iter().collect::<Vec<_>>(), [".f", "e.md", "index.html"]);
    assert_eq!(read.pages.keys().collect::<Vec<_>>(), ["index.html"]);
}
