//! Bold next to Chinese: `**使用一致的网址：**如果` is bold although CommonMark 0.31 §6.2 says it is not, for
//! its flanking rule takes Chinese punctuation for a word's end and Chinese letters for none.
//!
//! Before parsing, characters next to a run of `*` or `~~` are masked by stand-ins of the same
//! length in bytes: Chinese punctuation by a letter, a Chinese letter that faces other punctuation
//! by punctuation, and so is the last part of a picture, `⚠️`, which to the parser is a letter. The
//! parser then decides as markdown-cjk-friendly does, and every offset stays true. Each masked
//! character of a note has a stand-in of its own that the note does not hold, so any string that
//! the parser gives, even one that it put together, is restored letter by letter.
//!
//! Signs in formulas are masked too, by control characters.
//!
//! Must not know: Markdown beyond those runs.

mod neighbour;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::{Range, RangeInclusive};

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag};

use self::neighbour::{Class, Neighbour};
use super::source_text::SourceText;

/// Signs that Markdown reads, and their stand-ins in formulas: control characters, which notes have
/// lost by then and which the parser takes for letters.
const SIGNS: [(char, char); 24] = [
    ('!', '\u{02}'),
    ('"', '\u{03}'),
    ('#', '\u{04}'),
    ('&', '\u{05}'),
    ('\'', '\u{06}'),
    ('(', '\u{07}'),
    (')', '\u{08}'),
    ('*', '\u{0E}'),
    ('+', '\u{0F}'),
    ('-', '\u{10}'),
    ('.', '\u{11}'),
    (':', '\u{12}'),
    ('<', '\u{13}'),
    ('=', '\u{14}'),
    ('>', '\u{15}'),
    ('[', '\u{16}'),
    ('\\', '\u{17}'),
    (']', '\u{18}'),
    ('^', '\u{19}'),
    ('_', '\u{1A}'),
    ('{', '\u{1B}'),
    ('|', '\u{1C}'),
    ('}', '\u{1D}'),
    ('~', '\u{1E}'),
];

/// Characters that can be in place of others of the same length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Pool {
    /// Neither blank nor punctuation to the parser: private use, three bytes long.
    Letters,
    /// Punctuation to the parser, for which it takes symbols too: Braille patterns, arrows,
    /// mathematics; three bytes long.
    Punctuation,
    /// The same, four bytes long: music and pictures.
    LongPunctuation,
}

impl Pool {
    const ALL: [Self; 3] = [Self::Letters, Self::Punctuation, Self::LongPunctuation];

    fn ranges(self) -> &'static [RangeInclusive<char>] {
        match self {
            Self::Letters => &['\u{E000}'..='\u{EFFF}'],
            Self::Punctuation => {
                &['\u{2800}'..='\u{2AFF}', '\u{2190}'..='\u{23FF}', '\u{2500}'..='\u{2775}']
            }
            Self::LongPunctuation => &['\u{1D000}'..='\u{1D0F5}', '\u{1F300}'..='\u{1F5FF}'],
        }
    }

    /// First byte of all characters of the pool.
    fn first_byte(self) -> u8 {
        match self {
            Self::Letters => 0xEE,
            Self::Punctuation => 0xE2,
            Self::LongPunctuation => 0xF0,
        }
    }

    /// The characters of the pool that a text does not hold.
    fn free_in(self, text: &str) -> impl Iterator<Item = char> + use<> {
        let used: HashSet<char> = memchr::memchr_iter(self.first_byte(), text.as_bytes())
            .filter_map(|at| text[at..].chars().next())
            .filter(|&c| self.holds(c))
            .collect();
        self.ranges().iter().cloned().flatten().filter(move |c| !used.contains(c))
    }

    fn holds(self, c: char) -> bool {
        self.ranges().iter().any(|range| range.contains(&c))
    }
}

/// True for a character that may be a stand-in; false for nearly all that notes hold.
fn may_be_stand_in(c: char) -> bool {
    ('\u{02}'..='\u{1E}').contains(&c) || Pool::ALL.iter().any(|pool| pool.holds(c))
}

/// A text with stand-ins, and the characters that they are in place of.
pub(crate) struct Masked<'t> {
    text: Cow<'t, str>,
    /// Places of the stand-ins.
    places: Vec<usize>,
    originals: HashMap<char, char>,
}

