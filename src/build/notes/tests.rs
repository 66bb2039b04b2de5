//! Records of notes, over builds one after the other.
//!
//! Must not know: the site that is made of them.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::*;
use crate::build::NoProgress;
use crate::config::Config;
use crate::source::Skip;
use crate::theme::Theme;

/// The sources of a folder that was last changed long ago, with no notes in the cache.
fn sources(folder: &Path) -> Sources {
    let later = SystemTime::now() + Duration::from_hours(1);
    let skip = Skip {
        output: Path::new(""),
        own: ".notes",
        output_mark: ("output", ""),
        excluded: &|_| false,
    };
    let tree = Tree::read(folder, String::new(), skip, later);
    Sources::new(tree, Config::default(), Theme::load(folder, false, ""), Cache::none())
}

fn load(sources: &Sources, records: &PreviousRecords) -> Notes {
    Notes::load(sources, None, |path| records.get(path), None, &NoProgress)
}

#[test]
fn a_record_is_reused_by_stamp_and_by_digest_unless_the_note_includes_others() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("plain.md", "# Plain\n");
    write("including.md", "# Including\n\n{{#include plain.md}}\n");
    let first = load(&sources(folder.path()), &PreviousRecords::new());
    assert_eq!(first.parsed, 2);
    let records = first.records().unwrap();

    // The same stamp: the record itself is reused, and only the note with includes is parsed.
    let plain = SourcePath::new("plain.md").unwrap();
    let again = load(&sources(folder.path()), &records);
    assert_eq!(again.parsed, 1);
    assert!(Arc::ptr_eq(again.record_at(&plain).unwrap(), &records[&plain]));
    // Another stamp, the same text: the file is read, and the note is not parsed.
    write("plain.md", "# Plain\n");
    let again = load(&sources(folder.path()), &records);
    assert_eq!(again.parsed, 1);
    assert!(!Arc::ptr_eq(again.record_at(&plain).unwrap(), &records[&plain]));
    // Another text.
    write("plain.md", "# Plain, and more\n");
    assert_eq!(load(&sources(folder.path()), &records).parsed, 2);
}

#[test]
fn names_stay_while_the_same_files_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let load_after = |earlier: Option<&Notes>| {
        Notes::load(&sources(folder.path()), None, |_| None, earlier, &NoProgress)
    };
    let is_taken_over = |earlier: &Notes, later: &Notes| {
        let [earlier, later] = [earlier, later].map(|notes| notes.loader.names.get().unwrap());
        Arc::ptr_eq(earlier, later)
    };
    write("a.md", "# A\n\n[[b]]\n");
    write("b.md", "# B\n");
    let first = load_after(None);
    write("a.md", "# Another\n\n[[b]]\n");
    let written = load_after(Some(&first));
    assert!(is_taken_over(&first, &written));
    write("c.png", "");
    let with_file = load_after(Some(&written));
    assert!(!is_taken_over(&written, &with_file));
    fs::remove_file(folder.path().join("b.md")).unwrap();
    assert!(!is_taken_over(&with_file, &load_after(Some(&with_file))));
}

#[test]
fn a_file_that_became_unreadable_is_reported_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.md");
    fs::write(&path, "# A\n").unwrap();
    let sources = sources(folder.path());
    let mut records = load(&sources, &PreviousRecords::new()).records().unwrap();
    for record in records.values_mut() {
        // As it is when it comes from the disk.
        Arc::make_mut(record).note = OnceLock::new();
    }
    let sources = Sources { cache: Arc::new(Cache::none()), ..sources };
    let notes = load(&sources, &records);
    fs::remove_file(&path).unwrap();
    assert!(notes.take_read_problems().is_empty());
    notes.get(0);
    let problems = notes.take_read_problems();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].kind, Kind::Unreadable);
    assert_eq!(problems[0].location.file.as_deref(), Some("a.md"));
    assert!(notes.records().is_none());
}

#[test]
fn a_note_that_changed_during_a_build_is_not_that_of_its_record() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.md");
    fs::write(&path, "# Old\n").unwrap();
    let sources = sources(folder.path());
    let mut records = load(&sources, &PreviousRecords::new()).records().unwrap();
    for record in records.values_mut() {
        // As it is when it comes from the disk.
        Arc::make_mut(record).note = OnceLock::new();
    }
    let sources = Sources { cache: Arc::new(Cache::none()), ..sources };
    let raced = load(&sources, &records);
    fs::write(&path, "# New\n").unwrap();
    assert!(raced.get(0).title("a", None).contains("New"));
    assert!(!raced.are_sound() && raced.records().is_none());
    fs::write(&path, "# Old\n").unwrap();
    assert!(load(&sources, &records).get(0).title("a", None).contains("Old"));
}
