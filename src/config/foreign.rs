//! `.gitbook.yaml`, `book.toml`, `book.json`, `mkdocs.yml` and Hugo's settings → the settings in
//! them that are of use here, an earlier file before a later one, key by key. An invalid setting
//! becomes a warning and is ignored.
//!
//! Must not know: `notes.yaml`, or the purpose of a value.

use std::fmt;
use std::path::Path;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::disk;
use super::mistake::{self, Mistake};
use super::mkdocs_extensions::MkdocsExtensions;
use super::source::{self, SettingsFile, small};
use super::{Markdown, NavigationSettings, generator, language, mkdocs_nav, yaml};
use crate::diagnostic::{Diagnostic, Kind};
use crate::path::SourcePath;
use crate::phrase::phrase;

/// The settings of other generators.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Foreign {
    pub title: Option<String>,
    pub description: Option<String>,
    pub language: Option<String>,
    pub author: Option<String>,
    /// The folder of the notes, which exists.
    pub content: Option<SourcePath>,
    /// The home note, which exists.
    pub readme: Option<Named>,
    /// The navigation file, which exists.
    pub navigation: Option<Named>,
    /// A navigation in the settings themselves.
    pub navigation_settings: Option<NavigationSettings>,
    /// The extensions of Markdown that the notes are written with.
    pub markdown: Option<Markdown>,
    /// The file that names the folder of the notes.
    pub content_sign: Option<&'static str>,
}

/// A file that another generator's configuration names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Its path below the folder (not below the notes' root).
    pub path: SourcePath,
    /// The configuration that names it.
    pub by: &'static str,
}

/// `.gitbook.yaml`. Its `redirects` are not read: they are rules of GitBook's own server.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a map")]
struct GitBook {
    root: Option<String>,
    structure: Option<GitbookStructure>,
}

/// `structure` of `.gitbook.yaml` and `book.json`, relative to `root`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a map")]
struct GitbookStructure {
    readme: Option<String>,
    summary: Option<String>,
}

/// mdBook's `book.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BookToml {
    book: Book,
}

/// `[book]` of `book.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Book {
    title: Option<String>,
    description: Option<String>,
    language: Option<String>,
    authors: Vec<String>,
    src: Option<String>,
}

/// `book.json` of the classic `GitBook` and of `HonKit`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a map")]
struct BookJson {
    title: Option<String>,
    description: Option<String>,
    language: Option<String>,
    author: Option<String>,
    root: Option<String>,
    structure: Option<GitbookStructure>,
}

/// Hugo's settings.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a map")]
struct Hugo {
    title: Option<String>,
    #[serde(rename = "languageCode")]
    language_code: Option<String>,
    #[serde(rename = "defaultContentLanguage")]
    default_content_language: Option<String>,
}

/// `MkDocs`' `mkdocs.yml`, but for its `nav`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a map")]
struct MkDocs {
    site_name: Option<String>,
    site_description: Option<String>,
    site_author: Option<String>,
    docs_dir: Option<String>,
    theme: MkdocsTheme,
    markdown_extensions: MkdocsExtensions,
}

/// `theme` of `mkdocs.yml`: a name, or a map in which there may be a language.
#[derive(Debug, Default)]
struct MkdocsTheme {
    language: Option<String>,
}

/// Written by hand, because the derived code reads the whole map, which may contain tags (`!ENV`)
/// that only `MkDocs` understands.
impl<'de> Deserialize<'de> for MkdocsTheme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ThemeVisitor)
    }
}

struct ThemeVisitor;

