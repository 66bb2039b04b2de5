//! The notes of a site → the notes that link to the note of each page, or name it. The places found
//! in a note stay until the note or the names of all notes change.
//!
//! Must not know: how names are found, what pages look like.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::notes::Notes;
use super::state;
use crate::cache::Cache;
use crate::digest::Digest;
use crate::links::Target;
use crate::mention::{GivenName, LinkPlace, MentionInput, Mentions, NamedPlace, NoteNames};
use crate::nav::PageId;
use crate::note::{Meta, Note};
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct FoundInNote {
    own: NamesOfNote,
    found: Vec<NamedPlace>,
}

/// The names that the front matter of a note gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct NamesOfNote {
    others: Vec<String>,
    keywords: Vec<String>,
}

/// The mentions of a site, worked out when they are first asked for.
pub(super) struct SiteMentions {
    made: OnceLock<Arc<MadeMentions>>,
    /// Those of an earlier site; `None` if the cache has the places found for it.
    past: Option<Arc<MadeMentions>>,
}

/// The mentions of a site, with all that they were made from.
struct MadeMentions {
    site: Arc<Site>,
    names: Arc<NoteNames>,
    /// The keys of the notes, and the places found in each.
    keys: Vec<Digest>,
    found: Vec<Arc<FoundInNote>>,
    mentions: Arc<Mentions>,
    /// True if the cache has the same places.
    is_kept: bool,
}

impl SiteMentions {
    /// Those of a site, which take over the places found for an earlier one.
    pub fn after(earlier: Option<&Self>) -> Self {
        let made = |earlier: &Self| earlier.made.get().or(earlier.past.as_ref()).cloned();
        Self { made: OnceLock::new(), past: earlier.and_then(made) }
    }

    /// The mentions, made now if they were not before. That takes all processors, so it must not be
    /// asked for the first time by several that render pages: they would wait for one another.
    pub fn get(&self, site: &Arc<Site>, notes: &Notes, cache: &Cache) -> &Mentions {
        let make = || {
            let Some(past) = self.past.as_deref() else {
                let kept = state::load_mentions(cache);
                let made = MadeMentions::new(site, notes, &kept);
                return Arc::new(MadeMentions { is_kept: made.has_only(&kept), ..made });
            };
            let made = past.after_edit(site, notes);
            Arc::new(made.unwrap_or_else(|| MadeMentions::new(site, notes, &past.found())))
        };
        &self.made.get_or_init(make).mentions
    }

    /// Keeps the places that were found for the next build, if they were asked for and the cache
    /// does not have them.
    pub fn save(&self, cache: &Cache) {
        if let Some(made) = self.made.get().filter(|made| !made.is_kept) {
            state::save_mentions(&made.found(), cache);
        }
    }
}

impl MadeMentions {
    /// Those of a site, after the places that an earlier build found.
    fn new(site: &Arc<Site>, notes: &Notes, past: &FoundMentions) -> Self {
        let keys = keys(notes);
        let known: Vec<Option<&Arc<FoundInNote>>> =
            keys.iter().map(|key| past.notes.get(key)).collect();
        let own: Vec<NamesOfNote> = known
            .par_iter()
            .enumerate()
            .map(|(note, known)| match known {
                Some(known) => known.own.clone(),
                None => NamesOfNote::of(notes.get(note)),
            })
            .collect();
        let names = NoteNames::new(given_names(site, &own));
        let are_known = names.digest() == past.names;
        let found: Vec<Arc<FoundInNote>> = known
            .into_par_iter()
            .zip(own)
            .enumerate()
            .map(|(note, (known, own))| match known {
                Some(known) if are_known => Arc::clone(known),
                _ => Arc::new(FoundInNote { own, found: places(site, notes, &names, note) }),
            })
            .collect();
        Self::of(site, Arc::new(names), keys, found)
    }

    /// Those of the same site after an edit of the text of notes: its names and links are those of
    /// before. `None` if they are not.
    fn after_edit(&self, site: &Arc<Site>, notes: &Notes) -> Option<Self> {
        let keys = keys(notes);
        if !Arc::ptr_eq(&self.site, site) || keys.len() != self.keys.len() {
            return None;
        }
        let mut found = self.found.clone();
        let mut has_others = false;
        for note in (0..keys.len()).filter(|note| self.keys[*note] != keys[*note]) {
            let own = NamesOfNote::of(notes.get(note));
            if own != self.found[note].own {
                return None;
            }
            let places = places(site, notes, &self.names, note);
            has_others |= places != self.found[note].found;
            found[note] = Arc::new(FoundInNote { own, found: places });
        }
        let names = self.names.clone();
        if has_others {
            return Some(Self::of(site, names, keys, found));
        }
        let (site, mentions) = (site.clone(), self.mentions.clone());
        Some(Self { site, names, keys, found, mentions, is_kept: false })
    }

