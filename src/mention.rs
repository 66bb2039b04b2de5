//! Names of notes, and the texts of notes → the sentences in which notes are named.
//!
//! A name counts where it stands as a word: not within a longer word or a longer name, not in code.
//! Of names that say nothing, that several notes have, or that very many notes hold, nothing is
//! shown.
//!
//! Must not know: pages, HTML, which notes are published.

mod gathered;
mod sentence;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::markdown::cjk::is_cjk_letter;
use crate::markdown::passages;
use crate::note::{Note, is_generic_title};

pub use self::gathered::{LinkPlace, MentionInput, MentionSource, Mentions, NamedIn, PageMentions};
pub use self::sentence::Sentence;

/// Fewest letters of a name, of which a Han character counts two: of `C`, `Go` and `树` too many
/// other things are called.
const FEWEST_LETTERS: usize = 3;
/// Shortest term, in characters: a single one has too many other meanings.
const SHORTEST_TERM: usize = 2;
/// Longest name, in bytes.
const LONGEST: usize = 120;
/// Most names that are found in one note.
const MOST_IN_NOTE: usize = 100;

/// A name that a note is given.
#[derive(Debug, Clone)]
pub struct GivenName {
    /// The name.
    pub text: String,
    /// The number of the note.
    pub note: usize,
    /// True for a keyword, which is a name of the note only if no other note is called so.
    pub is_keyword: bool,
}

/// The names of all notes.
pub struct NoteNames {
    finder: Option<AhoCorasick>,
    names: Vec<NoteName>,
    /// For each pattern of the finder its name.
    owners: Vec<usize>,
    digest: Digest,
}

/// A name that is looked for.
struct NoteName {
    /// Its spellings, which differ in case alone; the first stands for all.
    spellings: BTreeSet<String>,
    /// The number of the note that it names; `None` for a name of several, which is looked for
    /// because shorter names stand in it.
    note: Option<usize>,
    /// True if it counts in these spellings alone: in lower case a single word may be a common one.
    has_case: bool,
}

/// The notes that one name is given to.
#[derive(Default)]
enum Holder {
    #[default]
    Nobody,
    One(usize),
    Several,
}

/// A name, before it is known whose it is.
#[derive(Default)]
struct Candidate {
    spellings: BTreeSet<String>,
    /// The notes that have it as title or other name, and those that have it as a keyword.
    called: Holder,
    keyword: Holder,
}

/// A place in the text of a note where another note is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NamedPlace {
    /// The first spelling of the name.
    pub name: String,
    /// The id of the heading above the place; empty at the top of the note.
    pub anchor: String,
    /// The sentence around it.
    pub sentence: Sentence,
    /// Number of times that the note holds the name.
    pub count: usize,
}

/// A match of a name in a text, in bytes.
struct Match {
    begin: usize,
    end: usize,
    name: usize,
}

impl Holder {
    fn add(&mut self, note: usize) {
        *self = match *self {
            Self::Nobody => Self::One(note),
            Self::One(first) if first == note => Self::One(note),
            Self::One(_) | Self::Several => Self::Several,
        };
    }
}

impl Candidate {
    /// The name to look for; `None` for a keyword that names no note.
    fn name(self) -> Option<NoteName> {
        let Self { spellings, called, keyword } = self;
        let text = spellings.first()?;
        let is_proper = |c: char| c.is_uppercase() || is_cjk_letter(c);
        let note = match (called, keyword) {
            (Holder::One(note), _) => Some(note),
            (Holder::Several, _) => None,
            (Holder::Nobody, Holder::One(note)) if text.contains(is_proper) => Some(note),
            (Holder::Nobody, _) => return None,
        };
        let note = if is_generic_title(text) { None } else { note };
        let has_case = has_case(text);
        Some(NoteName { spellings, note, has_case })
    }
}

impl NoteName {
    fn text(&self) -> &str {
        self.spellings.first().map(String::as_str).unwrap_or_default()
    }
}