impl<'t> Masked<'t> {
    /// The text as it is.
    pub fn none(text: &'t str) -> Self {
        Self { text: Cow::Borrowed(text), places: Vec::new(), originals: HashMap::new() }
    }

    /// The text for the parser.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The event with the original characters.
    pub fn restore<'a>(&self, event: Event<'a>, range: &Range<usize>) -> Event<'a> {
        if self.places.is_empty() {
            return event;
        }
        // The destination and the title of a link may come from a definition, which is not in its
        // range.
        if let Event::Start(tag) = event {
            return Event::Start(restore_tag(tag, |text| self.original_of(text)));
        }
        let first = self.places.partition_point(|&place| place < range.start);
        if self.places.get(first).is_none_or(|&place| place >= range.end) {
            return event;
        }
        match event {
            Event::Text(text) => Event::Text(self.original_of(text)),
            Event::Code(text) => Event::Code(self.original_of(text)),
            Event::Html(text) => Event::Html(self.original_of(text)),
            Event::InlineHtml(text) => Event::InlineHtml(self.original_of(text)),
            Event::FootnoteReference(name) => Event::FootnoteReference(self.original_of(name)),
            other => other,
        }
    }

    fn original_of<'a>(&self, text: CowStr<'a>) -> CowStr<'a> {
        if !text.chars().any(may_be_stand_in) {
            return text;
        }
        let original = |c| self.originals.get(&c).copied().unwrap_or(c);
        text.chars().map(original).collect::<String>().into()
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

/// Masks the characters that keep emphasis next to Chinese from being emphasis, and the signs in
/// formulas.
pub(crate) fn mask<'t>(source: &'t SourceText<'_>) -> Masked<'t> {
    let (text, scan) = (source.text(), source.scan());
    let mut mask = Mask::new(text);
    for formula in scan.formulas() {
        mask.hide_signs(formula.clone());
    }
    let bytes = text.as_bytes();
    let mut from = 0;
    // The run that is open as far as one can count: of two like it the second ends the first.
    let mut open: Option<&str> = None;
    while let Some(found) = memchr::memchr2(b'*', b'~', &bytes[from..]) {
        let start = from + found;
        let mark = bytes[start];
        let end = start + bytes[start..].iter().take_while(|&&byte| byte == mark).count();
        let begins_block = text[from..start].contains("\n\n");
        from = end;
        if (mark == b'~' && end - start != 2) || is_escaped(bytes, start) || !scan.is_prose(start) {
            continue;
        }
        let run = &text[start..end];
        let ends = !begins_block && open == Some(run);
        open = if ends { None } else { Some(run) };
        let sides = [Neighbour::before(text, start), Neighbour::behind(text, end)];
        if let [Some(before), Some(behind)] = sides {
            mask_neighbours(text, before, behind, ends, &mut mask);
        }
    }
    mask.apply()
}

fn is_escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}

/// Decides for one run between two characters. `ends`: the run ends another, as far as one can
/// count.
fn mask_neighbours(
    text: &str,
    before: Neighbour,
    behind: Neighbour,
    ends: bool,
    mask: &mut Mask<'_>,
) {
    // A character between two runs, `**甲**，**乙**`, ends the first and begins the second as it is.
    let is_mark = |byte: Option<&u8>| matches!(byte, Some(b'*' | b'~'));
    let bytes = text.as_bytes();
    let is_between = [
        before.at.checked_sub(1).is_some_and(|at| is_mark(bytes.get(at))),
        is_mark(bytes.get(behind.at + behind.c.len_utf8())),
    ];
    for (one, other) in [(before, behind), (behind, before)] {
        let is_behind = one.at == behind.at;
        let is_between = is_between[usize::from(is_behind)];
        // A letter between two runs that is the whole of what is emphasized, `😀**甲**乙`, is no
        // neighbour of the words outside.
        let is_within = is_between && is_behind != ends;
        let faces_punctuation = other.class == Class::Punctuation;
        let keeps = other.class == Class::Blank || faces_punctuation || is_between;
        match one.class {
            // The parser takes marks and format characters for letters as they are.
            Class::ChinesePunctuation if !keeps && !one.joins => mask.hide(one, Pool::Letters),
            Class::Letter if faces_punctuation && !is_within => mask.hide(one, Pool::Punctuation),
            Class::Punctuation if one.joins => mask.hide(one, Pool::Punctuation),
            _ => {}
        }
    }
}

