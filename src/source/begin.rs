//! A folder that may be empty or missing → the names in it, and new files in it that never replace
//! existing ones.
//!
//! Must not know: the content of the new files.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use crate::temporary::{self, Access};

/// All names in a folder, hidden ones too; none if there is no such folder.
#[must_use]
pub fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Writes a new file and the folders above it; `false` if a file with this name exists already.
///
/// # Errors
/// If it cannot be written.
pub fn create(folder: &Path, file: &str, text: &str) -> io::Result<bool> {
    let path = folder.join(file);
    let above = path.parent().ok_or_else(|| io::Error::other("it has no folder"))?;
    fs::create_dir_all(above)?;
    // An earlier run may have been killed before its file had its name.
    temporary::sweep(above);
    let mut new = temporary::file_in(above, Access::Public)?;
    new.write_all(text.as_bytes())?;
    match new.persist_noclobber(&path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_files_do_not_replace_others() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("new");
        assert!(names_in(&new).is_empty());
        assert!(create(&new, "a/.b.md", "one").unwrap());
        assert!(!create(&new, "a/.b.md", "two").unwrap());
        assert!(!create(&new, "a", "two").unwrap());
        assert_eq!(
            (names_in(&new), names_in(&new.join("a"))),
            (vec!["a".to_owned()], vec![".b.md".to_owned()])
        );
        assert_eq!(fs::read_to_string(new.join("a/.b.md")).unwrap(), "one");
    }

    #[test]
    fn temporary_files_of_killed_runs_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        // Above Linux's largest process number (2²²); elsewhere it is old enough.
        let stray = folder.path().join(".notes-tmp-4194999-abc123");
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        fs::File::create(&stray).unwrap().set_modified(long_ago).unwrap();
        assert!(create(folder.path(), "a.md", "one").unwrap());
        assert_eq!(names_in(folder.path()), ["a.md"]);
    }
}
