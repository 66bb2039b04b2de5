//! The size and the description of a picture, as dialects write them.
//!
//! Must not know: the files of pictures, HTML of a page.

use std::fmt;

use crate::markdown::document::Attribute;
use crate::path::percent_decode;

/// Begins docsify's instruction in a title, `":size=100x50"`; the sizes of other dialects are
/// rewritten as it.
const INSTRUCTION: &str = ":size=";
/// Digits of a width or height.
const MOST_DIGITS: usize = 5;
/// A number in place of a description is a width between these, in pixels: `![3](a.png)` is the
/// third picture and `![2024-01](a.png)` one of that month.
const WIDTHS: std::ops::RangeInclusive<u32> = 16..=4000;

/// Alternative texts that editors and uploaders fill in; they describe nothing, so they are no
/// caption.
const DEFAULTS: [&str; 26] = [
    "alt",
    "alt text",
    "default",
    "description",
    "enter image description here",
    "file",
    "image",
    "image description",
    "img",
    "imgur",
    "mindmap",
    "null",
    "photo",
    "pic",
    "picture",
    "screenshot",
    "undefined",
    "untitled",
    "图",
    "图片",
    "图片描述",
    "图片说明",
    "在这里插入图片描述",
    "插入图片描述",
    "请输入图片描述",
    "这里写图片描述",
];

/// Words before the number that editors, cameras and programs for screenshots give a picture.
const NUMBERED: [&str; 24] = [
    "",
    "clipboard",
    "dsc",
    "image",
    "img",
    "mmexport",
    "paste",
    "pasted image",
    "pic",
    "picture",
    "qq图片",
    "qq截图",
    "screen shot",
    "screenshot",
    "snipaste",
    "untitled",
    "wx",
    "企业微信截图",
    "图片",
    "屏幕快照",
    "屏幕截图",
    "微信图片",
    "微信截图",
    "截屏",
];

/// The size of a picture, each side in pixels or as a percentage.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PictureSize {
    pub width: Option<String>,
    pub height: Option<String>,
}

