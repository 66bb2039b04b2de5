//! A text on its own → HTML: links as written, code without colours, and names in place of the
//! site's words. For snippets and for checks against the standards' examples.
//!
//! Must not know: other notes.

use super::html::{self, HtmlOptions, Resolver};
use crate::escape::{escape_into, write_attribute, write_url};
use crate::markdown::{BoxKind, Parsed};

/// Renders a parsed text on its own.
#[must_use]
pub fn render(parsed: &Parsed) -> String {
    html::render(parsed, &AsWritten(parsed), HtmlOptions::default()).html
}

struct AsWritten<'p>(&'p Parsed);

impl Resolver for AsWritten<'_> {
    fn link_start(&self, out: &mut String, link: usize) {
        self.0.links[link].write_plain_start(out);
    }

    fn link_end(&self, out: &mut String, _: usize) {
        out.push_str("</a>");
    }

    fn image(&self, out: &mut String, link: usize) {
        self.0.links[link].write_plain_image(out);
    }

    fn media(&self, out: &mut String, link: usize) {
        write_attribute(out, "src", &self.0.links[link].destination);
    }

    fn candidate(&self, link: usize) -> Option<String> {
        Some(self.0.links[link].destination.clone())
    }

    fn code(&self, out: &mut String, code: usize) {
        escape_into(out, &self.0.codes[code].block.text);
    }

    fn diagram_link(&self, out: &mut String, link: usize) {
        write_url(out, "href", &self.0.links[link].destination);
    }

    fn diagram_source(&self, _: &str) -> &'static str {
        "source"
    }

    fn box_title(&self, kind: BoxKind) -> &str {
        kind.name()
    }

    fn task(&self, is_done: bool) -> &str {
        if is_done { "done" } else { "open" }
    }
}
