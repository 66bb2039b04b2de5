//! Lines that open and close boxes and tabs → marks that the parser leaves alone: each is a comment
//! of HTML with a control character, which notes have lost by then. So the Markdown between them is
//! parsed as usual.
//!
//! A mark that the parser takes for text or code after all becomes the writer's line again, and so
//! does the mark at the other end of its box; other boxes of the note stay.
//!
//! Must not know: the syntax of the lines.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::markdown::callout::MarkedBlock;
use crate::markdown::document::TabState;
use crate::markdown::source_text::{Edits, SourceText};
use crate::markdown::{Item, Spanned};

/// The control character in marks.
const SIGN: char = '\u{1}';
/// Begins the list item that a box by indentation is made of: a list of a kind that writers hardly
/// use.
pub(crate) const ITEM: &str = "+   ";
/// Boxes nested deeper than this are text.
const DEEPEST: usize = 100;

/// Meaning of a line that belongs to a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Marker {
    /// Begins a block. An empty title is none; without one, a box has the site's word for its
    /// kind.
    Open { block: MarkedBlock, title: Option<String> },
    /// Ends the nearest block.
    Close,
    /// Ends the tab before it, if there is one, and begins the next.
    NextTab { title: String, state: TabState },
    /// Begins a block whose text is that of a list item, until that list is taken away.
    Item { block: MarkedBlock, title: Option<String> },
}

/// A mark in the text, in place of a line of the writer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BoxMark {
    pub marker: Marker,
    /// The line, without the blanks around it.
    line: String,
    /// The place among the marks of its box.
    place: MarkPlace,
}

/// The place of a mark among those of its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkPlace {
    /// It is the only one.
    Alone,
    /// It is at one end; the mark at the other has this index.
    End(usize),
    /// It is between two tabs; the mark that begins the box has this index.
    Between(usize),
}

impl BoxMark {
    /// The title of the box or tab, a line of Markdown that the text for the parser does not hold.
    pub fn title(&self) -> Option<&str> {
        match &self.marker {
            Marker::Open { title, .. } | Marker::Item { title, .. } => title.as_deref(),
            Marker::NextTab { title, .. } => Some(title),
            Marker::Close => None,
        }
    }
}

/// A line that opens or closes a box. It is closed by a line with as many colons and the same name.
pub(crate) enum BoxLine<'a> {
    Open {
        colons: usize,
        name: &'a str,
        block: MarkedBlock,
        title: Option<String>,
    },
    Close {
        colons: usize,
        name: &'a str,
    },
    /// A line between the tabs of the nearest block, which has the name `of`; it is text
    /// elsewhere.
    NextTab {
        of: &'a str,
        title: String,
        state: TabState,
    },
    /// Opens tabs and gives titles for those that have none of their own.
    OpenTabs {
        name: &'a str,
        tabs: Vec<(String, TabState)>,
    },
}

/// Puts marks in place of lines that open a box and those that close it; a line without a partner
/// stays.
pub(super) fn mark_pairs<'t>(
    source: &'t SourceText<'_>,
    read: impl Fn(&'t str) -> Option<BoxLine<'t>>,
    marks: &mut Vec<BoxMark>,
) -> Edits {
    let text = source.text();
    let mut pairing = Pairing { text, open: Vec::new(), places: Vec::new(), marks };
    for line in source.scan().dialect_lines(text) {
        let line = trimmed(text, line);
        match read(&text[line.clone()]) {
            Some(BoxLine::Open { colons, name, block, title }) => {
                let marker = pairing.named(block, title);
                pairing.open(OpenBox::new(line, colons, name, marker));
            }
            Some(BoxLine::OpenTabs { name, tabs }) => {
                let marker = Marker::Open { block: MarkedBlock::Tabs, title: None };
                let names = tabs.into_iter();
                pairing.open(OpenBox { names, ..OpenBox::new(line, 0, name, marker) });
            }
            Some(BoxLine::Close { colons, name }) => pairing.close(line, colons, name),
            Some(BoxLine::NextTab { of, title, state }) => {
                pairing.next_tab(line, of, Marker::NextTab { title, state });
            }
            None => {}
        }
    }
    let mut places = pairing.places;
    places.sort_unstable_by_key(|(line, _)| line.start);
    let mut edits = Edits::default();
    for (line, index) in places {
        edits.replace(line, comment(index));
    }
    edits
}

