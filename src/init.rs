//! A folder as it is found → the settings, and the workflow, that publish it; in an empty one, a
//! few notes to begin with. Nothing that is there is overwritten.
//!
//! Must not know: the command line, the terminal.

mod found;
mod settings;
mod starter;
mod workflow;

use std::io;
use std::path::{Path, PathBuf};

use crate::config;
use crate::diagnostic::Diagnostic;
use crate::source;

pub use self::found::FolderFacts;

/// The file that keeps the site and the cache out of a repository.
const IGNORE: &str = ".gitignore";
/// The workflow that publishes the site, in the repository's own folder.
const WORKFLOW: &str = ".github/workflows/notes.yml";

/// Options of `notes init`.
#[derive(Debug, Clone)]
pub struct InitOptions {
    /// The folder of the notes, or one that holds them in `content`; made when it is not there.
    pub folder: PathBuf,
    /// The action of a workflow for GitHub Pages, as `owner/name@ref`; `None` for no workflow.
    pub action: Option<String>,
    /// True if the people here read Chinese, as far as no note tells.
    pub is_chinese: bool,
}

/// The result.
#[derive(Debug)]
pub struct Prepared {
    /// The facts about the folder.
    pub found: FolderFacts,
    /// Files that were written, as a person would name them.
    pub written: Vec<String>,
    /// Files that were there and are as they were, each with what to do about it.
    pub kept: Vec<(String, &'static str)>,
}

/// Why nothing was written.
#[derive(Debug)]
pub enum Failure {
    /// The settings that are there have mistakes.
    Settings(Vec<Diagnostic>),
    /// There are other files, and no notes.
    NoNotes,
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
    let mut prepared = Prepared { found, written, kept: Vec::new() };
    let found = &prepared.found;
    let settings = settings::text(found);
    let navigation = found.mkdocs_navigation.clone();
    let workflow = options.action.as_ref().map(|action| workflow::text(found, action));
    let top = found.remote.as_ref().map_or(folder.as_path(), |remote| &remote.top).to_owned();
    let ignores = ignores(folder);
    prepared.write(folder, config::own_name(folder), &settings, "it is left as it is")?;
    if let Some((file, text)) = navigation {
        prepared.write(folder, &file, &text, "it is the navigation already")?;
    }
    if !ignores {
        prepared.write(folder, IGNORE, "/site/\n", "add the line /site/ to it")?;
    }
    if let Some(workflow) = workflow {
        prepared.write(&top, WORKFLOW, &workflow, "it is left as it is")?;
    }
    Ok(prepared)
}

impl Prepared {
    fn write(
        &mut self,
        folder: &Path,
        file: &str,
        text: &str,
        advice: &'static str,
    ) -> Result<(), Failure> {
        if create(folder, file, text)? {
            self.written.push(file.to_owned());
        } else {
            self.kept.push((file.to_owned(), advice));
        }
        Ok(())
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

/// True if git ignores the output folder.
fn ignores(folder: &Path) -> bool {
    let text = source::raw_text(folder, IGNORE).unwrap_or_default();
    text.lines().any(|line| matches!(line.trim().trim_matches('/'), "site" | "**/site"))
}
