//! Formulas: their `MathML`, in a line or as a block.
//!
//! Must not know: how a formula is drawn.

use super::{HtmlWriter, Resolver};
use crate::escape::escape_into;
use crate::markdown::Formula;

impl<R: Resolver> HtmlWriter<'_, R> {
    /// A formula in a line of text: drawn, or the source if it cannot be.
    pub(super) fn formula(&mut self, formula: usize) {
        if self.resolver.formula(&mut self.out, formula) {
            self.is_line_start = false;
            return;
        }
        let Formula { source, mathml, tag, .. } = &self.parsed.formulas[formula];
        let prefix = self.options.id_prefix;
        if let Some(mathml) = mathml.as_ref().filter(|_| prefix.is_empty()) {
            self.push(mathml);
        } else if let Some(mathml) = mathml {
            // The names of numbered formulas, and references to them.
            let mathml = mathml.replace(" id=\"", &format!(" id=\"{prefix}"));
            self.push(&mathml.replace(" href=\"#", &format!(" href=\"#{prefix}")));
        } else {
            escape_into(&mut self.out, source);
            self.is_line_start = false;
        }
        if let Some(tag) = tag {
            self.push("<span class=\"formula-tag\">");
            escape_into(&mut self.out, tag);
            self.push("</span>");
        }
    }

    pub(super) fn formula_block(&mut self, formula: usize) {
        let mathml = &self.parsed.formulas[formula].mathml;
        // Definitions of macros.
        if mathml.as_ref().is_some_and(String::is_empty) {
            return;
        }
        if mathml.is_none() {
            self.block("<p>");
            self.formula(formula);
            self.push("</p>\n");
            return;
        }
        self.block("<div class=\"formula\">");
        self.formula(formula);
        self.push("</div>\n");
    }
}
