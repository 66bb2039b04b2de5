//! Lines of code and a grammar → changes of the scope stack, as syntect's `ParseState` gives them,
//! at a limited cost.
//!
//! `ParseState` parses a whole line before it comes back, and a line of a few hundred bytes can
//! take seconds. This is the same algorithm (see the comments in syntect's `parser.rs`; a test
//! holds both against each other) with two differences: all work is counted in [`Steps`], and the
//! rules of a context are listed once instead of each time.
//!
//! Must not know: classes, HTML.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use ahash::AHashMap;
use onig::{Regex, Region};
use syntect::parsing::syntax_definition::{
    Context, ContextReference, MatchOperation, MatchPattern,
};
use syntect::parsing::{ScopeStackOp, SyntaxReference};

use super::rules::{
    ContextRules, Groups, HighlightFailure, Rule, Steps, referenced_rules, search, start_rules,
};

/// Contexts that may be on the stack, as in syntect.
const DEEPEST: usize = 100;

/// State between lines.
pub(super) struct GrammarParser {
    stack: Vec<StackLevel>,
    is_first_line: bool,
    /// Heights of the stack at which a rule of a `with_prototype` pushed; prototypes below the last
    /// are off.
    prototype_starts: Vec<usize>,
    /// Regular expressions with the text of groups in them.
    made: HashMap<String, Option<Regex>>,
    pub steps: Steps,
}

/// A context on the stack.
struct StackLevel {
    rules: Arc<ContextRules>,
    with_prototypes: Vec<Arc<ContextRules>>,
    captured: Option<Rc<Captured>>,
}

/// A match whose groups a later rule refers to.
struct Captured {
    groups: Groups,
    line: String,
}

/// A line while it is parsed.
struct Line<'l> {
    text: &'l str,
    start: usize,
    /// The next match of each rule by the address of its pattern, or `None` if it has no more in
    /// this line.
    found: AHashMap<usize, Option<Groups>>,
    region: Region,
    /// Position and height of the stack after the last push that consumed nothing.
    empty_push: (usize, usize),
    changes: Vec<(usize, ScopeStackOp)>,
}

#[derive(Clone)]
struct BestMatch {
    groups: Groups,
    pattern: &'static MatchPattern,
    from_with_prototype: bool,
    would_loop: bool,
}

/// The best match among the rules looked at so far.
#[derive(Default)]
struct Candidates {
    best: Option<BestMatch>,
    /// True if no other rule can be better.
    is_final: bool,
}

impl GrammarParser {
    pub fn new(syntax: &SyntaxReference, steps: Steps) -> Result<Self, HighlightFailure> {
        let start =
            StackLevel { rules: start_rules(syntax)?, with_prototypes: Vec::new(), captured: None };
        Ok(Self {
            stack: vec![start],
            is_first_line: true,
            prototype_starts: Vec::new(),
            made: HashMap::new(),
            steps,
        })
    }

    /// Changes of the scope stack in a line, which ends with `\n`, and the bytes before which they
    /// happen.
    pub fn parse_line(
        &mut self,
        text: &str,
    ) -> Result<Vec<(usize, ScopeStackOp)>, HighlightFailure> {
        let mut line = Line {
            text,
            start: 0,
            found: AHashMap::new(),
            region: Region::with_capacity(8),
            empty_push: (0, 0),
            changes: Vec::new(),
        };
        if self.is_first_line {
            let scope = self.top()?.rules.context.meta_content_scope.first();
            line.changes.extend(scope.map(|scope| (0, ScopeStackOp::Push(*scope))));
            self.is_first_line = false;
        }
        while self.parse_token(&mut line)? {}
        Ok(line.changes)
    }

    fn top(&self) -> Result<&StackLevel, HighlightFailure> {
        self.stack.last().ok_or(HighlightFailure::BadGrammar)
    }

