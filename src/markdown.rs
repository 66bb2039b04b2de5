//! Text → [`Document`]: one run of pulldown-cmark into items, named passes over them, one a file, and the tree that comes of
//! it. Links, code and the like are named in the tree by their index, for other notes and the highlighter decide how they
//! look.
//!
//! Must not know: which notes exist, where a link leads, the disk, templates.

mod assemble;
pub mod callout;
pub mod cjk;
pub mod code;
pub mod document;
pub mod emphasis;
pub mod extract;
pub mod footnote;
mod foreign;
mod formula;
pub mod heading;
pub mod html;
mod ignore_comment;
pub mod include;
mod lines;
pub mod link;
mod lint;
pub mod matrix;
pub mod nesting;
mod prose;
mod quote_callout;
pub mod render;
mod sub_superscript;
pub mod text;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options as Extensions, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use self::document::NodeKind;
use self::render::html::{HtmlOptions, Resolver};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Kind, Silence};

pub use callout::BoxKind;
pub use code::{CodeBlock, PlacedCode, load_grammars};
pub use document::Document;
pub use extract::length::Length;
pub use extract::link_context::LinkContext;
pub use footnote::Footnote;
pub use heading::{Heading, Opening};
pub(crate) use lines::Lines;
pub use link::{Link, LinkKind};
pub use render::plain::{Passage, passages};

/// A note with more pieces of text and markup makes a page that browsers are slow to lay out.
const MOST_ITEMS: usize = 200_000;

/// A dialect of Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Rules {
    /// Those of real notes: Chinese emphasis and line breaks, boxes, figures, tamed HTML and the rest.
    #[default]
    Notes,
    /// GFM alone, for checking against its examples.
    Gfm,
    /// CommonMark alone, for checking against its examples.
    CommonMark,
}

/// Options of the parser, which the writer may turn on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the configuration file")]
pub struct Options {
    /// A dialect of Markdown.
    pub rules: Rules,
    /// `term` / `: definition` lists.
    pub definition_lists: bool,
    /// `~x~`.
    pub subscript: bool,
    /// `^x^`.
    pub superscript: bool,
    /// `[[page]]`.
    pub wiki_links: bool,
    /// `"x"` → `“x”`, `--` → `–`.
    pub smart_punctuation: bool,
    /// True if the notes are strangers': raw HTML may only shape the text.
    pub safe_html: bool,
}

impl From<&Config> for Options {
    fn from(config: &Config) -> Self {
        let chosen = config.markdown;
        Self {
            safe_html: config.safe_html,
            rules: Rules::Notes,
            definition_lists: chosen.definition_lists,
            subscript: chosen.subscript,
            superscript: chosen.superscript,
            wiki_links: chosen.wiki_links,
            smart_punctuation: chosen.smart_punctuation,
        }
    }
}

impl Options {
    fn extensions(self) -> Extensions {
        if self.rules == Rules::CommonMark {
            return Extensions::empty();
        }
        let mut extensions = Extensions::ENABLE_TABLES
            | Extensions::ENABLE_FOOTNOTES
            | Extensions::ENABLE_STRIKETHROUGH
            | Extensions::ENABLE_TASKLISTS
            | Extensions::ENABLE_GFM;
        extensions.set(Extensions::ENABLE_DEFINITION_LIST, self.definition_lists);
        extensions.set(Extensions::ENABLE_WIKILINKS, self.wiki_links);
        extensions.set(Extensions::ENABLE_SMART_PUNCTUATION, self.smart_punctuation);
        extensions
    }
}

/// Everything one text says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Parsed {
    /// The text as a tree.
    pub document: Document,
    /// All headings in order, before any level is changed.
    pub outline: Vec<Heading>,
    /// The line of each of them.
    pub heading_lines: Vec<u32>,
    /// The text before the first of them.
    pub opening: Opening,
    /// Ids that raw HTML sets: anchors one can link to.
    pub anchors: Vec<String>,
    /// Links and images in order.
    pub links: Vec<Link>,
    /// The link to the text that this one was taken from, by its index.
    pub original: Option<usize>,
    /// Code blocks in order.
    pub codes: Vec<PlacedCode>,
    /// Footnotes in the order in which they are referred to.
    pub footnotes: Vec<Footnote>,
    /// The beginning of the first real paragraph, as plain text; empty when there is none.
    pub summary: String,
    /// The length of the text.
    pub length: Length,
    /// True if there is more than the first heading.
    pub has_content: bool,
    /// True if the text has a navigation matrix of its own.
    pub has_matrix: bool,
    /// Diagnostics; the caller knows the file.
    pub problems: Vec<Diagnostic>,
    /// Diagnostics that the writer does not want to see.
    pub silences: Vec<Silence>,
}

