//! The words of a block with their marks → one text of Markdown. Emphasis has its stars where
//! CommonMark reads them as such, and tags elsewhere: `**“一”**二` is none to it.
//!
//! Must not know: the block.

use std::borrow::Cow;

use super::escape::{self, Escaper};
use crate::markdown::Options;
use crate::markdown::cjk::is_cjk_punctuation;

/// Marks around words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum InlineMark<'a> {
    Emphasis,
    Strong,
    Strikethrough,
    /// An element that GFM has no marks for.
    Element(&'static str),
    Link {
        address: String,
        title: &'a str,
    },
}

/// The block that words are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Paragraph,
    Heading,
    Cell,
}

#[derive(Debug, Clone)]
enum InlineToken<'a> {
    Text(String),
    Code(String),
    /// An image: its words, address and title.
    Image(String, String, &'a str),
    /// Markdown that is ready.
    Raw(String),
    Open(InlineMark<'a>),
    Close(InlineMark<'a>),
    Break,
}

/// The words of the block at hand.
#[derive(Debug)]
pub(super) struct Inlines<'a> {
    options: Options,
    tokens: Vec<InlineToken<'a>>,
    /// The marks that are open.
    open: Vec<InlineMark<'a>>,
    /// The number of those that are among the tokens: the others have no words yet.
    opened: usize,
}

impl<'a> Inlines<'a> {
    pub fn new(options: Options) -> Self {
        Self { options, tokens: Vec::new(), open: Vec::new(), opened: 0 }
    }

    pub fn text(&mut self, text: &str) {
        let words = text.trim_start_matches(is_blank);
        if words.len() < text.len() {
            self.add_blank();
        }
        if words.is_empty() {
            return;
        }
        self.open_all();
        match self.tokens.last_mut() {
            Some(InlineToken::Text(last)) => last.push_str(words),
            _ => self.tokens.push(InlineToken::Text(words.to_owned())),
        }
    }

    /// Adds a blank outside of marks that have no words yet.
    fn add_blank(&mut self) {
        match self.tokens.last_mut() {
            Some(InlineToken::Text(last)) => last.push(' '),
            Some(_) => self.tokens.push(InlineToken::Text(" ".to_owned())),
            None => {}
        }
    }

    pub fn code(&mut self, code: &str) {
        if !code.is_empty() {
            self.push(InlineToken::Code(code.replace(['\n', '\r'], " ")));
        }
    }

    pub fn image(&mut self, words: &str, address: String, title: &'a str) {
        self.push(InlineToken::Image(words.to_owned(), address, title));
    }

    pub fn raw(&mut self, text: &str) {
        self.push(InlineToken::Raw(text.to_owned()));
    }

    pub fn line_break(&mut self) {
        // The box of a task begins a line that has words.
        let is_box = |token: &InlineToken<'_>| matches!(token, InlineToken::Raw(text) if text.ends_with("] "));
        if self.tokens.last().is_some_and(|last| !is_box(last)) {
            self.tokens.push(InlineToken::Break);
        }
    }

    /// Adds a line break where a block would end, if one is possible there.
    pub fn end_of_block(&mut self) {
        if !matches!(self.tokens.last(), Some(InlineToken::Break)) {
            self.line_break();
        }
    }

    pub fn open(&mut self, mark: InlineMark<'a>) {
        self.open.push(mark);
    }

    /// Ends the innermost mark; it is none if it has no words.
    pub fn close(&mut self) {
        let Some(mark) = self.open.pop() else { return };
        if self.opened <= self.open.len() {
            return;
        }
        self.opened = self.open.len();
        let mut is_before_blank = false;
        if let Some(InlineToken::Text(last)) = self.tokens.last_mut() {
            let words = last.trim_end_matches(is_blank).len();
            is_before_blank = words < last.len();
            last.truncate(words);
        }
        self.tokens.push(InlineToken::Close(mark));
        if is_before_blank {
            self.add_blank();
        }
    }

    fn push(&mut self, token: InlineToken<'a>) {
        self.open_all();
        self.tokens.push(token);
    }

    fn open_all(&mut self) {
        for mark in &self.open[self.opened..] {
            self.tokens.push(InlineToken::Open(mark.clone()));
        }
        self.opened = self.open.len();
    }

    /// The words up to here, if they have no marks.
    pub fn take_plain(&mut self) -> Option<String> {
        let [InlineToken::Text(text)] = &self.tokens[..] else { return None };
        if self.opened > 0 || text.contains(['$', '\\', '{', '%', ':', '[']) {
            return None;
        }
        let words = text.trim().to_owned();
        self.tokens.clear();
        Some(words)
    }

    /// The words up to here as Markdown; `None` if there are none. Marks that are open go on behind
    /// them.
    pub fn take(&mut self, place: Place) -> Option<String> {
        for mark in self.open[..self.opened].iter().rev() {
            self.tokens.push(InlineToken::Close(mark.clone()));
        }
        self.opened = 0;
        let mut tokens = std::mem::take(&mut self.tokens);
        let is_seen = |token: &InlineToken<'_>| match token {
            InlineToken::Break => false,
            InlineToken::Text(text) => !text.chars().all(is_blank),
            _ => true,
        };
        while tokens.last().is_some_and(|last| !is_seen(last)) {
            tokens.pop();
        }
        if tokens.is_empty() {
            return None;
        }
        let text = InlineWriter::new(&tokens, self.options, place).write();
        Some(text).filter(|text| !text.is_empty())
    }
}

