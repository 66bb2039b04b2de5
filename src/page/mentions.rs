//! The notes that link to the note of a page, and those that name it, as the page shows them.
//!
//! Must not know: how they were found.

use super::Renderer;
use super::view::{LinkView, MentionsView, NamedInView};
use crate::mention::{MentionSource, NamedIn, PageMentions, Sentence};
use crate::nav::PageId;
use crate::path::{Route, encode_path};
use crate::site::Own;

impl<'a> Renderer<'a> {
    /// The same with what pages show of notes that name theirs.
    #[must_use]
    pub fn with_mentions(self, mentions: &'a dyn MentionSource) -> Self {
        let mentions = if self.config.without_mentions { None } else { Some(mentions) };
        Self { mentions, ..self }
    }

    /// The notes that link to the note of a page or name it; none on the home page, to which
    /// everything leads.
    #[must_use]
    pub fn mentions_of(&self, page: PageId) -> Option<&'a PageMentions> {
        if page == self.site.home { None } else { self.mentions?.mentions_of(page) }
    }

    /// The same for the template.
    pub(super) fn mentions(
        &self,
        here: PageId,
    ) -> (MentionsView<LinkView<'_>>, MentionsView<NamedInView<'_>>) {
        let Some(mentions) = self.mentions_of(here) else { return Default::default() };
        let route = &self.site.page(here).route;
        let link = |&page: &PageId| {
            LinkView::new(self.site.page_label(page), route.href_to(&self.site.page(page).route))
        };
        let links = MentionsView {
            list: mentions.links.iter().map(link).collect(),
            more: self.more(mentions.more_links),
            search: None,
        };
        let named = MentionsView {
            list: mentions.named.iter().map(|named| self.named_in(named, route)).collect(),
            more: self.more(mentions.more_named),
            search: self.search_for(mentions, route),
        };
        (links, named)
    }

    /// The number of notes that are not listed, in words.
    fn more(&self, count: usize) -> Option<String> {
        (count > 0).then(|| self.labels.more_notes(count))
    }

    /// The address of a search that finds all notes that name the one of a page, if they use one
    /// name.
    fn search_for(&self, mentions: &PageMentions, here: &Route) -> Option<String> {
        let name = mentions.only_name.as_ref()?;
        let page = self.shared().own.first(Own::Search)?;
        Some(format!("{}?q={}", here.href_to(page), encode_path(&format!("\"{name}\""))))
    }

    fn named_in(&self, named: &'a NamedIn, here: &Route) -> NamedInView<'_> {
        let page = self.site.page(named.page);
        let anchor = match &*named.place.anchor {
            "" => String::new(),
            anchor => format!("#{}", encode_path(anchor)),
        };
        let Sentence { before, name, after } = &named.place.sentence;
        NamedInView {
            title: self.site.page_label(named.page),
            href: here.href_to(&page.route) + &anchor,
            before,
            name,
            after,
        }
    }
}
