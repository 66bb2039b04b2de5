//! Links and images → [`Link`]s and the nodes that name them. Bare addresses become links,
//! destinations with blanks are understood, an image alone in its paragraph becomes a figure.
//!
//! Must not know: where a link leads; that takes all notes.

mod autolink;
mod embed;
mod flow;
mod mind_map;
mod picture;

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};

pub(crate) use self::autolink::{Stop, autolink};
use self::embed::Embedded;
use self::flow::Flow;
pub use self::mind_map::{MIND_MAP, may_show_mind_maps};
pub(crate) use self::picture::PictureSize;
use super::document::{Attribute, ImageCandidate, NodeKind, offset};
use super::extract::link_context::LinkContext;
use super::item::{Item, Spanned, end_of, plain_text};
use super::{Draft, Rules};
use crate::diagnostic::Span;
use crate::escape::{write_attribute, write_url};

/// The kinds of links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum LinkKind {
    /// Leads somewhere when followed.
    #[default]
    Link,
    /// Shows an image.
    Image,
    /// Loads a video, sound or other file of raw HTML.
    Media,
    /// Shows a note or a section of one, or leads to it.
    Embed,
}

impl LinkKind {
    /// True if it leads somewhere, rather than load a file.
    #[must_use]
    pub fn leads(self) -> bool {
        matches!(self, Self::Link | Self::Embed)
    }
}

/// A link, image or medium of a note.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Link {
    /// Its kind.
    pub kind: LinkKind,
    /// The address as written, with character references decoded.
    pub destination: String,
    /// The tooltip.
    pub title: String,
    /// The words of the link, or an image's alternative text.
    pub text: String,
    /// Attributes that raw HTML brought, and the size of an image.
    pub attributes: Vec<Attribute>,
    /// The other files that an image of raw HTML may show.
    pub candidates: Vec<ImageCandidate>,
    /// Its place in the file: that of its destination if it is found, else that of the whole link.
    pub place: Span,
    /// True if it is in a cell of the navigation matrix.
    pub is_cell: bool,
    /// True if it is written `[[a]]`, which names a note or file in any folder.
    pub is_wiki: bool,
    /// The text around it.
    pub context: LinkContext,
}

impl Link {
    /// An image's alternative text; `None` if an editor or uploader wrote it.
    #[must_use]
    pub fn described(&self) -> Option<&str> {
        // Writers name files by what they show, so a name without its ending describes too.
        Some(self.text.as_str()).filter(|text| picture::describes(text, ""))
    }

    /// Writes `<a href="…">` with the destination as written.
    pub fn write_plain_start(&self, out: &mut String) {
        out.push_str("<a");
        write_url(out, "href", &self.destination);
        if !self.title.is_empty() {
            write_attribute(out, "title", &self.title);
        }
        out.push('>');
    }

    /// Writes `<img src="…" …/>` with the destination as written.
    pub fn write_plain_image(&self, out: &mut String) {
        out.push_str("<img");
        write_url(out, "src", &self.destination);
        write_attribute(out, "alt", &self.text);
        if !self.title.is_empty() {
            write_attribute(out, "title", &self.title);
        }
        out.push_str(" />");
    }
}

