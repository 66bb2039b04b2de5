//! The HTML of a note → the body of a chapter in XHTML: pictures that the book holds, addresses
//! that lead somewhere, footnotes that readers open where they are named.
//!
//! Must not know: notes, the package.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use html5ever::{Attribute, QualName, ns};

use super::address::{ChapterPlaces, Destination, chapter_name, destination, elsewhere};
use super::attribute;
use super::colours::COLOURS;
use super::element;
use super::picture::{EbookPicture, Pictures};
use super::structure::bring_into_order;
use super::tree::{HtmlTree, Node, NodeContent, ROOT};
use super::xml;
use crate::digest::Digest;
use crate::svg;

/// The body of a chapter.
#[derive(Debug, Default)]
pub(super) struct ChapterBody {
    pub xhtml: String,
    /// The ids that it has.
    pub ids: HashSet<String>,
    /// The places that it names.
    pub references: Vec<PlaceName>,
    /// Pictures that stood in the HTML itself.
    pub pictures: Vec<EbookPicture>,
    pub has_math: bool,
    pub has_svg: bool,
}

/// The name of a place in a chapter.
#[derive(Debug)]
pub(super) struct PlaceName {
    /// The file of the chapter; empty for the one that has the reference.
    pub file: String,
    pub id: String,
    /// The bytes of the XHTML that name the place, with the sign before it.
    pub written: Range<usize>,
}

/// Makes the body of a chapter, by its number, in a book with some pictures.
pub(super) fn body(
    html: &str,
    (places, number): (ChapterPlaces, usize),
    pictures: &Pictures<'_>,
) -> ChapterBody {
    let mut tree = HtmlTree::of(html);
    bring_into_order(&mut tree, |href| destination(href, pictures).is_some());
    let body = ChapterBody { xhtml: String::with_capacity(html.len()), ..ChapterBody::default() };
    let mut writer = XhtmlWriter {
        tree: &tree,
        places,
        name: chapter_name(number),
        id_prefix: places.id_prefix(number),
        pictures,
        body,
        within: OpenElements::default(),
        footnotes: 0,
    };
    writer.write();
    writer.body
}

/// The open elements in the section of the footnotes, and in its list.
const IN_SECTION: usize = 1;
const IN_LIST: usize = 2;

/// The elements around a place, by their number.
#[derive(Debug, Default)]
struct OpenElements {
    links: usize,
    /// Those from the section of the footnotes on; more than two are within a footnote.
    footnotes: usize,
    references: usize,
}

struct XhtmlWriter<'a> {
    tree: &'a HtmlTree,
    places: ChapterPlaces,
    /// The name of the chapter.
    name: String,
    /// The text before its ids.
    id_prefix: String,
    pictures: &'a Pictures<'a>,
    body: ChapterBody,
    within: OpenElements,
    /// Number of footnotes so far.
    footnotes: usize,
}

/// A step of the way through a tree.
enum WalkStep {
    Enter(Node),
    Leave(Ending),
}

/// The end of an element.
struct Ending {
    tag: String,
    counter: fn(&mut OpenElements) -> Option<&mut usize>,
}

impl Ending {
    fn of(name: &str) -> Self {
        Self { tag: format!("</{name}>"), counter: |_| None }
    }

    fn counted(self, counter: fn(&mut OpenElements) -> Option<&mut usize>) -> Self {
        Self { counter, ..self }
    }
}

