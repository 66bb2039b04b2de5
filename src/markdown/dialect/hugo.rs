//! Shortcodes of Hugo and its themes.
//!
//! ```text
//! [a]({{< ref "b.md" >}})                        → [a](<b.md>), relref too
//! {{< figure src="a.png" title="b" >}}           → ![b](<a.png>); with an id, a figure of HTML
//! {{< highlight go "linenos=1" >}} …             → ```go …
//! {{< callout type="tip" >}} … {{< /callout >}}  → a box; notice, hint, alert and others too
//! {{< tabs >}} {{< tab "a" >}} …                 → tabs; tabpane too
//! ```
//!
//! Must not know: the HTML of a box.

use std::ops::Range;

use super::boxes::BoxLine;
use super::shortcode::{self, NewLine, argument, argument_range, is_path};
use crate::escape::escape_into;
use crate::markdown::callout::{BoxKind, MarkedBlock};
use crate::markdown::document::{TabPlace, TabState};
use crate::markdown::source_text::{Edits, SourceText};

use super::boxes::BoxMark;

/// A reference is no longer, in bytes, so that a line of brackets is not searched again and again.
const LONGEST_REFERENCE: usize = 512;

/// Shortcodes of boxes.
const BOXES: [&str; 8] =
    ["callout", "hint", "notice", "alert", "admonition", "tip", "warning", "note"];

pub(super) fn code_blocks(source: &SourceText<'_>, _: &mut Vec<BoxMark>) -> Edits {
    shortcode::code_blocks(source, begins_code, ends_code)
}

fn begins_code(line: &str) -> Option<&str> {
    language(shortcode::hugo(line)?.1)
}

/// The language of `highlight go "linenos=1"`.
pub(super) fn language(inner: &str) -> Option<&str> {
    let language = inner.strip_prefix("highlight ")?.split_whitespace().next()?.trim_matches('"');
    let is_name = language.chars().all(|c| c.is_ascii_alphanumeric() || "+-#_".contains(c));
    is_name.then_some(language)
}

fn ends_code(line: &str) -> bool {
    let inner = shortcode::hugo(line).and_then(|(_, inner)| inner.strip_prefix('/'));
    inner.is_some_and(|name| name.trim() == "highlight")
}

pub(super) fn figures_and_references(source: &SourceText<'_>) -> Edits {
    let mut edits = shortcode::edit_lines(source, figure);
    // A figure is a line of its own, so the two do not meet.
    edits.merge(references(source));
    edits
}

fn figure(line: &str) -> Option<NewLine> {
    let (at, inner) = shortcode::hugo(line)?;
    let arguments = inner.strip_prefix("figure ")?;
    let source = argument_range(arguments, "src")?;
    if !is_path(&arguments[source.clone()]) {
        return None;
    }
    let words = ["caption", "title", "alt"].iter().find_map(|key| argument(arguments, key));
    let words = words.unwrap_or_default().replace(['[', ']'], "");
    let start = at + "figure ".len();
    let kept = start + source.start..start + source.end;
    let Some(id) = argument(arguments, "id").filter(|id| !id.is_empty()) else {
        return Some(NewLine { before: format!("![{words}](<"), kept, after: ">)".into() });
    };
    // Markdown has no figure with an id, which links lead to.
    let (id, words) = (escaped(id), escaped(&words));
    let caption =
        if words.is_empty() { String::new() } else { format!("<figcaption>{words}</figcaption>") };
    let before = format!("<figure id=\"{id}\"><img alt=\"{words}\" src=\"");
    Some(NewLine { before, kept, after: format!("\">{caption}</figure>").into() })
}

/// A value as text of HTML or of an attribute.
fn escaped(value: &str) -> String {
    let mut html = String::with_capacity(value.len());
    escape_into(&mut html, value);
    html.replace('"', "&quot;")
}

/// Destinations that Hugo looks up as they are written: `({{< ref "a.md" >}})`.
fn references(source: &SourceText<'_>) -> Edits {
    let (text, scan) = (source.text(), source.scan());
    let mut edits = Edits::default();
    let mut behind = 0;
    for (before, _) in text.match_indices("]({{") {
        let open = before + "](".len();
        if open < behind || !scan.is_prose(before) {
            continue;
        }
        let window = &text.as_bytes()[open..text.len().min(open + LONGEST_REFERENCE)];
        let Some(length) = memchr::memmem::find(window, b"}})") else { continue };
        let whole = open..open + length + "}}".len();
        let Some(path) = referred(&text[whole.clone()]) else { continue };
        let kept = open + path.start..open + path.end;
        edits.replace(open..kept.start, "<");
        edits.replace(kept.end..whole.end, ">");
        behind = whole.end;
    }
    edits
}

/// Place of the path in `{{< ref "path" >}}`.
fn referred(tag: &str) -> Option<Range<usize>> {
    if tag.contains('\n') {
        return None;
    }
    let (at, inner) = shortcode::hugo(tag)?;
    let path = inner.strip_prefix("relref ").or_else(|| inner.strip_prefix("ref "))?;
    let start = at + (inner.len() - path.len());
    let is_around = |c: char| c.is_whitespace() || matches!(c, '"' | '`' | '\'');
    let blanks = path.len() - path.trim_start_matches(is_around).len();
    let path = path.trim_matches(is_around);
    is_path(path).then(|| start + blanks..start + blanks + path.len())
}

/// `{{< callout type="warning" title="…" >}}`, `{{< /callout >}}`.
pub(super) fn box_line(line: &str) -> Option<BoxLine<'_>> {
    let inner = [("{{<", ">}}"), ("{{%", "%}}")]
        .into_iter()
        .find_map(|(open, close)| line.strip_prefix(open)?.strip_suffix(close))?;
    let inner = inner.trim();
    tabs(inner).or_else(|| shortcode_of_box(inner))
}

