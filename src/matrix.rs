//! Rows of the navigation matrix → HTML. The rows come from the configuration, or from the
//! navigation: a row for each part with a cell for each of its sections.
//!
//! Must not know: routes; links come ready.

use crate::escape::write_attribute;
use crate::escape::{escape_into, escaped};
use crate::markdown::pass::matrix::{END, START, write_row};
use crate::nav::{Nav, NodeId};

/// Most cells of one row made from the navigation; the part's own page lists the others.
const MOST_CELLS: usize = 60;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MatrixRow {
    /// Label of the row.
    pub label: String,
    /// The target of the label, if it is a link.
    pub link: Option<Href>,
    /// The cells.
    pub cells: Vec<MatrixCell>,
}

/// A cell: an article, code, or both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MatrixCell {
    /// Its title.
    pub title: String,
    /// Address of the article; `None` if there is only code, or nothing.
    pub article: Option<Href>,
    /// Address of the code.
    pub code: Option<Href>,
    /// Number of notes below it, if known.
    pub count: Option<usize>,
    /// True if there is nothing to read yet.
    pub is_stub: bool,
}

/// An address as seen from the page that links to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Href {
    /// The address, ready to write.
    pub href: String,
    /// True if it leaves the site.
    pub is_external: bool,
}

/// Words for the reader.
#[derive(Debug, Clone, Copy)]
pub struct MatrixWords<'a> {
    /// For the link to the code of a cell.
    pub code: &'a str,
    /// For the row of entries that have nothing below them.
    pub others: &'a str,
}

/// A row for each part that has something below it, one for the rest.
#[must_use]
pub fn from_nav(
    nav: &Nav,
    words: MatrixWords<'_>,
    label: impl Fn(NodeId) -> String,
    cell: impl Fn(NodeId) -> MatrixCell,
) -> Vec<MatrixRow> {
    let (parts, others): (Vec<NodeId>, Vec<NodeId>) =
        nav.roots.iter().partition(|&&root| !nav.node(root).children.is_empty());
    let row = |label: String, nodes: &[NodeId]| MatrixRow {
        label,
        link: None,
        cells: nodes.iter().take(MOST_CELLS).map(|&node| cell(node)).collect(),
    };
    let mut rows: Vec<MatrixRow> =
        parts.iter().map(|&part| row(label(part), &nav.node(part).children)).collect();
    if !others.is_empty() {
        rows.push(row(words.others.to_owned(), &others));
    }
    rows
}

/// The rows as a table of their own.
#[must_use]
pub fn table(rows: &[MatrixRow], words: MatrixWords<'_>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    format!("{START}{}{END}", rows_html(rows, words))
}

/// The rows alone, for the table that a note has.
#[must_use]
pub fn rows_html(rows: &[MatrixRow], words: MatrixWords<'_>) -> String {
    let mut html = String::new();
    for row in rows {
        let cells: Vec<String> = row.cells.iter().map(|cell| cell_html(cell, words)).collect();
        write_row(&mut html, &label_html(row), &cells);
    }
    html
}

fn label_html(row: &MatrixRow) -> String {
    let Some(link) = &row.link else { return escaped(&row.label) };
    let mut html = String::from("<a");
    write_href(&mut html, link, false);
    html.push('>');
    escape_into(&mut html, &row.label);
    html.push_str("</a>");
    html
}

fn cell_html(cell: &MatrixCell, words: MatrixWords<'_>) -> String {
    let mut html = String::new();
    match &cell.article {
        Some(link) => {
            html.push_str("<a");
            write_href(&mut html, link, cell.is_stub);
            html.push('>');
            escape_into(&mut html, &cell.title);
            html.push_str(&count_html(cell.count));
            html.push_str("</a>");
        }
        None => html.push_str(&escaped(&cell.title)),
    }
    if let Some(code) = &cell.code {
        html.push_str(" <a");
        write_href(&mut html, code, false);
        write_attribute(&mut html, "aria-label", &format!("{}: {}", words.code, cell.title));
        html.push_str("><code>&lt;/&gt;</code></a>");
    }
    html
}

fn write_href(html: &mut String, link: &Href, is_stub: bool) {
    write_attribute(html, "href", &link.href);
    if link.is_external {
        write_attribute(html, "rel", "external");
    }
    if is_stub {
        write_attribute(html, "class", "stub");
    }
}

/// The number of notes behind a link.
#[must_use]
pub fn count_html(count: Option<usize>) -> String {
    match count {
        Some(count) if count > 1 => format!("<small class=\"count\">{count}</small>"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_articles_and_code() {
        let words = MatrixWords { code: "Code", others: "Others" };
        let way = |href: &str, is_external| Some(Href { href: href.to_owned(), is_external });
        let cell = MatrixCell {
            title: "A & B".to_owned(),
            article: way("a.html", false),
            code: way("https://e.org/x", true),
            count: Some(12),
            is_stub: true,
        };
        let html =
            table(&[MatrixRow { label: "L".to_owned(), link: None, cells: vec![cell] }], words);
        assert!(html.contains("scope=\"row\">L</th>"));
        assert!(html.contains(
            "<a href=\"a.html\" class=\"stub\">A &amp; B<small class=\"count\">12</small></a>"
        ));
        assert!(html.contains(
            "<a href=\"https://e.org/x\" rel=\"external\" aria-label=\"Code: A &amp; B\">"
        ));
        assert_eq!(table(&[], words), "");
    }
}
