//! The site → what readers without a network can keep of it: the files of each part of the
//! navigation and of the whole site, and the page for what was not kept.
//!
//! Must not know: the sizes of files; how a browser keeps them.

use std::collections::BTreeSet;

use crate::config::Cover;
use crate::links::Target;
use crate::nav::{NodeId, PageId};
use crate::path::Route;
use crate::site::{Own, Site};
use crate::theme::OWN_STYLE;

use super::artifact::Artifact;
use super::view::{OfflineView, PageKind};
use super::{BookTarget, CodeHtml, Renderer};

/// Digits of the frame's digest in addresses: enough for the versions of one site's frame.
const DIGITS: usize = 16;

/// Files of the theme that every page loads, beside those of its bundles.
const OF_EVERY_PAGE: [&str; 3] = ["preferences.js", "offline.js", OWN_STYLE];

/// The files that are kept together.
#[derive(Debug)]
pub struct OfflineList {
    /// The route of the list.
    pub route: Route,
    /// The name of the part or the site.
    pub title: String,
    /// The files.
    pub files: BTreeSet<Route>,
    /// The lists whose files are kept too.
    pub lists: Vec<Route>,
}

/// The files of the theme that draw and drive the pages.
#[derive(Debug)]
pub struct FrameFiles {
    /// The digest of all of them, with which pages ask for them.
    pub digest: String,
    /// Those that every page loads.
    pub first: Vec<Route>,
    /// Those that some pages load.
    pub others: Vec<Route>,
}

