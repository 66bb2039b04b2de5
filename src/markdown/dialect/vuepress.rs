//! Containers of `VuePress` and `VitePress` → boxes.
//!
//! ```text
//! ::: tip title
//! text
//! :::
//! ```
//! A container within another has fewer colons or is closed first.
//!
//! Must not know: the HTML of a box.

use super::boxes::BoxLine;
use crate::markdown::callout::BoxKind;

/// Begins each line that opens or closes a container.
pub(super) const MARK: &str = ":::";

/// `::: tip title`, `:::`. A container with a name that is no kind of box only groups its content.
pub(super) fn box_line(line: &str) -> Option<BoxLine<'_>> {
    if !line.starts_with(MARK) {
        return None;
    }
    let rest = line.trim_start_matches(':');
    let colons = line.len() - rest.len();
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(BoxLine::Close { colons, name: "" });
    }
    let (word, title) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let is_name = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let title = title.trim().to_owned();
    is_name.then(|| BoxLine::Open { colons, name: "", kind: BoxKind::of(word), title })
}
