//! Headings: ids by GitHub's rule with Chinese kept, never empty or repeated; levels raised so that
//! the page's title stays its only `<h1>`; the outline.
//!
//! Must not know: which heading becomes the page's title.

use std::collections::HashMap;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use super::raw_html;
use crate::markdown::item::{Item, Spanned, end_of, plain_text};
use crate::markdown::{Draft, Parsed};

/// Ids that the built-in templates use for their own parts.
const RESERVED: [&str; 7] = ["top", "text", "navigation", "outline", "search", "theme", "closed"];

/// A heading of a note.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Heading {
    /// 1 to 6, as written.
    pub level: u8,
    /// The id one can link to.
    pub anchor: String,
    /// Its text, without markup.
    pub text: String,
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

/// The ids of one page.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    /// Number of times that each slug was claimed. Every id that was given out is a key too.
    wanted: HashMap<String, usize>,
}

impl Ids {
    /// `slug`, or `slug-1`, `slug-2` … when it is taken. An empty slug becomes `section`.
    pub fn claim(&mut self, slug: &str) -> String {
        let slug = if slug.is_empty() { "section" } else { slug };
        let reserved = RESERVED.contains(&slug);
        if !reserved && !self.wanted.contains_key(slug) {
            self.wanted.insert(slug.to_owned(), 0);
            return slug.to_owned();
        }
        let mut number = self.wanted.get(slug).copied().unwrap_or(0);
        loop {
            number += 1;
            let id = format!("{slug}-{number}");
            if !self.wanted.contains_key(&id) {
                self.wanted.insert(slug.to_owned(), number);
                self.wanted.insert(id.clone(), 0);
                return id;
            }
        }
    }

    /// Claims an id that raw HTML sets; true if it was free.
    pub fn take(&mut self, id: &str) -> bool {
        let free = !id.is_empty()
            && !id.contains(char::is_whitespace)
            && !RESERVED.contains(&id)
            && !self.wanted.contains_key(id);
        if free {
            self.wanted.insert(id.to_owned(), 0);
        }
        free
    }
}

/// GitHub's rule for heading ids: lower case, letters, marks, digits, `_` and `-` of all scripts
/// kept, blanks to `-`, the rest dropped.
#[must_use]
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.trim().chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || matches!(c, '_' | '-') || is_mark(c) {
            slug.push(c);
        } else if c.is_whitespace() {
            slug.push('-');
        }
    }
    slug
}

/// Combining marks, which Unicode does not count as alphanumeric but GitHub keeps (`\p{M}`); the
/// common blocks.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5BD}' | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}' | '\u{93A}'..='\u{94F}' | '\u{E31}' | '\u{E34}'..='\u{E3A}'
        | '\u{E47}'..='\u{E4E}' | '\u{3099}'..='\u{309A}')
}

/// Gives every heading its id and level and fills the outline.
pub(crate) fn identify<'a>(items: &[Spanned<'a>], draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
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
        let text = plain_text(&inner);
        let anchor = draft.ids.claim(&id.unwrap_or_else(|| slug(&text)));
        let place = items[index].1.clone();
        draft.parsed.heading_lines.push(draft.lines.of(place.start));
        draft.parsed.outline.push(Heading { level: *level as u8, anchor: anchor.clone(), text });
        let (level, id) = (*level, Some(anchor.into()));
        let tag = Tag::Heading { level, id, classes: vec![], attrs: vec![] };
        result.push((Item::Event(Event::Start(tag)), place.clone()));
        result.extend(inner);
        result.push((Item::Event(Event::End(TagEnd::Heading(level))), place));
        index = end + 1;
    }
    result
}

/// The content of a heading without the `{#id}` at its end, and the id. Classes and `key=value`
/// beside it go too; any other text in braces is text: `/users/{id}`, `${x}`.
fn without_id<'a>(content: &[Spanned<'a>]) -> (Vec<Spanned<'a>>, Option<String>) {
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
        let further = parsed.outline.iter().skip(1);
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
    use super::*;
    use crate::markdown::{Context, parse};

    #[test]
    fn slugs_follow_github() {
        for (text, expected) in [
            ("Nav | 导航", "nav--导航"),
            ("链接", "链接"),
            ("Hello, World!", "hello-world"),
            ("C++ & Rust", "c--rust"),
            ("epoll_wait()", "epoll_wait"),
            ("&&", ""),
            ("Émile", "émile"),
            ("📚 书籍", "-书籍"),
        ] {
            assert_eq!(slug(text), expected, "{text}");
        }
    }

    #[test]
    fn ids_are_never_empty_or_repeated() {
        let text =
            "# A\n## A\n## A-1\n## A\n##\n## &&\n## top\n## 甲 {#b}\n## b\n## `c` *d* ![e](f)";
        let parsed = parse(text, &Context::default());
        let ids: Vec<_> = parsed.outline.iter().map(|heading| heading.anchor.as_str()).collect();
        assert_eq!(
            ids,
            ["a", "a-1", "a-1-1", "a-2", "section", "section-1", "top-1", "b", "b-1", "c-d-e"]
        );
    }

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
