//! `nav` of `mkdocs.yml` → the same navigation as a `SUMMARY.md`.
//!
//! ```text
//! nav:
//!   - index.md                a note
//!   - Guide:                  a heading with entries
//!     - Start: guide/start.md   a note with a label
//!     - https://example.org     another site
//! ```
//!
//! Must not know: which notes there are.

use std::fmt::Write as _;

use serde_yaml::Value;

use crate::path::encode_destination;

/// More levels than any navigation has.
const DEEPEST: usize = 16;

/// The navigation; `None` if there is none, or if it cannot be read.
pub(super) fn summary(text: &str) -> Option<String> {
    let settings: Value = serde_yaml::from_str(text).ok()?;
    let nav = settings.get("nav")?.as_sequence().filter(|nav| !nav.is_empty())?;
    let mut summary = String::from("# Summary\n\n");
    list(&mut summary, nav, 0);
    Some(summary)
}

fn list(summary: &mut String, entries: &[Value], depth: usize) {
    for entry in entries {
        match entry {
            // Without a label an entry is called what its note is called.
            Value::String(path) => line(summary, depth, "", Some(path)),
            Value::Mapping(entry) => {
                for (label, what) in entry {
                    let label = label.as_str().unwrap_or_default();
                    line(summary, depth, label, what.as_str());
                    if let Some(below) = what.as_sequence().filter(|_| depth < DEEPEST) {
                        list(summary, below, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }
}

fn line(summary: &mut String, depth: usize, label: &str, path: Option<&str>) {
    let label = escaped(&label.split_whitespace().collect::<Vec<_>>().join(" "));
    let indent = "  ".repeat(depth);
    let is_elsewhere = |path: &str| path.contains("://");
    let _ = match path {
        Some(url) if is_elsewhere(url) => writeln!(summary, "{indent}- [{label}](<{url}>)"),
        Some(path) => writeln!(summary, "{indent}- [{label}]({})", destination(path)),
        None => writeln!(summary, "{indent}- {label}"),
    };
}

/// A path with the anchor that it may have.
fn destination(path: &str) -> String {
    match path.split_once('#') {
        Some((path, anchor)) => {
            format!("{}#{}", encode_destination(path), encode_destination(anchor))
        }
        None => encode_destination(path),
    }
}

/// A label, which is plain text to `MkDocs`, as Markdown.
fn escaped(label: &str) -> String {
    let mut escaped = String::with_capacity(label.len());
    for c in label.chars() {
        if matches!(c, '\\' | '[' | ']' | '*' | '`' | '<' | '&' | '_' | '~') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_every_kind() {
        let nav = "nav:\n  - index.md\n  - 01~共识 算法.md\n  - Guide:\n    - Start [1] __x__: guide/a b.md#x y\n    \
            - Deep:\n      - guide/deep/x.md\n  - Elsewhere: https://example.org/a?b\nextra: !ENV x\n";
        let expected = "# Summary\n\n- [](index.md)\n- [](01~共识%20算法.md)\n- Guide\n  \
            - [Start \\[1\\] \\_\\_x\\_\\_](guide/a%20b.md#x%20y)\n  - Deep\n    - [](guide/deep/x.md)\n- [Elsewhere](<https://example.org/a?b>)\n";
        assert_eq!(summary(nav).as_deref(), Some(expected));
        for none in ["", "nav:", "nav: []", "nav: x", "site_name: x", "a: ["] {
            assert_eq!(summary(none), None, "{none}");
        }
    }
}