/// Registers links and images and puts nodes in their place.
pub(crate) fn register_all<'a>(items: &[Spanned<'a>], draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    let mut result = Vec::with_capacity(items.len());
    let mut flow = Flow::default();
    let mut open_items = 0_usize;
    let mut index = 0;
    while index < items.len() {
        let (item, range) = &items[index];
        match item {
            Item::Event(Event::Start(Tag::Paragraph)) if draft.options.rules == Rules::Notes => {
                let end = end_of(items, index);
                let inside = &items[index + 1..end];
                if is_figure(inside) {
                    figure(inside, draft, &mut result);
                    index = end + 1;
                    continue;
                }
                // A list of links is one, whether or not its items are paragraphs.
                if open_items == 0
                    && mind_map::is_alone(inside)
                    && let Some(maps) = mind_map::drawn(&inside[0], draft)
                {
                    let link = register_all(inside, draft);
                    result.extend(mind_map::figure(maps, link, range));
                    index = end + 1;
                    continue;
                }
                flow.push(items[index].clone(), &mut result);
            }
            Item::Event(Event::Start(Tag::Link { .. })) => {
                let end = end_of(items, index);
                let link = register(&items[index..=end], draft);
                let node = (Item::Open(NodeKind::Link(offset(link))), range.clone());
                flow.push(node, &mut result);
            }
            Item::Event(Event::End(TagEnd::Link)) => {
                flow.push((Item::Close, range.clone()), &mut result);
            }
            Item::Event(Event::Start(Tag::Image { .. })) => {
                let end = end_of(items, index);
                image(&items[index..=end], &mut flow, draft, &mut result);
                index = end;
            }
            Item::Event(event) => {
                match event {
                    Event::Start(Tag::Item) => open_items += 1,
                    Event::End(TagEnd::Item) => open_items = open_items.saturating_sub(1),
                    _ => {}
                }
                flow.push(items[index].clone(), &mut result);
            }
            _ => flow.push(items[index].clone(), &mut result),
        }
        index += 1;
    }
    result
}

/// Registers the image that these items are and puts the node of what it shows in their place.
fn image<'a>(
    items: &[Spanned<'a>],
    flow: &mut Flow,
    draft: &mut Draft<'_>,
    result: &mut Vec<Spanned<'a>>,
) {
    let place = items[0].1.clone();
    let image = register(items, draft);
    let words = words_of(&items[1..items.len() - 1], &draft.parsed.links[image], &place);
    let around = |kind: NodeKind| {
        let start = std::iter::once((Item::Open(kind), place.clone()));
        start.chain(words).chain([(Item::Close, place.clone())])
    };
    if flow.takes_block()
        && let Some(maps) = mind_map::drawn(&items[0], draft)
    {
        let link = around(NodeKind::Link(offset(image))).collect();
        flow.push_block(mind_map::figure(maps, link, &place), result);
        return;
    }
    match draft.parsed.links[image].kind {
        LinkKind::Embed if flow.takes_block() => {
            flow.push_block(around(NodeKind::Embed(offset(image))), result);
        }
        LinkKind::Link | LinkKind::Embed => {
            draft.parsed.links[image].kind = LinkKind::Link;
            around(NodeKind::Link(offset(image))).for_each(|item| flow.push(item, result));
        }
        LinkKind::Media => {
            let player = embed::player(image, &place, draft);
            player.into_iter().flatten().for_each(|item| flow.push(item, result));
        }
        LinkKind::Image => {
            flow.push((Item::Leaf(NodeKind::Image(offset(image))), place), result);
        }
    }
}

/// The words of a link in an image's place: the name of its file, if the writer gives none.
fn words_of<'a>(items: &[Spanned<'a>], link: &Link, place: &Range<usize>) -> Vec<Spanned<'a>> {
    if !link.text.is_empty() {
        return items.to_vec();
    }
    let path = link.destination.split(['?', '#']).next().unwrap_or_default();
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    vec![(Item::Event(Event::Text(name.into())), place.clone())]
}

