//! A folder → [`Tree`]: the files below the notes' root. Notes are read when their text is needed.
//!
//! One of the few modules that use the file system. Hidden files are not read, symbolic links that
//! leave the root are not followed, and an error with one file does not stop the reading of others.
//!
//! Must not know: Markdown, pages, navigation.

mod again;
mod begin;
mod beside;
mod encoding;
mod folder;
mod public;
mod rewrite;
mod walk;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::diagnostic::{Diagnostic, Kind};
use crate::path::SourcePath;
use crate::phrase::{Phrase, phrase, system_error};
use crate::stamp::Stamp;

use self::walk::{FoundEntries, TreeWalk};

pub use self::begin::{create, names_in};
pub use self::beside::{NoteText, add_beside, bytes_beside, own_text, remove_beside, words_in};
pub use self::folder::{
    FolderIdentity, folder_like, git_log, is_empty_folder, is_git_at_work, real_folder,
    silent_file_system,
};
pub use self::public::PublicFolder;
pub use self::rewrite::{raw_text, replace, text_below};

/// Text files larger than this are not included into notes; in bytes.
const LARGEST_INCLUDE: u64 = 8 << 20;
/// The entry at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A Markdown file.
    Note(Text),
    /// A `README.link`: the address of the folder's notes.
    Elsewhere(Arc<str>),
    /// Any other file.
    File {
        /// Size in bytes.
        size: u64,
        /// Its fingerprint; `None` if the file was written so recently that a change could leave it
        /// the same.
        stamp: Option<Stamp>,
    },
    /// A git-LFS pointer in place of a file.
    LfsPointer,
    /// A folder.
    Folder,
    /// A hidden or excluded file or folder, which was not read.
    Hidden,
    /// A draft; set by the stage that reads the front matter.
    Draft,
}

/// The text of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// The text itself.
    Here(Arc<str>),
    /// It is in the file, whose stamp this is; `None` if the file was written so recently that a
    /// change could leave the stamp the same.
    OnDisk(Option<Stamp>),
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Here(text.into())
    }
}

/// The bytes of a file.
#[derive(Debug)]
pub struct FileBytes {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The metadata of the file after it was read.
    pub metadata: fs::Metadata,
}

/// The files below the notes' root.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// The notes' root.
    pub root: PathBuf,
    /// The root in messages: relative to the folder that is built, ending in `/` if not empty.
    pub prefix: String,
    /// The folder that is built, which holds the root: links in the root may lead to its files.
    pub project: PathBuf,
    /// A folder outside the root whose files are part of the tree.
    pub public: Option<PublicFolder>,
    /// All entries by path.
    pub entries: BTreeMap<SourcePath, Entry>,
    /// Diagnostics about reading.
    pub problems: Vec<Diagnostic>,
}

/// The files that are not read.
#[derive(Clone, Copy)]
pub struct Skip<'a> {
    /// The output folder, which need not exist.
    pub output: &'a Path,
    /// The name of the folder with the program's own cache; it is not part of the tree.
    pub own: &'a str,
    /// The name of a file that marks a folder as an output of ours, and the beginning of its text.
    pub output_mark: (&'a str, &'a str),
    /// True if the configuration excludes a path below the root.
    pub excluded: &'a (dyn Fn(&SourcePath) -> bool + Sync),
}

impl Tree {
    /// Walks the folder `root`; notes are not read yet. `now` is the time.
    #[must_use]
    pub fn read(root: &Path, prefix: String, skip: Skip<'_>, now: SystemTime) -> Self {
        Self::read_in(root, root, prefix, skip, now)
    }

    /// The same for a root in the folder `project`, to whose files symbolic links may lead.
    #[must_use]
    pub fn read_in(
        project: &Path,
        root: &Path,
        prefix: String,
        skip: Skip<'_>,
        now: SystemTime,
    ) -> Self {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let (project, root) = (real(project), real(root));
        let mut tree = Self { root, prefix, project, ..Self::default() };
        tree.read_below(&SourcePath::root(), skip, now);
        tree
    }

    /// Adds the files at a path and below.
    fn read_below(&mut self, start: &SourcePath, skip: Skip<'_>, now: SystemTime) {
        let FoundEntries { entries, problems, .. } = TreeWalk::new(self, skip, now).from(start);
        // Of many entries a map is made faster than they are put into one.
        if self.entries.is_empty() {
            self.entries = entries.into_iter().collect();
        } else {
            self.entries.extend(entries);
        }
        self.problems.extend(problems);
    }

