//! A file of the folder that is built → the same file with another text: whole or not at all, but
//! for one with several names, which is overwritten.
//!
//! Must not know: the change.

use std::fs::{self, Metadata};
use std::io::{self, Seek as _, Write as _};
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

/// Replaces the text of a file: writes a new file, then renames it to the old one's name. The file
/// keeps its owner, its permissions and its other hard links.
///
/// # Errors
/// If the file's text is not `before` any more, or it cannot be written; the file is then
/// unchanged.
pub fn replace(folder: &Path, file: &str, before: &str, after: &str) -> io::Result<()> {
    replace_after(folder, file, before, after, || ())
}

/// [`replace`], with something done when the new text is on disk and not in its place yet.
fn replace_after(
    folder: &Path,
    file: &str,
    before: &str,
    after: &str,
    written: impl FnOnce(),
) -> io::Result<()> {
    let path = real_path(folder, file)?;
    has_text(&path, before)?;
    let metadata = fs::metadata(&path)?;
    if metadata.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    let folder = path.parent().ok_or_else(|| io::Error::other("it has no folder"))?;
    // An earlier run may have been killed between here and the rename below.
    temporary::sweep(folder);
    let mut new = temporary::file_in(folder, Access::Private)?;
    new.write_all(after.as_bytes())?;
    let keeps_identity = !has_other_links(&metadata) && takes_owner(new.as_file(), &metadata);
    // After the owner, whose change removes some of them (chown(2)).
    new.as_file().set_permissions(metadata.permissions())?;
    new.as_file().sync_all()?;
    written();
    // Writing to disk takes long enough for an editor to save the same file.
    has_text(&path, before)?;
    if keeps_identity {
        new.persist(&path)?;
        return Ok(());
    }
    overwrite(&path, before, after)
}

/// # Errors
/// If the file has another text.
fn has_text(path: &Path, text: &str) -> io::Result<()> {
    if fs::read(path)? == text.as_bytes() {
        return Ok(());
    }
    Err(io::Error::other("it was changed in the meantime"))
}

/// Replaces the text of a file in its place, as editors do (`backupcopy=auto` of Vim): a rename
/// would give the file another owner, or leave its other hard links with the old text. A crash of
/// the system in this moment can leave a part of either text.
fn overwrite(path: &Path, before: &str, after: &str) -> io::Result<()> {
    let mut file = fs::File::options().write(true).open(path)?;
    let result = put(&mut file, after);
    if result.is_err() {
        // The disk may be full; the old text had room.
        put(&mut file, before)?;
    }
    result
}

/// Writes a text over that of an open file.
fn put(file: &mut fs::File, text: &str) -> io::Result<()> {
    file.rewind()?;
    file.write_all(text.as_bytes())?;
    file.set_len(text.len() as u64)?;
    file.sync_all()
}

/// True if the file has other names, in any folder.
#[cfg(unix)]
fn has_other_links(file: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    file.nlink() > 1
}

/// False: the number of names is not known here.
#[cfg(not(unix))]
fn has_other_links(_: &Metadata) -> bool {
    false
}

/// Gives a new file the owner and the group of another; true if it has them then. Only root may
/// give any.
#[cfg(unix)]
fn takes_owner(new: &fs::File, other: &Metadata) -> bool {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let Ok(own) = new.metadata() else { return false };
    let is_same = (own.uid(), own.gid()) == (other.uid(), other.gid());
    is_same || fchown(new, Some(other.uid()), Some(other.gid())).is_ok()
}

/// True: owners are inherited from the folder here.
#[cfg(not(unix))]
fn takes_owner(_: &fs::File, _: &Metadata) -> bool {
    true
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

    fn save_in_place(path: &Path, text: &str) {
        fs::write(path, text).unwrap();
    }

    fn save_by_renaming(path: &Path, text: &str) {
        let new = path.with_extension("new");
        fs::write(&new, text).unwrap();
        fs::rename(new, path).unwrap();
    }

    #[test]
    fn a_text_saved_while_the_new_one_is_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        for saves in [save_in_place, save_by_renaming] {
            fs::write(&path, "one").unwrap();
            let save = || saves(&path, "one and more");
            let error = replace_after(folder.path(), "a.md", "one", "two", save).unwrap_err();
            assert_eq!(error.to_string(), "it was changed in the meantime");
            assert_eq!(raw_text(folder.path(), "a.md").as_deref(), Some("one and more"));
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[cfg(unix)]
    #[test]
    fn hard_links_stay_links() {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir_in(folder.path()).unwrap();
        let (path, other) = (folder.path().join("a.md"), elsewhere.path().join("b.md"));
        for (before, after) in [("one", "longer"), ("longer", "x"), ("x", "")] {
            fs::write(&path, before).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
            let _ = fs::hard_link(&path, &other);
            replace(folder.path(), "a.md", before, after).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), after);
            assert_eq!(fs::read_to_string(&other).unwrap(), after);
            let metadata = fs::metadata(&path).unwrap();
            assert_eq!((metadata.nlink(), metadata.mode() & 0o777), (2, 0o640));
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        }
        let save = || fs::write(&path, "y").unwrap();
        assert!(replace_after(folder.path(), "a.md", "", "z", save).is_err());
        assert_eq!(fs::read_to_string(&other).unwrap(), "y");
    }

    #[cfg(unix)]
    #[test]
    fn files_keep_their_owner_group_and_mode() {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        fs::write(&path, "one").unwrap();
        // Only root may give a file away; others keep their own, which holds anyway.
        let _ = chown(&path, Some(1234), Some(4321));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let facts = || {
            let metadata = fs::metadata(&path).unwrap();
            (metadata.uid(), metadata.gid(), metadata.mode() & 0o777)
        };
        let before = facts();
        replace(folder.path(), "a.md", "one", "two").unwrap();
        assert_eq!(raw_text(folder.path(), "a.md").as_deref(), Some("two"));
        assert_eq!(facts(), before);
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
