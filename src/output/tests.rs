//! Whole folders: a folder before and an output → the folder afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use tempfile::{TempDir, tempdir};
use walkdir::WalkDir;

use super::*;
use crate::diagnostic::Kind;

mod hazards;

type Files = BTreeMap<String, String>;

fn files(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn output(files: &[(&str, &str)]) -> Output {
    files.iter().map(|(name, text)| (Route::file(name), File::from((*text).to_owned()))).collect()
}

/// Everything below `site` but the manifest; an empty folder counts as `name/`.
fn on_disk(site: &Path) -> Files {
    let entries = WalkDir::new(site).min_depth(1).into_iter().map(Result::unwrap);
    let entries = entries.filter(|entry| entry.file_name() != manifest::NAME);
    let mut found = Files::new();
    for entry in entries {
        let name = entry.path().strip_prefix(site).unwrap().to_str().unwrap().to_owned();
        if entry.file_type().is_file() {
            found.insert(name, fs::read_to_string(entry.path()).unwrap());
        } else if entry.path_is_symlink() {
            found.insert(name, "→".to_owned());
        } else if fs::read_dir(entry.path()).unwrap().next().is_none() {
            found.insert(name + "/", String::new());
        }
    }
    found
}

/// Writes as a run that could read all notes.
fn write(site: &Path, output: &Output) -> Written {
    super::write(site, output, &OutputRecord::default(), Gone::Delete)
}

fn write_with(site: &Path, output: &Output, put: Put<'_>) -> Written {
    super::write_with(site, output, &OutputRecord::default(), Gone::Delete, put)
}

fn put(site: &Path, name: &str, text: &str) {
    let path = site.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn messages(written: &Written, site: &Path) -> Vec<String> {
    let prefix = format!("{}/", site.display());
    let line = |message: &Diagnostic| {
        let file = message.location.file.as_deref().unwrap_or_default();
        assert!(message.help.is_some(), "{message:?}");
        format!("{:?} {}: {}", message.kind, file, message.message).replace(&prefix, "")
    };
    written.diagnostics.iter().map(line).collect()
}

fn counts(written: &Written) -> (usize, usize, usize) {
    (written.written, written.unchanged, written.deleted)
}

/// Stops the thread as a killed process would stop, without the noise of a panic.
fn killed() -> ! {
    resume_unwind(Box::new("killed"))
}

/// Runs [`write`] and kills it when it has put `survived` files.
fn write_and_kill(site: &Path, output: &Output, survived: usize) {
    let begun = AtomicUsize::new(0);
    let put = |path: &Path, file: &File| {
        if begun.fetch_add(1, Ordering::SeqCst) >= survived {
            killed();
        }
        disk::replace(path, |target| file.copy_to(target))
    };
    let _ = catch_unwind(AssertUnwindSafe(|| write_with(site, output, &put)));
}

/// A site's story: the first output, the changes made to the folder by hand, the second output, the
/// files at the end, and the messages to the writer.
struct Story {
    name: &'static str,
    first: &'static [(&'static str, &'static str)],
    meanwhile: fn(&Path),
    second: &'static [(&'static str, &'static str)],
    end: &'static [(&'static str, &'static str)],
    messages: &'static [&'static str],
}

const NOTHING: fn(&Path) = |_| {};

const STORIES: &[Story] = &[
    Story {
        name: "pages come, change and go, and so do folders",
        first: &[("a.html", "1"), ("b.html", "1"), ("c/d/e.html", "1")],
        meanwhile: NOTHING,
        second: &[("a.html", "1"), ("b.html", "2"), ("f/g.html", "1")],
        end: &[("a.html", "1"), ("b.html", "2"), ("f/g.html", "1")],
        messages: &[],
    },
    Story {
        name: "foreign files and their folders stay",
        first: &[("a/b.html", "1")],
        meanwhile: |site| {
            put(site, "a/mine", "mine");
            put(site, "CNAME", "notes.example");
            put(site, ".git/config", "mine");
            fs::create_dir(site.join("my empty folder")).unwrap();
        },
        second: &[("c.html", "1")],
        end: &[
            (".git/config", "mine"),
            ("CNAME", "notes.example"),
            ("a/mine", "mine"),
            ("c.html", "1"),
            ("my empty folder/", ""),
        ],
        messages: &[],
    },
    Story {
        name: "a page of ours that was edited or deleted is written again",
        first: &[("a.html", "1"), ("b.html", "1")],
        meanwhile: |site| {
            put(site, "a.html", "edited");
            fs::remove_file(site.join("b.html")).unwrap();
        },
        second: &[("a.html", "1"), ("b.html", "1")],
        end: &[("a.html", "1"), ("b.html", "1")],
        messages: &[],
    },
    Story {
        name: "a page that the site no longer has stays if it was changed by hand",
        first: &[("a.html", "1"), ("b.html", "1")],
        meanwhile: |site| put(site, "a.html", "edited"),
        second: &[("b.html", "1")],
        end: &[("a.html", "edited"), ("b.html", "1")],
        messages: &[
            "ForeignFile a.html: no longer part of the site, but left alone: it was changed since this program wrote it",
        ],
    },
    Story {
        name: "a foreign file is not overwritten",
        first: &[("a.html", "1")],
        meanwhile: |site| put(site, "b.html", "mine"),
        second: &[("a.html", "1"), ("b.html", "1")],
        end: &[("a.html", "1"), ("b.html", "mine")],
        messages: &[
            "Unwritable b.html: not written: a file with this name exists that this program did not write",
        ],
    },
    Story {
        name: "a file becomes a folder",
        first: &[("a.html", "1"), ("b", "1")],
        meanwhile: NOTHING,
        second: &[("a.html/b.html", "1"), ("b/c/d", "1")],
        end: &[("a.html/b.html", "1"), ("b/c/d", "1")],
        messages: &[],
    },
    Story {
        name: "a folder becomes a file",
        first: &[("a.html/b.html", "1"), ("b/c/d", "1"), ("b/e", "1")],
        meanwhile: NOTHING,
        second: &[("a.html", "1"), ("b", "1")],
        end: &[("a.html", "1"), ("b", "1")],
        messages: &[],
    },
    Story {
        name: "a folder with something foreign does not become a file",
        first: &[("a/b.html", "1")],
        meanwhile: |site| put(site, "a/mine", "mine"),
        second: &[("a", "1"), ("c", "1")],
        end: &[("a/mine", "mine"), ("c", "1")],
        messages: &["Unwritable a: not written: a folder with this name exists"],
    },
    Story {
        name: "a foreign file does not become a folder",
        first: &[],
        meanwhile: |site| put(site, "a", "mine"),
        second: &[("a/b/c.html", "1"), ("a/d.html", "1")],
        end: &[("a", "mine")],
        messages: &[
            "Unwritable a/b/c.html: not written: `a` is a file where a folder is needed",
            "Unwritable a/d.html: not written: `a` is a file where a folder is needed",
        ],
    },
    Story {
        name: "a file and a folder of one name: the folder wins, and the file is reported",
        first: &[],
        meanwhile: NOTHING,
        second: &[("a", "1"), ("a/b", "1")],
        end: &[("a/b", "1")],
        messages: &["Unwritable a: cannot be written: it is a folder"],
    },
    Story {
        name: "reserved names are not written",
        first: &[],
        meanwhile: NOTHING,
        second: &[
            (".git/hooks/post-checkout", "x"),
            (manifest::NAME, "x"),
            ("a/.notes-tmp-1-abc", "x"),
            ("b", "1"),
        ],
        end: &[("b", "1")],
        messages: &[
            "Unwritable .git/hooks/post-checkout: not written: the name is reserved",
            "Unwritable .notes-manifest: not written: the name is reserved",
            "Unwritable a/.notes-tmp-1-abc: not written: the name is reserved",
        ],
    },
    Story {
        name: "a foreign file with the bytes of a page is the page",
        first: &[],
        meanwhile: |site| put(site, "a.html", "1"),
        second: &[("a.html", "1")],
        end: &[("a.html", "1")],
        messages: &[],
    },
    Story {
        name: "without a manifest nothing is ours",
        first: &[("a.html", "1"), ("b.html", "1"), ("c.html", "1")],
        meanwhile: |site| fs::remove_file(site.join(manifest::NAME)).unwrap(),
        second: &[("a.html", "2"), ("b.html", "1")],
        end: &[("a.html", "1"), ("b.html", "1"), ("c.html", "1")],
        messages: &[
            "Unwritable a.html: not written: a file with this name exists that this program did not write",
        ],
    },
    Story {
        name: "a damaged manifest is none",
        first: &[("a.html", "1"), ("b.html", "1")],
        meanwhile: |site| put(site, manifest::NAME, "notes-manifest 1 2\n"),
        second: &[("a.html", "2")],
        end: &[("a.html", "1"), ("b.html", "1")],
        messages: &[
            "Unwritable a.html: not written: a file with this name exists that this program did not write",
        ],
    },
];

#[test]
fn stories() {
    for story in STORIES {
        let folder = tempdir().unwrap();
        let site = folder.path().join("site");
        let first = write(&site, &output(story.first));
        assert_eq!(first.diagnostics, [], "{}", story.name);
        (story.meanwhile)(&site);
        let second = write(&site, &output(story.second));
        assert_eq!(on_disk(&site), files(story.end), "{}", story.name);
        assert_eq!(messages(&second, &site), story.messages, "{}", story.name);
    }
}

#[test]
fn only_what_differs_is_touched() {
    let site = tempdir().unwrap();
    let assets = tempdir().unwrap();
    put(assets.path(), "picture", "long enough");
    let with = |page: &str, picture: &str| {
        put(assets.path(), "picture", picture);
        let copy = File::Copy {
            from: assets.path().join("picture"),
            size: picture.len() as u64,
            stamp: None,
        };
        let pages = output(&[("a/same.html", "same"), ("page.html", page)]);
        pages
            .iter()
            .map(|(route, file)| (route.clone(), file.clone()))
            .chain([(Route::file("p.png"), copy)])
            .collect()
    };
    let long_ago = SystemTime::now() - Duration::from_secs(1000);
    let all = ["a/same.html", "page.html", "p.png", manifest::NAME];
    let age = || {
        for name in all {
            let file = fs::File::options().write(true).open(site.path().join(name)).unwrap();
            file.set_modified(long_ago).unwrap();
        }
    };
    let touched = || {
        let is_new = |name: &&&str| {
            let metadata = fs::metadata(site.path().join(name)).unwrap();
            metadata.modified().unwrap() > long_ago + Duration::from_secs(10)
        };
        all.iter().filter(is_new).copied().collect::<Vec<_>>()
    };
    let written = write(site.path(), &with("one", "picture"));
    assert_eq!((counts(&written), written.bytes_written, written.bytes), ((3, 0, 0), 14, 14));
    for (page, picture, expected, bytes) in [
        ("one", "picture", &[][..], 0),
        ("two", "picture", &["page.html", manifest::NAME], 3),
        ("two", "pictuer", &["p.png", manifest::NAME], 7),
        ("two", "", &["p.png", manifest::NAME], 0),
        ("two", "", &[], 0),
    ] {
        age();
        let written = write(site.path(), &with(page, picture));
        assert_eq!(
            (touched(), written.bytes_written),
            (expected.to_vec(), bytes),
            "{page} {picture}"
        );
        assert_eq!(written.diagnostics, []);
    }
}

#[test]
fn what_is_gone_may_be_kept_until_all_notes_can_be_read() {
    let site = tempdir().unwrap();
    let site = site.path();
    write(site, &output(&[("a", "1"), ("b/c", "1")]));
    let kept = super::write(site, &output(&[("a", "2")]), &OutputRecord::default(), Gone::Keep);
    assert_eq!((counts(&kept), on_disk(site)), ((1, 0, 0), files(&[("a", "2"), ("b/c", "1")])));
    assert_eq!(
        counts(&write(site, &output(&[("a", "2")]))),
        (0, 1, 1),
        "it is still known to be ours"
    );
}

#[test]
fn a_copy_whose_source_is_gone_keeps_the_old_file() {
    let folder = tempdir().unwrap();
    let site = folder.path().join("site");
    put(folder.path(), "picture", "x");
    let copy = File::Copy { from: folder.path().join("picture"), size: 1, stamp: None };
    let output: Output = [(Route::file("p.png"), copy)].into_iter().collect();
    assert_eq!(counts(&write(&site, &output)), (1, 0, 0));
    fs::remove_file(folder.path().join("picture")).unwrap();
    let written = write(&site, &output);
    assert_eq!(written.diagnostics[0].kind, Kind::Unreadable);
    assert_eq!(on_disk(&site), files(&[("p.png", "x")]));
    assert_eq!(
        counts(&write(&site, &Output::default())),
        (0, 0, 1),
        "it is still known to be ours"
    );
}

/// The steps on a folder, one after the other.
#[derive(Debug, Clone)]
enum Event {
    Build(Files),
    /// A build that is killed after it wrote this number of files.
    Killed(Files, usize),
    /// A foreign file is put there, if no file has this name.
    Foreign(&'static str),
}

/// Names that are each other's folders, so that files and folders swap.
const NAMES: [&str; 9] = ["a", "a/b", "a/b/c", "a/d", "a-x", "e/f", "e/f/g", "e", "h"];

/// Files that can exist together: no name is the folder of another.
fn arbitrary_files() -> impl Strategy<Value = Files> {
    proptest::collection::btree_map(proptest::sample::select(&NAMES), 0..3_u8, 0..6).prop_map(
        |all| {
            let is_folder =
                |name: &str| all.keys().any(|other| other.starts_with(&format!("{name}/")));
            let kept = all.iter().filter(|(name, _)| !is_folder(name));
            kept.map(|(name, version)| ((*name).to_owned(), version.to_string())).collect()
        },
    )
}

fn arbitrary_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => arbitrary_files().prop_map(Event::Build),
        2 => (arbitrary_files(), 0..5_usize).prop_map(|(files, survived)| Event::Killed(files, survived)),
        1 => proptest::sample::select(&NAMES).prop_map(Event::Foreign),
    ]
}

