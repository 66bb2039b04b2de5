//! Operators as `katex-rs` writes them → those that browsers stretch, with the space that `LaTeX`
//! gives them.
//!
//! Must not know: formulas.

/// The sign over or under a letter or a row. Browsers stretch few of the signs of `MathML` 3
/// (`MathML` Core, appendix B.2), and draw those for text too low.
pub(super) fn accent(sign: &str, is_stretchy: bool) -> &str {
    match (sign, is_stretchy) {
        // The library `math-core` has this one for lines above as well as below.
        ("‾", true) => "\u{332}",
        ("^", true) => "\u{302}",
        ("^", false) => "ˆ",
        ("~", _) => "˜",
        ("ˉ", false) => "¯",
        ("ˊ", false) => "´",
        ("ˋ", false) => "`",
        _ => sign,
    }
}

/// True for signs that are drawn close to what is under or over them: braces and brackets.
pub(super) fn is_brace(sign: &str) -> bool {
    matches!(sign, "⏞" | "⏟" | "⎴" | "⎵" | "⏜" | "⏝" | "⏠" | "⏡")
}

/// The delimiter for a bar, which the library writes as the sign of a relation.
pub(super) fn delimiter(sign: &str) -> &str {
    match sign {
        "∣" => "|",
        "∥" => "‖",
        _ => sign,
    }
}

/// True for operators that have no space around them in scripts, as in `LaTeX`. Those that have
/// none anywhere need not say so, and large ones keep theirs.
pub(super) fn is_close_in_scripts(sign: &str) -> bool {
    let mut chars = sign.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else { return false };
    let is_large = matches!(c, '∏'..='∑' | '∫'..='∳' | '⋀'..='⋃' | '⨀'..='⨜');
    let is_delimiter = "()[]{}|‖⟨⟩⌈⌉⌊⌋/′".contains(c);
    let is_invisible = matches!(c, '\u{2061}'..='\u{2064}');
    !is_large && !is_delimiter && !is_invisible
}

/// A letter or number in a circle, if Unicode has one.
pub(super) fn circled(text: &str) -> Option<char> {
    let at = |start: u32, distance: u32| char::from_u32(start + distance);
    let mut chars = text.chars();
    match (chars.next()?, chars.next()) {
        ('0', None) => Some('⓪'),
        (c @ 'A'..='Z', None) => at(0x24B6, u32::from(c) - u32::from('A')),
        (c @ 'a'..='z', None) => at(0x24D0, u32::from(c) - u32::from('a')),
        _ => {
            let number: u32 = text.parse().ok()?;
            at(0x2460, number.checked_sub(1)?).filter(|_| number <= 20)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_numbers_in_circles() {
        for (text, expected) in [
            ("1", Some('①')),
            ("20", Some('⑳')),
            ("21", None),
            ("0", Some('⓪')),
            ("R", Some('Ⓡ')),
            ("z", Some('ⓩ')),
            ("甲", None),
            ("", None),
        ] {
            assert_eq!(circled(text), expected, "{text}");
        }
    }

    #[test]
    fn operators_without_space_in_scripts() {
        for (sign, expected) in
            [("=", true), ("→", true), (",", true), ("∑", false), ("(", false), ("lim", false)]
        {
            assert_eq!(is_close_in_scripts(sign), expected, "{sign}");
        }
    }
}