/// Registers the link or image that these items are; gives its index.
fn register(items: &[Spanned<'_>], draft: &mut Draft<'_>) -> usize {
    let (item, range) = &items[0];
    let mut link = Link { text: plain_text(items), ..Link::default() };
    let mut around = range.clone();
    if let Item::Event(Event::Start(
        Tag::Link { link_type, id, .. } | Tag::Image { link_type, id, .. },
    )) = item
        && is_reference(*link_type)
        && let Some(definition) = draft.definitions.get(&id.to_lowercase())
    {
        around = definition.clone();
    }
    if let Item::Event(Event::Start(Tag::Link { link_type, .. } | Tag::Image { link_type, .. })) =
        item
    {
        link.is_wiki = matches!(link_type, LinkType::WikiLink { .. });
    }
    if let Item::Event(Event::Start(Tag::Link { link_type, dest_url, title, .. })) = item {
        let dest_url = without_escape(dest_url, link.is_wiki);
        let mail = if *link_type == LinkType::Email { "mailto:" } else { "" };
        link.destination = format!("{mail}{dest_url}");
        (link.title, _) = picture::without_instructions(title);
    } else if let Item::Event(Event::Start(Tag::Image { dest_url, title, .. })) = item {
        let dest_url = without_escape(dest_url, link.is_wiki);
        link.kind = match Embedded::of(dest_url, link.is_wiki) {
            _ if draft.options.rules != Rules::Notes => LinkKind::Image,
            Embedded::Picture => LinkKind::Image,
            Embedded::Sound | Embedded::Film => LinkKind::Media,
            Embedded::Note => LinkKind::Embed,
            Embedded::File => LinkKind::Link,
        };
        dest_url.clone_into(&mut link.destination);
        let (title, size) = picture::without_instructions(title);
        link.title = title;
        link.attributes = size.map(|size| size.attributes()).unwrap_or_default();
    }
    let in_vault = link.is_wiki || draft.options.wiki_links;
    if matches!(link.kind, LinkKind::Image | LinkKind::Media)
        && draft.options.rules == Rules::Notes
        && let Some((text, size)) = picture::without_size(&link.text, in_vault)
    {
        link.text = text;
        link.attributes = size.attributes();
    }
    link.place = draft.lines.span(&destination_in(draft.lines.text(), &around, &link.destination));
    link.is_cell = draft.cells.contains(&range.start);
    draft.parsed.links.push(link);
    draft.parsed.links.len() - 1
}

/// The name in `[[name\|words]]`, as it is written in tables.
fn without_escape(name: &str, is_wiki: bool) -> &str {
    if is_wiki { name.strip_suffix('\\').unwrap_or(name) } else { name }
}

/// True if a link gives its destination by the label of a definition.
fn is_reference(kind: LinkType) -> bool {
    matches!(kind, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut)
}

/// The range of a link's destination in its source; the whole link if the destination is written in
/// another way.
pub(crate) fn destination_in(text: &str, around: &Range<usize>, destination: &str) -> Range<usize> {
    let is_short = around.len() <= LONGEST_SOURCE && !destination.is_empty();
    let Some(source) = text.get(around.clone()).filter(|_| is_short) else { return around.clone() };
    let after_words = source.rfind("](").map_or(0, |at| at + 2);
    let found = source[after_words..].find(destination).map(|at| after_words + at);
    found.or_else(|| source.rfind(destination)).map_or_else(
        || around.clone(),
        |at| around.start + at..around.start + at + destination.len(),
    )
}

/// True if a paragraph holds one image, or one link around an image, and nothing else.
fn is_figure(items: &[Spanned<'_>]) -> bool {
    let is_image = |items: &[Spanned<'_>]| {
        matches!(items.first(), Some((Item::Event(Event::Start(tag)), _)) if is_picture(tag))
            && end_of(items, 0) == items.len() - 1
    };
    let linked = matches!(items.first(), Some((Item::Event(Event::Start(Tag::Link { .. })), _)))
        && end_of(items, 0) == items.len() - 1;
    is_image(items) || (linked && is_image(&items[1..items.len() - 1]))
}

/// True for an image that is neither sound, film nor another file.
fn is_picture(tag: &Tag<'_>) -> bool {
    let Tag::Image { link_type, dest_url, .. } = tag else { return false };
    let is_wiki = matches!(link_type, LinkType::WikiLink { .. });
    Embedded::of(dest_url, is_wiki) == Embedded::Picture
}

fn figure<'a>(items: &[Spanned<'a>], draft: &mut Draft<'_>, result: &mut Vec<Spanned<'a>>) {
    let place = items[0].1.clone();
    result.push((Item::Open(NodeKind::Figure), place.clone()));
    let first = draft.parsed.links.len();
    result.extend(register_all(items, draft));
    let image = draft.parsed.links[first..].iter().find(|link| link.kind == LinkKind::Image);
    let caption =
        image.map(|image| if image.title.is_empty() { &image.text } else { &image.title });
    let destination = image.map_or("", |image| &image.destination);
    let caption = caption.filter(|caption| picture::describes(caption, destination));
    if let Some(caption) = caption {
        let words = draft.parsed.document.add_words(caption);
        result.push((Item::Open(NodeKind::Caption), place.clone()));
        result.push((Item::Leaf(NodeKind::Text(words)), place.clone()));
        result.push((Item::Close, place.clone()));
    }
    result.push((Item::Close, place));
}

