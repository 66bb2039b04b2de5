//! Contexts of a grammar → their rules, and which of them may match where.
//!
//! Must not know: how the stack of contexts changes.

use std::sync::{LazyLock, OnceLock, PoisonError, RwLock};

use ahash::AHashMap;
use syntect::parsing::syntax_definition::{
    Context, ContextId, ContextReference, MatchOperation, MatchPattern, context_iter,
};
use syntect::parsing::{ParseState, SyntaxReference};

use super::language::GRAMMARS;
use super::line_pattern::{Groups, HighlightFailure, LinePattern};
use super::pattern::starts::Before;
use super::pattern::symbols::COUNT;

/// A rule of a grammar.
pub(super) struct Rule {
    pub pattern: &'static MatchPattern,
    /// The regular expression. If it refers to the groups of the match that pushed the context, one
    /// with their texts in it is used instead.
    pub expression: LinePattern,
    targets: OnceLock<Option<Targets>>,
}

/// The contexts that a rule pushes.
pub(super) struct Targets {
    pub contexts: Vec<&'static ContextRules>,
    /// The context whose rules come first in these.
    pub with_prototype: Option<&'static ContextRules>,
}

/// A context with all its rules, those of included contexts among them.
pub(super) struct ContextRules {
    pub context: &'static Context,
    /// Those that come first in this context, as the rules for comments do, and then its own.
    pub rules: Vec<RuleInContext>,
    /// The rules that may match, by what is before a position and the symbol after it.
    rows: [OnceLock<Box<Row>>; 4],
}

type Row = [OnceLock<Box<[u16]>>; COUNT];

/// A rule as part of a context.
#[derive(Clone, Copy)]
pub(super) struct RuleInContext {
    pub rule: &'static Rule,
    /// True for the context's own, which may refer to the match that pushed the context.
    pub is_own: bool,
}

/// Everything made so far, kept as long as [`GRAMMARS`] is, by the address of the pattern or
/// context there.
#[derive(Default)]
struct KnownRules {
    rules: AHashMap<usize, &'static Rule>,
    contexts: AHashMap<(usize, ContextUse), &'static ContextRules>,
    /// The context in which a text of a language begins, by the language's address.
    starts: AHashMap<usize, &'static ContextRules>,
}

/// The use of a context.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum ContextUse {
    /// It is on the stack, with its prototype.
    OnStack,
    /// Its rules come first in another one.
    Prototype,
}

static KNOWN: LazyLock<RwLock<KnownRules>> = LazyLock::new(RwLock::default);

/// The rules of the context in which a text of this language begins.
pub(super) fn start_rules(
    syntax: &SyntaxReference,
) -> Result<&'static ContextRules, HighlightFailure> {
    let address = std::ptr::from_ref(syntax).addr();
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).starts.get(&address).copied();
    if let Some(rules) = known {
        return Ok(rules);
    }
    let start = start_context(syntax).ok_or(HighlightFailure::BadGrammar)?;
    let rules = rules_of(start, ContextUse::OnStack)?;
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).starts.insert(address, rules);
    Ok(rules)
}

fn referenced(
    reference: &ContextReference,
    used: ContextUse,
) -> Result<&'static ContextRules, HighlightFailure> {
    rules_of(reference.resolve(&GRAMMARS).map_err(|_| HighlightFailure::BadGrammar)?, used)
}

fn rules_of(
    context: &'static Context,
    used: ContextUse,
) -> Result<&'static ContextRules, HighlightFailure> {
    let key = (std::ptr::from_ref(context).addr(), used);
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).contexts.get(&key).copied();
    if let Some(rules) = known {
        return Ok(rules);
    }
    let mut rules = Vec::new();
    if let (ContextUse::OnStack, Some(id)) = (used, context.prototype) {
        let prototype = context_of(id).ok_or(HighlightFailure::BadGrammar)?;
        let of_prototype = &rules_of(prototype, ContextUse::Prototype)?.rules;
        rules.extend(of_prototype.iter().map(|rule| RuleInContext { is_own: false, ..*rule }));
    }
    for (holder, index) in context_iter(&GRAMMARS, context) {
        let pattern = holder.match_at(index).map_err(|_| HighlightFailure::BadGrammar)?;
        rules.push(RuleInContext { rule: rule_of(pattern), is_own: true });
    }
    let rules = ContextRules { context, rules, rows: Default::default() };
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    Ok(known.contexts.entry(key).or_insert_with(|| Box::leak(Box::new(rules))))
}

