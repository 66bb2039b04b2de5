//! Tags of `GitBook`.
//!
//! ```text
//! {% embed url="…" %}                        → <…>
//! {% file src="a.pdf" %}                     → [a.pdf](<a.pdf>)
//! {% stepper %}, {% columns %} …             → nothing
//! {% hint style="info" %} … {% endhint %}    → a box
//! {% code title="a" %} … {% endcode %}       → a title above the code
//! {% tabs %} {% tab title="a" %} …           → tabs
//! ```
//!
//! Must not know: the HTML of a box.

use super::boxes::BoxLine;
use super::hugo;
use super::shortcode::{self, NewLine, argument, argument_range, is_path};
use crate::markdown::callout::MarkedBlock;
use crate::markdown::source_text::{Edits, SourceText};

/// Tags that arrange the text and say nothing themselves.
const ARRANGING: [&str; 12] = [
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
        // Some have arguments; a sentence in such braces does not begin with these words.
        word if ARRANGING.contains(&word) => Some(NewLine::empty()),
        _ => None,
    }
}

/// `{% hint style="info" %}`, `{% tabs %}`, `{% tab title="a" %}`, `{% code title="a" %}` and their
/// ends.
pub(super) fn box_line(line: &str) -> Option<BoxLine<'_>> {
    let (_, inner) = shortcode::liquid(line)?;
    let (word, arguments) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let block = match word {
        "tabs" => MarkedBlock::Tabs,
        "tab" => MarkedBlock::TAB,
        "code" => MarkedBlock::Group,
        "endtabs" | "endtab" | "endcode" | "endhint" => {
            return Some(BoxLine::Close { colons: 0, name: &word["end".len()..] });
        }
        "hint" => return hugo::shortcode_of_box(inner),
        _ => return None,
    };
    let title = argument(arguments, "title").map(str::to_owned);
    Some(BoxLine::Open { colons: 0, name: word, block, title })
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
                "{% code title=\"a.js\" %}\n```\nx\n```\n{% endcode %}",
                "<div>\n<p><strong>a.js</strong></p>\n<pre><code>x\n</code></pre>\n</div>",
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
