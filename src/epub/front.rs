//! The first page of a book: its cover and what libraries show of it.
//!
//! Must not know: the file that the page becomes a part of.

use super::{Ebook, EbookPicture, cover, xml};

/// The name of the cover that is drawn.
const DRAWN: &str = "cover";

/// The first page.
pub(super) struct FrontPage {
    pub body: String,
    /// The picture on it.
    pub cover: EbookPicture,
}

impl FrontPage {
    /// That of a book.
    pub fn of(book: &Ebook) -> Self {
        let name = book.cover.as_deref();
        let own = name.and_then(|name| book.pictures.iter().find(|p| p.name == name));
        let drawn = || EbookPicture::drawn(DRAWN, cover::draw(&shown(&book.title), &book.authors));
        let cover = own.filter(|own| own.is_held() && own.is_photograph()).cloned();
        let cover = cover.unwrap_or_else(drawn);
        let mut body = String::from("<section class=\"front\">\n<p class=\"cover\"><img alt=\"\"");
        xml::attribute_into(&mut body, "src", &cover.file);
        body.push_str(" /></p>\n<h1>");
        xml::text_into(&mut body, &shown(&book.title));
        body.push_str("</h1>\n");
        let mut line = |words: &str| {
            body.push_str("<p>");
            xml::text_into(&mut body, words);
            body.push_str("</p>\n");
        };
        if !book.authors.is_empty() {
            line(&book.authors.join(" · "));
        }
        book.changed.iter().for_each(|day| line(day));
        book.license.iter().for_each(|(name, _)| line(name));
        book.address.iter().for_each(|address| line(address));
        body.push_str("</section>\n");
        Self { body, cover }
    }
}

/// A text without characters that XML does not have.
pub(super) fn cleaned(text: &str) -> String {
    let is_kept = |c: &char| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
    let kept: String = text.chars().filter(is_kept).collect();
    kept.trim().to_owned()
}

/// A title that is not empty.
pub(super) fn shown(title: &str) -> String {
    Some(cleaned(title)).filter(|title| !title.is_empty()).unwrap_or_else(|| "—".to_owned())
}
