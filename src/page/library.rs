//! The library → its pages, grouped by part of the navigation and by the page that names a thing
//! first, and a script with all of it, for those who look for something:
//!
//! ```text
//! notes.library([["url", "title", "host", "type", year, [["address", "page", "heading", "part"], …]], …])
//! ```
//! The address of a place starts at the site's root. The type is a name of
//! [`crate::library::ResourceKind`], or empty, the year 0 when it is not known; the heading is
//! empty at the head of a page.
//!
//! Must not know: how the library was gathered, templates.

use std::collections::{HashMap, hash_map};

use serde::Serialize;

use crate::library::{LibraryEntry, Mention, ResourceKind};
use crate::markdown::Heading;
use crate::nav::{NodeId, PageId};
use crate::path::{Route, encode_path};

use crate::site::{Own, Site};

use super::label::Labels;
use super::view::{
    ChildView, EntryView, HeadingView, LibraryPageView, LibraryPartView, LinkView, MentionView,
    PageKind,
};
use super::{DatedSite, PageInputs, Renderer};

/// Mentions of a resource that are in view; the others are folded.
const FEW: usize = 4;

/// A thing in the script: URL, title, host, type, year, places.
#[derive(Serialize)]
struct EntryRow<'a>(&'a str, &'a str, &'a str, &'static str, u16, Vec<MentionRow<'a>>);

/// A place in the script: address, page, heading, part.
#[derive(Serialize)]
struct MentionRow<'a>(String, &'a str, &'a str, &'a str);

/// Titles of the library's pages.
pub(super) fn titles(labels: &Labels, count: usize) -> Vec<String> {
    let title = |number: usize| match number {
        1 => labels.get("links").to_owned(),
        _ => format!("{} {number}", labels.get("links")),
    };
    (1..=count).map(title).collect()
}

/// The library of one site as its pages show it.
#[derive(Clone, Copy)]
struct SiteLinks<'r> {
    site: &'r Site,
    labels: &'r Labels,
}

impl Renderer<'_> {
    /// The page of the library with this number. That of several books leads to the pages of each.
    #[must_use]
    pub fn links<'s>(&'s self, number: usize) -> PageInputs<'s> {
        let library = &self.site.library;
        let route = &self.site.own.all(Own::LibraryPage)[number];
        let mut view = self.frame(route, None, &self.link_titles[number]);
        let of_site = SiteLinks { site: self.site, labels: &self.labels };
        view.page.kind = PageKind::Links;
        let count: usize = self.sites().map(|of| of.site.library.entries.len()).sum();
        view.page.length = Some(self.labels.links(count));
        let shown = library.pages.get(number).cloned().unwrap_or_default();
        view.library = of_site.shelves(&library.entries[shown], route);
        let heading = |shelf: &LibraryPartView<'s>| HeadingView {
            level: 2,
            text: shelf.title,
            href: format!("#{}", shelf.id),
        };
        view.outline = view.library.iter().map(heading).collect();
        let link = |number: usize| {
            let (title, to) =
                (self.link_titles.get(number)?, self.site.own.all(Own::LibraryPage).get(number)?);
            Some(LinkView::new(title, route.href_to(to)))
        };
        view.previous = number.checked_sub(1).and_then(link);
        view.next = link(number + 1);
        view.children = self.links_of_books(route);
        Self::plain("links.html", view)
    }

    /// The pages of the books' libraries.
    fn links_of_books<'s>(&'s self, route: &Route) -> Vec<ChildView<'s>> {
        let of_book = |DatedSite { site, .. }: DatedSite<'s>| {
            let links = site.own.first(Own::LibraryPage)?;
            Some(ChildView {
                title: &site.title,
                href: route.href_to(links),
                summary: "",
                count: site.library.entries.len(),
                is_stub: false,
                is_external: false,
            })
        };
        self.sites().skip(1).filter_map(of_book).collect()
    }

    /// The script with the whole library: that of several books has each resource once.
    #[must_use]
    pub fn library_script(&self) -> Vec<u8> {
        // Addresses as they are seen from the root.
        let root = Route::file("index.html");
        let mut rows: Vec<EntryRow<'_>> = Vec::new();
        let mut by_key: HashMap<String, usize> = HashMap::new();
        for (number, of) in self.sites().enumerate() {
            let site = SiteLinks { site: of.site, labels: &self.labels };
            let part = (number > 0).then_some(&*of.site.title);
            for entry in &of.site.library.entries {
                let row = site.row(entry, &root, part);
                match by_key.entry(entry.key()) {
                    hash_map::Entry::Occupied(slot) => rows[*slot.get()].add(row),
                    hash_map::Entry::Vacant(slot) => {
                        slot.insert(rows.len());
                        rows.push(row);
                    }
                }
            }
        }
        // Texts and numbers can always be written as JSON.
        let json = serde_json::to_string(&rows).unwrap_or_default();
        format!("\"use strict\";\nnotes.library({json});\n").into_bytes()
    }
}

