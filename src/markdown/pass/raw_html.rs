//! Raw HTML in a note → elements of the tree that stay inside the text: known ones pass, balanced
//! within their block; unknown ones (`Array<T>`, `<port>`) and those that would act on the whole
//! page are shown as text; links, images and media become nodes like Markdown's; ids are unique;
//! comments go.
//!
//! Must not know: where links lead.

mod element;
mod end_tag;
mod load;
mod marked_block;
mod srcset;
mod style;
mod token;

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag as Block, TagEnd};

use self::element::{Role, role};
use self::token::{Tag, Token, tokens};
use super::heading;
use crate::diagnostic::{Diagnostic, Kind};
use crate::markdown::document::{Element, NodeKind, offset};
use crate::markdown::item::{Item, Spanned};
use crate::markdown::{Draft, html_problem, link};
use crate::phrase::phrase;

/// Number of open elements that are searched for the one that an end tag ends, so that thousands of
/// open ones stay linear.
const DEEPEST: usize = 200;

/// Sanitizes the raw HTML of a text.
pub(crate) fn sanitize<'a>(items: Vec<Spanned<'a>>, draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    let has_html = items
        .iter()
        .any(|(item, _)| matches!(item, Item::Event(Event::Html(_) | Event::InlineHtml(_))));
    if !has_html {
        return items;
    }
    let mut sanitizer = Sanitizer {
        draft,
        result: Vec::with_capacity(items.len()),
        open: Vec::new(),
        narrow: Vec::new(),
        waiting: 0,
        embedded: None,
        shown: HashMap::new(),
        title: Title::Behind,
        depth: 0,
        is_line: false,
    };
    // Front matter's title is another one.
    if sanitizer.draft.title.is_none()
        && matches!(sanitizer.draft.parsed.opening, heading::Opening::Title(_))
    {
        sanitizer.title = Title::ToCome;
    }
    let mut block: Option<(String, Range<usize>)> = None;
    for (item, range) in items {
        match item {
            Item::Event(Event::Start(Block::HtmlBlock)) => block = Some((String::new(), range)),
            Item::Event(Event::Html(html)) => match &mut block {
                Some((gathered, _)) => gathered.push_str(&html),
                None => sanitizer.raw(&html, &range, false),
            },
            Item::Event(Event::End(TagEnd::HtmlBlock)) => {
                if let Some((html, range)) = block.take() {
                    sanitizer.raw(&html, &range, false);
                }
            }
            Item::Event(Event::InlineHtml(html)) => sanitizer.raw(&html, &range, true),
            other => sanitizer.pass(other, range),
        }
    }
    sanitizer.close_to(0, 0);
    sanitizer.result
}

/// An element of raw HTML that is not closed yet.
struct OpenElement {
    name: String,
    /// The index of its start in the result.
    at: usize,
    /// Number of Markdown elements around it.
    depth: usize,
    /// The look of the start tag if no end tag comes.
    unclosed: Unclosed,
    /// True if its end tag has come.
    ended: bool,
    /// True if its end tag came within a Markdown element that began after it and has to end first.
    waits: bool,
}

/// The look of a start tag that no end tag follows.
enum Unclosed {
    /// An element until the end of the block around it.
    Open,
    /// The text as written: a bare tag in a line of text.
    Text(String),
    /// An element without content: `<a id="x"/>`, of which HTML ignores the slash, or an anchor
    /// `<a name="x">`. Around the rest of the note it would be around the links there.
    Empty,
}

struct Sanitizer<'d, 't, 'a> {
    draft: &'d mut Draft<'t>,
    result: Vec<Spanned<'a>>,
    open: Vec<OpenElement>,
    /// The open paragraphs in which no block has begun yet, by their index in `open`.
    narrow: Vec<usize>,
    /// Number of open elements that wait.
    waiting: usize,
    /// The name of the last element that a link replaced, until its end tag has gone.
    embedded: Option<String>,
    /// Number of start tags of known elements that are shown as text, by name: so are their ends.
    shown: HashMap<String, usize>,
    depth: usize,
    /// Progress of the title in raw HTML, whose words the page shows above its text.
    title: Title,
    /// True within a paragraph or heading of Markdown, which can hold no block.
    is_line: bool,
}

/// Progress of the page's title in raw HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Title {
    ToCome,
    Open,
    /// It is behind, or there is none.
    Behind,
}

impl<'a> Sanitizer<'_, '_, 'a> {
    /// Takes over an item that is no HTML; the end of a Markdown element ends the HTML begun in it.
    fn pass(&mut self, item: Item<'a>, range: Range<usize>) {
        match &item {
            Item::Event(Event::Start(tag)) => {
                if is_markdown_block(tag) {
                    self.widen_paragraphs();
                }
                self.is_line |= matches!(tag, Block::Paragraph | Block::Heading { .. });
                self.depth += 1;
            }
            Item::Event(Event::Rule) => self.widen_paragraphs(),
            Item::Event(Event::End(tag)) => {
                self.is_line &= !matches!(tag, TagEnd::Paragraph | TagEnd::Heading(_));
                self.leave(range.end);
            }
            // Nodes of earlier passes are blocks.
            Item::Open(kind) => {
                self.widen_paragraphs();
                self.is_line |=
                    matches!(kind, NodeKind::BoxHead(_) | NodeKind::Label | NodeKind::TabTitle);
                self.depth += 1;
            }
            Item::Close => {
                self.is_line = false;
                self.leave(range.end);
            }
            _ => {}
        }
        let end = range.end;
        self.result.push((item, range));
        if self.waiting > 0 {
            self.close_waiting(end);
        }
    }

