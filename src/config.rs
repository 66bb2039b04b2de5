//! A folder → its [`Config`]: the settings of `notes.yaml`, completed from the files of other
//! generators (`.gitbook.yaml`, `book.toml`, `book.json`, `mkdocs.yml`), checked and resolved once,
//! so that later stages need not check them again. One of the few modules that read the file
//! system: these files, and the paths that they name.
//!
//! Must not know: notes, Markdown, templates, or what the site does with a setting.

use std::collections::BTreeMap;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Kind, Levels, Location};
use crate::path::{SourcePath, percent_decode};
use crate::phrase::phrase;

mod accent;
mod bar;
mod blocks;
mod books;
mod check;
mod content;
mod disk;
mod federation;
mod foreign;
mod generator;
mod globs;
mod head_rules;
mod icon;
mod images;
mod language;
mod license;
mod matrix;
mod mistake;
mod mkdocs_extensions;
mod mkdocs_nav;
mod own_repository;
mod problems;
mod repository;
mod resolve;
mod source;
mod typed;
mod unknown_keys;
mod url;
mod yaml;

pub use accent::Accent;
pub use bar::{BarLink, FooterPiece};
pub use books::BookSettings;
pub use check::External;
pub(crate) use disk::is_vault;
pub use federation::FederatedSettings;
pub use generator::{ForeignProject, Generator};
pub use globs::Globs;
pub use head_rules::{FrontMatterRules, SIDEBAR_POSITION};
pub use images::ImageSettings;
pub use license::License;
pub use matrix::{Cell, Links, Matrix, MatrixTarget, Row};
pub use own_repository::{OwnRepository, RepositoryAddress};
pub use repository::LinkPattern;
pub use unknown_keys::known_keys;
pub use url::Url;

use crate::phrase::Phrase;
use mistake::Mistake;
use resolve::BRANCH;
use source::SettingsFile;
use typed::Typed;
use yaml::{Aim, YamlStep};

/// The two names of the program's own configuration.
const OWN_FILES: [&str; 2] = ["notes.yaml", "notes.yml"];

/// The settings of a site. Every path is below the notes' root, [`Config::content`] excepted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, any combination is meant")]
pub struct Config {
    /// The site's name.
    pub title: Option<String>,
    /// One or two sentences about the site.
    pub description: Option<String>,
    /// The language of the notes, a BCP 47 tag such as `zh-CN`.
    pub language: Option<String>,
    /// The author of the notes.
    pub author: Option<String>,
    /// The authors that a note shows.
    pub authors: Authors,
    /// The license of the notes.
    pub license: Option<License>,
    /// The address of the site; ends in `/`.
    pub base_url: Option<Url>,
    /// The address of the notes' repository; no `/` at the end.
    pub repository: Option<Url>,
    /// The same repository, else that of git's `origin`. Links to its files lead to their pages.
    pub own_repository: Option<OwnRepository>,
    /// The address at which a note is edited.
    pub edit: Option<LinkPattern>,
    /// The address of a note's source text.
    pub source: Option<LinkPattern>,
    /// The picture of the home page.
    pub cover: Option<Cover>,
    /// Width and height of that picture in pixels, if it is a file and they can be read.
    pub cover_size: Option<(u32, u32)>,
    /// The texts in that picture, if it is an SVG.
    pub cover_text: Vec<String>,
    /// The picture in browsers' tabs: the one in the settings, else the cover if it is about
    /// square.
    pub icon: Option<SourcePath>,
    /// The accent of the colour schemes, unless it is the built-in one.
    pub accent: Option<Accent>,
    /// The picture before the site's name in the top bar.
    pub logo: Option<Cover>,
    /// Width and height of that picture in pixels, if it is a file and they can be read.
    pub logo_size: Option<(u32, u32)>,
    /// The links in the top bar.
    pub bar: Vec<BarLink>,
    /// The writer's text at the foot of every page; empty if there is none.
    pub footer: Vec<FooterPiece>,
    /// The notes' root, as a path below the folder that was loaded; an existing folder.
    pub content: SourcePath,
    /// The file or folder of another generator that says where the notes are, if one does.
    pub content_sign: Option<String>,
    /// A folder outside the notes' root whose files another generator copies to the root of the
    /// site, as a path below the folder that was loaded.
    pub public: Option<SourcePath>,
    /// The source of the order of the notes.
    pub navigation: Navigation,
    /// The note that is the home page, if the settings name one; an existing file.
    pub readme: Option<SourcePath>,
    /// Files and folders that are not part of the site.
    pub exclude: Globs,
    /// Files to publish even if no note refers to them.
    pub assets: Globs,
    /// True if drafts are part of the site.
    pub drafts: bool,
    /// The extensions of Markdown that are read.
    pub markdown: Markdown,
    /// The macros of formulas, by name, with or without the backslash; see
    /// [`Config::refused_macro`].
    pub macros: BTreeMap<String, String>,
    /// The commands that draw blocks of code, by language in lower case: each a program and its
    /// arguments.
    pub blocks: BTreeMap<String, Vec<String>>,
    /// The rules of other generators for the heads of notes.
    pub front_matter: FrontMatterRules,
    /// True if pages do not show the notes that link to theirs or name it.
    pub without_mentions: bool,
    /// True if the page of each part has a map of it.
    pub maps: bool,
    /// True if texts link to no terms, and there is no page of them.
    pub without_terms: bool,
    /// True if each note is published as Markdown too, for other programs.
    pub machines: bool,
    /// True if the site offers its notes as e-books.
    pub epub: bool,
    /// True if the site has a worker that keeps pages in the browser, for readers without a
    /// network.
    pub offline: bool,
    /// True if lines `question :: answer` of every note are study cards.
    pub card_lines: bool,
    /// True if parts of the navigation have no page for printing.
    pub without_print: bool,
    /// True if the addresses of renamed notes redirect to the new ones, as far as git knows them.
    pub redirects_renamed: bool,
    /// The settings of images of other sites.
    pub images: ImageSettings,
    /// The table on the home page.
    pub matrix: Matrix,
    /// Words of the site's interface, by the name of the word; see [`Config::unknown_labels`].
    pub labels: BTreeMap<String, String>,
    /// True if the notes are not trusted: raw HTML may only format text.
    pub safe_html: bool,
    /// The severity of each kind of diagnostic.
    pub levels: Levels,
    /// Options of the check of links to other sites.
    pub external: External,
    /// The books of a library; empty for a folder of notes alone.
    pub books: Vec<BookSettings>,
    /// The sites elsewhere that are searched with this one.
    pub federation: Vec<FederatedSettings>,
    /// The text of `notes.yaml`, to find locations in.
    own: Option<SettingsFile>,
}