impl Parsed {
    /// A text that is all code.
    #[must_use]
    pub fn of_code(text: &str) -> Self {
        let mut parsed = Self::default();
        let block = CodeBlock { text: text.to_owned(), ..CodeBlock::default() };
        let (file, info) = (None, String::new());
        parsed.codes.push(PlacedCode { block, line: 1, file, is_indented: true, info });
        let code = (Item::Leaf(NodeKind::CodeBlock(0)), 0..0);
        assemble::assemble(vec![code], &[], &mut parsed.document);
        parsed
    }

    /// The HTML of the text on its own; see [`to_html`].
    #[must_use]
    pub fn to_html(&self) -> String {
        render::html::render(self, &AsWritten(self), HtmlOptions::default()).html
    }

    /// The id of the heading below which this text begins to differ from an earlier one.
    #[must_use]
    pub fn section_of_change(&self, earlier: &Self) -> Option<&str> {
        let same = (0..self.document.len()).take_while(|&node| self.has_same_node(earlier, node));
        let heading = same.filter_map(|node| match self.document.kind(node) {
            NodeKind::Heading(heading) => Some(heading as usize),
            _ => None,
        });
        Some(&self.outline.get(heading.last()?)?.anchor)
    }

    /// True if a node says the same in another text, apart from the nodes within it.
    fn has_same_node(&self, other: &Self, node: usize) -> bool {
        let (ours, theirs) = (&self.document, &other.document);
        if node >= theirs.len() {
            return false;
        }
        match (ours.kind(node), theirs.kind(node)) {
            (NodeKind::Text(a), NodeKind::Text(b))
            | (NodeKind::RawText(a), NodeKind::RawText(b))
            | (NodeKind::Code(a), NodeKind::Code(b)) => ours.words(a) == theirs.words(b),
            (NodeKind::Box(a, title), NodeKind::Box(b, other)) => {
                a == b && ours.words(title) == theirs.words(other)
            }
            (NodeKind::Heading(a), NodeKind::Heading(b)) => {
                self.outline.get(a as usize) == other.outline.get(b as usize)
            }
            (NodeKind::CodeBlock(a), NodeKind::CodeBlock(b)) => {
                self.codes.get(a as usize).map(|code| &code.block)
                    == other.codes.get(b as usize).map(|code| &code.block)
            }
            (NodeKind::Link(a), NodeKind::Link(b)) | (NodeKind::Image(a), NodeKind::Image(b)) => {
                let destination = |parsed: &Self, link: u32| {
                    parsed.links.get(link as usize).map(|link| link.destination.clone())
                };
                destination(self, a) == destination(other, b)
            }
            (NodeKind::Element(a), NodeKind::Element(b)) => ours.element(a) == theirs.element(b),
            (a, b) => a == b,
        }
    }
}

/// One step of the text between passes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item<'a> {
    /// As pulldown-cmark gave it.
    Event(Event<'a>),
    /// A node begins that the parser has no event for.
    Open(NodeKind),
    /// The last such node ends.
    Close,
    /// Such a node without content.
    Leaf(NodeKind),
    /// Text of raw HTML, with its character references as written.
    RawText(CowStr<'a>),
}

/// An item and the byte range of the text that it comes from.
pub(crate) type Spanned<'a> = (Item<'a>, Range<usize>);

/// The state of the passes beside the items.
pub(crate) struct Draft<'t> {
    pub options: Options,
    pub lines: Lines<'t>,
    /// The places of the definitions of reference links, by label in lower case.
    pub definitions: HashMap<String, Range<usize>>,
    pub parsed: Parsed,
    pub ids: heading::Ids,
    pub boxes: Vec<callout::Marker>,
    /// The title that front matter gives.
    pub title: Option<&'t str>,
    /// True if the text is the site's home page.
    pub is_home: bool,
    /// The places of the cells of the navigation matrix.
    pub cells: Vec<usize>,
}

impl Draft<'_> {
    /// Reports a diagnostic about the text in a range.
    pub fn report(&mut self, range: &Range<usize>, problem: Diagnostic) {
        let span = self.lines.span(range);
        self.parsed.problems.push(problem.at(span));
    }
}

/// Facts about a text that it does not hold itself.
#[derive(Debug, Clone, Default)]
pub struct Context<'t> {
    /// Options of the parser.
    pub options: Options,
    /// The line of the file that each line comes from.
    pub origins: include::Origins,
    /// The title that front matter gives.
    pub title: Option<&'t str>,
    /// True if the text is the site's home page.
    pub is_home: bool,
}

