//! A text → its diagnostics with their places, for unit tests.
//!
//! Must not know: how a diagnostic is found.

use crate::diagnostic::Kind;
use crate::markdown::{Context, parse};

/// The kind, line, column and width of each diagnostic of a text.
pub(super) fn found(text: &str) -> Vec<(Kind, u32, u32, u32)> {
    let parsed = parse(text, &Context::default());
    let found = parsed.problems.iter().map(|problem| {
        let span = problem.location.span;
        (problem.kind, span.line, span.column, span.width)
    });
    found.collect()
}