impl NoteNames {
    /// The names of notes. A note may have several.
    #[must_use]
    pub fn new(given: impl IntoIterator<Item = GivenName>) -> Self {
        let mut candidates: BTreeMap<String, Candidate> = BTreeMap::new();
        for GivenName { text, note, is_keyword } in given {
            let text = text.trim();
            if !is_name(text) {
                continue;
            }
            let candidate = candidates.entry(text.to_lowercase()).or_default();
            let holder = if is_keyword { &mut candidate.keyword } else { &mut candidate.called };
            holder.add(note);
            candidate.spellings.insert(text.to_owned());
        }
        Self::of(candidates.into_values().filter_map(Candidate::name).collect())
    }

    /// The names of terms, each with a number. What a writer calls a term is one, however common
    /// it is; of equal names the first counts, in all their spellings.
    #[must_use]
    pub fn of_terms<'t>(terms: impl IntoIterator<Item = (&'t str, usize)>) -> Self {
        let mut names: BTreeMap<String, NoteName> = BTreeMap::new();
        for (text, number) in terms {
            let is_short = text.chars().count() < SHORTEST_TERM;
            if is_short || text.len() > LONGEST || !text.contains(char::is_alphabetic) {
                continue;
            }
            let name = names.entry(text.to_lowercase()).or_insert_with(|| NoteName {
                spellings: BTreeSet::new(),
                note: Some(number),
                has_case: has_case(text),
            });
            name.spellings.insert(text.to_owned());
        }
        Self::of(names.into_values().collect())
    }

    fn of(mut names: Vec<NoteName>) -> Self {
        names.sort_by(|one, other| one.text().cmp(other.text()));
        // The finder knows the case of ASCII alone, so other letters need each spelling.
        let (mut patterns, mut owners) = (Vec::new(), Vec::new());
        for (owner, name) in names.iter().enumerate() {
            let mut known: Vec<&str> = Vec::new();
            for spelling in &name.spellings {
                if !known.iter().any(|other| other.eq_ignore_ascii_case(spelling)) {
                    known.push(spelling);
                    owners.push(owner);
                }
            }
            patterns.extend(known.into_iter().map(str::to_owned));
        }
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(patterns);
        let looked_for: Vec<(&BTreeSet<String>, bool)> =
            names.iter().map(|name| (&name.spellings, name.note.is_some())).collect();
        let digest = Digest::of_value(&looked_for);
        // It fails for more names than a billion notes have.
        Self { finder: finder.ok(), names, owners, digest }
    }

    /// Equal digests: the same is found in a note.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The number of the note that a name, by its first spelling, names.
    #[must_use]
    pub fn note(&self, name: &str) -> Option<usize> {
        let at = self.names.binary_search_by(|known| known.text().cmp(name)).ok()?;
        self.names[at].note
    }

    /// The first place of each name that a note holds, in the order of the text. `title` is that of
    /// its page.
    #[must_use]
    pub fn named_in(&self, note: &Note, title: &str) -> Vec<NamedPlace> {
        let title_heading =
            if note.is_titled_by_heading(title) { note.parsed.first_heading() } else { None };
        let mut found: Vec<NamedPlace> = Vec::new();
        let mut at: HashMap<usize, usize> = HashMap::new();
        for passage in passages(&note.parsed) {
            let apart = &passage.apart;
            for Match { begin, end, name } in self.matches(&passage.text) {
                if apart.iter().any(|apart| apart.start < end && begin < apart.end) {
                    continue;
                }
                if let Some(&known) = at.get(&name) {
                    found[known].count += 1;
                    continue;
                }
                let Some(sentence) = Sentence::around(&passage.text, begin..end) else { continue };
                if found.len() == MOST_IN_NOTE {
                    return found;
                }
                at.insert(name, found.len());
                // The title is at the top.
                let is_below_title = passage.heading == title_heading;
                let heading = passage.heading.and_then(|number| note.parsed.outline.get(number));
                let anchor = match heading {
                    Some(heading) if !is_below_title => heading.anchor.clone(),
                    _ => String::new(),
                };
                found.push(NamedPlace {
                    name: self.names[name].text().to_owned(),
                    anchor,
                    sentence,
                    count: 1,
                });
            }
        }
        found
    }

    /// The places of names in a text, each with the number of its note or term.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let matches = self.matches(text).into_iter();
        matches
            .filter_map(|found| Some((found.begin..found.end, self.names[found.name].note?)))
            .collect()
    }

    /// The names of one note in a text: of those that overlap the first, of those the longest.
    fn matches(&self, text: &str) -> Vec<Match> {
        let Some(finder) = &self.finder else { return Vec::new() };
        let mut all: Vec<Match> = finder
            .find_overlapping_iter(text)
            .map(|found| Match {
                begin: found.start(),
                end: found.end(),
                name: self.owners[found.pattern().as_usize()],
            })
            .filter(|found| self.is_word(text, found))
            .collect();
        all.sort_by_key(|found| (found.begin, usize::MAX - found.end));
        let mut covered = 0;
        all.retain(|found| {
            let is_free = found.begin >= covered;
            if is_free {
                covered = found.end;
            }
            is_free && self.names[found.name].note.is_some()
        });
        all
    }

    /// True if a match is a word of its own, in the case of the name.
    fn is_word(&self, text: &str, found: &Match) -> bool {
        let name = &self.names[found.name];
        let (before, after) = (&text[..found.begin], &text[found.end..]);
        let written = &text[found.begin..found.end];
        (!name.has_case || name.spellings.contains(written))
            && !goes_on(written.chars().next(), before.chars().rev())
            && !goes_on(written.chars().next_back(), after.chars())
    }
}

