//! Boxes of `katex-rs`, with lengths, colours and circles that `MathML` Core lacks → those that it
//! has.
//!
//! Must not know: formulas.

use katex::mathml_tree::{MathDomNode, MathNode};

use super::katex::{MathmlWriter, attribute};
use super::operator::circled;
use crate::escape::write_attribute;

impl MathmlWriter {
    /// A text in a circle, which the library draws above it.
    pub fn circle(&mut self, node: &MathNode) {
        let text = node.children.first().map(MathDomNode::to_text).unwrap_or_default();
        if let Some(letter) = circled(text.trim()) {
            self.out.push_str("<mtext>");
            self.out.push(letter);
            self.out.push_str("</mtext>");
            return;
        }
        self.out.push_str("<mrow class=\"m-circle\">");
        self.children(node.children.get(..1).unwrap_or_default());
        self.out.push_str("</mrow>");
    }

    /// A box with space at its sides: lengths that are added to its own are not in `MathML` Core.
    pub fn padded(&mut self, node: &MathNode) {
        if let Some(background) = attribute(node, "mathbackground") {
            self.coloured(node, background);
            return;
        }
        // `\llap`: text from right to left goes over the left edge of a box without width.
        let is_left = attribute(node, "lspace") == Some("-1width");
        if is_left && attribute(node, "width").is_some_and(|width| width.starts_with('0')) {
            self.out.push_str("<mpadded width=\"0.1px\" dir=\"rtl\"><mrow dir=\"ltr\">");
            self.children(&node.children);
            self.out.push_str("</mrow></mpadded>");
            return;
        }
        let is_wider = attribute(node, "width").is_some_and(|width| width.starts_with('+'));
        let Some(side) = attribute(node, "lspace").filter(|_| is_wider) else {
            self.element("mpadded", node, "");
            return;
        };
        let space = space_of(side);
        self.out.extend(["<mrow>", &space]);
        self.children(&node.children);
        self.out.extend([&space, "</mrow>"]);
    }

    /// A box with a background, and perhaps with a frame.
    fn coloured(&mut self, node: &MathNode, background: &str) {
        let style = node.attributes.get("style").map(String::as_str).unwrap_or_default();
        let frame = style.strip_prefix("border:").and_then(|border| border.split(' ').next_back());
        if let Some(colour) = frame {
            self.out.push_str("<mrow class=\"m-frame\"");
            write_attribute(&mut self.out, "mathbackground", colour);
            self.out.push('>');
        }
        self.out.push_str("<mrow class=\"m-color\"");
        write_attribute(&mut self.out, "mathbackground", background);
        self.out.push('>');
        self.children(&node.children);
        self.out.push_str(if frame.is_some() { "</mrow></mrow>" } else { "</mrow>" });
    }
}

/// An element that is nothing but space.
pub(super) fn space_of(width: &str) -> String {
    let mut space = String::from("<mspace");
    write_attribute(&mut space, "width", width);
    space.push_str("></mspace>");
    space
}