    /// Applies the next match; `false` at the end of the line.
    fn parse_token(&mut self, line: &mut Line<'_>) -> Result<bool, HighlightFailure> {
        while self.prototype_starts.last().is_some_and(|start| *start >= self.stack.len()) {
            self.prototype_starts.pop();
        }
        let Some(found) = self.best_match(line)? else { return Ok(false) };
        if found.would_loop {
            // A push that consumed nothing and then a pop: one character is passed over instead.
            let Some((width, _)) = line.text[line.start..].char_indices().nth(1) else {
                return Ok(false);
            };
            line.start += width;
            return Ok(true);
        }
        let end = found.groups.end();
        let is_push = matches!(found.pattern.operation, MatchOperation::Push(_));
        if end <= line.start && is_push {
            line.empty_push = (end, self.stack.len() + 1);
        }
        line.start = end;
        if found.from_with_prototype {
            self.prototype_starts.push(self.stack.len());
        }
        let context = self.top()?.rules.context;
        write_changes(&mut line.changes, &found, context)?;
        self.change_stack(&found, line.text)?;
        Ok(true)
    }

    /// The match that begins first, of those that begin together the one of the first rule.
    fn best_match(&mut self, line: &mut Line<'_>) -> Result<Option<BestMatch>, HighlightFailure> {
        let top = self.top()?;
        let (rules, captured) = (top.rules.clone(), top.captured.clone());
        let from = self.prototype_starts.last().copied().unwrap_or(0);
        let mut candidates = Candidates::default();
        for height in from..self.stack.len() {
            for index in 0..self.stack[height].with_prototypes.len() {
                let level = &self.stack[height];
                let (rules, captured) =
                    (level.with_prototypes[index].clone(), level.captured.clone());
                self.compare(&rules, captured.as_deref(), true, line, &mut candidates)?;
                if candidates.is_final {
                    return Ok(candidates.best);
                }
            }
        }
        if let Some(prototype) = &rules.prototype {
            self.compare(prototype, None, false, line, &mut candidates)?;
        }
        if !candidates.is_final {
            self.compare(&rules, captured.as_deref(), false, line, &mut candidates)?;
        }
        Ok(candidates.best)
    }

    /// Compares the matches of a context's rules with the best one so far.
    fn compare(
        &mut self,
        rules: &ContextRules,
        captured: Option<&Captured>,
        from_with_prototype: bool,
        line: &mut Line<'_>,
        candidates: &mut Candidates,
    ) -> Result<(), HighlightFailure> {
        let follows_empty_push = line.empty_push == (line.start, self.stack.len());
        for rule in &rules.rules {
            self.steps.spend(1)?;
            let Some(groups) = self.next_match(rule, captured, line)? else { continue };
            let start = groups.start();
            let is_better = candidates.best.as_ref().is_none_or(|best| {
                start < best.groups.start() || (start == best.groups.start() && best.would_loop)
            });
            if !is_better {
                continue;
            }
            let operation = &rule.pattern.operation;
            if matches!(operation, MatchOperation::Push(_)) && self.stack.len() >= DEEPEST {
                *candidates = Candidates { best: None, is_final: true };
                return Ok(());
            }
            let would_loop = follows_empty_push
                && groups.end() <= line.start
                && matches!(operation, MatchOperation::Pop);
            candidates.best =
                Some(BestMatch { groups, pattern: rule.pattern, from_with_prototype, would_loop });
            if start == line.start && !would_loop {
                candidates.is_final = true;
                return Ok(());
            }
        }
        Ok(())
    }

    /// The next match of a rule in the line.
    fn next_match(
        &mut self,
        rule: &Rule,
        captured: Option<&Captured>,
        line: &mut Line<'_>,
    ) -> Result<Option<Groups>, HighlightFailure> {
        let address = std::ptr::from_ref(rule.pattern).addr();
        match line.found.get(&address) {
            Some(None) => return Ok(None),
            Some(Some(groups)) if groups.start() >= line.start => return Ok(Some(groups.clone())),
            _ => {}
        }
        let captured = captured.filter(|_| rule.pattern.has_captures);
        let regex = match captured {
            Some(Captured { groups, line }) => {
                rule.regex_with(groups, line, &mut self.made, &mut self.steps)?
            }
            None => rule.regex()?,
        };
        let found = search(regex, line.text, line.start, &mut line.region, &mut self.steps)?;
        let Some(groups) = found else {
            if captured.is_none() {
                line.found.insert(address, None);
            }
            return Ok(None);
        };
        let does_something = match rule.pattern.operation {
            MatchOperation::None => groups.start() != groups.end(),
            MatchOperation::Push(_) => self.stack.len() < DEEPEST,
            MatchOperation::Set(_) | MatchOperation::Pop => true,
        };
        if !does_something {
            return Ok(None);
        }
        if captured.is_none() {
            line.found.insert(address, Some(groups.clone()));
        }
        Ok(Some(groups))
    }

