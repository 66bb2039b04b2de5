//! The tools: their names, what they are for, and the schemas of their arguments (JSON Schema).
//!
//! Must not know: how a tool works.

use serde_json::{Value, json};

use super::opened::OpenedNotes;
use super::reading;

/// The text that a tool gives for its arguments, or what is wrong with these.
pub(super) type Tool = fn(&OpenedNotes, &Value) -> Result<String, String>;

struct OfferedTool {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    schema: fn() -> Value,
    run: Tool,
}

const OFFERED: [OfferedTool; 4] = [
    OfferedTool {
        name: "search",
        title: "Search the notes",
        description: "Sections that hold all words of a query, best first, each as \
                      `path#anchor`. \"Words in quotes\" are a phrase. Chinese needs no blanks.",
        schema: || {
            json!({
                "type": "object",
                "properties": {
                    "query": { "type": "string", "description": "Words" },
                    "tag": { "type": "string", "description": "Only notes with this tag" },
                    "limit": {
                        "type": "integer", "minimum": 1, "maximum": reading::MOST_PAGES,
                        "description": "Most notes in the answer; 10 if it is not given",
                    },
                },
                "required": ["query"],
            })
        },
        run: reading::search,
    },
    OfferedTool {
        name: "read",
        title: "Read a note",
        description: "A note or one section of it as Markdown. A long text ends with the offset at \
                      which to read on.",
        schema: || {
            json!({
                "type": "object",
                "properties": {
                    "path": {
                        "type": "string",
                        "description": "Path of the note, as results give it; `path#anchor` for a section",
                    },
                    "section": { "type": "string", "description": "Anchor or words of a heading" },
                    "offset": { "type": "integer", "minimum": 0, "description": "Where to read on" },
                },
                "required": ["path"],
            })
        },
        run: reading::read,
    },
    OfferedTool {
        name: "outline",
        title: "Contents of the notes, or of one",
        description: "Without a path the table of contents of all notes, with the path of a folder \
                      that of its notes, with the path of a note its headings.",
        schema: || {
            json!({
                "type": "object",
                "properties": {
                    "path": { "type": "string", "description": "Path of a note or folder" },
                    "depth": {
                        "type": "integer", "minimum": 1,
                        "description": "Levels of the table of contents; all if it is not given",
                    },
                    "offset": { "type": "integer", "minimum": 0, "description": "Where to read on" },
                },
            })
        },
        run: reading::outline,
    },
    OfferedTool {
        name: "mentions",
        title: "Notes that speak of a note",
        description: "The notes that link to a note, and sentences of notes that name it.",
        schema: || {
            json!({
                "type": "object",
                "properties": {
                    "path": { "type": "string", "description": "Path of the note" },
                },
                "required": ["path"],
            })
        },
        run: reading::mentions,
    },
];

/// The tool with a name.
pub(super) fn tool(name: &str) -> Option<Tool> {
    OFFERED.iter().find(|tool| tool.name == name).map(|tool| tool.run)
}

/// The result of `tools/list`.
pub(super) fn list() -> Value {
    let tool = |tool: &OfferedTool| {
        json!({
            "name": tool.name,
            "title": tool.title,
            "description": tool.description,
            "inputSchema": (tool.schema)(),
            "annotations": {
                "title": tool.title,
                "readOnlyHint": true,
                "destructiveHint": false,
                "idempotentHint": true,
                "openWorldHint": false,
            },
        })
    };
    json!({ "tools": OFFERED.iter().map(tool).collect::<Vec<_>>() })
}
