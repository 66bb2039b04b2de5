//! A file's text → [`Note`]: front matter, title candidates, parsed Markdown, problems with their
//! place.
//!
//! Must not know: other notes, the disk, pages.

pub mod front_matter;
mod generic_title;
mod glossary;
mod language;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Kind, Span};
use crate::diagram::Drawings;
use crate::digest::Digest;
use crate::markdown::{
    self, Heading, MacroTable, Opening, Options, Parsed, SourceText, WikiNames, expand_includes,
};
use crate::path::{SourcePath, label_of, loose_key};
use crate::phrase::{Phrase, phrase};

pub use front_matter::Meta;

/// A note larger than this makes a page that is slow to load; in bytes.
const LARGE: usize = 4 << 20;
/// A line longer than this is slow to lay out; in bytes.
const LONG_LINE: usize = 256 << 10;

/// Most tags of a note: each has a page.
const MOST_TAGS: usize = 100;
/// Full lines on a sheet of A4 as `static/print.css` sets them, headings and the ends of paragraphs
/// counted in: parts of 100, 175 and 259 sheets come out as 97, 178 and 247.
const LINES_PER_SHEET: u32 = 30;

/// One Markdown file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its file.
    pub path: SourcePath,
    /// Its front matter.
    pub meta: Meta,
    /// Its Markdown, parsed.
    pub parsed: Parsed,
    /// True if there is nothing to read but, at most, a title.
    pub is_stub: bool,
    /// Diagnostics about it.
    pub problems: Vec<Diagnostic>,
}

/// The file of a note.
#[derive(Debug, Clone, Copy)]
pub struct Source<'s> {
    /// The path of the file.
    pub path: &'s SourcePath,
    /// The path in messages: relative to the folder that is built.
    pub shown: &'s str,
    /// Its text.
    pub text: &'s str,
    /// True if it is the site's home page.
    pub is_home: bool,
    /// The names of notes and files, which are links in double brackets; `None` if all names are,
    /// or none.
    pub names: Option<&'s WikiNames>,
    /// The macros of formulas, if the settings have some.
    pub macros: Option<&'s MacroTable>,
    /// Drawings that need more than a text; `None` if there are none.
    pub drawings: Option<&'s dyn Drawings>,
}

/// True for a title that says nothing of its note: `README`, `简介`, `References`.
#[must_use]
pub fn is_generic_title(title: &str) -> bool {
    generic_title::says_nothing(title, "")
}

impl Note {
    /// Parses a file. `included` gives the text of a file that an include names, relative to the
    /// note's folder, or says why there is none.
    #[must_use]
    pub fn parse(
        source: Source<'_>,
        options: Options,
        included: impl Fn(&SourcePath, &str) -> Result<Arc<str>, Phrase>,
    ) -> Self {
        let (text, mut problems) = cleaned(source.text);
        let front = front_matter::split(&text, options.front_matter);
        problems.extend(front.problem);
        let mut body = SourceText::new(front.body, front.lines + 1);
        let folder = source.path.parent();
        problems.extend(expand_includes(&mut body, |path| included(&folder, path)));
        let named = source.names.map(|names| names.named_in(body.text()));
        let context = markdown::Context {
            options,
            title: front.meta.title.as_deref(),
            is_home: source.is_home,
            named: named.as_ref(),
            macros: source.macros,
            drawings: source.drawings,
        };
        let parsed = catch_unwind(AssertUnwindSafe(|| markdown::parse(body, &context)));
        let mut parsed = parsed.unwrap_or_else(|_| as_plain_text(front.body));
        problems.append(&mut parsed.problems);
        let problems = problems.into_iter().map(|problem| problem.in_file(source.shown)).collect();
        let is_stub = !parsed.has_content;
        Self { path: source.path.clone(), meta: front.meta, parsed, is_stub, problems }
    }

