//! An SVG as a program writes it → one that a page can hold: only shapes and text, each with its
//! properties as attributes; ids and links are left to the page.
//!
//! What is not in the lists below is dropped with all that is in it: scripts, styles, filters,
//! animations, HTML, pictures of other files.
//!
//! Must not know: what a diagram says, the program that drew it.

mod ground;
mod number;
mod paint;
mod style;

use std::collections::HashMap;
use std::fmt::Write as _;

use roxmltree::{Document, Node, NodeId, ParsingOptions};

use self::ground::Grounds;
pub(super) use self::number::write_number;
use self::number::write_rounded;
use self::paint::{Paint, local_reference};
use self::style::{Properties, Property, Styles};
use super::{Diagram, Hole, HoleKind, Mistake};
use crate::escape::{escape_into, write_attribute};

/// An SVG with more nodes is refused: browsers are slow to show it.
const MOST_NODES: u32 = 200_000;

/// Elements that are deeper are dropped: browsers do not show them either.
const DEEPEST: usize = 200;

/// An SVG that is larger once it is clean is refused, in bytes: it is a part of its page.
const LARGEST: usize = 1 << 20;

/// A group with more in it is no shape with its label.
const MOST_IN_LABEL: usize = 12;

/// The elements that are kept, with the attributes that place them.
const ELEMENTS: [(&str, &[&str]); 21] = [
    ("a", &["transform"]),
    ("circle", &["cx", "cy", "r", "transform"]),
    ("defs", &[]),
    ("ellipse", &["cx", "cy", "rx", "ry", "transform"]),
    ("g", &["transform"]),
    ("line", &["x1", "x2", "y1", "y2", "transform"]),
    (
        "linearGradient",
        &["gradientTransform", "gradientUnits", "spreadMethod", "x1", "x2", "y1", "y2"],
    ),
    (
        "marker",
        &[
            "markerHeight",
            "markerUnits",
            "markerWidth",
            "orient",
            "preserveAspectRatio",
            "refX",
            "refY",
            "viewBox",
        ],
    ),
    ("path", &["d", "pathLength", "transform"]),
    (
        "pattern",
        &[
            "height",
            "patternContentUnits",
            "patternTransform",
            "patternUnits",
            "viewBox",
            "width",
            "x",
            "y",
        ],
    ),
    ("polygon", &["points", "transform"]),
    ("polyline", &["points", "transform"]),
    (
        "radialGradient",
        &["cx", "cy", "fr", "fx", "fy", "gradientTransform", "gradientUnits", "r", "spreadMethod"],
    ),
    ("rect", &["height", "rx", "ry", "transform", "width", "x", "y"]),
    ("stop", &["offset"]),
    ("svg", &["height", "preserveAspectRatio", "viewBox", "width", "x", "y"]),
    ("symbol", &["height", "preserveAspectRatio", "viewBox", "width", "x", "y"]),
    ("text", &["dx", "dy", "lengthAdjust", "rotate", "textLength", "transform", "x", "y"]),
    ("title", &[]),
    ("tspan", &["dx", "dy", "lengthAdjust", "rotate", "textLength", "x", "y"]),
    ("use", &["height", "transform", "width", "x", "y"]),
];

/// Elements that are shown only where others refer to them.
const REFERRED: [&str; 5] = ["linearGradient", "marker", "pattern", "radialGradient", "symbol"];

/// Cleans an SVG.
///
/// # Errors
/// It is no SVG, or exceeds a limit.
pub(super) fn clean(svg: &str) -> Result<Diagram, Mistake> {
    clean_of(svg, Origin::Library)
}

/// As [`clean`], for a drawing of this origin.
///
/// # Errors
/// As for [`clean`].
pub(super) fn clean_of(svg: &str, origin: Origin) -> Result<Diagram, Mistake> {
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(svg, options)
        .map_err(|error| Mistake::new(format!("its SVG cannot be read: {error}")))?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return Err(Mistake::new("it is no SVG"));
    }
    let Some(styles) = Styles::of(&document) else {
        return Err(Mistake::new("it has too many styles"));
    };
    let mut cleaner = Cleaner::new(&document, &styles, origin);
    cleaner.root(root);
    if cleaner.diagram.svg.len() > LARGEST {
        return Err(Mistake::new(format!("its drawing is larger than {} kB", LARGEST >> 10)));
    }
    Ok(cleaner.diagram)
}

