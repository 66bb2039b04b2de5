//! A page and a query → the matching sections, their ranks, and snippets.
//!
//! Must not know: other pages.

use super::fold::fold_with_places;
use super::query::Query;
use super::rank::{PREFIX_PENALTY, apart};
use super::{Folded, FoldedPage, Section};

/// Most matches of a word that are used for its distance to the other words.
pub(super) const MOST_PLACES: usize = 64;
/// Number of characters of a snippet before the first match.
pub(super) const BEFORE: usize = 24;
/// Length of a snippet in characters.
pub(super) const LENGTH: usize = 120;

/// The mark for the omitted part of a line in a snippet.
const CUT: &str = "…";

/// The matches of a query on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The rank of the best section, lower is better. Pages with equal ranks keep their order.
    pub rank: u32,
    /// The sections that contain all words: the page's own, then the best first.
    pub sections: Vec<FoundSection>,
}

/// A section that contains all words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundSection {
    /// Its number on the page.
    pub number: usize,
    /// The rank, lower is better.
    pub rank: u32,
}

/// An excerpt of a section around a match.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// The text, on one line.
    pub text: String,
    /// The ranges of the matches, in bytes.
    pub marks: Vec<(usize, usize)>,
}

impl FoldedPage {
    /// The matches of a query on this page.
    #[must_use]
    pub fn find(&self, query: &Query) -> Option<Found> {
        let ranked = self.0.iter().enumerate();
        let ranked = ranked.filter_map(|(number, section)| {
            Some(FoundSection { number, rank: rank(section, query)? })
        });
        let mut sections: Vec<FoundSection> = ranked.collect();
        let rank = sections.iter().map(|section| section.rank).min()?;
        sections.sort_by_key(|section| (section.number > 0, section.rank, section.number));
        Some(Found { rank, sections })
    }
}

/// The rank of a section; `None` if it does not contain all words, or if the query is empty.
fn rank(section: &Folded, query: &Query) -> Option<u32> {
    let fields = section.fields();
    let mut sum = 0;
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (number, word) in query.words.iter().enumerate() {
        let mut best = None;
        let mut before = 0;
        let mut count = 0;
        for field in &fields {
            let mut counted = (0, 0);
            for (at, _, is_whole) in word.places(field.text) {
                let units: usize = field.text[counted.0..at].chars().map(char::len_utf16).sum();
                counted = (at, counted.1 + units);
                let level =
                    u32::from(field.level(counted.1)) + if is_whole { 0 } else { PREFIX_PENALTY };
                best = Some(best.map_or(level, |best: u32| best.min(level)));
                if count < MOST_PLACES {
                    places.push((before + counted.1, number));
                    count += 1;
                }
            }
            before += field.text.chars().map(char::len_utf16).sum::<usize>() + 1;
        }
        sum += best?;
    }
    let spread = if query.words.len() > 1 { apart(span(places, query.words.len())) } else { 0 };
    (!query.words.is_empty()).then_some(sum + spread)
}

/// The length of the shortest stretch that contains the beginning of each of `count` words.
fn span(mut places: Vec<(usize, usize)>, count: usize) -> usize {
    places.sort_unstable();
    let mut shortest = usize::MAX;
    let mut inside = vec![0_usize; count];
    let mut missing = count;
    let mut first = 0;
    for &(end, word) in &places {
        missing -= usize::from(inside[word] == 0);
        inside[word] += 1;
        while missing == 0 {
            let (begin, word) = places[first];
            shortest = shortest.min(end - begin);
            inside[word] -= 1;
            missing += usize::from(inside[word] == 0);
            first += 1;
        }
    }
    shortest
}

impl Section {
    /// The text around the first match of the first word that occurs in the text, else in the code;
    /// else the beginning of the text.
    #[must_use]
    pub fn snippet(&self, query: &Query) -> Snippet {
        let around = |text: &str| around(text, query);
        around(&self.text).or_else(|| around(&self.code)).unwrap_or_else(|| {
            let line = self.text.chars().map(|c| if c == '\n' { ' ' } else { c });
            Snippet { text: line.take(LENGTH).collect(), marks: Vec::new() }
        })
    }
}

