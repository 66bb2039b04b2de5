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
        let Some((original, twins)) = self.site.twins.of(here) else { return Vec::new() };
        let view = |page: PageId, tag| {
            let target = &self.site.page(page).route;
            let base = self.config.base_url.as_ref();
            LanguageView {
                tag,
                name: name(tag),
                href: route.href_to(target),
                url: base.map(|base| format!("{base}{}", target.url_path())),
                is_here: page == here,
            }
        };
        let first = view(original, &self.site.language);
        let others = twins.iter().map(|twin| view(twin.page, &twin.language));
        std::iter::once(first).chain(others).collect()
    }

    /// The language of a note's text, if it is not that of the site: its own, else the one in the
    /// name of its file.
    pub(super) fn language_of(&self, note: &Note, offered: &[LanguageView<'_>]) -> Option<String> {
        let own = note.language_in(&self.site.language);
        let here = || offered.iter().find(|language| language.is_here).map(|here| here.tag);
        own.or_else(here).filter(|tag| *tag != self.site.language).map(str::to_owned)
    }
}

fn name(tag: &str) -> &str {
    let named = |wanted: &str| NAMES.iter().find(|(tag, _)| *tag == wanted).map(|(_, name)| *name);
    named(tag).or_else(|| named(tag.split('-').next()?)).unwrap_or(tag)
}
