//! Macros of formulas: those of the settings, and those that the formulas of a note define, which
//! hold from there to the note's end, as with `MathJax`.
//!
//! ```text
//! \newcommand{\name}[2][default]{body}     also \renewcommand and \providecommand
//! \def\name#1#2{body}                      also \gdef
//! \let\name\other
//! \DeclareMathOperator{\name}{words}       also with a star
//! ```
//! They are expanded before a formula is drawn, so that one may use another, both converters read
//! the same text, and the number of steps is limited.
//!
//! Must not know: what a command draws.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::definition::{Definition, TokenReader};
use super::token::{PlacedToken, TexToken, command_name, tokens};
use crate::phrase::{Phrase, phrase};

/// Most expansions in a formula; `KaTeX` has the same limit.
const MOST_EXPANSIONS: usize = 1000;
/// Most tokens that the expansions in a note read and write.
const MOST_STEPS: usize = 1_000_000;
/// Most parameters of a macro, as in TeX.
const MOST_PARAMETERS: u8 = 9;

/// A macro.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Macro {
    pub parameters: u8,
    /// The first argument where a call has none in brackets.
    pub default: Option<Vec<PlacedToken>>,
    pub body: Vec<PlacedToken>,
}

/// The macros of the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MacroTable {
    // Ordered, for its text is a part of cache keys.
    macros: BTreeMap<String, Macro>,
}

/// A macro of the settings that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedMacro {
    /// Its name as the settings have it.
    pub name: String,
    /// The reason.
    pub reason: Phrase,
}

impl MacroTable {
    /// Reads definitions, by name; a name may have its backslash. Gives also those that are none.
    #[must_use]
    pub fn new(source: &BTreeMap<String, String>) -> (Self, Vec<RefusedMacro>) {
        let mut table = Self::default();
        let mut refused = Vec::new();
        for (name, tex) in source {
            match read(name, tex) {
                Ok((bare, found)) => drop(table.macros.insert(bare.to_owned(), found)),
                Err(reason) => refused.push(RefusedMacro { name: name.clone(), reason }),
            }
        }
        (table, refused)
    }

    /// A call of a macro, by the name that the settings have; `None` if there is none.
    pub(in crate::markdown) fn call(&self, name: &str) -> Option<String> {
        let bare = bare_name(name);
        let arguments = "{x}".repeat(usize::from(self.macros.get(bare)?.parameters));
        Some(format!("\\{bare} {arguments}"))
    }
}

fn bare_name(name: &str) -> &str {
    name.strip_prefix('\\').unwrap_or(name)
}

/// A macro of the settings with its bare name, or the reason why it is none.
fn read<'n>(name: &'n str, tex: &str) -> Result<(&'n str, Macro), Phrase> {
    let bare = bare_name(name);
    if bare.is_empty() || command_name(bare) != bare {
        return Err(phrase!("a name has only the letters a–z and A–Z, or is one character"));
    }
    let body: Vec<PlacedToken> = tokens(tex).map(|token| PlacedToken { at: 0, ..token }).collect();
    let mut depth = 0_usize;
    let mut parameters = 0;
    for (index, PlacedToken { token, .. }) in body.iter().enumerate() {
        match token {
            TexToken::Char('{') => depth += 1,
            TexToken::Char('}') => {
                depth = depth.checked_sub(1).ok_or_else(|| phrase!("a `}}` has no `{{`"))?;
            }
            TexToken::Char('#') => {
                let number = body.get(index + 1).and_then(|next| parameter(&next.token));
                let number = number
                    .ok_or_else(|| phrase!("`#` must be followed by a number from 1 to 9"))?;
                parameters = parameters.max(number);
            }
            _ => {}
        }
    }
    if depth > 0 {
        return Err(phrase!("a `{{` is not closed"));
    }
    Ok((bare, Macro { parameters, default: None, body }))
}

/// The number of a parameter, behind `#`.
pub(super) fn parameter(token: &TexToken) -> Option<u8> {
    let TexToken::Char(digit) = token else { return None };
    let number = digit.to_digit(10).and_then(|digit| u8::try_from(digit).ok())?;
    (1..=MOST_PARAMETERS).contains(&number).then_some(number)
}

