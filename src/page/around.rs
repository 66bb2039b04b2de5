//! The library around a site: the sites of its home and of its books, and the targets of links from
//! this one into others; and with them what its pages show of the library.
//!
//! Must not know: how a link into a book was resolved.

use std::collections::{BTreeMap, HashSet};

use crate::books::BookLink;
use crate::escape::{escape_into, write_attribute};
use crate::history::{History, NoteHistory};
use crate::links::Target;
use crate::matrix::{Href, MatrixCell, MatrixRow, count_html};
use crate::nav::NodeId;
use crate::path::Route;
use crate::site::{self, Site};

use super::Renderer;
use super::sidebar::Sidebar;
use super::view::{BookView, BooksView, LinkView};

/// Books that the switch of a page lists; of more, it leads to the home page of the library.
const MOST_BOOKS: usize = 40;
/// Cells of one book or other site in the matrix on the home page; its own pages have the others.
const MOST_CELLS: usize = 12;

/// A site and the history of its notes.
#[derive(Clone, Copy)]
pub struct DatedSite<'a> {
    /// The site.
    pub site: &'a Site,
    /// The history.
    pub history: &'a History,
}

impl<'a> DatedSite<'a> {
    /// The history of the note that a page shows.
    pub(super) fn past(self, page: &site::Page) -> Option<&'a NoteHistory> {
        self.history.of(self.site.note_path(page.subject.note()?))
    }

    /// The day on which the note of a page was changed last: as its front matter says, else as git
    /// knows.
    pub(super) fn changed<'p>(self, page: &'p site::Page) -> Option<&'p str>
    where
        'a: 'p,
    {
        page.changed.as_deref().or_else(|| self.past(page).map(NoteHistory::day))
    }
}

/// The sites of a library, around one of them.
#[derive(Clone, Copy)]
pub struct NearSites<'a> {
    /// The site of the library's own folder.
    pub home: &'a Site,
    /// Those of the books, in their order.
    pub books: &'a [DatedSite<'a>],
    /// The number of the book that the site is; `None` for the home.
    pub here: Option<usize>,
    /// The targets of its links into other books.
    pub targets: &'a BookTargets,
}

/// The target of a link into another book.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum BookTarget {
    /// A place on a page.
    Page(BookPage),
    /// A file beside its notes.
    File(Route),
    /// Something that is not published, in the book's repository.
    Repository(String),
}

/// A place on a page of another book.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BookPage {
    /// The page.
    pub route: Route,
    /// An id in it.
    pub id: Option<String>,
    /// True if there is nothing to read on the page.
    pub is_stub: bool,
    /// Number of notes there and below, if the navigation has the page.
    pub count: Option<usize>,
}

/// The targets of links into other books, of those that exist.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct BookTargets(pub BTreeMap<BookLink, BookTarget>);

impl<'a> Renderer<'a> {
    /// The same for a site in a library.
    #[must_use]
    pub fn within(self, around: Option<NearSites<'a>>) -> Self {
        Self { around, ..self }
    }

    /// True if the site is a book of a library.
    pub(super) fn is_book(&self) -> bool {
        self.around.is_some_and(|around| around.here.is_some())
    }

