//! (subject, [`Site`], [`Theme`]) → a page of HTML, through one typed, borrowed view for all templates.
//!
//! Must not know: the disk; how a link was resolved or the navigation made.

mod body;
mod home;
pub mod label;
mod sidebar;
mod view;

use std::collections::HashMap;
use std::sync::Arc;

use tera::Context;

use crate::config::{Config, Url};
use crate::diagnostic::Diagnostic;
use crate::markdown::CodeBlock;
use crate::nav::{Leads, NodeId, PageId};
use crate::note::Note;
use crate::path::Route;
use crate::site::{Site, Subject};
use crate::theme::Theme;

use self::body::Filler;
use self::home::Matrix;
use self::label::Labels;
use self::sidebar::Sidebar;
use self::view::{ChildView, LinkView, PageView, SiteView, View};

/// The HTML of every distinct code block of the notes.
#[derive(Debug, Default)]
pub struct Colours(HashMap<CodeBlock, Arc<str>>);

impl Colours {
    /// Knows the HTML of each block.
    #[must_use]
    pub fn new(blocks: HashMap<CodeBlock, Arc<str>>) -> Self {
        Self(blocks)
    }

    /// The HTML of a block.
    #[must_use]
    pub fn of(&self, block: &CodeBlock) -> &str {
        self.0.get(block).map_or("", |html| html)
    }
}

/// Everything pages are made from.
pub struct Press<'a> {
    site: &'a Site,
    notes: &'a [Arc<Note>],
    config: &'a Config,
    theme: &'a Theme,
    colours: &'a Colours,
    labels: Labels,
    matrix: Matrix,
}

/// The bytes of a page, and the mistake in the writer's template that it was rendered without.
pub type Rendered = (Vec<u8>, Option<Diagnostic>);

impl<'a> Press<'a> {
    /// Makes ready what all pages share.
    #[must_use]
    pub fn new(
        site: &'a Site,
        notes: &'a [Arc<Note>],
        config: &'a Config,
        theme: &'a Theme,
        colours: &'a Colours,
    ) -> Self {
        let labels = Labels::new(&site.language, &config.labels);
        let mut press = Self { site, notes, config, theme, colours, labels, matrix: Matrix::default() };
        press.matrix = press.configured_matrix();
        press
    }

    /// The page of a note or a folder.
    #[must_use]
    pub fn page(&self, id: PageId) -> Rendered {
        let page = self.site.page(id);
        let mut view = self.frame(&page.route, Some(id), &page.title);
        view.page.kind = match &page.subject {
            _ if id == self.site.home => "home",
            Subject::Note { .. } => "note",
            Subject::Folder(_) => "folder",
        };
        view.page.is_stub = page.is_stub;
        if let Subject::Note { index, .. } = page.subject {
            self.fill_note(&mut view, id, index);
        }
        if id == self.site.home {
            self.fill_home(&mut view, &page.route);
        } else if let Some(node) = self.site.nav.of_page(id) {
            view.children = self.children(node, &page.route);
        }
        self.render(if id == self.site.home { "home.html" } else { "page.html" }, &view)
    }

    /// The page with the whole navigation.
    #[must_use]
    pub fn contents(&self) -> Rendered {
        let route = &self.site.own.contents;
        let mut view = self.frame(route, None, self.labels.get("contents"));
        view.page.kind = "contents";
        view.page.body = Sidebar { site: self.site, labels: &self.labels, here: route, page: None }.whole();
        view.children = self.site.unlisted.iter().map(|&page| self.child_of_page(page, route)).collect();
        self.render("contents.html", &view)
    }

    /// The page for addresses that lead nowhere. It is served at any depth, so where the site's address is known its
    /// links start at the site's root; elsewhere they lead right from the root only.
    #[must_use]
    pub fn not_found(&self, route: &Route) -> Rendered {
        let mut view = self.frame(route, None, self.labels.get("not_found"));
        view.page.kind = "not_found";
        view.page.canonical = None;
        view.page.base = self.config.base_url.as_ref().map(|url| url.path().to_owned());
        view.page.here = if view.page.base.is_some() { "404.html" } else { "" };
        self.render("404.html", &view)
    }

    /// `sitemap.xml`, when the site's address is known.
    #[must_use]
    pub fn sitemap(&self) -> Option<Vec<u8>> {
        let base = self.config.base_url.as_ref()?;
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
        let readable = self.site.pages.iter().filter(|page| !page.is_stub);
        let mut urls: Vec<String> = readable.map(|page| page.route.url_path()).collect();
        urls.sort();
        for url in urls {
            xml.push_str("<url><loc>");
            crate::markdown::text::escape_into(&mut xml, &format!("{base}{url}"));
            xml.push_str("</loc></url>\n");
        }
        xml.push_str("</urlset>\n");
        Some(xml.into_bytes())
    }