/// The maker of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The library: a label is beside its shape.
    Library,
    /// Another program: a label is anywhere, and titles of elements are names such as `a->b`, which
    /// browsers would show beside the pointer.
    Program,
}

struct Cleaner<'d> {
    /// The properties of each element.
    properties: HashMap<NodeId, Properties<'d>>,
    /// The ids that something refers to, each with the number that replaces it.
    numbers: HashMap<&'d str, usize>,
    /// The shapes of a program's drawing.
    grounds: Option<Grounds>,
    diagram: Diagram,
}

/// An element around the one at hand.
struct Frame<'f, 'd> {
    parent: Option<&'f Frame<'f, 'd>>,
    /// The properties that it passes on.
    set: Vec<(Property, String)>,
    /// What it and the elements within are filled with.
    fill: Paint<'d>,
    /// The colour of texts on the shape before them, if the scheme's cannot be read there.
    text_colour: Option<&'static str>,
    depth: usize,
    /// True within a text.
    is_text: bool,
    /// True within an element that others show, which pass their properties on to it.
    is_shown_elsewhere: bool,
}

impl Frame<'_, '_> {
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

/// What an element means for the texts that are drawn after it.
#[derive(Clone, Copy, PartialEq)]
enum Backdrop {
    /// It is below them: their colour on it, if the scheme's cannot be read there.
    Shape(Option<&'static str>),
    /// It is not.
    None,
}

/// A state of the output that can be returned to.
#[derive(Clone, Copy)]
struct Mark {
    svg: usize,
    holes: usize,
    links: usize,
}

impl<'d> Cleaner<'d> {
    fn new(document: &'d Document<'_>, styles: &Styles<'d>, origin: Origin) -> Self {
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
        let grounds = (origin == Origin::Program).then(Grounds::default);
        Self { properties, numbers, grounds, diagram: Diagram::default() }
    }