    /// The site that has the files which the sites of a library share: search, theme, icon.
    pub(super) fn shared(&self) -> &'a Site {
        self.around.map_or(self.site, |around| around.home)
    }

    /// All sites: that of the home and those of the books, or the one that there is.
    pub(super) fn sites(&self) -> impl Iterator<Item = DatedSite<'a>> {
        let books = self.around.filter(|around| around.here.is_none());
        let books = books.map(|around| around.books).unwrap_or_default();
        std::iter::once(self.dated()).chain(books.iter().copied())
    }

    /// The library as the pages of a book show it.
    pub(super) fn books_view(&self, route: &Route) -> Option<BooksView<'_>> {
        let around = self.around.filter(|around| around.here.is_some())?;
        let view = |(number, DatedSite { site, .. }): (usize, &DatedSite<'a>)| BookView {
            title: &site.title,
            href: route.href_to(&site.page(site.home).route),
            is_here: Some(number) == around.here,
        };
        let shown = if around.books.len() > MOST_BOOKS { &[] } else { around.books };
        Some(BooksView {
            title: &around.home.title,
            home: route.href_to(&around.home.page(around.home.home).route),
            list: shown.iter().enumerate().map(view).collect(),
        })
    }

    /// The way from the home page of the library to that of the book.
    pub(super) fn way_to_book(&self, route: &Route) -> Vec<LinkView<'_>> {
        let around = self.around.filter(|around| around.here.is_some());
        let way = around.map(|NearSites { home, .. }| {
            LinkView::new(&home.title, route.href_to(&home.page(home.home).route))
        });
        way.into_iter().collect()
    }

    /// The books as entries of the sidebar of the library's own pages.
    pub(super) fn entries_of_books(&self, here: &Route) -> String {
        let mut html = String::new();
        let Some(around) = self.around.filter(|around| around.here.is_none()) else { return html };
        html.push_str("<ul class=\"books\">\n");
        for DatedSite { site, .. } in around.books.iter().take(MOST_BOOKS) {
            html.push_str("<li>");
            Self::link_to_book(&mut html, site, here);
            html.push_str("</li>\n");
        }
        if around.books.len() > MOST_BOOKS {
            html.push_str("<li><a class=\"more\"");
            write_attribute(&mut html, "href", &here.href_to(around.home.own.contents()));
            html.push('>');
            escape_into(
                &mut html,
                &format!("{} ({})", self.labels.get("more"), around.books.len()),
            );
            html.push_str("</a></li>\n");
        }
        html.push_str("</ul>\n");
        html
    }

    /// The navigations of all books, on the page of contents of the library.
    pub(super) fn contents_of_books(&self, here: &Route) -> String {
        let mut html = String::new();
        let Some(around) = self.around.filter(|around| around.here.is_none()) else { return html };
        for DatedSite { site, .. } in around.books {
            html.push_str("<h2>");
            Self::link_to_book(&mut html, site, here);
            html.push_str("</h2>\n");
            html.push_str(&Sidebar { site, labels: &self.labels, here, page: None }.whole());
        }
        html
    }

    /// The rows of the matrix on the home page of a library: a book each, with its parts.
    pub(super) fn rows_of_books(&self, here: &Route) -> Vec<MatrixRow> {
        let around = self.around.filter(|around| around.here.is_none());
        let books = around.map(|around| around.books).unwrap_or_default();
        books.iter().map(|book| self.row_of_book(book.site, here)).collect()
    }

    /// The same for the books that the home page's note has no link to.
    pub(super) fn rows_of_unnamed_books(&self, here: &Route) -> Vec<MatrixRow> {
        let note = self.site.page(self.site.home).subject.note();
        let targets = note.map(|note| self.site.targets(note)).unwrap_or_default();
        let named: HashSet<usize> = targets.iter().filter_map(Target::book).collect();
        let rows = self.rows_of_books(here).into_iter().enumerate();
        rows.filter(|(number, _)| !named.contains(number)).map(|(_, row)| row).collect()
    }

    fn row_of_book(&self, site: &Site, here: &Route) -> MatrixRow {
        let local = |href: String| Some(Href { href, is_external: false });
        let sidebar = Sidebar { site, labels: &self.labels, here, page: None };
        let cell = |&node: &NodeId| MatrixCell {
            title: site.label(node).to_owned(),
            article: sidebar.href(node),
            code: None,
            count: Some(site.count(node)),
            is_stub: site.is_stub(node),
            is_more: false,
        };
        let cells = site.nav.roots.iter().map(cell).collect();
        let contents = local(here.href_to(site.own.contents()));
        let link = local(here.href_to(&site.page(site.home).route));
        MatrixRow {
            label: site.title.clone(),
            link,
            count: Some(site.reading_order().len()),
            summary: site.page(site.home).summary.clone(),
            cells: self.first_cells(cells, contents),
        }
    }

    /// The first of the cells of a row; of too many, the last leads to all of them.
    pub(super) fn first_cells(
        &self,
        mut cells: Vec<MatrixCell>,
        all: Option<Href>,
    ) -> Vec<MatrixCell> {
        let count = cells.len();
        if count > MOST_CELLS {
            cells.truncate(MOST_CELLS);
            let title = format!("{} ({count})", self.labels.get("more"));
            cells.push(MatrixCell { title, article: all, is_more: true, ..MatrixCell::default() });
        }
        cells
    }

    fn link_to_book(html: &mut String, site: &Site, here: &Route) {
        html.push_str("<a");
        write_attribute(html, "href", &here.href_to(&site.page(site.home).route));
        html.push('>');
        escape_into(html, &site.title);
        html.push_str(&count_html(Some(site.reading_order().len())));
        html.push_str("</a>");
    }
}
