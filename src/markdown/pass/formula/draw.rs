//! `LaTeX` → `MathML` Core, with the library `math-core`.
//!
//! Must not know: where a formula is.

use std::borrow::Cow;
use std::sync::LazyLock;

use math_core::{LatexError, LatexToMathML, MathCoreConfig, MathDisplay};

use crate::escape::write_attribute;
use crate::markdown::formula::macros::{Expansion, ExpansionError, MacroScope, MacroTable};
use crate::markdown::formula::nesting::too_deep;
use crate::markdown::formula::source::FormulaSource;
use crate::markdown::link::decode_entities;

/// Longer formulas are not drawn, in bytes.
const LONGEST: usize = 16 << 10;

/// Environments whose lines are numbered.
const NUMBERED: [&str; 6] = ["align", "alignat", "equation", "flalign", "gather", "multline"];

/// Beginning of the environment that gives a formula a number.
const EQUATION: &str = r"\begin{equation}";

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
    /// Empty for definitions of macros.
    pub mathml: String,
    pub letters: String,
    pub tag: Option<String>,
}

/// The reason why a formula cannot be drawn.
#[derive(Debug, Clone)]
pub(super) struct DrawingError {
    /// The place in the source without its signs, in bytes.
    pub at: usize,
    pub reason: String,
    /// True if a macro is wrong wherever it is called: it takes too many steps, or calls a command
    /// that there is not.
    pub is_of_macro: bool,
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
pub(super) fn draw_all(
    sources: &[FormulaSource<'_>],
    macros: Option<&MacroTable>,
) -> Vec<Result<DrawnFormula, DrawingError>> {
    let mut scope = MacroScope::new(macros);
    let expanded: Vec<Result<Expansion<'_>, DrawingError>> =
        sources.iter().map(|source| expand(source.tex, &mut scope)).collect();
    let parts = expanded.iter().zip(sources).map(|(expansion, source)| {
        let tex = expansion.as_ref().map_or("", |expansion| &*expansion.tex);
        FormulaParts::of(tex, source.is_display)
    });
    let parts: Vec<FormulaParts<'_>> = parts.collect();
    let snippets: Vec<(&str, MathDisplay)> =
        parts.iter().map(|part| (&*part.tex, display_of(part.is_display))).collect();
    let converted = CONVERTER.convert_all(&snippets);
    let mut drawn = Vec::with_capacity(sources.len());
    for (((result, part), source), expansion) in
        converted.into_iter().zip(&parts).zip(sources).zip(&expanded)
    {
        drawn.push(match (expansion, result) {
            (Err(error), _) => Err(error.clone()),
            (Ok(expansion), Err(error)) => Err(DrawingError::of_library(&error, part, expansion)),
            (Ok(expansion), Ok(_)) if expansion.is_definition => Ok(DrawnFormula::nothing()),
            (Ok(_), Ok(result)) => Ok(DrawnFormula {
                letters: letters(&result.mathml),
                mathml: with_source(&result.mathml, source.tex),
                tag: part.tag.clone(),
            }),
        });
    }
    drawn
}

impl DrawnFormula {
    /// Definitions of macros, which are not seen.
    fn nothing() -> Self {
        Self { mathml: String::new(), letters: String::new(), tag: None }
    }
}

impl DrawingError {
    fn of_library(error: &LatexError, part: &FormulaParts<'_>, expansion: &Expansion<'_>) -> Self {
        let at = expansion.origin(error.0.start.saturating_sub(part.offset));
        let is_of_macro = error.label() == "unknown command";
        Self { at, reason: reason(&error.to_string()), is_of_macro }
    }
}

/// A formula without macros, if it is neither too long nor too deep.
fn expand<'s>(tex: &'s str, scope: &mut MacroScope<'_>) -> Result<Expansion<'s>, DrawingError> {
    let error = |at: usize, reason: String| DrawingError { at, reason, is_of_macro: false };
    let too_long = || format!("it is longer than {} kB", LONGEST >> 10);
    if tex.len() > LONGEST {
        return Err(error(0, too_long()));
    }
    let expansion = match scope.expand(tex) {
        Ok(expansion) => expansion,
        Err(ExpansionError { at, reason }) => {
            return Err(DrawingError { at, reason, is_of_macro: true });
        }
    };
    if expansion.tex.len() > LONGEST {
        return Err(error(0, format!("with its macros {}", too_long())));
    }
    if let Some(at) = too_deep(&expansion.tex) {
        return Err(error(expansion.origin(at), "its groups are nested too deep".to_owned()));
    }
    Ok(expansion)
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
    /// Length of what was added before it, in bytes.
    offset: usize,
    is_display: bool,
    tag: Option<String>,
}

impl<'s> FormulaParts<'s> {
    fn of(tex: &'s str, is_display: bool) -> Self {
        if !is_display {
            return Self { tex: tex.into(), offset: 0, is_display, tag: None };
        }
        // The library names numbered formulas only.
        if tex.contains(r"\label{") && !has_numbers(tex) {
            let tex = format!(r"{EQUATION}{tex}\end{{equation}}").into();
            return Self { tex, offset: EQUATION.len(), is_display, tag: None };
        }
        match tagged(tex) {
            Some((tex, tag)) => Self { tex: tex.into(), offset: 0, is_display, tag: Some(tag) },
            None => Self { tex: tex.into(), offset: 0, is_display, tag: None },
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
