//! All notes of a part of the navigation on one page, for paper: their bodies one after the other, headings a level
//! lower, ids made different for each note, links from note to note within the page.
//!
//! Must not know: templates, how the navigation was made.

use crate::config::Config;
use crate::links::Target;
use crate::markdown::link::write_attribute;
use crate::markdown::text::escape_into;
use crate::nav::{Leads, NodeId, PageId};
use crate::path::{Route, encode_path};
use crate::site::Site;

use super::body::{Filled, Lead, address};
use super::heading;

/// A note of a part, as the site sees it.
#[derive(Hash)]
pub struct Chapter<'a> {
    /// The note, by its index.
    pub note: usize,
    /// The title of its page.
    pub title: &'a str,
    pub(super) leads: Vec<Lead>,
}

/// The notes of a part in the order of the navigation, each once, those with nothing to read left out.
#[must_use]
pub fn notes(site: &Site, part: NodeId) -> Vec<PageId> {
    let mut pages = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut todo = vec![part];
    while let Some(node) = todo.pop() {
        let entry = site.nav.node(node);
        todo.extend(entry.children.iter().rev());
        if let Leads::Page(page) = entry.leads
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
    let lead = |target: &Target| {
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
        Lead::of(address, target)
    };
    let chapter = |page: &PageId| {
        let note = site.page(*page).subject.note()?;
        let leads = site.targets(note).iter().map(lead).collect();
        Some(Chapter { note, title: &site.page(*page).title, leads })
    };
    pages.iter().filter_map(chapter).collect()
}

/// The id of a chapter, or of a place in it.
fn id(place: usize, anchor: Option<&str>) -> String {
    anchor.map_or_else(|| format!("c{place}"), |anchor| format!("c{place}-{anchor}"))
}

/// Writes a chapter: its title as a heading, its body. A link may lead to the heading that became the title.
pub(super) fn write(
    out: &mut String,
    place: usize,
    title: &str,
    language: Option<&str>,
    filled: &Filled,
) {
    let heading = filled.title.as_ref().map(|(_, anchor)| anchor.as_str()).unwrap_or_default();
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
    lowered(out, &filled.html, &format!("c{place}-"));
    out.push_str("</section>\n");
}

/// The address of a chapter on its page.
pub(super) fn address_of(place: usize) -> String {
    format!("#{}", id(place, None))
}

/// Writes HTML with headings a level lower, and with `prefix` before each id and each address of one. Only tags are
/// looked at: text that reads like one stays as it is.
fn lowered(out: &mut String, html: &str, prefix: &str) {
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (text, tag) = rest.split_at(open);
        out.push_str(text);
        let end = heading::end_of_tag(tag);
        lower_tag(out, &tag[..end], prefix);
        rest = &tag[end..];
    }
    out.push_str(rest);
}

fn lower_tag(out: &mut String, tag: &str, prefix: &str) {
    let mut rest = tag;
    if let Some((at, level @ ..=5)) = heading::level_of(tag) {
        out.push_str(&tag[..at]);
        out.push(char::from(b'0' + level + 1));
        rest = &tag[at + 1..];
    }
    // Attributes begin outside of values; footnotes alone are led to by an address that the note itself holds.
    let mut quoted = rest.split('"');
    out.push_str(quoted.next().unwrap_or_default());
    let mut before = rest;
    for (number, part) in quoted.enumerate() {
        let name = &before[..before.find('"').unwrap_or(before.len())];
        before = &before[name.len() + 1..];
        out.push('"');
        let is_value = number % 2 == 0;
        if is_value && name.ends_with(" id=") {
            out.push_str(prefix);
        }
        match part.strip_prefix("#fn").filter(|_| is_value && name.ends_with(" href=")) {
            Some(end) => out.extend(["#", prefix, "fn", end]),
            None => out.push_str(part),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_lowered_and_ids_made_different() {
        for (html, expected) in [
            ("<h2 id=\"a\">A</h2>", "<h3 id=\"c1-a\">A</h3>"),
            ("<h6 id=\"a\">A</h6><hr /><header>", "<h6 id=\"c1-a\">A</h6><hr /><header>"),
            (
                "<p title=\"<h2 id=\">id=\"x\" &lt;h2&gt;</p>",
                "<p title=\"<h2 id=\">id=\"x\" &lt;h2&gt;</p>",
            ),
            (
                "<a href=\"#fn-1\" id=\"fnref-1\">1</a>",
                "<a href=\"#c1-fn-1\" id=\"c1-fnref-1\">1</a>",
            ),
            ("a < b", "a < b"),
        ] {
            let mut out = String::new();
            lowered(&mut out, html, "c1-");
            assert_eq!(out, expected);
        }
    }
}
