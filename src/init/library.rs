//! The folder of a library → its books: those that its settings list, those that are given by the
//! addresses of their repositories, or those that are found.
//!
//! Must not know: the files that are written, the command line.

use std::collections::BTreeSet;
use std::path::Path;

use crate::config::{BookSettings, Url};
use crate::history::Remote;
use crate::path::{SourcePath, disk_key, is_hidden_name, percent_decode};
use crate::source;

use super::books::{self, BookFolder};
use super::found::RepositoryFacts;

/// Folders of a library with a meaning of their own.
const OTHER_FOLDERS: [&str; 5] = ["site", "static", "templates", "content", "node_modules"];
/// Folders of the site with files of the program, which cannot be those of books.
const OWN_FOLDERS: [&str; 2] = ["static", "print"];

/// The facts about a library.
#[derive(Debug)]
pub struct LibraryFacts {
    /// Its title.
    pub title: String,
    /// Its books.
    pub books: Vec<InitBook>,
    /// The language that all books have.
    pub language: Option<String>,
    /// Number of notes in the books that are there.
    pub notes: usize,
    /// The repository of the library's own folder.
    pub repository: RepositoryFacts,
}

/// A book.
#[derive(Debug)]
pub struct InitBook {
    /// The path of its folder, relative to the library.
    pub path: String,
    /// The place of its pages, if it is not the name of the folder.
    pub(super) place: Option<String>,
    /// The address of its repository.
    pub address: Option<String>,
    /// True if its folder is not there yet.
    pub is_missing: bool,
    /// The place of its files.
    pub files: BookFiles,
    /// True if git-LFS holds some of its files.
    pub(super) has_lfs: bool,
}

/// The place of a book's files, as a workflow in the library's repository meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookFiles {
    /// They are checked out with the library: they are in its repository, or in a submodule.
    WithLibrary,
    /// They are in a repository of their own.
    Repository {
        /// The path of the checkout, from the top of the library's repository.
        checkout: SourcePath,
    },
    /// They are in no folder of the library's repository.
    Outside,
}

impl LibraryFacts {
    /// The books that the settings list.
    pub(super) fn listed(library: &Path, listed: &[BookSettings]) -> Self {
        let repository = RepositoryFacts::of(library, library);
        let mut books = Vec::new();
        for book in listed {
            let address = book.repository.as_ref().map(|url| url.as_str().to_owned());
            books.push(InitBook::at(library, &repository, &book.folder, address));
        }
        Self::new(library, repository, books)
    }

    /// The books whose repositories are at these addresses.
    pub(super) fn given(library: &Path, addresses: &[Url]) -> Self {
        let repository = RepositoryFacts::of(library, library);
        let addresses: Vec<&str> = addresses.iter().map(Url::as_str).collect();
        let mut books: Vec<InitBook> = Vec::new();
        for (path, address) in folders_for(&addresses) {
            books.push(InitBook::at(library, &repository, &path, Some(address)));
        }
        Self::new(library, repository, books)
    }

    /// The books that are found.
    pub(super) fn found(library: &Path) -> Self {
        let repository = RepositoryFacts::of(library, library);
        let mut books = Vec::new();
        let mut languages = BTreeSet::new();
        let mut notes = 0;
        for BookFolder { path, found } in books::find(library) {
            let book = InitBook::at(library, &repository, &path, None);
            let has_lfs = book.has_lfs || found.repository.has_lfs;
            books.push(InitBook { has_lfs, ..book });
            languages.insert(found.language);
            notes += found.notes;
        }
        let language = if languages.len() == 1 { languages.pop_first() } else { None };
        Self { language, notes, ..Self::new(library, repository, books) }
    }

    fn new(library: &Path, repository: RepositoryFacts, mut books: Vec<InitBook>) -> Self {
        give_places(&mut books, &source::names_in(library));
        let is_lfs = |book: &InitBook| book.has_lfs && book.files == BookFiles::WithLibrary;
        let has_lfs = repository.has_lfs || books.iter().any(is_lfs);
        let repository = RepositoryFacts { has_lfs, ..repository };
        Self { title: title(library), books, language: None, notes: 0, repository }
    }

    /// The checkouts of the books with repositories of their own, each with its book.
    pub(super) fn checkouts(&self) -> impl Iterator<Item = (&SourcePath, &InitBook)> {
        let mut seen = BTreeSet::new();
        self.books.iter().filter_map(move |book| match &book.files {
            BookFiles::Repository { checkout } if seen.insert(checkout) => Some((checkout, book)),
            _ => None,
        })
    }

    /// The folders of the library that hold other repositories, which its own must not take in.
    pub(super) fn ignored(&self) -> impl Iterator<Item = &str> {
        let prefix = self.repository.prefix();
        self.checkouts().filter_map(move |(checkout, _)| checkout.as_str().strip_prefix(prefix))
    }
}

