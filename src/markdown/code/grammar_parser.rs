//! Lines of code and a grammar → changes of the scope stack, as syntect's `ParseState` gives them,
//! at a limited cost.
//!
//! `ParseState` parses a whole line before it comes back, and a line of a few hundred bytes can
//! take seconds. This has the same outcome (a test holds both against each other), with all work
//! counted in [`Steps`], and another search: syntect looks from each token on for the next match of
//! every rule, and this tries at each position the rules that may begin there. One thing differs: a
//! rule with `\G` is tried at each token, as in Sublime Text, for whose program the grammars are
//! written; syntect tries it no more in a line in which it failed once.
//!
//! Must not know: classes, HTML.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use smallvec::SmallVec;
use syntect::parsing::syntax_definition::MatchOperation;
use syntect::parsing::{ScopeStackOp, SyntaxReference};

use super::line_pattern::{Groups, HighlightFailure, LinePattern, Steps, Workspace};
use super::pattern::matcher::symbol_at;
use super::pattern::starts::Before;
use super::rules::{ContextRules, Rule, start_rules};
use super::scope_changes::{Changes, write_changes};

/// Contexts that may be on the stack, as in syntect.
const DEEPEST: usize = 100;
/// Steps that reading a regular expression costs.
const COMPILE: u64 = 500;

/// State between lines.
pub(super) struct GrammarParser {
    stack: Vec<StackLevel>,
    is_first_line: bool,
    /// Heights of the stack at which a rule of a `with_prototype` pushed; prototypes below the last
    /// are off.
    prototype_starts: Vec<usize>,
    /// Regular expressions with the text of groups in them, by their sources: those of a heredoc's
    /// end are the same for each of its lines.
    made: HashMap<String, Rc<LinePattern>>,
    work: Workspace,
}

/// A context on the stack.
struct StackLevel {
    rules: &'static ContextRules,
    with_prototypes: SmallVec<[&'static ContextRules; 1]>,
    captured: Option<Rc<Captured>>,
}

/// Expressions by the addresses of the rules that they were made for.
type MadeExpressions = SmallVec<[(usize, Rc<LinePattern>); 2]>;

/// A match whose groups a later rule refers to.
struct Captured {
    groups: Groups,
    line: String,
    /// The expressions made with it so far.
    made: RefCell<MadeExpressions>,
}

/// A line while it is parsed.
struct Line<'l> {
    text: &'l str,
    start: usize,
    /// Position and height of the stack after the last push that consumed nothing.
    empty_push: (usize, usize),
}

/// A position in a line, with what is before it and comes next.
#[derive(Clone, Copy)]
struct LinePlace {
    at: usize,
    before: Before,
    symbol: usize,
}

/// Rules that apply at the moment.
struct ActiveRules {
    rules: &'static ContextRules,
    captured: Option<Rc<Captured>>,
    from_with_prototype: bool,
}

struct BestMatch {
    groups: Groups,
    rule: &'static Rule,
    from_with_prototype: bool,
    would_loop: bool,
}

impl Captured {
    fn new(groups: &Groups, line: &str) -> Self {
        Self { groups: groups.clone(), line: line.to_owned(), made: RefCell::default() }
    }
}

impl GrammarParser {
    pub fn new(syntax: &SyntaxReference, steps: Steps) -> Result<Self, HighlightFailure> {
        let start = StackLevel {
            rules: start_rules(syntax)?,
            with_prototypes: SmallVec::new(),
            captured: None,
        };
        Ok(Self {
            stack: vec![start],
            is_first_line: true,
            prototype_starts: Vec::new(),
            made: HashMap::new(),
            work: Workspace::new(steps),
        })
    }

    #[cfg(test)]
    pub fn steps_left(&self) -> u64 {
        self.work.steps.left()
    }

    /// Adds the changes in a line, which ends with `\n`.
    pub fn parse_line(
        &mut self,
        text: &str,
        changes: &mut Changes,
    ) -> Result<(), HighlightFailure> {
        let mut line = Line { text, start: 0, empty_push: (0, 0) };
        if self.is_first_line {
            let scope = self.top()?.rules.context.meta_content_scope.first();
            changes.extend(scope.map(|scope| (0, ScopeStackOp::Push(*scope))));
            self.is_first_line = false;
        }
        while self.parse_token(&mut line, changes)? {}
        Ok(())
    }

    fn top(&self) -> Result<&StackLevel, HighlightFailure> {
        self.stack.last().ok_or(HighlightFailure::BadGrammar)
    }

    /// Applies the next match; `false` at the end of the line.
    fn parse_token(
        &mut self,
        line: &mut Line<'_>,
        changes: &mut Changes,
    ) -> Result<bool, HighlightFailure> {
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
        let end = found.groups.end;
        let is_push = matches!(found.rule.pattern.operation, MatchOperation::Push(_));
        if end <= line.start && is_push {
            line.empty_push = (end, self.stack.len() + 1);
        }
        line.start = end;
        if found.from_with_prototype {
            self.prototype_starts.push(self.stack.len());
        }
        let context = self.top()?.rules.context;
        write_changes(changes, found.rule, &found.groups, context)?;
        self.change_stack(&found, line.text)?;
        Ok(true)
    }

    /// The rules that apply, in order.
    fn active_rules(&self) -> Result<SmallVec<[ActiveRules; 2]>, HighlightFailure> {
        let mut active = SmallVec::new();
        let from = self.prototype_starts.last().copied().unwrap_or(0);
        for level in self.stack.iter().skip(from) {
            active.extend(level.with_prototypes.iter().map(|rules| ActiveRules {
                rules,
                captured: level.captured.clone(),
                from_with_prototype: true,
            }));
        }
        let StackLevel { rules, captured, .. } = self.top()?;
        active.push(ActiveRules { rules, captured: captured.clone(), from_with_prototype: false });
        Ok(active)
    }

