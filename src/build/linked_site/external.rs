//! A linked site → the links of its notes to other sites.
//!
//! Must not know: whether anything answers there.

use super::LinkedSite;
use crate::diagnostic::Location;
use crate::links::Target;
use crate::page::BookTargets;

impl LinkedSite {
    /// The links to other sites, with their places.
    pub(in crate::build) fn external(&self, books: &BookTargets) -> Vec<(Location, String)> {
        let of_note = |note: usize| {
            let targets = self.site.targets(note).iter().enumerate();
            targets.filter_map(move |(link, target)| match target {
                Target::External(url) => {
                    Some((self.notes.location_of_link(note, link), url.clone()))
                }
                Target::Book(of_book, Some(url)) if !books.0.contains_key(of_book) => {
                    Some((self.notes.location_of_link(note, link), url.clone()))
                }
                _ => None,
            })
        };
        (0..self.notes.len()).flat_map(of_note).collect()
    }
}
