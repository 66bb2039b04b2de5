//! `LaTeX` → `MathML` Core, with the library `math-core`.
//!
//! Must not know: where a formula is.

use std::borrow::Cow;
use std::sync::LazyLock;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

use crate::escape::write_attribute;
use crate::markdown::formula::source::FormulaSource;
use crate::markdown::link::decode_entities;

/// Longer formulas are not drawn, in bytes.
const LONGEST: usize = 16 << 10;

/// Environments whose lines are numbered.
const NUMBERED: [&str; 6] = ["align", "alignat", "equation", "flalign", "gather", "multline"];

/// Commands that the library lacks, written with those that it has.
const MACROS: [(&str, &str); 6] = [
    ("LaTeX", r"\text{LaTeX}"),
    ("TeX", r"\text{TeX}"),
    ("dotsb", r"\cdots"),
    ("dotsc", r"\ldots"),
    ("dotsi", r"\cdots"),
    ("dotsm", r"\cdots"),
];

/// A formula that can be shown.
pub(super) struct DrawnFormula {
    pub mathml: String,
    pub letters: String,
    pub tag: Option<String>,
}

static CONVERTER: LazyLock<LatexToMathML> = LazyLock::new(|| {
    let own = MACROS.map(|(name, tex)| (name.to_owned(), tex.to_owned()));
    let config = MathCoreConfig { macros: own.to_vec(), ..MathCoreConfig::default() };
    LatexToMathML::new(config).unwrap_or_default()
});

/// Draws the formulas of a note, whose numbers go on from one to the next.
///
/// # Errors
/// The reason why one cannot be drawn.
pub(super) fn draw_all(sources: &[FormulaSource<'_>]) -> Vec<Result<DrawnFormula, String>> {
    let parts: Vec<FormulaParts<'_>> =
        sources.iter().map(|&source| FormulaParts::of(source)).collect();
    let snippets: Vec<(&str, MathDisplay)> =
        parts.iter().map(|part| (&*part.tex, display_of(part.is_display))).collect();
    let converted = CONVERTER.convert_all(&snippets);
    let drawn = converted.into_iter().zip(parts).zip(sources);
    let drawn = drawn.map(|((result, part), source)| match result {
        _ if source.tex.len() > LONGEST => Err(format!("it is longer than {} kB", LONGEST >> 10)),
        Ok(result) => Ok(DrawnFormula {
            letters: letters(&result.mathml),
            mathml: with_source(&result.mathml, source.tex),
            tag: part.tag,
        }),
        Err(error) => Err(reason(&error.to_string())),
    });
    drawn.collect()
}

/// The library's sentence as a part of one.
fn reason(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    let mut chars = sentence.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

fn display_of(is_display: bool) -> MathDisplay {
    if is_display { MathDisplay::Block } else { MathDisplay::Inline }
}

/// A formula and the tag at its side, which the library knows in numbered environments only.
struct FormulaParts<'s> {
    tex: Cow<'s, str>,
    is_display: bool,
    tag: Option<String>,
}

impl<'s> FormulaParts<'s> {
    fn of(source: FormulaSource<'s>) -> Self {
        let FormulaSource { tex, is_display } = source;
        if tex.len() > LONGEST {
            return Self { tex: "".into(), is_display, tag: None };
        }
        if !is_display {
            return Self { tex: tex.into(), is_display, tag: None };
        }
        // The library names numbered formulas only.
        if tex.contains(r"\label{") && !has_numbers(tex) {
            let tex = format!(r"\begin{{equation}}{tex}\end{{equation}}").into();
            return Self { tex, is_display, tag: None };
        }
        match tagged(tex) {
            Some((tex, tag)) => Self { tex: tex.into(), is_display, tag: Some(tag) },
            None => Self { tex: tex.into(), is_display, tag: None },
        }
    }
}

/// True if a formula has an environment whose lines are numbered.
fn has_numbers(tex: &str) -> bool {
    let mut names = tex.split(r"\begin{").skip(1).filter_map(|rest| rest.split('}').next());
    names.any(|name| NUMBERED.contains(&name))
}

/// The formula before a `\tag{…}` at its end, and the tag in parentheses, without them for `\tag*`.
fn tagged(tex: &str) -> Option<(&str, String)> {
    let tex = tex.trim_end();
    let (before, rest) = tex.rsplit_once(r"\tag")?;
    let (is_bare, rest) = match rest.strip_prefix('*') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let tag = rest.trim_start().strip_prefix('{')?.strip_suffix('}')?;
    if tag.contains(['{', '}', '\\']) || has_numbers(before) {
        return None;
    }
    Some((before, if is_bare { tag.to_owned() } else { format!("({tag})") }))
}

/// The element with its source, which is what is copied and what old screen readers read.
fn with_source(mathml: &str, tex: &str) -> String {
    let Some(rest) = mathml.strip_prefix("<math") else { return mathml.to_owned() };
    let mut element = String::with_capacity(mathml.len() + tex.len() + 16);
    element.push_str("<math");
    write_attribute(&mut element, "alttext", tex.trim());
    element.push_str(rest);
    element
}

/// The characters of an element.
fn letters(mathml: &str) -> String {
    let mut letters = String::new();
    for part in mathml.split('<') {
        let text = part.split_once('>').map_or(part, |(_, text)| text);
        letters.push_str(&decode_entities(text));
    }
    // Invisible operators and joiners (Unicode 17, U+2061 to U+2064).
    letters.retain(|c| !matches!(c, '\u{2061}'..='\u{2064}'));
    letters
}
