//! A picture → its width and height, and whether it is square enough to be the site's icon.
//!
//! Must not know: the pages that show it.

use std::fs;
use std::path::Path;

/// Largest difference between the sides of a picture that counts as square, as a part of its
/// height. Browsers squeeze an icon into a square.
const TOLERANCE: f64 = 0.25;

/// The namespace of SVG.
const SVG: &str = "http://www.w3.org/2000/svg";

/// Width and height of the picture in a file, if they can be read; those of an SVG may have any
/// unit.
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

/// True if the picture in a file is about as wide as it is high; false if its size cannot be read.
pub(super) fn is_square(file: &Path) -> bool {
    sides(file).is_some_and(|(width, height)| (width / height - 1.0).abs() <= TOLERANCE)
}

/// Width and height of the picture in a file in whole pixels, so that browsers reserve its space
/// before it loads.
pub(super) fn pixel_size(file: &Path) -> Option<(u32, u32)> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "no side is below zero"
    )]
    let whole = |side: f64| Some(side.round() as u32).filter(|&side| side > 0);
    sides(file).and_then(|(width, height)| whole(width).zip(whole(height)))
}

/// The texts in the picture in a file in their order, if it is an SVG. A line is one or several.
pub(super) fn texts(file: &Path) -> Vec<String> {
    let is_svg = file.extension().is_some_and(|end| end.eq_ignore_ascii_case("svg"));
    let Some(svg) = is_svg.then(|| fs::read_to_string(file).ok()).flatten() else {
        return Vec::new();
    };
    let Ok(document) = roxmltree::Document::parse(&svg) else { return Vec::new() };
    let elements = document.descendants().filter(|node| node.has_tag_name((SVG, "text")));
    let pieces =
        elements.flat_map(|element| element.descendants()).filter(roxmltree::Node::is_text);
    let texts = pieces.filter_map(|piece| piece.text()).map(without_blanks);
    texts.filter(|text| !text.is_empty()).collect()
}

/// True if a title stands in some texts: as one of them, or on several in a row, as a title in two
/// lines does. Blanks do not count, for a new line is one.
pub(super) fn is_shown(title: &str, texts: &[String]) -> bool {
    let title = without_blanks(title);
    let begins_with_it = |start: usize| {
        let mut rest = title.as_str();
        for text in &texts[start..] {
            let Some(after) = rest.strip_prefix(text.as_str()) else { return false };
            rest = after;
            if rest.is_empty() {
                return true;
            }
        }
        false
    };
    !title.is_empty() && (0..texts.len()).any(begins_with_it)
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
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
    // `100%` is relative to the space around the picture, which is not known here.
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
    fn texts_of_an_svg_are_its_pieces() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cover.svg");
        for (body, expected) in [
            ("<text>Notes</text>", &["Notes"][..]),
            ("<text><tspan>深入</tspan>\n  <tspan>浅出</tspan></text>", &["深入", "浅出"]),
            ("<g><text>深入</text></g><text>浅 出</text>", &["深入", "浅出"]),
            ("<title>Notes</title><path/>", &[]),
            ("<text>", &[]),
        ] {
            let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{body}</svg>");
            fs::write(&file, svg).unwrap();
            assert_eq!(texts(&file), expected, "{body}");
        }
        assert!(texts(&folder.path().join("cover.png")).is_empty());
    }

    #[test]
    fn a_title_is_shown_by_one_text_or_several_in_a_row() {
        for (title, texts, expected) in [
            ("深入浅出", &["深入浅出"][..], true),
            ("深入浅出", &["某人", "深入", "浅出", "笔记"], true),
            ("Study Notes", &["Study", "Notes"], true),
            ("Study Notes", &["StudyNotes"], true),
            ("深入浅出", &["深入", "笔记", "浅出"], false),
            ("深入浅出", &["深入"], false),
            ("深入浅出", &["深入浅出笔记"], false),
            ("深入", &[], false),
            ("", &["深入"], false),
        ] {
            let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
            assert_eq!(is_shown(title, &texts), expected, "{title}: {texts:?}");
        }
    }

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
