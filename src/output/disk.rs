//! Bytes → a whole file on disk, by a temporary file beside it and a rename. Also turns the
//! system's errors into messages.
//!
//! Must not know: routes, the manifest, or the meaning of the files.

use std::path::Path;
use std::{fs, io};

use crate::diagnostic::{Diagnostic, Kind};
use crate::digest::Digest;
use crate::phrase::phrase;
use crate::stamp::Stamp;
use crate::temporary::{self, Access};

/// Replaces the file at `path` by the bytes that `fill` writes: a reader sees the old file or the
/// new one, never a part. If anything fails, the old file stays and no temporary file is left.
/// Gives the result of `fill`, and the file's stamp.
pub fn replace<T>(
    path: &Path,
    fill: impl FnOnce(&mut fs::File) -> io::Result<T>,
) -> io::Result<(T, Option<Stamp>)> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidFilename)?;
    let mut temporary = temporary::file_in(folder, Access::Public)?;
    let result = fill(temporary.as_file_mut())?;
    // Taken from the open file: another run may just have replaced the file at `path`.
    let file = temporary.persist(path)?;
    let stamp = file.metadata().ok().and_then(|metadata| Stamp::of_own(&metadata));
    Ok((result, stamp))
}

/// Replaces the file at `path` by a temporary one that is whole; gives the file's stamp.
pub fn move_to(from: &Path, path: &Path) -> io::Result<Option<Stamp>> {
    let mut file = fs::File::open(from)?;
    match fs::rename(from, path) {
        // A folder of the site may be another file system.
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            replace(path, |target| io::copy(&mut file, target)).map(|(_, stamp)| stamp)
        }
        Err(error) => Err(error),
        Ok(()) => Ok(file.metadata().ok().and_then(|metadata| Stamp::of_own(&metadata))),
    }
}

/// Opens `path` if it is a plain file: a symbolic link is not followed, and a pipe, which might
/// block, is not opened.
pub fn open(path: &Path) -> Option<fs::File> {
    let is_plain = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    is_plain.then(|| fs::File::open(path).ok())?
}

/// The digest of a file on disk.
pub fn digest_of(path: &Path) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs::File::open(path)?)?;
    Ok(Digest::from(&hasher))
}

/// True if there is no space left, so that every further write would fail in the same way.
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// The message that `path` cannot be written or removed.
pub fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    use io::ErrorKind::{InvalidFilename, PermissionDenied, QuotaExceeded, StorageFull};
    let help = match error.kind() {
        PermissionDenied => phrase!("make the folder writable, or choose another folder with `-o`"),
        StorageFull | QuotaExceeded => phrase!("free some space and build again"),
        InvalidFilename => phrase!("shorten the names of the note and its folders"),
        _ => phrase!("choose another folder with `-o`"),
    };
    let message = phrase!("cannot be written: {error}", error);
    Diagnostic::new(Kind::Unwritable, message).in_file(path.display().to_string()).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temporary::names;
    use std::io::Write;

    #[test]
    fn a_write_that_fails_half_way_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("page.html");
        replace(&page, |file| file.write_all(b"old")).unwrap();
        let error = replace(&page, |file| {
            file.write_all(b"ha")?;
            Err::<(), _>(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert!(is_full(&error.unwrap_err()));
        assert_eq!(fs::read(&page).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["page.html"]);
    }
}
