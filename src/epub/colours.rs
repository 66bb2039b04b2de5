//! The colours of drawings: readers of books often know no variables, so those of pages in the
//! light scheme are written in their place.
//!
//! Must not know: elements.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The sheets of pages that name colours, each with its light ones in the first rule.
const SHEETS: [&str; 2] =
    [include_str!("../../static/scheme.css"), include_str!("../../static/diagram.css")];

/// The colours of books.
pub(super) static COLOURS: LazyLock<Colours> = LazyLock::new(|| Colours::of(&SHEETS));

/// A colour of sRGB.
type Rgb = [u8; 3];

/// The colours that variables stand for.
#[derive(Debug)]
pub(super) struct Colours(HashMap<&'static str, String>);

impl Colours {
    /// Those of some sheets: `--name: value;`, each on a line. A value is a number of six or three
    /// digits, a variable of a line above, or a mixture of two (CSS Color 5 §3).
    fn of(sheets: &[&'static str]) -> Self {
        let mut known: HashMap<&'static str, Rgb> = HashMap::new();
        for sheet in sheets {
            let first = sheet.split_once(":root {").map_or("", |(_, rule)| rule);
            let lines = first.lines().take_while(|line| !line.starts_with('}'));
            for line in lines {
                let Some((name, value)) = line.trim().split_once(": ") else { continue };
                if let Some(colour) = value.strip_suffix(';').and_then(|it| colour(it, &known)) {
                    known.insert(name, colour);
                }
            }
        }
        let written = |[red, green, blue]: Rgb| format!("#{red:02x}{green:02x}{blue:02x}");
        Self(known.into_iter().map(|(name, colour)| (name, written(colour))).collect())
    }

    /// A value of an attribute with the colours that it names.
    pub fn in_value<'v>(&self, value: &'v str) -> Cow<'v, str> {
        let Some(first) = value.find("var(") else { return Cow::Borrowed(value) };
        let (mut written, mut rest) = (value[..first].to_owned(), &value[first..]);
        while let Some((before, behind)) = rest.split_once("var(") {
            written.push_str(before);
            let Some((name, end)) = behind.split_once(')') else {
                written.push_str("var(");
                rest = behind;
                break;
            };
            let name = name.split(',').next().unwrap_or_default().trim();
            written.push_str(self.0.get(name).map_or("currentColor", String::as_str));
            rest = end;
        }
        written.push_str(rest);
        Cow::Owned(written)
    }
}

/// The colour of a value.
fn colour(value: &str, known: &HashMap<&str, Rgb>) -> Option<Rgb> {
    if let Some(name) = value.strip_prefix("var(").and_then(|rest| rest.strip_suffix(')')) {
        return known.get(name).copied();
    }
    if let Some(parts) = value.strip_prefix("color-mix(in srgb, ") {
        let (first, rest) = parts.strip_suffix("%)")?.split_once(", ")?;
        let (second, percent) = rest.split_once(' ')?;
        let (first, second) = (colour(first, known)?, colour(second, known)?);
        let percent: u16 = percent.parse().ok().filter(|percent| *percent <= 100)?;
        let mixed = |channel: usize| {
            let of = |colour: Rgb, part: u16| u16::from(colour[channel]) * part;
            // Rounded; at most 255.
            ((of(first, 100 - percent) + of(second, percent) + 50) / 100).to_le_bytes()[0]
        };
        return Some([mixed(0), mixed(1), mixed(2)]);
    }
    let digits = value.strip_prefix('#')?;
    let digits: String = match digits.len() {
        3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        6 => digits.to_owned(),
        _ => return None,
    };
    let [_, red, green, blue] = u32::from_str_radix(&digits, 16).ok()?.to_be_bytes();
    Some([red, green, blue])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_become_their_values() {
        let sheet = "/* */\n:root {\n  --a: #fff;\n  --b-c: #102030;\n  --d: var(--b-c);\n  \
                     --e: color-mix(in srgb, var(--a), var(--b-c) 50%);\n  --f: serif;\n}\n\
                     :root[x] {\n  --a: #000;\n}\n";
        let colours =
            Colours::of(&[sheet, ":root {\n  --g: color-mix(in srgb, var(--e), #000 25%);\n}"]);
        for (value, expected) in [
            ("none", "none"),
            ("var(--a)", "#ffffff"),
            ("fill: var(--a); stroke: var(--b-c)", "fill: #ffffff; stroke: #102030"),
            ("var(--d)", "#102030"),
            ("var(--e)", "#889098"),
            ("var(--g, red)", "#666c72"),
            ("var(--f)", "currentColor"),
            ("var(--x)", "currentColor"),
            ("var(--a", "var(--a"),
        ] {
            assert_eq!(colours.in_value(value), expected);
        }
    }

    /// Each colour that drawings name has a value.
    #[test]
    fn all_colours_of_drawings_are_known() {
        let named = SHEETS[1].lines().filter_map(|line| line.trim().strip_prefix("--"));
        let names: Vec<&str> = named.filter_map(|line| line.split(':').next()).collect();
        assert!(names.len() > 20, "{names:?}");
        for name in names {
            assert!(COLOURS.in_value(&format!("var(--{name})")).starts_with('#'), "{name}");
        }
        assert_eq!(COLOURS.in_value("var(--text)"), "#1f2528");
    }
}
