//! A link's target → its address: as seen from a page, or whole.
//!
//! Must not know: HTML, where the link is.

use std::borrow::Cow;

use super::around::{BookTarget, BookTargets};
use crate::books::BookLink;
use crate::config::{Config, Url};
use crate::links::{Target, Unpublished};
use crate::path::{Route, SourcePath, encode_path};
use crate::site::Site;

/// The address of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetAddress {
    /// The address.
    pub href: String,
    /// True if it leaves the site.
    pub is_external: bool,
    /// True if it is something that an image can show, and not a page of the site.
    pub is_file: bool,
}

impl TargetAddress {
    /// That of a page of the site, or of a place on one.
    #[must_use]
    pub fn of_page(href: String) -> Self {
        Self { href, is_external: false, is_file: false }
    }

    /// That of a file of the site.
    #[must_use]
    pub fn of_file(href: String) -> Self {
        Self { href, is_external: false, is_file: true }
    }

    /// That of something elsewhere.
    #[must_use]
    pub fn external(href: String) -> Self {
        Self { href, is_external: true, is_file: true }
    }
}

/// The addresses of targets.
#[derive(Clone, Copy)]
pub struct Addresses<'a> {
    /// The site with the links.
    pub site: &'a Site,
    /// Its settings.
    pub config: &'a Config,
    /// The targets in other books of the library, if there is one.
    pub books: Option<&'a BookTargets>,
}

impl Addresses<'_> {
    /// The address of a target as seen from `here`; `None` if it is dead.
    #[must_use]
    pub fn of(self, here: &Route, target: &Target) -> Option<TargetAddress> {
        self.with(target, |route, id| Some(here.href_to(route) + &fragment(id)))
    }

    /// The whole address of a target; `None` if it is dead, or the address of the site is not
    /// known. The navigation has none: it is not a text of the notes.
    #[must_use]
    pub fn whole(self, target: &Target) -> Option<TargetAddress> {
        if matches!(target, Target::Unpublished(_, Unpublished::Navigation)) {
            return None;
        }
        self.with(target, |route, id| self.whole_of(route, id))
    }

    /// The whole address of a place on a page, or of a file, if the address of the site is known.
    #[must_use]
    pub fn whole_of(self, route: &Route, id: Option<&str>) -> Option<String> {
        let base = self.config.base_url.as_ref().map(Url::as_str)?;
        Some(format!("{base}{}{}", route.url_path(), fragment(id)))
    }

    /// The target of a link into another book.
    pub(super) fn in_book(&self, link: &BookLink) -> Option<&BookTarget> {
        self.books?.0.get(link)
    }

    /// The address of a target; `to` gives those of places on pages and of files of the sites.
    pub(super) fn with(
        self,
        target: &Target,
        to: impl Fn(&Route, Option<&str>) -> Option<String>,
    ) -> Option<TargetAddress> {
        let Self { site, config, .. } = self;
        match target {
            Target::Page(page, id) => {
                to(&site.page(*page).route, id.as_deref()).map(TargetAddress::of_page)
            }
            Target::File(path) => to(site.files.get(path)?, None).map(TargetAddress::of_file),
            Target::External(url) => Some(TargetAddress::external(url.clone())),
            Target::Book(link, elsewhere) => match self.in_book(link) {
                Some(BookTarget::Page(page)) => {
                    to(&page.route, page.id.as_deref()).map(TargetAddress::of_page)
                }
                Some(BookTarget::File(route)) => to(route, None).map(TargetAddress::of_file),
                Some(BookTarget::Repository(url)) => Some(TargetAddress::external(url.clone())),
                None => elsewhere.clone().map(TargetAddress::external),
            },
            Target::Unpublished(_, Unpublished::Navigation) => {
                to(site.own.contents(), None).map(TargetAddress::of_page)
            }
            Target::Unpublished(_, Unpublished::Draft) | Target::Dead => None,
            Target::Unpublished(path, _) => {
                let url = source_url(config, path)?;
                Some(TargetAddress { is_file: false, ..TargetAddress::external(url) })
            }
        }
    }
}

/// A place on a page, with the sign before it.
pub(super) fn fragment(id: Option<&str>) -> String {
    id.map_or_else(String::new, |id| format!("#{}", encode_path(id)))
}

/// The address of a file with the place in it that a link names: `a.pdf#page=3`.
pub(super) fn with_fragment<'a>(address: &'a str, destination: &str) -> Cow<'a, str> {
    match destination.split_once('#') {
        Some((_, fragment)) if !fragment.is_empty() => Cow::Owned(format!("{address}#{fragment}")),
        _ => Cow::Borrowed(address),
    }
}

/// The address of a file of the notes in their repository, if that is known.
pub(super) fn source_url(config: &Config, path: &SourcePath) -> Option<String> {
    config.source.as_ref().map(|pattern| pattern.url(path))
}
