//! A folder as it is found → the settings, and the workflow, that publish it; in an empty one, a
//! few notes to begin with. For a library, the books. Nothing that is there is overwritten.
//!
//! Must not know: the command line, the terminal.

mod books;
mod found;
mod library;
mod library_settings;
mod settings;
mod starter;
mod workflow;

use std::io;
use std::path::{Path, PathBuf};

use crate::config::{self, Url};
use crate::diagnostic::Diagnostic;
use crate::phrase::{Phrase, phrase};
use crate::project;
use crate::source;

pub use self::found::{FolderFacts, RepositoryFacts};
pub use self::library::{BookFiles, InitBook, LibraryFacts};
use self::workflow::Checkout;

/// The file that keeps the site and the cache out of a repository.
const IGNORE: &str = ".gitignore";
/// The pattern of the output folder there.
const OUTPUT: &str = "/site/";
/// The workflow that publishes the site, in the repository's own folder.
const WORKFLOW: &str = ".github/workflows/notes.yml";

/// Options of `notes init`.
#[derive(Debug, Clone)]
pub struct InitOptions {
    /// The folder of the notes, or one that holds them in `content`; made when it is not there.
    pub folder: PathBuf,
    /// The form of the folder. One whose settings list books is a library in any case.
    pub form: InitForm,
    /// The action of a workflow for GitHub Pages, as `owner/name@ref`; `None` for no workflow.
    pub action: Option<String>,
    /// True if the people here read Chinese, as far as no note shows it.
    pub is_chinese: bool,
}

/// The form of a folder.
#[derive(Debug, Clone)]
pub enum InitForm {
    /// Notes.
    Notes,
    /// The books of a library.
    Library {
        /// The addresses of the books' repositories; without any, books are searched for.
        books: Vec<Url>,
    },
}

/// The result.
#[derive(Debug)]
pub struct Prepared {
    /// The facts about the folder.
    pub found: InitFacts,
    /// Files that were written, as a person would name them.
    pub written: Vec<String>,
    /// Files that were there and are as they were, each with what to do about it.
    pub kept: Vec<(String, Phrase)>,
}

/// The facts about a folder or a library.
#[derive(Debug)]
pub enum InitFacts {
    /// A folder of notes.
    Notes(Box<FolderFacts>),
    /// A library.
    Library(Box<LibraryFacts>),
}

/// Why nothing was written.
#[derive(Debug)]
pub enum Failure {
    /// The settings that are there have mistakes.
    Settings(Vec<Diagnostic>),
    /// There are other files, and no notes.
    NoNotes,
    /// There are no books.
    NoBooks,
    /// A file cannot be written.
    Unwritable(String, io::Error),
}

/// The action of this program's own repository, as far as it is known.
#[must_use]
pub fn own_action() -> Option<String> {
    let repository = env!("NOTES_REPOSITORY");
    let major = env!("CARGO_PKG_VERSION").split('.').next().unwrap_or_default();
    (!repository.is_empty()).then(|| format!("{repository}@v{major}"))
}

/// Looks at a folder and writes what it lacks.
///
/// # Errors
/// See [`Failure`]. Files that were written before the one that failed stay.
pub fn init(options: &InitOptions) -> Result<Prepared, Failure> {
    let folder = &options.folder;
    let (config, _) = project::settings(folder).map_err(Failure::Settings)?;
    let given: &[Url] = match &options.form {
        InitForm::Library { books } => books,
        InitForm::Notes if config.books.is_empty() => return init_notes(options),
        InitForm::Notes => &[],
    };
    if !config.books.is_empty() {
        let found = LibraryFacts::listed(folder, &config.books);
        let new = LibraryFacts::given(folder, given);
        return init_library(options, found, &listed_advice(&config.books, &new));
    }
    let found = if given.is_empty() {
        LibraryFacts::found(folder)
    } else {
        LibraryFacts::given(folder, given)
    };
    if found.books.is_empty() {
        return Err(Failure::NoBooks);
    }
    let books = library_settings::on_a_line(found.books.iter());
    let advice = phrase!("add to it: books: [{books}]", books);
    init_library(options, found, &advice)
}

/// The advice for settings that list books already.
fn listed_advice(listed: &[config::BookSettings], given: &LibraryFacts) -> Phrase {
    let is_new = |book: &&InitBook| {
        let is_it = |other: &config::BookSettings| {
            let address = other.repository.as_ref().map(Url::as_str);
            other.folder == book.path || address.is_some() && address == book.address.as_deref()
        };
        !listed.iter().any(is_it)
    };
    let new: Vec<&InitBook> = given.books.iter().filter(is_new).collect();
    if new.is_empty() {
        return phrase!("it lists the books already");
    }
    phrase!("add to its books: {books}", books = library_settings::on_a_line(new.into_iter()))
}

