//! All notes of a part of the navigation on one page, for paper: their bodies one after the other,
//! headings a level lower, ids made different for each note, links from note to note within the
//! page.
//!
//! Must not know: templates, how the navigation was made.

use crate::config::Config;
use crate::escape::escape_into;
use crate::escape::write_attribute;
use crate::links::Target;
use crate::nav::{NodeId, PageId};
use crate::path::{Route, encode_path};
use crate::site::Site;

use super::body::{RenderedBody, ResolvedHref, address};

/// A note of a part, as the site sees it.
#[derive(Hash)]
pub struct Chapter<'a> {
    /// The note, by its index.
    pub note: usize,
    /// The title of its page.
    pub title: &'a str,
    pub(super) hrefs: Vec<ResolvedHref>,
}

/// The notes of a part in the order of the navigation, each once, those with nothing to read left
/// out.
#[must_use]
pub fn notes(site: &Site, part: NodeId) -> Vec<PageId> {
    let mut pages = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut todo = vec![part];
    while let Some(node) = todo.pop() {
        let entry = site.nav.node(node);
        todo.extend(entry.children.iter().rev());
        if let Some(page) = site.nav.page_at(node)
            && site.page(page).subject.note().is_some()
            && !site.page(page).is_stub
            && seen.insert(page)
        {
            pages.push(page);
        }
    }
    pages
}

/// The notes with what their links lead to as seen from `here`.
pub(super) fn chapters<'a>(
    site: &'a Site,
    config: &Config,
    here: &Route,
    pages: &[PageId],
) -> Vec<Chapter<'a>> {
    let places: std::collections::HashMap<PageId, usize> =
        pages.iter().enumerate().map(|(place, page)| (*page, place)).collect();
    let resolved = |target: &Target| {
        let within = match target {
            Target::Page(page, anchor) => {
                places.get(page).map(|place| id(*place, anchor.as_deref()))
            }
            _ => None,
        };
        let address = match within {
            Some(id) => Some((format!("#{}", encode_path(&id)), false)),
            None => address(site, config, here, target),
        };
        ResolvedHref::of(address, target)
    };
    let chapter = |page: &PageId| {
        let note = site.page(*page).subject.note()?;
        let hrefs = site.targets(note).iter().map(resolved).collect();
        Some(Chapter { note, title: &site.page(*page).title, hrefs })
    };
    pages.iter().filter_map(chapter).collect()
}

/// The id of a chapter, or of a place in it.
fn id(place: usize, anchor: Option<&str>) -> String {
    anchor.map_or_else(|| format!("c{place}"), |anchor| format!("c{place}-{anchor}"))
}

/// Writes a chapter: its title as a heading, its body. A link may lead to the heading that became
/// the title.
pub(super) fn write(
    out: &mut String,
    place: usize,
    title: &str,
    language: Option<&str>,
    body: &RenderedBody,
) {
    let heading = body.title.as_ref().map(|(_, anchor)| anchor.as_str()).unwrap_or_default();
    out.push_str("<section class=\"chapter\"");
    write_attribute(out, "id", &id(place, None));
    if let Some(language) = language {
        write_attribute(out, "lang", language);
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
