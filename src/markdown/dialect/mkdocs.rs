//! Boxes and tabs of `MkDocs` and its extensions, whose text is indented below their first line,
//! and attributes behind links and images.
//!
//! ```text
//! !!! note "Title"        a box
//!     text
//! ??? tip "Title"         folded away; `???+` for one that is open
//!     text
//! === "Title"             a tab; `===!` for the first of other tabs than those above it, `===+`
//!     text                for the one that is shown first
//! ![a](b.png){width=300}  an image: the size goes into its title, as docsify's, the rest goes
//! ```
//! The first line of a box becomes that of a list item, to which Markdown counts what is indented
//! by four; the list goes when the text is parsed.
//!
//! Must not know: the HTML of a box.

use std::ops::Range;

use super::boxes::{self, BoxMark, ITEM, Marker};
use super::hackmd;
use crate::markdown::callout::{self, BoxKind, MarkedBlock};
use crate::markdown::document::{TabPlace, TabState};
use crate::markdown::link::PictureSize;
use crate::markdown::scan::{PartKind, Scan};
use crate::markdown::source_text::{Edits, SourceText};

/// Attributes are no longer, in bytes, so that a line of braces is not searched again and again.
const LONGEST_ATTRIBUTES: usize = 512;
/// Begins the first line of a box or tab.
const MARKS: [&str; 8] = ["!!! ", "??? ", "???+ ", "=== ", "===! ", "===+ ", "===!+ ", "===+! "];

/// Marks the first lines of boxes.
pub(super) fn boxes(source: &SourceText<'_>, marks: &mut Vec<BoxMark>) -> Edits {
    let text = source.text();
    let mut edits = Edits::default();
    if !MARKS.iter().any(|mark| text.contains(mark)) {
        return edits;
    }
    let mut begins_box = |line: Range<usize>| {
        let content = text[line.clone()].trim();
        let Some(marker) = read(content) else { return false };
        let line_start = text[..line.start].rfind('\n').map_or(0, |at| at + 1);
        let blanks = &text[line_start..line.start];
        // In a quote and behind the mark of a list item there are none.
        if !blanks.trim().is_empty() || !has_text(&text[line.end..], columns(blanks)) {
            return false;
        }
        // A line in the middle of a code span is code even if it looks like a box.
        if source.scan().kind(line.start) == Some(PartKind::CodeSpan) {
            return false;
        }
        let end = line.start + content.len();
        edits.replace(line.start..end, boxes::item(marks, marker, content));
        true
    };
    // The scan with the boxes as items knows what is code in them.
    Scan::with_items(text, &mut begins_box);
    edits
}

/// True if the first text in the next three lines is indented as the text of a box is.
fn has_text(behind: &str, width: usize) -> bool {
    let below = behind.split('\n').skip(1).take(3).find(|line| !line.trim().is_empty());
    below.is_some_and(|below| columns(below) >= width + ITEM.len())
}

/// Columns before the first character, a tab leading to the next multiple of four.
fn columns(line: &str) -> usize {
    let blanks = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t'));
    blanks.fold(0, |width, byte| if byte == b'\t' { width / 4 * 4 + 4 } else { width + 1 })
}

