//! The bytes of a picture → a picture as books have it: one of the types that every reader shows,
//! known by its content (EPUB 3.3 §3.2).
//!
//! Must not know: where pictures come from.

use std::collections::HashMap;

use imagesize::{ImageType, blob_size, image_type};

use crate::phrase::{Phrase, phrase};
use crate::svg::{self, SvgMistake, SvgUse};

/// The pictures of a book, by their names.
pub(super) type Pictures<'a> = HashMap<&'a str, &'a EbookPicture>;

const SVG: &str = "image/svg+xml";

/// A picture of a book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EbookPicture {
    /// Its name in the HTML of chapters.
    pub name: String,
    /// Its address on the web, if it has one.
    pub address: Option<String>,
    /// Its file in the book.
    pub(super) file: String,
    pub(super) media_type: &'static str,
    pub(super) bytes: Vec<u8>,
    /// The reason why the book does not hold it.
    pub(super) refused: Option<Phrase>,
}

impl EbookPicture {
    /// A picture, of which the bytes are known or the reason why they are not. One without bytes,
    /// or of no type that every reader shows, or damaged, is a link to its address in the book.
    #[must_use]
    pub fn new(name: String, address: Option<String>, bytes: Result<Vec<u8>, Phrase>) -> Self {
        let known = bytes.and_then(|bytes| kind_of(&bytes).map(|kind| (bytes, kind)));
        match known {
            Ok((bytes, (ending, media_type))) => {
                let file = format!("{name}.{ending}");
                Self { name, address, file, media_type, bytes, refused: None }
            }
            Err(reason) => Self { name, address, refused: Some(reason), ..Self::default() },
        }
    }

    /// The reason why the book does not hold it, if it does not.
    #[must_use]
    pub fn refused(&self) -> Option<&Phrase> {
        self.refused.as_ref()
    }

    /// True if the book holds it.
    pub(super) fn is_held(&self) -> bool {
        !self.file.is_empty()
    }

    /// A drawing that is made here.
    pub(super) fn drawn(name: &str, text: String) -> Self {
        Self {
            name: name.to_owned(),
            address: None,
            file: format!("{name}.svg"),
            media_type: SVG,
            bytes: text.into_bytes(),
            refused: None,
        }
    }

    /// True if readers that show no drawings show it: libraries of books on the shelf.
    pub(super) fn is_photograph(&self) -> bool {
        self.media_type != SVG
    }
}

/// The ending and the media type of a picture, by its content.
fn kind_of(bytes: &[u8]) -> Result<(&'static str, &'static str), Phrase> {
    let kind = match image_type(bytes) {
        Ok(ImageType::Png) => ("png", "image/png"),
        Ok(ImageType::Jpeg) => ("jpg", "image/jpeg"),
        Ok(ImageType::Gif) => ("gif", "image/gif"),
        Ok(ImageType::Webp) => ("webp", "image/webp"),
        _ => return check_drawing(bytes).map(|()| ("svg", SVG)),
    };
    blob_size(bytes).map(|_| kind).map_err(|_| phrase!("it is damaged"))
}

/// Looks if an SVG runs nothing and loads nothing.
fn check_drawing(bytes: &[u8]) -> Result<(), Phrase> {
    svg::check(bytes, SvgUse::InBook).map_err(|mistake| match mistake {
        SvgMistake::Other => phrase!("it is not PNG, JPEG, GIF, WebP or SVG"),
        SvgMistake::Broken(error) => phrase!("it is an SVG with a mistake: {error}", error),
        SvgMistake::DocumentType => phrase!("it is an SVG with a document type"),
        SvgMistake::Active => {
            phrase!("it is an SVG with scripts, or with references to other files")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of one pixel.
    const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

    #[test]
    fn pictures_are_known_by_their_content() {
        let file = |bytes: &[u8]| {
            let picture = EbookPicture::new("p".to_owned(), None, Ok(bytes.to_vec()));
            picture.is_held().then_some(picture.file)
        };
        assert_eq!(file(GIF).as_deref(), Some("p.gif"));
        assert_eq!(file(&GIF[..6]), None);
        assert_eq!(file(b"<!doctype html><title>Not found</title>"), None);
        let svg = |inside: &str| {
            file(format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>").as_bytes())
        };
        assert_eq!(svg("<path d=\"M0 0\"/>").as_deref(), Some("p.svg"));
        assert_eq!(svg("<script>alert(1)</script>"), None);
        assert_eq!(svg("<path"), None);
        assert_eq!(svg("<a href=\"https://e.org/\"/>").as_deref(), Some("p.svg"));
        assert_eq!(svg("<x xmlns=\"other\"/>").as_deref(), Some("p.svg"));
    }
}
