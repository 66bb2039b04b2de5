//! Notes that embed one another → the notes whose text a page shows.
//!
//! Must not know: how a note is shown in another.

use std::sync::Arc;

use crate::links::Target;
use crate::markdown::LinkKind;
use crate::note::Note;

use super::reference::OfNote;
use super::{Site, Subject};

/// Notes are embedded in notes that are embedded so many times, as in Obsidian.
pub const DEEPEST: usize = 5;
/// One page shows no more notes.
pub const MOST: usize = 500;

/// The notes that each note embeds, by index, for those that embed any.
pub(super) type Embeds = Vec<(usize, Vec<usize>)>;

/// Finds the notes that each note embeds.
pub(super) fn embeds(
    notes: &[Arc<Note>],
    references: &[Arc<OfNote>],
    subjects: &[Subject],
) -> Embeds {
    let mut found = Vec::new();
    for (index, (note, of_note)) in notes.iter().zip(references).enumerate() {
        let mut embedded = Vec::new();
        for (link, target) in note.parsed.links.iter().zip(&*of_note.targets) {
            let Target::Page(page, _) = target else { continue };
            let Some(other) = subjects[page.0].note() else { continue };
            if link.kind == LinkKind::Embed && !embedded.contains(&other) && embedded.len() < MOST {
                embedded.push(other);
            }
        }
        if !embedded.is_empty() {
            found.push((index, embedded));
        }
    }
    found
}

impl Site {
    /// The other notes whose text is embedded in that of a note, those that they embed too.
    #[must_use]
    pub fn embedded_in(&self, note: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut level = vec![note];
        for _ in 0..DEEPEST {
            let mut next = Vec::new();
            for &other in level.iter().flat_map(|&note| self.embedded_directly(note)) {
                if other != note && !found.contains(&other) && found.len() < MOST {
                    found.push(other);
                    next.push(other);
                }
            }
            level = next;
        }
        found
    }

    fn embedded_directly(&self, note: usize) -> &[usize] {
        match self.embeds.binary_search_by_key(&note, |(index, _)| *index) {
            Ok(place) => &self.embeds[place].1,
            Err(_) => &[],
        }
    }
}
