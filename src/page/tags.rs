//! The tags of the site → the pages of them, those under a note, the first ones on the home page.
//!
//! Must not know: where a note has its tags.

use super::letters::LetterView;
use super::long_list::pages_of;
use super::view::{ChildView, IndexEntryView, LinkView, PageKind, TagView, View};
use super::{PageInputs, Renderer, letters};
use crate::nav::PageId;
use crate::path::Route;
use crate::site::{Own, SiteTag, TagPage};

/// Tags on the home page.
const MOST_ON_HOME: usize = 24;

impl Renderer<'_> {
    /// The page of all tags.
    #[must_use]
    pub fn tags<'r>(&'r self, route: &'r Route) -> PageInputs<'r> {
        let mut view = self.frame(route, None, self.labels.get("tags"));
        view.page.kind = PageKind::Tags;
        let entries = self.site.tags.list.iter().map(|tag| self.index_entry(tag, route));
        view.index = letters::by_letter(entries.collect(), first_level);
        Self::plain("tags.html", view)
    }

    /// A page of a tag, by its number among those of all tags.
    #[must_use]
    pub fn tag(&self, number: usize) -> PageInputs<'_> {
        let TagPage { tag, number: own_number, range } = &self.site.tags.pages[number];
        let tag = &self.site.tags.list[*tag];
        let routes = self.site.own.all(Own::Tag);
        let route = &routes[number];
        let mut view = self.frame(route, None, &self.part_titles.tags[number]);
        view.page.kind = PageKind::Tag;
        self.add_way_to_tags(&mut view, tag, route);
        let mut pages = tag.pages.clone();
        // Those that are in no place of the reading order come last.
        pages.sort_by_key(|page| self.site.position(*page).unwrap_or(usize::MAX));
        view.children =
            pages[range.clone()].iter().map(|&page| self.tagged_note(page, route)).collect();
        let first = tag.first_page;
        let further = self.site.tags.pages[first + 1..].iter().take_while(|page| page.number > 1);
        let routes = &routes[first..=first + further.count()];
        view.list_pages = pages_of(routes.iter(), *own_number, route);
        Self::plain("tag.html", view)
    }

    /// The tags of the note on a page, and the page of all.
    pub(super) fn tags_of(&self, id: PageId) -> (Vec<TagView>, Option<String>) {
        let route = &self.site.page(id).route;
        let tags = self.site.tags.of_page(id);
        let tags: Vec<TagView> = tags
            .map(|tag| TagView { title: tag.name.clone(), href: self.href_of_tag(tag, route) })
            .collect();
        (tags, self.href_of_tags(route))
    }

    /// From a page to the page of all tags, if a note has one.
    pub(super) fn href_of_tags(&self, route: &Route) -> Option<String> {
        self.site.own.first(Own::Tags).map(|all| route.href_to(all))
    }

    /// The tags that most notes have, for the home page, in the order of the index.
    pub(super) fn first_tags(&self, route: &Route) -> Vec<LetterView<IndexEntryView>> {
        let tags = &self.site.tags.list;
        let mut places: Vec<usize> = (0..tags.len()).collect();
        places.sort_by_key(|&place| std::cmp::Reverse(tags[place].pages.len()));
        places.truncate(MOST_ON_HOME);
        places.sort_unstable();
        if places.is_empty() {
            return Vec::new();
        }
        let entries = places.into_iter().map(|place| self.index_entry(&tags[place], route));
        vec![LetterView { letter: String::new(), entries: entries.collect() }]
    }

    fn index_entry(&self, tag: &SiteTag, route: &Route) -> IndexEntryView {
        let href = self.href_of_tag(tag, route);
        IndexEntryView { title: tag.name.clone(), href, count: tag.pages.len() }
    }

    fn href_of_tag(&self, tag: &SiteTag, route: &Route) -> String {
        let page = self.site.own.all(Own::Tag).get(tag.first_page);
        page.map(|page| route.href_to(page)).unwrap_or_default()
    }

    /// The breadcrumbs of the page of a tag: home page, all tags, the tags above it.
    fn add_way_to_tags<'v>(&'v self, view: &mut View<'v>, tag: &'v SiteTag, route: &Route) {
        let home = &self.site.page(self.site.home).route;
        view.breadcrumbs.push(LinkView::new(self.labels.get("home"), route.href_to(home)));
        if let Some(all) = self.href_of_tags(route) {
            view.breadcrumbs.push(LinkView::new(self.labels.get("tags"), all));
        }
        for (end, _) in tag.name.match_indices('/') {
            let Some(above) = self.site.tags.of(&tag.name[..end]) else { continue };
            view.breadcrumbs.push(LinkView::new(&above.name, self.href_of_tag(above, route)));
        }
    }

    fn tagged_note(&self, page: PageId, route: &Route) -> ChildView<'_> {
        let shown = self.site.page(page);
        ChildView {
            summary: &shown.summary,
            is_stub: shown.is_stub,
            ..self.child_of_page(page, route)
        }
    }
}

/// The tag above all those above an entry, which the order begins with.
fn first_level(entry: &IndexEntryView) -> &str {
    entry.title.split('/').next().unwrap_or_default()
}
