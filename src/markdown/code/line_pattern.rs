//! A regular expression of a grammar → its match at a position of a line, at a cost of [`Steps`].
//!
//! Nearly all are matched by [`Matcher`]; Oniguruma, for which the grammars are written, matches
//! the few that [`pattern`] does not read, and where a rare character decides. Compiling with it
//! takes tens of microseconds, on one processor at a time, and a call of it takes longer than most
//! matches do: it took half of the time of highlighting.
//!
//! Must not know: grammars, contexts.

use std::rc::Rc;
use std::sync::OnceLock;

use onig::{MatchParam, Regex, RegexOptions, Region, SearchOptions, Syntax};

use super::pattern::matcher::{Matcher, Unanswered};
use super::pattern::program::{Program, compile};
use super::pattern::starts::{Before, starts};
use super::pattern::symbols::Symbols;
use super::pattern::{self, Expr};

/// Instructions of a [`Program`] that are a step, and attempts of Oniguruma.
const FUEL: u64 = 16;
/// Attempts that Oniguruma may make at a position at first. Nearly all matches need fewer.
const FEW_ATTEMPTS: u32 = 256;
/// Factor by which the attempts grow when they do not suffice.
const GROWTH: u32 = 16;
/// Oniguruma's code for "too many attempts at one position" (`ONIGERR_RETRY_LIMIT_IN_MATCH_OVER`).
const TOO_MANY_ATTEMPTS: i32 = -17;
/// Bytes of a line for each of which an attempt costs a step more: it may read the whole line
/// before it fails.
const LONG_LINE: usize = 512;

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
/// A step is bounded: it is at most [`FUEL`] instructions, or as many attempts of Oniguruma over at
/// most [`LONG_LINE`] bytes.
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

/// The byte range of a group; `None` if it has no part in the match.
type Range = Option<(usize, usize)>;

/// Byte ranges of a match and, where they are wanted, of its groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Groups {
    pub start: usize,
    pub end: usize,
    /// The range of each group, from the first.
    ranges: Option<Rc<[Range]>>,
}

impl Groups {
    /// The range of a group; the whole match is group 0.
    pub fn get(&self, index: usize) -> Option<(usize, usize)> {
        match index.checked_sub(1) {
            None => Some((self.start, self.end)),
            Some(index) => self.ranges.as_ref()?.get(index).copied().flatten(),
        }
    }
}

/// Memory for matching, and the work that may be done.
#[derive(Debug)]
pub(super) struct Workspace {
    matcher: Matcher,
    region: Region,
    pub steps: Steps,
}

impl Workspace {
    pub fn new(steps: Steps) -> Self {
        Self { matcher: Matcher::default(), region: Region::with_capacity(8), steps }
    }
}

/// A regular expression.
#[derive(Debug)]
pub(super) struct LinePattern {
    source: Box<str>,
    /// True if the ranges of groups are wanted.
    has_groups: bool,
    /// True if it has `\G`.
    has_search_start: bool,
    /// Number of groups, if the expression is understood.
    groups: usize,
    /// The symbols before which a match may begin, by what is before them.
    starts: [Symbols; 4],
    /// The program, if there is one.
    program: OnceLock<Option<Program>>,
    /// Oniguruma's, if it takes the expression.
    onig: OnceLock<Option<Regex>>,
}

impl LinePattern {
    pub fn new(source: &str, has_groups: bool) -> Self {
        let expr = pattern::parse(source);
        let starts = match &expr {
            Some(expr) => Before::ALL.map(|before| starts(expr, before).all()),
            None => [Symbols::ALL; 4],
        };
        let program = OnceLock::new();
        if expr.is_none() {
            let _ = program.set(None);
        }
        let groups = expr.as_ref().map_or(0, Expr::highest_group);
        // The tree is not kept: it is larger than the source, and most expressions are never tried.
        Self {
            source: source.into(),
            has_groups,
            has_search_start: source.contains(r"\G"),
            groups,
            starts,
            program,
            onig: OnceLock::new(),
        }
    }

    /// True if a match may begin before this symbol.
    pub fn may_begin(&self, before: Before, symbol: usize) -> bool {
        self.starts[before as usize].has(symbol)
    }

    /// The match that begins at a position, in a search that began at `from`.
    pub fn match_at(
        &self,
        line: &str,
        from: usize,
        at: usize,
        work: &mut Workspace,
    ) -> Result<Option<Groups>, HighlightFailure> {
        let program = self.program.get_or_init(|| {
            let expr = pattern::parse(&self.source)?;
            compile(&expr, self.has_groups)
        });
        let Some(program) = program else { return self.match_by_onig(line, from, at, work) };
        work.matcher.fuel = work.steps.left.saturating_mul(FUEL);
        let fuel = work.matcher.fuel;
        let found = work.matcher.end_of_match(program, line, from, at);
        work.steps.spend(1 + (fuel - work.matcher.fuel) / FUEL)?;
        match found {
            Ok(None) => Ok(None),
            Ok(Some(end)) => {
                let ranges = (self.has_groups && self.groups > 0)
                    .then(|| (1..=self.groups).map(|number| work.matcher.group(number)).collect());
                Ok(Some(Groups { start: at, end, ranges }))
            }
            Err(Unanswered::TooLong) => Err(HighlightFailure::TooMuchWork),
            Err(Unanswered::Character) => self.match_by_onig(line, from, at, work),
        }
    }

    /// The match by Oniguruma.
    ///
    /// A match may take exponentially many attempts. So it has few at first, and is repeated with
    /// more when they do not suffice; it costs the steps that the attempts allowed for may come to.
    /// Hence the work is never more than was paid for, and is paid for in the same way everywhere.
    fn match_by_onig(
        &self,
        line: &str,
        from: usize,
        at: usize,
        work: &mut Workspace,
    ) -> Result<Option<Groups>, HighlightFailure> {
        let regex = self.onig.get_or_init(|| {
            // As syntect does.
            let options = RegexOptions::REGEX_OPTION_CAPTURE_GROUP;
            Regex::with_options(&self.source, options, Syntax::default()).ok()
        });
        let regex = regex.as_ref().ok_or(HighlightFailure::BadGrammar)?;
        let mut attempts = FEW_ATTEMPTS;
        loop {
            let mut limit = MatchParam::default();
            limit.set_retry_limit_in_match(attempts);
            let options = SearchOptions::SEARCH_OPTION_NONE;
            let region = &mut work.region;
            region.clear();
            // In a match alone, `\G` is where it begins.
            let found = if self.has_search_start && at != from {
                let found =
                    regex.search_with_param(line, from, line.len(), options, Some(region), limit);
                found.map(|start| start.filter(|start| *start == at))
            } else {
                regex
                    .match_with_param(line, at, options, Some(region), limit)
                    .map(|end| end.map(|_| at))
            };
            let per_attempt = 1 + (line.len() / LONG_LINE) as u64;
            work.steps.spend(u64::from(attempts) / FUEL * per_attempt)?;
            match found {
                Ok(Some(_)) => {
                    let region = &work.region;
                    let end = region.pos(0).map_or(at, |(_, end)| end);
                    let ranges = self
                        .has_groups
                        .then(|| (1..region.len()).map(|index| region.pos(index)).collect());
                    return Ok(Some(Groups { start: at, end, ranges }));
                }
                Err(error) if error.code() == TOO_MANY_ATTEMPTS => {
                    attempts = attempts.saturating_mul(GROWTH);
                }
                // Syntect takes other errors for "not found".
                Ok(None) | Err(_) => return Ok(None),
            }
        }
    }
}

#[cfg(test)]
mod tests;
