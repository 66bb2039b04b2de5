//! Tags and comments of raw HTML, as far as they decide what is code (CommonMark 0.31 §4.6 and
//! §6.6).
//!
//! Must not know: which elements a note may hold.

/// Elements whose text is code to the writer, with their end tags.
pub(super) const CODE: [(&str, &str); 4] = [
    ("pre", "</pre>"),
    ("script", "</script>"),
    ("style", "</style>"),
    ("textarea", "</textarea>"),
];

/// Elements that begin a block of raw HTML (§4.6, condition 6), sorted.
const BLOCKS: [&str; 62] = [
    "address",
    "article",
    "aside",
    "base",
    "basefont",
    "blockquote",
    "body",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "main",
    "menu",
    "menuitem",
    "nav",
    "noframes",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
];

/// The name of an element that a text begins with; empty if there is none.
pub(super) fn name(text: &[u8]) -> &[u8] {
    if !text.first().is_some_and(u8::is_ascii_alphabetic) {
        return &[];
    }
    let length =
        text.iter().take_while(|&&byte| byte.is_ascii_alphanumeric() || byte == b'-').count();
    &text[..length]
}

/// True if the element begins a block of raw HTML.
pub(super) fn is_block(name: &[u8]) -> bool {
    let longest = "blockquote".len();
    if name.is_empty() || name.len() > longest {
        return false;
    }
    let name = name.to_ascii_lowercase();
    BLOCKS.binary_search_by(|block| block.as_bytes().cmp(&name)).is_ok()
}

/// Length of the tag or autolink that a text begins with.
/// Length of a tag or an autolink at the beginning of a text.
pub(super) fn tag_or_autolink_length(text: &[u8]) -> Option<usize> {
    autolink_length(text).or_else(|| tag_length(text))
}

/// Length of a start or end tag (CommonMark 0.31 §6.6).
pub(super) fn tag_length(text: &[u8]) -> Option<usize> {
    match text.get(1)? {
        b'/' => {
            let name = name(&text[2..]);
            let end = skip_blanks(text, 2 + name.len());
            (!name.is_empty() && text.get(end) == Some(&b'>')).then_some(end + 1)
        }
        _ => start_tag_length(text),
    }
}

/// Length of `<scheme:…>` (§6.5).
fn autolink_length(text: &[u8]) -> Option<usize> {
    let is_of_scheme =
        |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-');
    let scheme = text.get(1..)?.iter().take(33).take_while(is_of_scheme).count();
    if !(2..=32).contains(&scheme) || text.get(1 + scheme) != Some(&b':') {
        return None;
    }
    let ends = |byte: &u8| matches!(byte, b'<' | b'>' | b' ') || byte.is_ascii_control();
    let length = 1 + text[1..].iter().position(ends)?;
    (text[length] == b'>').then_some(length + 1)
}

/// Length of a start tag. A value that nothing ends is searched to the end of the text, but only
/// once in it: the next tag with such a value would have ended the first.
fn start_tag_length(text: &[u8]) -> Option<usize> {
    let name = name(&text[1..]);
    if name.is_empty() {
        return None;
    }
    let mut at = 1 + name.len();
    loop {
        let next = skip_blanks(text, at);
        match text.get(next)? {
            b'>' => return Some(next + 1),
            b'/' => return (text.get(next + 1) == Some(&b'>')).then_some(next + 2),
            byte if next > at && (byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':')) => {
                at = attribute_end(text, next)?;
            }
            _ => return None,
        }
    }
}

fn attribute_end(text: &[u8], start: usize) -> Option<usize> {
    let is_of_name =
        |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'-');
    let name_end = start + text[start..].iter().take_while(is_of_name).count();
    let equals = skip_blanks(text, name_end);
    if text.get(equals) != Some(&b'=') {
        return Some(name_end);
    }
    let value = skip_blanks(text, equals + 1);
    if let quote @ (b'"' | b'\'') = text.get(value)? {
        let length = memchr::memchr(*quote, &text[value + 1..])?;
        return Some(value + 1 + length + 1);
    }
    let length = text[value..].iter().position(|&byte| ends_value(byte))?;
    (length > 0).then_some(value + length)
}

/// True for what ends a value without quotes.
fn ends_value(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'=' | b'<' | b'>' | b'`')
}

fn skip_blanks(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}
