//! A folder of notes with the books that its settings name, opened: a library. A folder without
//! books is one, too. A book that cannot be opened is left out, with the reason.
//!
//! Must not know: the command line, what is done with the notes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;

use super::{
    FolderChanges, Project, ProjectOptions, Repository, commands, open_cache, read_tree, root,
    settings,
};
use crate::books::{Books, LibraryBook};
use crate::build::Sources;
use crate::cache::Cache;
use crate::config::{BookSettings, Config, Url};
use crate::diagnostic::{Diagnostic, Kind};
use crate::output;
use crate::path::{SourcePath, disk_key};
use crate::phrase::{Phrase, phrase};
use crate::source::{Entry, folder_like, is_empty_folder, real_folder};

/// The folder of the books' caches in that of the library.
const BOOKS: &str = "books";

/// A library, opened.
#[derive(Clone)]
pub struct Collection {
    /// Its own folder.
    pub home: Project,
    /// The books that can be read, in their order.
    pub books: Vec<Project>,
    /// True if a book is left out, so that its pages must not be taken for deleted ones.
    pub lacks_books: bool,
    /// Diagnostics about the folders of the books, and about those that are left out.
    notices: Vec<Diagnostic>,
}

impl Collection {
    /// Opens a folder and its books.
    ///
    /// # Errors
    /// As for [`Project::open_with`].
    pub fn open(folder: &Path, options: &ProjectOptions) -> Result<Self, Vec<Diagnostic>> {
        Ok(Self::open_with(folder, options, |_, _| ())?.0)
    }

    /// The same; `beside` runs while the notes are read, with the cache and the output folder.
    ///
    /// # Errors
    /// As for [`Project::open_with`].
    pub fn open_with<T: Send>(
        folder: &Path,
        options: &ProjectOptions,
        beside: impl FnOnce(&Cache, &Path) -> T + Send,
    ) -> Result<(Self, T), Vec<Diagnostic>> {
        let (home, beside) = Project::open_with(folder, options, beside)?;
        Ok((Self::around(home), beside))
    }

    /// The books of a folder that is open.
    fn around(home: Project) -> Self {
        let listed = &home.sources.config.books;
        let found = book_folders(&home, listed);
        let open = |found: Result<(&BookSettings, PathBuf), Diagnostic>| match found {
            Ok((book, folder)) => home.open_book(book, &folder),
            Err(problem) => Err(vec![problem]),
        };
        let opened: Vec<_> = found.into_par_iter().map(open).collect();
        let (mut books, mut notices) = (Vec::new(), Vec::new());
        let mut lacks_books = false;
        for book in opened {
            match book {
                Ok(book) => books.push(book),
                Err(problems) => {
                    lacks_books = true;
                    notices.extend(problems);
                }
            }
        }
        let notices = home.sources.config.levels.apply(notices);
        Self { home, books, lacks_books, notices }.with_list_of_books()
    }

    /// Gives all sites the same list of books.
    fn with_list_of_books(mut self) -> Self {
        if self.home.sources.config.books.is_empty() {
            self.home.sources.books = Arc::default();
            return self;
        }
        let notes = on_disk(&self.home.sources.tree.root);
        let list = self.books.iter().map(Project::as_book).collect();
        let books = Arc::new(Books::new(notes, list));
        let books = if *books == *self.home.sources.books {
            self.home.sources.books.clone()
        } else {
            books
        };
        self.home.sources.books = books.clone();
        for (number, book) in self.books.iter_mut().enumerate() {
            book.sources.books = books.clone();
            book.sources.book = Some(number);
        }
        self
    }

    /// The library as it is now.
    ///
    /// # Errors
    /// Mistakes in the settings of the library's own folder.
    pub fn refresh(
        &self,
        changed: FolderChanges<'_>,
        now: SystemTime,
    ) -> Result<Self, Vec<Diagnostic>> {
        let home = self.home.refresh(changed, now)?;
        let is_same = home.sources.config.books == self.home.sources.config.books
            && home.sources.config.base_url == self.home.sources.config.base_url
            && home.sources.config.machines == self.home.sources.config.machines
            && home.sources.config.epub == self.home.sources.config.epub
            && home.sources.config.offline == self.home.sources.config.offline;
        // A folder that was missing may be there now.
        let may_be_back = self.lacks_books
            && match changed {
                FolderChanges::Anything => true,
                FolderChanges::Paths(paths) => {
                    paths.iter().any(|path| !self.books.iter().any(|book| book.holds(path)))
                }
            };
        let is_told_anew = self.lacks_books && home.sources.config != self.home.sources.config;
        if !is_same || may_be_back || is_told_anew {
            return Ok(Self::around(home));
        }
        let theme = &home.sources.theme;
        let refresh = |book: &Project| {
            let is_concerned = match changed {
                FolderChanges::Anything => true,
                FolderChanges::Paths(paths) => paths.iter().any(|path| book.holds(path)),
            };
            let book = if is_concerned { book.refresh(changed, now)? } else { book.clone() };
            let is_there = !is_concerned || real_folder(&book.folder).is_some();
            if !is_there || book.sources.tree.notes().next().is_none() {
                return Err(Vec::new());
            }
            Ok(Project { sources: Sources { theme: theme.clone(), ..book.sources }, ..book })
        };
        let books: Result<Vec<Project>, Vec<Diagnostic>> =
            self.books.par_iter().map(refresh).collect();
        match books {
            Ok(books) if home.leaves_places_of(&books) => {
                Ok(Self { home, books, ..self.clone() }.with_list_of_books())
            }
            // A book has mistakes in its settings now, or no place, or its folder is gone.
            _ => Ok(Self::around(home)),
        }
    }

