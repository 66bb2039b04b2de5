//! A folder → the generator whose project it is, by the files that it keeps there, and the folders
//! in which that generator keeps notes and public files.
//!
//! Must not know: the text of the notes, or the generator's settings.

use std::fs;
use std::path::Path;

use super::{content, disk};
use crate::path::SourcePath;

/// The folder in which most generators keep notes.
const DOCS: &str = "docs";
/// The folder in which Hugo keeps notes.
const CONTENT: &str = "content";
/// The folder whose files Hugo and Docusaurus copy to the root of the site.
const STATIC: &str = "static";
/// The settings of Hugo.
pub(super) const HUGO: [&str; 6] =
    ["hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml"];
/// Folders beside `content` that only a project of Hugo has; its settings may have the name that
/// other programs use for theirs.
const BESIDE_HUGO: [&str; 4] = ["archetypes", "layouts", "themes", STATIC];

/// A generator whose settings do not say where its notes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generator {
    /// `docs/.vuepress`
    VuePress,
    /// `docs/.vitepress`
    VitePress,
    /// `docusaurus.config.js`, or in another language.
    Docusaurus,
    /// `docs/index.html` with `$docsify`.
    Docsify,
    /// `hugo.yaml` or another of its settings, and `content`.
    Hugo,
    /// `.obsidian` in a folder.
    Obsidian,
}

/// The project of another generator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignProject {
    /// The generator.
    pub generator: Generator,
    /// The file or folder that it is known by.
    pub sign: String,
    /// The folder of the notes, which exists.
    pub content: SourcePath,
    /// A folder outside it whose files are at the root of the site, if there is one.
    pub public: Option<SourcePath>,
}

impl Generator {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::VuePress => "VuePress",
            Self::VitePress => "VitePress",
            Self::Docusaurus => "Docusaurus",
            Self::Docsify => "docsify",
            Self::Hugo => "Hugo",
            Self::Obsidian => "Obsidian",
        }
    }
}

impl ForeignProject {
    /// The project that a folder is.
    #[must_use]
    pub fn of(folder: &Path) -> Option<Self> {
        let in_docs = |name: &str| exists(folder, &format!("{DOCS}/{name}"));
        if in_docs(".vuepress") {
            return Self::new(folder, Generator::VuePress, "docs/.vuepress", DOCS);
        }
        if in_docs(".vitepress") {
            return Self::new(folder, Generator::VitePress, "docs/.vitepress", DOCS);
        }
        if let Some(settings) = docusaurus_settings(folder) {
            return Self::new(folder, Generator::Docusaurus, &settings, DOCS);
        }
        if is_docsify(&folder.join(DOCS).join("index.html")) {
            return Self::new(folder, Generator::Docsify, "docs/index.html", DOCS);
        }
        if let Some(settings) = hugo_settings(folder) {
            return Self::new(folder, Generator::Hugo, settings, CONTENT);
        }
        let vault = vault_below(folder)?;
        Self::new(folder, Generator::Obsidian, &format!("{vault}/.obsidian"), &vault)
    }

    /// `None` if the folder of the notes does not exist or holds none.
    fn new(folder: &Path, generator: Generator, sign: &str, content: &str) -> Option<Self> {
        let content = disk::folder(folder, content).ok()?;
        if !content::holds_notes(&folder.join(content.as_str())) {
            return None;
        }
        let has_public = matches!(generator, Generator::Hugo | Generator::Docusaurus);
        let public = if has_public { disk::folder(folder, STATIC).ok() } else { None };
        Some(Self { generator, sign: sign.to_owned(), content, public })
    }
}

fn exists(folder: &Path, path: &str) -> bool {
    SourcePath::new(path).is_some_and(|path| disk::look(folder, &path) != disk::PathKind::Nothing)
}

pub(super) fn docusaurus_settings(folder: &Path) -> Option<String> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("docusaurus.config."))
        .collect();
    names.sort();
    names.into_iter().next()
}

/// True for a page that starts docsify.
fn is_docsify(page: &Path) -> bool {
    fs::read_to_string(page).is_ok_and(|text| text.contains("$docsify"))
}

/// The settings of Hugo in a folder that is a project of it.
pub(super) fn hugo_settings(folder: &Path) -> Option<&'static str> {
    let settings = HUGO.into_iter().find(|name| exists(folder, name))?;
    let is_certain = settings.starts_with("hugo.");
    let is_project = is_certain || BESIDE_HUGO.iter().any(|name| exists(folder, name));
    (is_project && exists(folder, CONTENT)).then_some(settings)
}

/// The only folder that is a vault, where all notes are in it.
fn vault_below(folder: &Path) -> Option<String> {
    if disk::is_vault(folder, &SourcePath::root()) {
        return None;
    }
    let mut vault = None;
    for other in content::shown_folders(folder) {
        let is_vault = disk::is_vault(&other, &SourcePath::root());
        if !is_vault && !content::holds_notes(&other) {
            continue;
        }
        if !is_vault || vault.is_some() {
            return None;
        }
        vault = Some(other.file_name()?.to_str()?.to_owned());
    }
    vault
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Generator, sign, folder of the notes and folder of public files.
    fn found(files: &[&str]) -> Option<(&'static str, String, String, Option<String>)> {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let text = if path.ends_with("index.html") { "window.$docsify = {}" } else { "x" };
            fs::write(path, text).unwrap();
        }
        let project = ForeignProject::of(folder.path())?;
        let public = project.public.map(|path| path.to_string());
        Some((project.generator.name(), project.sign, project.content.to_string(), public))
    }

    #[test]
    fn projects_are_known_by_what_their_generators_keep() {
        for (files, expected) in [
            (
                &["docs/.vuepress/config.ts", "docs/README.md", "README.md"][..],
                Some(("VuePress", "docs/.vuepress", "docs", None)),
            ),
            (
                &["docs/.vitepress/config.ts", "docs/index.md"],
                Some(("VitePress", "docs/.vitepress", "docs", None)),
            ),
            (
                &["docusaurus.config.ts", "docs/intro.md", "static/img/a.png"],
                Some(("Docusaurus", "docusaurus.config.ts", "docs", Some("static"))),
            ),
            (
                &["docs/index.html", "docs/README.md"],
                Some(("docsify", "docs/index.html", "docs", None)),
            ),
            (
                &["hugo.yaml", "content/a.md", "static/a.png", "README.md"],
                Some(("Hugo", "hugo.yaml", "content", Some("static"))),
            ),
            (
                &["config.toml", "content/a.md", "archetypes/default.md"],
                Some(("Hugo", "config.toml", "content", None)),
            ),
            // Settings of some other program.
            (&["config.toml", "content/a.md"], None),
            (
                &["vault/.obsidian/app.json", "vault/a.md", "README.md"],
                Some(("Obsidian", "vault/.obsidian", "vault", None)),
            ),
            (&["vault/.obsidian/app.json", "vault/a.md", "other/b.md"], None),
            (&[".obsidian/app.json", "a/b.md"], None),
            // No notes where they should be.
            (&["docs/.vitepress/config.ts", "a.md"], None),
            (&["docs/a.md", "README.md"], None),
        ] {
            let expected = expected.map(|(name, sign, content, public)| {
                (name, sign.to_owned(), content.to_owned(), public.map(str::to_owned))
            });
            assert_eq!(found(files), expected, "{files:?}");
        }
    }
}