    fn of(
        site: &Arc<Site>,
        names: Arc<NoteNames>,
        keys: Vec<Digest>,
        found: Vec<Arc<FoundInNote>>,
    ) -> Self {
        let links = (0..keys.len()).into_par_iter().map(|note| links(site, PageId(note)));
        let input = MentionInput {
            names: &names,
            found: found.iter().map(|found| &*found.found).collect(),
            links: links.collect(),
            positions: positions(site, keys.len()),
        };
        let mentions = Arc::new(input.mentions());
        Self { site: site.clone(), names, keys, found, mentions, is_kept: false }
    }

    /// True if these places are all that there is to keep.
    fn has_only(&self, kept: &FoundMentions) -> bool {
        let notes: HashMap<&Digest, &Arc<FoundInNote>> =
            self.keys.iter().zip(&self.found).collect();
        self.names.digest() == kept.names
            && notes.len() == kept.notes.len()
            && kept
                .notes
                .iter()
                .all(|(key, kept)| notes.get(key).is_some_and(|found| Arc::ptr_eq(found, kept)))
    }

    /// The places that were found, for the next build.
    fn found(&self) -> FoundMentions {
        let notes = self.keys.iter().copied().zip(self.found.iter().cloned());
        FoundMentions { names: self.names.digest(), notes: notes.collect() }
    }
}

/// The keys of the notes: equal ones, equal texts.
fn keys(notes: &Notes) -> Vec<Digest> {
    (0..notes.len()).map(|note| notes.record_of(note).key).collect()
}

/// The places where a note names others.
fn places(site: &Site, notes: &Notes, names: &NoteNames, note: usize) -> Vec<NamedPlace> {
    names.named_in(notes.get(note), &site.page(PageId(note)).title)
}

impl NamesOfNote {
    fn of(note: &Note) -> Self {
        let Meta { other_names, keywords, tags, .. } = &note.meta;
        // A tag is a subject that several notes are to have.
        let keywords = keywords.iter().filter(|keyword| !tags.contains(keyword));
        Self { others: other_names.clone(), keywords: keywords.cloned().collect() }
    }
}

/// The names of all notes but the home page, to which everything leads, and translations, which
/// have those of their originals.
fn given_names<'a>(
    site: &'a Site,
    own: &'a [NamesOfNote],
) -> impl Iterator<Item = GivenName> + use<'a> {
    let has_names = |note: &usize| {
        let page = PageId(*note);
        page != site.home && !site.translations.is_translation(page)
    };
    (0..own.len()).filter(has_names).flat_map(move |note| {
        let name = move |is_keyword| {
            move |text: &str| GivenName { text: text.to_owned(), note, is_keyword }
        };
        let NamesOfNote { others, keywords } = &own[note];
        let title = &*site.page(PageId(note)).title;
        let called = std::iter::once(title).chain(others.iter().map(String::as_str));
        let keywords = keywords.iter().map(String::as_str);
        called.map(name(false)).chain(keywords.map(name(true)))
    })
}

/// The pages that a note links to. A translation stands where its note does.
fn links(site: &Site, page: PageId) -> BTreeMap<PageId, LinkPlace> {
    let translations = site.translations.of(page);
    let original = translations.map_or(page, |(original, _)| original);
    let place = |target: PageId| {
        let is_above = original == site.home || is_above(site, original, target);
        if is_above { LinkPlace::Frame } else { LinkPlace::Text }
    };
    let targets = site.targets(page.0).iter().filter_map(|target| match target {
        Target::Page(target, _) if *target != page => Some((*target, place(*target))),
        _ => None,
    });
    let mut links: BTreeMap<PageId, LinkPlace> = targets.collect();
    let twins = translations.into_iter().flat_map(|(original, others)| {
        std::iter::once(original).chain(others.iter().map(|other| other.page))
    });
    links.extend(twins.map(|twin| (twin, LinkPlace::Frame)));
    links
}

/// True if the navigation has a page above another.
fn is_above(site: &Site, page: PageId, below: PageId) -> bool {
    let Some(node) = site.nav.of_page(page) else { return false };
    let mut at = site.nav.of_page(below);
    while let Some(here) = at {
        if here == node {
            return true;
        }
        at = site.nav.node(here).parent;
    }
    false
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
