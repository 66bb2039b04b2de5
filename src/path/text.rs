//! A path ↔ its form in an address, in Markdown and in messages.
//!
//! Must not know: the files that exist.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// Characters that are percent-encoded in a path segment of a URL: those that RFC 3986 §3.3 does
/// not allow in a segment, `:` (it would end a scheme in a relative reference), and those that have
/// a meaning in HTML attributes or shells.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'+')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Decodes `%XX`; a text whose decoded form is not UTF-8 stays unchanged.
#[must_use]
pub fn percent_decode(text: &str) -> String {
    percent_decode_str(text)
        .decode_utf8()
        .map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

/// Percent-encodes a decoded path but for `/`.
#[must_use]
pub fn encode_path(path: &str) -> String {
    utf8_percent_encode(path, SEGMENT).to_string()
}

/// Adds a percent-encoded path to a text.
pub(super) fn encode_path_into(text: &mut String, path: &str) {
    text.extend(utf8_percent_encode(path, SEGMENT));
}

/// Percent-encodes a decoded path only as far as a destination in Markdown needs: Chinese stays
/// readable.
#[must_use]
pub fn encode_destination(path: &str) -> String {
    let mut result = String::with_capacity(path.len());
    for c in path.chars() {
        let is_sign = matches!(
            c,
            ' ' | '(' | ')' | '<' | '>' | '%' | '#' | '?' | '"' | '\\' | '*' | '`' | '[' | ']'
        );
        if is_sign || c.is_control() {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(result, "%{byte:02X}");
            }
        } else {
            result.push(c);
        }
    }
    result
}

/// `text` without control characters (Unicode category Cc).
#[must_use]
pub fn without_control(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::{Route, SourcePath};

    #[test]
    fn destinations_are_encoded_only_as_needed() {
        for (path, expected) in [
            ("../共识/Raft.md", "../共识/Raft.md"),
            ("a b (1).md", "a%20b%20%281%29.md"),
            ("100%#?.md", "100%25%23%3F.md"),
            ("x_y~z-1.2.md", "x_y~z-1.2.md"),
            ("a\u{8}b.md", "a%08b.md"),
        ] {
            assert_eq!(encode_destination(path), expected);
            assert_eq!(percent_decode(expected), path);
        }
    }

    #[test]
    fn relative_addresses_share_whole_folders() {
        let route = |path: &str| Route::note(&SourcePath::new(path).unwrap());
        for (from, to, expected) in [
            ("a/b/c.md", "a/bc/d.md", "../bc/d.html"),
            ("a/b.md", "a/b/c.md", "b/c.html"),
            ("a/b/c.md", "a/b.md", "../b.html"),
            ("甲/a.md", "由/a.md", "../%E7%94%B1/a.html"),
            ("a.md", "ab.md", "ab.html"),
        ] {
            assert_eq!(route(from).href_to(&route(to)), expected, "{from} {to}");
        }
    }
}
