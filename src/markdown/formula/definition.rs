//! Tokens → the definition of a macro, and the arguments of a call.
//!
//! Must not know: which macros there are.

use std::sync::Arc;

use super::macros::{Macro, parameter};
use super::token::{PlacedToken, TexToken, tokens};

/// Kinds of commands that define macros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Definition {
    New,
    Provided,
    Def,
    Let,
    Operator,
}

impl Definition {
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "newcommand" | "renewcommand" => Some(Self::New),
            "providecommand" => Some(Self::Provided),
            "def" | "gdef" => Some(Self::Def),
            "let" => Some(Self::Let),
            "DeclareMathOperator" => Some(Self::Operator),
            _ => None,
        }
    }
}

/// Reads tokens, of which the first is the last of the slice.
pub(super) struct TokenReader<'p> {
    pub pending: &'p [PlacedToken],
}

impl<'p> TokenReader<'p> {
    fn next(&mut self) -> Option<&'p PlacedToken> {
        let (next, rest) = self.pending.split_last()?;
        self.pending = rest;
        Some(next)
    }

    fn skip_blanks(&mut self) {
        while self.pending.last().is_some_and(|next| next.token.is_blank()) {
            self.next();
        }
    }

    /// Skips blanks and this character; true if it was there.
    fn skip(&mut self, c: char) -> bool {
        self.skip_blanks();
        let is_there = self.pending.last().is_some_and(|next| next.token.is(c));
        if is_there {
            self.next();
        }
        is_there
    }

    /// A group without its braces, or one token.
    pub fn argument(&mut self) -> Option<Vec<PlacedToken>> {
        self.skip_blanks();
        match self.next()? {
            one if one.token.is('{') => self.until('}'),
            one if one.token.is('}') => None,
            one => Some(vec![one.clone()]),
        }
    }

    /// Tokens in brackets, if there are brackets.
    pub fn bracketed(&mut self) -> Option<Vec<PlacedToken>> {
        if self.skip('[') { self.until(']') } else { None }
    }

    /// The tokens up to the sign that closes a group.
    fn until(&mut self, close: char) -> Option<Vec<PlacedToken>> {
        let mut depth = 0_usize;
        let mut within = Vec::new();
        loop {
            let next = self.next()?;
            if depth == 0 && next.token.is(close) {
                return Some(within);
            }
            match next.token {
                TexToken::Char('{') => depth += 1,
                TexToken::Char('}') => depth = depth.checked_sub(1)?,
                _ => {}
            }
            within.push(next.clone());
        }
    }

    /// `{\name}` or `\name`.
    fn name(&mut self) -> Option<Arc<str>> {
        let argument = self.argument()?;
        let mut tokens = argument.into_iter().filter(|token| !token.token.is_blank());
        match (tokens.next()?.token, tokens.next()) {
            (TexToken::Command(name), None) => Some(name),
            _ => None,
        }
    }

    pub fn new_command(&mut self) -> Option<(Arc<str>, Macro)> {
        self.skip('*');
        let name = self.name()?;
        let parameters = match self.bracketed() {
            Some(number) => match &number[..] {
                [one] if one.token.is('0') => 0,
                [one] => parameter(&one.token)?,
                _ => return None,
            },
            None => 0,
        };
        let default = self.bracketed();
        Some((name, Macro { parameters, default, body: self.argument()? }))
    }

    pub fn def(&mut self) -> Option<(Arc<str>, Macro)> {
        let TexToken::Command(name) = &self.next()?.token else { return None };
        let mut parameters = 0;
        while self.skip('#') {
            let number = parameter(&self.next()?.token)?;
            if number != parameters + 1 {
                return None;
            }
            parameters = number;
        }
        if !self.skip('{') {
            return None;
        }
        Some((name.clone(), Macro { parameters, default: None, body: self.until('}')? }))
    }

    pub fn operator(&mut self) -> Option<(Arc<str>, Macro)> {
        let star = if self.skip('*') { "*" } else { "" };
        let name = self.name()?;
        let words = self.argument()?;
        let mut body: Vec<PlacedToken> = tokens(&format!("\\operatorname{star}{{")).collect();
        body.extend(words);
        body.push(PlacedToken { token: TexToken::Char('}'), at: 0 });
        Some((name, Macro { parameters: 0, default: None, body }))
    }

    /// `\name=\other`
    pub fn assignment(&mut self) -> Option<(Arc<str>, TexToken)> {
        self.skip_blanks();
        let TexToken::Command(name) = &self.next()?.token else { return None };
        self.skip('=');
        self.skip_blanks();
        Some((name.clone(), self.next()?.token.clone()))
    }
}
