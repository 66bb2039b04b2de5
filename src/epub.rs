//! Chapters in HTML and pictures → a book as EPUB 3.3 (<https://www.w3.org/TR/epub-33/>), or as one
//! page for printers; the same bytes for the same input.
//!
//! Must not know: notes, the site, the disk.

mod address;
mod attribute;
mod body;
mod chapters;
mod colours;
mod cover;
mod element;
mod front;
mod package;
mod picture;
mod printed;
mod structure;
mod tree;
mod xml;

pub use self::address::chapter_file;
pub use self::package::is_ours;
pub use self::picture::EbookPicture;
pub use self::printed::PrintedBook;

/// A book.
#[derive(Debug, Default)]
pub struct Ebook {
    /// Its title.
    pub title: String,
    /// Its language, as a tag (BCP 47).
    pub language: String,
    /// True if its pages are turned from right to left.
    pub is_right_to_left: bool,
    /// The people who wrote it.
    pub authors: Vec<String>,
    /// Its subject, in a sentence.
    pub description: Option<String>,
    /// The licence, and its address.
    pub license: Option<(String, Option<String>)>,
    /// The address of the site that it is made from.
    pub address: Option<String>,
    /// The text that tells it from other books, and stays the same when its content changes.
    pub identity: String,
    /// The day on which it was changed last, as `2024-05-03`, if that is known.
    pub changed: Option<String>,
    /// The name of the picture that is its cover.
    pub cover: Option<String>,
    /// The word for the table of contents.
    pub contents_title: String,
    /// Its chapters, in the order in which they are read.
    pub chapters: Vec<EbookChapter>,
    /// The table of contents.
    pub contents: Vec<ContentsEntry>,
    /// Its pictures.
    pub pictures: Vec<EbookPicture>,
}

/// A chapter.
#[derive(Debug, Default)]
pub struct EbookChapter {
    /// Its title, as text.
    pub title: String,
    /// Its language, where it is another than the book's.
    pub language: Option<String>,
    /// True if it is written from right to left.
    pub is_right_to_left: bool,
    /// Its HTML. A link to a chapter is the name of that one's file ([`chapter_file`]), a picture
    /// the name of one of the book's.
    pub html: String,
}

/// An entry of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct ContentsEntry {
    /// Its title.
    pub title: String,
    /// The chapter, by its number, and the id of a place in it; `None` for a heading of what is
    /// below.
    pub place: Option<(usize, Option<String>)>,
    /// The entries below it.
    pub children: Vec<ContentsEntry>,
}

impl Ebook {
    /// The book as a file.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        package::write(self)
    }

    /// The book as a page that a program prints on sheets of a size, as CSS names it: `A4`.
    #[must_use]
    pub fn into_page(self, paper: &str) -> PrintedBook {
        printed::write(self, paper)
    }
}
