//! Contexts of a grammar → their rules, with the regular expressions compiled, and searches that
//! cost [`Steps`].
//!
//! Must not know: how the stack of contexts changes.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock};

use onig::{MatchParam, Regex, RegexOptions, Region, SearchOptions, Syntax};
use syntect::parsing::syntax_definition::{
    Context, ContextId, ContextReference, MatchPattern, context_iter,
};
use syntect::parsing::{ParseState, SyntaxReference};

use super::language::GRAMMARS;

/// Attempts that a search may make at one position at first. Nearly all searches need fewer.
const FEW_ATTEMPTS: u32 = 256;
/// Factor by which the attempts grow when they do not suffice.
const GROWTH: u32 = 16;
/// Oniguruma's code for "too many attempts at one position" (`ONIGERR_RETRY_LIMIT_IN_MATCH_OVER`).
const TOO_MANY_ATTEMPTS: i32 = -17;
/// Bytes of a line for each of which a search costs a step more at each position: an attempt may
/// read the whole line before it fails.
const LONG_LINE: usize = 512;
/// Steps that a search costs beside those for the text that it passes.
const SEARCH: u64 = 8;
/// Steps that compiling a regular expression costs.
const COMPILE: u64 = 2000;

/// Reason why a block is not highlighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HighlightFailure {
    /// The grammar needs more work than a block may cost.
    TooMuchWork,
    /// The grammar itself is broken.
    BadGrammar,
}

/// Work that may still be done for a block.
///
/// Time would be simpler, but then the same notes would give different sites on different machines.
/// A step is bounded: it is at most [`FEW_ATTEMPTS`] attempts at one position, over at most
/// [`LONG_LINE`] bytes.
#[derive(Debug)]
pub(super) struct Steps {
    left: u64,
}

impl Steps {
    pub fn new(most: u64) -> Self {
        Self { left: most }
    }

    #[cfg(test)]
    pub fn left(&self) -> u64 {
        self.left
    }

    pub fn spend(&mut self, steps: u64) -> Result<(), HighlightFailure> {
        let Some(left) = self.left.checked_sub(steps) else {
            self.left = 0;
            return Err(HighlightFailure::TooMuchWork);
        };
        self.left = left;
        Ok(())
    }
}

/// Byte ranges of a match and its groups; the first is the whole match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Groups(Rc<[Option<(usize, usize)>]>);

impl Groups {
    fn of(region: &Region) -> Self {
        Self((0..region.len()).map(|index| region.pos(index)).collect())
    }

    pub fn get(&self, index: usize) -> Option<(usize, usize)> {
        self.0.get(index).copied().flatten()
    }

    pub fn start(&self) -> usize {
        self.get(0).map_or(0, |(start, _)| start)
    }

    pub fn end(&self) -> usize {
        self.get(0).map_or(0, |(_, end)| end)
    }
}

type Compiled = Arc<OnceLock<Option<Regex>>>;

/// A rule of a context.
pub(super) struct Rule {
    pub pattern: &'static MatchPattern,
    regex: Compiled,
}

/// A context with all its rules, those of included contexts among them.
pub(super) struct ContextRules {
    pub context: &'static Context,
    /// Rules that come first in this context, as those for comments do.
    pub prototype: Option<Arc<ContextRules>>,
    pub rules: Vec<Rule>,
}

/// Everything compiled so far, by the address of the pattern or context in [`GRAMMARS`]: compiling
/// the rules of a large grammar takes longer than highlighting a block does.
#[derive(Default)]
struct CompiledGrammars {
    patterns: HashMap<usize, Compiled>,
    contexts: HashMap<usize, Arc<ContextRules>>,
}

static COMPILED: LazyLock<RwLock<CompiledGrammars>> = LazyLock::new(RwLock::default);

/// The rules of the context in which a text of this language begins.
pub(super) fn start_rules(syntax: &SyntaxReference) -> Result<Arc<ContextRules>, HighlightFailure> {
    let start = start_context(syntax).ok_or(HighlightFailure::BadGrammar)?;
    rules_of(start)
}

