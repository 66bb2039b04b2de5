//! The characters next to a run of emphasis → their part in its rules, with the marks and invisible
//! characters that belong to a sign: `⚠️`, `1️⃣` and `é` are two or three characters.
//!
//! Must not know: runs, stand-ins.

use crate::markdown::cjk::{is_cjk_letter, is_cjk_punctuation};

/// The character next to a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neighbour {
    pub at: usize,
    pub c: char,
    /// The class of the sign that a reader sees, of which the character may be the last part.
    pub class: Class,
    /// True if the character is a mark or format character and belongs to another.
    pub joins: bool,
}

/// The part of a character in the rules for emphasis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Blank,
    ChinesePunctuation,
    /// Punctuation and symbols, which the parser takes for one another; Chinese ones apart.
    Punctuation,
    /// Letters that are next to emphasis without a blank.
    Letter,
    Other,
}

impl Class {
    fn of(c: char) -> Self {
        if c.is_whitespace() {
            Self::Blank
        } else if is_cjk_punctuation(c) {
            Self::ChinesePunctuation
        } else if is_symbol_with_letters(c) {
            Self::Punctuation
        } else if is_letter(c) {
            Self::Letter
        } else if c.is_alphanumeric() || c.is_control() || is_private(c) || joins(c) {
            Self::Other
        } else {
            Self::Punctuation
        }
    }
}

/// No sign that a reader sees has more parts that are looked at.
const MOST_PARTS: usize = 16;

impl Neighbour {
    /// The character before a run, which may be the last part of a sign: `⚠️`, `1️⃣`, `é`.
    pub fn before(text: &str, run: usize) -> Option<Self> {
        let parts = text[..run].char_indices().rev();
        let (at, c) = parts.clone().next()?;
        let mut class = Class::of(c);
        for (_, part) in parts.take(MOST_PARTS) {
            if matches!(part, EMOJI_SELECTOR | KEYCAP) {
                class = Class::Punctuation;
                break;
            }
            class = Class::of(part);
            if !joins(part) {
                break;
            }
        }
        Some(Self { at, c, class, joins: joins(c) })
    }

    /// The character behind a run, which may be an invisible one before a sign.
    pub fn behind(text: &str, run: usize) -> Option<Self> {
        let mut parts = text[run..].chars();
        let c = parts.clone().next()?;
        let seen = parts.by_ref().take(MOST_PARTS).find(|&part| !joins(part));
        Some(Self { at: run, c, class: Class::of(seen.unwrap_or(c)), joins: joins(c) })
    }
}

/// Makes a picture of the character before it.
const EMOJI_SELECTOR: char = '\u{FE0F}';
/// Makes a key of the digit before it.
const KEYCAP: char = '\u{20E3}';

/// True for marks and format characters, which the parser takes for letters and a reader sees as
/// part of another sign, or not at all: combining marks, variation selectors, joiners, blanks
/// without width, tags; the common blocks.
fn joins(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{20D0}'..='\u{20FF}' | '\u{302A}'..='\u{302F}'
        | '\u{3099}'..='\u{309A}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' | '\u{FEFF}'
        | '\u{E0001}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Letters and digits in circles and squares, and emoji made of them, which Unicode counts as
/// alphabetic and the parser as symbols.
fn is_symbol_with_letters(c: char) -> bool {
    matches!(c, '\u{24B6}'..='\u{24E9}' | '\u{1F130}'..='\u{1F189}')
}

/// Characters that fonts of icons use; letters to the parser.
fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

/// Letters that are next to emphasis without a blank: Chinese ones, and Hangul, to whose words
/// particles are joined.
fn is_letter(c: char) -> bool {
    is_cjk_letter(c)
        || matches!(c, '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}')
}
