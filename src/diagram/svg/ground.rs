//! The filled shapes of a drawing → the colour of a text, by the shape below it.
//!
//! Must not know: how an element is written.

use roxmltree::Node;
use svgtypes::{PointsParser, SimplePathSegment, SimplifyingPathParser, Transform};

use super::paint::Paint;

/// Most shapes that are looked at for a text: the one below it is one of the last before it.
const MOST_SHAPES: usize = 200;
/// The size of letters in which lengths in `em` are read, as the diagrams of the library have it.
const EM: f64 = 16.0;

/// The shapes so far, in the coordinates of the drawing.
#[derive(Debug, Default)]
pub(super) struct Grounds(Vec<FilledShape>);

/// A shape and the colour of texts on it, if the scheme's cannot be read there.
#[derive(Debug)]
struct FilledShape {
    bounds: Bounds,
    text: Option<&'static str>,
}

/// The ends of a shape.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bounds {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Grounds {
    /// Adds a shape in these coordinates, if it hides what is below.
    pub fn add(&mut self, shape: Node<'_, '_>, fill: Paint<'_>, transform: Transform) {
        if fill == Paint::None {
            return;
        }
        let Some(bounds) = Bounds::of(shape) else { return };
        self.0.push(FilledShape { bounds: bounds.within(transform), text: fill.text_on() });
    }

    /// The colour of a text in these coordinates, if the scheme's cannot be read where it is.
    pub fn text_colour(&self, text: Node<'_, '_>, transform: Transform) -> Option<&'static str> {
        let (x, y) = at(transform, place_of(text));
        let is_below = |shape: &&FilledShape| shape.bounds.has(x, y);
        self.0.iter().rev().take(MOST_SHAPES).find(is_below)?.text
    }
}

/// The place of a text, which its first line may give.
fn place_of(text: Node<'_, '_>) -> (f64, f64) {
    let line = text.children().find(|child| child.tag_name().name() == "tspan");
    let length = |name| {
        let of_line = line.and_then(|line| number(line, name));
        of_line.or_else(|| number(text, name)).unwrap_or(0.0)
    };
    (length("x") + length("dx"), length("y") + length("dy"))
}

/// The coordinates of an element, in those around it.
pub(super) fn within(around: Transform, element: Node<'_, '_>) -> Transform {
    let Some(own) = element.attribute("transform").and_then(|own| own.parse::<Transform>().ok())
    else {
        return around;
    };
    let (right, down) = (along(around, (own.a, own.b)), along(around, (own.c, own.d)));
    let origin = at(around, (own.e, own.f));
    Transform::new(right.0, right.1, down.0, down.1, origin.0, origin.1)
}

/// A way in the coordinates of the drawing.
fn along(transform: Transform, (x, y): (f64, f64)) -> (f64, f64) {
    (transform.a * x + transform.c * y, transform.b * x + transform.d * y)
}

/// A place in the coordinates of the drawing.
fn at(transform: Transform, place: (f64, f64)) -> (f64, f64) {
    let (x, y) = along(transform, place);
    (x + transform.e, y + transform.f)
}

impl Bounds {
    /// Those of a shape, in its own coordinates.
    fn of(shape: Node<'_, '_>) -> Option<Self> {
        let number = |name| number(shape, name);
        let around = |rx: f64, ry: f64| {
            let (x, y) = (number("cx").unwrap_or(0.0), number("cy").unwrap_or(0.0));
            Self { left: x - rx, top: y - ry, right: x + rx, bottom: y + ry }
        };
        match shape.tag_name().name() {
            "rect" => {
                let (left, top) = (number("x").unwrap_or(0.0), number("y").unwrap_or(0.0));
                let (right, bottom) = (left + number("width")?, top + number("height")?);
                Some(Self { left, top, right, bottom })
            }
            "circle" => number("r").map(|radius| around(radius, radius)),
            "ellipse" => Some(around(number("rx")?, number("ry")?)),
            "polygon" => Self::around(PointsParser::from(shape.attribute("points")?)),
            "path" => Self::around(places(shape.attribute("d")?)),
            _ => None,
        }
    }

