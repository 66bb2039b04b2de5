//! Text → [`Document`]: one run of pulldown-cmark into items, named passes over them, one a file,
//! and the tree that comes of it. Links, code and the like are named in the tree by their index,
//! for other notes and the highlighter decide how they look.
//!
//! Must not know: which notes exist, where a link leads, the disk, templates.

mod assemble;
pub mod callout;
pub mod cjk;
pub mod code;
mod dialect;
pub mod document;
pub mod emphasis;
pub mod extract;
pub mod formula;
mod ignore_comment;
pub(crate) mod item;
pub mod link;
mod misread_line;
pub mod nesting;
pub mod parsed;
mod part;
pub mod pass;
pub mod render;
mod scan;
mod smart_quote;
pub mod source_text;
mod spaced_destination;
mod spread_comment;
pub mod wiki_names;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options as Extensions, Parser, Tag, TagEnd};

use self::dialect::boxes::{self, BoxMark};
use self::emphasis::Masked;
use self::formula::cut::FormulaCutter;
use self::item::{Item, Spanned};
use crate::config::{Config, FrontMatterRules};
use crate::diagnostic::{Diagnostic, Kind};
use crate::diagram::Drawings;
use crate::phrase::{Phrase, phrase};

pub use callout::BoxKind;
pub use code::{CodeBlock, HighlightedCode, PlacedCode, load_grammars};
pub use dialect::mdbook::{expand_includes, has_includes};
pub use document::Document;
pub(crate) use extract::hashtag::clean_tag;
pub use extract::length::Length;
pub use extract::link_context::LinkContext;
pub use extract::terms::DefinedTerm;
pub use formula::macros::{MacroTable, RefusedMacro};
pub(crate) use link::decode_entities;
pub use link::{Link, LinkKind, MIND_MAP, may_show_mind_maps};
pub use parsed::Parsed;
pub use pass::footnote::Footnote;
pub use pass::formula::{Formula, refused_macros, without_macros};
pub use pass::heading::{Heading, Opening};
pub use render::plain::{Passage, passages};
pub use source_text::SourceText;
pub use wiki_names::WikiNames;

/// A note with more pieces of text and markup makes a page that browsers are slow to lay out.
const MOST_ITEMS: usize = 200_000;

/// Longest definition of a link that a title refers to, in bytes, so that thousands of titles stay
/// linear.
const LONGEST_DEFINITION: usize = 1024;

/// A dialect of Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Rules {
    /// Those of real notes: Chinese emphasis and line breaks, boxes, figures, sanitized HTML and
    /// the rest.
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
    /// `==x==`.
    pub highlight: bool,
    /// `++x++`.
    pub insert: bool,
    /// `$x$` is drawn.
    pub formulas: bool,
    /// Blocks of mermaid are drawn.
    pub diagrams: bool,
    /// `[[page]]`.
    pub wiki_links: bool,
    /// `"x"` → `“x”`, `--` → `–`.
    pub smart_punctuation: bool,
    /// The rules for the heads of notes.
    pub front_matter: FrontMatterRules,
    /// True if the notes are strangers': raw HTML may only shape the text.
    pub safe_html: bool,
}

