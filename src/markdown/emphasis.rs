//! Bold next to Chinese: `**使用一致的网址：**如果` is bold although CommonMark 0.31 §6.2 says it is not, for
//! its flanking rule takes Chinese punctuation for a word's end and Chinese letters for none.
//!
//! Before parsing, characters next to a run of `*` or `~~` are masked by stand-ins of the same length in
//! bytes: Chinese punctuation by a letter, a Chinese letter that faces other punctuation by punctuation. The
//! parser then decides as markdown-cjk-friendly does; every offset stays true, so the events get the original
//! text back from where they stand.
//!
//! The signs in formulas are masked too, which `formula` finds.
//!
//! Must not know: Markdown beyond those runs.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag};

use super::cjk::{is_cjk_letter, is_cjk_punctuation};
use super::formula;

/// Stand-ins by length in bytes: neither space nor punctuation to the parser (private use, Co) …
const LETTERS: [char; 2] = ['\u{E0FF}', '\u{F00FF}'];
/// … and punctuation (Po).
const PUNCTUATION: [char; 2] = ['\u{2E3D}', '\u{10A50}'];

/// … and of a sign in a formula: a control character, which texts have lost by then and the parser takes for a letter.
const SIGN: char = '\u{10}';

/// A text with stand-ins and the text that it stands for.
pub(crate) struct Masked<'t> {
    original: &'t str,
    given: Cow<'t, str>,
    /// Where the stand-ins are.
    places: Vec<usize>,
}

impl<'t> Masked<'t> {
    /// The text as it is.
    pub fn none(original: &'t str) -> Self {
        Self { original, given: Cow::Borrowed(original), places: Vec::new() }
    }

    /// What the parser is given.
    pub fn text(&self) -> &str {
        &self.given
    }

    /// The event with the original characters.
    pub fn restore<'a>(&'a self, event: Event<'a>, range: &Range<usize>) -> Event<'a> {
        let first = self.places.partition_point(|&place| place < range.start);
        if self.places.get(first).is_none_or(|&place| place >= range.end) {
            return event;
        }
        let fix = |text: CowStr<'a>| self.original_of(text, range);
        match event {
            Event::Text(text) => Event::Text(fix(text)),
            Event::Code(text) => Event::Code(fix(text)),
            Event::Html(text) => Event::Html(fix(text)),
            Event::InlineHtml(text) => Event::InlineHtml(fix(text)),
            Event::FootnoteReference(name) => Event::FootnoteReference(fix(name)),
            Event::Start(tag) => Event::Start(restore_tag(tag, fix)),
            other => other,
        }
    }

    /// A string of an event is either a slice of the masked text, whose place tells the original, or it was
    /// put together by the parser, and then the stand-ins in it are those of the event's range, in order.
    fn original_of<'a>(&'a self, text: CowStr<'a>, range: &Range<usize>) -> CowStr<'a> {
        if let CowStr::Borrowed(slice) = text {
            let offset = (slice.as_ptr() as usize).wrapping_sub(self.given.as_ptr() as usize);
            if offset <= self.given.len() && offset + slice.len() <= self.given.len() {
                return CowStr::Borrowed(&self.original[offset..offset + slice.len()]);
            }
        }
        if !text.chars().any(is_stand_in) {
            return text;
        }
        let mut originals =
            self.places.iter().filter(|place| range.contains(place)).map(|&place| {
                self.original[place..].chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
            });
        let restored: String = text
            .chars()
            .map(|c| if is_stand_in(c) { originals.next().unwrap_or(c) } else { c })
            .collect();
        restored.into()
    }
}

fn restore_tag<'a>(tag: Tag<'a>, fix: impl Fn(CowStr<'a>) -> CowStr<'a>) -> Tag<'a> {
    match tag {
        Tag::Link { link_type, dest_url, title, id } => {
            Tag::Link { link_type, dest_url: fix(dest_url), title: fix(title), id: fix(id) }
        }
        Tag::Image { link_type, dest_url, title, id } => {
            Tag::Image { link_type, dest_url: fix(dest_url), title: fix(title), id: fix(id) }
        }
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
            Tag::CodeBlock(CodeBlockKind::Fenced(fix(info)))
        }
        Tag::FootnoteDefinition(name) => Tag::FootnoteDefinition(fix(name)),
        Tag::Heading { level, id, classes, attrs } => {
            Tag::Heading { level, id: id.map(fix), classes, attrs }
        }
        other => other,
    }
}