    /// Those of some places.
    fn around(places: impl Iterator<Item = (f64, f64)>) -> Option<Self> {
        let mut found: Option<Self> = None;
        for (x, y) in places {
            let known = found.unwrap_or(Self { left: x, top: y, right: x, bottom: y });
            found = Some(Self {
                left: known.left.min(x),
                top: known.top.min(y),
                right: known.right.max(x),
                bottom: known.bottom.max(y),
            });
        }
        found
    }

    /// Those of the shape in the coordinates of the drawing.
    fn within(self, transform: Transform) -> Self {
        let Self { left, top, right, bottom } = self;
        let corners = [(left, top), (right, top), (left, bottom), (right, bottom)];
        Self::around(corners.into_iter().map(|corner| at(transform, corner))).unwrap_or(self)
    }

    fn has(self, x: f64, y: f64) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }
}

/// The places that a path goes through.
fn places(path: &str) -> impl Iterator<Item = (f64, f64)> {
    let segments = SimplifyingPathParser::from(path).map_while(Result::ok);
    segments.filter_map(|segment| match segment {
        SimplePathSegment::MoveTo { x, y }
        | SimplePathSegment::LineTo { x, y }
        | SimplePathSegment::CurveTo { x, y, .. }
        | SimplePathSegment::Quadratic { x, y, .. } => Some((x, y)),
        SimplePathSegment::ClosePath => None,
    })
}

/// A length in pixels.
fn number(node: Node<'_, '_>, name: &str) -> Option<f64> {
    let value = node.attribute(name)?;
    match value.strip_suffix("em") {
        Some(number) => number.parse::<f64>().ok().map(|number| number * EM),
        None => value.trim_end_matches("px").parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use roxmltree::Document;

    use super::*;

    /// The colour of a text behind a black shape, in a drawing of these two.
    fn colour(shape: &str, text: &str) -> Option<&'static str> {
        let svg = format!("<svg>{shape}{text}</svg>");
        let document = Document::parse(&svg).unwrap();
        let mut elements = document.root_element().children();
        let (shape, text) = (elements.next().unwrap(), elements.next().unwrap());
        let mut grounds = Grounds::default();
        let transform = within(Transform::default(), shape);
        grounds.add(shape, Paint::Named("text", u8::MAX), transform);
        grounds.text_colour(text, within(Transform::default(), text))
    }

    #[test]
    fn shapes_of_all_kinds_have_bounds() {
        for (shape, text, is_on_it) in [
            ("<rect width='9' height='9'/>", "<text x='4' y='4'/>", true),
            ("<rect width='9' height='9'/>", "<text x='4' y='10'/>", false),
            ("<rect x='-4' y='-4' width='9px' height='9'/>", "<text/>", true),
            ("<circle r='3'/>", "<text x='3' y='0'/>", true),
            ("<circle cx='9' r='3'/>", "<text/>", false),
            ("<ellipse cx='5' cy='5' rx='5' ry='1'/>", "<text x='1' y='5'/>", true),
            ("<polygon points='0,0 9,0 9,9 0,9'/>", "<text x='4' y='4'/>", true),
            ("<path d='M0 0h9v9h-9z'/>", "<text x='4' y='4'/>", true),
            ("<path d='M1 5a4 4 0 0 1 8 0a4 4 0 0 1 -8 0z'/>", "<text x='5' y='5'/>", true),
            ("<path d='M0,0L9,0'/>", "<text x='4' y='4'/>", false),
            ("<line x2='9' y2='9'/>", "<text x='4' y='4'/>", false),
            (
                "<rect width='9' height='9'/>",
                "<text y='40'><tspan x='4' y='-1em' dy='1.2em'/></text>",
                true,
            ),
            (
                "<rect width='9' height='9' transform='translate(50 50)'/>",
                "<text x='4' y='4'/>",
                false,
            ),
            (
                "<rect width='9' height='9' transform='translate(50 50) scale(2)'/>",
                "<text x='10' transform='translate(55 65)'/>",
                true,
            ),
            (
                "<rect x='5' width='9' height='9' transform='rotate(90)'/>",
                "<text x='-4' y='6'/>",
                true,
            ),
            ("<rect width='9' height='9' transform='nonsense'/>", "<text x='4' y='4'/>", true),
        ] {
            assert_eq!(colour(shape, text).is_some(), is_on_it, "{shape} {text}");
        }
    }
}
