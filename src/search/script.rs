//! The index ↔ scripts. Browsers load scripts from a disk too, where they may not fetch other
//! files. What is between the parentheses is JSON, for other sites read it as data: see
//! `static/federation.js`.
//!
//! ```text
//! notes.index({"format":1,"parts":[["label",first page],…],"tags":["name",…],"terms":"first\nfirst…","postings":"namename…","counts":[pages,…],"texts":"namename…"})
//! notes.index({…,"federation":[["title","site","folder"],…],"merged":{"terms":…,"postings":…,"sites":[[place,"postings",[pages,…],"texts"],…]}})
//! notes.piece("name","sterm codes sterm codes…")       postings
//! notes.piece("name",[["title","address",["trail",…],[["anchor","heading","text","code"],…]],…])
//! ```
//! `s` is the number of UTF-16 units that a term has in common with the one before. The codes of a
//! term are, for each page, the number of pages between it and the one before, and the level of the
//! best match: see [`super::digits`].
//!
//! Must not know: queries.

use std::fmt::Write as _;

use serde::Serialize;
use smallvec::SmallVec;

use super::digits::{self, digit};
use super::{MergedSite, SearchPage, Section};

/// The pages that contain a term, by their numbers, each with the level of its best match there.
/// Two are stored inline, because most terms are on few pages.
pub(super) type Pages = SmallVec<[(u32, u8); 2]>;

/// The content of a piece as JavaScript.
pub(super) struct WrittenPage {
    pub data: String,
}

/// The version of the index, which other sites read: `static/federation.js` has the same. It grows
/// with every change of the scripts after which the old ones would be read wrongly, or ranked
/// otherwise.
pub const FORMAT: u32 = 1;

/// Most UTF-16 units of a common beginning: the largest number of one digit.
const MOST_IN_COMMON: usize = 75;

/// The content of a piece of postings.
pub(super) fn postings(terms: &[(Box<str>, Pages)]) -> WrittenPage {
    let mut data = String::new();
    let mut before = "";
    for (term, pages) in terms {
        if !data.is_empty() {
            data.push(' ');
        }
        let mut common = 0;
        let mut rest = &**term;
        for (one, other) in term.chars().zip(before.chars()) {
            if one != other || common + one.len_utf16() > MOST_IN_COMMON {
                break;
            }
            common += one.len_utf16();
            rest = &rest[one.len_utf8()..];
        }
        data.push(digit(common));
        data.push_str(rest);
        data.push(' ');
        let mut next = 0;
        for &(page, level) in pages {
            digits::write(&mut data, page - next, level);
            next = page + 1;
        }
        before = term;
    }
    // Texts can always be written as JSON.
    WrittenPage { data: serde_json::to_string(&data).unwrap_or_default() }
}

/// The text between the beginning of a script and its end.
pub(super) fn argument<'a>(script: &'a str, beginning: &str) -> Option<&'a str> {
    script.strip_prefix(beginning)?.strip_suffix(");\n")
}

/// Reads a script of postings; `None` if it is not one.
pub(super) fn read_postings(script: &[u8]) -> Option<Vec<(Box<str>, Pages)>> {
    let script = std::str::from_utf8(script).ok()?;
    let (_, data) = argument(script, "notes.piece(\"")?.split_once("\",")?;
    let data: String = serde_json::from_str(data).ok()?;
    let mut terms: Vec<(Box<str>, Pages)> = Vec::new();
    let mut words = data.split(' ').filter(|word| !word.is_empty());
    while let Some(written) = words.next() {
        let codes = words.next()?;
        let common = digits::digit_of(written.chars().next()?)?;
        let before = terms.last().map_or("", |(term, _)| term);
        let mut term: String = String::with_capacity(written.len() + 8);
        let mut units = 0;
        for c in before.chars().take_while(|c| {
            units += c.len_utf16();
            units <= common
        }) {
            term.push(c);
        }
        term.extend(written.chars().skip(1));
        terms.push((term.into(), digits::read(codes)?));
    }
    Some(terms)
}

