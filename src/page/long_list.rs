//! Lists that are too long for one page: the further pages, and the links among them.
//!
//! Must not know: how a list is parted, templates.

use crate::nav::PageId;
use crate::path::Route;
use crate::site::{Own, PaperPart, Site, number_of};

use super::view::{LinkView, ListPageView, PageKind};
use super::{PageInputs, Renderer};

/// The titles of the pages among which lists are parted.
pub(super) struct PartTitles {
    /// Of the pages for paper.
    pub papers: Vec<String>,
    /// Of the further pages of lists.
    lists: Vec<String>,
    /// Of the pages of tags.
    pub tags: Vec<String>,
}

impl PartTitles {
    pub fn new(site: &Site) -> Self {
        let papers = site.own.parts.iter();
        let lists = site.own.lists.iter();
        let tags = site.tags.pages.iter();
        Self {
            papers: papers.map(|part| numbered(site.label(part.node), part.number)).collect(),
            lists: lists
                .map(|list| numbered(&site.page(list.page).title, number_of(&list.range)))
                .collect(),
            tags: tags.map(|page| numbered(&site.tags.list[page.tag].name, page.number)).collect(),
        }
    }
}

/// A title with the number of its page behind the first.
fn numbered(title: &str, number: usize) -> String {
    if number == 1 { title.to_owned() } else { format!("{title} {number}") }
}

impl Renderer<'_> {
    /// A further page of a long list, by its number among all.
    #[must_use]
    pub fn list_part(&self, number: usize) -> PageInputs<'_> {
        let list = &self.site.own.lists[number];
        let route = &self.site.own.all(Own::ListPart)[number];
        let mut view = self.frame(route, Some(list.page), &self.part_titles.lists[number]);
        view.page.kind = PageKind::Folder;
        // They belong to the page whose list this is.
        (view.previous, view.next, view.page.trail) = (None, None, None);
        let page = self.site.page(list.page);
        let title = self.site.page_label(list.page);
        view.breadcrumbs.push(LinkView::new(title, route.href_to(&page.route)));
        if let Some(node) = self.site.nav.of_page(list.page) {
            view.children = self.children(node, list.range.clone(), route);
        }
        view.list_pages = self.list_pages(list.page, number_of(&list.range), route);
        Self::plain("page.html", view)
    }

    /// The pages that show the list of a page, as seen from the one with a number.
    pub(super) fn list_pages(&self, page: PageId, here: usize, from: &Route) -> Vec<ListPageView> {
        let further = &self.site.own.all(Own::ListPart)[self.site.own.lists_of(page)];
        let routes = std::iter::once(&self.site.page(page).route).chain(further);
        pages_of(routes, here, from)
    }

    /// The pages for paper of a part, as seen from one of them.
    pub(super) fn paper_pages(&self, part: &PaperPart, from: &Route) -> Vec<ListPageView> {
        let routes = &self.site.own.all(Own::Part)[self.site.own.parts_of(part.node)];
        pages_of(routes.iter(), part.number, from)
    }
}

/// The pages at some routes; none, if there is but one.
pub(super) fn pages_of<'r>(
    routes: impl Iterator<Item = &'r Route>,
    here: usize,
    from: &Route,
) -> Vec<ListPageView> {
    let page = |(number, route): (usize, &Route)| ListPageView {
        number,
        href: from.href_to(route),
        is_here: number == here,
    };
    let pages: Vec<ListPageView> = (1..).zip(routes).map(page).collect();
    if pages.len() > 1 { pages } else { Vec::new() }
}