/// The authors that a note shows, as git knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Authors {
    /// The last three, and the number of the others.
    #[default]
    Last,
    /// The one that wrote it first.
    First,
    /// All of them.
    All,
    /// None.
    None,
}

/// The picture of the home page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cover {
    /// An existing file below the notes' root.
    File(SourcePath),
    /// A picture elsewhere.
    Url(Url),
}

/// The source of the order of the notes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Navigation {
    /// Not set: from any known navigation file among the notes, else from the tree.
    #[default]
    Discover,
    /// From this navigation file, which exists.
    File(SourcePath),
    /// From any known navigation file among the notes, else from the settings of another generator.
    Settings(NavigationSettings),
    /// From the tree of folders, even if there are navigation files.
    Tree,
}

/// A navigation in the settings of another generator.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NavigationSettings {
    /// The file of the settings.
    pub file: &'static str,
    /// The same navigation as the text of a `SUMMARY.md`.
    pub summary: String,
}

/// Extensions of Markdown that change how ordinary text reads: but for formulas off unless the
/// settings turn them on, or those of the generator that the notes were written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, any combination is meant")]
pub struct Markdown {
    /// A term on one line, `: ` and its meaning on the next.
    pub definition_lists: bool,
    /// `~x~` is a subscript.
    pub subscript: bool,
    /// `^x^` is a superscript.
    pub superscript: bool,
    /// Formulas, `$x$` and the like, are drawn.
    pub math: bool,
    /// Blocks of mermaid are drawn.
    pub diagrams: bool,
    /// `==x==` is marked text.
    pub highlight: bool,
    /// `++x++` is inserted text.
    pub insert: bool,
    /// `[[a note]]` is a link.
    pub wiki_links: bool,
    /// Straight quotes, `--` and `...` become typographic ones.
    pub smart_punctuation: bool,
}

impl Default for Markdown {
    fn default() -> Self {
        Self {
            definition_lists: false,
            subscript: false,
            superscript: false,
            math: true,
            diagrams: true,
            highlight: false,
            insert: false,
            wiki_links: false,
            smart_punctuation: false,
        }
    }
}