/// Masks what stands in the way of emphasis next to Chinese.
pub(crate) fn mask(text: &str) -> Masked<'_> {
    if has_stand_in(text) {
        // Private characters and marks that nobody writes: what is theirs could not be told from ours.
        return Masked::none(text);
    }
    let signs = formula::signs(text);
    let mut changes: Vec<(usize, char)> = signs.iter().map(|&place| (place, SIGN)).collect();
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = memchr::memchr2(b'*', b'~', &bytes[from..]) {
        let start = from + found;
        let mark = bytes[start];
        let end = start + bytes[start..].iter().take_while(|&&byte| byte == mark).count();
        from = end;
        let escaped =
            bytes[..start].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1;
        let in_formula = signs.binary_search(&start).is_ok();
        if escaped || in_formula || (mark == b'~' && end - start != 2) {
            continue;
        }
        let before = text[..start].char_indices().next_back();
        let after = text[end..].chars().next().map(|c| (end, c));
        if let (Some(before), Some(after)) = (before, after) {
            mask_neighbours(text, before, after, &mut changes);
        }
    }
    apply(text, changes)
}

/// Decides for one run between two characters.
fn mask_neighbours(
    text: &str,
    before: (usize, char),
    after: (usize, char),
    changes: &mut Vec<(usize, char)>,
) {
    // What stands between two runs, `**甲**，**乙**`, ends the first and begins the second as it is.
    let is_mark = |byte: Option<&u8>| matches!(byte, Some(b'*' | b'~'));
    let bytes = text.as_bytes();
    let is_between = [
        before.0.checked_sub(1).is_some_and(|at| is_mark(bytes.get(at))),
        is_mark(bytes.get(after.0 + after.1.len_utf8())),
    ];
    for ((one, other), is_between) in [(before, after), (after, before)].into_iter().zip(is_between)
    {
        let faces_punctuation = is_other_punctuation(other.1);
        let keeps = other.1.is_whitespace() || faces_punctuation || is_between;
        if is_cjk_punctuation(one.1) && !keeps {
            changes.push((one.0, stand_in(LETTERS, one.1)));
        } else if is_letter(one.1) && faces_punctuation {
            changes.push((one.0, stand_in(PUNCTUATION, one.1)));
        }
    }
}

/// Punctuation and symbols, which the parser takes for one another; Chinese ones apart.
fn is_other_punctuation(c: char) -> bool {
    !c.is_alphanumeric()
        && !c.is_whitespace()
        && !c.is_control()
        && !is_cjk_punctuation(c)
        && !is_letter(c)
}

/// Letters that stand next to emphasis without a blank: Chinese ones, and Hangul, to whose words particles are joined.
fn is_letter(c: char) -> bool {
    is_cjk_letter(c)
        || matches!(c, '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}')
}

fn stand_in(of_lengths: [char; 2], c: char) -> char {
    if c.len_utf8() == 3 { of_lengths[0] } else { of_lengths[1] }
}

fn has_stand_in(text: &str) -> bool {
    let mut buffer = [0; 4];
    let mut is_there = |c: &char| {
        memchr::memmem::find(text.as_bytes(), c.encode_utf8(&mut buffer).as_bytes()).is_some()
    };
    LETTERS.iter().chain(&PUNCTUATION).any(&mut is_there)
}

fn is_stand_in(c: char) -> bool {
    LETTERS.contains(&c) || PUNCTUATION.contains(&c) || c == SIGN
}

