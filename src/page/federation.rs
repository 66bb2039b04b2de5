//! The description of a site for others (`book.json`), and the sites elsewhere in the sidebar and
//! the matrix of its home page.
//!
//! Must not know: how their search is asked.

use crate::escape::{escape_into, write_url};
use crate::federation::{FORMAT, FederatedSite, PublishedPart, PublishedSite};
use crate::links::Target;
use crate::matrix::{Href, MatrixCell, MatrixRow};
use crate::nav::{NodeId, PageId};
use crate::path::Route;

use super::sidebar::Sidebar;
use super::{DatedSite, Renderer};

impl<'a> Renderer<'a> {
    /// This renderer, with the rows of these sites elsewhere on the home page.
    #[must_use]
    pub fn with_federation(self, federation: &'a [FederatedSite]) -> Self {
        Self { federation, ..self }
    }

    /// The description of the site for others.
    #[must_use]
    pub fn published(&self) -> PublishedSite {
        let of_book = |of: DatedSite<'_>| PublishedPart {
            title: of.site.title.clone(),
            url: Some(of.site.page(of.site.home).route.url_path()),
            notes: of.site.reading_order().len(),
        };
        let root = Route::file("index.html");
        let sidebar = Sidebar { site: self.site, labels: &self.labels, here: &root, page: None };
        let of_part = |&part: &NodeId| {
            let href = sidebar.href(part).filter(|href| !href.is_external);
            PublishedPart {
                title: self.site.label(part).to_owned(),
                url: href.filter(|_| !self.site.is_stub(part)).map(|href| href.href),
                notes: self.site.count(part),
            }
        };
        let own = self.site.nav.roots.iter().map(of_part);
        PublishedSite {
            format: FORMAT,
            title: self.site.title.clone(),
            description: self.config.description.clone(),
            language: self.site.language.clone(),
            notes: self.sites().map(|of| of.site.reading_order().len()).sum(),
            search: self.site.own.search_folder(),
            parts: own.chain(self.sites().skip(1).map(of_book)).collect(),
        }
    }

    /// The rows of the matrix of the sites elsewhere, each with its parts.
    pub(super) fn rows_of_federation(&self) -> Vec<MatrixRow> {
        self.federation.iter().map(|site| self.row_of_site(site)).collect()
    }

    /// The same for the sites that the home page's note has no link to.
    pub(super) fn rows_of_unnamed_sites(&self) -> Vec<MatrixRow> {
        let note = self.site.page(self.site.home).subject.note();
        let targets = note.map(|note| self.site.targets(note)).unwrap_or_default();
        let leads_to = |target: &Target, site: &FederatedSite| match target {
            Target::External(url) => {
                let root = site.url.as_str();
                url.starts_with(root) || Some(url.as_str()) == root.strip_suffix('/')
            }
            _ => false,
        };
        let is_unnamed =
            |site: &&FederatedSite| !targets.iter().any(|target| leads_to(target, site));
        self.federation.iter().filter(is_unnamed).map(|site| self.row_of_site(site)).collect()
    }

    /// The sites elsewhere as entries of the sidebar of the home page, which alone shows what they
    /// publish.
    pub(super) fn entries_of_sites(&self, page: Option<PageId>) -> String {
        let mut html = String::new();
        if self.federation.is_empty() || page != Some(self.site.home) {
            return html;
        }
        html.push_str("<ul class=\"books\">\n");
        for site in self.federation {
            html.push_str("<li><a");
            write_url(&mut html, "href", site.url.as_str());
            html.push_str(" rel=\"external\">");
            escape_into(&mut html, site.title());
            html.push_str("</a></li>\n");
        }
        html.push_str("</ul>\n");
        html
    }

    /// The row of a site: the parts with something to read.
    fn row_of_site(&self, site: &FederatedSite) -> MatrixRow {
        let away = |href: String| Href { href, is_external: true };
        let parts = site.published.as_ref().map(|published| &*published.parts).unwrap_or_default();
        let cell = |part: &PublishedPart| {
            Some(MatrixCell {
                title: part.title.clone(),
                article: Some(away(site.address_of(part)?)),
                count: Some(part.notes),
                ..MatrixCell::default()
            })
        };
        let cells = parts.iter().filter_map(cell).collect();
        let link = Some(away(site.url.to_string()));
        let cells = self.first_cells(cells, link.clone());
        let published = site.published.as_ref();
        MatrixRow {
            label: site.title().to_owned(),
            link,
            count: published.map(|published| published.notes),
            summary: published
                .and_then(|published| published.description.clone())
                .unwrap_or_default(),
            cells,
        }
    }
}
