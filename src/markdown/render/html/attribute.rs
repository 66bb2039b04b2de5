//! Attributes that a note brought → HTML, with ids that are made different for each chapter of a
//! page.
//!
//! Must not know: elements.

use std::ops::Range;

use crate::escape::write_attribute;
use crate::markdown::document::{Attribute, ImageCandidate};

/// Attributes whose value is a list of ids (HTML 2024 §3.2.5.1 and §4.9.11, WAI-ARIA 1.2 §6).
const ID_LISTS: [&str; 12] = [
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
    "for",
    "headers",
    "itemref",
    "list",
];

/// Writes attributes that a note brought, each with a blank before it, and `prefix` before each id
/// and reference to one.
pub fn write_attributes(out: &mut String, attributes: &[Attribute], prefix: &str) {
    for Attribute { name, written } in attributes {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        if prefix.is_empty() {
            out.push_str(written);
        } else {
            write_with_prefix(out, name, written, prefix);
        }
        out.push('"');
    }
}

/// Writes ` srcset="…"` with the candidates whose address is known.
pub fn write_srcset(
    out: &mut String,
    candidates: &[ImageCandidate],
    address: impl Fn(usize) -> Option<String>,
) {
    let mut value = String::new();
    for candidate in candidates {
        let Some(address) = address(candidate.link as usize) else { continue };
        if !value.is_empty() {
            value.push_str(", ");
        }
        // Blanks and commas part candidates.
        value.push_str(&address.trim().replace(' ', "%20").replace(',', "%2C"));
        if !candidate.descriptor.is_empty() {
            value.push(' ');
            value.push_str(&candidate.descriptor);
        }
    }
    if !value.is_empty() {
        write_attribute(out, "srcset", &value);
    }
}

fn write_with_prefix(out: &mut String, name: &str, value: &str, prefix: &str) {
    if name == "id" {
        out.extend([prefix, value]);
    } else if ID_LISTS.contains(&name) {
        for (number, id) in value.split_whitespace().enumerate() {
            out.extend([if number > 0 { " " } else { "" }, prefix, id]);
        }
    } else {
        let mut copied = 0;
        for place in url_ids(value) {
            out.extend([&value[copied..place.start], prefix]);
            copied = place.start;
        }
        out.push_str(&value[copied..]);
    }
}

/// The ids in a value that paints with something of the same page: `url(#gradient)` (SVG 2 §13.2).
fn url_ids(value: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (before, _) in value.match_indices("url(") {
        let mut rest = value[before + 4..].trim_start();
        for quote in ["'", "\"", "&quot;", "&apos;", "&#39;", "&#34;"] {
            rest = rest.strip_prefix(quote).unwrap_or(rest);
        }
        if let Some(id) = rest.strip_prefix('#') {
            let start = value.len() - id.len();
            let end = id.find([')', '\'', '"', '&']).map_or(value.len(), |at| start + at);
            found.push(start..end);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_to_ids_in_attributes() {
        for (name, value, expected) in [
            ("id", "a", "p-a"),
            ("headers", "a b", "p-a p-b"),
            ("fill", "url(#a)", "url(#p-a)"),
            ("marker-end", "url( '#a' )", "url( '#p-a' )"),
            ("stroke", "url(&quot;#a&quot;) #fff", "url(&quot;#p-a&quot;) #fff"),
            ("fill", "url(a.svg#b)", "url(a.svg#b)"),
            ("color", "#fff", "#fff"),
            ("title", "for id", "for id"),
        ] {
            let mut out = String::new();
            write_attributes(&mut out, &[Attribute::new(name, value)], "p-");
            assert_eq!(out, format!(" {name}=\"{expected}\""));
        }
    }
}
