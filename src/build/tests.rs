//! Builds of trees in memory, one after the other with one cache: the decisions about what is made
//! anew.
//!
//! Must not know: the output folder.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::site::fixture::NotesFixture;

/// The files of the build before, as if they were in the output folder.
#[derive(Default)]
struct FilesBefore(BTreeMap<Route, File>);

impl PreviousOutput for FilesBefore {
    fn file(&self, route: &Route, digest: Digest) -> Option<File> {
        self.0.get(route).filter(|file| file.digest() == Some(digest)).cloned()
    }

    fn bytes(&self, route: &Route, digest: Digest) -> Option<Vec<u8>> {
        match self.file(route, digest)? {
            File::Bytes(bytes, _) => Some(bytes.to_vec()),
            File::OnDisk { .. } | File::Ahead { .. } | File::Copy { .. } => None,
        }
    }
}

/// A folder that is built again and again.
struct Builds {
    cache: tempfile::TempDir,
    before: FilesBefore,
}

/// The work of a build, and whether a build from nothing gives the same files.
struct Work {
    parsed: usize,
    rendered: usize,
    routes: Vec<String>,
}

impl Builds {
    fn new() -> Self {
        Self { cache: tempfile::tempdir().unwrap(), before: FilesBefore::default() }
    }

    fn build(&mut self, files: &[(&str, &str)]) -> Work {
        let sources = |cache| {
            let theme = Theme::load(Path::new("/nowhere"), false, "");
            Sources::new(NotesFixture::new(files).tree, Config::default(), theme, cache)
        };
        let cached = sources(Cache::open(self.cache.path()));
        let built = build(&cached, &self.before, &NoProgress);
        cached.cache.save().unwrap();
        let clean = build(&sources(Cache::none()), &NoPreviousOutput, &NoProgress);
        let digests = |build: &Build| -> BTreeMap<Route, Option<Digest>> {
            let files = build.output.iter();
            files.map(|(route, file)| (route.clone(), file.digest())).collect()
        };
        assert_eq!(digests(&built), digests(&clean));
        let files = built.output.iter().map(|(route, file)| (route.clone(), file.clone()));
        self.before = FilesBefore(files.collect());
        Work {
            parsed: built.counts.parsed,
            rendered: built.counts.rendered,
            routes: self.before.0.keys().map(ToString::to_string).collect(),
        }
    }
}

const NOTES: [(&str, &str); 4] = [
    ("README.md", "# 首页\n\n[甲](a/x.md)\n"),
    ("a/x.md", "# 甲\n\n甲的文字。\n"),
    ("a/y.md", "# 乙\n\n乙的文字。\n"),
    ("b/z.md", "# 丙\n\n丙的文字。\n"),
];

fn with(changed: (&'static str, &'static str)) -> Vec<(&'static str, &'static str)> {
    let mut notes = NOTES.to_vec();
    notes.retain(|(name, _)| *name != changed.0);
    notes.push(changed);
    notes
}

#[test]
fn only_pages_with_other_inputs_are_rendered() {
    let mut builds = Builds::new();
    let all = builds.build(&NOTES);
    assert!(all.rendered > 4 && all.parsed == 4, "{} {}", all.parsed, all.rendered);
    let same = builds.build(&NOTES);
    assert_eq!((same.parsed, same.rendered), (0, 0));
    // Its own page, and the page for paper of its part.
    let prose = builds.build(&with(("a/x.md", "# 甲\n\n甲的文字。\n\n又一段。\n")));
    assert_eq!((prose.parsed, prose.rendered), (1, 2));
    // A title is in the sidebars of its part, in the contents and on the pages of folders.
    let title = builds.build(&with(("a/x.md", "# 新\n\n甲的文字。\n")));
    assert_eq!(title.parsed, 1);
    assert!((3..all.rendered).contains(&title.rendered), "{}", title.rendered);
    // Taken back, notes come from the cache; pages are rendered, for the files are those of before.
    let back = builds.build(&NOTES);
    assert_eq!((back.parsed, back.rendered), (0, title.rendered));
}

#[test]
fn a_file_that_is_not_at_hand_is_made_again() {
    let mut builds = Builds::new();
    builds.build(&NOTES);
    for name in ["a/x.html", "contents.html"] {
        builds.before.0.remove(&Route::file(name)).unwrap();
        assert_eq!(builds.build(&NOTES).rendered, 1, "{name}");
    }
    // Other bytes under the same name.
    builds.before.0.insert(Route::file("a/y.html"), File::from(b"other".to_vec()));
    assert_eq!(builds.build(&NOTES).rendered, 1);
    // Pieces of the search index are made without rendering.
    builds.before.0.retain(|route, _| !route.as_str().contains("search/"));
    assert_eq!(builds.build(&NOTES).rendered, 0);
}

#[test]
fn notes_come_and_go() {
    let mut builds = Builds::new();
    builds.build(&NOTES);
    let more = builds.build(&[&NOTES[..], &[("c/new.md", "# 新\n\n字。\n")]].concat());
    assert_eq!(more.parsed, 1);
    assert!(more.routes.iter().any(|route| route == "c/new.html"), "{:?}", more.routes);
    let fewer = builds.build(&NOTES[..3]);
    assert_eq!(fewer.parsed, 0);
    assert!(fewer.routes.iter().all(|route| !route.starts_with("b/")), "{:?}", fewer.routes);
}

#[test]
fn the_language_of_the_home_page_is_followed_in_its_text() {
    let opening =
        "A book about systems, with many chapters on how they are built and why.\n\n".repeat(2);
    let with_tail = |tail: &str| format!("# Systems\n\n{opening}{opening}{tail}\n");
    let english = with_tail(&"The text goes on in English for a while. ".repeat(20));
    let chinese = with_tail(&"后面的正文都是中文，写了很长很长的一段话。".repeat(40));
    let mut builds = Builds::new();
    // Each build is compared with one from nothing.
    for home in [&english, &chinese, &english] {
        builds.build(&[("README.md", home), ("a.md", "# 甲\n\n文\n")]);
    }
    let page = builds.before.0[&Route::file("a.html")].digest();
    builds.build(&[("README.md", &chinese), ("a.md", "# 甲\n\n文\n")]);
    assert_ne!(builds.before.0[&Route::file("a.html")].digest(), page);
}
