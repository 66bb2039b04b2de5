//! The passes over a text's items, in order. Each is a file below, but for links and code, which
//! have folders of their own.
//!
//! Must not know: how a pass works.

pub mod block_id;
pub mod emoji;
pub mod footnote;
pub mod formula;
pub mod heading;
pub mod heading_id;
pub mod indented_callout;
pub mod matrix;
pub mod paired_mark;
mod question_id;
pub mod quote_callout;
pub mod raw_html;
pub mod sub_superscript;
pub mod tabs;
mod term_id;
pub mod wiki_link;

use super::item::Spanned;
use super::{Draft, Rules, cjk, code, extract, link};

/// The passes for notes.
pub(super) fn for_notes<'a>(items: Vec<Spanned<'a>>, draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    // First, so that every pass sees links where the writer has them.
    let items = wiki_link::mark(items, draft);
    // Diagnostics are about the text as the parser understood it.
    extract::lint::look(&items, draft);
    extract::lost::look(&items, draft);
    extract::near_miss::look(&items, draft);
    // Lists that are boxes, and quotes that are, go first: the passes below are to see paragraphs
    // in their place.
    let items = indented_callout::unwrap(items, draft);
    let items = quote_callout::gather(items);
    let items = question_id::take(items, draft);
    // Before lines are joined: an id may be a line of its own.
    let items = block_id::take(items, draft);
    // Before headings, whose ids and words are made of joined lines.
    let items = cjk::join_lines(items);
    // Before headings, whose words have no marks, and raw HTML: the tags are its.
    let items = paired_mark::replace(items, draft.options);
    // Before headings and links: a matrix takes tables and the paragraphs that label them as the
    // parser gave them.
    let items = matrix::gather(items, draft);
    // Before raw HTML, whose headings move with those of Markdown, and whose tags may turn out to
    // be text that no id is made of.
    let items = heading::find(&items, draft);
    let mut items = raw_html::sanitize(items, draft);
    heading_id::assign(&mut items, draft);
    // Behind headings, which have the first choice of ids.
    let items = term_id::assign(items, draft);
    // Behind raw HTML, which makes nodes of tabs, and before code, whose words may name one.
    let items = tabs::gather(items);
    // Behind raw HTML, whose tags may turn out to be text.
    let items = emoji::replace(items);
    let items = sub_superscript::mark(items, draft.options);
    // Behind the passes that cut texts apart, for an address may not begin within a word.
    let items = link::autolink(items, link::Stop::AtChinese);
    // Links and images get their index here, so every pass that makes one has run.
    let items = link::register_all(&items, draft);
    extract::link_context::look(&items, &mut draft.parsed);
    // Behind links, whose texts may hold formulas, and before code, of which some is one.
    let items = formula::register_all(items, draft);
    let items = code::register_all(&items, draft);
    // Last, for it moves definitions to the end of the text with all that is in them.
    footnote::gather(items, draft)
}

/// The passes for the examples of the standards.
pub(super) fn for_standards<'a>(
    mut items: Vec<Spanned<'a>>,
    draft: &mut Draft<'_>,
) -> Vec<Spanned<'a>> {
    if draft.options.rules == Rules::Gfm {
        items = link::autolink(items, link::Stop::Standard);
    }
    let items = link::register_all(&items, draft);
    code::register_all(&items, draft)
}
