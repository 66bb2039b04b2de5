//! Raw HTML text → tags, comments and text between them (WHATWG HTML §13.2.5, without the states
//! for scripts).
//!
//! Must not know: the elements that are allowed, Markdown.

/// A piece of raw HTML.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// Text, entities as written.
    Text(&'a str),
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag: its name in lower case and its source.
    End(String, &'a str),
    /// A comment; without an end it goes on to the end of the text, as in a browser.
    Comment {
        /// The text between its marks.
        content: &'a str,
        /// The whole comment as written.
        source: &'a str,
        /// True if it has an end.
        is_closed: bool,
    },
    /// A doctype, processing instruction or CDATA section.
    Declaration(&'a str),
}

/// A start tag.
#[derive(Debug, PartialEq)]
pub(super) struct Tag<'a> {
    /// Name in lower case.
    pub name: String,
    /// Names in lower case, values as written, without quotes.
    pub attributes: Vec<(String, &'a str)>,
    /// True if it ends in `/>`.
    pub closed: bool,
    /// The whole tag as written.
    pub source: &'a str,
}

impl Tag<'_> {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|&(_, value)| value)
    }
}

/// Splits `html` into tokens; what is no tag is text.
pub(super) fn tokens(html: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut text_from = 0;
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &html.as_bytes()[at..]).map(|found| at + found) {
        let Some((token, length)) = markup(&html[open..]) else {
            at = open + 1;
            continue;
        };
        if text_from < open {
            tokens.push(Token::Text(&html[text_from..open]));
        }
        tokens.push(token);
        at = open + length;
        text_from = at;
    }
    if text_from < html.len() {
        tokens.push(Token::Text(&html[text_from..]));
    }
    tokens
}

/// A declaration or an end tag that goes on for longer is text; in bytes.
const LONGEST_TAG: usize = 16 << 10;

/// Longest value of an attribute without quotes, in characters.
const LONGEST_UNQUOTED: usize = 2 << 10;

/// The token that begins with the `<` at the start of `html`, and its length.
fn markup(html: &str) -> Option<(Token<'_>, usize)> {
    if html.starts_with("<!--") {
        return Some(comment(html));
    }
    if html.starts_with("<!") || html.starts_with("<?") {
        let end = end_of_declaration(&html.as_bytes()[..html.len().min(LONGEST_TAG)])?;
        return Some((Token::Declaration(&html[..end]), end));
    }
    if let Some(rest) = html.strip_prefix("</") {
        let name = name(rest)?;
        let end = 2 + memchr::memchr(b'>', &rest.as_bytes()[..rest.len().min(LONGEST_TAG)])? + 1;
        return Some((Token::End(name.to_ascii_lowercase(), &html[..end]), end));
    }
    start_tag(html)
}

/// The comment at the start of `html`, and its length. `<!-->` and `<!--->` are comments without a
/// text (WHATWG HTML §13.2.5.43 and §13.2.5.44).
fn comment(html: &str) -> (Token<'_>, usize) {
    let text = &html["<!--".len()..];
    for empty in [">", "->"] {
        if text.starts_with(empty) {
            let length = "<!--".len() + empty.len();
            let source = &html[..length];
            return (Token::Comment { content: "", source, is_closed: true }, length);
        }
    }
    let end = text.find("-->");
    let content = &text[..end.unwrap_or(text.len())];
    let length = end.map_or(html.len(), |end| "<!--".len() + end + "-->".len());
    let source = &html[..length];
    (Token::Comment { content, source, is_closed: end.is_some() }, length)
}

/// The end of a declaration. The text of a CDATA section and of a processing instruction may hold
/// `>` (CommonMark 0.31 §6.6).
fn end_of_declaration(html: &[u8]) -> Option<usize> {
    let end: &[u8] = match html {
        _ if html.starts_with(b"<![CDATA[") => b"]]>",
        _ if html.starts_with(b"<?") => b"?>",
        _ => b">",
    };
    let found = memchr::memmem::find(html, end).map(|at| at + end.len());
    found.or_else(|| memchr::memchr(b'>', html).map(|at| at + 1))
}

