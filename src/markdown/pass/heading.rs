//! Headings of Markdown → their words and the ids they ask for; levels raised so that the page's
//! title stays its only `<h1>`.
//!
//! Must not know: which heading becomes the page's title, which ids are taken.

use pulldown_cmark::{Event, HeadingLevel, LinkType, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use super::{emoji, raw_html};
use crate::markdown::formula::source::FormulaSource;
use crate::markdown::item::{Item, Spanned, end_of, plain_text};
use crate::markdown::{Draft, Parsed};
use crate::path::slug;

/// A heading of a note.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Heading {
    /// 1 to 6, as written.
    pub level: u8,
    /// The id one can link to.
    pub anchor: String,
    /// Its text, without markup.
    pub text: String,
    /// True if it is an element of raw HTML, which is never the title of its page.
    pub is_html: bool,
}

/// The text before the first heading, as far as it matters for the title.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Opening {
    /// Nothing that introduces the note: images, badges, links, a quote.
    #[default]
    Nothing,
    /// Text, so that the heading begins a section of it.
    Text,
    /// A title in raw HTML, with these words.
    Title(String),
}

impl Opening {
    /// Classifies the items before the first heading of Markdown.
    fn of(items: &[Spanned<'_>]) -> Self {
        let (mut html, mut says, mut aside) = (String::new(), false, 0_usize);
        for (item, _) in items {
            match item {
                Item::Event(Event::Start(Tag::Heading { .. })) => break,
                Item::Event(Event::Start(
                    Tag::BlockQuote(_) | Tag::Link { .. } | Tag::Image { .. },
                )) => {
                    aside += 1;
                }
                Item::Event(Event::End(TagEnd::BlockQuote(_) | TagEnd::Link | TagEnd::Image)) => {
                    aside = aside.saturating_sub(1);
                }
                Item::Event(Event::Html(part)) => html.push_str(part),
                Item::Event(Event::InlineMath(_) | Event::DisplayMath(_)) => says |= aside == 0,
                Item::Event(Event::Text(text) | Event::Code(text)) => {
                    says |= aside == 0 && text.contains(char::is_alphanumeric);
                }
                _ => {}
            }
        }
        match raw_html::first_title(&html) {
            Some(title) => Self::Title(title),
            None if says => Self::Text,
            None => Self::Nothing,
        }
    }
}

/// Gives every heading its level, and finds its words and the id that it asks for, which it gets
/// once raw HTML has its headings ([`heading_id::assign`](super::heading_id::assign)).
pub(crate) fn find<'a>(items: &[Spanned<'a>], draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    draft.parsed.opening = Opening::of(items);
    let is_titled = matches!(draft.parsed.opening, Opening::Title(_));
    let is_title = |(item, _): &Spanned<'_>| {
        matches!(item, Item::Event(Event::Start(Tag::Heading { level: HeadingLevel::H1, .. })))
    };
    draft.parsed.document.level_shift =
        if is_titled { u8::from(items.iter().any(is_title)) } else { shift(items, draft.title) };
    let mut result = Vec::with_capacity(items.len() + 8);
    let mut index = 0;
    while index < items.len() {
        let Item::Event(Event::Start(Tag::Heading { level, .. })) = &items[index].0 else {
            result.push(items[index].clone());
            index += 1;
            continue;
        };
        let end = end_of(items, index);
        let (inner, id) = without_id(&items[index + 1..end]);
        let place = items[index].1.clone();
        let words = words_outside_images(&inner);
        let anchor = id.unwrap_or_else(|| slug(&words));
        let text = shown_text(&inner, &words);
        draft.headings.push(Heading { level: *level as u8, anchor, text, is_html: false });
        let level = *level;
        let tag = Tag::Heading { level, id: None, classes: vec![], attrs: vec![] };
        result.push((Item::Event(Event::Start(tag)), place.clone()));
        result.extend(inner);
        result.push((Item::Event(Event::End(TagEnd::Heading(level))), place));
        index = end + 1;
    }
    result
}

