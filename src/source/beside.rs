//! Files that the program keeps beside the notes: new ones, which never replace others, and their
//! removal. Nothing outside the folder of the notes is made or removed, wherever symbolic links
//! lead.
//!
//! Must not know: the content of the files.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use walkdir::{DirEntry, WalkDir};

use super::encoding;
use crate::temporary::{self, Access};

/// The bytes of a file in a folder; `None` if there is none, or it is outside.
#[must_use]
pub fn bytes_beside(folder: &Path, file: &str) -> Option<Vec<u8>> {
    fs::read(inside(folder, file).ok()?).ok()
}

/// Writes a new file, and the folders above it, in a folder; `false` if a file with this name
/// exists already.
///
/// # Errors
/// If it cannot be written, or would be outside the folder.
pub fn add_beside(folder: &Path, file: &str, bytes: &[u8]) -> io::Result<bool> {
    let path = inside(folder, file)?;
    let above = path.parent().ok_or_else(|| io::Error::other("it has no folder"))?;
    fs::create_dir_all(above)?;
    // An earlier run may have been killed before its file had its name.
    temporary::sweep(above);
    let mut new = temporary::file_in(above, Access::Public)?;
    new.write_all(bytes)?;
    new.as_file().sync_all()?;
    match new.persist_noclobber(&path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

/// Removes a file in a folder, and the folder that it is in if that is empty then.
///
/// # Errors
/// If it cannot be removed, or is outside the folder.
pub fn remove_beside(folder: &Path, file: &str) -> io::Result<()> {
    let path = inside(folder, file)?;
    fs::remove_file(&path)?;
    if let Some(above) = path.parent().filter(|above| *above != folder) {
        // Fails if there is anything else in it.
        let _ = fs::remove_dir(above);
    }
    Ok(())
}

/// The text of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteText {
    /// That of its file, byte by byte.
    Exact(String),
    /// Its file has another encoding than UTF-8.
    Decoded(String),
}

/// The text of a file that is in a folder under this very path; `None` if that leads through a
/// symbolic link, or the file cannot be read.
#[must_use]
pub fn own_text(folder: &Path, file: &str) -> Option<NoteText> {
    let path = folder.canonicalize().ok()?.join(file);
    if path.canonicalize().ok()? != path {
        return None;
    }
    let text = String::from_utf8(fs::read(path).ok()?);
    Some(match text {
        Ok(text) => NoteText::Exact(text),
        Err(error) => NoteText::Decoded(encoding::decode(error.as_bytes()).0),
    })
}

/// The words, by their number, that may occur in the files of a folder, hidden and excluded ones
/// too: all of them if a file or folder cannot be read. The words are ASCII, so that they are found
/// in all encodings of notes. Folders with a file of the name `mark` are left out, and the files
/// and folders of which `is_left_out` is true.
#[must_use]
pub fn words_in(
    folder: &Path,
    words: &[&str],
    mark: &str,
    is_left_out: impl Fn(&Path) -> bool,
) -> BTreeSet<usize> {
    let search = |found: &mut BTreeSet<usize>| -> io::Result<()> {
        let spellings = words.iter().flat_map(|word| spellings(word));
        let searched = AhoCorasick::new(spellings).map_err(io::Error::other)?;
        let is_looked_at = |entry: &DirEntry| {
            let has_mark = entry.file_type().is_dir() && entry.path().join(mark).exists();
            !has_mark && !is_left_out(entry.path())
        };
        for entry in WalkDir::new(folder).into_iter().filter_entry(is_looked_at) {
            let entry = entry?;
            if entry.file_type().is_file() {
                // As a stream, for recordings and archives may be larger than the memory.
                for word in searched.stream_find_iter(File::open(entry.path())?) {
                    found.insert(word?.pattern().as_usize() / SPELLINGS);
                }
            }
        }
        Ok(())
    };
    let mut found = BTreeSet::new();
    match search(&mut found) {
        Ok(()) => found,
        Err(_) => (0..words.len()).collect(),
    }
}

/// The number of spellings of a word.
const SPELLINGS: usize = 3;

/// The bytes of an ASCII word in the encodings of notes: those that have ASCII in them, and UTF-16
/// in both orders.
fn spellings(word: &str) -> [Vec<u8>; SPELLINGS] {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| word.encode_utf16().flat_map(bytes).collect();
    [word.as_bytes().to_vec(), utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)]
}