    fn render(&self, template: &str, view: &View<'_>) -> Rendered {
        match Context::from_serialize(view) {
            Ok(context) => self.theme.render(template, &context),
            // A view is made of strings, numbers and lists, which always can be.
            Err(error) => {
                (Vec::new(), Some(Diagnostic::new(crate::diagnostic::Kind::Template, error.to_string())))
            }
        }
    }

    /// What every page shows around its text.
    fn frame<'v>(&'v self, route: &'v Route, id: Option<PageId>, title: &'v str) -> View<'v> {
        let site = self.site;
        let home = &site.page(site.home).route;
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
                assets: format!("{}{}", route.up_to_root(), site.own.static_folder.url_path()),
            },
            page: PageView {
                kind: "note",
                title,
                title_html: None,
                title_id: None,
                is_site_title: title == site.title,
                description: None,
                canonical: self.config.base_url.as_ref().map(|base| format!("{base}{}", route.url_path())),
                base: None,
                here: "",
                body: String::new(),
                matrix: String::new(),
                cover: None,
                is_stub: false,
                edit: None,
                source: None,
            },
            t: self.labels.all(),
            breadcrumbs: id.map_or_else(Vec::new, |id| self.breadcrumbs(id, route)),
            navigation: sidebar.html(),
            outline: Vec::new(),
            previous: id.and_then(|id| site.previous(id)).map(link),
            next: id.and_then(|id| site.next(id)).map(link),
            children: Vec::new(),
        }
    }

    fn fill_note<'v>(&'v self, view: &mut View<'v>, id: PageId, index: usize) {
        let note = &self.notes[index];
        let filled = Filler {
            site: self.site,
            config: self.config,
            labels: &self.labels,
            colours: self.colours,
            page: id,
            note,
            index,
            matrix: &self.matrix,
        }
        .fill();
        view.page.body = filled.html;
        let title = filled.title;
        let skip = usize::from(title.is_some());
        view.outline = note
            .parsed
            .outline
            .iter()
            .skip(skip)
            .filter(|heading| !heading.text.is_empty())
            .map(Into::into)
            .collect();
        if let Some((html, id)) = title {
            view.page.title_html = Some(html);
            view.page.title_id = Some(id);
        }
        let summary = Some(note.parsed.summary.as_str()).filter(|summary| !summary.is_empty());
        view.page.description = note.meta.description.as_deref().or(summary);
        view.page.source = body::source_url(self.config, &note.path);
        view.page.edit = self.config.edit.as_ref().map(|pattern| pattern.url(&note.path));
    }

    /// The entries above a page, the home page first.
    fn breadcrumbs(&self, id: PageId, route: &Route) -> Vec<LinkView<'_>> {
        if id == self.site.home {
            return Vec::new();
        }
        let sidebar = Sidebar { site: self.site, labels: &self.labels, here: route, page: Some(id) };
        let home = &self.site.page(self.site.home).route;
        let mut crumbs = vec![LinkView { title: self.labels.get("home"), href: route.href_to(home) }];
        let trail = self.site.nav.of_page(id).map(|node| self.site.nav.trail(node)).unwrap_or_default();
        for &node in trail.iter().take(trail.len().saturating_sub(1)) {
            let href = sidebar.way(node).map_or_else(String::new, |(href, _)| href);
            crumbs.push(LinkView { title: self.site.label(node), href });
        }
        crumbs
    }

    /// What stands below an entry.
    fn children(&self, node: NodeId, route: &Route) -> Vec<ChildView<'_>> {
        let sidebar = Sidebar { site: self.site, labels: &self.labels, here: route, page: None };
        let child = |&node: &NodeId| {
            let (href, is_external) = sidebar.way(node).unwrap_or_default();
            ChildView {
                title: self.site.label(node),
                href,
                summary: match self.site.nav.node(node).leads {
                    Leads::Page(page) => self.summary(page),
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

    fn summary(&self, page: PageId) -> &str {
        match self.site.page(page).subject {
            Subject::Note { index, .. } => {
                let note = &self.notes[index];
                note.meta.description.as_deref().unwrap_or(&note.parsed.summary)
            }
            Subject::Folder(_) => "",
        }
    }
}
