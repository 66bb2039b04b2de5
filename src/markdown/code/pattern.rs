//! A regular expression of a grammar, in Oniguruma's syntax (`doc/RE` and `doc/SYNTAX.md` of
//! Oniguruma) → an [`Expr`].
//!
//! Constructs that no grammar uses, or that are too rare to be worth it, make the whole expression
//! unknown: Oniguruma itself matches those.
//!
//! Must not know: grammars, texts.

mod class;
pub(super) mod matcher;
pub(super) mod program;
pub(super) mod starts;
pub(super) mod symbols;

use self::symbols::{Class, Symbols};

/// Most groups and classes within one another, and most numbers of repetitions after one atom.
const DEEPEST: usize = 60;

/// A regular expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expr {
    /// One character of ASCII.
    Byte(u8),
    /// One character.
    Class(Box<Class>),
    Concat(Vec<Expr>),
    /// The first alternative that leads to a match counts.
    Alternatives(Vec<Expr>),
    Repeat {
        what: Box<Expr>,
        least: u32,
        most: Option<u32>,
        greed: Greed,
    },
    /// A group with its number, from 1.
    Capture(usize, Box<Expr>),
    /// A group in which no other way is tried once it has matched.
    Atomic(Box<Expr>),
    Look(Look, Box<Expr>),
    /// The expression of a group again.
    Call(usize),
    /// The text of a group again.
    Reference {
        group: usize,
        in_any_case: bool,
    },
    Anchor(Anchor),
}

/// The order in which numbers of repetitions are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Greed {
    MostFirst,
    LeastFirst,
    /// The most, and no other.
    MostOnly,
}

/// A condition on the text around a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub is_behind: bool,
    pub is_negative: bool,
}

/// A condition on a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    WordBoundary,
    NoWordBoundary,
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    /// The end of the text, or before a line end that is the last character.
    LastLineEnd,
    /// The position from which on a match was looked for.
    SearchStart,
}

/// Reads an expression; `None` for one that is not understood.
pub(super) fn parse(source: &str) -> Option<Expr> {
    let mut reader = Reader { source, at: 0, groups: 0, depth: 0 };
    let expr = reader.alternatives(Flags::default())?;
    reader.peek().is_none().then_some(expr)
}

/// `(?imx)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Flags {
    in_any_case: bool,
    /// `.` matches line ends too.
    dot_is_all: bool,
    /// Blanks and comments mean nothing.
    is_spaced: bool,
}

