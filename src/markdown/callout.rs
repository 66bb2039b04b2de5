//! Note boxes, whatever syntax they are written in: their kinds, and the meaning of the marks that `dialect` puts in place of
//! lines that open and close them.
//!
//! Must not know: the language of the site; a box without a title of its own gets it when the page is made.

mod indented;

use pulldown_cmark::BlockQuoteKind;
use serde::{Deserialize, Serialize};

use super::dialect::boxes::{self, Marker};
use super::document::{Document, NodeKind};
use super::{Draft, Item};

pub(crate) use self::indented::unwrap;

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

    pub(super) fn of(word: &str) -> Option<Self> {
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
    let document = &mut draft.parsed.document;
    Some(match boxes::read_comment(comment, &draft.boxes)? {
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

/// The start of a box; an empty title is the site's word for its kind.
pub(crate) fn opening(kind: BoxKind, title: &str, document: &mut Document) -> Item<'static> {
    Item::Open(NodeKind::Box(kind, document.add_words(title)))
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
