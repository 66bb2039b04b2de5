//! (subject, [`Site`], [`Theme`]) → a page of HTML, through one typed, borrowed view for all templates.
//!
//! Must not know: the disk; how a link was resolved or the navigation made.

mod body;
mod breadcrumb_json;
mod home;
mod icon;
pub mod label;
mod library;
mod listing;
pub mod part;
mod sidebar;
mod tree;
mod view;

use std::collections::HashMap;
use std::sync::Arc;

use tera::Context;

use crate::config::{Config, Url};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::history::{History, Past};
use crate::markdown::CodeBlock;
use crate::matrix::Href;
use crate::nav::{NavTarget, NodeId, PageId};
use crate::note::Note;
use crate::path::Route;
use crate::site::{self, Site, Subject};
use crate::theme::{OWN_STYLE, Theme};

use self::body::{Body, Lead};
use self::home::ConfiguredMatrix;
use self::label::Labels;
use self::part::Chapter;
use self::sidebar::Sidebar;
use self::view::{ChildView, HeadingView, LinkView, OldAddressView, PageView, SiteView, View};

/// The HTML of every distinct code block of the notes.
#[derive(Debug, Default)]
pub struct Colours(HashMap<CodeBlock, Arc<str>>);

impl Colours {
    /// Learns the HTML of a block.
    pub fn add(&mut self, block: CodeBlock, html: Arc<str>) {
        self.0.insert(block, html);
    }

    /// Whether the HTML of a block is known.
    #[must_use]
    pub fn has(&self, block: &CodeBlock) -> bool {
        self.0.contains_key(block)
    }

    /// How many blocks there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The HTML of a block.
    #[must_use]
    pub fn of(&self, block: &CodeBlock) -> &str {
        self.0.get(block).map_or("", |html| html)
    }
}

/// Everything pages are made from but the notes themselves.
pub struct Press<'a> {
    site: &'a Site,
    config: &'a Config,
    theme: &'a Theme,
    history: &'a History,
    /// Whether pages say who wrote them.
    shows_authors: bool,
    /// Whether there is a feed.
    pub has_feed: bool,
    labels: Labels,
    matrix: ConfiguredMatrix,
    /// What the pages of the library are called.
    link_titles: Vec<String>,
}

/// The bytes of a page, and the mistake in the writer's template that it was rendered without.
pub type Rendered = (Vec<u8>, Option<Diagnostic>);

/// All that the site says of one page: with the note that it shows, all that the page is made from.
#[derive(Hash)]
pub struct Slice<'a> {
    template: &'static str,
    view: View<'a>,
    /// What each link of the note leads to.
    leads: Vec<Lead>,
    /// The notes that the page of a part shows.
    chapters: Vec<Chapter<'a>>,
    /// The configuration's own rows of the matrix, on the home page.
    matrix: Option<&'a ConfiguredMatrix>,
    /// Whether images of other sites are asked for over `https:`.
    https_images: bool,
}

impl Slice<'_> {
    /// Equal digests: the same page, if note and theme are the same.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of_value(self)
    }
}

impl<'a> Press<'a> {
    /// Makes ready what all pages share.
    #[must_use]
    pub fn new(site: &'a Site, config: &'a Config, theme: &'a Theme, history: &'a History) -> Self {
        let labels = Labels::new(&site.language, &config.labels);
        let link_titles = library::titles(&labels, site.own.links.len());
        let shows_authors = history.has_several_authors();
        let matrix = ConfiguredMatrix::default();
        let has_feed = false;
        let mut press = Self {
            site,
            config,
            theme,
            history,
            shows_authors,
            has_feed,
            labels,
            matrix,
            link_titles,
        };
        press.has_feed = press.tells_news();
        press.matrix = press.configured_matrix();
        press
    }

