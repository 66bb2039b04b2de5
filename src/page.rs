//! (subject, [`Site`], [`Theme`]) → a page of HTML, through one typed, borrowed view for all
//! templates.
//!
//! Must not know: the disk; how a link was resolved or the navigation made.

mod address;
mod around;
pub mod artifact;
mod authors;
mod body;
mod breadcrumb_json;
mod code_html;
mod ebook;
mod embed;
mod federation;
mod feed;
mod frame;
mod home;
mod icon;
pub mod label;
mod language;
mod lead;
mod letters;
mod library;
mod listing;
mod llms;
mod long_list;
mod map;
pub mod markdown;
mod mentions;
pub mod offline;
mod own_pages;
mod part;
mod recent;
mod sidebar;
mod tags;
mod terms;
mod trail;
mod tree;
mod view;

use std::collections::HashMap;
use std::sync::OnceLock;

use tera::{Context, Value};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Kind};
use crate::digest::Digest;
use crate::federation::FederatedSite;
use crate::history::{History, NoteHistory};
use crate::mention::MentionSource;
use crate::nav::PageId;
use crate::note::Note;
use crate::path::Route;
use crate::site::{self, LinkProblem, Own, PER_PAGE, Site, Subject};
use crate::theme::Theme;

pub use self::address::{Addresses, TargetAddress};
pub use self::around::{BookPage, BookTarget, BookTargets, DatedSite, NearSites};
use self::body::{Body, RenderedBody, ResolvedHref};
pub use self::code_html::CodeHtml;
pub use self::ebook::EbookInputs;
use self::embed::{EmbeddedNote, Embeds, ShownNote};
use self::home::ConfiguredMatrix;
use self::label::Labels;
use self::long_list::PartTitles;
pub use self::markdown::NoteSizes;
use self::part::Chapter;
use self::sidebar::Sidebar;
use self::terms::{PageTerms, TermNames};
use self::view::{PageKind, View};

/// Everything pages are made from but the notes themselves.
pub struct Renderer<'a> {
    site: &'a Site,
    config: &'a Config,
    theme: &'a Theme,
    history: &'a History,
    /// The library that the site is part of, if it is in one.
    around: Option<NearSites<'a>>,
    /// The sites elsewhere that are searched with this one.
    federation: &'a [FederatedSite],
    /// The notes that link to the note of each page, or name it.
    mentions: Option<&'a dyn MentionSource>,
    /// True if pages say who wrote them.
    shows_authors: bool,
    has_feed: OnceLock<bool>,
    /// The digest of the theme's files, with which pages ask for them.
    frame_digest: OnceLock<String>,
    parts_with_news: OnceLock<Vec<bool>>,
    labels: Labels,
    /// The labels as templates have them.
    words: OnceLock<Value>,
    matrix: OnceLock<ConfiguredMatrix>,
    term_names: OnceLock<TermNames>,
    /// The titles of the library's pages.
    link_titles: Vec<String>,
    /// The titles of pages for paper and of further pages of lists.
    part_titles: PartTitles,
}

/// A page that was rendered.
pub struct RenderedPage {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The mistake in the writer's template that it was rendered without.
    pub problem: Option<Diagnostic>,
    /// Embeds that are shown as links.
    pub embeds: Vec<LinkProblem>,
}

/// A note that a page shows, and its index.
pub type IndexedNote<'n> = (usize, &'n Note);

/// All that the site says of one page: with the note that it shows, all that the page is made from.
#[derive(Hash)]
pub struct PageInputs<'a> {
    template: &'static str,
    view: View<'a>,
    /// The target of each link of the note.
    hrefs: Vec<ResolvedHref>,
    /// The notes that the page of a part shows.
    chapters: Vec<Chapter<'a>>,
    /// The notes that the note embeds.
    embedded: Vec<EmbeddedNote<'a>>,
    /// The configuration's own rows of the matrix, on the home page.
    matrix: Option<&'a ConfiguredMatrix>,
    /// The terms that the text may link to.
    terms: Option<PageTerms>,
    /// The map of what is below the page, where it has one.
    map: Option<String>,
    /// True if images of other sites are asked for over `https:`.
    https_images: bool,
}