    /// The same with caches in memory, of so many bytes each.
    #[must_use]
    pub fn with_memory_caches(mut self, bytes: usize) -> Self {
        let folder = self.home.folder.clone();
        for project in std::iter::once(&mut self.home).chain(&mut self.books) {
            let part = project.as_book.as_ref().map_or("", |book| &book.cache_part);
            let cache = Cache::open_below(&folder, part).keeping_recent(bytes);
            cache.close_files();
            project.sources.cache = Arc::new(cache);
        }
        self
    }

    /// The same library with the theme of another one, because its own has these mistakes.
    #[must_use]
    pub fn with_theme_of(self, other: &Self, mistakes: Vec<Diagnostic>) -> Self {
        let home = self.home.with_theme_of(&other.home, mistakes);
        let theme = &home.sources.theme;
        let with_theme = |book: Project| Project {
            sources: Sources { theme: theme.clone(), ..book.sources },
            ..book
        };
        let books = self.books.into_iter().map(with_theme).collect();
        Self { home, books, ..self }
    }

    /// The folders of all books that the settings list, those that are left out or missing too.
    pub fn listed_folders(&self) -> impl Iterator<Item = PathBuf> {
        let of_book = |book: &BookSettings| {
            let path = self.home.folder.join(&book.folder);
            real_folder(&path)
                .or_else(|| Some(real_folder(path.parent()?)?.join(path.file_name()?)))
        };
        self.home.sources.config.books.iter().filter_map(of_book)
    }

    /// The sources of the library's own site and of its books.
    pub fn sources(&self) -> impl Iterator<Item = &Sources> {
        std::iter::once(&self.home).chain(&self.books).map(|project| &project.sources)
    }

    /// Those of the books.
    #[must_use]
    pub fn book_sources(&self) -> Vec<Sources> {
        self.books.iter().map(|book| book.sources.clone()).collect()
    }

    /// Diagnostics about the settings and histories of all, and about books that are left out.
    pub fn notices(&self) -> impl Iterator<Item = Diagnostic> {
        let all = std::iter::once(&self.home).chain(&self.books);
        all.flat_map(|project| project.notices().chain(project.unanswered.iter().cloned()))
            .chain(self.notices.iter().cloned())
    }

    /// The folders of the books, each with the beginning that its files have in messages.
    #[must_use]
    pub fn shown_folders(&self) -> Vec<(String, PathBuf)> {
        let shown =
            |book: &Project| Some((book.as_book.as_ref()?.prefix.clone(), book.folder.clone()));
        self.books.iter().filter_map(shown).collect()
    }

    /// Keeps what the caches have for the next run, and deletes those of books that are no longer
    /// in the list. One that cannot be saved costs that run time, and nothing else.
    pub fn save_caches(&self) {
        if self.home.sources.cache.keeps() {
            let listed = self.home.sources.config.books.iter().map(cache_part);
            Cache::delete_others(&self.home.folder, BOOKS, listed);
        }
        for sources in self.sources() {
            let _ = sources.cache.save();
        }
    }
}

/// The part of the library's cache that is that of a book.
fn cache_part(book: &BookSettings) -> String {
    format!("{BOOKS}/{}", book.place.as_str())
}

/// The keys of the library's own files on disk, so that none has the place of a book there.
fn own_keys(home: &Project) -> BTreeSet<String> {
    let entries = home.sources.tree.entries.iter();
    let own = entries.filter(|(_, entry)| !matches!(entry, Entry::Hidden));
    own.map(|(path, _)| disk_key(path.as_str())).collect()
}

