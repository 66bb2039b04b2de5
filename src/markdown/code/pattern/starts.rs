//! An [`Expr`] → the symbols that a match of it can begin with.
//!
//! Must not know: the syntax of patterns, how they are matched.

use super::symbols::{Symbols, is_word};
use super::{Anchor, Expr, Look};

/// The character before a position, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::markdown::code) enum Before {
    /// None: the text begins here.
    Start,
    /// A letter, digit or `_`.
    Word,
    /// Another character of ASCII.
    NoWord,
    /// A character that may be a letter.
    Other,
}

impl Before {
    pub const ALL: [Self; 4] = [Self::Start, Self::Word, Self::NoWord, Self::Other];

    /// The kind of this byte's character. Han characters are letters, but that is not
    /// seen in their last byte.
    pub fn of(byte: u8) -> Self {
        match byte {
            0x80.. => Self::Other,
            byte if is_word(byte) => Self::Word,
            _ => Self::NoWord,
        }
    }

    /// The symbols of the characters; the end stands for none.
    fn symbols(self) -> Symbols {
        match self {
            Self::Start => Symbols::ONLY_END,
            Self::Word => Symbols::WORD,
            Self::NoWord => Symbols::ASCII.without(Symbols::WORD),
            Self::Other => Symbols::BEYOND,
        }
    }
}

/// The beginnings of the matches of an expression. They are at least those that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::markdown::code) struct Starts {
    /// First characters of matches.
    pub first: Symbols,
    /// Characters before which there may be an empty match.
    pub empty: Symbols,
}

impl Starts {
    /// Any.
    pub const UNKNOWN: Self = Self { first: Symbols::CHARACTERS, empty: Symbols::ALL };
    const NONE: Self = Self { first: Symbols::NONE, empty: Symbols::NONE };

    fn empty_before(empty: Symbols) -> Self {
        Self { first: Symbols::NONE, empty }
    }

    /// The symbols before which a match may begin.
    pub fn all(self) -> Symbols {
        self.first.or(self.empty)
    }

    fn or(self, other: Self) -> Self {
        Self { first: self.first.or(other.first), empty: self.empty.or(other.empty) }
    }
}

/// The beginnings of matches at a position with such a character before it.
pub(in crate::markdown::code) fn starts(expr: &Expr, before: Before) -> Starts {
    match expr {
        Expr::Byte(byte) => Starts { first: Symbols::one(char::from(*byte)), empty: Symbols::NONE },
        Expr::Class(class) => Starts { first: class.may, empty: Symbols::NONE },
        Expr::Concat(parts) => {
            let mut all = Starts::empty_before(Symbols::ALL);
            for part in parts {
                let next = starts(part, before);
                all.first = all.first.or(next.first.and(all.empty));
                all.empty = all.empty.and(next.empty);
                if all.empty.is_empty() {
                    break;
                }
            }
            all
        }
        Expr::Alternatives(branches) => {
            branches.iter().fold(Starts::NONE, |all, branch| all.or(starts(branch, before)))
        }
        Expr::Repeat { most: Some(0), .. } => Starts::empty_before(Symbols::ALL),
        Expr::Repeat { what, least, .. } => {
            let once = starts(what, before);
            if *least == 0 { Starts { empty: Symbols::ALL, ..once } } else { once }
        }
        Expr::Capture(_, what) | Expr::Atomic(what) => starts(what, before),
        Expr::Look(look, what) => Starts::empty_before(seen(*look, what, before)),
        Expr::Call(_) | Expr::Reference { .. } => Starts::UNKNOWN,
        Expr::Anchor(anchor) => Starts::empty_before(allowed(*anchor, before)),
    }
}

/// The next characters with which a look may succeed.
fn seen(look: Look, what: &Expr, before: Before) -> Symbols {
    match look {
        Look { is_behind: false, is_negative: false } => starts(what, before).all(),
        Look { is_behind: false, is_negative: true } => match what.as_class() {
            Some(class) => Symbols::ALL.without(class.must),
            None => Symbols::ALL,
        },
        Look { is_behind: true, is_negative } => {
            let may_succeed = match (is_negative, what.as_class()) {
                (false, _) => !before.symbols().and(what.last_symbols()).is_empty(),
                (true, Some(class)) => !before.symbols().without(class.must).is_empty(),
                (true, None) => true,
            };
            if may_succeed { Symbols::ALL } else { Symbols::NONE }
        }
    }
}

/// The next characters with which a condition on a position may hold.
fn allowed(anchor: Anchor, before: Before) -> Symbols {
    let word = Symbols::WORD.or(Symbols::BEYOND).without(Symbols::NO_LETTERS);
    // Some characters beyond ASCII are part of words, and some are not.
    let no_word = Symbols::ALL.without(Symbols::WORD).without(Symbols::MORE_LETTERS);
    let line_end = Symbols::ONLY_END.or(Symbols::one('\n'));
    match anchor {
        Anchor::WordBoundary | Anchor::NoWordBoundary => {
            match (anchor == Anchor::WordBoundary, before) {
                (_, Before::Other) => Symbols::ALL,
                (true, Before::Word) | (false, Before::Start | Before::NoWord) => no_word,
                (true, Before::Start | Before::NoWord) | (false, Before::Word) => word,
            }
        }
        // Texts are single lines.
        Anchor::LineStart | Anchor::TextStart if before != Before::Start => Symbols::NONE,
        Anchor::LineStart | Anchor::TextStart | Anchor::SearchStart => Symbols::ALL,
        Anchor::LineEnd | Anchor::LastLineEnd => line_end,
        Anchor::TextEnd => Symbols::ONLY_END,
    }
}
