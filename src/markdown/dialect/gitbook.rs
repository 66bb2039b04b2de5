//! Tags of `GitBook`.
//!
//! ```text
//! {% embed url="…" %}                        → <…>
//! {% file src="a.pdf" %}                     → [a.pdf](<a.pdf>)
//! {% tabs %}, {% endtab %}, {% code %} …     → nothing
//! {% hint style="info" %} … {% endhint %}    → a box
//! {% tab title="a" %}                        → a title; tabs are shown one below the other
//! ```
//!
//! Must not know: the HTML of a box.

use super::boxes::BoxLine;
use super::hugo;
use super::shortcode::{self, NewLine, argument, argument_range, is_path};
use crate::markdown::source_text::{Edits, SourceText};

/// Tags that arrange the text and say nothing themselves.
const ARRANGING: [&str; 17] = [
    "tabs",
    "endtabs",
    "endtab",
    "code",
    "endcode",
    "content-ref",
    "endcontent-ref",
    "stepper",
    "endstepper",
    "step",
    "endstep",
    "columns",
    "endcolumns",
    "column",
    "endcolumn",
    "endembed",
    "endfile",
];

pub(super) fn lines(source: &SourceText<'_>) -> Edits {
    shortcode::edit_lines(source, line)
}

fn line(line: &str) -> Option<NewLine> {
    let (at, inner) = shortcode::liquid(line)?;
    let (word, arguments) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let start = at + (inner.len() - arguments.len());
    match word {
        "embed" => {
            let url = argument_range(arguments, "url")?;
            let address = &arguments[url.clone()];
            if !address.contains("://") || !is_path(address) {
                return None;
            }
            let kept = start + url.start..start + url.end;
            let caption = argument(arguments, "caption");
            Some(match caption.filter(|caption| !caption.contains(['[', ']'])) {
                Some(caption) => {
                    NewLine { before: format!("[{caption}](<"), kept, after: ">)".into() }
                }
                None => NewLine { before: "<".to_owned(), kept, after: ">".into() },
            })
        }
        "file" => {
            let source = argument_range(arguments, "src")?;
            let path = &arguments[source.clone()];
            if !is_path(path) {
                return None;
            }
            let name = path.rsplit('/').next().unwrap_or(path);
            let kept = start + source.start..start + source.end;
            Some(NewLine { before: format!("[{name}](<"), kept, after: ">)".into() })
        }
        // `{% code title="…" %}` has arguments; a sentence in such braces does not begin with these
        // words.
        word if ARRANGING.contains(&word) => Some(NewLine::empty()),
        _ => None,
    }
}

/// `{% hint style="info" %}`, `{% endhint %}`, `{% tab title="a" %}`.
pub(super) fn box_line(line: &str) -> Option<BoxLine<'_>> {
    let inner = line.strip_prefix("{%")?.strip_suffix("%}")?.trim();
    if let Some(arguments) = inner.strip_prefix("tab ") {
        return argument(arguments, "title").map(|title| BoxLine::Tab { title: title.to_owned() });
    }
    match inner {
        "endhint" => Some(BoxLine::Close { colons: 0, name: "hint" }),
        _ => hugo::shortcode_of_box(inner)
            .filter(|line| matches!(line, BoxLine::Open { name: "hint", .. })),
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn tags_of_gitbook() {
        for (text, expected) in [
            (
                "[a]({{< ref \"b c.md\" >}}) [d]({{% relref \"e.md#f\" %}})",
                "<p><a href=\"b%20c.md\">a</a> <a href=\"e.md#f\">d</a></p>",
            ),
            (
                "{% embed url=\"https://example.org/a\" %}",
                "<p><a href=\"https://example.org/a\">https://example.org/a</a></p>",
            ),
            ("{% file src=\"../a/b.pdf\" %}", "<p><a href=\"../a/b.pdf\">b.pdf</a></p>"),
            (
                "{% tabs %}\n{% tab title=\"甲\" %}\na\n{% endtab %}\n{% endtabs %}\nb",
                "<p><strong>甲</strong></p>\n<p>a</p>\n<p>b</p>",
            ),
            (
                "{% code title=\"a.js\" %}\n```\nx\n```\n{% endcode %}",
                "<pre><code>x\n</code></pre>",
            ),
            (
                "{% embed url=\"https://e.org/\" caption=\"甲\" %}",
                "<p><a href=\"https://e.org/\">甲</a></p>",
            ),
            ("{% tabs %} 话 {% endtabs %}", "<p>{% tabs %} 话 {% endtabs %}</p>"),
            ("a {% tabs %} b", "<p>a {% tabs %} b</p>"),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }

    #[test]
    fn boxes() {
        let html = to_html("{% hint style=\"info\" %}\na\n{% endhint %}", Options::default());
        let expected =
            "<aside class=\"box box-note\">\n<p class=\"box-title\">note</p>\n<p>a</p>\n</aside>";
        assert_eq!(html.trim(), expected);
    }
}
