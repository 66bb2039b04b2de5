//! A note's body on a page: links lead from this page to their targets, code has its code, the
//! heading that became the page's title is taken out.
//!
//! Must not know: templates.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagram::is_map_of_page;
use crate::escape::escape_into;
use crate::escape::{write_attribute, write_url};
use crate::links::Target;
use crate::markdown::render::html::{self, HtmlOptions, RenderedHtml, Resolver};
use crate::markdown::{BoxKind, Link, MIND_MAP, PlacedCode};
use crate::matrix;
use crate::nav::PageId;
use crate::note::Note;

use super::address::{Addresses, TargetAddress, fragment, with_fragment};
use super::around::BookTarget;
use super::embed::Embeds;
use super::label::Labels;
use super::lead::Lead;
use super::terms::TermLinks;
use super::{CodeHtml, ConfiguredMatrix};

/// A body, ready for the template.
pub(super) struct RenderedBody {
    /// The HTML up to the first paragraph on the home page; empty on others.
    pub lead: String,
    pub html: String,
    /// The HTML inside the heading that is the page's title, and its id.
    pub title: Option<(String, String)>,
}

/// A link's target as seen from a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ResolvedHref {
    /// The address as seen from the page that holds the link; `None` if the link is dead.
    address: Option<String>,
    /// True if it leaves the site.
    is_external: bool,
    /// True if it is something that an image can show.
    is_file: bool,
    /// On the home page, where the matrix shows them: whether the page it leads to has nothing to
    /// read, and the number of notes there and below.
    of_page: Option<(bool, Option<usize>)>,
    /// True if it is in another book of the library.
    is_in_book: bool,
}

impl ResolvedHref {
    /// The target of a link on the page `here`.
    pub fn new(addresses: Addresses<'_>, here: PageId, target: &Target) -> Self {
        let site = addresses.site;
        let address = match target {
            Target::Page(page, Some(anchor)) if *page == here => {
                Some(TargetAddress::of_page(fragment(Some(anchor))))
            }
            _ => addresses.of(&site.page(here).route, target),
        };
        let of_page = |page: PageId| {
            let node = site.nav.of_page(page);
            let is_stub = node.map_or(site.page(page).is_stub, |node| site.is_stub(node));
            (is_stub, node.map(|node| site.count(node)))
        };
        let of_page = match target {
            _ if here != site.home => None,
            Target::Page(page, _) => Some(of_page(*page)),
            Target::Book(link, _) => match addresses.in_book(link) {
                Some(BookTarget::Page(page)) => Some((page.is_stub, page.count)),
                _ => None,
            },
            _ => None,
        };
        Self { of_page, ..Self::of(address, target) }
    }

    /// The target with this address.
    pub fn of(address: Option<TargetAddress>, target: &Target) -> Self {
        let is_external = address.as_ref().is_some_and(|address| address.is_external);
        Self {
            is_in_book: matches!(target, Target::Book(..)) && address.is_some() && !is_external,
            is_external,
            is_file: address.as_ref().is_some_and(|address| address.is_file),
            address: address.map(|address| address.href),
            of_page: None,
        }
    }
}

/// A note's body on one page: its document with what the site knows of its links.
#[derive(Clone, Copy)]
pub(super) struct Body<'a> {
    pub labels: &'a Labels,
    pub code: &'a CodeHtml,
    pub note: &'a Note,
    /// The title of its page.
    pub title: &'a str,
    /// The target of each of its links.
    pub hrefs: &'a [ResolvedHref],
    /// The configuration's own rows of the matrix.
    pub matrix: Option<&'a ConfiguredMatrix>,
    /// The map of what is below its page.
    pub map: Option<&'a str>,
    /// The links to terms.
    pub terms: Option<TermLinks<'a>>,
    /// True if images of other sites are asked for over `https:`.
    pub https_images: bool,
    /// Text before each id, and true for a chapter, on a page with other notes.
    pub id_prefix: &'a str,
    pub is_chapter: bool,
    /// The index of the note.
    pub index: usize,
    /// The notes that it embeds; without them embeds are links.
    pub embeds: Option<&'a Embeds<'a>>,
}

