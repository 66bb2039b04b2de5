//! Notes that no entry of the navigation file names → a diagnostic for each, with the line that
//! would list it; of a file that lists only some of the notes, one for all of them.
//!
//! Must not know: how the navigation file is changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Fix, Kind};
use crate::nav::PageId;
use crate::note::Note;
use crate::path::SourcePath;
use crate::phrase::{Phrase, phrase};
use crate::source::Tree;

use super::Subject;
use super::insertion::{self, Insertion, ListedItem};
use super::listing::NavigationFile;

/// Up to so many notes are reported one by one.
const FEW: usize = 3;
/// If more than one of so many notes is not listed, the file lists some of the notes only.
const SHARE: usize = 3;
/// So many folders are named.
const MOST_FOLDERS: usize = 3;

/// The notes and the file that does not list some of them.
pub(super) struct UnlistedInput<'u> {
    pub file: &'u NavigationFile,
    pub notes: &'u [Arc<Note>],
    pub subjects: &'u [Subject],
    pub tree: &'u Tree,
}

impl UnlistedInput<'_> {
    /// The diagnostics about pages that the items of the file do not list.
    pub fn report(&self, mut missed: Vec<PageId>, items: Vec<ListedItem>) -> Vec<Diagnostic> {
        let paths = insertion::Paths { notes: self.notes, subjects: self.subjects };
        missed.sort_by_key(|page| paths.folder_or_file(*page));
        missed.retain(|page| self.subjects[page.0].note().is_some());
        if missed.len() > FEW && missed.len() * SHARE > self.notes.len() {
            return vec![self.summary(&missed)];
        }
        self.one_by_one(&missed, items, &paths)
    }

    fn one_by_one(
        &self,
        missed: &[PageId],
        mut items: Vec<ListedItem>,
        paths: &insertion::Paths<'_>,
    ) -> Vec<Diagnostic> {
        let shown = &self.file.shown;
        let mut problems = Vec::new();
        for (order, &page) in (0..).zip(missed) {
            let message =
                phrase!("not listed in {shown}; added after the other notes of its folder", shown);
            let problem =
                Diagnostic::new(Kind::Unlisted, message).in_file(self.tree.shown(self.path(page)));
            if self.file.is_derived {
                problems.push(problem.help(phrase!("add an entry, or exclude the note")));
                continue;
            }
            let problem = problem.help(phrase!("add an entry; `notes check --fix` inserts it"));
            let Insertion { after, line } =
                insertion::insert(&mut items, &self.file.path, page, paths);
            problems.push(problem.fix(Fix::Line { file: shown.clone(), after, order, line }));
        }
        problems
    }

    fn summary(&self, missed: &[PageId]) -> Diagnostic {
        let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
        for page in missed {
            let path = self.path(*page);
            let mut segments = path.segments();
            let first = segments.next().unwrap_or_default();
            *folders.entry(if segments.next().is_some() { first } else { "" }).or_default() += 1;
        }
        let mut folders: Vec<(&str, usize)> = folders.into_iter().collect();
        folders.sort_by_key(|&(name, count)| (std::cmp::Reverse(count), name));
        let named = folders.iter().take(MOST_FOLDERS).map(|(name, count)| match *name {
            "" => phrase!("the root folder ({count})", count),
            name => Phrase::verbatim(format!("`{}{name}/` ({count})", self.tree.prefix)),
        });
        let named: Vec<Phrase> = named.collect();
        let rest = folders.len().saturating_sub(MOST_FOLDERS);
        let message = self.not_listed(missed.len(), &named, rest);
        Diagnostic::new(Kind::Unlisted, message).in_file(self.file.shown.clone()).help(phrase!(
            "add entries; or leave folders out with `exclude`, or follow the folders with \
             `navigation: tree`, in notes.yaml"
        ))
    }

    /// The message about so many notes, most of them in the named folders.
    fn not_listed(&self, missed: usize, named: &[Phrase], rest: usize) -> Phrase {
        let notes = self.notes.len();
        if rest > 0 {
            return phrase!(
                "{missed} of {notes:note} are not listed: in {named} and {rest:more folder}",
                missed,
                notes,
                named,
                rest
            );
        }
        phrase!("{missed} of {notes:note} are not listed: in {named}", missed, notes, named)
    }

    fn path(&self, page: PageId) -> &SourcePath {
        let index = self.subjects[page.0].note().unwrap_or_default();
        &self.notes[index].path
    }
}
