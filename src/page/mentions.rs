//! The notes that link to the note of a page, and those that name it, as the page shows them.
//!
//! Must not know: how they were found.

use super::Renderer;
use super::view::{LinkView, MentionsView, NamedInView};
use crate::mention::{MentionSource, NamedIn, PageMentions};
use crate::nav::PageId;
use crate::path::{Route, encode_path};
use crate::site::Own;

impl<'a> Renderer<'a> {
    /// The same with what pages show of notes that name theirs.
    #[must_use]
    pub fn with_mentions(self, mentions: &'a dyn MentionSource) -> Self {
        Self { mentions: Some(mentions).filter(|_| !self.config.without_mentions), ..self }
    }

    /// The notes that link to the note of a page or name it; none on the home page, to which
    /// everything leads.
    #[must_use]
    pub fn mentions_of(&self, page: PageId) -> Option<&'a PageMentions> {
        self.mentions.filter(|_| page != self.site.home)?.mentions_of(page)
    }

    /// The same for the template.
    pub(super) fn mentions(
        &self,
        here: PageId,
    ) -> (MentionsView<LinkView<'_>>, MentionsView<NamedInView<'_>>) {
        let Some(mentions) = self.mentions_of(here) else { return Default::default() };
        let route = &self.site.page(here).route;
        let links = mentions.links.iter().map(|&page| {
            LinkView::new(self.site.page_label(page), route.href_to(&self.site.page(page).route))
        });
        let named = mentions.named.iter().map(|named| self.named_in(named, route));
        let links = MentionsView { list: links.collect(), more: mentions.more_links, search: None };
        let search = mentions.named.first().and_then(|named| {
            let page = self.shared().own.first(Own::Search)?;
            let words = encode_path(&format!("\"{}\"", named.place.name));
            Some(format!("{}?q={words}", route.href_to(page)))
        });
        let search = search.filter(|_| mentions.more_named > 0);
        (links, MentionsView { list: named.collect(), more: mentions.more_named, search })
    }

    fn named_in(&self, named: &'a NamedIn, here: &Route) -> NamedInView<'_> {
        let page = self.site.page(named.page);
        let anchor = match &*named.place.anchor {
            "" => String::new(),
            anchor => format!("#{}", encode_path(anchor)),
        };
        let [before, name, after] = &named.place.sentence;
        NamedInView {
            title: self.site.page_label(named.page),
            href: here.href_to(&page.route) + &anchor,
            before,
            name,
            after,
        }
    }
}
