//! The places that were found in all notes, and the links between notes → the mentions that each
//! page shows.
//!
//! Must not know: texts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{NamedPlace, NoteNames};
use crate::nav::PageId;

/// Most notes with a link that a page shows, and most that name it, with a sentence each.
const MOST_LINKS: usize = 20;
const MOST_NAMED: usize = 8;
/// Notes that may hold a name: one for so many notes of the site, but no fewer and no more than
/// these. A name that more of them hold is a common word there, and the search finds it.
const NOTES_FOR_ONE: usize = 8;
const LEAST_LIMIT: usize = 8;
const MOST_LIMIT: usize = 20;

/// The place of a link from one note to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPlace {
    /// In the text of a note.
    Text,
    /// In a note above the other, or in its translation: the navigation or the menu of languages
    /// has the link too, so it is not shown again.
    Frame,
}

/// For each page the notes that link to its note or name it.
#[derive(Debug, Default)]
pub struct Mentions {
    by_page: HashMap<PageId, PageMentions>,
}

/// The notes that link to the note of a page, and those that name it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PageMentions {
    /// The first notes with a link to it.
    pub links: Vec<PageId>,
    /// The number of the others.
    pub more_links: usize,
    /// The first notes that name it.
    pub named: Vec<NamedIn>,
    /// The number of the others.
    pub more_named: usize,
    /// The name by which all of these call it, if there is one.
    pub only_name: Option<String>,
}

/// A note that names another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NamedIn {
    /// The page of the note.
    pub page: PageId,
    /// The place in it.
    pub place: NamedPlace,
}

/// All that is known of the notes of a site.
pub struct MentionInput<'a> {
    /// The names of the notes.
    pub names: &'a NoteNames,
    /// For each note the places that were found in it.
    pub found: Vec<&'a [NamedPlace]>,
    /// For each note the pages that it links to.
    pub links: Vec<BTreeMap<PageId, LinkPlace>>,
    /// The place of each note in reading order. Notes and their pages have one order.
    pub positions: Vec<usize>,
}

impl MentionInput<'_> {
    /// The mentions of each page.
    #[must_use]
    pub fn mentions(&self) -> Mentions {
        let common = self.common();
        let mut links: BTreeMap<PageId, Vec<usize>> = BTreeMap::new();
        let mut named: BTreeMap<PageId, BTreeMap<usize, &NamedPlace>> = BTreeMap::new();
        for (holder, targets) in self.links.iter().enumerate() {
            for (target, _) in targets.iter().filter(|(_, place)| **place == LinkPlace::Text) {
                links.entry(*target).or_default().push(holder);
            }
        }
        for (holder, found) in self.found.iter().enumerate() {
            for place in *found {
                let Some(note) = self.names.note(&place.name) else { continue };
                let page = PageId(note);
                let is_linked = self.links[holder].contains_key(&page);
                if note == holder || is_linked || common.contains(&*place.name) {
                    continue;
                }
                // Of several names of one note the one that is there most often.
                let of_page = named.entry(page).or_default();
                let best = of_page.entry(holder).or_insert(place);
                if place.count > best.count {
                    *best = place;
                }
            }
        }
        let mut by_page: HashMap<PageId, PageMentions> = HashMap::new();
        for (page, mut holders) in links {
            holders.sort_by_key(|&holder| self.positions[holder]);
            let shown = by_page.entry(page).or_default();
            shown.more_links = holders.len().saturating_sub(MOST_LINKS);
            holders.truncate(MOST_LINKS);
            shown.links = holders.into_iter().map(PageId).collect();
        }
        for (page, holders) in named {
            let mut holders: Vec<(usize, &NamedPlace)> = holders.into_iter().collect();
            holders
                .sort_by_key(|(holder, place)| (usize::MAX - place.count, self.positions[*holder]));
            let shown = by_page.entry(page).or_default();
            let mut used = holders.iter().map(|(_, place)| &place.name);
            let first = used.next();
            if used.all(|name| Some(name) == first) {
                shown.only_name = first.cloned();
            }
            shown.more_named = holders.len().saturating_sub(MOST_NAMED);
            holders.truncate(MOST_NAMED);
            let place = |(holder, place): (usize, &NamedPlace)| NamedIn {
                page: PageId(holder),
                place: place.clone(),
            };
            shown.named = holders.into_iter().map(place).collect();
        }
        Mentions { by_page }
    }

    /// The names that too many notes hold.
    fn common(&self) -> BTreeSet<&str> {
        let mut holders: HashMap<&str, usize> = HashMap::new();
        for (holder, found) in self.found.iter().enumerate() {
            for place in found.iter().filter(|place| self.names.note(&place.name) != Some(holder)) {
                *holders.entry(&place.name).or_default() += 1;
            }
        }
        let most = (self.found.len() / NOTES_FOR_ONE).clamp(LEAST_LIMIT, MOST_LIMIT);
        holders.into_iter().filter(|(_, count)| *count > most).map(|(name, _)| name).collect()
    }
}

/// Gives the mentions of pages, made when they are first asked for.
pub trait MentionSource: Sync {
    /// Those of a page.
    fn mentions_of(&self, page: PageId) -> Option<&PageMentions>;
}

impl Mentions {
    /// Those of a page.
    #[must_use]
    pub fn of(&self, page: PageId) -> Option<&PageMentions> {
        self.by_page.get(&page)
    }
}
