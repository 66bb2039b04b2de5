//! Quotes that begin with `[!kind]` and paragraphs that begin with a mark → note boxes.
//!
//! ```text
//! > [!question]- Title      Obsidian: any kind, a title of its own, `-` for what is folded away;
//! > text                    GitHub's five kinds alone on their line are the parser's
//! > [!TIP] A sentence, ...  docsify: the text begins behind the mark
//! ?> text                   docsify: a note
//! !> text                   docsify: a warning
//! ```
//! The text behind a mark is a title if it is short and no sentence. It is a sentence if it ends
//! like one or goes on in the next line: it ends with a comma, or the next line begins with a small
//! letter and there are six words or a comma or colon before it. A title ends with `?`, `!` or `:`
//! as well, and what is folded away needs one to be opened at.
//!
//! Must not know: the language of the site.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::markdown::callout::{self, BoxKind};
use crate::markdown::cjk;
use crate::markdown::dialect::docsify;
use crate::markdown::document::{BoxTitle, NodeKind};
use crate::markdown::item::{Item, Spanned, end_of, plain_text};

/// Longest title, in columns, of which a Han character takes two.
const LONGEST_TITLE: usize = 60;
/// Words before the end of a line that goes on in the next one.
const FEWEST_WORDS: usize = 6;

/// Makes boxes of them.
pub(crate) fn gather(items: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    let is_box = |(index, _): (usize, &Spanned<'_>)| {
        heading(&items, index).is_some() || marked(&items, index).is_some()
    };
    if !items.iter().enumerate().any(is_box) {
        return items;
    }
    let mut result = Vec::with_capacity(items.len() + 8);
    // For each open quote, true if it is a box.
    let mut open: Vec<bool> = Vec::new();
    let mut index = 0;
    while let Some((item, range)) = items.get(index) {
        if let Some(heading) = heading(&items, index) {
            open.push(true);
            index = heading.next;
            result.extend(heading.items.into_iter().map(|item| (item, range.clone())));
            continue;
        }
        if let Some((kind, text)) = marked(&items, index) {
            let end = end_of(&items, index);
            let opening = Item::Open(NodeKind::Box(kind, BoxTitle::Word));
            result.push((opening, range.clone()));
            result.push(items[index].clone());
            let place = items[index + 1].1.clone();
            result.push((
                Item::Event(Event::Text(text)),
                place.start + docsify::MARK_LENGTH..place.end,
            ));
            result.extend_from_slice(&items[index + 2..=end]);
            result.push((Item::Close, range.clone()));
            index = end + 1;
            continue;
        }
        match item {
            Item::Event(Event::Start(Tag::BlockQuote(_))) => {
                open.push(false);
                result.push((item.clone(), range.clone()));
            }
            Item::Event(Event::End(TagEnd::BlockQuote(_))) if open.pop() == Some(true) => {
                result.push((Item::Close, range.clone()));
            }
            _ => result.push((item.clone(), range.clone())),
        }
        index += 1;
    }
    result
}

/// The kind and the text behind the mark of the paragraph that begins at an index.
fn marked<'a>(items: &[Spanned<'a>], index: usize) -> Option<(BoxKind, CowStr<'a>)> {
    let Item::Event(Event::Start(Tag::Paragraph)) = &items.get(index)?.0 else { return None };
    let Item::Event(Event::Text(text)) = &items.get(index + 1)?.0 else { return None };
    let kind = docsify::hint(text)?;
    Some((kind, text[docsify::MARK_LENGTH..].to_owned().into()))
}

/// The first line of a quote that is a box.
struct CalloutHeading<'a> {
    /// The start of the box, and of its text if that begins in this line.
    items: Vec<Item<'a>>,
    /// The index of the item behind it.
    next: usize,
}

