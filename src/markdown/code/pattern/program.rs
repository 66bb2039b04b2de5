//! An [`Expr`] → a [`Program`] of instructions for the matcher.
//!
//! Must not know: texts, positions in them.

use super::matcher::Unanswered;
use super::starts::{Before, starts};
use super::symbols::{COUNT, Class, Symbols, symbol_of};
use super::{Anchor, Expr, Greed, Look};

/// Instructions that a program may have; longer ones are left to Oniguruma.
const LONGEST: usize = 20_000;

/// An instruction, and the number of the next one if it is not the one that follows.
#[derive(Debug)]
pub(in crate::markdown::code) enum Instruction {
    Byte(u8),
    /// Several characters of ASCII, as a part of the texts.
    Text {
        from: usize,
        to: usize,
    },
    Class(usize),
    /// A class again and again.
    Run {
        class: usize,
        least: u32,
        most: u32,
        greed: Greed,
    },
    /// Two ways, tried in this order.
    Split(usize, usize),
    /// The ways that a table gives for the next symbol.
    Choice(usize),
    /// The ways that a table gives for the symbol before; for the end at the start of the text.
    ChoiceBehind(usize),
    Jump(usize),
    /// Writes the position into a slot.
    Save(usize),
    /// Jumps if the position is the one in the slot: nothing was matched since.
    IfEmpty {
        slot: usize,
        then: usize,
    },
    Anchor(Anchor),
    /// Goes back over so many characters.
    Back(u32),
    /// The instructions up to `Accept` are a condition; then it goes on at `end`.
    Look {
        is_negative: bool,
        end: usize,
    },
    /// The group that begins there is matched, in its first way only. It may contain the `open`
    /// groups, which the call is within: they begin where they began.
    Call {
        entry: usize,
        open: Box<[usize]>,
    },
    /// The instructions up to `Accept` are matched in their first way only; then it goes on at
    /// `end`.
    Atomic {
        end: usize,
    },
    Reference {
        group: usize,
        in_any_case: bool,
    },
    Accept,
}

/// Alternatives by the next symbol.
#[derive(Debug)]
pub(in crate::markdown::code) struct Choices {
    /// The number of the list for each symbol.
    pub by_symbol: [u8; COUNT],
    pub lists: Vec<Vec<usize>>,
}

/// A class by the bytes of the text.
#[derive(Debug)]
pub(in crate::markdown::code) struct ClassTable {
    class: Class,
    pub by_byte: [Membership; 256],
}

/// True or false as far as the first byte of a character tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::markdown::code) enum Membership {
    Out,
    In,
    ByCharacter,
}

impl ClassTable {
    fn new(class: Class) -> Self {
        let by_byte = std::array::from_fn(|byte| {
            if byte >= 0x80 {
                return Membership::ByCharacter;
            }
            match (class.may.has(byte), class.must.has(byte)) {
                (false, _) => Membership::Out,
                (true, true) => Membership::In,
                (true, false) => Membership::ByCharacter,
            }
        });
        Self { class, by_byte }
    }

    /// The end of a character of the class that is not known by its first byte.
    pub fn by_character(&self, text: &str, at: usize) -> Result<Option<usize>, Unanswered> {
        let Some(c) = text[at..].chars().next() else { return Ok(None) };
        let symbol = symbol_of(c);
        match (self.class.may.has(symbol), self.class.must.has(symbol)) {
            (false, _) => Ok(None),
            (true, true) => Ok(Some(at + c.len_utf8())),
            (true, false) => Err(Unanswered::Character),
        }
    }
}

/// A compiled expression.
#[derive(Debug)]
pub(in crate::markdown::code) struct Program {
    pub instructions: Vec<Instruction>,
    pub texts: Vec<u8>,
    pub classes: Vec<ClassTable>,
    pub choices: Vec<Choices>,
    /// Number of slots: two for each group, and others.
    pub slots: usize,
}

