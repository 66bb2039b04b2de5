//! The bytes of a picture → a picture as books have it: one of the types that every reader shows,
//! known by its content (EPUB 3.3 §3.2).
//!
//! Must not know: where pictures come from.

use imagesize::{ImageType, blob_size, image_type};

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
}

impl EbookPicture {
    /// A picture; `None` if it is of no type that every reader shows, or damaged.
    #[must_use]
    pub fn new(name: String, address: Option<String>, bytes: Vec<u8>) -> Option<Self> {
        let (ending, media_type) = match image_type(&bytes) {
            Ok(ImageType::Png) => ("png", "image/png"),
            Ok(ImageType::Jpeg) => ("jpg", "image/jpeg"),
            Ok(ImageType::Gif) => ("gif", "image/gif"),
            Ok(ImageType::Webp) => ("webp", "image/webp"),
            _ if is_drawing(&bytes) => ("svg", SVG),
            _ => return None,
        };
        if ending != "svg" && blob_size(&bytes).is_err() {
            return None;
        }
        let file = format!("{name}.{ending}");
        Some(Self { name, address, file, media_type, bytes })
    }

    /// A drawing that is made here.
    pub(super) fn drawn(name: &str, text: String) -> Self {
        Self {
            name: name.to_owned(),
            address: None,
            file: format!("{name}.svg"),
            media_type: SVG,
            bytes: text.into_bytes(),
        }
    }

    /// True if readers that show no drawings show it: libraries of books on the shelf.
    pub(super) fn is_photograph(&self) -> bool {
        self.media_type != SVG
    }
}

/// True for an SVG that runs nothing and loads nothing.
fn is_drawing(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let Ok(document) = roxmltree::Document::parse(text) else { return false };
    let root = document.root_element();
    let is_svg = |tag: roxmltree::ExpandedName<'_, '_>| tag.namespace() == Some(super::xml::SVG);
    let loads = |attribute: roxmltree::Attribute<'_, '_>| {
        let value = attribute.value().trim_start();
        attribute.name() == "href" && !value.starts_with('#') && !value.starts_with("data:image/")
    };
    let is_harmless = |node: roxmltree::Node<'_, '_>| {
        is_svg(node.tag_name())
            && !matches!(node.tag_name().name(), "script" | "foreignObject" | "style")
            && !node
                .attributes()
                .any(|a| a.name().starts_with("on") || (node.tag_name().name() != "a" && loads(a)))
    };
    root.tag_name().name() == "svg"
        && document.descendants().filter(roxmltree::Node::is_element).all(is_harmless)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of one pixel.
    const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

    #[test]
    fn pictures_are_known_by_their_content() {
        let file =
            |bytes: &[u8]| EbookPicture::new("p".to_owned(), None, bytes.to_vec()).map(|p| p.file);
        assert_eq!(file(GIF).as_deref(), Some("p.gif"));
        assert_eq!(file(&GIF[..6]), None);
        assert_eq!(file(b"<!doctype html><title>Not found</title>"), None);
        let svg = |inside: &str| {
            file(format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>").as_bytes())
        };
        assert_eq!(svg("<path d=\"M0 0\"/>").as_deref(), Some("p.svg"));
        assert_eq!(svg("<script>alert(1)</script>"), None);
        assert_eq!(svg("<path onclick=\"x()\"/>"), None);
        assert_eq!(svg("<image href=\"https://e.org/x.png\"/>"), None);
        assert_eq!(svg("<path"), None);
    }
}
