//! `LaTeX` → `MathML` Core, with the library `math-core`, and with `katex-rs` where that fails.
//!
//! Must not know: where a formula is.

use std::collections::HashMap;
use std::sync::LazyLock;

use math_core::{ConvertResult, LatexError, LatexToMathML, MathCoreConfig, MathDisplay};

use super::concise::concise;
use super::katex::{self, KatexError};
use super::label::{FormulaLabels, LabelProblem, NumberedTex};
use super::library_error::of_library;
use super::style::without_styles;
use crate::escape::write_attribute;
use crate::markdown::formula::macros::{Expansion, ExpansionError, MacroScope, MacroTable};
use crate::markdown::formula::nesting::too_deep;
use crate::markdown::formula::source::FormulaSource;
use crate::markdown::link::decode_entities;
use crate::markdown::pass::heading_id::Ids;
use crate::phrase::{Phrase, phrase};

/// Longer formulas are not drawn, in bytes.
const LONGEST: usize = 16 << 10;

/// Most commands of a note for which others are suggested: each takes a walk through all.
const MOST_SUGGESTIONS: usize = 50;

/// Environments whose lines are numbered.
const NUMBERED: [&str; 6] = ["align", "alignat", "equation", "flalign", "gather", "multline"];

/// Beginning of the environment that gives a formula a number.
const EQUATION: &str = r"\begin{equation}";

/// Commands that make a fraction of all around them.
const INFIX: [&str; 5] = [r"\over", r"\atop", r"\choose", r"\brace", r"\brack"];

/// A text that no library reads.
const UNREAD: &str = r"\unread";

/// Commands that the library lacks, written with those that it has.
const MACROS: [(&str, &str); 7] = [
    ("LaTeX", r"\text{LaTeX}"),
    ("TeX", r"\text{TeX}"),
    ("dotsb", r"\cdots"),
    ("dotsc", r"\ldots"),
    ("dotsi", r"\cdots"),
    ("dotsm", r"\cdots"),
    ("mapsfrom", "↤"),
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
    pub reason: Phrase,
    /// A way out, if one is known.
    pub help: Option<Phrase>,
    /// True if a macro is wrong wherever it is called: it takes too many steps, or calls a command
    /// that there is not.
    pub is_of_macro: bool,
}

static CONVERTER: LazyLock<LatexToMathML> = LazyLock::new(|| {
    let own = MACROS.map(|(name, tex)| (name.to_owned(), tex.to_owned()));
    let config = MathCoreConfig { macros: own.to_vec(), ..MathCoreConfig::default() };
    LatexToMathML::new(config).unwrap_or_default()
});

/// The formulas of a note.
pub(super) struct FormulaDrawing {
    /// Each as it is drawn, or the reason why it cannot be.
    pub formulas: Vec<Result<DrawnFormula, DrawingError>>,
    /// `FormulaLabels` that are wrong.
    pub problems: Vec<LabelProblem>,
    /// The ids of labels.
    pub anchors: Vec<String>,
}

