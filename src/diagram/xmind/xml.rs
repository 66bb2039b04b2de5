//! `content.xml` → sheets.
//!
//! Must not know: the zip around it.

use roxmltree::{Document, Node, ParsingOptions};

use super::super::DiagramMistake;
use super::super::mindmap::Topic;
use super::sheet::SheetReader;
use crate::phrase::phrase;

/// A content with more nodes is refused: a topic has about ten.
const MOST_NODES: u32 = 400_000;

const XLINK: &str = "http://www.w3.org/1999/xlink";

/// Reads the sheets.
///
/// # Errors
/// The mistake in the text, or the limit that is exceeded.
pub(super) fn read(text: &str, reader: &mut SheetReader) -> Result<(), DiagramMistake> {
    // Document types are refused, so there are no entities.
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        DiagramMistake::new(phrase!(
            "its `content.xml` cannot be read: {error}",
            error = error.to_string()
        ))
    })?;
    for sheet in named(document.root_element(), "sheet") {
        if let Some(root) = named(sheet, "topic").next() {
            let root = topic(root, 0, reader)?;
            reader.add_sheet(&title(sheet), root);
        }
    }
    Ok(())
}

/// A topic with all below it. The depth has a limit.
fn topic(
    source: Node<'_, '_>,
    depth: usize,
    reader: &mut SheetReader,
) -> Result<Topic, DiagramMistake> {
    let link = source.attribute((XLINK, "href"));
    let mut read = reader.topic(depth, &title(source), link)?;
    let kinds = named(source, "children").flat_map(|children| named(children, "topics"));
    for child in kinds.flat_map(|topics| named(topics, "topic")) {
        read.below.push(topic(child, depth + 1, reader)?);
    }
    Ok(read)
}

fn title(node: Node<'_, '_>) -> String {
    let Some(title) = named(node, "title").next() else { return String::new() };
    title.children().filter_map(|child| child.text()).collect()
}

/// The elements of a name right within one.
fn named<'a, 'd>(node: Node<'a, 'd>, name: &str) -> impl Iterator<Item = Node<'a, 'd>> {
    node.children().filter(move |child| child.tag_name().name() == name)
}
