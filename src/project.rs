//! A folder of notes, opened: its settings, files, theme, history and cache. Every command begins
//! here.
//!
//! Must not know: the command line, what is done with the notes.

mod collection;
mod federation;
mod repository;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::build::{CommandRunner, CommandUse, Sources};
use crate::cache::{self, Cache};
use crate::config::{self, Config, Loaded, Url};
use crate::diagnostic::{Diagnostic, Kind, Severity};
use crate::markdown::refused_macros;
use crate::output;
use crate::page::label;
use crate::path::SourcePath;
use crate::source::{Skip, Tree};
use crate::theme::Theme;

pub use self::collection::Collection;
use self::collection::OpenBook;
pub use self::federation::FederationUse;
use self::repository::Repository;

/// The name of the output folder in the project's own, if no other is named.
pub const SITE: &str = "site";
/// Instructions for programs that work on the notes, which are no chapter.
const FOR_AGENTS: [&str; 3] = ["AGENTS.md", "CLAUDE.md", "GEMINI.md"];
/// The folders that a theme is read from.
const THEME_FOLDERS: [&str; 2] = ["static", "templates"];
/// The use of the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CacheUse {
    /// Nothing is kept or taken from earlier runs.
    Off,
    /// Values of earlier runs are used, and none is kept.
    Read,
    /// Values of earlier runs are used, and those of this one are kept.
    #[default]
    ReadWrite,
}

/// The folder that a command writes the site to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputOptions {
    /// The folder; `None` for [`SITE`] in the project's own.
    pub folder: Option<PathBuf>,
    /// True if it may hold files of others.
    pub force: bool,
}

/// Options of opening a project.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "independent options")]
pub struct ProjectOptions {
    /// The folder that is written to, if one is: it is checked before anything is read.
    pub output: Option<OutputOptions>,
    /// The address of the site, if it is not that of the settings.
    pub base_url: Option<Url>,
    /// True if drafts are part of the site, whatever the settings say.
    pub drafts: bool,
    /// True if the site offers its notes as e-books, whatever the settings say.
    pub epub: bool,
    /// True for a preview, of which browsers keep nothing, whatever the settings say.
    pub is_preview: bool,
    /// True if git is asked when the notes were changed.
    pub history: bool,
    /// The use of the cache.
    pub cache: CacheUse,
    /// The use of the commands that draw blocks.
    pub commands: CommandUse,
    /// The use of the sites elsewhere that are searched with this one.
    pub federation: FederationUse,
    /// Diagnostics below this severity are dropped.
    pub least: Severity,
    /// The current time. A file that was written just before may be written again without a new
    /// time of change, so it is read in the next run too.
    pub now: SystemTime,
}

impl ProjectOptions {
    /// Options that read everything and write nothing.
    #[must_use]
    pub fn new(now: SystemTime) -> Self {
        Self {
            output: None,
            base_url: None,
            drafts: false,
            epub: false,
            is_preview: false,
            history: true,
            cache: CacheUse::ReadWrite,
            commands: CommandUse::Refuse,
            federation: FederationUse::Kept,
            least: Severity::Hint,
            now,
        }
    }

    /// Options come before settings.
    fn apply(&self, config: &mut Config) {
        if self.base_url.is_some() {
            config.base_url.clone_from(&self.base_url);
        }
        config.drafts |= self.drafts;
        config.epub |= self.epub;
        config.offline &= !self.is_preview;
    }

    /// The warning about commands that are not run.
    fn refused_commands(&self, config: &Config) -> Option<Diagnostic> {
        if self.commands == CommandUse::Run { None } else { config.refused_commands() }
    }
}

/// A folder of notes, opened.
#[derive(Clone)]
pub struct Project {
    /// The folder.
    pub folder: PathBuf,
    /// The folder of the site, which is no part of the notes.
    pub output: PathBuf,
    /// The values that a site is built from.
    pub sources: Sources,
    /// Diagnostics about the settings.
    notices: Vec<Diagnostic>,
    /// Diagnostics about sites elsewhere that gave no answer.
    pub unanswered: Vec<Diagnostic>,
    /// Diagnostics about a theme that is not used because of them.
    pub rejected: Vec<Diagnostic>,
    options: ProjectOptions,
    repository: Arc<Repository>,
    /// The book of a library that it is, if it is one.
    as_book: Option<Arc<OpenBook>>,
}

/// The changes to a project's folder as far as they are known.
#[derive(Debug, Clone, Copy)]
pub enum FolderChanges<'a> {
    /// Anything may have changed.
    Anything,
    /// Only these files and folders may have changed; if there are few, the history is not checked.
    Paths(&'a BTreeSet<PathBuf>),
}

