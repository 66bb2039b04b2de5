//! The translations of a note → the languages that its page offers.
//!
//! Must not know: how translations are found.

use super::Renderer;
use super::view::LanguageView;
use crate::nav::PageId;
use crate::note::Note;
use crate::path::Route;

/// Names of languages in themselves, by their tags or the first part of those.
const NAMES: [(&str, &str); 13] = [
    ("zh-TW", "繁體中文"),
    ("zh-HK", "繁體中文"),
    ("zh-Hant", "繁體中文"),
    ("zh", "简体中文"),
    ("en", "English"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("ru", "Русский"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("pt", "Português"),
    ("it", "Italiano"),
];

impl Renderer<'_> {
    /// The languages of the note on a page, that of the note that the others translate first;
    /// none if there is one language only.
    pub(super) fn languages(&self, here: PageId, route: &Route) -> Vec<LanguageView<'_>> {
        let Some((original, translations)) = self.site.translations.of(here) else {
            return Vec::new();
        };
        let view = |page: PageId, tag, name| {
            let target = &self.site.page(page).route;
            let base = self.config.base_url.as_ref();
            LanguageView {
                tag,
                name,
                href: route.href_to(target),
                url: base.map(|base| format!("{base}{}", target.url_path())),
                is_here: page == here,
            }
        };
        let written = self.site.translations.language_of_original(original);
        let tag = written.unwrap_or(&self.site.language);
        let is_taken = translations.iter().any(|other| name(&other.language) == name(tag));
        let first = match written {
            // There is a translation into the language of the site, so it is in another.
            None if is_taken => view(original, None, self.labels.get("original")),
            _ => view(original, Some(tag), name(tag)),
        };
        let others = translations.iter().map(|other| {
            let tag = &*other.language;
            view(other.page, Some(tag), name(tag))
        });
        std::iter::once(first).chain(others).collect()
    }

    /// The language of a note's text, if it is not that of the site: as its front matter says, else
    /// the name of its file, else its text.
    pub(super) fn language_of(&self, note: &Note, offered: &[LanguageView<'_>]) -> Option<String> {
        let written = note.meta.language.as_deref();
        let of_file = || offered.iter().find(|language| language.is_here)?.tag;
        let known = written.or_else(of_file).or_else(|| note.language_in(&self.site.language));
        known.filter(|tag| !tag.eq_ignore_ascii_case(&self.site.language)).map(str::to_owned)
    }
}

fn name(tag: &str) -> &str {
    let named = |wanted: &str| NAMES.iter().find(|(tag, _)| *tag == wanted).map(|(_, name)| *name);
    named(tag).or_else(|| named(tag.split('-').next()?)).unwrap_or(tag)
}