    /// The title that the note would have alone; `site::title` decides which one is shown. `name`
    /// is what its file or folder is called, `label` what the navigation calls it.
    ///
    /// Front matter wins, then a title in raw HTML; then the first heading, unless it does not say
    /// what the file's name says and is one of several of its level, below text (a section, not a
    /// title) or one of the words that say nothing, where label or name step in.
    #[must_use]
    pub fn title(&self, name: &str, label: Option<&str>) -> String {
        if let Some(title) = self.given_title() {
            return title.to_owned();
        }
        let named = || Self::title_by_name(name, label);
        let first = self.parsed.headings().next();
        let Some(first) = first.filter(|heading| !heading.text.is_empty()) else {
            return named();
        };
        let of_level = self.parsed.headings().filter(|heading| heading.level == first.level);
        let several = of_level.count() > 1;
        let says = |name: &str| {
            let (heading, name) = (loose_key(&first.text), loose_key(name));
            !name.is_empty() && heading.contains(&name)
        };
        let related = says(name) || label.is_some_and(says);
        let is_no_title =
            several || self.is_section(first) || generic_title::says_nothing(&first.text, name);
        if is_no_title && !related { named() } else { first.text.clone() }
    }

    /// The title of a note that gives itself none: its label in the navigation, else the label of
    /// its file's or folder's name.
    #[must_use]
    pub fn title_by_name(name: &str, label: Option<&str>) -> String {
        label.filter(|label| !label.is_empty()).map_or_else(|| label_of(name), str::to_owned)
    }

    /// The title that the note gives apart from its headings: in front matter or in raw HTML.
    #[must_use]
    pub fn given_title(&self) -> Option<&str> {
        self.meta.title.as_deref().or(self.title_in_html())
    }

    /// The words of a title in raw HTML.
    fn title_in_html(&self) -> Option<&str> {
        match &self.parsed.opening {
            Opening::Title(title) => Some(title),
            _ => None,
        }
    }

    /// True if the first heading begins a section of the text rather than the text.
    fn is_section(&self, first: &Heading) -> bool {
        first.level > 1 && self.parsed.opening == Opening::Text
    }

    /// The title that the note itself gives: in front matter, in raw HTML, or by its first heading
    /// if that does not begin one of several sections.
    #[must_use]
    pub fn own_title(&self) -> Option<&str> {
        let first = self.parsed.headings().next().filter(|first| {
            let of_level = self.parsed.headings().filter(|other| other.level == first.level);
            let is_one_of_several = of_level.count() > 1;
            !(self.is_section(first) || first.level > 1 && is_one_of_several)
        });
        let heading = first.map(|heading| heading.text.as_str());
        let heading =
            heading.filter(|text| !text.is_empty() && !generic_title::is_of_contents(text));
        self.given_title().or(heading)
    }

    /// True if the first heading is the title of its page, which is then no heading of the text.
    #[must_use]
    pub fn is_titled_by_heading(&self, title: &str) -> bool {
        let first = self.parsed.headings().next();
        first.is_some_and(|heading| heading.text.split_whitespace().eq(title.split_whitespace()))
    }

    /// A sentence or two about it: front matter's description, else the beginning of the text;
    /// empty if there is neither.
    #[must_use]
    pub fn summary(&self) -> &str {
        self.meta.description.as_deref().unwrap_or(&self.parsed.summary)
    }

    /// Its tags, of front matter and of its text, as they are written.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.meta.tags.iter().chain(&self.parsed.hashtags).take(MOST_TAGS).map(String::as_str)
    }

    /// The digest of all that other pages may see of it: no positions, so that it stays when prose
    /// changes.
    #[must_use]
    pub fn facts(&self) -> Digest {
        let links = self.parsed.links.iter();
        let links: Vec<_> = links
            .map(|link| (link.kind, link.is_wiki, &link.destination, &link.text, &link.context))
            .collect();
        let parsed = &self.parsed;
        let shown =
            (&parsed.outline, &parsed.opening, &parsed.anchors, &parsed.summary, &parsed.hashtags);
        let shown = (shown, &parsed.first_words, &parsed.terms, self.sheets(), parsed.has_map);
        Digest::of_value(&(&self.path, &self.meta, links, shown, self.has_chinese_text()))
    }

    /// Sheets of paper that it fills, about; none, if it has nothing to read. The pages for paper
    /// depend on it, so it is one of the [`facts`](Self::facts).
    #[must_use]
    pub fn sheets(&self) -> u32 {
        if self.is_stub {
            return 0;
        }
        // Each note begins on a sheet of its own.
        self.parsed.length.lines().div_ceil(LINES_PER_SHEET).max(1)
    }
}

