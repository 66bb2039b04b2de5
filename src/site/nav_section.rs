//! The headings that entries of the navigation file name → their ids.
//!
//! Must not know: how the file is read, where the entries are.

use crate::diagnostic::{Diagnostic, Span};
use crate::links::{AnchorFit, LinkResolver, Target};
use crate::path::SourcePath;

use super::reference;

/// The headings that entries of a navigation file name, by the numbers that the entries have.
#[derive(Debug, Clone, Default)]
pub(super) struct NavSections {
    /// The file in messages.
    pub file: String,
    /// The folder of the file, which destinations are relative to.
    pub folder: SourcePath,
    pub list: Vec<NavSection>,
}

/// An entry's destination with an anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NavSection {
    pub destination: String,
    /// Its place in the file.
    pub place: Span,
}

impl NavSections {
    /// The id of each; `None`, with a diagnostic, for a heading that its page does not have.
    pub fn ids(
        &self,
        resolver: &LinkResolver<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Vec<Option<String>> {
        let mut ids = Vec::with_capacity(self.list.len());
        let mut lost = 0;
        for NavSection { destination, place } in &self.list {
            let resolved = resolver.resolve(&self.folder, None, destination);
            let Target::Page(page, id) = resolved.target else {
                ids.push(None);
                continue;
            };
            if resolved.anchor == AnchorFit::Lost {
                let mut problem = reference::lost_anchor(destination);
                lost += 1;
                if lost <= reference::MOST_SUGGESTED
                    && let Some(id) = resolver.suggest_anchor(&self.folder, page, destination)
                {
                    problem = problem.help(reference::did_you_mean(&format!("#{id}")));
                }
                problems.push(problem.in_file(self.file.clone()).at(*place));
            }
            ids.push(id);
        }
        ids
    }
}