impl<'de> Visitor<'de> for ThemeVisitor {
    type Value = MkdocsTheme;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name or a map")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<MkdocsTheme, E> {
        Ok(MkdocsTheme::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MkdocsTheme, A::Error> {
        let mut theme = MkdocsTheme::default();
        while let Some(key) = map.next_key::<String>()? {
            if key == "language" {
                theme.language = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(theme)
    }
}

/// Reads those of the files that exist.
pub(super) fn read(folder: &Path) -> (Foreign, Vec<Diagnostic>) {
    let mut notices = Vec::new();
    let gitbook = SettingsReader { folder, file: ".gitbook.yaml", notices: &mut notices }.gitbook();
    let mdbook = SettingsReader { folder, file: "book.toml", notices: &mut notices }.book_toml();
    let classic = SettingsReader { folder, file: "book.json", notices: &mut notices }.book_json();
    let mkdocs = SettingsReader { folder, file: "mkdocs.yml", notices: &mut notices }.mkdocs();
    let hugo = match generator::hugo_settings(folder) {
        Some(file) => SettingsReader { folder, file, notices: &mut notices }.hugo(),
        None => Foreign::default(),
    };
    (gitbook.or(mdbook).or(classic).or(mkdocs).or(hugo), notices)
}

impl Foreign {
    /// Fills missing values from a file of lower priority.
    fn or(self, other: Self) -> Self {
        Self {
            title: self.title.or(other.title),
            description: self.description.or(other.description),
            language: self.language.or(other.language),
            author: self.author.or(other.author),
            content: self.content.or(other.content),
            readme: self.readme.or(other.readme),
            navigation: self.navigation.or(other.navigation),
            navigation_settings: self.navigation_settings.or(other.navigation_settings),
            markdown: self.markdown.or(other.markdown),
            content_sign: self.content_sign.or(other.content_sign),
        }
    }
}

/// Reads one of the files and collects warnings about invalid settings.
struct SettingsReader<'a> {
    folder: &'a Path,
    file: &'static str,
    notices: &'a mut Vec<Diagnostic>,
}

impl SettingsReader<'_> {
    fn gitbook(mut self) -> Foreign {
        let parsed: GitBook = self.parse(|source| yaml::parse(source, Kind::ForeignConfiguration));
        self.rooted(parsed.root, parsed.structure)
    }

    fn book_json(mut self) -> Foreign {
        let parsed: BookJson = self.parse(json);
        Foreign {
            title: non_empty(parsed.title),
            description: non_empty(parsed.description),
            language: self.language(parsed.language),
            author: non_empty(parsed.author),
            ..self.rooted(parsed.root, parsed.structure)
        }
    }

    /// mdBook publishes the files of `src`, which has a `SUMMARY.md`.
    fn book_toml(mut self) -> Foreign {
        let Some(BookToml { book }) = self.parse(|source| toml::<BookToml>(source).map(Some))
        else {
            return Foreign::default();
        };
        let src = book.src.unwrap_or_else(|| "src".to_owned());
        let navigation = self.summary_in(&src);
        let content = navigation.as_ref().map(|file| file.path.parent());
        Foreign {
            title: non_empty(book.title),
            description: non_empty(book.description),
            language: self.language(book.language),
            author: non_empty(book.authors.into_iter().next()),
            content_sign: content.as_ref().map(|_| self.file),
            content,
            navigation,
            ..Foreign::default()
        }
    }

    /// The title and language of Hugo, where the folder is a project of it.
    fn hugo(mut self) -> Foreign {
        let is_toml = Path::new(self.file).extension().is_some_and(|end| end == "toml");
        let parsed: Hugo = self.parse(|source| {
            if is_toml { toml(source) } else { yaml::parse(source, Kind::ForeignConfiguration) }
        });
        let language = parsed.language_code.or(parsed.default_content_language);
        Foreign {
            title: non_empty(parsed.title),
            // Hugo accepts names that are no tags, which only matter to itself.
            language: non_empty(language).and_then(|text| language::parse(&text).ok()),
            ..Foreign::default()
        }
    }

    fn mkdocs(mut self) -> Foreign {
        let read = |source: &SettingsFile| {
            let settings = yaml::parse::<Option<MkDocs>>(source, Kind::ForeignConfiguration)?;
            Ok(settings.map(|settings| (settings, mkdocs_nav::summary(&source.text))))
        };
        let Some((parsed, summary)) = self.parse(read) else {
            return Foreign::default();
        };
        let folder = parsed.docs_dir.unwrap_or_else(|| "docs".to_owned());
        let content = self.keep("docs_dir", disk::folder(self.folder, &folder));
        Foreign {
            title: non_empty(parsed.site_name),
            description: non_empty(parsed.site_description),
            language: self.language(parsed.theme.language),
            author: non_empty(parsed.site_author),
            content_sign: content.as_ref().map(|_| self.file),
            content,
            navigation_settings: summary
                .map(|summary| NavigationSettings { file: self.file, summary }),
            markdown: Some(parsed.markdown_extensions.0),
            ..Foreign::default()
        }
    }

    /// The value of the file if it exists and can be parsed, else the default.
    fn parse<T: Default>(
        &mut self,
        parse: impl FnOnce(&SettingsFile) -> Result<T, Diagnostic>,
    ) -> T {
        let source = source::read(self.folder, self.file, Kind::ForeignConfiguration);
        let parsed = source.and_then(|found| found.as_ref().map(parse).transpose());
        parsed
            .unwrap_or_else(|notice| {
                self.notices.push(notice);
                None
            })
            .unwrap_or_default()
    }

    /// The folder of the notes, and the home note and navigation file in it.
    fn rooted(&mut self, root: Option<String>, structure: Option<GitbookStructure>) -> Foreign {
        let root =
            root.and_then(|text| self.keep("root", disk::folder(self.folder, relative(&text))));
        let top = root.clone().unwrap_or_else(SourcePath::root);
        let structure = structure.unwrap_or_default();
        Foreign {
            readme: self.named("structure.readme", &top, structure.readme),
            navigation: self.named("structure.summary", &top, structure.summary),
            content_sign: root.as_ref().map(|_| self.file),
            content: root,
            ..Foreign::default()
        }
    }

    fn named(&mut self, key: &str, top: &SourcePath, text: Option<String>) -> Option<Named> {
        let found = disk::file(self.folder, top, relative(&text?));
        let path = self.keep(key, found)?;
        Some(Named { path: top.join(path.as_str())?, by: self.file })
    }

    /// `SUMMARY.md` in mdBook's folder, if it exists.
    fn summary_in(&mut self, src: &str) -> Option<Named> {
        let top = self.keep("book.src", disk::inside(src))?;
        let path = top.join("SUMMARY.md")?;
        (disk::look(self.folder, &path) == disk::PathKind::File)
            .then_some(Named { path, by: self.file })
    }

    fn language(&mut self, text: Option<String>) -> Option<String> {
        non_empty(text).and_then(|text| self.keep("language", language::parse(&text)))
    }

    /// The value, or a warning that it is ignored.
    fn keep<T>(&mut self, key: &str, result: Result<T, Mistake>) -> Option<T> {
        result.map_err(|mistake| self.notices.push(notice(self.file, key, &mistake))).ok()
    }
}

/// The warning about an ignored setting of another generator's file.
pub(super) fn notice(file: &'static str, key: &str, mistake: &Mistake) -> Diagnostic {
    let message =
        phrase!("`{key}` {message}; the setting is ignored", key, message = mistake.message);
    Diagnostic::new(Kind::ForeignConfiguration, message).in_file(file).help(mistake.help.clone())
}

/// A path without a `/` at its start: those generators take `/docs` for `docs`.
fn relative(text: &str) -> &str {
    text.trim().trim_start_matches('/')
}

/// The trimmed text; `None` if it is empty, as a key without a value is.
pub(super) fn non_empty(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn json(source: &SettingsFile) -> Result<BookJson, Diagnostic> {
    serde_json::from_str(&source.text).map_err(|error| {
        let text = error.to_string();
        let message = text.rsplit_once(" at line ").map_or(&*text, |(message, _)| message);
        not_understood(source, message, (small(error.line()), small(error.column())))
    })
}

fn toml<T: DeserializeOwned>(source: &SettingsFile) -> Result<T, Diagnostic> {
    toml::from_str(&source.text).map_err(|error| {
        let position = error.span().map_or((0, 0), |span| source.position(span.start));
        not_understood(source, error.message(), position)
    })
}

fn not_understood(source: &SettingsFile, message: &str, (line, column): (u32, u32)) -> Diagnostic {
    let message = phrase!(
        "cannot be parsed, so it is ignored: {message}",
        message = mistake::shortened(message)
    );
    let notice = Diagnostic::new(Kind::ForeignConfiguration, message).in_file(source.file.clone());
    notice
        .at_line(line)
        .at_column(column)
        .help(phrase!("fix it, or move the settings to notes.yaml and delete it"))
}