impl Project {
    /// Opens a folder; `beside` runs while the notes are read, with the cache and the output
    /// folder.
    ///
    /// # Errors
    /// Mistakes in the settings, and an output folder with foreign files.
    pub fn open_with<T: Send>(
        folder: &Path,
        options: &ProjectOptions,
        beside: impl FnOnce(&Cache, &Path) -> T + Send,
    ) -> Result<(Self, T), Vec<Diagnostic>> {
        let (mut config, mut notices) = settings(folder)?;
        options.apply(&mut config);
        notices.extend(options.refused_commands(&config));
        let output = output_folder(folder, &config, options.output.as_ref())?;
        let root = root(folder, &config);
        let read_rest = || {
            let cache = Arc::new(open_cache(folder, "", options.cache));
            let repository = Repository::read(&root, &cache, options.history);
            let theme = Theme::load(folder, publishes_static(&config), &config.colours());
            let beside = beside(&cache, &output);
            let federation = federation::sites(&config, &cache, options.federation, &[]);
            (cache, theme, repository, federation, beside)
        };
        let (tree, (cache, theme, repository, federation, beside)) =
            rayon::join(|| read_tree(folder, "", &output, &config, options.now), read_rest);
        config.complete(repository.origin.as_ref());
        let notices = config.levels.apply(notices);
        let (federation, unanswered) = federation;
        let commands = commands(folder, options.commands);
        let sources = Sources {
            tree: Arc::new(tree),
            config: Arc::new(config),
            theme: Arc::new(theme),
            cache,
            history: repository.past.clone(),
            commands: Arc::new(commands),
            least: options.least,
            books: Arc::default(),
            book: None,
            federation,
        };
        let project = Self {
            folder: folder.to_owned(),
            output,
            sources,
            notices,
            unanswered,
            rejected: Vec::new(),
            options: options.clone(),
            repository: Arc::new(repository),
            as_book: None,
        };
        Ok((project, beside))
    }

    /// The project as it is now. Values that no change concerns are the same ones. A theme with
    /// mistakes is not used: the templates of this one stay.
    ///
    /// # Errors
    /// Mistakes in the settings.
    pub fn refresh(
        &self,
        changed: FolderChanges<'_>,
        now: SystemTime,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (mut config, notices) = if let Some(book) = &self.as_book {
            book.settings_in(&self.folder, &self.options)?
        } else {
            let (mut config, mut notices) = settings(&self.folder)?;
            self.options.apply(&mut config);
            notices.extend(self.options.refused_commands(&config));
            (config, notices)
        };
        let old = &self.sources;
        let root = root(&self.folder, &config);
        let repository = self.repository.again(&root, &old.cache, changed, self.options.history);
        config.complete(repository.origin.as_ref());
        let config = if config == *old.config { old.config.clone() } else { Arc::new(config) };
        let has_same_root = config.content == old.config.content;
        let tree = match changed {
            FolderChanges::Paths(paths)
                if has_same_root
                    && config.exclude == old.config.exclude
                    && config.public == old.config.public
                    && config.books == old.config.books
                    && !old.tree.is_public_among(paths) =>
            {
                self.look_again(&config, paths, now)
            }
            _ => {
                let prefix = self.as_book.as_ref().map_or("", |book| &book.prefix);
                Arc::new(read_tree(&self.folder, prefix, &self.output, &config, now))
            }
        };
        let has_same_theme = has_same_root && !self.concern_theme(changed);
        let (theme, rejected) = if has_same_theme {
            (old.theme.clone(), self.rejected.clone())
        } else {
            self.load_theme(&config)
        };
        let notices = config.levels.apply(notices);
        let history = repository.past.clone();
        let (federation, unanswered) = if config.federation == old.config.federation
            && config.base_url == old.config.base_url
        {
            (old.federation.clone(), self.unanswered.clone())
        } else {
            federation::sites(&config, &old.cache, self.options.federation, &old.federation)
        };
        let sources = Sources { tree, config, theme, history, federation, ..old.clone() };
        Ok(Self { sources, notices, unanswered, rejected, repository, ..self.clone() })
    }

    /// The same project with the theme of another one, because its own has these mistakes.
    #[must_use]
    pub fn with_theme_of(mut self, other: &Self, mistakes: Vec<Diagnostic>) -> Self {
        self.sources.theme = other.sources.theme.clone();
        self.rejected.extend(mistakes);
        self
    }

    /// Diagnostics about the settings and, once it is read, the history.
    fn notices(&self) -> impl Iterator<Item = Diagnostic> {
        let about_history = self.sources.config.levels.apply(self.repository.problem());
        self.notices.iter().cloned().chain(about_history)
    }

    fn look_again(&self, config: &Config, paths: &BTreeSet<PathBuf>, now: SystemTime) -> Arc<Tree> {
        let old = &self.sources.tree;
        let paths: BTreeSet<SourcePath> =
            paths.iter().filter_map(|path| old.place_of(path)).collect();
        let mut tree = (**old).clone();
        with_skip(&self.folder, &self.output, config, |skip| {
            tree.look_again(&paths, skip, now);
        });
        if tree.entries == old.entries && tree.problems == old.problems {
            return old.clone();
        }
        Arc::new(tree)
    }

