//! The style sheets of an SVG → pieces that are read one by one, with selectors that simplecss
//! knows.
//!
//! Must not know: properties, elements but for their ids.

use std::fmt::Write as _;

use roxmltree::{Document, Node};

use super::DrawingOrigin;

/// Bytes from which on a piece ends behind its last rule: simplecss looks for the line of each
/// declaration's end, from the start of its text on.
const PIECE: usize = 512;

/// The rule for drawings of the library: a line behind a label would strike it through.
const OPAQUE_LABELS: &str = ".edgeLabel rect{opacity:1!important}";

/// The selector of elements by the end of their id, which simplecss does not know.
const BY_ID_END: &str = "[id$=\"";

/// The style sheets of a drawing, one after the other.
pub(super) fn sheets_of(document: &Document<'_>, origin: DrawingOrigin) -> String {
    let styles = document.descendants().filter(|node| node.tag_name().name() == "style");
    let mut sheets: String = styles.filter_map(|node| node.text()).collect();
    if sheets.contains(BY_ID_END) {
        sheets = with_whole_ids(&sheets, &ids_of(document));
    }
    if origin == DrawingOrigin::Library {
        sheets.push_str(OPAQUE_LABELS);
    }
    sheets
}

/// The ids of the elements, each once.
fn ids_of<'d>(document: &'d Document<'_>) -> Vec<&'d str> {
    let elements = document.descendants().filter(Node::is_element);
    let mut ids: Vec<&str> = elements.filter_map(|node| node.attribute("id")).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// A style sheet in which selectors by the end of an id name the ids of these that have it.
fn with_whole_ids(sheet: &str, ids: &[&str]) -> String {
    let mut whole = String::with_capacity(sheet.len());
    for part in sheet.split_inclusive(['{', '}', ',']) {
        let selector = part.split_once(BY_ID_END).and_then(|(before, rest)| {
            let (end, behind) = rest.split_once("\"]")?;
            Some((before, end, behind))
        });
        let Some((before, end, behind)) = selector else {
            whole.push_str(part);
            continue;
        };
        let mut found = ids.iter().filter(|id| id.ends_with(end)).peekable();
        if found.peek().is_none() {
            let _ = write!(whole, "{before}[id=\"\"]{behind}");
        }
        // The part ends with what is behind the selector.
        let stop = behind.len() - behind.trim_end_matches(['{', ',']).len();
        let rest = &behind[..behind.len() - stop];
        while let Some(id) = found.next() {
            let _ = write!(whole, "{before}[id=\"{id}\"]{rest}");
            whole.push_str(if found.peek().is_some() { "," } else { &behind[rest.len()..] });
        }
    }
    whole
}

/// Style sheets in pieces of whole rules.
pub(super) fn pieces(sheets: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut depth, mut at) = (0, 0_usize, 0);
    let bytes = sheets.as_bytes();
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'"' | b'\'' => length_of_string(&bytes[at..]),
            b'/' if bytes[at..].starts_with(b"/*") => {
                sheets[at + 2..].find("*/").map_or(bytes.len() - at, |length| length + 4)
            }
            _ => 1,
        };
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if *byte == b'}' && depth == 0 && at - start > PIECE {
            pieces.push(&sheets[start..at]);
            start = at;
        }
    }
    pieces.push(&sheets[start..]);
    pieces
}

/// The length of the string that a text begins with.
fn length_of_string(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' => at += 2,
            byte if *byte == text[0] => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_by_the_end_of_an_id_name_the_ids() {
        let ids = ["a-end", "b-end", "c-start"];
        for (sheet, expected) in [
            (r#"#d [id$="-start"] path{x:y}"#, r#"#d [id="c-start"] path{x:y}"#),
            (r#".a,[id$="-end"],.b{x:y}"#, r#".a,[id="a-end"],[id="b-end"],.b{x:y}"#),
            (r#"[id$="-end"] p{x:y}"#, r#"[id="a-end"] p,[id="b-end"] p{x:y}"#),
            (r#"[id$="-gone"],.b{x:y}"#, r#"[id=""],.b{x:y}"#),
            (".a{x:y,z}", ".a{x:y,z}"),
            (r#"[id$="-end"#, r#"[id$="-end"#),
        ] {
            assert_eq!(with_whole_ids(sheet, &ids), expected, "{sheet}");
        }
    }

    #[test]
    fn pieces_end_behind_rules() {
        let long = "x".repeat(PIECE);
        for inside in ["a:b", "a:'}'", "a:\"\\\"}\"", "/*}*/a:b", "b{c:d}"] {
            let sheet = format!(".{long}{{{inside}}}.b{{e:f}}");
            let parts = pieces(&sheet);
            assert_eq!(parts, [&sheet[..sheet.len() - 7], ".b{e:f}"], "{inside}");
        }
        for sheet in ["", "a{", "}}", "a{b:'", "/*", "\"\\"] {
            assert_eq!(pieces(sheet).concat(), sheet);
        }
    }
}
