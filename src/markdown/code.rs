//! Code blocks → [`CodeBlock`]s, holes, and the HTML that fills them.
//!
//! Must not know: pages. Highlighting is the slow part of a build, so it is asked for once for each
//! distinct block, after all notes are parsed. Diagrams are drawn here, for their labels and links
//! are the note's.

mod colour;
mod grammar_parser;
mod info;
mod language;
mod line_pattern;
mod pattern;
mod rules;
mod scope_changes;

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use pulldown_cmark::{CodeBlockKind, Event, Tag};
use serde::{Deserialize, Serialize};

use super::Draft;
use super::document::{NodeKind, offset};
use super::item::{Item, Spanned, end_of};
use super::link::Link;
use crate::diagnostic::{Diagnostic, Kind, Span};
use crate::diagram::{self, Diagram, DiagramMistake, HoleKind};
use crate::escape::escaped;
use crate::phrase::{Phrase, phrase};

/// A code block: equal ones have equal HTML.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct CodeBlock {
    /// The language as the writer named it, in lower case; empty when there is none.
    pub language: String,
    /// Lines that are marked, from 1.
    pub marked: Vec<RangeInclusive<u32>>,
    /// The code.
    pub text: String,
}

/// A code block and its line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedCode {
    /// The block.
    pub block: CodeBlock,
    /// Line in the file, from 1.
    pub line: u32,
    /// The name of the file that it is from, if the words after its fence give one.
    pub file: Option<String>,
    /// True if indentation makes it code. Such text is often prose that was meant to be indented.
    pub is_indented: bool,
    /// The words after its fence.
    pub info: String,
    /// The diagram that it is, if it is drawn.
    pub diagram: Option<Box<Diagram>>,
}

/// The HTML of a code block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HighlightedCode {
    /// The inside of `<code>`.
    pub html: String,
    /// Message for the writer if the block could not be highlighted.
    pub problem: Option<Diagnostic>,
}

/// Names for code or text that is meant to have no colours.
const WITHOUT_COLOURS: [&str; 18] = [
    "ascii",
    "csv",
    "diagram",
    "flow",
    "log",
    "markmap",
    "math",
    "mermaid",
    "mindmap",
    "no-highlight",
    "nohighlight",
    "none",
    "output",
    "plain",
    "plaintext",
    "text",
    "tree",
    "txt",
];

/// The language that the words after an opening fence name, in lower case.
pub(crate) fn language_of(info: &str) -> String {
    info::parse(info).language
}

/// The title of a code block in a group of them, which is the one in brackets, its file or its
/// language; and the words after its fence without the one that is the title.
pub(crate) fn title_of(info: &str) -> (Option<String>, String) {
    if let Some(label) = info::label(info) {
        let rest = info[..label.start - 1].trim_end().to_owned();
        return (Some(info[label].trim().to_owned()), rest);
    }
    let info::Info { language, file, .. } = info::parse(info);
    match file {
        Some(file) => (Some(file), info::without_file(info)),
        None => (Some(language).filter(|language| !language.is_empty()), info.to_owned()),
    }
}

/// True if a language can be highlighted or is meant not to be.
pub(crate) fn is_known(language: &str) -> bool {
    language.is_empty()
        || WITHOUT_COLOURS.contains(&language)
        || language::syntax_of(language).is_some()
}

/// Hint for a language that is not known.
pub(crate) fn instead_of(language: &str) -> Phrase {
    if let Some(name) = language::nearest(language) {
        phrase!("did you mean `{name}`?", name)
    } else {
        phrase!("write `text` for what has no language")
    }
}

/// Loads all grammars, which takes longer than parsing a note does.
pub fn load_grammars() {
    LazyLock::force(&language::GRAMMARS);
}

impl CodeBlock {
    /// True if its language can be highlighted.
    #[must_use]
    pub fn has_colours(&self) -> bool {
        language::syntax_of(&self.language).is_some()
    }

