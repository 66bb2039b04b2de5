//! A [`Program`] and a text → the match at a position, found by trying one way after the other
//! (backtracking, as Oniguruma does), every try counted.
//!
//! Must not know: the syntax of patterns, grammars.

use smallvec::SmallVec;

use super::program::{ClassTable, Instruction, Membership, Program};
use super::symbols::{END, Symbols, is_word, symbol_of};
use super::{Anchor, Greed};

/// Most calls of groups within one another. Oniguruma has twenty
/// (`DEFAULT_SUBEXP_CALL_MAX_NEST_LEVEL`), and the group itself is the first.
const MOST_CALLS: u32 = 19;
/// No position.
const NOWHERE: usize = usize::MAX;

/// Reason why a search for a match ended without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::markdown::code) enum Unanswered {
    /// It depends on a character of which only Unicode's tables know the class.
    Character,
    /// It took too long.
    TooLong,
}

/// Memory for matching, kept between matches.
#[derive(Debug, Default)]
pub(in crate::markdown::code) struct Matcher {
    untried: Vec<Untried>,
    /// Positions in the text: those of groups, two each, and others.
    slots: Vec<usize>,
    /// Instructions that may still be carried out.
    pub fuel: u64,
}

/// A way that was not taken.
#[derive(Debug, Clone, Copy)]
enum Untried {
    Way {
        pc: usize,
        at: usize,
    },
    /// The further ways of a list of alternatives.
    Ways {
        choice: usize,
        list: usize,
        next: usize,
        at: usize,
    },
    /// Fewer of a run of characters that begins, as far as it may be shortened, at `from`.
    Fewer {
        pc: usize,
        from: usize,
        at: usize,
    },
    /// One more of a run of a class, at most so many.
    More {
        pc: usize,
        class: usize,
        left: u32,
        at: usize,
    },
    /// Not a way: the earlier value of a slot.
    Slot {
        slot: usize,
        value: usize,
    },
}

struct MatchAttempt<'r> {
    program: &'r Program,
    text: &'r str,
    /// The position from which on a match is looked for.
    from: usize,
    /// Number of groups that are being called, each by the one before.
    calls: u32,
    matcher: &'r mut Matcher,
}

impl Matcher {
    /// The end of the match that begins at a position, in a search that began at `from`.
    pub fn end_of_match(
        &mut self,
        program: &Program,
        text: &str,
        from: usize,
        at: usize,
    ) -> Result<Option<usize>, Unanswered> {
        self.untried.clear();
        self.slots.clear();
        self.slots.resize(program.slots, NOWHERE);
        MatchAttempt { program, text, from, calls: 0, matcher: self }.end(0, at)
    }

    /// The range of a group of the last match.
    pub fn group(&self, number: usize) -> Option<(usize, usize)> {
        let (start, end) = (*self.slots.get(2 * number)?, *self.slots.get(2 * number + 1)?);
        (start != NOWHERE && end != NOWHERE).then_some((start, end))
    }
}

