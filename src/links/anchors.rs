//! The headings and other ids of a page → the id that an anchor means.
//!
//! Must not know: the making of ids.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::escape::escaped;
use crate::markdown::Heading;
use crate::note::Note;
use crate::path::{anchor_key, percent_decode};

/// So many headings with the same words are looked at for one that is below others: a page may have
/// as many of them as links.
const MOST_EQUAL: usize = 64;
/// So many ids on each side are compared with a dead anchor for a suggestion.
const MOST_NEAR: usize = 100;
/// Fewer of a long one: to compare two takes as many steps as the product of their lengths.
const MOST_STEPS: usize = 300_000;
/// Beginnings that programs put before the ids of headings: GitHub in its pages, Bitbucket.
const PREFIXES: [&str; 2] = ["user-content-", "markdown-header-"];

/// The ids that a page has.
#[derive(Debug, Clone, Copy, Default)]
pub struct PageAnchors<'n> {
    /// Its headings in order.
    pub headings: &'n [Heading],
    /// Its other ids.
    pub others: &'n [String],
}

impl<'n> PageAnchors<'n> {
    /// Those of a note's page.
    #[must_use]
    pub fn of(note: &'n Note) -> Self {
        Self { headings: &note.parsed.outline, others: &note.parsed.anchors }
    }
}

/// An id that an anchor means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundAnchor {
    pub id: String,
    /// True if the anchor only has its letters and digits.
    pub is_loose: bool,
}

/// The ids of one page, ready to be looked up.
#[derive(Debug, Clone, Default)]
pub(super) struct Anchors {
    ids: HashSet<String>,
    headings: Vec<KeyedHeading>,
    /// The headings with each key, in order, up to [`MOST_EQUAL`].
    by_key: HashMap<String, Vec<usize>>,
    /// The ids in alphabetical order, once a suggestion was asked for.
    sorted: OnceLock<Vec<String>>,
    /// By the keys of the headings' words, as they are and as HTML writes them.
    by_words: HashMap<String, Keyed>,
    /// By the keys of ids.
    by_id: HashMap<String, Keyed>,
}

#[derive(Debug, Clone)]
struct KeyedHeading {
    level: u8,
    key: String,
    id: String,
    /// The heading above it.
    parent: Option<usize>,
}

/// The id with a key.
#[derive(Debug, Clone)]
enum Keyed {
    /// One, or the first of headings with the same words.
    Id { id: String, words: String },
    /// Several, of which none is meant more than the others.
    Ambiguous,
}

impl Anchors {
    pub fn of(page: PageAnchors<'_>) -> Self {
        let mut known = Self::default();
        // The headings that are open, outermost first.
        let mut open: Vec<usize> = Vec::new();
        for heading in page.headings {
            let key = anchor_key(&heading.text);
            let words = heading.text.to_lowercase();
            // HonKit makes ids of HTML: `setup-amp-config`.
            let html = anchor_key(&escaped(&heading.text).replace('\'', "&#39;"));
            if html != key {
                insert(&mut known.by_words, html, &heading.anchor, &words);
            }
            insert(&mut known.by_words, key.clone(), &heading.anchor, &words);
            insert(&mut known.by_id, anchor_key(&heading.anchor), &heading.anchor, &heading.anchor);
            let (level, id) = (heading.level, heading.anchor.clone());
            known.ids.insert(id.clone());
            while open.last().is_some_and(|&last| known.headings[last].level >= level) {
                open.pop();
            }
            let parent = open.last().copied();
            open.push(known.headings.len());
            let equal = known.by_key.entry(key.clone()).or_default();
            if equal.len() < MOST_EQUAL {
                equal.push(known.headings.len());
            }
            known.headings.push(KeyedHeading { level, key, id, parent });
        }
        for id in page.others {
            insert(&mut known.by_id, anchor_key(id), id, id);
            known.ids.insert(id.clone());
        }
        known
    }

    /// The ids beside which an anchor would be in alphabetical order: for a short one, all ids of a
    /// page of few.
    pub fn near(&self, anchor: &str) -> &[String] {
        let ids = self.sorted.get_or_init(|| {
            let mut ids: Vec<String> = self.ids.iter().cloned().collect();
            ids.sort_unstable();
            ids
        });
        let at = ids.partition_point(|id| id.as_str() < anchor);
        // Characters, which a comparison takes its steps over.
        let length = anchor.chars().count();
        let steps = length.saturating_mul(length).max(1);
        let most = (MOST_STEPS / steps).clamp(1, MOST_NEAR);
        &ids[at.saturating_sub(most)..ids.len().min(at + most)]
    }

    /// The id that an anchor means: as it is, decoded, in lower case; or, as other programs write
    /// it, the only one with its letters and digits. Obsidian also names the headings above it:
    /// `A#B`.
    pub fn meant_by(&self, anchor: &str) -> Option<FoundAnchor> {
        let decoded = percent_decode(anchor);
        let lower = decoded.to_lowercase();
        // A comment or image at an end of the heading leaves its blank in the id, which GitHub
        // finds without that too.
        let (before, behind) = (format!("-{lower}"), format!("{lower}-"));
        for exact in [anchor, &decoded, &lower, &before, &behind] {
            if self.ids.contains(exact) {
                return Some(FoundAnchor { id: exact.to_owned(), is_loose: false });
            }
        }
        // The id of a block, which no heading has.
        if decoded.starts_with('^') {
            return None;
        }
        let bare = PREFIXES.iter().find_map(|prefix| lower.strip_prefix(prefix)).unwrap_or(&lower);
        let id = self.id_of_path(&decoded).or_else(|| self.id_of(bare))?;
        Some(FoundAnchor { id: id.to_owned(), is_loose: true })
    }