/// In a source longer than this no destination is looked for; in bytes.
const LONGEST_SOURCE: usize = 4 << 10;
/// No character reference is longer, `;` included (HTML §13.5:
/// `&CounterClockwiseContourIntegral;`); in bytes.
const LONGEST_REFERENCE: usize = 32;

/// The address that an attribute holds: blanks around it and line breaks in it do not count (WHATWG
/// URL §4.4).
pub(crate) fn address(value: &str) -> String {
    decode_entities(value).trim().replace(['\n', '\r', '\t'], "")
}

/// Decodes the character references of HTML; unknown names stay as they are.
pub(crate) fn decode_entities(value: &str) -> String {
    let mut result = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        result.push_str(before);
        let end = after.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';');
        let reference = end.and_then(|end| Some((characters(&after[..end])?, &after[end + 1..])));
        rest = if let Some((characters, after)) = reference {
            result.push_str(&characters);
            after
        } else {
            result.push('&');
            after
        };
    }
    result + rest
}

fn characters(name: &str) -> Option<String> {
    let Some(digits) = name.strip_prefix('#') else { return named_characters(name) };
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code).filter(|c| !c.is_control()).map(String::from)
}

/// The characters of a named reference, by the parser's table of all of HTML's names.
fn named_characters(name: &str) -> Option<String> {
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let reference = format!("&{name};");
    let texts = Parser::new(&reference).filter_map(|event| match event {
        Event::Text(text) => Some(text.into_string()),
        _ => None,
    });
    let characters: String = texts.collect();
    (characters != reference).then_some(characters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, Options, SourceText, parse, to_html};

    #[test]
    fn an_image_alone_is_a_figure() {
        for (text, expected) in [
            ("![](a.png)", "<figure><img src=\"a.png\" alt=\"\" /></figure>"),
            (
                "![架构](a.png)",
                "<figure><img src=\"a.png\" alt=\"架构\" /><figcaption>架构</figcaption></figure>",
            ),
            ("![default](a.png)", "<figure><img src=\"a.png\" alt=\"default\" /></figure>"),
            (
                "[![](a.png)](b)",
                "<figure><a href=\"b\"><img src=\"a.png\" alt=\"\" /></a></figure>",
            ),
            ("![](a.png) 文", "<p><img src=\"a.png\" alt=\"\" /> 文</p>"),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }

    #[test]
    fn links_know_their_line() {
        let parsed = parse(SourceText::new("a\n\n[b](c)\n![d](e)", 4), &Context::default());
        let links: Vec<_> = parsed.links.iter().map(|link| (link.kind, link.place.line)).collect();
        assert_eq!(links, [(LinkKind::Link, 6), (LinkKind::Image, 7)]);
    }

    #[test]
    fn character_references() {
        for (value, expected) in [
            ("a&amp;b", "a&b"),
            ("&#106;s &#x6a;", "js j"),
            ("&unknown; & &#xD800;", "&unknown; & &#xD800;"),
            ("&ouml;&ngE;&;", "ö≧̸&;"),
        ] {
            assert_eq!(decode_entities(value), expected);
        }
    }
}