    /// The match that begins first, of those that begin together the one of the first rule.
    fn best_match(&mut self, line: &Line<'_>) -> Result<Option<BestMatch>, HighlightFailure> {
        let active = self.active_rules()?;
        let bytes = line.text.as_bytes();
        let mut before = match line.start.checked_sub(1) {
            Some(last) => Before::of(bytes[last]),
            None => Before::Start,
        };
        let mut passed = Passed::new();
        self.work.steps.spend(1)?;
        for at in line.start..=line.text.len() {
            if !line.text.is_char_boundary(at) {
                continue;
            }
            let symbol = symbol_at(line.text, at);
            let place = LinePlace { at, before, symbol };
            let mut looping = None;
            for rules in &active {
                for number in rules.rules.candidates(before, symbol) {
                    let found = self.match_at(rules, *number, place, line, &mut passed)?;
                    match found {
                        Some(found) if found.would_loop => looping = Some(found),
                        Some(found) => return Ok(Some(found)),
                        None => {}
                    }
                }
            }
            if looping.is_some() {
                return Ok(looping);
            }
            if let Some(byte) = bytes.get(at) {
                before = Before::of(*byte);
            }
        }
        Ok(None)
    }

    /// The match of a rule at a position.
    fn match_at(
        &mut self,
        active: &ActiveRules,
        number: u16,
        LinePlace { at, before, symbol }: LinePlace,
        line: &Line<'_>,
        passed: &mut Passed,
    ) -> Result<Option<BestMatch>, HighlightFailure> {
        let key = (std::ptr::from_ref(active.rules).addr(), number);
        if passed.contains(&key) {
            return Ok(None);
        }
        let of = active.rules.rules[usize::from(number)];
        let rule = of.rule;
        let captured = active.captured.as_deref();
        let captured = captured.filter(|_| of.is_own && rule.pattern.has_captures);
        let groups = match captured {
            Some(captured) => {
                let made = self.made(rule, captured)?;
                if !made.may_begin(before, symbol) {
                    return Ok(None);
                }
                made.match_at(line.text, line.start, at, &mut self.work)?
            }
            None => rule.expression.match_at(line.text, line.start, at, &mut self.work)?,
        };
        let Some(groups) = groups else { return Ok(None) };
        let does_something = match rule.pattern.operation {
            MatchOperation::None => groups.start != groups.end,
            MatchOperation::Push(_) => self.stack.len() < DEEPEST,
            MatchOperation::Set(_) | MatchOperation::Pop => true,
        };
        if !does_something {
            // Syntect looks for no later match of the rule.
            passed.push(key);
            return Ok(None);
        }
        let follows_empty_push = line.empty_push == (line.start, self.stack.len());
        let would_loop = follows_empty_push
            && groups.end <= line.start
            && matches!(rule.pattern.operation, MatchOperation::Pop);
        let from_with_prototype = active.from_with_prototype;
        Ok(Some(BestMatch { groups, rule, from_with_prototype, would_loop }))
    }

    /// The expression of a rule with the text of another match's groups in it.
    fn made(
        &mut self,
        rule: &Rule,
        captured: &Captured,
    ) -> Result<Rc<LinePattern>, HighlightFailure> {
        let address = std::ptr::from_ref(rule).addr();
        let mut of_match = captured.made.borrow_mut();
        if let Some((_, made)) = of_match.iter().find(|(rule, _)| *rule == address) {
            return Ok(made.clone());
        }
        let source = rule.source_with(&captured.groups, &captured.line);
        let made = if let Some(made) = self.made.get(&source) {
            made.clone()
        } else {
            self.work.steps.spend(COMPILE)?;
            let made = Rc::new(LinePattern::new(&source, true));
            self.made.insert(source, made.clone());
            made
        };
        of_match.push((address, made.clone()));
        Ok(made)
    }

    /// Pushes and pops contexts as the rule says.
    fn change_stack(&mut self, found: &BestMatch, line: &str) -> Result<(), HighlightFailure> {
        let targets = found.rule.targets()?;
        let mut kept = match &found.rule.pattern.operation {
            MatchOperation::Push(_) => SmallVec::new(),
            // The prototypes that came with a context stay until its successor is popped.
            MatchOperation::Set(_) => {
                let replaced = self.stack.pop().ok_or(HighlightFailure::BadGrammar)?;
                replaced.with_prototypes
            }
            MatchOperation::Pop => {
                self.stack.pop();
                return Ok(());
            }
            MatchOperation::None => return Ok(()),
        };
        for (index, rules) in targets.contexts.iter().enumerate() {
            let mut with_prototypes = std::mem::take(&mut kept);
            if index + 1 == targets.contexts.len() {
                with_prototypes.extend(targets.with_prototype);
            }
            let refers_back = rules.context.uses_backrefs
                || with_prototypes.iter().any(|rules| rules.context.uses_backrefs);
            let captured = refers_back.then(|| Rc::new(Captured::new(&found.groups, line)));
            self.stack.push(StackLevel { rules, with_prototypes, captured });
        }
        Ok(())
    }
}

/// Rules of which no match counts in a search, by the address of their context and their number.
type Passed = SmallVec<[(usize, u16); 4]>;

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
            let mut changes = Changes::new();
            parser.parse_line(line, &mut changes).unwrap();
            assert_eq!(changes, expected, "{}: {line}", syntax.name);
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