impl Body<'_> {
    /// Renders it.
    pub fn render(&self) -> RenderedBody {
        let parsed = &self.note.parsed;
        let options = HtmlOptions {
            takes_title: self.note.is_titled_by_heading(self.title),
            is_chapter: self.is_chapter,
            id_prefix: self.id_prefix,
            footnotes_at: "",
        };
        // Only the home page is a cover.
        let Lead { lead, rest } = match self.matrix {
            Some(_) => Lead::of(parsed),
            None => Lead::without(parsed),
        };
        let (lead, RenderedHtml { html, title }) =
            html::render_in_two(parsed, [lead, rest], self, options);
        let html = match self.map {
            Some(map) if !parsed.has_map => html + map,
            _ => html,
        };
        let anchor = parsed.headings().next().map(|heading| heading.anchor.clone());
        RenderedBody { lead, html, title: title.zip(anchor) }
    }

    /// The address of an image of another site, over `https:` if that is wanted.
    fn secure<'u>(&self, url: &'u str) -> Cow<'u, str> {
        match url.strip_prefix("http://") {
            Some(rest) if self.https_images => Cow::Owned(format!("https://{rest}")),
            _ => Cow::Borrowed(url),
        }
    }

    /// Renders some of its nodes; `footnotes_at` is the address of the page that has its footnotes,
    /// if that is another.
    pub fn render_part(&self, nodes: Range<usize>, footnotes_at: &str) -> String {
        let options = HtmlOptions {
            takes_title: false,
            is_chapter: self.is_chapter,
            id_prefix: self.id_prefix,
            footnotes_at,
        };
        html::render_part(&self.note.parsed, nodes, self, options).html
    }

    /// Writes what is shown in place of a file that does not exist: its description, or the site's
    /// word for it.
    fn missing(&self, out: &mut String, link: &Link, word: &str) {
        out.push_str("<span class=\"missing\">");
        escape_into(out, if link.text.is_empty() { self.labels.get(word) } else { &link.text });
        out.push_str(" <code>");
        escape_into(out, &link.destination);
        out.push_str("</code></span>");
    }

    fn link(&self, link: usize) -> (&Link, &ResolvedHref) {
        (&self.note.parsed.links[link], &self.hrefs[link])
    }
}

