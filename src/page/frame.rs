//! The parts of a page around its text: site, breadcrumbs, neighbours, children.
//!
//! Must not know: the text of a note.

use std::ops::Range;

use super::Renderer;
use super::address::TargetAddress;
use super::sidebar::Sidebar;
use super::trail::{GAP, ShownTrail};
use super::view::{
    BarLinkView, ChildView, LinkView, MentionsView, PageKind, PageView, SheetView, SiteView, View,
};
use crate::config::{Cover, Url};
use crate::markdown::render::html;
use crate::matrix::Href;
use crate::nav::{NavTarget, NodeId, PageId};
use crate::path::Route;
use crate::site::{ConfiguredCell, Own};
use crate::theme::{OWN_STYLE, PageFiles};

impl Renderer<'_> {
    /// The view of a page without a text.
    pub(super) fn frame<'v>(
        &'v self,
        route: &'v Route,
        id: Option<PageId>,
        title: &'v str,
    ) -> View<'v> {
        let site = self.site;
        let sidebar = Sidebar { site, labels: &self.labels, here: route, page: id };
        let link = |page: PageId| {
            LinkView::new(site.page_label(page), route.href_to(&site.page(page).route))
        };
        View {
            site: SiteView {
                part_feed: id.and_then(|id| self.feed_of_part(id, route)),
                offline: self.offline_view(id, route),
                ..self.site_view(route)
            },
            page: PageView {
                kind: PageKind::Note,
                title,
                has_math: false,
                has_diagram: false,
                language: None,
                is_right_to_left: false,
                has_right_to_left_title: html::starts_right_to_left(title),
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
                lead: String::new(),
                body: String::new(),
                recent: Vec::new(),
                changes: None,
                tags: Vec::new(),
                all_tags: None,
                all_terms: None,
                notes: None,
                matrix: String::new(),
                cover: None,
                cover_width: None,
                cover_height: None,
                cover_has_title: false,
                is_stub: false,
                length: None,
                changed: None,
                written: None,
                authors: Vec::new(),
                more_authors: None,
                print: None,
                ebook: None,
                markdown: None,
                edit: None,
                source: None,
                original: None,
                target: None,
                trail: id.and_then(|id| self.breadcrumb_json(id)),
            },
            t: self.labels.all(),
            breadcrumbs: id.map_or_else(Vec::new, |id| self.breadcrumbs(id, route)),
            navigation: sidebar.html() + &self.entries_of_books(route) + &self.entries_of_sites(id),
            outline: Vec::new(),
            previous: id.and_then(|id| site.previous(id)).map(link),
            next: id.and_then(|id| site.next(id)).map(link),
            children: Vec::new(),
            list_pages: Vec::new(),
            library: Vec::new(),
            languages: id.map_or_else(Vec::new, |id| self.languages(id, route)),
            books: self.books_view(route),
            changes: Vec::new(),
            index: Vec::new(),
            terms: Vec::new(),
            links_here: MentionsView::default(),
            named_in: MentionsView::default(),
            formers: Vec::new(),
        }
    }

    /// The site as a page shows it.
    fn site_view(&self, route: &Route) -> SiteView<'_> {
        let site = self.site;
        let home = &site.page(site.home).route;
        let (icon, icon_type) = self.site_icon();
        let shared = &self.shared().own;
        let manifest = shared.first(Own::Manifest).filter(|_| self.has_sitemap());
        let folder = |folder: &Route| format!("{}{}", route.up_to_root(), folder.url_path());
        let assets = folder(&shared.static_folder);
        let version = self.frame_digest().map(|digest| format!("?{digest}")).unwrap_or_default();
        let file = |name: &str| format!("{assets}/{name}{version}");
        let sheet = |name: &String| SheetView {
            href: file(name),
            is_for_paper: PageFiles::is_for_paper(name),
        };
        SiteView {
            title: &site.title,
            language: &site.language,
            description: self.config.description.as_deref(),
            author: self.config.author.as_deref(),
            license: self.config.license.as_ref().map(Into::into),
            repository: self.config.repository.as_ref().map(Url::as_str),
            logo: self.config.logo.as_ref().and_then(|logo| self.picture(logo, route)),
            logo_width: self.config.logo_size.map(|(width, _)| width),
            logo_height: self.config.logo_size.map(|(_, height)| height),
            bar: self.bar(route),
            footer: self.config.footer.iter().map(Into::into).collect(),
            home: route.href_to(home),
            contents: route.href_to(site.own.contents()),
            search: shared
                .first(Own::Search)
                .map(|search| route.href_to(search))
                .unwrap_or_default(),
            links: site.own.first(Own::LibraryPage).map(|links| route.href_to(links)),
            feed: site
                .own
                .first(Own::Feed)
                .filter(|_| self.has_feed())
                .map(|feed| route.href_to(feed)),
            part_feed: None,
            image: self.shared_picture(),
            image_is_wide: self.is_cover_wide(),
            locale: locale(&site.language),
            icon: route.href_to(icon),
            icon_type,
            manifest: manifest.map(|manifest| route.href_to(manifest)),
            sheets: self.theme.page_files.sheets.iter().map(sheet).collect(),
            page_scripts: self.theme.page_files.scripts.iter().map(|name| file(name)).collect(),
            offline: None,
            style: self.theme.files.contains_key(OWN_STYLE).then(|| file(OWN_STYLE)),
            version,
            assets,
            scripts: route.href_to(&site.own.static_folder),
        }
    }

    /// The writer's links in the top bar; those that lead nowhere are left out.
    fn bar(&self, route: &Route) -> Vec<BarLinkView> {
        let link = |link: &ConfiguredCell| {
            let TargetAddress { href, is_external, .. } =
                self.addresses().of(route, link.article.as_ref()?)?;
            Some(BarLinkView { title: self.cell_title(link), href, is_external })
        };
        self.site.bar.iter().filter_map(link).collect()
    }

    /// The address of a picture of the settings as seen from a page.
    pub(super) fn picture(&self, picture: &Cover, route: &Route) -> Option<String> {
        match picture {
            Cover::Url(url) => Some(url.to_string()),
            Cover::File(path) => Some(route.href_to(self.site.files.get(path)?)),
        }
    }

    /// The entries above a page, the home page first, those in the middle of a deep way left out.
    pub(super) fn breadcrumbs(&self, id: PageId, route: &Route) -> Vec<LinkView<'_>> {
        if id == self.site.home {
            return self.way_to_book(route);
        }
        let sidebar =
            Sidebar { site: self.site, labels: &self.labels, here: route, page: Some(id) };
        let home = &self.site.page(self.site.home).route;
        let mut crumbs = self.way_to_book(route);
        let title = if crumbs.is_empty() { self.labels.get("home") } else { &self.site.title };
        crumbs.push(LinkView::new(title, route.href_to(home)));
        let Some(node) = self.site.nav.of_page(id) else { return crumbs };
        let href = |node: NodeId| sidebar.href(node).unwrap_or_default().href;
        let crumb = |&node: &NodeId| {
            let (label, short) = (self.site.label(node), self.site.short_label(node));
            let whole = Some(label).filter(|label| short.len() < label.len());
            LinkView { whole, ..LinkView::new(short, href(node)) }
        };
        let ShownTrail { first, hidden, last } = ShownTrail::above(&self.site.nav, node);
        crumbs.extend(first.iter().map(crumb));
        crumbs.extend(hidden.map(|node| LinkView::new(GAP, href(node))));
        crumbs.extend(last.iter().map(crumb));
        crumbs
    }

    /// A range of the entries that the page of an entry lists.
    pub(super) fn children(
        &self,
        node: NodeId,
        range: Range<usize>,
        route: &Route,
    ) -> Vec<ChildView<'_>> {
        let sidebar = Sidebar { site: self.site, labels: &self.labels, here: route, page: None };
        let child = |node: NodeId| {
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
        let listed = self.site.nav.listed_below(node);
        listed.skip(range.start).take(range.len()).map(child).collect()
    }

    pub(super) fn child_of_page(&self, page: PageId, route: &Route) -> ChildView<'_> {
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