    fn concern_theme(&self, changed: FolderChanges<'_>) -> bool {
        let FolderChanges::Paths(paths) = changed else { return true };
        let folders = THEME_FOLDERS.map(|name| self.folder.join(name));
        paths.iter().any(|path| folders.iter().any(|folder| path.starts_with(folder)))
    }

    fn load_theme(&self, config: &Config) -> (Arc<Theme>, Vec<Diagnostic>) {
        let theme = Theme::load(&self.folder, publishes_static(config), &config.colours());
        if theme.problems.iter().any(|problem| problem.kind == Kind::Template) {
            let mistakes = theme.problems.clone();
            return (Arc::new(theme.with_templates_of(&self.sources.theme)), mistakes);
        }
        (Arc::new(theme), Vec::new())
    }
}

/// The commands of a folder. In a folder whose path is not known they are not run.
fn commands(folder: &Path, used: CommandUse) -> CommandRunner {
    match std::path::absolute(folder) {
        Ok(folder) => CommandRunner::new(used, &folder),
        Err(_) => CommandRunner::default(),
    }
}

/// The settings of a folder, and notices about them.
///
/// # Errors
/// Mistakes in them.
pub fn settings(folder: &Path) -> Result<(Config, Vec<Diagnostic>), Vec<Diagnostic>> {
    let loaded = config::load(folder)?;
    let unknown = loaded.config.unknown_labels(&label::names().collect::<Vec<_>>());
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let Loaded { config, mut notices } = loaded;
    let refused = refused_macros(&config.macros);
    notices.extend(refused.iter().map(|found| config.refused_macro(&found.name, &found.reason)));
    Ok((config, notices))
}

/// Reads the notes below a folder for a site that goes to another. `prefix` is the folder in
/// messages, with a slash at its end if it is not empty.
#[must_use]
pub fn read_tree(
    folder: &Path,
    prefix: &str,
    output: &Path,
    config: &Config,
    now: SystemTime,
) -> Tree {
    let prefix = if config.content.is_root() {
        prefix.to_owned()
    } else {
        format!("{prefix}{}/", config.content)
    };
    let root = root(folder, config);
    with_skip(folder, output, config, |skip| {
        let tree = Tree::read_in(folder, &root, prefix, skip, now);
        match &config.public {
            Some(public) => tree.with_public(public, skip, now),
            None => tree,
        }
    })
}

fn root(folder: &Path, config: &Config) -> PathBuf {
    folder.join(config.content.as_str())
}

/// True if all files in `static` are part of the theme: not if that folder is among the notes, or
/// if it is another generator's, whose files are published when notes refer to them.
#[must_use]
pub fn publishes_static(config: &Config) -> bool {
    !config.content.is_root() && config.public.is_none()
}

/// Checks the output folder before anything is made or read.
///
/// # Errors
/// As for [`Project::open_with`].
pub fn check_output(folder: &Path, output: &OutputOptions) -> Result<(), Vec<Diagnostic>> {
    let (config, _) = settings(folder)?;
    output_folder(folder, &config, Some(output)).map(|_| ())
}

fn output_folder(
    folder: &Path,
    config: &Config,
    output: Option<&OutputOptions>,
) -> Result<PathBuf, Vec<Diagnostic>> {
    let usual = folder.join(SITE);
    let Some(output) = output else { return Ok(usual) };
    let path = output.folder.clone().unwrap_or(usual);
    let own = THEME_FOLDERS.map(|name| folder.join(name));
    let books = config.books.iter().map(|book| folder.join(&book.folder));
    let notes: Vec<PathBuf> = std::iter::once(root(folder, config)).chain(books).collect();
    output::check_place(&path, &notes, &own, output.force).map_err(|problem| vec![problem])?;
    Ok(path)
}

/// The cache of a folder, or a part of it.
fn open_cache(folder: &Path, part: &str, cache: CacheUse) -> Cache {
    match cache {
        CacheUse::Off => Cache::none(),
        CacheUse::Read => Cache::open_below(folder, part).only_reading(),
        CacheUse::ReadWrite => Cache::open_below(folder, part),
    }
}

fn with_skip<T>(
    folder: &Path,
    output: &Path,
    config: &Config,
    work: impl FnOnce(Skip<'_>) -> T,
) -> T {
    let books = Project::nested_books(folder, config);
    work(Skip {
        output,
        own: cache::FOLDER,
        output_mark: (output::MANIFEST, output::MANIFEST_BEGIN),
        excluded: &|path| {
            FOR_AGENTS.contains(&path.name())
                || config.exclude.matches(path)
                || books.contains(path)
        },
    })
}

#[cfg(test)]
mod tests;
