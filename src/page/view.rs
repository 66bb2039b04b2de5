//! The variables of the templates: one type for all of them, borrowed from the site.
//!
//! Must not know: how any of it is made.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::{FooterPiece, License, Url};
use crate::markdown::Heading;
use crate::path::encode_path;

use super::letters::LetterView;

/// The variables of the templates.
#[derive(Hash, Serialize)]
pub(super) struct View<'a> {
    pub site: SiteView<'a>,
    pub page: PageView<'a>,
    /// The words of the site, by name. They are made into values of the templates once for all
    /// pages.
    #[serde(skip)]
    pub t: &'a BTreeMap<&'static str, String>,
    pub breadcrumbs: Vec<LinkView<'a>>,
    /// The navigation as this page shows it: a list in HTML.
    pub navigation: String,
    pub outline: Vec<HeadingView<'a>>,
    pub previous: Option<LinkView<'a>>,
    pub next: Option<LinkView<'a>>,
    pub children: Vec<ChildView<'a>>,
    /// The pages of a list that is too long for one; empty for others.
    pub list_pages: Vec<ListPageView>,
    /// The library, on its own pages, by part of the navigation.
    pub library: Vec<LibraryPartView<'a>>,
    /// The languages that the note is there in; empty for one.
    pub languages: Vec<LanguageView<'a>>,
    /// The library that the site is a book of, if it is one.
    pub books: Option<BooksView<'a>>,
    /// Notes that link to the page.
    pub links_here: MentionsView<LinkView<'a>>,
    /// Notes that name it.
    pub named_in: MentionsView<NamedInView<'a>>,
    /// The notes that were changed last, on their own page, by day.
    pub changes: Vec<ChangedDayView>,
    /// Tags: all of them on their page, by letter, and the first ones on the home page.
    pub index: Vec<LetterView<IndexEntryView>>,
    /// All terms, on their page, by letter.
    pub terms: Vec<LetterView<TermView<'a>>>,
    /// Addresses that pages had before, on the page of contents.
    pub formers: Vec<OldAddressView<'a>>,
}

#[derive(Hash, Serialize)]
pub(super) struct SiteView<'a> {
    pub title: &'a str,
    pub language: &'a str,
    pub description: Option<&'a str>,
    pub author: Option<&'a str>,
    pub license: Option<LicenseView<'a>>,
    pub repository: Option<&'a str>,
    /// The picture before the name in the top bar.
    pub logo: Option<String>,
    /// Its width and height, if they are known.
    pub logo_width: Option<u32>,
    pub logo_height: Option<u32>,
    /// The writer's links in the top bar.
    pub bar: Vec<BarLinkView>,
    /// The writer's text at the foot.
    pub footer: Vec<FooterView<'a>>,
    /// From this page to the home page, the contents, the page of search results and the folder of
    /// static files.
    pub home: String,
    pub contents: String,
    pub search: String,
    /// From this page to the library, if there is one.
    pub links: Option<String>,
    /// From this page to the feed, if there is one.
    pub feed: Option<String>,
    /// The feed of the part that this page is in, if it has one.
    pub part_feed: Option<FeedView>,
    /// The address of the site's picture, whole, if there is one that other sites show and the
    /// site's address is known.
    pub image: Option<String>,
    /// True if that picture is wide enough for the large kind of card.
    pub image_is_wide: bool,
    /// The language as Open Graph writes it: `zh_CN`.
    pub locale: String,
    /// From this page to the picture for browsers' tabs, and its media type if it is known.
    pub icon: String,
    pub icon_type: Option<&'static str>,
    /// From this page to the manifest, if the site's address is known.
    pub manifest: Option<String>,
    pub assets: String,
    /// From this page to the folder of the scripts that are made of this site: its words,
    /// navigation and links.
    pub scripts: String,
    /// The query with which pages ask for the files of the theme, `?` included; empty if browsers
    /// keep none.
    pub version: String,
    /// The worker that keeps pages for readers without a network, if the site has one.
    pub offline: Option<OfflineView>,
    /// From this page to the style sheet that the writer adds, if there is one.
    pub style: Option<String>,
    /// The theme's style sheets and scripts for every page, in order.
    pub sheets: Vec<SheetView>,
    pub page_scripts: Vec<String>,
}

/// The worker and the lists of what it keeps, from this page.
#[derive(Hash, Serialize)]
pub(super) struct OfflineView {
    pub worker: String,
    /// The list of the whole site.
    pub site: Option<String>,
    /// The list of the part that this page is in.
    pub part: Option<String>,
}

#[derive(Hash, Serialize)]
pub(super) struct FeedView {
    pub title: String,
    pub href: String,
}

#[derive(Hash, Serialize)]
pub(super) struct SheetView {
    pub href: String,
    /// True if its rules are for paper alone.
    pub is_for_paper: bool,
}

