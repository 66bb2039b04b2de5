//! A note → true if it explains terms.
//!
//! Must not know: the terms.

use crate::path::{SourcePath, label_of};

use super::Note;

/// Names of notes and folders that explain terms, in lower case.
const GLOSSARIES: [&str; 5] = ["术语", "术语表", "词汇表", "glossary", "terms"];

impl Note {
    /// True if it explains terms: as its front matter says, or by its name or that of a folder
    /// around it.
    #[must_use]
    pub fn is_glossary(&self) -> bool {
        self.meta.is_glossary || is_name(self.path.stem()) || self.is_in_glossary()
    }

    /// True if it explains one term: as its front matter says, or because it is one of the notes of
    /// a glossary.
    #[must_use]
    pub fn is_term(&self) -> bool {
        self.meta.is_glossary || self.is_in_glossary() && !is_name(self.path.stem())
    }

    /// The definition of the term that it explains; empty if it has no text.
    #[must_use]
    pub fn definition(&self) -> &str {
        self.meta.description.as_deref().unwrap_or(&self.parsed.first_words)
    }

    fn is_in_glossary(&self) -> bool {
        is_in_glossary(&self.path)
    }
}

fn is_in_glossary(path: &SourcePath) -> bool {
    path.parent().segments().any(is_name)
}

fn is_name(name: &str) -> bool {
    GLOSSARIES.contains(&label_of(name).to_lowercase().as_str())
}