    /// The page of a note or a folder.
    #[must_use]
    pub fn page(&self, id: PageId) -> Slice<'_> {
        let page = self.site.page(id);
        let is_home = id == self.site.home;
        let mut view = self.frame(&page.route, Some(id), &page.title);
        view.page.kind = match &page.subject {
            _ if is_home => "home",
            Subject::Note { .. } => "note",
            Subject::Folder(_) => "folder",
        };
        view.page.is_stub = page.is_stub;
        view.page.changed = self.changed(page).map(|day| self.labels.day(day));
        let mut leads = Vec::new();
        if let Subject::Note { index, .. } = page.subject {
            let past = self.past(page).filter(|_| self.shows_authors);
            view.page.authors =
                past.map_or_else(Vec::new, |past| past.authors.iter().map(AsRef::as_ref).collect());
            let targets = self.site.targets(index).iter();
            leads = targets.map(|target| Lead::new(self.site, self.config, id, target)).collect();
            let path = self.site.note_path(index);
            view.page.description =
                Some(page.summary.as_str()).filter(|summary| !summary.is_empty());
            view.page.source = body::source_url(self.config, path);
            view.page.edit = self.config.edit.as_ref().map(|pattern| pattern.url(path));
        }
        let print = |(_, part): &(NodeId, Route)| page.route.href_to(part);
        let node = self.site.nav.of_page(id);
        view.page.print =
            self.site.own.parts.iter().find(|(part, _)| Some(*part) == node).map(print);
        if is_home {
            self.fill_home(&mut view, &page.route);
        } else if let Some(node) = self.site.nav.of_page(id) {
            view.children = self.children(node, &page.route);
        }
        let template = if is_home { "home.html" } else { "page.html" };
        Slice {
            template,
            view,
            leads,
            chapters: Vec::new(),
            matrix: is_home.then_some(&self.matrix),
            https_images: self.config.https_images,
        }
    }

    /// The page with the whole navigation.
    #[must_use]
    pub fn contents(&self) -> Slice<'_> {
        let route = &self.site.own.contents;
        let mut view = self.frame(route, None, self.labels.get("contents"));
        view.page.kind = "contents";
        view.page.body =
            Sidebar { site: self.site, labels: &self.labels, here: route, page: None }.whole();
        view.children =
            self.site.unlisted.iter().map(|&page| self.child_of_page(page, route)).collect();
        let former = |former: &site::Redirect| OldAddressView {
            title: &self.site.page(former.to).title,
            address: former.route.as_str().to_owned(),
            href: route.href_to(&former.route),
        };
        view.formers = self.site.redirects.iter().map(former).collect();
        Self::plain("contents.html", view)
    }

    /// The page of search results; a script fills it.
    #[must_use]
    pub fn search(&self) -> Slice<'_> {
        let mut view = self.frame(&self.site.own.search, None, self.labels.get("search"));
        view.page.kind = "search";
        view.page.canonical = None;
        Self::plain("search.html", view)
    }

    /// The page for addresses that lead nowhere. It is served at any depth, so where the site's address is known its
    /// links start at the site's root; elsewhere they lead right from the root only.
    #[must_use]
    pub fn not_found<'r>(&'r self, route: &'r Route) -> Slice<'r> {
        let mut view = self.frame(route, None, self.labels.get("not_found"));
        view.page.kind = "not_found";
        view.page.canonical = None;
        view.page.base = self.config.base_url.as_ref().map(|url| url.path().to_owned());
        view.page.here = if view.page.base.is_some() { "404.html" } else { "" };
        Self::plain("404.html", view)
    }

    /// What leads from an address that a page had before to the page, by its number.
    #[must_use]
    pub fn redirect(&self, number: usize) -> Slice<'_> {
        let site::Redirect { route, to } = &self.site.redirects[number];
        let to = self.site.page(*to);
        let mut view = self.frame(route, None, &to.title);
        view.page.kind = "redirect";
        view.page.canonical =
            self.config.base_url.as_ref().map(|base| format!("{base}{}", to.route.url_path()));
        view.page.target = Some(route.href_to(&to.route));
        view.navigation = String::new();
        Self::plain("redirect.html", view)
    }

    /// The page for paper with all notes of a part, by its number.
    #[must_use]
    pub fn part(&self, number: usize) -> Slice<'_> {
        let (node, route) = &self.site.own.parts[number];
        let mut view = self.frame(route, None, self.site.label(*node));
        view.page.kind = "part";
        view.page.canonical = None;
        let pages = part::notes(self.site, *node);
        let chapters = part::chapters(self.site, self.config, route, &pages);
        let entry = |(place, chapter): (usize, &Chapter<'a>)| HeadingView {
            level: 2,
            text: chapter.title,
            href: part::address_of(place),
        };
        view.outline = chapters.iter().enumerate().map(entry).collect();
        Slice { chapters, https_images: self.config.https_images, ..Self::plain("part.html", view) }
    }

    /// A page without a note.
    fn plain<'s>(template: &'static str, view: View<'s>) -> Slice<'s> {
        Slice {
            template,
            view,
            leads: Vec::new(),
            chapters: Vec::new(),
            matrix: None,
            https_images: false,
        }
    }

    /// Renders the page of a part; `notes` are those of its chapters.
    #[must_use]
    pub fn print_part(&self, slice: Slice<'_>, notes: &[&Note], colours: &Colours) -> Rendered {
        let Slice { template, mut view, chapters, https_images, .. } = slice;
        for (place, (chapter, note)) in chapters.iter().zip(notes).enumerate() {
            let body = Body {
                labels: &self.labels,
                colours,
                note,
                title: chapter.title,
                leads: &chapter.leads,
                matrix: None,
                https_images,
                id_prefix: &part::id_prefix(place),
                is_chapter: true,
            };
            let language = note.language_in(&self.site.language);
            part::write(&mut view.page.body, place, chapter.title, language, &body.render());
        }
        self.render(template, &view)
    }

    /// Renders a page. `note` is the one that it shows, with the HTML of its code, if it shows one.
    #[must_use]
    pub fn print(&self, slice: Slice<'_>, note: Option<(&Note, &Colours)>) -> Rendered {
        let Slice { template, mut view, leads, matrix, https_images, .. } = slice;
        if let Some((note, colours)) = note {
            let body = Body {
                labels: &self.labels,
                colours,
                note,
                title: view.page.title,
                leads: &leads,
                matrix,
                https_images,
                id_prefix: "",
                is_chapter: false,
            };
            let body = body.render();
            view.page.body = body.html;
            let skip = usize::from(body.title.is_some());
            let headings = note.parsed.outline.iter().skip(skip);
            view.outline =
                headings.filter(|heading| !heading.text.is_empty()).map(Into::into).collect();
            if let Some((html, id)) = body.title {
                view.page.title_html = Some(html);
                view.page.title_id = Some(id);
            }
            if view.page.kind == "note" {
                view.page.length = self.labels.length(note.parsed.length);
            }
            view.page.language = note.language_in(&self.site.language).map(str::to_owned);
            view.page.original = body::original(note, &leads);
            if note.parsed.has_matrix {
                // It stands in the body.
                view.page.matrix = String::new();
            }
        }
        self.render(template, &view)
    }

    /// What git knows of the note that a page shows.
    fn past(&self, page: &site::Page) -> Option<&'a Past> {
        self.history.of(self.site.note_path(page.subject.note()?))
    }

    /// The day on which the note of a page was changed last: as its front matter says, else as git knows.
    fn changed<'p>(&'p self, page: &'p site::Page) -> Option<&'p str> {
        page.changed.as_deref().or_else(|| self.past(page).map(Past::day))
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

    fn render(&self, template: &str, view: &View<'_>) -> Rendered {
        match Context::from_serialize(view) {
            Ok(context) => self.theme.render(template, &context),
            // A view is made of strings, numbers and lists, which always can be.
            Err(error) => (
                Vec::new(),
                Some(Diagnostic::new(crate::diagnostic::Kind::Template, error.to_string())),
            ),
        }
    }

    /// What every page shows around its text.
    fn frame<'v>(&'v self, route: &'v Route, id: Option<PageId>, title: &'v str) -> View<'v> {
        let site = self.site;
        let home = &site.page(site.home).route;
        let (icon, icon_type) = self.site_icon();
        let manifest = site.own.manifest.as_ref().filter(|_| self.has_sitemap());
        let assets = format!("{}{}", route.up_to_root(), site.own.static_folder.url_path());
        let sidebar = Sidebar { site, labels: &self.labels, here: route, page: id };
        let link = |page: PageId| LinkView {
            title: site.page_label(page),
            href: route.href_to(&site.page(page).route),
        };
        View {
            site: SiteView {
                title: &site.title,
                language: &site.language,
                description: self.config.description.as_deref(),
                author: self.config.author.as_deref(),
                license: self.config.license.as_ref().map(Into::into),
                repository: self.config.repository.as_ref().map(Url::as_str),
                home: route.href_to(home),
                contents: route.href_to(&site.own.contents),
                search: route.href_to(&site.own.search),
                links: site.own.links.first().map(|links| route.href_to(links)),
                feed: site
                    .own
                    .feed
                    .as_ref()
                    .filter(|_| self.has_feed)
                    .map(|feed| route.href_to(feed)),
                image: self.shared_picture(),
                image_is_wide: self.is_cover_wide(),
                locale: locale(&site.language),
                icon: route.href_to(icon),
                icon_type,
                manifest: manifest.map(|manifest| route.href_to(manifest)),
                style: self
                    .theme
                    .files
                    .contains_key(OWN_STYLE)
                    .then(|| format!("{assets}/{OWN_STYLE}")),
                assets,
            },
            page: PageView {
                kind: "note",
                title,
                language: None,
                title_html: None,
                title_id: None,
                is_site_title: title == site.title,
                description: None,
                canonical: self
                    .config
                    .base_url
                    .as_ref()
                    .map(|base| format!("{base}{}", route.url_path())),
                base: None,
                here: "",
                body: String::new(),
                matrix: String::new(),
                cover: None,
                cover_width: None,
                cover_height: None,
                is_stub: false,
                length: None,
                changed: None,
                authors: Vec::new(),
                print: None,
                edit: None,
                source: None,
                original: None,
                target: None,
                trail: id.and_then(|id| self.breadcrumb_json(id)),
            },
            t: self.labels.all(),
            breadcrumbs: id.map_or_else(Vec::new, |id| self.breadcrumbs(id, route)),
            navigation: sidebar.html(),
            outline: Vec::new(),
            previous: id.and_then(|id| site.previous(id)).map(link),
            next: id.and_then(|id| site.next(id)).map(link),
            children: Vec::new(),
            library: Vec::new(),
            formers: Vec::new(),
        }
    }

    /// The entries above a page, the home page first.
    fn breadcrumbs(&self, id: PageId, route: &Route) -> Vec<LinkView<'_>> {
        if id == self.site.home {
            return Vec::new();
        }
        let sidebar =
            Sidebar { site: self.site, labels: &self.labels, here: route, page: Some(id) };
        let home = &self.site.page(self.site.home).route;
        let mut crumbs =
            vec![LinkView { title: self.labels.get("home"), href: route.href_to(home) }];
        let trail =
            self.site.nav.of_page(id).map(|node| self.site.nav.trail(node)).unwrap_or_default();
        for &node in trail.iter().take(trail.len().saturating_sub(1)) {
            let href = sidebar.href(node).unwrap_or_default().href;
            crumbs.push(LinkView { title: self.site.label(node), href });
        }
        crumbs
    }

    /// What stands below an entry.
    fn children(&self, node: NodeId, route: &Route) -> Vec<ChildView<'_>> {
        let sidebar = Sidebar { site: self.site, labels: &self.labels, here: route, page: None };
        let child = |&node: &NodeId| {
            let Href { href, is_external } = sidebar.href(node).unwrap_or_default();
            ChildView {
                title: self.site.label(node),
                href,
                summary: match self.site.nav.node(node).target {
                    NavTarget::Page(page) => &self.site.page(page).summary,
                    _ => "",
                },
                count: self.site.count(node),
                is_stub: self.site.is_stub(node),
                is_external,
            }
        };
        self.site.nav.node(node).children.iter().map(child).collect()
    }

    fn child_of_page(&self, page: PageId, route: &Route) -> ChildView<'_> {
        ChildView {
            title: &self.site.page(page).title,
            href: route.href_to(&self.site.page(page).route),
            summary: "",
            count: 0,
            is_stub: false,
            is_external: false,
        }
    }
}

/// A language tag as Open Graph writes it.
fn locale(language: &str) -> String {
    language.replace('-', "_")
}
