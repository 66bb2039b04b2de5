//! `LaTeX` → the tokens that macros are made of: commands, and single characters. Comments are left
//! out.
//!
//! Must not know: the meaning of a command.

use std::sync::Arc;

/// A token of `LaTeX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TexToken {
    /// A command, without its backslash.
    Command(Arc<str>),
    /// A command that has its meaning of old, whatever macro has its name.
    Primitive(Arc<str>),
    Char(char),
}

impl TexToken {
    /// True if it is this character.
    pub fn is(&self, c: char) -> bool {
        *self == Self::Char(c)
    }

    /// True for a space or the end of a line.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Char(c) if c.is_whitespace())
    }
}

/// A token with its place in the formula, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlacedToken {
    pub token: TexToken,
    pub at: usize,
}

/// The tokens of a text.
pub(super) fn tokens(tex: &str) -> impl Iterator<Item = PlacedToken> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(rest) = tex.get(at..).filter(|rest| rest.starts_with('%')) {
            at += rest.find('\n').map_or(rest.len(), |end| end + 1);
        }
        let rest = &tex[at..];
        let c = rest.chars().next()?;
        let start = at;
        if c != '\\' {
            at += c.len_utf8();
            return Some(PlacedToken { token: TexToken::Char(c), at: start });
        }
        let name = command_name(&rest[1..]);
        at += 1 + name.len();
        Some(PlacedToken { token: TexToken::Command(name.into()), at: start })
    })
}

/// The name of the command whose backslash is before this text: letters, or one character.
pub(in crate::markdown) fn command_name(text: &str) -> &str {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let one = text.chars().next().map_or(0, char::len_utf8);
    &text[..letters.max(one)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_characters_and_comments() {
        let shown = |token: PlacedToken| match token.token {
            TexToken::Command(name) | TexToken::Primitive(name) => format!("{}<{name}>", token.at),
            TexToken::Char(c) => format!("{}{c}", token.at),
        };
        for (tex, expected) in [
            (r"\ab1 x", "0<ab> 31 4  5x"),
            (r"\\\,{", r"0<\> 2<,> 4{"),
            ("a%b\n%c\nd", "0a 7d"),
            (r"\%x\", r"0<%> 2x 3<>"),
            ("\\式x", "0<式> 4x"),
        ] {
            let found: Vec<String> = tokens(tex).map(shown).collect();
            assert_eq!(found.join(" "), expected, "{tex}");
        }
    }
}