/// True if a word at whose edge a letter stands goes on over that edge: `Raft` does in `Rafts`,
/// `Multi-Raft`, `raft_log` and `raft.conf`, and does not in `Raft's` nor before a full stop or a
/// Chinese word.
fn goes_on(edge: Option<char>, mut beyond: impl Iterator<Item = char>) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() && !is_cjk_letter(c);
    if !edge.is_some_and(is_letter) {
        return false;
    }
    match beyond.next() {
        Some(c) if is_letter(c) => true,
        Some('+' | '#') => true,
        // `Raft's` is a form of the name.
        Some('\'' | '’') => {
            let ending = [beyond.next(), beyond.next()];
            ending[0].is_some_and(is_letter)
                && (ending[0] != Some('s') || ending[1].is_some_and(is_letter))
        }
        Some('_' | '.' | '/' | '-' | '@' | ':') => beyond.next().is_some_and(is_letter),
        _ => false,
    }
}

/// True if a text can be a name.
fn is_name(text: &str) -> bool {
    let has_letter = text.chars().any(char::is_alphabetic);
    text.len() <= LONGEST && letter_count(text) >= FEWEST_LETTERS && has_letter
}

/// Number of letters, of which a Han character counts two.
fn letter_count(text: &str) -> usize {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.map(|c| if is_cjk_letter(c) { 2 } else { 1 }).sum()
}

