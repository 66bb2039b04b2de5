//! The blocks and files of one note → their drawings, with what the tree, the settings and the
//! cache hold.
//!
//! Must not know: how a diagram is drawn.

use std::cell::Cell;

use super::commands::NoteCommands;
use super::mind_maps::MindMapFiles;
use crate::diagnostic::Diagnostic;
use crate::diagram::{self, Diagram, DiagramMistake, Drawings, MindMap};
use crate::path::SourcePath;
use crate::source::Tree;

/// The drawings of one note.
#[derive(Debug)]
pub(super) struct NoteDrawings<'l> {
    pub commands: NoteCommands<'l>,
    /// The files that it may show; `None` if it names none, so that it does not depend on them.
    pub files: Option<&'l MindMapFiles>,
    pub tree: &'l Tree,
    /// The folder of the note.
    pub folder: SourcePath,
    /// True if a file changed while it was read.
    pub has_raced: Cell<bool>,
}

impl NoteDrawings<'_> {
    /// True if the next run may draw another thing, though the note and the files are the same.
    pub fn are_to_be_made_again(&self) -> bool {
        self.commands.have_failed() || self.has_raced.get()
    }
}

impl Drawings for NoteDrawings<'_> {
    fn has_command(&self, language: &str) -> bool {
        self.commands.has(language)
    }

    fn by_command(&self, language: &str, text: &str) -> Option<Result<Diagram, Diagnostic>> {
        self.commands.draw(language, text)
    }

    fn mind_maps(
        &self,
        destination: &str,
        is_wiki: bool,
    ) -> Option<Result<Vec<MindMap>, DiagramMistake>> {
        let files = self.files?;
        let path = files.find(&self.folder, destination, is_wiki)?;
        let file = match files.read(self.tree, path) {
            Ok(file) => file,
            Err(reason) => return Some(Err(DiagramMistake::new(reason))),
        };
        if !file.is_as_listed {
            self.has_raced.set(true);
        }
        Some(diagram::of_xmind(&file.bytes))
    }
}