/// The text without BOM and control characters, line ends as `\n`; what is wrong with it.
fn cleaned(text: &str) -> (Cow<'_, str>, Vec<Diagnostic>) {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut problems = Vec::new();
    if text.len() > LARGE {
        let message = phrase!(
            "the note is {size} MB large; its page will be slow to load",
            size = text.len() >> 20
        );
        problems.push(
            Diagnostic::new(Kind::Size, message).help(phrase!("split it into several notes")),
        );
    }
    let mut longest = 0;
    let mut start = 0;
    for (number, end) in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]).enumerate()
    {
        if end - start > LONG_LINE.max(longest) {
            longest = end - start;
            let message =
                phrase!("a line of {size} kB; the page will be slow to read", size = longest >> 10);
            let line = u32::try_from(number + 1).unwrap_or(u32::MAX);
            problems.truncate(usize::from(text.len() > LARGE));
            problems.push(
                Diagnostic::new(Kind::Size, message)
                    .at_line(line)
                    .help(phrase!("break the line up")),
            );
        }
        start = end + 1;
    }
    if is_plain(text) {
        return (text.into(), problems);
    }
    if let Some(at) = text.find(is_unwanted) {
        let before = text[..at].replace("\r\n", "\n");
        let line = before.matches(['\n', '\r']).count() + 1;
        let column = before.rsplit(['\n', '\r']).next().map_or(0, |line| line.chars().count()) + 1;
        let column = u32::try_from(column).unwrap_or(0);
        let c = text[at..].chars().next().map_or(0, u32::from);
        let message = phrase!(
            "control character U+{code} in the text is left out",
            code = format!("{c:04X}")
        );
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let hint = phrase!("remove it; a file with many of them may be no text at all");
        problems.push(
            Diagnostic::new(Kind::ControlCharacter, message)
                .at(Span { line, column, width: 1 })
                .help(hint),
        );
    }
    (plain(text), problems)
}

/// A text without BOM and control characters, line ends as `\n`.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if is_plain(text) {
        return text.into();
    }
    text.replace("\r\n", "\n").replace('\r', "\n").replace(is_unwanted, "").into()
}

/// True if a text has no control characters but line ends and tabs. Byte by byte, for notes of
/// megabytes.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_wanted =
        |byte: &u8| (*byte >= 0x20 && *byte != 0x7F) || *byte == b'\n' || *byte == b'\t';
    // U+0080 to U+009F are 0xC2 and a byte below 0xA0.
    let has_second_set = || memchr::memchr_iter(0xC2, bytes).any(|at| bytes[at + 1] < 0xA0);
    bytes.iter().all(is_wanted) && !has_second_set()
}