/// Parses a text without front matter.
#[must_use]
pub fn parse(text: &str, context: &Context<'_>) -> Parsed {
    parse_with_boxes(text, context, true).unwrap_or_else(|| {
        // A line that looked like a box was none; rather no boxes than a text that is not the writer's.
        parse_with_boxes(text, context, false).unwrap_or_default()
    })
}

/// Parses a text; `None` when the mark of a box came to stand in text or code.
fn parse_with_boxes(text: &str, context: &Context<'_>, with_boxes: bool) -> Option<Parsed> {
    let options = context.options;
    let standard = options.rules != Rules::Notes;
    let text = if standard {
        Cow::Borrowed(text)
    } else {
        foreign::rewrite(Cow::Borrowed(text), options.wiki_links)
    };
    let (text, boxes) =
        if standard || !with_boxes { (text, Vec::new()) } else { callout::mark(text) };
    let (text, inserted) =
        if standard { (text, Vec::new()) } else { link::wrap_spaced_destinations(text) };
    let masked = if standard { emphasis::Masked::none(&text) } else { emphasis::mask(&text) };
    let mut draft = Draft {
        options,
        lines: Lines::new(&text, inserted, &context.origins),
        definitions: HashMap::new(),
        parsed: Parsed::default(),
        ids: heading::Ids::default(),
        boxes,
        title: context.title,
        is_home: context.is_home,
        cells: Vec::new(),
    };
    let items = items(&masked, &mut draft);
    if !standard && items.len() > MOST_ITEMS {
        let message =
            format!("the note has {} pieces of markup; its page will be slow to show", items.len());
        draft
            .parsed
            .problems
            .push(Diagnostic::new(Kind::Size, message).hint("split it into several notes"));
    }
    if with_boxes && !draft.boxes.is_empty() && callout::is_misread(&items) {
        return None;
    }
    let items =
        if standard { standard_passes(items, &mut draft) } else { note_passes(items, &mut draft) };
    if !standard {
        draft.parsed.problems.extend(lint::images(&draft.parsed.links));
    }
    let Parsed { document, outline, .. } = &mut draft.parsed;
    document.is_standard = standard;
    assemble::assemble(items, outline, document);
    if !standard {
        let summary = extract::summary::summarise(&draft.parsed);
        draft.parsed.summary = summary.text;
        draft.parsed.has_content = summary.has_content;
        draft.parsed.length = extract::length::measure(&draft.parsed);
    }
    Some(draft.parsed)
}

fn standard_passes<'a>(items: Vec<Spanned<'a>>, draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    let items = if draft.options.rules == Rules::Gfm {
        link::autolink(items, link::Stop::Standard)
    } else {
        items
    };
    let items = link::punch(&items, draft);
    code::punch(&items, draft)
}

fn note_passes<'a>(items: Vec<Spanned<'a>>, draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    lint::look(&items, draft);
    let items = callout::unwrap(items, draft);
    let items = quote_callout::gather(items, &mut draft.parsed.document);
    let items = cjk::join_lines(items);
    let items = matrix::gather(items, draft);
    let items = heading::identify(&items, draft);
    let items = html::sanitize(items, draft);
    let items = text::emoji(items);
    let items = sub_superscript::raise(items, draft.options);
    let items = link::autolink(items, link::Stop::AtChinese);
    let items = link::punch(&items, draft);
    extract::link_context::look(&items, &mut draft.parsed);
    let items = code::punch(&items, draft);
    footnote::gather(items, draft)
}

/// Runs the parser, puts masked characters back and joins neighbouring texts.
fn items<'a>(masked: &'a emphasis::Masked<'_>, draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    let parser = Parser::new_ext(masked.text(), draft.options.extensions()).into_offset_iter();
    let definitions = parser.reference_definitions().iter();
    draft
        .definitions
        .extend(definitions.map(|(label, found)| (label.to_lowercase(), found.span.clone())));
    let mut guard = nesting::Guard::default();
    let mut items: Vec<Spanned<'a>> = Vec::new();
    let mut run = Run::default();
    for (event, range) in parser {
        if !guard.admits(&event) {
            if let Some(problem) = guard.first_problem() {
                draft.report(&range, problem);
            }
            continue;
        }
        match literal_tilde(
            masked.restore(event, &range),
            draft.options,
            &masked.text()[range.clone()],
        ) {
            Event::Text(text)
                if sub_superscript::is_escaped(
                    draft.options,
                    &text,
                    masked.text(),
                    range.start,
                ) =>
            {
                run.end(&mut items);
                items.push((
                    Item::Event(Event::Text(text[..1].to_owned().into())),
                    range.start..range.start + 1,
                ));
                run.add(text[1..].to_owned().into(), range.start + 1..range.end);
            }
            Event::Text(text) => run.add(text, range),
            event => {
                run.end(&mut items);
                items.push((Item::Event(event), range));
            }
        }
    }
    run.end(&mut items);
    items
}

