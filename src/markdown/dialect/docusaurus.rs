//! Admonitions of Docusaurus → boxes: `:::note Title` … `:::`.
//!
//! Must not know: the HTML of a box.

use super::boxes::BoxLine;
use super::vuepress;

/// They are written as the containers of `VuePress` are, mostly without the blank.
pub(super) fn box_line(line: &str) -> Option<BoxLine<'_>> {
    vuepress::box_line(line)
}
