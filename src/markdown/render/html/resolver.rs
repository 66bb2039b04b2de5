//! The questions that the HTML of a document asks of the site around it.
//!
//! Must not know: who answers them.

use std::ops::Range;

use crate::markdown::callout::BoxKind;

/// The parts of a page that a document names and does not hold. Each writes into the page.
pub trait Resolver {
    /// The start tag of a link, by its index.
    fn link_start(&self, out: &mut String, link: usize);
    /// The end tag of a link.
    fn link_end(&self, out: &mut String, link: usize);
    /// A whole image, by the index of its link.
    fn image(&self, out: &mut String, link: usize);
    /// The attribute with the file that a video, sound or the like loads.
    fn media(&self, out: &mut String, link: usize);
    /// Writes what is shown in place of a sound or film whose file does not exist; false if it
    /// exists.
    fn missing_media(&self, _out: &mut String, _link: usize) -> bool {
        false
    }
    /// The address of a file that an image may show, by the index of its link; `None` if it does
    /// not exist.
    fn candidate(&self, _link: usize) -> Option<String> {
        None
    }
    /// Writes the note that a link embeds; false if the link is to be shown in its place.
    fn embed(&self, _out: &mut String, _link: usize) -> bool {
        false
    }
    /// Writes a whole code block or diagram, by its index, if it is to be another than on a page;
    /// false if not.
    fn code_block(&self, _out: &mut String, _code: usize) -> bool {
        false
    }
    /// Writes a formula, by its index, if it is to be another than on a page; false if not.
    fn formula(&self, _out: &mut String, _formula: usize) -> bool {
        false
    }
    /// The places in a text that can be links to terms, in order, each with the number of its term.
    fn terms(&self, _text: &str) -> Vec<(Range<usize>, usize)> {
        Vec::new()
    }
    /// The start tag of the link to a term.
    fn term_start(&self, _out: &mut String, _term: usize) {}
    /// True if references to footnotes are shown.
    fn has_footnotes(&self) -> bool {
        true
    }
    /// The inside of a code block, by its index.
    fn code(&self, out: &mut String, code: usize);
    /// The attributes of a link within a diagram.
    fn diagram_link(&self, out: &mut String, link: usize);
    /// The site's word for the source of a diagram, whose language this is.
    fn diagram_source(&self, language: &str) -> &str;
    /// The site's word for a kind of box.
    fn box_title(&self, kind: BoxKind) -> &str;
    /// The site's word for a task that is done, or is not.
    fn task(&self, is_done: bool) -> &str;
    /// A table in place of the note's own navigation matrix.
    fn matrix(&self) -> Option<&str> {
        None
    }
    /// More rows for the note's own navigation matrix.
    fn matrix_rows(&self) -> Option<&str> {
        None
    }
}