    /// A path in messages: relative to the folder that is built.
    #[must_use]
    pub fn shown(&self, path: &SourcePath) -> String {
        match self.in_public(path) {
            Some((public, below)) => format!("{}{below}", public.prefix),
            None => format!("{}{path}", self.prefix),
        }
    }

    /// A path on disk.
    #[must_use]
    pub fn on_disk(&self, path: &SourcePath) -> PathBuf {
        match self.in_public(path) {
            Some((public, below)) => public.root.join(below),
            None => self.root.join(path.as_str()),
        }
    }

    /// The notes in the order of their paths.
    pub fn notes(&self) -> impl Iterator<Item = (&SourcePath, &Text)> {
        self.entries.iter().filter_map(|(path, entry)| match entry {
            Entry::Note(text) => Some((path, text)),
            _ => None,
        })
    }

    /// The text of a note, and a diagnostic if it is not UTF-8.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn text(
        &self,
        path: &SourcePath,
        text: &Text,
    ) -> Result<(Arc<str>, Option<Diagnostic>), Diagnostic> {
        if let Text::Here(text) = text {
            return Ok((text.clone(), None));
        }
        let bytes = fs::read(self.on_disk(path)).map_err(|error| self.missing(path, &error))?;
        let (text, problem) = encoding::decode(&bytes);
        Ok((text.into(), problem.map(|problem| problem.in_file(self.shown(path)))))
    }

    /// Reads a text file that may be hidden: a navigation file that the configuration names.
    ///
    /// # Errors
    /// If the file does not exist or cannot be read.
    pub fn text_of(&self, path: &SourcePath) -> io::Result<Arc<str>> {
        if let Some(Entry::Note(Text::Here(text))) = self.entries.get(path) {
            return Ok(text.clone());
        }
        let real = self.on_disk(path).canonicalize()?;
        if !real.starts_with(&self.project) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                phrase!("it is outside the notes"),
            ));
        }
        Ok(encoding::decode(&fs::read(real)?).0.into())
    }

    /// The bytes of a file, if there are at most so many.
    ///
    /// # Errors
    /// The reason in words.
    pub fn bytes_of(&self, path: &SourcePath, most: u64) -> Result<FileBytes, Phrase> {
        let words = |error: io::Error| phrase!("it cannot be read: {error}", error);
        let real = self.on_disk(path).canonicalize().map_err(words)?;
        if !real.starts_with(&self.project) {
            return Err(phrase!("it is outside the notes"));
        }
        let file = fs::File::open(real).map_err(words)?;
        let mut bytes = Vec::new();
        let length = (&file).take(most + 1).read_to_end(&mut bytes).map_err(words)?;
        if u64::try_from(length).is_ok_and(|length| length > most) {
            return Err(phrase!("it is larger than {limit} MB", limit = most >> 20));
        }
        let metadata = file.metadata().map_err(words)?;
        Ok(FileBytes { bytes, metadata })
    }

    /// The text of a file that a note includes: below the root, not hidden, and of limited size.
    ///
    /// # Errors
    /// The reason in words.
    pub fn included(&self, path: &SourcePath) -> Result<Arc<str>, Phrase> {
        match self.entries.get(path) {
            Some(Entry::Note(_) | Entry::Draft) => {
                self.text_of(path).map_err(|error| system_error(&error))
            }
            Some(Entry::File { size, .. }) if *size <= LARGEST_INCLUDE => {
                self.text_of(path).map_err(|error| system_error(&error))
            }
            Some(Entry::File { .. }) => Err(phrase!("the file is too large")),
            Some(Entry::Folder) => Err(phrase!("it is a folder")),
            Some(Entry::LfsPointer) => Err(phrase!("it is a git-LFS pointer; run `git lfs pull`")),
            Some(Entry::Hidden) => Err(phrase!("it is hidden or excluded")),
            Some(Entry::Elsewhere(_)) | None => Err(phrase!("the file does not exist")),
        }
    }

    fn missing(&self, path: &SourcePath, error: &io::Error) -> Diagnostic {
        Diagnostic::new(Kind::Unreadable, phrase!("cannot be read: {error}", error))
            .in_file(self.shown(path))
            .help(phrase!("check its permissions; it is missing from the site"))
    }
}

/// The address in a `README.link`: its first line that is an http or https URL.
fn address(bytes: &[u8]) -> Option<Arc<str>> {
    let (text, _) = encoding::decode(bytes);
    text.lines()
        .map(str::trim)
        .find(|line| line.starts_with("http://") || line.starts_with("https://"))
        .map(Arc::from)
}
