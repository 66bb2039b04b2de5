//! The home page, else all notes → the language of the interface.
//!
//! Must not know: the words of the interface.

use std::sync::Arc;

use crate::config::Config;
use crate::markdown::cjk::is_cjk_letter;
use crate::note::Note;

/// The number of letters that is enough to guess the language.
const ENOUGH_LETTERS: usize = 100_000;
/// Letters of the headings and summaries of Chinese notes among which one is Han.
const LETTERS: usize = 10;
/// The same for the headings of a home page. Its summary may be a line that names translations.
const HEADING_LETTERS: usize = 4;

/// The language that the settings give; else that of the home page, which is the note with this
/// index; else that of most notes.
pub(super) fn of_site(config: &Config, home: Option<usize>, notes: &[Arc<Note>]) -> String {
    if let Some(language) = &config.language {
        return language.clone();
    }
    let home = home.and_then(|index| notes.get(index)).map(Arc::as_ref);
    language_of(home, notes).to_owned()
}

fn language_of(home: Option<&Note>, notes: &[Arc<Note>]) -> &'static str {
    home.and_then(language_of_home).unwrap_or_else(|| language_of_most(notes))
}

/// The language of a home page: as its front matter says; Chinese or English by its text. `None`
/// if there is too little of it.
fn language_of_home(home: &Note) -> Option<&'static str> {
    if let Some(language) = &home.meta.language {
        let is_chinese = language.to_ascii_lowercase().starts_with("zh");
        return Some(if is_chinese { "zh-CN" } else { "en" });
    }
    let is_chinese = home.has_chinese_text()? || is_han(headings(home), HEADING_LETTERS);
    Some(if is_chinese { "zh-CN" } else { "en" })
}

fn language_of_most(notes: &[Arc<Note>]) -> &'static str {
    let texts = notes.iter().flat_map(|note| headings(note).chain([note.parsed.summary.as_str()]));
    if is_han(texts, LETTERS) { "zh-CN" } else { "en" }
}

fn headings(note: &Note) -> impl Iterator<Item = &str> {
    note.parsed.outline.iter().map(|heading| heading.text.as_str())
}

/// True if one in so many letters of the texts is Han.
fn is_han<'n>(texts: impl Iterator<Item = &'n str>, letters_of_one: usize) -> bool {
    let (mut chinese, mut letters) = (0_usize, 0_usize);
    for c in texts.flat_map(str::chars).filter(|c| c.is_alphabetic()).take(ENOUGH_LETTERS) {
        letters += 1;
        chinese += usize::from(is_cjk_letter(c));
    }
    chinese * letters_of_one > letters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Options;
    use crate::note::Source;
    use crate::path::SourcePath;

    fn note(text: &str) -> Note {
        let path = SourcePath::new("README.md").unwrap();
        let source = Source {
            path: &path,
            shown: "README.md",
            text,
            is_home: true,
            names: None,
            macros: None,
            drawings: None,
        };
        Note::parse(source, Options::default(), |_, path| {
            Err(crate::phrase::Phrase::verbatim(path))
        })
    }

    #[test]
    fn the_home_page_has_the_language_of_the_interface() {
        let english = "An English book about systems, which explains how to design large systems, \
             step by step, and what to learn first.";
        let chinese = "学习如何设计大型系统，了解每一个步骤，以及首先要学习什么。".repeat(20);
        let links = "- [Designing Data-Intensive Applications](a.md)\n".repeat(9);
        for (home, others, expected) in [
            (english, &*chinese, "en"),
            (&*chinese, english, "zh-CN"),
            (&format!("# 设计大型系统的读书笔记\n\n{english}"), english, "zh-CN"),
            (&format!("读书笔记，按主题整理，慢慢更新。\n\n{links}"), english, "zh-CN"),
            (&format!("[简体中文](zh.md) · English\n\n{english}"), &chinese, "en"),
            (&format!("---\nlang: en-GB\n---\n{chinese}"), &chinese, "en"),
            // Too little to tell.
            ("# Notes\n\n[a](a.md)", &chinese, "zh-CN"),
            ("# 笔记", english, "en"),
        ] {
            let notes = [Arc::new(note(home)), Arc::new(note(others)), Arc::new(note(others))];
            assert_eq!(language_of(Some(&notes[0]), &notes), expected, "{home}");
            assert_eq!(language_of(None, &notes[1..]), language_of_most(&notes[1..]), "{home}");
        }
    }
}