#[derive(Hash, Serialize)]
pub(super) struct BarLinkView {
    pub title: String,
    pub href: String,
    pub is_external: bool,
}

#[derive(Hash, Serialize)]
pub(super) struct FooterView<'a> {
    pub text: &'a str,
    pub url: Option<&'a str>,
}

/// The notes that were changed on a day.
#[derive(Hash, Serialize)]
pub(super) struct ChangedDayView {
    pub day: DayView,
    pub notes: Vec<ChangedNoteView>,
    /// The number of notes that were renamed on that day, in words, if they are not listed.
    pub more: Option<String>,
}

#[derive(Hash, Serialize)]
pub(super) struct ChangedNoteView {
    pub title: String,
    pub href: String,
    /// True if it was written on that day.
    pub is_new: bool,
    /// Its path before, if it was renamed on that day.
    pub former: Option<String>,
}

#[derive(Hash, Serialize)]
pub(super) struct TagView {
    pub title: String,
    pub href: String,
}

#[derive(Hash, Serialize)]
pub(super) struct TermView<'a> {
    pub title: &'a str,
    pub href: String,
    pub definition: &'a str,
}

#[derive(Hash, Serialize)]
pub(super) struct IndexEntryView {
    pub title: String,
    pub href: String,
    /// The number of notes that have it.
    pub count: usize,
}

/// The first of the notes that speak of a page.
#[derive(Hash, Serialize)]
pub(super) struct MentionsView<T> {
    pub list: Vec<T>,
    /// The number of the others in words, if there are some.
    pub more: Option<String>,
    /// From this page to a search that finds all, if one does.
    pub search: Option<String>,
}

impl<T> Default for MentionsView<T> {
    fn default() -> Self {
        Self { list: Vec::new(), more: None, search: None }
    }
}

/// A note that names the one on a page.
#[derive(Hash, Serialize)]
pub(super) struct NamedInView<'a> {
    pub title: &'a str,
    pub href: String,
    /// The sentence up to the name, the name, and the rest.
    pub before: &'a str,
    pub name: &'a str,
    pub after: &'a str,
}

/// A language that a note is there in.
#[derive(Hash, Serialize)]
pub(super) struct LanguageView<'a> {
    /// Its tag, as `hreflang` has it, if it is known.
    pub tag: Option<&'a str>,
    /// Its own name for itself.
    pub name: &'a str,
    pub href: String,
    /// The whole address, if that of the site is known.
    pub url: Option<String>,
    pub is_here: bool,
}

#[derive(Hash, Serialize)]
pub(super) struct RecentView {
    pub title: String,
    pub href: String,
    pub day: DayView,
}

#[derive(Hash, Serialize)]
pub(super) struct LicenseView<'a> {
    pub name: &'a str,
    pub url: Option<&'a str>,
}

/// The kinds of pages, which templates see by these names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PageKind {
    Note,
    Folder,
    Home,
    Contents,
    Changes,
    Tags,
    Tag,
    Terms,
    Search,
    Links,
    Part,
    Redirect,
    NotFound,
}

#[derive(Hash, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts for the template")]
pub(super) struct PageView<'a> {
    pub kind: PageKind,
    pub title: &'a str,
    /// True if the text or the title holds a formula.
    pub has_math: bool,
    /// True if the text has a diagram.
    pub has_diagram: bool,
    /// The language of the text, where it is another than the site's.
    pub language: Option<String>,
    /// True if the text is written from right to left.
    pub is_right_to_left: bool,
    /// True if the title alone is.
    pub has_right_to_left_title: bool,
    /// The title's HTML, with the code or links that its heading holds.
    pub title_html: Option<String>,
    /// The id of the heading that is the title.
    pub title_id: Option<String>,
    /// True if the title is the site's title.
    pub is_site_title: bool,
    pub description: Option<&'a str>,
    pub canonical: Option<String>,
    /// Base of relative addresses on the page that is served at any depth; with it, `here` is the
    /// page itself.
    pub base: Option<String>,
    pub here: &'static str,
    /// The text up to the first paragraph, on the home page.
    pub lead: String,
    pub body: String,
    /// The navigation matrix, when the body does not hold it.
    pub matrix: String,
    /// The pages that were changed last, on the home page.
    pub recent: Vec<RecentView>,
    /// On the home page: the page with more of them.
    pub changes: Option<String>,
    /// The tags of the note, and the page of all.
    pub tags: Vec<TagView>,
    pub all_tags: Option<String>,
    /// The page of all terms.
    pub all_terms: Option<String>,
    /// The number of notes of the site, on the home page.
    pub notes: Option<String>,
    /// The image at the head of the home page.
    pub cover: Option<String>,
    /// Its width and height, if they are known.
    pub cover_width: Option<u32>,
    pub cover_height: Option<u32>,
    /// True if the title of the site is written in it.
    pub cover_has_title: bool,
    pub is_stub: bool,
    /// Length and reading time in words of the site's language.
    pub length: Option<String>,
    pub changed: Option<DayView>,
    /// The day on which the note was written, if it is another one and git knows it.
    pub written: Option<DayView>,
    /// Its authors, the last one first; empty if one person wrote all notes.
    pub authors: Vec<&'a str>,
    /// The number of its other authors in words.
    pub more_authors: Option<String>,
    /// The page for paper of the part whose page this is.
    pub print: Option<String>,
    /// The book of the part whose page this is; on the home page, of all notes.
    pub ebook: Option<String>,
    /// From this page to its note as Markdown, if that is published.
    pub markdown: Option<String>,
    pub edit: Option<String>,
    pub source: Option<String>,
    /// The text of another site that this one was taken from.
    pub original: Option<String>,
    /// Target of a redirect page.
    pub target: Option<String>,
    /// The way from the home page to this one, as JSON-LD.
    pub trail: Option<String>,
}