/// Draws the formulas of a note, whose numbers go on from one to the next.
pub(super) fn draw_all(
    sources: &[FormulaSource<'_>],
    macros: Option<&MacroTable>,
    ids: &mut Ids,
) -> FormulaDrawing {
    let mut scope = MacroScope::new(macros);
    let mut labels = FormulaLabels::default();
    let expanded: Vec<Result<Expansion<'_>, DrawingError>> =
        sources.iter().map(|source| expand(source.tex, &mut scope)).collect();
    let mut parts = Vec::with_capacity(sources.len());
    for (index, (expansion, source)) in expanded.iter().zip(sources).enumerate() {
        let tex = expansion.as_ref().map_or("", |expansion| &*expansion.tex);
        let numbered = labels.number(tex, index, ids);
        parts.push(FormulaParts::of(numbered, source.is_display));
    }
    let mut similar = CommandSuggestions::default();
    let mut drawn: Vec<Result<String, DrawingError>> = Vec::with_capacity(sources.len());
    for ((result, part), expansion) in convert(&mut parts).into_iter().zip(&parts).zip(&expanded) {
        drawn.push(match (expansion, result) {
            (Err(error), _) => Err(error.clone()),
            (Ok(expansion), _) if expansion.is_definition => Ok(String::new()),
            (Ok(_), ConvertedFormula::First(mathml)) => Ok(without_styles(mathml)),
            (Ok(_), ConvertedFormula::Second { mathml, tag }) => {
                Ok(named(mathml, tag.as_deref(), part, &mut labels))
            }
            (Ok(expansion), ConvertedFormula::Neither { first, second }) => {
                Err(similar.explain(&first, &second, part, expansion))
            }
        });
    }
    for mathml in drawn.iter().flatten() {
        labels.learn(mathml);
    }
    let mut formulas = Vec::with_capacity(sources.len());
    for ((mathml, part), source) in drawn.into_iter().zip(&parts).zip(sources) {
        formulas.push(mathml.map(|mathml| {
            let number = part.label.filter(|_| mathml.starts_with("<math id="));
            let number = number.and_then(|label| labels.tag(label));
            let tag = number.map(|tag| decode_entities(&tag)).or_else(|| part.tag.clone());
            DrawnFormula::new(labels.resolve(mathml), source.tex, tag)
        }));
    }
    let anchors = labels.ids().map(str::to_owned).collect();
    let mut problems = labels.problems;
    for problem in &mut problems {
        if let Ok(expansion) = &expanded[problem.formula] {
            problem.at = expansion.origin(problem.at);
        }
    }
    FormulaDrawing { formulas, problems, anchors }
}

/// A formula with the library that reads it.
enum ConvertedFormula {
    First(String),
    Second {
        mathml: String,
        /// The element with its number, if it has one.
        tag: Option<String>,
    },
    Neither {
        first: Box<LatexError>,
        second: KatexError,
    },
}

/// Converts all formulas; one with a number that only the second library reads gets it from an
/// empty one in its place.
fn convert(parts: &mut [FormulaParts<'_>]) -> Vec<ConvertedFormula> {
    let first = convert_first(parts);
    let mut is_numbered = false;
    let mut converted: Vec<ConvertedFormula> = Vec::with_capacity(parts.len());
    for (result, part) in first.into_iter().zip(parts.iter_mut()) {
        let first = match result {
            Ok(result) => {
                converted.push(ConvertedFormula::First(result.mathml));
                continue;
            }
            Err(first) => first,
        };
        match katex::draw(&part.bare, part.is_display) {
            Ok(mathml) => {
                if let Some(label) = part.label {
                    is_numbered = true;
                    part.tex = format!("{EQUATION}\\label{{L{label}}}\\end{{equation}}");
                }
                converted.push(ConvertedFormula::Second { mathml, tag: None });
            }
            Err(second) => converted.push(ConvertedFormula::Neither { first, second }),
        }
    }
    if !is_numbered {
        return converted;
    }
    for (converted, again) in converted.iter_mut().zip(convert_first(parts)) {
        match (converted, again) {
            (ConvertedFormula::First(mathml), Ok(again)) => *mathml = again.mathml,
            (ConvertedFormula::Second { tag, .. }, Ok(again)) => *tag = Some(again.mathml),
            _ => {}
        }
    }
    converted
}

fn convert_first(parts: &[FormulaParts<'_>]) -> Vec<Result<ConvertResult, Box<LatexError>>> {
    let snippets = parts.iter().map(|part| {
        let display = if part.is_display { MathDisplay::Block } else { MathDisplay::Inline };
        (&*part.tex, display)
    });
    CONVERTER.convert_all(&snippets.collect::<Vec<_>>())
}

/// A formula of the second library that has the id of its label, whose tag is in another element.
fn named(
    mathml: String,
    tag: Option<&str>,
    part: &FormulaParts<'_>,
    labels: &mut FormulaLabels,
) -> String {
    let (Some(tag), Some(label)) = (tag, part.label) else { return mathml };
    labels.learn(tag);
    mathml.replacen("<math", &format!("<math{}", FormulaLabels::id_of(label)), 1)
}

impl DrawnFormula {
    fn new(mathml: String, tex: &str, tag: Option<String>) -> Self {
        let letters = letters(&mathml);
        Self { letters, mathml: with_source(&concise(mathml), tex), tag }
    }
}

/// The commands that are suggested in place of unknown ones of a note.
#[derive(Default)]
struct CommandSuggestions {
    known: HashMap<String, Option<&'static str>>,
}

impl CommandSuggestions {
    /// The error of a formula that neither library reads: that of the second, which reads more,
    /// unless the first one has more to say.
    fn explain(
        &mut self,
        first: &LatexError,
        second: &KatexError,
        part: &FormulaParts<'_>,
        expansion: &Expansion<'_>,
    ) -> DrawingError {
        let is_unknown = matches!(first.label(), "unknown command" | "unknown environment");
        let at = match second.at.filter(|_| is_unknown || second.unknown.is_some()) {
            Some(at) => part.numbered.origin(at),
            None => part.origin(first.0.start),
        };
        let (reason, help) = match &second.unknown {
            Some(name) => (phrase!("unknown command `\\{name}`", name), self.help(name)),
            None if is_unknown => (second.reason.clone(), None),
            None => (of_library(&first.to_string()), None),
        };
        let is_of_macro = second.unknown.is_some();
        DrawingError { at: expansion.origin(at), reason, help, is_of_macro }
    }

    fn help(&mut self, name: &str) -> Option<Phrase> {
        if self.known.len() > MOST_SUGGESTIONS {
            return None;
        }
        let similar = self.known.entry(name.to_owned()).or_insert_with(|| katex::similar(name));
        similar.map(|similar| phrase!("did you mean `\\{similar}`?", similar))
    }
}

/// A formula without macros, if it is neither too long nor too deep.
fn expand<'s>(tex: &'s str, scope: &mut MacroScope<'_>) -> Result<Expansion<'s>, DrawingError> {
    let error = |at: usize, reason: Phrase, is_of_macro: bool| {
        Err(DrawingError { at, reason, help: None, is_of_macro })
    };
    let limit = LONGEST >> 10;
    if tex.len() > LONGEST {
        return error(0, phrase!("it is longer than {limit} kB", limit), false);
    }
    let expansion = match scope.expand(tex) {
        Ok(expansion) => expansion,
        Err(ExpansionError { at, reason }) => return error(at, reason, true),
    };
    if expansion.tex.len() > LONGEST {
        let reason = phrase!("with its macros it is longer than {limit} kB", limit);
        return error(0, reason, false);
    }
    if let Some(at) = too_deep(&expansion.tex) {
        let reason = phrase!("its groups are nested too deep");
        return error(expansion.origin(at), reason, false);
    }
    Ok(expansion)
}

/// A formula and the tag at its side, which the first library knows in numbered environments only.
struct FormulaParts<'s> {
    /// The text for the first library.
    tex: String,
    /// The text for the second one, without labels.
    bare: String,
    numbered: NumberedTex<'s>,
    /// Length of what was added before the formula, in bytes.
    offset: usize,
    is_display: bool,
    tag: Option<String>,
    label: Option<usize>,
}

impl<'s> FormulaParts<'s> {
    fn of(numbered: NumberedTex<'s>, is_display: bool) -> Self {
        let mut tex = &*numbered.tex;
        let label = numbered.first_label;
        let (mut tag, mut offset) = (None, 0);
        let mut whole = None;
        // The first library names numbered formulas only.
        if is_display && label.is_some() && !has_numbers(tex) {
            offset = EQUATION.len();
            whole = Some(format!("{EQUATION}{tex}\\end{{equation}}"));
        } else if let Some((before, found)) = tagged(tex).filter(|_| is_display) {
            (tex, tag) = (before, Some(found));
        }
        let bare = without_labels(tex);
        // The first library draws a fraction of whole rows, or panics if it checks itself.
        let has_rows = tex.contains('&') && INFIX.iter().any(|infix| tex.contains(infix));
        let tex = match whole {
            _ if has_rows => UNREAD.to_owned(),
            Some(whole) => whole,
            None => tex.to_owned(),
        };
        Self { tex, bare, numbered, offset, is_display, tag, label }
    }

    /// The place in the formula, before its labels were replaced.
    fn origin(&self, at: usize) -> usize {
        self.numbered.origin(at.saturating_sub(self.offset))
    }
}

/// A formula without its numbered labels, which are replaced by blanks of the same length.
fn without_labels(tex: &str) -> String {
    let mut bare = String::with_capacity(tex.len());
    for (index, part) in tex.split(r"\label{L").enumerate() {
        match part.split_once('}').filter(|_| index > 0) {
            Some((number, rest)) => {
                bare.extend(std::iter::repeat_n(' ', number.len() + r"\label{L}".len()));
                bare.push_str(rest);
            }
            None => bare.push_str(part),
        }
    }
    bare
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