/// A valid configuration, and the warnings about it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The resolved value.
    pub config: Config,
    /// Warnings: invalid settings in other generators' files, a cover that does not exist.
    pub notices: Vec<Diagnostic>,
}

impl Config {
    /// Takes over what git knows of the notes' repository: its address if the settings name none,
    /// and the notes' root in it if they name the same.
    pub fn complete(&mut self, origin: Option<&OwnRepository>) {
        let Some(origin) = origin else { return };
        if self.own_repository.as_ref().is_none_or(|own| own.is_same(origin)) {
            self.own_repository = Some(origin.clone());
        }
    }

    /// Takes over what the settings of a library say of this book.
    pub fn complete_book(&mut self, book: &BookSettings, base_url: Option<&Url>) {
        self.base_url = base_url.cloned();
        if book.title.is_some() {
            self.title.clone_from(&book.title);
        }
        if let Some(url) =
            book.repository.as_ref().filter(|url| self.repository.as_ref() != Some(url))
        {
            self.repository = Some(url.clone());
            self.own_repository = OwnRepository::new(url, &self.content);
            let derived = repository::patterns(url, BRANCH, &self.content);
            [self.edit, self.source] = derived.map_or([None, None], |patterns| patterns.map(Some));
        }
        // A library in a library is one book, and the search is that of the library.
        self.books.clear();
        self.federation.clear();
    }

    /// True if the title stands on the picture of the home page.
    #[must_use]
    pub fn is_on_cover(&self, title: &str) -> bool {
        icon::is_shown(title, &self.cover_text)
    }

    /// One error for each name in `labels` that is not among `known`, the names of the words of the
    /// interface.
    #[must_use]
    pub fn unknown_labels(&self, known: &[&str]) -> Vec<Diagnostic> {
        let unknown = self.labels.keys().filter(|name| !known.contains(&name.as_str()));
        unknown.map(|name| self.unknown_label(name, known)).collect()
    }

    fn unknown_label(&self, name: &str, known: &[&str]) -> Diagnostic {
        let message = phrase!("unknown key `{name}` in `labels`", name = mistake::shortened(name));
        let location = self.location(&[YamlStep::Key("labels"), YamlStep::Key(name)], Aim::Key);
        let diagnostic =
            Diagnostic::new(Kind::Configuration, message).help(mistake::instead_of(name, known));
        Diagnostic { location, ..diagnostic }
    }

    /// The warning about a macro of formulas that cannot be used for a reason.
    #[must_use]
    pub fn refused_macro(&self, name: &str, reason: &Phrase) -> Diagnostic {
        use YamlStep::Key;
        let shown = mistake::shortened(name);
        let message = phrase!(
            "the macro `{shown}` of `markdown.math.macros` is not used: {reason}",
            shown,
            reason
        );
        let help = phrase!(
            "correct it; a macro is written `RR: \"\\\\mathbb{{R}}\"` or `RR: '\\mathbb{{R}}'`"
        );
        let steps = [Key("markdown"), Key("math"), Key("macros"), Key(name)];
        let location = self.location(&steps, Aim::Value);
        Diagnostic { location, ..Diagnostic::new(Kind::Formula, message).help(help) }
    }

    /// The warning that the commands of `blocks` are not run, if there are any.
    #[must_use]
    pub fn refused_commands(&self) -> Option<Diagnostic> {
        if self.blocks.is_empty() || !self.markdown.diagrams {
            return None;
        }
        let message = phrase!(
            "the commands of `blocks` are not run, and their blocks are shown as code: \
                       settings may come from other people, and commands can do anything"
        );
        let help = phrase!(
            "read the commands; if you trust them, add `--allow-commands`, or set \
                    NOTES_ALLOW_COMMANDS=1 in the environment"
        );
        let location = self.location(&[YamlStep::Key("blocks")], Aim::Key);
        Some(Diagnostic { location, ..Diagnostic::new(Kind::Diagram, message).help(help) })
    }

    /// The location of `matrix.rows[row].cells[cell].<key>`, for diagnostics about the links of the
    /// matrix.
    #[must_use]
    pub fn location_of_cell(&self, row: usize, cell: usize, key: &str) -> Location {
        use YamlStep::{Index, Key};
        let steps = [Key("matrix"), Key("rows"), Index(row), Key("cells"), Index(cell), Key(key)];
        self.location(&steps, Aim::Value)
    }

    /// The rules of CSS for the colours in the settings; empty if there are none.
    #[must_use]
    pub fn colours(&self) -> String {
        self.accent.map(Accent::rules).unwrap_or_default()
    }