impl Renderer<'_> {
    /// The worker, if the site has one.
    #[must_use]
    pub fn worker(&self) -> Option<&Route> {
        if !self.config.offline {
            return None;
        }
        self.shared().own.first(Own::Worker)
    }

    /// The digest of the files that draw and drive the pages, in the addresses with which pages of
    /// a site with a worker ask for them. Such a file never changes under its address, so what
    /// browsers kept of it is right, and a page of yesterday gets the scripts of yesterday.
    #[must_use]
    pub fn frame_digest(&self) -> Option<&str> {
        self.worker()?;
        let digest = || {
            let names: BTreeSet<&str> = self.theme.frame_names().collect();
            let mut digest = self.theme.digest_of_files(|name| names.contains(name)).to_string();
            digest.truncate(DIGITS);
            digest
        };
        Some(self.frame_digest.get_or_init(digest))
    }

    /// The files that draw and drive the pages.
    #[must_use]
    pub fn frame_files(&self) -> FrameFiles {
        let loaded = &self.theme.page_files;
        let is_first = |name: &&str| {
            OF_EVERY_PAGE.contains(name)
                || loaded.sheets.iter().chain(&loaded.scripts).any(|other| other == name)
        };
        let (first, others): (Vec<&str>, Vec<&str>) = self.theme.frame_names().partition(is_first);
        let folder = &self.shared().own.static_folder;
        let route = |name: &str| Route::file(&format!("{folder}/{name}"));
        FrameFiles {
            digest: self.frame_digest().unwrap_or_default().to_owned(),
            first: first.into_iter().map(route).collect(),
            others: others.into_iter().map(route).collect(),
        }
    }

    /// The worker and the lists as a page names them.
    pub(super) fn offline_view(&self, page: Option<PageId>, route: &Route) -> Option<OfflineView> {
        let worker = self.worker()?;
        Some(OfflineView {
            worker: route.href_to(worker),
            site: self.whole_list().map(|list| route.href_to(list)),
            part: page.and_then(|page| self.offline_part_of(page)).map(|list| route.href_to(list)),
        })
    }

    /// The list of the part that a page is in.
    fn offline_part_of(&self, page: PageId) -> Option<&Route> {
        let nav = &self.site.nav;
        let part = *nav.trail(nav.of_page(page)?).first()?;
        self.site.own.all(Own::OfflinePart).get(self.site.own.feed_of(part)?)
    }

    /// The route of the list of the whole site.
    #[must_use]
    pub fn whole_list(&self) -> Option<&Route> {
        self.site.own.first(Own::OfflineSite)
    }

    /// The lists of the site: that of the whole site, and those of its parts.
    #[must_use]
    pub fn offline_lists(&self) -> Vec<OfflineList> {
        let own = &self.site.own;
        let Some(whole) = self.whole_list() else { return Vec::new() };
        let parts = own.fed.iter().zip(own.all(Own::OfflinePart));
        let mut lists: Vec<OfflineList> =
            parts.map(|(node, route)| self.offline_part(*node, route)).collect();
        let in_parts: BTreeSet<&Route> = lists.iter().flat_map(|list| &list.files).collect();
        let mut files = self.files_of_site();
        files.retain(|route| !in_parts.contains(route));
        let below = lists.iter().map(|list| list.route.clone()).chain(self.lists_of_books());
        let lists_below = below.collect();
        let (route, title) = (whole.clone(), self.site.title.clone());
        lists.push(OfflineList { route, title, files, lists: lists_below });
        lists
    }

    /// A part of the navigation: its pages with what they show, and what all pages lead to.
    fn offline_part(&self, node: NodeId, route: &Route) -> OfflineList {
        let pages = self.site.nav.pages_from(node);
        let mut files: BTreeSet<Route> =
            pages.into_iter().flat_map(|page| self.files_of_page(page)).collect();
        files.extend(self.files_of_page(self.site.home));
        files.extend(self.files_of_all_pages());
        let title = self.site.label(node).to_owned();
        OfflineList { route: route.clone(), title, files, lists: Vec::new() }
    }

    /// The files that every page shows, those of the theme left out.
    fn files_of_all_pages(&self) -> impl Iterator<Item = Route> {
        let pictures = [&self.config.logo, &self.config.cover].into_iter().flatten();
        let pictures = pictures.filter_map(|picture| match picture {
            Cover::File(path) => self.site.files.get(path),
            Cover::Url(_) => None,
        });
        let words = self.site.own.first(Own::Words);
        words.into_iter().chain([self.site_icon().0]).chain(pictures).cloned()
    }

    /// A page, the further pages of its list, and the files that its note shows or links to.
    fn files_of_page(&self, id: PageId) -> Vec<Route> {
        let site = self.site;
        let mut files = vec![site.page(id).route.clone()];
        files.extend_from_slice(&site.own.all(Own::ListPart)[site.own.lists_of(id)]);
        let Some(note) = site.page(id).subject.note() else { return files };
        let notes = std::iter::once(note).chain(site.embedded_in(note));
        let targets = notes.flat_map(|note| site.targets(note));
        files.extend(targets.filter_map(|target| self.file_of(target)).cloned());
        files
    }

    /// The file that a link leads to.
    fn file_of(&self, target: &Target) -> Option<&Route> {
        match target {
            Target::File(path) => self.site.files.get(path),
            Target::Book(link, _) => match self.around?.targets.0.get(link)? {
                BookTarget::File(route) => Some(route),
                BookTarget::Page(_) | BookTarget::Repository(_) => None,
            },
            _ => None,
        }
    }

    /// Every page and file of the site that readers see. Pages for paper have the same texts once
    /// more, and other files are for other programs.
    fn files_of_site(&self) -> BTreeSet<Route> {
        let site = self.site;
        let left_out: BTreeSet<&Route> =
            [Own::Part, Own::NotFound].into_iter().flat_map(|own| site.own.all(own)).collect();
        let pages = Artifact::all(self).into_iter().filter(|artifact| artifact.is_page());
        let pages = pages.map(|page| page.route(site)).filter(|route| !left_out.contains(route));
        let scripts = [Own::Tree, Own::LibraryScript, Own::Manifest];
        let scripts = scripts.into_iter().filter_map(|own| site.own.first(own));
        let files = pages.chain(scripts).chain(site.files.values()).cloned();
        files.chain(self.files_of_all_pages()).collect()
    }

    /// The lists of the books, for the library as a whole.
    fn lists_of_books(&self) -> impl Iterator<Item = Route> {
        let books = self.sites().map(|of| of.site);
        let books = books.filter(|site: &&Site| !std::ptr::eq(*site, self.site));
        books.filter_map(|site| site.own.first(Own::OfflineSite)).cloned()
    }

    /// The page that a reader without a network gets for one that was not kept. It stands at any
    /// address, so its links start at the `base` that the worker puts in.
    #[must_use]
    pub fn not_kept(&self, base: &str) -> Vec<u8> {
        let route = Route::file("index.html");
        let mut view = self.frame(&route, None, self.labels.get("offline_missing"));
        view.page.kind = PageKind::NotFound;
        view.page.canonical = None;
        view.page.base = Some(base.to_owned());
        self.render(Self::plain("offline.html", view), &[], &CodeHtml::default()).bytes
    }
}
