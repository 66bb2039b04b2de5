//! Items → HTML with holes. The output for CommonMark's own elements is that of its examples; notes add
//! scrolling tables and boxes.
//!
//! Must not know: what fills a hole.

use std::fmt::Write as _;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Tag, TagEnd};

use super::{Body, Draft, Fill, Hole, Item, Placed, Rules, callout, text};

/// Writes all items.
pub(super) fn write(items: Vec<Placed<'_>>, draft: &Draft<'_>) -> Body {
    let mut writer = Writer {
        notes: draft.options.rules == Rules::Notes,
        html: String::new(),
        holes: Vec::new(),
        alignments: Vec::new(),
        column: 0,
        in_head: false,
        has_body: false,
        alerts: Vec::new(),
    };
    for (item, _) in items {
        writer.item(item);
    }
    writer.html.shrink_to_fit();
    Body { html: writer.html, holes: writer.holes }
}

struct Writer {
    notes: bool,
    html: String,
    holes: Vec<Hole>,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    has_body: bool,
    /// For each open quote, whether it is an alert.
    alerts: Vec<bool>,
}

impl Writer {
    fn item(&mut self, item: Item<'_>) {
        match item {
            Item::Markup(markup) => match markup.strip_prefix('\n') {
                Some(block) => self.block(block),
                None => self.html.push_str(&markup),
            },
            Item::Hole(fill) => self.holes.push(Hole { at: self.html.len(), fill }),
            Item::Event(event) => self.event(event),
        }
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => text::escape_into(&mut self.html, &text),
            Event::Code(code) => {
                self.html.push_str("<code>");
                text::escape_into(&mut self.html, &code);
                self.html.push_str("</code>");
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html.push_str(&html),
            Event::SoftBreak => self.html.push('\n'),
            Event::HardBreak => self.html.push_str("<br />\n"),
            Event::Rule => self.block("<hr />\n"),
            Event::TaskListMarker(done) => {
                let checked = if done { "checked=\"\" " } else { "" };
                let _ = write!(self.html, "<input {checked}disabled=\"\" type=\"checkbox\"");
                if self.notes {
                    self.html.push_str(" aria-label=\"");
                    self.holes.push(Hole { at: self.html.len(), fill: Fill::Task(done) });
                    self.html.push('"');
                }
                self.html.push_str("> ");
            }
            // Formulas stay the source that they are; footnotes were written before.
            Event::InlineMath(source)
            | Event::DisplayMath(source)
            | Event::FootnoteReference(source) => {
                text::escape_into(&mut self.html, &source);
            }
        }
    }

    /// Writes the start of a block on a line of its own.
    fn block(&mut self, html: &str) {
        if !self.html.is_empty() && !self.html.ends_with('\n') {
            self.html.push('\n');
        }
        self.html.push_str(html);
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.block("<p>"),
            Tag::Heading { level, id, .. } => {
                self.block(&format!("<{level}"));
                if let Some(id) = id {
                    super::link::write_attribute(&mut self.html, "id", &id);
                }
                self.html.push('>');
            }
            Tag::BlockQuote(kind) => {
                self.alerts.push(kind.is_some());
                match kind {
                    Some(kind) => {
                        for item in callout::opening(kind.into(), "") {
                            self.item(item);
                        }
                    }
                    None => self.block("<blockquote>\n"),
                }
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => self.fence(&info),
            Tag::CodeBlock(CodeBlockKind::Indented) => self.block("<pre><code>"),
            Tag::List(Some(1)) => self.block("<ol>\n"),
            Tag::List(Some(first)) => self.block(&format!("<ol start=\"{first}\">\n")),
            Tag::List(None) => self.block("<ul>\n"),
            Tag::Item => self.block("<li>"),
            Tag::DefinitionList => self.block("<dl>\n"),
            Tag::DefinitionListTitle => self.block("<dt>"),
            Tag::DefinitionListDefinition => self.block("<dd>"),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.has_body = false;
                self.block(if self.notes {
                    "<div class=\"table\">\n<table>\n"
                } else {
                    "<table>\n"
                });
            }
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                self.html.push_str("<thead>\n<tr>\n");
            }
            Tag::TableRow => {
                self.html.push_str(if self.has_body { "<tr>\n" } else { "<tbody>\n<tr>\n" });
                self.has_body = true;
                self.column = 0;
            }
            Tag::TableCell => self.cell(),
            Tag::Emphasis => self.html.push_str("<em>"),
            Tag::Strong => self.html.push_str("<strong>"),
            Tag::Strikethrough => self.html.push_str("<del>"),
            Tag::Superscript => self.html.push_str("<sup>"),
            Tag::Subscript => self.html.push_str("<sub>"),
            Tag::HtmlBlock => self.block(""),
            Tag::FootnoteDefinition(_)
            | Tag::MetadataBlock(_)
            | Tag::Link { .. }
            | Tag::Image { .. } => {}
        }
    }

    /// The start of a fenced code block that no pass has taken over.
    fn fence(&mut self, info: &str) {
        self.block("<pre><code");
        if let Some(language) = info.split_whitespace().next() {
            super::link::write_attribute(&mut self.html, "class", &format!("language-{language}"));
        }
        self.html.push('>');
    }

    fn cell(&mut self) {
        self.html.push_str(if self.in_head { "<th" } else { "<td" });
        let alignment = match self.alignments.get(self.column) {
            Some(Alignment::Left) => Some("left"),
            Some(Alignment::Center) => Some("center"),
            Some(Alignment::Right) => Some("right"),
            _ => None,
        };
        if let Some(alignment) = alignment {
            // A style attribute would need an exception in a strict content security policy; `align` does not.
            super::link::write_attribute(&mut self.html, "align", alignment);
        }
        self.html.push('>');
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.html.push_str("</p>\n"),
            TagEnd::Heading(level) => {
                let _ = writeln!(self.html, "</{level}>");
            }
            TagEnd::BlockQuote(_) => {
                let is_alert = self.alerts.pop().unwrap_or(false);
                self.block(if is_alert { "</aside>\n" } else { "</blockquote>\n" });
            }
            TagEnd::CodeBlock => self.html.push_str("</code></pre>\n"),
            TagEnd::List(true) => self.html.push_str("</ol>\n"),
            TagEnd::List(false) => self.html.push_str("</ul>\n"),
            TagEnd::Item => self.html.push_str("</li>\n"),
            TagEnd::DefinitionList => self.html.push_str("</dl>\n"),
            TagEnd::DefinitionListTitle => self.html.push_str("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.html.push_str("</dd>\n"),
            TagEnd::Table => {
                self.html.push_str(if self.has_body { "</tbody>\n" } else { "" });
                self.html.push_str(if self.notes { "</table>\n</div>\n" } else { "</table>\n" });
            }
            TagEnd::TableHead => {
                self.in_head = false;
                self.html.push_str("</tr>\n</thead>\n");
            }
            TagEnd::TableRow => self.html.push_str("</tr>\n"),
            TagEnd::TableCell => {
                self.html.push_str(if self.in_head { "</th>\n" } else { "</td>\n" });
                self.column += 1;
            }
            TagEnd::Emphasis => self.html.push_str("</em>"),
            TagEnd::Strong => self.html.push_str("</strong>"),
            TagEnd::Strikethrough => self.html.push_str("</del>"),
            TagEnd::Superscript => self.html.push_str("</sup>"),
            TagEnd::Subscript => self.html.push_str("</sub>"),
            TagEnd::HtmlBlock
            | TagEnd::FootnoteDefinition
            | TagEnd::MetadataBlock(_)
            | TagEnd::Link
            | TagEnd::Image => {}
        }
    }
}