fn apply(text: &str, mut changes: Vec<(usize, char)>) -> Masked<'_> {
    if changes.is_empty() {
        return Masked::none(text);
    }
    changes.sort_unstable_by_key(|&(place, _)| place);
    changes.dedup_by_key(|&mut (place, _)| place);
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for &(place, stand_in) in &changes {
        masked.push_str(&text[from..place]);
        masked.push(stand_in);
        from = place + stand_in.len_utf8();
    }
    masked.push_str(&text[from..]);
    let places = changes.into_iter().map(|(place, _)| place).collect();
    Masked { original: text, given: Cow::Owned(masked), places }
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn bold_next_to_chinese() {
        for (text, expected) in [
            ("**使用一致的网址：**如果", "<strong>使用一致的网址：</strong>如果"),
            ("见**“一致性”**一节", "见<strong>“一致性”</strong>一节"),
            ("见**《论文》**一文", "见<strong>《论文》</strong>一文"),
            ("中**(a)**文", "中<strong>(a)</strong>文"),
            ("中**`a`**文", "中<strong><code>a</code></strong>文"),
            ("中**[a](b)**文", "中<strong><a href=\"b\">a</a></strong>文"),
            ("~~旧：~~新", "<del>旧：</del>新"),
            ("*注：*文", "<em>注：</em>文"),
            ("**𠀀：**𠀁", "<strong>𠀀：</strong>𠀁"),
            (
                "**重点**：**“甲”**和**“乙”**，**丙**",
                "<strong>重点</strong>：<strong>“甲”</strong>和<strong>“乙”</strong>，<strong>丙</strong>",
            ),
            (
                "是**重点**。**`码`**是",
                "是<strong>重点</strong>。<strong><code>码</code></strong>是",
            ),
            ("**注意：**，**乙：**丙", "<strong>注意：</strong>，<strong>乙：</strong>丙"),
            ("**甲。**~~乙。~~丙", "<strong>甲。</strong><del>乙。</del>丙"),
            ("**굵게(bold)**는", "<strong>굵게(bold)</strong>는"),
            ("굵은 **글씨**는", "굵은 <strong>글씨</strong>는"),
            ("**a&amp;b：**文", "<strong>a&amp;b：</strong>文"),
            ("**Hive **和", "**Hive **和"),
            ("password:******", "password:******"),
            ("\\*\\*不是：**这样", "**不是：**这样"),
            ("`**码：**字`", "<code>**码：**字</code>"),
            ("60~90 天 … 5~10 年", "60~90 天 … 5~10 年"),
            ("[文](a**：**b)", "<a href=\"a**%EF%BC%9A**b\">文</a>"),
        ] {
            assert_eq!(to_html(text, Options::default()), format!("<p>{expected}</p>\n"), "{text}");
        }
    }

    #[test]
    fn code_that_spans_lines_gets_its_text_back() {
        let html = to_html("`a**：b\n**：`文\n\n```\n**：字\n```\n", Options::default());
        assert_eq!(html, "<p><code>a**：b **：</code>文</p>\n<pre><code>**：字\n</code></pre>\n");
    }

    #[test]
    fn symbols_are_punctuation_too() {
        for (text, bold) in [
            ("**重点✅**中文", "重点✅"),
            ("**25℃**的", "25℃"),
            ("**5€**元", "5€"),
            ("**a≥**中", "a≥"),
            ("**Foo·**中", "Foo·"),
            ("中**→x**文", "→x"),
        ] {
            let html = to_html(text, Options::default());
            assert!(html.contains(&format!("<strong>{bold}</strong>")), "{text}: {html}");
        }
        let own = "`⸽**。b\n**：`";
        assert!(
            to_html(own, Options::default()).contains("⸽"),
            "a character that stands in for others stays itself"
        );
    }

    #[test]
    fn only_two_tildes_strike_through() {
        for (text, expected) in [
            ("a ~60~ b", "<p>a ~60~ b</p>\n"),
            ("a ~~60~~ b", "<p>a <del>60</del> b</p>\n"),
            ("`~a~` ~x~", "<p><code>~a~</code> ~x~</p>\n"),
        ] {
            assert_eq!(to_html(text, Options::default()), expected);
        }
    }
}
