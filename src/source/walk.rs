//! A folder on disk → the entries of a tree at a path and below, found by all processors at once.
//! The names in a folder say which files need not be looked for, and come in their order, so that
//! the same files give the same messages in the same order.
//!
//! Must not know: the text of notes.

use std::ffi::OsStr;
use std::fs::{self, DirEntry, FileType, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;

use super::{Entry, Skip, Text, Tree, address};
use crate::diagnostic::{Diagnostic, Kind};
use crate::path::{CACHE_TAG, SourcePath, without_control};
use crate::phrase::{phrase, system_error};
use crate::stamp::Stamp;

/// The beginning of a git-LFS pointer (git-lfs `docs/spec.md`).
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";
/// A git-LFS pointer is never larger; in bytes.
const LARGEST_POINTER: u64 = 1024;
/// The file that a virtual environment of Python has at its top (PEP 405).
const VENV_SETTINGS: &str = "pyvenv.cfg";
/// The beginning of a file named [`CACHE_TAG`].
const CACHE_SIGNATURE: &str = "Signature: 8a477f597d28d172789f06886806bc55";
/// The name of the file that gives the address of a folder whose notes are on another site.
const ELSEWHERE: &str = "README.link";

/// The entries at a path and below, and the diagnostics about them.
#[derive(Debug, Default)]
pub(super) struct FoundEntries {
    pub entries: Vec<(SourcePath, Entry)>,
    pub problems: Vec<Diagnostic>,
    /// Folders that are still to be read, with their paths on disk.
    folders: Vec<(SourcePath, PathBuf)>,
}

/// A walk through the files of a tree.
pub(super) struct TreeWalk<'a> {
    tree: &'a Tree,
    skip: Skip<'a>,
    /// The output folder without symbolic links, if there is one.
    output: Option<PathBuf>,
    /// The time.
    now: SystemTime,
}

/// A file that is no folder, or a symbolic link.
struct FoundFile<'a> {
    path: SourcePath,
    on_disk: &'a Path,
    kind: FileType,
}

impl FoundEntries {
    fn add(&mut self, other: Self) {
        self.entries.extend(other.entries);
        self.problems.extend(other.problems);
        self.folders.extend(other.folders);
    }
}

impl<'a> TreeWalk<'a> {
    pub fn new(tree: &'a Tree, skip: Skip<'a>, now: SystemTime) -> Self {
        Self { tree, skip, output: skip.output.canonicalize().ok(), now }
    }

    /// The entries at a path and below, level by level: folders may be so deep that a stack would
    /// not hold them.
    pub fn from(&self, start: &SourcePath) -> FoundEntries {
        let mut found = self.at(start);
        while !found.folders.is_empty() {
            let level = std::mem::take(&mut found.folders);
            let below: Vec<FoundEntries> =
                level.into_par_iter().map(|(path, on_disk)| self.folder(path, &on_disk)).collect();
            for below in below {
                found.add(below);
            }
        }
        found
    }

    /// The entry at a path, and those in it if it is a folder.
    fn at(&self, start: &SourcePath) -> FoundEntries {
        let mut found = FoundEntries::default();
        let on_disk = self.tree.on_disk(start);
        if start.is_root() {
            match listing(&on_disk) {
                Ok(listing) => self.add_all(start, listing, &mut found),
                Err(error) => found.problems.push(self.unreadable(start.as_str(), &error)),
            }
            return found;
        }
        match fs::symlink_metadata(&on_disk) {
            Ok(metadata) if metadata.is_dir() => found.add(self.folder(start.clone(), &on_disk)),
            Ok(metadata) => {
                let kind = metadata.file_type();
                let file = FoundFile { path: start.clone(), on_disk: &on_disk, kind };
                self.add_file(file, || Ok(metadata), &mut found);
            }
            Err(error) => found.problems.push(self.unreadable(start.as_str(), &error)),
        }
        found
    }

