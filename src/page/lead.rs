//! The text of a home note → its parts in the order in which a cover shows them: what is above the
//! first paragraph, that paragraph, and the rest, to which badges and rows of links go.
//!
//! Must not know: what stands between the parts.

use std::ops::Range;

use crate::markdown::Parsed;
use crate::markdown::document::{Descend, Document, NodeKind, Visitor};

/// Fewest letters outside of links that make a paragraph one to begin with.
const LEAST_LETTERS: usize = 12;
/// Pictures in one block that are badges; one alone may be a banner.
const FEWEST_BADGES: usize = 2;

/// The parts of a text, each as whole nodes of its document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Lead {
    /// The title, a banner, and the first paragraph.
    pub lead: Vec<Range<usize>>,
    /// The others: what was above and can wait, then the text that follows.
    pub rest: Vec<Range<usize>>,
}

impl Lead {
    /// A text that is no cover.
    pub fn without(parsed: &Parsed) -> Self {
        let all = 0..parsed.document.len();
        Self { lead: Vec::new(), rest: std::iter::once(all).collect() }
    }

    /// Cuts a text. The first paragraph is the first block with a sentence, if nothing but images,
    /// links and the title is above it; else the text stays as it is behind its title.
    pub fn of(parsed: &Parsed) -> Self {
        let document = &parsed.document;
        let holds_title =
            |block: &Range<usize>| document.title().is_some_and(|at| block.contains(&at));
        let mut parts = Self::default();
        let mut waiting = Vec::new();
        let mut short = Vec::new();
        let mut node = 0;
        while node < document.len() {
            let block = node..document.within(node).end;
            let kind = document.kind(node);
            if holds_title(&block) || matches!(kind, NodeKind::Anchor(_)) {
                node = block.end;
                parts.lead.append(&mut short);
                parts.lead.push(block);
                continue;
            }
            if !may_be_above(kind) {
                break;
            }
            node = block.end;
            let content = Content::of(document, block.clone());
            if content.letters >= LEAST_LETTERS {
                parts.lead.append(&mut short);
                parts.lead.push(block);
                break;
            }
            if content.can_wait() { &mut waiting } else { &mut short }.push(block);
        }
        // Without a first paragraph, short lines belong to what is below them.
        parts.rest = waiting;
        parts.rest.append(&mut short);
        parts.rest.sort_by_key(|block| block.start);
        if node < document.len() {
            parts.rest.push(node..document.len());
        }
        parts
    }
}

/// True for blocks of which several may be above the first paragraph, or which are one.
fn may_be_above(kind: NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::Paragraph
            | NodeKind::Figure
            | NodeKind::Quote
            | NodeKind::Element(_)
            | NodeKind::Text(_)
            | NodeKind::RawText(_)
            | NodeKind::SoftBreak
            | NodeKind::HardBreak
            | NodeKind::Image(_)
            | NodeKind::Link(_)
    )
}

/// Counts of what a block holds.
#[derive(Debug, Default)]
struct Content {
    /// Letters outside of links.
    letters: usize,
    links: usize,
    images: usize,
    open_links: usize,
}

impl Content {
    fn of(document: &Document, block: Range<usize>) -> Self {
        let mut counter = Counter { document, content: Self::default() };
        document.walk(block, &mut counter);
        counter.content
    }

    /// True for badges, and for links in a row.
    fn can_wait(&self) -> bool {
        self.images >= FEWEST_BADGES || (self.images == 0 && self.links > 0)
    }
}

struct Counter<'d> {
    document: &'d Document,
    content: Content,
}

