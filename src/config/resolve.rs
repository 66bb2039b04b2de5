//! Settings as typed, and those of other generators → [`Config`]: every value parsed, every path
//! looked up, all mistakes collected.
//!
//! Must not know: YAML, TOML, JSON.

use std::collections::BTreeMap;
use std::path::Path;

use super::foreign::{Foreign, Named, non_empty};
use super::generator::ForeignProject;
use super::mistake::Mistake;
use super::problems::Problems;
use super::source::SettingsFile;
use super::typed::{self, Typed, TypedMath};
use super::url::looks_like_url;
use super::yaml::YamlStep::Key;
use super::{
    Accent, Authors, Config, Cover, LinkPattern, Markdown, Navigation, NavigationSettings,
    OwnRepository, Url,
};
use super::{
    bar, blocks, books, check, content, disk, federation, globs, head_rules, icon, images,
    language, license, matrix, repository,
};
use crate::diagnostic::{Diagnostic, Kind};
use crate::path::SourcePath;
use crate::phrase::{Phrase, phrase};

/// The branch on which notes are edited, unless the settings name another.
pub(super) const BRANCH: &str = "main";

/// The settings and the warnings about them, or all the errors.
pub(super) fn resolve(
    folder: &Path,
    own: Option<&SettingsFile>,
    mut typed: Typed,
    mut foreign: Foreign,
) -> Result<(Config, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut problems = Problems::new(own);
    let content = problems
        .given("content", non_empty(typed.content.take()), |text| disk::folder(folder, &text));
    let NotesRoot { content, sign, public } = NotesRoot::find(folder, content, &foreign);
    let mut paths = InContent { folder, content: &content, problems: &mut problems };
    let files = paths.named_files(&mut typed, &mut foreign);
    let links = RepositoryLinks::resolve(&mut typed, &content, &mut problems);
    let (levels, external) = check::resolve(typed.check.unwrap_or_default(), &mut problems);
    let mut extensions = typed.markdown.unwrap_or_default();
    let macros = macros(&mut extensions);
    let usual = usual_markdown(foreign.markdown, disk::is_vault(folder, &content));
    let language =
        problems.given("language", non_empty(typed.language), |text| language::parse(&text));
    let base_url =
        problems.given("base_url", non_empty(typed.base_url), |text| Url::parse_folder(&text));
    let federated = typed.federation.unwrap_or_default();
    let config = Config {
        title: non_empty(typed.title).or(foreign.title),
        description: non_empty(typed.description).or(foreign.description),
        language: language.or(foreign.language),
        author: non_empty(typed.author).or(foreign.author),
        authors: problems
            .given("authors", non_empty(typed.authors), |text| authors(&text))
            .unwrap_or_default(),
        license: typed.license.map(|typed| license::resolve(typed, &mut problems)),
        federation: federation::resolve(federated, &mut problems),
        base_url,
        accent: accent(typed.theme.unwrap_or_default(), &mut problems),
        bar: bar::links(typed.links.unwrap_or_default(), &mut problems),
        footer: problems
            .given("footer", non_empty(typed.footer), |text| bar::footer(&text))
            .unwrap_or_default(),
        edit: links.edit,
        source: links.source,
        exclude: globs::resolve("exclude", typed.exclude, &mut problems),
        assets: globs::resolve("assets", typed.assets, &mut problems),
        drafts: typed.drafts.unwrap_or_default(),
        without_mentions: typed.mentions == Some(false),
        maps: typed.maps == Some(true),
        without_terms: typed.terms == Some(false),
        machines: typed.machines.unwrap_or_default(),
        epub: typed.epub.unwrap_or_default(),
        offline: typed.offline.unwrap_or_default(),
        card_lines: typed.cards.unwrap_or_default(),
        without_print: typed.print == Some(false),
        redirects_renamed: problems
            .given("redirects", non_empty(typed.redirects), |text| is_by_git(&text))
            .unwrap_or_default(),
        images: images::resolve(typed.images.unwrap_or_default(), &mut problems),
        markdown: markdown(&extensions, usual),
        macros,
        blocks: blocks::resolve(typed.blocks.unwrap_or_default(), &mut problems),
        front_matter: head_rules::front_matter(folder),
        matrix: matrix::resolve(typed.matrix.unwrap_or_default(), &mut problems),
        labels: labels(typed.labels.unwrap_or_default()),
        safe_html: problems
            .given("html", non_empty(typed.html), |text| is_safe(&text))
            .unwrap_or_default(),
        levels,
        external,
        books: books::resolve(typed.books.unwrap_or_default(), &mut problems),
        repository: links.repository,
        own_repository: links.own_repository,
        cover: files.cover,
        cover_size: files.cover_size,
        cover_text: files.cover_text,
        icon: files.icon,
        logo: files.logo,
        logo_size: files.logo_size,
        navigation: files.navigation,
        readme: files.readme,
        content,
        content_sign: sign,
        public,
        own: own.cloned(),
    };
    let notices = problems.finish()?;
    Ok((config, notices))
}

