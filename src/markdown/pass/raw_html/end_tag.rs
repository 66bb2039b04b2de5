//! End tags of raw HTML → the end of the element that they name, if one is open.
//!
//! Must not know: start tags.

use std::ops::Range;

use super::element::Role;
use super::{Sanitizer, Title};
use crate::diagnostic::{Diagnostic, Kind};
use crate::markdown::document::Element;
use crate::phrase::phrase;

impl Sanitizer<'_, '_, '_> {
    /// Ends the nearest open element of that name, which may have to wait for the end of this
    /// Markdown element.
    pub(super) fn end(&mut self, name: &str, source: &str, place: Range<usize>, inline: bool) {
        if self.title == Title::Open && name == "h1" {
            self.title = Title::Behind;
        }
        let Some(index) = self.find_open(name) else {
            return self.end_without_start(name, source, place, inline);
        };
        self.open[index].ended = true;
        if self.open[index].depth < self.depth {
            self.open[index].waits = true;
            self.waiting += 1;
            return;
        }
        self.close_to(index + 1, place.start);
        self.close_to(index, place.start);
    }

    /// An end tag that ends nothing is not shown, as in a browser; `</br>` is a line break (WHATWG
    /// HTML §13.2.6.4.7). It is text where its start tag is, and where HTML has no such element.
    fn end_without_start(&mut self, name: &str, source: &str, place: Range<usize>, inline: bool) {
        if name == "br" {
            return self.leaf(Element::without_content("br"), place);
        }
        let is_shown = match self.shown.get_mut(name) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        };
        let role = self.role(name);
        if is_shown || role == Role::Unknown {
            return self.show(source, place);
        }
        // A link replaced the element that it would end.
        if self.embedded.as_deref() == Some(name) {
            self.embedded = None;
            return;
        }
        if inline && role == Role::Kept {
            let message = phrase!("`{source}` ends no element and is not shown", source);
            let problem = Diagnostic::new(Kind::UnclosedHtml, message)
                .help(phrase!("remove it; write it in backticks if it is meant as text"));
            self.draft.report(&(place.start..place.start + source.len()), problem);
        }
    }
}
