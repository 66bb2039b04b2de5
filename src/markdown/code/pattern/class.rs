//! `[…]`, `\w` and other classes of characters, and escaped characters.
//!
//! Must not know: groups, repetitions.

use super::Reader;
use super::symbols::{Class, Symbols, named};

/// A character or a class, after `\` or as an item of a class.
pub(super) enum ClassItem {
    Char(char),
    Class(Class),
}

impl Reader<'_> {
    /// Reads what comes after `\`, within a class or not.
    pub(super) fn escaped(&mut self) -> Option<ClassItem> {
        let c = self.next()?;
        Some(ClassItem::Class(match c {
            'w' => Class::with_others(Symbols::WORD, true),
            'W' => Class::with_others(Symbols::WORD, true).not(),
            'd' => Class::with_others(Symbols::DIGITS, false),
            'D' => Class::with_others(Symbols::DIGITS, false).not(),
            's' => Class::SPACE,
            'S' => Class::SPACE.not(),
            'h' => Class::exact(Symbols::HEX),
            'H' => Class::exact(Symbols::HEX).not(),
            'p' | 'P' => self.property(c == 'P')?,
            't' => return Some(ClassItem::Char('\t')),
            'n' => return Some(ClassItem::Char('\n')),
            'v' => return Some(ClassItem::Char('\x0B')),
            'r' => return Some(ClassItem::Char('\r')),
            'f' => return Some(ClassItem::Char('\x0C')),
            'a' => return Some(ClassItem::Char('\x07')),
            'e' => return Some(ClassItem::Char('\x1B')),
            'x' | 'u' => return self.code(c).map(ClassItem::Char),
            // Octal codes, control characters, and what only some versions know.
            c if c.is_ascii_alphanumeric() => return None,
            c => return Some(ClassItem::Char(c)),
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

    /// The rest of `[…]`. Only the outermost class gets the other cases of its letters.
    pub(super) fn class(&mut self, in_any_case: bool) -> Option<Class> {
        self.deepen()?;
        let is_negative = self.takes("^");
        let class = self.class_items()?;
        self.depth -= 1;
        let class = if in_any_case { class.in_any_case() } else { class };
        Some(if is_negative { class.not() } else { class })
    }

    /// Everything up to the end of a class.
    fn class_items(&mut self) -> Option<Class> {
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
            let item = self.class_item()?;
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
                match self.class_item()? {
                    ClassItem::Char(to) => Class::range(from, to),
                    ClassItem::Class(_) => return None,
                }
            } else {
                Class::one(from)
            };
            part = part.or(added);
        }
        Some(class.map_or(part, |class| class.and(part)))
    }

    fn class_item(&mut self) -> Option<ClassItem> {
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
            '[' => self.class(false).map(ClassItem::Class),
            '\\' => {
                if self.takes("b") {
                    return Some(ClassItem::Char('\x08'));
                }
                self.escaped()
            }
            c => Some(ClassItem::Char(c)),
        }
    }
}