/// Compiles an expression; `has_groups` if the positions of its groups are wanted. `None` if
/// it has too many instructions, or a look behind of several lengths.
pub(in crate::markdown::code) fn compile(expr: &Expr, has_groups: bool) -> Option<Program> {
    let has_groups = has_groups || expr.has_reference();
    let groups = if has_groups { expr.highest_group() } else { 0 };
    let program = Program {
        texts: Vec::new(),
        instructions: Vec::new(),
        classes: Vec::new(),
        choices: Vec::new(),
        slots: if has_groups { 2 * groups + 2 } else { 0 },
    };
    let mut compiler = Compiler { program, has_groups, open: Vec::new(), calls: Vec::new() };
    compiler.write(expr, Symbols::ALL)?;
    compiler.push(Instruction::Accept);
    compiler.write_called_groups(expr)?;
    Some(compiler.program)
}

/// A call that is written when its group is.
struct GroupCall {
    at: usize,
    group: usize,
    open: Box<[usize]>,
}

struct Compiler {
    program: Program,
    has_groups: bool,
    /// The groups that what is written is within.
    open: Vec<usize>,
    calls: Vec<GroupCall>,
}

impl Compiler {
    fn here(&self) -> usize {
        self.program.instructions.len()
    }

    fn push(&mut self, instruction: Instruction) -> usize {
        self.program.instructions.push(instruction);
        self.here() - 1
    }

    fn set(&mut self, at: usize, instruction: Instruction) {
        self.program.instructions[at] = instruction;
    }

    fn class(&mut self, class: Class) -> usize {
        let classes = &mut self.program.classes;
        classes.iter().position(|known| known.class == class).unwrap_or_else(|| {
            classes.push(ClassTable::new(class));
            classes.len() - 1
        })
    }

    /// Writes the instructions of an expression that a match goes on after only before some
    /// symbols.
    fn write(&mut self, expr: &Expr, follow: Symbols) -> Option<()> {
        if self.here() > LONGEST {
            return None;
        }
        if let Expr::Byte(byte) = expr {
            self.push(Instruction::Byte(*byte));
            return Some(());
        }
        if let Some(class) = expr.as_class() {
            let class = self.class(class);
            self.push(Instruction::Class(class));
            return Some(());
        }
        match expr {
            Expr::Byte(_) | Expr::Class(_) => {}
            Expr::Concat(parts) => self.write_concat(parts, follow)?,
            Expr::Alternatives(branches) => self.write_alternatives(branches, follow, false)?,
            Expr::Repeat { what, least, most, greed } => {
                self.write_repeat(what, *least, *most, *greed, follow)?;
            }
            Expr::Capture(number, what) => {
                if self.has_groups {
                    self.push(Instruction::Save(2 * number));
                }
                self.open.push(*number);
                self.write(what, follow)?;
                self.open.pop();
                if self.has_groups {
                    self.push(Instruction::Save(2 * number + 1));
                }
            }
            Expr::Atomic(what) => {
                let start = self.push(Instruction::Accept);
                match &**what {
                    Expr::Alternatives(branches) => {
                        self.write_alternatives(branches, Symbols::ALL, true)?;
                    }
                    what => self.write(what, Symbols::ALL)?,
                }
                self.push(Instruction::Accept);
                self.set(start, Instruction::Atomic { end: self.here() });
            }
            Expr::Look(look, what) => self.write_look(*look, what)?,
            // Other ways through the group would have to be tried.
            Expr::Call(_) => return None,
            Expr::Reference { group, in_any_case } => {
                let (group, in_any_case) = (*group, *in_any_case);
                self.push(Instruction::Reference { group, in_any_case });
            }
            Expr::Anchor(anchor) => {
                self.push(Instruction::Anchor(*anchor));
            }
        }
        Some(())
    }

