//! An SVG as a program writes it → one that a page can hold: only shapes and text, each with its
//! properties as attributes; ids and links are left to the page.
//!
//! All else is dropped with what is in it: scripts, styles, filters,
//! animations, HTML, pictures of other files.
//!
//! Must not know: what a diagram says, the program that drew it.

mod attribute;
mod element;
mod ground;
mod number;
mod paint;
mod sheet;
mod style;
mod value;

use std::collections::HashMap;
use std::fmt::Write as _;

use roxmltree::{Document, Node, NodeId, ParsingOptions};
use svgtypes::Transform;

use self::element::{REFERRED, geometry_of, is_container};
use self::ground::Grounds;
pub(super) use self::number::write_number;
use self::paint::{Paint, local_reference};
use self::style::{Properties, Property, Styles};
use super::{Diagram, DiagramMistake, Hole, HoleKind};
use crate::escape::{escape_into, write_attribute};
use crate::phrase::phrase;

/// An SVG with more nodes is refused: browsers are slow to show it.
const MOST_NODES: u32 = 200_000;

/// Elements that are deeper are dropped: browsers do not show them either.
const DEEPEST: usize = 200;

/// An SVG that is larger once it is clean is refused, in bytes: it is a part of its page.
const LARGEST: usize = 1 << 20;

/// Cleans an SVG.
///
/// # Errors
/// It is no SVG, or exceeds a limit.
pub(super) fn clean(svg: &str) -> Result<Diagram, DiagramMistake> {
    clean_of(svg, DrawingOrigin::Library)
}

/// As [`clean`], for a drawing of this origin.
///
/// # Errors
/// As for [`clean`].
pub(super) fn clean_of(svg: &str, origin: DrawingOrigin) -> Result<Diagram, DiagramMistake> {
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(svg, options).map_err(|error| {
        DiagramMistake::new(phrase!("its SVG cannot be read: {error}", error = error.to_string()))
    })?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return Err(DiagramMistake::new(phrase!("it is no SVG")));
    }
    let sheets = sheet::sheets_of(&document, origin);
    let Some(styles) = Styles::of(&document, &sheets) else {
        return Err(DiagramMistake::new(phrase!("it has too many styles")));
    };
    let mut cleaner = Cleaner::new(&document, &styles, origin);
    cleaner.root(root);
    if cleaner.diagram.svg.len() > LARGEST {
        return Err(DiagramMistake::new(phrase!(
            "its drawing is larger than {value} kB",
            value = LARGEST >> 10
        )));
    }
    Ok(cleaner.diagram)
}

/// The maker of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DrawingOrigin {
    /// The library: titles of elements are words of the writer, to be shown beside the pointer.
    Library,
    /// Another program: titles of elements are names such as `a->b`.
    Program,
}

struct Cleaner<'d> {
    /// The properties of each element.
    properties: HashMap<NodeId, Properties<'d>>,
    /// The ids that something refers to, each with the number that replaces it.
    numbers: HashMap<&'d str, usize>,
    /// The shapes so far.
    grounds: Grounds,
    origin: DrawingOrigin,
    diagram: Diagram,
}

/// An element around the one at hand.
struct Surroundings<'f, 'd> {
    parent: Option<&'f Surroundings<'f, 'd>>,
    /// The properties that it passes on.
    set: Vec<(Property, String)>,
    /// The fill of it and of the elements within.
    fill: Paint<'d>,
    /// The colour of this text on the shape below it, if the scheme's cannot be read there.
    text_colour: Option<&'static str>,
    /// The coordinates.
    transform: Transform,
    depth: usize,
    /// True within a text.
    is_text: bool,
    /// True within an element that others show, which pass their properties on to it.
    is_shown_elsewhere: bool,
}

impl Surroundings<'_, '_> {
    /// The value that an element inherits, if it is known.
    fn value(&self, property: Property) -> Option<&str> {
        let mut frame = Some(self);
        let mut is_known = true;
        while let Some(at) = frame {
            if let Some((_, value)) = at.set.iter().find(|(known, _)| *known == property) {
                return Some(value);
            }
            is_known &= !at.is_shown_elsewhere;
            frame = at.parent;
        }
        property.initial().filter(|_| is_known)
    }
}

/// A state of the output that can be returned to.
#[derive(Clone, Copy)]
struct OutputMark {
    svg: usize,
    holes: usize,
    links: usize,
}

impl<'d> Cleaner<'d> {
    fn new(document: &'d Document<'_>, styles: &Styles<'d>, origin: DrawingOrigin) -> Self {
        let mut properties = HashMap::new();
        let mut numbers = HashMap::new();
        let elements = document.descendants().filter(Node::is_element);
        let shallow =
            |node: &Node<'_, '_>| node.ancestors().take(DEEPEST + 2).count() <= DEEPEST + 1;
        for node in elements.filter(shallow) {
            let of_node = styles.of_element(node);
            let values = of_node.iter().map(|(_, value)| value);
            let reference = reference_of(node).and_then(|href| href.strip_prefix('#'));
            for id in values.filter_map(local_reference).chain(reference) {
                let next = numbers.len();
                numbers.entry(id).or_insert(next);
            }
            properties.insert(node.id(), of_node);
        }
        let grounds = Grounds::default();
        Self { properties, numbers, grounds, origin, diagram: Diagram::default() }
    }

