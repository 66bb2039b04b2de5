//! A folder that may hold nothing yet, or not be there → the names of what it holds, and new files
//! in it; none takes the place of another.
//!
//! Must not know: what is written.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// The names of what a folder holds, hidden ones too; none when there is no such folder.
#[must_use]
pub fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Writes a new file, and the folders it stands in. Whether it was written: not, when anything is
/// at its place.
///
/// # Errors
/// When it cannot be written.
pub fn create(folder: &Path, file: &str, text: &str) -> io::Result<bool> {
    let place = folder.join(file);
    let above = place.parent().ok_or_else(|| io::Error::other("it is in no folder"))?;
    fs::create_dir_all(above)?;
    let mut new = tempfile::Builder::new().prefix(".notes-").tempfile_in(above)?;
    new.write_all(text.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any program makes one; a temporary file is for its owner alone.
        new.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    match new.persist_noclobber(&place) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_files_take_no_place_of_others() {
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
