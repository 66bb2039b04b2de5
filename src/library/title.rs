//! The words of a link and the text before it → the title and the year of the resource.
//!
//! Must not know: what type of thing that is.

use std::ops::RangeInclusive;

use crate::markdown::Link;

use super::address::{WebAddress, is_picture};
use super::evidence::without_marks;

/// Years that a thing may be of; other numbers of four digits are no years.
const YEARS: RangeInclusive<u16> = 1990..=2039;
/// A title longer than this is cut, in characters.
const LONGEST: usize = 160;
/// Words of links that say nothing of what they lead to.
const SAYS_NOTHING: [&str; 36] = [
    "article",
    "click here",
    "here",
    "link",
    "links",
    "original",
    "read more",
    "source",
    "this",
    "website",
    "下载",
    "下载地址",
    "主页",
    "仓库",
    "出处",
    "原文",
    "原文出处",
    "原文地址",
    "原文链接",
    "博文",
    "参考",
    "地址",
    "官网",
    "文档",
    "本文",
    "来源",
    "此处",
    "点击这里",
    "详情",
    "更多",
    "返回",
    "返回目录",
    "这里",
    "这篇文章",
    "链接",
    "阅读原文",
];

/// Title of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LinkTitle {
    pub text: String,
    /// True if a link calls it so; else it is the address.
    is_given: bool,
}

impl LinkTitle {
    /// The words of a link, or where it leads when they say nothing.
    pub fn new(words: &str, address: &WebAddress) -> Self {
        let text = without_marks(words);
        let kept = text.split_whitespace().filter(|word| !word.contains("://"));
        let text = crate::path::without_control(&kept.collect::<Vec<_>>().join(" "));
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let is_address = WebAddress::parse(&format!("http://{}", text.trim()))
            .is_some_and(|is| is.key == address.key);
        let says_nothing =
            !bare.contains(char::is_alphabetic) || SAYS_NOTHING.contains(&bare.as_str());
        if says_nothing || is_address || is_picture(&bare) {
            return Self { text: address.shown(), is_given: false };
        }
        let text = match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", text[..end].trim_end()),
            None => text,
        };
        Self { text, is_given: true }
    }

    /// A given title says more than an address, and a long one more than a short one.
    pub fn is_better_than(&self, other: &Self) -> bool {
        let worth = |title: &Self| {
            (title.is_given, if title.is_given { title.text.chars().count() } else { 0 })
        };
        worth(self) > worth(other)
    }
}

/// The year that the words of a link begin with, its line begins with or its address names.
pub(super) fn year(link: &Link, address: &WebAddress) -> Option<u16> {
    let named = || address.folders().find_map(whole_year);
    leading_year(&link.text).or_else(|| year_before(&link.context.before)).or_else(named)
}

/// The year at the beginning of a text: `2018-`, `2019~`, `(2017)`, `2018 `.
fn leading_year(text: &str) -> Option<u16> {
    let text = text.trim_start();
    let inner = text.strip_prefix(['(', '（', '[', '【']).unwrap_or(text);
    let (digits, rest) = inner.split_at_checked(4)?;
    let ends = rest.chars().next().is_none_or(|c| {
        c.is_whitespace()
            || matches!(
                c,
                '-' | '~' | '–' | '—' | '_' | ')' | '）' | ']' | '】' | ':' | '：' | '年'
            )
    });
    whole_year(digits).filter(|_| ends)
}

/// The year that ends a text without letters: `📚 2018 - `.
fn year_before(text: &str) -> Option<u16> {
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let digits = text.get(text.len().checked_sub(4)?..)?;
    let goes_on = text[..text.len() - 4]
        .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '/'));
    whole_year(digits).filter(|_| !goes_on)
}

fn whole_year(digits: &str) -> Option<u16> {
    let is_number = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|year| is_number && YEARS.contains(year))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::LinkContext;

    #[test]
    fn titles_are_words_or_addresses() {
        let address = WebAddress::parse("https://www.e.org/a/%E6%95%B0/").unwrap();
        for (words, title) in [
            ("谈谈协程", "谈谈协程"),
            ("", "e.org/a/数"),
            ("https://www.e.org/a/%E6%95%B0/", "e.org/a/数"),
            ("www.e.org/a/数", "e.org/a/数"),
            ("并发编程导论 https://url.cn/Yagu8", "并发编程导论"),
            ("原文地址", "e.org/a/数"),
            ("[Link]", "e.org/a/数"),
            ("[3]", "e.org/a/数"),
            ("Image.PNG", "e.org/a/数"),
            ("SICP  #Book#", "SICP"),
            ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ] {
            assert_eq!(LinkTitle::new(words, &address).text, title, "{words}");
        }
    }

    #[test]
    fn the_better_title_says_more() {
        let address = WebAddress::parse("https://e.org/a-very-long-address").unwrap();
        for (a, b, expected) in
            [("题", "", true), ("", "题", false), ("题目", "题", true), ("", "here", false)]
        {
            let better = LinkTitle::new(a, &address).is_better_than(&LinkTitle::new(b, &address));
            assert_eq!(better, expected, "{a} {b}");
        }
    }

    #[test]
    fn years_stand_at_the_beginning_or_in_the_path() {
        for (text, before, url, expected) in [
            ("2021~白话讲解", "", "https://e.org", Some(2021)),
            ("2018-x", "", "https://e.org", Some(2018)),
            ("(2017) x", "", "https://e.org", Some(2017)),
            ("2013 年的 x", "", "https://e.org", Some(2013)),
            ("20180 x", "", "https://e.org", None),
            ("1024 x", "", "https://e.org", None),
            ("x 2018", "", "https://e.org", None),
            ("x", "2018-", "https://e.org", Some(2018)),
            ("x", "📚 (2018)", "https://e.org", Some(2018)),
            ("x", "12018", "https://e.org", None),
            ("x", "1-2018", "https://e.org", None),
            ("x", "", "https://e.org/2018/07/x", Some(2018)),
            ("x", "", "https://e.org/post/2018", None),
            ("x", "", "https://e.org/?d=/2018/07", None),
            ("2020-x", "2019", "https://e.org/2018/07/x", Some(2020)),
        ] {
            let context = LinkContext { before: before.to_owned(), ..LinkContext::default() };
            let link = Link { text: text.to_owned(), context, ..Link::default() };
            assert_eq!(
                year(&link, &WebAddress::parse(url).unwrap()),
                expected,
                "{text} {before} {url}"
            );
        }
    }
}
