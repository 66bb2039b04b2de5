//! Rows of the navigation matrix → HTML. The rows come from the configuration, or from the
//! navigation: a row for each part, shown as a card, with a cell for each of its first sections.
//!
//! Must not know: routes; links come ready.

use crate::escape::write_attribute;
use crate::escape::{escape_into, escaped};
use crate::markdown::pass::matrix::{END, START, write_row};
use crate::nav::{Nav, NodeId};

/// Most parts in a matrix made from the navigation; the contents list the others.
const MOST_PARTS: usize = 48;
/// Most entries without anything below them.
const MOST_OTHERS: usize = 24;

/// The start of a matrix made from the navigation.
pub const PARTS_START: &str =
    "<table class=\"matrix parts\" role=\"table\"><tbody role=\"rowgroup\">\n";

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MatrixRow {
    /// Label of the row.
    pub label: String,
    /// The target of the label, if it is a link.
    pub link: Option<Href>,
    /// Number of notes of the part, if known.
    pub count: Option<usize>,
    /// A sentence about it; empty if there is none.
    pub summary: String,
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
    /// True if it leads to what the row leaves out.
    pub is_more: bool,
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
    /// For the link to what a row leaves out.
    pub more: &'a str,
}

/// Greatest number of sections in a row, by the number of parts: the whole is not much longer than
/// a screen.
fn most_sections(parts: usize) -> usize {
    match parts {
        0..=8 => 8,
        9..=16 => 4,
        _ => 0,
    }
}

/// A row for each part that has something below it, one for the rest. `row` gives the row of a part
/// without cells; `contents` leads to everything.
#[must_use]
pub fn from_nav(
    nav: &Nav,
    words: MatrixWords<'_>,
    contents: Href,
    row: impl Fn(NodeId) -> MatrixRow,
    cell: impl Fn(NodeId) -> MatrixCell,
) -> Vec<MatrixRow> {
    let is_part = |node: &NodeId| !nav.node(*node).children.is_empty();
    // The one folder that holds all parts is not one of them.
    let inner = nav.sole_part.map(|part| &nav.node(part).children[..]).unwrap_or_default();
    let inner = if inner.iter().filter(|node| is_part(node)).count() > 1 { inner } else { &[] };
    let outer = nav.roots.iter().filter(|&&root| inner.is_empty() || !is_part(&root));
    let (parts, others): (Vec<NodeId>, Vec<NodeId>) =
        inner.iter().chain(outer).copied().partition(is_part);
    let most = most_sections(parts.len());
    let more = |article: Option<Href>| MatrixCell {
        title: words.more.to_owned(),
        article,
        is_more: true,
        ..MatrixCell::default()
    };
    let cells = |nodes: &[NodeId], most: usize, all: Option<Href>| {
        let mut cells: Vec<MatrixCell> = nodes.iter().take(most).map(|&node| cell(node)).collect();
        if most > 0 && nodes.len() > most {
            cells.push(more(all));
        }
        cells
    };
    let mut rows: Vec<MatrixRow> = Vec::new();
    for &part in parts.iter().take(MOST_PARTS) {
        let row = row(part);
        let cells = cells(&nav.node(part).children, most, row.link.clone());
        rows.push(MatrixRow { cells, ..row });
    }
    let left_out = parts.len().saturating_sub(MOST_PARTS);
    if !others.is_empty() || left_out > 0 {
        let mut cells = cells(&others, MOST_OTHERS, Some(contents.clone()));
        if left_out > 0 && others.len() <= MOST_OTHERS {
            cells.push(more(Some(contents)));
        }
        rows.push(MatrixRow { label: words.others.to_owned(), cells, ..MatrixRow::default() });
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
        let cells = row.cells.iter().map(|cell| cell_html(cell, words));
        let cells: Vec<String> = summary_html(&row.summary).into_iter().chain(cells).collect();
        write_row(&mut html, &label_html(row), &cells);
    }
    html
}

fn label_html(row: &MatrixRow) -> String {
    let mut html = String::new();
    match &row.link {
        Some(link) => {
            html.push_str("<a");
            write_href(&mut html, link, "");
            html.push('>');
            escape_into(&mut html, &row.label);
            html.push_str("</a>");
        }
        None => escape_into(&mut html, &row.label),
    }
    let count = count_html(row.count);
    if !count.is_empty() {
        html.push(' ');
        html.push_str(&count);
    }
    html
}

/// The sentence about a part, in a cell of its own: in the label it would be heard with each cell.
fn summary_html(summary: &str) -> Option<String> {
    (!summary.is_empty()).then(|| format!("<span class=\"summary\">{}</span>", escaped(summary)))
}

fn cell_html(cell: &MatrixCell, words: MatrixWords<'_>) -> String {
    let mut html = String::new();
    match &cell.article {
        Some(link) => {
            html.push_str("<a");
            let class = if cell.is_stub {
                "stub"
            } else if cell.is_more {
                "more"
            } else {
                ""
            };
            write_href(&mut html, link, class);
            html.push('>');
            escape_into(&mut html, &cell.title);
            html.push_str(&count_html(cell.count));
            html.push_str("</a>");
        }
        None => html.push_str(&escaped(&cell.title)),
    }
    if let Some(code) = &cell.code {
        html.push_str(" <a");
        write_href(&mut html, code, "");
        write_attribute(&mut html, "aria-label", &format!("{}: {}", words.code, cell.title));
        html.push_str("><code>&lt;/&gt;</code></a>");
    }
    html
}

fn write_href(html: &mut String, link: &Href, class: &str) {
    write_attribute(html, "href", &link.href);
    if link.is_external {
        write_attribute(html, "rel", "external");
    }
    if !class.is_empty() {
        write_attribute(html, "class", class);
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
        let words = MatrixWords { code: "Code", others: "Others", more: "More" };
        let way = |href: &str, is_external| Some(Href { href: href.to_owned(), is_external });
        let cell = MatrixCell {
            title: "A & B".to_owned(),
            article: way("a.html", false),
            code: way("https://e.org/x", true),
            count: Some(12),
            is_stub: true,
            is_more: false,
        };
        let row = MatrixRow { label: "L".to_owned(), cells: vec![cell], ..MatrixRow::default() };
        let html = table(&[row], words);
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
