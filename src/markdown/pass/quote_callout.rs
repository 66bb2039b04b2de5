//! Quotes that begin with `[!kind]` and paragraphs that begin with a mark → note boxes.
//!
//! ```text
//! > [!question]- Title      Obsidian: any kind, a title of its own, `-` for what is folded away; GitHub's five
//! > text                    kinds alone on their line are the parser's
//! ?> text                   docsify: a note
//! !> text                   docsify: a warning
//! ```
//!
//! Must not know: the language of the site.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::markdown::callout::{self, BoxKind};
use crate::markdown::dialect::docsify;
use crate::markdown::document::Document;
use crate::markdown::item::{Item, Spanned, end_of, plain_text};

/// Makes boxes of them.
pub(crate) fn gather<'a>(items: Vec<Spanned<'a>>, document: &mut Document) -> Vec<Spanned<'a>> {
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
            let opening = callout::opening(heading.kind, &heading.title, document);
            result.push((opening, range.clone()));
            open.push(true);
            index = heading.next;
            if heading.goes_on {
                result.push((Item::Event(Event::Start(Tag::Paragraph)), range.clone()));
            }
            continue;
        }
        if let Some((kind, text)) = marked(&items, index) {
            let end = end_of(&items, index);
            result.push((callout::opening(kind, "", document), range.clone()));
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
struct CalloutHeading {
    kind: BoxKind,
    /// Empty for the site's word for its kind.
    title: String,
    /// The index of the item behind it.
    next: usize,
    /// True if the paragraph goes on behind it.
    goes_on: bool,
}

/// Reads the quote that begins at an index.
fn heading(items: &[Spanned<'_>], index: usize) -> Option<CalloutHeading> {
    let Item::Event(Event::Start(Tag::BlockQuote(None))) = &items.get(index)?.0 else {
        return None;
    };
    let Item::Event(Event::Start(Tag::Paragraph)) = &items.get(index + 1)?.0 else { return None };
    let Item::Event(Event::Text(text)) = &items.get(index + 2)?.0 else { return None };
    let (word, rest) = text.strip_prefix("[!")?.split_once(']')?;
    let (word, _) = word.split_once('|').unwrap_or((word, ""));
    if word.is_empty() || !word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '))
    {
        return None;
    }
    let (rest, is_folded) = match rest.strip_prefix(['-', '+']) {
        Some(title) => (title, rest.starts_with('-')),
        None => (rest, false),
    };
    let ends_line = |(item, _): &Spanned<'_>| {
        matches!(
            item,
            Item::Event(Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph))
        )
    };
    let line_end = index + 3 + items[index + 3..].iter().position(ends_line)?;
    let title = format!("{} {}", rest.trim(), plain_text(&items[index + 3..line_end]));
    let title = title.trim();
    let kind = BoxKind::of_quote(word);
    // The site has words for its own kinds only.
    let title = if title.is_empty() && (kind.is_none() || is_folded) {
        callout::capitalised(word)
    } else {
        title.to_owned()
    };
    let kind = if is_folded { BoxKind::Details } else { kind.unwrap_or(BoxKind::Note) };
    Some(CalloutHeading {
        kind,
        title,
        next: line_end + 1,
        goes_on: !matches!(items[line_end].0, Item::Event(Event::End(TagEnd::Paragraph))),
    })
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
                "<aside class=\"box box-note\">\n<p class=\"box-title\">标题 x</p>\n<p><strong>b</strong></p>\n<p>c</p>\n</aside>",
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
}
