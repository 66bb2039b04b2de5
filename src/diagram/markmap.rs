//! The outline of a text in Markdown, its headings and lists → a mind map, as markmap draws one.
//!
//! Must not know: notes.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::mindmap::{self, Topic};
use super::{Diagram, DiagramMistake};
use crate::phrase::phrase;

/// Longer texts are not drawn, in bytes.
const LONGEST: usize = 256 << 10;
/// Deeper topics are left out: they cannot be read on a map.
const DEEPEST: usize = 30;

/// Draws the outline of a text.
///
/// # Errors
/// It has no headings and no lists, or is too large.
pub(super) fn draw(text: &str) -> Result<Diagram, DiagramMistake> {
    if text.len() > LONGEST {
        return Err(DiagramMistake::new(phrase!(
            "it is longer than {value} kB",
            value = LONGEST >> 10
        )));
    }
    let text = without_front_matter(text);
    let mut outline =
        Outline { open: vec![Topic::default()], levels: vec![0], in_list: 0, line: None };
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        outline.add(&event);
    }
    outline.close_to(0);
    let mut root = outline.open.swap_remove(0);
    // A single topic at the top is the root.
    if root.below.len() == 1 {
        root = root.below.swap_remove(0);
    }
    if root.label.is_empty() && root.below.is_empty() {
        return Err(DiagramMistake::new(phrase!("it has no headings and no list")));
    }
    mindmap::draw(&root)
}

/// The text behind the settings of markmap.
fn without_front_matter(text: &str) -> &str {
    let behind =
        text.trim_start().strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    behind.map_or(text, |(_, text)| text)
}

/// The topics that are read.
struct Outline {
    /// The topics that are open, the root first.
    open: Vec<Topic>,
    /// The level of each: those of headings are 1 to 6, those of lists go on from there.
    levels: Vec<usize>,
    in_list: usize,
    /// The words of the line at hand.
    line: Option<String>,
}

impl Outline {
    fn add(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.begin(level_of(*level)),
            Event::Start(Tag::List(_)) => {
                self.end_line();
                self.in_list += 1;
            }
            Event::End(TagEnd::List(_)) => self.in_list = self.in_list.saturating_sub(1),
            Event::Start(Tag::Item) => self.begin(6 + self.in_list),
            Event::End(TagEnd::Heading(_) | TagEnd::Item | TagEnd::Paragraph) => self.end_line(),
            Event::Start(Tag::Link { dest_url, .. }) => self.link(dest_url),
            Event::Text(text) | Event::Code(text) => self.text(text),
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            _ => {}
        }
    }

    /// Begins a topic below the last one with a lower level.
    fn begin(&mut self, level: usize) {
        self.end_line();
        let above = self.levels.iter().take_while(|&&open| open < level).count();
        self.close_to(above.saturating_sub(1));
        if self.open.len() <= DEEPEST {
            self.open.push(Topic::default());
            self.levels.push(level);
            self.line = Some(String::new());
        }
    }

    /// Puts the topics that are open below those above them, down to this one.
    fn close_to(&mut self, last: usize) {
        self.end_line();
        while self.open.len() > last + 1 {
            let Some(topic) = self.open.pop() else { return };
            self.levels.pop();
            if let Some(above) = self.open.last_mut() {
                above.below.push(topic);
            }
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(line) = &mut self.line {
            line.push_str(text);
        }
    }

    fn link(&mut self, destination: &str) {
        if let (Some(_), Some(topic)) = (&self.line, self.open.last_mut()) {
            topic.link.get_or_insert_with(|| destination.to_owned());
        }
    }

    /// Gives the topic its label: further paragraphs of an item are no part of it.
    fn end_line(&mut self) {
        let Some(line) = self.line.take() else { return };
        if let Some(topic) = self.open.last_mut() {
            line.trim().clone_into(&mut topic.label);
        }
    }
}

fn level_of(level: HeadingLevel) -> usize {
    level as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_lists_are_topics() {
        for (text, expected) in [
            ("# 根\n## 甲\n- a\n  - b\n- c\n## 乙", "根\n甲\na\nb\nc\n乙\n"),
            ("- 甲\n  - 乙\n\n    后文\n- 丙", "甲\n乙\n丙\n"),
            ("---\nmarkmap:\n  x: 1\n---\n\n# `a` **b** [c](d.md)", "a b c\n"),
            ("## 甲\n#### 丙\n### 乙\n# 丁", "甲\n丙\n乙\n丁\n"),
        ] {
            let map = draw(text).map(|map| map.words);
            assert_eq!(map.as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(
            draw("文字").map_err(|error| error.reason).map(|map| map.words),
            Err(phrase!("it has no headings and no list"))
        );
    }

    #[test]
    fn a_topic_leads_where_its_link_does() {
        let map = draw("- [甲](a.md)\n- 乙").unwrap_or_default();
        assert_eq!(map.links, ["a.md"]);
        assert_eq!(map.holes.len(), 1);
        assert!(map.svg[map.holes[0].at as usize..].starts_with("><text"), "{}", map.svg);
    }
}
