//! A heading's words → its id by GitHub's rule, and the key by which the anchors of other programs
//! are found.
//!
//! Must not know: which ids a page has.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters of Unicode's category Pc, which GitHub keeps in ids.
const CONNECTORS: [char; 10] = ['_', '‿', '⁀', '⁔', '︳', '︴', '﹍', '﹎', '﹏', '＿'];

/// The zeros of all scripts with digits (Unicode's category Nd); the nine code points behind each
/// are the other digits.
const ZEROS: [u32; 77] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66,
    0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0,
    0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50,
    0x11DA0, 0x11DE0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE,
    0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// GitHub's rule for heading ids: lower case, without characters that are no `\p{Word}`, `-` or
/// U+0020, and with `-` for each U+0020 (html-pipeline's `toc_filter.rb`; in JavaScript,
/// `github-slugger`). U+3000 and U+00A0 go, as do `①` and `²`; U+FE0F stays. Empty for a
/// heading of other characters.
#[must_use]
pub fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    lower
        .chars()
        .filter(|&c| c == ' ' || is_kept(c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// The letters and digits of a text alone, without case, width and accents: what the ids that
/// different programs give one heading have in common.
#[must_use]
pub fn anchor_key(text: &str) -> String {
    let plain = text.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36F}')).nfc();
    plain.filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// True for `-` and a `\p{Word}` of Ruby's expressions: Alphabetic, a mark, a decimal digit or a
/// connector.
fn is_kept(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    }
    c.is_alphabetic() || is_combining_mark(c) || is_digit(c) || CONNECTORS.contains(&c)
}

fn is_digit(c: char) -> bool {
    let code = u32::from(c);
    c.is_numeric() && ZEROS.iter().any(|zero| (*zero..*zero + 10).contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_follow_github() {
        for (text, expected) in [
            ("Nav | 导航", "nav--导航"),
            ("链接", "链接"),
            ("Hello, World!", "hello-world"),
            ("C++ & Rust", "c--rust"),
            ("epoll_wait()", "epoll_wait"),
            ("&&", ""),
            ("Émile", "émile"),
            ("📚 书籍", "-书籍"),
            // The examples of `github-slugger`.
            (" a ", "-a-"),
            ("-a-", "-a-"),
            ("I ♥ unicode", "i--unicode"),
            ("en–dash", "endash"),
            (":ok_hand: Single", "ok_hand-single"),
            ("😄_😄 unicode emoji", "_-unicode-emoji"),
            ("apostrophe’s should be trimmed", "apostrophes-should-be-trimmed"),
            (
                "exchange.bind_headers(exchange, routing [, bindCallback])",
                "exchangebind_headersexchange-routing--bindcallback",
            ),
            ("a_ ‿ ⁀ ⁔ ︳ ︴ ﹍ ﹎ ﹏ ＿b", "a_-‿-⁀-⁔-︳-︴-﹍-﹎-﹏-＿b"),
            ("Ⅳ ⅳ 〇", "ⅳ-ⅳ-〇"),
            // No, Zs but U+0020, Cf, Cc and the variation selector of an emoji.
            ("① 概述", "-概述"),
            ("O(n²) ½", "on-"),
            ("第一章\u{3000}绪论", "第一章绪论"),
            ("A\u{A0}B", "ab"),
            ("a\nb\tc", "abc"),
            ("⚙\u{FE0F} 设置", "\u{FE0F}-设置"),
            ("👩\u{200D}💻 a\u{200B}b", "-ab"),
            ("a＿b－c", "a＿bc"),
            ("ＡＢ１", "ａｂ１"),
            ("ガ カ\u{3099}", "ガ-カ\u{3099}"),
            ("٣ ३ ３", "٣-३-３"),
            ("ΟΔΟΣ", "οδος"),
        ] {
            assert_eq!(slug(text), expected, "{text}");
        }
    }

    #[test]
    fn the_kept_characters_are_those_of_rubys_expressions() {
        // The engine that Ruby's is made from. It may know an older Unicode.
        let word = onig::Regex::new(r"\A[\p{Word}\-]\z").unwrap();
        let unassigned = onig::Regex::new(r"\A\p{Cn}\z").unwrap();
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            if word.is_match(&text) != is_kept(c) {
                assert!(unassigned.is_match(&text), "U+{:04X} {c}", u32::from(c));
            }
        }
    }

    #[test]
    fn programs_differ_in_signs_alone() {
        for (heading, others) in [
            (
                "Setup & Config",
                &["setup-config", "Setup%26Config", "setup--config", "setup_config"][..],
            ),
            ("1. 数组", &["_1-数组", "1数组", "1.-数组", "１．数组"]),
            ("Émile", &["emile", "e\u{301}mile"]),
            ("什么是 Raft？", &["什么是-raft？", "什么是raft"]),
            ("② 概述", &["2-概述", "②-概述"]),
        ] {
            for other in others {
                let other = other.replace("%26", "&");
                assert_eq!(anchor_key(heading), anchor_key(&other), "{other}");
            }
        }
        assert_ne!(anchor_key("C1"), anchor_key("C2"));
        assert_eq!(anchor_key("🎉 !"), "");
    }
}
