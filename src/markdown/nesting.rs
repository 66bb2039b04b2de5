//! Keeps lists and quotes from nesting deeper than browsers show: what lies deeper loses its
//! containers, its text stays.
//!
//! Must not know: what the text says.

use pulldown_cmark::{Event, TagEnd};

use super::item::is_container;
use crate::diagnostic::{Diagnostic, Kind};
use crate::phrase::phrase;

/// Containers inside one another that are kept. Browsers flatten a tree at about 512 elements, a
/// list level being two.
const DEEPEST: usize = 100;

/// Watches the depth of an event stream.
#[derive(Default)]
pub(crate) struct Guard {
    depth: usize,
    /// Number of open containers above the limit.
    dropped: usize,
    reported: bool,
    /// A problem that has not been taken yet.
    pending: bool,
}

impl Guard {
    /// True if this event is kept.
    pub fn admits(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Start(tag) if is_container(tag) => {
                if self.depth < DEEPEST {
                    self.depth += 1;
                    return true;
                }
                self.dropped += 1;
                self.pending = !self.reported;
                false
            }
            Event::End(
                TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item | TagEnd::FootnoteDefinition,
            ) => {
                if self.dropped > 0 {
                    self.dropped -= 1;
                    return false;
                }
                self.depth -= 1;
                true
            }
            _ => true,
        }
    }

    /// The diagnostic for the writer, once a text.
    pub fn first_problem(&mut self) -> Option<Diagnostic> {
        if !std::mem::take(&mut self.pending) {
            return None;
        }
        self.reported = true;
        Some(
            Diagnostic::new(
                Kind::Nesting,
                phrase!("lists or quotes nested more than {deepest} deep", deepest = DEEPEST),
            )
            .help(phrase!("the text is kept, without its deeper levels; fold the list up")),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, parse};

    #[test]
    fn deep_lists_keep_their_text_and_are_reported_once() {
        for text in [format!("{}x", "- ".repeat(5_000)), format!("{}x", "> ".repeat(5_000))] {
            let parsed = parse(&text, &Context::default());
            let opened = parsed.to_html().matches("<ul>").count()
                + parsed.to_html().matches("<blockquote>").count();
            assert!(opened <= DEEPEST, "{opened}");
            assert!(parsed.to_html().contains('x'));
            assert_eq!(parsed.problems.len(), 1);
            assert_eq!(parsed.problems[0].kind, Kind::Nesting);
        }
    }
}
