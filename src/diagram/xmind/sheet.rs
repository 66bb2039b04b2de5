//! The topics of a file of XMind, as they are read → sheets of limited size.
//!
//! Must not know: JSON, XML, zip.

use super::super::DiagramMistake;
use super::super::mindmap::Topic;
use crate::phrase::phrase;

/// A file with more topics is refused, however many sheets it has.
const MOST_TOPICS: usize = 10_000;
/// Deeper topics are refused: they cannot be read on a map.
const DEEPEST: usize = 40;
/// A file with longer labels is refused, in bytes of all of them.
const LONGEST_TEXT: usize = 256 << 10;

/// Schemes of links that lead into the file itself or to a file of the writer's machine.
const OWN_SCHEMES: [&str; 3] = ["file:", "xap:", "xmind:"];

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    /// The title; may be empty.
    pub title: String,
    /// The topic in the middle.
    pub root: Topic,
}

impl Sheet {
    /// The topics as an indented list.
    pub fn outline(&self) -> String {
        let mut outline = String::new();
        let mut open = vec![(&self.root, 0)];
        while let Some((topic, depth)) = open.pop() {
            outline.extend(std::iter::repeat_n("  ", depth));
            outline.extend(["- ", &topic.label, "\n"]);
            open.extend(topic.below.iter().rev().map(|below| (below, depth + 1)));
        }
        outline
    }
}

/// The sheets that are read, within the limits of a file.
#[derive(Default)]
pub(super) struct SheetReader {
    pub sheets: Vec<Sheet>,
    topics: usize,
    text: usize,
}

impl SheetReader {
    /// A sheet is read; one without topics is none.
    pub fn add_sheet(&mut self, title: &str, root: Topic) {
        if !root.label.is_empty() || !root.below.is_empty() {
            self.sheets.push(Sheet { title: plain(title), root });
        }
    }

    /// Counts a topic that is so deep, before those below it are read.
    ///
    /// # Errors
    /// The limit that is exceeded.
    pub fn topic(
        &mut self,
        depth: usize,
        title: &str,
        link: Option<&str>,
    ) -> Result<Topic, DiagramMistake> {
        if depth > DEEPEST {
            return Err(too_deep());
        }
        let label = plain(title);
        self.topics += 1;
        self.text += label.len();
        if self.topics > MOST_TOPICS {
            return Err(DiagramMistake::new(phrase!(
                "it has more than {most_topics} topics",
                most_topics = MOST_TOPICS
            )));
        }
        if self.text > LONGEST_TEXT {
            let message =
                phrase!("its labels are longer than {value} kB", value = LONGEST_TEXT >> 10);
            return Err(DiagramMistake::new(message));
        }
        let leads_out = |link: &&str| !OWN_SCHEMES.iter().any(|scheme| link.starts_with(scheme));
        let link = link.map(str::trim).filter(|link| !link.is_empty()).filter(leads_out);
        Ok(Topic { label, link: link.map(str::to_owned), below: Vec::new() })
    }
}

/// The mistake of topics that are too deep.
pub(super) fn too_deep() -> DiagramMistake {
    DiagramMistake::new(phrase!(
        "its topics are nested more than {deepest} deep",
        deepest = DEEPEST
    ))
}

/// A label in one line.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
