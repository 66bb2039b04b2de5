//! The code of notes → its HTML with colours, each distinct block made once, and only if the cache has it not.
//!
//! Must not know: grammars, pages.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::Progress;
use crate::cache::Cache;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::markdown::{CodeBlock, HighlightedCode};
use crate::note::Note;
use crate::page::Colours;
use crate::source::Tree;

/// Code with its colours.
#[derive(Default)]
pub(super) struct Coloured {
    pub colours: Colours,
    /// How many of the blocks were highlighted now.
    pub highlighted: usize,
    /// The blocks that could not be highlighted, and why.
    failed: HashMap<CodeBlock, Diagnostic>,
}

impl Coloured {
    /// Highlights each distinct code block of these notes that is not here yet, the largest first.
    pub fn add(&mut self, notes: &[&Note], cache: &Cache, progress: &impl Progress) {
        let codes = notes.iter().flat_map(|note| &note.parsed.codes).map(|code| &code.block);
        let mut seen = HashSet::new();
        let mut blocks: Vec<&CodeBlock> = codes.filter(|block| !self.colours.has(block)).collect();
        blocks.retain(|block| seen.insert(*block));
        // Of equal length any may come first: each is made by itself.
        blocks.sort_by_key(|block| Reverse(block.text.len()));
        let highlighted = AtomicUsize::new(0);
        progress.expect(blocks.len());
        let html = |block: &&CodeBlock| {
            let html = html(block, cache, &highlighted);
            progress.step();
            html
        };
        let coloured: Vec<_> = blocks.par_iter().with_max_len(1).map(html).collect();
        for (block, HighlightedCode { html, problem }) in blocks.into_iter().zip(coloured) {
            self.failed.extend(problem.map(|problem| (block.clone(), problem)));
            self.colours.add(block.clone(), Arc::from(html));
        }
        self.highlighted += highlighted.into_inner();
    }

    /// Whether all code of a note has its colours.
    pub fn is_whole(&self, note: &Note) -> bool {
        self.failed.is_empty()
            || !note.parsed.codes.iter().any(|code| self.failed.contains_key(&code.block))
    }

    /// What there is to tell the writer: each block that failed, where it stands first.
    pub fn problems(&mut self, notes: &[&Note], tree: &Tree) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        if self.failed.is_empty() {
            return problems;
        }
        for note in notes {
            for code in &note.parsed.codes {
                let problem = self.failed.remove(&code.block);
                let placed = problem
                    .map(|problem| problem.in_file(tree.shown(&note.path)).at_line(code.line));
                problems.extend(placed);
            }
        }
        problems
    }
}

/// The HTML of a block. A block that cannot be highlighted is remembered too: finding it out again costs as much as
/// the largest block, and the answer depends on nothing but the block.
fn html(block: &CodeBlock, cache: &Cache, highlighted: &AtomicUsize) -> HighlightedCode {
    if !block.has_colours() {
        return block.highlight();
    }
    cache.get_or_make(key(block), || {
        highlighted.fetch_add(1, Ordering::Relaxed);
        block.highlight()
    })
}

/// Everything that the HTML of a block is made from.
pub(super) fn key(block: &CodeBlock) -> Digest {
    let marked = format!("{:?}", block.marked);
    Cache::key("code", &[&block.language, &marked, &block.text].map(String::as_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_cannot_be_highlighted_is_remembered() {
        let cache = Cache::none().keeping_recent(1 << 20);
        let highlighted = AtomicUsize::new(0);
        let block = CodeBlock {
            language: "md".to_owned(),
            text: "`".repeat(4_000),
            ..CodeBlock::default()
        };
        let first = html(&block, &cache, &highlighted);
        assert!(first.problem.is_some());
        assert_eq!(html(&block, &cache, &highlighted), first);
        assert_eq!(highlighted.into_inner(), 1);
    }
}
