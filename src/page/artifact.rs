//! The table of all outputs that are made of the site: which of them a site has, and how each is
//! made. A new output is a row here, a name in [`Own`], and a file that makes it.
//!
//! Must not know: where the bytes go, what an earlier build made.

use crate::nav::PageId;
use crate::path::Route;
use crate::site::{Own, Site};

use super::{PageInputs, Renderer, part};

/// An output that is made of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Artifact {
    /// The page of a note or a folder.
    Page(PageId),
    /// A page at an address that a page had before, by its number.
    Redirect(usize),
    /// An output of the program's own, by its row in the table and its number among those of that
    /// row.
    Own(usize, usize),
}

/// A way to make an output.
#[derive(Clone, Copy)]
pub enum Maker {
    /// A page, from a template: its inputs, by its number and route.
    Page(for<'r> fn(&'r Renderer<'_>, usize, &'r Route) -> PageInputs<'r>),
    /// A file, from the whole site.
    File(fn(&Renderer<'_>) -> Vec<u8>),
}

/// A row of the table.
struct ArtifactRow {
    own: Own,
    is_wanted: fn(&Renderer<'_>) -> bool,
    /// True if readers see it as a page; the others are files for browsers and other programs.
    is_page: bool,
    maker: Maker,
}

impl ArtifactRow {
    const fn page(
        own: Own,
        make: for<'r> fn(&'r Renderer<'_>, usize, &'r Route) -> PageInputs<'r>,
    ) -> Self {
        Self { own, is_wanted: |_| true, is_page: true, maker: Maker::Page(make) }
    }

    const fn file(own: Own, make: fn(&Renderer<'_>) -> Vec<u8>) -> Self {
        Self { own, is_wanted: |_| true, is_page: false, maker: Maker::File(make) }
    }

    /// The same for sites that fulfil a condition.
    const fn when(self, is_wanted: fn(&Renderer<'_>) -> bool) -> Self {
        Self { is_wanted, ..self }
    }
}

/// All outputs of the program's own. The contents take as long as many other pages, so they come
/// first.
const ROWS: [ArtifactRow; 15] = [
    ArtifactRow::page(Own::Contents, |renderer, _, _| renderer.contents()),
    ArtifactRow::page(Own::Search, |renderer, _, _| renderer.search()),
    ArtifactRow::file(Own::Tree, |renderer| renderer.tree_script()),
    ArtifactRow::file(Own::Library, |renderer| renderer.library_script())
        .when(|renderer| renderer.has_library()),
    ArtifactRow::file(Own::Sitemap, |renderer| renderer.sitemap())
        .when(|renderer| renderer.has_sitemap()),
    ArtifactRow::file(Own::Feed, |renderer| renderer.feed()).when(|renderer| renderer.has_feed()),
    ArtifactRow::file(Own::Robots, |renderer| renderer.robots())
        .when(|renderer| renderer.has_sitemap()),
    ArtifactRow::file(Own::Llms, |renderer| renderer.llms())
        .when(|renderer| renderer.has_sitemap()),
    ArtifactRow::file(Own::Manifest, |renderer| renderer.manifest())
        .when(|renderer| renderer.has_sitemap()),
    ArtifactRow::file(Own::Icon, |renderer| renderer.icon()),
    ArtifactRow::file(Own::NoJekyll, |_| Vec::new()),
    ArtifactRow::page(Own::NotFound, |renderer, _, route| renderer.not_found(route)),
    ArtifactRow::file(Own::Words, |renderer| renderer.words_script()),
    ArtifactRow::page(Own::Links, |renderer, number, _| renderer.links(number)),
    ArtifactRow::page(Own::Part, |renderer, number, _| renderer.part(number)),
];

impl Artifact {
    /// All outputs of a site.
    #[must_use]
    pub fn all(renderer: &Renderer<'_>) -> Vec<Self> {
        let site = renderer.site;
        let mut artifacts = Vec::new();
        for (number, row) in ROWS.iter().enumerate() {
            if (row.is_wanted)(renderer) {
                let count = site.own.all(row.own).len();
                artifacts.extend((0..count).map(|index| Self::Own(number, index)));
            }
        }
        artifacts.extend((0..site.pages.len()).map(|page| Self::Page(PageId(page))));
        artifacts.extend((0..site.redirects.len()).map(Self::Redirect));
        artifacts
    }

    /// Its route.
    #[must_use]
    pub fn route(self, site: &Site) -> &Route {
        match self {
            Self::Page(page) => &site.page(page).route,
            Self::Redirect(number) => &site.redirects[number].route,
            Self::Own(row, number) => &site.own.all(ROWS[row].own)[number],
        }
    }

    /// True if readers see it as a page.
    #[must_use]
    pub fn is_page(self) -> bool {
        match self {
            Self::Page(_) => true,
            Self::Redirect(_) => false,
            Self::Own(row, _) => ROWS[row].is_page,
        }
    }

    /// The notes that it shows, by their index.
    #[must_use]
    pub fn notes(self, site: &Site) -> Vec<usize> {
        match self {
            Self::Page(page) => site.page(page).subject.note().into_iter().collect(),
            Self::Own(row, number) if ROWS[row].own == Own::Part => {
                let pages = part::notes(site, site.own.parts[number]);
                pages.iter().filter_map(|&page| site.page(page).subject.note()).collect()
            }
            Self::Redirect(_) | Self::Own(..) => Vec::new(),
        }
    }

    /// The inputs of its template, or the way to make the file that has none.
    #[must_use]
    pub fn inputs<'r>(self, renderer: &'r Renderer<'_>, route: &'r Route) -> Inputs<'r> {
        let (maker, number) = match self {
            Self::Page(page) => return Inputs::Page(Box::new(renderer.page(page))),
            Self::Redirect(number) => return Inputs::Page(Box::new(renderer.redirect(number))),
            Self::Own(row, number) => (ROWS[row].maker, number),
        };
        match maker {
            Maker::Page(make) => Inputs::Page(Box::new(make(renderer, number, route))),
            Maker::File(make) => Inputs::Site(make),
        }
    }
}

/// Everything that an output is made from, apart from the notes that it shows.
pub enum Inputs<'r> {
    /// The values of its template.
    Page(Box<PageInputs<'r>>),
    /// The whole site, from which this makes it.
    Site(fn(&Renderer<'_>) -> Vec<u8>),
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_output_has_one_row() {
        let rows: BTreeSet<Own> = ROWS.iter().map(|row| row.own).collect();
        assert_eq!(rows.len(), ROWS.len());
        assert_eq!(rows, crate::site::own_outputs().collect());
    }
}
