//! A folder → what is there already: notes, their language and title, other generators' settings, a
//! repository.
//!
//! Must not know: what is written.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::SystemTime;

use crate::build::{self, LinkedSite, Sources};
use crate::cache::Cache;
use crate::config::{self, Config, ForeignProject, Generator, Navigation};
use crate::diagnostic::Diagnostic;
use crate::history::Remote;
use crate::path::SourcePath;
use crate::project;
use crate::source::{self, Entry};
use crate::theme::Theme;

/// Files of other generators that say something of the notes.
pub(super) const SETTINGS: [&str; 4] = [".gitbook.yaml", "book.toml", "book.json", "mkdocs.yml"];
/// The file in which GitHub Pages looks for a domain.
const DOMAIN: &str = "CNAME";

/// The files and settings of a folder.
#[derive(Debug)]
pub struct FolderFacts {
    /// Number of notes.
    pub notes: usize,
    /// The title of the site.
    pub title: String,
    /// The language of the notes.
    pub language: String,
    /// The folder of the notes, below the folder; empty for the folder itself.
    pub content: SourcePath,
    /// The file that gives the navigation, if one does.
    pub navigation: Option<String>,
    /// The navigation that `mkdocs.yml` holds: a file to write it to, and its text.
    pub(super) mkdocs_navigation: Option<(String, String)>,
    /// Other generators' settings that are read too.
    pub settings: Vec<&'static str>,
    /// The repository.
    pub repository: RepositoryFacts,
    /// The other generator's project that the folder is.
    pub generator: Option<Generator>,
    /// True if Obsidian opens the notes as a vault.
    pub is_vault: bool,
}

/// The repository of a folder, and its publication.
#[derive(Debug)]
pub struct RepositoryFacts {
    /// Its place; `None` if the folder is in no repository.
    pub remote: Option<Remote>,
    /// The site's own domain.
    pub domain: Option<String>,
    /// True if git-LFS holds some files.
    pub has_lfs: bool,
    /// True if the repository holds others.
    pub has_submodules: bool,
    /// The paths of those.
    pub(super) submodules: BTreeSet<SourcePath>,
}

impl FolderFacts {
    /// Looks at a folder.
    ///
    /// # Errors
    /// The mistakes of the settings that are there.
    pub(super) fn in_folder(folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let (config, _) = project::settings(folder)?;
        Ok(Self::with_settings(folder, config))
    }

    /// Looks at a folder, with these settings.
    pub(super) fn with_settings(folder: &Path, config: Config) -> Self {
        let generator = ForeignProject::of(folder).map(|project| project.generator);
        let content = config.content.clone();
        let root = folder.join(content.as_str());
        let output = folder.join(project::SITE);
        let tree = project::read_tree(folder, "", &output, &config, SystemTime::now());
        let theme = Theme::load(folder, project::publishes_static(&config), &config.colours());
        let linked = LinkedSite::new(&Sources::new(tree, config, theme, Cache::none()), None);
        let Sources { tree, config, .. } = linked.sources();
        let is_there = |name: &&&str| source::raw_text(folder, name).is_some();
        let repository = RepositoryFacts::of(folder, &root);
        let has_pointers = tree.entries.values().any(|entry| matches!(entry, Entry::LfsPointer));
        let has_lfs = repository.has_lfs || has_pointers;
        Self {
            notes: linked.note_count(),
            title: linked.site().title.clone(),
            language: linked.site().language.clone(),
            navigation: build::navigation_file(tree, config).map(|path| tree.shown(&path)),
            mkdocs_navigation: navigation_in_settings(config, tree.entries.keys()),
            settings: SETTINGS.iter().filter(is_there).copied().collect(),
            generator,
            is_vault: config::is_vault(folder, &content),
            content,
            repository: RepositoryFacts { has_lfs, ..repository },
        }
    }

    /// True if the notes are in Chinese.
    #[must_use]
    pub fn is_chinese(&self) -> bool {
        self.language.starts_with("zh")
    }
}

impl RepositoryFacts {
    /// The repository of a folder whose notes are in `root`.
    pub(super) fn of(folder: &Path, root: &Path) -> Self {
        let remote = Remote::of(folder);
        let top = remote.as_ref().map_or(folder, |remote| &remote.top);
        let domain = source::raw_text(root, DOMAIN).or_else(|| source::raw_text(folder, DOMAIN));
        let attributes = source::raw_text(top, ".gitattributes").unwrap_or_default();
        let modules = source::raw_text(top, ".gitmodules").unwrap_or_default();
        Self {
            domain: domain.map(|text| text.trim().to_owned()).filter(|text| is_domain(text)),
            has_lfs: attributes.contains("filter=lfs"),
            has_submodules: modules.contains("[submodule"),
            submodules: submodule_paths(&modules),
            remote,
        }
    }

    /// The repository's own folder; `folder`, which is in it, if there is none.
    pub(super) fn top<'f>(&'f self, folder: &'f Path) -> &'f Path {
        self.remote.as_ref().map_or(folder, |remote| &remote.top)
    }

    /// The path from there to the folder, ending in `/` if not empty.
    pub(super) fn prefix(&self) -> &str {
        self.remote.as_ref().map_or("", |remote| &remote.prefix)
    }

    /// The address at which GitHub Pages would publish the notes.
    #[must_use]
    pub fn address(&self) -> Option<String> {
        if let Some(domain) = &self.domain {
            return Some(format!("https://{domain}/"));
        }
        let path = self.remote.as_ref()?.url.as_ref()?.strip_prefix("https://github.com/")?;
        let (owner, name) = path.split_once('/')?;
        let host = format!("{}.github.io", owner.to_lowercase());
        Some(if name.to_lowercase() == host {
            format!("https://{host}/")
        } else {
            format!("https://{host}/{name}/")
        })
    }
}

/// A navigation in the settings of another generator, where the notes have none of their own: the
/// file for it, and its text.
fn navigation_in_settings<'p>(
    config: &Config,
    mut paths: impl Iterator<Item = &'p SourcePath>,
) -> Option<(String, String)> {
    let Navigation::Settings(settings) = &config.navigation else { return None };
    if paths.any(|path| path.as_str() == "SUMMARY.md") {
        return None;
    }
    let content = config.content.as_str();
    let slash = if content.is_empty() { "" } else { "/" };
    Some((format!("{content}{slash}SUMMARY.md"), settings.summary.clone()))
}

/// The paths in a file `.gitmodules` (gitmodules(5)).
fn submodule_paths(text: &str) -> BTreeSet<SourcePath> {
    let mut paths = BTreeSet::new();
    for line in text.lines() {
        let Some(("path", path)) = line.split_once('=').map(|(key, path)| (key.trim(), path))
        else {
            continue;
        };
        paths.extend(SourcePath::new(path.trim().trim_matches('"')));
    }
    paths
}

fn is_domain(text: &str) -> bool {
    text.contains('.') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
}