    /// Writes alternatives, of which those in an atomic group may be calls.
    fn write_alternatives(
        &mut self,
        branches: &[Expr],
        follow: Symbols,
        is_atomic: bool,
    ) -> Option<()> {
        let number = self.new_choice(Instruction::Choice);
        let mut ways = Vec::with_capacity(branches.len());
        let mut jumps = Vec::with_capacity(branches.len());
        for branch in branches {
            ways.push((self.here(), beginnings(branch)));
            if let (Expr::Call(group), true) = (branch, is_atomic) {
                let at = self.push(Instruction::Accept);
                let open = if self.has_groups { self.open.as_slice().into() } else { [].into() };
                self.calls.push(GroupCall { at, group: *group, open });
            } else {
                self.write(branch, follow)?;
            }
            jumps.push(self.push(Instruction::Accept));
        }
        self.end_choice(number, &ways, &jumps);
        Some(())
    }

    /// Writes the instruction that chooses between alternatives which are not written yet.
    fn new_choice(&mut self, instruction: fn(usize) -> Instruction) -> usize {
        let number = self.program.choices.len();
        self.push(instruction(number));
        self.program.choices.push(Choices { by_symbol: [0; COUNT], lists: Vec::new() });
        number
    }

    /// Has the ends of alternatives lead behind them, and fills in the choice between them.
    fn end_choice(&mut self, number: usize, ways: &[(usize, Symbols)], jumps: &[usize]) {
        let end = self.here();
        for jump in jumps {
            self.set(*jump, Instruction::Jump(end));
        }
        self.program.choices[number] = Choices::of(ways);
    }

    /// Writes the parts one after the other.
    fn write_concat(&mut self, parts: &[Expr], follow: Symbols) -> Option<()> {
        let mut index = 0;
        while index < parts.len() {
            let bytes = parts[index..].iter().map_while(|part| match part {
                Expr::Byte(byte) => Some(*byte),
                _ => None,
            });
            let from = self.program.texts.len();
            self.program.texts.extend(bytes);
            let to = self.program.texts.len();
            if to - from > 1 {
                self.push(Instruction::Text { from, to });
                index += to - from;
                continue;
            }
            self.program.texts.truncate(from);
            let part = &parts[index];
            let is_one = matches!(part, Expr::Byte(_) | Expr::Class(_) | Expr::Anchor(_));
            let next = if is_one { follow } else { after(&parts[index + 1..], follow) };
            self.write(part, next)?;
            index += 1;
        }
        Some(())
    }

    fn write_repeat(
        &mut self,
        what: &Expr,
        least: u32,
        most: Option<u32>,
        greed: Greed,
        follow: Symbols,
    ) -> Option<()> {
        if let Some(class) = what.as_class() {
            // No character of the run can be what follows it, so a shorter run leads nowhere.
            let is_divided = class.may.and(follow).is_empty() && most.is_none();
            let greed = if is_divided { Greed::MostOnly } else { greed };
            let class = self.class(class);
            self.push(Instruction::Run { class, least, most: most.unwrap_or(u32::MAX), greed });
            return Some(());
        }
        if greed == Greed::MostOnly {
            let start = self.push(Instruction::Accept);
            self.write_repeat(what, least, most, Greed::MostFirst, Symbols::ALL)?;
            self.push(Instruction::Accept);
            self.set(start, Instruction::Atomic { end: self.here() });
            return Some(());
        }
        // After it comes it again, or what follows.
        let again = beginnings(what).or(follow);
        for _ in 0..least {
            self.write(what, again)?;
        }
        let split = |once: usize, out: usize| match greed {
            Greed::LeastFirst => Instruction::Split(out, once),
            Greed::MostFirst | Greed::MostOnly => Instruction::Split(once, out),
        };
        let Some(most) = most else {
            let may_be_empty =
                Before::ALL.iter().any(|before| !starts(what, *before).empty.is_empty());
            let start = self.push(Instruction::Accept);
            let slot = self.program.slots;
            if may_be_empty {
                self.program.slots += 1;
                self.push(Instruction::Save(slot));
            }
            self.write(what, again)?;
            let check = may_be_empty.then(|| self.push(Instruction::Accept));
            self.push(Instruction::Jump(start));
            let out = self.here();
            self.set(start, split(start + 1, out));
            if let Some(check) = check {
                self.set(check, Instruction::IfEmpty { slot, then: out });
            }
            return Some(());
        };
        let mut splits = Vec::new();
        for _ in least..most {
            splits.push(self.push(Instruction::Accept));
            self.write(what, again)?;
        }
        let out = self.here();
        for at in splits {
            self.set(at, split(at + 1, out));
        }
        Some(())
    }

