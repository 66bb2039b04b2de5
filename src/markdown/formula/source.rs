//! The source of a formula, with its signs → the text between them, and words without markup.
//!
//! Must not know: where it was found.

/// A formula's source without signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormulaSource<'s> {
    /// `LaTeX`.
    pub tex: &'s str,
    /// True if it is a block of its own, with large signs.
    pub is_display: bool,
}

/// Pairs of signs, and true for those of a block, longer ones first.
const SIGNS: [(&str, &str, bool); 6] = [
    ("$$", "$$", true),
    (r"\\(", r"\\)", false),
    (r"\\[", r"\\]", true),
    (r"\(", r"\)", false),
    (r"\[", r"\]", true),
    ("$", "$", false),
];

impl<'s> FormulaSource<'s> {
    /// Takes the signs away.
    #[must_use]
    pub fn new(source: &'s str) -> Self {
        let found = SIGNS.iter().find_map(|&(open, close, is_display)| {
            let tex = source.strip_prefix(open)?.strip_suffix(close)?;
            Some(Self { tex, is_display })
        });
        found.unwrap_or(Self { tex: source, is_display: false })
    }

    /// Its words for titles and the like, without the marks of `LaTeX`: `O(n \log n)` is
    /// `O(n log n)`.
    #[must_use]
    pub fn plain(self) -> String {
        let mut plain = String::with_capacity(self.tex.len());
        let mut rest = self.tex;
        // True behind a group or the name of a command: what follows is another word.
        let mut is_apart = false;
        while let Some(c) = rest.chars().next() {
            let was_apart = std::mem::replace(&mut is_apart, c == '}');
            rest = &rest[c.len_utf8()..];
            match c {
                '\\' => {
                    let command;
                    (command, rest) = command_of(rest);
                    match command {
                        "{" | "}" | "%" | "$" | "&" | "_" | "#" => plain.push_str(command),
                        "begin" | "end" | "label" => {
                            let argument = rest.strip_prefix('{');
                            let argument = argument.and_then(|rest| rest.split_once('}'));
                            rest = argument.map_or(rest, |(_, behind)| behind);
                            plain.push(' ');
                        }
                        _ if LAYOUT.contains(&command) => {}
                        "quad" | "qquad" => plain.push(' '),
                        word if word.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                            plain.extend([" ", word]);
                            is_apart = true;
                        }
                        // A space of some width, or the end of a line.
                        _ => plain.push(' '),
                    }
                }
                '{' if was_apart => plain.push(' '),
                '{' | '}' | '&' => {}
                '~' => plain.push(' '),
                c => plain.push(c),
            }
        }
        plain.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Commands that say how their arguments look.
const LAYOUT: [&str; 19] = [
    "bm",
    "boldsymbol",
    "boxed",
    "displaystyle",
    "left",
    "limits",
    "mathbb",
    "mathbf",
    "mathcal",
    "mathfrak",
    "mathit",
    "mathrm",
    "mathsf",
    "mathtt",
    "operatorname",
    "right",
    "text",
    "textbf",
    "textstyle",
];

/// The name of a command without its backslash, a word or one character, and the text behind it.
fn command_of(text: &str) -> (&str, &str) {
    let letters = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let one = text.chars().next().map_or(0, char::len_utf8);
    text.split_at(letters.max(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_marks() {
        for (source, plain) in [
            (r"$O(n \log n)$", "O(n log n)"),
            (r"$50\%$", "50%"),
            (r"$\{a, b\}$", "{a, b}"),
            (r"$\alpha\beta$", "alpha beta"),
            (r"$$a\\b$$", "a b"),
            (r"\(x_{i}\,y\)", "x_i y"),
            (r"$a~b\ c$", "a b c"),
            (r"$\$", ""),
            (r"$$E = mc^2 \label{eq:a}$$", "E = mc^2"),
            (r"$\frac{a}{b}$", "frac a b"),
            (r"$\sqrt{x} + \text{速度}$", "sqrt x + 速度"),
            (r"$$\begin{aligned} a &= b \end{aligned}$$", "a = b"),
            (r"$\left(\mathbb{R}^{n}\right)$", "(R^n)"),
            (r"$a\quad b\,c$", "a b c"),
            (r"$\label{a$", "a"),
        ] {
            assert_eq!(FormulaSource::new(source).plain(), plain, "{source}");
        }
    }
}
