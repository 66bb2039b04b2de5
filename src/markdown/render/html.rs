//! A document → HTML. The addresses of links, the colours of code and the site's own words are
//! asked for, for they depend on other notes.
//!
//! Must not know: pages, where a link leads.

mod anchor;
mod attribute;
mod diagram;
mod direction;
mod formula;
mod resolver;
mod table;
mod term;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::Range;

use crate::escape::escape_into;
use crate::escape::write_attribute;
use crate::markdown::Parsed;
use crate::markdown::callout::BoxKind;
use crate::markdown::document::{
    BoxTitle, Descend, Document, Element, NodeKind, TabState, Visitor, Words,
};
use crate::markdown::pass::heading::HeadingLevels;
use crate::markdown::pass::matrix;

pub use self::attribute::{write_attributes, write_srcset};
use self::direction::Directions;
pub use self::direction::starts_right_to_left;
pub use self::resolver::Resolver;

/// Options of a rendering.
#[derive(Debug, Clone, Copy, Default)]
pub struct HtmlOptions<'o> {
    /// True if the first heading is the title of the page: it is left out of the text.
    pub takes_title: bool,
    /// True if the text is a chapter of a page with others: headings are a level lower.
    pub is_chapter: bool,
    /// Text before each id and each reference to one, so that chapters of one page share none.
    pub id_prefix: &'o str,
    /// The address of the page that has the footnotes, if the text is a part without them; empty if
    /// they are in the text.
    pub footnotes_at: &'o str,
}

/// A document as HTML.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RenderedHtml {
    /// The text.
    pub html: String,
    /// The inside of the heading that is the title of the page, if it was left out of the text.
    pub title: Option<String>,
}

/// Renders the document of a parsed text.
pub fn render(parsed: &Parsed, resolver: &impl Resolver, options: HtmlOptions<'_>) -> RenderedHtml {
    render_part(parsed, 0..parsed.document.len(), resolver, options)
}

/// Renders some nodes of a parsed text, which are whole.
pub fn render_part(
    parsed: &Parsed,
    nodes: Range<usize>,
    resolver: &impl Resolver,
    options: HtmlOptions<'_>,
) -> RenderedHtml {
    let mut writer = HtmlWriter::new(parsed, nodes.clone(), resolver, options);
    parsed.document.walk(nodes, &mut writer);
    RenderedHtml { html: writer.out, title: writer.title }
}

/// Renders a text in two parts, each of whole nodes in the order in which they are shown.
pub fn render_in_two(
    parsed: &Parsed,
    [first, second]: [Vec<Range<usize>>; 2],
    resolver: &impl Resolver,
    options: HtmlOptions<'_>,
) -> (String, RenderedHtml) {
    let document = &parsed.document;
    let mut writer = HtmlWriter::new(parsed, 0..document.len(), resolver, options);
    let mut render = |parts: Vec<Range<usize>>| {
        for nodes in parts {
            document.walk(nodes, &mut writer);
        }
        std::mem::take(&mut writer.out)
    };
    let (before, html) = (render(first), render(second));
    (before, RenderedHtml { html, title: writer.title })
}

struct HtmlWriter<'r, R> {
    parsed: &'r Parsed,
    document: &'r Document,
    resolver: &'r R,
    options: HtmlOptions<'r>,
    levels: HeadingLevels,
    directions: Directions,
    out: String,
    /// True if the HTML up to here ends a line, apart from the parts that the resolver wrote.
    is_line_start: bool,
    /// The inside of the heading that is the title of the page, once it has gone by.
    title: Option<String>,
    /// The last heading, by its index.
    heading: Option<usize>,
    /// The terms that the text before links to, and the number of open nodes whose text links to
    /// none.
    linked_terms: HashSet<usize>,
    barred: usize,
}