    /// The element `svg`, from behind its name.
    fn root(&mut self, root: Node<'d, '_>) {
        let (view, width, height) = size(root);
        write_attribute(&mut self.diagram.svg, "viewBox", &view);
        for (name, length) in [("width", width), ("height", height)] {
            let _ = write!(self.diagram.svg, " {name}=\"{}\"", length.ceil());
        }
        let mut frame = Surroundings {
            parent: None,
            set: Vec::new(),
            fill: Paint::Named("text", u8::MAX),
            text_colour: None,
            transform: Transform::default(),
            depth: 0,
            is_text: false,
            is_shown_elsewhere: false,
        };
        (frame.set, frame.fill) = self.write_properties(root, &frame);
        if !frame.set.iter().any(|(property, _)| property.name() == "fill") {
            // Without a colour all is black, in the dark too.
            self.diagram.svg.extend([" fill=\"", &frame.fill.value(), "\""]);
            let fill = Property::of("fill").map(|property| (property, frame.fill.value()));
            frame.set.extend(fill);
        }
        self.diagram.svg.push('>');
        for child in root.children() {
            match child.tag_name().name() {
                "title" => self.diagram.title = text_of(child),
                "desc" => self.diagram.description = text_of(child),
                _ => {}
            }
        }
        self.children(root, &frame);
        self.diagram.svg.push_str("</svg>");
    }

    /// Writes the elements and texts within one.
    fn children(&mut self, node: Node<'d, '_>, frame: &Surroundings<'_, 'd>) {
        for child in node.children() {
            if child.is_text() && frame.is_text {
                escape_into(&mut self.diagram.svg, child.text().unwrap_or_default());
            } else if child.is_element() {
                self.element(child, frame);
            }
        }
    }

    /// Writes an element with all that is in it, if it is kept.
    fn element(&mut self, node: Node<'d, '_>, around: &Surroundings<'_, 'd>) {
        let name = node.tag_name().name();
        let Some(geometry) = geometry_of(name) else { return };
        if !self.is_kept(name, node, around) {
            return;
        }
        if name == "title" {
            self.tooltip(node);
            return;
        }
        let before = self.mark();
        let frame = self.start_tag(name, geometry, node, around);
        let is_bare = matches!(name, "g" | "tspan")
            && self.diagram.svg.len() == before.svg + "<".len() + name.len();
        if is_bare {
            self.rewind(before);
        } else {
            self.diagram.svg.push('>');
        }
        let inside = self.diagram.svg.len();
        self.children(node, &frame);
        let is_empty = self.diagram.svg.len() == inside;
        if is_empty && is_container(name) {
            self.rewind(before);
            return;
        }
        if name == "text" && !around.is_text {
            self.add_words(node);
        }
        if is_bare {
            return;
        }
        if is_empty {
            self.diagram.svg.pop();
            self.diagram.svg.push_str("/>");
        } else {
            self.diagram.svg.extend(["</", name, ">"]);
        }
    }

    /// True if an element that a page may hold shows something.
    fn is_kept(&self, name: &str, node: Node<'d, '_>, around: &Surroundings<'_, 'd>) -> bool {
        let is_name =
            name == "title" && (around.depth == 0 || self.origin == DrawingOrigin::Program);
        // Browsers do not show it, though other programs do.
        let has_no_size = name == "rect"
            && !["width", "height"].iter().all(|side| is_size(node.attribute(*side)));
        let is_for_nothing = REFERRED.contains(&name) && self.number_of(node).is_none();
        // Copies of copies grow beyond all bounds.
        let is_nested_copy = name == "use" && around.is_shown_elsewhere;
        let is_in_bounds = around.depth < DEEPEST && self.diagram.svg.len() <= LARGEST;
        let is_plain = !around.is_text || matches!(name, "a" | "title" | "tspan");
        let is_dropped =
            is_name || has_no_size || is_for_nothing || is_nested_copy || self.is_hidden(node);
        is_in_bounds && is_plain && !is_dropped
    }