/// True if one of these keys is at a place or below it.
fn is_in(keys: &BTreeSet<String>, place: &SourcePath) -> bool {
    let place = disk_key(place.as_str());
    let below = format!("{place}/");
    keys.contains(&place)
        || keys.range(below.clone()..).next().is_some_and(|key| key.starts_with(&below))
}

/// A folder with `/` between names; empty if its name cannot be in a link.
fn on_disk(folder: &Path) -> SourcePath {
    let text = folder.to_str().map(|text| text.replace(std::path::MAIN_SEPARATOR, "/"));
    text.and_then(|text| SourcePath::new(&text)).unwrap_or_default()
}

/// The folders of books, as far as they can be those of books.
fn book_folders<'b>(
    home: &Project,
    books: &'b [BookSettings],
) -> Vec<Result<(&'b BookSettings, PathBuf), Diagnostic>> {
    // The keys of a folder of notes alone are not worked out.
    if books.is_empty() {
        return Vec::new();
    }
    let library = real_folder(&home.folder).unwrap_or_else(|| home.folder.clone());
    let real = |book: &BookSettings| real_folder(&home.folder.join(&book.folder));
    let folders: Vec<_> = books.iter().map(real).collect();
    let mut all: BTreeMap<&Path, usize> = BTreeMap::new();
    for (number, folder) in folders.iter().enumerate() {
        if let Some(folder) = folder
            && !library.starts_with(folder)
        {
            all.entry(folder.as_path()).or_insert(number);
        }
    }
    let own = own_keys(home);
    let check = |(number, book): (usize, &'b BookSettings)| {
        let shown = &book.folder;
        let left_out = |message: Phrase, help: Phrase| {
            let config = &home.sources.config;
            let location = config.location_of_book(book.number);
            let message = phrase!("the book `{shown}` is left out: {message}", shown, message);
            Diagnostic { location, ..Diagnostic::new(Kind::Book, message).help(help) }
        };
        let Some(folder) = &folders[number] else {
            let help = if let Some(name) = folder_like(&home.folder, shown) {
                phrase!("did you mean `{name}`?", name)
            } else {
                phrase!("correct the path, or check the repository out there")
            };
            return Err(left_out(phrase!("there is no such folder"), help));
        };
        if library.starts_with(folder) {
            let help = phrase!("move notes.yaml of the library into a folder of its own");
            return Err(left_out(phrase!("it holds the folder of the library"), help));
        }
        let listed = folder.ancestors().filter_map(|above| all.get(above).copied());
        if let Some(other) = listed.into_iter().find(|other| *other != number) {
            let message = match folders[other].as_ref() {
                Some(same) if same == folder => phrase!("it is listed twice"),
                _ => phrase!(
                    "its folder is in that of the book `{book}`",
                    book = books[other].folder
                ),
            };
            return Err(left_out(message, phrase!("remove one of the two from `books`")));
        }
        if is_in(&own, &book.place) {
            let message = phrase!(
                "the library's own notes have pages at `{place}`",
                place = book.place.as_str()
            );
            return Err(left_out(message, phrase!("give it another place: `{{path: …, at: …}}`")));
        }
        if is_empty_folder(folder) {
            let help = phrase!("for a submodule, run `git submodule update --init`");
            return Err(left_out(phrase!("its folder is empty"), help));
        }
        Ok((book, folder.clone()))
    };
    books.iter().enumerate().map(check).collect()
}

impl Project {
    /// Opens a folder as a book of this library.
    fn open_book(&self, book: &BookSettings, folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let options = &self.options;
        let as_book = OpenBook {
            settings: book.clone(),
            prefix: format!("{}/", book.folder.trim_end_matches('/')),
            base_url: self.sources.config.base_url.clone(),
            machines: self.sources.config.machines,
            epub: self.sources.config.epub,
            offline: self.sources.config.offline,
            cache_part: cache_part(book),
        };
        let (mut config, notices) = as_book.settings_in(folder, options)?;
        let notes = root(folder, &config);
        if options.output.is_some() {
            output::check_apart(&self.output, &notes).map_err(|problem| vec![problem])?;
        }
        let (tree, (cache, repository)) = rayon::join(
            || read_tree(folder, &as_book.prefix, &self.output, &config, options.now),
            || {
                let cache = Arc::new(open_cache(&self.folder, &as_book.cache_part, options.cache));
                let repository = Repository::read(&notes, &cache, options.history);
                (cache, repository)
            },
        );
        config.complete(repository.origin.as_ref());
        let notices = config.levels.apply(notices);
        let sources = Sources {
            tree: Arc::new(tree),
            config: Arc::new(config),
            theme: self.sources.theme.clone(),
            cache,
            history: repository.past.clone(),
            commands: Arc::new(commands(folder, options.commands)),
            federation: Arc::default(),
            ..self.sources.clone()
        };
        if sources.tree.notes().next().is_none() {
            let location = self.sources.config.location_of_book(book.number);
            let message =
                phrase!("the book `{folder}` is left out: it has no notes", folder = book.folder);
            let problem = Diagnostic::new(Kind::Book, message).help(phrase!(
                "name the folder that holds the notes, or set `content` in its notes.yaml"
            ));
            return Err(vec![Diagnostic { location, ..problem }]);
        }
        Ok(Self {
            folder: folder.to_owned(),
            output: self.output.clone(),
            sources,
            notices,
            unanswered: Vec::new(),
            rejected: Vec::new(),
            options: options.clone(),
            repository: Arc::new(repository),
            as_book: Some(Arc::new(as_book)),
        })
    }

