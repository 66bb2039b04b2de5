//! A document → its first paragraph, for lists and search engines, and whether it has any content.
//!
//! Must not know: headings' words, front matter.

use crate::markdown::document::{Descend, Document, NodeKind, Visitor};
use crate::markdown::{Formula, Parsed};

/// Longest summary, in characters: search engines and lists of pages show no more.
const LONGEST: usize = 160;
/// Shortest paragraph, in characters, that can be a summary.
const SHORTEST: usize = 8;

/// The summary of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Summary {
    /// The beginning of the first paragraph that is long enough; empty if there is none.
    pub text: String,
    /// The beginning of the first paragraph of any length.
    pub first_words: String,
    /// True if there is more than the first heading.
    pub has_content: bool,
}

/// Summarises the document of a parsed text.
pub(crate) fn summarise(parsed: &Parsed) -> Summary {
    let document = &parsed.document;
    let formulas = &parsed.formulas;
    let mut reader =
        SummaryReader { document, formulas, summary: Summary::default(), paragraph: None };
    document.walk(0..document.len(), &mut reader);
    reader.summary
}

struct SummaryReader<'d> {
    document: &'d Document,
    formulas: &'d [Formula],
    summary: Summary,
    /// The words of the paragraph at hand.
    paragraph: Option<String>,
}

impl Visitor for SummaryReader<'_> {
    fn enter(&mut self, node: usize) -> Descend {
        let kind = self.document.kind(node);
        if self.document.title() == Some(node) {
            return Descend::Over;
        }
        match kind {
            NodeKind::RawText(words) => {
                self.summary.has_content |= !self.document.words(words).trim().is_empty();
            }
            // Lines and blocks of comments alone are no content.
            NodeKind::Rule | NodeKind::HtmlBlock => {}
            _ => self.summary.has_content = true,
        }
        match (kind, &mut self.paragraph) {
            (NodeKind::Paragraph, None) if self.summary.text.is_empty() => {
                self.paragraph = Some(String::new());
            }
            (NodeKind::Text(words) | NodeKind::Code(words), Some(paragraph)) => {
                paragraph.push_str(self.document.words(words));
            }
            (NodeKind::Formula(formula), Some(paragraph)) => {
                paragraph.push_str(&self.formulas[formula as usize].plain());
            }
            (NodeKind::SoftBreak | NodeKind::HardBreak, Some(paragraph)) => paragraph.push(' '),
            _ => {}
        }
        Descend::Into
    }

    fn leave(&mut self, node: usize) {
        if self.document.kind(node) != NodeKind::Paragraph {
            return;
        }
        let paragraph = self.paragraph.take().unwrap_or_default();
        let paragraph = paragraph.trim();
        if self.summary.first_words.is_empty() {
            self.summary.first_words = shortened(paragraph, LONGEST);
        }
        if paragraph.chars().nth(SHORTEST - 1).is_some() {
            self.summary.text = shortened(paragraph, LONGEST);
        }
    }
}

/// The beginning of a text, of at most so many characters.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Context, parse};

    #[test]
    fn summaries_and_stubs() {
        for (text, summary, has_content) in [
            ("", "", false),
            ("# Only a title", "", false),
            ("<!-- todo -->\n\n# Title\n", "", false),
            ("# A\n\n## B", "", true),
            (
                "# A\n\n![x](y.png)\n\n短\n\n这一段才说明这篇笔记**讲什么**。",
                "这一段才说明这篇笔记讲什么。",
                true,
            ),
        ] {
            let parsed = parse(text, &Context::default());
            assert_eq!(
                (parsed.summary.as_str(), parsed.has_content),
                (summary, has_content),
                "{text}"
            );
        }
    }

    #[test]
    fn images_are_content_and_their_words_are_no_summary() {
        let parsed = parse("# 图\n\n<img src=\"a.png\">", &Context::default());
        assert!(parsed.has_content);
        assert!(!parse("# 图\n\n---\n", &Context::default()).has_content);
        let text = "![在这里插入图片描述](a.png)\n\n这一段才是说明的文字。";
        assert_eq!(parse(text, &Context::default()).summary, "这一段才是说明的文字。");
    }
}
