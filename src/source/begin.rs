//! A folder that may be empty or missing → the names in it, and new files in it that never replace
//! existing ones.
//!
//! Must not know: the content of the new files.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

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
    let mut new = tempfile::Builder::new().prefix(".notes-").tempfile_in(above)?;
    new.write_all(text.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The usual permissions of a new file; a temporary file is readable by its owner only.
        new.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
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
}