    /// Pushes and pops contexts as the rule says.
    fn change_stack(&mut self, found: &BestMatch, line: &str) -> Result<(), HighlightFailure> {
        let (references, mut kept) = match &found.pattern.operation {
            MatchOperation::Push(references) => (references, Vec::new()),
            // The prototypes that came with a context stay until its successor is popped.
            MatchOperation::Set(references) => {
                let replaced = self.stack.pop().ok_or(HighlightFailure::BadGrammar)?;
                (references, replaced.with_prototypes)
            }
            MatchOperation::Pop => {
                self.stack.pop();
                return Ok(());
            }
            MatchOperation::None => return Ok(()),
        };
        for (index, reference) in references.iter().enumerate() {
            let mut with_prototypes = std::mem::take(&mut kept);
            if index + 1 == references.len()
                && let Some(prototype) = &found.pattern.with_prototype
            {
                with_prototypes.push(referenced_rules(prototype)?);
            }
            let rules = referenced_rules(reference)?;
            let refers_back = rules.context.uses_backrefs
                || with_prototypes.iter().any(|rules| rules.context.uses_backrefs);
            let captured = refers_back
                .then(|| Rc::new(Captured { groups: found.groups.clone(), line: line.to_owned() }));
            self.stack.push(StackLevel { rules, with_prototypes, captured });
        }
        Ok(())
    }
}

/// Writes what a match does to the scope stack. `context` is the one that the match was found in.
fn write_changes(
    changes: &mut Vec<(usize, ScopeStackOp)>,
    found: &BestMatch,
    context: &Context,
) -> Result<(), HighlightFailure> {
    let (start, end) = (found.groups.start(), found.groups.end());
    let pattern = found.pattern;
    write_before(changes, start, &pattern.operation, context)?;
    changes.extend(pattern.scope.iter().map(|scope| (start, ScopeStackOp::Push(*scope))));
    write_groups(changes, found);
    if !pattern.scope.is_empty() {
        changes.push((end, ScopeStackOp::Pop(pattern.scope.len())));
    }
    write_after(changes, end, &pattern.operation, context)
}

/// Writes the scopes of the match's groups, which may overlap and be in any order: an outer one is
/// pushed first.
fn write_groups(changes: &mut Vec<(usize, ScopeStackOp)>, found: &BestMatch) {
    let mut sorted: Vec<((usize, i64), ScopeStackOp)> = Vec::new();
    for (index, scopes) in found.pattern.captures.iter().flatten() {
        let Some((start, end)) = found.groups.get(*index) else { continue };
        if start == end {
            continue;
        }
        let length = i64::try_from(end - start).unwrap_or(i64::MAX);
        sorted.extend(scopes.iter().map(|scope| ((start, -length), ScopeStackOp::Push(*scope))));
        sorted.push(((end, i64::MIN), ScopeStackOp::Pop(scopes.len())));
    }
    sorted.sort_by_key(|(order, _)| *order);
    changes.extend(sorted.into_iter().map(|((at, _), change)| (at, change)));
}

/// Writes the scopes of contexts that change before the matched text.
fn write_before(
    changes: &mut Vec<(usize, ScopeStackOp)>,
    at: usize,
    operation: &MatchOperation,
    context: &Context,
) -> Result<(), HighlightFailure> {
    match operation {
        MatchOperation::Pop => pop(changes, at, context.meta_content_scope.len()),
        MatchOperation::Push(references) => {
            for next in contexts(references)? {
                if let Some(amount) = next.clear_scopes {
                    changes.push((at, ScopeStackOp::Clear(amount)));
                }
                push_all(changes, at, &next.meta_scope);
            }
        }
        MatchOperation::Set(references) => {
            if context.clear_scopes.is_some() {
                changes.push((at, ScopeStackOp::Restore));
            }
            for next in contexts(references)? {
                push_all(changes, at, &next.meta_scope);
            }
        }
        MatchOperation::None => {}
    }
    Ok(())
}