#[derive(Hash, Serialize)]
pub(super) struct DayView {
    /// As machines read it: `2024-05-03`.
    pub iso: String,
    pub text: String,
}

#[derive(Hash, Serialize)]
pub(super) struct LinkView<'a> {
    pub title: &'a str,
    /// The whole title, if the other is a short one.
    pub whole: Option<&'a str>,
    pub href: String,
}

#[derive(Hash, Serialize)]
pub(super) struct HeadingView<'a> {
    pub level: u8,
    pub text: &'a str,
    pub href: String,
}

#[derive(Hash, Serialize)]
pub(super) struct ChildView<'a> {
    pub title: &'a str,
    pub href: String,
    pub summary: &'a str,
    pub count: usize,
    pub is_stub: bool,
    pub is_external: bool,
}

/// One of the pages that show a long list.
#[derive(Hash, Serialize)]
pub(super) struct ListPageView {
    pub number: usize,
    pub href: String,
    /// True for the page itself.
    pub is_here: bool,
}

/// An address that a page had before.
#[derive(Hash, Serialize)]
pub(super) struct OldAddressView<'a> {
    /// The page's title.
    pub title: &'a str,
    /// The address below the site's root.
    pub address: String,
    pub href: String,
}

/// The library of a book.
#[derive(Hash, Serialize)]
pub(super) struct BooksView<'a> {
    /// The library's title.
    pub title: &'a str,
    /// From this page to the library's home page.
    pub home: String,
    /// Its books; empty if there are too many to list on each page.
    pub list: Vec<BookView<'a>>,
}

/// A book of the library.
#[derive(Hash, Serialize)]
pub(super) struct BookView<'a> {
    pub title: &'a str,
    pub href: String,
    /// True for the book of the page.
    pub is_here: bool,
}

/// The resources that a part of the navigation is the first to mention.
#[derive(Hash, Serialize)]
pub(super) struct LibraryPartView<'a> {
    pub title: &'a str,
    pub id: String,
    pub pages: Vec<LibraryPageView<'a>>,
}

/// A page with the resources that it is the first to mention.
#[derive(Hash, Serialize)]
pub(super) struct LibraryPageView<'a> {
    pub title: &'a str,
    pub href: String,
    pub links: Vec<EntryView<'a>>,
}

/// A resource.
#[derive(Hash, Serialize)]
pub(super) struct EntryView<'a> {
    pub url: &'a str,
    pub title: &'a str,
    pub host: &'a str,
    /// Its type in words.
    pub kind: Option<&'a str>,
    pub year: Option<u16>,
    pub places: Vec<MentionView<'a>>,
    /// Number of further mentions in words, and these.
    pub more: Option<String>,
    pub more_places: Vec<MentionView<'a>>,
}

/// A mention of a resource.
#[derive(Hash, Serialize)]
pub(super) struct MentionView<'a> {
    /// The title of the page.
    pub title: &'a str,
    /// The text of the heading, unless it is the page's title.
    pub heading: Option<&'a str>,
    pub href: String,
}

impl<'a> From<&'a Heading> for HeadingView<'a> {
    fn from(heading: &'a Heading) -> Self {
        let href = format!("#{}", encode_path(&heading.anchor));
        Self { level: heading.level, text: &heading.text, href }
    }
}

impl<'a> LinkView<'a> {
    /// A link whose title is whole.
    pub fn new(title: &'a str, href: String) -> Self {
        Self { title, whole: None, href }
    }
}

impl<'a> From<&'a FooterPiece> for FooterView<'a> {
    fn from(piece: &'a FooterPiece) -> Self {
        Self { text: &piece.text, url: piece.url.as_ref().map(Url::as_str) }
    }
}

impl<'a> From<&'a License> for LicenseView<'a> {
    fn from(license: &'a License) -> Self {
        Self { name: &license.name, url: license.url.as_ref().map(Url::as_str) }
    }
}