    /// Writes a start tag without its end, and gives the frame for what is within. `geometry` are
    /// the attributes that place such an element.
    fn start_tag<'f>(
        &mut self,
        name: &str,
        geometry: &[&str],
        node: Node<'d, '_>,
        around: &'f Surroundings<'f, 'd>,
    ) -> Surroundings<'f, 'd> {
        let number = self.number_of(node);
        self.diagram.svg.extend(["<", name]);
        if let Some(number) = number {
            self.diagram.svg.push_str(" id=\"");
            self.write_id(number);
            self.diagram.svg.push('"');
        }
        self.write_reference(name, node);
        for attribute in geometry {
            if let Some(value) = node.attribute(*attribute) {
                self.write_geometry(attribute, value);
            }
        }
        let is_shown_elsewhere =
            around.is_shown_elsewhere || REFERRED.contains(&name) || number.is_some();
        let mut frame = Surroundings {
            parent: Some(around),
            set: Vec::new(),
            fill: around.fill,
            text_colour: None,
            transform: ground::within(around.transform, node),
            depth: around.depth + 1,
            is_text: around.is_text || name == "text",
            is_shown_elsewhere,
        };
        (frame.set, frame.fill) = self.write_properties(node, &frame);
        if name == "text" {
            frame.text_colour = self.grounds.text_colour(node, frame.transform);
        } else if !is_shown_elsewhere {
            self.grounds.add(node, frame.fill, frame.transform);
        }
        self.write_text_colour(name, &frame);
        frame
    }

    /// Writes the words that are shown beside the pointer. Browsers read the inside of the element
    /// as HTML, so it has nothing but text.
    fn tooltip(&mut self, title: Node<'d, '_>) {
        let Some(text) = text_of(title) else { return };
        self.diagram.svg.push_str("<title>");
        escape_into(&mut self.diagram.svg, &text);
        self.diagram.svg.push_str("</title>");
    }

    fn mark(&self) -> OutputMark {
        let Diagram { svg, holes, links, .. } = &self.diagram;
        OutputMark { svg: svg.len(), holes: holes.len(), links: links.len() }
    }

    fn rewind(&mut self, mark: OutputMark) {
        self.diagram.svg.truncate(mark.svg);
        self.diagram.holes.truncate(mark.holes);
        self.diagram.links.truncate(mark.links);
    }

    fn number_of(&self, node: Node<'d, '_>) -> Option<usize> {
        node.attribute("id").and_then(|id| self.numbers.get(id)).copied()
    }

    fn is_hidden(&self, node: Node<'d, '_>) -> bool {
        let Some(properties) = self.properties.get(&node.id()) else { return false };
        properties.iter().any(|(property, value)| property.name() == "display" && value == "none")
    }

    fn write_id(&mut self, number: usize) {
        self.hole(HoleKind::IdPrefix);
        let _ = write!(self.diagram.svg, "{number}");
    }

    fn hole(&mut self, kind: HoleKind) {
        self.diagram.holes.push(Hole { at: offset(self.diagram.svg.len()), kind });
    }

    /// Adds the words of a text.
    fn add_words(&mut self, text: Node<'d, '_>) {
        let words = &mut self.diagram.words;
        let start = words.len();
        for part in text.descendants().filter(Node::is_text) {
            let part = part.text().unwrap_or_default();
            let is_apart = words.len() > start
                && !words.ends_with(char::is_whitespace)
                && !(words.ends_with(is_cjk) && part.starts_with(is_cjk));
            // Each line of a label is an element of its own.
            if is_apart {
                words.push(' ');
            }
            words.push_str(part);
        }
        words.truncate(words.trim_end().len().max(start));
        if words.len() > start {
            words.push('\n');
        }
    }
}

/// True for a length that a shape may have.
fn is_size(length: Option<&str>) -> bool {
    let Some(length) = length.map(str::trim) else { return false };
    match length.strip_suffix("px").unwrap_or(length).parse::<f64>() {
        Ok(number) => number.is_finite() && number > 0.0,
        Err(_) => !length.is_empty(),
    }
}

/// The address in an element.
fn reference_of<'d>(node: Node<'d, '_>) -> Option<&'d str> {
    let xlink = "http://www.w3.org/1999/xlink";
    node.attribute("href").or_else(|| node.attribute((xlink, "href")))
}

/// The view box of an SVG, and the width and height at which its texts have the size that it gives
/// them.
fn size(root: Node<'_, '_>) -> (String, f64, f64) {
    let length = |name| {
        let value = root.attribute(name).unwrap_or_default();
        value.trim_end_matches(char::is_alphabetic).parse::<f64>().ok()
    };
    let view = root.attribute("viewBox").unwrap_or_default();
    let numbers: Vec<f64> =
        view.split([' ', ',']).filter_map(|number| number.trim().parse().ok()).collect();
    let given = <[f64; 4]>::try_from(numbers).ok();
    let [x, y, width, height] = given.unwrap_or_else(|| {
        [0.0, 0.0, length("width").unwrap_or(300.0), length("height").unwrap_or(150.0)]
    });
    let mut view = String::new();
    for number in [x, y, width, height] {
        if !view.is_empty() {
            view.push(' ');
        }
        write_number(&mut view, number);
    }
    (view, width.max(1.0), height.max(1.0))
}

fn text_of(node: Node<'_, '_>) -> Option<String> {
    let texts = node.descendants().filter(Node::is_text);
    let text: String = texts.filter_map(|node| node.text()).collect();
    let text = text.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// True for characters of scripts that part words by no blanks.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}')
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
