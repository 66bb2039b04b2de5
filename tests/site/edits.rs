//! Properties of builds after random edits: whatever was kept from before, the site and the report
//! are those of a build from nothing, in every byte and every name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use notes::build::{CommandUse, NoProgress};
use notes::diagnostic::Diagnostic;
use notes::path::encode_path;
use notes::project::FederationUse;
use notes::publish::{BuildOptions, publish};
use proptest::prelude::*;

use crate::comparison::difference;
use crate::edit::{Edit, TEXTS, apply, edit, site, write};
use crate::request::get;
use crate::serving::{PATIENCE, Serving};

/// Longer than a tick of the file system's clock.
const TICK: Duration = Duration::from_millis(11);

/// The number of series of edits; `NOTES_EDITS` asks for another number.
fn cases() -> u32 {
    std::env::var("NOTES_EDITS").ok().and_then(|number| number.parse().ok()).unwrap_or(200)
}

/// All files below a folder, in the order of their paths.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().flatten();
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            (entry.path().strip_prefix(folder).unwrap().to_owned(), fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// The published files, and the diagnostics.
#[derive(Debug, PartialEq)]
struct Outcome {
    files: BTreeMap<PathBuf, Vec<u8>>,
    told: Vec<Diagnostic>,
    parsed: usize,
    rendered: usize,
}

fn published(folder: &Path, output: &Path, cache: bool) -> Outcome {
    // Every file has rested: more than a tick has passed since the edit before the last build.
    let now = SystemTime::now() + Duration::from_secs(10);
    let options = BuildOptions {
        folder: folder.to_owned(),
        output: Some(output.to_owned()),
        base_url: None,
        drafts: false,
        force: false,
        cache,
        commands: CommandUse::Refuse,
        federation: FederationUse::Kept,
        now,
    };
    match publish(&options, &NoProgress) {
        Ok(published) => {
            let counts = published.build.counts;
            let told = published.build.report.messages().to_vec();
            Outcome { files: files(output), told, parsed: counts.parsed, rendered: counts.rendered }
        }
        Err(told) => Outcome { files: BTreeMap::new(), told, parsed: 0, rendered: 0 },
    }
}

/// The first file of a site that is not served as it was written, or is served and was not.
fn served_otherwise(
    serving: &Serving,
    site: &BTreeMap<PathBuf, Vec<u8>>,
    gone: &[PathBuf],
) -> Option<String> {
    let ask = |path: &Path| get(serving, &format!("/{}", encode_path(path.to_str().unwrap())));
    for (path, bytes) in site {
        if matches!(path.to_str(), Some(".notes-manifest" | "CACHEDIR.TAG")) {
            continue;
        }
        let answer = ask(path);
        let is_page = path.extension().is_some_and(|end| end == "html");
        let body = if is_page { answer.page().into_bytes() } else { answer.body };
        if answer.status != 200 || body != *bytes {
            return Some(format!("{} is {}", path.display(), answer.status));
        }
    }
    gone.iter()
        .find(|path| ask(path).status == 200)
        .map(|path| format!("{} is there", path.display()))
}

/// Waits until every file is served as a build writes it now, to `output`, and none of those
/// `before` that it does not write; gives the files. The error is one that stays otherwise.
pub fn is_served_as_built(
    serving: &Serving,
    folder: &Path,
    output: &Path,
    before: &[PathBuf],
) -> Result<Vec<PathBuf>, String> {
    let fresh = published(folder, output, false).files;
    let is_gone = |path: &&PathBuf| !fresh.contains_key(*path);
    let gone: Vec<PathBuf> = before.iter().filter(is_gone).cloned().collect();
    let begun = Instant::now();
    // Without notes the old site stays.
    while !fresh.is_empty()
        && let Some(what) = served_otherwise(serving, &fresh, &gone)
    {
        if begun.elapsed() > PATIENCE {
            return Err(format!("{what}\n{:#?}", serving.printed()));
        }
        sleep(TICK);
    }
    Ok(fresh.into_keys().collect())
}

/// Serves a folder through these edits; the first file that stays other than a build writes it.
fn served_through(edits: &[Edit]) -> Result<(), String> {
    let all = tempfile::tempdir().unwrap();
    let folder = all.path().join("notes");
    begin(&folder);
    let serving = Serving::start(&folder, &["--quiet"]);
    let mut before: Vec<PathBuf> = Vec::new();
    for (number, edit) in edits.iter().enumerate() {
        // A template with a mistake is not used while it is served; nothing was published that
        // could be changed.
        match edit {
            Edit::Template(Some(1..)) | Edit::Tamper(_) | Edit::DeletePage(_) | Edit::Forget(_) => {
                continue;
            }
            _ => apply(edit, &folder),
        }
        let built =
            is_served_as_built(&serving, &folder, &all.path().join(number.to_string()), &before);
        let built = built.map_err(|what| format!("{edit:?}: {what}"))?;
        if !built.is_empty() {
            before = built;
        }
    }
    Ok(())
}

/// The notes before the first edit.
fn begin(folder: &Path) {
    write(&folder.join("README.md"), TEXTS[11].as_bytes());
    write(&folder.join("a.md"), TEXTS[2].as_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases() / 12, ..ProptestConfig::default() })]

    #[test]
    fn served_files_equal_built_files(edits in prop::collection::vec(edit(), 1..16)) {
        let served = served_through(&edits);
        prop_assert!(served.is_ok(), "{}", served.unwrap_err());
    }
}

/// A series that once failed on a busy machine.
#[test]
fn edits_in_new_folders_are_served() {
    let edits = [
        Edit::File(0, 97),
        Edit::Write(8, 16),
        Edit::Template(Some(2)),
        Edit::Write(2, 4),
        Edit::Forget(4),
        Edit::Append(10, 6),
        Edit::Truncate(5),
    ];
    assert_eq!(served_through(&edits), Ok(()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn incremental_builds_equal_clean_builds(edits in prop::collection::vec(edit(), 1..12)) {
        let all = tempfile::tempdir().unwrap();
        let folder = all.path().join("notes");
        begin(&folder);
        for (number, edit) in edits.iter().enumerate() {
            apply(edit, &folder);
            let again = published(&folder, &site(&folder), true);
            let fresh = published(&folder, &all.path().join(number.to_string()), false);
            if fresh.files.is_empty() {
                // Without notes the old site stays.
                prop_assert_eq!(again.told, fresh.told, "{:?}", edit);
                continue;
            }
            prop_assert!(again.parsed <= fresh.parsed && again.rendered <= fresh.rendered);
            prop_assert_eq!(again.told, fresh.told, "{:?}", edit);
            let difference = difference(&again.files, &fresh.files);
            prop_assert!(difference.is_none(), "{edit:?}: {}", difference.unwrap_or_default());
            sleep(TICK);
        }
    }
}