/// The rules of the context that a reference names.
pub(super) fn referenced_rules(
    reference: &ContextReference,
) -> Result<Arc<ContextRules>, HighlightFailure> {
    rules_of(reference.resolve(&GRAMMARS).map_err(|_| HighlightFailure::BadGrammar)?)
}

fn rules_of(context: &'static Context) -> Result<Arc<ContextRules>, HighlightFailure> {
    let address = std::ptr::from_ref(context).addr();
    let known = COMPILED.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(rules) = known.contexts.get(&address) {
        return Ok(rules.clone());
    }
    drop(known);
    let prototype = match context.prototype {
        Some(id) => Some(rules_of(context_of(id).ok_or(HighlightFailure::BadGrammar)?)?),
        None => None,
    };
    let mut known = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
    let mut rules = Vec::new();
    for (holder, index) in context_iter(&GRAMMARS, context) {
        let pattern = holder.match_at(index).map_err(|_| HighlightFailure::BadGrammar)?;
        let regex = known.patterns.entry(std::ptr::from_ref(pattern).addr()).or_default().clone();
        rules.push(Rule { pattern, regex });
    }
    let rules = Arc::new(ContextRules { context, prototype, rules });
    known.contexts.insert(address, rules.clone());
    Ok(rules)
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

impl Rule {
    /// The regular expression.
    pub fn regex(&self) -> Result<&Regex, HighlightFailure> {
        let regex = self.regex.get_or_init(|| compile(self.pattern.regex.regex_str()));
        regex.as_ref().ok_or(HighlightFailure::BadGrammar)
    }

    /// The regular expression with `\1` and the like replaced by what the groups of another match
    /// hold. Those of a heredoc's end are made anew for each line of it, so they are kept in
    /// `made`.
    pub fn regex_with<'m>(
        &self,
        groups: &Groups,
        text: &str,
        made: &'m mut HashMap<String, Option<Regex>>,
        steps: &mut Steps,
    ) -> Result<&'m Regex, HighlightFailure> {
        let source = with_groups(self.pattern.regex.regex_str(), groups, text);
        if !made.contains_key(&source) {
            steps.spend(COMPILE)?;
            made.insert(source.clone(), compile(&source));
        }
        made.get(&source).and_then(Option::as_ref).ok_or(HighlightFailure::BadGrammar)
    }
}

/// Compiles as syntect does.
fn compile(source: &str) -> Option<Regex> {
    let options = RegexOptions::REGEX_OPTION_CAPTURE_GROUP;
    Regex::with_options(source, options, Syntax::default()).ok()
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

/// Searches a line from a position on.
///
/// A regular expression may take exponentially many attempts (a line of 300 bytes, `a-a-a-…`, took
/// ten seconds in the grammar for Less). So each search has few attempts for each position at
/// first, and is repeated with more when they do not suffice; it costs the steps that the attempts
/// allowed for may come to. Hence the work is never more than was paid for, and is paid for in the
/// same way everywhere.
pub(super) fn search(
    regex: &Regex,
    line: &str,
    start: usize,
    region: &mut Region,
    steps: &mut Steps,
) -> Result<Option<Groups>, HighlightFailure> {
    let mut attempts = FEW_ATTEMPTS;
    loop {
        let mut limit = MatchParam::default();
        limit.set_retry_limit_in_match(attempts);
        let options = SearchOptions::SEARCH_OPTION_NONE;
        region.clear();
        let found = regex.search_with_param(line, start, line.len(), options, Some(region), limit);
        let end = match found {
            Ok(Some(_)) => region.pos(0).map_or(line.len(), |(_, end)| end),
            _ => line.len(),
        };
        let passed = end.saturating_sub(start) as u64;
        let per_byte = u64::from(attempts / FEW_ATTEMPTS) + (line.len() / LONG_LINE) as u64;
        steps.spend((SEARCH + passed) * per_byte)?;
        match found {
            Ok(Some(_)) => return Ok(Some(Groups::of(region))),
            Err(error) if error.code() == TOO_MANY_ATTEMPTS => {
                attempts = attempts.saturating_mul(GROWTH);
            }
            // Syntect takes other errors for "not found".
            Ok(None) | Err(_) => return Ok(None),
        }
    }
}
