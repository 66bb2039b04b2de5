//! Names that files had outside the notes' folder → the places whose commits have to be read too,
//! for nobody tells of what was there: the folder of the notes may have been called something else.
//!
//! Must not know: how git is asked, what files have been through.

use std::collections::{BTreeMap, BTreeSet};

/// Of so many files from one folder all that happened there is read, rather than what happened to
/// each.
const MANY: usize = 20;
/// With more places than these the whole repository is read. A command line has its limits.
const MOST: usize = 60;

/// A place as git is told of it (gitglossary(7), "pathspec"); the empty one is the whole
/// repository.
pub(super) fn written(place: &String) -> String {
    format!(":(top,literal){place}")
}

/// The places that names before renames lead to and that are not read yet.
pub(super) fn beyond(
    renames: &[(&[u8], &[u8])],
    prefix: &[u8],
    known: &[String],
) -> BTreeSet<String> {
    let mut from: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (old, new) in renames.iter().filter(|(old, _)| !old.starts_with(prefix)) {
        // Git is not asked about names that are no text.
        let (Ok(old), Ok(new)) = (std::str::from_utf8(old), std::str::from_utf8(new)) else {
            continue;
        };
        if !known.iter().any(|place| holds(place, old)) {
            from.entry(folder(old, new)).or_default().insert(old.to_owned());
        }
    }
    let places = from.into_iter().flat_map(|(folder, names)| match names.len() {
        ..MANY => names,
        _ => BTreeSet::from([folder]),
    });
    let places: BTreeSet<String> = places.collect();
    let are_few = places.is_empty() || known.len() + places.len() <= MOST;
    if are_few { places } else { BTreeSet::from([String::new()]) }
}

fn holds(place: &str, name: &str) -> bool {
    name.strip_prefix(place)
        .is_some_and(|rest| place.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

/// The folder that was renamed as a whole if a file was: what its old name has and the new one has
/// not.
fn folder(old: &str, new: &str) -> String {
    let (mut old, mut new) = (old.split('/').rev().peekable(), new.split('/').rev().peekable());
    while old.peek().is_some() && old.peek() == new.peek() {
        old.next();
        new.next();
    }
    let rest: Vec<&str> = old.collect();
    rest.into_iter().rev().collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_was_renamed_is_told_from_notes_that_came_from_elsewhere() {
        let many: Vec<(String, String)> =
            (0..30).map(|n| (format!("docs/{n}/x.md"), format!("notes/{n}/x.md"))).collect();
        let many: Vec<(&str, &str)> =
            many.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        let top: Vec<(String, String)> =
            (0..30).map(|n| (format!("{n}.md"), format!("notes/{n}.md"))).collect();
        let top: Vec<(&str, &str)> =
            top.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        let alone: Vec<(String, String)> =
            (0..70).map(|n| (format!("src/{n}/old.md"), format!("notes/{n}.md"))).collect();
        let alone: Vec<(&str, &str)> =
            alone.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        for (renames, known, expected) in [
            (&[("notes/a.md", "notes/b.md")][..], &[][..], &[][..]),
            (&[("src/README.md", "notes/README.md")], &[], &["src/README.md"]),
            (&many, &[], &["docs"]),
            (&many, &["docs"], &[]),
            (&[("docs2/a.md", "notes/a.md")], &["docs"], &["docs2/a.md"]),
            (&top, &[], &[""]),
            (&top, &[""], &[]),
            (&alone, &[], &[""]),
        ] {
            let renames: Vec<_> =
                renames.iter().map(|(old, new)| (old.as_bytes(), new.as_bytes())).collect();
            let known: Vec<String> = known.iter().map(|place| (*place).to_owned()).collect();
            let found = beyond(&renames, b"notes/", &known);
            assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
        }
    }
}