/// A formula without macros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::markdown) struct Expansion<'s> {
    pub tex: Cow<'s, str>,
    /// Places in the new text, each with that of the old one from which it goes on; empty if
    /// nothing was expanded.
    origins: Vec<(usize, usize)>,
    /// True if the formula defines macros and has nothing else.
    pub is_definition: bool,
}

impl Expansion<'_> {
    /// The place in the formula as it is written.
    pub fn origin(&self, at: usize) -> usize {
        let after = self.origins.partition_point(|&(new, _)| new <= at);
        after.checked_sub(1).map_or(at, |index| self.origins[index].1)
    }
}

/// The reason why a formula cannot be expanded, and the place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::markdown) struct ExpansionError {
    pub at: usize,
    pub reason: Phrase,
}

/// The macros that hold at a place of a note.
pub(in crate::markdown) struct MacroScope<'t> {
    table: Option<&'t MacroTable>,
    own: HashMap<Arc<str>, Arc<Macro>>,
    steps: usize,
}

impl<'t> MacroScope<'t> {
    /// At the beginning of a note.
    pub fn new(table: Option<&'t MacroTable>) -> Self {
        Self { table, own: HashMap::new(), steps: 0 }
    }

    fn has(&self, name: &str) -> bool {
        self.own.contains_key(name)
            || self.table.is_some_and(|table| table.macros.contains_key(name))
    }

    fn get(&self, name: &str) -> Option<Arc<Macro>> {
        if let Some(own) = self.own.get(name) {
            return Some(own.clone());
        }
        self.table?.macros.get(name).cloned().map(Arc::new)
    }

    /// True if a formula calls a macro, or defines one.
    fn concerns(&self, tex: &str) -> bool {
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'\\', &tex.as_bytes()[at..]) {
            let name = command_name(&tex[at + found + 1..]);
            if Definition::of(name).is_some() || self.has(name) {
                return true;
            }
            at += found + 1 + name.len();
        }
        false
    }

    /// Expands the macros of a formula, and takes over those that it defines.
    ///
    /// # Errors
    /// It takes too many steps, or a call has too few arguments.
    pub fn expand<'s>(&mut self, tex: &'s str) -> Result<Expansion<'s>, ExpansionError> {
        if !self.concerns(tex) {
            return Ok(Expansion { tex: tex.into(), origins: Vec::new(), is_definition: false });
        }
        let mut pending: Vec<PlacedToken> = tokens(tex).collect();
        pending.reverse();
        let mut written = WrittenTokens::default();
        let mut defines = false;
        let mut expansions = 0;
        while let Some(PlacedToken { token, at }) = pending.pop() {
            let TexToken::Command(name) = &token else {
                written.push(&token, at);
                continue;
            };
            // All macros of a note are global.
            if matches!(&**name, "global" | "long")
                && matches!(pending.last(), Some(PlacedToken { token: TexToken::Command(_), .. }))
            {
                continue;
            }
            if let Some(definition) = Definition::of(name)
                && let Some(left) = self.define(definition, &pending)
            {
                pending.truncate(left);
                defines = true;
            } else if let Some(found) = self.get(name) {
                expansions += 1;
                let error = |reason: Phrase| ExpansionError { at, reason };
                if expansions > MOST_EXPANSIONS || self.steps > MOST_STEPS {
                    let reason = phrase!("its macros take too many steps, at `\\{name}`", name);
                    return Err(error(reason));
                }
                let missing = || error(phrase!("`\\{name}` has too few arguments", name));
                let before = pending.len();
                let body = call(&found, &mut pending, at).ok_or_else(missing)?;
                self.steps += before - pending.len() + body.len();
                pending.extend(body.into_iter().rev());
            } else {
                written.push(&token, at);
            }
        }
        let is_definition = defines && written.tex.trim().is_empty();
        Ok(Expansion { tex: written.tex.into(), origins: written.origins, is_definition })
    }

    /// Takes over the macro that is defined behind a command; gives the number of tokens behind the
    /// definition, or `None` if it has another form.
    fn define(&mut self, definition: Definition, pending: &[PlacedToken]) -> Option<usize> {
        let mut reader = TokenReader { pending };
        let (name, found) = match definition {
            Definition::New => reader.new_command()?,
            Definition::Provided => {
                let (name, found) = reader.new_command()?;
                let kept = self.get(&name);
                (name, kept.map_or(found, |kept| Macro::clone(&kept)))
            }
            Definition::Def => reader.def()?,
            Definition::Operator => reader.operator()?,
            Definition::Let => {
                let (name, other) = reader.assignment()?;
                let found = match &other {
                    TexToken::Command(other) => self.get(other).map(|other| Macro::clone(&other)),
                    _ => None,
                };
                let same = match other {
                    TexToken::Command(other) => TexToken::Primitive(other),
                    other => other,
                };
                let body = vec![PlacedToken { token: same, at: 0 }];
                (name, found.unwrap_or(Macro { parameters: 0, default: None, body }))
            }
        };
        self.steps += pending.len() - reader.pending.len();
        self.own.insert(name, Arc::new(found));
        Some(reader.pending.len())
    }
}