fn is_unwanted(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// A text that the parser fails on is shown as it is.
fn as_plain_text(text: &str) -> Parsed {
    let problem = Diagnostic::new(
        Kind::Parser,
        phrase!("the Markdown parser failed on this note; it is shown as plain text"),
    )
    .help(phrase!("please report it with the note, it is a bug"));
    Parsed { has_content: true, problems: vec![problem], ..Parsed::of_code(text) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn note(text: &str) -> Note {
        let path = SourcePath::new("a/文本编辑.md").unwrap();
        let source = Source {
            path: &path,
            shown: "a/文本编辑.md",
            text,
            is_home: false,
            names: None,
            macros: None,
            drawings: None,
        };
        Note::parse(source, Options::default(), |_, path| Err(Phrase::verbatim(path)))
    }

    #[test]
    fn titles() {
        for (text, label, expected) in [
            ("---\ntitle: 甲\n---\n# 乙", None, "甲"),
            ("# awk\n\n# sed", None, "文本编辑"),
            ("# awk\n\n# sed", Some("编辑"), "编辑"),
            ("# 文本编辑 awk\n\n# sed", None, "文本编辑 awk"),
            ("# awk\n\n## sed", None, "awk"),
            ("![](logo.png)\n\n# awk", None, "awk"),
            ("## 概要\n\n## 用法", None, "文本编辑"),
            ("## 概要\n\n### 用法", None, "概要"),
            ("正文。\n\n### 参考\n\n- a", None, "文本编辑"),
            ("正文。\n\n### 文本编辑入门", None, "文本编辑入门"),
            ("正文。\n\n# 提要", None, "提要"),
            ("> 引\n\n[英文](a.md)\n\n## 提要", None, "提要"),
            (
                "<h1 align=center>\n<img src=a.png><br>甲 &amp;\n<b>乙</b>\n</h1>\n\n说明\n\n## 安装",
                None,
                "甲 & 乙",
            ),
            ("<h1><img src=a.png></h1>\n\n## 安装", None, "安装"),
            ("---\ntitle: 丙\n---\n<h1>甲</h1>", None, "丙"),
            ("", None, "文本编辑"),
            ("#\n\n文", None, "文本编辑"),
            ("# 目录\n\n## sed", None, "文本编辑"),
            ("# **Contents**：\n\n## sed", Some("编辑"), "编辑"),
            ("---\ntitle: 目录\n---\n文", None, "目录"),
        ] {
            assert_eq!(note(text).title("01~文本编辑", label), expected, "{text}");
        }
    }

    #[test]
    fn texts_are_cleaned_and_lines_stay_right() {
        let parsed = note("\u{FEFF}---\r\ntitle: a\r\n---\r\nb\r\n\r\n{{#include x}}\u{0}");
        assert_eq!(parsed.meta.title.as_deref(), Some("a"));
        let places: Vec<_> = parsed
            .problems
            .iter()
            .map(|problem| (problem.kind, problem.location.span.line))
            .collect();
        assert_eq!(places, [(Kind::ControlCharacter, 6), (Kind::Include, 6)]);
        assert_eq!(markdown::passages(&parsed.parsed)[0].text.lines().next(), Some("b"));
    }

    #[test]
    fn plain_texts_have_no_control_characters() {
        for (text, expected) in [
            ("a\tb\n", "a\tb\n"),
            ("a\r\nb\rc", "a\nb\nc"),
            ("a\u{7F}b\u{80}c\u{9F}d\u{A0}e", "abcd\u{A0}e"),
            ("\u{FEFF}中\u{8}文", "中文"),
            ("Â÷ 中文", "Â÷ 中文"),
        ] {
            assert_eq!(plain(text), expected);
            assert_eq!(is_plain(text), text == expected);
        }
    }

    #[test]
    fn stubs() {
        for (text, stub) in
            [("", true), ("# 甲\n", true), ("---\ntitle: a\n---\n", true), ("文", false)]
        {
            assert_eq!(note(text).is_stub, stub, "{text}");
        }
    }

    #[test]
    fn long_lines_and_large_notes_are_reported() {
        let long = format!("a\n{}\n", "x".repeat(LONG_LINE + 1));
        assert_eq!(note(&long).problems[0].location.span.line, 2);
        let large = "字\n".repeat(LARGE / 4 + 1);
        assert_eq!(note(&large).problems[0].kind, Kind::Size);
        let busy = "*a*\n".repeat(60_000);
        assert_eq!(note(&busy).problems[0].kind, Kind::Size);
        assert_eq!(note("*a*\n").problems, []);
    }
}
