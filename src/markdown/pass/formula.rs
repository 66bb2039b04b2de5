//! Formulas → nodes, each with its source and the `MathML` that it is drawn with
//! ([`MathML` Core](https://w3c.github.io/mathml-core/)).
//!
//! ```text
//! $x$ \(x\)            in a line of text
//! $$x$$ \[x\]          a block, or in a line what a block would be
//! $`x`$                GitLab's
//! ```math … ```        GitHub's; `latex` and `tex` too where the text begins as a formula does
//! ```
//! A formula that cannot be drawn is shown as it is written, and reported.
//!
//! Must not know: how formulas are found in a text.

mod boxed;
mod concise;
mod draw;
mod katex;
mod label;
mod library_error;
mod operator;
mod style;
mod table;
mod variant;

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use self::draw::{DrawingError, DrawnFormula, FormulaDrawing, draw_all};
use self::label::LabelProblem;
use crate::diagnostic::{Diagnostic, Kind};
use crate::markdown::document::{NodeKind, offset};
use crate::markdown::formula::macros::{MacroScope, MacroTable, RefusedMacro};
use crate::markdown::formula::source::FormulaSource;
use crate::markdown::item::{Item, Spanned, is_inline};
use crate::markdown::pass::heading_id::Ids;
use crate::markdown::{Draft, code};
use crate::phrase::phrase;

/// A formula.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Formula {
    /// Its source with its signs.
    pub source: String,
    /// The element `<math>`; `None` if it cannot be drawn.
    pub mathml: Option<String>,
    /// Its characters as they are seen, if it is drawn.
    pub letters: Option<String>,
    /// The number or name at its side.
    pub tag: Option<String>,
}

impl Formula {
    /// Its words for lists of pages and the like: without the marks of `LaTeX` if it is a formula,
    /// else as it is written.
    #[must_use]
    pub fn plain(&self) -> String {
        match self.mathml {
            Some(_) => FormulaSource::new(&self.source).plain(),
            None => self.source.clone(),
        }
    }
}

/// The `LaTeX` of all formulas of a note in order, without signs and macros; as it is written where
/// macros cannot be expanded.
#[must_use]
pub fn without_macros(formulas: &[Formula], macros: Option<&MacroTable>) -> Vec<String> {
    let mut scope = MacroScope::new(macros);
    let expand = |formula: &Formula| {
        let tex = FormulaSource::new(&formula.source).tex;
        match scope.expand(tex) {
            Ok(expansion) => expansion.tex.trim().to_owned(),
            Err(_) => tex.trim().to_owned(),
        }
    };
    formulas.iter().map(expand).collect()
}

/// Makes nodes of the formulas.
pub(crate) fn register_all<'a>(items: Vec<Spanned<'a>>, draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    if !draft.options.formulas {
        return items;
    }
    let items = with_fenced(with_backticks(items));
    let is_formula = |(item, _): &&Spanned<'_>| source_of(item).is_some();
    let sources: Vec<FormulaSource<'_>> = items
        .iter()
        .filter(is_formula)
        .filter_map(|(item, _)| source_of(item).map(FormulaSource::new))
        .collect();
    if sources.is_empty() {
        return items;
    }
    let FormulaDrawing { formulas, problems, anchors } =
        draw_all(&sources, draft.macros, &mut draft.ids);
    draft.parsed.anchors.extend(anchors);
    let mut drawn = formulas.into_iter();
    let mut ranges = Vec::with_capacity(drawn.len());
    let mut result = Vec::with_capacity(items.len());
    for (item, range) in items {
        let Some(source) = source_of(&item) else {
            result.push((item, range));
            continue;
        };
        let Some(drawn) = drawn.next() else { continue };
        let formula = register(source, drawn, &range, draft);
        ranges.push(range.clone());
        result.push((Item::Leaf(NodeKind::Formula(formula)), range));
    }
    for LabelProblem { formula, at, message } in problems {
        let Some(range) = ranges.get(formula) else { continue };
        let source = &draft.parsed.formulas[formula].source;
        let place = place_in(draft.lines.text(), range, source, at);
        let help =
            phrase!("give each label to one formula of the note, and refer to it by the same name");
        draft.report(&place, Diagnostic::new(Kind::Formula, message).help(help));
    }
    blocks_alone(result, draft)
}

fn source_of<'i>(item: &'i Item<'_>) -> Option<&'i str> {
    match item {
        Item::Event(Event::InlineMath(source) | Event::DisplayMath(source)) => Some(source),
        _ => None,
    }
}

