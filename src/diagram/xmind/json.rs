//! `content.json` → sheets.
//!
//! Must not know: the zip around it.

use serde::Deserialize;

use super::super::DiagramMistake;
use super::super::mindmap::Topic;
use super::sheet::{SheetReader, too_deep};
use crate::phrase::phrase;

/// A content with more objects is refused: a topic has about ten, and the smallest takes thirty
/// times its text.
const MOST_OBJECTS: usize = 400_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonSheet {
    title: Option<String>,
    root_topic: Option<JsonTopic>,
}

#[derive(Deserialize)]
struct JsonTopic {
    title: Option<String>,
    href: Option<String>,
    children: Option<JsonChildren>,
}

/// Topics below one.
#[derive(Deserialize)]
struct JsonChildren {
    attached: Option<Vec<JsonTopic>>,
    /// Topics about one.
    callout: Option<Vec<JsonTopic>>,
    /// Topics about several.
    summary: Option<Vec<JsonTopic>>,
    /// Topics that lie anywhere, of which only the root has some.
    detached: Option<Vec<JsonTopic>>,
}

impl JsonChildren {
    fn all(&self) -> impl Iterator<Item = &JsonTopic> {
        let kinds = [&self.attached, &self.callout, &self.summary, &self.detached];
        kinds.into_iter().flatten().flatten()
    }
}

/// Reads the sheets.
///
/// # Errors
/// The mistake in the text, or the limit that is exceeded.
pub(super) fn read(text: &str, reader: &mut SheetReader) -> Result<(), DiagramMistake> {
    if memchr::memchr_iter(b'{', text.as_bytes()).count() > MOST_OBJECTS {
        return Err(DiagramMistake::new(phrase!("it has too many topics")));
    }
    let sheets: Vec<JsonSheet> = serde_json::from_str(text).map_err(|error| refusal(&error))?;
    for sheet in &sheets {
        if let Some(root) = &sheet.root_topic {
            let root = topic(root, 0, reader)?;
            reader.add_sheet(sheet.title.as_deref().unwrap_or_default(), root);
        }
    }
    Ok(())
}

/// A topic with all below it. The depth has a limit.
fn topic(
    source: &JsonTopic,
    depth: usize,
    reader: &mut SheetReader,
) -> Result<Topic, DiagramMistake> {
    let title = source.title.as_deref().unwrap_or_default();
    let mut read = reader.topic(depth, title, source.href.as_deref())?;
    for child in source.children.iter().flat_map(JsonChildren::all) {
        read.below.push(topic(child, depth + 1, reader)?);
    }
    Ok(read)
}

fn refusal(error: &serde_json::Error) -> DiagramMistake {
    let reason = error.to_string();
    // The library has a limit for nested values, and no other name for it.
    if reason.starts_with("recursion limit") {
        return too_deep();
    }
    DiagramMistake::new(phrase!("its `content.json` cannot be read: {reason}", reason))
}