    /// The entries in a folder, itself included.
    fn folder(&self, path: SourcePath, on_disk: &Path) -> FoundEntries {
        let mut found = FoundEntries::default();
        if self.is_own(&path) {
            return found;
        }
        let is_output = self.is_output(on_disk);
        let listing =
            if is_output || self.is_hidden(&path) { None } else { Some(listing(on_disk)) };
        let names = listing.as_ref().and_then(|listing| listing.as_ref().ok());
        let is_marked = self.is_marked(on_disk, names);
        if is_marked && !is_output {
            let message = phrase!(
                "the folder is marked as a cache, an earlier output or a virtual environment of \
                 Python, so it is skipped"
            );
            let problem = Diagnostic::new(Kind::Skipped, message);
            found.problems.push(problem.in_file(self.tree.shown(&path)));
        }
        match listing {
            _ if is_output => {}
            Some(listing) if !is_marked => {
                found.entries.push((path.clone(), Entry::Folder));
                match listing {
                    Ok(listing) => self.add_all(&path, listing, &mut found),
                    Err(error) => found.problems.push(self.unreadable(path.as_str(), &error)),
                }
            }
            _ => found.entries.push((path, Entry::Hidden)),
        }
        found
    }

    /// Adds the entries of a folder with these names.
    fn add_all(
        &self,
        folder: &SourcePath,
        listing: Vec<io::Result<DirEntry>>,
        found: &mut FoundEntries,
    ) {
        for entry in listing {
            let (entry, kind) = match entry.and_then(|entry| Ok((entry.file_type()?, entry))) {
                Ok((kind, entry)) => (entry, kind),
                Err(error) => {
                    found.problems.push(self.unreadable(folder.as_str(), &error));
                    continue;
                }
            };
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                found.problems.push(unnamed(folder, &name));
                continue;
            };
            let (path, on_disk) = (folder.child(name), entry.path());
            if kind.is_dir() {
                found.folders.push((path, on_disk));
            } else {
                let file = FoundFile { path, on_disk: &on_disk, kind };
                self.add_file(file, || entry.metadata(), found);
            }
        }
    }

    /// Adds the entry of a file.
    fn add_file(
        &self,
        file: FoundFile<'_>,
        metadata: impl FnOnce() -> io::Result<Metadata>,
        found: &mut FoundEntries,
    ) {
        let FoundFile { path, on_disk, kind } = file;
        if self.is_own(&path) || self.is_output(on_disk) {
            return;
        }
        if self.is_hidden(&path) {
            found.entries.push((path, Entry::Hidden));
            return;
        }
        let metadata = if kind.is_symlink() {
            self.follow(on_disk, &path).map_err(Some)
        } else {
            metadata().map_err(|_| None)
        };
        match metadata {
            // Pipes, sockets and devices are skipped: reading one could block for ever.
            Ok(metadata) if !metadata.is_file() => {}
            Ok(metadata) => match self.entry(&path, &metadata) {
                Ok(entry) => found.entries.push((path, entry)),
                Err(problem) => found.problems.push(problem),
            },
            Err(problem) => found.problems.extend(problem),
        }
    }

    /// Reads as much of a file as is needed to know its kind.
    fn entry(&self, path: &SourcePath, metadata: &Metadata) -> Result<Entry, Diagnostic> {
        let (size, stamp) = (metadata.len(), Stamp::of(metadata, self.now));
        // Hidden files that are published, such as those in `.well-known`, are never notes.
        if path.is_markdown() && !path.is_hidden() {
            return Ok(Entry::Note(Text::OnDisk(stamp)));
        }
        let is_elsewhere = path.name() == ELSEWHERE;
        if !is_elsewhere && size > LARGEST_POINTER {
            return Ok(Entry::File { size, stamp });
        }
        let bytes =
            fs::read(self.tree.on_disk(path)).map_err(|error| self.tree.missing(path, &error))?;
        if bytes.starts_with(LFS_POINTER) {
            return Ok(Entry::LfsPointer);
        }
        let url = if is_elsewhere { address(&bytes) } else { None };
        Ok(url.map_or(Entry::File { size, stamp }, Entry::Elsewhere))
    }

    /// The target of a symbolic link, if that is a file below the root.
    fn follow(&self, link: &Path, path: &SourcePath) -> Result<Metadata, Diagnostic> {
        let target = link.canonicalize();
        let (reason, help) = match target {
            Err(error) if error.kind() == io::ErrorKind::NotFound => (
                phrase!("its target does not exist"),
                phrase!("remove the link or restore its target"),
            ),
            Err(_) => (phrase!("it is a loop or cannot be read"), phrase!("remove the link")),
            Ok(target) if !target.starts_with(&self.tree.project) => (
                phrase!("its target is outside the notes"),
                phrase!("copy the file into the notes if it should be published"),
            ),
            Ok(target) if self.is_left_out(&target) => (
                phrase!("its target is hidden, excluded or in the output folder"),
                phrase!("copy the file to another folder if it should be published"),
            ),
            Ok(target) => match fs::metadata(&target) {
                Ok(metadata) if metadata.is_file() => return Ok(metadata),
                _ => (
                    phrase!("its target is a folder"),
                    phrase!(
                        "remove the link: the notes of that folder are published at its own place"
                    ),
                ),
            },
        };
        let message = phrase!("symbolic link not followed: {reason}", reason);
        Err(Diagnostic::new(Kind::Symlink, message).in_file(self.tree.shown(path)).help(help))
    }

    /// True if a file of the project is hidden, excluded or part of the output. Only paths below
    /// the root can be excluded.
    fn is_left_out(&self, target: &Path) -> bool {
        let below = |folder: &Path| {
            let below = target.strip_prefix(folder).ok()?.to_str()?;
            SourcePath::new(&below.replace(std::path::MAIN_SEPARATOR, "/"))
        };
        let is_output = self.output.as_ref().is_some_and(|output| target.starts_with(output));
        let is_hidden =
            below(&self.tree.project).is_none_or(|path| path.is_hidden() && !path.is_public());
        is_output
            || is_hidden
            || below(&self.tree.root).is_some_and(|path| (self.skip.excluded)(&path))
    }

    /// True for the folder of the program's cache.
    fn is_own(&self, path: &SourcePath) -> bool {
        path.as_str() == self.skip.own
    }

    fn is_output(&self, on_disk: &Path) -> bool {
        self.output.as_deref() == Some(on_disk)
    }

    fn is_hidden(&self, path: &SourcePath) -> bool {
        path.is_hidden() && !path.is_public() || (self.skip.excluded)(path)
    }

    /// True if a file in a folder says that there are no notes in it. `listing` are the names in
    /// it, if they are known.
    fn is_marked(&self, folder: &Path, listing: Option<&Vec<io::Result<DirEntry>>>) -> bool {
        let marks = [self.skip.output_mark, (CACHE_TAG, CACHE_SIGNATURE), (VENV_SETTINGS, "")];
        let is_there = |name: &str| {
            listing.is_none_or(|listing| {
                // A disk may ignore case.
                let has_name = |entry: &DirEntry| entry.file_name().eq_ignore_ascii_case(name);
                listing.iter().flatten().any(has_name)
            })
        };
        marks.into_iter().any(|(name, begin)| is_there(name) && begins(&folder.join(name), begin))
    }

    fn unreadable(&self, path: &str, error: &io::Error) -> Diagnostic {
        let why = system_error(error);
        Diagnostic::new(Kind::Unreadable, phrase!("cannot be read: {why}", why))
            .in_file(format!("{}{}", self.tree.prefix, without_control(path)))
            .help(phrase!("check its permissions; its content is missing from the site"))
    }
}

