//! Note boxes and tabs in any syntax: their kinds, and the meaning of the marks that `dialect` puts
//! in place of lines that open and close them.
//!
//! Must not know: the language of the site; a box without a title of its own gets it when the page
//! is made.

use pulldown_cmark::BlockQuoteKind;
use serde::{Deserialize, Serialize};

use super::dialect::boxes::{self, BoxMark, Marker};
use super::document::{BoxTitle, NodeKind, TabPlace, TabState};

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
    /// A question, whose answer is folded away.
    Question,
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
            Self::Details | Self::Question => "details",
        }
    }

    /// True if it is folded away until it is opened.
    #[must_use]
    pub fn is_folded(self) -> bool {
        matches!(self, Self::Details | Self::Question)
    }

    /// The kind of what a word with a title folds away: a question by the words of Obsidian.
    pub(super) fn folded(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "question" | "faq" | "help" => Self::Question,
            _ => Self::Details,
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

impl MarkedBlock {
    /// A tab that goes on with those above it.
    pub const TAB: Self = Self::Tab(TabPlace::Next, TabState::Usual);
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

/// A part of a text that lines of a dialect begin and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MarkedBlock {
    /// A note box.
    Box(BoxKind),
    /// A box of a kind that has no look of its own.
    Group,
    /// Tabs, of which a reader with scripts sees one at a time.
    Tabs,
    /// One of the tabs.
    Tab(TabPlace, TabState),
}

/// The meaning of a mark.
pub(crate) enum Mark {
    /// A block begins, with this title.
    Open(NodeKind, Option<CalloutTitle>),
    /// The nearest block ends.
    Close,
    /// The nearest tab ends, and one with this title begins.
    NextTab(CalloutTitle, TabState),
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
    Some(match boxes::read_comment(comment, boxes)? {
        Marker::Open { block, title } | Marker::Item { block, title } => {
            opening(*block, title.as_deref())
        }
        Marker::NextTab { title, state } => {
            Mark::NextTab(CalloutTitle::new(NodeKind::TabTitle, title), *state)
        }
        Marker::Close => Mark::Close,
    })
}

/// The beginning of a block. An empty title is none.
fn opening(block: MarkedBlock, title: Option<&str>) -> Mark {
    let own = title.filter(|title| !title.is_empty());
    let titled = |node| own.map(|title| CalloutTitle::new(node, title));
    match block {
        MarkedBlock::Box(kind) => {
            let node = match (title, own) {
                (None, _) => BoxTitle::Word,
                (Some(_), None) => BoxTitle::None,
                (_, Some(_)) => BoxTitle::Own,
            };
            Mark::Open(NodeKind::Box(kind, node), titled(NodeKind::BoxHead(kind)))
        }
        MarkedBlock::Group => Mark::Open(NodeKind::Group, titled(NodeKind::Label)),
        MarkedBlock::Tabs => Mark::Open(NodeKind::Tabs, titled(NodeKind::Label)),
        MarkedBlock::Tab(place, state) => {
            Mark::Open(NodeKind::Tab(place, state), titled(NodeKind::TabTitle))
        }
    }
}

impl CalloutTitle {
    fn new(node: NodeKind, text: &str) -> Self {
        Self { node, text: text.to_owned() }
    }
}

/// A word as a title of its own.
pub(super) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
