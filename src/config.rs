//! A folder → its [`Config`]: what `notes.yaml` says, filled up from the files other generators
//! left there (`.gitbook.yaml`, `book.toml`, `book.json`), checked and resolved once, so that
//! nobody checks it again. One of the few modules that read the file system; it looks at these
//! files and at what they name.
//!
//! Must not know: notes, Markdown, templates, or what the site does with a setting.

use std::collections::BTreeMap;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Kind, Levels, Location};
use crate::path::SourcePath;

mod check;
mod content;
mod disk;
mod foreign;
mod globs;
mod icon;
mod language;
mod license;
mod matrix;
mod mistake;
mod problems;
mod repository;
mod resolve;
mod source;
mod typed;
mod url;
mod yaml;

pub use check::External;
pub(crate) use disk::is_vault;
pub use globs::Globs;
pub use license::License;
pub use matrix::{Cell, Links, Matrix, MatrixTarget, Row};
pub use repository::LinkPattern;
pub use url::Url;

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
    /// Under what terms the notes may be used.
    pub license: Option<License>,
    /// The address of the site; ends in `/`.
    pub base_url: Option<Url>,
    /// The address of the notes' repository; no `/` at the end.
    pub repository: Option<Url>,
    /// The address at which a note is edited.
    pub edit: Option<LinkPattern>,
    /// The address of a note's source text.
    pub source: Option<LinkPattern>,
    /// The picture of the home page.
    pub cover: Option<Cover>,
    /// Width and height of that picture, when it is a file and they can be told.
    pub cover_room: Option<(u32, u32)>,
    /// The picture in browsers' tabs: the one that was named, else the cover if it is about square.
    pub icon: Option<SourcePath>,
    /// The notes' root, as a path below the folder that was loaded; a folder that is there.
    pub content: SourcePath,
    /// The source of the order of the notes.
    pub navigation: Navigation,
    /// The note that is the home page, when it was named; a file that is there.
    pub readme: Option<SourcePath>,
    /// Files and folders that are no part of the site.
    pub exclude: Globs,
    /// Files to publish even if no note refers to them.
    pub assets: Globs,
    /// True if notes that are not to be published yet are part of the site.
    pub drafts: bool,
    /// The extensions of Markdown that are read.
    pub markdown: Markdown,
    /// True if parts go without a page for paper.
    pub without_print: bool,
    /// True if addresses that notes had before they were renamed lead to them, as far as git knows.
    pub redirects_renamed: bool,
    /// True if images of other sites are asked for over `https:` where a note says `http:`.
    pub https_images: bool,
    /// The table on the home page.
    pub matrix: Matrix,
    /// Words of the site's interface, by the name of the word; see [`Config::unknown_labels`].
    pub labels: BTreeMap<String, String>,
    /// True if the notes are strangers': raw HTML may only shape the text.
    pub safe_html: bool,
    /// The severity of each kind of diagnostic.
    pub levels: Levels,
    /// Options of asking other sites for the pages that notes link to.
    pub external: External,
    /// The text of `notes.yaml`, to find locations in.
    own: Option<SettingsFile>,
}

/// The picture of the home page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cover {
    /// A file below the notes' root; it is there.
    File(SourcePath),
    /// A picture elsewhere.
    Url(Url),
}

/// The source of the order of the notes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Navigation {
    /// Nothing was said: from whatever navigation file the notes have, else from the tree.
    #[default]
    Discover,
    /// From this navigation file, which is there.
    File(SourcePath),
    /// From the tree of folders, whatever navigation files there are.
    Tree,
}

/// Extensions of Markdown that change how ordinary text reads, all off unless asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, any combination is meant")]
pub struct Markdown {
    /// A term on one line, `: ` and its meaning on the next.
    pub definition_lists: bool,
    /// `~x~` is x lowered.
    pub subscript: bool,
    /// `^x^` is x raised.
    pub superscript: bool,
    /// `[[a note]]` is a link.
    pub wiki_links: bool,
    /// Straight quotes, `--` and `...` become typographic ones.
    pub smart_punctuation: bool,
}

