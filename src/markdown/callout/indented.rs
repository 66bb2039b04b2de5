//! Boxes and tabs whose text is indented below their first line, as `MkDocs` has them.
//!
//! ```text
//! !!! note "Title"        a box
//!     text
//! ??? tip "Title"         folded away; `???+` for one that is open
//!     text
//! === "Title"             a tab: its title, and the text below it
//!     text
//! ```
//! The first line becomes that of a list item, to which Markdown counts what is indented by four; the list goes when the
//! text is parsed.
//!
//! Must not know: what a box looks like.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::super::Draft;
use super::super::item::{Item, Spanned, end_of, is_inline};
use super::super::prose::Prose;
use super::{BoxKind, Marker, SIGN};

/// What the first line of a box begins with: a list item of a kind that writers hardly use.
pub(super) const ITEM: &str = "+   ";

/// Finds the first lines: their numbers from 0 and what they begin.
pub(super) fn find(text: &str) -> Vec<(usize, Marker)> {
    if !["!!!", "???", "==="].iter().any(|mark| text.contains(mark)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut prose = Prose::default();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        if !prose.admits(line) {
            continue;
        }
        let Some(marker) = read(line.trim()) else { continue };
        let width = indentation(line);
        let following = text_after(lines.clone());
        if following.is_some_and(|below| indentation(below) >= width + ITEM.len()) {
            prose.enter_list();
            found.push((number, marker));
        }
    }
    found
}

/// The next line with anything on it, of the few that follow.
fn text_after<'t>(lines: impl Iterator<Item = (usize, &'t str)>) -> Option<&'t str> {
    lines.take(3).map(|(_, line)| line).find(|line| !line.trim().is_empty())
}

/// Columns before the first character, a tab leading to the next multiple of four.
fn indentation(line: &str) -> usize {
    let blanks = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t'));
    blanks.fold(0, |width, byte| if byte == b'\t' { width / 4 * 4 + 4 } else { width + 1 })
}

fn read(line: &str) -> Option<Marker> {
    let (mark, rest) = line.split_once(' ')?;
    let (words, title) = match rest.trim().strip_suffix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => (rest.trim(), ""),
    };
    let (words, title) = (words.trim(), title.trim().to_owned());
    let are_words = |text: &str| {
        text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' '))
    };
    match mark {
        "===" => {
            (words.is_empty() && !title.is_empty()).then_some(Marker::Item { kind: None, title })
        }
        "!!!" | "???" | "???+" if !words.is_empty() && are_words(words) => {
            let word = words.split(' ').next().unwrap_or_default();
            let known = BoxKind::of_quote(word);
            let title = if title.is_empty() && (known.is_none() || mark == "???") {
                super::capitalised(word)
            } else {
                title
            };
            let kind =
                if mark == "???" { BoxKind::Details } else { known.unwrap_or(BoxKind::Note) };
            Some(Marker::Item { kind: Some(kind), title })
        }
        _ => None,
    }
}

/// Takes the lists away of which every item is such a box.
pub(crate) fn unwrap<'a>(items: Vec<Spanned<'a>>, draft: &Draft<'_>) -> Vec<Spanned<'a>> {
    // What closes a box comes after all that open one.
    let Some(close) = draft.boxes.len().checked_sub(1).filter(|_| has_items(draft)) else {
        return items;
    };
    let mut result = Vec::with_capacity(items.len());
    // Where the lists end that go, outermost first.
    let mut going: Vec<usize> = Vec::new();
    let mut boxes: Vec<Body> = Vec::new();
    for (index, (item, range)) in items.iter().enumerate() {
        let is_between = going.len() > boxes.len();
        let in_box = boxes.last_mut();
        match item {
            Item::Event(Event::Start(Tag::List(None))) if is_of_boxes(&items, index) => {
                going.push(end_of(&items, index));
            }
            Item::Event(Event::End(TagEnd::List(_))) if going.last() == Some(&index) => {
                going.pop();
            }
            Item::Event(Event::Start(Tag::Item)) if is_between && begins_box(&items, index) => {
                boxes.push(Body { depth: 0, is_open: false });
            }
            Item::Event(Event::End(TagEnd::Item))
                if in_box.as_ref().is_some_and(|body| body.depth == 0) =>
            {
                if boxes.pop().is_some_and(|body| body.is_open) {
                    result.push((Item::Event(Event::End(TagEnd::Paragraph)), range.clone()));
                }
                result.extend(comment(close, range));
            }
            _ => {
                if let Some(body) = in_box {
                    body.see(item, range, &mut result);
                }
                result.push((item.clone(), range.clone()));
            }
        }
    }
    result
}

/// The text of a box, in which a line that is no paragraph becomes one.
struct Body {
    /// How many elements within it are open.
    depth: usize,
    /// Whether a paragraph of our making is.
    is_open: bool,
}