    /// Highlights the block if it can be highlighted.
    #[must_use]
    pub fn highlight(&self) -> HighlightedCode {
        let highlighted = match language::syntax_of(&self.language) {
            None => Ok(escaped(&self.text)),
            Some(syntax) => colour::coloured(syntax, &self.text),
        };
        let (html, problem) = match highlighted {
            Ok(html) => (html, None),
            Err(reason) => (escaped(&self.text), Some(self.problem(&reason))),
        };
        HighlightedCode { html: marked(html, &self.marked), problem }
    }

    fn problem(&self, reason: &Phrase) -> Diagnostic {
        let message = phrase!(
            "the {language} code is not highlighted: {reason}",
            language = self.language,
            reason
        );
        Diagnostic::new(Kind::Code, message)
            .help(phrase!("shorten the block or break up its lines"))
    }
}

/// Wraps marked lines. Colours never reach over the end of a line.
fn marked(html: String, lines: &[RangeInclusive<u32>]) -> String {
    if lines.is_empty() {
        return html;
    }
    let mut result = String::with_capacity(html.len() + 32 * lines.len());
    for (number, line) in (1..).zip(html.split_inclusive('\n')) {
        if lines.iter().any(|range| range.contains(&number)) {
            // With its end, so that the mark can be a block without a blank line after it.
            result.push_str("<mark>");
            result.push_str(line);
            result.push_str("</mark>");
        } else {
            result.push_str(line);
        }
    }
    result
}

/// Turns code blocks into holes and registers them.
pub(crate) fn register_all<'a>(items: &[Spanned<'a>], draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    draw_ahead(items, draft);
    let mut result = Vec::with_capacity(items.len());
    let mut index = 0;
    while index < items.len() {
        let (Item::Event(Event::Start(Tag::CodeBlock(kind))), range) = &items[index] else {
            result.push(items[index].clone());
            index += 1;
            continue;
        };
        let end = end_of(items, index);
        let info = match kind {
            CodeBlockKind::Fenced(info) => info::parse(info),
            CodeBlockKind::Indented => info::Info::default(),
        };
        let block = CodeBlock {
            language: info.language.clone(),
            marked: info.marked.clone(),
            text: text_of(&items[index + 1..end]),
        };
        let number = draft.parsed.codes.len();
        let line = draft.lines.of(range.start);
        let is_indented = kind.is_indented();
        let words = match kind {
            CodeBlockKind::Fenced(words) => words.to_string(),
            CodeBlockKind::Indented => String::new(),
        };
        let file = info.file;
        let texts = items[index + 1..end].first().map_or(range.start, |(_, text)| text.start);
        let lines = BlockLines { fence: line, text: draft.lines.of(texts) };
        let diagram = drawn(&block, lines, draft).map(Box::new);
        let placed = PlacedCode { block, line, file, is_indented, info: words, diagram };
        draft.parsed.codes.push(placed);
        result.push((Item::Leaf(NodeKind::CodeBlock(offset(number))), range.clone()));
        index = end + 1;
    }
    result
}

/// The text of a code block, by what is within it.
fn text_of(items: &[Spanned<'_>]) -> String {
    let texts = items.iter().filter_map(|(item, _)| match item {
        Item::Event(Event::Text(text)) => Some(&**text),
        _ => None,
    });
    texts.collect()
}

/// Has the diagrams of a note with several drawn at once, on all processors.
fn draw_ahead(items: &[Spanned<'_>], draft: &Draft<'_>) {
    let Some(drawings) = draft.drawings.filter(|_| draft.options.diagrams) else { return };
    let mut blocks: Vec<(&str, String)> = Vec::new();
    for (index, (item, _)) in items.iter().enumerate() {
        let Item::Event(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(words)))) = item else {
            continue;
        };
        let language = info::parse(words).language;
        let Some(language) = diagram::LANGUAGES.into_iter().find(|known| *known == language) else {
            continue;
        };
        if !drawings.has_command(language) {
            blocks.push((language, text_of(&items[index + 1..end_of(items, index)])));
        }
    }
    if blocks.len() > 1 {
        drawings.draw_ahead(&blocks);
    }
}

/// The lines of the file in which the parts of a block begin.
#[derive(Clone, Copy)]
struct BlockLines {
    fence: u32,
    text: u32,
}

