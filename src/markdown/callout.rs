//! Note boxes: `VuePress` `::: tip title` … `:::`, shortcodes `{{< callout >}}` … `{{< /callout >}}` and
//! `{% hint %}` … `{% endhint %}`, and GFM alerts (`> [!NOTE]`).
//!
//! Before parsing, each line that opens or closes a box is replaced by a comment that only this file can
//! write (it holds a control character, which texts have lost by then), so that the Markdown in between is
//! parsed as usual and every line keeps its number.
//!
//! Must not know: the language of the site; a box without a title of its own gets it when the page is made.

use std::borrow::Cow;
use std::fmt::Write as _;

use pulldown_cmark::BlockQuoteKind;
use serde::{Deserialize, Serialize};

use super::{Draft, Fill, Item, text};

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
    /// Ends the box of this kind.
    Close(Option<BoxKind>),
}

/// Replaces the lines that open or close a box; what has no partner stays as it is.
pub(crate) fn mark(text: &str) -> (Cow<'_, str>, Vec<Marker>) {
    if !["::", "{{", "{%"].iter().any(|sign| text.contains(sign)) {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut markers = pairs(text);
    if markers.is_empty() {
        return (Cow::Borrowed(text), Vec::new());
    }
    markers.sort_by_key(|(line, _)| *line);
    let mut result = String::with_capacity(text.len());
    let mut next = markers.iter().enumerate().peekable();
    for (number, line) in text.split_inclusive('\n').enumerate() {
        match next.next_if(|(_, (at, _))| *at == number) {
            Some((index, _)) => {
                let indentation = &line[..line.len() - line.trim_start_matches(' ').len()];
                let end = &line[line.trim_end_matches(['\r', '\n']).len()..];
                // Writing to a string cannot fail.
                let _ = write!(result, "{indentation}<!--{SIGN}{index}-->{end}");
            }
            None => result.push_str(line),
        }
    }
    (Cow::Owned(result), markers.into_iter().map(|(_, marker)| marker).collect())
}

/// What our own comment stands for; `None` for any other.
pub(crate) fn items(comment: &str, draft: &Draft<'_>) -> Option<Vec<Item<'static>>> {
    let index: usize = comment.strip_prefix(SIGN)?.parse().ok()?;
    let markup = |html: &'static str| vec![Item::Markup(html.into())];
    Some(match draft.boxes.get(index)? {
        Marker::Open { kind: None, .. } => markup("<div>"),
        Marker::Close(None) => markup("</div>\n"),
        Marker::Open { kind: Some(kind), title } => opening(*kind, title).into(),
        Marker::Close(Some(BoxKind::Details)) => markup("</details>\n"),
        Marker::Close(Some(_)) => markup("</aside>\n"),
    })
}

/// The start of a box with its title: its own, or the site's word for its kind.
pub(crate) fn opening(kind: BoxKind, title: &str) -> [Item<'static>; 3] {
    let name = kind.name();
    let (start, end) = if kind == BoxKind::Details {
        (format!("\n<details class=\"box box-{name}\">\n<summary>"), "</summary>\n")
    } else {
        (format!("\n<aside class=\"box box-{name}\">\n<p class=\"box-title\">"), "</p>\n")
    };
    let title = if title.is_empty() {
        Item::Hole(Fill::BoxTitle(kind))
    } else {
        Item::Markup(text::escaped(title).into())
    };
    [Item::Markup(start.into()), title, Item::Markup(end.into())]
}

/// What one line says about boxes.
enum Line<'a> {
    Open { colons: usize, name: &'a str, kind: Option<BoxKind>, title: String },
    Close { colons: usize, name: &'a str },
}

/// Finds openers with their closers: line numbers from 0 and what stands there.
fn pairs(text: &str) -> Vec<(usize, Marker)> {
    let mut found = Vec::new();
    let mut open: Vec<(usize, usize, &str, Marker)> = Vec::new();
    let mut fence: Option<&str> = None;
    for (number, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if let Some(mark) = fence_mark(trimmed) {
            match fence {
                Some(begun) if trimmed.starts_with(begun) => fence = None,
                Some(_) => {}
                None => fence = Some(mark),
            }
            continue;
        }
        if fence.is_some() {
            continue;
        }
        match read(trimmed) {
            Some(Line::Open { colons, name, kind, title }) => {
                open.push((number, colons, name, Marker::Open { kind, title }));
            }
            Some(Line::Close { colons, name }) => {
                let partner =
                    open.iter().rposition(|(_, width, begun, _)| *width == colons && *begun == name);
                if let Some(index) = partner {
                    let (line, _, _, marker) = open.swap_remove(index);
                    open.truncate(index);
                    let kind = match &marker {
                        Marker::Open { kind, .. } | Marker::Close(kind) => *kind,
                    };
                    found.push((line, marker));
                    found.push((number, Marker::Close(kind)));
                }
            }
            None => {}
        }
    }
    found
}

/// The mark that opens or closes a code block.
fn fence_mark(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.len() - line.trim_start_matches(mark).len();
    (length >= 3).then(|| &line[..length])
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
    const NAMES: [&str; 8] = ["callout", "hint", "notice", "alert", "admonition", "tip", "warning", "note"];
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

/// The value of `key="…"`.
fn argument<'a>(arguments: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = arguments.split_once(&format!("{key}="))?;
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').map(|(value, _)| value),
        None => rest.split_whitespace().next(),
    }
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
}