    /// The location of a link of the top bar, for diagnostics about its target.
    #[must_use]
    pub fn location_of_bar_link(&self, number: usize) -> Location {
        let steps = [YamlStep::Key("links"), YamlStep::Index(number), YamlStep::Key("link")];
        self.location(&steps, Aim::Value)
    }

    /// The location of a book in the list, for diagnostics about its folder.
    #[must_use]
    pub fn location_of_book(&self, number: usize) -> Location {
        self.location(&[YamlStep::Key("books"), YamlStep::Index(number)], Aim::Value)
    }

    /// The location of a site in `federation`, for diagnostics about what it publishes.
    #[must_use]
    pub fn location_of_site(&self, number: usize) -> Location {
        self.location(&[YamlStep::Key("federation"), YamlStep::Index(number)], Aim::Value)
    }

    fn location(&self, steps: &[YamlStep<'_>], aim: Aim) -> Location {
        self.own.as_ref().map(|source| yaml::location(source, steps, aim)).unwrap_or_default()
    }
}

/// Reads the address of a site as it is given on the command line; the error names the mistake and
/// an example.
pub fn base_url(text: &str) -> Result<Url, Phrase> {
    Url::parse_folder(text).map_err(of_argument)
}

/// The mistake in an argument of the command line.
fn of_argument(mistake: Mistake) -> Phrase {
    let Mistake { message, help } = mistake;
    phrase!("it {message}; {help}", message, help)
}

/// Reads the address of a repository as it is given on the command line; the error names the
/// mistake and an example.
pub fn repository_url(text: &str) -> Result<Url, Phrase> {
    let url = Url::parse_repository(text).map_err(of_argument)?;
    let segments: Vec<String> = url.segments().map(percent_decode).collect();
    let is_name = |name: &String| {
        !matches!(name.as_str(), "." | "..")
            && !name.contains(|c: char| matches!(c, '/' | '\\') || c.is_control())
    };
    // Hosts other than GitHub have groups in groups.
    let has_name = match url.host() {
        "github.com" => segments.len() == 2,
        _ => segments.len() >= 2,
    };
    if has_name && segments.iter().all(is_name) {
        return Ok(url);
    }
    Err(phrase!(
        "it is not the address of a repository; write the owner and the name, such as \
         https://github.com/me/My-Notes"
    ))
}

/// Reads the configuration of the notes in `folder`. Without any file every setting has its
/// default.
///
/// Mistakes in `notes.yaml` are errors, and as many as possible are reported at once; one in
/// another generator's file is a warning, and the setting is ignored.
pub fn load(folder: &Path) -> Result<Loaded, Vec<Diagnostic>> {
    let own = own_file(folder).map_err(|problem| vec![problem])?;
    let typed = match &own {
        Some(source) => yaml::parse::<Typed>(source, Kind::Configuration)
            .map_err(|problem| unknown_keys::all_with(problem, source))?,
        None => Typed::default(),
    };
    let (foreign, mut notices) = foreign::read(folder);
    let (config, more) = resolve::resolve(folder, own.as_ref(), typed, foreign)?;
    notices.extend(more);
    Ok(Loaded { config, notices })
}

/// The name of the program's own configuration in a folder: of the existing one, else of a new one.
#[must_use]
pub fn own_name(folder: &Path) -> &'static str {
    let is_there = |name: &&str| {
        SourcePath::new(name)
            .is_some_and(|path| disk::look(folder, &path) != disk::PathKind::Nothing)
    };
    OWN_FILES.into_iter().find(is_there).unwrap_or(OWN_FILES[0])
}

/// The notes' root that the setting `content: name` would choose; `None` if there is no such folder
/// in this one.
#[must_use]
pub fn content(folder: &Path, name: &str) -> Option<SourcePath> {
    disk::folder(folder, name).ok()
}

/// The one configuration file of the program's own, under either name.
fn own_file(folder: &Path) -> Result<Option<SettingsFile>, Diagnostic> {
    let [long, short] = OWN_FILES.map(|name| source::read(folder, name, Kind::Configuration));
    match (long?, short?) {
        (Some(_), Some(_)) => Err(Diagnostic::new(
            Kind::Configuration,
            phrase!("both notes.yaml and notes.yml exist"),
        )
        .in_file(OWN_FILES[1])
        .help(phrase!("move the settings to notes.yaml and delete notes.yml"))),
        (long, short) => Ok(long.or(short)),
    }
}

#[cfg(test)]
mod tests;