/// Draws a block if it is a diagram, and reports it if it cannot be drawn.
fn drawn(block: &CodeBlock, lines: BlockLines, draft: &mut Draft<'_>) -> Option<Diagram> {
    if !draft.options.diagrams {
        return None;
    }
    if diagram::is_map_of_page(&block.language, &block.text) {
        if draft.parsed.has_map {
            let message = phrase!("the map of a page is drawn once");
            let problem = Diagnostic::new(Kind::Diagram, message)
                .help(phrase!("remove this block, or write an outline into it"));
            draft.parsed.problems.push(problem.at_line(lines.fence));
        }
        draft.parsed.has_map = true;
        return None;
    }
    let by_command =
        draft.drawings.and_then(|drawings| drawings.by_command(&block.language, &block.text));
    let result = match by_command {
        Some(result) => result.map_err(|problem| problem.at_line(lines.fence)),
        None if diagram::is_diagram(&block.language) => {
            built_in(block, draft).map_err(|mistake| refusal(&mistake, lines.text))
        }
        None => return None,
    };
    match result {
        Ok(mut diagram) => {
            register_links(&mut diagram, lines.text, draft);
            Some(diagram)
        }
        Err(problem) => {
            draft.parsed.problems.push(problem);
            None
        }
    }
}

/// Draws a block without a command.
fn built_in(block: &CodeBlock, draft: &Draft<'_>) -> Result<Diagram, DiagramMistake> {
    match draft.drawings {
        Some(drawings) => drawings.draw(&block.language, &block.text),
        None => diagram::draw(&block.language, &block.text),
    }
}

/// The diagnostic about a diagram with a mistake. `line` is the line in which its text begins.
fn refusal(mistake: &DiagramMistake, line: u32) -> Diagnostic {
    let message = phrase!("the diagram is shown as code: {reason}", reason = mistake.reason);
    let problem = Diagnostic::new(Kind::Diagram, message)
        .help(phrase!("correct it, or divide it if it is too large"));
    problem.at_line(line.saturating_add(u32::try_from(mistake.line).unwrap_or(0)))
}

/// Makes the links of a diagram links of the note.
pub(super) fn register_links(diagram: &mut Diagram, line: u32, draft: &mut Draft<'_>) {
    let first = offset(draft.parsed.links.len());
    for destination in std::mem::take(&mut diagram.links) {
        let place = Span { line, ..Span::default() };
        draft.parsed.links.push(Link { destination, place, ..Link::default() });
    }
    for hole in &mut diagram.holes {
        if let HoleKind::Link(link) = &mut hole.kind {
            *link += first;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, parse};

    #[test]
    fn blocks_know_language_file_and_line() {
        let parsed = parse(
            "a\n\n```ts:src/x.ts {2}\nlet a;\nlet b;\n```\n\n    一段缩进的文字\n",
            &Context::default(),
        );
        let html = &parsed.to_html();
        assert!(
            html.contains(
                "<figure class=\"code\" data-language=\"ts\"><figcaption>src/x.ts</figcaption><pre><code>"
            ),
            "{html}"
        );
        assert!(html.contains("<pre class=\"wrap\"><code>"), "{html}");
        let lines: Vec<_> = parsed.codes.iter().map(|code| code.line).collect();
        assert_eq!(lines, [3, 8]);
        assert_eq!(parsed.codes[0].block.marked, [2..=2]);
    }

    #[test]
    fn marked_lines_are_wrapped_one_by_one() {
        let block = CodeBlock {
            language: "nothing".to_owned(),
            marked: vec![2..=3],
            text: "a\nb<\nc\nd".to_owned(),
        };
        assert_eq!(block.highlight().html, "a\n<mark>b&lt;\n</mark><mark>c\n</mark>d");
    }

    #[test]
    fn blocks_too_large_stay_plain_and_say_so() {
        for text in
            ["x = 1\n".repeat(40_000), "x".repeat(100_000), format!("{}\n", "[".repeat(60_000))]
        {
            let block = CodeBlock {
                language: "python".to_owned(),
                text: text.clone(),
                ..CodeBlock::default()
            };
            let found = block.highlight();
            assert_eq!(found.html, text);
            assert_eq!(found.problem.map(|problem| problem.kind), Some(Kind::Code));
        }
    }
}
