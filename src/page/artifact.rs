//! The table of all outputs that are made of the site: which of them a site has, and how each is
//! made. A new output is a row here, a name with its placement in `site/own.rs`, and a file that
//! makes it. The search index and the files for reading without a network have no row: they are
//! made of all notes and of all other files (`build/search.rs`, `build/offline.rs`).
//!
//! Must not know: where the bytes go, what an earlier build made.

use crate::nav::PageId;
use crate::path::Route;
use crate::site::{Own, Site};

use super::ebook;
use super::markdown::MarkdownInputs;
use super::{EbookInputs, NoteSizes, PageInputs, Renderer, part};

/// An output that is made of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Artifact {
    /// The page of a note or a folder.
    Page(PageId),
    /// A page at an address that a page had before, by its number.
    Redirect(usize),
    /// An output of the program's own, by its row in the table and its number among those of that
    /// row.
    Own(usize, usize),
}

/// A way to make an output.
#[derive(Clone, Copy)]
pub enum Maker {
    /// A page, from a template: its inputs, by its number and route.
    Page(for<'r> fn(&'r Renderer<'_>, usize, &'r Route) -> PageInputs<'r>),
    /// The Markdown of notes: its inputs, by its number and route.
    Markdown(for<'r> fn(&'r Renderer<'_>, usize, &'r Route) -> MarkdownInputs<'r>),
    /// A book of notes: its inputs, by its number.
    Ebook(for<'r> fn(&'r Renderer<'_>, usize) -> EbookInputs<'r>),
    /// A file, from the whole site.
    File(fn(&Renderer<'_>) -> Vec<u8>),
    /// One of several files, from the whole site and its number.
    Numbered(fn(&Renderer<'_>, usize) -> Vec<u8>),
    /// A file, from the whole site and the sizes of the notes as Markdown.
    Sized(fn(&Renderer<'_>, &NoteSizes) -> Vec<u8>),
}

/// A row of the table.
struct ArtifactRow {
    own: Own,
    is_wanted: fn(&Renderer<'_>) -> bool,
    /// True for those of several that have something to show.
    has_content: fn(&Renderer<'_>, usize) -> bool,
    /// True if a book of a library has it too; the others are made for the library as a whole.
    is_of_book: bool,
    /// True if readers see it as a page; the others are files for browsers and other programs.
    is_page: bool,
    maker: Maker,
}

impl ArtifactRow {
    const fn page(
        own: Own,
        make: for<'r> fn(&'r Renderer<'_>, usize, &'r Route) -> PageInputs<'r>,
    ) -> Self {
        Self {
            own,
            is_wanted: |_| true,
            has_content: |_, _| true,
            is_of_book: false,
            is_page: true,
            maker: Maker::Page(make),
        }
    }

    const fn file(own: Own, make: fn(&Renderer<'_>) -> Vec<u8>) -> Self {
        Self::made(own, Maker::File(make))
    }

    const fn made(own: Own, maker: Maker) -> Self {
        Self {
            own,
            is_wanted: |_| true,
            has_content: |_, _| true,
            is_of_book: false,
            is_page: false,
            maker,
        }
    }

    /// The same for books of a library, too.
    const fn of_books(self) -> Self {
        Self { is_of_book: true, ..self }
    }

    /// The same for sites that fulfil a condition.
    const fn when(self, is_wanted: fn(&Renderer<'_>) -> bool) -> Self {
        Self { is_wanted, ..self }
    }
}

/// All outputs of the program's own. The contents take as long as many other pages, so they come
/// first.
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the methods of one renderer are not those of renderers of every lifetime"
)]
const ROWS: [ArtifactRow; 26] = [
    ArtifactRow::page(Own::Contents, |renderer, _, _| renderer.contents()).of_books(),
    ArtifactRow::page(Own::Search, |renderer, _, _| renderer.search()),
    ArtifactRow::page(Own::Changes, |renderer, _, route| renderer.changes(route))
        .when(|renderer| renderer.has_changes())
        .of_books(),
    ArtifactRow::file(Own::Tree, |renderer| renderer.tree_script()).of_books(),
    ArtifactRow::file(Own::LibraryScript, |renderer| renderer.library_script())
        .when(|renderer| renderer.has_library())
        .of_books(),
    ArtifactRow::file(Own::Sitemap, |renderer| renderer.sitemap())
        .when(|renderer| renderer.has_sitemap()),
    ArtifactRow::file(Own::Feed, |renderer| renderer.feed())
        .when(|renderer| renderer.has_feed())
        .of_books(),
    ArtifactRow {
        has_content: |renderer, number| renderer.has_part_news(number),
        ..ArtifactRow::made(
            Own::PartFeed,
            Maker::Numbered(|renderer, number| renderer.part_feed(number)),
        )
    }
    .when(|renderer| renderer.has_feed())
    .of_books(),
    ArtifactRow::file(Own::Robots, |renderer| renderer.robots())
        .when(|renderer| renderer.has_sitemap()),
    ArtifactRow::made(Own::Llms, Maker::Sized(|renderer, sizes| renderer.llms(sizes)))
        .when(|renderer| renderer.has_llms())
        .of_books(),
    ArtifactRow::made(Own::LlmsFull, Maker::Sized(|renderer, sizes| renderer.llms_full(sizes)))
        .when(|renderer| renderer.has_llms() && renderer.has_markdown())
        .of_books(),
    ArtifactRow::made(
        Own::FullText,
        Maker::Markdown(|renderer, number, route| renderer.full_text(number, route)),
    )
    .when(|renderer| renderer.has_llms())
    .of_books(),
    ArtifactRow::made(
        Own::Markdown,
        Maker::Markdown(|renderer, number, route| renderer.markdown(number, route)),
    )
    .of_books(),
    ArtifactRow::made(Own::Ebook, Maker::Ebook(|renderer, number| renderer.ebook(number)))
        .of_books(),
    ArtifactRow::file(Own::Book, |renderer| renderer.published().write()),
    ArtifactRow::file(Own::Manifest, |renderer| renderer.manifest())
        .when(|renderer| renderer.has_sitemap()),
    ArtifactRow::file(Own::Icon, |renderer| renderer.icon()),
    ArtifactRow::file(Own::NoJekyll, |_| Vec::new()),
    ArtifactRow::page(Own::NotFound, |renderer, _, route| renderer.not_found(route)),
    ArtifactRow::file(Own::Words, |renderer| renderer.words_script()).of_books(),
    ArtifactRow::page(Own::LibraryPage, |renderer, number, _| renderer.links(number)).of_books(),
    ArtifactRow::page(Own::Tags, |renderer, _, route| renderer.tags(route)).of_books(),
    ArtifactRow::page(Own::Tag, |renderer, number, _| renderer.tag(number)).of_books(),
    ArtifactRow::page(Own::Terms, |renderer, _, route| renderer.terms(route))
        .when(|renderer| renderer.has_terms())
        .of_books(),
    ArtifactRow::page(Own::Part, |renderer, number, _| renderer.part(number)).of_books(),
    ArtifactRow::page(Own::ListPart, |renderer, number, _| renderer.list_part(number)).of_books(),
];

impl Artifact {
    /// All outputs of a site.
    #[must_use]
    pub fn all(renderer: &Renderer<'_>) -> Vec<Self> {
        let site = renderer.site;
        let mut artifacts = Vec::new();
        for (number, row) in ROWS.iter().enumerate() {
            if (row.is_of_book || !renderer.is_book()) && (row.is_wanted)(renderer) {
                let count = site.own.all(row.own).len();
                let with_content = (0..count).filter(|index| (row.has_content)(renderer, *index));
                artifacts.extend(with_content.map(|index| Self::Own(number, index)));
            }
        }
        artifacts.extend((0..site.pages.len()).map(|page| Self::Page(PageId(page))));
        artifacts.extend((0..site.redirects.len()).map(Self::Redirect));
        artifacts
    }

    /// The page of a note or a folder that it is.
    #[must_use]
    pub fn page(self) -> Option<PageId> {
        match self {
            Self::Page(page) => Some(page),
            Self::Redirect(_) | Self::Own(..) => None,
        }
    }

    /// Its route.
    #[must_use]
    pub fn route(self, site: &Site) -> &Route {
        match self {
            Self::Page(page) => &site.page(page).route,
            Self::Redirect(number) => &site.redirects[number].route,
            Self::Own(row, number) => &site.own.all(ROWS[row].own)[number],
        }
    }

    /// True if readers see it as a page.
    #[must_use]
    pub fn is_page(self) -> bool {
        match self {
            Self::Page(_) => true,
            Self::Redirect(_) => false,
            Self::Own(row, _) => ROWS[row].is_page,
        }
    }

    /// The notes that it shows, by their index: that of the page or those of the part first, then
    /// those that are embedded in them.
    #[must_use]
    pub fn notes(self, site: &Site) -> Vec<usize> {
        match self {
            Self::Page(page) => {
                let Some(note) = site.page(page).subject.note() else { return Vec::new() };
                [vec![note], site.embedded_in(note)].concat()
            }
            Self::Own(row, number) if ROWS[row].own == Own::Part => {
                let pages = part::notes(site, &site.own.parts[number]);
                let notes = pages.iter().filter_map(|&page| site.page(page).subject.note());
                notes.chain(part::embedded(site, &pages)).collect()
            }
            Self::Own(row, number) if ROWS[row].own == Own::Markdown => vec![number],
            Self::Own(row, number) if ROWS[row].own == Own::FullText => {
                let pages = part::notes(site, &site.own.texts[number]);
                pages.iter().filter_map(|&page| site.page(page).subject.note()).collect()
            }
            Self::Own(row, number) if ROWS[row].own == Own::Ebook => {
                ebook::notes(site, &site.own.ebooks[number])
            }
            Self::Redirect(_) | Self::Own(..) => Vec::new(),
        }
    }

    /// True if it holds files beside the notes.
    #[must_use]
    pub fn holds_files(self) -> bool {
        matches!(self, Self::Own(row, _) if ROWS[row].own == Own::Ebook)
    }

    /// The Markdown of a note.
    #[must_use]
    pub fn markdown_of(note: usize) -> Option<Self> {
        let row = ROWS.iter().position(|row| row.own == Own::Markdown)?;
        Some(Self::Own(row, note))
    }

    /// The note whose Markdown it is.
    #[must_use]
    pub fn as_markdown_of(self) -> Option<usize> {
        match self {
            Self::Own(row, number) if ROWS[row].own == Own::Markdown => Some(number),
            _ => None,
        }
    }

    /// True if it is made from the sizes of the notes as Markdown, behind those.
    #[must_use]
    pub fn needs_sizes(self) -> bool {
        matches!(self, Self::Own(row, _) if matches!(ROWS[row].maker, Maker::Sized(_)))
    }

    /// The inputs of its template, or the way to make the file that has none.
    #[must_use]
    pub fn inputs<'r>(self, renderer: &'r Renderer<'_>, route: &'r Route) -> Inputs<'r> {
        let (maker, number) = match self {
            Self::Page(page) => return Inputs::Page(Box::new(renderer.page(page))),
            Self::Redirect(number) => return Inputs::Page(Box::new(renderer.redirect(number))),
            Self::Own(row, number) => (ROWS[row].maker, number),
        };
        match maker {
            Maker::Page(make) => Inputs::Page(Box::new(make(renderer, number, route))),
            Maker::Markdown(make) => Inputs::Markdown(make(renderer, number, route)),
            Maker::Ebook(make) => Inputs::Ebook(Box::new(make(renderer, number))),
            Maker::File(make) => Inputs::Site(make),
            Maker::Numbered(make) => Inputs::Numbered(make, number),
            Maker::Sized(make) => Inputs::Sized(make),
        }
    }
}

/// Everything that an output is made from, apart from the notes that it shows.
pub enum Inputs<'r> {
    /// The values of its template.
    Page(Box<PageInputs<'r>>),
    /// The Markdown of notes.
    Markdown(MarkdownInputs<'r>),
    /// A book of notes.
    Ebook(Box<EbookInputs<'r>>),
    /// The whole site and the sizes of the notes as Markdown, from which this makes it.
    Sized(fn(&Renderer<'_>, &NoteSizes) -> Vec<u8>),
    /// The whole site, from which this makes it.
    Site(fn(&Renderer<'_>) -> Vec<u8>),
    /// The whole site and a number.
    Numbered(fn(&Renderer<'_>, usize) -> Vec<u8>, usize),
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::config::{Config, base_url};
    use crate::digest::Digest;
    use crate::history::History;
    use crate::site::fixture::NotesFixture;
    use crate::theme::Theme;

    /// The outputs of the program's own that a site of one note has.
    fn wanted(text: &str, config: &Config) -> BTreeSet<Own> {
        let folder = NotesFixture::new(&[("a.md", text)]);
        let site = folder.site(config, None);
        let (theme, history) = (Theme::load(Path::new(""), false, ""), History::default());
        let renderer = Renderer::new(&site, config, &theme, &history);
        let rows = Artifact::all(&renderer).into_iter().filter_map(|artifact| match artifact {
            Artifact::Own(row, _) => Some(ROWS[row].own),
            Artifact::Page(_) | Artifact::Redirect(_) => None,
        });
        rows.collect()
    }

    /// The digest of the inputs of a note's page, beside another note with this text.
    fn inputs_beside(other: &str) -> Digest {
        let config = Config::default();
        let files = [("README.md", "# Home\n\nText\n"), ("a.md", "# A\n\nText\n"), ("b.md", other)];
        let folder = NotesFixture::new(&files);
        let site = folder.site(&config, None);
        let (theme, history) = (Theme::load(Path::new(""), false, ""), History::default());
        let renderer = Renderer::new(&site, &config, &theme, &history);
        let page = PageId(1);
        match Artifact::Page(page).inputs(&renderer, &site.page(page).route) {
            Inputs::Page(inputs) => inputs.digest(),
            _ => unreachable!("a page has a template"),
        }
    }

    #[test]
    fn every_output_has_one_row_but_those_that_are_made_of_all_others() {
        let mut rows: BTreeSet<Own> = ROWS.iter().map(|row| row.own).collect();
        assert_eq!(rows.len(), ROWS.len());
        rows.extend([Own::Worker, Own::OfflineSite, Own::OfflinePart]);
        assert_eq!(rows, crate::site::own_outputs().collect());
    }

    #[test]
    fn a_site_has_the_outputs_that_it_can_fill() {
        let plain = "# A\n\nText\n";
        let dated = "---\ndate: 2024-05-06\n---\n\n# A\n\nText\n";
        let linked = "# A\n\n[Rust](https://github.com/rust-lang/rust)\n";
        let local = Config::default();
        let mut online = Config::default();
        online.base_url = Some(base_url("https://e.org/").unwrap());
        let always = BTreeSet::from([
            Own::Contents,
            Own::Search,
            Own::Tree,
            Own::Icon,
            Own::NoJekyll,
            Own::NotFound,
            Own::Words,
            Own::Book,
        ]);
        assert_eq!(wanted(plain, &local), always);
        assert_eq!(wanted(dated, &local), always);

        let mut with_address = always.clone();
        with_address.extend([Own::Sitemap, Own::Robots, Own::Llms, Own::Manifest]);
        assert_eq!(wanted(plain, &online), with_address);
        with_address.insert(Own::Feed);
        assert_eq!(wanted(dated, &online), with_address);

        let mut with_library = always.clone();
        with_library.extend([Own::LibraryScript, Own::LibraryPage]);
        assert_eq!(wanted(linked, &local), with_library);

        let mut for_machines = always.clone();
        for_machines.insert(Own::Markdown);
        let mut config = Config::default();
        config.machines = true;
        assert_eq!(wanted(plain, &config), for_machines);
        for_machines.extend(&with_address);
        for_machines.remove(&Own::Feed);
        for_machines.extend([Own::LlmsFull, Own::FullText]);
        config.base_url.clone_from(&online.base_url);
        assert_eq!(wanted(plain, &config), for_machines);
    }

    #[test]
    fn the_inputs_of_a_page_change_with_the_title_of_its_neighbour_and_not_with_its_text() {
        let before = inputs_beside("# B\n\nText\n");
        assert_eq!(inputs_beside("# B\n\nAnother text\n"), before);
        assert_ne!(inputs_beside("# Another\n\nText\n"), before);
    }
}
