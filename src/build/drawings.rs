//! The blocks and files of notes → their drawings, each distinct one made once, and only if the
//! cache does not have it.
//!
//! Must not know: how a diagram is drawn.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use super::commands::{self, NoteCommands};
use super::highlight;
use super::mind_maps::MindMapFiles;
use crate::cache::Cache;
use crate::diagnostic::Diagnostic;
use crate::diagram::{self, Diagram, DiagramMistake, Drawings, MindMap};
use crate::digest::Digest;
use crate::markdown::PlacedCode;
use crate::path::SourcePath;
use crate::source::Tree;

/// A block, drawn; a mistake in it is kept too, for it may take as long to find.
type DrawnBlock = Result<Diagram, DiagramMistake>;

/// The mind maps of a file, drawn.
type DrawnFile = Result<Vec<MindMap>, DiagramMistake>;

/// The drawings that were made now: a run does not find in the cache what it adds to it.
#[derive(Debug, Default)]
pub(super) struct FreshDrawings(Mutex<HashMap<Digest, Arc<OnceLock<DrawnBlock>>>>);

impl FreshDrawings {
    /// Lets go of all of them: the notes have theirs.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The drawing of a block, which is made if neither this nor the cache has it. Who needs it
    /// meanwhile waits.
    fn get_or_draw(&self, language: &str, text: &str, cache: &Cache) -> DrawnBlock {
        let key = key(language, text);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let drawing = all.entry(key).or_default().clone();
        drop(all);
        let make = || cache.get_or_make(key, || diagram::draw(language, text));
        drawing.get_or_init(make).clone()
    }
}

/// Everything that the drawing of a block is made from.
pub(super) fn key(language: &str, text: &str) -> Digest {
    Cache::key("diagram", &[language, text].map(str::as_bytes))
}

/// The keys of what is made of code blocks.
pub(super) fn keys_of_codes(
    codes: &[PlacedCode],
    by_language: &BTreeMap<String, Vec<String>>,
) -> Vec<Digest> {
    let mut keys = Vec::with_capacity(codes.len());
    for PlacedCode { block, .. } in codes {
        keys.push(highlight::key(block));
        if diagram::is_diagram(&block.language) {
            keys.push(key(&block.language, &block.text));
        }
        if let Some(words) = by_language.get(&block.language) {
            keys.push(commands::key(words, &block.text));
        }
    }
    keys
}

/// The drawings of one note.
#[derive(Debug)]
pub(super) struct NoteDrawings<'l> {
    pub commands: NoteCommands<'l>,
    pub fresh: &'l FreshDrawings,
    pub cache: &'l Cache,
    /// The files that it may show; `None` if it names none, so that it does not depend on them.
    pub files: Option<&'l MindMapFiles>,
    pub tree: &'l Tree,
    /// The folder of the note.
    pub folder: SourcePath,
    /// The files that it shows: a note may name one a thousand times.
    pub shown: RefCell<HashMap<SourcePath, DrawnFile>>,
    /// True if a file changed while it was read.
    pub has_raced: Cell<bool>,
}

impl NoteDrawings<'_> {
    /// True if the next run may draw another thing, though the note and the files are the same.
    pub fn are_to_be_made_again(&self) -> bool {
        self.commands.have_failed() || self.has_raced.get()
    }

    /// Reads and draws a file.
    fn drawn(&self, files: &MindMapFiles, path: &SourcePath) -> DrawnFile {
        let file = files.read(self.tree, path).map_err(DiagramMistake::new)?;
        if !file.is_as_listed {
            self.has_raced.set(true);
        }
        let key = Cache::key("mind maps", &[&file.bytes]);
        self.cache.get_or_make(key, || diagram::of_xmind(&file.bytes))
    }
}

impl Drawings for NoteDrawings<'_> {
    fn has_command(&self, language: &str) -> bool {
        self.commands.has(language)
    }

    fn by_command(&self, language: &str, text: &str) -> Option<Result<Diagram, Diagnostic>> {
        self.commands.draw(language, text)
    }

    fn draw_ahead(&self, blocks: &[(&str, String)]) {
        let mut blocks: Vec<_> = blocks.iter().collect();
        // The longest first, or one processor is left with it at the end.
        blocks.sort_by_key(|(_, text)| std::cmp::Reverse(text.len()));
        let draw = |(language, text): &(&str, String)| {
            // A mistake is reported where the block is asked for.
            let _ = self.fresh.get_or_draw(language, text, self.cache);
        };
        blocks.into_par_iter().with_max_len(1).for_each(draw);
    }

    fn draw(&self, language: &str, text: &str) -> DrawnBlock {
        self.fresh.get_or_draw(language, text, self.cache)
    }

    fn mind_maps(&self, destination: &str, is_wiki: bool) -> Option<DrawnFile> {
        let files = self.files?;
        let path = files.find(&self.folder, destination, is_wiki)?;
        let mut shown = self.shown.borrow_mut();
        if let Some(known) = shown.get(path) {
            return Some(known.clone());
        }
        let drawn = self.drawn(files, path);
        shown.insert(path.clone(), drawn.clone());
        Some(drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_and_mistakes_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let blocks = [("mermaid", "flowchart LR\n甲 --> 乙"), ("mermaid", "flowchart LR\n甲[")];
        let first = Cache::open(folder.path());
        let drawn = blocks
            .map(|(language, text)| FreshDrawings::default().get_or_draw(language, text, &first));
        assert!(drawn[0].is_ok() && drawn[1].is_err());
        first.save().unwrap();
        let second = Cache::open(folder.path());
        let kept = blocks.map(|(language, text)| second.get::<DrawnBlock>(key(language, text)));
        assert_eq!(kept, drawn.map(Some));
    }

    #[test]
    fn equal_blocks_are_drawn_once() {
        let fresh = FreshDrawings::default();
        let text = "flowchart LR\n甲 --> 乙";
        let other = Ok(Diagram { words: "another".to_owned(), ..Diagram::default() });
        fresh.get_or_draw("mermaid", text, &Cache::none()).unwrap();
        let kept = Cache::none().keeping_recent(1 << 20);
        kept.put(key("mermaid", text), &other);
        assert_ne!(fresh.get_or_draw("mermaid", text, &kept), other);
        fresh.forget();
        assert_eq!(fresh.get_or_draw("mermaid", text, &kept), other);
    }
}
