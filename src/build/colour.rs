//! The code of all notes → its HTML with colours, each distinct block made once, and only if the cache has it not.
//!
//! Must not know: grammars, pages.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::Progress;
use crate::cache::Cache;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::markdown::CodeBlock;
use crate::note::Note;
use crate::page::Colours;
use crate::source::Tree;

/// All code with its colours.
pub(super) struct Coloured {
    pub colours: Colours,
    /// How many distinct blocks there are.
    pub count: usize,
    /// How many of them were highlighted now.
    pub highlighted: usize,
    pub problems: Vec<Diagnostic>,
}

/// Highlights each distinct code block once, the largest first.
pub(super) fn colour(tree: &Tree, notes: &[Arc<Note>], cache: &Cache, progress: &impl Progress) -> Coloured {
    let mut first: HashMap<&CodeBlock, (&Note, u32)> = HashMap::new();
    for note in notes {
        for code in &note.parsed.codes {
            first.entry(&code.block).or_insert((note, code.line));
        }
    }
    let mut blocks: Vec<(&CodeBlock, (&Note, u32))> = first.into_iter().collect();
    blocks.sort_by_key(|(block, (note, line))| (Reverse(block.text.len()), &note.path, *line));
    let highlighted = AtomicUsize::new(0);
    progress.expect(blocks.len());
    let html = |(block, _): &(&CodeBlock, (&Note, u32))| {
        let html = html(block, cache, &highlighted);
        progress.step();
        html
    };
    let coloured: Vec<_> = blocks.par_iter().with_max_len(1).map(html).collect();
    let mut problems = Vec::new();
    let mut colours = HashMap::with_capacity(blocks.len());
    for ((block, (note, line)), (html, problem)) in blocks.into_iter().zip(coloured) {
        problems.extend(problem.map(|problem| problem.in_file(tree.shown(&note.path)).at_line(line)));
        colours.insert(block.clone(), Arc::from(html));
    }
    let (count, highlighted) = (colours.len(), highlighted.into_inner());
    Coloured { colours: Colours::new(colours), count, highlighted, problems }
}

/// The HTML of a block. What could not be highlighted is tried again each time: another machine may be faster.
fn html(block: &CodeBlock, cache: &Cache, highlighted: &AtomicUsize) -> (String, Option<Diagnostic>) {
    if !block.has_colours() {
        return block.html();
    }
    let key = key(block);
    if let Some(html) = cache.get(key) {
        return (html, None);
    }
    highlighted.fetch_add(1, Ordering::Relaxed);
    let (html, problem) = block.html();
    if problem.is_none() {
        cache.put(key, &html);
    }
    (html, problem)
}

/// Everything that the HTML of a block is made from.
fn key(block: &CodeBlock) -> Digest {
    let marked = format!("{:?}", block.marked);
    Cache::key("code", &[&block.language, &marked, &block.text].map(String::as_bytes))
}
