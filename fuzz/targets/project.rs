//! Any small folder of files: built twice it gives the same site and report, and after an edit a
//! build with what the earlier one kept gives what a clean build gives.

#![no_main]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use libfuzzer_sys::fuzz_target;
use notes::build::{CommandUse, NoProgress};
use notes::diagnostic::Diagnostic;
use notes::project::FederationUse;
use notes::publish::{BuildOptions, publish};

/// Longer than a tick of the file system's clock.
const TICK: Duration = Duration::from_millis(11);
/// Most files of a folder.
const MOST: usize = 8;

/// Places of files: notes, folders' own notes, navigation, settings, templates, files beside notes.
const PATHS: [&str; 24] = [
    "README.md",
    "a.md",
    "A.md",
    "a/README.md",
    "a/b.md",
    "a/01~c.md",
    "a/b/index.md",
    "a/b/d.md",
    "甲/乙.md",
    "甲/README.link",
    "SUMMARY.md",
    "_sidebar.md",
    "notes.yaml",
    "mkdocs.yml",
    "book.toml",
    "a/_category_.json",
    "templates/foot.html",
    "static/own.css",
    "a/p.png",
    "a/data.csv",
    "part.md",
    "content/e.md",
    "index.md",
    ".hidden/f.md",
];

/// Files by the numbers of their names, then one that is changed.
type Folder<'a> = (Vec<(u8, &'a [u8])>, u8, &'a [u8]);

fuzz_target!(|input: Folder<'_>| {
    let (files, place, text) = input;
    let all = tempfile::tempdir().expect("a folder");
    let folder = all.path().join("notes");
    fs::create_dir(&folder).expect("a folder");
    for (place, bytes) in files.into_iter().take(MOST) {
        write(&folder, place, bytes);
    }
    let kept = all.path().join("kept");
    let first = built(&folder, &kept, true);
    assert_same(&first, &built(&folder, &all.path().join("clean"), false));
    assert_same(&first, &built(&folder, &kept, true));
    sleep(TICK);
    if place & 0x80 == 0 {
        write(&folder, place, text);
    } else {
        let _ = fs::remove_file(path(&folder, place));
    }
    let after = built(&folder, &kept, true);
    let clean = built(&folder, &all.path().join("after"), false);
    // A folder that cannot be built keeps its site.
    if clean.is_built {
        assert_same(&after, &clean);
    }
});

fn path(folder: &Path, place: u8) -> PathBuf {
    folder.join(PATHS[usize::from(place & 0x7f) % PATHS.len()])
}

fn write(folder: &Path, place: u8, bytes: &[u8]) {
    let path = path(folder, place);
    if let Some(above) = path.parent() {
        let _ = fs::create_dir_all(above);
    }
    let _ = fs::write(path, bytes);
}

/// The result of a build: the site, if there is one, and the report.
struct Built {
    is_built: bool,
    files: BTreeMap<PathBuf, Vec<u8>>,
    report: Vec<Diagnostic>,
}

fn built(folder: &Path, output: &Path, cache: bool) -> Built {
    let options = BuildOptions {
        folder: folder.to_owned(),
        output: Some(output.to_owned()),
        base_url: None,
        drafts: false,
        force: false,
        cache,
        commands: CommandUse::Refuse,
        federation: FederationUse::Kept,
        // Every file has rested.
        now: SystemTime::now() + Duration::from_secs(10),
    };
    match publish(&options, &NoProgress) {
        Ok(published) => Built {
            is_built: true,
            files: files(output),
            report: published.build.report.messages().to_vec(),
        },
        Err(report) => Built { is_built: false, files: BTreeMap::new(), report },
    }
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(above) = folders.pop() {
        for entry in fs::read_dir(above).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = fs::read(&path) {
                files.insert(path.strip_prefix(folder).unwrap_or(&path).to_owned(), bytes);
            }
        }
    }
    files
}

fn assert_same(one: &Built, other: &Built) {
    assert_eq!(one.report, other.report);
    let names = |built: &Built| built.files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(one), names(other));
    for (name, bytes) in &one.files {
        assert!(other.files.get(name) == Some(bytes), "{} differs", name.display());
    }
}
