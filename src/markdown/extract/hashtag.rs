//! The text of a note in a vault of Obsidian → its tags: `#name` behind a blank, outside of code.
//!
//! Must not know: tags of front matter, pages of tags.

use crate::markdown::source_text::SourceText;

/// Most tags of a text.
const MOST: usize = 100;
/// Begins a tag.
const MARK: char = '#';

/// The tags of a text in order, each once (help.obsidian.md, "Tag format"): letters, digits, `_`,
/// `-` and emoji, with `/` between levels; not digits alone, for `#1` is the number of something.
pub(crate) fn hashtags(source: &SourceText<'_>) -> Vec<String> {
    let (text, scan) = (source.text(), source.scan());
    let mut tags: Vec<String> = Vec::new();
    for (at, _) in text.match_indices(MARK) {
        if tags.len() == MOST {
            break;
        }
        if !text[..at].chars().next_back().is_none_or(char::is_whitespace)
            || !scan.may_hold_dialect(at)
        {
            continue;
        }
        let rest = &text[at + MARK.len_utf8()..];
        let end = rest.find(|c| !is_of_tag(c)).unwrap_or(rest.len());
        let tag = rest[..end].trim_end_matches('/');
        let is_tag =
            tag.chars().any(|c| !c.is_numeric() && c != '/') && !rest[end..].starts_with(MARK);
        if is_tag && !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

fn is_of_tag(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '/') || is_of_emoji(c)
}

/// True for the characters of pictures: symbols, flags, and what joins them (Unicode 17, emoji).
fn is_of_emoji(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{200D}' | '\u{FE0F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_stand_behind_blanks_and_outside_of_code() {
        for (text, expected) in [
            ("#tag", &["tag"][..]),
            ("文 #标签 #数据库/MySQL/ 文", &["标签", "数据库/MySQL"]),
            ("- #a\n- #b，#c", &["a", "b"]),
            ("| #a | #b |\n|-|-|\n| #c | d |", &["a", "b", "c"]),
            ("# 标题 #a\n\n> #b #a", &["a", "b"]),
            ("#🦀 #in_progress #to-do", &["🦀", "in_progress", "to-do"]),
            ("# 标题\n## 二", &[]),
            ("##a #1 #12/3 a#b [x](#c) &#35;d #", &[]),
            ("`#a` \\#b\n\n```\n#c\n```\n\n    #d", &[]),
            ("<!-- #a --> <b id=x #b>", &[]),
            ("[[a#b]] #c#", &[]),
            ("$x #a$ #y1984", &["y1984"]),
        ] {
            assert_eq!(hashtags(&SourceText::from(text)), expected, "{text}");
        }
    }
}
