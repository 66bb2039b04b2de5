//! All pages that are searched → the pieces of the index. Some pages at a time, for the texts of
//! all of them are as large as the notes.
//!
//! Must not know: earlier builds.

use std::ops::Range;

use rayon::prelude::*;

use super::IndexedPage;
use crate::search::{Cutter, Gathered, Piece, Texts};

/// So many shares of the work there are for each core.
const SHARES: usize = 2;
/// The number of pages at a time.
const BATCH: usize = 2048;

/// The pieces of the index of all pages. `T` is a piece in its place.
pub(super) struct WholeIndex<T> {
    /// The size of the texts of each page, in bytes.
    pub sizes: Vec<usize>,
    /// The pieces of postings.
    pub postings: Vec<T>,
    /// The ranges of pages whose texts are a piece.
    pub groups: Vec<Range<usize>>,
    /// These pieces.
    pub texts: Vec<T>,
}

impl<T: Send> WholeIndex<T> {
    /// Makes the pieces of about this size; `put` takes one away.
    pub fn new(entries: &[IndexedPage<'_>], size: usize, put: impl Fn(Piece) -> T + Sync) -> Self {
        let mut whole = Self {
            sizes: Vec::with_capacity(entries.len()),
            postings: Vec::new(),
            groups: Vec::new(),
            texts: Vec::new(),
        };
        let mut runs: Vec<Gathered> = Vec::new();
        let mut cutter = Cutter::new(size);
        // The texts of the last pages, whose piece may go on.
        let mut open: Vec<Texts> = Vec::new();
        for (number, batch) in entries.chunks(BATCH).enumerate() {
            let share = batch.len().div_ceil(SHARES * rayon::current_num_threads()).max(1);
            let shares = batch.par_chunks(share).enumerate();
            let made: Vec<(Gathered, Vec<Texts>)> =
                shares.map(|(at, pages)| gathered(number * BATCH + at * share, pages)).collect();
            for (postings, texts) in made {
                runs.push(postings);
                for texts in texts {
                    let page = whole.sizes.len();
                    if cutter.begins(entries[page].address.as_bytes(), texts.len()) {
                        whole.groups.push(whole.grouped()..page);
                    }
                    whole.sizes.push(texts.len());
                    open.push(texts);
                }
            }
            whole.put_texts(&mut open, &put);
        }
        if !open.is_empty() {
            whole.groups.push(whole.grouped()..entries.len());
            whole.put_texts(&mut open, &put);
        }
        let postings = runs.into_par_iter().reduce(Gathered::default, Gathered::merge);
        let cuts = postings.cut(size);
        whole.postings = cuts.par_iter().map(|range| put(postings.piece(range))).collect();
        whole
    }

    /// The number of pages that are in a group.
    fn grouped(&self) -> usize {
        self.groups.last().map_or(0, |group| group.end)
    }

    /// Makes the pieces of groups that have none, of the texts that `open` begins with.
    fn put_texts(&mut self, open: &mut Vec<Texts>, put: &(impl Fn(Piece) -> T + Sync)) {
        let groups = &self.groups[self.texts.len()..];
        let Some(first) = groups.first().map(|group| group.start) else { return };
        let piece = |group: &Range<usize>| {
            let texts: Vec<&Texts> = open[group.start - first..group.end - first].iter().collect();
            put(Texts::piece(&texts))
        };
        let pieces: Vec<T> = groups.par_iter().map(piece).collect();
        self.texts.extend(pieces);
        open.drain(..self.grouped() - first);
    }
}

/// The terms and the texts of pages that are numbered from `first`.
fn gathered(first: usize, pages: &[IndexedPage<'_>]) -> (Gathered, Vec<Texts>) {
    let mut texts = Vec::with_capacity(pages.len());
    let pages = pages.iter().map(|entry| {
        let page = entry.page();
        texts.push(Texts::of(&page));
        page
    });
    (Gathered::of(first, pages), texts)
}
