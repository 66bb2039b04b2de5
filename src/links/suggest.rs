//! A path that does not exist → the path that the writer may have meant: of those with the most
//! similar name, the one that shares the most folders.
//!
//! There may be as many dead links as notes, so a suggestion takes a number of steps that does not
//! grow with the number of paths.
//!
//! Must not know: the files at the paths.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::path::{SourcePath, loose_key};

/// Least similarity of two names, from 0 to 1.
const LEAST_SIMILARITY: f64 = 0.6;
/// Number of names that are compared in full: those that share the most pairs of letters.
const MOST_COMPARED: usize = 16;
/// Number of names that are looked at for pairs of letters they share with the wanted one.
const MOST_READ: usize = 1_024;
/// Number of names that are looked at for one pair: `no` is in every `note-123`.
const MOST_OF_A_PAIR: usize = 256;
/// Longest name that is compared, in letters: comparing takes the square of it. File systems have
/// no longer ones.
const LONGEST: usize = 255;

/// Paths that can be suggested, by their names and by the pairs of letters in these.
#[derive(Debug, Clone, Default)]
pub(super) struct Suggestions {
    /// In alphabetical order.
    names: Vec<NamedPaths>,
    /// The names with each pair of letters, in alphabetical order.
    by_pair: HashMap<LetterPair, Vec<usize>>,
}

/// Two neighbouring letters.
type LetterPair = (char, char);

/// The paths with one name, in alphabetical order.
#[derive(Debug, Clone)]
struct NamedPaths {
    name: String,
    paths: Vec<SourcePath>,
}

impl Suggestions {
    pub fn new<'p>(paths: impl Iterator<Item = &'p SourcePath>) -> Self {
        let mut by_name: BTreeMap<String, Vec<SourcePath>> = BTreeMap::new();
        for path in paths.filter(|path| !path.is_root()) {
            by_name.entry(name_of(path)).or_default().push(path.clone());
        }
        let mut suggestions = Self::default();
        for (name, mut paths) in by_name {
            for pair in pairs(&name) {
                suggestions.by_pair.entry(pair).or_default().push(suggestions.names.len());
            }
            paths.sort_unstable();
            suggestions.names.push(NamedPaths { name, paths });
        }
        suggestions
    }

    /// The most similar path.
    pub fn find(&self, wanted: &SourcePath) -> Option<&SourcePath> {
        let name = name_of(wanted);
        let at = match self.names.binary_search_by(|named| named.name.as_str().cmp(&name)) {
            Ok(number) => return self.names[number].nearest(wanted),
            Err(at) => at,
        };
        if name.chars().count() > LONGEST {
            return None;
        }
        let mut best: Option<Suggestion<'_>> = None;
        for number in self.candidates(&name, at) {
            let named = &self.names[number];
            let similarity = strsim::normalized_damerau_levenshtein(&name, &named.name);
            if similarity < LEAST_SIMILARITY {
                continue;
            }
            let Some(path) = named.nearest(wanted) else { continue };
            let next = Suggestion { path, similarity, folders: common_folders(path, wanted) };
            if best.as_ref().is_none_or(|best| next.is_better_than(best)) {
                best = Some(next);
            }
        }
        best.map(|best| best.path)
    }

    /// The names that are compared with one that would be at a position.
    fn candidates(&self, name: &str, at: usize) -> Vec<usize> {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for &number in self.read(name, at).into_iter().flatten() {
            *shared.entry(number).or_default() += 1;
        }
        let mut shared: Vec<(usize, usize)> = shared.into_iter().collect();
        let order = |&(number, count): &(usize, usize)| {
            (Reverse(count), self.names[number].name.len().abs_diff(name.len()), number)
        };
        shared.sort_unstable_by_key(order);
        shared.into_iter().take(MOST_COMPARED).map(|(number, _)| number).collect()
    }

    /// The names that share a pair of letters with one that would be at a position, as far as they
    /// are looked at: those with the rarest pairs; of too many with one pair those that begin
    /// alike.
    fn read(&self, name: &str, at: usize) -> Vec<&[usize]> {
        let lists = pairs(name).into_iter().filter_map(|pair| self.by_pair.get(&pair));
        let mut lists: Vec<&[usize]> = lists.map(|list| around(list, at, MOST_OF_A_PAIR)).collect();
        lists.sort_by_key(|list| list.len());
        let mut left = MOST_READ;
        let mut read = Vec::new();
        for list in lists {
            let near = around(list, at, left);
            left -= near.len();
            read.push(near);
        }
        read
    }
}

impl NamedPaths {
    /// The path that shares the most folders with another: one of its neighbours in the alphabet.
    fn nearest(&self, wanted: &SourcePath) -> Option<&SourcePath> {
        let at = self.paths.partition_point(|path| path < wanted);
        let neighbours = &self.paths[at.saturating_sub(1)..self.paths.len().min(at + 1)];
        // The first of two as good ones.
        neighbours.iter().min_by_key(|path| Reverse(common_folders(path, wanted)))
    }
}

