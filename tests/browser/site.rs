//! The folder of notes of these tests → the site that the binary builds of it, and its pages.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use notes::path::{encode_path, percent_decode};

use crate::texts;
use crate::window::{Look, SCHEMES, WIDTHS, Window};

/// A built site.
pub struct Site {
    /// The notes, with the site in them, and removed with the value.
    notes: tempfile::TempDir,
    /// The site's folder.
    pub folder: PathBuf,
    /// The address of the folder, with a slash at the end.
    pub url: String,
}

/// A page of a site.
pub struct Page {
    /// From the site's folder.
    pub route: String,
    /// Its address.
    pub url: String,
}

/// A page looked at in some way.
pub struct Place<'a>(pub &'a Page, pub Look);

impl Display for Place<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let fragment = self.0.url.split_once('#').map_or("", |(_, fragment)| fragment);
        let mark = if fragment.is_empty() { "" } else { "#" };
        write!(out, "{}{mark}{fragment} {} {}", self.0.route, self.1.width, self.1.scheme)
    }
}

impl Site {
    /// Builds one that is opened from disk.
    pub fn on_disk() -> Self {
        let mut site = Self::build(&[]);
        site.url = format!("file://{}/", site.folder.display());
        site
    }

    /// Builds one for an address.
    pub fn at(url: &str) -> Self {
        Self { url: url.to_owned(), ..Self::build(&["--base-url", url]) }
    }

    /// Writes the files of one that no program built.
    pub fn written(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            fs::write(dir.path().join(path), text).unwrap();
        }
        let folder = dir.path().canonicalize().unwrap();
        Self { notes: dir, url: format!("file://{}/", folder.display()), folder }
    }

    /// Builds one of other notes, that is opened from disk.
    pub fn of_notes(notes: &[(String, String)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in notes {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let site = Self::built_in(dir, &[]);
        Self { url: format!("file://{}/", site.folder.display()), ..site }
    }

    fn build(arguments: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        texts::write_into(dir.path());
        Self::built_in(dir, arguments)
    }

    fn built_in(dir: tempfile::TempDir, arguments: &[&str]) -> Self {
        let folder = dir.path().join("site");
        build(dir.path(), &folder, arguments);
        // As the browser gives it.
        let folder = folder.canonicalize().unwrap();
        Self { notes: dir, folder, url: String::new() }
    }

    /// Writes a note and builds the site anew, in its place.
    pub fn publish_anew(&self, note: &str, text: &str) {
        fs::write(self.notes.path().join(note), text).unwrap();
        build(self.notes.path(), &self.folder, &["--base-url", &self.url]);
    }

    /// All pages, in the order of their names.
    pub fn pages(&self) -> Vec<Page> {
        let mut routes = Vec::new();
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|end| end == "html") {
                    routes.push(
                        path.strip_prefix(&self.folder).unwrap().to_str().unwrap().to_owned(),
                    );
                }
            }
        }
        routes.sort();
        assert!(routes.len() >= 9, "too few pages to be true: {routes:?}");
        routes
            .into_iter()
            .map(|route| Page { url: format!("{}{}", self.url, encode_path(&route)), route })
            .collect()
    }

    /// The pages with a sidebar: all but those for paper.
    pub fn pages_with_sidebar(&self) -> Vec<Page> {
        self.pages().into_iter().filter(|page| !page.route.starts_with("print/")).collect()
    }

    /// The path and the fragment of a URL into this site; `None` of one that leads elsewhere.
    pub fn target(&self, url: &str) -> Option<(String, Option<String>)> {
        let (url, fragment) =
            url.split_once('#').map_or((url, None), |(url, fragment)| (url, Some(fragment)));
        let decode = |text: &str| percent_decode(text);
        let url = decode(url);
        let path = url.strip_prefix(&self.url)?;
        Some((path.to_owned(), fragment.map(decode)))
    }
}

/// Builds the site of some notes into a folder.
pub fn build(notes: &Path, folder: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_notes"));
    command.env("LC_ALL", "C");
    let built =
        command.arg("build").arg(notes).arg("-o").arg(folder).args(arguments).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
}

impl Page {
    /// The same page with its drawer open.
    pub fn with_drawer(&self) -> Self {
        Self { route: self.route.clone(), url: format!("{}#page:navigation", self.url) }
    }
}

/// Every page, at every width, in every scheme; one load of a page for all the ways to look at it.
pub fn for_every_look(window: &Window, pages: &[Page], see: impl FnMut(&Place)) {
    for_every_width(window, pages, &SCHEMES, see);
}

/// Every page, at every width, in some schemes.
pub fn for_every_width(
    window: &Window,
    pages: &[Page],
    schemes: &[&'static str],
    mut see: impl FnMut(&Place),
) {
    for page in pages {
        window.open(&page.url);
        for width in WIDTHS {
            for &scheme in schemes {
                let look = Look { width, scheme };
                window.look(look);
                see(&Place(page, look));
            }
        }
    }
}