struct Reader<'s> {
    source: &'s str,
    at: usize,
    /// Number of groups so far.
    groups: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.source[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// True if a text comes next.
    fn comes(&self, text: &str) -> bool {
        self.source.as_bytes()[self.at..].starts_with(text.as_bytes())
    }

    /// Passes over a text if it comes next.
    fn takes(&mut self, text: &str) -> bool {
        let is_next = self.comes(text);
        if is_next {
            self.at += text.len();
        }
        is_next
    }

    /// The text up to an end, which is passed over.
    fn until(&mut self, end: char) -> Option<String> {
        let (text, _) = self.source[self.at..].split_once(end)?;
        self.at += text.len() + end.len_utf8();
        Some(text.to_owned())
    }

    /// Notes that what follows is within something; `None` if it is within too much.
    fn deepen(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEEPEST).then_some(())
    }

    /// Everything up to the end of the group.
    fn alternatives(&mut self, flags: Flags) -> Option<Expr> {
        self.deepen()?;
        let mut branches = vec![self.branch(flags)?];
        while self.takes("|") {
            branches.push(self.branch(flags)?);
        }
        self.depth -= 1;
        if branches.len() == 1 { branches.pop() } else { Some(Expr::Alternatives(branches)) }
    }

    fn branch(&mut self, flags: Flags) -> Option<Expr> {
        let mut parts = Vec::new();
        loop {
            self.pass_blanks(flags)?;
            match self.peek() {
                None | Some('|' | ')') => break,
                Some(_) => {}
            }
            if let Some(changed) = self.isolated_flags(flags) {
                // They hold up to the end of the group, over all its further alternatives.
                parts.push(self.alternatives(changed)?);
                break;
            }
            let atom = self.atom(flags)?;
            parts.push(self.repeated(atom, flags)?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(Expr::Concat(parts)) }
    }

    /// Passes over comments, and where they mean nothing over blanks.
    fn pass_blanks(&mut self, flags: Flags) -> Option<()> {
        loop {
            if self.takes("(?#") {
                // An escaped `)` would not end it.
                if self.until(')')?.contains('\\') {
                    return None;
                }
            } else if flags.is_spaced && self.peek().is_some_and(|c| c.is_ascii_whitespace()) {
                self.at += 1;
            } else if flags.is_spaced && self.peek() == Some('#') {
                let rest = &self.source[self.at..];
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else {
                return Some(());
            }
        }
    }

    /// The flags after `(?imx)`, if that comes next.
    fn isolated_flags(&mut self, flags: Flags) -> Option<Flags> {
        let start = self.at;
        if self.takes("(?")
            && let Some(changed) = self.flags(flags)
            && self.takes(")")
        {
            return Some(changed);
        }
        self.at = start;
        None
    }

    /// The flags that letters change.
    fn flags(&mut self, mut flags: Flags) -> Option<Flags> {
        let mut is_on = true;
        loop {
            match self.peek()? {
                '-' => is_on = false,
                'i' => flags.in_any_case = is_on,
                'm' => flags.dot_is_all = is_on,
                'x' => flags.is_spaced = is_on,
                _ => return Some(flags),
            }
            self.at += 1;
        }
    }

    fn atom(&mut self, flags: Flags) -> Option<Expr> {
        let c = self.next()?;
        Some(match c {
            '(' => return self.group(flags),
            '[' => Expr::Class(Box::new(self.class(flags.in_any_case)?)),
            '.' if flags.dot_is_all => Expr::Class(Box::new(Class::ALL)),
            '.' => Expr::Class(Box::new(Class::one('\n').not())),
            '^' => Expr::Anchor(Anchor::LineStart),
            '$' => Expr::Anchor(Anchor::LineEnd),
            '\\' => return self.escape(flags),
            '?' | '*' | '+' => return None,
            c => literal(c, flags),
        })
    }

    fn group(&mut self, flags: Flags) -> Option<Expr> {
        let expr = if self.takes("?") {
            self.special_group(flags)?
        } else if self.peek() == Some('*') {
            return None;
        } else {
            self.groups += 1;
            let number = self.groups;
            Expr::Capture(number, Box::new(self.alternatives(flags)?))
        };
        self.takes(")").then_some(expr)
    }

    fn special_group(&mut self, flags: Flags) -> Option<Expr> {
        let looks = [
            ("=", Look { is_behind: false, is_negative: false }),
            ("!", Look { is_behind: false, is_negative: true }),
            ("<=", Look { is_behind: true, is_negative: false }),
            ("<!", Look { is_behind: true, is_negative: true }),
        ];
        for (mark, look) in looks {
            if self.takes(mark) {
                return Some(Expr::Look(look, Box::new(self.alternatives(flags)?)));
            }
        }
        if self.takes(">") {
            return Some(Expr::Atomic(Box::new(self.alternatives(flags)?)));
        }
        // References by name are few, so are names.
        if self.takes("<") {
            self.until('>')?;
            self.groups += 1;
            let number = self.groups;
            return Some(Expr::Capture(number, Box::new(self.alternatives(flags)?)));
        }
        let flags = self.flags(flags)?;
        if self.takes(":") { self.alternatives(flags) } else { None }
    }

    fn escape(&mut self, flags: Flags) -> Option<Expr> {
        let c = self.next()?;
        Some(match c {
            'b' => Expr::Anchor(Anchor::WordBoundary),
            'B' => Expr::Anchor(Anchor::NoWordBoundary),
            'A' => Expr::Anchor(Anchor::TextStart),
            'z' => Expr::Anchor(Anchor::TextEnd),
            'Z' => Expr::Anchor(Anchor::LastLineEnd),
            'G' => Expr::Anchor(Anchor::SearchStart),
            '1'..='9' => {
                let group = c.to_digit(10)? as usize;
                if self.peek().is_some_and(|c| c.is_ascii_digit()) || group > self.groups {
                    return None;
                }
                Expr::Reference { group, in_any_case: flags.in_any_case }
            }
            'g' => Expr::Call(self.called_group()?),
            'K' | 'R' | 'X' | 'N' | 'O' | 'y' | 'Y' | 'k' => return None,
            _ => {
                self.at -= 1;
                match self.escaped()? {
                    class::ClassItem::Char(c) => literal(c, flags),
                    class::ClassItem::Class(class) => Expr::Class(Box::new(class)),
                }
            }
        })
    }

    /// The group in `\g<1>`, or in `\g<-1>`, which counts from the group that began last.
    fn called_group(&mut self) -> Option<usize> {
        if !self.takes("<") {
            return None;
        }
        let name = self.until('>')?;
        let group = match name.strip_prefix('-') {
            Some(back) => (self.groups + 1).checked_sub(back.parse().ok()?)?,
            None => name.parse().ok()?,
        };
        (1..=self.groups).contains(&group).then_some(group)
    }

    /// An atom with the numbers of repetitions after it.
    fn repeated(&mut self, atom: Expr, flags: Flags) -> Option<Expr> {
        let mut expr = atom;
        for _ in 0..DEEPEST {
            self.pass_blanks(flags)?;
            let mut is_fixed = false;
            let (least, most, is_interval) = match self.peek() {
                Some('?') => (0, Some(1), false),
                Some('*') => (0, None, false),
                Some('+') => (1, None, false),
                Some('{') => {
                    let start = self.at;
                    let Some((least, most)) = self.interval() else { return Some(expr) };
                    is_fixed = !self.source[start..self.at].contains(',');
                    (least, most, true)
                }
                _ => return Some(expr),
            };
            // The larger number first has a meaning of its own.
            let is_reversed = most.is_some_and(|most| most < least);
            if is_reversed || matches!(expr, Expr::Anchor(_) | Expr::Look(..)) {
                return None;
            }
            if !is_interval {
                self.at += 1;
            }
            // `{n}?` is `(?:…{n})?`, and `{n,m}+` is `(?:…{n,m})+`.
            let greed = if !is_fixed && self.takes("?") {
                Greed::LeastFirst
            } else if !is_interval && self.takes("+") {
                Greed::MostOnly
            } else {
                Greed::MostFirst
            };
            expr = Expr::Repeat { what: Box::new(expr), least, most, greed };
        }
        None
    }

    /// The numbers in `{n}`, `{n,}`, `{,m}` or `{n,m}`; other braces are themselves.
    fn interval(&mut self) -> Option<(u32, Option<u32>)> {
        let (text, _) = self.source[self.at..].strip_prefix('{')?.split_once('}')?;
        let (least, most) = text.split_once(',').unwrap_or((text, text));
        let numbers = match (least, most) {
            ("", "") => return None,
            (least, "") => (number(least)?, None),
            ("", most) => (0, Some(number(most)?)),
            (least, most) => (number(least)?, Some(number(most)?)),
        };
        self.at += text.len() + "{}".len();
        Some(numbers)
    }
}

fn number(digits: &str) -> Option<u32> {
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

fn literal(c: char, flags: Flags) -> Expr {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() && !(flags.in_any_case && byte.is_ascii_alphabetic()) => {
            Expr::Byte(byte)
        }
        // The other case of `ß` is two characters.
        _ if flags.in_any_case && !c.is_ascii() => Expr::Class(Box::new(Class::UNKNOWN)),
        _ if flags.in_any_case => Expr::Class(Box::new(Class::one(c).in_any_case())),
        _ => Expr::Class(Box::new(Class::one(c))),
    }
}

impl Expr {
    /// The class, for an expression that is one character.
    pub fn as_class(&self) -> Option<Class> {
        match self {
            Self::Byte(byte) => Some(Class::one(char::from(*byte))),
            Self::Class(class) => Some(**class),
            Self::Alternatives(branches) => branches
                .iter()
                .map(Self::as_class)
                .try_fold(Class::NONE, |all, class| Some(all.or(class?))),
            _ => None,
        }
    }

    /// The expressions that it is made of.
    fn parts(&self) -> &[Self] {
        match self {
            Self::Concat(parts) | Self::Alternatives(parts) => parts,
            Self::Repeat { what, .. }
            | Self::Capture(_, what)
            | Self::Atomic(what)
            | Self::Look(_, what) => std::slice::from_ref(what),
            Self::Byte(_)
            | Self::Class(_)
            | Self::Call(_)
            | Self::Reference { .. }
            | Self::Anchor(_) => &[],
        }
    }

    /// The number of the last group; 0 if there is none.
    pub fn highest_group(&self) -> usize {
        let own = if let Self::Capture(number, _) = self { *number } else { 0 };
        self.parts().iter().map(Self::highest_group).fold(own, usize::max)
    }

    /// The symbols that the last character of a match may have; all if it may be empty.
    fn last_symbols(&self) -> Symbols {
        match self {
            Self::Byte(byte) => Symbols::one(char::from(*byte)),
            Self::Class(class) => class.may,
            Self::Concat(parts) => parts.last().map_or(Symbols::ALL, Self::last_symbols),
            Self::Capture(_, what) | Self::Atomic(what) => what.last_symbols(),
            Self::Alternatives(branches) => {
                branches.iter().fold(Symbols::NONE, |all, branch| all.or(branch.last_symbols()))
            }
            Self::Repeat { .. }
            | Self::Look(..)
            | Self::Call(_)
            | Self::Reference { .. }
            | Self::Anchor(_) => Symbols::ALL,
        }
    }

    /// The group with a number.
    fn group(&self, wanted: usize) -> Option<&Self> {
        match self {
            Self::Capture(number, _) if *number == wanted => Some(self),
            _ => self.parts().iter().find_map(|part| part.group(wanted)),
        }
    }

    fn has_reference(&self) -> bool {
        matches!(self, Self::Reference { .. }) || self.parts().iter().any(Self::has_reference)
    }

    /// The number of characters of every match, if it is always the same.
    pub fn width(&self) -> Option<u32> {
        match self {
            Self::Byte(_) | Self::Class(_) => Some(1),
            Self::Concat(parts) => {
                parts.iter().map(Self::width).try_fold(0, |all: u32, one| all.checked_add(one?))
            }
            Self::Alternatives(branches) => {
                let first = branches.first()?.width()?;
                branches.iter().all(|branch| branch.width() == Some(first)).then_some(first)
            }
            Self::Repeat { what, least, most, .. } => {
                if *most == Some(*least) {
                    what.width()?.checked_mul(*least)
                } else {
                    None
                }
            }
            Self::Capture(_, what) | Self::Atomic(what) => what.width(),
            Self::Look(..) | Self::Anchor(_) => Some(0),
            Self::Call(_) | Self::Reference { .. } => None,
        }
    }
}