/// Adds a formula, and reports it if it cannot be drawn; gives its index.
fn register(
    source: &str,
    drawn: Result<DrawnFormula, DrawingError>,
    range: &Range<usize>,
    draft: &mut Draft<'_>,
) -> u32 {
    let source = source.to_owned();
    let formula = match drawn {
        Ok(DrawnFormula { mathml, letters, tag }) => {
            Formula { source, mathml: Some(mathml), letters: Some(letters), tag }
        }
        Err(error) => {
            let message =
                phrase!("the formula is shown as it is written: {reason}", reason = error.reason);
            let usual = phrase!("correct it; if it is no formula, write `\\$` for a dollar sign");
            let help = error.help.unwrap_or(usual);
            let place = place_in(draft.lines.text(), range, &source, error.at);
            draft.report(&place, Diagnostic::new(Kind::Formula, message).help(help));
            Formula { source, mathml: None, letters: None, tag: None }
        }
    };
    let formulas = &mut draft.parsed.formulas;
    formulas.push(formula);
    offset(formulas.len() - 1)
}

/// The rest of a line of a formula from a place in its `LaTeX`; `range` is that of the formula in
/// the text, where marks of quotes and lists may be before its lines.
fn place_in(text: &str, range: &Range<usize>, source: &str, at: usize) -> Range<usize> {
    let tex = FormulaSource::new(source).tex;
    let Some(written) = text.get(range.clone()) else { return range.clone() };
    let mut begin = 0;
    // The words behind a fence are no formula.
    let is_fenced = written.starts_with(['`', '~']);
    let mut from = if is_fenced { written.find('\n').unwrap_or(0) } else { 0 };
    for line in tex.split_inclusive('\n') {
        let words = line.trim();
        let Some(found) = written[from..].find(words) else { return range.clone() };
        let indent = line.len() - line.trim_start().len();
        if at < begin + line.len() || begin + line.len() == tex.len() {
            let within = at.saturating_sub(begin + indent).min(words.len());
            let start = range.start + from + found;
            return start + within..start + words.len();
        }
        begin += line.len();
        from += found + words.len();
    }
    range.clone()
}

/// The macros of the settings that cannot be used, with the reasons.
#[must_use]
pub fn refused_macros(source: &BTreeMap<String, String>) -> Vec<RefusedMacro> {
    let (table, mut refused) = MacroTable::new(source);
    for name in source.keys() {
        let Some(call) = table.call(name) else { continue };
        let call = FormulaSource { tex: &call, is_display: true };
        // One of an environment's two halves cannot be drawn alone.
        let drawn = draw_all(&[call], Some(&table), &mut Ids::default()).formulas.pop();
        if let Some(Err(error)) = drawn
            && error.is_of_macro
        {
            refused.push(RefusedMacro { name: name.clone(), reason: error.reason });
        }
    }
    refused
}

/// Takes code between dollar signs for formulas, as GitLab does.
fn with_backticks(mut items: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    for index in 1..items.len().saturating_sub(1) {
        let [(before, _), (code, _), (behind, _)] = &mut items[index - 1..=index + 1] else {
            continue;
        };
        let (
            Item::Event(Event::Text(before)),
            Item::Event(code @ Event::Code(_)),
            Item::Event(Event::Text(behind)),
        ) = (before, code, behind)
        else {
            continue;
        };
        let (Some(left), Some(right)) = (before.strip_suffix('$'), behind.strip_prefix('$')) else {
            continue;
        };
        // `US$` before a price, say.
        let is_apart =
            !left.ends_with(char::is_alphanumeric) && !right.starts_with(char::is_alphanumeric);
        if !is_apart || matches!(code, Event::Code(tex) if tex.contains('$')) {
            continue;
        }
        let (left, right) = (left.to_owned(), right.to_owned());
        if let Event::Code(tex) = code {
            let source = format!("${tex}$");
            *code = Event::InlineMath(source.into());
            *before = left.into();
            *behind = right.into();
        }
    }
    items
}

/// Makes formulas of code blocks that are some.
fn with_fenced(items: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    let is_math = |(item, _): &Spanned<'_>| matches!(item, Item::Event(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))) if may_be_formula(info));
    if !items.iter().any(is_math) {
        return items;
    }
    let mut result: Vec<Spanned<'_>> = Vec::with_capacity(items.len());
    let mut items = items.into_iter();
    while let Some((item, range)) = items.next() {
        let Item::Event(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))) = &item else {
            result.push((item, range));
            continue;
        };
        if !may_be_formula(info) {
            result.push((item, range));
            continue;
        }
        let info = info.clone();
        let mut within: Vec<Spanned<'_>> = Vec::new();
        let mut tex = String::new();
        for (item, range) in items.by_ref() {
            if let Item::Event(Event::Text(text)) = &item {
                tex.push_str(text);
            }
            let is_end = matches!(item, Item::Event(Event::End(TagEnd::CodeBlock)));
            within.push((item, range));
            if is_end {
                break;
            }
        }
        if is_formula(&info, &tex) {
            let source = format!("$${}$$", tex.trim());
            result.push((Item::Event(Event::DisplayMath(source.into())), range));
        } else {
            result.push((item, range));
            result.extend(within);
        }
    }
    result
}

/// True for the words after a fence that may begin a formula.
fn may_be_formula(info: &str) -> bool {
    matches!(&*code::language_of(info), "math" | "latex" | "tex" | "katex")
}

