//! The parts that the home page alone has: its cover, and the navigation matrix that the notes, the
//! navigation or the configuration give.
//!
//! Must not know: how a row is written.

use crate::links::Target;
use crate::markdown::pass::matrix::END;
use crate::matrix::{self, Href, MatrixCell, MatrixRow, MatrixWords, PARTS_START};
use crate::nav::{NavTarget, NodeId};
use crate::path::Route;
use crate::site::{ConfiguredCell, ConfiguredRow};

use super::Renderer;
use super::address::TargetAddress;
use super::sidebar::Sidebar;
use super::view::View;

/// The rows of the matrix that the configuration gives, as HTML.
#[derive(Debug, Default, Hash)]
pub(super) struct ConfiguredMatrix {
    /// True if they replace the home page's own matrix.
    pub replaces: bool,
    pub rows: String,
    pub table: String,
    /// The rows for the matrix of a note: the same, and those of the books and sites elsewhere that
    /// it has no link to.
    pub rows_in_note: String,
}

impl Renderer<'_> {
    /// Fills in the parts that the home page alone has. The matrix is for a note without one.
    pub(super) fn fill_home(&self, view: &mut View<'_>, route: &Route) {
        view.page.recent = self.recent(route);
        view.page.changes = self.href_of_changes(route);
        view.index = self.first_tags(route);
        let notes: usize = self.sites().map(|of| of.site.reading_order().len()).sum();
        view.page.notes = Some(self.labels.notes(notes));
        view.page.cover_has_title = self.config.is_on_cover(view.page.title);
        view.page.cover = self.config.cover.as_ref().and_then(|cover| self.picture(cover, route));
        (view.page.cover_width, view.page.cover_height) = self.config.cover_size.unzip();
        let made = if self.matrix().replaces { String::new() } else { self.matrix_of_nav(route) };
        let more = [self.rows_of_books(route), self.rows_of_federation()].concat();
        let more = matrix::rows_html(&more, self.words());
        let made = match made.strip_prefix(PARTS_START) {
            _ if more.is_empty() => made,
            Some(rows) => format!("{PARTS_START}{more}{rows}"),
            None => format!("{PARTS_START}{more}{END}"),
        };
        view.page.matrix = if made.is_empty() {
            self.matrix().table.clone()
        } else {
            made.replace(END, &format!("{}{END}", self.matrix().rows))
        };
    }

    fn words(&self) -> MatrixWords<'_> {
        MatrixWords {
            code: self.labels.get("code"),
            others: self.labels.get("others"),
            more: self.labels.get("more"),
        }
    }

    /// A row a part, made from the navigation.
    fn matrix_of_nav(&self, route: &Route) -> String {
        let sidebar = Sidebar { site: self.site, labels: &self.labels, here: route, page: None };
        let cell = |node: NodeId| MatrixCell {
            title: self.site.label(node).to_owned(),
            article: sidebar.href(node),
            code: None,
            count: Some(self.site.count(node)),
            is_stub: self.site.is_stub(node),
            is_more: false,
        };
        let row = |node: NodeId| MatrixRow {
            label: self.site.label(node).to_owned(),
            link: sidebar.href(node),
            count: Some(self.site.count(node)),
            summary: match self.site.nav.node(node).target {
                NavTarget::Page(page) => self.site.page(page).summary.clone(),
                _ => String::new(),
            },
            cells: Vec::new(),
        };
        let contents = route.href_to(self.site.own.contents());
        let contents = Href { href: contents, is_external: false };
        let rows = matrix::from_nav(&self.site.nav, self.words(), contents, row, cell);
        if rows.is_empty() {
            return String::new();
        }
        format!("{PARTS_START}{}{END}", matrix::rows_html(&rows, self.words()))
    }

    /// The rows of the configuration with addresses as seen from the home page.
    pub(super) fn configured_matrix(&self) -> ConfiguredMatrix {
        let home = &self.site.page(self.site.home).route;
        let way = |target: &Target| {
            let TargetAddress { href, is_external, .. } = self.addresses().of(home, target)?;
            Some(Href { href, is_external })
        };
        let cell = |cell: &ConfiguredCell| MatrixCell {
            title: self.cell_title(cell),
            article: cell.article.as_ref().and_then(way),
            code: cell.code.as_ref().and_then(way),
            count: None,
            is_stub: false,
            is_more: false,
        };
        let row = |row: &ConfiguredRow| MatrixRow {
            label: row.label.clone(),
            cells: row.cells.iter().map(cell).collect(),
            ..MatrixRow::default()
        };
        let rows: Vec<MatrixRow> = self.site.matrix.iter().map(row).collect();
        let html = matrix::rows_html(&rows, self.words());
        // The rows of a note's own matrix have no sentences.
        let more = [self.rows_of_unnamed_books(home), self.rows_of_unnamed_sites()].concat();
        let more: Vec<MatrixRow> =
            more.into_iter().map(|row| MatrixRow { summary: String::new(), ..row }).collect();
        let more = matrix::rows_html(&more, self.words());
        ConfiguredMatrix {
            replaces: self.config.matrix.replace,
            rows_in_note: format!("{html}{more}"),
            rows: html,
            table: matrix::table(&rows, self.words()),
        }
    }

    /// The title of a cell of the configuration: what it leads to gives the one that it does not
    /// have.
    pub(super) fn cell_title(&self, cell: &ConfiguredCell) -> String {
        let of_target = || match cell.article.as_ref().or(cell.code.as_ref())? {
            Target::Page(page, _) => Some(self.site.page_label(*page).to_owned()),
            Target::File(path) | Target::Unpublished(path, _) => Some(path.name().to_owned()),
            Target::External(url) | Target::Book(_, Some(url)) => Some(url.clone()),
            Target::Book(link, None) => link.paths.first().map(|path| path.name().to_owned()),
            Target::Dead => None,
        };
        cell.title.clone().or_else(of_target).unwrap_or_default()
    }
}
