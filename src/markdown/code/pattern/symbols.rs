//! The characters as far as patterns tell them apart: those of ASCII one by one, letters with and
//! without case, signs, blanks, the others, and the end of the text.
//!
//! Must not know: the syntax of patterns.

/// Number of symbols; each is the index of its own bit.
pub(in crate::markdown::code) const COUNT: usize = 134;
/// A letter without case: Han, kana, Hangul.
const UNCASED: usize = 128;
/// A letter that may have another case: Latin, Greek, Cyrillic.
const CASED: usize = 129;
const SIGN: usize = 130;
const BLANK: usize = 131;
const OTHER: usize = 132;
/// The end of the text.
pub(in crate::markdown::code) const END: usize = 133;

const DIGITS: u128 = 0x3FF << b'0';
const UPPER: u128 = 0x3FF_FFFF << b'A';
const LOWER: u128 = 0x3FF_FFFF << b'a';
/// Distance of the cases in ASCII.
const CASE: u32 = 32;

/// The symbol of a character.
pub(in crate::markdown::code) fn symbol_of(c: char) -> usize {
    match u32::from(c) {
        code @ ..0x80 => code as usize,
        0x3041..=0x3096 | 0x30A1..=0x30FA | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 => UNCASED,
        0xC0..=0xD6
        | 0xD8..=0xF6
        | 0xF8..=0x24F
        | 0x391..=0x3A1
        | 0x3A3..=0x3C9
        | 0x400..=0x481 => CASED,
        0xA0 | 0x2000..=0x200A | 0x3000 => BLANK,
        // Punctuation of Chinese, arrows, lines, shapes and pictures: no letters, digits, marks or
        // blanks.
        0x2013..=0x2026
        | 0x2190..=0x23FF
        | 0x2500..=0x2775
        | 0x2794..=0x27BF
        | 0x2800..=0x28FF
        | 0x3001..=0x3003
        | 0x3008..=0x3011
        | 0x3014..=0x301B
        | 0xFF01..=0xFF0F
        | 0xFF1A..=0xFF20
        | 0xFF5B..=0xFF5E
        | 0x1_F300..=0x1_F64F
        | 0x1_F680..=0x1_F6FF
        | 0x1_F900..=0x1_F9FF => SIGN,
        _ => OTHER,
    }
}

/// A set of symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::markdown::code) struct Symbols {
    /// The characters of ASCII, by their codes.
    pub ascii: u128,
    /// The others, from [`UNCASED`] on.
    rest: u8,
}

impl Symbols {
    pub const NONE: Self = Self::of_ascii(0);
    pub const ALL: Self = Self { ascii: u128::MAX, rest: 0b11_1111 };
    /// All but the end.
    pub const CHARACTERS: Self = Self { ascii: u128::MAX, rest: 0b01_1111 };
    pub const ASCII: Self = Self::of_ascii(u128::MAX);
    /// All characters beyond ASCII.
    pub const BEYOND: Self = Self { ascii: 0, rest: 0b01_1111 };
    /// Letters beyond ASCII, as far as they are known.
    pub const MORE_LETTERS: Self = Self { ascii: 0, rest: 0b00_0011 };
    /// Signs and blanks beyond ASCII.
    pub const NO_LETTERS: Self = Self { ascii: 0, rest: 0b00_1100 };
    pub const ONLY_END: Self = Self { ascii: 0, rest: 0b10_0000 };
    pub const DIGITS: Self = Self::of_ascii(DIGITS);
    pub const LETTERS: Self = Self::of_ascii(UPPER | LOWER);
    pub const WORD: Self = Self::of_ascii(DIGITS | UPPER | LOWER | 1 << b'_');
    pub const SPACE: Self = Self::of_ascii(0x1F << b'\t' | 1 << b' ');
    pub const HEX: Self = Self::of_ascii(DIGITS | 0x3F << b'A' | 0x3F << b'a');

    const fn of_ascii(ascii: u128) -> Self {
        Self { ascii, rest: 0 }
    }

    /// Some characters of ASCII.
    fn bytes(bytes: &[u8]) -> Self {
        Self::of_ascii(bytes.iter().fold(0, |bits, byte| bits | 1 << byte))
    }

