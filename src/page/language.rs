//! The translations of a note → the languages that its page offers.
//!
//! Must not know: how translations are found.

use super::Renderer;
use super::view::LanguageView;
use crate::nav::PageId;
use crate::note::Note;
use crate::path::Route;
use crate::site::language_name as name;

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
        // The first is the note itself, whose file says nothing.
        let of_file = || offered.iter().skip(1).find(|language| language.is_here)?.tag;
        let known = written.or_else(of_file).or_else(|| note.language_in(&self.site.language));
        known.filter(|tag| !tag.eq_ignore_ascii_case(&self.site.language)).map(str::to_owned)
    }
}
