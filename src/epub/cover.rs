//! A title → a drawing for the cover of a book whose notes have no picture for it.
//!
//! Must not know: the package.

use std::fmt::Write as _;

use super::xml;
use crate::diagram::text_width;

/// Size of the drawing, in its own units, in the proportions that readers' shelves have.
const WIDTH: f64 = 1200.0;
const HEIGHT: f64 = 1600.0;
/// Room at each side.
const MARGIN: f64 = 130.0;
const ROOM: f64 = WIDTH - 2.0 * MARGIN;
/// Sizes of the letters of the title that are tried, the largest first, and the most lines.
const SIZES: [f64; 4] = [150.0, 120.0, 96.0, 76.0];
const MOST_LINES: usize = 7;

/// The cover with a title and the names of authors.
pub(super) fn draw(title: &str, authors: &[String]) -> String {
    let (size, lines) = lines_of(title);
    let mut out = format!(
        "<svg xmlns=\"{}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\">\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#0f4f4a\"/>\
         <rect x=\"{MARGIN}\" y=\"330\" width=\"160\" height=\"12\" fill=\"#e3f1ef\"/>",
        xml::SVG
    );
    let mut text = |y: f64, size: f64, weight: &str, words: &str| {
        let _ = write!(
            out,
            "<text x=\"{MARGIN}\" y=\"{y}\" font-size=\"{size}\" font-weight=\"{weight}\" \
             fill=\"#ffffff\" font-family=\"Noto Sans CJK SC, PingFang SC, Microsoft YaHei, Arial, \
             sans-serif\">"
        );
        xml::text_into(&mut out, words);
        out.push_str("</text>");
    };
    let mut y = 440.0;
    for line in &lines {
        y += size * 1.25;
        text(y, size, "bold", line);
    }
    let names = authors.join(" · ");
    text(HEIGHT - MARGIN, 46.0, "normal", &shortened(&names, 46.0));
    out.push_str("</svg>\n");
    out
}

/// The size of the title's letters, and its lines.
fn lines_of(title: &str) -> (f64, Vec<String>) {
    let [.., smallest] = SIZES;
    for size in SIZES {
        let lines = broken(title, size, ROOM);
        let fits = lines.iter().all(|line| width(line, size) <= ROOM);
        if fits && lines.len() <= MOST_LINES {
            // As many lines of about one length, so that the last has not a character alone.
            let narrower =
                (5..10).map(|tenths| broken(title, size, ROOM * f64::from(tenths) / 10.0));
            let even = narrower.into_iter().find(|even| even.len() <= lines.len());
            return (size, even.unwrap_or(lines));
        }
    }
    let mut lines = broken(title, smallest, ROOM);
    lines.truncate(MOST_LINES);
    (smallest, lines.iter().map(|line| shortened(line, smallest)).collect())
}

fn width(text: &str, size: f64) -> f64 {
    text_width(text, size, true)
}

/// A title in lines: broken at blanks, and beside characters of Chinese anywhere.
fn broken(title: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in pieces(title) {
        let Some(line) = lines.last_mut() else { continue };
        let longer = format!("{line}{piece}");
        if line.is_empty() || width(longer.trim_end(), size) <= room {
            *line = longer;
        } else {
            lines.push(piece.trim_start().to_owned());
        }
    }
    lines.into_iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// The pieces of a text between which a line may end.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut may_break = true;
    for c in text.chars() {
        let is_wide = text_width(c.encode_utf8(&mut [0; 4]), 1.0, false) >= 1.0;
        match pieces.last_mut() {
            Some(piece) if !may_break && !is_wide => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        may_break = is_wide || c.is_whitespace();
    }
    pieces
}

/// A text with its end cut off if it is too long for the drawing.
fn shortened(text: &str, size: f64) -> String {
    let mut room = ROOM;
    for (at, c) in text.char_indices() {
        room -= width(c.encode_utf8(&mut [0; 4]), size);
        if room < 0.0 {
            // Two characters make room for the sign.
            let kept: String = text[..at].chars().rev().skip(2).collect();
            return kept.chars().rev().chain(['…']).collect();
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_any_length_stay_on_the_cover() {
        let long = "分布式系统 Distributed ".repeat(40);
        let word = "w".repeat(300);
        for title in
            ["", "锁", "深入浅出分布式基础架构", "A Tour of Distributed Systems", &long, &word]
        {
            let (size, lines) = lines_of(title);
            assert!(lines.len() <= MOST_LINES, "{title}");
            assert!(lines.iter().all(|line| width(line, size) <= ROOM), "{title}");
        }
        let (_, lines) = lines_of("深入浅出分布式基础架构");
        assert_eq!(lines, ["深入浅出", "分布式基", "础架构"]);
        let (_, lines) = lines_of("A Tour of Distributed Systems");
        assert_eq!(lines.join(" "), "A Tour of Distributed Systems");
    }

    #[test]
    fn signs_in_a_title_are_text() {
        let drawing = draw("R & <D>", &["A & B".to_owned()]);
        let document = roxmltree::Document::parse(&drawing).unwrap();
        let words: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
        assert_eq!(words.concat(), "R & <D>R & <D>A & BA & B");
    }
}
