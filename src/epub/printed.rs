//! A book → one page for printers: front, table of contents, chapters. The sheet is CSS for paged
//! media (CSS Paged Media 3, CSS Generated Content for Paged Media); programs leave out what they
//! do not know of it.
//!
//! Must not know: the program that prints it.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::address::{ChapterPlaces, chapter_name};
use super::body::ChapterBody;
use super::chapters::{self, pictures};
use super::front::{FrontPage, cleaned, shown};
use super::package::{GENERATOR, STYLE, language, language_of};
use super::{ContentsEntry, Ebook, EbookChapter, xml};
use crate::path::encode_path;

/// The sheet for paper, after that of all books.
const PAPER: &str = include_str!("paper.css");

const FOR_WEASYPRINT: &str = include_str!("weasyprint.css");

/// The page has its style and the pictures beside it; a browser loads nothing else (CSP 3).
const POLICY: &str = "default-src 'none'; img-src file:; style-src 'unsafe-inline'";

/// Deepest level of a chapter in the bookmarks of a PDF; deeper ones are beside those above.
const DEEPEST: usize = 6;

/// A book as one page in HTML.
#[derive(Debug)]
pub struct PrintedBook {
    /// The page.
    pub html: String,
    /// The pictures that it shows: the name of each, which is its address, and its bytes.
    pub pictures: Vec<(String, Vec<u8>)>,
    /// True if it has formulas in `MathML`.
    pub has_formulas: bool,
    /// The style sheet that WeasyPrint needs in addition.
    pub for_weasyprint: &'static str,
}

/// The place of a chapter in the table of contents.
#[derive(Debug)]
struct ChapterRank<'a> {
    /// Its level, from 1.
    level: usize,
    /// The headings without a chapter of their own that begin with it, each with its level.
    above: Vec<(usize, &'a str)>,
}

/// Makes the page of a book. `paper` is the size of a sheet, as CSS names it.
pub(super) fn write(book: Ebook, paper: &str) -> PrintedBook {
    let bodies = chapters::bodies(&book, ChapterPlaces::OnePage);
    let mut ranks = HashMap::new();
    rank(&book.contents, 1, &mut Vec::new(), &mut ranks);
    let FrontPage { body: front, cover } = FrontPage::of(&book);
    let mut html = String::with_capacity(bodies.iter().map(|body| body.xhtml.len() + 200).sum());
    head(&mut html, &book, paper);
    html.push_str(&front);
    html.push_str("<nav class=\"contents\">\n<h1>");
    xml::text_into(&mut html, &shown(&book.contents_title));
    html.push_str("</h1>\n");
    list(&mut html, &book.contents, &bodies);
    html.push_str("</nav>\n");
    let unlisted = ChapterRank { level: 1, above: Vec::new() };
    for (number, (chapter, body)) in book.chapters.iter().zip(&bodies).enumerate() {
        let rank = ranks.get(&number).unwrap_or(&unlisted);
        write_chapter(&mut html, &book, (number, chapter), rank, body);
    }
    html.push_str("</body>\n</html>\n");
    let has_formulas = bodies.iter().any(|body| body.has_math);
    let pictures = pictures(cover, book.pictures, bodies);
    let pictures = pictures.map(|picture| (picture.file, picture.bytes)).collect();
    PrintedBook { html, pictures, has_formulas, for_weasyprint: FOR_WEASYPRINT }
}

