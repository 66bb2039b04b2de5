//! Plain text in the page: escaping, emoji shortcodes, and the summary of a note.
//!
//! Must not know: links, headings, code.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Draft, Item, Spanned, end_of, plain_text};

/// Longest summary, in characters: search engines and lists of pages show no more.
const SUMMARY: usize = 160;

/// Shortest paragraph, in characters, that can be the summary of a note.
const ENOUGH: usize = 8;

/// Appends text with `& < > "` escaped.
pub fn escape_into(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(entity);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

/// Text with `& < > "` escaped.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    escape_into(&mut out, text);
    out
}

/// `:tada:` → 🎉, outside code; not within words or times (`10:30:45`).
pub(crate) fn emoji(mut items: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    let mut in_code = false;
    for (item, _) in &mut items {
        match item {
            Item::Event(Event::Start(Tag::CodeBlock(_))) => in_code = true,
            Item::Event(Event::End(TagEnd::CodeBlock)) => in_code = false,
            Item::Event(Event::Text(text)) if !in_code && text.contains(':') => {
                if let Some(changed) = with_emoji(text) {
                    *text = changed.into();
                }
            }
            _ => {}
        }
    }
    items
}

fn with_emoji(text: &str) -> Option<String> {
    let mut result = String::new();
    let mut copied = 0;
    let mut search = 0;
    while let Some(open) = text[search..].find(':').map(|at| search + at) {
        search = open + 1;
        let Some(length) = text[search..].find(|c: char| !is_shortcode(c)) else { break };
        let close = search + length;
        let apart = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric() && c != ':');
        let stands_alone = text[close..].starts_with(':')
            && apart(text[..open].chars().next_back())
            && apart(text[close + 1..].chars().next());
        if let Some(emoji) = emojis::get_by_shortcode(&text[search..close]).filter(|_| stands_alone)
        {
            result.push_str(&text[copied..open]);
            result.push_str(emoji.as_str());
            search = close + 1;
            copied = search;
        }
    }
    (copied > 0).then(|| result + &text[copied..])
}

fn is_shortcode(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-')
}

/// Keeps the first paragraph of real text, and whether there is anything but the first heading.
pub(crate) fn summarise(items: &[Spanned<'_>], draft: &mut Draft<'_>) {
    let mut index = 0;
    let mut seen_heading = false;
    while index < items.len() {
        match &items[index].0 {
            Item::Event(Event::Start(Tag::Heading { .. })) if !seen_heading => {
                seen_heading = true;
                index = end_of(items, index);
            }
            Item::Event(Event::Start(Tag::Paragraph)) => {
                draft.parsed.has_content = true;
                let end = end_of(items, index);
                let text = without_images(&items[index..end]);
                if draft.parsed.summary.is_empty() && text.chars().count() >= ENOUGH {
                    draft.parsed.summary = shortened(&text);
                }
                index = end;
            }
            // A block of comments alone is no content.
            Item::Event(
                Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) | Event::Rule,
            ) => {}
            Item::RawText(text) => draft.parsed.has_content |= !text.trim().is_empty(),
            _ => draft.parsed.has_content = true,
        }
        index += 1;
    }
}

/// The plain text of a paragraph without the alternative texts of its images.
fn without_images(items: &[Spanned<'_>]) -> String {
    let mut depth = 0_usize;
    let shown = items.iter().filter(|(item, _)| {
        match item {
            Item::Event(Event::Start(Tag::Image { .. })) => depth += 1,
            Item::Event(Event::End(TagEnd::Image)) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    plain_text(&shown.cloned().collect::<Vec<_>>()).trim().to_owned()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SUMMARY) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Context, Options, parse, to_html};

    #[test]
    fn emoji_shortcodes() {
        for (text, expected) in [
            (":tada: 完成:tada:！", "🎉 完成🎉！"),
            ("10:30:45 a:100:b :nothing:", "10:30:45 a:100:b :nothing:"),
            ("`:tada:`", "<code>:tada:</code>"),
            ("std::tada::x", "std::tada::x"),
        ] {
            assert_eq!(to_html(text, Options::default()), format!("<p>{expected}</p>\n"));
        }
    }

    #[test]
    fn summaries_and_stubs() {
        for (text, summary, has_content) in [
            ("", "", false),
            ("# Only a title", "", false),
            ("<!-- todo -->\n\n# Title\n", "", false),
            ("# A\n\n## B", "", true),
            (
                "# A\n\n![x](y.png)\n\n短\n\n这一段才说明这篇笔记**讲什么**。",
                "这一段才说明这篇笔记讲什么。",
                true,
            ),
        ] {
            let parsed = parse(text, &Context::default());
            assert_eq!(
                (parsed.summary.as_str(), parsed.has_content),
                (summary, has_content),
                "{text}"
            );
        }
    }

    #[test]
    fn images_are_content_and_their_words_are_no_summary() {
        let parsed = parse("# 图\n\n<img src=\"a.png\">", &Context::default());
        assert!(parsed.has_content);
        assert!(!parse("# 图\n\n---\n", &Context::default()).has_content);
        let text = "![在这里插入图片描述](a.png)\n\n这一段才是说明的文字。";
        assert_eq!(parse(text, &Context::default()).summary, "这一段才是说明的文字。");
    }
}