/// `tabs "id"`, `tab "Title"`, `tab name="Title"`, `/tab`.
fn tabs(inner: &str) -> Option<BoxLine<'_>> {
    let is_end = inner.starts_with('/');
    let inner = inner.trim_start_matches('/').trim_start();
    let (name, arguments) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    if !matches!(name, "tabs" | "tabpane" | "tab") {
        return None;
    }
    if is_end {
        return Some(BoxLine::Close { colons: 0, name });
    }
    if name != "tab" {
        return Some(BoxLine::OpenTabs { name, tabs: named_tabs(arguments) });
    }
    let is_chosen = argument(arguments, "selected") == Some("true");
    let state = if is_chosen { TabState::Chosen } else { TabState::Usual };
    let block = MarkedBlock::Tab(TabPlace::Next, state);
    let title = tab_title(arguments).map(str::to_owned);
    Some(BoxLine::Open { colons: 0, name, block, title })
}

/// The titles of the tabs in the arguments of Hextra, `items="a,b" defaultIndex="1"`; the tabs have
/// none of their own there.
fn named_tabs(arguments: &str) -> Vec<(String, TabState)> {
    let items = argument(arguments, "items").unwrap_or_default();
    let chosen = argument(arguments, "defaultIndex").and_then(|index| index.parse::<usize>().ok());
    let names = items.split(',').map(str::trim).filter(|name| !name.is_empty());
    let tab = |(index, name): (usize, &str)| {
        let state = if chosen == Some(index) { TabState::Chosen } else { TabState::Usual };
        (name.to_owned(), state)
    };
    names.enumerate().map(tab).collect()
}

/// The title of a tab: that of themes that name their arguments, or the first argument.
fn tab_title(arguments: &str) -> Option<&str> {
    let named = ["name", "title", "header", "tabName", "label"];
    if let Some(title) = named.iter().find_map(|key| argument(arguments, key)) {
        return Some(title);
    }
    let first = arguments.trim_start();
    match first.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').map(|(title, _)| title),
        None => first.split_whitespace().next().filter(|word| !word.contains('=')),
    }
}

/// `callout type="warning" title="…"`, `hint info`, `/callout`.
pub(super) fn shortcode_of_box(inner: &str) -> Option<BoxLine<'_>> {
    if let Some(name) = inner.strip_prefix('/').map(str::trim) {
        return BOXES.contains(&name).then_some(BoxLine::Close { colons: 0, name });
    }
    let (name, arguments) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    if !BOXES.contains(&name) {
        return None;
    }
    let named = |keys: &[&str]| keys.iter().find_map(|key| argument(arguments, key));
    let first = arguments.split_whitespace().next().map(|word| word.trim_matches('"'));
    let word = named(&["type", "style", "kind"]).or(first.filter(|word| !word.contains('=')));
    let kind = word.and_then(BoxKind::of).or_else(|| BoxKind::of(name)).unwrap_or(BoxKind::Note);
    let title = named(&["title", "context"]).filter(|title| !title.is_empty()).map(str::to_owned);
    Some(BoxLine::Open { colons: 0, name, block: MarkedBlock::Box(kind), title })
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn shortcodes_of_hugo() {
        for (text, expected) in [
            (
                "{{< figure src=\"a.png\" title=\"甲\" >}}",
                "<figure><img src=\"a.png\" alt=\"甲\" /><figcaption>甲</figcaption></figure>",
            ),
            (
                "{{< figure src=\"a.png\" id=\"fig_1\" caption=\"甲 <乙>\" >}}",
                "<figure id=\"fig_1\"><img src=\"a.png\" alt=\"甲 &lt;乙&gt;\" /><figcaption>甲 \
                 &lt;乙&gt;</figcaption></figure>",
            ),
            ("{{< figure src=a.png />}}", "<figure><img src=\"a.png\" alt=\"\" /></figure>"),
            (
                "{{< highlight go \"linenos=table\" >}}\nx\n{{ y }}\n{{< /highlight >}}\nz",
                "<figure class=\"code\" data-language=\"go\"><pre><code>x\n{{ y }}\n\
                 </code></pre></figure>\n\
                 <p>z</p>",
            ),
            (
                "{{< figure src=\"a.png\" >}} 与 {{< figure src=\"b.png\" >}}",
                "<p>{{&lt; figure src=&quot;a.png&quot; &gt;}} 与 \
                 {{&lt; figure src=&quot;b.png&quot; &gt;}}</p>",
            ),
            (
                "{{< highlight go >}}x{{< /highlight >}}\n\ny",
                "<p>{{&lt; highlight go &gt;}}x{{&lt; /highlight &gt;}}</p>\n<p>y</p>",
            ),
            ("{{< highlight go >}}\nx", "<p>{{&lt; highlight go &gt;}}\nx</p>"),
            (
                "`[a]({{< ref \"b.md\" >}})`",
                "<p><code>[a]({{&lt; ref &quot;b.md&quot; &gt;}})</code></p>",
            ),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }

    #[test]
    fn boxes() {
        for (text, expected) in [
            (
                "{{< callout type=\"danger\" title=\"小心\" >}}\na\n{{< /callout >}}",
                "<aside class=\"box box-caution\">\n\
                 <p class=\"box-title\">小心</p>\n\
                 <p>a</p>\n\
                 </aside>",
            ),
            (
                "{{<callout>}}\na\n{{</callout>}}",
                "<aside class=\"box box-note\">\n\
                 <p class=\"box-title\">note</p>\n\
                 <p>a</p>\n\
                 </aside>",
            ),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }
}
