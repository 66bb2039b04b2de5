//! A colour as typed → the accent of each colour scheme, as near to it as can be read there.
//!
//! Must not know: style sheets other than the rules that it writes.

use super::mistake::Mistake;
use crate::phrase::phrase;

/// Least contrast of text with its background: level AA of WCAG 2.2, success criterion 1.4.3.
const LEAST_CONTRAST: f64 = 4.5;
/// Part of the accent in the background of what is chosen.
const SOFT: f64 = 0.12;
/// Number of steps in which an accent is made darker or lighter.
const STEPS: u8 = 64;

/// A colour of the sRGB space: red, green, blue.
pub type Rgb = [u8; 3];

/// A colour scheme of the site.
struct Scheme {
    /// The selector of its rule, and the media query around it.
    selector: &'static str,
    media: Option<&'static str>,
    /// The colours on which links are written, as `static/scheme.css` has them.
    grounds: [Rgb; 2],
    is_dark: bool,
}

const DARK: [Rgb; 2] = [[0x15, 0x19, 0x1c], [0x1b, 0x20, 0x24]];
const SCHEMES: [Scheme; 4] = [
    Scheme {
        selector: ":root",
        media: None,
        grounds: [[0xff, 0xff, 0xff], [0xf5, 0xf7, 0xf7]],
        is_dark: false,
    },
    Scheme {
        selector: ":root[data-scheme=\"sepia\"]",
        media: None,
        grounds: [[0xf8, 0xf1, 0xe3], [0xf1, 0xe8, 0xd5]],
        is_dark: false,
    },
    Scheme {
        selector: ":root:not([data-scheme])",
        media: Some("(prefers-color-scheme: dark)"),
        grounds: DARK,
        is_dark: true,
    },
    Scheme { selector: ":root[data-scheme=\"dark\"]", media: None, grounds: DARK, is_dark: true },
];

/// The accent of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Accent(Rgb);

impl Accent {
    /// Reads `#rgb` or `#rrggbb`.
    pub(super) fn parse(text: &str) -> Result<Self, Mistake> {
        rgb(text).map(Self).ok_or_else(|| {
            Mistake::new(
                phrase!("is not a colour"),
                phrase!("write it as in CSS, for example `\"#0f766e\"`"),
            )
        })
    }

    /// The rules of CSS for all schemes.
    #[must_use]
    pub fn rules(self) -> String {
        SCHEMES.iter().map(|scheme| scheme.rule(self.0)).collect()
    }
}

impl Scheme {
    fn rule(&self, wanted: Rgb) -> String {
        let accent = self.readable(wanted);
        let soft = mixed(self.grounds[0], accent, SOFT);
        let rule = format!(
            "{} {{ --accent: {}; --accent-soft: {}; }}",
            self.selector,
            hex(accent),
            hex(soft)
        );
        match self.media {
            Some(media) => format!("@media {media} {{ {rule} }}\n"),
            None => format!("{rule}\n"),
        }
    }

    /// The colour itself, or the first of its darker or lighter ones that can be read.
    fn readable(&self, wanted: Rgb) -> Rgb {
        let end = if self.is_dark { [0xff; 3] } else { [0; 3] };
        let mut steps =
            (0..=STEPS).map(|step| mixed(wanted, end, f64::from(step) / f64::from(STEPS)));
        steps.find(|&colour| self.can_read(colour)).unwrap_or(end)
    }

    fn can_read(&self, colour: Rgb) -> bool {
        let soft = mixed(self.grounds[0], colour, SOFT);
        let [background, panel] = self.grounds;
        [background, panel, soft].iter().all(|&ground| contrast(colour, ground) >= LEAST_CONTRAST)
    }
}

fn rgb(text: &str) -> Option<Rgb> {
    let digits = text.trim().strip_prefix('#')?;
    let digits: Vec<u8> = digits
        .chars()
        .map(|digit| u8::try_from(digit.to_digit(16)?).ok())
        .collect::<Option<_>>()?;
    match digits[..] {
        [red, green, blue] => Some([red * 17, green * 17, blue * 17]),
        [red, r, green, g, blue, b] => Some([red * 16 + r, green * 16 + g, blue * 16 + b]),
        _ => None,
    }
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A colour between two: `part` of the way from the first to the second.
fn mixed(from: Rgb, to: Rgb, part: f64) -> Rgb {
    let channel = |index: usize| {
        let (from, to) = (f64::from(from[index]), f64::from(to[index]));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is between two bytes"
        )]
        let mixed = (from + (to - from) * part).round() as u8;
        mixed
    };
    [channel(0), channel(1), channel(2)]
}

/// The relative luminance of a colour (WCAG 2.2), from 0 to 1.
fn luminance(colour: Rgb) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = colour.map(channel);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The contrast ratio of two colours (WCAG 2.2), from 1 to 21.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The colours of a property in the rules of `static/scheme.css`, in the order of the file.
    fn in_sheet(property: &str) -> Vec<Rgb> {
        let sheet = include_str!("../../static/scheme.css");
        let lines = sheet.lines().filter_map(|line| {
            line.trim().strip_prefix(property)?.strip_prefix(": ")?.strip_suffix(';')
        });
        lines.filter_map(rgb).collect()
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        for (index, property) in ["--background", "--panel"].into_iter().enumerate() {
            let grounds: Vec<Rgb> = SCHEMES.iter().map(|scheme| scheme.grounds[index]).collect();
            assert_eq!(in_sheet(property), grounds, "{property}");
        }
    }

    #[test]
    fn every_accent_can_be_read_in_every_scheme() {
        for red in (0..=255).step_by(51) {
            for green in (0..=255).step_by(51) {
                for blue in (0..=255).step_by(51) {
                    for scheme in &SCHEMES {
                        let accent = scheme.readable([red, green, blue]);
                        assert!(scheme.can_read(accent), "{} {accent:?}", scheme.selector);
                    }
                }
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        let rules = Accent::parse("#0F766E").unwrap().rules();
        assert!(rules.starts_with(":root { --accent: #0f766e; --accent-soft: #"), "{rules}");
        let dark: Vec<&str> = rules.lines().skip(2).collect();
        assert!(
            dark[0].starts_with("@media (prefers-color-scheme: dark) { :root:not([data-scheme]) {")
        );
        assert!(!dark.iter().any(|line| line.contains("#0f766e")), "{rules}");
        assert_eq!(rules.lines().count(), SCHEMES.len());
    }

    #[test]
    fn colours_are_three_or_six_hexadecimal_digits() {
        for (text, expected) in [
            ("#fa0", Some([0xff, 0xaa, 0])),
            (" #0F766e ", Some([0x0f, 0x76, 0x6e])),
            ("#0f766", None),
            ("0f766e", None),
            ("teal", None),
            ("#文字色", None),
            ("#", None),
            ("#1234567", None),
        ] {
            assert_eq!(rgb(text), expected, "{text}");
        }
    }
}
