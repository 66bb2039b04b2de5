//! A path at which nothing stands → the one that the writer may have meant: of those whose name is most like its name, the
//! one that stands nearest to it.
//!
//! Must not know: what stands at a path.

use std::collections::HashMap;

use crate::path::{SourcePath, loose_key};

/// How alike two names must be, from 0 to 1.
const ALIKE: f64 = 0.6;
/// So many names are compared with one, those with the most letters in common.
const MOST: usize = 50;

/// Paths that can be meant, by the pairs of letters in their names.
#[derive(Debug, Clone, Default)]
pub(super) struct Suggestions {
    paths: Vec<(SourcePath, String)>,
    by_pair: HashMap<(char, char), Vec<usize>>,
}

impl Suggestions {
    pub fn new<'p>(paths: impl Iterator<Item = &'p SourcePath>) -> Self {
        let mut near = Self::default();
        for path in paths.filter(|path| !path.is_root()) {
            let name = name_of(path);
            let number = near.paths.len();
            for pair in pairs(&name) {
                let numbers = near.by_pair.entry(pair).or_default();
                if numbers.last() != Some(&number) {
                    numbers.push(number);
                }
            }
            near.paths.push((path.clone(), name));
        }
        near
    }

    /// The path that is most like this one.
    pub fn find(&self, wanted: &SourcePath) -> Option<&SourcePath> {
        let name = name_of(wanted);
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for number in pairs(&name).filter_map(|pair| self.by_pair.get(&pair)).flatten() {
            *shared.entry(*number).or_default() += 1;
        }
        let mut shared: Vec<(usize, usize)> = shared.into_iter().collect();
        shared.sort_unstable_by_key(|&(number, count)| (std::cmp::Reverse(count), number));
        let scored = shared.into_iter().take(MOST).filter_map(|(number, _)| {
            let (path, other) = &self.paths[number];
            let alike = strsim::normalized_damerau_levenshtein(&name, other);
            (alike >= ALIKE).then(|| (alike, common_folders(path, wanted), path))
        });
        let better = |one: &(f64, usize, &SourcePath), other: &(f64, usize, &SourcePath)| {
            other.0 > one.0 || (other.0 >= one.0 && other.1 > one.1)
        };
        scored
            .reduce(|best, next| if better(&best, &next) { next } else { best })
            .map(|(_, _, path)| path)
    }
}

/// What is compared of a path: its name in lower case, a note's without its ending; a folder's own note is called as the
/// folder.
fn name_of(path: &SourcePath) -> String {
    let is_own = path.is_markdown() && matches!(&*loose_key(path.stem()), "readme" | "index");
    let named = if is_own { path.parent() } else { path.clone() };
    let end = if named.is_markdown() { named.stem() } else { named.name() };
    let html = end.strip_suffix(".html").unwrap_or(end);
    html.to_lowercase()
}

/// Each two letters beside one another, the edges of the name counting as one.
fn pairs(name: &str) -> impl Iterator<Item = (char, char)> {
    let padded = ['^'].into_iter().chain(name.chars());
    padded.zip(name.chars().chain(['$']))
}

/// How many folders two paths have in common, from the root.
fn common_folders(one: &SourcePath, other: &SourcePath) -> usize {
    one.segments().zip(other.segments()).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_were_meant() {
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
        let near = Suggestions::new(paths.iter());
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
            assert_eq!(near.find(&path(wanted)), expected.map(path).as_ref(), "{wanted}");
        }
    }
}