/// The text of a heading for titles and the outline. A heading that is a picture is named by what
/// the picture shows.
fn shown_text(content: &[Spanned<'_>], words: &str) -> String {
    if words.trim().is_empty() {
        return plain_text(content);
    }
    if !words.contains(':') {
        return words.trim().to_owned();
    }
    // The id keeps the letters of a shortcode, the outline shows the emoji of the text.
    words_outside_images(&emoji::replace(content.to_vec())).trim().to_owned()
}

/// The text of a heading as GitHub reads it for the id: blanks at its ends count, the alternative
/// text of images does not. `![[Note]]` is text to GitHub.
fn words_outside_images(content: &[Spanned<'_>]) -> String {
    let mut words = String::new();
    // For each open image, true if its text is left out.
    let mut open: Vec<bool> = Vec::new();
    for (item, _) in content {
        let is_left_out = open.contains(&true);
        match item {
            Item::Event(Event::Start(Tag::Image { link_type, .. })) => {
                open.push(!matches!(link_type, LinkType::WikiLink { .. }));
            }
            Item::Event(Event::End(TagEnd::Image)) => {
                open.pop();
            }
            Item::Event(Event::Text(part) | Event::Code(part)) if !is_left_out => {
                words.push_str(part);
            }
            Item::Event(Event::InlineMath(source) | Event::DisplayMath(source)) if !is_left_out => {
                words.push_str(&FormulaSource::new(source).plain());
            }
            Item::Event(Event::SoftBreak | Event::HardBreak) if !is_left_out => words.push('\n'),
            _ => {}
        }
    }
    words
}

/// The content of a heading without the `{#id}` at its end, and the id. Classes and `key=value`
/// beside it go too; any other text in braces is text: `/users/{id}`, `${x}`.
pub(super) fn without_id<'a>(content: &[Spanned<'a>]) -> (Vec<Spanned<'a>>, Option<String>) {
    let mut content = content.to_vec();
    let Some((Item::Event(Event::Text(text)), _)) = content.last_mut() else {
        return (content, None);
    };
    // docsify's `:id=x`.
    if let Some((before, id)) = text.trim_end().rsplit_once(" :id=")
        && !id.is_empty()
        && !id.contains(char::is_whitespace)
    {
        let (before, id) = (before.trim_end().to_owned(), id.to_owned());
        *text = before.into();
        return (content, Some(id));
    }
    let Some((before, attributes)) =
        text.trim_end().strip_suffix('}').and_then(|text| text.rsplit_once('{'))
    else {
        return (content, None);
    };
    let is_attribute =
        |word: &str| word.len() > 1 && (word.starts_with(['#', '.']) || word.contains('='));
    let id = attributes
        .split_whitespace()
        .find_map(|word| word.strip_prefix('#'))
        .filter(|id| !id.is_empty());
    let id = id.filter(|_| attributes.split_whitespace().all(is_attribute)).map(str::to_owned);
    if id.is_some() {
        *text = before.trim_end().to_owned().into();
    }
    (content, id)
}