/// The state of the search for pairs.
struct Pairing<'t, 'm> {
    text: &'t str,
    open: Vec<OpenBox<'t>>,
    /// Lines with the indices of the marks in place of them.
    places: Vec<(Range<usize>, usize)>,
    marks: &'m mut Vec<BoxMark>,
}

/// A box that is not closed yet.
struct OpenBox<'t> {
    line: Range<usize>,
    colons: usize,
    name: &'t str,
    marker: Marker,
    /// The lines that begin its tabs.
    tabs: Vec<(Range<usize>, Marker)>,
    /// The titles of tabs within it that have none.
    names: std::vec::IntoIter<(String, TabState)>,
}

impl<'t> OpenBox<'t> {
    fn new(line: Range<usize>, colons: usize, name: &'t str, marker: Marker) -> Self {
        Self { line, colons, name, marker, tabs: Vec::new(), names: Vec::new().into_iter() }
    }
}

impl<'t> Pairing<'t, '_> {
    fn open(&mut self, opening: OpenBox<'t>) {
        if self.open.len() < DEEPEST {
            self.open.push(opening);
        }
    }

    /// The mark of a box; a tab without a title has the next one of the tabs around it.
    fn named(&mut self, block: MarkedBlock, title: Option<String>) -> Marker {
        if let (MarkedBlock::Tab(place, _), None) = (block, &title)
            && let Some(tabs) = self.open.last_mut()
            && let Some((name, state)) = tabs.names.next()
        {
            return Marker::Open { block: MarkedBlock::Tab(place, state), title: Some(name) };
        }
        Marker::Open { block, title }
    }

    /// Closes the innermost box that the line may close. Boxes that were opened in it and are still
    /// open have no end.
    fn close(&mut self, line: Range<usize>, colons: usize, name: &str) {
        let is_partner = |open: &OpenBox<'_>| open.colons == colons && open.name == name;
        let Some(index) = self.open.iter().rposition(is_partner) else { return };
        let Some(opening) = self.open.drain(index..).next() else { return };
        let first = self.mark(opening.line, opening.marker);
        for (line, marker) in opening.tabs {
            let tab = self.mark(line, marker);
            self.marks[tab].place = MarkPlace::Between(first);
        }
        let last = self.mark(line, Marker::Close);
        self.marks[first].place = MarkPlace::End(last);
        self.marks[last].place = MarkPlace::End(first);
    }

    /// Begins a tab of the innermost block, if it has that name.
    fn next_tab(&mut self, line: Range<usize>, of: &str, marker: Marker) {
        let Some(open) = self.open.last_mut() else { return };
        let is_tabs = matches!(open.marker, Marker::Open { block: MarkedBlock::Tabs, .. });
        if is_tabs && open.name == of {
            open.tabs.push((line, marker));
        }
    }

    /// Puts a mark in place of a line; gives its index.
    fn mark(&mut self, line: Range<usize>, marker: Marker) -> usize {
        let index = add(self.marks, marker, &self.text[line.clone()]);
        self.places.push((line, index));
        index
    }
}

/// Adds a mark in place of a line; gives its index.
fn add(marks: &mut Vec<BoxMark>, marker: Marker, line: &str) -> usize {
    marks.push(BoxMark { marker, line: line.to_owned(), place: MarkPlace::Alone });
    marks.len() - 1
}

/// Adds the mark of a box by indentation; gives the text in place of its first line.
pub(super) fn item(marks: &mut Vec<BoxMark>, marker: Marker, line: &str) -> String {
    format!("{ITEM}{}", comment(add(marks, marker, line)))
}

fn comment(index: usize) -> String {
    format!("<!--{SIGN}{index}-->")
}

/// A mark that ends the nearest box and is in place of no line.
pub(crate) fn closing_comment() -> String {
    format!("<!--{SIGN}-->\n")
}

/// True if a text of HTML begins with a mark.
pub(crate) fn begins_with_mark(html: &str) -> bool {
    html.trim_start().strip_prefix("<!--").is_some_and(|rest| rest.starts_with(SIGN))
}

