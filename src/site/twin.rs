//! The paths of notes → those that are translations of others: `README_EN.md`, `README.en.md` and
//! `notes-en.md` beside `README.md` and `notes.md`. They are pages of their own, but no chapters.
//!
//! Must not know: the text of notes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::nav::PageId;
use crate::note::Note;
use crate::path::SourcePath;

/// Ends of names that are languages: the end in lower case with `-` between its parts, and the
/// language tag (BCP 47) of the notes.
const LANGUAGES: [(&str, &str); 24] = [
    ("en", "en"),
    ("en-us", "en"),
    ("english", "en"),
    ("eng", "en"),
    ("zh", "zh"),
    ("cn", "zh-CN"),
    ("zh-cn", "zh-CN"),
    ("zh-hans", "zh-Hans"),
    ("chinese", "zh"),
    ("tw", "zh-TW"),
    ("zh-tw", "zh-TW"),
    ("zh-hk", "zh-HK"),
    ("zh-hant", "zh-Hant"),
    ("ja", "ja"),
    ("jp", "ja"),
    ("ko", "ko"),
    ("kr", "ko"),
    ("ru", "ru"),
    ("fr", "fr"),
    ("de", "de"),
    ("es", "es"),
    ("pt", "pt"),
    ("pt-br", "pt-BR"),
    ("it", "it"),
];
/// Languages whose codes are words or names too, so that `-` before them says nothing:
/// `notes-it.md`, `what-it-es.md`.
const WORDS: [&str; 5] = ["fr", "de", "es", "pt", "it"];

/// A translation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twin {
    /// Its page.
    pub page: PageId,
    /// Its language, a BCP 47 tag.
    pub language: String,
}

/// The translations of notes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Twins {
    /// By the page of the note that they are translations of.
    by_original: BTreeMap<PageId, Vec<Twin>>,
    /// The note of which a page is the translation.
    originals: BTreeMap<PageId, PageId>,
}

impl Twins {
    /// Finds them. The page of a note has the number of the note.
    pub(super) fn find(notes: &[Arc<Note>]) -> Self {
        let by_path: HashMap<&SourcePath, usize> =
            notes.iter().enumerate().map(|(index, note)| (&note.path, index)).collect();
        let mut twins = Self::default();
        for (index, note) in notes.iter().enumerate() {
            let Some((original, language)) = original(&note.path, &by_path) else { continue };
            let (page, original) = (PageId(index), PageId(original));
            let twin = Twin { page, language: language.to_owned() };
            twins.by_original.entry(original).or_default().push(twin);
            twins.originals.insert(page, original);
        }
        twins
    }

    /// True if a page is the translation of another.
    #[must_use]
    pub fn is_twin(&self, page: PageId) -> bool {
        self.originals.contains_key(&page)
    }

    /// The note that a page shows in some language, and its translations; `None` if there is no
    /// translation of it.
    #[must_use]
    pub fn of(&self, page: PageId) -> Option<(PageId, &[Twin])> {
        let original = self.originals.get(&page).copied().unwrap_or(page);
        self.by_original.get(&original).map(|twins| (original, &twins[..]))
    }

    /// The language of a page that is a translation.
    #[must_use]
    pub fn language(&self, page: PageId) -> Option<&str> {
        let (_, twins) = self.of(page)?;
        twins.iter().find(|twin| twin.page == page).map(|twin| &*twin.language)
    }
}

/// The note that a path is the translation of, and its language.
fn original(
    path: &SourcePath,
    notes: &HashMap<&SourcePath, usize>,
) -> Option<(usize, &'static str)> {
    let stem = path.stem();
    // The longest end first: `README_zh_CN`.
    for (at, separator) in stem.match_indices(['_', '.', '-']) {
        let Some(language) = language(&stem[at + separator.len()..], separator) else { continue };
        let name = path.name();
        let beside = path.parent().join(&format!("{}{}", &stem[..at], &name[stem.len()..]));
        let original = beside.and_then(|beside| notes.get(&beside).copied());
        if let Some(original) = original {
            return Some((original, language));
        }
    }
    None
}

fn language(end: &str, separator: &str) -> Option<&'static str> {
    let end = end.to_ascii_lowercase().replace('_', "-");
    if separator == "-" && WORDS.contains(&end.as_str()) {
        return None;
    }
    LANGUAGES.iter().find(|(name, _)| *name == end).map(|(_, tag)| *tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixture::NotesFixture;

    #[test]
    fn translations_are_beside_the_note_and_end_in_a_language() {
        for (names, expected) in [
            (&["README.md", "README_EN.md"][..], &[("README_EN.md", "en")][..]),
            (&["README.md", "README.en.md"], &[("README.en.md", "en")]),
            (&["a/x.md", "a/x-en.md"], &[("a/x-en.md", "en")]),
            (&["README.md", "README_zh_CN.md"], &[("README_zh_CN.md", "zh-CN")]),
            (&["README.md", "README.zh-TW.md"], &[("README.zh-TW.md", "zh-TW")]),
            (
                &["README.md", "README_JA.md", "README_ko.md"],
                &[("README_JA.md", "ja"), ("README_ko.md", "ko")],
            ),
            // The note itself is missing, or elsewhere.
            (&["README_EN.md"], &[]),
            (&["README.md", "a/README_EN.md"], &[]),
            // Other ends, and words that are codes as well.
            (&["a.md", "a-go.md", "a_2.md"], &[]),
            (&["what.md", "what-it.md", "no-es.md", "no.md"], &[]),
            (&["a.md", "aen.md"], &[]),
        ] {
            let files: Vec<_> = names.iter().map(|name| (*name, "文")).collect();
            let notes = NotesFixture::new(&files).notes;
            let twins = Twins::find(&notes);
            let found: Vec<_> = notes
                .iter()
                .enumerate()
                .filter_map(|(index, note)| {
                    Some((note.path.as_str(), twins.language(PageId(index))?))
                })
                .collect();
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            let mut found = found.clone();
            found.sort_unstable();
            assert_eq!(found, expected, "{names:?}");
        }
    }
}