/// 1 when a first-level heading may stay in the text: when there are several, or when the only one
/// is not the page's title, which front matter may give.
fn shift(items: &[Spanned<'_>], title: Option<&str>) -> u8 {
    let headings = items.iter().enumerate().filter_map(|(index, (item, _))| match item {
        Item::Event(Event::Start(Tag::Heading { level, .. })) => Some((index, *level)),
        _ => None,
    });
    let headings: Vec<_> = headings.collect();
    let firsts = headings.iter().filter(|&&(_, level)| level == HeadingLevel::H1).count();
    let is_title = |&(index, level): &(usize, HeadingLevel)| {
        level == HeadingLevel::H1
            && title.is_none_or(|title| title == plain_text(&items[index..end_of(items, index)]))
    };
    let only_title = firsts == 1 && headings.first().is_some_and(is_title);
    u8::from(firsts > 0 && !only_title)
}

/// The levels at which the headings of a text are shown, in the order of the text. The only place
/// that decides one.
#[derive(Debug, Clone, Default)]
pub struct HeadingLevels {
    /// See [`Document`](crate::markdown::Document).
    shift: u8,
    /// True if further headings of the first level come behind the one that is the page's title.
    has_further_titles: bool,
    /// True until the first section of the second level behind the page's title.
    is_below_title: bool,
    is_chapter: bool,
    /// The levels of the headings that are open.
    open: Vec<u8>,
}

impl HeadingLevels {
    /// `takes_title`: the first heading is the title of the page. `is_chapter`: the text is one of
    /// several on a page.
    #[must_use]
    pub fn new(parsed: &Parsed, takes_title: bool, is_chapter: bool) -> Self {
        let further = parsed.headings().skip(1);
        Self {
            shift: parsed.document.level_shift,
            has_further_titles: takes_title && further.into_iter().any(|other| other.level == 1),
            is_below_title: false,
            is_chapter,
            open: Vec::new(),
        }
    }

    /// The title has gone by. Further titles are headings of the second level, and what is below
    /// them of the third; below the page's own title `##` begins a section, however many further
    /// titles there are.
    pub fn behind_title(&mut self) {
        self.is_below_title = self.has_further_titles;
    }

    /// The level of the next heading, by its level as written: never the first, never below the
    /// sixth.
    pub fn next(&mut self, written: u8) -> u8 {
        let mut level = (written + self.shift).clamp(2, 6);
        if self.is_below_title {
            if level == 2 {
                self.is_below_title = false;
            } else {
                level -= 1;
            }
        }
        if self.is_chapter {
            level = (level + 1).min(6);
        }
        self.next_as_written(level)
    }

    /// The level of the next heading where nothing changes it.
    pub fn next_as_written(&mut self, level: u8) -> u8 {
        self.open.push(level);
        level
    }

    /// The level of the heading that ends.
    pub fn end(&mut self) -> u8 {
        self.open.pop().unwrap_or(2)
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Context, parse};

    #[test]
    fn the_text_keeps_no_first_level_heading() {
        for (text, shown) in [
            ("# A\n## B", "h2 h2"),
            ("# A\n## B\n# C\n###### D", "h2 h3 h2 h6"),
            ("## A\n# B", "h3 h2"),
            ("## A\n### B", "h2 h3"),
        ] {
            let html = parse(text, &Context::default()).to_html();
            let levels: Vec<_> =
                html.match_indices("<h").map(|(at, _)| &html[at + 1..at + 3]).collect();
            assert_eq!(levels.join(" "), shown, "{text}");
        }
    }

    #[test]
    fn shortcodes_are_emoji_in_the_outline_and_letters_in_ids() {
        for (text, expected) in [
            ("# :rocket: Start", ("🚀 Start", "rocket-start")),
            ("## a `:tada:` 10:30:45", ("a :tada: 10:30:45", "a-tada-103045")),
            ("## *:tada:* 完成", ("🎉 完成", "tada-完成")),
        ] {
            let heading = parse(text, &Context::default()).outline.remove(0);
            assert_eq!((&*heading.text, &*heading.anchor), expected, "{text}");
        }
    }

    #[test]
    fn only_an_id_in_braces_is_no_text() {
        for (text, expected) in [
            ("## a {#b}", ("a", "b")),
            ("## a {#b .c d=e}", ("a", "b")),
            ("## 变量 ${x}", ("变量 ${x}", "变量-x")),
            ("## path /users/{id}", ("path /users/{id}", "path-usersid")),
            ("## 集合 {1, 2}", ("集合 {1, 2}", "集合-1-2")),
            ("## a {.b}", ("a {.b}", "a-b")),
            ("## `{#a}`", ("{#a}", "a")),
            ("一致\n性\n===", ("一致性", "一致性")),
        ] {
            let heading = parse(text, &Context::default()).outline.remove(0);
            assert_eq!((&*heading.text, &*heading.anchor), expected, "{text}");
        }
    }
}