/// Up to `most` of some numbers in order: those before and behind a number.
fn around(numbers: &[usize], number: usize, most: usize) -> &[usize] {
    let at = numbers.partition_point(|&other| other < number);
    let end = numbers.len().min(at.saturating_sub(most / 2) + most);
    &numbers[end.saturating_sub(most)..end]
}

/// A path whose name is similar to the one that is wanted.
struct Suggestion<'s> {
    path: &'s SourcePath,
    similarity: f64,
    /// Number of folders that it has in common with the wanted path.
    folders: usize,
}

impl Suggestion<'_> {
    fn is_better_than(&self, other: &Self) -> bool {
        self.similarity > other.similarity
            || (self.similarity >= other.similarity && self.folders > other.folders)
    }
}

/// The name that is compared: in lower case, without a note's ending; a folder's own note has the
/// folder's name.
fn name_of(path: &SourcePath) -> String {
    let is_own = path.is_markdown() && matches!(&*loose_key(path.stem()), "readme" | "index");
    let named = if is_own { path.parent() } else { path.clone() };
    let end = if named.is_markdown() { named.stem() } else { named.name() };
    let html = end.strip_suffix(".html").unwrap_or(end);
    html.to_lowercase()
}

/// All pairs of neighbouring letters, with a marker at each end of the name.
fn pairs(name: &str) -> BTreeSet<LetterPair> {
    let padded = ['^'].into_iter().chain(name.chars());
    padded.zip(name.chars().chain(['$'])).collect()
}

/// Number of folders that two paths have in common, from the root.
fn common_folders(one: &SourcePath, other: &SourcePath) -> usize {
    one.segments().zip(other.segments()).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_paths_are_suggested() {
        let path = |text: &str| SourcePath::new(text).unwrap();
        let paths = [
            "共识/Raft.md",
            "共识/Paxos.md",
            "数据库/README.md",
            "数据库/事务.md",
            "分布式/事务.md",
            "图/架构.png",
        ];
        let paths = paths.map(path);
        let suggestions = Suggestions::new(paths.iter());
        for (wanted, expected) in [
            ("共识/Rafft.md", Some("共识/Raft.md")),
            ("raft", Some("共识/Raft.md")),
            ("x/paxos.html", Some("共识/Paxos.md")),
            ("数据库/事务处理.md", None),
            ("数据库/事 务.md", Some("数据库/事务.md")),
            ("分布式/旧/事务.md", Some("分布式/事务.md")),
            ("数据库", Some("数据库/README.md")),
            ("图/架构.jpg", Some("图/架构.png")),
            ("全无.md", None),
            ("", None),
        ] {
            assert_eq!(suggestions.find(&path(wanted)), expected.map(path).as_ref(), "{wanted}");
        }
    }

    #[test]
    fn a_suggestion_takes_as_many_steps_among_many_paths() {
        let steps = |notes: usize| {
            let paths = (0..notes).map(|n| format!("{}/note-{n:05}.md", n / 100));
            let paths: Vec<SourcePath> = paths.filter_map(|path| SourcePath::new(&path)).collect();
            let suggestions = Suggestions::new(paths.iter());
            let read = suggestions.read("nota-01234", 0);
            assert!(suggestions.candidates("nota-01234", 0).len() <= MOST_COMPARED);
            read.into_iter().map(<[usize]>::len).sum::<usize>()
        };
        assert_eq!([2_000, 16_000].map(steps), [MOST_READ; 2]);
    }

    #[test]
    fn of_many_paths_of_one_name_the_nearest_is_suggested() {
        let path = |text: String| SourcePath::new(&text).unwrap();
        let paths: Vec<SourcePath> = (0..5_000).map(|n| path(format!("{n}/a/数据.md"))).collect();
        let suggestions = Suggestions::new(paths.iter());
        for wanted in ["4321/b/数据.md", "4321/数据.html", "4321/a/c/数剧数据.md"] {
            let expected = (!wanted.contains('剧')).then(|| path("4321/a/数据.md".to_owned()));
            let found = suggestions.find(&path(wanted.to_owned()));
            assert_eq!(found, expected.as_ref(), "{wanted}");
        }
    }

    #[test]
    fn typos_are_found_among_names_that_begin_alike() {
        let path = |text: &str| SourcePath::new(text).unwrap();
        let mut paths: Vec<SourcePath> =
            (0..5_000).map(|n| path(&format!("journal/2021-{n:04}.md"))).collect();
        paths.push(path("journal/kubernetes-controller.md"));
        let suggestions = Suggestions::new(paths.iter());
        for (wanted, expected) in [
            ("journal/2021-12345.md", "journal/2021-1234.md"),
            ("journal/2021-123x.md", "journal/2021-1230.md"),
            ("journal/kubernetes-controler.md", "journal/kubernetes-controller.md"),
            ("kubrenetes-controller.md", "journal/kubernetes-controller.md"),
        ] {
            assert_eq!(suggestions.find(&path(wanted)), Some(&path(expected)), "{wanted}");
        }
        let long = path(&"2021-".repeat(100_000));
        assert_eq!(suggestions.find(&long), None);
    }
}
