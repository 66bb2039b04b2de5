//! A note or a section of one, within the text of another: `![[Note#EmbeddedPart]]`.
//!
//! An embed that leads back to a text around it, is nested too deep or makes the page too large is
//! a link, and reported.
//!
//! Must not know: templates, how a link was resolved.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Kind};
use crate::escape::escape_into;
use crate::links::Target;
use crate::markdown::render::html::Resolver as _;
use crate::note::Note;
use crate::phrase::phrase;
use crate::site::{DEEPEST_EMBED, LinkProblem, MOST_EMBEDS, Site};

use super::body::{Body, ResolvedHref};
use crate::phrase::Phrase;

/// A page embeds no more text, in bytes of HTML as estimated.
const MOST_TEXT: usize = 2 << 20;
/// After so many embeds a page has links in their place.
const MOST_PLACES: usize = MOST_EMBEDS;

/// A note that a page embeds, as the site sees it from that page.
#[derive(Hash)]
pub(super) struct EmbeddedNote<'a> {
    pub title: &'a str,
    pub hrefs: Vec<ResolvedHref>,
    /// The address of its page.
    pub address: String,
}

/// A note of which a page shows the text, or a part of it.
#[derive(Clone, Copy)]
pub(super) struct ShownNote<'a> {
    pub note: &'a Note,
    pub title: &'a str,
    pub hrefs: &'a [ResolvedHref],
    /// The address of its page; empty for the page itself.
    pub address: &'a str,
}

/// The notes that one page shows.
pub(super) struct Embeds<'a> {
    site: &'a Site,
    notes: HashMap<usize, ShownNote<'a>>,
    state: RefCell<EmbedState>,
}

/// The embeds of a note that the page is about, up to one place.
#[derive(Default)]
struct EmbedState {
    /// The parts that are open, the note that the page is about first.
    open: Vec<EmbeddedPart>,
    /// Text before the ids of that note.
    id_prefix: String,
    /// Number of embeds.
    count: usize,
    /// Bytes of text.
    size: usize,
    /// Parts that were looked for, by note and id.
    known: HashMap<(usize, Option<String>), Option<EmbeddedPart>>,
    problems: Vec<LinkProblem>,
}

/// Nodes of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
struct EmbeddedPart {
    note: usize,
    nodes: Range<usize>,
    size: usize,
}

impl<'a> Embeds<'a> {
    /// The notes that a page may show, by index.
    pub fn new(site: &'a Site, notes: HashMap<usize, ShownNote<'a>>) -> Self {
        Self { site, notes, state: RefCell::default() }
    }

    /// Begins the text of a note that the page is about, whose ids have a prefix.
    pub fn begin(&self, index: usize, note: &Note, id_prefix: &str) {
        let mut state = self.state.borrow_mut();
        let nodes = 0..note.parsed.document.len();
        state.open = vec![EmbeddedPart { note: index, nodes, size: 0 }];
        id_prefix.clone_into(&mut state.id_prefix);
        state.count = 0;
        state.size = 0;
    }

    /// The embeds that are shown as links, and why.
    pub fn take_problems(&self) -> Vec<LinkProblem> {
        std::mem::take(&mut self.state.borrow_mut().problems)
    }