/// The characters of a text that are to be hidden from the parser.
struct Mask<'t> {
    text: &'t str,
    /// Their places, with the stand-ins.
    changes: Vec<(usize, char)>,
    /// The stand-in of each character that has one.
    stand_ins: HashMap<char, char>,
    /// The stand-ins that are left, for each pool that is in use.
    free: HashMap<Pool, Box<dyn Iterator<Item = char>>>,
}

impl<'t> Mask<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, changes: Vec::new(), stand_ins: HashMap::new(), free: HashMap::new() }
    }

    /// Hides the signs of a formula, but for those of the quotes that its lines are in.
    fn hide_signs(&mut self, formula: Range<usize>) {
        // A formula within a line is in no quote that it could leave, however long the line is.
        let quotes = if self.text[formula.clone()].contains('\n') {
            let before = self.text[..formula.start].rsplit('\n').next().unwrap_or_default();
            before.bytes().filter(|&byte| byte == b'>').count()
        } else {
            0
        };
        // Signs of quotes that this line may still have.
        let mut left = 0;
        for (at, byte) in self.text[formula.clone()].bytes().enumerate() {
            match byte {
                b'\n' => left = quotes,
                b'>' if left > 0 => {
                    left -= 1;
                    continue;
                }
                b' ' | b'\t' => {}
                _ => left = 0,
            }
            let sign = SIGNS.iter().find(|(sign, _)| *sign == char::from(byte));
            if let Some(&(sign, stand_in)) = sign {
                self.stand_ins.insert(sign, stand_in);
                self.changes.push((formula.start + at, stand_in));
            }
        }
    }

    /// Hides a character at its place. In a note that uses up a pool, thousands of characters that
    /// are next to emphasis or belong to the pool itself, those that come later stay as they are.
    fn hide(&mut self, neighbour: Neighbour, pool: Pool) {
        let Neighbour { at: place, c, .. } = neighbour;
        let pool = match pool {
            Pool::Punctuation if c.len_utf8() == 4 => Pool::LongPunctuation,
            pool => pool,
        };
        let stand_in = self.stand_ins.get(&c).copied().or_else(|| {
            let free = self.free.entry(pool).or_insert_with(|| Box::new(pool.free_in(self.text)));
            free.next()
        });
        if let Some(stand_in) = stand_in.filter(|stand_in| stand_in.len_utf8() == c.len_utf8()) {
            self.stand_ins.insert(c, stand_in);
            self.changes.push((place, stand_in));
        }
    }

    fn apply(mut self) -> Masked<'t> {
        if self.changes.is_empty() {
            return Masked::none(self.text);
        }
        self.changes.sort_unstable();
        // A character between two runs may be hidden for both, by the same stand-in.
        self.changes.dedup();
        let mut masked = String::with_capacity(self.text.len());
        let mut from = 0;
        for &(place, stand_in) in &self.changes {
            masked.push_str(&self.text[from..place]);
            masked.push(stand_in);
            from = place + stand_in.len_utf8();
        }
        masked.push_str(&self.text[from..]);
        Masked {
            text: Cow::Owned(masked),
            places: self.changes.into_iter().map(|(place, _)| place).collect(),
            originals: self.stand_ins.into_iter().map(|(c, stand_in)| (stand_in, c)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    }

    #[test]
    fn pictures_and_marks_are_part_of_a_sign() {
        for (text, expected) in [
            ("⚠️**注意**：文", "⚠️<b>注意</b>：文"),
            ("⚠️**注意**：文 ⚠️**再次**：文", "⚠️<b>注意</b>：文 ⚠️<b>再次</b>：文"),
            ("😀**注意**：文😀**再**：文", "😀<b>注意</b>：文😀<b>再</b>：文"),
            ("👨‍💻**甲**乙👍🏽**丙**丁", "👨‍💻<b>甲</b>乙👍🏽<b>丙</b>丁"),
            ("1️⃣**第一**：a 2️⃣**第二**：b", "1️⃣<b>第一</b>：a 2️⃣<b>第二</b>：b"),
            ("🅰️**甲**：a 🅱**乙**：b", "🅰️<b>甲</b>：a 🅱<b>乙</b>：b"),
            ("🏴󠁧󠁢󠁥󠁮󠁧󠁿**甲**乙🇨🇳**丙**丁", "🏴󠁧󠁢󠁥󠁮󠁧󠁿<b>甲</b>乙🇨🇳<b>丙</b>丁"),
            ("⚠️**(a)**：b ⚠️**“甲”**", "⚠️<b>(a)</b>：b ⚠️<b>“甲”</b>"),
            ("**注意⚠️**后 **注意⚠️：**后", "<b>注意⚠️</b>后 <b>注意⚠️：</b>后"),
            ("**甲**⚠️**乙**", "<b>甲</b>⚠️<b>乙</b>"),
            (
                "cafe\u{301}**注意**：c e\u{301}**乙**",
                "cafe\u{301}<b>注意</b>：c e\u{301}<b>乙</b>",
            ),
            ("か\u{3099}**(a)**か\u{3099}", "か\u{3099}<b>(a)</b>か\u{3099}"),
            ("中\u{200B}**(a)**\u{200B}文", "中\u{200B}<b>(a)</b>\u{200B}文"),
            ("葛\u{E0100}**“甲”**乙", "葛\u{E0100}<b>“甲”</b>乙"),
            ("\u{E7A8}**甲**乙 \u{E7A8}**丙**", "\u{E7A8}<b>甲</b>乙 \u{E7A8}<b>丙</b>"),
            ("😀**再**后 中**(a)**文**乙**丙", "😀<b>再</b>后 中<b>(a)</b>文<b>乙</b>丙"),
            ("**重点✅**文**乙**丙", "<b>重点✅</b>文<b>乙</b>丙"),
            ("**a** **(b\n\n😀**再**后", "<b>a</b> **(b</p>\n<p>😀<b>再</b>后"),
            ("❤️*甲*乙 ⚠️~~旧~~新", "❤️<em>甲</em>乙 ⚠️<del>旧</del>新"),
        ] {
            let html = to_html(text, Options::default()).replace("strong>", "b>");
            assert_eq!(html, format!("<p>{expected}</p>\n"), "{text}");
        }
    }

    #[test]
    fn no_character_turns_the_rules_off() {
        let used = [
            '⸽',
            '\u{E000}',
            '\u{E0FF}',
            '\u{F00FF}',
            '\u{10A50}',
            '\u{2800}',
            '→',
            '≤',
            '─',
            '𝀀',
            '🌀',
        ];
        for c in used {
            for (text, bold) in [
                (format!("{c}\n\n**网址：**如果 中**(a)**文"), ["网址：", "(a)"]),
                (format!("`{c}` **甲。**乙 𠀀**(b)**𠀀 {c}"), ["甲。", "(b)"]),
                (format!("[{c}](d \"{c}\") **甲{c}：**乙 中**(c{c})**文"), ["：", "(c"]),
            ] {
                let html = to_html(&text, Options::default());
                assert!(bold.iter().all(|bold| html.contains(bold)), "{text}: {html}");
                assert_eq!(html.matches("<strong>").count(), 2, "{text}: {html}");
                assert_eq!(html.matches(c).count(), text.matches(c).count(), "{text}: {html}");
            }
        }
    }

    #[test]
    fn titles_of_definitions_get_their_text_back() {
        let html =
            to_html("[a] [b*c*]\n\n[a]: d \"**注：**x\"\n[b*c*]: e**：**f\n", Options::default());
        assert!(html.contains("title=\"**注：**x\""), "{html}");
        assert!(html.contains("e**%EF%BC%9A**f"), "{html}");
    }

    #[test]
    fn stand_ins_are_what_the_parser_takes_them_for() {
        for (pool, is_strong) in
            [(Pool::Letters, false), (Pool::Punctuation, true), (Pool::LongPunctuation, true)]
        {
            for c in pool.free_in("") {
                // Before other punctuation a run opens emphasis behind punctuation, not behind a
                // letter.
                let text = format!("{c}**(a)** b");
                let events = pulldown_cmark::Parser::new(&text);
                let found =
                    events.into_iter().any(|event| matches!(event, Event::Start(Tag::Strong)));
                assert_eq!(
                    (found, c.len_utf8() == 4),
                    (is_strong, pool == Pool::LongPunctuation),
                    "{c:?}"
                );
                assert!(may_be_stand_in(c));
            }
        }
        let signs: Vec<char> = SIGNS.iter().map(|&(_, stand_in)| stand_in).collect();
        assert!(signs.is_sorted() && signs.iter().all(|c| c.is_control() && may_be_stand_in(*c)));
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
