//! The HTML of a note → the same with some of its headings at other levels. Only tags are looked at: text that reads like
//! one stays as it is.
//!
//! Must not know: why a heading stands where it does.

/// Where a tag ends: behind its `>`, which may stand in a value too.
pub(super) fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (_, Some(open)) if byte == open => quote = None,
            (b'>', None) => return at + 1,
            _ => {}
        }
    }
    tag.len()
}

/// The level of the heading that a tag begins or ends, and where in the tag it stands.
pub(super) fn level_of(tag: &str) -> Option<(usize, u8)> {
    let at = if tag.starts_with("</h") { 3 } else { 2 };
    let bytes = tag.as_bytes();
    let level =
        bytes.get(at).filter(|level| bytes[at - 1] == b'h' && (b'1'..=b'6').contains(level))?;
    let is_whole = !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
    is_whole.then_some((at, level - b'0'))
}

/// Raises the headings from `from` on by a level, up to the first that is of the second level already: below a title of the
/// first level `##` begins a section, however many further titles there are.
pub(super) fn raise(html: &mut String, from: usize) {
    let mut result = String::new();
    let mut copied = from;
    let mut search = from;
    while let Some(open) = html[search..].find('<').map(|at| search + at) {
        search = open + end_of_tag(&html[open..]);
        match level_of(&html[open..search]) {
            Some((_, 2)) => break,
            Some((at, level @ 3..)) => {
                result.push_str(&html[copied..open + at]);
                result.push(char::from(b'0' + level - 1));
                copied = open + at + 1;
            }
            _ => {}
        }
    }
    if copied > from {
        html.replace_range(from..copied, &result);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_below_a_title_are_raised_up_to_the_next_title() {
        for (html, expected) in [
            ("", ""),
            ("<p>a</p>", "<p>a</p>"),
            (
                "<h3 id=\"a\">A</h3>\n<h4>B</h4><h2>C</h2><h3>D</h3>",
                "<h2 id=\"a\">A</h2>\n<h3>B</h3><h2>C</h2><h3>D</h3>",
            ),
            (
                "<hr><header>x</header><h3 title=\"<h3>\">&lt;h3&gt;</h3>",
                "<hr><header>x</header><h2 title=\"<h3>\">&lt;h3&gt;</h2>",
            ),
            ("<h30>x</h30> <h6>y</h6>", "<h30>x</h30> <h5>y</h5>"),
            ("<", "<"),
            ("<é>", "<é>"),
        ] {
            let mut text = format!("<h3>before</h3>{html}");
            raise(&mut text, 15);
            assert_eq!(text, format!("<h3>before</h3>{expected}"));
        }
    }
}