impl EntryRow<'_> {
    /// Adds what another book knows of the same resource.
    fn add(&mut self, other: Self) {
        if self.3.is_empty() {
            self.3 = other.3;
        }
        if self.4 == 0 {
            self.4 = other.4;
        }
        self.5.extend(other.5);
    }
}

impl<'r> SiteLinks<'r> {
    /// Entries by part of the navigation and by the page that names them first.
    fn shelves(self, entries: &'r [LibraryEntry], route: &Route) -> Vec<LibraryPartView<'r>> {
        let of_part = entries.chunk_by(|a, b| self.shelf_of(a) == self.shelf_of(b));
        let shelf = |(number, entries): (usize, &'r [LibraryEntry])| {
            let pages = entries.chunk_by(|a, b| a.first().page == b.first().page);
            let naming = |entries: &'r [LibraryEntry]| {
                let page = entries[0].first().page;
                LibraryPageView {
                    title: self.site.page_label(page),
                    href: route.href_to(&self.site.page(page).route),
                    links: entries.iter().map(|entry| self.entry(entry, route)).collect(),
                }
            };
            LibraryPartView {
                title: self.part_label(entries[0].first().page),
                id: format!("part-{}", number + 1),
                pages: pages.map(naming).collect(),
            }
        };
        of_part.enumerate().map(shelf).collect()
    }

    fn entry(self, entry: &'r LibraryEntry, route: &Route) -> EntryView<'r> {
        let place = |place: &'r Mention| MentionView {
            title: self.site.page_label(place.page),
            heading: self.heading(place).map(|heading| heading.text.as_str()),
            href: self.address(place, route),
        };
        let more_places: Vec<_> = entry.places().skip(FEW).map(place).collect();
        EntryView {
            url: &entry.url,
            title: &entry.title,
            host: &entry.host,
            kind: entry.kind.map(|kind| self.labels.get(kind.word())),
            year: entry.year,
            places: entry.places().take(FEW).map(place).collect(),
            more: (!more_places.is_empty()).then(|| self.labels.places(more_places.len())),
            more_places,
        }
    }

    /// A row of the script; `part` is the book, if the library has several.
    fn row(self, entry: &'r LibraryEntry, root: &Route, part: Option<&'r str>) -> EntryRow<'r> {
        let named = |place: &'r Mention| {
            let heading = self.heading(place).map_or("", |heading| heading.text.as_str());
            let page = self.site.page_label(place.page);
            let part = part.unwrap_or_else(|| self.part_label(place.page));
            MentionRow(self.address(place, root), page, heading, part)
        };
        let places = entry.places().map(named).collect();
        let kind = entry.kind.map_or("", ResourceKind::name);
        EntryRow(&entry.url, &entry.title, &entry.host, kind, entry.year.unwrap_or(0), places)
    }

    /// Address of a mention as seen from `here`.
    fn address(self, place: &Mention, here: &Route) -> String {
        let anchor =
            place.heading.as_ref().map(|heading| format!("#{}", encode_path(&heading.anchor)));
        here.href_to(&self.site.page(place.page).route) + &anchor.unwrap_or_default()
    }

    /// The heading of a place, unless it says what the page is called, or nothing.
    fn heading(self, place: &Mention) -> Option<&Heading> {
        let title = &*self.site.page(place.page).title;
        let says_more = |heading: &&Heading| {
            !heading.text.is_empty() && heading.text.split_whitespace().ne(title.split_whitespace())
        };
        place.heading.as_ref().filter(says_more)
    }

    /// Equal for entries of one part; the home page is a part of its own.
    fn shelf_of(self, entry: &LibraryEntry) -> (Option<NodeId>, bool) {
        let page = entry.first().page;
        (self.part_of(page), page == self.site.home)
    }

    /// The part of the navigation that a page belongs to.
    fn part_of(self, page: PageId) -> Option<NodeId> {
        self.site.nav.of_page(page).and_then(|node| self.site.nav.trail(node).first().copied())
    }

    fn part_label(self, page: PageId) -> &'r str {
        match self.part_of(page) {
            _ if page == self.site.home => self.labels.get("home"),
            Some(part) => self.site.label(part),
            None => self.labels.get("others"),
        }
    }
}
