//! Note boxes: `VuePress` `::: tip title` … `:::`, shortcodes `{{< callout >}}` … `{{< /callout >}}` and
//! `{% hint %}` … `{% endhint %}`, and GFM alerts (`> [!NOTE]`); the titles of tabs, which stand one below the other.
//!
//! Before parsing, each line that opens or closes a box is replaced by a comment that only this file can
//! write (it holds a control character, which texts have lost by then), so that the Markdown in between is
//! parsed as usual and every line keeps its number.
//!
//! Must not know: the language of the site; a box without a title of its own gets it when the page is made.

mod indented;

use std::borrow::Cow;
use std::fmt::Write as _;

use pulldown_cmark::{BlockQuoteKind, Event, Tag};
use serde::{Deserialize, Serialize};

use super::document::{Document, NodeKind};
use super::foreign::argument;
use super::prose::Prose;
use super::{Draft, Item, Spanned};

pub(crate) use self::indented::unwrap;

/// The control character in our comments.
const SIGN: char = '\u{1}';

/// What a box is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BoxKind {
    /// Something worth knowing.
    Note,
    /// Advice.
    Tip,
    /// Something one must know.
    Important,
    /// Something that can go wrong.
    Warning,
    /// Something that does harm.
    Caution,
    /// Folded away until it is opened.
    Details,
}

impl BoxKind {
    /// The name that classes and labels use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Tip => "tip",
            Self::Important => "important",
            Self::Warning => "warning",
            Self::Caution => "caution",
            Self::Details => "details",
        }
    }

    /// The kind that a word in a quote's first line names, beside GitHub's those of Obsidian.
    pub(super) fn of_quote(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "done" => Some(Self::Tip),
            "failure" | "fail" | "missing" => Some(Self::Caution),
            "abstract" | "details" | "expand" | "default" => None,
            word => Self::of(word),
        }
    }

    fn of(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "note" | "info" | "abstract" | "callout" | "hint" | "notice" | "default" => Self::Note,
            "tip" | "success" | "check" => Self::Tip,
            "important" => Self::Important,
            "warning" | "warn" | "attention" => Self::Warning,
            "danger" | "caution" | "error" | "bug" => Self::Caution,
            "details" | "expand" => Self::Details,
            _ => return None,
        })
    }
}

impl From<BlockQuoteKind> for BoxKind {
    fn from(kind: BlockQuoteKind) -> Self {
        match kind {
            BlockQuoteKind::Note => Self::Note,
            BlockQuoteKind::Tip => Self::Tip,
            BlockQuoteKind::Important => Self::Important,
            BlockQuoteKind::Warning => Self::Warning,
            BlockQuoteKind::Caution => Self::Caution,
        }
    }
}

/// A line that opens or closes a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Marker {
    /// Begins a box; without a kind it only groups what stands in it.
    Open { kind: Option<BoxKind>, title: String },
    /// Ends the nearest box.
    Close,
    /// What the tab that begins is called.
    Tab(String),
    /// Begins a box whose text is that of a list item, until [`unwrap`] takes the list away.
    Item { kind: Option<BoxKind>, title: String },
}

/// Replaces the lines that open or close a box; what has no partner stays as it is.
pub(crate) fn mark(text: Cow<'_, str>) -> (Cow<'_, str>, Vec<Marker>) {
    let has_pairs = ["::", "{{", "{%"].iter().any(|sign| text.contains(sign));
    let mut markers = if has_pairs { pairs(&text) } else { Vec::new() };
    markers.extend(indented::find(&text));
    if markers.is_empty() {
        return (text, Vec::new());
    }
    markers.sort_by_key(|(line, _)| *line);
    let mut result = String::with_capacity(text.len());
    let mut next = markers.iter().enumerate().peekable();
    for (number, line) in text.split_inclusive('\n').enumerate() {
        match next.next_if(|(_, (at, _))| *at == number) {
            Some((index, (_, marker))) => {
                let item = if matches!(marker, Marker::Item { .. }) { indented::ITEM } else { "" };
                let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
                let end = &line[line.trim_end_matches(['\r', '\n']).len()..];
                // Writing to a string cannot fail.
                let _ = write!(result, "{indentation}{item}<!--{SIGN}{index}-->{end}");
            }
            None => result.push_str(line),
        }
    }
    // The last closes what is taken out of its list item.
    let markers = markers.into_iter().map(|(_, marker)| marker).chain([Marker::Close]);
    (Cow::Owned(result), markers.collect())
}

