//! A file's name → its text as a [`SettingsFile`]. Files that cannot be a configuration (folders,
//! pipes, large or binary ones) are refused before they are parsed.
//!
//! Must not know: YAML, TOML, JSON, or the settings.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Kind};
use crate::phrase::{Phrase, phrase};

/// Largest configuration file in bytes; a larger one is another kind of file with this name.
const LARGEST: u64 = 1 << 20;

/// The text of a configuration file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct SettingsFile {
    /// Its name, for messages.
    pub file: Arc<str>,
    /// Its text without a byte order mark.
    pub text: String,
}

impl SettingsFile {
    /// The line and the column, from 1, at a byte offset.
    pub fn position(&self, offset: usize) -> (u32, u32) {
        position(self.text.get(..offset).unwrap_or(&self.text))
    }
}

/// The line and the column, from 1, of what follows `before`.
fn position(before: &str) -> (u32, u32) {
    let last = before.rsplit('\n').next().unwrap_or_default();
    (small(before.matches('\n').count() + 1), small(last.chars().count() + 1))
}

/// A line or column as a diagnostic counts it.
pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Reads `name` in `folder`; `None` when the file does not exist. Problems are of the given kind.
pub(super) fn read(
    folder: &Path,
    name: &str,
    kind: Kind,
) -> Result<Option<SettingsFile>, Diagnostic> {
    let path = folder.join(name);
    let problem = |message: Phrase| Diagnostic::new(kind, message).in_file(name);
    if matches!(fs::symlink_metadata(&path), Err(error) if error.kind() == ErrorKind::NotFound) {
        return Ok(None);
    }
    let bytes = regular(&path)
        .and_then(|()| bytes(&path))
        .map_err(|refusal| problem(refusal.message).help(refusal.help))?;
    let text = decode(bytes).map_err(|(diagnosis, line)| {
        problem(diagnosis)
            .at_line(line)
            .help(phrase!("save the file again with the encoding UTF-8"))
    })?;
    Ok(Some(SettingsFile { file: Arc::from(name), text }))
}

/// The reason why a file was not read, and the way out.
struct UnusableFile {
    message: Phrase,
    help: Phrase,
}

impl UnusableFile {
    fn new(message: Phrase, help: Phrase) -> Self {
        Self { message, help }
    }

    fn unreadable(error: &std::io::Error) -> Self {
        if error.kind() == ErrorKind::NotFound {
            return Self::new(
                phrase!("is a symbolic link to a file that does not exist"),
                phrase!("correct the link or delete it"),
            );
        }
        Self::new(
            phrase!("cannot be read: {error}", error),
            phrase!("check the file's permissions, or delete it"),
        )
    }
}

/// Refuses folders, pipes and devices: reading a pipe might never end.
fn regular(path: &Path) -> Result<(), UnusableFile> {
    let metadata = fs::metadata(path).map_err(|error| UnusableFile::unreadable(&error))?;
    match metadata {
        found if found.is_dir() => {
            Err(UnusableFile::new(phrase!("is a folder, not a file"), phrase!("rename the folder")))
        }
        found if !found.is_file() => Err(UnusableFile::new(
            phrase!("is not an ordinary file"),
            phrase!("replace it with a text file"),
        )),
        _ => Ok(()),
    }
}

/// The whole file, unless it is too large.
fn bytes(path: &Path) -> Result<Vec<u8>, UnusableFile> {
    let file = File::open(path).map_err(|error| UnusableFile::unreadable(&error))?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| UnusableFile::unreadable(&error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(UnusableFile::new(
            phrase!("is larger than 1 MB, too large for a settings file"),
            phrase!("keep only the settings in this file"),
        ));
    }
    Ok(bytes)
}

/// The bytes as text; the error says why they are not UTF-8, and the line of the first such byte.
fn decode(mut bytes: Vec<u8>) -> Result<String, (Phrase, u32)> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err((phrase!("is UTF-16 text, not UTF-8"), 0));
    }
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]);
        (phrase!("is not UTF-8 text"), position(&before).0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The result of reading a file of these bytes.
    fn said(bytes: &[u8]) -> Result<Option<SettingsFile>, (String, u32)> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("notes.yaml"), bytes).unwrap();
        read(folder.path(), "notes.yaml", Kind::Configuration).map_err(|said| {
            assert!(said.help.is_some(), "{said:?}");
            (said.message.to_string(), said.location.span.line)
        })
    }

    #[test]
    fn unusable_files_are_refused_with_a_way_out() {
        let large = vec![b'#'; 50 << 20];
        for (bytes, message, line) in [
            (&large[..], "is larger than 1 MB, too large for a settings file", 0),
            (b"title: x\nauthor: \xc4\xe3\n", "is not UTF-8 text", 2),
            (b"\xff\xfet\0", "is UTF-16 text, not UTF-8", 0),
        ] {
            assert_eq!(said(bytes), Err((message.to_owned(), line)));
        }
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(said(b"\xef\xbb\xbftitle: x").unwrap().unwrap().text, "title: x");
        assert_eq!(said(b"").unwrap().unwrap().text, "");
    }

    #[test]
    fn a_folder_is_refused_and_a_missing_file_is_none() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path(), "notes.yaml", Kind::Configuration), Ok(None));
        fs::create_dir(folder.path().join("notes.yaml")).unwrap();
        let said = read(folder.path(), "notes.yaml", Kind::Configuration).unwrap_err();
        assert_eq!(said.message, "is a folder, not a file");
        assert_eq!(said.help, Some(phrase!("rename the folder")));
    }

    #[cfg(unix)]
    #[test]
    fn a_dangling_link_is_not_a_missing_file() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("book.toml")).unwrap();
        let said = read(folder.path(), "book.toml", Kind::ForeignConfiguration).unwrap_err();
        assert_eq!(said.message, "is a symbolic link to a file that does not exist");
    }

    #[test]
    fn positions_count_characters_from_one() {
        let source = SettingsFile { file: Arc::from("x"), text: "a\n标题b".to_owned() };
        for (offset, expected) in [(0, (1, 1)), (2, (2, 1)), (8, (2, 3)), (99, (2, 4))] {
            assert_eq!(source.position(offset), expected, "{offset}");
        }
    }
}