/// Reads the first line of a box or tab.
fn read(line: &str) -> Option<Marker> {
    let (mark, rest) = line.split_once(' ')?;
    let (words, title) = match rest.trim().strip_suffix('"') {
        Some(quoted) => quoted.split_once('"').map(|(words, title)| (words, Some(title)))?,
        None => (rest.trim(), None),
    };
    let (words, title) = (words.trim(), title.map(|title| title.trim().to_owned()));
    match mark {
        "===" | "===!" | "===+" | "===!+" | "===+!" => {
            let is_tab = words.is_empty() && title.as_ref().is_some_and(|title| !title.is_empty());
            let place = if mark.contains('!') { TabPlace::First } else { TabPlace::Next };
            let state = if mark.contains('+') { TabState::Chosen } else { TabState::Usual };
            is_tab.then_some(Marker::Item { block: MarkedBlock::Tab(place, state), title })
        }
        "!!!" | "???" | "???+" if !words.is_empty() && are_words(words) => {
            let word = words.split(' ').next().unwrap_or_default();
            let known = BoxKind::of_quote(word);
            let has_title = title.as_ref().is_some_and(|title| !title.is_empty());
            let title = match title {
                None if known.is_none() || mark == "???" => Some(callout::capitalised(word)),
                // Readers open what is folded away at its title.
                Some(title) if title.is_empty() && mark == "???" => {
                    Some(callout::capitalised(word))
                }
                title => title,
            };
            let kind = match mark {
                "???" if has_title => BoxKind::folded(word),
                "???" => BoxKind::Details,
                _ => known.unwrap_or(BoxKind::Note),
            };
            Some(Marker::Item { block: MarkedBlock::Box(kind), title })
        }
        _ => None,
    }
}

/// True for the kind of a box with the classes behind it: `example inline end`.
fn are_words(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' '))
}

/// Takes attributes out, `{ width="300" .class }`, behind links and images.
pub(super) fn without_attributes(source: &SourceText<'_>) -> Edits {
    let text = source.text();
    let mut edits = Edits::default();
    let mut done = 0;
    for destination in source.scan().destinations(text) {
        // In `[a](](b)`, two may be those of a link, and both end at one bracket.
        if destination.start < done {
            continue;
        }
        let start = destination.end + ")".len();
        let Some(length) = attributes_length(&text[start..]) else { continue };
        let attributes = text[start + 1..start + length - 1].trim_start_matches(':');
        let has_size = hackmd::size_at(&text[destination.clone()]).is_some();
        if let Some(size) = PictureSize::of_attributes(attributes).filter(|_| !has_size) {
            let end = destination.end;
            hackmd::write_size(&mut edits, text, destination, end, &size);
        }
        done = start + length;
        edits.remove(start..done);
    }
    edits
}

/// Length of the attributes that a text begins with; `None` for other text in braces.
fn attributes_length(text: &str) -> Option<usize> {
    let window = &text.as_bytes()[..text.len().min(LONGEST_ATTRIBUTES)];
    if window.first() != Some(&b'{') {
        return None;
    }
    let end = memchr::memchr2(b'}', b'\n', window).filter(|&end| window[end] == b'}')?;
    let mut words = text[1..end].trim_start_matches(':').split_whitespace().peekable();
    (words.peek().is_some() && words.all(is_attribute)).then_some(end + 1)
}