/// The body of a macro with the arguments of a call, which are taken from the tokens.
fn call(found: &Macro, pending: &mut Vec<PlacedToken>, at: usize) -> Option<Vec<PlacedToken>> {
    let mut reader = TokenReader { pending };
    let mut arguments: Vec<Vec<PlacedToken>> = Vec::new();
    if let Some(default) = &found.default {
        arguments.push(reader.bracketed().unwrap_or_else(|| default.clone()));
    }
    while arguments.len() < usize::from(found.parameters) {
        arguments.push(reader.argument()?);
    }
    let left = reader.pending.len();
    pending.truncate(left);
    let mut body = Vec::with_capacity(found.body.len());
    let mut tokens = found.body.iter();
    while let Some(PlacedToken { token, .. }) = tokens.next() {
        if !token.is('#') {
            body.push(PlacedToken { token: token.clone(), at });
            continue;
        }
        match tokens.next().map(|next| &next.token) {
            Some(number) if parameter(number).is_some() => {
                let index = parameter(number).map_or(0, |number| usize::from(number) - 1);
                body.extend(arguments.get(index).into_iter().flatten().cloned());
            }
            Some(other) => body.push(PlacedToken { token: other.clone(), at }),
            None => {}
        }
    }
    Some(body)
}

/// Text that is made of tokens.
#[derive(Default)]
struct WrittenTokens {
    tex: String,
    origins: Vec<(usize, usize)>,
    /// True if a letter would become a part of the last command.
    ends_in_word: bool,
}

