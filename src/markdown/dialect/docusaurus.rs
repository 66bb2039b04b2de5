//! Admonitions of Docusaurus → boxes: `:::note Title` … `:::`.
//!
//! Must not know: the HTML of a box.

use super::boxes::BoxLine;
use super::vuepress;

/// They are written as the containers of `VuePress` are, mostly without the blank.
pub(super) fn box_line(line: &str) -> Option<BoxLine<'_>> {
    vuepress::box_line(line)
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn admonitions() {
        let expected =
            "<aside class=\"box box-caution\">\n<p class=\"box-title\">a b</p>\n<p>c</p>\n</aside>";
        for text in [":::danger a b\n\nc\n\n:::", "::::danger a b\nc\n::::"] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }
}