/// The path of a file in a folder, unless a symbolic link on the way to it leads out of there.
fn inside(folder: &Path, file: &str) -> io::Result<PathBuf> {
    let path = folder.join(file);
    let there = path.ancestors().find(|above| above.symlink_metadata().is_ok());
    let real = there.unwrap_or(folder).canonicalize()?;
    if real.starts_with(folder.canonicalize()?) {
        return Ok(path);
    }
    Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is outside the notes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_files_replace_none_and_go_with_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        assert!(add_beside(folder.path(), "a/b/c.png", b"one").unwrap());
        assert!(!add_beside(folder.path(), "a/b/c.png", b"two").unwrap());
        assert_eq!(bytes_beside(folder.path(), "a/b/c.png").as_deref(), Some(&b"one"[..]));
        assert_eq!(fs::read_dir(folder.path().join("a/b")).unwrap().count(), 1);
        fs::write(folder.path().join("a/d"), "").unwrap();
        remove_beside(folder.path(), "a/b/c.png").unwrap();
        assert!(!folder.path().join("a/b").exists() && folder.path().join("a/d").exists());
        assert!(remove_beside(folder.path(), "a/b/c.png").is_err());
        assert!(add_beside(folder.path(), "a/d/e", b"x").is_err());
    }

    #[test]
    fn words_are_found_in_all_files_but_those_of_folders_that_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in [
            ("a.md", "x one y"),
            (".hidden/b.html", "two"),
            (".git/c", "three"),
            ("site/.mark", ""),
            ("site/d.html", "three"),
        ] {
            add_beside(folder.path(), file, text.as_bytes()).unwrap();
        }
        let words = ["one", "two", "three", "four"];
        let found = words_in(folder.path(), &words, ".mark", |path| path.ends_with(".git"));
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn words_are_found_in_large_files_and_in_utf_16() {
        let folder = tempfile::tempdir().unwrap();
        let large = [vec![b'x'; 17 << 20], b"four".to_vec()].concat();
        let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("\u{FEFF}图 {text}").encode_utf16().flat_map(bytes).collect()
        };
        for (file, bytes) in [
            ("large", large),
            ("little.md", utf16("one", u16::to_le_bytes)),
            ("big.md", utf16("two", u16::to_be_bytes)),
        ] {
            add_beside(folder.path(), file, &bytes).unwrap();
        }
        let found = words_in(folder.path(), &["one", "two", "three", "four"], ".mark", |_| false);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [0, 1, 3]);
    }

    #[test]
    fn a_folder_that_cannot_be_read_may_have_all_words() {
        let folder = tempfile::tempdir().unwrap();
        let found = words_in(&folder.path().join("a"), &["one", "two"], ".mark", |_| false);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [0, 1]);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_outside_is_made_read_or_removed() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(outside.path().join("x"), "x").unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("a")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("new"), folder.path().join("b")).unwrap();
        for file in ["a/b/c", "a/b", "b", "../c"] {
            assert!(add_beside(folder.path(), file, b"x").is_err(), "{file}");
        }
        assert!(remove_beside(folder.path(), "a/x").is_err());
        assert_eq!(bytes_beside(folder.path(), "a/x"), None);
        assert_eq!(own_text(folder.path(), "a/x"), None);
        fs::write(folder.path().join("n.md"), "n").unwrap();
        std::os::unix::fs::symlink("n.md", folder.path().join("m.md")).unwrap();
        let exact = NoteText::Exact("n".to_owned());
        assert_eq!(own_text(folder.path(), "n.md"), Some(exact));
        assert_eq!(own_text(folder.path(), "m.md"), None);
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    }
}