/// The diagnostic about a name that is no text.
fn unnamed(folder: &SourcePath, name: &OsStr) -> Diagnostic {
    let relative = Path::new(folder.as_str()).join(name);
    let message = phrase!("the file name is not UTF-8, so the file is not published");
    Diagnostic::new(Kind::Encoding, message)
        .in_file(without_control(&relative.to_string_lossy()))
        .help(phrase!("rename it"))
}

/// The names in a folder, in their order.
fn listing(folder: &Path) -> io::Result<Vec<io::Result<DirEntry>>> {
    let mut entries: Vec<io::Result<DirEntry>> = fs::read_dir(folder)?.collect();
    entries.sort_by_cached_key(|entry| entry.as_ref().ok().map(DirEntry::file_name));
    Ok(entries)
}

/// True if a file's text starts with `begin`.
fn begins(path: &Path, begin: &str) -> bool {
    let mut head = vec![0; begin.len()];
    fs::File::open(path)
        .is_ok_and(|mut file| file.read_exact(&mut head).is_ok() && head == begin.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The entries below a folder, each with its kind, and the files that diagnostics are about.
    fn found(root: &Path) -> (Vec<String>, Vec<String>) {
        let tree = Tree { root: root.to_owned(), project: root.to_owned(), ..Tree::default() };
        let skip = Skip {
            output: &root.join("site"),
            own: ".notes",
            output_mark: ("mark", "begin"),
            excluded: &|path| path.name() == "excluded",
        };
        let found = TreeWalk::new(&tree, skip, SystemTime::now()).from(&SourcePath::root());
        let kind = |entry: &Entry| match entry {
            Entry::Note(_) => "note",
            Entry::Folder => "folder",
            Entry::Hidden => "hidden",
            _ => "file",
        };
        let entries = found.entries.iter().map(|(path, entry)| format!("{} {path}", kind(entry)));
        let problems = found.problems.into_iter().filter_map(|problem| problem.location.file);
        (entries.collect(), problems.map(|file| file.to_string()).collect())
    }

    fn write(root: &Path, files: &[(&str, &str)]) {
        for (name, text) in files {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    #[test]
    fn folders_with_a_mark_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let files = [
            (".hidden/pyvenv.cfg", ""),
            (".notes/pyvenv.cfg", ""),
            ("cache/CACHEDIR.TAG", CACHE_SIGNATURE),
            ("cache/a.md", ""),
            ("earlier/mark", "begin of a list"),
            ("excluded/a.md", ""),
            ("python/pyvenv.cfg", ""),
            ("site/a.md", ""),
            ("unmarked/CACHEDIR.TAG", "Signature: another"),
            ("unmarked/mark", ""),
        ];
        write(&root, &files);
        let (entries, problems) = found(&root);
        let expected = [
            "hidden .hidden",
            "hidden cache",
            "hidden earlier",
            "hidden excluded",
            "hidden python",
            "folder unmarked",
            "file unmarked/CACHEDIR.TAG",
            "file unmarked/mark",
        ];
        assert_eq!(entries, expected);
        assert_eq!(problems, [".hidden", "cache", "earlier", "python"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn folders_may_be_as_deep_as_a_path_may_be_long() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let deep = root.join("d/".repeat(1_500));
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("a.md"), "").unwrap();
        assert_eq!(found(&root).0.len(), 1_501);
    }

    #[cfg(unix)]
    #[test]
    fn messages_come_in_the_order_of_the_names() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let mut expected: Vec<String> = Vec::new();
        for number in (10..99).rev() {
            let name = format!("{}/{number}.md", number % 3);
            write(&root, &[(&format!("{}/note.md", number % 3), "")]);
            std::os::unix::fs::symlink("nowhere", root.join(&name)).unwrap();
            expected.push(name);
        }
        expected.sort();
        assert_eq!(found(&root).1, expected);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_no_text_is_reported_with_its_folder() {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        write(&root, &[("a/note.md", "")]);
        fs::write(root.join("a").join(OsStr::from_bytes(b"b\xff.md")), "").unwrap();
        assert_eq!(found(&root).1, ["a/b\u{FFFD}.md"]);
    }
}
