//! The text of a note in a vault of Obsidian → its tags: `#name` behind a blank, outside of code.
//!
//! Must not know: tags of front matter, pages of tags.

use crate::markdown::document::{Document, NodeKind};
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

/// Those of the tags that are text of the document, and not in a link or an address.
pub(crate) fn shown(tags: Vec<String>, document: &Document) -> Vec<String> {
    let mut texts: Vec<&str> = Vec::new();
    let mut node = 0;
    while node < document.len() && !tags.is_empty() {
        node = match document.kind(node) {
            NodeKind::Link(_) | NodeKind::Embed(_) => document.within(node).end,
            NodeKind::Text(words) => {
                texts.push(document.words(words));
                node + 1
            }
            _ => node + 1,
        };
    }
    let is_shown = |tag: &String| {
        let written = format!("{MARK}{tag}");
        let is_whole = |(at, _): (usize, &str), text: &str| {
            let behind = text[at + written.len()..].trim_start_matches('/');
            text[..at].chars().next_back().is_none_or(char::is_whitespace)
                && !behind.starts_with(is_of_tag)
        };
        texts.iter().any(|text| text.match_indices(&written).any(|found| is_whole(found, text)))
    };
    tags.into_iter().filter(is_shown).filter_map(|tag| clean_tag(&tag)).collect()
}

/// A tag without the sign that Obsidian writes before it, and without empty levels: ` #a//b/ ` is
/// `a/b`.
pub(crate) fn clean_tag(tag: &str) -> Option<String> {
    let levels = tag.split('/').map(|level| level.trim().trim_start_matches(MARK).trim());
    let tag = levels.filter(|level| !level.is_empty()).collect::<Vec<_>>().join("/");
    (!tag.is_empty()).then_some(tag)
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
    use crate::markdown::{Context, Options, parse};

    #[test]
    fn addresses_have_no_tags_and_tags_no_empty_levels() {
        let options = Options { wiki_links: true, ..Options::default() };
        let context = Context { options, ..Context::default() };
        for (text, expected) in [
            ("[x](<b #c.md>) [[x #e]] ![alt #d](p.png) #f", &["f"][..]),
            ("[[b #foo]] #foobar x#baz [#baz](a.md)", &["foobar"]),
            ("[x][y]\n\n[y]: z.md \"t #g\"\n", &[]),
            ("#/usr/bin #a//b/c/ #/", &["usr/bin", "a/b/c"]),
            ("文 #粗 [#链](a.md)", &["粗"]),
        ] {
            assert_eq!(parse(text, &context).hashtags, expected, "{text}");
        }
    }

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
