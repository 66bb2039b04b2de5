//! Admonitions of Docusaurus and Starlight → boxes: `:::note Title`, `:::note[Title]` … `:::`.
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
    fn titles() {
        for (line, title) in [
            (":::note[自己的标题]", "自己的标题"),
            (":::note[a [b](c) `d`]", "a <a href=\"c\">b</a> <code>d</code>"),
            (":::note[*a*]{.x #y}", "<em>a</em>"),
            (":::note{title=\"Starlight\"}", "Starlight"),
            (":::note{.x title='a b'}", "a b"),
            ("::: note a {.x}", "a"),
            ("::: note [a](b) **c**", "<a href=\"b\">a</a> <strong>c</strong>"),
            (":::note 集合 {1}x", "集合 {1}x"),
            (":::note[]", "note"),
            (":::note {.x}", "note"),
        ] {
            let html = to_html(&format!("{line}\nz\n:::"), Options::default());
            let title = format!("<p class=\"box-title\">{title}</p>\n<p>z</p>\n</aside>");
            assert!(html.trim_end().ends_with(&title), "{line}: {html}");
        }
        for line in [":::note[a", ":::note[a] b", ":::note(a)", ":::笔记"] {
            let html = to_html(&format!("{line}\nz\n:::"), Options::default());
            assert!(html.contains(line) && !html.contains("<aside"), "{line}: {html}");
        }
    }

    #[test]
    fn admonitions() {
        let expected =
            "<aside class=\"box box-caution\">\n<p class=\"box-title\">a b</p>\n<p>c</p>\n</aside>";
        for text in [":::danger a b\n\nc\n\n:::", "::::danger a b\nc\n::::"] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }
}