fn head(html: &mut String, book: &Ebook, paper: &str) {
    html.push_str("<!DOCTYPE html>\n<html");
    xml::attribute_into(html, "lang", language(&book.language));
    if book.is_right_to_left {
        html.push_str(" dir=\"rtl\"");
    }
    html.push_str(">\n<head>\n<meta charset=\"utf-8\">\n<meta");
    xml::attribute_into(html, "http-equiv", "Content-Security-Policy");
    xml::attribute_into(html, "content", POLICY);
    html.push_str(">\n<title>");
    xml::text_into(html, &shown(&book.title));
    html.push_str("</title>\n");
    let authors = cleaned(&book.authors.join(", "));
    let described = [
        ("generator", Some(GENERATOR)),
        ("author", Some(&*authors).filter(|authors| !authors.is_empty())),
        ("description", book.description.as_deref()),
        ("dcterms.modified", book.changed.as_deref()),
    ];
    for (name, value) in described {
        let Some(value) = value else { continue };
        html.push_str("<meta");
        xml::attribute_into(html, "name", name);
        xml::attribute_into(html, "content", value);
        html.push_str(">\n");
    }
    let _ = write!(html, "<style>\n{STYLE}\n{PAPER}\n@page {{ size: {paper}; }}\n</style>\n");
    html.push_str("</head>\n<body>\n");
}

/// The rank of each chapter: that of the first entry that leads to it.
fn rank<'a>(
    entries: &'a [ContentsEntry],
    level: usize,
    above: &mut Vec<(usize, &'a str)>,
    ranks: &mut HashMap<usize, ChapterRank<'a>>,
) {
    for ContentsEntry { title, place, children } in entries {
        if let Some((number, _)) = place {
            let new = || ChapterRank { level, above: std::mem::take(above) };
            ranks.entry(*number).or_insert_with(new);
        } else {
            above.push((level, title));
        }
        rank(children, (level + 1).min(DEEPEST), above, ranks);
        // Of a heading with nothing below nothing is shown.
        above.retain(|(of, _)| *of < level);
    }
}

/// The table of contents. An entry that leads nowhere and has nothing below is left out.
fn list(html: &mut String, entries: &[ContentsEntry], bodies: &[ChapterBody]) {
    let is_shown =
        |entry: &&ContentsEntry| entry.place.is_some() || entry.children.iter().any(leads);
    let mut is_open = false;
    for ContentsEntry { title, place, children } in entries.iter().filter(is_shown) {
        html.push_str(if is_open { "<li>" } else { "<ol>\n<li>" });
        is_open = true;
        if let Some((number, id)) = place {
            let id = id.as_deref().filter(|id| bodies[*number].ids.contains(*id));
            let id = id.map_or_else(String::new, |id| format!("-{}", encode_path(id)));
            html.push_str("<a");
            xml::attribute_into(html, "href", &format!("#{}{id}", chapter_name(*number)));
            html.push('>');
            xml::text_into(html, &shown(title));
            html.push_str("</a>");
        } else {
            html.push_str("<span>");
            xml::text_into(html, &shown(title));
            html.push_str("</span>");
        }
        list(html, children, bodies);
        html.push_str("</li>\n");
    }
    if is_open {
        html.push_str("</ol>\n");
    }
}

/// True if an entry or one below it leads to a chapter.
fn leads(entry: &ContentsEntry) -> bool {
    entry.place.is_some() || entry.children.iter().any(leads)
}

fn write_chapter(
    html: &mut String,
    book: &Ebook,
    (number, chapter): (usize, &EbookChapter),
    rank: &ChapterRank<'_>,
    body: &ChapterBody,
) {
    html.push_str("<section");
    xml::attribute_into(html, "class", &format!("chapter level-{}", rank.level));
    xml::attribute_into(html, "id", &chapter_name(number));
    if chapter.language.is_some() {
        xml::attribute_into(html, "lang", language_of(book, chapter));
    }
    if chapter.is_right_to_left != book.is_right_to_left {
        let direction = if chapter.is_right_to_left { "rtl" } else { "ltr" };
        xml::attribute_into(html, "dir", direction);
    }
    html.push_str(">\n");
    for (level, title) in &rank.above {
        html.push_str("<p");
        xml::attribute_into(html, "class", &format!("part level-{level}"));
        html.push('>');
        xml::text_into(html, &shown(title));
        html.push_str("</p>\n");
    }
    html.push_str(&body.xhtml);
    html.push_str("</section>\n");
}