impl MatchAttempt<'_> {
    /// The position at which `Accept` is reached; of the ways within, none is left.
    fn end(&mut self, mut pc: usize, mut at: usize) -> Result<Option<usize>, Unanswered> {
        let base = self.matcher.untried.len();
        let program = self.program;
        loop {
            let Some(left) = self.matcher.fuel.checked_sub(1) else {
                return Err(Unanswered::TooLong);
            };
            self.matcher.fuel = left;
            let next = match &program.instructions[pc] {
                Instruction::Byte(byte) => {
                    (self.text.as_bytes().get(at) == Some(byte)).then_some((pc + 1, at + 1))
                }
                Instruction::Text { from, to } => {
                    let text = &program.texts[*from..*to];
                    let is_here = self.text.as_bytes()[at..].starts_with(text);
                    is_here.then_some((pc + 1, at + text.len()))
                }
                Instruction::Class(class) => {
                    self.one_of(&program.classes[*class], at)?.map(|at| (pc + 1, at))
                }
                Instruction::Run { class, least, most, greed } => {
                    let end = self.run(pc, *class, (*least, *most), *greed, at)?;
                    end.map(|at| (pc + 1, at))
                }
                Instruction::Split(first, second) => {
                    self.matcher.untried.push(Untried::Way { pc: *second, at });
                    Some((*first, at))
                }
                Instruction::Choice(choice) => {
                    let symbol = symbol_at(self.text, at);
                    let list = usize::from(self.program.choices[*choice].by_symbol[symbol]);
                    self.choose(*choice, list, 0, at)
                }
                Instruction::ChoiceBehind(choice) => {
                    let symbol = self.text[..at].chars().next_back().map_or(END, symbol_of);
                    let list = usize::from(program.choices[*choice].by_symbol[symbol]);
                    self.choose(*choice, list, 0, at)
                }
                Instruction::Jump(to) => Some((*to, at)),
                Instruction::Save(slot) => {
                    self.save(*slot, at);
                    Some((pc + 1, at))
                }
                Instruction::IfEmpty { slot, then } => {
                    let is_empty = self.matcher.slots[*slot] == at;
                    Some((if is_empty { *then } else { pc + 1 }, at))
                }
                Instruction::Anchor(anchor) => self.holds(*anchor, at)?.then_some((pc + 1, at)),
                Instruction::Back(count) => self.back(*count, at).map(|at| (pc + 1, at)),
                Instruction::Look { is_negative, end } => {
                    let above = self.matcher.untried.len();
                    let is_match = self.end(pc + 1, at)?.is_some();
                    if *is_negative {
                        self.forget(above);
                    }
                    (is_match != *is_negative).then_some((*end, at))
                }
                Instruction::Atomic { end } => self.end(pc + 1, at)?.map(|at| (*end, at)),
                Instruction::Call { entry, open } => {
                    self.call(*entry, open, at)?.map(|at| (pc + 1, at))
                }
                Instruction::Reference { group, in_any_case } => {
                    self.again(*group, *in_any_case, at)?.map(|at| (pc + 1, at))
                }
                Instruction::Accept => {
                    self.keep_slots(base);
                    return Ok(Some(at));
                }
            };
            let next = if next.is_some() { next } else { self.other_way(base)? };
            let Some(next) = next else { return Ok(None) };
            (pc, at) = next;
        }
    }

    /// Writes a position into a slot, and keeps the earlier one for other ways.
    fn save(&mut self, slot: usize, at: usize) {
        let value = std::mem::replace(&mut self.matcher.slots[slot], at);
        self.matcher.untried.push(Untried::Slot { slot, value });
    }

    /// The end of the group that is called.
    fn call(
        &mut self,
        entry: usize,
        open: &[usize],
        at: usize,
    ) -> Result<Option<usize>, Unanswered> {
        if self.calls == MOST_CALLS {
            return Ok(None);
        }
        let starts: SmallVec<[usize; 4]> =
            open.iter().map(|group| self.matcher.slots[2 * group]).collect();
        self.calls += 1;
        let end = self.end(entry, at)?;
        self.calls -= 1;
        if end.is_some() {
            for (group, start) in open.iter().zip(starts) {
                self.save(2 * group, start);
            }
        }
        Ok(end)
    }

    /// Takes the last way that was not taken.
    fn other_way(&mut self, base: usize) -> Result<Option<(usize, usize)>, Unanswered> {
        while self.matcher.untried.len() > base {
            let Some(frame) = self.matcher.untried.pop() else { break };
            match frame {
                Untried::Way { pc, at } => return Ok(Some((pc, at))),
                Untried::Ways { choice, list, next, at } => {
                    return Ok(self.choose(choice, list, next, at));
                }
                Untried::Fewer { pc, from, at } => {
                    let mut at = at - 1;
                    while !self.text.is_char_boundary(at) {
                        at -= 1;
                    }
                    if at > from {
                        self.matcher.untried.push(Untried::Fewer { pc, from, at });
                    }
                    return Ok(Some((pc, at)));
                }
                Untried::More { pc, class, left, at } => {
                    let Some(at) = self.one_of(&self.program.classes[class], at)? else { continue };
                    if left > 1 {
                        self.matcher.untried.push(Untried::More { pc, class, left: left - 1, at });
                    }
                    return Ok(Some((pc, at)));
                }
                Untried::Slot { slot, value } => self.matcher.slots[slot] = value,
            }
        }
        Ok(None)
    }

    /// One way of a list, with the further ones for later.
    fn choose(
        &mut self,
        choice: usize,
        list: usize,
        next: usize,
        at: usize,
    ) -> Option<(usize, usize)> {
        let ways = &self.program.choices[choice].lists[list];
        let pc = *ways.get(next)?;
        if next + 1 < ways.len() {
            self.matcher.untried.push(Untried::Ways { choice, list, next: next + 1, at });
        }
        Some((pc, at))
    }

    /// Forgets the ways since, keeping the earlier values of slots for those before.
    fn keep_slots(&mut self, base: usize) {
        let untried = &mut self.matcher.untried;
        let mut to = base;
        for from in base..untried.len() {
            if let Untried::Slot { .. } = untried[from] {
                untried[to] = untried[from];
                to += 1;
            }
        }
        untried.truncate(to);
    }

    /// Undoes everything since.
    fn forget(&mut self, base: usize) {
        while self.matcher.untried.len() > base {
            if let Some(Untried::Slot { slot, value }) = self.matcher.untried.pop() {
                self.matcher.slots[slot] = value;
            }
        }
    }

    /// The end of a character of a class.
    fn one_of(&self, class: &ClassTable, at: usize) -> Result<Option<usize>, Unanswered> {
        let Some(byte) = self.text.as_bytes().get(at).copied() else { return Ok(None) };
        match class.by_byte[usize::from(byte)] {
            Membership::Out => Ok(None),
            Membership::In => Ok(Some(at + 1)),
            Membership::ByCharacter => class.by_character(self.text, at),
        }
    }

    /// A run of characters of a class.
    fn run(
        &mut self,
        pc: usize,
        class: usize,
        (least, most): (u32, u32),
        greed: Greed,
        start: usize,
    ) -> Result<Option<usize>, Unanswered> {
        let known = &self.program.classes[class];
        let wanted = if greed == Greed::LeastFirst { least } else { most };
        let (mut at, mut from, mut count) = (start, start, 0);
        // Characters that are not known by their first byte.
        let mut longer = 0;
        while count < wanted {
            let Some(next) = self.one_of(known, at)? else { break };
            longer += u64::from(next - at > 1);
            at = next;
            count += 1;
            if count == least {
                from = at;
            }
        }
        self.matcher.fuel = self.matcher.fuel.saturating_sub(u64::from(count) / 8 + longer);
        if count < least {
            return Ok(None);
        }
        match greed {
            Greed::MostFirst if at > from => {
                self.matcher.untried.push(Untried::Fewer { pc: pc + 1, from, at });
            }
            Greed::LeastFirst if count < most => {
                let left = most - count;
                self.matcher.untried.push(Untried::More { pc: pc + 1, class, left, at });
            }
            _ => {}
        }
        Ok(Some(at))
    }

    /// The position so many characters earlier.
    fn back(&self, count: u32, at: usize) -> Option<usize> {
        let mut at = at;
        for _ in 0..count {
            at = at.checked_sub(1)?;
            while !self.text.is_char_boundary(at) {
                at -= 1;
            }
        }
        Some(at)
    }

    /// The end of the text of a group, if it comes again.
    fn again(
        &self,
        group: usize,
        in_any_case: bool,
        at: usize,
    ) -> Result<Option<usize>, Unanswered> {
        let Some((start, end)) = self.matcher.group(group) else { return Ok(None) };
        let (bytes, length) = (self.text.as_bytes(), end.saturating_sub(start));
        let Some(here) = bytes.get(at..at + length) else { return Ok(None) };
        let there = &bytes[start..start + length];
        if in_any_case && !(here.is_ascii() && there.is_ascii()) {
            return Err(Unanswered::Character);
        }
        let is_same = if in_any_case { here.eq_ignore_ascii_case(there) } else { here == there };
        Ok(is_same.then_some(at + length))
    }

    /// True if a condition on a position holds.
    fn holds(&self, anchor: Anchor, at: usize) -> Result<bool, Unanswered> {
        let text = self.text;
        let bytes = text.as_bytes();
        Ok(match anchor {
            Anchor::SearchStart => at == self.from,
            Anchor::WordBoundary | Anchor::NoWordBoundary => {
                let before = match at.checked_sub(1).map(|before| bytes[before]) {
                    None => false,
                    Some(byte) if byte.is_ascii() => is_word(byte),
                    Some(_) => is_word_beyond(text[..at].chars().next_back())?,
                };
                let after = match bytes.get(at) {
                    None => false,
                    Some(byte) if byte.is_ascii() => is_word(*byte),
                    Some(_) => is_word_beyond(text[at..].chars().next())?,
                };
                (before != after) == (anchor == Anchor::WordBoundary)
            }
            Anchor::LineStart => at == 0 || bytes[at - 1] == b'\n' && at < bytes.len(),
            Anchor::TextStart => at == 0,
            Anchor::LineEnd => at == bytes.len() || bytes[at] == b'\n',
            Anchor::TextEnd => at == bytes.len(),
            Anchor::LastLineEnd => at == bytes.len() || at + 1 == bytes.len() && bytes[at] == b'\n',
        })
    }
}

/// The symbol of what comes at a position.
pub(in crate::markdown::code) fn symbol_at(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at) {
        None => END,
        Some(byte) if byte.is_ascii() => usize::from(*byte),
        Some(_) => text[at..].chars().next().map_or(END, symbol_of),
    }
}

/// True for a character beyond ASCII that is part of words.
fn is_word_beyond(c: Option<char>) -> Result<bool, Unanswered> {
    let symbol = c.map_or(END, symbol_of);
    if Symbols::MORE_LETTERS.has(symbol) {
        Ok(true)
    } else if Symbols::NO_LETTERS.has(symbol) {
        Ok(false)
    } else {
        Err(Unanswered::Character)
    }
}
