//! `[[name]]`, `[[name|words]]` and `![[name]]` in a text of a note that is in no vault of
//! Obsidian → links and embeds, where the name is that of a note or a file. Everything else in
//! double brackets is the text that it is: `[[nodiscard]]`, `[[ -f x ]]`, `[[1]](a)`.
//!
//! Must not know: which notes there are.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use crate::markdown::Draft;
use crate::markdown::item::{Item, Spanned, is_inline};
use crate::markdown::wiki_names::openings;

const OPEN: &str = "[[";
const CLOSE: &str = "]]";

/// A link in a text.
struct FoundWikiLink<'t> {
    /// Its place in the text; it ends behind the words' sign if the words go on in other items.
    range: Range<usize>,
    is_embed: bool,
    name: &'t str,
    words: Option<&'t str>,
    is_open: bool,
}

/// True if a text begins with one of two brackets, after a backslash.
pub(crate) fn is_escaped(text: &str, source: &str, start: usize) -> bool {
    let before = &source.as_bytes()[..start];
    text.starts_with('[')
        && (text[1..].starts_with('[')
            || source[start + 1..].starts_with(['[', '\\'])
            || before.ends_with(b"[\\"))
        && before.iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}

/// Makes links of the names that name something.
pub(crate) fn mark<'a>(items: Vec<Spanned<'a>>, draft: &Draft<'_>) -> Vec<Spanned<'a>> {
    if draft.named.is_none_or(std::collections::HashSet::is_empty) {
        return items;
    }
    let mut marker = WikiMarker { draft, result: Vec::with_capacity(items.len()), searched: 0 };
    // Links hold no other links, and code holds none.
    let mut closed = 0_usize;
    let mut index = 0;
    while index < items.len() {
        match &items[index].0 {
            Item::Event(Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_))) => {
                closed += 1;
            }
            Item::Event(Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock)) => {
                closed = closed.saturating_sub(1);
            }
            Item::Event(Event::Text(text)) if closed == 0 && text.contains(OPEN) => {
                index = marker.text(&items, index);
                continue;
            }
            _ => {}
        }
        marker.result.push(items[index].clone());
        index += 1;
    }
    marker.result
}

/// A place in the text of an item.
struct ItemPosition {
    index: usize,
    from: usize,
}

struct WikiMarker<'d, 'a> {
    draft: &'d Draft<'d>,
    result: Vec<Spanned<'a>>,
    /// Place in the source up to which links were found.
    searched: usize,
}

impl<'a> WikiMarker<'_, 'a> {
    /// Adds a text, its links marked; gives the index of the item behind it.
    fn text(&mut self, items: &[Spanned<'a>], index: usize) -> usize {
        let mut here = ItemPosition { index, from: 0 };
        while let Item::Event(Event::Text(text)) = &items[here.index].0 {
            let range = &items[here.index].1;
            let Some(link) = self.first_in(&text[here.from..]) else {
                self.push(&text[here.from..], range);
                break;
            };
            let start = here.from + link.range.start;
            let end = here.from + link.range.end;
            let closing = if link.is_open { closing(items, here.index) } else { None };
            if link.is_open && closing.is_none() {
                self.push(&text[here.from..end], range);
                here.from = end;
                continue;
            }
            let place = self.place(range, link.name);
            self.push(&text[here.from..start], range);
            self.result.push((Item::Event(Event::Start(tag(&link))), place.clone()));
            self.push(link.words.unwrap_or(link.name), &place);
            here.from = end;
            if let Some(closing) = closing {
                self.result.extend_from_slice(&items[here.index + 1..closing.index]);
                if let Item::Event(Event::Text(last)) = &items[closing.index].0 {
                    self.push(&last[..closing.from], &place);
                }
                here = ItemPosition { from: closing.from + CLOSE.len(), ..closing };
            }
            let tag = if link.is_embed { TagEnd::Image } else { TagEnd::Link };
            self.result.push((Item::Event(Event::End(tag)), place));
        }
        here.index + 1
    }

    fn push(&mut self, text: &str, range: &Range<usize>) {
        if !text.is_empty() {
            let text = CowStr::from(text.to_owned());
            self.result.push((Item::Event(Event::Text(text)), range.clone()));
        }
    }

    /// The first link of a text.
    fn first_in<'t>(&self, text: &'t str) -> Option<FoundWikiLink<'t>> {
        let named = self.draft.named?;
        let mut openings = openings(text).peekable();
        while let Some(at) = openings.next() {
            let next = openings.peek().copied().unwrap_or(text.len());
            let inner = &text[at + OPEN.len()..next];
            let (inner, is_open) = match inner.find(CLOSE) {
                Some(end) => (&inner[..end], false),
                None => (inner, true),
            };
            let (name, words) = match inner.split_once('|') {
                Some((name, words)) => (name, Some(words)),
                None => (inner, None),
            };
            // Only words may hold markup, and so go on in other items.
            if (is_open && (words.is_none() || next < text.len())) || !named.contains(name.trim()) {
                continue;
            }
            let is_embed = text[..at].ends_with('!');
            let start = at - usize::from(is_embed);
            let end = at + OPEN.len() + inner.len();
            let range = start..end + if is_open { 0 } else { CLOSE.len() };
            return Some(FoundWikiLink { range, is_embed, name: name.trim(), words, is_open });
        }
        None
    }

    /// The place of a link's name in the source: links come in order, so each is looked for behind
    /// the last one.
    fn place(&mut self, range: &Range<usize>, name: &str) -> Range<usize> {
        let from = range.start.max(self.searched);
        let source = self.draft.lines.text().get(from..range.end).unwrap_or_default();
        let opened = source.match_indices(OPEN).find_map(|(at, _)| {
            let inner = &source[at + OPEN.len()..];
            let blanks = inner.len() - inner.trim_start().len();
            inner[blanks..].starts_with(name).then_some(at + OPEN.len() + blanks)
        });
        let Some(at) = opened else {
            // Nothing is looked for twice, or a long text would be read again for each link.
            self.searched = range.end;
            return range.clone();
        };
        self.searched = from + at + name.len();
        from + at..self.searched
    }
}