fn output_of(files: &Files) -> Output {
    files.iter().map(|(name, text)| (Route::file(name), File::from(text.clone()))).collect()
}

/// `files`, without those whose path a foreign file blocks, and the foreign files.
fn expected(files: &Files, foreign: &Files) -> Files {
    let collide = |a: &str, b: &str| {
        a == b || a.starts_with(&format!("{b}/")) || b.starts_with(&format!("{a}/"))
    };
    let free = files.iter().filter(|(name, _)| !foreign.keys().any(|other| collide(name, other)));
    free.chain(foreign).map(|(name, text)| (name.clone(), text.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_folder_holds_the_output_and_what_is_foreign(events in proptest::collection::vec(arbitrary_event(), 1..12)) {
        let folder = tempdir().unwrap();
        let mut foreign = Files::new();
        for event in &events {
            match event {
                Event::Build(files) => {
                    let written = write(folder.path(), &output_of(files));
                    let expected = expected(files, &foreign);
                    prop_assert_eq!(on_disk(folder.path()), expected.clone());
                    let ours = expected.len() - foreign.len();
                    prop_assert_eq!(written.written + written.unchanged, ours);
                    prop_assert_eq!(written.diagnostics.len(), files.len() - ours);
                }
                Event::Killed(files, survived) => {
                    write_and_kill(folder.path(), &output_of(files), *survived);
                    let found = on_disk(folder.path());
                    prop_assert!(foreign.iter().all(|(name, text)| found.get(name) == Some(text)));
                }
                Event::Foreign(name) => {
                    let path = folder.path().join(name);
                    let parent = fs::create_dir_all(path.parent().unwrap());
                    if parent.is_ok() && !path.exists() {
                        fs::write(path, "mine").unwrap();
                        foreign.insert((*name).to_owned(), "mine".to_owned());
                    }
                }
            }
        }
    }
}
