//! The authors of a note, as many as its page names.
//!
//! Must not know: git, templates.

use crate::config::Authors;
use crate::history::NoteHistory;

use super::Renderer;

/// Most authors of a note that its page names, if others are left.
const MOST_AUTHORS: usize = 3;

impl Renderer<'_> {
    /// The authors that a page shows, and the number of the others in words.
    pub(super) fn authors<'h>(&self, past: &'h NoteHistory) -> (Vec<&'h str>, Option<String>) {
        let all: Vec<&str> = past.authors.iter().map(AsRef::as_ref).collect();
        let shown = match self.config.authors {
            Authors::None => return (Vec::new(), None),
            Authors::First => return (all.last().copied().into_iter().collect(), None),
            // The number of one more would take as much room as the name.
            Authors::Last if all.len() > MOST_AUTHORS + 1 => MOST_AUTHORS,
            Authors::Last | Authors::All => all.len(),
        };
        let more = (shown < all.len()).then(|| self.labels.more_authors(all.len(), shown));
        (all.into_iter().take(shown).collect(), more)
    }
}