    fn id_of(&self, anchor: &str) -> Option<&str> {
        if let Some(id) = self.ids.get(anchor) {
            return Some(id);
        }
        let key = anchor_key(anchor);
        match self.by_words.get(&key).or_else(|| self.by_id.get(&key))? {
            Keyed::Id { id, .. } => Some(id),
            Keyed::Ambiguous => None,
        }
    }

    /// The first heading with the last of these words that is below headings with the others.
    fn id_of_path(&self, anchor: &str) -> Option<&str> {
        let path: Vec<String> = anchor.split('#').map(anchor_key).collect();
        let (last, above) = path.split_last()?;
        if above.is_empty() || last.is_empty() {
            return None;
        }
        let is_below = |&&heading: &&usize| {
            let parents = |at: usize| self.headings[at].parent;
            let mut names = std::iter::successors(parents(heading), |&at| parents(at))
                .map(|at| &self.headings[at].key);
            above.iter().rev().all(|wanted| names.any(|name| name == wanted))
        };
        let heading = self.by_key.get(last)?.iter().find(is_below)?;
        Some(&self.headings[*heading].id)
    }
}

/// Adds an id under a key. Of headings with the same words the first is meant, as in a browser.
fn insert(keys: &mut HashMap<String, Keyed>, key: String, id: &str, words: &str) {
    if key.is_empty() {
        return;
    }
    match keys.get_mut(&key) {
        Some(Keyed::Id { words: first, .. }) if first == words => {}
        Some(other) => *other = Keyed::Ambiguous,
        None => {
            keys.insert(key, Keyed::Id { id: id.to_owned(), words: words.to_owned() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, parse};

    fn check(text: &str, cases: &[(&str, Option<(&str, bool)>)]) {
        let parsed = parse(text, &Context::default());
        let page = PageAnchors { headings: &parsed.outline, others: &parsed.anchors };
        let anchors = Anchors::of(page);
        for (anchor, expected) in cases {
            let found = anchors.meant_by(anchor);
            let found = found.as_ref().map(|found| (found.id.as_str(), found.is_loose));
            assert_eq!(found, *expected, "{anchor}");
        }
    }

    #[test]
    fn anchors_as_other_programs_write_them() {
        let text = "## Nav | 导航\n## Setup & Config\n## 1. 数组\n## 什么是 Raft？\n## It's\n## Search\n\
             ## 数组（Array）\n<a id=\"a-b\"></a>\n## 选举\n## Foo <!-- x -->\n## ![a](b.png) Bar";
        let setup = Some(("setup--config", true));
        check(
            text,
            &[
                ("选举", Some(("选举", false))),
                ("%E9%80%89%E4%B8%BE", Some(("选举", false))),
                ("Nav--导航", Some(("nav--导航", false))),
                ("Search", Some(("search", false))),
                ("Nav-导航", Some(("nav--导航", true))),
                ("Setup & Config", setup),
                ("Setup%20&%20Config", setup),
                ("setup-amp-config", setup),
                ("setup_config", setup),
                ("user-content-setup--config", setup),
                ("markdown-header-setup-config", setup),
                ("_1-数组", Some(("1-数组", true))),
                ("1.-数组", Some(("1-数组", true))),
                ("什么是-raft？", Some(("什么是-raft", true))),
                ("数组（Array）", Some(("数组array", true))),
                ("it39s", Some(("its", true))),
                ("A_B", Some(("a-b", true))),
                ("foo", Some(("foo-", false))),
                ("Bar", Some(("-bar", false))),
                ("没有", None),
                ("setup", None),
                ("!!", None),
                ("^search", None),
                ("#", None),
            ],
        );
    }

    #[test]
    fn several_with_the_same_letters_are_none() {
        let text = "## C\n## C++\n## 概述！\n## 概述\n## 概述！\n## 小结\n## 小结";
        check(
            text,
            &[
                ("c", Some(("c", false))),
                ("C#", None),
                ("概述", Some(("概述", false))),
                ("概述？", None),
                ("小结？", Some(("小结", true))),
            ],
        );
    }

    #[test]
    fn a_heading_is_named_by_those_above_it() {
        let text = "# T\n## A & B\n### 小结\n## C\n### D\n#### 小结\n## 小结 2";
        check(
            text,
            &[
                ("A & B#小结", Some(("小结", true))),
                ("C#小结", Some(("小结-1", true))),
                ("C#D#小结", Some(("小结-1", true))),
                ("D#C#小结", None),
                ("T#小结 2", Some(("小结-2", true))),
                ("C#没有", None),
            ],
        );
    }

    #[test]
    fn a_suggestion_takes_as_many_steps_on_a_page_of_many_ids() {
        let steps = |headings: usize, anchor: &str| {
            let others: Vec<String> = (0..headings).map(|n| format!("heading-{n:05}")).collect();
            let anchors = Anchors::of(PageAnchors { headings: &[], others: &others });
            anchors.near(anchor).len() * anchor.len()
        };
        let long = "heading-".repeat(1_000);
        for anchor in ["heading-01000x", &long] {
            assert!(steps(100, anchor) > 0);
            assert_eq!(steps(2_000, anchor), steps(16_000, anchor), "{}", anchor.len());
        }
        assert!(steps(16_000, &long) <= 2 * long.len());
        assert_eq!(steps(30, "h"), 30);
    }
}
