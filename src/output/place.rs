//! The output folder that a writer names → an error if building there could overwrite or delete
//! foreign files.
//!
//! Must not know: the files of the site.

use std::path::{Component, Path, PathBuf};
use std::{env, fs, io};

use walkdir::{DirEntry, WalkDir};

use super::disk;
use super::manifest::{self, Manifest, ManifestState};
use crate::diagnostic::{Diagnostic, Kind};
use crate::phrase::{Argument, Phrase, phrase};
use crate::temporary;

/// Number of foreign files that the message names.
const NAMED: usize = 3;
/// The way out if the output folder overlaps with an input.
const SEPARATE: Phrase = phrase!("choose a separate folder with `-o`, such as `-o site`");

/// Checks that the site may be built at `site` from the notes in some folders and the writer's
/// `own` other ones, before the work starts.
///
/// An error if `site` is inside one of `own`, if it is not a folder and cannot become one, if it
/// contains the notes, and, without `force`, if it contains files but no manifest of this program.
/// Foreign files in it are never overwritten or deleted, with or without `force`.
pub fn check_place(
    site: &Path,
    notes: &[PathBuf],
    own: &[PathBuf],
    force: bool,
) -> Result<(), Diagnostic> {
    let real = resolve(site).map_err(|error| disk::unwritable(site, &error))?;
    check_contains_none(site, &real, notes)?;
    if own.iter().filter_map(|own| fs::canonicalize(own).ok()).any(|own| real.starts_with(own)) {
        let message = phrase!("the output folder is inside a folder that the site is made from");
        return Err(refusal(site, message, SEPARATE));
    }
    match fs::metadata(&real) {
        Ok(metadata) if metadata.is_dir() => check_owner(site, &real, force),
        Ok(_) => Err(refusal(
            site,
            phrase!("the output folder is a file"),
            phrase!("choose another one with `-o`"),
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(disk::unwritable(site, &error)),
    }
}

/// Checks that an output folder does not contain these notes.
///
/// # Errors
/// The refusal.
pub fn check_apart(site: &Path, notes: &Path) -> Result<(), Diagnostic> {
    let real = resolve(site).map_err(|error| disk::unwritable(site, &error))?;
    check_contains_none(site, &real, &[notes.to_owned()])
}

/// Refuses a folder that contains one of the folders with notes.
fn check_contains_none(site: &Path, real: &Path, notes: &[PathBuf]) -> Result<(), Diagnostic> {
    let contains = |notes: &PathBuf| {
        fs::canonicalize(notes).unwrap_or_else(|_| notes.clone()).starts_with(real)
    };
    if notes.iter().any(contains) {
        return Err(refusal(site, phrase!("the output folder contains the notes"), SEPARATE));
    }
    Ok(())
}

/// Refuses a folder with foreign files and without a manifest. `site` is its name in messages.
fn check_owner(site: &Path, real: &Path, force: bool) -> Result<(), Diagnostic> {
    let found = Manifest::find(real);
    if force || matches!(found, ManifestState::Manifest(_)) {
        return Ok(());
    }
    let files = foreign_files(real);
    if files.is_empty() {
        return Ok(());
    }
    let names = Argument::quoted(files.iter().take(NAMED).map(String::as_str));
    let mut message = if files.len() > NAMED {
        phrase!(
            "the output folder contains files that this program did not write: {names} and others",
            names
        )
    } else {
        phrase!("the output folder contains files that this program did not write: {names}", names)
    };
    if let ManifestState::Damaged = found {
        let manifest = manifest::NAME;
        message =
            phrase!("{message}; `{manifest}` is damaged or of another version", message, manifest);
    }
    let way_out =
        phrase!("choose another one with `-o`, empty it, or use `--force`, which keeps them");
    Err(refusal(site, message, way_out))
}

/// The first files in `folder`, one more than the message names. Files that any published folder
/// may have, such as `CNAME`, do not count.
fn foreign_files(folder: &Path) -> Vec<String> {
    let counts = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        let expected =
            matches!(&*name, ".git" | "CNAME" | ".nojekyll") || temporary::is_temporary(&name);
        !(entry.depth() == 1 && expected)
    };
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(counts);
    let files = entries.flatten().filter(|entry| !entry.file_type().is_dir());
    let names = files.map(|entry| {
        let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        below.display().to_string()
    });
    names.take(NAMED + 1).collect()
}

fn refusal(site: &Path, message: Phrase, way_out: Phrase) -> Diagnostic {
    Diagnostic::new(Kind::OutputFolder, message).in_file(site.display().to_string()).help(way_out)
}

/// The absolute path without symbolic links and `..`; names that do not exist yet are kept.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut real = fs::canonicalize(env::current_dir()?)?;
    for component in path.components() {
        match component {
            Component::CurDir => {}
            // `real` has no symbolic link in it, so its last name can just be dropped.
            Component::ParentDir => {
                real.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                real.push(component);
                if fs::symlink_metadata(&real).is_ok() {
                    real = fs::canonicalize(&real)?;
                }
            }
        }
    }
    Ok(real)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with notes in `notes` and a site of ours in `ours`.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in
            ["notes/deep", "empty/folders/only", "foreign/a", "published/.git", "ours", "damaged"]
        {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        for name in [
            "a file",
            "foreign/a/1",
            "foreign/a/2",
            "foreign/3",
            "foreign/4",
            "published/.git/config",
            "published/CNAME",
            "published/.nojekyll",
            "published/.notes-tmp-1-abc",
            "ours/my own",
            "damaged/index.html",
        ] {
            fs::write(root.join(name), "x").unwrap();
        }
        Manifest::default().save(&root.join("ours")).unwrap();
        fs::write(root.join("damaged").join(manifest::NAME), "notes-manifest 1 7\n").unwrap();
        folder
    }

    /// The message of a refusal, or nothing.
    fn check(root: &Path, site: &str, force: bool) -> String {
        let result = check_place(&root.join(site), &[root.join("notes")], &[], force);
        result.map_or_else(|refusal| refusal.message.to_string(), |()| String::new())
    }

    #[test]
    fn folders_are_accepted_or_refused() {
        let folder = folder();
        let foreign = "did not write: `3`, `4`, `a/1` and others";
        for (site, without_force, with_force) in [
            ("new", "", ""),
            ("new/deeper/still", "", ""),
            ("empty", "", ""),
            ("published", "", ""),
            ("ours", "", ""),
            ("notes/site", "", ""),
            ("notes/deep", "", ""),
            ("foreign", foreign, ""),
            ("damaged", "`.notes-manifest` is damaged or of another version", ""),
            ("a file", "is a file", "is a file"),
            ("a file/site", "part of the path is not a folder", "is not a folder"),
            ("notes", "contains the notes", "contains the notes"),
            (".", "contains the notes", "contains the notes"),
            ("notes/deep/..", "contains the notes", "contains the notes"),
            ("new/../notes", "contains the notes", "contains the notes"),
            ("notes/new/../../new/..", "contains the notes", "contains the notes"),
        ] {
            for (force, expected) in [(false, without_force), (true, with_force)] {
                let message = check(folder.path(), site, force);
                assert!(message.contains(expected), "{site}, force {force}: {message}");
                assert_eq!(
                    message.is_empty(),
                    expected.is_empty(),
                    "{site}, force {force}: {message}"
                );
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_links_hide_nothing() {
        let folder = folder();
        let root = folder.path();
        for (name, target) in
            [("to notes", "notes"), ("to root", "."), ("dangling", "no/where"), ("good", "ours")]
        {
            std::os::unix::fs::symlink(root.join(target), root.join(name)).unwrap();
        }
        for (site, expected) in [
            ("to notes", "contains the notes"),
            ("to root/notes", "contains the notes"),
            ("to notes/..", "contains the notes"),
            ("to notes/deep/..", "contains the notes"),
            ("dangling", "no such file"),
            ("good", ""),
            ("to root/new", ""),
        ] {
            let message = check(root, site, false);
            assert!(message.contains(expected), "{site}: {message}");
            assert_eq!(message.is_empty(), expected.is_empty(), "{site}: {message}");
        }
    }
}
