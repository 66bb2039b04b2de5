//! The notes of a site → the notes that link to the note of each page, or name it. The places found
//! in a note stay until the note or the names of all notes change.
//!
//! Must not know: how names are found, what pages look like.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::notes::Notes;
use super::state;
use crate::cache::Cache;
use crate::digest::Digest;
use crate::links::Target;
use crate::mention::{MentionInput, Mentions, NamedPlace, NoteNames};
use crate::nav::PageId;
use crate::site::Site;

/// The places found in the notes of a build, for the next.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct FoundMentions {
    /// The digest of the names that were looked for.
    names: Digest,
    /// By the keys of the notes.
    notes: BTreeMap<Digest, Arc<FoundInNote>>,
}

/// The places found in a note.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct FoundInNote {
    /// Its own names beside its title.
    names: Vec<String>,
    found: Vec<NamedPlace>,
}

/// The mentions of a site, worked out when they are first asked for.
pub(super) struct SiteMentions {
    made: OnceLock<(Mentions, FoundMentions)>,
    /// The places found for an earlier site; `None` if the cache has them.
    past: Option<FoundMentions>,
}

impl SiteMentions {
    /// Those of the site after another.
    pub fn after(earlier: Option<&Self>) -> Self {
        let found = |earlier: &Self| match earlier.made.get() {
            Some((_, found)) => Some(found.clone()),
            None => earlier.past.clone(),
        };
        Self { made: OnceLock::new(), past: earlier.and_then(found) }
    }

    /// All of them.
    pub fn get(&self, site: &Site, notes: &Notes, cache: &Cache) -> &Mentions {
        let make = || match &self.past {
            Some(past) => mentions(site, notes, past),
            None => mentions(site, notes, &state::load_mentions(cache)),
        };
        &self.made.get_or_init(make).0
    }

    /// Keeps what was found for the next build, if it was asked for.
    pub fn save(&self, cache: &Cache) {
        if let Some((_, found)) = self.made.get() {
            state::save_mentions(found, cache);
        }
    }
}

/// The mentions of a site, and the places found, after those that an earlier build found.
fn mentions(site: &Site, notes: &Notes, past: &FoundMentions) -> (Mentions, FoundMentions) {
    let count = notes.len();
    let known: Vec<(Digest, Option<&Arc<FoundInNote>>)> = (0..count)
        .map(|note| notes.record_of(note).key)
        .map(|key| (key, past.notes.get(&key)))
        .collect();
    let own_names: Vec<Vec<String>> = known
        .par_iter()
        .enumerate()
        .map(|(note, (_, known))| match known {
            Some(known) => known.names.clone(),
            None => names_of(notes, note),
        })
        .collect();
    let has_names = |note: &usize| {
        let page = PageId(*note);
        page != site.home && !site.translations.is_translation(page)
    };
    let given = (0..count).filter(has_names).flat_map(|note| {
        let title = site.page(PageId(note)).title.to_string();
        let more = own_names[note].iter().cloned();
        std::iter::once(title).chain(more).map(move |name| (name, note))
    });
    let names = NoteNames::new(given);
    let are_known = names.digest() == past.names;
    let found: Vec<Arc<FoundInNote>> = known
        .into_par_iter()
        .zip(own_names)
        .enumerate()
        .map(|(note, ((_, known), own_names))| match known.filter(|_| are_known) {
            Some(known) => Arc::clone(known),
            None => {
                let found = names.named_in(notes.get(note));
                Arc::new(FoundInNote { names: own_names, found })
            }
        })
        .collect();
    let gathered = MentionInput {
        names: &names,
        found: found.iter().map(|found| &*found.found).collect(),
        links: (0..count).into_par_iter().map(|note| links(site, PageId(note))).collect(),
        positions: positions(site, count),
    };
    let mentions = gathered.mentions();
    let keys = (0..count).map(|note| notes.record_of(note).key);
    let found = FoundMentions { names: names.digest(), notes: keys.zip(found).collect() };
    (mentions, found)
}

/// The names that the front matter of a note gives it.
fn names_of(notes: &Notes, note: usize) -> Vec<String> {
    let meta = &notes.get(note).meta;
    meta.other_names.iter().chain(&meta.keywords).cloned().collect()
}

/// The pages that a note links to, and true for those that show it.
fn links(site: &Site, page: PageId) -> BTreeMap<PageId, bool> {
    let node = site.nav.of_page(page);
    let is_below = |target: PageId| {
        let below = site.nav.of_page(target);
        let mut at = below.filter(|_| node.is_some());
        while let Some(here) = at {
            if Some(here) == node {
                return true;
            }
            at = site.nav.node(here).parent;
        }
        false
    };
    let targets = site.targets(page.0).iter().filter_map(|target| match target {
        Target::Page(target, _) if *target != page => Some(*target),
        _ => None,
    });
    targets.map(|target| (target, page != site.home && !is_below(target))).collect()
}

/// The place of each note in reading order; those outside it come last.
fn positions(site: &Site, count: usize) -> Vec<usize> {
    let order = site.reading_order();
    let mut positions: Vec<usize> = (0..count).map(|note| order.len() + note).collect();
    for (position, page) in order.iter().enumerate() {
        if let Some(place) = positions.get_mut(page.0) {
            *place = position;
        }
    }
    positions
}
