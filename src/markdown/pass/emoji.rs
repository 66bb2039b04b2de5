//! `:tada:` → 🎉.
//!
//! Must not know: Markdown beyond text and code.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markdown::item::{Item, Spanned};

/// `:tada:` → 🎉, outside code; not within words or times (`10:30:45`).
pub(crate) fn replace(mut items: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
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

/// A text without code, with emoji.
pub(super) fn in_text(text: &str) -> String {
    with_emoji(text).unwrap_or_else(|| text.to_owned())
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

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

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
}
