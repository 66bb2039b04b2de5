//! Words → their order in a list for readers, and the letter that they stand under. Chinese stands
//! by its pinyin among the Latin words, as in the index of a Chinese textbook.
//!
//! A character with several readings has the commonest one, for nothing here knows the word that it
//! is in: 长期 and 重试 stand under Z.
//!
//! Must not know: what the words are.

use pinyin::ToPinyin;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Stands behind each syllable and word, so that 分布 comes before `fence`.
const END: char = '\u{1}';

/// The place of a word among others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CollationKey {
    /// True if it begins with no letter: such words come last.
    is_without_letter: bool,
    letters: String,
    /// Decides between words that sound alike.
    text: String,
}

impl CollationKey {
    /// The place of a word.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut letters = String::new();
        for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
            if let Some(syllable) = c.to_pinyin() {
                letters.push_str(syllable.plain());
                letters.push(END);
            } else if c.is_alphanumeric() {
                letters.extend(c.to_lowercase());
            } else if !letters.is_empty() && !letters.ends_with(END) {
                letters.push(END);
            }
        }
        let is_without_letter = !letters.starts_with(char::is_alphabetic);
        Self { is_without_letter, letters, text: text.to_owned() }
    }

    /// The letter that the word stands under, as a capital; `None` for digits and signs.
    #[must_use]
    pub fn initial(&self) -> Option<char> {
        let first = self.letters.chars().next().filter(|c| c.is_alphabetic())?;
        let mut capital = first.to_uppercase();
        // Of `ß` there is none.
        Some(capital.next().filter(|_| capital.next().is_none()).unwrap_or(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_the_order_of_an_index() {
        let sorted = [
            "阿里云",
            "B+ 树",
            "Bash",
            "被动",
            "C",
            "C++",
            "CAP",
            "常用",
            "Élan",
            "分布",
            "分布式",
            "分布式系统",
            "fence",
            "Linux",
            "linux 内核",
            "日志",
            "数据库",
            "Zab",
            "ελ",
            "かな",
            "!",
            "2PC",
        ];
        let mut words = sorted.to_vec();
        words.reverse();
        words.sort_by_cached_key(|word| CollationKey::new(word));
        assert_eq!(words, sorted);
    }

    #[test]
    fn words_stand_under_letters() {
        for (word, letter) in [
            ("分布式", Some('F')),
            ("linux", Some('L')),
            ("《论文》", Some('L')),
            ("Ünix", Some('U')),
            ("ß", Some('ß')),
            ("日", Some('R')),
            ("λ", Some('Λ')),
            ("2PC", None),
            ("", None),
        ] {
            assert_eq!(CollationKey::new(word).initial(), letter, "{word}");
        }
    }
}