/// The meaning of a comment of ours.
pub(crate) enum Mark {
    /// A box begins with these items, the first of which opens it.
    Open(Vec<Item<'static>>),
    /// The nearest box ends.
    Close,
    /// This item comes next.
    Alone(Item<'static>),
}

/// Reads a comment of ours; `None` for any other.
pub(crate) fn read_mark(comment: &str, draft: &mut Draft<'_>) -> Option<Mark> {
    let index: usize = comment.strip_prefix(SIGN)?.parse().ok()?;
    let document = &mut draft.parsed.document;
    Some(match draft.boxes.get(index)? {
        Marker::Open { kind: None, title } | Marker::Item { kind: None, title } => {
            let mut items = vec![Item::Open(NodeKind::Group)];
            if !title.is_empty() {
                items.push(label(title, document));
            }
            Mark::Open(items)
        }
        Marker::Tab(title) => Mark::Alone(label(title, document)),
        Marker::Open { kind: Some(kind), title } | Marker::Item { kind: Some(kind), title } => {
            Mark::Open(vec![opening(*kind, title, document)])
        }
        Marker::Close => Mark::Close,
    })
}

/// A word as a title of its own.
pub(super) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A title that is no heading of the text.
fn label(title: &str, document: &mut Document) -> Item<'static> {
    Item::Leaf(NodeKind::Label(document.add_words(title)))
}

/// Whether a comment of ours came to stand in text or code, where it is no comment.
pub(crate) fn is_misread(items: &[Spanned<'_>]) -> bool {
    items.iter().any(|(item, _)| match item {
        Item::Event(Event::Text(text) | Event::Code(text)) => text.contains(SIGN),
        Item::Event(Event::Start(
            Tag::Link { dest_url, title, .. } | Tag::Image { dest_url, title, .. },
        )) => dest_url.contains(SIGN) || title.contains(SIGN),
        _ => false,
    })
}

/// The start of a box; an empty title is the site's word for its kind.
pub(crate) fn opening(kind: BoxKind, title: &str, document: &mut Document) -> Item<'static> {
    Item::Open(NodeKind::Box(kind, document.add_words(title)))
}

/// What one line says about boxes.
enum Line<'a> {
    Open { colons: usize, name: &'a str, kind: Option<BoxKind>, title: String },
    Close { colons: usize, name: &'a str },
    Tab { title: String },
}

/// Boxes nested deeper than this are text.
const DEEPEST: usize = 100;

/// Finds openers with their closers: line numbers from 0 and what stands there.
fn pairs(text: &str) -> Vec<(usize, Marker)> {
    let mut found = Vec::new();
    let mut open: Vec<(usize, usize, &str, Marker)> = Vec::new();
    let mut prose = Prose::default();
    for (number, line) in text.lines().enumerate() {
        if !prose.admits(line) {
            continue;
        }
        match read(line.trim()) {
            Some(Line::Open { colons, name, kind, title }) if open.len() < DEEPEST => {
                open.push((number, colons, name, Marker::Open { kind, title }));
            }
            Some(Line::Tab { title }) => found.push((number, Marker::Tab(title))),
            Some(Line::Close { colons, name }) => {
                let partner = open
                    .iter()
                    .rposition(|(_, width, begun, _)| *width == colons && *begun == name);
                if let Some(index) = partner {
                    let (line, _, _, marker) = open.swap_remove(index);
                    open.truncate(index);
                    found.push((line, marker));
                    found.push((number, Marker::Close));
                }
            }
            _ => {}
        }
    }
    found
}

fn read(line: &str) -> Option<Line<'_>> {
    if line.starts_with(":::") {
        return colons(line);
    }
    let hugo = [("{{<", ">}}"), ("{{%", "%}}")]
        .into_iter()
        .find_map(|(open, close)| line.strip_prefix(open)?.strip_suffix(close).map(str::trim));
    if let Some(inner) = hugo {
        return shortcode(inner);
    }
    let inner = line.strip_prefix("{%")?.strip_suffix("%}")?.trim();
    if let Some(arguments) = inner.strip_prefix("tab ") {
        return argument(arguments, "title").map(|title| Line::Tab { title: title.to_owned() });
    }
    match inner.strip_prefix("end") {
        Some("hint") => Some(Line::Close { colons: 0, name: "hint" }),
        _ => shortcode(inner).filter(|line| matches!(line, Line::Open { name: "hint", .. })),
    }
}

fn colons(line: &str) -> Option<Line<'_>> {
    let rest = line.trim_start_matches(':');
    let colons = line.len() - rest.len();
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(Line::Close { colons, name: "" });
    }
    let (word, title) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let known = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let title = title.trim().to_owned();
    known.then(|| Line::Open { colons, name: "", kind: BoxKind::of(word), title })
}