    /// Leaves an element of Markdown.
    fn leave(&mut self, at: usize) {
        let first = self.open.partition_point(|open| open.depth < self.depth);
        self.close_to(first, at);
        self.depth = self.depth.saturating_sub(1);
    }

    /// Makes open paragraphs of raw HTML sections: a paragraph would end where a block begins in it
    /// (WHATWG HTML §13.2.6.4.7), and what it says of its text, such as where it is aligned, would
    /// not hold for that.
    fn widen_paragraphs(&mut self) {
        for index in self.narrow.drain(..) {
            let open = &self.open[index];
            if let Item::Open(NodeKind::Element(element)) = self.result[open.at].0 {
                let element = &mut self.draft.parsed.document.elements[element as usize];
                "div".clone_into(&mut element.name);
            }
        }
    }

    /// Closes the elements whose end tag waited for the Markdown element that has just ended.
    fn close_waiting(&mut self, at: usize) {
        let begun_here = self.open.partition_point(|open| open.depth < self.depth);
        if let Some(index) = self.open[begun_here..].iter().position(|open| open.waits) {
            self.close_to(begun_here + index, at);
        }
    }

    /// The nearest open element of that name.
    fn find_open(&self, name: &str) -> Option<usize> {
        let first = self.open.len().saturating_sub(DEEPEST);
        let found = self.open[first..].iter().rposition(|open| open.name == name && !open.waits);
        found.map(|index| first + index)
    }

    /// Closes the open elements from index `first` on.
    fn close_to(&mut self, first: usize, at: usize) {
        while self.open.len() > first {
            let Some(open) = self.open.pop() else { return };
            self.waiting -= usize::from(open.waits);
            if self.narrow.last() == Some(&self.open.len()) {
                self.narrow.pop();
            }
            let is_fault = !open.ended && matches!(open.unclosed, Unclosed::Open);
            if is_fault && element::needs_end(&open.name) {
                let place = self.result[open.at].1.start;
                let problem = Diagnostic::new(
                    Kind::UnclosedHtml,
                    phrase!("`<{name}>` has no end", name = open.name),
                )
                .help(phrase!("write `</{name}>` where it ends", name = open.name));
                self.draft.report(&(place..place + 1 + open.name.len()), problem);
            }
            match open.unclosed {
                Unclosed::Text(source) if !open.ended => {
                    let place = self.result[open.at].1.clone();
                    self.result[open.at] = (Item::Event(Event::Text(source.into())), place);
                    *self.shown.entry(open.name).or_default() += 1;
                }
                // The item behind the start of the element keeps this place free.
                Unclosed::Empty if !open.ended => self.result[open.at + 1].0 = Item::Close,
                _ => self.result.push((Item::Close, at..at)),
            }
        }
    }

    fn raw(&mut self, html: &str, range: &Range<usize>, inline: bool) {
        let mut offset = range.start;
        for token in tokens(html) {
            let place = offset..range.end;
            match token {
                Token::Text(content) if self.title == Title::Open => offset += content.len(),
                Token::Text(content) => {
                    offset += content.len();
                    self.result.push((Item::RawText(content.to_owned().into()), place));
                }
                Token::Start(tag) => {
                    offset += tag.source.len();
                    self.start(&tag, place, inline);
                }
                Token::End(name, source) => {
                    offset += source.len();
                    self.end(&name, source, place, inline);
                }
                Token::Comment { content, source, is_closed } => {
                    if !is_closed {
                        let problem = Diagnostic::new(
                            Kind::UnclosedComment,
                            phrase!("the comment has no end"),
                        );
                        let problem = problem.help(phrase!(
                            "write `-->` where it ends; everything after it is hidden"
                        ));
                        self.draft.report(&(offset..offset + 4), problem);
                    }
                    let place = offset..range.end.min(offset + source.len());
                    offset += source.len();
                    self.comment(content, &place);
                }
                Token::Declaration(source) => {
                    offset += source.len();
                    if !token::is_about_document(source) {
                        self.show(source, place);
                    }
                }
            }
        }
    }

    /// Shows markup as the text that it is.
    fn show(&mut self, source: &str, place: Range<usize>) {
        self.result.push((Item::Event(Event::Text(CowStr::from(source.to_owned()))), place));
    }

    /// Shows a start tag of a known element as text.
    fn show_start(&mut self, tag: &Tag<'_>, place: Range<usize>) {
        *self.shown.entry(tag.name.clone()).or_default() += 1;
        self.show(tag.source, place);
    }

