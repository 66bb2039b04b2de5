//! A book → its file: chapters as XHTML, the table of contents, what libraries show of it.
//!
//! Must not know: how HTML becomes XHTML.

use rbook::Epub;
use rbook::ebook::metadata::datetime::{Date, Time};
use rbook::ebook::spine::PageDirection;
use rbook::epub::EpubChapter;
use rbook::epub::manifest::DetachedEpubManifestEntry;
use rbook::epub::metadata::{DetachedEpubMetaEntry, EpubVersion};

use super::address::{ChapterPlaces, chapter_file};
use super::attribute::is_language;
use super::chapters::{self, pictures};
use super::front::{FrontPage, cleaned, shown};
use super::{ContentsEntry, Ebook, EbookChapter, EbookPicture, xml};
use crate::digest::Digest;

/// The name of the program in its books.
pub(super) const GENERATOR: &str = "notes";

/// The sheet of all books.
pub(super) const STYLE: &str = include_str!("style.css");

/// Files of a book beside its chapters and pictures. They are all in one folder.
const SHEET: &str = "style.css";
const TITLE_PAGE: &str = "title.xhtml";
/// The day of a book of which no day is known: the first that a ZIP archive can hold.
const FIRST_DAY: (i16, u8, u8) = (1980, 1, 1);

/// Deepest level of the table of contents; entries below it are beside those above.
const DEEPEST: usize = 16;

/// True if a file is a book that this program made.
#[must_use]
pub fn is_ours(bytes: Vec<u8>) -> bool {
    let Ok(book) = Epub::options().skip_toc(true).read(std::io::Cursor::new(bytes)) else {
        return false;
    };
    Epub::metadata(&book).generators().any(|generator| generator.value() == GENERATOR)
}

/// The bytes of a book.
pub(super) fn write(book: Ebook) -> Vec<u8> {
    let bodies = chapters::bodies(&book, ChapterPlaces::Files);
    let texts = book.chapters.iter().zip(&bodies).map(|(chapter, body)| {
        let language = language_of(&book, chapter);
        page(&chapter.title, language, chapter.is_right_to_left, &body.xhtml)
    });
    let texts: Vec<String> = texts.collect();
    let mut editor = described(&book);
    let FrontPage { body: front, cover } = FrontPage::of(&book);
    let front = page(&book.title, language(&book.language), book.is_right_to_left, &front);
    editor = editor.resource(sheet()).resource(resource(cover.clone()).property("cover-image"));
    editor = editor.chapter(EpubChapter::unlisted(TITLE_PAGE).xhtml(front));
    for (number, (text, body)) in texts.into_iter().zip(&bodies).enumerate() {
        let mut entry = DetachedEpubManifestEntry::new(format!("n{}", number + 1));
        for (property, has) in [("mathml", body.has_math), ("svg", body.has_svg)] {
            if has {
                entry = entry.property(property);
            }
        }
        let chapter = EpubChapter::unlisted("").with_manifest_entry(entry);
        editor = editor.chapter(chapter.href(chapter_file(number)).xhtml(text));
    }
    let places = |number: usize, id: Option<&str>| {
        id.is_none_or(|id| bodies.get(number).is_some_and(|body| body.ids.contains(id)))
    };
    for entry in entries(&book.contents, &places, 1) {
        editor = editor.chapter(entry);
    }
    for picture in pictures(cover, book.pictures, bodies).skip(1) {
        editor = editor.resource(resource(picture));
    }
    let mut options = rbook::epub::EpubWriteOptions::default();
    options.target(None).toc_stylesheet(SHEET);
    options.to_vec(&editor.build()).expect("writing to memory cannot fail")
}

/// A book with what libraries show of it.
fn described(book: &Ebook) -> rbook::epub::EpubEditor<'static> {
    let (year, month, day) = day_of(book).unwrap_or(FIRST_DAY);
    let changed = Date::new(year, month, day).at(Time::utc(0, 0, 0));
    let direction =
        if book.is_right_to_left { PageDirection::RightToLeft } else { PageDirection::Default };
    let mut editor = Epub::builder()
        .version(EpubVersion::EPUB3)
        .identifier(format!("urn:uuid:{}", identifier(&book.identity)))
        .title(shown(&book.title))
        .language(language(&book.language).to_owned())
        .modified_date(changed)
        // Without one, the library would take that of the clock.
        .published_date(format!("{year:04}-{month:02}-{day:02}"))
        .generator(GENERATOR.to_owned())
        .page_direction(direction)
        .toc_title(shown(&book.contents_title));
    for author in &book.authors {
        editor = editor.author(cleaned(author));
    }
    if let Some(description) = &book.description {
        editor = editor.description(cleaned(description));
    }
    if let Some((name, address)) = &book.license {
        let rights = [Some(name), address.as_ref()].into_iter().flatten();
        let rights = rights.map(|words| cleaned(words)).collect::<Vec<_>>().join(" ");
        editor = editor.rights(rights);
    }
    if let Some(address) = &book.address {
        editor =
            editor.meta(DetachedEpubMetaEntry::dublin_core("dc:source").value(address.clone()));
    }
    editor
}