impl InitBook {
    fn at(
        library: &Path,
        repository: &RepositoryFacts,
        path: &str,
        address: Option<String>,
    ) -> Self {
        let folder = library.join(path);
        let is_missing = source::real_folder(&folder).is_none() || source::is_empty_folder(&folder);
        let remote = if is_missing { None } else { Remote::of(&folder) };
        let is_own = match (&remote, &repository.remote) {
            (Some(remote), Some(around)) => remote.top != around.top,
            (Some(_), None) => true,
            (None, _) => is_missing || books::is_repository(&folder),
        };
        let origin = remote.as_ref().filter(|_| is_own).and_then(|remote| remote.url.clone());
        let files = files(repository, path, remote.as_ref(), is_own);
        let address = address.or(origin);
        let attributes = source::raw_text(&folder, ".gitattributes").unwrap_or_default();
        let has_lfs = attributes.contains("filter=lfs");
        Self { path: path.to_owned(), place: None, address, is_missing, files, has_lfs }
    }

    /// The book's repository on GitHub, as `owner/name`.
    #[must_use]
    pub fn on_github(&self) -> Option<&str> {
        let path = self.address.as_ref()?.strip_prefix("https://github.com/")?;
        (path.split('/').count() == 2).then_some(path)
    }

    /// The name of its folder.
    fn name(&self) -> &str {
        self.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
    }
}

fn files(
    repository: &RepositoryFacts,
    path: &str,
    remote: Option<&Remote>,
    is_own: bool,
) -> BookFiles {
    if Path::new(path).is_absolute() {
        return BookFiles::Outside;
    }
    let Some(place) = SourcePath::new(&format!("{}{path}", repository.prefix())) else {
        return BookFiles::Outside;
    };
    let is_submodule = |path: SourcePath| repository.submodules.contains(&path);
    if !is_own || place.ancestors().any(is_submodule) || is_submodule(place.clone()) {
        return BookFiles::WithLibrary;
    }
    let below = remote.map_or("", |remote| remote.prefix.trim_end_matches('/'));
    let top = place.as_str().strip_suffix(below).unwrap_or(place.as_str());
    let Some(checkout) = SourcePath::new(top) else { return BookFiles::Outside };
    if checkout.is_root() { BookFiles::Outside } else { BookFiles::Repository { checkout } }
}

/// The title of a library: the name of its folder.
fn title(library: &Path) -> String {
    let path = source::real_folder(library).or_else(|| std::path::absolute(library).ok());
    let name = path.as_ref().and_then(|path| path.file_name()).and_then(|name| name.to_str());
    name.unwrap_or("notes").to_owned()
}

/// A folder for each of several repositories: its name, with that of the owner if two have one
/// name.
fn folders_for(addresses: &[&str]) -> Vec<(String, String)> {
    let mut taken: BTreeSet<String> = OTHER_FOLDERS.map(disk_key).into();
    let mut seen = BTreeSet::new();
    let mut folders = Vec::new();
    for address in addresses {
        if !seen.insert(address.to_lowercase()) {
            continue;
        }
        let mut segments = address.rsplit('/').map(percent_decode);
        let name = segments.next().unwrap_or_default();
        let owner = segments.next().unwrap_or_default();
        let longer = format!("{owner}-{name}");
        let first = if is_hidden_name(&name) { longer.clone() } else { name };
        let folder = free_name(&mut taken, [first, longer]);
        folders.push((folder, (*address).to_owned()));
    }
    folders
}

/// Gives a place to books that cannot have the name of their folder: another book has it, the
/// program, or another folder of the library.
fn give_places(books: &mut [InitBook], names: &[String]) {
    let mut taken: BTreeSet<String> = OWN_FOLDERS.map(disk_key).into();
    let own = |book: &InitBook| book.path == book.name();
    let directly: BTreeSet<String> =
        books.iter().filter(|book| own(book)).map(|book| book.path.clone()).collect();
    taken.extend(names.iter().filter(|name| !directly.contains(*name)).map(|name| disk_key(name)));
    // The books directly in the library have the first choice.
    let (first, last): (Vec<_>, Vec<_>) = books.iter_mut().partition(|book| own(book));
    for book in first.into_iter().chain(last) {
        let longer = match book.path.trim_matches('/').replace('/', "-") {
            path if path == book.name() => format!("{path}-notes"),
            path => path,
        };
        let place = free_name(&mut taken, [book.name().to_owned(), longer]);
        if place != book.name() {
            book.place = Some(place);
        }
    }
}

/// The first name that is not taken, of these and of the last one with a number.
fn free_name(taken: &mut BTreeSet<String>, names: [String; 2]) -> String {
    let [name, longer] = names;
    if taken.insert(disk_key(&name)) {
        return name;
    }
    let mut free = longer.clone();
    let mut number = 2;
    while !taken.insert(disk_key(&free)) {
        free = format!("{longer}-{number}");
        number += 1;
    }
    free
}