/// The texts of a page as JSON.
pub(super) fn page(page: &SearchPage) -> String {
    #[derive(Serialize)]
    struct PageFields<'a>(&'a str, &'a str, &'a [String], Vec<[&'a str; 4]>);
    fn fields(section: &Section) -> [&str; 4] {
        [&section.anchor, &section.heading, &section.text, &section.code]
    }
    let sections = page.sections.iter().map(fields).collect();
    // Texts can always be written as JSON.
    serde_json::to_string(&PageFields(&page.title, &page.address, &page.trail, sections))
        .unwrap_or_default()
}

/// The content of a piece with the texts of some pages.
pub(super) fn texts(pages: &[&str]) -> WrittenPage {
    WrittenPage { data: format!("[{}]", pages.join(",\n")) }
}

/// A site elsewhere that is searched too: its title, its address, and that of its index.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct SearchedSiteAddress<'a>(pub &'a str, pub &'a str, pub String);

/// The directory of all pieces.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Directory<'a> {
    /// The parts of the navigation: the label of each and the number of its first page.
    pub parts: &'a [(String, usize)],
    /// The tags that most notes have, in the order in which they are offered.
    pub tags: Vec<&'a str>,
    /// The first term and the name of each piece of postings.
    pub postings: Vec<(&'a str, &'a str)>,
    /// The number of pages and the name of each group of texts.
    pub texts: Vec<(usize, &'a str)>,
    /// The sites elsewhere that are searched too.
    pub federation: Vec<SearchedSiteAddress<'a>>,
    /// The index of those whose own one was at hand.
    pub merged: Option<MergedDirectory<'a>>,
}

/// The directory of a merged index: see [`super::MergedIndex`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MergedDirectory<'a> {
    /// The first term and the name of each piece of postings.
    pub postings: Vec<(&'a str, &'a str)>,
    /// The sites.
    pub sites: &'a [MergedSite],
}

impl Directory<'_> {
    /// Its script.
    #[must_use]
    pub fn script(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct MergedFields<'a> {
            terms: String,
            postings: String,
            sites: &'a [MergedSite],
        }
        #[derive(Serialize)]
        struct DirectoryFields<'a> {
            format: u32,
            parts: &'a [(String, usize)],
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            tags: &'a [&'a str],
            terms: String,
            postings: String,
            counts: Vec<usize>,
            texts: String,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            federation: &'a [SearchedSiteAddress<'a>],
            #[serde(skip_serializing_if = "Option::is_none")]
            merged: Option<MergedFields<'a>>,
        }
        let merged = self.merged.as_ref().map(|merged| MergedFields {
            terms: terms(&merged.postings),
            postings: names(&merged.postings),
            sites: merged.sites,
        });
        let fields = DirectoryFields {
            format: FORMAT,
            parts: self.parts,
            tags: &self.tags,
            terms: terms(&self.postings),
            postings: names(&self.postings),
            counts: self.texts.iter().map(|(count, _)| *count).collect(),
            texts: self.texts.iter().map(|(_, name)| *name).collect(),
            federation: &self.federation,
            merged,
        };
        let mut script = String::from("notes.index(");
        let _ = writeln!(script, "{});", serde_json::to_string(&fields).unwrap_or_default());
        script.into_bytes()
    }
}

/// The first terms of pieces, each on a line.
fn terms(pieces: &[(&str, &str)]) -> String {
    pieces.iter().map(|(first, _)| *first).collect::<Vec<_>>().join("\n")
}

/// The names of pieces, one after the other.
fn names(pieces: &[(&str, &str)]) -> String {
    pieces.iter().map(|(_, name)| *name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postings_read_back() {
        let terms: Vec<(Box<str>, Pages)> = [
            ("\u{1}", vec![(0, 15)]),
            ("\"", vec![(0, 15)]),
            ("\\", vec![(1, 0), (2, 8), (80, 3), (9_000_000, 1)]),
            ("c", vec![(7, 7)]),
            ("cat", vec![(7, 8)]),
            ("分", vec![(3, 0)]),
            ("分布", vec![(3, 0)]),
            ("𠀀𠀁", vec![(3, 0)]),
            ("𠀀𠀂", vec![(3, 0)]),
        ]
        .map(|(term, pages)| (Box::from(term), pages.into()))
        .to_vec();
        let written = postings(&terms).data;
        assert!(
            !written.contains(['\n', '\u{1}', '<'])
                && written.is_ascii() == terms.iter().all(|(term, _)| term.is_ascii())
        );
        let script = format!("notes.piece(\"0123456789ab\",{written});\n");
        assert_eq!(read_postings(script.as_bytes()), Some(terms));
        for broken in ["", "notes.piece(\"a\",\"b\");\n", "notes.piece(\"a\",[]);\n"] {
            assert_eq!(read_postings(broken.as_bytes()), None);
        }
    }
}
