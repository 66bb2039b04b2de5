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

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn containers() {
        for (text, expected) in [
            (
                "::: tip 标题\n*a*\n:::",
                "<aside class=\"box box-tip\">\n\
                 <p class=\"box-title\">标题</p>\n\
                 <p><em>a</em></p>\n\
                 </aside>",
            ),
            (
                "::: warning\n- a\n:::\nb",
                "<aside class=\"box box-warning\">\n\
                 <p class=\"box-title\">warning</p>\n\
                 <ul>\n\
                 <li>a</li>\n\
                 </ul>\n\
                 </aside>\n\
                 <p>b</p>",
            ),
            (
                "::: details 更多\na\n:::",
                "<details class=\"box box-details\">\n<summary>更多</summary>\n<p>a</p>\n</details>",
            ),
            (
                ":::: note\n::: tip\na\n:::\n::::",
                "<aside class=\"box box-note\">\n\
                 <p class=\"box-title\">note</p>\n\
                 <aside class=\"box box-tip\">\n\
                 <p class=\"box-title\">tip</p>\n\
                 <p>a</p>\n\
                 </aside>\n\
                 </aside>",
            ),
            ("::: center\na\n:::", "<div>\n<p>a</p>\n</div>"),
            (
                "::: theorem <甲>\na\n:::",
                "<div>\n<p><strong>&lt;甲&gt;</strong></p>\n<p>a</p>\n</div>",
            ),
            ("```\n::: tip\n:::\n```", "<pre><code>::: tip\n:::\n</code></pre>"),
            ("::: tip\na", "<p>::: tip\na</p>"),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }

    #[test]
    fn containers_stay_in_the_element_they_begin_in_and_out_of_code() {
        for (text, expected) in [
            (
                "- a\n\n  ::: center\n\nb\n\n:::",
                "<ul>\n<li>\n<p>a</p>\n<div>\n</div>\n</li>\n</ul>\n<p>b</p>",
            ),
            (
                "    ::: tip\n    a\n    :::",
                "<pre class=\"wrap\"><code>::: tip\na\n:::</code></pre>",
            ),
            ("<!--\n::: tip\na\n:::\n-->", ""),
            (
                "```x```\n\n::: note\na\n:::",
                "<p><code>x</code></p>\n\
                 <aside class=\"box box-note\">\n\
                 <p class=\"box-title\">note</p>\n\
                 <p>a</p>\n\
                 </aside>",
            ),
            (
                "> ```\n> ::: tip\n> :::\n> ```",
                "<blockquote>\n<pre><code>::: tip\n:::\n</code></pre>\n</blockquote>",
            ),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }
}
