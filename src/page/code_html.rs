//! Blocks of code → their HTML, as far as it is known.
//!
//! Must not know: how code is highlighted.

use std::collections::HashMap;
use std::sync::Arc;

use crate::markdown::CodeBlock;

/// The HTML of every distinct code block of the notes.
#[derive(Debug, Default)]
pub struct CodeHtml(HashMap<CodeBlock, Arc<str>>);

impl CodeHtml {
    /// Learns the HTML of a block.
    pub fn add(&mut self, block: CodeBlock, html: Arc<str>) {
        self.0.insert(block, html);
    }

    /// True if the HTML of a block is known.
    #[must_use]
    pub fn has(&self, block: &CodeBlock) -> bool {
        self.0.contains_key(block)
    }

    /// Number of blocks.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The HTML of a block.
    #[must_use]
    pub fn of(&self, block: &CodeBlock) -> &str {
        self.0.get(block).map_or("", |html| html)
    }
}