/// Reads the quote that begins at an index.
fn heading<'a>(items: &[Spanned<'a>], index: usize) -> Option<CalloutHeading<'a>> {
    let mark = CalloutMark::read(items, index)?;
    let line_end = index + 3 + items[index + 3..].iter().position(ends_line)?;
    let line = &items[index + 3..line_end];
    let goes_on = !matches!(items[line_end].0, Item::Event(Event::End(TagEnd::Paragraph)));
    let words = format!("{} {}", mark.rest.trim(), plain_text(line));
    let words = words.trim();
    let next_line = items.get(line_end + 1).filter(|_| goes_on);
    // A picture or an element of HTML is no title.
    let is_text = if words.is_empty() { !line.is_empty() } else { is_sentence(words, next_line) };
    let mut result = Vec::new();
    if is_text && !mark.is_folded {
        let (title, head) = mark.title_of_kind();
        result.push(Item::Open(NodeKind::Box(mark.kind, title)));
        result.extend(head);
        result.push(Item::Event(Event::Start(Tag::Paragraph)));
        result.extend(text(mark.rest.trim_start()));
        return Some(CalloutHeading { items: result, next: index + 3 });
    }
    if words.is_empty() && line.is_empty() {
        // The word of its kind is no question.
        let kind = if mark.is_folded { BoxKind::Details } else { mark.kind };
        let mark = CalloutMark { kind, ..mark };
        let (title, head) = mark.title_of_kind();
        result.push(Item::Open(NodeKind::Box(mark.kind, title)));
        result.extend(head);
    } else {
        result.push(Item::Open(NodeKind::Box(mark.kind, BoxTitle::Own)));
        result.push(Item::Open(NodeKind::BoxHead(mark.kind)));
        result.extend(text(mark.rest.trim_start()));
        result.extend(line.iter().map(|(item, _)| item.clone()));
        if let Some(Item::Event(Event::Text(last))) = result.last_mut() {
            *last = last.trim_end().to_owned().into();
        }
        result.push(Item::Close);
    }
    if goes_on {
        result.push(Item::Event(Event::Start(Tag::Paragraph)));
    }
    Some(CalloutHeading { items: result, next: line_end + 1 })
}

fn ends_line((item, _): &Spanned<'_>) -> bool {
    matches!(item, Item::Event(Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph)))
}

/// The text as an item, unless it is empty.
fn text<'a>(text: &str) -> Option<Item<'a>> {
    (!text.is_empty()).then(|| Item::Event(Event::Text(text.to_owned().into())))
}

/// True if the words behind a mark are the beginning of the text, by the rule above.
fn is_sentence(words: &str, next_line: Option<&Spanned<'_>>) -> bool {
    if cjk::columns(words, LONGEST_TITLE + 1) > LONGEST_TITLE
        || words.ends_with(['。', '.', '；', ';', '，', ',', '、'])
    {
        return true;
    }
    let Some((Item::Event(Event::Text(next)), _)) = next_line else { return false };
    let has_parts = [", ", "; ", ": "].iter().any(|sign| words.contains(sign));
    next.starts_with(char::is_lowercase)
        && (has_parts || words.split_whitespace().count() >= FEWEST_WORDS)
}

/// `[!kind]-`, with the text behind it in the same item.
struct CalloutMark<'i> {
    word: &'i str,
    kind: BoxKind,
    /// True if the kind has a look of its own, so that the site has a word for it.
    is_known: bool,
    is_folded: bool,
    rest: &'i str,
}