impl WrittenTokens {
    fn push(&mut self, token: &TexToken, at: usize) {
        match token {
            TexToken::Char(c) => {
                if self.ends_in_word && c.is_ascii_alphabetic() {
                    self.tex.push(' ');
                }
                self.origins.push((self.tex.len(), at));
                self.tex.push(*c);
                self.ends_in_word = false;
            }
            TexToken::Command(name) | TexToken::Primitive(name) => {
                self.origins.push((self.tex.len(), at));
                self.tex.push('\\');
                self.tex.push_str(name);
                self.ends_in_word = name.ends_with(|c: char| c.is_ascii_alphabetic());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(macros: &[(&str, &str)]) -> (MacroTable, Vec<RefusedMacro>) {
        let source = macros.iter().map(|&(name, tex)| (name.to_owned(), tex.to_owned()));
        MacroTable::new(&source.collect())
    }

    #[test]
    fn macros_of_the_settings() {
        let (table, refused) = table(&[
            ("RR", r"\mathbb{R}"),
            (r"\norm", r"\lVert #1 \rVert"),
            ("eps", r"\varepsilon"),
            ("Rn", r"\RR^{#1}"),
            ("swap", "#2#1"),
            ("*", r"\cdot"),
        ]);
        assert_eq!(refused, []);
        for (tex, expected) in [
            (r"x \in \RR", r"x \in \mathbb{R}"),
            (r"\norm{x+1} + \norm y", r"\lVert x+1 \rVert + \lVert y \rVert"),
            (r"\norm\eps", r"\lVert \varepsilon \rVert"),
            (r"\norm{\norm{x}}", r"\lVert \lVert x \rVert \rVert"),
            (r"\eps x\eps2", r"\varepsilon x\varepsilon2"),
            (r"\swap{a}\eps b", r"\varepsilon a b"),
            (r"\Rn{n}", r"\mathbb{R}^{n}"),
            (r"a \* b", r"a \cdot b"),
            (r"\RRx \\ \RR", r"\RRx \\ \mathbb{R}"),
            ("\\RR % \\RR\n x", "\\mathbb{R}  x"),
            (r"\alpha", r"\alpha"),
        ] {
            let found = MacroScope::new(Some(&table)).expand(tex).unwrap();
            assert_eq!(found.tex, expected, "{tex}");
        }
        let origins = MacroScope::new(Some(&table)).expand(r"\RR + \norm{\q}").unwrap();
        let at = origins.tex.find(r"\q").unwrap();
        assert_eq!((origins.origin(0), origins.origin(at)), (0, 12));
    }

    #[test]
    fn macros_that_are_none() {
        for (name, tex, reason) in [
            ("a1", "x", "a name has only the letters"),
            ("", "x", "a name has only the letters"),
            ("ab", "{x", "a `{` is not closed"),
            ("ab", "x}", "a `}` has no `{`"),
            ("ab", "#x", "`#` must be followed"),
            ("ab", "#0", "`#` must be followed"),
            ("ab", "#", "`#` must be followed"),
        ] {
            let (_, refused) = table(&[(name, tex)]);
            assert!(refused[0].reason.to_string().contains(reason), "{name} {tex}: {refused:?}");
        }
    }

    #[test]
    fn macros_that_a_note_defines_hold_from_there_on() {
        for (formulas, expected) in [
            (&[r"\newcommand{\R}{\mathbb R}", r"\R"][..], r"\mathbb R"),
            (&[r"\R", r"\newcommand\R{r} \R"], " r"),
            (&[r"\newcommand*{\f}[2]{#1(#2)}\f{a}{b}"], "a(b)"),
            (&[r"\newcommand{\f}[2][n]{#1:#2}", r"\f{b} \f[m]{b}"], "n:b m:b"),
            (&[r"\def\a#1#2{#2#1} \a xy"], " yx"),
            (&[r"\global\def\a{x}\long\def\b{\a}\b"], "x"),
            (&[r"\gdef\a{x}", r"\renewcommand{\a}{y}", r"\a"], "y"),
            (&[r"\providecommand{\a}{x}\providecommand{\a}{y}\a"], "x"),
            (&[r"\let\old=\phi \renewcommand\phi{\old_1}\phi"], r" \phi_1"),
            (&[r"\DeclareMathOperator{\rank}{rank}", r"\rank A"], r"\operatorname{rank} A"),
            (&[r"\DeclareMathOperator*{\am}{arg\,max}\am_x"], r"\operatorname*{arg\,max}_x"),
            (&[r"\newcommand{\a}{\b}\newcommand{\b}{c}\a"], "c"),
            // Forms of a definition that are left to the converters.
            (&[r"\def\a[#1]{x}"], r"\def\a[#1]{x}"),
            (&[r"\newcommand{x}{y}"], r"\newcommand{x}{y}"),
            (&[r"\newcommand"], r"\newcommand"),
        ] {
            let mut scope = MacroScope::new(None);
            let last = formulas.iter().map(|tex| scope.expand(tex).unwrap().tex).last();
            assert_eq!(last.as_deref(), Some(expected), "{formulas:?}");
        }
        let mut scope = MacroScope::new(None);
        assert!(scope.expand(r" \newcommand{\R}{r} ").unwrap().is_definition);
        assert!(!scope.expand(r"\def\a{b}\R").unwrap().is_definition);
    }

    #[test]
    fn steps_are_limited() {
        let nested = format!("{}x{}", r"\f{".repeat(5000), "}".repeat(5000));
        for tex in [r"\def\a{\a\a}\a", r"\def\a#1{\a{#1#1}}\a{x}", r"\let\b\a\def\a{\b\a}\a"] {
            let reason = MacroScope::new(None).expand(tex).unwrap_err().reason.to_string();
            assert!(reason.contains("too many steps"), "{tex}: {reason}");
        }
        let mut scope = MacroScope::new(None);
        scope.expand(r"\def\f#1{#1}").unwrap();
        assert!(scope.expand(&nested).unwrap_err().reason.to_string().contains("too many steps"));
        assert!(scope.steps <= MOST_STEPS + 2 * nested.len());
        let missing = MacroScope::new(None).expand(r"\def\f#1{#1}{\f}").unwrap_err();
        assert_eq!((&*missing.reason.to_string(), missing.at), (r"`\f` has too few arguments", 13));
    }
}
