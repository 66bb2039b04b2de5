//! The notes, the navigation and the settings → what each of their links leads to.
//!
//! Must not know: routes, titles.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::links::{LinkResolver, PageAnchors};
use crate::nav::PageId;
use crate::note::Note;

use super::memo::Before;
use super::reference::{LinkProblem, References};
use super::structure::Structure;
use super::{ConfiguredRow, Given, configured};

/// The links of a site, resolved.
pub(super) struct Linked {
    /// Those of the notes, and all files that are published.
    pub references: References,
    /// The problems with them.
    pub problems: Vec<LinkProblem>,
    /// The ids of the headings that entries of the navigation name.
    pub sections: Vec<Option<String>>,
    /// The rows of the matrix in the settings.
    pub matrix: Vec<ConfiguredRow>,
}

impl Linked {
    pub fn new(
        notes: &[Arc<Note>],
        given: Given<'_>,
        structure: &Structure,
        before: &Before<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let Given { tree, config, .. } = given;
        let ids = |page: PageId| PageAnchors::of(&notes[page.0]);
        let resolver = LinkResolver::new(structure.paths.clone(), notes.len(), ids)
            .with_repository(config.own_repository.as_ref());
        let mut references = References::of(notes, before, &resolver);
        let sections = structure.sections.ids(&resolver, problems);
        let matrix = configured::matrix(config, &resolver, &mut references.files, problems);
        references.files.extend(configured::files(config, tree, problems));
        let of_links = references.problems(notes, &resolver);
        Self { references, problems: of_links, sections, matrix }
    }
}