impl Visitor for Counter<'_> {
    fn enter(&mut self, node: usize) -> Descend {
        match self.document.kind(node) {
            NodeKind::Text(words) if self.content.open_links == 0 => {
                let text = self.document.words(words);
                self.content.letters += text.chars().filter(|c| c.is_alphanumeric()).count();
            }
            NodeKind::Image(_) => self.content.images += 1,
            NodeKind::Link(_) => {
                self.content.links += 1;
                self.content.open_links += 1;
            }
            // Nothing after such a block is the first paragraph, so it counts as text.
            NodeKind::Heading(_) | NodeKind::HtmlHeading(..) | NodeKind::CodeBlock(_) => {
                self.content.letters += LEAST_LETTERS;
            }
            _ => {}
        }
        Descend::Into
    }

    fn leave(&mut self, node: usize) {
        if matches!(self.document.kind(node), NodeKind::Link(_)) {
            self.content.open_links -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, parse};

    /// The texts of the parts.
    fn cut(text: &str) -> (String, String) {
        let parsed = parse(text, &Context { is_home: true, ..Context::default() });
        let Lead { lead, rest } = Lead::of(&parsed);
        let text = |parts: &[Range<usize>]| {
            let words = parts.iter().flat_map(Clone::clone).filter_map(|node| {
                match parsed.document.kind(node) {
                    NodeKind::Text(words) => Some(parsed.document.words(words).to_owned()),
                    NodeKind::Image(_) => Some("▣".to_owned()),
                    _ => None,
                }
            });
            words.collect::<Vec<_>>().join(" ")
        };
        (text(&lead), text(&rest))
    }

    #[test]
    fn the_first_paragraph_comes_first_and_badges_and_rows_of_links_wait() {
        let sentence = "这一本笔记讲操作系统与分布式系统。";
        for (text, lead, rest) in [
            ("# 题\n\n一句够长的话在这里结束了。\n\n二\n", "题 一句够长的话在这里结束了。", "二"),
            (
                "# 题\n\n[![a](a.png)](x) [![b](b.png)](y)\n\n这一本笔记讲操作系统与分布式系统。\n\n## 节\n",
                "题 这一本笔记讲操作系统与分布式系统。",
                "▣   ▣ 节",
            ),
            (
                "[English](README_EN.md) | 简体中文\n\n# 题\n\n这一本笔记讲操作系统与分布式系统。\n",
                "题 这一本笔记讲操作系统与分布式系统。",
                "English  | 简体中文",
            ),
            // A banner stays above.
            (
                "# 题\n\n![](banner.png)\n\n这一本笔记讲操作系统与分布式系统。\n",
                "题 ▣ 这一本笔记讲操作系统与分布式系统。",
                "",
            ),
            // A short line stays with its list.
            ("# 题\n\n目录：\n\n- 一\n- 二\n", "题", "目录： 一 二"),
            // Nothing can be the first paragraph, so the text stays as it is.
            ("# 题\n\n- 一\n- 二\n\n文\n", "题", "一 二 文"),
            ("# 题\n\n## 节\n\n文\n", "题", "节 文"),
            ("", "", ""),
        ] {
            assert_eq!(cut(text), (lead.to_owned(), rest.to_owned()), "{text}");
        }
        let html = format!(
            "<p align=\"center\"><a href=\"x\"><img src=\"a.png\"></a></p>\n\n# 题\n\n<div align=\"center\">\n\n[甲](a) [乙](b)\n\n</div>\n\n{sentence}\n"
        );
        assert_eq!(cut(&html), (format!("▣ 题 {sentence}"), "甲   乙".to_owned()));
        let within = format!("<div align=\"center\">\n\n# 题\n\n</div>\n\n{sentence}\n\n完\n");
        assert_eq!(cut(&within), (format!("题 {sentence}"), "完".to_owned()));
    }

    #[test]
    fn every_node_is_in_one_part_and_the_parts_are_whole() {
        for text in [
            "# 题\n\n[a](b)\n\n文字文字文字文字文字文字文字。\n\n| a |\n|---|\n| b |\n",
            "> 引\n\n[^1]\n\n[^1]: 注\n",
            "<div>\n\n# 题\n\n</div>\n\n文\n",
            "```\ncode\n```\n",
        ] {
            let parsed = parse(text, &Context { is_home: true, ..Context::default() });
            let Lead { lead, rest } = Lead::of(&parsed);
            let mut nodes: Vec<usize> = lead.into_iter().chain(rest).flatten().collect();
            nodes.sort_unstable();
            assert_eq!(nodes, (0..parsed.document.len()).collect::<Vec<_>>(), "{text}");
        }
    }
}
