//! Tables, and the navigation matrix.
//!
//! Must not know: pages, where a link leads.

use super::{HtmlWriter, Resolver};
use crate::escape::write_attribute;
use crate::markdown::document::Alignment;
use crate::markdown::pass::matrix;

impl<R: Resolver> HtmlWriter<'_, R> {
    pub(super) fn cell(&mut self, start: &str, node: usize, alignment: Alignment) {
        self.push(start);
        let side = match alignment {
            Alignment::None => None,
            Alignment::Left => Some("left"),
            Alignment::Center => Some("center"),
            Alignment::Right => Some("right"),
        };
        if let Some(side) = side {
            // A style attribute would need an exception in a strict content security policy;
            // `align` does not.
            write_attribute(&mut self.out, "align", side);
        }
        self.direction(node);
        self.push(">");
    }

    pub(super) fn matrix_label(&mut self, rows: u32) {
        if rows > 1 {
            self.push(&format!("<th role=\"rowheader\" scope=\"rowgroup\" rowspan=\"{rows}\">"));
        } else {
            self.push("<th role=\"rowheader\" scope=\"row\">");
        }
    }

    pub(super) fn matrix_end(&mut self, is_first: bool) {
        if is_first && let Some(rows) = self.resolver.matrix_rows() {
            self.out.push_str(rows);
        }
        self.push(matrix::END);
    }
}