impl Body {
    fn see<'a>(&mut self, item: &Item<'a>, range: &Range<usize>, result: &mut Vec<Spanned<'a>>) {
        let Item::Event(event) = item else { return };
        if self.depth == 0 {
            let is_line = match event {
                Event::Start(tag) => is_inline(tag.to_end()),
                Event::End(_) | Event::Html(_) | Event::Rule => false,
                _ => true,
            };
            let change = match (is_line, self.is_open) {
                (true, false) => Some(Event::Start(Tag::Paragraph)),
                (false, true) => Some(Event::End(TagEnd::Paragraph)),
                _ => None,
            };
            self.is_open = is_line;
            result.extend(change.map(|event| (Item::Event(event), range.clone())));
        }
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

fn has_items(draft: &Draft<'_>) -> bool {
    draft.boxes.iter().any(|marker| matches!(marker, Marker::Item { .. }))
}

/// Whether every item of the list that begins at an index begins with a comment of ours.
fn is_of_boxes(items: &[Spanned<'_>], index: usize) -> bool {
    let mut at = index + 1;
    while begins_box(items, at) {
        at = end_of(items, at) + 1;
    }
    matches!(items.get(at), Some((Item::Event(Event::End(TagEnd::List(_))), _)))
}

fn begins_box(items: &[Spanned<'_>], index: usize) -> bool {
    let html = items.get(index + 2).map(|(item, _)| item);
    let is_item = matches!(items.get(index), Some((Item::Event(Event::Start(Tag::Item)), _)));
    let is_ours = |html: &CowStr<'_>| {
        html.trim_start().strip_prefix("<!--").is_some_and(|rest| rest.starts_with(SIGN))
    };
    is_item && matches!(html, Some(Item::Event(Event::Html(html))) if is_ours(html))
}

/// A comment of ours as the parser would give it.
fn comment<'a>(number: usize, range: &Range<usize>) -> [Spanned<'a>; 3] {
    let html = format!("<!--{SIGN}{number}-->\n");
    let events =
        [Event::Start(Tag::HtmlBlock), Event::Html(html.into()), Event::End(TagEnd::HtmlBlock)];
    events.map(|event| (Item::Event(event), range.clone()))
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn boxes_and_tabs_of_mkdocs() {
        for (text, expected) in [
            (
                "!!! note \"标题 <x>\"\n    *a*\n    b\n\n    - c\n\nd",
                "<aside class=\"box box-note\">\n<p class=\"box-title\">标题 &lt;x&gt;</p>\n<p><em>a</em>\nb</p>\n<ul>\n<li>c</li>\n</ul>\n</aside>\n<p>d</p>",
            ),
            (
                "!!! warning\n    ```py\n    x = 1\n    ```\n\n!!! example inline end\n\n\ta",
                "<aside class=\"box box-warning\">\n<p class=\"box-title\">warning</p>\n<figure class=\"code\" data-language=\"py\"><pre><code>x = 1\n</code></pre></figure>\n</aside>\n<aside class=\"box box-note\">\n<p class=\"box-title\">Example</p>\n<p>a</p>\n</aside>",
            ),
            (
                "??? tip\n    a\n???+ danger \"开\"\n    b",
                "<details class=\"box box-details\">\n<summary>Tip</summary>\n<p>a</p>\n</details>\n<aside class=\"box box-caution\">\n<p class=\"box-title\">开</p>\n<p>b</p>\n</aside>",
            ),
            (
                "=== \"甲\"\n\n    a\n\n=== \"乙\"\n\n    b\n\n    !!! note\n        c\n\n    d\n\ne",
                "<div>\n<p><strong>甲</strong></p>\n<p>a</p>\n</div>\n<div>\n<p><strong>乙</strong></p>\n<p>b</p>\n<aside class=\"box box-note\">\n<p class=\"box-title\">note</p>\n<p>c</p>\n</aside>\n<p>d</p>\n</div>\n<p>e</p>",
            ),
            (
                "- x\n\n    !!! tip\n        a\n\n- y",
                "<ul>\n<li>\n<p>x</p>\n<aside class=\"box box-tip\">\n<p class=\"box-title\">tip</p>\n<p>a</p>\n</aside>\n</li>\n<li>\n<p>y</p>\n</li>\n</ul>",
            ),
            // A list of the writer's with the same mark goes on; what only looks like a box stays.
            (
                "!!! note\n    a\n\n+ b",
                "<ul>\n<li>\n<aside class=\"box box-note\">\n<p class=\"box-title\">note</p>\n<p>a</p>\n</aside>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>",
            ),
            ("!!! 注意\n    a", "<p>!!! 注意\na</p>"),
            ("!!! note\nb", "<p>!!! note\nb</p>"),
            ("标题\n===\n\na", "<h2 id=\"标题\">标题</h2>\n<p>a</p>"),
            ("```\n!!! note\n    a\n```", "<pre><code>!!! note\n    a\n</code></pre>"),
        ] {
            let html = to_html(text, Options::default());
            assert_eq!(html.trim().replace("\n\n", "\n"), expected, "{text}");
        }
    }
}