impl<'i> CalloutMark<'i> {
    /// Reads the quote that begins at an index.
    fn read(items: &'i [Spanned<'_>], index: usize) -> Option<Self> {
        let Item::Event(Event::Start(Tag::BlockQuote(None))) = &items.get(index)?.0 else {
            return None;
        };
        let Item::Event(Event::Start(Tag::Paragraph)) = &items.get(index + 1)?.0 else {
            return None;
        };
        let Item::Event(Event::Text(text)) = &items.get(index + 2)?.0 else { return None };
        let (word, rest) = text.strip_prefix("[!")?.split_once(']')?;
        let (word, _) = word.split_once('|').unwrap_or((word, ""));
        let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
        if word.is_empty() || !word.chars().all(is_of_word) {
            return None;
        }
        let (rest, is_folded) = match rest.strip_prefix(['-', '+']) {
            Some(title) => (title, rest.starts_with('-')),
            None => (rest, false),
        };
        let known = BoxKind::of_quote(word);
        let kind = if is_folded { BoxKind::folded(word) } else { known.unwrap_or(BoxKind::Note) };
        Some(Self { word, kind, is_known: known.is_some() && !is_folded, is_folded, rest })
    }

    /// The title of a box that has none of its own, and its items: the site has words for its own
    /// kinds only.
    fn title_of_kind<'a>(&self) -> (BoxTitle, Vec<Item<'a>>) {
        if self.is_known {
            return (BoxTitle::Word, Vec::new());
        }
        let word = Item::Event(Event::Text(callout::capitalised(self.word).into()));
        (BoxTitle::Own, vec![Item::Open(NodeKind::BoxHead(self.kind)), word, Item::Close])
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn quotes_and_paragraphs_that_are_boxes() {
        for (text, expected) in [
            (
                "> [!NOTE]\n> a",
                "<aside class=\"box box-note\">\n<p class=\"box-title\">note</p>\n<p>a</p>\n</aside>",
            ),
            (
                "> [!info] 标题 `x`\n> **b**\n>\n> c",
                "<aside class=\"box box-note\">\n<p class=\"box-title\">标题 <code>x</code></p>\n<p><strong>b</strong></p>\n<p>c</p>\n</aside>",
            ),
            (
                "> [!WARNING] 小心\n> a",
                "<aside class=\"box box-warning\">\n<p class=\"box-title\">小心</p>\n<p>a</p>\n</aside>",
            ),
            (
                "> [!question]- 为什么\n> a",
                "<details class=\"box box-details\">\n<summary>为什么</summary>\n<p>a</p>\n</details>",
            ),
            (
                "> [!question]\n> a",
                "<aside class=\"box box-note\">\n<p class=\"box-title\">Question</p>\n<p>a</p>\n</aside>",
            ),
            (
                "> [!bug]+\n> - a",
                "<aside class=\"box box-caution\">\n<p class=\"box-title\">caution</p>\n<ul>\n<li>a</li>\n</ul>\n</aside>",
            ),
            (
                "> [!tip]\n> > [!danger] x\n> > y\n\n> q",
                "<aside class=\"box box-tip\">\n<p class=\"box-title\">tip</p>\n<aside class=\"box box-caution\">\n<p class=\"box-title\">x</p>\n<p>y</p>\n</aside>\n</aside>\n<blockquote>\n<p>q</p>\n</blockquote>",
            ),
            (
                "?> 提示 *a*\n二\n\n三",
                "<aside class=\"box box-note\">\n<p class=\"box-title\">note</p>\n<p>提示 <em>a</em>\n二</p>\n</aside>\n<p>三</p>",
            ),
            (
                "!> 注意",
                "<aside class=\"box box-warning\">\n<p class=\"box-title\">warning</p>\n<p>注意</p>\n</aside>",
            ),
            ("> [!](a) [!b\n> c", "<blockquote>\n<p><a href=\"a\">!</a> [!b\nc</p>\n</blockquote>"),
            ("?>a `?> b`", "<p>?&gt;a <code>?&gt; b</code></p>"),
        ] {
            let html = to_html(text, Options::default());
            assert_eq!(html.trim().replace("\n\n", "\n"), expected, "{text}");
        }
    }

    #[test]
    fn a_sentence_behind_a_mark_is_the_first_paragraph() {
        for (text, title, paragraph) in [
            (
                "[!TIP] See [B](b.md) and `c`: when a new version is out, you will\nneed `@`.",
                "tip",
                "See <a href=\"b.md\">B</a> and <code>c</code>: when a new version is out, you will\nneed <code>@</code>.",
            ),
            ("[!TIP] 参见[乙](b.md)。", "tip", "参见<a href=\"b.md\">乙</a>。"),
            ("[!NOTE] [B](b.md) has more.", "note", "<a href=\"b.md\">B</a> has more."),
            (
                "[!IMPORTANT] Read this first,\nthen that",
                "important",
                "Read this first,\nthen that",
            ),
            ("[!example] **A** is one.", "Example", "<strong>A</strong> is one."),
            (
                "[!WARNING] Do not run it twice, it\nwill fail",
                "warning",
                "Do not run it twice, it\nwill fail",
            ),
            ("[!tip] <kbd></kbd>\na", "tip", "<kbd></kbd>\na"),
            (
                "[!tip] <iframe src=\"https://e.org/\"></iframe>\na",
                "tip",
                "<a href=\"https://e.org/\">https://e.org/</a>\na",
            ),
            // Titles.
            ("[!info] 标题\n文字。", "标题", "文字。"),
            ("[!faq] Are callouts foldable?\nyes", "Are callouts foldable?", "yes"),
            ("[!WARNING] 小心！\na", "小心！", "a"),
            (
                "[!note] **Hard** [t](u) `v`\na",
                "<strong>Hard</strong> <a href=\"u\">t</a> <code>v</code>",
                "a",
            ),
            ("[!tip] Title case of Five Words\nthen text", "Title case of Five Words", "then text"),
            ("[!tip] a <b>b</b> <div>c</div>\nd", "a <b>b</b> <span>c</span>", "d"),
        ] {
            let quote = format!("> {}", text.replace('\n', "\n> "));
            let html = to_html(&quote, Options::default());
            let expected =
                format!("<p class=\"box-title\">{title}</p>\n<p>{paragraph}</p>\n</aside>");
            assert!(html.trim_end().ends_with(&expected), "{text}: {html}");
        }
        let folded = to_html("> [!tip]- A sentence.\n> a", Options::default());
        assert!(folded.contains("<summary>A sentence.</summary>\n<p>a</p>"), "{folded}");
    }

    #[test]
    fn html_in_a_box_ends_with_it() {
        for text in ["> [!tip] x\n> <div>\n\nb", "!!! tip \"<b>x\"\n    a\n\nb"] {
            let html = to_html(text, Options::default());
            assert!(html.trim_end().ends_with("</aside>\n<p>b</p>"), "{text}: {html}");
        }
    }
}
