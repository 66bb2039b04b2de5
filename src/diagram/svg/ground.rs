//! The filled shapes of a drawing → the colour of a text, by the shape below it.
//!
//! Must not know: how an element is written.

use roxmltree::Node;

use super::paint::Paint;

/// Most shapes that are looked at for a text: the one below it is one of the last before it.
const MOST_SHAPES: usize = 200;

/// The shapes so far. Transformations are not heeded: programs have one for the whole drawing.
#[derive(Debug, Default)]
pub(super) struct Grounds(Vec<FilledShape>);

/// A shape and the colour of texts on it, if the scheme's cannot be read there.
#[derive(Debug)]
struct FilledShape {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    text: Option<&'static str>,
}

impl Grounds {
    /// Adds a shape, if it hides what is below.
    pub fn add(&mut self, shape: Node<'_, '_>, fill: Paint<'_>) {
        if fill == Paint::None {
            return;
        }
        let Some([left, top, right, bottom]) = bounds(shape) else { return };
        self.0.push(FilledShape { left, top, right, bottom, text: fill.text_on() });
    }

    /// The colour of a text, if the scheme's cannot be read where it is.
    pub fn text_colour(&self, text: Node<'_, '_>) -> Option<&'static str> {
        let (x, y) = (number(text, "x")?, number(text, "y")?);
        let is_below = |shape: &&FilledShape| {
            (shape.left..=shape.right).contains(&x) && (shape.top..=shape.bottom).contains(&y)
        };
        self.0.iter().rev().take(MOST_SHAPES).find(is_below)?.text
    }
}

/// The left, upper, right and lower end of a shape.
fn bounds(shape: Node<'_, '_>) -> Option<[f64; 4]> {
    let number = |name| number(shape, name);
    let around = |x: f64, y: f64, rx: f64, ry: f64| [x - rx, y - ry, x + rx, y + ry];
    match shape.tag_name().name() {
        "rect" => {
            let (left, top) = (number("x").unwrap_or(0.0), number("y").unwrap_or(0.0));
            Some([left, top, left + number("width")?, top + number("height")?])
        }
        "circle" => {
            let radius = number("r")?;
            Some(around(number("cx")?, number("cy")?, radius, radius))
        }
        "ellipse" => Some(around(number("cx")?, number("cy")?, number("rx")?, number("ry")?)),
        "polygon" => of_points(shape.attribute("points")?),
        "path" => {
            let path = shape.attribute("d")?;
            // With these commands alone all numbers are pairs of places.
            let has_places = |c: char| !c.is_ascii_alphabetic() || "CLMQSTZz".contains(c);
            path.chars().all(has_places).then(|| of_points(path))?
        }
        _ => None,
    }
}

/// The ends of what is drawn through places.
fn of_points(text: &str) -> Option<[f64; 4]> {
    let is_apart = |c: char| c == ',' || c.is_whitespace() || c.is_ascii_alphabetic();
    let mut numbers = text.split(is_apart).filter_map(|number| number.parse::<f64>().ok());
    let mut found: Option<[f64; 4]> = None;
    while let (Some(x), Some(y)) = (numbers.next(), numbers.next()) {
        let [left, top, right, bottom] = found.unwrap_or([x, y, x, y]);
        found = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
    }
    found
}

fn number(node: Node<'_, '_>, name: &str) -> Option<f64> {
    node.attribute(name)?.trim_end_matches("px").parse().ok()
}
