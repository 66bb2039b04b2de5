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

    /// As a value.
    pub fn value(self) -> String {
        match self {
            Self::None | Self::Element(_) => "none".to_owned(),
            Self::Named(name, alpha) => translucent(format!("var(--diagram-{name})"), alpha),
            Self::Chosen(Color { red, green, blue, alpha: u8::MAX }) => {
                format!("#{red:02x}{green:02x}{blue:02x}")
            }
            Self::Chosen(Color { red, green, blue, alpha }) => {
                format!("#{red:02x}{green:02x}{blue:02x}{alpha:02x}")
            }
        }
    }

    /// As the value of a line, for which the colours of series are stronger.
    pub fn line_value(self) -> String {
        match self {
            Self::Named(name, alpha) if name.starts_with("series") => {
                translucent(format!("var(--diagram-{name}-line)"), alpha)
            }
            _ => self.value(),
        }
    }

    /// The colour of a text on this one if the scheme's cannot be read there: on one that the
    /// writer chose black or white, whichever is easier to read (WCAG 2.2, contrast ratio).
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

/// A colour that the page is seen through.
fn translucent(colour: String, alpha: u8) -> String {
    if alpha == u8::MAX {
        return colour;
    }
    let percent = (u32::from(alpha) * 100 + 127) / 255;
    format!("color-mix(in srgb, {colour} {percent}%, transparent)")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paints_are_read() {
        for (value, expected) in [
            ("none", "none"),
            ("#fff", "var(--diagram-ground)"),
            ("currentColor", "var(--diagram-text)"),
            ("rgb(0 0 0 / 0)", "none"),
            ("#f008", "#ff000088"),
            ("rgba(255,255,255,.2)", "color-mix(in srgb, var(--diagram-ground) 20%, transparent)"),
            ("url(#a)", "none"),
        ] {
            assert_eq!(Paint::of(value).map(Paint::value).as_deref(), Some(expected), "{value}");
        }
        assert_eq!(Paint::of("expression(1)"), None);
    }

    #[test]
    fn only_parts_of_the_drawing_are_referred_to() {
        for (value, expected) in [
            ("url(#a)", Some("a")),
            ("url( '#a' )", Some("a")),
            ("url(http://x/#a)", None),
            ("url(#)", None),
            ("#a", None),
        ] {
            assert_eq!(local_reference(value), expected, "{value}");
        }
    }

    #[test]
    fn text_is_black_or_white_on_chosen_colours_alone() {
        for (value, expected) in [
            ("#fe9", Some("#000")),
            ("#123", Some("#fff")),
            ("#1238", Some("#fff")),
            ("#1232", None),
            ("black", Some("var(--diagram-ground)")),
            ("white", None),
        ] {
            assert_eq!(Paint::of(value).and_then(Paint::text_on), expected, "{value}");
        }
    }
}