impl PictureSize {
    /// `300`, `300x200`, `300x`, `x200`, `50%`, `50%x*`, `300px`; `None` if it is no size.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().replace("px", "");
        let (width, height) = match text.split_once(['x', '*', '×']) {
            Some((width, height)) => (width, height.trim_start_matches(['x', '*'])),
            None => (text.as_str(), ""),
        };
        let size = Self { width: side(width)?, height: side(height)? };
        (size.width.is_some() || size.height.is_some()).then_some(size)
    }

    /// Reads attributes behind a picture: `width=50% .class`, `width="300px" height="200"`,
    /// `style="width:50%"`.
    pub fn of_attributes(attributes: &str) -> Option<Self> {
        let mut size = Self::default();
        for (key, value) in attributes.split_whitespace().filter_map(|word| word.split_once('=')) {
            let value = value.trim_matches(['"', '\'']);
            match key {
                "width" => size.width = length(value),
                "height" => size.height = length(value),
                "style" => {
                    for (property, value) in
                        value.split(';').filter_map(|part| part.split_once(':'))
                    {
                        match property {
                            "width" => size.width = length(value),
                            "height" => size.height = length(value),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        (size.width.is_some() || size.height.is_some()).then_some(size)
    }

    /// The attributes of the picture's element.
    pub fn attributes(&self) -> Vec<Attribute> {
        let sides = [("width", &self.width), ("height", &self.height)];
        let given = sides.into_iter().filter_map(|(name, side)| Some((name, side.as_ref()?)));
        given.map(|(name, side)| Attribute::new(name, side)).collect()
    }
}

/// As docsify's instruction.
impl fmt::Display for PictureSize {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |side: &Option<String>| side.clone().unwrap_or_default();
        write!(out, "{INSTRUCTION}{}", side(&self.width))?;
        if self.height.is_some() { write!(out, "x{}", side(&self.height)) } else { Ok(()) }
    }
}

/// A side of a size, `Some(None)` if it is left open.
#[expect(clippy::option_option, reason = "a side that is left open and none at all")]
fn side(text: &str) -> Option<Option<String>> {
    match text {
        "" | "*" | "auto" => Some(None),
        text => length(text).map(Some),
    }
}

/// A number of pixels or a percentage.
fn length(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_suffix("px").unwrap_or(text);
    let digits = text.strip_suffix('%').unwrap_or(text);
    let is_length = (1..=MOST_DIGITS).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.bytes().any(|byte| byte != b'0');
    is_length.then(|| text.to_owned())
}

/// The title of a link or picture without docsify's instructions, and the size among them. A title
/// is all instructions, or ends with a size.
pub(crate) fn without_instructions(title: &str) -> (String, Option<PictureSize>) {
    if !title.contains(':') {
        return (title.to_owned(), None);
    }
    let size_of = |word: &str| PictureSize::read(word.strip_prefix(INSTRUCTION)?);
    if title.split_whitespace().all(|word| word.starts_with(':')) {
        return (String::new(), title.split_whitespace().find_map(size_of));
    }
    let (before, last) = title.rsplit_once(' ').unwrap_or(("", title));
    match size_of(last) {
        Some(size) => (before.trim_end().to_owned(), Some(size)),
        None => (title.to_owned(), None),
    }
}

/// The description of a picture without the size that Obsidian writes in it: `a cat|300`,
/// `|200x100`, `200x100`, and `200` in a vault or an embed.
pub(crate) fn without_size(alt: &str, in_vault: bool) -> Option<(String, PictureSize)> {
    let is_size = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x');
    if let Some((before, size)) = alt.rsplit_once('|').filter(|(_, size)| is_size(size)) {
        return Some((before.trim_end().to_owned(), PictureSize::read(size)?));
    }
    let is_width = || in_vault && alt.parse().is_ok_and(|width| WIDTHS.contains(&width));
    let has_both_sides = |size: &PictureSize| size.width.is_some() && size.height.is_some();
    let size = PictureSize::read(alt).filter(|_| is_size(alt))?;
    (has_both_sides(&size) || is_width()).then(|| (String::new(), size))
}

/// True if an alternative text describes its picture: it is no name of a file, number or default of
/// an editor.
pub(crate) fn describes(alt: &str, destination: &str) -> bool {
    let alt = alt.trim().to_lowercase();
    let is_file = alt.rsplit_once('.').is_some_and(|(_, end)| {
        matches!(end, "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "bmp" | "avif")
    });
    if alt.is_empty() || is_file || DEFAULTS.contains(&alt.as_str()) || is_numbered(&alt) {
        return false;
    }
    let path = destination.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    alt != stem.to_lowercase() && alt != percent_decode(stem).to_lowercase()
}

/// True for a number or hash, alone or behind one of the words that programs put before it.
fn is_numbered(alt: &str) -> bool {
    let is_digits = |c: char| c.is_ascii_digit() || "-_.:@ ()（）".contains(c);
    let is_hash = alt.len() >= 16
        && alt.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        && alt.contains(|c: char| c.is_ascii_digit());
    let words = alt.trim_end_matches("@2x").trim_end_matches(is_digits);
    let has_digit = alt[words.len()..].contains(|c: char| c.is_ascii_digit());
    is_hash || (has_digit && NUMBERED.contains(&words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Context, Options, parse};

    /// Alternative text, title, width and height of the picture in a text.
    fn picture(text: &str, in_vault: bool) -> (String, String, String, String) {
        let options = Options { wiki_links: in_vault, ..Options::default() };
        let parsed = parse(text, &Context { options, ..Context::default() });
        let picture = &parsed.links[0];
        let side = |name: &str| {
            let found = picture.attributes.iter().find(|attribute| attribute.name == name);
            found.map_or_else(String::new, |attribute| attribute.written.clone())
        };
        (picture.text.clone(), picture.title.clone(), side("width"), side("height"))
    }

    #[test]
    fn sizes_in_all_dialects() {
        for (text, alt, title, width, height) in [
            ("![a](b.png =100x50)", "a", "", "100", "50"),
            ("![a](b.png =100x)", "a", "", "100", ""),
            ("![a](b.png =x50)", "a", "", "", "50"),
            ("![a](b.png =50%x*)", "a", "", "50%", ""),
            ("![a](b.png =300px)", "a", "", "300", ""),
            ("![a](b.png \"t\" =100x50)", "a", "t", "100", "50"),
            ("![a](b.png 't u' =100)", "a", "t u", "100", ""),
            ("![a](<b c.png> =100)", "a", "", "100", ""),
            ("![a](./b c.png =100)", "a", "", "100", ""),
            ("![a](b.png#pic_center =600x)", "a", "", "600", ""),
            ("![a](b.png){width=50%}", "a", "", "50%", ""),
            ("![a](b.png){ width=\"300px\" height=200 .c }", "a", "", "300", "200"),
            ("![a](b.png){: width=\"300\"}", "a", "", "300", ""),
            ("![a](b.png \"t\"){width=300}", "a", "t", "300", ""),
            ("![a](./b c.png){width=300}", "a", "", "300", ""),
            ("![a](b.png){style=\"width:50%;height:2px\"}", "a", "", "50%", "2"),
            ("![a](b.png){.c}", "a", "", "", ""),
            ("![a](b.png =300x){width=3}", "a", "", "300", ""),
            ("![a](b.png ':size=100x50')", "a", "", "100", "50"),
            ("![a](b.png \":size=50%\")", "a", "", "50%", ""),
            ("![a](b.png \"t :size=100\")", "a", "t", "100", ""),
            ("![a](b.png \":no-zoom :size=9\")", "a", "", "9", ""),
            ("![a](b.png \"t :x\")", "a", "t :x", "", ""),
            ("![a cat|300](b.png)", "a cat", "", "300", ""),
            ("![a|300x200](b.png)", "a", "", "300", "200"),
            ("![|300](b.png)", "", "", "300", ""),
            ("![300x200](b.png)", "", "", "300", "200"),
            ("![a|b](b.png)", "a|b", "", "", ""),
            // A number is no size outside a vault.
            ("![300](b.png)", "300", "", "", ""),
        ] {
            let expected = [alt, title, width, height].map(str::to_owned).into();
            assert_eq!(picture(text, false), expected, "{text}");
            let place = parse(text, &Context::default()).links[0].place;
            assert_eq!((place.line, place.column > 0), (1, true), "{text}");
        }
        for (text, alt, width, height) in [
            ("![[b.png|200]]", "", "200", ""),
            ("![[b.png|200x100]]", "", "200", "100"),
            ("![[b.png|a cat|300]]", "a cat", "300", ""),
            ("![[b.png|a cat]]", "a cat", "", ""),
            ("| x |\n|---|\n| ![[b.png\\|200]] |", "", "200", ""),
            ("![200](b.png)", "", "200", ""),
            ("![1542972502781](b.png)", "1542972502781", "", ""),
            ("![3](b.png)", "3", "", ""),
        ] {
            let expected = [alt, "", width, height].map(str::to_owned).into();
            assert_eq!(picture(text, true), expected, "{text}");
        }
        // A link has no size.
        let parsed = parse("[a](b.md){width=3} [c](d.md \":size=3\")", &Context::default());
        assert!(
            parsed.links.iter().all(|link| link.attributes.is_empty() && link.title.is_empty())
        );
    }

    #[test]
    fn captions_say_something() {
        for (alt, destination, expected) in [
            ("架构", "a.png", true),
            ("Figure 2", "a.png", true),
            ("图 2", "a.png", true),
            ("a cafe", "b.png", true),
            ("Linux 2.6", "a.png", true),
            ("image-20200731111921591", "https://x.org/a.png", false),
            ("1542972502781", "https://x.org/b.png", false),
            ("null", "a.png", false),
            ("Imgur", "a.png", false),
            ("这里写图片描述", "a.png", false),
            ("mq-1", "https://x.org/mq-1.png", false),
            ("MQ-2", "images/mq-2.png?x=1", false),
            ("消息 队列", "images/消息%20队列.png", false),
            ("default.png", "a.png", false),
            ("Screenshot 2020-01-02 10.11.12", "a.png", false),
            ("微信截图_20200102101112", "a.png", false),
            ("IMG_0012", "a.png", false),
            ("d41d8cd98f00b204e9800998ecf8427e", "a.png", false),
            ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", "a.png", false),
            ("", "a.png", false),
        ] {
            assert_eq!(describes(alt, destination), expected, "{alt} {destination}");
        }
    }
}
