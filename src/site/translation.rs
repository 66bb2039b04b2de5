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

use super::section;

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
/// Languages whose codes are words too, so that `-` and `_` before them say nothing, but in the
/// name of a folder's own note: `what-it.md`, `search_es.md`, `README_ES.md`.
const WORDS: [&str; 5] = ["fr", "de", "es", "pt", "it"];

/// Names of languages in themselves, by their tags or the first part of those.
const NAMES: [(&str, &str); 13] = [
    ("zh-TW", "繁體中文"),
    ("zh-HK", "繁體中文"),
    ("zh-Hant", "繁體中文"),
    ("zh", "简体中文"),
    ("en", "English"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("ru", "Русский"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("pt", "Português"),
    ("it", "Italiano"),
];

/// A translation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translation {
    /// Its page.
    pub page: PageId,
    /// Its language, a BCP 47 tag.
    pub language: String,
}

/// The translations of notes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Translations {
    /// By the page of the note that they are translations of.
    by_original: BTreeMap<PageId, Vec<Translation>>,
    /// The note of which a page is the translation.
    originals: BTreeMap<PageId, PageId>,
    /// The languages that the front matter of translated notes gives.
    languages: BTreeMap<PageId, String>,
}

impl Translations {
    /// Finds them. The page of a note has the number of the note.
    pub(super) fn find(notes: &[Arc<Note>]) -> Self {
        let by_path: HashMap<&SourcePath, usize> =
            notes.iter().enumerate().map(|(index, note)| (&note.path, index)).collect();
        let mut translations = Self::default();
        for (index, note) in notes.iter().enumerate() {
            let Some((mut at, language)) = original(&note.path, &by_path) else { continue };
            // `x_zh_en.md` beside `x_zh.md` and `x.md` is a translation of the last.
            while let Some((next, _)) = original(&notes[at].path, &by_path) {
                at = next;
            }
            let (page, original) = (PageId(index), PageId(at));
            let translation = Translation { page, language: language.to_owned() };
            translations.by_original.entry(original).or_default().push(translation);
            translations.originals.insert(page, original);
        }
        translations
    }

    /// The same with the languages that the front matter of translated notes gives.
    pub(super) fn with_languages(&self, notes: &[Arc<Note>]) -> Self {
        let language = |&page: &PageId| Some((page, notes[page.0].meta.language.clone()?));
        let languages = self.by_original.keys().filter_map(language).collect();
        Self { languages, ..self.clone() }
    }

    /// The language of a translated note, if its front matter gives it.
    #[must_use]
    pub fn language_of_original(&self, page: PageId) -> Option<&str> {
        self.languages.get(&page).map(String::as_str)
    }

    /// True if a page is the translation of another.
    #[must_use]
    pub fn is_translation(&self, page: PageId) -> bool {
        self.originals.contains_key(&page)
    }

    /// The note that a page shows in some language, and its translations; `None` if there is no
    /// translation of it.
    #[must_use]
    pub fn of(&self, page: PageId) -> Option<(PageId, &[Translation])> {
        let original = self.originals.get(&page).copied().unwrap_or(page);
        self.by_original.get(&original).map(|translations| (original, &translations[..]))
    }

    /// All translations with the notes that they are of, one language after the other.
    #[must_use]
    pub fn by_language(&self) -> Vec<(PageId, &Translation)> {
        let mut all = Vec::new();
        for (original, translations) in &self.by_original {
            all.extend(translations.iter().map(|translation| (*original, translation)));
        }
        all.sort_by_key(|(_, translation)| language_name(&translation.language));
        all
    }

    /// The language of a page that is a translation.
    #[must_use]
    pub fn language(&self, page: PageId) -> Option<&str> {
        let (_, translations) = self.of(page)?;
        translations
            .iter()
            .find(|translation| translation.page == page)
            .map(|translation| &*translation.language)
    }
}

/// The name of a language in itself; of one without a known name the tag.
#[must_use]
pub fn language_name(tag: &str) -> &str {
    let named = |wanted: &str| NAMES.iter().find(|(tag, _)| *tag == wanted).map(|(_, name)| *name);
    named(tag).or_else(|| named(tag.split('-').next()?)).unwrap_or(tag)
}

/// The note that a path is the translation of, and its language.
fn original(
    path: &SourcePath,
    notes: &HashMap<&SourcePath, usize>,
) -> Option<(usize, &'static str)> {
    let stem = path.stem();
    // The longest end first: `README_zh_CN`.
    for (at, separator) in stem.match_indices(['_', '.', '-']) {
        let end = stem[at + separator.len()..].to_ascii_lowercase().replace('_', "-");
        let Some((_, language)) = LANGUAGES.iter().find(|(name, _)| *name == end) else { continue };
        let suffix = &path.name()[stem.len()..];
        let beside = path.parent().join(&format!("{}{suffix}", &stem[..at]));
        let Some(beside) = beside else { continue };
        let says_nothing =
            WORDS.contains(&end.as_str()) && separator != "." && !section::is_index(&beside);
        if let Some(&original) = notes.get(&beside).filter(|_| !says_nothing) {
            return Some((original, language));
        }
    }
    None
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
            (&["what.md", "what-it.md", "search_es.md", "search.md"], &[]),
            (&["README.md", "README_ES.md"], &[("README_ES.md", "es")]),
            (&["a.md", "aen.md"], &[]),
        ] {
            let files: Vec<_> = names.iter().map(|name| (*name, "文")).collect();
            let notes = NotesFixture::new(&files).notes;
            let translations = Translations::find(&notes);
            let found: Vec<_> = notes
                .iter()
                .enumerate()
                .filter_map(|(index, note)| {
                    Some((note.path.as_str(), translations.language(PageId(index))?))
                })
                .collect();
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            let mut found = found.clone();
            found.sort_unstable();
            assert_eq!(found, expected, "{names:?}");
        }
    }

    #[test]
    fn translations_of_translations_are_those_of_the_first_note() {
        let files = ["x.md", "x_zh.md", "x_zh_en.md"].map(|name| (name, "文"));
        let translations = Translations::find(&NotesFixture::new(&files).notes);
        for page in [0, 1, 2].map(PageId) {
            let (original, others) = translations.of(page).unwrap();
            assert_eq!((original, others.len()), (PageId(0), 2), "{page:?}");
        }
    }
}