/// Blanks that HTML joins to one.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

struct InlineWriter<'t> {
    tokens: &'t [InlineToken<'t>],
    options: Options,
    place: Place,
    out: String,
    /// Number of links that are open.
    links: usize,
    /// For each mark that is open, true if it is written as a tag.
    as_tag: Vec<bool>,
    /// For each token that opens a mark the one that closes it.
    ends: Vec<usize>,
}

impl<'t> InlineWriter<'t> {
    fn new(tokens: &'t [InlineToken<'t>], options: Options, place: Place) -> Self {
        let mut ends = vec![0; tokens.len()];
        let mut open = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                InlineToken::Open(_) => open.push(index),
                InlineToken::Close(_) => {
                    if let Some(start) = open.pop() {
                        ends[start] = index;
                    }
                }
                _ => {}
            }
        }
        let out = String::new();
        Self { tokens, options, place, out, links: 0, as_tag: Vec::new(), ends }
    }

    fn write(mut self) -> String {
        for index in 0..self.tokens.len() {
            match &self.tokens[index] {
                InlineToken::Text(text) => self.text(text, index),
                InlineToken::Code(code) => self.code(code, index),
                InlineToken::Image(words, address, title) => self.image(words, address, title),
                InlineToken::Raw(text) if self.place == Place::Cell => {
                    self.out.push_str(&text.replace('|', "\\|"));
                }
                InlineToken::Raw(text) => self.out.push_str(text),
                InlineToken::Open(mark) => self.mark_start(mark, index),
                InlineToken::Close(mark) => self.mark_end(mark),
                InlineToken::Break => self.line_break(),
            }
        }
        self.out.truncate(self.out.trim_end_matches(is_blank).len());
        if self.place == Place::Heading && self.out.ends_with('#') {
            self.out.insert(self.out.len() - 1, '\\');
        }
        self.out
    }

    fn text(&mut self, text: &str, index: usize) {
        let next = self.first_char(index + 1);
        let is_before_code = matches!(self.tokens.get(index + 1), Some(InlineToken::Code(_)));
        let escaper = Escaper {
            options: self.options,
            place: self.place,
            is_in_link: self.links > 0,
            next,
            is_before_code,
        };
        escaper.write(&mut self.out, text);
    }

    /// Code between ticks; between tags where ticks would meet others, or a bar would end its cell:
    /// parsers do not agree on `\|` in code.
    fn code(&mut self, code: &str, index: usize) {
        let is_next_to_code = self.out.ends_with('`')
            || matches!(self.tokens.get(index + 1), Some(InlineToken::Code(_)));
        if is_next_to_code || self.place == Place::Cell && code.contains('|') {
            self.out.push_str("<code>");
            self.out.push_str(&escape::as_inline_html(code));
            self.out.push_str("</code>");
            return;
        }
        let ticks = "`".repeat(escape::shortest_other_run(code));
        let has_edge = code.starts_with('`') || code.ends_with('`');
        let is_stripped =
            code.starts_with(' ') && code.ends_with(' ') && !code.trim_matches(' ').is_empty();
        let blank = if has_edge || is_stripped { " " } else { "" };
        self.out.extend([&ticks, blank, code, blank, &ticks]);
    }

    fn image(&mut self, words: &str, address: &str, title: &str) {
        self.out.push_str("![");
        self.links += 1;
        let escaper = Escaper {
            options: self.options,
            place: self.place,
            is_in_link: true,
            next: ']',
            is_before_code: false,
        };
        escaper.write(&mut self.out, words.trim());
        self.links -= 1;
        self.destination(address, title);
    }

    /// Writes the end of a link or image.
    fn destination(&mut self, address: &str, title: &str) {
        self.out.push_str("](");
        self.out.push_str(&escape::destination(address));
        if !title.trim().is_empty() {
            let title = escape::title(title);
            let title: Cow<'_, str> = if self.place == Place::Cell {
                title.replace('|', "\\|").into()
            } else {
                title.into()
            };
            self.out.extend([" \"", &*title, "\""]);
        }
        self.out.push(')');
    }

    fn mark_start(&mut self, mark: &InlineMark<'_>, index: usize) {
        let as_tag = self.is_tag(mark, index);
        self.as_tag.push(as_tag);
        match mark {
            InlineMark::Link { .. } => {
                self.links += 1;
                // Behind a footnote's number it would be the address of a link.
                self.out.push_str(if self.out.ends_with(']') { " [" } else { "[" });
            }
            _ if as_tag => self.out.extend(["<", element_of(mark), ">"]),
            _ => self.out.push_str(sign_of(mark)),
        }
    }

    fn mark_end(&mut self, mark: &InlineMark<'_>) {
        let as_tag = self.as_tag.pop().unwrap_or(false);
        match mark {
            InlineMark::Link { address, title } => {
                self.links -= 1;
                self.destination(address, title);
            }
            _ if as_tag => self.out.extend(["</", element_of(mark), ">"]),
            _ => self.out.push_str(sign_of(mark)),
        }
    }

    fn line_break(&mut self) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        match self.place {
            _ if self.out.is_empty() => {}
            // A backslash at the end of a line would be one sign with another before it.
            Place::Paragraph if self.links == 0 && !self.out.ends_with('\\') => {
                self.out.push_str("\\\n");
            }
            _ => self.out.push_str("<br>"),
        }
    }

    /// True if a mark's own signs would not be read as such (CommonMark 0.31 §6.2).
    fn is_tag(&self, mark: &InlineMark<'_>, start: usize) -> bool {
        if let InlineMark::Link { .. } | InlineMark::Element(_) = mark {
            return !matches!(mark, InlineMark::Link { .. });
        }
        let end = self.ends[start];
        let is_sign = |index: Option<usize>| {
            let Some(InlineToken::Open(mark) | InlineToken::Close(mark)) =
                index.and_then(|index| self.tokens.get(index))
            else {
                return false;
            };
            matches!(mark, InlineMark::Emphasis | InlineMark::Strong | InlineMark::Strikethrough)
        };
        // Next to other signs they would be one run.
        if (is_sign(start.checked_sub(1)) && !self.out.ends_with('>')) || is_sign(Some(end + 1)) {
            return true;
        }
        let within = |index: usize, c: char| if is_sign(Some(index)) { '<' } else { c };
        let before = self.out.chars().next_back().unwrap_or('\n');
        let first = within(start + 1, self.first_char(start + 1));
        let last = within(end - 1, self.last_char(end - 1));
        let after = self.first_char(end + 1);
        !is_flanking(first, before) || !is_flanking(last, after)
    }

    /// The first character that a token is written with.
    fn first_char(&self, index: usize) -> char {
        let Some(token) = self.tokens.get(index) else { return '\n' };
        match token {
            InlineToken::Text(text) | InlineToken::Raw(text) => text.chars().next().unwrap_or('\n'),
            InlineToken::Code(_) => '`',
            InlineToken::Image(..) => '!',
            InlineToken::Open(InlineMark::Link { .. }) => '[',
            InlineToken::Close(InlineMark::Link { .. }) => ']',
            InlineToken::Open(InlineMark::Element(_))
            | InlineToken::Close(InlineMark::Element(_)) => '<',
            InlineToken::Open(mark) | InlineToken::Close(mark) => {
                sign_of(mark).chars().next().unwrap_or('*')
            }
            InlineToken::Break => '\n',
        }
    }

    fn last_char(&self, index: usize) -> char {
        let Some(token) = self.tokens.get(index) else { return '\n' };
        match token {
            InlineToken::Text(text) | InlineToken::Raw(text) => {
                text.chars().next_back().unwrap_or('\n')
            }
            InlineToken::Code(_) => '`',
            InlineToken::Image(..) | InlineToken::Close(InlineMark::Link { .. }) => ')',
            InlineToken::Open(InlineMark::Link { .. }) => '[',
            InlineToken::Open(InlineMark::Element(_))
            | InlineToken::Close(InlineMark::Element(_)) => '>',
            InlineToken::Open(mark) | InlineToken::Close(mark) => {
                sign_of(mark).chars().next().unwrap_or('*')
            }
            InlineToken::Break => '\n',
        }
    }
}

/// True if a run of signs between two characters, of which the first is on the side of the words,
/// belongs to the words.
fn is_flanking(word: char, other: char) -> bool {
    if word.is_whitespace() {
        return false;
    }
    // Parsers do not agree what is punctuation: a letter or blank decides.
    let is_punctuation = |c: char| c.is_ascii_punctuation() || is_cjk_punctuation(c);
    word.is_alphanumeric() || other.is_whitespace() || is_punctuation(other)
}

fn sign_of(mark: &InlineMark<'_>) -> &'static str {
    match mark {
        InlineMark::Emphasis => "*",
        InlineMark::Strong => "**",
        InlineMark::Strikethrough => "~~",
        InlineMark::Element(_) | InlineMark::Link { .. } => "",
    }
}

fn element_of(mark: &InlineMark<'_>) -> &'static str {
    match mark {
        InlineMark::Emphasis => "em",
        InlineMark::Strong => "strong",
        InlineMark::Strikethrough => "del",
        InlineMark::Element(name) => name,
        InlineMark::Link { .. } => "a",
    }
}
