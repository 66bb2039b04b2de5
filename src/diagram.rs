//! The text of a diagram → a drawing that is a part of its page: an SVG element with real text,
//! in the colours of the page's scheme, without scripts and styles of its own.
//!
//! Must not know: Markdown, pages, where a link leads.

mod markmap;
mod mermaid;
mod mindmap;
mod output;
mod palette;
mod svg;
mod width;
mod xmind;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::escape::escape_into;
use crate::phrase::{Phrase, phrase};

pub use self::mindmap::Topic;
pub use self::output::of_output;
pub use self::width::of as text_width;
pub use self::xmind::{MindMap, of_xmind};

/// A diagram that is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Diagram {
    /// The element `svg`, apart from `<svg` and what depends on the page; empty for a picture.
    pub svg: String,
    /// The picture that it is instead of an SVG.
    pub picture: Option<Picture>,
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

/// A picture in PNG.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Picture {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The file in Base64 (RFC 4648, §4).
    pub base64: String,
}

/// Drawings that need more than a text: programs, files beside the notes, and earlier runs.
pub trait Drawings: fmt::Debug {
    /// True if there is a command for a language, whether or not it may be run.
    fn has_command(&self, language: &str) -> bool;

    /// Draws a block by its command, or says why it stays code; `None` if no command for it may be
    /// run.
    fn by_command(&self, language: &str, text: &str) -> Option<Result<Diagram, Diagnostic>>;

    /// Draws all blocks that one note will ask for, each a language and a text.
    fn draw_ahead(&self, blocks: &[(&str, String)]);

    /// Draws a block as [`draw`] does, unless it was drawn before.
    ///
    /// # Errors
    /// As for [`draw`].
    fn draw(&self, language: &str, text: &str) -> Result<Diagram, DiagramMistake>;

    /// The mind maps in the file at a destination, which a name in double brackets gives if
    /// `is_wiki`; `None` if there is no such file.
    fn mind_maps(
        &self,
        destination: &str,
        is_wiki: bool,
    ) -> Option<Result<Vec<MindMap>, DiagramMistake>>;
}

/// A place in the text of an SVG element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hole {
    /// Bytes before it.
    pub at: u32,
    /// The part that goes there.
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

impl Diagram {
    /// Writes the element `svg` from behind its name and the attributes that depend on the page:
    /// `prefix` is before its ids, `link` writes the attributes of a link, by its index.
    pub fn write(&self, out: &mut String, prefix: &str, mut link: impl FnMut(&mut String, usize)) {
        let mut from = 0;
        for hole in &self.holes {
            let at = hole.at as usize;
            out.push_str(&self.svg[from..at]);
            from = at;
            match hole.kind {
                HoleKind::IdPrefix => escape_into(out, prefix),
                HoleKind::Link(number) => link(out, number as usize),
            }
        }
        out.push_str(&self.svg[from..]);
    }
}

/// The reason why a diagram cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagramMistake {
    /// The reason, as a part of a sentence.
    pub reason: Phrase,
    /// The line of the text that it is about, from 0.
    pub line: usize,
}

impl DiagramMistake {
    /// A mistake of the whole.
    #[must_use]
    pub fn new(reason: Phrase) -> Self {
        Self { reason, line: 0 }
    }
}

/// The languages of code that are diagrams.
pub const LANGUAGES: [&str; 3] = ["markmap", "mermaid", "mindmap"];

/// Draws a tree of topics as a mind map.
///
/// # Errors
/// It has too many topics.
pub fn draw_topics(root: &Topic) -> Result<Diagram, DiagramMistake> {
    mindmap::draw(root)
}

/// True for a block that stands for the mind map of what is below its page in the navigation: one
/// of mind maps without a text.
#[must_use]
pub fn is_map_of_page(language: &str, text: &str) -> bool {
    matches!(language, "markmap" | "mindmap") && text.trim().is_empty()
}

/// True for a language of code that is a diagram.
#[must_use]
pub fn is_diagram(language: &str) -> bool {
    LANGUAGES.contains(&language)
}

/// Draws a diagram.
///
/// # Errors
/// The mistake in its text, or the limit that it exceeds.
pub fn draw(language: &str, text: &str) -> Result<Diagram, DiagramMistake> {
    // The library for mermaid is large; a mistake in it must not cost the note.
    std::panic::catch_unwind(|| draw_as(language, text))
        .unwrap_or_else(|_| Err(DiagramMistake::new(phrase!("the program that draws it failed"))))
}

fn draw_as(language: &str, text: &str) -> Result<Diagram, DiagramMistake> {
    match language {
        "mermaid" => mermaid::draw(text),
        "markmap" | "mindmap" => markmap::draw(text),
        _ => Err(DiagramMistake::new(phrase!("`{language}` is no language of diagrams", language))),
    }
}
