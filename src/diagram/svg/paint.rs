//! Colours of an SVG → colours of the page's scheme, and text that is readable on the colours that
//! the writer chose.
//!
//! Must not know: elements.

use std::str::FromStr;

use svgtypes::Color;

use crate::diagram::palette;

/// The colour, gradient or absence of one that a shape is filled with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Paint<'s> {
    None,
    /// One that the scheme gives, by its name in the style sheet, and its opacity.
    Named(&'static str, u8),
    /// One that the writer chose.
    Chosen(Color),
    /// The element with this id.
    Element(&'s str),
}

impl<'s> Paint<'s> {
    /// Reads a value of `fill`, `stroke` or the like; `None` if it is none.
    pub fn of(value: &'s str) -> Option<Self> {
        if value == "none" || value == "transparent" {
            return Some(Self::None);
        }
        if value == "currentColor" {
            return Some(Self::Named("text", u8::MAX));
        }
        if let Some(id) = local_reference(value) {
            return Some(Self::Element(id));
        }
        let colour = Color::from_str(value).ok()?;
        Some(match palette::name_of(colour) {
            _ if colour.alpha == 0 => Self::None,
            Some(name) => Self::Named(name, colour.alpha),
            None => Self::Chosen(colour),
        })
    }

    /// As a value, without its opacity.
    pub fn value(self) -> String {
        match self {
            Self::None | Self::Element(_) => "none".to_owned(),
            Self::Named(name, _) => format!("var(--diagram-{name})"),
            Self::Chosen(Color { red, green, blue, .. }) => {
                format!("#{red:02x}{green:02x}{blue:02x}")
            }
        }
    }

    /// As the value of a line, for which the colours of series are stronger.
    pub fn line_value(self) -> String {
        match self {
            Self::Named(name, _) if name.starts_with("series") => {
                format!("var(--diagram-{name}-line)")
            }
            _ => self.value(),
        }
    }

    /// Its opacity, if it is not opaque.
    pub fn opacity(self) -> Option<f64> {
        let alpha = match self {
            Self::Named(_, alpha) | Self::Chosen(Color { alpha, .. }) => alpha,
            Self::None | Self::Element(_) => u8::MAX,
        };
        (alpha < u8::MAX).then(|| f64::from(alpha) / 255.0)
    }

    /// The colour of a text on this one if the scheme's cannot be read there: on one that the writer
    /// chose black or white, whichever is easier to read (WCAG 2.2, contrast ratio).
    pub fn text_on(self) -> Option<&'static str> {
        let colour = match self {
            Self::Named("text" | "line" | "subtle", _) => return Some("var(--diagram-ground)"),
            Self::Chosen(colour) => colour,
            _ => return None,
        };
        // Through a light one the page is seen.
        if colour.alpha < 128 {
            return None;
        }
        let light = luminance(colour);
        Some(if (light + 0.05) * (light + 0.05) > 1.05 * 0.05 { "#000" } else { "#fff" })
    }
}

/// The id in `url(#id)`.
pub(super) fn local_reference(value: &str) -> Option<&str> {
    let inside = value.strip_prefix("url(")?.split(')').next()?;
    inside.trim().trim_matches(['"', '\'']).strip_prefix('#').filter(|id| !id.is_empty())
}

/// The relative luminance of a colour, from 0 to 1 (WCAG 2.2).
fn luminance(Color { red, green, blue, .. }: Color) -> f64 {
    let linear = |channel: u8| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}
