//! One text → a file of its own, outside the folder of a site. A file that another program wrote is
//! not replaced.
//!
//! Must not know: what the text is.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::disk;
use crate::diagnostic::{Diagnostic, Kind};
use crate::phrase::phrase;

/// Writes a text to a file. One that is there is replaced if it begins with `mark`, is empty, or
/// `force` is true.
///
/// # Errors
/// A file of another kind, or one that cannot be written.
pub fn write_single(path: &Path, text: &str, mark: &str, force: bool) -> Result<(), Diagnostic> {
    let refused = |error: io::Error| disk::unwritable(path, &error);
    let there = fs::metadata(path);
    if there.as_ref().is_ok_and(fs::Metadata::is_file) && !force {
        let begin = beginning(path, mark.len()).map_err(refused)?;
        if !begin.is_empty() && begin != mark.as_bytes() {
            let message = phrase!("this program did not write the file");
            let help = phrase!("choose another one with `-o`, or replace it with `--force`");
            let place = path.display().to_string();
            return Err(Diagnostic::new(Kind::Unwritable, message).in_file(place).help(help));
        }
    }
    let fill = |file: &mut fs::File| file.write_all(text.as_bytes());
    // A pipe or a device is written to; a symbolic link stays one.
    if there.as_ref().is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        let mut file = fs::OpenOptions::new().write(true).open(path).map_err(refused)?;
        return fill(&mut file).map_err(refused);
    }
    disk::replace(&real(path).map_err(refused)?, fill).map_err(refused)?;
    Ok(())
}

/// The first bytes of a file.
fn beginning(path: &Path, length: usize) -> io::Result<Vec<u8>> {
    let mut begin = Vec::new();
    fs::File::open(path)?.take(length as u64).read_to_end(&mut begin)?;
    Ok(begin)
}

/// The path behind symbolic links, with its folder.
fn real(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize().or_else(|_| std::path::absolute(path))
}
