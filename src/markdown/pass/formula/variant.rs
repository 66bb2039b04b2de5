//! A letter and a `mathvariant` of `MathML` 3 → the letter of Unicode that has its look: browsers
//! ignore all variants but `normal` (`MathML` Core §2.1.7).
//!
//! Must not know: formulas.

/// The places of the letters of a variant in Unicode's block "Mathematical Alphanumeric Symbols".
struct Alphabet {
    name: &'static str,
    capitals: u32,
    small: u32,
    digits: Option<u32>,
    /// Greek capitals and small letters.
    greek: Option<[u32; 2]>,
}

const fn alphabet(
    name: &'static str,
    [capitals, small]: [u32; 2],
    digits: Option<u32>,
    greek: Option<[u32; 2]>,
) -> Alphabet {
    Alphabet { name, capitals, small, digits, greek }
}

const ALPHABETS: [Alphabet; 13] = [
    alphabet("bold", [0x1D400, 0x1D41A], Some(0x1D7CE), Some([0x1D6A8, 0x1D6C2])),
    alphabet("italic", [0x1D434, 0x1D44E], None, Some([0x1D6E2, 0x1D6FC])),
    alphabet("bold-italic", [0x1D468, 0x1D482], Some(0x1D7CE), Some([0x1D71C, 0x1D736])),
    alphabet("script", [0x1D49C, 0x1D4B6], None, None),
    alphabet("bold-script", [0x1D4D0, 0x1D4EA], None, None),
    alphabet("fraktur", [0x1D504, 0x1D51E], None, None),
    alphabet("bold-fraktur", [0x1D56C, 0x1D586], None, None),
    alphabet("double-struck", [0x1D538, 0x1D552], Some(0x1D7D8), None),
    alphabet("sans-serif", [0x1D5A0, 0x1D5BA], Some(0x1D7E2), None),
    alphabet("bold-sans-serif", [0x1D5D4, 0x1D5EE], Some(0x1D7EC), Some([0x1D756, 0x1D770])),
    alphabet("sans-serif-italic", [0x1D608, 0x1D622], Some(0x1D7E2), None),
    alphabet("sans-serif-bold-italic", [0x1D63C, 0x1D656], Some(0x1D7EC), Some([0x1D790, 0x1D7AA])),
    alphabet("monospace", [0x1D670, 0x1D68A], Some(0x1D7F6), None),
];

/// Letters that Unicode had before the block, whose places there are free.
const EARLIER: [(u32, char); 24] = [
    (0x1D455, 'ℎ'),
    (0x1D49D, 'ℬ'),
    (0x1D4A0, 'ℰ'),
    (0x1D4A1, 'ℱ'),
    (0x1D4A3, 'ℋ'),
    (0x1D4A4, 'ℐ'),
    (0x1D4A7, 'ℒ'),
    (0x1D4A8, 'ℳ'),
    (0x1D4AD, 'ℛ'),
    (0x1D4BA, 'ℯ'),
    (0x1D4BC, 'ℊ'),
    (0x1D4C4, 'ℴ'),
    (0x1D506, 'ℭ'),
    (0x1D50B, 'ℌ'),
    (0x1D50C, 'ℑ'),
    (0x1D515, 'ℜ'),
    (0x1D51D, 'ℨ'),
    (0x1D53A, 'ℂ'),
    (0x1D53F, 'ℍ'),
    (0x1D545, 'ℕ'),
    (0x1D547, 'ℙ'),
    (0x1D548, 'ℚ'),
    (0x1D549, 'ℝ'),
    (0x1D551, 'ℤ'),
];

/// The letter in a variant; itself if the variant does not have it.
pub(super) fn letter(c: char, variant: &str) -> char {
    let Some(alphabet) = ALPHABETS.iter().find(|alphabet| alphabet.name == variant) else {
        return c;
    };
    let [greek_capitals, greek_small] = alphabet.greek.map_or([None; 2], |greek| greek.map(Some));
    let (start, first) = match c {
        'A'..='Z' => (Some(alphabet.capitals), 'A'),
        'a'..='z' => (Some(alphabet.small), 'a'),
        '0'..='9' => (alphabet.digits, '0'),
        'Α'..='Ω' => (greek_capitals, 'Α'),
        'α'..='ω' => (greek_small, 'α'),
        // The block has these before and behind the small Greek letters.
        '∇' => (greek_small.map(|small| small - 1), '∇'),
        '∂' => (greek_small.map(|small| small + 25), '∂'),
        'ϵ' => (greek_small.map(|small| small + 26), 'ϵ'),
        'ϑ' => (greek_small.map(|small| small + 27), 'ϑ'),
        'ϰ' => (greek_small.map(|small| small + 28), 'ϰ'),
        'ϕ' => (greek_small.map(|small| small + 29), 'ϕ'),
        'ϱ' => (greek_small.map(|small| small + 30), 'ϱ'),
        'ϖ' => (greek_small.map(|small| small + 31), 'ϖ'),
        _ => (None, c),
    };
    let Some(start) = start else { return c };
    let place = start + (u32::from(c) - u32::from(first));
    let earlier = EARLIER.iter().find(|(free, _)| *free == place).map(|(_, letter)| *letter);
    earlier.or_else(|| char::from_u32(place)).unwrap_or(c)
}

/// True for letters that are italic where an element `mi` holds nothing else (`MathML` Core,
/// appendix C).
pub(super) fn has_italic(c: char) -> bool {
    letter(c, "italic") != c || matches!(c, 'ı' | 'ȷ' | 'ϴ')
}

/// The elements of HTML for the variant of a text.
pub(super) fn text_style(variant: &str) -> (&'static str, &'static str) {
    match variant {
        "bold" => ("<b>", "</b>"),
        "italic" => ("<i>", "</i>"),
        "bold-italic" => ("<b><i>", "</i></b>"),
        "monospace" => ("<code>", "</code>"),
        "sans-serif" => ("<span class=\"m-sans\">", "</span>"),
        _ => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_are_italic_by_themselves() {
        for (letters, expected) in [("aZhαΩ∂∇ϵı", true), ("1.\"/ℝℎ∞中′", false)] {
            assert!(letters.chars().all(|c| has_italic(c) == expected), "{letters}");
        }
    }

    #[test]
    fn letters_of_the_variants() {
        for (text, variant, expected) in [
            ("ARz1", "double-struck", "𝔸ℝ𝕫𝟙"),
            ("xA2αΩ", "bold", "𝐱𝐀𝟐𝛂𝛀"),
            ("hx", "italic", "ℎ𝑥"),
            ("LeB", "script", "ℒℯℬ"),
            ("gR", "fraktur", "𝔤ℜ"),
            ("a+中", "monospace", "𝚊+中"),
            ("a", "none", "a"),
            ("α", "script", "α"),
            ("xβ", "bold-italic", "𝒙𝜷"),
            ("∇∂ϵϖ", "bold", "𝛁𝛛𝛜𝛡"),
        ] {
            let found: String = text.chars().map(|c| letter(c, variant)).collect();
            assert_eq!(found, expected, "{text} {variant}");
        }
    }
}