/// True for a block of code that is a formula. `LaTeX` is one if it begins as a formula does, for it
/// may also be shown for its own sake.
fn is_formula(info: &str, tex: &str) -> bool {
    let tex = tex.trim();
    if tex.is_empty() || tex.contains("$$") {
        return false;
    }
    let is_math = matches!(&*code::language_of(info), "math" | "katex");
    let environment = tex.strip_prefix(r"\begin{").and_then(|rest| rest.split_once('}'));
    is_math
        || environment.is_some_and(|(name, _)| ENVIRONMENTS.contains(&name.trim_end_matches('*')))
}

/// Environments of formulas.
const ENVIRONMENTS: [&str; 12] = [
    "align", "aligned", "array", "bmatrix", "cases", "equation", "gather", "gathered", "matrix",
    "pmatrix", "split", "vmatrix",
];

/// Makes blocks of the formulas of a block's kind that have lines of their own: a paragraph goes on
/// behind one.
fn blocks_alone<'a>(items: Vec<Spanned<'a>>, draft: &Draft<'_>) -> Vec<Spanned<'a>> {
    let mut result: Vec<Spanned<'a>> = Vec::with_capacity(items.len());
    let mut open: Vec<Around> = Vec::new();
    let mut items = items.into_iter().peekable();
    while let Some((item, range)) = items.next() {
        match &item {
            Item::Event(Event::Start(tag)) => open.push(Around::of_tag(tag)),
            Item::Open(kind) => open.push(Around::of_node(*kind)),
            Item::Event(Event::End(_)) | Item::Close => {
                open.pop();
            }
            Item::Leaf(NodeKind::Formula(formula)) if is_display(*formula, draft) => {
                let formula = Item::Leaf(NodeKind::FormulaBlock(*formula));
                let next = items.peek().map(|(next, _)| next);
                let begins = result.last().is_none_or(|(last, _)| is_edge(last));
                let ends = next.is_none_or(is_edge);
                if begins && ends && open.last() == Some(&Around::Paragraph) {
                    end_paragraph(&mut result, &range);
                    result.push((formula, range.clone()));
                    match items.next() {
                        Some((Item::Event(Event::End(TagEnd::Paragraph)), _)) => {
                            open.pop();
                        }
                        _ => result.push((Item::Event(Event::Start(Tag::Paragraph)), range)),
                    }
                    continue;
                }
                if begins && ends && open.last().is_none_or(|around| *around == Around::Block) {
                    result.pop_if(|(last, _)| is_line_end(last));
                    result.push((formula, range));
                    items.next_if(|(next, _)| is_line_end(next));
                    continue;
                }
            }
            _ => {}
        }
        result.push((item, range));
    }
    result
}

/// The kinds of elements and nodes around a formula.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Paragraph,
    /// It holds blocks.
    Block,
    /// It is a line of text, or within one.
    Line,
}

impl Around {
    fn of_tag(tag: &Tag<'_>) -> Self {
        match tag {
            Tag::Paragraph => Self::Paragraph,
            Tag::Heading { .. } | Tag::TableCell | Tag::DefinitionListTitle => Self::Line,
            tag if is_inline(tag.to_end()) => Self::Line,
            _ => Self::Block,
        }
    }

    fn of_node(kind: NodeKind) -> Self {
        match kind {
            NodeKind::Box(..) | NodeKind::Group | NodeKind::Tabs | NodeKind::Tab(..) => Self::Block,
            _ => Self::Line,
        }
    }
}

fn is_display(formula: u32, draft: &Draft<'_>) -> bool {
    FormulaSource::new(&draft.parsed.formulas[formula as usize].source).is_display
}

/// Ends the paragraph that the items end in, or takes it away if it has only begun.
fn end_paragraph(items: &mut Vec<Spanned<'_>>, range: &Range<usize>) {
    items.pop_if(|(last, _)| is_line_end(last));
    if items.pop_if(|(last, _)| is_paragraph(last)).is_none() {
        items.push((Item::Event(Event::End(TagEnd::Paragraph)), range.clone()));
    }
}

fn is_paragraph(item: &Item<'_>) -> bool {
    matches!(item, Item::Event(Event::Start(Tag::Paragraph)))
}

fn is_line_end(item: &Item<'_>) -> bool {
    matches!(item, Item::Event(Event::SoftBreak | Event::HardBreak))
}

/// True for what is before or behind a line of text: its end, or the beginning or end of a block.
fn is_edge(item: &Item<'_>) -> bool {
    match item {
        Item::Event(Event::Start(tag)) => !is_inline(tag.to_end()),
        Item::Event(Event::End(tag)) => !is_inline(*tag),
        Item::Open(NodeKind::Link(_) | NodeKind::Element(_)) => false,
        Item::Event(Event::Rule)
        | Item::Leaf(NodeKind::FormulaBlock(_))
        | Item::Open(_)
        | Item::Close => true,
        item => is_line_end(item),
    }
}
