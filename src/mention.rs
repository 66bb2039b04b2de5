//! NoteNames of notes, and the texts of notes → the sentences in which notes are named.
//!
//! A name counts where it stands as a word: not within a longer word or a longer name, not in code.
//! Of names that say nothing, that several notes have, or that very many notes hold, nothing is
//! shown.
//!
//! Must not know: pages, HTML, which notes are published.

mod gathered;
mod sentence;

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::markdown::cjk::is_cjk_letter;
use crate::markdown::passages;
use crate::note::{Note, is_generic_title};

pub use self::gathered::{MentionInput, MentionSource, Mentions, NamedIn, PageMentions};
use self::sentence::sentence;

/// Fewest letters of a name, of which a Han character counts two: of `C`, `Go` and `树` too many
/// other things are called.
const FEWEST_LETTERS: usize = 3;
/// Longest name, in bytes.
const LONGEST: usize = 120;
/// Most names that are found in one note.
const MOST_IN_NOTE: usize = 100;

/// The names of all notes.
pub struct NoteNames {
    finder: Option<AhoCorasick>,
    /// In the order of the finder.
    names: Vec<NoteName>,
    digest: Digest,
}

/// A name.
struct NoteName {
    text: String,
    /// The number of the only note that has it.
    note: Option<usize>,
    /// True if it counts in the same case alone: a single word may be a common one in lower case.
    has_one_case: bool,
}

/// A place in the text of a note where another note is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NamedPlace {
    /// The name, as its note writes it.
    pub name: String,
    /// The id of the heading above the place; empty at the top of the note.
    pub anchor: String,
    /// The sentence before the name, the name as it is written there, and the rest of the sentence.
    pub sentence: [String; 3],
    /// Number of times that the note holds the name.
    pub count: usize,
}

/// A match of a name in a text, in bytes.
struct Match {
    begin: usize,
    end: usize,
    name: usize,
}

impl NoteNames {
    /// The names of notes, given with the notes' numbers. A note may have several.
    #[must_use]
    pub fn new(given: impl IntoIterator<Item = (String, usize)>) -> Self {
        // NoteNames that differ in case alone are one.
        let mut notes: HashMap<String, (String, Option<usize>)> = HashMap::new();
        for (name, note) in given {
            let text = name.trim();
            if !is_name(text) {
                continue;
            }
            let known =
                notes.entry(text.to_lowercase()).or_insert_with(|| (text.to_owned(), Some(note)));
            // Of several spellings of one name the one that is first in order.
            if *text < *known.0 {
                text.clone_into(&mut known.0);
            }
            known.1 = known.1.filter(|first| *first == note);
        }
        let mut names: Vec<NoteName> = notes
            .into_values()
            .map(|(text, note)| NoteName {
                has_one_case: !text.contains(|c: char| c.is_whitespace() || is_cjk_letter(c)),
                note: note.filter(|_| !is_generic_title(&text)),
                text,
            })
            .collect();
        names.sort_by(|one, other| one.text.cmp(&other.text));
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(names.iter().map(|name| &name.text));
        let texts: Vec<(&str, bool)> =
            names.iter().map(|name| (&*name.text, name.note.is_some())).collect();
        let digest = Digest::of_value(&texts);
        // Too many names for the finder would be gigabytes of them.
        Self { finder: finder.ok(), names, digest }
    }

    /// Equal digests: the same is found in a note.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The number of the only note that has a name.
    #[must_use]
    pub fn note(&self, name: &str) -> Option<usize> {
        let at = self.names.binary_search_by(|known| known.text.as_str().cmp(name)).ok()?;
        self.names[at].note
    }

    /// The first place of each name of one note that a note holds, in the order of the text.
    #[must_use]
    pub fn named_in(&self, note: &Note) -> Vec<NamedPlace> {
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
                let Some(sentence) = sentence(&passage.text, begin..end) else { continue };
                if found.len() == MOST_IN_NOTE {
                    return found;
                }
                at.insert(name, found.len());
                let heading = passage.heading.and_then(|number| note.parsed.outline.get(number));
                // The title is at the top.
                let heading = heading.filter(|heading| heading.level > 1);
                found.push(NamedPlace {
                    name: self.names[name].text.clone(),
                    anchor: heading.map_or_else(String::new, |heading| heading.anchor.clone()),
                    sentence,
                    count: 1,
                });
            }
        }
        found
    }

    /// The names of one note in a text: of those that overlap the first, of those the longest.
    fn matches(&self, text: &str) -> Vec<Match> {
        let Some(finder) = &self.finder else { return Vec::new() };
        let mut all: Vec<Match> = finder
            .find_overlapping_iter(text)
            .map(|found| Match {
                begin: found.start(),
                end: found.end(),
                name: found.pattern().as_usize(),
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
        (!name.has_one_case || written == name.text)
            && !goes_on(written.chars().next(), before.chars().rev())
            && !goes_on(written.chars().next_back(), after.chars())
    }
}

/// True if a word at whose edge a letter stands goes on over that edge: `Raft` does in `Rafts`,
/// `raft_log` and `raft.conf`, and does not before a full stop or a Chinese word.
fn goes_on(edge: Option<char>, mut beyond: impl Iterator<Item = char>) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() && !is_cjk_letter(c);
    if !edge.is_some_and(is_letter) {
        return false;
    }
    match beyond.next() {
        Some(c) if is_letter(c) => true,
        Some('+' | '#') => true,
        Some('_' | '.' | '/' | '-' | '@' | ':' | '\'' | '’') => {
            beyond.next().is_some_and(is_letter)
        }
        _ => false,
    }
}

/// True if a text can be a name.
fn is_name(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    let count: usize = letters.map(|c| if is_cjk_letter(c) { 2 } else { 1 }).sum();
    text.len() <= LONGEST && count >= FEWEST_LETTERS && text.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::tests::note;

    /// The names and the words that stand for them in a text.
    fn found(names: &[&str], text: &str) -> Vec<String> {
        let numbered = names.iter().enumerate().map(|(number, name)| (name.to_string(), number));
        let names = NoteNames::new(numbered);
        names.named_in(&note(text)).into_iter().map(|named| named.sentence.concat()).collect()
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
        let two = NoteNames::new([("网络".to_owned(), 1), ("网络".to_owned(), 1)]);
        assert_eq!(two.note("网络"), Some(1));
    }
}