impl PageInputs<'_> {
    /// Equal digests: the same page, if note and theme are the same.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of_value(self)
    }
}

impl<'a> Renderer<'a> {
    /// Makes ready what all pages share.
    #[must_use]
    pub fn new(site: &'a Site, config: &'a Config, theme: &'a Theme, history: &'a History) -> Self {
        let labels = Labels::new(&site.language, &config.labels);
        let link_titles = library::titles(&labels, site.own.all(Own::LibraryPage).len());
        Self {
            site,
            config,
            theme,
            history,
            around: None,
            federation: &[],
            mentions: None,
            shows_authors: history.has_several_authors(),
            has_feed: OnceLock::new(),
            frame_digest: OnceLock::new(),
            parts_with_news: OnceLock::new(),
            labels,
            words: OnceLock::new(),
            matrix: OnceLock::new(),
            term_names: OnceLock::new(),
            link_titles,
            part_titles: PartTitles::new(site),
        }
    }

    /// True if the site has a feed.
    #[must_use]
    pub fn has_feed(&self) -> bool {
        *self.has_feed.get_or_init(|| self.has_news())
    }

    /// True if the site has a library.
    #[must_use]
    pub fn has_library(&self) -> bool {
        self.site.own.first(Own::LibraryPage).is_some()
    }

    /// The configuration's own rows of the matrix.
    fn matrix(&self) -> &ConfiguredMatrix {
        self.matrix.get_or_init(|| self.configured_matrix())
    }