/// The meaning of a comment, given without `<!--` and `-->`, if it is a mark.
pub(crate) fn read_comment<'m>(comment: &str, marks: &'m [BoxMark]) -> Option<&'m Marker> {
    match comment.strip_prefix(SIGN)? {
        "" => Some(&Marker::Close),
        index => marks.get(index.parse::<usize>().ok()?).map(|mark| &mark.marker),
    }
}

/// The range without the blanks at both ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let line = &text[range.clone()];
    let start = range.start + (line.len() - line.trim_start().len());
    start..start + line.trim().len()
}

/// Gives the writer's lines back where marks came to be text, code, a destination or a title, and
/// at the other end of their boxes.
pub(crate) fn restore_misread(items: &mut [Spanned<'_>], marks: &[BoxMark]) {
    if marks.is_empty() {
        return;
    }
    let mut misread = HashSet::new();
    let mut note = |index| {
        misread.insert(index);
        true
    };
    for (item, _) in items.iter_mut() {
        let Item::Event(event) = item else { continue };
        match event {
            Event::Text(text) | Event::Code(text) => restore(text, marks, &mut note),
            Event::Start(
                Tag::Link { dest_url, title, .. } | Tag::Image { dest_url, title, .. },
            ) => {
                restore(dest_url, marks, &mut note);
                restore(title, marks, &mut note);
            }
            _ => {}
        }
    }
    if misread.is_empty() {
        return;
    }
    let partners = of_same_boxes(&misread, marks);
    let is_html_block = |item: &Item<'_>| matches!(item, Item::Event(Event::Start(Tag::HtmlBlock)));
    for index in 0..items.len() {
        let begins_block = index > 0 && is_html_block(&items[index - 1].0);
        let Item::Event(Event::Html(html) | Event::InlineHtml(html)) = &mut items[index].0 else {
            continue;
        };
        let Some(&(_, first)) = marks_in(html).first() else { continue };
        if !(begins_block && html.trim() == comment(first)) {
            restore(html, marks, |index| partners.contains(&index));
        } else if partners.contains(&first) {
            let line = CowStr::from(marks[first].line.clone());
            items[index - 1].0 = Item::Event(Event::Start(Tag::Paragraph));
            items[index].0 = Item::Event(Event::Text(line));
            items[index + 1].0 = Item::Event(Event::End(TagEnd::Paragraph));
        }
    }
}

/// The other marks of boxes of which one end is misread: at the other end, and between tabs. One
/// between tabs that is misread itself leaves its box as it is.
fn of_same_boxes(misread: &HashSet<usize>, marks: &[BoxMark]) -> HashSet<usize> {
    let other_end = |index: &usize| match marks.get(*index)?.place {
        MarkPlace::End(other) => Some(other),
        MarkPlace::Alone | MarkPlace::Between(_) => None,
    };
    let mut found: HashSet<usize> = misread.iter().filter_map(other_end).collect();
    let is_of_box = |mark: &BoxMark| match mark.place {
        MarkPlace::Between(first) => misread.contains(&first) || found.contains(&first),
        MarkPlace::Alone | MarkPlace::End(_) => false,
    };
    let between: Vec<usize> = (0..marks.len()).filter(|&index| is_of_box(&marks[index])).collect();
    found.extend(between);
    found
}

/// Gives the writer's lines back in a text in place of those marks that are `misread`.
fn restore(text: &mut CowStr<'_>, marks: &[BoxMark], mut misread: impl FnMut(usize) -> bool) {
    if !text.contains(SIGN) {
        return;
    }
    let mut restored = String::new();
    let mut from = 0;
    for (range, index) in marks_in(text) {
        let Some(mark) = marks.get(index) else { continue };
        if !misread(index) {
            continue;
        }
        let before = &text[from..range.start];
        let is_item = matches!(mark.marker, Marker::Item { .. });
        restored.push_str(if is_item {
            before.strip_suffix(ITEM).unwrap_or(before)
        } else {
            before
        });
        restored.push_str(&mark.line);
        from = range.end;
    }
    restored.push_str(&text[from..]);
    *text = restored.into();
}

/// The marks in a text: their ranges and indices.
fn marks_in(text: &str) -> Vec<(Range<usize>, usize)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(SIGN) {
        let digits = text[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let (index, end) = (&text[at + 1..at + 1 + digits], at + 1 + digits);
        let is_mark = text[..at].ends_with("<!--") && text[end..].starts_with("-->");
        if let (true, Ok(index)) = (is_mark, index.parse()) {
            found.push((at - "<!--".len()..end + "-->".len(), index));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    fn html(text: &str) -> String {
        to_html(text, Options::default()).trim().replace("\n\n", "\n")
    }

    #[test]
    fn lines_in_code_open_no_box() {
        for (text, expected) in [
            ("`a\n::: tip\nb\n:::\nc`", "<p><code>a ::: tip b ::: c</code></p>"),
            ("``a `\n::: tip\nb\n:::\n``", "<p><code>a ` ::: tip b ::: </code></p>"),
            (
                "> `a\n::: tip\nb\n:::\n`",
                "<blockquote>\n<p><code>a ::: tip b ::: </code></p>\n</blockquote>",
            ),
            (
                "- `a\n  ::: tip\n  b\n  :::\n  `",
                "<ul>\n<li><code>a ::: tip b ::: </code></li>\n</ul>",
            ),
            ("`a\n::: tip\nb`\n:::", "<p><code>a ::: tip b</code>\n:::</p>"),
            (
                "`a\n{{< callout >}}\nb\n{{< /callout >}}\n`",
                "<p><code>a {{&lt; callout &gt;}} b {{&lt; /callout &gt;}} </code></p>",
            ),
            (
                "`a\n{% hint %}\nb\n{% endhint %}\n`",
                "<p><code>a {% hint %} b {% endhint %} </code></p>",
            ),
            (
                "`a\n{% tab title=\"b\" %}\n`",
                "<p><code>a {% tab title=&quot;b&quot; %} </code></p>",
            ),
            ("`a\n!!! note\n    b\n`", "<p><code>a !!! note     b </code></p>"),
            ("`a\n[TOC]\n`", "<p><code>a [TOC] </code></p>"),
            ("<pre>\n::: tip\na\n:::\n</pre>", "<pre>\n::: tip\na\n:::\n</pre>"),
            ("$$\n::: tip\na\n:::\n$$", "<p>$$\n::: tip\na\n:::\n$$</p>"),
        ] {
            assert_eq!(html(text), expected, "{text}");
        }
    }

    #[test]
    fn backticks_that_are_no_code_keep_boxes() {
        let tip =
            "<aside class=\"box box-tip\">\n<p class=\"box-title\">tip</p>\n<p>b</p>\n</aside>";
        for (text, before) in [
            ("a ` c\n\n::: tip\nb\n:::\n\n`", "<p>a ` c</p>"),
            ("`` a ` c\n::: tip\nb\n:::", "<p>`` a ` c</p>"),
            ("a `<!--` c\n\n::: tip\nb\n:::", "<p>a <code>&lt;!--</code> c</p>"),
            ("a <!-- c\n\n::: tip\nb\n:::", "<p>a &lt;!-- c</p>"),
            ("- ```\n  a\n  ```\n\n::: tip\nb\n:::", ""),
        ] {
            let html = html(text);
            assert!(html.contains(tip) && html.starts_with(before), "{text}: {html}");
        }
    }

    #[test]
    fn marks_that_are_misread_become_the_lines_that_they_were() {
        let note =
            "<aside class=\"box box-note\">\n<p class=\"box-title\">note</p>\n<p>z</p>\n</aside>";
        for (text, expected) in [
            // A title goes on over lines, which are not looked into.
            (
                "- [a](b \"x\n      ::: tip\n      y\n      :::\n  \")\n\n::: note\nz\n:::",
                "title=\"x\n::: tip\ny\n:::\n\"",
            ),
            // The line at the other end is text again too.
            (
                "- [a](b \"x\n      ::: tip\n  \")\n\n  y\n\n  :::\n\n::: note\nz\n:::",
                "<p>y</p>\n<p>:::</p>",
            ),
            // So do those between the tabs.
            (
                "- [a](b \"x\n      ::: tabs\n  \")\n\n  @tab 甲\n\n  y\n\n  :::\n\n::: note\nz\n:::",
                "<p>@tab 甲</p>\n<p>y</p>\n<p>:::</p>",
            ),
        ] {
            let html = html(text);
            assert!(html.contains(expected) && html.ends_with(note), "{text}: {html}");
            assert!(!html.contains("class=\"tab"), "{text}: {html}");
            assert!(!html.contains('\u{1}'), "{html}");
        }
    }
}
