//! A picture that is a file of mind maps, or a link to one that is a paragraph of its own → the
//! drawings, with the link below them. A link within a sentence stays one.
//!
//! Must not know: what is in the file.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag};

use super::embed::ending;
use super::{destination_in, without_escape};
use crate::diagnostic::{Diagnostic, Kind};
use crate::diagram::{DiagramMistake, MindMap};
use crate::markdown::Draft;
use crate::markdown::code::{CodeBlock, PlacedCode, register_links};
use crate::markdown::document::{NodeKind, offset};
use crate::markdown::item::{Item, Spanned, end_of};
use crate::phrase::phrase;

/// The ending of files of mind maps, and the language of the lists of their topics.
pub const MIND_MAP: &str = "xmind";

/// A note shows no larger mind maps, in bytes of all of them: one line of text is enough for each.
const LARGEST: usize = 4 << 20;

/// True if a text may name a file of mind maps.
#[must_use]
pub fn may_show_mind_maps(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'.', bytes).any(|at| {
        let behind = bytes.get(at + 1..at + 1 + MIND_MAP.len());
        behind.is_some_and(|behind| behind.eq_ignore_ascii_case(MIND_MAP.as_bytes()))
    })
}

/// True for the destination of a file of mind maps.
pub(super) fn is_mind_map(destination: &str) -> bool {
    ending(destination).is_some_and(|ending| ending.eq_ignore_ascii_case(MIND_MAP))
}

/// True if a paragraph holds one link to a file of mind maps and nothing else.
pub(super) fn is_alone(paragraph: &[Spanned<'_>]) -> bool {
    let Some((Item::Event(Event::Start(Tag::Link { dest_url, .. })), _)) = paragraph.first() else {
        return false;
    };
    is_mind_map(dest_url) && end_of(paragraph, 0) == paragraph.len() - 1
}

/// The nodes of the mind maps in the file that a link or picture names; `None` if they are not
/// drawn, which is reported.
pub(super) fn drawn<'a>(link: &Spanned<'a>, draft: &mut Draft<'_>) -> Option<Vec<Spanned<'a>>> {
    let (Item::Event(Event::Start(tag)), range) = link else { return None };
    let (Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. }) = tag
    else {
        return None;
    };
    if !draft.options.diagrams || !is_mind_map(dest_url) {
        return None;
    }
    let is_wiki = matches!(link_type, LinkType::WikiLink { .. });
    let destination = without_escape(dest_url, is_wiki);
    let drawn = match draft.mind_map_size {
        0..=LARGEST => draft.drawings?.mind_maps(destination, is_wiki)?,
        _ => Err(too_large()),
    };
    match drawn {
        Ok(maps) => {
            let line = draft.lines.of(range.start);
            let numbers = maps.into_iter().map(|map| register(map, line, draft));
            let leaf = |number| (Item::Leaf(NodeKind::CodeBlock(number)), range.clone());
            Some(numbers.map(leaf).collect())
        }
        Err(mistake) => {
            let place = destination_in(draft.lines.text(), range, destination);
            draft.report(&place, refusal(destination, &mistake));
            None
        }
    }
}

/// Mind maps with the link to their file.
pub(super) fn figure<'a>(
    maps: Vec<Spanned<'a>>,
    link: Vec<Spanned<'a>>,
    place: &Range<usize>,
) -> Vec<Spanned<'a>> {
    let open = |kind| (Item::Open(kind), place.clone());
    let close = || (Item::Close, place.clone());
    let mut figure = vec![open(NodeKind::Figure)];
    figure.extend(maps);
    figure.push(open(NodeKind::Caption));
    figure.extend(link);
    figure.extend([close(), close()]);
    figure
}

/// Registers a mind map as the code block of its outline; gives its number.
fn register(map: MindMap, line: u32, draft: &mut Draft<'_>) -> u32 {
    let MindMap { title, outline, mut diagram } = map;
    register_links(&mut diagram, line, draft);
    draft.mind_map_size += diagram.svg.len();
    let block = CodeBlock { language: MIND_MAP.to_owned(), text: outline, ..CodeBlock::default() };
    draft.parsed.codes.push(PlacedCode {
        block,
        line,
        file: title,
        is_indented: false,
        info: String::new(),
        diagram: Some(Box::new(diagram)),
    });
    offset(draft.parsed.codes.len() - 1)
}

fn too_large() -> DiagramMistake {
    DiagramMistake::new(phrase!(
        "the note shows mind maps of more than {value} MB",
        value = LARGEST >> 20
    ))
}

fn refusal(destination: &str, mistake: &DiagramMistake) -> Diagnostic {
    let message = phrase!(
        "`{destination}` is shown as a link: {reason}",
        destination,
        reason = mistake.reason
    );
    Diagnostic::new(Kind::Diagram, message).help(phrase!(
        "save it again in XMind, without a password, or divide it if it is too large"
    ))
}
