//! Lines that pulldown-cmark 0.13 reads otherwise than CommonMark and GFM do → lines that it reads
//! as they do.
//!
//! Must not know: how such lines are found.

use super::scan::Misread;
use super::source_text::{Edits, SourceText};

/// Takes the blanks behind the end of a fence away, and parts HTML from the table above it.
pub(super) fn mend(source: &SourceText<'_>) -> Edits {
    let mut edits = Edits::default();
    for line in source.scan().misread() {
        match line {
            Misread::FenceEnd(blanks) => edits.remove(blanks.clone()),
            Misread::HtmlBelowTable(before) => {
                // A blank line in the same quotes and items.
                let blank = format!("{}\n", source.text()[before.clone()].trim_end());
                edits.replace(before.start..before.start, blank);
            }
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Kind;
    use crate::markdown::{Context, Options, parse, to_html};

    #[test]
    fn a_fence_ends_before_a_tab() {
        for (text, expected) in [
            ("```\na\n```\t\nb", "<pre><code>a\n</code></pre>\n<p>b</p>"),
            ("~~~\na\n~~~~ \t \n\nb", "<pre><code>a\n</code></pre>\n<p>b</p>"),
            ("```\na\n```\t", "<pre><code>a\n</code></pre>"),
            ("```\na\n```\t\r\nb", "<pre><code>a\n</code></pre>\n<p>b</p>"),
            (
                "- ```\n  a\n  ```\t\n- b",
                "<ul>\n<li>\n<pre><code>a\n</code></pre>\n</li>\n<li>b</li>\n</ul>",
            ),
            (
                "> ```\n> a\n> ```\t\n> b",
                "<blockquote>\n<pre><code>a\n</code></pre>\n<p>b</p>\n</blockquote>",
            ),
            (
                "!!! note\n    ```\n    a\n    ```\t\n\nb",
                "<aside class=\"box box-note\">\n<p class=\"box-title\">note</p>\n\
                 <pre><code>a\n</code></pre>\n</aside>\n<p>b</p>",
            ),
            // No ends: fewer marks, other text.
            ("````\na\n```\t\n````", "<pre><code>a\n```\t\n</code></pre>"),
            ("```\na\n```\tb\n```", "<pre><code>a\n```\tb\n</code></pre>"),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text:?}");
            let parsed = parse(text, &Context::default());
            assert!(!parsed.problems.iter().any(|problem| problem.kind == Kind::UnclosedFence));
        }
    }

    #[test]
    fn html_below_a_table_ends_it() {
        let table = "| a | b |\n|---|---|\n| 1 | 2 |\n";
        for (html, shown) in [
            ("<br>", "<br />"),
            ("<img src=\"x\" alt=\"y\">", "<img src=\"x\" alt=\"y\" />"),
            ("<a id=\"x\"></a>", "<a id=\"x\"></a>"),
            ("<span>c</span>", "<span>c</span>"),
            ("<div>c</div>", "<div>c</div>"),
        ] {
            let found = to_html(&format!("{table}{html}"), Options::default());
            let is_row = html.starts_with("<a") || html.starts_with("<span");
            // A tag that is not alone on its line begins no block (CommonMark 0.31 §4.6).
            assert_eq!(found.matches("<td>").count(), if is_row { 4 } else { 2 }, "{found}");
            assert!(found.contains(shown), "{found}");
            assert_eq!(found.trim_end().ends_with(shown), !is_row, "{found}");
        }
        let quote = "> | a |\n> |---|\n> | 1 |\n> <br>\n> b";
        let found = to_html(quote, Options::default());
        assert!(found.contains("</table>\n</div>\n<br />\nb\n</blockquote>"), "{found}");
        let item = "- x\n\n  | a |\n  |---|\n  | 1 |\n  <br>\n\n  b";
        let found = to_html(item, Options::default());
        assert!(found.contains("</table>\n</div>\n<br />\n<p>b</p>\n</li>"), "{found}");
        let parsed = parse(&format!("{table}<br>\n\n[c](d.md)"), &Context::default());
        assert_eq!(parsed.links[0].place.line, 6);
    }
}
