//! A folder → the generator whose project it is, by the files that it keeps there.
//!
//! Must not know: the notes.

use std::path::Path;

use crate::source;

/// The folder in which these generators keep notes.
pub(super) const DOCS: &str = "docs";

/// A generator that keeps notes in `docs`, whose settings are a program and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generator {
    /// `docs/.vuepress`
    VuePress,
    /// `docs/.vitepress`
    VitePress,
    /// `docusaurus.config.js`, or in another language.
    Docusaurus,
}

impl Generator {
    /// The generator of a folder.
    pub(super) fn of(folder: &Path) -> Option<Self> {
        let docs = source::names_in(&folder.join(DOCS));
        let has = |name: &str| docs.iter().any(|other| other == name);
        if has(".vuepress") {
            return Some(Self::VuePress);
        }
        if has(".vitepress") {
            return Some(Self::VitePress);
        }
        let is_settings = |name: &String| name.starts_with("docusaurus.config.");
        source::names_in(folder).iter().any(is_settings).then_some(Self::Docusaurus)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::VuePress => "VuePress",
            Self::VitePress => "VitePress",
            Self::Docusaurus => "Docusaurus",
        }
    }
}
