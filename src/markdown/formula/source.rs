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
        let mut chars = self.tex.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.peek() {
                    Some('{' | '}' | '%' | '$' | '&' | '_' | '#') => plain.extend(chars.next()),
                    Some(next) if next.is_ascii_alphabetic() => plain.push(' '),
                    // A space of some width, or the end of a line.
                    _ => {
                        chars.next();
                        plain.push(' ');
                    }
                },
                '{' | '}' | '&' => {}
                '~' => plain.push(' '),
                c => plain.push(c),
            }
        }
        plain.split_whitespace().collect::<Vec<_>>().join(" ")
    }
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
        ] {
            assert_eq!(FormulaSource::new(source).plain(), plain, "{source}");
        }
    }
}
