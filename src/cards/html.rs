//! The two sides of a card → HTML that needs nothing of the site: no styles, no scripts, addresses
//! that are whole. Formulas are in the form that Anki draws.
//!
//! Must not know: where the cards of a note are, the file that they come to.

use std::cell::Cell;

use super::find::SidePiece;
use super::text::on_one_line;
use crate::escape::{escape_into, write_attribute, write_url};
use crate::links::Target;
use crate::markdown::BoxKind;
use crate::markdown::document::NodeKind;
use crate::markdown::formula::source::FormulaSource;
use crate::markdown::render::html::{self, HtmlOptions, Resolver};
use crate::nav::PageId;
use crate::note::Note;
use crate::page::Addresses;
use crate::page::label::Labels;
use crate::site::Site;

/// A note with what is around it.
#[derive(Clone, Copy)]
pub(super) struct CardHtml<'a> {
    pub site: &'a Site,
    pub labels: &'a Labels,
    pub addresses: Addresses<'a>,
    pub note: &'a Note,
    /// Its formulas, without signs and macros.
    pub formulas: &'a [String],
    /// The number of the note, and its page.
    pub index: usize,
    pub page: PageId,
}

/// One side of a card.
#[derive(Debug, Default)]
pub(super) struct RenderedSide {
    pub html: String,
    /// Number of pictures, sounds and films of which it has the words alone.
    pub left_out: usize,
}

/// The answers to the questions of the renderer.
struct CardResolver<'a> {
    of: CardHtml<'a>,
    left_out: Cell<usize>,
}

impl CardHtml<'_> {
    /// Renders one side.
    pub fn render(&self, side: &[SidePiece<'_>]) -> RenderedSide {
        let resolver = CardResolver { of: *self, left_out: Cell::new(0) };
        let footnotes_at = self.addresses.whole_of(&self.site.page(self.page).route, None);
        let options = HtmlOptions {
            footnotes_at: footnotes_at.as_deref().unwrap_or_default(),
            ..HtmlOptions::default()
        };
        let mut html = String::new();
        for piece in side {
            match piece {
                SidePiece::Text(text) => escape_into(&mut html, text),
                SidePiece::Nodes(nodes) => {
                    let parsed = &self.note.parsed;
                    let part = html::render_part(parsed, nodes.clone(), &resolver, options);
                    html.push_str(&part.html);
                }
            }
        }
        RenderedSide { html: on_one_line(&html), left_out: resolver.left_out.get() }
    }

    /// The link to the section that a card is from, or to its own id; empty if the site has no
    /// address.
    pub fn source(&self, heading: Option<usize>, own: Option<&str>) -> String {
        let page = self.site.page(self.page);
        let heading = heading.and_then(|heading| self.note.parsed.outline.get(heading));
        let id = own.or(heading.map(|heading| heading.anchor.as_str()));
        let Some(address) = self.addresses.whole_of(&page.route, id) else { return String::new() };
        let mut html = String::from("<p><a");
        write_url(&mut html, "href", &address);
        html.push('>');
        escape_into(&mut html, &page.title);
        let section = heading.map(|heading| heading.text.trim());
        if let Some(section) = section.filter(|section| !section.is_empty())
            && *section != *page.title
        {
            html.push_str(" › ");
            escape_into(&mut html, section);
        }
        html.push_str("</a></p>");
        on_one_line(&html)
    }
}

impl CardResolver<'_> {
    fn link_address(&self, link: usize) -> Option<String> {
        let target = self.of.site.targets(self.of.index).get(link)?;
        self.of.addresses.whole(target).map(|address| address.href)
    }

    /// The address of a file that a picture or player shows.
    fn file_address(&self, link: usize) -> Option<String> {
        let target = self.of.site.targets(self.of.index).get(link)?;
        let is_page = matches!(target, Target::Page(..) | Target::Unpublished(..));
        let address = self.of.addresses.whole(target).filter(|_| !is_page);
        address.map(|address| address.href)
    }

    /// True if the words of an image are below it, too.
    fn has_caption(&self, link: usize) -> bool {
        let document = &self.of.note.parsed.document;
        let is_image = |node: &usize| matches!(document.kind(*node), NodeKind::Image(of) if of as usize == link);
        let behind = (0..document.len()).find(is_image).map(|node| document.within(node).end);
        behind.is_some_and(|node| node < document.len() && document.kind(node) == NodeKind::Caption)
    }

    /// Writes the words in place of a file.
    fn words(&self, out: &mut String, link: usize) {
        self.left_out.set(self.left_out.get() + 1);
        if !self.has_caption(link) {
            escape_into(out, &self.of.note.parsed.links[link].text);
        }
    }
}

impl Resolver for CardResolver<'_> {
    fn link_start(&self, out: &mut String, link: usize) {
        let Some(address) = self.link_address(link) else { return };
        out.push_str("<a");
        write_url(out, "href", &address);
        out.push('>');
    }

    fn link_end(&self, out: &mut String, link: usize) {
        if self.link_address(link).is_some() {
            out.push_str("</a>");
        }
    }

    fn image(&self, out: &mut String, link: usize) {
        let Some(source) = self.file_address(link) else {
            self.words(out, link);
            return;
        };
        let link = &self.of.note.parsed.links[link];
        out.push_str("<img");
        write_url(out, "src", &source);
        write_attribute(out, "alt", &link.text);
        html::write_attributes(out, &link.attributes, "");
        out.push('>');
    }

    fn media(&self, out: &mut String, link: usize) {
        if let Some(source) = self.file_address(link) {
            write_url(out, "src", &source);
        }
    }

    fn missing_media(&self, out: &mut String, link: usize) -> bool {
        let is_missing = self.file_address(link).is_none();
        if is_missing {
            self.words(out, link);
        }
        is_missing
    }

    fn candidate(&self, link: usize) -> Option<String> {
        self.file_address(link)
    }

    fn code_block(&self, out: &mut String, code: usize) -> bool {
        let text = &self.of.note.parsed.codes[code].block.text;
        out.push_str("<pre><code>");
        escape_into(out, text.trim_end_matches('\n'));
        out.push_str("</code></pre>\n");
        true
    }

    fn formula(&self, out: &mut String, formula: usize) -> bool {
        let tex = &self.of.formulas[formula];
        let formula = &self.of.note.parsed.formulas[formula];
        // A text that the site cannot draw may be no formula.
        if formula.mathml.is_none() {
            return false;
        }
        // Nothing is left of one that defines macros.
        if tex.is_empty() {
            return true;
        }
        let FormulaSource { is_display, .. } = FormulaSource::new(&formula.source);
        let (open, close) = if is_display { (r"\[", r"\]") } else { (r"\(", r"\)") };
        out.push_str(open);
        escape_into(out, tex);
        out.push_str(close);
        true
    }

    fn has_footnotes(&self) -> bool {
        self.of.addresses.config.base_url.is_some()
    }

    fn code(&self, out: &mut String, code: usize) {
        escape_into(out, &self.of.note.parsed.codes[code].block.text);
    }

    fn diagram_link(&self, _: &mut String, _: usize) {}

    fn diagram_source(&self, _: &str) -> &'static str {
        ""
    }

    fn box_title(&self, kind: BoxKind) -> &str {
        self.of.labels.get(kind.name())
    }

    fn task(&self, is_done: bool) -> &str {
        self.of.labels.get(if is_done { "task_done" } else { "task_open" })
    }
}