impl<'r, R: Resolver> HtmlWriter<'r, R> {
    fn new(
        parsed: &'r Parsed,
        nodes: Range<usize>,
        resolver: &'r R,
        options: HtmlOptions<'r>,
    ) -> Self {
        Self {
            parsed,
            document: &parsed.document,
            resolver,
            options,
            levels: HeadingLevels::new(parsed, options.takes_title, options.is_chapter),
            out: String::with_capacity(nodes.len() * 32),
            directions: Directions::of(&parsed.document, nodes),
            is_line_start: true,
            title: None,
            heading: None,
            linked_terms: HashSet::new(),
            barred: 0,
        }
    }
}

impl<R: Resolver> Visitor for HtmlWriter<'_, R> {
    fn enter(&mut self, node: usize) -> Descend {
        let descend = self.start_of(node);
        if matches!(descend, Descend::Into) && self.is_barred(node) {
            self.barred += 1;
        }
        descend
    }

    fn leave(&mut self, node: usize) {
        if self.is_barred(node) {
            self.barred -= 1;
        }
        self.end_of(node);
    }
}

impl<R: Resolver> HtmlWriter<'_, R> {
    fn start_of(&mut self, node: usize) -> Descend {
        if let NodeKind::Heading(heading) | NodeKind::HtmlHeading(heading, _) =
            self.document.kind(node)
        {
            self.heading = Some(heading as usize);
        }
        if self.options.takes_title && self.document.title() == Some(node) {
            self.take_title(node);
            return Descend::Over;
        }
        match self.document.kind(node) {
            NodeKind::Text(words) => self.text_with_terms(words),
            NodeKind::RawText(words) => self.raw_text(words),
            NodeKind::Verbatim(words) => self.push(self.document.words(words)),
            NodeKind::Code(words) => {
                self.push("<code>");
                self.text(words);
                self.push("</code>");
            }
            NodeKind::SoftBreak => self.push("\n"),
            NodeKind::HardBreak => self.push("<br />\n"),
            NodeKind::Rule => self.block("<hr />\n"),
            NodeKind::Task(is_done) => self.task(is_done),
            NodeKind::Formula(formula) => self.formula(formula as usize),
            NodeKind::FormulaBlock(formula) => self.formula_block(formula as usize),
            NodeKind::Image(link) => self.resolver.image(&mut self.out, link as usize),
            NodeKind::Link(link) => self.resolver.link_start(&mut self.out, link as usize),
            NodeKind::Embed(link) => return self.embed(link as usize),
            NodeKind::Anchor(id) => self.anchor(node, id),
            NodeKind::Paragraph => self.block_with_id("<p", node),
            NodeKind::Item => self.block_with_id("<li", node),
            NodeKind::CodeBlock(code) => self.code_block(code as usize),
            NodeKind::Element(element) if self.is_without_file(node, element) => {
                return Descend::Over;
            }
            NodeKind::FootnoteReference(footnote, place) => {
                self.footnote_reference(footnote as usize, place as usize);
            }
            NodeKind::FootnoteBack(footnote) => self.footnote_back(footnote as usize),
            NodeKind::Matrix(true) if self.resolver.matrix().is_some() => {
                self.out.push_str(self.resolver.matrix().unwrap_or_default());
                self.is_line_start = true;
                return Descend::Over;
            }
            NodeKind::Heading(heading) => self.heading(node, heading as usize),
            NodeKind::PlainHeading(level) => self.plain_heading(node, level),
            NodeKind::Quote => self.block_with_direction("<blockquote", node, ">\n"),
            NodeKind::Term => self.block_with_id("<dt", node),
            NodeKind::Definition => self.block_with_direction("<dd", node, ">"),
            NodeKind::HeadCell(alignment) => self.cell("<th", node, alignment),
            NodeKind::Cell(alignment) => self.cell("<td", node, alignment),
            kind => self.start(kind),
        }
        Descend::Into
    }

    fn end_of(&mut self, node: usize) {
        match self.document.kind(node) {
            NodeKind::Emphasis => self.push("</em>"),
            NodeKind::Strong => self.push("</strong>"),
            NodeKind::Strikethrough => self.push("</del>"),
            NodeKind::Superscript => self.push("</sup>"),
            NodeKind::Subscript => self.push("</sub>"),
            NodeKind::Link(link) => self.resolver.link_end(&mut self.out, link as usize),
            NodeKind::Embed(link) => {
                self.resolver.link_end(&mut self.out, link as usize);
                self.push("</p>\n");
            }
            NodeKind::Paragraph => self.push("</p>\n"),
            NodeKind::Heading(_) | NodeKind::PlainHeading(_) => self.heading_end(),
            NodeKind::Quote => self.block("</blockquote>\n"),
            NodeKind::BulletList => self.push("</ul>\n"),
            NodeKind::OrderedList(_) => self.push("</ol>\n"),
            NodeKind::Item | NodeKind::Footnote(_) => self.push("</li>\n"),
            NodeKind::DefinitionList => self.push("</dl>\n"),
            NodeKind::Term => self.push("</dt>\n"),
            NodeKind::Definition => self.push("</dd>\n"),
            NodeKind::Table if self.document.is_standard => self.push("</table>\n"),
            NodeKind::Table => self.push("</table>\n</div>\n"),
            NodeKind::TableHead => self.push("</tr>\n</thead>\n"),
            NodeKind::TableBody => self.push("</tbody>\n"),
            NodeKind::TableRow | NodeKind::MatrixRow => self.push("</tr>\n"),
            NodeKind::HeadCell(_) => self.push("</th>\n"),
            NodeKind::Cell(_) => self.push("</td>\n"),
            NodeKind::Figure => self.push("</figure>\n"),
            NodeKind::Caption => self.push("</figcaption>"),
            NodeKind::Label | NodeKind::TabTitle => self.push("</strong></p>"),
            NodeKind::BoxHead(kind) if kind.is_folded() => self.push("</summary>"),
            NodeKind::BoxHead(_) => self.push("</p>"),
            NodeKind::Box(kind, _) if kind.is_folded() => self.box_end(node, "</details>"),
            NodeKind::Box(..) => self.box_end(node, "</aside>"),
            NodeKind::Group | NodeKind::Tabs | NodeKind::Tab(..) => self.box_end(node, "</div>"),
            NodeKind::Matrix(is_first) => self.matrix_end(is_first),
            NodeKind::MatrixLabel(_) => self.push("</th>"),
            NodeKind::MatrixCell => self.push("</td>"),
            NodeKind::Footnotes => self.push("</ol>\n</section>\n"),
            NodeKind::Element(element) => self.element_end(element),
            NodeKind::HtmlHeading(..) | NodeKind::PlainHtmlHeading(..) => self.html_heading_end(),
            _ => {}
        }
    }

    /// Renders the inside of the title apart from the text, wherever in it the title is: in a quote
    /// or an element, say.
    fn take_title(&mut self, node: usize) {
        let text = std::mem::take(&mut self.out);
        let document = self.document;
        self.barred += 1;
        document.walk(document.within(node), self);
        self.barred -= 1;
        self.title = Some(std::mem::replace(&mut self.out, text));
        self.is_line_start = true;
        self.levels.behind_title();
    }

    fn push(&mut self, html: &str) {
        self.out.push_str(html);
        if let Some(last) = html.as_bytes().last() {
            self.is_line_start = *last == b'\n';
        }
    }

    /// Writes HTML that begins on a line of its own.
    fn block(&mut self, html: &str) {
        if !self.is_line_start {
            self.out.push('\n');
            self.is_line_start = true;
        }
        self.push(html);
    }

    fn text(&mut self, words: Words) {
        let text = self.document.words(words);
        escape_into(&mut self.out, text);
        if let Some(last) = text.as_bytes().last() {
            self.is_line_start = *last == b'\n';
        }
    }

    /// Text of raw HTML is written as it was, but for what could begin a tag.
    fn raw_text(&mut self, words: Words) {
        let text = self.document.words(words);
        self.push(&text.replace('<', "&lt;"));
    }

    fn start(&mut self, kind: NodeKind) {
        match kind {
            NodeKind::Emphasis => self.push("<em>"),
            NodeKind::Strong => self.push("<strong>"),
            NodeKind::Strikethrough => self.push("<del>"),
            NodeKind::Superscript => self.push("<sup>"),
            NodeKind::Subscript => self.push("<sub>"),
            NodeKind::BulletList => self.block("<ul>\n"),
            NodeKind::OrderedList(1) => self.block("<ol>\n"),
            NodeKind::OrderedList(first) => self.block(&format!("<ol start=\"{first}\">\n")),
            NodeKind::DefinitionList => self.block("<dl>\n"),
            NodeKind::Table if self.document.is_standard => self.block("<table>\n"),
            NodeKind::Table => self.block("<div class=\"table\">\n<table>\n"),
            NodeKind::TableHead => self.push("<thead>\n<tr>\n"),
            NodeKind::TableBody => self.push("<tbody>\n"),
            NodeKind::TableRow => self.push("<tr>\n"),
            NodeKind::HtmlBlock => self.block(""),
            NodeKind::Figure => self.block("<figure>"),
            NodeKind::Caption => self.push("<figcaption>"),
            NodeKind::Label => self.block("<p><strong>"),
            NodeKind::Box(kind, title) => self.note_box(kind, title),
            NodeKind::BoxHead(kind) if kind.is_folded() => self.block("<summary>"),
            NodeKind::BoxHead(_) => self.block("<p class=\"box-title\">"),
            NodeKind::Group => self.block("<div>"),
            NodeKind::Tabs => self.block("<div class=\"tabs\">\n"),
            NodeKind::Tab(_, TabState::Usual) => self.block("<div class=\"tab\">\n"),
            NodeKind::Tab(_, TabState::Chosen) => {
                self.block("<div class=\"tab\" data-chosen>\n");
            }
            NodeKind::TabTitle => self.block("<p class=\"tab-title\"><strong>"),
            NodeKind::Matrix(_) => self.push(matrix::START),
            NodeKind::MatrixRow => self.push("<tr role=\"row\">"),
            NodeKind::MatrixLabel(rows) => self.matrix_label(rows),
            NodeKind::MatrixCell => self.push(matrix::CELL),
            NodeKind::Footnotes => self.push("<section class=\"footnotes\">\n<ol>\n"),
            NodeKind::Footnote(footnote) => self.footnote(footnote as usize),
            NodeKind::Element(element) => self.element(element),
            NodeKind::HtmlHeading(heading, element) => {
                self.html_heading(self.parsed.outline[heading as usize].level, element);
            }
            NodeKind::PlainHtmlHeading(level, element) => self.html_heading(level, element),
            _ => {}
        }
    }

    fn task(&mut self, is_done: bool) {
        let checked = if is_done { "checked=\"\" " } else { "" };
        let _ = write!(self.out, "<input {checked}disabled=\"\" type=\"checkbox\"");
        if !self.document.is_standard {
            write_attribute(&mut self.out, "aria-label", self.resolver.task(is_done));
        }
        self.push("> ");
    }

    fn heading(&mut self, node: usize, heading: usize) {
        let heading = &self.parsed.outline[heading];
        let level = self.levels.next(heading.level);
        self.block("<h");
        let _ = write!(self.out, "{level}");
        self.id(&heading.anchor);
        self.direction(node);
        self.push(">");
    }

    fn plain_heading(&mut self, node: usize, level: u8) {
        let level = self.levels.next_as_written(level);
        self.block_with_direction(&format!("<h{level}"), node, ">");
    }

    fn heading_end(&mut self) {
        let level = self.levels.end();
        self.push(&format!("</h{level}>\n"));
    }

    /// The frame of a code block: its language and file, if they are known. Indented text is often
    /// prose that was meant to be indented, so it may wrap.
    fn code_block(&mut self, index: usize) {
        let parsed = self.parsed;
        if self.resolver.code_block(&mut self.out, index) {
            self.is_line_start = true;
            return;
        }
        let code = &parsed.codes[index];
        if let Some(diagram) = &code.diagram {
            self.diagram(index, diagram);
            return;
        }
        if self.document.is_standard {
            self.block("<pre><code");
            if let Some(language) = code.info.split_whitespace().next() {
                write_attribute(&mut self.out, "class", &format!("language-{language}"));
            }
            self.push(">");
            self.resolver.code(&mut self.out, index);
            self.push("</code></pre>\n");
            return;
        }
        let has_figure = !code.block.language.is_empty() || code.file.is_some();
        if has_figure {
            self.block("<figure class=\"code\"");
            if !code.block.language.is_empty() {
                write_attribute(&mut self.out, "data-language", &code.block.language);
            }
            self.push(">");
        }
        if let Some(file) = &code.file {
            self.push("<figcaption>");
            escape_into(&mut self.out, file);
            self.push("</figcaption>");
        }
        let pre = if code.is_indented { "<pre class=\"wrap\"><code>" } else { "<pre><code>" };
        if has_figure {
            self.push(pre);
        } else {
            self.block(pre);
        }
        self.resolver.code(&mut self.out, index);
        self.push(if has_figure { "</code></pre></figure>\n" } else { "</code></pre>\n" });
    }

    fn note_box(&mut self, kind: BoxKind, title: BoxTitle) {
        let name = kind.name();
        let is_details = kind.is_folded();
        let element = if is_details { "details" } else { "aside" };
        self.block(&format!("<{element} class=\"box box-{name}\">\n"));
        if title == BoxTitle::Word || (title == BoxTitle::None && is_details) {
            self.push(if is_details { "<summary>" } else { "<p class=\"box-title\">" });
            escape_into(&mut self.out, self.resolver.box_title(kind));
            self.push(if is_details { "</summary>" } else { "</p>" });
        }
    }

    /// A box ends its line, unless the rest of its last line does, which is raw HTML to the parser.
    fn box_end(&mut self, node: usize, end_tag: &str) {
        self.block(end_tag);
        let next = self.document.nodes.get(self.document.within(node).end);
        if !next.is_some_and(|next| matches!(next.kind, NodeKind::RawText(_))) {
            self.push("\n");
        }
    }

    fn element(&mut self, element: u32) {
        let element = self.document.element(element);
        self.push("<");
        self.push(&element.name);
        self.attributes(element);
    }

    /// True for a player of a file that does not exist, once what is shown in its place is written.
    /// A player with content has words for those who cannot play it, or names other files.
    fn is_without_file(&mut self, node: usize, element: u32) -> bool {
        let Element { name, media: Some(link), .. } = self.document.element(element) else {
            return false;
        };
        let is_empty_player =
            matches!(name.as_str(), "audio" | "video") && self.document.within(node).is_empty();
        is_empty_player && self.resolver.missing_media(&mut self.out, *link as usize)
    }

    fn element_end(&mut self, element: u32) {
        let element = self.document.element(element);
        if !element.is_void {
            self.push("</");
            self.push(&element.name);
            self.push(">");
        }
    }

    fn html_heading(&mut self, level: u8, element: u32) {
        let level = self.levels.next(level);
        self.push(&format!("<h{level}"));
        self.attributes(self.document.element(element));
    }

    fn html_heading_end(&mut self) {
        let level = self.levels.end();
        self.push(&format!("</h{level}>"));
    }

    /// Writes the attributes of an element and the end of its start tag.
    fn attributes(&mut self, element: &Element) {
        write_attributes(&mut self.out, &element.attributes, self.options.id_prefix);
        if let Some(media) = element.media {
            self.resolver.media(&mut self.out, media as usize);
        }
        write_srcset(&mut self.out, &element.candidates, |link| self.resolver.candidate(link));
        self.push(if element.is_void { " />" } else { ">" });
    }
}

#[cfg(test)]
mod tests;
