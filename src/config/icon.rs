//! A picture → its sides, and whether it is square enough to stand for the site in a browser's tab.
//!
//! Must not know: where it is shown.

use std::fs;
use std::path::Path;

/// A picture whose sides differ by no more than this part is shown whole in a square.
const TOLERANCE: f64 = 0.25;

/// Width and height of the picture in a file, if they can be told; SVG has units of its own.
fn sides(file: &Path) -> Option<(f64, f64)> {
    let sides = if file.extension().is_some_and(|end| end.eq_ignore_ascii_case("svg")) {
        fs::read_to_string(file).ok().and_then(|text| sides_of_svg(&text))
    } else {
        // Pictures are never more than 2³² pixels wide.
        #[expect(clippy::cast_precision_loss, reason = "a ratio is wanted")]
        imagesize::size(file).ok().map(|size| (size.width as f64, size.height as f64))
    };
    sides.filter(|&(width, height)| width > 0.0 && height > 0.0)
}

/// True if the picture in a file is about as wide as it is high; no, if nobody can tell.
pub(super) fn is_square(file: &Path) -> bool {
    sides(file).is_some_and(|(width, height)| (width / height - 1.0).abs() <= TOLERANCE)
}

/// Width and height of the picture in a file as whole numbers, for a browser to keep room for it.
pub(super) fn room(file: &Path) -> Option<(u32, u32)> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "no side is below zero"
    )]
    let whole = |side: f64| Some(side.round() as u32).filter(|&side| side > 0);
    sides(file).and_then(|(width, height)| whole(width).zip(whole(height)))
}

/// Width and height of the `viewBox` of the outermost element, else its own (SVG 2 §8.2).
fn sides_of_svg(text: &str) -> Option<(f64, f64)> {
    let start = text.find("<svg")?;
    let tag = &text[start..start + text[start..].find('>')?];
    let value = |name: &str| {
        let after = &tag[tag.find(name)? + name.len()..];
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        after[1..].split(quote).next()
    };
    if let Some(view) = value(" viewBox=") {
        let numbers: Vec<f64> =
            view.split([' ', ',', '\n']).filter_map(|number| number.parse().ok()).collect();
        let [_, _, width, height] = numbers[..] else { return None };
        return Some((width, height));
    }
    // A part of a room that nobody knows is no number.
    let number = |text: &str| {
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let is_absolute = unit.chars().all(|c| c.is_ascii_alphabetic());
        text[..text.len() - unit.len()].parse().ok().filter(|_| is_absolute)
    };
    Some((number(value(" width=")?)?, number(value(" height=")?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_of_drawings() {
        for (text, expected) in [
            ("<svg viewBox=\"0 0 32 16\" width=\"9\">", Some((32.0, 16.0))),
            ("<?xml?>\n<svg\n width='10px' height='20px'>", Some((10.0, 20.0))),
            ("<svg width='10px' height='20'>", Some((10.0, 20.0))),
            ("<svg viewBox=''>", None),
            ("<svg viewBox=“0 0 10 10”/>", None),
            ("<svg width=\"100%\" height=\"50\">", None),
            ("<svg width=\"2.5cm\" height=\"5cm\">", Some((2.5, 5.0))),
            ("<svg width=", None),
            ("<svg width=>", None),
            ("<html>", None),
        ] {
            assert_eq!(sides_of_svg(text), expected, "{text}");
        }
    }
}