/// True for a name that counts in its spellings alone.
fn has_case(text: &str) -> bool {
    !text.contains(|c: char| c.is_whitespace() || is_cjk_letter(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::tests::note;

    /// The names and the words that stand for them in a text.
    fn found(names: &[&str], text: &str) -> Vec<String> {
        let names = names.iter().enumerate().map(|(note, name)| called(name, note));
        places(&NoteNames::new(names), text)
    }

    fn places(names: &NoteNames, text: &str) -> Vec<String> {
        let places = names.named_in(&note(text), "");
        places.into_iter().map(|place| place.sentence.to_string()).collect()
    }

    fn called(name: &str, note: usize) -> GivenName {
        GivenName { text: name.to_owned(), note, is_keyword: false }
    }

    fn keyword(name: &str, note: usize) -> GivenName {
        GivenName { is_keyword: true, ..called(name, note) }
    }

    #[test]
    fn spellings_of_terms_differ_in_letters_of_all_scripts() {
        let names = NoteNames::of_terms([("Übung", 0), ("übung", 0), ("Raft", 1), ("raft", 2)]);
        for (text, expected) in [
            ("Die Übung hier", &[0][..]),
            ("die übung hier", &[0]),
            ("Raft und raft, nicht RAFT", &[1, 1]),
        ] {
            let found: Vec<usize> = names.find(text).into_iter().map(|(_, term)| term).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn names_stand_as_words() {
        let names = ["Raft", "分布式锁", "Zero Copy", "epoll", "分布式", "B+ 树"];
        for (text, count) in [
            ("这里用 Raft 选主。", 1),
            ("这里用Raft选主。", 1),
            ("用的是 Raft.", 1),
            ("Rafts are other things.", 0),
            ("raft is a boat here.", 0),
            ("The file raft_Raft holds it.", 0),
            ("It is Raft's log, and the log’s.", 1),
            ("It is Raft'n'roll there.", 0),
            ("All that is Raft-based.", 0),
            ("A <code>Raft</code> in raw HTML.", 0),
            ("![Raft 的图](a.png) 在这里。", 0),
            ("It is in Raft.conf there.", 0),
            ("The zero copy of Linux.", 1),
            ("一个分布式锁的例子。", 1),
            ("分布式的锁也是。", 1),
            ("用 B+ 树存的。", 1),
            ("在 `Raft` 里。", 0),
            ("    Raft in code\n", 0),
            ("## Raft 的标题\n", 0),
            ("- Raft\n", 0),
            ("- Raft 与其他\n", 1),
        ] {
            assert_eq!(found(&names, text).len(), count, "{text}");
        }
        assert_eq!(found(&names, "一个分布式锁的例子。"), ["一个分布式锁的例子。"]);
    }

    #[test]
    fn names_of_several_notes_and_names_that_say_nothing_are_none() {
        let text = "网络的简介在 Go 和 C 的 README 里，树也在。";
        assert!(found(&["网络", "网络", "简介", "Go", "C", "README", "树"], text).is_empty());
        // The longer one is still not the shorter.
        assert!(found(&["网络", "网络协议", "网络协议"], "这是网络协议的一种。").is_empty());
        let twice = NoteNames::new([called("网络", 1), called("网络", 1)]);
        assert_eq!(twice.note("网络"), Some(1));
    }

    #[test]
    fn all_spellings_of_a_note_count() {
        let names = NoteNames::new([called("redis", 1), keyword("Redis", 1), keyword("REDIS", 2)]);
        assert_eq!(names.note("REDIS"), Some(1));
        for text in ["用 redis 存。", "用 Redis 存。"] {
            assert_eq!(places(&names, text), [text]);
        }
        assert!(places(&names, "用 rEdis 存。").is_empty());
    }

    #[test]
    fn keywords_are_names_of_one_note_that_look_like_names() {
        let names = NoteNames::new([
            keyword("Raft", 1),
            called("Raft", 2),
            keyword("分布式锁", 3),
            keyword("order", 3),
            keyword("网络", 3),
            keyword("网络", 4),
        ]);
        assert_eq!(names.note("Raft"), Some(2));
        assert_eq!(names.note("分布式锁"), Some(3));
        assert!(places(&names, "in the order of 网络 here").is_empty());
        // A keyword of several notes does not keep a shorter name from being one.
        let names =
            NoteNames::new([called("网络", 1), keyword("网络协议", 2), keyword("网络协议", 3)]);
        assert_eq!(places(&names, "这是网络协议的一种。"), ["这是网络协议的一种。"]);
    }
}