    /// The page of a note or a folder.
    #[must_use]
    pub fn page(&self, id: PageId) -> PageInputs<'_> {
        let page = self.site.page(id);
        let is_home = id == self.site.home;
        let mut view = self.frame(&page.route, Some(id), &page.title);
        view.page.kind = match &page.subject {
            _ if is_home => PageKind::Home,
            Subject::Note { .. } => PageKind::Note,
            Subject::Folder(_) => PageKind::Folder,
        };
        view.page.is_stub = page.is_stub;
        view.page.changed = self.changed(page).map(|day| self.labels.day(day));
        view.page.written = self.written(page).map(|day| self.labels.day(day));
        let (mut hrefs, mut embedded) = (Vec::new(), Vec::new());
        if let Subject::Note { index, .. } = page.subject {
            if let Some(past) = self.past(page).filter(|_| self.shows_authors) {
                (view.page.authors, view.page.more_authors) = self.authors(past);
            }
            hrefs = self.hrefs(id, index);
            embedded = self.embedded(id, index);
            let path = self.site.note_path(index);
            view.page.description =
                Some(page.summary.as_str()).filter(|summary| !summary.is_empty());
            view.page.source = address::source_url(self.config, path);
            view.page.markdown =
                self.markdown_route(index).map(|markdown| page.route.href_to(markdown));
            view.page.edit = self.config.edit.as_ref().map(|pattern| pattern.url(path));
        }
        (view.links_here, view.named_in) = self.mentions(id);
        (view.page.tags, view.page.all_tags) = self.tags_of(id);
        view.page.print = self.paper_of(id).map(|paper| page.route.href_to(paper));
        view.page.ebook = self.ebook_of(id).map(|book| page.route.href_to(book));
        if is_home {
            self.fill_home(&mut view, &page.route);
        } else if let Some(node) = self.site.nav.of_page(id) {
            view.children = self.children(node, 0..PER_PAGE, &page.route);
            view.list_pages = self.list_pages(id, 1, &page.route);
        }
        let map = self.map_of(id);
        view.page.has_diagram = map.is_some();
        if let (Subject::Folder(_), Some(map)) = (&page.subject, &map) {
            view.page.body.clone_from(map);
        }
        let template = if is_home { "home.html" } else { "page.html" };
        PageInputs {
            template,
            view,
            hrefs,
            chapters: Vec::new(),
            embedded,
            matrix: if is_home { Some(self.matrix()) } else { None },
            terms: page.subject.note().and_then(|_| self.page_terms(id)),
            map,
            https_images: self.config.images.https,
        }
    }

    /// The target of each link of a note, as seen from a page.
    fn hrefs(&self, page: PageId, note: usize) -> Vec<ResolvedHref> {
        let (targets, addresses) = (self.site.targets(note).iter(), self.addresses());
        targets.map(|target| ResolvedHref::new(addresses, page, target)).collect()
    }

    /// The body of a note among others, without what is on its own page alone.
    fn chapter_body<'b>(
        &'b self,
        code: &'b CodeHtml,
        (index, note): (usize, &'b Note),
        chapter: &'b Chapter<'_>,
        embeds: &'b Embeds<'b>,
    ) -> Body<'b> {
        Body {
            labels: &self.labels,
            code,
            note,
            title: chapter.title,
            hrefs: &chapter.hrefs,
            matrix: None,
            terms: None,
            map: None,
            https_images: false,
            id_prefix: "",
            is_chapter: false,
            index,
            embeds: Some(embeds),
        }
    }

    /// The addresses of the targets of links.
    fn addresses(&self) -> Addresses<'a> {
        let books = self.around.map(|around| around.targets);
        Addresses { site: self.site, config: self.config, books }
    }

    /// The notes that the note of a page embeds.
    fn embedded(&self, page: PageId, note: usize) -> Vec<EmbeddedNote<'_>> {
        let embedded = self.site.embedded_in(note).into_iter().map(|other| {
            // Notes and their pages have one order.
            let shown = self.site.page(PageId(other));
            EmbeddedNote {
                title: &shown.title,
                hrefs: self.hrefs(page, other),
                address: self.site.page(page).route.href_to(&shown.route),
            }
        });
        embedded.collect()
    }

    /// The page for paper of the part whose first page this is.
    fn paper_of(&self, page: PageId) -> Option<&Route> {
        let node = self.site.nav.of_page(page)?;
        let number = self.site.own.parts_of(node).next()?;
        self.site.own.all(Own::Part).get(number)
    }

    /// A page without a note.
    fn plain<'s>(template: &'static str, view: View<'s>) -> PageInputs<'s> {
        PageInputs {
            template,
            view,
            hrefs: Vec::new(),
            chapters: Vec::new(),
            embedded: Vec::new(),
            matrix: None,
            terms: None,
            map: None,
            https_images: false,
        }
    }

    /// Renders a page. `notes` are those that it shows, `code` the HTML of their code blocks.
    #[must_use]
    pub fn render(
        &self,
        inputs: PageInputs<'_>,
        notes: &[IndexedNote<'_>],
        code: &CodeHtml,
    ) -> RenderedPage {
        let PageInputs {
            template,
            view,
            hrefs,
            chapters,
            embedded,
            matrix,
            terms,
            map,
            https_images,
        } = inputs;
        let mut view: View<'_> = view;
        let mut problems = Vec::new();
        if !chapters.is_empty() {
            let (own, others) = notes.split_at(chapters.len().min(notes.len()));
            let embeds = Embeds::new(self.site, shown(&embedded, others));
            for (place, (chapter, (index, note))) in chapters.iter().zip(own).enumerate() {
                let id_prefix = part::id_prefix(place);
                embeds.begin(*index, note, &id_prefix);
                let body = Body {
                    https_images,
                    id_prefix: &id_prefix,
                    is_chapter: true,
                    ..self.chapter_body(code, (*index, note), chapter, &embeds)
                };
                let text = part::ChapterText {
                    language: note.language_in(&self.site.language),
                    is_right_to_left: note.is_right_to_left(),
                    body: &body.render(),
                };
                part::write(&mut view.page.body, place, chapter.title, &text);
            }
        } else if let [(index, note), others @ ..] = notes {
            let mut shown = shown(&embedded, others);
            let own = ShownNote { note, title: view.page.title, hrefs: &hrefs, address: "" };
            shown.insert(*index, own);
            let embeds = Embeds::new(self.site, shown);
            embeds.begin(*index, note, "");
            let body = Body {
                labels: &self.labels,
                code,
                note,
                title: view.page.title,
                hrefs: &hrefs,
                matrix,
                terms: terms
                    .filter(|_| !note.meta.is_without_terms)
                    .map(|terms| self.term_links(&terms)),
                map: map.as_deref(),
                https_images,
                id_prefix: "",
                is_chapter: false,
                index: *index,
                embeds: Some(&embeds),
            };
            self.add_body(&mut view, note, body.render());
            view.page.original = body::original(note, &hrefs);
            problems = embeds.take_problems();
        }
        view.page.has_diagram |= notes.iter().any(|(_, note)| note.parsed.has_diagram());
        view.page.has_math = notes.iter().any(|(_, note)| note.parsed.has_math());
        let (bytes, problem) = self.render_template(template, &view);
        RenderedPage { bytes, problem, embeds: problems }
    }

    /// Adds the body of a note to its page, and the facts that come with its text.
    fn add_body<'v>(&self, view: &mut View<'v>, note: &'v Note, body: RenderedBody) {
        let page = &mut view.page;
        (page.lead, page.body) = (body.lead, body.html);
        let title = body.title.as_ref().and_then(|_| note.parsed.first_heading());
        let headings = note.parsed.outline.iter().enumerate();
        let shown = headings.filter(|(at, heading)| Some(*at) != title && !heading.text.is_empty());
        view.outline = shown.map(|(_, heading)| heading.into()).collect();
        (page.title_html, page.title_id) = body.title.unzip();
        if page.kind == PageKind::Note {
            page.length = self.labels.length(note.parsed.length);
        }
        page.is_right_to_left = note.is_right_to_left();
        page.language = self.language_of(note, &view.languages);
        if note.parsed.has_matrix {
            // The body has it.
            page.matrix = String::new();
        }
    }

    /// The history of the note that a page shows.
    fn past(&self, page: &site::Page) -> Option<&'a NoteHistory> {
        self.dated().past(page)
    }

    fn dated(&self) -> DatedSite<'a> {
        DatedSite { site: self.site, history: self.history }
    }

    /// The day on which the note of a page was changed last: as its front matter says, else as git
    /// knows.
    fn changed<'p>(&'p self, page: &'p site::Page) -> Option<&'p str> {
        self.dated().changed(page)
    }

    /// The day on which the note of a page was written, if it was changed on a later one.
    fn written(&self, page: &site::Page) -> Option<&'a str> {
        let day = self.past(page)?.first_day();
        self.changed(page).is_some_and(|changed| day < changed).then_some(day)
    }

    /// A script with the whole navigation, which sidebars load when they need it.
    #[must_use]
    pub fn tree_script(&self) -> Vec<u8> {
        // Addresses as they are seen from the root.
        let here = Route::file("index.html");
        tree::script(&Sidebar { site: self.site, labels: &self.labels, here: &here, page: None })
    }

    /// A script that gives the words of the site to the other scripts.
    #[must_use]
    pub fn words_script(&self) -> Vec<u8> {
        self.labels.script()
    }

    fn render_template(&self, template: &str, view: &View<'_>) -> (Vec<u8>, Option<Diagnostic>) {
        match Context::from_serialize(view) {
            Ok(mut context) => {
                let words = self.words.get_or_init(|| Value::from_serializable(view.t));
                context.insert_value("t", words.clone());
                self.theme.render(template, &context)
            }
            // A view is made of strings, numbers and lists, which always can be.
            Err(error) => {
                let message = crate::phrase::Phrase::verbatim(error.to_string());
                (Vec::new(), Some(Diagnostic::new(Kind::Template, message)))
            }
        }
    }
}

/// The notes that are embedded in those of a page, by index.
fn shown<'e>(
    embedded: &'e [EmbeddedNote<'e>],
    notes: &[IndexedNote<'e>],
) -> HashMap<usize, ShownNote<'e>> {
    let shown = embedded.iter().zip(notes).map(|(embedded, &(index, note))| {
        let EmbeddedNote { title, hrefs, address } = embedded;
        (index, ShownNote { note, title, hrefs, address })
    });
    shown.collect()
}