impl From<&Config> for Options {
    fn from(config: &Config) -> Self {
        let chosen = config.markdown;
        Self {
            safe_html: config.safe_html,
            front_matter: config.front_matter,
            rules: Rules::Notes,
            definition_lists: chosen.definition_lists,
            subscript: chosen.subscript,
            superscript: chosen.superscript,
            formulas: chosen.math,
            diagrams: chosen.diagrams,
            highlight: chosen.highlight,
            insert: chosen.insert,
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

/// The state of the passes beside the items.
pub(crate) struct Draft<'t> {
    pub options: Options,
    pub lines: &'t SourceText<'t>,
    /// The places of the definitions of reference links, by label in lower case.
    pub definitions: HashMap<String, Range<usize>>,
    pub parsed: Parsed,
    pub ids: pass::heading_id::Ids,
    /// The headings of Markdown, each with the id that it asks for, until all get theirs.
    pub headings: Vec<Heading>,
    /// The element that is left of the page's title in raw HTML.
    pub title_element: Option<u32>,
    pub boxes: Vec<BoxMark>,
    /// The title that front matter gives.
    pub title: Option<&'t str>,
    /// True if the text is the site's home page.
    pub is_home: bool,
    /// The places of the cells of the navigation matrix.
    pub cells: HashSet<usize>,
    /// Names in double brackets that are links; `None` if all are, or none.
    pub named: Option<&'t HashSet<String>>,
    /// The macros of formulas, if the settings have some.
    pub macros: Option<&'t MacroTable>,
    /// Drawings that need more than a text; `None` if there are none.
    pub drawings: Option<&'t dyn Drawings>,
    /// The size of the mind maps that are drawn, in bytes.
    pub mind_map_size: usize,
}

impl<'t> Draft<'t> {
    /// The state before the first pass, of a text without boxes.
    fn new(options: Options, lines: &'t SourceText<'t>) -> Self {
        Self {
            options,
            lines,
            definitions: HashMap::new(),
            parsed: Parsed::default(),
            ids: pass::heading_id::Ids::default(),
            headings: Vec::new(),
            title_element: None,
            boxes: Vec::new(),
            title: None,
            is_home: false,
            cells: HashSet::new(),
            named: None,
            macros: None,
            drawings: None,
            mind_map_size: 0,
        }
    }

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
    /// The title that front matter gives.
    pub title: Option<&'t str>,
    /// True if the text is the site's home page.
    pub is_home: bool,
    /// Names in double brackets that are links; `None` if all are, or none.
    pub named: Option<&'t HashSet<String>>,
    /// The macros of formulas, if the settings have some.
    pub macros: Option<&'t MacroTable>,
    /// Drawings that need more than a text; `None` if there are none.
    pub drawings: Option<&'t dyn Drawings>,
}

/// Parses a text without front matter.
#[must_use]
pub fn parse<'t>(text: impl Into<SourceText<'t>>, context: &Context<'_>) -> Parsed {
    let mut source = text.into();
    let options = context.options;
    let standard = options.rules != Rules::Notes;
    let boxes = if standard { Vec::new() } else { rewrite(&mut source, options) };
    let masked = if standard { Masked::none(source.text()) } else { emphasis::mask(&source) };
    let mut draft = Draft {
        boxes,
        title: context.title,
        is_home: context.is_home,
        named: context.named.filter(|_| !options.wiki_links),
        macros: context.macros,
        drawings: context.drawings,
        ..Draft::new(options, &source)
    };
    if !standard && options.wiki_links {
        draft.parsed.hashtags = extract::hashtag::hashtags(&source);
    }
    let mut items = items(&masked, &mut draft);
    boxes::restore_misread(&mut items, &draft.boxes);
    if !standard && items.len() > MOST_ITEMS {
        let message = phrase!(
            "the note has {items} pieces of markup; its page will be slow to show",
            items = items.len()
        );
        draft.parsed.problems.push(
            Diagnostic::new(Kind::Size, message).help(phrase!("split it into several notes")),
        );
    }
    let items = if standard {
        pass::for_standards(items, &mut draft)
    } else {
        pass::for_notes(items, &mut draft)
    };
    if !standard {
        draft.parsed.problems.extend(extract::lint::images(&draft.parsed.links));
    }
    let Parsed { document, outline, .. } = &mut draft.parsed;
    document.is_standard = standard;
    assemble::assemble(items, outline, document);
    if !standard {
        let summary = extract::summary::summarise(&draft.parsed);
        draft.parsed.summary = summary.text;
        draft.parsed.first_words = summary.first_words;
        draft.parsed.has_content = summary.has_content;
        draft.parsed.length = extract::length::measure(&draft.parsed);
        let hashtags = std::mem::take(&mut draft.parsed.hashtags);
        draft.parsed.hashtags = extract::hashtag::shown(hashtags, &draft.parsed.document);
        if options.definition_lists {
            draft.parsed.terms = extract::terms::terms(&draft.parsed);
        }
    }
    draft.parsed
}

/// Rewrites a note as Markdown that the parser reads; gives the marks of its boxes.
fn rewrite(source: &mut SourceText<'_>, options: Options) -> Vec<BoxMark> {
    // Before the dialects, whose syntax does not count in a comment.
    source.edit(spread_comment::join(source));
    let boxes = dialect::rewrite(source, options.wiki_links);
    // After the dialects, which leave destinations with blanks behind them.
    source.edit(spaced_destination::wrap(source));
    // Last: the dialects decide what is code.
    source.edit(misread_line::mend(source));
    boxes
}

/// Runs the parser, puts masked characters back and joins neighbouring texts.
fn items<'a>(masked: &'a Masked<'_>, draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    let parser = Parser::new_ext(masked.text(), draft.options.extensions()).into_offset_iter();
    let definitions = parser.reference_definitions().iter();
    draft
        .definitions
        .extend(definitions.map(|(label, found)| (label.to_lowercase(), found.span.clone())));
    let mut guard = nesting::Guard::default();
    let mut items: Vec<Spanned<'a>> = Vec::new();
    let mut run = TextRun::default();
    let mut quotes = smart_quote::Quotes::default();
    let turns = draft.options.rules == Rules::Notes && draft.options.smart_punctuation;
    let source = draft.lines;
    let formulas = if draft.options.formulas { source.scan().formulas() } else { &[] };
    let mut cutter = FormulaCutter::new(formulas);
    let mut pieces = Vec::new();
    for (event, range) in parser {
        if !guard.admits(&event) {
            if let Some(problem) = guard.first_problem() {
                draft.report(&range, problem);
            }
            continue;
        }
        let mut event = literal_tilde(
            masked.restore(event, &range),
            draft.options,
            &masked.text()[range.clone()],
        );
        if turns {
            event = quotes.turn(event, &range, draft.lines.text());
        }
        if cutter.is_done() {
            pieces.push((event, range));
        } else {
            cutter.add(event, range, &mut pieces);
        }
        for (event, range) in pieces.drain(..) {
            match event {
                Event::Text(text) if is_escaped_mark(draft, &text, masked.text(), range.start) => {
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
    }
    run.end(&mut items);
    items
}

/// True if a text begins with a sign after a backslash that a pass would read as markup.
fn is_escaped_mark(draft: &Draft<'_>, text: &str, source: &str, start: usize) -> bool {
    pass::sub_superscript::is_escaped(draft.options, text, source, start)
        || pass::paired_mark::is_escaped(draft.options, text, source, start)
        || draft.named.is_some() && pass::wiki_link::is_escaped(text, source, start)
}

/// The items of a text that is one line of a note, such as the title of a box.
fn line_items(line: &str, draft: &Draft<'_>) -> Vec<Item<'static>> {
    // A heading is a line whatever it begins with; the sign at its end leaves those of the line.
    let text = format!("# {line} #\n\n{}", definitions_for(line, draft));
    let mut source = SourceText::from(&text);
    source.edit(spaced_destination::wrap(&source));
    let masked = emphasis::mask(&source);
    let items = items(&masked, &mut Draft::new(draft.options, &source));
    let inner = items.into_iter().skip(1).map(|(item, _)| item);
    let inner =
        inner.take_while(|item| !matches!(item, Item::Event(Event::End(TagEnd::Heading(_)))));
    let inner = inner.filter_map(|item| match item {
        Item::Event(event) => Some(Item::Event(event.into_static())),
        _ => None,
    });
    inner.collect()
}

/// The definitions of the links and footnotes that a line refers to, as lines of their own.
fn definitions_for(line: &str, draft: &Draft<'_>) -> String {
    let mut definitions = String::new();
    let mut seen = HashSet::new();
    for (at, _) in line.match_indices('[') {
        let behind = &line[at + 1..];
        let Some(label) = behind.find([']', '[']).map(|end| &behind[..end]) else { continue };
        if !seen.insert(label) {
            continue;
        }
        if label.starts_with('^') {
            definitions.extend(["[", label, "]: x\n\n"]);
        } else if let Some(place) = draft.definitions.get(&label.to_lowercase())
            && place.len() <= LONGEST_DEFINITION
        {
            definitions.extend([&draft.lines.text()[place.clone()], "\n\n"]);
        }
    }
    definitions
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
struct TextRun<'a> {
    first: Option<(CowStr<'a>, Range<usize>)>,
    /// Everything, once there is more than the first.
    whole: String,
}

impl<'a> TextRun<'a> {
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

/// The HTML of a text on its own: links as written, code without colours. What snippets and the
/// checks against the standards' examples use.
#[must_use]
pub fn to_html(text: &str, options: Options) -> String {
    parse(text, &Context { options, ..Context::default() }).to_html()
}

/// A problem with raw HTML.
pub(crate) fn html_problem(message: Phrase) -> Diagnostic {
    Diagnostic::new(Kind::Html, message)
        .help(phrase!("write it in backticks if it is meant as text"))
}