/// In notes only `~~` strikes through: `~60~` is a number with its signs.
fn literal_tilde<'a>(event: Event<'a>, options: Options, source: &str) -> Event<'a> {
    let is_mark =
        matches!(event, Event::Start(Tag::Strikethrough) | Event::End(TagEnd::Strikethrough));
    if is_mark && options.rules == Rules::Notes && !source.starts_with("~~") {
        Event::Text("~".into())
    } else {
        event
    }
}

/// Neighbouring texts, which are to become one.
#[derive(Default)]
struct Run<'a> {
    first: Option<(CowStr<'a>, Range<usize>)>,
    /// Everything, once there is more than the first.
    whole: String,
}

impl<'a> Run<'a> {
    fn add(&mut self, text: CowStr<'a>, range: Range<usize>) {
        if let Some((first, place)) = &mut self.first {
            if self.whole.is_empty() {
                self.whole.push_str(first);
            }
            self.whole.push_str(&text);
            place.end = range.end;
        } else {
            self.first = Some((text, range));
        }
    }

    fn end(&mut self, items: &mut Vec<Spanned<'a>>) {
        let whole = std::mem::take(&mut self.whole);
        items.extend(self.first.take().map(|(first, range)| {
            let text = if whole.is_empty() { first } else { whole.into() };
            (Item::Event(Event::Text(text)), range)
        }));
    }
}

/// The index of the item that ends what the item at `start` begins.
pub(crate) fn end_of(items: &[Spanned<'_>], start: usize) -> usize {
    let mut depth = 0_usize;
    for (index, (item, _)) in items.iter().enumerate().skip(start) {
        match item {
            Item::Event(Event::Start(_)) => depth += 1,
            Item::Event(Event::End(_)) => {
                depth -= 1;
                if depth == 0 {
                    return index;
                }
            }
            _ => {}
        }
    }
    items.len().saturating_sub(1)
}

/// The text a reader sees in these items, code included, markup left out.
pub(crate) fn plain_text(items: &[Spanned<'_>]) -> String {
    let mut text = String::new();
    for (item, _) in items {
        match item {
            Item::Event(Event::Text(part) | Event::Code(part)) => text.push_str(part),
            Item::Event(Event::SoftBreak | Event::HardBreak) => text.push(' '),
            _ => {}
        }
    }
    text.trim().to_owned()
}

/// True if this tag is within a line of text.
pub(crate) fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}

/// The HTML of a text on its own: links as written, code without colours. What snippets and the checks
/// against the standards' examples use.
#[must_use]
pub fn to_html(text: &str, options: Options) -> String {
    parse(text, &Context { options, ..Context::default() }).to_html()
}

/// Links as written, code without colours, and names in place of the site's words.
struct AsWritten<'p>(&'p Parsed);

impl Resolver for AsWritten<'_> {
    fn link_start(&self, out: &mut String, link: usize) {
        self.0.links[link].write_plain_start(out);
    }

    fn link_end(&self, out: &mut String, _: usize) {
        out.push_str("</a>");
    }

    fn image(&self, out: &mut String, link: usize) {
        self.0.links[link].write_plain_image(out);
    }

    fn media(&self, out: &mut String, link: usize) {
        link::write_attribute(out, "src", &self.0.links[link].destination);
    }

    fn code(&self, out: &mut String, code: usize) {
        text::escape_into(out, &self.0.codes[code].block.text);
    }

    fn box_title(&self, kind: BoxKind) -> &str {
        kind.name()
    }

    fn task(&self, is_done: bool) -> &str {
        if is_done { "done" } else { "open" }
    }
}

/// A problem with raw HTML.
pub(crate) fn html_problem(message: String) -> Diagnostic {
    Diagnostic::new(Kind::Html, message).hint("write it in backticks if it is meant as text")
}

/// True if the tag begins a block that holds other blocks.
pub(crate) fn is_container(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::BlockQuote(_) | Tag::List(_) | Tag::Item | Tag::FootnoteDefinition(_))
}
