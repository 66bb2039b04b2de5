//! A folder → [`Tree`]: the files below the notes' root. Notes are read when their text is needed.
//!
//! One of the few modules that use the file system. Hidden files are not read, symbolic links that
//! leave the root are not followed, and an error with one file does not stop the reading of others.
//!
//! Must not know: Markdown, pages, navigation.

mod again;
mod begin;
mod encoding;
mod folder;
mod public;
mod rewrite;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::diagnostic::{Diagnostic, Kind};
use crate::path::{CACHE_TAG, SourcePath};
use crate::phrase::{Phrase, phrase, system_error};
use crate::stamp::Stamp;

pub use self::begin::{create, names_in};
pub use self::folder::{
    FolderIdentity, folder_like, git_log, is_empty_folder, is_git_at_work, real_folder,
    silent_file_system,
};
pub use self::public::PublicFolder;
pub use self::rewrite::{raw_text, replace, text_below};

/// The beginning of a git-LFS pointer (git-lfs `docs/spec.md`).
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";
/// A git-LFS pointer is never larger; in bytes.
const LARGEST_POINTER: u64 = 1024;
/// Text files larger than this are not included into notes; in bytes.
const LARGEST_INCLUDE: u64 = 8 << 20;
/// The file that a virtual environment of Python has at its top (PEP 405).
const VENV_SETTINGS: &str = "pyvenv.cfg";
/// The beginning of a file named [`CACHE_TAG`].
const CACHE_SIGNATURE: &str = "Signature: 8a477f597d28d172789f06886806bc55";
/// The name of the file that gives the address of a folder whose notes are on another site.
const ELSEWHERE: &str = "README.link";

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
    pub excluded: &'a dyn Fn(&SourcePath) -> bool,
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
        let found = self.walk(start, skip);
        let load = |(path, metadata): (SourcePath, fs::Metadata)| {
            self.load(path, metadata.len(), Stamp::of(&metadata, now))
        };
        let read: Vec<_> = found.into_par_iter().map(load).collect();
        for (path, entry, problem) in read {
            self.entries.extend(entry.map(|entry| (path, entry)));
            self.problems.extend(problem);
        }
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

    /// The files to read at a path and below, with their metadata; folders and hidden entries are
    /// added to the tree.
    fn walk(&mut self, start: &SourcePath, skip: Skip<'_>) -> Vec<(SourcePath, fs::Metadata)> {
        let mut files = Vec::new();
        let output = skip.output.canonicalize().ok();
        let walker = WalkDir::new(self.on_disk(start)).follow_root_links(start.is_root());
        let mut walker = walker.min_depth(usize::from(start.is_root())).into_iter();
        while let Some(entry) = walker.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.problems.push(self.unreadable(&error));
                    continue;
                }
            };
            let path = self.path_of(&entry).filter(|path| path.as_str() != skip.own);
            let Some(path) = path else {
                if entry.file_type().is_dir() {
                    walker.skip_current_dir();
                }
                continue;
            };
            let contains = |name: &str, begin: &str| {
                entry.file_type().is_dir() && begins(&entry.path().join(name), begin)
            };
            let (mark, begin) = skip.output_mark;
            let is_marked = contains(mark, begin)
                || contains(CACHE_TAG, CACHE_SIGNATURE)
                || contains(VENV_SETTINGS, "");
            let is_output = output.as_deref() == Some(entry.path());
            let is_hidden = path.is_hidden() && !path.is_public();
            if is_output || is_marked || is_hidden || (skip.excluded)(&path) {
                if entry.file_type().is_dir() {
                    walker.skip_current_dir();
                }
                if is_marked && !is_output {
                    let message = phrase!(
                        "the folder is marked as a cache, an earlier output or a virtual environment \
                         of Python, so it is skipped"
                    );
                    self.problems
                        .push(Diagnostic::new(Kind::Skipped, message).in_file(self.shown(&path)));
                }
                if !is_output {
                    self.entries.insert(path, Entry::Hidden);
                }
                continue;
            }
            files.extend(self.enter(&entry, path, skip));
        }
        files
    }

    /// Adds a folder to the tree; gives a file with its metadata.
    fn enter(
        &mut self,
        entry: &DirEntry,
        path: SourcePath,
        skip: Skip<'_>,
    ) -> Option<(SourcePath, fs::Metadata)> {
        if entry.file_type().is_dir() {
            self.entries.insert(path, Entry::Folder);
            return None;
        }
        let metadata = if entry.path_is_symlink() {
            self.follow(entry, &path, skip)?
        } else {
            entry.metadata().ok()?
        };
        // Pipes, sockets and devices are skipped: reading one could block for ever.
        metadata.is_file().then_some((path, metadata))
    }

    /// The target of a symbolic link, if that is a file below the root.
    fn follow(
        &mut self,
        entry: &DirEntry,
        path: &SourcePath,
        skip: Skip<'_>,
    ) -> Option<fs::Metadata> {
        let target = entry.path().canonicalize();
        let (reason, help) = match target {
            Err(error) if error.kind() == io::ErrorKind::NotFound => (
                phrase!("its target does not exist"),
                phrase!("remove the link or restore its target"),
            ),
            Err(_) => (phrase!("it is a loop or cannot be read"), phrase!("remove the link")),
            Ok(target) if !target.starts_with(&self.project) => (
                phrase!("its target is outside the notes"),
                phrase!("copy the file into the notes if it should be published"),
            ),
            Ok(target) if self.is_left_out(&target, skip) => (
                phrase!("its target is hidden, excluded or in the output folder"),
                phrase!("copy the file to another folder if it should be published"),
            ),
            Ok(target) => match fs::metadata(&target) {
                Ok(metadata) if metadata.is_file() => return Some(metadata),
                _ => (
                    phrase!("its target is a folder"),
                    phrase!(
                        "remove the link: the notes of that folder are published at its own place"
                    ),
                ),
            },
        };
        let message = phrase!("symbolic link not followed: {reason}", reason);
        self.problems
            .push(Diagnostic::new(Kind::Symlink, message).in_file(self.shown(path)).help(help));
        None
    }

    /// True if a file of the project is hidden, excluded or part of the output. Only paths below
    /// the root can be excluded.
    fn is_left_out(&self, target: &Path, skip: Skip<'_>) -> bool {
        let below = |folder: &Path| {
            let below = target.strip_prefix(folder).ok()?.to_str()?;
            SourcePath::new(&below.replace(std::path::MAIN_SEPARATOR, "/"))
        };
        let output = skip.output.canonicalize();
        let is_output = output.is_ok_and(|output| target.starts_with(output));
        let is_hidden =
            below(&self.project).is_none_or(|path| path.is_hidden() && !path.is_public());
        is_output || is_hidden || below(&self.root).is_some_and(|path| (skip.excluded)(&path))
    }

    fn path_of(&mut self, entry: &DirEntry) -> Option<SourcePath> {
        let relative = entry.path().strip_prefix(&self.root).ok()?;
        let Some(text) = relative.to_str() else {
            let name = relative.to_string_lossy();
            let problem = Diagnostic::new(
                Kind::Encoding,
                phrase!("the file name is not UTF-8, so the file is not published"),
            );
            self.problems.push(
                problem.in_file(crate::path::without_control(&name)).help(phrase!("rename it")),
            );
            return None;
        };
        SourcePath::new(&text.replace(std::path::MAIN_SEPARATOR, "/"))
    }

    fn unreadable(&self, error: &walkdir::Error) -> Diagnostic {
        let path = error
            .path()
            .and_then(|path| path.strip_prefix(&self.root).ok())
            .unwrap_or(Path::new(""));
        let why =
            error.io_error().map_or_else(|| Phrase::verbatim(error.to_string()), system_error);
        let shown = crate::path::without_control(&path.to_string_lossy());
        Diagnostic::new(Kind::Unreadable, phrase!("cannot be read: {why}", why))
            .in_file(format!("{}{shown}", self.prefix))
            .help(phrase!("check its permissions; its content is missing from the site"))
    }

    fn missing(&self, path: &SourcePath, error: &io::Error) -> Diagnostic {
        Diagnostic::new(Kind::Unreadable, phrase!("cannot be read: {error}", error))
            .in_file(self.shown(path))
            .help(phrase!("check its permissions; it is missing from the site"))
    }

    /// Reads as much of a file as is needed to know its kind.
    fn load(
        &self,
        path: SourcePath,
        size: u64,
        stamp: Option<Stamp>,
    ) -> (SourcePath, Option<Entry>, Option<Diagnostic>) {
        // Hidden files that are published, such as those in `.well-known`, are never notes.
        if path.is_markdown() && !path.is_hidden() {
            return (path, Some(Entry::Note(Text::OnDisk(stamp))), None);
        }
        let is_elsewhere = path.name() == ELSEWHERE;
        if !is_elsewhere && size > LARGEST_POINTER {
            return (path, Some(Entry::File { size, stamp }), None);
        }
        let bytes = match fs::read(self.on_disk(&path)) {
            Ok(bytes) => bytes,
            Err(error) => {
                let problem = self.missing(&path, &error);
                return (path, None, Some(problem));
            }
        };
        let entry = if bytes.starts_with(LFS_POINTER) {
            Entry::LfsPointer
        } else if let Some(url) = is_elsewhere.then(|| address(&bytes)).flatten() {
            Entry::Elsewhere(url)
        } else {
            Entry::File { size, stamp }
        };
        (path, Some(entry), None)
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

/// True if a file's text starts with `begin`.
fn begins(path: &Path, begin: &str) -> bool {
    let mut head = vec![0; begin.len()];
    fs::File::open(path)
        .is_ok_and(|mut file| file.read_exact(&mut head).is_ok() && head == begin.as_bytes())
}
