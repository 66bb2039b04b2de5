//! Note boxes in any syntax: their kinds, and the meaning of the marks that `dialect` puts in place
//! of lines that open and close them.
//!
//! Must not know: the language of the site; a box without a title of its own gets it when the page
//! is made.

use pulldown_cmark::BlockQuoteKind;
use serde::{Deserialize, Serialize};

use super::dialect::boxes::{self, BoxMark, Marker};
use super::document::{BoxTitle, NodeKind};

/// The kinds of boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BoxKind {
    /// Something worth knowing.
    Note,
    /// Advice.
    Tip,
    /// Something one must know.
    Important,
    /// Something that can go wrong.
    Warning,
    /// Something that does harm.
    Caution,
    /// Folded away until it is opened.
    Details,
}

impl BoxKind {
    /// The name that classes and labels use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Tip => "tip",
            Self::Important => "important",
            Self::Warning => "warning",
            Self::Caution => "caution",
            Self::Details => "details",
        }
    }

    /// The kind that a word in a quote's first line names, beside GitHub's those of Obsidian.
    pub(super) fn of_quote(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "done" => Some(Self::Tip),
            "failure" | "fail" | "missing" => Some(Self::Caution),
            "abstract" | "details" | "expand" | "default" => None,
            word => Self::of(word),
        }
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "note" | "info" | "abstract" | "callout" | "hint" | "notice" | "default" => Self::Note,
            "tip" | "success" | "check" => Self::Tip,
            "important" => Self::Important,
            "warning" | "warn" | "attention" => Self::Warning,
            "danger" | "caution" | "error" | "bug" => Self::Caution,
            "details" | "expand" => Self::Details,
            _ => return None,
        })
    }
}

impl From<BlockQuoteKind> for BoxKind {
    fn from(kind: BlockQuoteKind) -> Self {
        match kind {
            BlockQuoteKind::Note => Self::Note,
            BlockQuoteKind::Tip => Self::Tip,
            BlockQuoteKind::Important => Self::Important,
            BlockQuoteKind::Warning => Self::Warning,
            BlockQuoteKind::Caution => Self::Caution,
        }
    }
}

/// The meaning of a mark.
pub(crate) enum Mark {
    /// A box begins, with this title.
    Open(NodeKind, Option<CalloutTitle>),
    /// The nearest box ends.
    Close,
    /// A title comes next.
    Alone(CalloutTitle),
}

/// A title of the writer's.
pub(crate) struct CalloutTitle {
    /// The node that it is in.
    pub node: NodeKind,
    /// It is a line of Markdown.
    pub text: String,
}

/// Reads a comment, given without `<!--` and `-->`; `None` if it is no mark.
pub(crate) fn read_mark(comment: &str, boxes: &[BoxMark]) -> Option<Mark> {
    let label = |title: &String| CalloutTitle { node: NodeKind::Label, text: title.clone() };
    Some(match boxes::read_comment(comment, boxes)? {
        Marker::Open { kind: None, title } | Marker::Item { kind: None, title } => {
            let title = title.as_ref().filter(|title| !title.is_empty());
            Mark::Open(NodeKind::Group, title.map(label))
        }
        Marker::Tab(title) => Mark::Alone(label(title)),
        Marker::Open { kind: Some(kind), title } | Marker::Item { kind: Some(kind), title } => {
            match title {
                None => Mark::Open(NodeKind::Box(*kind, BoxTitle::Word), None),
                Some(title) if title.is_empty() => {
                    Mark::Open(NodeKind::Box(*kind, BoxTitle::None), None)
                }
                Some(title) => {
                    let node = NodeKind::BoxHead(*kind);
                    let title = CalloutTitle { node, text: title.clone() };
                    Mark::Open(NodeKind::Box(*kind, BoxTitle::Own), Some(title))
                }
            }
        }
        Marker::Close => Mark::Close,
    })
}

/// A word as a title of its own.
pub(super) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