    /// The book, as others link to it.
    fn as_book(&self) -> LibraryBook {
        let config = &self.sources.config;
        let settings = self.as_book.as_ref().map(|book| &book.settings);
        LibraryBook {
            place: settings.map(|book| book.place.clone()).unwrap_or_default(),
            folder: on_disk(&self.folder),
            content: config.content.clone(),
            repository: config.own_repository.clone(),
            was: settings.map(|book| book.was.clone()).unwrap_or_default(),
        }
    }

    /// True if the library's own notes have no pages at the places of these books.
    fn leaves_places_of(&self, books: &[Self]) -> bool {
        let own = own_keys(self);
        let mut places = books.iter().filter_map(|book| book.as_book.as_ref());
        !places.any(|book| is_in(&own, &book.settings.place))
    }

    /// True if a path is in the folder.
    fn holds(&self, path: &Path) -> bool {
        path.starts_with(&self.folder)
    }

    /// The books of the library whose folders are in that of its notes, which are no notes of its
    /// own.
    pub(super) fn nested_books(folder: &Path, config: &Config) -> BTreeSet<SourcePath> {
        let real = config.books.iter().filter_map(|book| Self::nested(folder, config, book));
        // A symbolic link to the folder of a book is no link out of the notes.
        let named = config.books.iter().filter_map(|book| {
            let path = SourcePath::new(&book.folder).filter(|path| !path.is_root())?;
            let content = config.content.as_str();
            let below = path.as_str().strip_prefix(content)?;
            SourcePath::new(below).filter(|_| content.is_empty() || below.starts_with('/'))
        });
        real.chain(named).collect()
    }

    /// The folder of a book below the notes of the library, if it is there.
    fn nested(folder: &Path, config: &Config, book: &BookSettings) -> Option<SourcePath> {
        let notes = real_folder(&root(folder, config))?;
        let folder = real_folder(&folder.join(&book.folder))?;
        let below = folder.strip_prefix(&notes).ok()?.to_str()?;
        let below = SourcePath::new(&below.replace(std::path::MAIN_SEPARATOR, "/"))?;
        (!below.is_root()).then_some(below)
    }
}

/// A folder as the book of a library.
#[derive(Debug)]
pub(super) struct OpenBook {
    /// The settings of the library.
    pub settings: BookSettings,
    /// Its folder in messages, with a slash at its end.
    pub prefix: String,
    /// The address of the library.
    base_url: Option<Url>,
    /// True if its notes are published as Markdown too.
    machines: bool,
    /// True if it has e-books.
    epub: bool,
    /// True if the library has a worker that keeps pages in the browser.
    offline: bool,
    /// The part of the library's cache that is its own.
    cache_part: String,
}

impl OpenBook {
    /// The settings in the folder of the book, completed by those of the library, and the notices
    /// about them.
    pub fn settings_in(
        &self,
        folder: &Path,
        options: &ProjectOptions,
    ) -> Result<(Config, Vec<Diagnostic>), Vec<Diagnostic>> {
        let below = |problem: Diagnostic| {
            let file = problem.location.file.clone().unwrap_or_else(|| "notes.yaml".into());
            problem.in_file(format!("{}{file}", self.prefix))
        };
        // The other books can do without this one.
        let left_out = |problem| Diagnostic { kind: Kind::Book, ..below(problem) };
        let (mut config, notices) = settings(folder)
            .map_err(|problems| problems.into_iter().map(left_out).collect::<Vec<_>>())?;
        options.apply(&mut config);
        config.complete_book(&self.settings, self.base_url.as_ref());
        config.machines = self.machines;
        config.epub = self.epub;
        config.offline = self.offline;
        let refused = options.refused_commands(&config);
        Ok((config, notices.into_iter().chain(refused).map(below).collect()))
    }
}
