//! Text → HTML that a browser reads as that text.
//!
//! Must not know: Markdown, elements.

use memchr::memchr;
use pulldown_cmark_escape::{escape_href, escape_html_body_text};

/// Appends text with `& < > "` escaped.
pub fn escape_into(out: &mut String, text: &str) {
    if memchr(b'"', text.as_bytes()).is_none() {
        // Writing to a String cannot fail.
        let _ = escape_html_body_text(out, text);
        return;
    }
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(entity);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

/// Text with `& < > "` escaped.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    escape_into(&mut out, text);
    out
}

/// Writes ` name="value"`, escaped.
pub fn write_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape_into(out, value);
    out.push('"');
}

/// Writes ` name="url"`, percent-encoded where a browser would (`CommonMark`'s rule) and escaped.
pub fn write_url(out: &mut String, name: &str, url: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    // Writing to a String cannot fail.
    let _ = escape_href(&mut *out, url);
    out.push('"');
}
