//! Cards → the text that Anki imports: lines of fields with tabs between them, below a head that
//! says what they are (Anki's manual, "Text Files").
//!
//! Must not know: notes.

/// The head of the file, which no other program writes.
pub const HEADER: &str = "\
#separator:tab
#html:true
#guid column:1
#notetype:Basic
#deck column:2
#tags column:5
# Written by `notes cards`
";

/// Elements that keep the blanks and line ends in them.
const KEPT: [&str; 2] = ["pre", "textarea"];

/// A card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card {
    /// Its id, which stays the same while the question does.
    pub id: String,
    /// The names of its deck and those above it, with `::` between them.
    pub deck: String,
    /// HTML.
    pub front: String,
    /// HTML.
    pub back: String,
    pub tags: Vec<String>,
}

/// Writes the file.
pub(super) fn write(cards: &[Card]) -> String {
    let mut text = String::from(HEADER);
    for card in cards {
        let tags = card.tags.iter().map(|tag| tag_name(tag)).collect::<Vec<_>>().join(" ");
        let fields = [&card.id, &card.deck, &card.front, &card.back, &tags];
        text.push_str(&fields.map(|field| quoted(field)).join("\t"));
        text.push('\n');
    }
    text
}

/// A field as the file has it.
fn quoted(field: &str) -> String {
    let field = field.replace(['\t', '\n', '\r'], " ");
    if field.contains('"') { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

/// A name of a deck, in which two colons would begin another one.
pub(super) fn deck_name(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    name.replace("::", ":").trim_matches(':').to_owned()
}

/// A word for a tag, which ends at a blank.
fn tag_name(word: &str) -> String {
    let word = word.trim().trim_start_matches('#');
    word.split_whitespace().collect::<Vec<_>>().join("_")
}

/// HTML without line ends and tabs that looks the same.
pub(super) fn on_one_line(html: &str) -> String {
    let html = html.trim();
    let mut line = String::with_capacity(html.len());
    // The element at hand that keeps blanks, and true within a tag.
    let (mut kept, mut in_tag) = (None, false);
    for (at, c) in html.char_indices() {
        match c {
            '<' => {
                in_tag = true;
                let tag = &html[at + 1..];
                match kept {
                    Some(name) if tag.strip_prefix('/').is_some_and(|tag| is(tag, name)) => {
                        kept = None;
                    }
                    None => kept = KEPT.into_iter().find(|name| is(tag, name)),
                    Some(_) => {}
                }
                line.push(c);
            }
            '>' => {
                in_tag = false;
                line.push(c);
            }
            '\n' if kept.is_some() && !in_tag => line.push_str("<br>"),
            '\t' if kept.is_some() && !in_tag => line.push_str("&#9;"),
            '\n' | '\t' | '\r' if line.ends_with(' ') => {}
            '\n' | '\t' | '\r' => line.push(' '),
            c => line.push(c),
        }
    }
    line
}

/// True if a tag, from behind its first sign, has this name.
fn is(tag: &str, name: &str) -> bool {
    let (begin, rest) = tag.split_at_checked(name.len()).unwrap_or_default();
    begin.eq_ignore_ascii_case(name)
        && !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_on_one_line() {
        for (html, expected) in [
            ("<p>a</p>\n<p>b\tc</p>\n", "<p>a</p> <p>b c</p>"),
            ("<pre><code>a\n\tb</code></pre>\nc\nd", "<pre><code>a<br>&#9;b</code></pre> c d"),
            ("<pre class=\"x\ny\">a\n</pre>", "<pre class=\"x y\">a<br></pre>"),
            ("<present>a\nb", "<present>a b"),
        ] {
            assert_eq!(on_one_line(html), expected, "{html}");
        }
    }

    #[test]
    fn names_that_would_be_several() {
        assert_eq!(deck_name("a::b \t c:"), "a:b c");
        assert_eq!(tag_name("#two  phase"), "two_phase");
        assert_eq!(quoted("a \"b\""), "\"a \"\"b\"\"\"");
        assert_eq!(quoted("a"), "a");
    }
}