fn init_notes(options: &InitOptions) -> Result<Prepared, Failure> {
    let folder = &options.folder;
    let mut written = Vec::new();
    if is_empty(folder) {
        for (file, text) in starter::notes(options.is_chinese) {
            create(folder, file, text)?;
            written.push(file.to_owned());
        }
    }
    let found = FolderFacts::in_folder(folder).map_err(Failure::Settings)?;
    if found.notes == 0 {
        return Err(Failure::NoNotes);
    }
    let settings = settings::text(&found);
    let navigation = found.mkdocs_navigation.clone();
    let workflow =
        options.action.as_ref().map(|action| workflow::text(&found.repository, action, &[]));
    let top = found.repository.top(folder).to_owned();
    let found = InitFacts::Notes(Box::new(found));
    let mut prepared = Prepared { found, written, kept: Vec::new() };
    prepared.write(folder, config::own_name(folder), &settings, &phrase!("it is left as it is"))?;
    if let Some((file, text)) = navigation {
        prepared.write(folder, &file, &text, &phrase!("it is the navigation already"))?;
    }
    prepared.ignore(folder, &[OUTPUT.to_owned()])?;
    if let Some(workflow) = workflow {
        prepared.write(&top, WORKFLOW, &workflow, &phrase!("it is left as it is"))?;
    }
    Ok(prepared)
}

/// Writes the files of a library; `advice` is for settings that are there.
fn init_library(
    options: &InitOptions,
    found: LibraryFacts,
    advice: &Phrase,
) -> Result<Prepared, Failure> {
    let folder = &options.folder;
    let language = found.language.as_ref();
    let is_chinese = language.map_or(options.is_chinese, |language| language.starts_with("zh"));
    let settings = library_settings::text(&found, is_chinese);
    let workflow = options.action.as_ref().map(|action| library_workflow(&found, action));
    let ignored = found.ignored().map(library_settings::ignored_folder);
    let ignored: Vec<String> = std::iter::once(OUTPUT.to_owned()).chain(ignored).collect();
    let top = found.repository.top(folder).to_owned();
    let found = InitFacts::Library(Box::new(found));
    let mut prepared = Prepared { found, written: Vec::new(), kept: Vec::new() };
    prepared.write(folder, config::own_name(folder), &settings, advice)?;
    prepared.ignore(folder, &ignored)?;
    if let Some(workflow) = workflow {
        let advice = phrase!("it is left as it is; make sure that it checks out the books");
        prepared.write(&top, WORKFLOW, &workflow, &advice)?;
    }
    Ok(prepared)
}

fn library_workflow(found: &LibraryFacts, action: &str) -> String {
    let mut checkouts = Vec::new();
    for (path, book) in found.checkouts() {
        let Some(repository) = book.on_github() else { continue };
        checkouts.push(Checkout { repository, path: path.as_str(), has_lfs: book.has_lfs });
    }
    workflow::text(&found.repository, action, &checkouts)
}

impl Prepared {
    fn write(
        &mut self,
        folder: &Path,
        file: &str,
        text: &str,
        advice: &Phrase,
    ) -> Result<(), Failure> {
        if create(folder, file, text)? {
            self.written.push(file.to_owned());
        } else {
            self.kept.push((file.to_owned(), advice.clone()));
        }
        Ok(())
    }

    /// Makes git ignore these folders, as far as it does not.
    fn ignore(&mut self, folder: &Path, patterns: &[String]) -> Result<(), Failure> {
        let text = source::raw_text(folder, IGNORE).unwrap_or_default();
        let ignored: Vec<&str> = text.lines().map(without_slashes).collect();
        let is_missing = |pattern: &&String| !ignored.contains(&without_slashes(pattern));
        let missing: Vec<&str> = patterns.iter().filter(is_missing).map(String::as_str).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let lines = missing.join(" ");
        let advice = if missing.len() == 1 {
            phrase!("add the line {lines} to it", lines)
        } else {
            phrase!("add the lines {lines} to it", lines)
        };
        let text = format!("{}\n", missing.join("\n"));
        self.write(folder, IGNORE, &text, &advice)
    }
}

fn create(folder: &Path, file: &str, text: &str) -> Result<bool, Failure> {
    source::create(folder, file, text)
        .map_err(|error| Failure::Unwritable(folder.join(file).display().to_string(), error))
}

/// True if nothing in a folder has to do with notes: hidden files, such as a repository's own, do
/// not, but for another generator's settings.
fn is_empty(folder: &Path) -> bool {
    let is_nothing =
        |name: &String| name.starts_with('.') && !found::SETTINGS.contains(&name.as_str());
    source::names_in(folder).iter().all(is_nothing)
}

/// A pattern of `.gitignore` that names a folder, without what does not change its meaning there.
fn without_slashes(pattern: &str) -> &str {
    let pattern = pattern.trim();
    pattern.strip_prefix("**/").unwrap_or(pattern).trim_matches('/')
}
