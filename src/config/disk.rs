//! The text of a path in a configuration → an existing [`SourcePath`] inside the folder, or a
//! [`Mistake`].
//!
//! Must not know: the key of the path, or its purpose.

use std::path::Path;

use super::mistake::{Mistake, shortened};
use crate::path::SourcePath;
use crate::phrase::phrase;

/// The kind of file at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// No file, or none that can be read.
    Nothing,
    /// Something outside the folder, by way of a symbolic link.
    Outside,
}

/// The kind of file at `path` below `folder`.
pub(super) fn look(folder: &Path, path: &SourcePath) -> PathKind {
    let (Ok(root), Ok(real)) = (folder.canonicalize(), folder.join(path.as_str()).canonicalize())
    else {
        return PathKind::Nothing;
    };
    match real {
        real if !real.starts_with(root) => PathKind::Outside,
        real if real.is_dir() => PathKind::Folder,
        real if real.is_file() => PathKind::File,
        _ => PathKind::Nothing,
    }
}

/// The folder in which Obsidian keeps the settings of a vault.
const OBSIDIAN: &str = ".obsidian";

/// True if Obsidian opens a folder, or the notes in it, as a vault.
pub(crate) fn is_vault(folder: &Path, content: &SourcePath) -> bool {
    [folder.to_owned(), folder.join(content.as_str())]
        .iter()
        .any(|folder| folder.join(OBSIDIAN).is_dir())
}

/// Reads a relative path that stays inside.
pub(super) fn inside(text: &str) -> Result<SourcePath, Mistake> {
    let text = text.trim();
    let drive = text.as_bytes().get(1) == Some(&b':');
    if text.contains('\\') {
        return Err(Mistake::new(
            phrase!("contains a backslash"),
            phrase!("write {text}", text = shortened(&text.replace('\\', "/"))),
        ));
    }
    if is_absolute(text) || drive {
        return Err(Mistake::new(
            phrase!("must be a path inside the folder, not “{text}”", text = shortened(text)),
            phrase!("write a path relative to the notes, without / at the start"),
        ));
    }
    SourcePath::new(text).ok_or_else(|| points_outside(text))
}

/// True for `/…` and `~/…`; a name such as `~a` is relative.
fn is_absolute(text: &str) -> bool {
    text.starts_with('/') || text == "~" || text.starts_with("~/")
}

/// The mistake of a path that points outside the folder.
pub(super) fn points_outside(text: &str) -> Mistake {
    Mistake::new(
        phrase!("points outside the folder: “{text}”", text = shortened(text)),
        phrase!("move the file into the folder, or build the folder above it"),
    )
}

/// Reads the path of a file below `content` in `folder`; the path is relative to `content`.
pub(super) fn file(folder: &Path, content: &SourcePath, text: &str) -> Result<SourcePath, Mistake> {
    let path = inside(text)?;
    if path.is_root() {
        return Err(Mistake::new(
            phrase!("is empty"),
            phrase!("write the path of a file, or delete the line"),
        ));
    }
    match look(&folder.join(content.as_str()), &path) {
        PathKind::File => Ok(path),
        PathKind::Folder => Err(Mistake::new(
            phrase!("is a folder: “{text}”", text = shortened(text)),
            phrase!("write the path of a file in it"),
        )),
        PathKind::Outside => Err(points_outside(text)),
        PathKind::Nothing => Err(not_there(folder, content, &path)),
    }
}

fn not_there(folder: &Path, content: &SourcePath, path: &SourcePath) -> Mistake {
    let message =
        phrase!("names a file that does not exist: “{path}”", path = shortened(path.as_str()));
    let again = below(content, path).filter(|_| look(folder, path) == PathKind::File);
    match again {
        Some(rest) => {
            let help =
                phrase!("paths are relative to `content`: write {rest}", rest = rest.shown());
            Mistake::new(message, help)
        }
        None => Mistake::new(message, phrase!("check the spelling, upper and lower case included")),
    }
}

/// Reads the path of a folder.
pub(super) fn folder(folder: &Path, text: &str) -> Result<SourcePath, Mistake> {
    let path = inside(text)?;
    match look(folder, &path) {
        PathKind::Folder => Ok(path),
        PathKind::Outside => Err(points_outside(text)),
        PathKind::File => Err(Mistake::new(
            phrase!("is a file: “{text}”", text = shortened(text)),
            phrase!("write the path of the folder that holds the notes"),
        )),
        PathKind::Nothing => Err(Mistake::new(
            phrase!("names a folder that does not exist: “{text}”", text = shortened(text)),
            phrase!("check the spelling, upper and lower case included"),
        )),
    }
}

/// `path` relative to `top`; `None` if it is not below it.
pub(super) fn below(top: &SourcePath, path: &SourcePath) -> Option<SourcePath> {
    if top.is_root() {
        return Some(path.clone());
    }
    SourcePath::new(path.as_str().strip_prefix(top.as_str())?.strip_prefix('/')?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        for (text, expected) in [
            ("docs/", Ok("docs")),
            ("./a/../b", Ok("b")),
            (".", Ok("")),
            ("~~a", Ok("~~a")),
            ("~a", Ok("~a")),
            ("..", Err("points outside the folder: “..”")),
            ("/etc", Err("must be a path inside the folder, not “/etc”")),
            ("~/notes", Err("must be a path inside the folder, not “~/notes”")),
            ("C:/notes", Err("must be a path inside the folder, not “C:/notes”")),
            ("a\\b", Err("contains a backslash")),
        ] {
            let found = inside(text)
                .map(|path| path.as_str().to_owned())
                .map_err(|said| said.message.to_string());
            assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn paths_relative_to_a_folder() {
        let path = |text| SourcePath::new(text).unwrap();
        for (top, whole, expected) in [
            ("", "a/b", Some("a/b")),
            ("a", "a/b", Some("b")),
            ("a", "ab/c", None),
            ("a", "a", None),
        ] {
            assert_eq!(below(&path(top), &path(whole)), expected.map(path), "{whole} from {top}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_is_outside() {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        std::os::unix::fs::symlink(outer.path(), inner.join("out")).unwrap();
        assert_eq!(look(&inner, &SourcePath::new("out").unwrap()), PathKind::Outside);
        assert_eq!(folder(&inner, "out").unwrap_err().message, "points outside the folder: “out”");
    }
}