    /// Writes the note that a link of `body` embeds; false if the link is shown in its place.
    pub fn write(&self, out: &mut String, body: &Body<'_>, link: usize) -> bool {
        let written = &body.note.parsed.links[link];
        let Some(Target::Page(page, id)) = self.site.targets(body.index).get(link) else {
            return false;
        };
        let has_lost_anchor = id.is_none() && written.destination.contains('#');
        let note = self.site.page(*page).subject.note().filter(|_| !has_lost_anchor);
        let Some(note) = note else { return false };
        let part = match self.admit(note, id.as_deref()) {
            Ok(Some(part)) => part,
            Ok(None) => return false,
            Err(reason) => {
                let message = phrase!(
                    "`{destination}` is not shown here: {reason}",
                    destination = written.destination,
                    reason
                );
                let problem = Diagnostic::new(Kind::Embed, message)
                    .help(phrase!("the page shows a link; remove the embed, or write a link"));
                let problem = LinkProblem { note: body.index, link, problem };
                self.state.borrow_mut().problems.push(problem);
                return false;
            }
        };
        let Some(&shown) = self.notes.get(&note) else { return false };
        out.push_str("<div class=\"embed\">\n");
        self.write_part(out, &part, shown, id.is_none(), body);
        out.push_str("<p class=\"embed-source\">");
        body.link_start(out, link);
        escape_into(out, shown.title);
        if let Some(heading) = id.as_deref().and_then(|id| heading(shown.note, id)) {
            escape_into(out, &format!(" › {heading}"));
        }
        body.link_end(out, link);
        out.push_str("</p>\n</div>\n");
        true
    }

    /// Writes the text of a part.
    fn write_part(
        &self,
        out: &mut String,
        part: &EmbeddedPart,
        shown: ShownNote<'_>,
        is_whole: bool,
        body: &Body<'_>,
    ) {
        // A point is in no id of a heading.
        let state = self.state.borrow();
        let id_prefix = format!("{}e{}.", state.id_prefix, state.count);
        drop(state);
        let inner = Body {
            note: shown.note,
            index: part.note,
            title: shown.title,
            hrefs: shown.hrefs,
            matrix: None,
            // Terms are linked once on a page, and its map is in its own text.
            terms: None,
            map: None,
            id_prefix: &id_prefix,
            is_chapter: true,
            embeds: Some(self),
            ..*body
        };
        self.state.borrow_mut().open.push(part.clone());
        // The footnotes of a section are on the page of its note.
        let footnotes_at = if is_whole { "" } else { shown.address };
        out.push_str(&inner.render_part(part.nodes.clone(), footnotes_at));
        self.state.borrow_mut().open.pop();
    }

    /// The part that an embed shows; `None` if it is not there.
    ///
    /// # Errors
    /// The reason why a link is shown in its place.
    fn admit(&self, note: usize, id: Option<&str>) -> Result<Option<EmbeddedPart>, Phrase> {
        let mut state = self.state.borrow_mut();
        state.count += 1;
        if state.count > MOST_PLACES {
            if state.count > MOST_PLACES + 1 {
                return Ok(None);
            }
            return Err(phrase!("the page embeds more than {most} notes", most = MOST_PLACES));
        }
        let key = (note, id.map(str::to_owned));
        let known = state.known.get(&key).cloned();
        let part = known.unwrap_or_else(|| {
            let part = self.part(note, id);
            state.known.insert(key, part.clone());
            part
        });
        let is_open = |part: &EmbeddedPart| {
            state.open.iter().any(|open| open.note == part.note && open.nodes == part.nodes)
        };
        if part.as_ref().is_some_and(is_open) {
            return Err(phrase!("it embeds itself"));
        }
        if state.open.len() > DEEPEST_EMBED {
            return Err(phrase!(
                "embeds are nested more than {deepest} deep",
                deepest = DEEPEST_EMBED
            ));
        }
        let Some(part) = part else { return Ok(None) };
        if state.size + part.size > MOST_TEXT {
            return Err(phrase!(
                "the page would embed more than {limit} MB of text",
                limit = MOST_TEXT >> 20
            ));
        }
        state.size += part.size;
        Ok(Some(part))
    }

    fn part(&self, note: usize, id: Option<&str>) -> Option<EmbeddedPart> {
        let parsed = &self.notes.get(&note)?.note.parsed;
        let nodes = match id {
            Some(id) => parsed.part_named(id)?,
            None => 0..parsed.document.len(),
        };
        Some(EmbeddedPart { note, size: parsed.size_of(nodes.clone()), nodes })
    }
}

/// The text of the heading with an id.
fn heading<'n>(note: &'n Note, id: &str) -> Option<&'n str> {
    let heading = note.parsed.outline.iter().find(|heading| heading.anchor == id)?;
    Some(&heading.text)
}
