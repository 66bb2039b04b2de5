//! The pages of the program's own that have no file for themselves: contents, search, lost readers,
//! old addresses, paper.
//!
//! Must not know: templates.

use crate::path::Route;
use crate::site::{self, Own};

use super::part::{self, Chapter, PartLinks};
use super::sidebar::Sidebar;
use super::view::{HeadingView, OldAddressView, PageKind};
use super::{PageInputs, Renderer};

impl<'a> Renderer<'a> {
    /// The page with the whole navigation.
    #[must_use]
    pub fn contents(&self) -> PageInputs<'_> {
        let route = self.site.own.contents();
        let mut view = self.frame(route, None, self.labels.get("contents"));
        view.page.kind = PageKind::Contents;
        view.page.all_tags = self.href_of_tags(route);
        view.page.all_terms = self.href_of_terms(route);
        view.page.body = Sidebar { site: self.site, labels: &self.labels, here: route, page: None }
            .whole()
            + &self.contents_of_books(route);
        view.children =
            self.site.unlisted.iter().map(|&page| self.child_of_page(page, route)).collect();
        let former = |former: &site::Redirect| OldAddressView {
            title: &self.site.page(former.to).title,
            address: former.route.as_str().to_owned(),
            href: route.href_to(&former.route),
        };
        view.formers = self.site.redirects.iter().map(former).collect();
        Self::plain("contents.html", view)
    }

    /// The page of search results; a script fills it.
    #[must_use]
    pub fn search(&self) -> PageInputs<'_> {
        let route = self.site.own.first(Own::Search).unwrap_or(self.site.own.contents());
        let mut view = self.frame(route, None, self.labels.get("search"));
        view.page.kind = PageKind::Search;
        view.page.canonical = None;
        Self::plain("search.html", view)
    }

    /// The page for addresses that lead nowhere. It is served at any depth, so where the site's
    /// address is known its links start at the site's root; elsewhere they lead right from the root
    /// only.
    #[must_use]
    pub fn not_found<'r>(&'r self, route: &'r Route) -> PageInputs<'r> {
        let mut view = self.frame(route, None, self.labels.get("not_found"));
        view.page.kind = PageKind::NotFound;
        view.page.canonical = None;
        view.page.base = self.config.base_url.as_ref().map(|url| url.path().to_owned());
        view.page.here = if view.page.base.is_some() { "404.html" } else { "" };
        Self::plain("404.html", view)
    }

    /// The page at an address that a page had before, by its number: it leads to the page.
    #[must_use]
    pub fn redirect(&self, number: usize) -> PageInputs<'_> {
        let site::Redirect { route, to } = &self.site.redirects[number];
        let to = self.site.page(*to);
        let mut view = self.frame(route, None, &to.title);
        view.page.kind = PageKind::Redirect;
        view.page.canonical =
            self.config.base_url.as_ref().map(|base| format!("{base}{}", to.route.url_path()));
        view.page.target = Some(route.href_to(&to.route));
        view.navigation = String::new();
        Self::plain("redirect.html", view)
    }

    /// The page for paper with all notes of a part, by its number.
    #[must_use]
    pub fn part(&self, number: usize) -> PageInputs<'_> {
        let part = &self.site.own.parts[number];
        let route = &self.site.own.all(Own::Part)[number];
        let mut view = self.frame(route, None, &self.part_titles.papers[number]);
        view.page.kind = PageKind::Part;
        view.page.canonical = None;
        view.list_pages = self.paper_pages(part, route);
        let pages = part::notes(self.site, part);
        let links = PartLinks::new(self.addresses(), route, &pages);
        let chapters = links.chapters(&pages);
        let entry = |(place, chapter): (usize, &Chapter<'a>)| HeadingView {
            level: 2,
            text: chapter.title,
            href: part::address_of(place),
        };
        view.outline = chapters.iter().enumerate().map(entry).collect();
        PageInputs {
            chapters,
            embedded: links.embedded(&pages),
            https_images: self.config.images.https,
            ..Self::plain("part.html", view)
        }
    }
}
