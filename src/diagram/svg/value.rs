//! The text of a property → its value, if a page may hold it.
//!
//! Must not know: elements.

use super::paint::{Paint, local_reference};

/// A value of a property.
pub(super) enum Value<'s> {
    Paint(Paint<'s>),
    /// The colour of a line.
    Line(Paint<'s>),
    /// The element with this id.
    Element(&'s str),
    Other(&'s str),
}

impl<'s> Value<'s> {
    /// Reads a value; `None` if a page must not hold it.
    pub fn of(property: &str, value: &'s str) -> Option<Self> {
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
    pub fn known(&self) -> String {
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