/// The notes' root, and what says so.
struct NotesRoot {
    content: SourcePath,
    /// The file or folder of another generator that names it.
    sign: Option<String>,
    /// A folder outside it with files for the root of the site.
    public: Option<SourcePath>,
}

impl NotesRoot {
    /// The folder in the settings, else the one that another generator's settings name, else the
    /// one in which another generator keeps notes, else `content` or the folder itself.
    fn find(folder: &Path, typed: Option<SourcePath>, foreign: &Foreign) -> Self {
        let project = ForeignProject::of(folder);
        let public_for = |content: &SourcePath| {
            let project = project.as_ref().filter(|project| project.content == *content)?;
            project.public.clone()
        };
        if let Some(content) = typed {
            return Self { public: public_for(&content), content, sign: None };
        }
        if let Some(content) = foreign.content.clone() {
            let sign = foreign.content_sign.map(str::to_owned);
            return Self { public: public_for(&content), content, sign };
        }
        match project {
            Some(ForeignProject { content, sign, public, .. }) => {
                Self { content, sign: Some(sign), public }
            }
            None => Self { content: content::discover(folder), sign: None, public: None },
        }
    }
}

/// The notes' repository, and the patterns of addresses in it.
struct RepositoryLinks {
    repository: Option<Url>,
    own_repository: Option<OwnRepository>,
    edit: Option<LinkPattern>,
    source: Option<LinkPattern>,
}

impl RepositoryLinks {
    fn resolve(typed: &mut Typed, content: &SourcePath, problems: &mut Problems<'_>) -> Self {
        let repository = problems.given("repository", non_empty(typed.repository.take()), |text| {
            Url::parse_repository(&text)
        });
        let branch = problems
            .given("branch", non_empty(typed.branch.take()), |text| repository::branch(&text));
        let branch = branch.as_deref().unwrap_or(BRANCH);
        let derived =
            repository.as_ref().and_then(|url| repository::patterns(url, branch, content));
        let [edit, source] = derived.map_or([None, None], |patterns| patterns.map(Some));
        let mut pattern = |key: &'static str, typed: Option<String>| {
            problems.given(key, non_empty(typed), |text| LinkPattern::parse(&text))
        };
        Self {
            edit: pattern("edit", typed.edit.take()).or(edit),
            source: pattern("source", typed.source.take()).or(source),
            own_repository: repository.as_ref().and_then(|url| OwnRepository::new(url, content)),
            repository,
        }
    }
}

/// The settings that name files below the notes' root.
struct NamedFiles {
    navigation: Navigation,
    readme: Option<SourcePath>,
    cover: Option<Cover>,
    cover_size: Option<(u32, u32)>,
    cover_text: Vec<String>,
    icon: Option<SourcePath>,
    logo: Option<Cover>,
    logo_size: Option<(u32, u32)>,
}

/// Reads the settings that are paths below the notes' root.
struct InContent<'a, 'b> {
    folder: &'a Path,
    content: &'a SourcePath,
    problems: &'a mut Problems<'b>,
}