/// A configuration that was understood, and what the writer should hear about it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The resolved value.
    pub config: Config,
    /// Warnings: parts of other generators' files that were not understood, a cover that is not
    /// there.
    pub notices: Vec<Diagnostic>,
}

impl Config {
    /// One error for each name in `labels` that is not among `known`, the interface's names for its
    /// words.
    #[must_use]
    pub fn unknown_labels(&self, known: &[&str]) -> Vec<Diagnostic> {
        let unknown = self.labels.keys().filter(|name| !known.contains(&name.as_str()));
        unknown.map(|name| self.unknown_label(name, known)).collect()
    }

    fn unknown_label(&self, name: &str, known: &[&str]) -> Diagnostic {
        let message = format!("unknown key `{}` in `labels`", mistake::shortened(name));
        let location = self.location(&[YamlStep::Key("labels"), YamlStep::Key(name)], Aim::Key);
        let diagnostic =
            Diagnostic::new(Kind::Configuration, message).help(mistake::instead_of(name, known));
        Diagnostic { location, ..diagnostic }
    }

    /// The location of `matrix.rows[row].cells[cell].<key>`, for diagnostics about the links of the
    /// matrix.
    #[must_use]
    pub fn location_of_cell(&self, row: usize, cell: usize, key: &str) -> Location {
        use YamlStep::{Index, Key};
        let steps = [Key("matrix"), Key("rows"), Index(row), Key("cells"), Index(cell), Key(key)];
        self.location(&steps, Aim::Value)
    }

    fn location(&self, steps: &[YamlStep<'_>], aim: Aim) -> Location {
        self.own.as_ref().map(|source| yaml::location(source, steps, aim)).unwrap_or_default()
    }
}

/// Reads the address of a site as it is given on the command line; the error says what is wrong and
/// what to write.
pub fn base_url(text: &str) -> Result<Url, String> {
    Url::parse_folder(text).map_err(|mistake| format!("it {}; {}", mistake.message, mistake.help))
}

/// Reads the configuration of the notes in `folder`. Without any file every setting has its
/// default.
///
/// A mistake in `notes.yaml` is an error, all that can be found at once; one in another
/// generator's file is a notice, and the setting is left out.
pub fn load(folder: &Path) -> Result<Loaded, Vec<Diagnostic>> {
    let own = own_file(folder).map_err(|problem| vec![problem])?;
    let typed = match &own {
        Some(source) => {
            yaml::parse::<Typed>(source, Kind::Configuration).map_err(|problem| vec![problem])?
        }
        None => Typed::default(),
    };
    let (foreign, mut notices) = foreign::read(folder);
    let (config, more) = resolve::resolve(folder, own, typed, foreign)?;
    notices.extend(more);
    Ok(Loaded { config, notices })
}

/// The name of the program's own configuration in a folder: of the one that is there, else of a new
/// one.
#[must_use]
pub fn own_name(folder: &Path) -> &'static str {
    let is_there = |name: &&str| {
        SourcePath::new(name)
            .is_some_and(|path| disk::look(folder, &path) != disk::PathKind::Nothing)
    };
    OWN_FILES.into_iter().find(is_there).unwrap_or(OWN_FILES[0])
}

/// The notes' root, as `content` would name it; `None` when there is no such folder in this one.
#[must_use]
pub fn content(folder: &Path, name: &str) -> Option<SourcePath> {
    disk::folder(folder, name).ok()
}

/// The one configuration file of the program's own, under either name.
fn own_file(folder: &Path) -> Result<Option<SettingsFile>, Diagnostic> {
    let [long, short] = OWN_FILES.map(|name| source::read(folder, name, Kind::Configuration));
    match (long?, short?) {
        (Some(_), Some(_)) => {
            Err(Diagnostic::new(Kind::Configuration, "both notes.yaml and notes.yml are there")
                .in_file(OWN_FILES[1])
                .help("move what you need into notes.yaml and delete notes.yml"))
        }
        (long, short) => Ok(long.or(short)),
    }
}

#[cfg(test)]
mod tests;
