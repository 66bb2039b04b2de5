//! A parsed text → its [`Passage`]s: what a reader sees of it, section by section, without markup. Read from the HTML
//! that is shown, so that nothing is found which nobody sees, and nothing is missed which somebody does.
//!
//! Must not know: what the passages are for.

use super::link::decode_entities;
use super::{Fill, Parsed};

/// Elements that stand in a line of text and do not end it.
const IN_LINE: [&str; 33] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i",
    "input", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "tt", "u", "var",
];

/// A heading and what stands below it up to the next one; the first passage is what stands above all headings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passage {
    /// The heading, by its number in the outline.
    pub heading: Option<usize>,
    /// The text: blanks are single, a line is what stands in one block.
    pub text: String,
    /// The blocks of code, in the same form.
    pub code: String,
}

/// The passages of a text in order.
#[must_use]
pub fn passages(parsed: &Parsed) -> Vec<Passage> {
    let mut reader = Reader {
        parsed,
        done: Vec::new(),
        now: Passage::default(),
        is_heading: false,
        is_tag_open: false,
        next: 0,
    };
    let html = parsed.body.html.as_str();
    let mut from = 0;
    for hole in &parsed.body.holes {
        reader.html(&html[from..hole.at]);
        from = hole.at;
        match hole.fill {
            Fill::Code(code) => append(&mut reader.now.code, &parsed.codes[code].block.text),
            Fill::Image(link) => reader.text(&parsed.links[link].text),
            _ => {}
        }
    }
    reader.html(&html[from..]);
    reader.end();
    reader.done
}

struct Reader<'a> {
    parsed: &'a Parsed,
    done: Vec<Passage>,
    now: Passage,
    /// Whether the text is that of a heading, which the outline has.
    is_heading: bool,
    /// Whether a hole stands within a tag.
    is_tag_open: bool,
    /// The heading that comes next, by its number in the outline.
    next: usize,
}

impl Reader<'_> {
    /// Reads HTML of our own writing: every `<` begins a tag, and no value holds one.
    fn html(&mut self, html: &str) {
        let mut rest = html;
        if self.is_tag_open {
            let Some(end) = memchr::memchr(b'>', rest.as_bytes()) else { return };
            rest = &rest[end + 1..];
            self.is_tag_open = false;
        }
        while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
            self.escaped(&rest[..at]);
            let Some(end) = memchr::memchr(b'>', &rest.as_bytes()[at..]) else {
                self.is_tag_open = true;
                return;
            };
            self.tag(&rest[at + 1..at + end]);
            rest = &rest[at + end + 1..];
        }
        self.escaped(rest);
    }

    fn tag(&mut self, tag: &str) {
        let name = tag.trim_start_matches('/');
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        let is_heading = matches!(name.as_bytes(), [b'h', b'1'..=b'6']);
        if is_heading && tag.starts_with('/') {
            self.is_heading = false;
        } else if is_heading && self.is_next_heading(tag) {
            self.end();
            self.now.heading = Some(self.next);
            self.next += 1;
            self.is_heading = true;
        }
        if !IN_LINE.contains(&name) {
            end_line(&mut self.now.text);
        }
    }

    fn is_next_heading(&self, tag: &str) -> bool {
        let Some(heading) = self.parsed.outline.get(self.next) else { return false };
        let id = tag.split_once(" id=\"").and_then(|(_, rest)| rest.split_once('"'));
        id.is_some_and(|(id, _)| decode_entities(id) == heading.anchor)
    }

    fn escaped(&mut self, text: &str) {
        if memchr::memchr(b'&', text.as_bytes()).is_none() {
            return self.text(text);
        }
        let mut decoded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('&') {
            decoded.push_str(before);
            let usual = [("lt;", "<"), ("gt;", ">"), ("amp;", "&"), ("quot;", "\"")];
            if let Some((name, character)) = usual.iter().find(|(name, _)| after.starts_with(name))
            {
                decoded.push_str(character);
                rest = &after[name.len()..];
            } else {
                let end = after.find('&').unwrap_or(after.len());
                decoded.push_str(&decode_entities(&rest[before.len()..=before.len() + end]));
                rest = &after[end..];
            }
        }
        decoded.push_str(rest);
        self.text(&decoded);
    }

    fn text(&mut self, text: &str) {
        if self.is_heading {
            return;
        }
        for c in text.chars() {
            match c {
                c if is_unseen(c) => {}
                c if c.is_whitespace() => blank(&mut self.now.text),
                c => self.now.text.push(c),
            }
        }
    }

    /// Ends the passage.
    fn end(&mut self) {
        let mut passage = std::mem::take(&mut self.now);
        for text in [&mut passage.text, &mut passage.code] {
            text.truncate(text.trim_end().len());
        }
        self.done.push(passage);
    }
}

/// Soft hyphens and what joins or parts without being seen.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Appends code, its blanks made single and empty lines left out.
fn append(code: &mut String, block: &str) {
    for line in block.lines() {
        for word in line.split_whitespace() {
            code.extend(word.chars().filter(|c| !is_unseen(*c)));
            code.push(' ');
        }
        end_line(code);
    }
}

fn blank(text: &mut String) {
    if !text.is_empty() && !text.ends_with([' ', '\n']) {
        text.push(' ');
    }
}

fn end_line(text: &mut String) {
    text.truncate(text.trim_end_matches(' ').len());
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, parse};

    #[test]
    fn passages_are_what_a_reader_sees() {
        for (text, expected) in [
            ("", vec![(None, "", "")]),
            ("一致**性**和`x`\n第二行 a\nb", vec![(None, "一致性和x 第二行 a b", "")]),
            (
                "上\n\n# 甲 `c`\n\n中\n\n```sh\nls  -l\n\n\tpwd\n```\n\n## 乙\n下",
                vec![(None, "上", ""), (Some(0), "中", "ls -l\npwd"), (Some(1), "下", "")],
            ),
            ("- a\n- b\n\n| c | d |\n|--|--|\n| e | f |", vec![(None, "a\nb\nc\nd\ne\nf", "")]),
            (
                "a<b>b</b>c&nbsp;&amp;lt; &lt;x&gt; Array<T>",
                vec![(None, "abc &lt; <x> Array<T>", "")],
            ),
            ("<div>a<p>b</p></div>\n<table><tr><td>c<td>d</table>", vec![(None, "a\nb\nc\nd", "")]),
            ("![图 <1>](a.png) ![](b.png)[链接](http://x/%3E)", vec![(None, "图 <1> 链接", "")]),
            ("> [!NOTE] \n> 注意\n\n::: tip 标题\n提示\n:::", vec![(None, "注意\n标题\n提示", "")]),
            ("甲[^1]\n\n[^1]: 注", vec![(None, "甲1\n注 ↩", "")]),
            ("- [x] a\n\n<video src=\"v.mp4\" controls>b</video>", vec![(None, "a\nb", "")]),
            ("<h2>a</h2>\n\n## a", vec![(None, "a", ""), (Some(0), "", "")]),
        ] {
            let found = passages(&parse(text, &Context::default()));
            let found: Vec<_> = found
                .iter()
                .map(|passage| (passage.heading, passage.text.as_str(), passage.code.as_str()))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
