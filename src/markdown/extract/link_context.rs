//! The text around each link → [`LinkContext`], and the link to the text that this one was taken
//! from. Little of the text is kept, so that an edit of prose changes no value that other notes
//! see.
//!
//! Must not know: the conclusions that are drawn from it.

use pulldown_cmark::{Event, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use crate::markdown::document::NodeKind;
use crate::markdown::formula::source::FormulaSource;
use crate::markdown::item::{Item, Spanned, end_of, is_inline};
use crate::markdown::{Link, Parsed};

/// Number of blocks at the head of a text in which it names its original.
const HEAD: usize = 3;
/// Words before the link to the original, or of that link.
const ORIGINAL: [&str; 17] = [
    "原文",
    "原文地址",
    "原文链接",
    "原文出处",
    "英文原文",
    "阅读原文",
    "出处",
    "来源",
    "文章来源",
    "转载自",
    "译自",
    "original",
    "original article",
    "original post",
    "original source",
    "original text",
    "source",
];
/// Text before a link in its line is kept up to this length, in characters.
const LITTLE: usize = 16;
/// Part of a line before a link that is looked at, in bytes.
const LONGEST_BEFORE: usize = 256;
/// Longest tag, in bytes.
const LONGEST_TAG: usize = 32;

/// The text around a link.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct LinkContext {
    /// The heading above it or around it, by its index in the outline; `None` before the first.
    pub heading: Option<usize>,
    /// The beginning of its line, if there are no letters before it: `2018-`; else the sign right
    /// before it: `📚`.
    pub before: String,
    /// The tag right behind it: `#Book#`.
    pub behind: String,
}

/// Fills in the context of all links.
pub(crate) fn look(items: &[Spanned<'_>], parsed: &mut Parsed) {
    let mut headings = 0_usize;
    let mut line = String::new();
    // For each open node of ours, the link that it is.
    let mut open: Vec<Option<usize>> = Vec::new();
    // The link that began last in this line, and where in the line its words begin.
    let mut last: Option<(usize, usize)> = None;
    for (index, (item, _)) in items.iter().enumerate() {
        match item {
            Item::Event(Event::Text(text) | Event::Code(text)) => line.push_str(text),
            Item::Event(Event::InlineMath(source) | Event::DisplayMath(source)) => {
                line.push_str(&FormulaSource::new(source).plain());
            }
            Item::Open(NodeKind::Link(link)) => {
                let link = *link as usize;
                if let Some(link) = parsed.links.get_mut(link) {
                    link.context.heading = headings.checked_sub(1);
                    link.context.before = signs(&line);
                }
                open.push(Some(link));
                last = Some((link, line.len()));
            }
            Item::Open(kind) => {
                headings += usize::from(matches!(kind, NodeKind::HtmlHeading(..)));
                open.push(None);
                if matches!(
                    kind,
                    NodeKind::Box(..) | NodeKind::BoxHead(_) | NodeKind::Label | NodeKind::TabTitle
                ) {
                    line.clear();
                }
            }
            Item::Close => {
                let Some(closed) = open.pop().flatten() else { continue };
                let Some(link) = parsed.links.get_mut(closed) else { continue };
                link.context.behind = tag_after(&items[index + 1..]);
                // A link of raw HTML has its words from here.
                if let Some((opened, from)) = last.take()
                    && opened == closed
                    && link.text.is_empty()
                    && let Some(words) = line.get(from..)
                {
                    words.trim().clone_into(&mut link.text);
                }
            }
            Item::Event(event) => {
                headings += usize::from(matches!(event, Event::Start(Tag::Heading { .. })));
                if !is_within_a_line(event) {
                    line.clear();
                    last = None;
                }
            }
            Item::Leaf(_) | Item::RawText(_) => {}
        }
    }
    parsed.original = original(items, &parsed.links);
}

/// True if a line goes on.
fn is_within_a_line(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => is_inline(tag.to_end()),
        Event::End(tag) => is_inline(*tag),
        Event::SoftBreak | Event::HardBreak | Event::Rule => false,
        _ => true,
    }
}

/// The part of the text before a link that is kept.
fn signs(before: &str) -> String {
    // Of a long line the end is enough, or a line of many links would be looked at again for each.
    let mut from = before.len().saturating_sub(LONGEST_BEFORE);
    let is_whole = from == 0;
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let before = before[from..].trim();
    let is_little =
        is_whole && before.chars().nth(LITTLE).is_none() && !before.contains(char::is_alphabetic);
    let whole = is_little.then(|| before.to_owned());
    let sign = || before.trim_end_matches('\u{FE0F}').chars().next_back().filter(|&c| is_sign(c));
    whole.or_else(|| sign().map(String::from)).unwrap_or_default()
}

/// The pictures among the characters.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27BF}' | '\u{1F300}'..='\u{1FAFF}')
}