    fn start(&mut self, tag: &Tag<'_>, place: Range<usize>, inline: bool) {
        // `List<object>`, `cp <source> <target>`: a word in brackets that shows nothing by itself.
        let is_placeholder = inline && tag.attributes.is_empty() && !shows_by_itself(&tag.name);
        match self.role(&tag.name) {
            Role::Kept => self.keep(tag, place, inline),
            Role::Void | Role::Embed if is_placeholder => self.show_start(tag, place),
            Role::Void => self.void(tag, place),
            Role::Embed => {
                self.embedded = Some(tag.name.clone());
                self.embed(tag, place);
            }
            Role::Refused => {
                if !inline {
                    let message = phrase!(
                        "`<{name}>` is shown as text: it would act on the whole page",
                        name = tag.name
                    );
                    self.draft.report(
                        &(place.start..place.start + tag.source.len()),
                        html_problem(message),
                    );
                }
                self.show_start(tag, place);
            }
            Role::Unknown => self.show(tag.source, place),
        }
    }

    fn role(&self, name: &str) -> Role {
        role(name, self.draft.options.safe_html)
    }

    fn keep(&mut self, tag: &Tag<'_>, place: Range<usize>, inline: bool) {
        if element::ends_paragraph(&tag.name) {
            self.widen_paragraphs();
        }
        if self.title == Title::ToCome && tag.name == "h1" {
            self.title = Title::Open;
        }
        let at = self.result.len();
        let link = tag
            .attribute("href")
            .filter(|_| tag.name == "a")
            .map(|href| self.link(tag, href, &place));
        let kind = match link {
            Some(index) => NodeKind::Link(offset(index)),
            None => self.element(tag, &place),
        };
        self.result.push((Item::Open(kind), place.clone()));
        if tag.closed && is_drawing(&tag.name) {
            self.result.push((Item::Close, place));
            return;
        }
        let is_anchor = tag.name == "a" && (tag.closed || tag.attribute("href").is_none());
        let unclosed = if is_anchor {
            self.result.push((Item::RawText("".into()), place));
            Unclosed::Empty
        } else if inline && tag.attributes.is_empty() {
            Unclosed::Text(tag.source.to_owned())
        } else {
            Unclosed::Open
        };
        let (name, depth) = (tag.name.clone(), self.depth);
        if name == "p" {
            self.narrow.push(self.open.len());
        }
        self.open.push(OpenElement { name, at, depth, unclosed, ended: false, waits: false });
    }

    /// Registers an element with content.
    fn element(&mut self, tag: &Tag<'_>, place: &Range<usize>) -> NodeKind {
        let is_title = self.title == Title::Open && tag.name == "h1";
        let name = if is_title {
            "div"
        } else if self.is_line && element::ends_paragraph(&tag.name) {
            "span"
        } else {
            &tag.name
        };
        let attributes = self.attributes(tag);
        let media = self.media(tag, place);
        let element =
            Element { attributes, media, is_void: false, ..Element::without_content(name) };
        let index = self.draft.parsed.document.add_element(element);
        if is_title {
            self.draft.title_element = Some(index);
        }
        match name.as_bytes() {
            [b'h', level @ b'1'..=b'6'] => NodeKind::PlainHtmlHeading(level - b'0', index),
            _ => NodeKind::Element(index),
        }
    }
}

/// The words of the first `<h1>` of raw HTML, if there are any.
pub(crate) fn first_title(html: &str) -> Option<String> {
    let mut words: Option<Vec<&str>> = None;
    let mut has_end = false;
    for token in tokens(html) {
        match (token, &mut words) {
            (Token::Start(tag), None) if tag.name == "h1" => words = Some(Vec::new()),
            (Token::End(name, _), Some(_)) if name == "h1" => {
                has_end = true;
                break;
            }
            (Token::Text(text), Some(words)) => words.push(text),
            _ => {}
        }
    }
    // A title that nothing ends would be the rest of the note.
    let words = words.filter(|_| has_end)?;
    let words = link::decode_entities(&words.join(" "));
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.contains(char::is_alphanumeric).then_some(words)
}

/// True if an element of Markdown is a block of HTML.
fn is_markdown_block(tag: &Block<'_>) -> bool {
    !matches!(
        tag,
        Block::Emphasis
            | Block::Strong
            | Block::Strikethrough
            | Block::Superscript
            | Block::Subscript
            | Block::Link { .. }
            | Block::Image { .. }
            | Block::HtmlBlock
    )
}

/// Elements without content that one can see.
fn shows_by_itself(name: &str) -> bool {
    matches!(name, "br" | "wbr" | "hr" | "img")
}

/// Elements of a drawing end with `/>` as in XML.
fn is_drawing(name: &str) -> bool {
    matches!(
        name,
        "path"
            | "rect"
            | "circle"
            | "ellipse"
            | "line"
            | "polyline"
            | "polygon"
            | "stop"
            | "g"
            | "svg"
    )
}

#[cfg(test)]
mod tests;
