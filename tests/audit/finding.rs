//! The promises that a site can break: one case each, with the place.

/// A broken promise. Every address stands as it is written on the page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// A note has a page neither where it is promised nor beside that.
    NoteWithoutPage { note: String, wanted: String },
    /// A page that is not UTF-8. Nothing else is known of it.
    NotUtf8 { page: String },
    /// A control character other than tab and line end in a page.
    ControlCharacter { page: String },
    /// A control character in the name of a file.
    ControlCharacterInName { file: String },
    /// A name that no usual file system takes.
    NameTooLong { file: String },
    /// A link to a file that the site does not have.
    DeadLink { page: String, href: String, part: Part },
    /// A link to an id that the other page does not have.
    DeadAnchor { page: String, href: String, part: Part },
    /// A link whose address is empty or blank.
    EmptyLink { page: String, part: Part },
    /// An address from the root of the host: dead when the site stands below another path, or on a
    /// disk.
    FromRoot { page: String, address: String },
    /// A style sheet, script or icon of another host.
    FromElsewhere { page: String, address: String },
    /// A style sheet, script, icon or image that the site does not have.
    MissingAsset { page: String, address: String },
    /// A parse error of HTML (WHATWG HTML §13.2.2).
    ParseError { page: String, error: String },
    /// `<title>` is missing or blank.
    NoTitle { page: String },
    /// `<html>` has no language.
    NoLanguage { page: String },
    /// There is not exactly one `<h1>`.
    Headings { page: String, count: usize },
    /// There is not exactly one `<main>`.
    Mains { page: String, count: usize },
    /// There is no `<nav>`.
    NoNavigation { page: String },
    /// A script in the page itself, which a strict content security policy blocks.
    InlineScript { page: String, what: String },
    /// Images without `alt`.
    NoAlternative { page: String, count: usize },
    /// An id that is empty or holds white space.
    UnusableId { page: String, id: String },
    /// An id that stands more than once.
    RepeatedId { page: String, id: String },
    /// There is no `index.html`.
    NoHomePage,
    /// A page that no way of links leads to from the home page.
    Unreachable { page: String },
    /// The reading order has not exactly one first page.
    Starts { pages: Vec<String> },
    /// The previous page of the next one is another.
    NotInverse { page: String, next: String },
    /// A page with a previous or a next one that the reading order does not come by.
    OutsideReadingOrder { page: String },
}

/// The place of a link on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// In `<main>`.
    Text,
    /// Around it.
    Frame,
}