fn around(text: &str, query: &Query) -> Option<Snippet> {
    let (folded, places) = fold_with_places(text);
    let first = query.words.iter().find_map(|word| word.places(&folded).next())?;
    let at = places[first.0];
    let begin = text[..at].char_indices().rev().take(BEFORE).take_while(|(_, c)| *c != '\n').last();
    let begin = begin.map_or(at, |(begin, _)| begin);
    let end = text[begin..].char_indices().nth(LENGTH).map_or(text.len(), |(end, _)| begin + end);
    let found = query.words.iter().flat_map(|word| word.places(&folded));
    let mut marks: Vec<(usize, usize)> = found
        .map(|(from, to, _)| (places[from], places[to].max(places[from] + 1)))
        .filter(|&(from, to)| from >= begin && to <= end)
        .map(|(from, to)| (from - begin, to - begin))
        .collect();
    marks.sort_unstable();
    marks.dedup_by(|later, earlier| {
        let overlaps = later.0 <= earlier.1;
        if overlaps {
            earlier.1 = earlier.1.max(later.1);
        }
        overlaps
    });
    // An end inside a line is marked.
    let is_inside = |at: usize| !text[..at].is_empty() && !text[..at].ends_with('\n');
    let before = if is_inside(begin) { CUT } else { "" };
    let behind = if end < text.len() && !text[end..].starts_with('\n') { CUT } else { "" };
    let marks =
        marks.into_iter().map(|(from, to)| (from + before.len(), to + before.len())).collect();
    Some(Snippet {
        text: format!("{before}{}{behind}", text[begin..end].replace('\n', " ")),
        marks,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::SearchPage;

    fn page(sections: &[(&str, &str, &str)]) -> SearchPage {
        let section = |&(heading, text, code): &(&str, &str, &str)| Section {
            heading: heading.to_owned(),
            text: text.to_owned(),
            code: code.to_owned(),
            ..Section::default()
        };
        let sections = sections.iter().map(section).collect();
        SearchPage {
            title: "Redis 集群".to_owned(),
            address: String::new(),
            trail: Vec::new(),
            tags: Vec::new(),
            sections,
        }
    }

    #[test]
    fn all_words_must_occur_in_one_section() {
        let page = page(&[
            ("", "数据分片", ""),
            ("主从复制", "一主多从，Redis Sentinel", "redis-cli"),
            ("分片", "哈希槽 16384", "CLUSTER SLOTS\nredis"),
        ]);
        for (query, expected) in [
            ("集群", vec![0]),
            ("redis", vec![0, 1, 2]),
            ("分片", vec![0, 2]),
            ("redis 分片", vec![0, 2]),
            ("cluster redis", vec![2]),
            ("\"cluster redis\"", vec![]),
            ("sentinel 集群", vec![]),
            ("从", vec![1]),
            ("16384", vec![2]),
            ("6384", vec![]),
            ("", vec![]),
        ] {
            let found = page
                .folded()
                .find(&Query::parse(query))
                .map(|found| found.sections)
                .unwrap_or_default();
            let numbers: Vec<_> = found.iter().map(|section| section.number).collect();
            assert_eq!(numbers, expected, "{query}");
        }
    }

    #[test]
    fn better_places_come_first() {
        let page = page(&[
            ("", "", ""),
            ("其他", "尾部提到了事务", ""),
            ("事务", "文", ""),
            ("", &"长".repeat(700), "事务"),
            ("", &("长".repeat(700) + "事务"), ""),
            ("go", "x", ""),
            ("golang", "x", ""),
            ("", "go 与很多很多很多很多很多很多很多很多字之后的 rust", ""),
            ("", "go rust", ""),
        ]);
        for (query, expected) in
            [("事务", vec![2, 1, 4, 3]), ("go", vec![5, 6, 7, 8]), ("go rust", vec![8, 7])]
        {
            let found = page
                .folded()
                .find(&Query::parse(query))
                .map(|found| found.sections)
                .unwrap_or_default();
            let numbers: Vec<_> = found.iter().map(|section| section.number).collect();
            assert_eq!(numbers, expected, "{query}");
        }
    }

    #[test]
    fn snippets_mark_the_matches() {
        let long = format!("{}\n前文，Ｒｅｄｉｓ 集群与集群{}", "无".repeat(50), "后".repeat(200));
        for (text, code, query, expected, marks) in [
            ("在 <b> 中 \"引\"", "", "<B>", "在 <b> 中 \"引\"", vec!["<b>"]),
            (
                long.as_str(),
                "",
                "redis 集群",
                "前文，Ｒｅｄｉｓ 集群与集群",
                vec!["Ｒｅｄｉｓ", "集群", "集群"],
            ),
            ("文", "a\nb c", "b", "b c", vec!["b"]),
            ("开头\n第二", "", "别处", "开头 第二", vec![]),
            ("Cafe\u{301} au lait", "", "café", "Cafe\u{301} au lait", vec!["Cafe\u{301}"]),
        ] {
            let section =
                Section { text: text.to_owned(), code: code.to_owned(), ..Section::default() };
            let snippet = section.snippet(&Query::parse(query));
            assert!(snippet.text.starts_with(expected), "{query}: {}", snippet.text);
            assert!(snippet.text.chars().count() <= LENGTH + 2);
            let marked: Vec<_> =
                snippet.marks.iter().map(|&(from, to)| &snippet.text[from..to]).collect();
            assert_eq!(marked, marks, "{query}");
        }
    }
}
