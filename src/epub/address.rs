//! An address in a chapter → a place in the book, or an address elsewhere as URLs are written
//! (WHATWG URL; RFC 3986 §2 allows fewer characters).
//!
//! Must not know: elements.

use std::fmt::Write as _;

use url::Url;

use super::picture::Pictures;
use crate::path::percent_decode;

/// Schemes of addresses that readers open.
const SCHEMES: [&str; 5] = ["http", "https", "mailto", "tel", "ftp"];

/// The destination of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Destination {
    /// To a chapter, by its file, which is empty for the one that has the link, and to a place in
    /// it.
    Place(String, Option<String>),
    Elsewhere(String),
}

/// The ending of the files of chapters.
const ENDING: &str = ".xhtml";

/// The name of a chapter, by its number.
pub(super) fn chapter_name(number: usize) -> String {
    format!("n{}", number + 1)
}

/// The file of a chapter, by its number.
#[must_use]
pub fn chapter_file(number: usize) -> String {
    chapter_name(number) + ENDING
}

/// The place of the chapters of a book, which decides their addresses and ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChapterPlaces {
    /// Each chapter is a file.
    Files,
    /// All are on one page. A chapter's name is its id, and the beginning of the ids in it.
    OnePage,
}

impl ChapterPlaces {
    /// The text before the ids of a chapter.
    pub fn id_prefix(self, number: usize) -> String {
        match self {
            Self::Files => String::new(),
            Self::OnePage => chapter_name(number) + "-",
        }
    }

    /// The address of a chapter, as seen from the one with the name `here`. Its file is empty for
    /// that one.
    pub fn address(self, file: &str, here: &str) -> String {
        match self {
            Self::Files => file.to_owned(),
            Self::OnePage if file.is_empty() => format!("#{here}"),
            Self::OnePage => format!("#{}", file.strip_suffix(ENDING).unwrap_or(file)),
        }
    }

    /// The sign between the address of a chapter and an id in it.
    pub fn sign(self) -> char {
        match self {
            Self::Files => '#',
            Self::OnePage => '-',
        }
    }
}

/// The destination of a link; `None` if it has none that a reader could open.
pub(super) fn destination(href: &str, pictures: &Pictures<'_>) -> Option<Destination> {
    let (file, id) = match href.split_once('#') {
        Some((file, id)) => (file, Some(id)),
        None => (href, None),
    };
    if is_chapter(file) || (file.is_empty() && id.is_some()) {
        let id = id.filter(|id| !id.is_empty()).map(percent_decode);
        // The beginning of the chapter itself is no place.
        if file.is_empty() && id.is_none() {
            return None;
        }
        return Some(Destination::Place(file.to_owned(), id));
    }
    // A book has no address for a picture itself.
    if let Some(picture) = pictures.get(file) {
        return picture.address.clone().map(Destination::Elsewhere);
    }
    elsewhere(href).map(Destination::Elsewhere)
}

/// An address of another site with only those characters that an address may have.
pub(super) fn elsewhere(href: &str) -> Option<String> {
    let url = Url::parse(href.trim()).ok()?;
    if !SCHEMES.contains(&url.scheme()) {
        return None;
    }
    let mut written = String::new();
    let whole = url.as_str();
    // Brackets around an address of IPv6 stay.
    let host_end = url.host_str().and_then(|host| Some(whole.find(host)? + host.len()));
    for (at, c) in whole.char_indices() {
        let is_sign = matches!(c, '|' | '[' | ']' | '{' | '}' | '^' | '`' | '\\' | '"' | '<' | '>');
        let is_odd = (is_sign && at >= host_end.unwrap_or_default()) || !c.is_ascii();
        // A second `#` is part of the place.
        let is_second = c == '#' && written.contains('#');
        let is_escape = whole[at..].len() >= 3
            && whole.as_bytes()[at + 1..at + 3].iter().all(u8::is_ascii_hexdigit);
        if is_odd || is_second || (c == '%' && !is_escape) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(written, "%{byte:02X}");
            }
        } else {
            written.push(c);
        }
    }
    Some(written)
}

fn is_chapter(file: &str) -> bool {
    let number = file.strip_prefix('n').and_then(|rest| rest.strip_suffix(ENDING));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epub::EbookPicture;

    #[test]
    fn addresses_lead_to_chapters_or_elsewhere() {
        let picture = |name: &str, address: Option<&str>| EbookPicture {
            name: name.to_owned(),
            address: address.map(str::to_owned),
            ..EbookPicture::default()
        };
        let pictures = [picture("p1.png", None), picture("p2.png", Some("https://e.org/a.png"))];
        let pictures = pictures.iter().map(|picture| (&*picture.name, picture)).collect();
        let place = |file: &str, id: Option<&str>| {
            Some(Destination::Place(file.to_owned(), id.map(str::to_owned)))
        };
        let other = |url: &str| Some(Destination::Elsewhere(url.to_owned()));
        for (href, expected) in [
            ("n2.xhtml", place("n2.xhtml", None)),
            ("n2.xhtml#%E9%94%81", place("n2.xhtml", Some("锁"))),
            ("#a", place("", Some("a"))),
            ("#", None),
            ("", None),
            ("p1.png", None),
            ("p2.png", other("https://e.org/a.png")),
            ("n.xhtml", None),
            ("../x.html", None),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
            ("https://e.org/a b|c[1]#x#y", other("https://e.org/a%20b%7Cc%5B1%5D#x%23y")),
            ("https://e.org/锁?q={a}", other("https://e.org/%E9%94%81?q=%7Ba%7D")),
            ("https://e.org/100%", other("https://e.org/100%25")),
            ("http://[::1]/a[b]", other("http://[::1]/a%5Bb%5D")),
            ("mailto:a@e.org", other("mailto:a@e.org")),
        ] {
            assert_eq!(destination(href, &pictures), expected, "{href}");
        }
    }
}
