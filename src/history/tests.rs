//! Random pasts of repositories: the history is what `git log` tells with all texts compared, also
//! after an earlier one was kept.

mod imported;
mod past;
mod reference;

use std::fs;

use proptest::prelude::*;
use tempfile::tempdir;

use super::*;
use past::{event, go_to, make, run};
use reference::{told, told_by_log};

/// The number of repositories; `NOTES_PASTS` asks for another number.
fn cases() -> u32 {
    std::env::var("NOTES_PASTS").ok().and_then(|number| number.parse().ok()).unwrap_or(12)
}

/// The history up to the last commit, and what the next run is given.
fn read(folder: &Path, kept: KeptChanges) -> (Head, ReadHistory, KeptChanges) {
    let head = Head::of(folder).unwrap().unwrap();
    let (read, kept) = head.history(kept).unwrap();
    assert_eq!(read.damage, Damage::default());
    (head, read, kept)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn the_history_is_that_of_git_log(
        events in proptest::collection::vec(event(), 1..90),
        is_partial in proptest::bool::weighted(0.15),
        format in proptest::sample::select(&["sha1", "sha1", "sha256"]),
        earlier in 0..100_usize,
    ) {
        let folder = tempdir().unwrap();
        let top = folder.path();
        let (tips, commits) = make(top, format, &events);
        if is_partial {
            run(top, &["config", "remote.origin.promisor", "true"], b"");
        }
        fs::create_dir(top.join("notes")).unwrap();
        for root in [top.to_owned(), top.join("notes")] {
            go_to(top, &commits[earlier % commits.len()]);
            let mut kept = read(&root, KeptChanges::default()).2;
            for tip in &tips {
                go_to(top, tip);
                let (head, clean, kept_anew) = read(&root, KeptChanges::default());
                prop_assert_eq!(told(&clean.history), told_by_log(&head), "{} {:?}", tip, root);
                let (_, after, kept_now) = read(&root, kept);
                prop_assert_eq!(&after, &clean);
                prop_assert_eq!(kept_now.commits.len(), kept_anew.commits.len());
                kept = kept_now;
            }
        }
    }
}