/// The day on which a book was changed, in numbers.
fn day_of(book: &Ebook) -> Option<(i16, u8, u8)> {
    let mut numbers = book.changed.as_deref()?.splitn(3, '-');
    let year = numbers.next()?.parse().ok().filter(|year| (1980..=2107).contains(year))?;
    let month = numbers.next()?.parse().ok().filter(|month| (1..=12).contains(month))?;
    let day = numbers.next()?.parse().ok().filter(|day| (1..=31).contains(day))?;
    Some((year, month, day))
}

/// An identifier that stays the same: a UUID of a form of one's own (RFC 9562 §5.8).
fn identifier(text: &str) -> String {
    let mut bytes = Digest::of(text.as_bytes()).to_bytes();
    bytes[6] = (bytes[6] & 0x0F) | 0x80;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    let hex = bytes.map(|byte| format!("{byte:02x}")).concat();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// A language that readers know; `und` for one that is none.
pub(super) fn language(tag: &str) -> &str {
    if is_language(tag) { tag } else { "und" }
}

/// The language of a chapter.
pub(super) fn language_of<'a>(book: &'a Ebook, chapter: &'a EbookChapter) -> &'a str {
    language(chapter.language.as_deref().unwrap_or(&book.language))
}

/// A page of the book.
fn page(title: &str, language: &str, is_right_to_left: bool, body: &str) -> String {
    let mut page = String::with_capacity(body.len() + 600);
    page.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n<html");
    xml::attribute_into(&mut page, "xmlns", "http://www.w3.org/1999/xhtml");
    xml::attribute_into(&mut page, "xmlns:epub", "http://www.idpf.org/2007/ops");
    xml::attribute_into(&mut page, "xmlns:xlink", "http://www.w3.org/1999/xlink");
    xml::attribute_into(&mut page, "xml:lang", language);
    xml::attribute_into(&mut page, "lang", language);
    if is_right_to_left {
        page.push_str(" dir=\"rtl\"");
    }
    page.push_str(">\n<head>\n<title>");
    xml::text_into(&mut page, &shown(title));
    page.push_str("</title>\n<link rel=\"stylesheet\" type=\"text/css\"");
    xml::attribute_into(&mut page, "href", SHEET);
    page.push_str(" />\n</head>\n<body>\n");
    page.push_str(body);
    page.push_str("</body>\n</html>\n");
    page
}

fn sheet() -> DetachedEpubManifestEntry {
    DetachedEpubManifestEntry::new("style").href(SHEET).media_type("text/css").content(STYLE)
}

fn resource(picture: EbookPicture) -> DetachedEpubManifestEntry {
    // An id may not begin with a digit.
    DetachedEpubManifestEntry::new(format!("i-{}", picture.name))
        .href(picture.file)
        .media_type(picture.media_type)
        .content(picture.bytes)
}

/// The entries of the table of contents. One that leads nowhere and has nothing below is left out.
fn entries(
    list: &[ContentsEntry],
    has_place: &impl Fn(usize, Option<&str>) -> bool,
    level: usize,
) -> Vec<EpubChapter> {
    let mut chapters = Vec::new();
    for ContentsEntry { title, place, children } in list {
        let mut below = entries(children, has_place, level + 1);
        let href = place.as_ref().map(|(number, id)| {
            let id = id.as_deref().filter(|id| has_place(*number, Some(id)));
            let id = id.map_or_else(String::new, |id| format!("#{}", crate::path::encode_path(id)));
            chapter_file(*number) + &id
        });
        let beside = if level >= DEEPEST { std::mem::take(&mut below) } else { Vec::new() };
        let chapter = EpubChapter::new(shown(title));
        match href {
            Some(href) => chapters.push(chapter.href(href).children(below)),
            None if !below.is_empty() => chapters.push(chapter.children(below)),
            None => {}
        }
        chapters.extend(beside);
    }
    chapters
}
