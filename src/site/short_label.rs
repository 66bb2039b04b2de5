//! The labels of the navigation → the short ones, for the sidebar and the breadcrumbs: of
//! `Java 并发编程专题：线程、锁、JMM、CAS、AQS` the first part.
//!
//! Must not know: HTML.

use std::collections::HashMap;

use crate::markdown::cjk::{columns, is_cjk_letter};
use crate::nav::{Nav, NodeId};

/// Widest label that is shown whole, in columns, of which a Han character takes two.
const MOST_COLUMNS: usize = 24;
/// Fewest columns of a short label.
const LEAST_COLUMNS: usize = 4;
/// Characters between the parts of a title.
const SEPARATORS: [&str; 9] = ["：", ": ", "｜", "|", "（", " (", "——", " - ", " – "];
/// Numerals in Chinese.
const NUMERALS: &str = "〇零一二三四五六七八九十百";
/// Most Han characters beside the numeral of a part that is no more than a number: `实验一`,
/// `第三部分`.
const MOST_HAN_OF_NUMBER: usize = 3;

/// The lengths of the short labels in bytes, by entry; `None` for an entry whose label is short, or
/// would be like that of another entry beside it. `entries` is the number of all.
pub(super) fn lengths<'l>(
    nav: &Nav,
    entries: usize,
    label: impl Fn(NodeId) -> &'l str,
) -> Vec<Option<u32>> {
    let mut lengths = vec![None; entries];
    let lists = std::iter::once(&nav.roots)
        .chain((0..entries).map(|node| &nav.node(NodeId(node)).children));
    for list in lists {
        let shorts: Vec<(NodeId, &str)> =
            list.iter().map(|&node| (node, short(label(node)))).collect();
        let mut uses: HashMap<&str, usize> = HashMap::new();
        for (_, short) in &shorts {
            *uses.entry(short).or_default() += 1;
        }
        for (node, short) in shorts {
            if short.len() < label(node).len() && uses[short] == 1 {
                lengths[node.0] = u32::try_from(short.len()).ok();
            }
        }
    }
    lengths
}

/// The first part of a long label; an address has none.
fn short(label: &str) -> &str {
    if columns(label, MOST_COLUMNS + 1) <= MOST_COLUMNS || label.contains("://") {
        return label;
    }
    let ends = SEPARATORS.iter().filter_map(|separator| label.find(separator));
    let parts = ends.map(|end| label[..end].trim_end());
    let telling =
        parts.filter(|part| columns(part, LEAST_COLUMNS) >= LEAST_COLUMNS && !is_only_number(part));
    telling.min_by_key(|part| part.len()).unwrap_or(label)
}

/// True if a part of a label is no more than a number: a numeral with one word or a few Han
/// characters, `Experiment 1`, `第 3 章`.
fn is_only_number(part: &str) -> bool {
    let is_numeral = |c: char| c.is_numeric() || NUMERALS.contains(c);
    let is_numbered =
        part.ends_with(is_numeral) || part.starts_with('第') && part.contains(is_numeral);
    if !is_numbered {
        return false;
    }
    let rest: String = part.chars().map(|c| if is_numeral(c) { ' ' } else { c }).collect();
    let han = rest.chars().filter(|c| is_cjk_letter(*c)).count();
    let is_latin = |c: char| c.is_alphabetic() && !is_cjk_letter(c);
    let words = rest.split_whitespace().filter(|word| word.contains(is_latin)).count();
    if han == 0 { words <= 1 } else { words == 0 && han <= MOST_HAN_OF_NUMBER }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::site::fixture::NotesFixture;

    #[test]
    fn the_first_part_of_a_long_label() {
        for (label, expected) in [
            ("Java 并发编程专题：线程、锁、JMM、CAS、AQS、线程池", "Java 并发编程专题"),
            ("IO Multiplexing | IO 多路复用的几种实现", "IO Multiplexing"),
            ("Distributed System Series（分布式系统·实践笔记）", "Distributed System Series"),
            ("短：标题", "短：标题"),
            (
                "C：一个只有一个字母的前缀和很长的说明文字",
                "C：一个只有一个字母的前缀和很长的说明文字",
            ),
            ("一个没有分隔符号的特别长的标题文字", "一个没有分隔符号的特别长的标题文字"),
            ("Consistency models: linearizable - sequential", "Consistency models"),
            ("第1章：Java 并发编程的艺术与实践", "第1章：Java 并发编程的艺术与实践"),
            ("Chapter 12: Introduction to systems", "Chapter 12: Introduction to systems"),
            ("Experiment 1: a key-value store on disk", "Experiment 1: a key-value store on disk"),
            (
                "Assignment 12 - a scheduler of processes",
                "Assignment 12 - a scheduler of processes",
            ),
            ("第三部分：分布式系统的基础知识", "第三部分：分布式系统的基础知识"),
            ("HTTP/2 协议详解：帧、流与头部压缩的细节", "HTTP/2 协议详解"),
            ("Linux 内核 5.10：调度器的若干变化与测试", "Linux 内核 5.10"),
            ("实验一：一个简单的分布式键值存储", "实验一：一个简单的分布式键值存储"),
            ("一致性模型：线性一致、顺序一致与因果一致", "一致性模型"),
            ("Java 8 的新特性：Lambda 表达式与 Stream", "Java 8 的新特性"),
            ("https://example.org/a/long/address", "https://example.org/a/long/address"),
            ("Boost::asio and its io_context class", "Boost::asio and its io_context class"),
            (
                "printf() and the other functions of stdio",
                "printf() and the other functions of stdio",
            ),
            ("", ""),
        ] {
            assert_eq!(short(label), expected);
        }
    }

    #[test]
    fn entries_beside_each_other_have_different_labels() {
        let files = [
            ("README.md", "# 首页\n\n文"),
            ("a.md", "# 集合框架：List 与 ArrayList 的实现\n\n文"),
            ("b.md", "# 集合框架：Map 与 HashMap 的实现细节\n\n文"),
            ("c.md", "# 并发编程：从线程到线程池的所有知识\n\n文"),
        ];
        let site = NotesFixture::new(&files).site(&Config::default(), None);
        let labels: Vec<&str> = site.nav.roots.iter().map(|&node| site.short_label(node)).collect();
        assert_eq!(
            labels,
            [
                "集合框架：List 与 ArrayList 的实现",
                "集合框架：Map 与 HashMap 的实现细节",
                "并发编程"
            ]
        );
    }
}