    pub fn one(c: char) -> Self {
        match symbol_of(c) {
            code @ ..UNCASED => Self::of_ascii(1 << code),
            symbol => Self { ascii: 0, rest: 1 << (symbol - UNCASED) },
        }
    }

    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }

    pub fn has(self, symbol: usize) -> bool {
        if symbol < UNCASED {
            self.ascii & (1 << symbol) != 0
        } else {
            self.rest & (1 << (symbol - UNCASED)) != 0
        }
    }

    fn with(self, symbol: usize) -> Self {
        Self { rest: self.rest | 1 << (symbol - UNCASED), ..self }
    }

    pub fn and(self, other: Self) -> Self {
        Self { ascii: self.ascii & other.ascii, rest: self.rest & other.rest }
    }

    pub fn or(self, other: Self) -> Self {
        Self { ascii: self.ascii | other.ascii, rest: self.rest | other.rest }
    }

    pub fn without(self, other: Self) -> Self {
        Self { ascii: self.ascii & !other.ascii, rest: self.rest & !other.rest }
    }

    /// The symbols of the set.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut bits = self.ascii;
        let ascii = std::iter::from_fn(move || {
            let code = bits.trailing_zeros() as usize;
            bits &= bits.wrapping_sub(1);
            (code < UNCASED).then_some(code)
        });
        ascii.chain((UNCASED..COUNT).filter(move |symbol| self.has(*symbol)))
    }
}

/// The characters that a class of a pattern has. Of those beyond ASCII it may not be known: then
/// they are among `may` and not among `must`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::markdown::code) struct Class {
    /// All characters of the class have these symbols.
    pub may: Symbols,
    /// All characters with these symbols are of the class.
    pub must: Symbols,
}

impl Class {
    pub const NONE: Self = Self { may: Symbols::NONE, must: Symbols::NONE };
    pub const ALL: Self = Self { may: Symbols::CHARACTERS, must: Symbols::CHARACTERS };
    /// `\s`.
    pub const SPACE: Self = Self {
        may: Symbols { rest: 0b01_1000, ..Symbols::SPACE },
        must: Symbols { rest: 0b00_1000, ..Symbols::SPACE },
    };
    /// Nothing is known of it.
    pub const UNKNOWN: Self = Self { may: Symbols::CHARACTERS, must: Symbols::NONE };

    pub fn exact(symbols: Symbols) -> Self {
        Self { may: symbols, must: symbols }
    }

    pub fn one(c: char) -> Self {
        let may = Symbols::one(c);
        // One of many characters that have the symbol.
        let must = if c.is_ascii() { may } else { Symbols::NONE };
        Self { may, must }
    }

    /// The characters of a range.
    pub fn range(from: char, to: char) -> Self {
        if from > to {
            return Self::UNKNOWN;
        }
        let up_to = |c: char| u128::MAX >> (127 - u32::from(c).min(127));
        let below = if from.is_ascii() { !(up_to(from) >> 1) } else { 0 };
        let mut may = Symbols::of_ascii(up_to(to) & below);
        let mut must = may;
        if to > '\x7F' {
            // Not all characters with these symbols, perhaps.
            may = may.or(Symbols::BEYOND);
            if from <= '\u{80}' && to == char::MAX {
                must = must.or(Symbols::BEYOND);
            }
        }
        Self { may, must }
    }

    pub fn not(self) -> Self {
        Self {
            may: Symbols::CHARACTERS.without(self.must),
            must: Symbols::CHARACTERS.without(self.may),
        }
    }

    pub fn and(self, other: Self) -> Self {
        Self { may: self.may.and(other.may), must: self.must.and(other.must) }
    }

    pub fn or(self, other: Self) -> Self {
        Self { may: self.may.or(other.may), must: self.must.or(other.must) }
    }

    /// These characters of ASCII, perhaps the letters beyond it, and some others.
    pub fn with_others(symbols: Symbols, has_letters: bool) -> Self {
        let must = if has_letters { symbols.or(Symbols::MORE_LETTERS) } else { symbols };
        Self { may: must.with(OTHER), must }
    }

    /// The class with the other case of each letter.
    pub fn in_any_case(self) -> Self {
        let both = |symbols: Symbols| {
            let (lower, upper) = (symbols.ascii & LOWER, symbols.ascii & UPPER);
            Symbols { ascii: symbols.ascii | lower >> CASE | upper << CASE, ..symbols }
        };
        let mut may = both(self.may);
        // Letters of ASCII are another case of some beyond it: `K` of the sign for kelvin.
        if !may.and(Symbols::LETTERS).is_empty() {
            may = may.with(CASED).with(OTHER);
        }
        if self.may.has(CASED) || self.may.has(OTHER) {
            may = may.or(Symbols::LETTERS);
        }
        Self { may, must: both(self.must) }
    }
}

