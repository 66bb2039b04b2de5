//! Bytes → a file of its own, outside the folder of a site. A file that another program wrote is
//! not replaced.
//!
//! Must not know: what the bytes are.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::disk;
use crate::diagnostic::{Diagnostic, Kind};
use crate::phrase::phrase;

/// Largest file that is read to see if this program wrote it, in bytes.
const LARGEST: u64 = 1 << 30;

/// The mark of the files that this program wrote.
#[derive(Clone, Copy)]
pub enum FileMark<'a> {
    /// They begin with this text.
    Beginning(&'a str),
    /// Their bytes, all together, say so.
    Whole(&'a dyn Fn(Vec<u8>) -> bool),
}

impl FileMark<'_> {
    /// True if a file has it, or is empty.
    fn is_on(self, path: &Path) -> io::Result<bool> {
        match self {
            Self::Beginning(mark) => {
                let begin = beginning(path, mark.len() as u64)?;
                Ok(begin.is_empty() || begin == mark.as_bytes())
            }
            Self::Whole(is_ours) => {
                let bytes = beginning(path, LARGEST)?;
                Ok(bytes.is_empty() || is_ours(bytes))
            }
        }
    }
}

/// Looks if a file may be written: that its folder exists, and no file of its name, or one that has
/// the mark, or is empty, or that `force` is true.
///
/// # Errors
/// A folder, a file of another kind, or a folder that does not exist.
pub fn check_single(path: &Path, mark: FileMark<'_>, force: bool) -> Result<(), Diagnostic> {
    let there = fs::metadata(path);
    if there.as_ref().is_ok_and(fs::Metadata::is_dir) {
        return Err(disk::unwritable(path, &io::ErrorKind::IsADirectory.into()));
    }
    let parent = std::path::absolute(path).ok().and_then(|path| path.parent().map(Path::to_owned));
    if let Some(Err(error)) = parent.map(fs::metadata) {
        return Err(disk::unwritable(path, &error));
    }
    let is_file = there.is_ok_and(|there| there.is_file());
    let may_replace = || mark.is_on(path).map_err(|error| disk::unwritable(path, &error));
    if !is_file || force || may_replace()? {
        return Ok(());
    }
    let message = phrase!("this program did not write the file");
    let help = phrase!("choose another one with `-o`, or replace it with `--force`");
    let place = path.display().to_string();
    Err(Diagnostic::new(Kind::Unwritable, message).in_file(place).help(help))
}

/// Writes bytes to a file. One that is there is replaced if it has the mark, is empty, or `force`
/// is true.
///
/// # Errors
/// A file of another kind, or one that cannot be written.
pub fn write_single(
    path: &Path,
    bytes: &[u8],
    mark: FileMark<'_>,
    force: bool,
) -> Result<(), Diagnostic> {
    let refused = |error: io::Error| disk::unwritable(path, &error);
    check_single(path, mark, force)?;
    let there = fs::metadata(path);
    let fill = |file: &mut fs::File| file.write_all(bytes);
    // A pipe or a device is written to; a symbolic link stays one.
    if there.as_ref().is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        let mut file = fs::OpenOptions::new().write(true).open(path).map_err(refused)?;
        return fill(&mut file).map_err(refused);
    }
    disk::replace(&real(path).map_err(refused)?, fill).map_err(refused)?;
    Ok(())
}

/// The first bytes of a file.
fn beginning(path: &Path, length: u64) -> io::Result<Vec<u8>> {
    let mut begin = Vec::new();
    fs::File::open(path)?.take(length).read_to_end(&mut begin)?;
    Ok(begin)
}

/// The path behind symbolic links, with its folder.
fn real(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize().or_else(|_| std::path::absolute(path))
}
