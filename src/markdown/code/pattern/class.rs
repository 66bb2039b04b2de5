//! `[…]`, `\w` and other classes of characters, and escaped characters.
//!
//! Must not know: groups, repetitions.

use super::Reader;
use super::symbols::{Class, Symbols, named};

/// A character or a class after `\`.
pub(super) enum Escaped {
    Char(char),
    Class(Class),
}

/// An item of a class.
enum ClassItem {
    Char(char),
    Class(Class),
}

impl Reader<'_> {
    /// Reads what comes after `\`, within a class or not.
    pub(super) fn escaped(&mut self) -> Option<Escaped> {
        let c = self.next()?;
        Some(Escaped::Class(match c {
            'w' => Class::with_others(Symbols::WORD, true),
            'W' => Class::with_others(Symbols::WORD, true).not(),
            'd' => Class::with_others(Symbols::DIGITS, false),
            'D' => Class::with_others(Symbols::DIGITS, false).not(),
            's' => Class::SPACE,
            'S' => Class::SPACE.not(),
            'h' => Class::exact(Symbols::HEX),
            'H' => Class::exact(Symbols::HEX).not(),
            'p' | 'P' => self.property(c == 'P')?,
            't' => return Some(Escaped::Char('\t')),
            'n' => return Some(Escaped::Char('\n')),
            'v' => return Some(Escaped::Char('\x0B')),
            'r' => return Some(Escaped::Char('\r')),
            'f' => return Some(Escaped::Char('\x0C')),
            'a' => return Some(Escaped::Char('\x07')),
            'e' => return Some(Escaped::Char('\x1B')),
            'x' | 'u' => return self.code(c).map(Escaped::Char),
            // Octal codes, control characters, and what only some versions know.
            c if c.is_ascii_alphanumeric() => return None,
            c => return Some(Escaped::Char(c)),
        }))
    }

    /// The rest of `\p{name}` or `\p{^name}`.
    fn property(&mut self, is_negative: bool) -> Option<Class> {
        if !self.takes("{") {
            return None;
        }
        let name = self.until('}')?;
        let (name, is_negative) = match name.strip_prefix('^') {
            Some(name) => (name, !is_negative),
            None => (name.as_str(), is_negative),
        };
        let class = named(name);
        Some(if is_negative { class.not() } else { class })
    }

    /// The rest of `\xHH`, `\x{H…}` or `\uHHHH`.
    fn code(&mut self, kind: char) -> Option<char> {
        let digits = if kind == 'x' && self.takes("{") {
            self.until('}')?
        } else {
            let most = if kind == 'x' { 2 } else { 4 };
            let mut digits = String::new();
            while digits.len() < most && self.peek().is_some_and(|c| c.is_ascii_hexdigit()) {
                digits.extend(self.next());
            }
            // Two digits are a byte of UTF-8.
            if kind == 'x' && u32::from_str_radix(&digits, 16).is_ok_and(|code| code > 0x7F) {
                return None;
            }
            digits
        };
        char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
    }

    /// The rest of `[…]`.
    pub(super) fn class(&mut self, in_any_case: bool) -> Option<Class> {
        let is_negative = self.takes("^");
        let mut class: Option<Class> = None;
        let mut part = Class::NONE;
        let mut is_first = true;
        loop {
            if self.takes("&&") {
                class = Some(class.map_or(part, |class| class.and(part)));
                part = Class::NONE;
                is_first = false;
                continue;
            }
            if !is_first && self.takes("]") {
                break;
            }
            let item = self.class_item(in_any_case)?;
            is_first = false;
            let ClassItem::Char(from) = item else {
                let ClassItem::Class(class) = item else { continue };
                part = part.or(class);
                // After a class, `-` means something else in each version.
                if self.comes("-") && !self.comes("-]") {
                    return None;
                }
                continue;
            };
            let is_range = self.comes("-") && !self.comes("-]");
            let added = if is_range {
                self.at += 1;
                match self.class_item(in_any_case)? {
                    ClassItem::Char(to) => Class::range(from, to),
                    ClassItem::Class(_) => return None,
                }
            } else {
                Class::one(from)
            };
            part = part.or(if in_any_case { added.in_any_case() } else { added });
        }
        let class = class.map_or(part, |class| class.and(part));
        Some(if is_negative { class.not() } else { class })
    }

    fn class_item(&mut self, in_any_case: bool) -> Option<ClassItem> {
        if self.takes("[:") {
            let is_negative = self.takes("^");
            let name = self.until(':')?;
            if !self.takes("]") {
                return None;
            }
            let class = named(&name);
            return Some(ClassItem::Class(if is_negative { class.not() } else { class }));
        }
        match self.next()? {
            '[' => self.class(in_any_case).map(ClassItem::Class),
            '\\' => {
                if self.takes("b") {
                    return Some(ClassItem::Char('\x08'));
                }
                Some(match self.escaped()? {
                    Escaped::Char(c) => ClassItem::Char(c),
                    Escaped::Class(class) if in_any_case => ClassItem::Class(class.in_any_case()),
                    Escaped::Class(class) => ClassItem::Class(class),
                })
            }
            c => Some(ClassItem::Char(c)),
        }
    }
}