impl InContent<'_, '_> {
    fn named_files(&mut self, typed: &mut Typed, foreign: &mut Foreign) -> NamedFiles {
        let named = (foreign.navigation.take(), foreign.navigation_settings.take());
        let navigation = self.navigation(non_empty(typed.navigation.take()).as_deref(), named);
        let readme = self.readme(non_empty(typed.readme.take()), foreign.readme.take());
        let cover = self.picture("cover", non_empty(typed.cover.take()));
        let logo = self.picture("logo", non_empty(typed.logo.take()));
        let icon = self.icon(non_empty(typed.icon.take()).as_deref(), cover.as_ref());
        let [cover_size, logo_size] =
            [&cover, &logo].map(|picture| self.pixel_size(picture.as_ref()));
        let cover_text = match &cover {
            Some(Cover::File(path)) => icon::texts(&self.root().join(path.as_str())),
            _ => Vec::new(),
        };
        NamedFiles { navigation, readme, cover, cover_size, cover_text, icon, logo, logo_size }
    }

    /// `tree` (or `false`), the path of a navigation file, or nothing.
    fn navigation(
        &mut self,
        typed: Option<&str>,
        (named, settings): (Option<Named>, Option<NavigationSettings>),
    ) -> Navigation {
        match typed {
            Some("tree" | "false") => Navigation::Tree,
            Some(text) => {
                self.file("navigation", text).map_or(Navigation::Discover, Navigation::File)
            }
            None => {
                match named.and_then(|named| self.foreign(&phrase!("the navigation file"), &named))
                {
                    Some(path) => Navigation::File(path),
                    None => settings.map_or(Navigation::Discover, Navigation::Settings),
                }
            }
        }
    }

    fn readme(&mut self, typed: Option<String>, foreign: Option<Named>) -> Option<SourcePath> {
        let Some(text) = typed else {
            return foreign.and_then(|named| self.foreign(&phrase!("the home note"), &named));
        };
        let path = self.file("readme", &text)?;
        if !path.is_markdown() {
            let mistake = Mistake::new(
                phrase!("is not a note"),
                phrase!("write the path of a file that ends in .md"),
            );
            self.problems.error(&[Key("readme")], &mistake);
        }
        Some(path)
    }

    /// A picture that does not exist is a missing image like any other; one outside the folder is
    /// an error.
    fn picture(&mut self, key: &str, typed: Option<String>) -> Option<Cover> {
        let text = typed?;
        if looks_like_url(&text) {
            return self.problems.take(&[Key(key)], Url::parse(&text)).map(Cover::Url);
        }
        let path = self.problems.take(&[Key(key)], disk::inside(&text))?;
        match disk::file(self.folder, self.content, &text) {
            Ok(path) => Some(Cover::File(path)),
            Err(mistake) if disk::look(&self.root(), &path) == disk::PathKind::Nothing => {
                self.problems.warn(Kind::MissingImage, &[Key(key)], &mistake);
                None
            }
            Err(mistake) => self.problems.take(&[Key(key)], Err(mistake)),
        }
    }

    fn pixel_size(&self, picture: Option<&Cover>) -> Option<(u32, u32)> {
        match picture? {
            Cover::File(path) => icon::pixel_size(&self.root().join(path.as_str())),
            Cover::Url(_) => None,
        }
    }

    fn icon(&mut self, typed: Option<&str>, cover: Option<&Cover>) -> Option<SourcePath> {
        match (typed, cover) {
            (Some(text), _) => self.file("icon", text),
            (None, Some(Cover::File(path))) => {
                icon::is_square(&self.root().join(path.as_str())).then(|| path.clone())
            }
            _ => None,
        }
    }

    fn root(&self) -> std::path::PathBuf {
        self.folder.join(self.content.as_str())
    }

    fn file(&mut self, key: &str, text: &str) -> Option<SourcePath> {
        let found = disk::file(self.folder, self.content, text);
        self.problems.take(&[Key(key)], found)
    }