/// Writes the scopes of contexts that change after the matched text.
fn write_after(
    changes: &mut Vec<(usize, ScopeStackOp)>,
    at: usize,
    operation: &MatchOperation,
    context: &Context,
) -> Result<(), HighlightFailure> {
    let (references, is_set) = match operation {
        MatchOperation::Pop => {
            pop(changes, at, context.meta_scope.len());
            if context.clear_scopes.is_some() {
                changes.push((at, ScopeStackOp::Restore));
            }
            return Ok(());
        }
        MatchOperation::Push(references) => (references, false),
        MatchOperation::Set(references) => (references, true),
        MatchOperation::None => return Ok(()),
    };
    let next = contexts(references)?;
    let old = if is_set { context.meta_content_scope.len() + context.meta_scope.len() } else { 0 };
    let must_repeat = old > 0
        || next.iter().any(|next| {
            !next.meta_content_scope.is_empty() || (next.clear_scopes.is_some() && is_set)
        });
    if !must_repeat {
        return Ok(());
    }
    // Scopes pushed before the text are popped, so that the scopes for the content come in their
    // order.
    let pushed: usize = next.iter().map(|next| next.meta_scope.len()).sum();
    pop(changes, at, pushed + old);
    for next in next {
        if is_set && let Some(amount) = next.clear_scopes {
            changes.push((at, ScopeStackOp::Clear(amount)));
        }
        push_all(changes, at, &next.meta_scope);
        push_all(changes, at, &next.meta_content_scope);
    }
    Ok(())
}

fn contexts(references: &[ContextReference]) -> Result<Vec<&'static Context>, HighlightFailure> {
    references.iter().map(|reference| Ok(referenced_rules(reference)?.context)).collect()
}

fn push_all(
    changes: &mut Vec<(usize, ScopeStackOp)>,
    at: usize,
    scopes: &[syntect::parsing::Scope],
) {
    changes.extend(scopes.iter().map(|scope| (at, ScopeStackOp::Push(*scope))));
}

fn pop(changes: &mut Vec<(usize, ScopeStackOp)>, at: usize, count: usize) {
    if count > 0 {
        changes.push((at, ScopeStackOp::Pop(count)));
    }
}

#[cfg(test)]
mod tests {
    use syntect::parsing::ParseState;

    use super::*;
    use crate::markdown::code::language::GRAMMARS;

    /// Holds the changes of each line against syntect's.
    fn compare(syntax: &SyntaxReference, code: &str) {
        let mut expected = ParseState::new(syntax);
        let mut parser = GrammarParser::new(syntax, Steps::new(u64::MAX)).unwrap();
        for line in code.split_inclusive('\n') {
            let expected = expected.parse_line(line, &GRAMMARS).unwrap();
            assert_eq!(parser.parse_line(line).unwrap(), expected, "{}: {line}", syntax.name);
        }
    }

    const CODE: &str = r#"
#!/bin/sh
cat <<EOF > "$x"; cat <<-'END'
  $(a "b" ${c:-d}) `e`
EOF
	END
/* a
 * b */ int main(int argc, char **argv) { return 'a' + "b\n%d" + 0x1F; } // c
class A<T> extends B implements C { @D public static final String e = "f"; }
def g(h, *i, j=1, **k): # l
    return f"{m!r:>{n}}" if not o else lambda p: [q for q in r'\s+']
<div class="s" onclick="t()"><script>let u = `v ${w} x`;</script><style>a { b: c }</style></div>
<?php echo "$y {$z[0]}"; ?>
SELECT a, 'b' FROM c WHERE d = 1 -- e
key: [value, "other", {a: b}] # comment
- !!str |
  text
# 标题 **粗** `码` [链](目标) \* ![图](x "y")
```js
const a = /b[c]/g.test("d");
```
\begin{align} a_1 &= b^2 \end{align}
+ added
- removed
@@ -1,2 +3,4 @@
fn f<'a>(x: &'a str) -> Option<u8> { match x { "y" => Some(1_u8), _ => None } }
"#;

    #[test]
    fn all_grammars_give_the_changes_that_syntect_gives() {
        for syntax in GRAMMARS.syntaxes() {
            compare(syntax, CODE);
        }
    }
}