fn rule_of(pattern: &'static MatchPattern) -> &'static Rule {
    let address = std::ptr::from_ref(pattern).addr();
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).rules.get(&address).copied();
    known.unwrap_or_else(|| {
        let rule = Rule {
            pattern,
            expression: LinePattern::new(pattern.regex.regex_str(), wants_groups(pattern)),
            targets: OnceLock::new(),
        };
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        known.rules.entry(address).or_insert_with(|| Box::leak(Box::new(rule)))
    })
}

/// True if the groups of a rule's matches have scopes, or contexts that it pushes may refer to
/// them.
fn wants_groups(pattern: &MatchPattern) -> bool {
    let pushes = matches!(pattern.operation, MatchOperation::Push(_) | MatchOperation::Set(_));
    pattern.captures.is_some() || pushes
}

/// Syntect keeps the id of a grammar's first context to itself and shows it in the debug form of a
/// parser alone: `ParseState { stack: [StateLevel { context: ContextId { syntax_index: 3,
/// context_index: 0 }, …`. A test reads it for every grammar.
fn start_context(syntax: &SyntaxReference) -> Option<&'static Context> {
    let shown = format!("{:?}", ParseState::new(syntax));
    let number = |name: &str| {
        let (_, rest) = shown.split_once(name)?;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<usize>().ok()
    };
    let id = serde_json::json!({
        "syntax_index": number("syntax_index: ")?,
        "context_index": number("context_index: ")?,
    });
    context_of(serde_json::from_value(id).ok()?)
}

/// An id cannot be resolved outside syntect, and the reference that can be is made by reading one
/// only.
fn context_of(id: ContextId) -> Option<&'static Context> {
    let id = serde_json::to_value(id).ok()?;
    let reference: ContextReference =
        serde_json::from_value(serde_json::json!({ "Direct": id })).ok()?;
    reference.resolve(&GRAMMARS).ok()
}

impl ContextRules {
    /// The numbers of the rules that may match at a position, in order.
    pub fn candidates(&self, before: Before, symbol: usize) -> &[u16] {
        let row = self.rows[before as usize]
            .get_or_init(|| Box::new(std::array::from_fn(|_| OnceLock::new())));
        row[symbol].get_or_init(|| {
            let may_begin = |(number, of): (usize, &RuleInContext)| {
                let is_possible =
                    of.rule.pattern.has_captures || of.rule.expression.may_begin(before, symbol);
                u16::try_from(number).ok().filter(|_| is_possible)
            };
            self.rules.iter().enumerate().filter_map(may_begin).collect()
        })
    }
}

impl Rule {
    /// The contexts that it pushes.
    pub fn targets(&self) -> Result<&Targets, HighlightFailure> {
        let targets = self.targets.get_or_init(|| self.find_targets().ok());
        targets.as_ref().ok_or(HighlightFailure::BadGrammar)
    }

    fn find_targets(&self) -> Result<Targets, HighlightFailure> {
        let references = match &self.pattern.operation {
            MatchOperation::Push(references) | MatchOperation::Set(references) => {
                references.as_slice()
            }
            MatchOperation::Pop | MatchOperation::None => &[],
        };
        let contexts =
            references.iter().map(|reference| referenced(reference, ContextUse::OnStack));
        let contexts = contexts.collect::<Result<_, _>>()?;
        let with_prototype = self.pattern.with_prototype.as_ref();
        let with_prototype = with_prototype
            .map(|reference| referenced(reference, ContextUse::Prototype))
            .transpose()?;
        Ok(Targets { contexts, with_prototype })
    }

    /// The source of the regular expression with `\1` and the like replaced by what the groups of
    /// another match hold.
    pub fn source_with(&self, groups: &Groups, text: &str) -> String {
        with_groups(self.pattern.regex.regex_str(), groups, text)
    }
}

fn with_groups(source: &str, groups: &Groups, text: &str) -> String {
    let mut result = String::with_capacity(source.len());
    let mut is_escaped = false;
    for c in source.chars() {
        if is_escaped {
            match c.to_digit(10) {
                Some(digit) => {
                    if let Some((start, end)) = groups.get(digit as usize) {
                        escape_into(&mut result, &text[start..end]);
                    }
                }
                None => result.extend(['\\', c]),
            }
            is_escaped = false;
        } else if c == '\\' {
            is_escaped = true;
        } else {
            result.push(c);
        }
    }
    if is_escaped {
        result.push('\\');
    }
    result
}

/// A text as a pattern that matches nothing else.
fn escape_into(pattern: &mut String, text: &str) {
    for c in text.chars() {
        if r"\.+*?()|[]{}^$#&-~".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
}
