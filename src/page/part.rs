//! All notes of a part of the navigation on one page, for paper: their bodies one after the other,
//! headings a level lower, ids made different for each note, links from note to note within the
//! page.
//!
//! Must not know: templates, how the navigation was made.

use std::collections::{HashMap, HashSet};

use crate::escape::escape_into;
use crate::escape::write_attribute;
use crate::links::Target;
use crate::nav::PageId;
use crate::path::{Route, encode_path};
use crate::site::{PaperPart, Site};

use super::address::{Addresses, TargetAddress};
use super::body::{RenderedBody, ResolvedHref};
use super::embed::EmbeddedNote;

/// A note of a part, as the site sees it.
#[derive(Hash)]
pub struct Chapter<'a> {
    /// The note, by its index.
    pub note: usize,
    /// The title of its page.
    pub title: &'a str,
    pub(super) hrefs: Vec<ResolvedHref>,
}

/// The notes of a part that its page shows in the order of the navigation, each once, those with
/// nothing to read left out.
#[must_use]
pub fn notes(site: &Site, part: &PaperPart) -> Vec<PageId> {
    part.pages.iter().copied().filter(|page| !site.page(*page).is_stub).collect()
}

/// The notes that are embedded in those of a part, each once. One that is in the part itself is a
/// link, for it is on the same paper.
#[must_use]
pub fn embedded(site: &Site, pages: &[PageId]) -> Vec<usize> {
    let notes = pages.iter().filter_map(|&page| site.page(page).subject.note());
    let mut seen: HashSet<usize> = notes.clone().collect();
    notes.flat_map(|note| site.embedded_in(note)).filter(|&other| seen.insert(other)).collect()
}

/// The page of a part: the place of each of its notes, and where links lead from it.
pub(super) struct PartLinks<'a> {
    site: &'a Site,
    addresses: Addresses<'a>,
    here: &'a Route,
    places: HashMap<PageId, usize>,
}

impl<'a> PartLinks<'a> {
    /// Those of the page at `here`, which shows the notes of `pages`.
    pub fn new(addresses: Addresses<'a>, here: &'a Route, pages: &[PageId]) -> Self {
        let places = pages.iter().enumerate().map(|(place, page)| (*page, place)).collect();
        Self { site: addresses.site, addresses, here, places }
    }

    /// The notes of the part.
    pub fn chapters(&self, pages: &[PageId]) -> Vec<Chapter<'a>> {
        let chapter = |page: &PageId| {
            let note = self.site.page(*page).subject.note()?;
            let title = &self.site.page(*page).title;
            Some(Chapter { note, title, hrefs: self.hrefs(note) })
        };
        pages.iter().filter_map(chapter).collect()
    }

    /// The notes that are embedded in them.
    pub fn embedded(&self, pages: &[PageId]) -> Vec<EmbeddedNote<'a>> {
        let note = |other: usize| {
            // Notes and their pages have one order.
            let shown = self.site.page(PageId(other));
            let address = self.here.href_to(&shown.route);
            EmbeddedNote { title: &shown.title, hrefs: self.hrefs(other), address }
        };
        embedded(self.site, pages).into_iter().map(note).collect()
    }

    fn hrefs(&self, note: usize) -> Vec<ResolvedHref> {
        self.site.targets(note).iter().map(|target| self.href(target)).collect()
    }

    fn href(&self, target: &Target) -> ResolvedHref {
        let within = match target {
            Target::Page(page, anchor) => {
                self.places.get(page).map(|place| id(*place, anchor.as_deref()))
            }
            _ => None,
        };
        let address = match within {
            Some(id) => Some(TargetAddress::of_page(format!("#{}", encode_path(&id)))),
            None => self.addresses.of(self.here, target),
        };
        ResolvedHref::of(address, target)
    }
}

/// The id of a chapter, or of a place in it.
fn id(place: usize, anchor: Option<&str>) -> String {
    anchor.map_or_else(|| format!("c{place}"), |anchor| format!("c{place}-{anchor}"))
}

/// The text of a chapter.
pub(super) struct ChapterText<'b> {
    /// Its language, where it is another than the site's.
    pub language: Option<&'b str>,
    pub is_right_to_left: bool,
    pub body: &'b RenderedBody,
}

/// Writes a chapter: its title as a heading, its body. A link may lead to the heading that became
/// the title.
pub(super) fn write(out: &mut String, place: usize, title: &str, text: &ChapterText<'_>) {
    let ChapterText { language, is_right_to_left, body } = text;
    let heading = body.title.as_ref().map(|(_, anchor)| anchor.as_str()).unwrap_or_default();
    out.push_str("<section class=\"chapter\"");
    write_attribute(out, "id", &id(place, None));
    if let Some(language) = language {
        write_attribute(out, "lang", language);
    }
    if *is_right_to_left {
        out.push_str(" dir=\"rtl\"");
    }
    out.push_str(">\n<h2");
    write_attribute(out, "id", &id(place, Some(heading)));
    out.push('>');
    escape_into(out, title);
    out.push_str("</h2>\n");
    out.push_str(&body.html);
    out.push_str("</section>\n");
}

/// Text before the ids of a chapter.
pub(super) fn id_prefix(place: usize) -> String {
    id(place, Some(""))
}

/// The address of a chapter on its page.
pub(super) fn address_of(place: usize) -> String {
    format!("#{}", id(place, None))
}
