//! Code blocks of notes → their HTML, each distinct block once, and only if the cache does not have
//! it.
//!
//! Must not know: grammars, pages.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use super::Progress;
use crate::cache::Cache;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::markdown::{self, CodeBlock};
use crate::note::Note;
use crate::page::CodeHtml;
use crate::source::Tree;

/// The blocks that were highlighted for any book of a library, which those of the others may be
/// equal to: of 10,000 notes in 100 books half the time went into blocks that several have.
#[derive(Default)]
pub(super) struct SharedBlocks(Mutex<HashMap<Digest, Arc<OnceLock<markdown::HighlightedCode>>>>);

impl SharedBlocks {
    /// The HTML of a block with this key, made now if it was not before.
    fn of(
        &self,
        key: Digest,
        make: impl FnOnce() -> markdown::HighlightedCode,
    ) -> markdown::HighlightedCode {
        let slot = {
            let mut blocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            blocks.entry(key).or_default().clone()
        };
        // Outside the lock, so that other blocks can be highlighted in the meantime.
        slot.get_or_init(make).clone()
    }
}

/// The HTML of code blocks.
#[derive(Default)]
pub(super) struct HighlightedBlocks {
    /// Those of all books, if there are several.
    shared: Option<Arc<SharedBlocks>>,
    pub blocks: CodeHtml,
    /// Number of blocks that were highlighted now.
    pub highlighted: usize,
    /// Blocks that could not be highlighted, with the reason.
    failed: HashMap<CodeBlock, Diagnostic>,
}

impl HighlightedBlocks {
    /// None yet; blocks that are highlighted are shared with the other books.
    pub fn sharing(shared: Option<Arc<SharedBlocks>>) -> Self {
        Self { shared, ..Self::default() }
    }

    /// Highlights each distinct code block of these notes that is not here yet, the largest first.
    pub fn add(&mut self, notes: &[&Note], cache: &Cache, progress: &impl Progress) {
        let codes = notes.iter().flat_map(|note| &note.parsed.codes).map(|code| &code.block);
        let mut seen = HashSet::new();
        let mut blocks: Vec<&CodeBlock> = codes.filter(|block| !self.blocks.has(block)).collect();
        blocks.retain(|block| seen.insert(*block));
        // Of equal length any may come first: each is made by itself.
        blocks.sort_by_key(|block| Reverse(block.text.len()));
        let highlighted = AtomicUsize::new(0);
        progress.expect(blocks.len());
        let results: Vec<_> = blocks
            .par_iter()
            .with_max_len(1)
            .map(|block| {
                let make = || html(block, cache, &highlighted);
                let result = match &self.shared {
                    Some(shared) if block.has_colours() => shared.of(key(block), make),
                    _ => make(),
                };
                progress.step();
                result
            })
            .collect();
        for (block, markdown::HighlightedCode { html, problem }) in blocks.into_iter().zip(results)
        {
            self.failed.extend(problem.map(|problem| (block.clone(), problem)));
            self.blocks.add(block.clone(), Arc::from(html));
        }
        self.highlighted += highlighted.into_inner();
    }

    /// True if all code of a note is highlighted. A page with a block that is not is rendered at
    /// each build, for the diagnostic about it comes with the rendering.
    pub fn is_whole(&self, note: &Note) -> bool {
        self.failed.is_empty()
            || !note.parsed.codes.iter().any(|code| self.failed.contains_key(&code.block))
    }

    /// The diagnostics: one for each block that failed, at its first place.
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

/// The HTML of a block. A block that cannot be highlighted is remembered too: finding it out again
/// costs as much as the largest block, and the answer depends on nothing but the block.
fn html(block: &CodeBlock, cache: &Cache, highlighted: &AtomicUsize) -> markdown::HighlightedCode {
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
            text: "a\n".repeat(40_000),
            ..CodeBlock::default()
        };
        let first = html(&block, &cache, &highlighted);
        assert!(first.problem.is_some());
        assert_eq!(html(&block, &cache, &highlighted), first);
        assert_eq!(highlighted.into_inner(), 1);
    }
}