impl Resolver for Body<'_> {
    fn link_start(&self, out: &mut String, link: usize) {
        let (link, resolved) = self.link(link);
        let Some(href) = &resolved.address else {
            out.push_str("<span class=\"dead\"");
            write_attribute(
                out,
                "title",
                &format!("{}: {}", self.labels.get("dead_link"), link.destination),
            );
            out.push('>');
            return;
        };
        out.push_str("<a");
        write_href(out, href, link, resolved);
        if link.is_cell && resolved.of_page.is_some_and(|(is_stub, _)| is_stub) {
            write_attribute(out, "class", "stub");
        } else if link.is_cell && resolved.is_in_book {
            write_attribute(out, "class", "to-book");
        }
        if !link.title.is_empty() {
            write_attribute(out, "title", &link.title);
        }
        html::write_attributes(out, &link.attributes, self.id_prefix);
        out.push('>');
    }

    fn link_end(&self, out: &mut String, link: usize) {
        let (link, resolved) = self.link(link);
        if resolved.address.is_none() {
            out.push_str("</span>");
            return;
        }
        if let Some((_, count)) = resolved.of_page.filter(|_| link.is_cell) {
            out.push_str(&matrix::count_html(count));
        }
        out.push_str("</a>");
    }

    fn image(&self, out: &mut String, link: usize) {
        let (link, resolved) = self.link(link);
        let Some(source) = resolved.address.as_ref().filter(|_| resolved.is_file) else {
            self.missing(out, link, "missing_image");
            return;
        };
        out.push_str("<img");
        if resolved.is_external {
            write_url(out, "src", &self.secure(source));
        } else {
            write_attribute(out, "src", source);
        }
        html::write_srcset(out, &link.candidates, |link| self.candidate(link));
        write_attribute(out, "alt", &link.text);
        if !link.title.is_empty() {
            write_attribute(out, "title", &link.title);
        }
        out.push_str(" loading=\"lazy\" decoding=\"async\"");
        if resolved.is_external {
            // Some image hosts refuse requests that come from other sites' pages.
            out.push_str(" referrerpolicy=\"no-referrer\"");
        }
        html::write_attributes(out, &link.attributes, self.id_prefix);
        out.push_str(" />");
    }

    fn media(&self, out: &mut String, link: usize) {
        let (link, resolved) = self.link(link);
        if let Some(source) = &resolved.address {
            // A time is behind the name: `clip.mp4#t=10`.
            let is_own = resolved.is_file && !resolved.is_external;
            let source =
                if is_own { with_fragment(source, &link.destination) } else { source.into() };
            write_url(out, "src", &source);
        }
    }

    fn missing_media(&self, out: &mut String, link: usize) -> bool {
        let (link, resolved) = self.link(link);
        if resolved.address.is_some() {
            return false;
        }
        self.missing(out, link, "missing_media");
        true
    }

    fn candidate(&self, link: usize) -> Option<String> {
        let resolved = self.link(link).1;
        let address = resolved.address.as_ref().filter(|_| resolved.is_file)?;
        Some(if resolved.is_external { self.secure(address).into_owned() } else { address.clone() })
    }

    fn embed(&self, out: &mut String, link: usize) -> bool {
        self.embeds.is_some_and(|embeds| embeds.write(out, self, link))
    }

    fn code_block(&self, out: &mut String, code: usize) -> bool {
        let parsed = &self.note.parsed;
        let is_map = |code: &PlacedCode| is_map_of_page(&code.block.language, &code.block.text);
        if !parsed.has_map || !is_map(&parsed.codes[code]) {
            return false;
        }
        // Once on a page. On paper and in other notes there is nothing below.
        if parsed.codes.iter().position(is_map) == Some(code) {
            out.push_str(self.map.unwrap_or_default());
        }
        true
    }

    fn terms(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        self.terms.map_or_else(Vec::new, |terms| terms.find(text))
    }

    fn term_start(&self, out: &mut String, term: usize) {
        if let Some(terms) = self.terms {
            terms.start(out, term);
        }
    }

    fn code(&self, out: &mut String, code: usize) {
        out.push_str(self.code.of(&self.note.parsed.codes[code].block));
    }

    fn diagram_link(&self, out: &mut String, link: usize) {
        let (link, resolved) = self.link(link);
        let Some(href) = &resolved.address else { return };
        write_href(out, href, link, resolved);
    }

    fn diagram_source(&self, language: &str) -> &str {
        let is_mind_map = language == MIND_MAP;
        self.labels.get(if is_mind_map { "mind_map_topics" } else { "diagram_source" })
    }

    fn box_title(&self, kind: BoxKind) -> &str {
        self.labels.get(kind.name())
    }

    fn task(&self, is_done: bool) -> &str {
        self.labels.get(if is_done { "task_done" } else { "task_open" })
    }

    fn matrix(&self) -> Option<&str> {
        self.matrix.filter(|matrix| matrix.replaces).map(|matrix| matrix.table.as_str())
    }

    fn matrix_rows(&self) -> Option<&str> {
        self.matrix.filter(|matrix| !matrix.replaces).map(|matrix| matrix.rows_in_note.as_str())
    }
}

/// Writes where a link leads.
fn write_href(out: &mut String, href: &str, link: &Link, resolved: &ResolvedHref) {
    if resolved.is_external {
        write_url(out, "href", href);
        write_attribute(out, "rel", "external");
    } else if resolved.is_file {
        write_url(out, "href", &with_fragment(href, &link.destination));
    } else {
        write_attribute(out, "href", href);
    }
}

/// The address of the text of another site that a note was taken from.
pub(super) fn original(note: &Note, hrefs: &[ResolvedHref]) -> Option<String> {
    let resolved = note.parsed.original.and_then(|link| hrefs.get(link));
    resolved.filter(|resolved| resolved.is_external)?.address.clone()
}
