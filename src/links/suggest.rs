//! A path that does not exist → the path that the writer may have meant: of those with the most
//! similar name, the one that shares the most folders.
//!
//! Must not know: the files at the paths.

use std::collections::HashMap;

use crate::path::{SourcePath, loose_key};

/// Least similarity of two names, from 0 to 1.
const LEAST_SIMILARITY: f64 = 0.6;
/// Number of names that are compared in full: those that share the most pairs of letters. There may
/// be thousands of notes and hundreds of dead links, so not all pairs are compared.
const MOST_COMPARED: usize = 50;

/// Paths that can be suggested, by the pairs of letters in their names.
#[derive(Debug, Clone, Default)]
pub(super) struct Suggestions {
    paths: Vec<(SourcePath, String)>,
    by_pair: HashMap<(char, char), Vec<usize>>,
}

impl Suggestions {
    pub fn new<'p>(paths: impl Iterator<Item = &'p SourcePath>) -> Self {
        let mut suggestions = Self::default();
        for path in paths.filter(|path| !path.is_root()) {
            let name = name_of(path);
            let number = suggestions.paths.len();
            for pair in pairs(&name) {
                let numbers = suggestions.by_pair.entry(pair).or_default();
                if numbers.last() != Some(&number) {
                    numbers.push(number);
                }
            }
            suggestions.paths.push((path.clone(), name));
        }
        suggestions
    }

    /// The most similar path.
    pub fn find(&self, wanted: &SourcePath) -> Option<&SourcePath> {
        let name = name_of(wanted);
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for number in pairs(&name).filter_map(|pair| self.by_pair.get(&pair)).flatten() {
            *shared.entry(*number).or_default() += 1;
        }
        let mut shared: Vec<(usize, usize)> = shared.into_iter().collect();
        shared.sort_unstable_by_key(|&(number, count)| (std::cmp::Reverse(count), number));
        let mut best: Option<Suggestion<'_>> = None;
        for (number, _) in shared.into_iter().take(MOST_COMPARED) {
            let (path, other) = &self.paths[number];
            let similarity = strsim::normalized_damerau_levenshtein(&name, other);
            if similarity < LEAST_SIMILARITY {
                continue;
            }
            let next = Suggestion { path, similarity, folders: common_folders(path, wanted) };
            if best.as_ref().is_none_or(|best| next.is_better_than(best)) {
                best = Some(next);
            }
        }
        best.map(|best| best.path)
    }
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
fn pairs(name: &str) -> impl Iterator<Item = (char, char)> {
    let padded = ['^'].into_iter().chain(name.chars());
    padded.zip(name.chars().chain(['$']))
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
}