    /// The element `svg`, from behind its name.
    fn root(&mut self, root: Node<'d, '_>) {
        let (view, width, height) = size(root);
        write_attribute(&mut self.diagram.svg, "viewBox", &view);
        for (name, length) in [("width", width), ("height", height)] {
            let _ = write!(self.diagram.svg, " {name}=\"{}\"", length.ceil());
        }
        let mut frame = Frame {
            parent: None,
            set: Vec::new(),
            fill: Paint::Named("text", u8::MAX),
            text_colour: None,
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
    fn children(&mut self, node: Node<'d, '_>, frame: &Frame<'_, 'd>) -> Backdrop {
        let mut text_colour = frame.text_colour;
        let mut backdrop = Backdrop::None;
        // A shape is behind the label beside it; behind what else is near it nobody knows.
        let is_label =
            frame.depth > 0 && node.children().take(MOST_IN_LABEL + 1).count() <= MOST_IN_LABEL;
        for child in node.children() {
            if child.is_text() && frame.is_text {
                escape_into(&mut self.diagram.svg, child.text().unwrap_or_default());
            } else if child.is_element() {
                backdrop = self.element(child, frame, text_colour);
                if let Backdrop::Shape(colour) = backdrop
                    && is_label
                {
                    text_colour = colour;
                }
            }
        }
        backdrop
    }

    /// Writes an element with all that is in it, if it is kept.
    fn element(
        &mut self,
        node: Node<'d, '_>,
        around: &Frame<'_, 'd>,
        text_colour: Option<&'static str>,
    ) -> Backdrop {
        let name = node.tag_name().name();
        if !self.is_kept(name, node, around) {
            return Backdrop::None;
        }
        if name == "title" {
            self.tooltip(node);
            return Backdrop::None;
        }
        let before = self.mark();
        let frame = self.start_tag(name, node, around, text_colour);
        let is_bare = matches!(name, "g" | "tspan")
            && self.diagram.svg.len() == before.svg + "<".len() + name.len();
        if is_bare {
            self.rewind(before);
        } else {
            self.diagram.svg.push('>');
        }
        let inside = self.diagram.svg.len();
        let backdrop = self.children(node, &frame);
        let is_empty = self.diagram.svg.len() == inside;
        if is_empty && is_container(name) {
            self.rewind(before);
            return Backdrop::None;
        }
        if name == "text" && !around.is_text {
            self.add_words(node);
        }
        if is_bare {
            return backdrop;
        }
        if is_empty {
            self.diagram.svg.pop();
            self.diagram.svg.push_str("/>");
        } else {
            self.diagram.svg.extend(["</", name, ">"]);
        }
        match name {
            "rect" | "circle" | "ellipse" | "polygon" | "path" => backdrop_of(frame.fill),
            "g" => backdrop,
            _ => Backdrop::None,
        }
    }

    /// True for an element that a page may hold and that shows something.
    fn is_kept(&self, name: &str, node: Node<'d, '_>, around: &Frame<'_, 'd>) -> bool {
        let Ok(_) = ELEMENTS.binary_search_by_key(&name, |(name, _)| name) else { return false };
        let is_of_root = name == "title" && (around.depth == 0 || self.grounds.is_some());
        let is_for_nothing = REFERRED.contains(&name) && self.number_of(node).is_none();
        // Copies of copies grow beyond all bounds.
        let is_nested_copy = name == "use" && around.is_shown_elsewhere;
        let is_in_bounds = around.depth < DEEPEST && self.diagram.svg.len() <= LARGEST;
        let is_plain = !around.is_text || matches!(name, "a" | "title" | "tspan");
        let is_dropped = is_of_root || is_for_nothing || is_nested_copy || self.is_hidden(node);
        is_in_bounds && is_plain && !is_dropped
    }

    /// Writes a start tag without its end, and gives the frame for what is within.
    fn start_tag<'f>(
        &mut self,
        name: &str,
        node: Node<'d, '_>,
        around: &'f Frame<'f, 'd>,
        text_colour: Option<&'static str>,
    ) -> Frame<'f, 'd> {
        let number = self.number_of(node);
        self.diagram.svg.extend(["<", name]);
        if let Some(number) = number {
            self.diagram.svg.push_str(" id=\"");
            self.write_id(number);
            self.diagram.svg.push('"');
        }
        self.write_reference(name, node);
        let kept = ELEMENTS.iter().find(|(kept, _)| *kept == name);
        for attribute in kept.map_or(&[][..], |(_, attributes)| *attributes) {
            if let Some(value) = node.attribute(*attribute) {
                self.write_geometry(attribute, value);
            }
        }
        let is_shown_elsewhere =
            around.is_shown_elsewhere || REFERRED.contains(&name) || number.is_some();
        let mut frame = Frame {
            parent: Some(around),
            set: Vec::new(),
            fill: around.fill,
            text_colour,
            depth: around.depth + 1,
            is_text: around.is_text || name == "text",
            is_shown_elsewhere,
        };
        (frame.set, frame.fill) = self.write_properties(node, &frame);
        if let Some(grounds) = &mut self.grounds {
            frame.text_colour = grounds.text_colour(node).filter(|_| name == "text");
            grounds.add(node, frame.fill);
        }
        self.write_text_colour(name, &frame);
        frame
    }

    /// Writes the words that are shown beside the pointer. Browsers read what is within the element as
    /// HTML, so it has nothing but text.
    fn tooltip(&mut self, title: Node<'d, '_>) {
        let Some(text) = text_of(title) else { return };
        self.diagram.svg.push_str("<title>");
        escape_into(&mut self.diagram.svg, &text);
        self.diagram.svg.push_str("</title>");
    }

    fn mark(&self) -> Mark {
        let Diagram { svg, holes, links, .. } = &self.diagram;
        Mark { svg: svg.len(), holes: holes.len(), links: links.len() }
    }

    fn rewind(&mut self, mark: Mark) {
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

    /// Writes the properties of an element that are not those of the elements around it; gives those
    /// that it passes on, and what it is filled with.
    fn write_properties(
        &mut self,
        node: Node<'d, '_>,
        around: &Frame<'_, 'd>,
    ) -> (Vec<(Property, String)>, Paint<'d>) {
        let (mut set, mut fill) = (Vec::new(), around.fill);
        let Some(properties) = self.properties.remove(&node.id()) else { return (set, fill) };
        for (property, value) in properties.iter() {
            let Some(value) = Value::of(property.name(), value) else { continue };
            if let ("fill", Value::Paint(paint)) = (property.name(), &value) {
                fill = *paint;
            }
            if property.initial().is_some() {
                let known = value.known();
                if around.value(property) == Some(&known) {
                    continue;
                }
                set.push((property, known));
            }
            self.diagram.svg.extend([" ", property.name(), "=\""]);
            self.write_value(&value);
            self.diagram.svg.push('"');
        }
        (set, fill)
    }

    fn write_value(&mut self, value: &Value<'_>) {
        match value {
            Value::Paint(Paint::Element(id))
            | Value::Line(Paint::Element(id))
            | Value::Element(id) => {
                let Some(number) = self.numbers.get(id).copied() else { return };
                self.diagram.svg.push_str("url(#");
                self.write_id(number);
                self.diagram.svg.push(')');
            }
            Value::Paint(paint) => self.diagram.svg.push_str(&paint.value()),
            Value::Line(paint) => self.diagram.svg.push_str(&paint.line_value()),
            Value::Other(text) => write_rounded(&mut self.diagram.svg, text),
        }
    }

    /// Writes the colour of a text on a shape that the writer coloured, for the scheme's might not
    /// be readable there.
    fn write_text_colour(&mut self, name: &str, frame: &Frame<'_, 'd>) {
        let Some(colour) = frame.text_colour.filter(|_| name == "text") else { return };
        let is_own = frame.set.iter().any(|(property, _)| property.name() == "fill");
        if !is_own && matches!(frame.fill, Paint::Named(..)) {
            self.diagram.svg.extend([" fill=\"", colour, "\""]);
        }
    }

    /// Writes an attribute that places an element.
    fn write_geometry(&mut self, name: &str, value: &str) {
        // Numbers, units and the words of transformations and paths.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || " \n\r\t,.+-()%".contains(c);
        if !value.chars().all(is_plain) {
            return;
        }
        self.diagram.svg.extend([" ", name, "=\""]);
        write_rounded(&mut self.diagram.svg, value.trim());
        self.diagram.svg.push('"');
    }

    /// Writes where a link or a copy of a shape leads.
    fn write_reference(&mut self, name: &str, node: Node<'d, '_>) {
        let Some(reference) = reference_of(node) else { return };
        match name {
            "a" => {
                let link = offset(self.diagram.links.len());
                self.diagram.links.push(reference.trim().to_owned());
                self.hole(HoleKind::Link(link));
            }
            "use" => {
                let id = reference.strip_prefix('#');
                let Some(number) = id.and_then(|id| self.numbers.get(id)).copied() else { return };
                self.diagram.svg.push_str(" href=\"#");
                self.write_id(number);
                self.diagram.svg.push('"');
            }
            _ => {}
        }
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

/// A value of a property.
enum Value<'s> {
    Paint(Paint<'s>),
    /// The colour of a line.
    Line(Paint<'s>),
    /// The element with this id.
    Element(&'s str),
    Other(&'s str),
}

impl<'s> Value<'s> {
    /// Reads a value; `None` if a page must not hold it.
    fn of(property: &str, value: &'s str) -> Option<Self> {
        match property {
            "fill" | "stop-color" => Paint::of(value).map(Self::Paint),
            "stroke" => Paint::of(value).map(Self::Line),
            "font-weight" if value == "400" => Some(Self::Other("normal")),
            "stroke-dasharray" if is_solid(value) => Some(Self::Other("none")),
            _ if local_reference(value).is_some() => local_reference(value).map(Self::Element),
            _ => {
                let value = value.strip_suffix("px").unwrap_or(value);
                let is_plain = |c: char| c.is_ascii_alphanumeric() || " ,.%-".contains(c);
                Some(Self::Other(value)).filter(|_| value.chars().all(is_plain))
            }
        }
    }

    /// The value as the elements within know it.
    fn known(&self) -> String {
        match self {
            Self::Paint(Paint::Element(id))
            | Self::Line(Paint::Element(id))
            | Self::Element(id) => {
                format!("url(#{id})")
            }
            Self::Paint(paint) | Self::Line(paint) => paint.value(),
            Self::Other(text) => (*text).to_owned(),
        }
    }
}

/// True for dashes without gaps.
fn is_solid(dashes: &str) -> bool {
    let lengths: Vec<f64> = dashes
        .split([',', ' '])
        .filter(|length| !length.is_empty())
        .map(|length| length.trim_end_matches("px").parse().unwrap_or(1.0))
        .collect();
    match lengths[..] {
        [only] => only == 0.0,
        [_, gap] => gap == 0.0,
        _ => false,
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

/// True for elements that show nothing without others in them.
fn is_container(name: &str) -> bool {
    matches!(name, "a" | "defs" | "g" | "svg" | "text" | "title" | "tspan")
}

/// What a shape means for the texts that are drawn after it.
fn backdrop_of(fill: Paint<'_>) -> Backdrop {
    match fill {
        Paint::None => Backdrop::None,
        paint => Backdrop::Shape(paint.text_on()),
    }
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
mod tests {
    use super::*;

    /// The inside of the cleaned SVG with these elements, ids and links marked.
    fn cleaned(inside: &str) -> String {
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{inside}</svg>"#
        );
        let diagram = clean(&svg).unwrap_or_default();
        let mut marked = String::new();
        let mut from = 0;
        for hole in &diagram.holes {
            marked.push_str(&diagram.svg[from..hole.at as usize]);
            marked.push_str(match hole.kind {
                HoleKind::IdPrefix => "p-",
                HoleKind::Link(_) => " LINK",
            });
            from = hole.at as usize;
        }
        marked.push_str(&diagram.svg[from..]);
        let start = " viewBox=\"0 0 9 9\" width=\"9\" height=\"9\" fill=\"var(--diagram-text)\">";
        let inside = marked.strip_prefix(start).and_then(|rest| rest.strip_suffix("</svg>"));
        inside.unwrap_or(&marked).to_owned()
    }

    #[test]
    fn only_shapes_and_text_are_kept() {
        for (svg, expected) in [
            ("<rect width='1.23456' height='2'/>", "<rect height=\"2\" width=\"1.23\"/>"),
            ("<script>alert(1)</script><g><g><style>*{}</style></g></g>", ""),
            ("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>", ""),
            ("<image href='http://x/a.png'/><animate/><set/><iframe/><filter id='a'/>", ""),
            ("<path d='M0 0' onload='alert(1)' class='x' data-x='y'/>", "<path d=\"M0 0\"/>"),
            ("<path d='M0 0&quot;&gt;'/>", "<path/>"),
            (
                "<path d='M0 0' fill='url(http://x/)' stroke='url(#none) red'/>",
                "<path d=\"M0 0\" stroke=\"url(#p-0)\"/>",
            ),
            ("<text>a &lt;b&gt; &amp;</text>", "<text>a &lt;b&gt; &amp;</text>"),
            (
                "<g><title>a<path/><title>&lt;/svg></title></title><path/></g>",
                "<title>a&lt;/svg&gt;</title><path/>",
            ),
            ("<text>a<path/><text>b</text></text>", "<text>a</text>"),
            ("<a href='a.md'><g/></a>", ""),
            (
                "<g id='a'><use href='#a'/><path/></g><use href='#a'/>",
                "<g id=\"p-0\"><path/></g><use href=\"#p-0\"/>",
            ),
            (
                "<text><tspan>a</tspan><tspan x='1'>b</tspan></text>",
                "<text>a<tspan x=\"1\">b</tspan></text>",
            ),
            ("<g display='none'><path/></g>", ""),
            ("<a xlink:href='javascript:alert(1)'><path/></a>", "<a LINK><path/></a>"),
            (
                "<use xlink:href='#a'/><symbol id='a'><path/></symbol>",
                "<use href=\"#p-0\"/><symbol id=\"p-0\"><path/></symbol>",
            ),
            ("<use href='http://x/#a'/>", "<use/>"),
            ("<marker id='a'><path/></marker>", ""),
            (
                "<marker id='a'><path/></marker><path marker-end='url(#a)'/>",
                "<marker id=\"p-0\"><path/></marker><path marker-end=\"url(#p-0)\"/>",
            ),
        ] {
            assert_eq!(cleaned(svg), expected, "{svg}");
        }
    }

    #[test]
    fn styles_become_properties() {
        for (svg, expected) in [
            (
                "<style>.a{fill:#f00}#b.a{fill:#0f0}</style><path class='a' id='b'/>",
                "<path fill=\"#00ff00\"/>",
            ),
            (
                "<style>path{fill:#f00!important}</style><path style='fill:#00f'/>",
                "<path fill=\"#ff0000\"/>",
            ),
            (
                "<style>g .a>path{stroke-width:2px}</style><g><g class='a'><path/></g></g>",
                "<path stroke-width=\"2\"/>",
            ),
            (
                "<style>path{fill:expression(alert(1));stroke:url(http://x)}</style><path/>",
                "<path/>",
            ),
            (
                "<style>@import url(http://x);</style><path style='background:url(http://x)'/>",
                "<path/>",
            ),
            (
                "<g fill='#f00'><path fill='red'/><path fill='blue'/></g>",
                "<g fill=\"#ff0000\"><path/><path fill=\"#0000ff\"/></g>",
            ),
            (
                "<path stroke-dasharray='1, 0'/><path stroke-dasharray='3'/>",
                "<path/><path stroke-dasharray=\"3\"/>",
            ),
        ] {
            assert_eq!(cleaned(svg), expected, "{svg}");
        }
    }

    #[test]
    fn black_and_white_follow_the_scheme() {
        for (svg, expected) in [
            (
                "<path fill='white' stroke='#000'/>",
                "<path fill=\"var(--diagram-ground)\" stroke=\"var(--diagram-text)\"/>",
            ),
            (
                "<path fill='rgba(255,255,255,.5)'/>",
                "<path fill=\"color-mix(in srgb, var(--diagram-ground) 50%, transparent)\"/>",
            ),
            ("<path fill='none' stroke='transparent'/>", "<path fill=\"none\"/>"),
        ] {
            assert_eq!(cleaned(svg), expected, "{svg}");
        }
    }

    #[test]
    fn text_on_a_chosen_colour_can_be_read() {
        for (fill, expected) in
            [("#fe9", "#000"), ("#123", "#fff"), ("#000", "var(--diagram-ground)")]
        {
            let svg = format!("<g><rect fill='{fill}'/><g><text>a</text></g></g><text>b</text>");
            let cleaned = cleaned(&svg);
            assert!(cleaned.contains(&format!("<text fill=\"{expected}\">a</text>")), "{cleaned}");
            assert!(cleaned.ends_with("<text>b</text>"), "{cleaned}");
        }
        assert!(
            cleaned("<g><rect fill='#123'/><text fill='#f00'>a</text></g>").contains("#ff0000")
        );
    }

    #[test]
    fn labels_are_words() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg"><title>题</title><desc>说明</desc>
            <text><tspan>两阶段</tspan><tspan>提交 two</tspan><tspan>phase</tspan></text><text> </text><text>b</text></svg>"#;
        let diagram = clean(svg).unwrap_or_default();
        assert_eq!(diagram.words, "两阶段提交 two phase\nb\n");
        assert_eq!(
            (diagram.title.as_deref(), diagram.description.as_deref()),
            (Some("题"), Some("说明"))
        );
    }

    #[test]
    fn what_is_no_drawing_or_too_large_is_refused() {
        let (open, close) = ("<g transform='scale(1)'>".repeat(5_000), "</g>".repeat(5_000));
        let deep = clean(&format!("<svg>{open}<path/>{close}<path/></svg>")).unwrap_or_default();
        assert_eq!(deep.svg.matches("<path").count(), 1, "only the one that is not too deep");
        let wide = format!("<svg>{}</svg>", "<path/>".repeat(250_000));
        let entities =
            r#"<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg><text>&b;</text></svg>"#;
        for svg in ["", "<svg", "<html/>", "text", &wide, entities] {
            assert!(clean(svg).is_err(), "{}", &svg[..svg.len().min(60)]);
        }
    }
}
