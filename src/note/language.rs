//! A note → its language and the direction of its script.
//!
//! Must not know: other notes, the words of the interface.

use crate::markdown::{self, Length};

use super::Note;

/// Languages that are usually written from right to left (CLDR 48, `characterOrder`).
const RIGHT_TO_LEFT: [&str; 11] =
    ["ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"];
/// Number of words from which the language of a note is guessed; a note of fewer may be a list of
/// names.
const ENOUGH_WORDS: u32 = 20;
/// Words for each Han character up to which a text is Chinese: lists of links have English names.
const MOST_WORDS_OF_CHINESE: u32 = 3;
/// Words for each Han character from which a note is not Chinese.
const MOST_HAN: u32 = 30;
/// Words for each Han character up to which a note among English ones is Chinese: it has English
/// terms and names too.
const MOST_WORDS: u32 = 2;
/// Han characters and kana for each kana up to which a note is Japanese.
const MOST_KANJI: u32 = 5;

impl Note {
    /// The language it is in, where that is another than the site's: as its front matter says, else
    /// English among Chinese notes when there are few Han characters in it, a name or an example,
    /// Chinese among others when it has many, and Japanese when it has many kana.
    #[must_use]
    pub fn language_in(&self, site: &str) -> Option<&str> {
        let Length { han, words, kana, .. } = self.parsed.length;
        let is_named_in_han = self
            .parsed
            .outline
            .iter()
            .any(|heading| heading.text.contains(markdown::cjk::is_cjk_letter));
        let is_chinese = han > words / MOST_WORDS;
        let is_japanese = is_chinese && kana > han / MOST_KANJI;
        let found = match site.split('-').next() {
            Some("ja") => None,
            _ if is_japanese => Some("ja"),
            Some("zh") if han <= words / MOST_HAN && words >= ENOUGH_WORDS && !is_named_in_han => {
                Some("en")
            }
            Some("zh") => None,
            _ if is_chinese => Some("zh"),
            _ => None,
        };
        self.meta
            .language
            .as_deref()
            .or(found)
            .filter(|language| !language.eq_ignore_ascii_case(site))
    }

    /// True if it is written from right to left: as its front matter says, else by the language
    /// that this names.
    #[must_use]
    pub fn is_right_to_left(&self) -> bool {
        let language = self.meta.language.as_deref().unwrap_or_default().to_ascii_lowercase();
        let mut parts = language.split('-');
        let is_usual = parts.next().is_some_and(|part| RIGHT_TO_LEFT.contains(&part))
            && !parts.any(|script| script == "latn" || script == "cyrl");
        self.meta.is_right_to_left.unwrap_or(is_usual)
    }

    /// True if its text is Chinese; `None` if there is too little of it. The site's language
    /// depends on it, so it is one of the [`facts`](Self::facts), unlike the length itself.
    #[must_use]
    pub fn has_chinese_text(&self) -> Option<bool> {
        let Length { han, words, .. } = self.parsed.length;
        (han.saturating_add(words) >= ENOUGH_WORDS).then_some(han > words / MOST_WORDS_OF_CHINESE)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::note;

    #[test]
    fn languages() {
        let chinese = "学习如何设计大型系统，用 Redis 做缓存，用 Kafka 做消息队列。";
        let japanese = "大規模システムの設計を学びます。キャッシュには Redis を使います。";
        let english = "This book explains how to design large systems, step by step, and what it \
             takes to keep them running for years.";
        for (site, text, expected) in [
            ("zh-CN", chinese, None),
            ("zh-CN", english, Some("en")),
            ("zh-CN", japanese, Some("ja")),
            ("en", chinese, Some("zh")),
            ("en", english, None),
            ("en-GB", &format!("{english} 设计"), None),
            ("en", japanese, Some("ja")),
            ("ja", japanese, None),
            ("zh-CN", "日语的“です”是敬体，“だ”是简体，初学的人要先学会前者。", None),
            ("de", chinese, Some("zh")),
            ("zh-CN", "---\nlang: zh-TW\n---\n設計", Some("zh-TW")),
        ] {
            assert_eq!(note(text).language_in(site), expected, "{site}: {text}");
        }
    }

    #[test]
    fn directions() {
        for (front_matter, expected) in [
            ("dir: rtl", true),
            ("dir: RTL", true),
            ("dir: ltr", false),
            ("dir: auto", false),
            ("dir: [rtl, ltr]", false),
            ("lang: ar", true),
            ("lang: he-IL", true),
            ("lang: fa\ndir: ltr", false),
            ("lang: ku-Latn", false),
            ("lang: uz", false),
            ("title: نص", false),
        ] {
            let text = format!("---\n{front_matter}\n---\na");
            assert_eq!(note(&text).is_right_to_left(), expected, "{front_matter}");
        }
    }
}
