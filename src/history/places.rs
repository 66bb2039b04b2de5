//! Names that files had outside the notes' folder → the paths whose commits have to be read too:
//! `git log -- .` shows only the folder of the notes, which may have had another name.
//!
//! Must not know: the call of git, the histories of files.

use std::collections::{BTreeMap, BTreeSet};

/// Number of files from one folder at which the whole folder is asked for instead of each file.
const MANY: usize = 20;
/// Most paths that are asked for; with more the whole repository is read, because a command line
/// has a limited length.
const MOST: usize = 60;

/// A path as an argument of git (gitglossary(7), "pathspec"); the empty one is the whole
/// repository.
pub(super) fn pathspec(path: &String) -> String {
    format!(":(top,literal){path}")
}

/// The paths of names before renames that are outside the notes and not among the `known` ones.
pub(super) fn beyond(
    renames: &[(&[u8], &[u8])],
    prefix: &[u8],
    known: &[String],
) -> BTreeSet<String> {
    let mut from: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (old, new) in renames.iter().filter(|(old, _)| !old.starts_with(prefix)) {
        // Names that are not UTF-8 cannot be an argument on every system.
        let (Ok(old), Ok(new)) = (std::str::from_utf8(old), std::str::from_utf8(new)) else {
            continue;
        };
        if !known.iter().any(|path| contains(path, old)) {
            from.entry(folder(old, new)).or_default().insert(old.to_owned());
        }
    }
    let paths = from.into_iter().flat_map(|(folder, names)| match names.len() {
        ..MANY => names,
        _ => BTreeSet::from([folder]),
    });
    let paths: BTreeSet<String> = paths.collect();
    let are_few = paths.is_empty() || known.len() + paths.len() <= MOST;
    if are_few { paths } else { BTreeSet::from([String::new()]) }
}

/// True if a name is this path or below it.
fn contains(path: &str, name: &str) -> bool {
    name.strip_prefix(path)
        .is_some_and(|rest| path.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

/// The old name of the folder that may have been renamed as a whole: the old name of a file without
/// the end that both names have in common.
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
    fn renamed_folders_are_distinguished_from_single_notes_that_came_from_elsewhere() {
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
            let known: Vec<String> = known.iter().map(|path| (*path).to_owned()).collect();
            let found = beyond(&renames, b"notes/", &known);
            assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
        }
    }
}
