//! A file of the folder that is built → the same file with another text, whole or not at all.
//!
//! Must not know: what is changed in it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::encoding;

/// The text of a file as it can be shown; `None` when it cannot be read.
#[must_use]
pub fn text_below(folder: &Path, file: &str) -> Option<String> {
    let bytes = fs::read(place(folder, file).ok()?).ok()?;
    Some(encoding::decode(&bytes).0)
}

/// The text of a file as it is; `None` when it cannot be read or is not UTF-8.
#[must_use]
pub fn raw_text(folder: &Path, file: &str) -> Option<String> {
    String::from_utf8(fs::read(place(folder, file).ok()?).ok()?).ok()
}

/// Writes a text in the place of another: into a new file, which then takes the name of the old
/// one.
///
/// # Errors
/// When the file is not as it was `before`, or cannot be written; it is then as it was.
pub fn replace(folder: &Path, file: &str, before: &str, after: &str) -> io::Result<()> {
    let place = place(folder, file)?;
    if fs::read(&place)? != before.as_bytes() {
        return Err(io::Error::other("it was changed meanwhile"));
    }
    let permissions = fs::metadata(&place)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    let folder = place.parent().ok_or_else(|| io::Error::other("it is in no folder"))?;
    let mut new = tempfile::Builder::new().prefix(".notes-").tempfile_in(folder)?;
    new.write_all(after.as_bytes())?;
    new.as_file().set_permissions(permissions)?;
    new.as_file().sync_all()?;
    new.persist(&place)?;
    Ok(())
}

/// The path of a file, links followed; it must be in the folder.
fn place(folder: &Path, file: &str) -> io::Result<PathBuf> {
    let place = folder.join(file).canonicalize()?;
    if !place.starts_with(folder.canonicalize()?) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it leads out of the notes"));
    }
    Ok(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_whole_and_only_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        fs::write(&path, "one").unwrap();
        assert!(replace(folder.path(), "a.md", "other", "two").is_err());
        assert_eq!(raw_text(folder.path(), "a.md").as_deref(), Some("one"));
        replace(folder.path(), "a.md", "one", "two").unwrap();
        assert_eq!(raw_text(folder.path(), "a.md").as_deref(), Some("two"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::write(&path, b"\xff").unwrap();
        assert_eq!(raw_text(folder.path(), "a.md"), None);
        assert_eq!(raw_text(folder.path(), "none.md"), None);
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_links_and_lead_nowhere_else() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("x.md"), "one").unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.md"), "one").unwrap();
        fs::set_permissions(folder.path().join("a.md"), fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a.md", folder.path().join("b.md")).unwrap();
        symlink(outside.path().join("x.md"), folder.path().join("c.md")).unwrap();
        replace(folder.path(), "b.md", "one", "two").unwrap();
        assert!(folder.path().join("b.md").is_symlink());
        let mode = fs::metadata(folder.path().join("a.md")).unwrap().permissions().mode() & 0o777;
        assert_eq!((raw_text(folder.path(), "a.md").as_deref(), mode), (Some("two"), 0o640));
        assert!(replace(folder.path(), "c.md", "one", "two").is_err());
        assert_eq!(raw_text(folder.path(), "c.md"), None);
    }
}
