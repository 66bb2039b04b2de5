//! A match of a rule → the changes of the scope stack, in the order that syntect gives them.
//!
//! Must not know: how matches are found.

use syntect::parsing::ScopeStackOp;
use syntect::parsing::syntax_definition::{Context, MatchOperation, MatchPattern};

use super::line_pattern::{Groups, HighlightFailure};
use super::rules::{Rule, Targets};

/// Changes of the scope stack, and the bytes before which they happen.
pub(super) type Changes = Vec<(usize, ScopeStackOp)>;

/// Writes what a match does to the scope stack. `context` is the one that the rule was found in.
pub(super) fn write_changes(
    changes: &mut Changes,
    rule: &Rule,
    groups: &Groups,
    context: &Context,
) -> Result<(), HighlightFailure> {
    let (start, end) = (groups.start, groups.end);
    let (pattern, targets) = (rule.pattern, rule.targets()?);
    write_before(changes, start, &pattern.operation, context, targets);
    changes.extend(pattern.scope.iter().map(|scope| (start, ScopeStackOp::Push(*scope))));
    write_groups(changes, pattern, groups);
    if !pattern.scope.is_empty() {
        changes.push((end, ScopeStackOp::Pop(pattern.scope.len())));
    }
    write_after(changes, end, &pattern.operation, context, targets);
    Ok(())
}

/// Writes the scopes of the match's groups, which may overlap and be in any order: an outer one is
/// pushed first.
fn write_groups(changes: &mut Changes, pattern: &MatchPattern, groups: &Groups) {
    let mut sorted: Vec<((usize, i64), ScopeStackOp)> = Vec::new();
    for (index, scopes) in pattern.captures.iter().flatten() {
        let Some((start, end)) = groups.get(*index) else { continue };
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
    changes: &mut Changes,
    at: usize,
    operation: &MatchOperation,
    context: &Context,
    targets: &Targets,
) {
    match operation {
        MatchOperation::Pop => pop(changes, at, context.meta_content_scope.len()),
        MatchOperation::Push(_) => {
            for next in targets.contexts.iter().map(|rules| rules.context) {
                if let Some(amount) = next.clear_scopes {
                    changes.push((at, ScopeStackOp::Clear(amount)));
                }
                push_all(changes, at, &next.meta_scope);
            }
        }
        MatchOperation::Set(_) => {
            if context.clear_scopes.is_some() {
                changes.push((at, ScopeStackOp::Restore));
            }
            for next in targets.contexts.iter().map(|rules| rules.context) {
                push_all(changes, at, &next.meta_scope);
            }
        }
        MatchOperation::None => {}
    }
}

/// Writes the scopes of contexts that change after the matched text.
fn write_after(
    changes: &mut Changes,
    at: usize,
    operation: &MatchOperation,
    context: &Context,
    targets: &Targets,
) {
    let is_set = match operation {
        MatchOperation::Pop => {
            pop(changes, at, context.meta_scope.len());
            if context.clear_scopes.is_some() {
                changes.push((at, ScopeStackOp::Restore));
            }
            return;
        }
        MatchOperation::Push(_) => false,
        MatchOperation::Set(_) => true,
        MatchOperation::None => return,
    };
    let next = || targets.contexts.iter().map(|rules| rules.context);
    let old = if is_set { context.meta_content_scope.len() + context.meta_scope.len() } else { 0 };
    let must_repeat = old > 0
        || next().any(|next| {
            !next.meta_content_scope.is_empty() || (next.clear_scopes.is_some() && is_set)
        });
    if !must_repeat {
        return;
    }
    // Scopes pushed before the text are popped, so that the scopes for the content come in their
    // order.
    let pushed: usize = next().map(|next| next.meta_scope.len()).sum();
    pop(changes, at, pushed + old);
    for next in next() {
        if is_set && let Some(amount) = next.clear_scopes {
            changes.push((at, ScopeStackOp::Clear(amount)));
        }
        push_all(changes, at, &next.meta_scope);
        push_all(changes, at, &next.meta_content_scope);
    }
}

fn push_all(changes: &mut Changes, at: usize, scopes: &[syntect::parsing::Scope]) {
    changes.extend(scopes.iter().map(|scope| (at, ScopeStackOp::Push(*scope))));
}

fn pop(changes: &mut Changes, at: usize, count: usize) {
    if count > 0 {
        changes.push((at, ScopeStackOp::Pop(count)));
    }
}