/// The tag that the text after a link begins with.
fn tag_after(items: &[Spanned<'_>]) -> String {
    let ends = |item: &Item<'_>| matches!(item, Item::Event(Event::End(tag)) if is_inline(*tag));
    let next = items.iter().find(|(item, _)| !ends(item));
    let Some((Item::Event(Event::Text(text)), _)) = next else { return String::new() };
    let tag = text.trim_start().strip_prefix('#').and_then(|rest| Some(rest.split_once('#')?.0));
    let is_tag =
        |tag: &&str| (1..=LONGEST_TAG).contains(&tag.len()) && !tag.contains(char::is_whitespace);
    tag.filter(is_tag).map_or_else(String::new, |tag| format!("#{tag}#"))
}

/// The link of the first block near the head that has one link and says that this is the original.
fn original(items: &[Spanned<'_>], links: &[Link]) -> Option<usize> {
    let (mut index, mut blocks) = (0, 0);
    while let Some((item, _)) = items.get(index).filter(|_| blocks < HEAD) {
        let Item::Event(Event::Start(tag)) = item else {
            index += 1;
            continue;
        };
        let end = end_of(items, index);
        if matches!(tag, Tag::Paragraph | Tag::BlockQuote(_))
            && let Some(link) = original_in(&items[index..=end], links)
        {
            return Some(link);
        }
        blocks += usize::from(!matches!(tag, Tag::Heading { .. }));
        index = end + 1;
    }
    None
}

fn original_in(block: &[Spanned<'_>], links: &[Link]) -> Option<usize> {
    let mut starts = block.iter().enumerate().filter_map(|(at, (item, _))| match item {
        Item::Open(NodeKind::Link(link)) => Some((at, *link as usize)),
        _ => None,
    });
    let (at, link) = starts.next().filter(|_| starts.next().is_none())?;
    let mut before = String::new();
    for (item, _) in &block[..at] {
        match item {
            Item::Event(Event::Text(text)) => before.push_str(text),
            Item::Event(Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph)) => {
                before.clear();
            }
            _ => {}
        }
    }
    let text = &links.get(link)?.text;
    let said = if before.trim().is_empty() {
        text.split([':', '：']).next().unwrap_or_default()
    } else {
        before.rsplit(['，', ',', '；', ';', '。', '|', '（', '(']).next().unwrap_or_default()
    };
    let is_mark = |c: char| {
        c.is_whitespace() || matches!(c, ':' | '：' | '-' | '—' | '【' | '】' | '[' | ']')
    };
    let said = said.trim_matches(is_mark).to_lowercase();
    ORIGINAL.contains(&said.as_str()).then_some(link)
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Context, parse};

    #[test]
    fn links_know_what_stands_around_them() {
        for (text, heading, before, behind) in [
            ("[a](b)", None, "", ""),
            ("# x\n\n## y\n\n- 2018-[a](b) #Book#: 好", Some(1), "2018-", "#Book#"),
            ("# x [a](b)", Some(0), "", ""),
            ("- (2017) **[a](b)**#Course#", None, "(2017)", "#Course#"),
            ("- 📚 [a](b) # 1 #", None, "📚", ""),
            ("一段长长的文字，不会留下 🎥 [a](b)", None, "🎥", ""),
            ("一段文字 [a](b)", None, "", ""),
            ("文字\n2019~[a](b)", None, "2019~", ""),
            ("> 2019\n\n[a](b)", None, "", ""),
        ] {
            let link = &parse(text, &Context::default()).links[0].context;
            let found = (link.heading, link.before.as_str(), link.behind.as_str());
            assert_eq!(found, (heading, before, behind), "{text}");
        }
    }

    #[test]
    fn links_of_raw_html_have_words_too() {
        for (text, words) in
            [("<a href=\"b\">c <b>d</b></a>", "c d"), ("x <a href=\"b\">y</a> z", "y")]
        {
            assert_eq!(parse(text, &Context::default()).links[0].text, words, "{text}");
        }
    }

    #[test]
    fn the_original_of_a_clipping() {
        for (text, is_original) in [
            ("> [原文地址](https://e.org)", true),
            ("# x\n\n> [原文链接](https://e.org)\n\n文字", true),
            ("# x\n\n来源：https://e.org/a", true),
            ("# x\n\n> 作者：某人，原文：[题目](https://e.org)", true),
            ("# x\n\n> 某人作。\n>\n> Original article: [x](https://e.org)", true),
            ("[Source](https://e.org)", true),
            ("[Source code](https://e.org)", false),
            ("资料来源众多，如 [x](https://e.org)", false),
            ("> [原文](https://e.org) [译文](https://e.org)", false),
            ("一\n\n二\n\n三\n\n[原文](https://e.org)", false),
            ("- [原文](https://e.org)", false),
        ] {
            assert_eq!(parse(text, &Context::default()).original.is_some(), is_original, "{text}");
        }
    }
}
