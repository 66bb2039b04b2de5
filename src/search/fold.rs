//! Text → its folded form, in which it is compared: width, case, accents, compatibility forms,
//! apostrophes and dashes folded; and the classes of characters. `static/search.js` does the same,
//! letter by letter.
//!
//! Must not know: queries.

use unicode_normalization::UnicodeNormalization;

/// The class of a character in a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CharacterClass {
    /// Of a script without spaces between words: found anywhere.
    Han,
    /// A letter or digit of another script: found at the beginning of a word.
    Word,
    /// A blank or a line's end.
    Blank,
    /// Anything else.
    Symbol,
}

/// The class of a folded character.
#[must_use]
pub fn kind(c: char) -> CharacterClass {
    match c {
        '0'..='9' | 'A'..='Z' | 'a'..='z' => CharacterClass::Word,
        // The commonest first.
        '\u{4E00}'..='\u{9FFF}' => CharacterClass::Han,
        ' ' | '\n' => CharacterClass::Blank,
        c if c.is_ascii() && !c.is_whitespace() => CharacterClass::Symbol,
        // Jamo, radicals, kana, bopomofo, Han, Hangul. The dots and marks between them are symbols.
        '\u{1100}'..='\u{11FF}'
        | '\u{2E80}'..='\u{2FDF}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3021}'..='\u{3029}'
        | '\u{3031}'..='\u{3035}'
        | '\u{3038}'..='\u{303C}'
        | '\u{3041}'..='\u{309A}'
        | '\u{309D}'..='\u{309F}'
        | '\u{30A1}'..='\u{30FA}'
        | '\u{30FC}'..='\u{31BF}'
        | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFD}' => CharacterClass::Han,
        _ if c.is_alphanumeric() => CharacterClass::Word,
        _ if c.is_whitespace() => CharacterClass::Blank,
        _ => CharacterClass::Symbol,
    }
}

/// Folds a text: compatibility forms decomposed (NFKD), accents removed, the rest composed again
/// (NFC), lower case; a final sigma becomes a sigma. Apostrophes and dashes become those of
/// keyboards, which type `’` on one system and `'` on another.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(end) = rest.find(|c| !is_simple(c)) {
        // The last simple character may have marks after it.
        let last = rest[..end].char_indices().next_back().map_or(end, |(at, _)| at);
        fold_simple(&rest[..last], &mut folded);
        let next = rest[end..].find(is_simple).map_or(rest.len(), |length| end + length);
        let plain = rest[last..next].nfkd().filter(|c| !is_accent(*c)).nfc();
        let lower = plain.flat_map(char::to_lowercase);
        folded.extend(lower.map(|c| if c == 'ς' { 'σ' } else { sign(c) }));
        rest = &rest[next..];
    }
    fold_simple(rest, &mut folded);
    folded
}

/// Folds simple characters; those that stay as they are are copied together.
fn fold_simple(text: &str, folded: &mut String) {
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        let simple = simple(c);
        if simple != c {
            folded.push_str(&text[copied..at]);
            folded.push(simple);
            copied = at + c.len_utf8();
        }
    }
    folded.push_str(&text[copied..]);
}

/// Apostrophes and dashes as ASCII.
pub(super) fn sign(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2BC}' | '\u{2032}' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c => c,
    }
}

/// A folded text, and for each of its bytes and its end the offset in the text from which it comes.
#[must_use]
pub fn fold_with_places(text: &str) -> (String, Vec<usize>) {
    let (mut folded, mut places) =
        (String::with_capacity(text.len()), Vec::with_capacity(text.len() + 1));
    let mut from = 0;
    while let Some(first) = text[from..].chars().next() {
        let rest = &text[from + first.len_utf8()..];
        let marks = rest
            .find(|c| {
                !is_accent(c) && !matches!(c, '\u{3099}' | '\u{309A}' | '\u{FF9E}' | '\u{FF9F}')
            })
            .unwrap_or(rest.len());
        let end = from + first.len_utf8() + marks;
        folded.push_str(&fold(&text[from..end]));
        places.resize(folded.len(), from);
        from = end;
    }
    places.push(text.len());
    (folded, places)
}

/// True for a mark above or below a letter.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// True if the folding of a character does not depend on its neighbours, which is so for most. Such
/// texts are folded without the costly normalization.
fn is_simple(c: char) -> bool {
    c.is_ascii()
        || matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3001}'..='\u{3002}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'
            | '\u{FF01}'..='\u{FF5E}' | '“' | '”' | '‘' | '’' | '—' | '·')
}

fn simple(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c).to_ascii_lowercase()
        }
        c => sign(c.to_ascii_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn width_case_accents_and_compatibility_forms_are_folded() {
        for (text, folded) in [
            ("Ｒｅｄｉｓ，ＯＫ", "redis,ok"),
            ("Café Ångström", "cafe angstrom"),
            ("e\u{301}", "e"),
            ("ΟΔΟΣ ς", "οδοσ σ"),
            ("ｶﾞガか\u{3099}", "ガガが"),
            ("①㎏ﬁ", "1kgfi"),
            ("İI", "ii"),
            ("한글", "한글"),
            ("事务，“一致性”·—", "事务,“一致性”·-"),
            ("It’s ‘a’ donʼt 5′ ＇", "it's 'a' don't 5' '"),
            ("10–20 a‐b c‑d −1 － ﹣", "10-20 a-b c-d -1 - -"),
            ("⽇", "日"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
            let (placed, places) = fold_with_places(text);
            assert_eq!(placed, folded, "{text}");
            assert_eq!(places.len(), folded.len() + 1);
            assert!(places.is_sorted() && places.iter().all(|&place| text.is_char_boundary(place)));
        }
    }

    #[test]
    fn simple_characters_are_folded_as_by_the_full_rules() {
        for c in ('\0'..=char::MAX).filter(|&c| is_simple(c)) {
            let whole: String = c
                .nfkd()
                .filter(|c| !is_accent(*c))
                .nfc()
                .flat_map(char::to_lowercase)
                .map(sign)
                .collect();
            assert_eq!(simple(c).to_string(), whole, "{c:?}");
        }
    }

    /// The folded text by the rules for whole texts.
    fn fold_whole(text: &str) -> String {
        let plain = text.nfkd().filter(|c| !is_accent(*c)).nfc();
        plain.flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { sign(c) }).collect()
    }

    proptest! {
        #[test]
        fn parts_are_folded_as_in_the_whole(
            text in "[aéＡか\u{3099}\u{300}\u{323}\u{345}ﾞｶ①ΣςİK汉–’\u{1100}\u{1161}\u{11A8}가ﬁ\u{AC00}·\u{9C7}\u{9BE} ]{0,12}"
        ) {
            prop_assert_eq!(fold(&text), fold_whole(&text));
        }
    }

    #[test]
    fn every_character_is_folded_alone_as_in_a_text() {
        for c in '\0'..=char::MAX {
            let text = format!("a{c}汉");
            assert_eq!(fold(&text), fold_whole(&text), "{c:?}");
        }
    }

    #[test]
    fn kinds() {
        for (text, expected) in [
            ("事々〇あアー한𠀀", CharacterClass::Han),
            ("a9éж", CharacterClass::Word),
            (" \n\u{B}\u{3000}", CharacterClass::Blank),
            ("_+-・，“", CharacterClass::Symbol),
        ] {
            assert!(text.chars().all(|c| kind(c) == expected), "{text}");
        }
    }
}
