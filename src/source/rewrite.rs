//! A file of the folder that is built → the same file with another text, whole or not at all.
//!
//! Must not know: the change.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::encoding;
use crate::temporary::{self, Access};

/// The decoded text of a file; `None` if it cannot be read.
#[must_use]
pub fn text_below(folder: &Path, file: &str) -> Option<String> {
    let bytes = fs::read(real_path(folder, file).ok()?).ok()?;
    Some(encoding::decode(&bytes).0)
}

/// The exact text of a file; `None` if it cannot be read or is not UTF-8.
#[must_use]
pub fn raw_text(folder: &Path, file: &str) -> Option<String> {
    String::from_utf8(fs::read(real_path(folder, file).ok()?).ok()?).ok()
}

/// Replaces the text of a file: writes a new file, then renames it to the old one's name.
///
/// # Errors
/// If the file's text is not `before` any more, or it cannot be written; the file is then
/// unchanged.
pub fn replace(folder: &Path, file: &str, before: &str, after: &str) -> io::Result<()> {
    let path = real_path(folder, file)?;
    if fs::read(&path)? != before.as_bytes() {
        return Err(io::Error::other("it was changed in the meantime"));
    }
    let permissions = fs::metadata(&path)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    let folder = path.parent().ok_or_else(|| io::Error::other("it has no folder"))?;
    // An earlier run may have been killed between here and the rename below.
    temporary::sweep(folder);
    let mut new = temporary::file_in(folder, Access::Private)?;
    new.write_all(after.as_bytes())?;
    new.as_file().set_permissions(permissions)?;
    new.as_file().sync_all()?;
    new.persist(&path)?;
    Ok(())
}

/// The path of a file with symbolic links followed, which must be in the folder.
fn real_path(folder: &Path, file: &str) -> io::Result<PathBuf> {
    let path = folder.join(file).canonicalize()?;
    if !path.starts_with(folder.canonicalize()?) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is outside the notes"));
    }
    Ok(path)
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
    fn symbolic_links_stay_and_are_followed_inside_the_folder_only() {
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