/// `.class`, `#id`, `key=value`.
fn is_attribute(word: &str) -> bool {
    let name = match word.strip_prefix(['.', '#']) {
        Some(name) => name,
        None => match word.split_once('=') {
            Some((key, _)) => key,
            None => return false,
        },
    };
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of input and output")]
    fn boxes_and_tabs_of_mkdocs() {
        for (text, expected) in [
            (
                "!!! note \"标题 <x>\"\n    *a*\n    b\n\n    - c\n\nd",
                "<aside class=\"box box-note\">\n\
                 <p class=\"box-title\">标题 &lt;x&gt;</p>\n\
                 <p><em>a</em>\nb</p>\n\
                 <ul>\n\
                 <li>c</li>\n\
                 </ul>\n\
                 </aside>\n\
                 <p>d</p>",
            ),
            (
                "!!! warning\n    ```py\n    x = 1\n    ```\n\n!!! example inline end\n\n\ta",
                "<aside class=\"box box-warning\">\n\
                 <p class=\"box-title\">warning</p>\n\
                 <figure class=\"code\" data-language=\"py\"><pre><code>x = 1\n\
                 </code></pre></figure>\n\
                 </aside>\n\
                 <aside class=\"box box-note\">\n\
                 <p class=\"box-title\">Example</p>\n\
                 <p>a</p>\n\
                 </aside>",
            ),
            (
                "??? tip\n    a\n???+ danger \"开\"\n    b",
                "<details class=\"box box-details\">\n\
                 <summary>Tip</summary>\n\
                 <p>a</p>\n\
                 </details>\n\
                 <aside class=\"box box-caution\">\n\
                 <p class=\"box-title\">开</p>\n\
                 <p>b</p>\n\
                 </aside>",
            ),
            (
                "=== \"甲\"\n\n    a\n\n=== \"乙\"\n\n    b\n\n    !!! note\n        c\n\n    d\n\ne",
                "<div class=\"tabs\">\n\
                 <div class=\"tab\">\n\
                 <p class=\"tab-title\"><strong>甲</strong></p>\n\
                 <p>a</p>\n\
                 </div>\n\
                 <div class=\"tab\">\n\
                 <p class=\"tab-title\"><strong>乙</strong></p>\n\
                 <p>b</p>\n\
                 <aside class=\"box box-note\">\n\
                 <p class=\"box-title\">note</p>\n\
                 <p>c</p>\n\
                 </aside>\n\
                 <p>d</p>\n\
                 </div>\n\
                 </div>\n\
                 <p>e</p>",
            ),
            (
                "- x\n\n    !!! tip\n        a\n\n- y",
                "<ul>\n\
                 <li>\n\
                 <p>x</p>\n\
                 <aside class=\"box box-tip\">\n\
                 <p class=\"box-title\">tip</p>\n\
                 <p>a</p>\n\
                 </aside>\n\
                 </li>\n\
                 <li>\n\
                 <p>y</p>\n\
                 </li>\n\
                 </ul>",
            ),
            // A list of the writer's with the same mark goes on; what only looks like a box stays.
            (
                "!!! note\n    a\n\n+ b",
                "<ul>\n\
                 <li>\n\
                 <aside class=\"box box-note\">\n\
                 <p class=\"box-title\">note</p>\n\
                 <p>a</p>\n\
                 </aside>\n\
                 </li>\n\
                 <li>\n\
                 <p>b</p>\n\
                 </li>\n\
                 </ul>",
            ),
            ("!!! info \"\"\n    a", "<aside class=\"box box-note\">\n<p>a</p>\n</aside>"),
            (
                "??? info \"\"\n    a",
                "<details class=\"box box-details\">\n<summary>Info</summary>\n<p>a</p>\n</details>",
            ),
            (
                "???+ example \"[P **h** $O(n*m*k)$](https://e.org/p) `c`\"\n    a",
                "<aside class=\"box box-note\">\n\
                 <p class=\"box-title\"><a href=\"https://e.org/p\">P <strong>h</strong> $O(n*m*k)$</a> \
                 <code>c</code></p>\n\
                 <p>a</p>\n\
                 </aside>",
            ),
            (
                "=== \"**甲** `a`\"\n    a",
                "<div class=\"tabs\">\n<div class=\"tab\">\n\
                 <p class=\"tab-title\"><strong><strong>甲</strong> <code>a</code></strong></p>\n\
                 <p>a</p>\n</div>\n</div>",
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

    #[test]
    fn attributes_are_no_text() {
        for (text, expected) in [
            (
                "![a](b.png){ width=\"300\" .x }",
                "<figure><img src=\"b.png\" alt=\"a\" /><figcaption>a</figcaption></figure>",
            ),
            ("[a](b.md){: .md-button} c", "<p><a href=\"b.md\">a</a> c</p>"),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }

    #[test]
    fn attributes_behind_a_bracket_of_two_links_go_once() {
        let html = to_html("# [^1](](b.md){#id}\n\n[a](](b.md){.c}\n", Options::default());
        assert!(!html.contains("{#id}") && !html.contains("{.c}"), "{html}");
    }
}
