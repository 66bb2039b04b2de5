//! Comments of raw HTML: those that are marks begin and end boxes and tabs, others go.
//!
//! Must not know: the syntax of the lines that the marks replace.

use std::ops::Range;

use pulldown_cmark::Event;

use super::{OpenElement, Sanitizer, Unclosed};
use crate::markdown::callout::{self, CalloutTitle};
use crate::markdown::document::{NodeKind, TabPlace};
use crate::markdown::item::Item;
use crate::markdown::{ignore_comment, line_items};

/// The name of a box among the open elements; no tag has it.
const BOX: &str = "box:";
/// The name of a tab that the next one ends.
const TAB: &str = "tab:";

impl Sanitizer<'_, '_, '_> {
    /// Leaves a comment out; ours begin and end boxes, which stay within the Markdown element that
    /// they begin in.
    pub(super) fn comment(&mut self, content: &str, place: &Range<usize>) {
        match callout::read_mark(content, &self.draft.boxes) {
            Some(callout::Mark::Open(node, title)) => {
                self.open_block(BOX, node, title.as_ref(), place);
            }
            Some(callout::Mark::Close) => self.close_block(BOX, place.start),
            Some(callout::Mark::NextTab(title, state)) => {
                let nearest = self.open.iter().rfind(|open| [BOX, TAB].contains(&&*open.name));
                if nearest.is_some_and(|open| open.name == TAB) {
                    self.close_block(TAB, place.start);
                }
                self.open_block(TAB, NodeKind::Tab(TabPlace::Next, state), Some(&title), place);
            }
            None => ignore_comment::read(content, place, self.draft),
        }
    }

    fn open_block(
        &mut self,
        name: &str,
        node: NodeKind,
        title: Option<&CalloutTitle>,
        place: &Range<usize>,
    ) {
        self.widen_paragraphs();
        self.result.push((Item::Open(node), place.clone()));
        self.open.push(OpenElement {
            name: name.to_owned(),
            at: self.result.len(),
            depth: self.depth,
            unclosed: Unclosed::Open,
            ended: true,
            waits: false,
        });
        if let Some(title) = title {
            self.callout_title(title, place);
        }
    }

    /// Closes the nearest block of that name, if it began in this Markdown element.
    fn close_block(&mut self, name: &str, at: usize) {
        let open = self.find_open(name).filter(|&index| self.open[index].depth >= self.depth);
        if let Some(index) = open {
            self.close_to(index, at);
        }
    }

    /// Takes the Markdown of a title over, which is a line in the mark's place.
    fn callout_title(&mut self, title: &CalloutTitle, place: &Range<usize>) {
        self.pass(Item::Open(title.node), place.clone());
        for item in line_items(&title.text, self.draft) {
            match item {
                Item::Event(Event::InlineHtml(html)) => self.raw(&html, place, true),
                item => self.pass(item, place.clone()),
            }
        }
        self.pass(Item::Close, place.clone());
    }
}