impl XhtmlWriter<'_> {
    fn write(&mut self) {
        let tree = self.tree;
        let enter =
            |node: Node| tree.children(node).iter().rev().map(|child| WalkStep::Enter(*child));
        let mut todo: Vec<WalkStep> = enter(ROOT).collect();
        while let Some(visit) = todo.pop() {
            match visit {
                WalkStep::Leave(Ending { tag, counter }) => {
                    self.body.xhtml.push_str(&tag);
                    if let Some(count) = counter(&mut self.within) {
                        *count -= 1;
                    }
                }
                WalkStep::Enter(node) => match tree.content(node) {
                    NodeContent::Nothing => {}
                    NodeContent::Text(text) => xml::text_into(&mut self.body.xhtml, text),
                    NodeContent::Element { name, attributes } => {
                        let Some(ending) = self.enter(node, name, attributes) else { continue };
                        if let Some(count) = (ending.counter)(&mut self.within) {
                            *count += 1;
                        }
                        todo.push(WalkStep::Leave(ending));
                        todo.extend(enter(node));
                    }
                },
            }
        }
    }

    /// Writes the start of an element, or the whole of one without content.
    fn enter(&mut self, node: Node, name: &QualName, attributes: &[Attribute]) -> Option<Ending> {
        if name.ns != ns!(html) {
            return self.enter_foreign(name, attributes);
        }
        let class = self.tree.attribute(node, "class").unwrap_or_default();
        match &*name.local {
            "img" => {
                self.picture(node, attributes);
                None
            }
            "a" => Some(self.link(attributes)),
            "sup" if class == "footnote-reference" => {
                self.start("sup", attributes);
                Some(Ending::of("sup").counted(|within| Some(&mut within.references)))
            }
            "section" if class == "footnotes" => {
                self.start("section", attributes);
                Some(Ending::of("section").counted(|within| Some(&mut within.footnotes)))
            }
            // Each stands for itself, so that readers show it where it is named.
            "ol" if self.within.footnotes == IN_SECTION => {
                self.footnotes = 0;
                Some(Ending { tag: String::new(), counter: |within| Some(&mut within.footnotes) })
            }
            "li" if self.within.footnotes == IN_LIST => Some(self.footnote(attributes)),
            name if element::is_void(name) => {
                let name = name.to_owned();
                self.tag(&name, attributes, " /");
                None
            }
            name => {
                let name = name.to_owned();
                self.start(&name, attributes);
                let inner = self.within.footnotes >= IN_LIST;
                let ending = Ending::of(&name);
                Some(if inner {
                    ending.counted(|within| Some(&mut within.footnotes))
                } else {
                    ending
                })
            }
        }
    }

    fn footnote(&mut self, attributes: &[Attribute]) -> Ending {
        self.footnotes += 1;
        self.body.xhtml.push_str("<aside epub:type=\"footnote\" class=\"footnote\"");
        self.id(attributes);
        let number = self.footnotes;
        let _ = write!(self.body.xhtml, "><div><span class=\"number\">{number}</span> ");
        Ending { tag: "</div></aside>".to_owned(), counter: |within| Some(&mut within.footnotes) }
    }

    fn start(&mut self, name: &str, attributes: &[Attribute]) {
        self.tag(name, attributes, "");
    }

    fn tag(&mut self, name: &str, attributes: &[Attribute], end: &str) {
        self.body.xhtml.push('<');
        self.body.xhtml.push_str(name);
        self.id(attributes);
        for (name, value) in attribute::kept(name, attributes) {
            xml::attribute_into(&mut self.body.xhtml, name, &value);
        }
        self.body.xhtml.push_str(end);
        self.body.xhtml.push('>');
        // Of HTML, which the one page is, the first end of a line is not part of the text.
        if name == "pre" && self.places == ChapterPlaces::OnePage {
            self.body.xhtml.push('\n');
        }
    }

    /// Writes the id of an element, if no other has it.
    fn id(&mut self, attributes: &[Attribute]) {
        let Some(id) = value(attributes, "id") else { return };
        let is_name = !id.is_empty() && !id.contains(|c: char| c.is_whitespace() || c.is_control());
        if is_name && self.body.ids.insert(id.to_owned()) {
            xml::attribute_into(&mut self.body.xhtml, "id", &format!("{}{id}", self.id_prefix));
        }
    }

    fn link(&mut self, attributes: &[Attribute]) -> Ending {
        self.body.xhtml.push_str("<a");
        self.id(attributes);
        let href = value(attributes, "href").unwrap_or_default();
        if let Some(destination) = destination(href, self.pictures) {
            self.address("href", &destination);
        }
        if self.within.references > 0 {
            self.body.xhtml.push_str(" epub:type=\"noteref\"");
        }
        for (name, value) in attribute::kept("a", attributes) {
            xml::attribute_into(&mut self.body.xhtml, name, &value);
        }
        self.body.xhtml.push('>');
        Ending::of("a").counted(|within| Some(&mut within.links))
    }

    fn address(&mut self, name: &str, destination: &Destination) {
        let (file, id) = match destination {
            Destination::Elsewhere(url) => {
                return xml::attribute_into(&mut self.body.xhtml, name, url);
            }
            Destination::Place(file, id) => (file, id),
        };
        let out = &mut self.body.xhtml;
        let _ = write!(out, " {name}=\"{}", self.places.address(file, &self.name));
        if let Some(id) = id {
            let begin = out.len();
            out.push(self.places.sign());
            out.push_str(&crate::path::encode_path(id));
            let written = begin..out.len();
            self.body.references.push(PlaceName { file: file.clone(), id: id.clone(), written });
        }
        self.body.xhtml.push('"');
    }

    /// A picture of the book, or a link to one elsewhere, or the words in its place.
    fn picture(&mut self, node: Node, attributes: &[Attribute]) {
        let source = value(attributes, "src").unwrap_or_default();
        let words = self.tree.attribute(node, "alt").unwrap_or_default().trim();
        let held = self.pictures.get(source).copied();
        let file = match held {
            Some(picture) => picture.is_held().then(|| picture.file.clone()),
            None => picture_in_text(source).map(|picture| {
                let file = picture.file.clone();
                self.body.pictures.push(picture);
                file
            }),
        };
        if let Some(file) = file {
            let _ = write!(self.body.xhtml, "<img src=\"{file}\"");
            xml::attribute_into(&mut self.body.xhtml, "alt", words);
            self.id(attributes);
            for (name, value) in attribute::kept("img", attributes) {
                xml::attribute_into(&mut self.body.xhtml, name, &value);
            }
            self.body.xhtml.push_str(" />");
            return;
        }
        let url = held.map_or_else(|| elsewhere(source), |picture| picture.address.clone());
        let words = if words.is_empty() { url.as_deref().unwrap_or_default() } else { words };
        match &url {
            Some(url) if self.within.links == 0 => {
                self.body.xhtml.push_str("<a class=\"picture\"");
                xml::attribute_into(&mut self.body.xhtml, "href", url);
                self.body.xhtml.push('>');
                xml::text_into(&mut self.body.xhtml, words);
                self.body.xhtml.push_str("</a>");
            }
            _ => xml::text_into(&mut self.body.xhtml, words),
        }
    }

    /// The value of an attribute in which an id may be named: an arrow's head, a gradient.
    fn with_id_prefix<'v>(&self, value: Cow<'v, str>) -> Cow<'v, str> {
        if self.id_prefix.is_empty() || !value.contains("url(") {
            return value;
        }
        let ids = ["url(#", "url('#"].map(|before| (before, format!("{before}{}", self.id_prefix)));
        ids.iter().fold(value, |value, (before, with_prefix)| {
            Cow::Owned(value.replace(before, with_prefix))
        })
    }

    /// An element of a formula or a drawing.
    fn enter_foreign(&mut self, name: &QualName, attributes: &[Attribute]) -> Option<Ending> {
        let local = name.local.to_string();
        let is_math = name.ns == ns!(mathml);
        // Their content may be of any kind.
        if !xml::is_name(&local) || matches!(&*local, "foreignObject" | "script" | "style") {
            return None;
        }
        let is_root = matches!(&*local, "math" | "svg");
        self.body.has_math |= is_math;
        self.body.has_svg |= !is_math;
        let styled = element::needs_style(&local);
        let style =
            attributes.iter().filter(|a| is_math && styled && element::is_style(&a.name.local));
        let style: Vec<&Attribute> = style.collect();
        if !style.is_empty() {
            self.body.xhtml.push_str("<mstyle");
            for Attribute { name, value } in &style {
                xml::attribute_into(&mut self.body.xhtml, &name.local, value);
            }
            self.body.xhtml.push('>');
        }
        self.body.xhtml.push('<');
        self.body.xhtml.push_str(&local);
        if is_root {
            let space = if is_math { xml::MATHML } else { xml::SVG };
            xml::attribute_into(&mut self.body.xhtml, "xmlns", space);
        }
        self.id(attributes);
        // `href` may be there with a prefix and without.
        let mut seen = HashSet::new();
        for Attribute { name, value } in attributes.iter().filter(|a| seen.insert(&a.name.local)) {
            self.foreign_attribute(&local, &name.local, value, is_math);
        }
        self.body.xhtml.push('>');
        let mut ending = Ending::of(&local);
        if !style.is_empty() {
            ending.tag.push_str("</mstyle>");
        }
        Some(ending)
    }

    fn foreign_attribute(&mut self, element: &str, name: &str, value: &str, is_math: bool) {
        match name {
            name if is_math && !element::is_of_formula(element, name) => {}
            "id" | "xmlns" | "lang" | "tabindex" | "rel" | "target" => {}
            "href" => {
                if let Some(destination) = destination(value, self.pictures) {
                    self.address(if is_math { "href" } else { "xlink:href" }, &destination);
                }
            }
            // The source of a formula; no program takes it for a style.
            "alttext" => xml::attribute_into(&mut self.body.xhtml, name, value),
            // Readers know drawings as pictures.
            "role" => xml::attribute_into(&mut self.body.xhtml, "role", "img"),
            name if name.starts_with("data-") || name.starts_with("on") || name.contains(':') => {}
            name if xml::is_name(name) && svg::is_passive_style(value) => {
                let value = COLOURS.in_value(value);
                let value = self.with_id_prefix(value);
                xml::attribute_into(&mut self.body.xhtml, name, &value);
            }
            _ => {}
        }
    }
}

fn value<'a>(attributes: &'a [Attribute], wanted: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|attribute| *attribute.name.local == *wanted);
    found.map(|attribute| &*attribute.value)
}

/// The picture that an address itself holds.
fn picture_in_text(source: &str) -> Option<EbookPicture> {
    let data = source.strip_prefix("data:image/")?;
    let (_, data) = data.split_once(";base64,")?;
    let bytes = STANDARD.decode(data.trim()).ok()?;
    let name = format!("d{}", Digest::of(&bytes));
    Some(EbookPicture::new(name, None, Ok(bytes))).filter(EbookPicture::is_held)
}