    /// Writes each group that is called once more, and has the calls lead there.
    fn write_called_groups(&mut self, expr: &Expr) -> Option<()> {
        let mut entries: Vec<(usize, usize)> = Vec::new();
        while let Some(GroupCall { at, group, open }) = self.calls.pop() {
            let known = entries.iter().find(|(known, _)| *known == group);
            let entry = if let Some((_, entry)) = known {
                *entry
            } else {
                let entry = self.here();
                entries.push((group, entry));
                self.write(expr.group(group)?, Symbols::ALL)?;
                self.push(Instruction::Accept);
                entry
            };
            self.set(at, Instruction::Call { entry, open });
        }
        Some(())
    }

    fn write_look(&mut self, look: Look, what: &Expr) -> Option<()> {
        let start = self.push(Instruction::Accept);
        if look.is_behind {
            let single = std::slice::from_ref(what);
            let branches = if let Expr::Alternatives(branches) = what { branches } else { single };
            let number = self.new_choice(Instruction::ChoiceBehind);
            let mut ways = Vec::with_capacity(branches.len());
            let mut jumps = Vec::with_capacity(branches.len());
            for branch in branches {
                ways.push((self.here(), branch.last_symbols()));
                self.push(Instruction::Back(branch.width()?));
                self.write(branch, Symbols::ALL)?;
                jumps.push(self.push(Instruction::Accept));
            }
            self.end_choice(number, &ways, &jumps);
        } else {
            self.write(what, Symbols::ALL)?;
        }
        self.push(Instruction::Accept);
        self.set(start, Instruction::Look { is_negative: look.is_negative, end: self.here() });
        Some(())
    }
}

/// The symbols before which a match may begin, whatever is before it.
fn beginnings(expr: &Expr) -> Symbols {
    Before::ALL.iter().fold(Symbols::NONE, |all, before| all.or(starts(expr, *before).all()))
}

/// The symbols before which a match can go on with these parts and what follows them.
fn after(parts: &[Expr], follow: Symbols) -> Symbols {
    let mut symbols = Symbols::NONE;
    let mut may_be_empty = Symbols::ALL;
    for part in parts {
        let any = Before::ALL.iter().map(|before| starts(part, *before));
        let (first, empty) = any.fold((Symbols::NONE, Symbols::NONE), |(first, empty), starts| {
            (first.or(starts.first), empty.or(starts.empty))
        });
        symbols = symbols.or(first.and(may_be_empty));
        may_be_empty = may_be_empty.and(empty);
        if may_be_empty.is_empty() {
            return symbols;
        }
    }
    symbols.or(follow.and(may_be_empty))
}

impl Choices {
    /// From the first instruction and the beginnings of each alternative.
    fn of(ways: &[(usize, Symbols)]) -> Self {
        // The alternatives of each symbol, as bits: nearly all symbols have the same ones.
        let width = ways.len() / 128 + 1;
        let mut bits = vec![0_u128; COUNT * width];
        for (number, (_, symbols)) in ways.iter().enumerate() {
            for symbol in symbols.iter() {
                bits[symbol * width + number / 128] |= 1 << (number % 128);
            }
        }
        let mut choices = Self { by_symbol: [0; COUNT], lists: Vec::new() };
        let mut known: Vec<&[u128]> = Vec::new();
        for (symbol, own) in bits.chunks(width).enumerate() {
            let number = known.iter().position(|known| *known == own).unwrap_or_else(|| {
                known.push(own);
                let ways = ways.iter().filter(|(_, symbols)| symbols.has(symbol));
                choices.lists.push(ways.map(|(start, _)| *start).collect());
                known.len() - 1
            });
            choices.by_symbol[symbol] = u8::try_from(number).unwrap_or_default();
        }
        choices
    }
}