/// `callout type="warning" title="…"`, `hint info`, `/callout`.
fn shortcode(inner: &str) -> Option<Line<'_>> {
    const NAMES: [&str; 8] =
        ["callout", "hint", "notice", "alert", "admonition", "tip", "warning", "note"];
    if let Some(name) = inner.strip_prefix('/').map(str::trim) {
        return NAMES.contains(&name).then_some(Line::Close { colons: 0, name });
    }
    let (name, arguments) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    if !NAMES.contains(&name) {
        return None;
    }
    let named = |keys: &[&str]| keys.iter().find_map(|key| argument(arguments, key));
    let word = named(&["type", "style", "kind"]).or_else(|| {
        arguments
            .split_whitespace()
            .next()
            .map(|word| word.trim_matches('"'))
            .filter(|word| !word.contains('='))
    });
    let kind = word.and_then(BoxKind::of).or_else(|| BoxKind::of(name)).unwrap_or(BoxKind::Note);
    let title = named(&["title", "context"]).unwrap_or_default().to_owned();
    Some(Line::Open { colons: 0, name, kind: Some(kind), title })
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn boxes() {
        for (text, expected) in [
            (
                "::: tip 标题\n*a*\n:::",
                "<aside class=\"box box-tip\">\n<p class=\"box-title\">标题</p>\n<p><em>a</em></p>\n</aside>",
            ),
            (
                "::: warning\n- a\n:::\nb",
                "<aside class=\"box box-warning\">\n<p class=\"box-title\">warning</p>\n<ul>\n<li>a</li>\n</ul>\n</aside>\n<p>b</p>",
            ),
            (
                "::: details 更多\na\n:::",
                "<details class=\"box box-details\">\n<summary>更多</summary>\n<p>a</p>\n</details>",
            ),
            (
                ":::: note\n::: tip\na\n:::\n::::",
                "<aside class=\"box box-note\">\n<p class=\"box-title\">note</p>\n<aside class=\"box box-tip\">\n<p class=\"box-title\">tip</p>\n<p>a</p>\n</aside>\n</aside>",
            ),
            (
                "{{< callout type=\"danger\" title=\"小心\" >}}\na\n{{< /callout >}}",
                "<aside class=\"box box-caution\">\n<p class=\"box-title\">小心</p>\n<p>a</p>\n</aside>",
            ),
            (
                "{{<callout>}}\na\n{{</callout>}}",
                "<aside class=\"box box-note\">\n<p class=\"box-title\">note</p>\n<p>a</p>\n</aside>",
            ),
            (
                "{% hint style=\"info\" %}\na\n{% endhint %}",
                "<aside class=\"box box-note\">\n<p class=\"box-title\">note</p>\n<p>a</p>\n</aside>",
            ),
            ("::: center\na\n:::", "<div>\n<p>a</p>\n</div>"),
            (
                "::: theorem <甲>\na\n:::",
                "<div>\n<p><strong>&lt;甲&gt;</strong></p>\n<p>a</p>\n</div>",
            ),
            (
                "> [!NOTE]\n> a",
                "<aside class=\"box box-note\">\n<p class=\"box-title\">note</p>\n<p>a</p>\n</aside>",
            ),
            ("```\n::: tip\n:::\n```", "<pre><code>::: tip\n:::\n</code></pre>"),
            ("::: tip\na", "<p>::: tip\na</p>"),
            ("{{ .Name }} {% x %}", "<p>{{ .Name }} {% x %}</p>"),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }

    #[test]
    fn boxes_stay_in_the_element_they_begin_in_and_out_of_code() {
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
                "<p><code>x</code></p>\n<aside class=\"box box-note\">\n<p class=\"box-title\">note</p>\n<p>a</p>\n</aside>",
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
