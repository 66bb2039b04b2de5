//! The text of a diagram → a drawing that is a part of its page: an SVG element with real text,
//! in the colours of the page's scheme, without scripts and styles of its own.
//!
//! Must not know: Markdown, pages, where a link leads.

mod markmap;
mod mermaid;
mod mindmap;
mod palette;
mod svg;

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A diagram that is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Diagram {
    /// The element `svg`, apart from `<svg` and what depends on the page.
    pub svg: String,
    /// The places of what depends on the page, in order.
    pub holes: Vec<Hole>,
    /// The title that it gives itself.
    pub title: Option<String>,
    /// The description that it gives itself.
    pub description: Option<String>,
    /// Its labels, each a line.
    pub words: String,
    /// The destinations of its links, in order.
    pub links: Vec<String>,
}

/// A place in the text of an SVG element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hole {
    /// Bytes before it.
    pub at: u32,
    /// What is wanted there.
    pub kind: HoleKind,
}

/// A part of an SVG element that depends on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HoleKind {
    /// A text before an id, so that drawings of one page share none.
    IdPrefix,
    /// The attributes of a link, by its index.
    Link(u32),
}

/// The reason why a diagram cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The reason, as a part of a sentence.
    pub reason: String,
    /// The bytes of the text that it is about, if they are known.
    pub at: Option<Range<usize>>,
}

impl Mistake {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), at: None }
    }
}

/// True for a language of code that is a diagram.
#[must_use]
pub fn is_diagram(language: &str) -> bool {
    matches!(language, "markmap" | "mermaid" | "mindmap")
}

/// Draws a diagram.
///
/// # Errors
/// The mistake in its text, or the limit that it exceeds.
pub fn draw(language: &str, text: &str) -> Result<Diagram, Mistake> {
    match language {
        "mermaid" => mermaid::draw(text),
        "markmap" | "mindmap" => markmap::draw(text),
        _ => Err(Mistake::new(format!("`{language}` is no language of diagrams"))),
    }
}