/// The class of a name in `\p{…}` or `[:…:]`, in Unicode (Oniguruma's `doc/RE`).
pub(in crate::markdown::code) fn named(name: &str) -> Class {
    let some = Class::with_others;
    // Beyond ASCII some characters of one kind, or some letters with case, and some others.
    let some_of = |symbols: Symbols, kind: usize| {
        let Class { may, must } = some(symbols, false);
        Class { may: may.with(kind), must }
    };
    match name.to_ascii_lowercase().as_str() {
        "l" | "alpha" | "letter" => some(Symbols::LETTERS, true),
        "alnum" => some(Symbols::LETTERS.or(Symbols::DIGITS), true),
        "word" | "w" => some(Symbols::WORD, true),
        "lu" | "upper" => some_of(Symbols::of_ascii(UPPER), CASED),
        "ll" | "lower" => some_of(Symbols::of_ascii(LOWER), CASED),
        "lt" => some_of(Symbols::NONE, CASED),
        "lo" => {
            let Class { may, must } = some_of(Symbols::NONE, CASED);
            Class { may: may.with(UNCASED), must: must.with(UNCASED) }
        }
        "lm" | "m" | "mc" | "mn" | "nl" | "no" => some(Symbols::NONE, false),
        "n" | "nd" | "digit" => some(Symbols::DIGITS, false),
        "pc" => some(Symbols::bytes(b"_"), false),
        "s" => some_of(Symbols::bytes(b"$+<=>^`|~"), SIGN),
        "sm" => some_of(Symbols::bytes(b"+<=>|~"), SIGN),
        "so" => some_of(Symbols::NONE, SIGN),
        "space" => Class::SPACE,
        "blank" => some(Symbols::bytes(b" \t").with(BLANK), false),
        "xdigit" => Class::exact(Symbols::HEX),
        "ascii" => Class::exact(Symbols::ASCII),
        _ => Class::UNKNOWN,
    }
}

/// True for the characters of ASCII that words are made of.
pub(in crate::markdown::code) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use onig::{Regex, RegexOptions, Syntax};

    use super::super::parse;
    use super::*;

    #[test]
    fn classes_have_the_characters_that_oniguruma_finds_in_them() {
        let names = [
            "L", "Alpha", "Alnum", "Word", "Lu", "Upper", "Ll", "Lower", "Lo", "Lm", "Lt", "M",
            "Mc", "Mn", "Nl", "No", "N", "Nd", "Digit", "Pc", "S", "Sm", "So", "Space", "Blank",
            "XDigit", "ASCII",
        ];
        for name in names {
            let class = named(name);
            let options = RegexOptions::REGEX_OPTION_NONE;
            let source = format!("\\p{{{name}}}");
            let onig = Regex::with_options(&source, options, Syntax::default()).unwrap();
            for c in '\0'..='\u{1FFFF}' {
                let symbol = symbol_of(c);
                let is_in = onig.is_match(c.encode_utf8(&mut [0; 4]));
                assert!(!is_in || class.may.has(symbol), "{name} {c:?}");
                assert!(is_in || !class.must.has(symbol), "{name} {c:?}");
            }
        }
    }

    #[test]
    fn letters_of_ascii_are_known_in_any_case() {
        for source in ["d", "k", "S", "[b-f_]", "[^x]", "[xé]", "é"] {
            let expr = parse(&format!("(?i){source}")).unwrap();
            let class = expr.as_class().unwrap();
            let options = RegexOptions::REGEX_OPTION_IGNORECASE;
            let onig = Regex::with_options(source, options, Syntax::default()).unwrap();
            for c in '\0'..='\u{1FFFF}' {
                let symbol = symbol_of(c);
                let is_in = onig.is_match(c.encode_utf8(&mut [0; 4]));
                assert!(!is_in || class.may.has(symbol), "{source} {c:?}");
                assert!(is_in || !class.must.has(symbol), "{source} {c:?}");
                let is_known = class.may.has(symbol) == class.must.has(symbol);
                assert!(is_known || !c.is_ascii() || source.contains(['é', '^']), "{source} {c:?}");
            }
        }
    }
}