/// True for a declaration or instruction of HTML and XML that is about the whole document and not
/// shown; any other, such as `<?php …?>` and `<!ENTITY …>`, is meant to be read.
pub(super) fn is_about_document(source: &str) -> bool {
    ["<!doctype", "<?xml"].iter().any(|start| {
        source.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
    })
}

fn name(text: &str) -> Option<&str> {
    let end = text
        .find(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '<'))
        .unwrap_or(text.len());
    let name = &text[..end];
    let valid = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    valid.then_some(name)
}

fn start_tag(html: &str) -> Option<(Token<'_>, usize)> {
    let name = name(&html[1..])?;
    let mut at = 1 + name.len();
    let mut attributes = Vec::new();
    loop {
        at += html[at..].find(|c: char| !c.is_whitespace())?;
        let rest = &html[at..];
        if rest.starts_with('>') || rest.starts_with("/>") {
            let closed = rest.starts_with('/');
            let end = at + 1 + usize::from(closed);
            let name = name.to_ascii_lowercase();
            let tag = Tag { name, attributes, closed, source: &html[..end] };
            return Some((Token::Start(tag), end));
        }
        if rest.starts_with('/') {
            at += 1;
            continue;
        }
        let (attribute, length) = attribute(rest)?;
        attributes.push(attribute);
        at += length;
    }
}

/// One attribute and its length in the text.
fn attribute(text: &str) -> Option<((String, &str), usize)> {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/' | '<'))?;
    let (name, mut at) = (text[..end].to_ascii_lowercase(), end);
    if end == 0 {
        return None;
    }
    let after_name = &text[at..];
    let blanks = after_name.len() - after_name.trim_start().len();
    if !after_name[blanks..].starts_with('=') {
        return Some(((name, ""), at));
    }
    at += blanks + 1;
    at += text[at..].len() - text[at..].trim_start().len();
    let rest = &text[at..];
    if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let length = rest[1..].find(quote)?;
        return Some(((name, &rest[1..=length]), at + length + 2));
    }
    // No value without quotes is so long: thousands of tags that nothing ends stay linear.
    let mut characters = rest.char_indices().take(LONGEST_UNQUOTED);
    let (length, _) = characters.find(|(_, c)| c.is_whitespace() || *c == '>')?;
    Some(((name, &rest[..length]), at + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_comments_and_text() {
        let shown = |html: &str| -> Vec<String> {
            tokens(html)
                .iter()
                .map(|token| match token {
                    Token::Text(text) => format!("text {text}"),
                    Token::Start(tag) => {
                        format!("start {} {:?} {}", tag.name, tag.attributes, tag.closed)
                    }
                    Token::End(name, _) => format!("end {name}"),
                    Token::Comment { content, is_closed, .. } => {
                        format!("comment{content}{}", if *is_closed { "" } else { " …" })
                    }
                    Token::Declaration(text) => format!("declaration {text}"),
                })
                .collect()
        };
        for (html, expected) in [
            ("a<B>b</B >c", vec!["text a", "start b [] false", "text b", "end b", "text c"]),
            (
                "<img src=x alt='a b' W=\"1\"/>",
                vec![r#"start img [("src", "x"), ("alt", "a b"), ("w", "1")] true"#],
            ),
            ("<input disabled>", vec![r#"start input [("disabled", "")] false"#]),
            ("<a\n href = \"x>y\"\n>", vec![r#"start a [("href", "x>y")] false"#]),
            ("1 < 2 <> <3 </> <中>", vec!["text 1 < 2 <> <3 </> <中>"]),
            (
                "<!-- a --><!doctype html><?php 1 ?>",
                vec!["comment a ", "declaration <!doctype html>", "declaration <?php 1 ?>"],
            ),
            (
                "<![CDATA[a>b]]>c<?php $a->b ?><? d>",
                vec![
                    "declaration <![CDATA[a>b]]>",
                    "text c",
                    "declaration <?php $a->b ?>",
                    "declaration <? d>",
                ],
            ),
            ("<!-- open", vec!["comment open …"]),
            ("<!-->a<!--->b<!---->", vec!["comment", "text a", "comment", "text b", "comment"]),
            ("<a href=\"unclosed", vec!["text <a href=\"unclosed"]),
            ("<a <b>", vec!["text <a ", "start b [] false"]),
        ] {
            assert_eq!(shown(html), expected, "{html}");
        }
    }
}
