//! The glossaries among the notes → the terms of the site, each with its place and definition, in
//! the order of an index.
//!
//! Must not know: routes, where a text has a term.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::collation::CollationKey;
use crate::nav::PageId;
use crate::note::Note;

use super::Subject;
use super::structure::Structure;

/// A term that a note explains.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Term {
    /// Its name.
    pub name: String,
    /// The page of the note.
    pub page: PageId,
    /// The id of its place there; empty if the whole note explains it.
    pub anchor: String,
    /// The beginning of its definition as plain text.
    pub definition: String,
}

/// The terms of the notes, in the order of an index. `titles` are those of all pages. Of a term
/// that is explained twice, the first note counts.
pub(super) fn terms(notes: &[Arc<Note>], structure: &Structure, titles: &[Arc<str>]) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for (page, subject) in structure.subjects.iter().enumerate() {
        let page = PageId(page);
        let Subject::Note { index, folder } = subject else { continue };
        let note = &notes[*index];
        if !note.is_glossary() || note.is_stub || structure.translations.is_translation(page) {
            continue;
        }
        let defined = note.parsed.terms.iter().map(|term| Term {
            name: term.name.clone(),
            page,
            anchor: term.anchor.clone(),
            definition: term.definition.clone(),
        });
        terms.extend(defined);
        let is_list = !note.parsed.terms.is_empty() || folder.is_some();
        let explains_one = note.is_term() && (!is_list || !note.meta.term_names.is_empty());
        if explains_one && !note.definition().is_empty() {
            terms.extend(names(note, &titles[page.0]).into_iter().map(|name| Term {
                name,
                page,
                anchor: String::new(),
                definition: note.definition().to_owned(),
            }));
        }
    }
    // Of a name the first note counts, with all spellings that it has.
    let mut explained: BTreeMap<String, PageId> = BTreeMap::new();
    let mut known = BTreeSet::new();
    terms.retain(|term| {
        let first = *explained.entry(term.name.to_lowercase()).or_insert(term.page);
        first == term.page && known.insert(term.name.clone())
    });
    terms.sort_by_cached_key(|term| CollationKey::new(&term.name));
    terms
}

/// The names of the term that a note explains.
fn names(note: &Note, title: &str) -> Vec<String> {
    let named = &note.meta.term_names;
    let names = if named.is_empty() { &[title.to_owned()][..] } else { named };
    names.iter().chain(&note.meta.other_names).cloned().collect()
}