    /// A file that another generator's configuration names, if it is below the notes' root.
    fn foreign(&mut self, what: &Phrase, named: &Named) -> Option<SourcePath> {
        let below = disk::below(self.content, &named.path);
        if below.is_none() {
            let message = phrase!(
                "{what} {path} is outside the notes and is ignored",
                what,
                path = named.path
            );
            let notice = Diagnostic::new(Kind::ForeignConfiguration, message).in_file(named.by);
            self.problems.notice(notice.help(phrase!("name a file below `content` in notes.yaml")));
        }
        below
    }
}

/// The extensions of Markdown that other programs have for these notes: those that the settings of
/// one of them name, and those of Obsidian in a vault.
fn usual_markdown(foreign: Option<Markdown>, in_vault: bool) -> Markdown {
    let foreign = foreign.unwrap_or_default();
    Markdown {
        highlight: foreign.highlight || in_vault,
        wiki_links: foreign.wiki_links || in_vault,
        ..foreign
    }
}

/// The extensions of Markdown; those that are not set are as `usual`.
fn markdown(typed: &typed::TypedMarkdown, usual: Markdown) -> Markdown {
    Markdown {
        definition_lists: typed.definition_lists.unwrap_or(usual.definition_lists),
        subscript: typed.subscript.unwrap_or(usual.subscript),
        superscript: typed.superscript.unwrap_or(usual.superscript),
        math: match &typed.math {
            Some(TypedMath::Switch(is_on)) => *is_on,
            Some(TypedMath::Named(_)) => true,
            None => usual.math,
        },
        diagrams: typed.diagrams.unwrap_or(usual.diagrams),
        highlight: typed.highlight.unwrap_or(usual.highlight),
        insert: typed.insert.unwrap_or(usual.insert),
        wiki_links: typed.wiki_links.unwrap_or(usual.wiki_links),
        smart_punctuation: typed.smart_punctuation.unwrap_or(usual.smart_punctuation),
    }
}

/// The macros of formulas, by name; one without a text is none.
fn macros(typed: &mut typed::TypedMarkdown) -> BTreeMap<String, String> {
    let Some(TypedMath::Named(options)) = &mut typed.math else { return BTreeMap::new() };
    let macros = options.macros.take().unwrap_or_default();
    macros.into_iter().filter_map(|(name, tex)| Some((name, tex?))).collect()
}

fn accent(typed: typed::TypedTheme, problems: &mut Problems<'_>) -> Option<Accent> {
    let text = non_empty(typed.accent)?;
    problems.take(&[Key("theme"), Key("accent")], Accent::parse(&text))
}

/// True if raw HTML is not trusted.
fn is_safe(text: &str) -> Result<bool, Mistake> {
    match text {
        "safe" => Ok(true),
        "trusted" => Ok(false),
        _ => Err(Mistake::new(
            phrase!("must be `safe` or `trusted`"),
            phrase!("write `html: safe` if you do not trust the writers of the notes"),
        )),
    }
}

fn authors(text: &str) -> Result<Authors, Mistake> {
    match text {
        "last" => Ok(Authors::Last),
        "first" => Ok(Authors::First),
        "all" => Ok(Authors::All),
        "none" => Ok(Authors::None),
        _ => Err(Mistake::new(
            phrase!("must be `last`, `first`, `all` or `none`"),
            phrase!("for the author of the whole site, use `author`"),
        )),
    }
}

/// True if the earlier addresses of notes come from git.
fn is_by_git(text: &str) -> Result<bool, Mistake> {
    match text {
        "git" => Ok(true),
        "none" => Ok(false),
        _ => Err(Mistake::new(
            phrase!("must be `git` or `none`"),
            phrase!("write `redirects: git` if notes were renamed in git"),
        )),
    }
}

/// The labels that have a text; one without keeps its default.
fn labels(typed: BTreeMap<String, Option<String>>) -> BTreeMap<String, String> {
    typed.into_iter().filter_map(|(name, text)| Some((name, non_empty(text)?))).collect()
}