fn tag(link: &FoundWikiLink<'_>) -> Tag<'static> {
    let link_type = LinkType::WikiLink { has_pothole: link.words.is_some() };
    let dest_url = CowStr::from(link.name.to_owned());
    let (title, id) = (CowStr::Borrowed(""), CowStr::Borrowed(""));
    if link.is_embed {
        Tag::Image { link_type, dest_url, title, id }
    } else {
        Tag::Link { link_type, dest_url, title, id }
    }
}

/// The text item that ends a link whose words began in the item at `index`, and where in it.
fn closing(items: &[Spanned<'_>], index: usize) -> Option<ItemPosition> {
    let mut depth = 0_usize;
    for (place, (item, _)) in items.iter().enumerate().skip(index + 1) {
        match item {
            Item::Event(Event::Start(tag)) => {
                if !is_inline(tag.to_end()) || matches!(tag, Tag::Link { .. }) {
                    return None;
                }
                depth += 1;
            }
            Item::Event(Event::End(_)) => depth = depth.checked_sub(1)?,
            Item::Event(Event::Text(text)) if depth == 0 => {
                let end = text.find(CLOSE);
                if end.is_some() || text.contains(OPEN) {
                    let end = end.filter(|&end| !text[..end].contains(OPEN))?;
                    return Some(ItemPosition { index: place, from: end });
                }
            }
            Item::Event(Event::SoftBreak | Event::HardBreak) => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::markdown::{Context, parse};

    fn html(text: &str) -> String {
        let named: HashSet<String> = ["Note", "b/深 入#节", "a.png", "C"].map(str::to_owned).into();
        let context = Context { named: Some(&named), ..Context::default() };
        parse(text, &context).to_html().trim().to_owned()
    }

    #[test]
    fn names_are_links_and_other_brackets_text() {
        for (text, expected) in [
            ("[[Note]]", "<p><a href=\"Note\">Note</a></p>"),
            (
                "a [[Note]]，[[b/深 入#节|文]] b",
                "<p>a <a href=\"Note\">Note</a>，<a href=\"b/%E6%B7%B1%20%E5%85%A5#%E8%8A%82\">文</a> b</p>",
            ),
            (
                "[[Note|**粗** `码`]]。",
                "<p><a href=\"Note\"><strong>粗</strong> <code>码</code></a>。</p>",
            ),
            ("[[Note|a *b*", "<p>[[Note|a <em>b</em></p>"),
            ("x ![[a.png]]", "<p>x <img src=\"a.png\" alt=\"a.png\" /></p>"),
            (
                "[[nodiscard]] [[ -f x ]] [[C]]",
                "<p>[[nodiscard]] [[ -f x ]] <a href=\"C\">C</a></p>",
            ),
            ("[[Note]](b.md)", "<p><a href=\"b.md\">[Note]</a></p>"),
            ("[[C]]\n\n[C]: d", "<p>[<a href=\"d\">C</a>]</p>"),
            ("`[[Note]]` \\[[Note]]", "<p><code>[[Note]]</code> [[Note]]</p>"),
            ("    [[Note]]", "<pre class=\"wrap\"><code>[[Note]]</code></pre>"),
            ("## [[Note]]", "<h2 id=\"note\"><a href=\"Note\">Note</a></h2>"),
            ("[[[Note]]]", "<p>[<a href=\"Note\">Note</a>]</p>"),
            ("[[x [[Note]]", "<p>[[x <a href=\"Note\">Note</a></p>"),
        ] {
            assert_eq!(html(text), expected, "{text}");
        }
    }

    #[test]
    fn a_bar_in_a_table_is_escaped() {
        let text = "| a |\n|---|\n| [[Note\\|文]] |";
        assert!(html(text).contains("<td><a href=\"Note\">文</a></td>"), "{}", html(text));
    }

    #[test]
    fn each_link_knows_its_place() {
        let named: HashSet<String> = ["Note".to_owned()].into();
        let context = Context { named: Some(&named), ..Context::default() };
        let parsed = parse("Note [[Note]] &amp; [[Note|b]]\n[[Note]]", &context);
        let places: Vec<_> =
            parsed.links.iter().map(|link| (link.place.line, link.place.column)).collect();
        assert_eq!(places, [(1, 8), (1, 23), (2, 3)]);
    }
}
