//! A text → its width in Arial, the font that diagrams are drawn for; Liberation Sans, Arimo and
//! Helvetica have the same widths.
//!
//! Must not know: diagrams.

use super::svg::is_cjk;

/// Widths of the printable characters of ASCII, from the blank on, in thousandths of the size (the
/// font metrics of Helvetica that Adobe publishes, which are those of Arial).
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // to ~
];

/// Width of other letters, such as those of Greek and Cyrillic: about that of the wider ones.
const OTHER: u16 = 700;

/// Bold letters are wider by this, as those of Arial are on average.
const BOLD: f64 = 1.07;

/// The width of a text, in the unit of the size.
#[must_use]
pub fn of(text: &str, size: f64, is_bold: bool) -> f64 {
    let thousandths: u32 = text.chars().map(|c| u32::from(of_char(c))).sum();
    let width = f64::from(thousandths) / 1000.0 * size;
    if is_bold { width * BOLD } else { width }
}

fn of_char(c: char) -> u16 {
    let ascii = u32::from(c).checked_sub(32).and_then(|index| usize::try_from(index).ok());
    match ascii.and_then(|index| WIDTHS.get(index)) {
        Some(width) => *width,
        // Soft hyphens and joiners.
        None if matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}') => 0,
        None if c.is_control() => 0,
        None if is_cjk(c) || u32::from(c) >= 0x1_F000 => 1000,
        None => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        for (text, expected) in [
            ("", 0.0),
            ("AppendEntries", 104.944),
            ("客户端", 48.0),
            ("a\u{200B}b", 17.792),
            ("~", 9.344),
        ] {
            assert!((of(text, 16.0, false) - expected).abs() < 0.01, "{text}");
        }
        assert!(of("a", 16.0, true) > of("a", 16.0, false));
    }
}
