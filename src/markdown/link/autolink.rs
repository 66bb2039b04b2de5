//! Bare addresses → links, by GFM's extended autolinks (GFM 0.29 §6.9), and in notes stopping at
//! Chinese text: `https://e.org/x，提取` links `https://e.org/x`. Chinese words are part of an address
//! where a part of it begins, behind `/`, `=` or `#`: `https://e.org/wiki/中国`. Behind a letter or
//! digit they are text, for no blank parts them from it.
//!
//! Must not know: other links.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::markdown::cjk::{is_cjk_letter, is_cjk_punctuation};
use crate::markdown::document::NodeKind;
use crate::markdown::{Item, Spanned};

/// The rule for the end of an address and for the character before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// As in GFM.
    Standard,
    /// Also at Chinese punctuation, and at Chinese letters that do not begin a part of the address;
    /// both may be right before it too.
    AtChinese,
}

/// Makes links of bare addresses outside code and links.
pub(crate) fn autolink(items: Vec<Spanned<'_>>, stop: Stop) -> Vec<Spanned<'_>> {
    let mut result = Vec::with_capacity(items.len());
    let mut inside = 0_usize;
    // For each open node of ours, true if it is a link.
    let mut open: Vec<bool> = Vec::new();
    for (item, range) in items {
        match &item {
            Item::Event(Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_))) => {
                inside += 1;
            }
            Item::Event(Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock)) => {
                inside = inside.saturating_sub(1);
            }
            Item::Open(kind) => {
                let is_link = matches!(kind, NodeKind::Link(_));
                inside += usize::from(is_link);
                open.push(is_link);
            }
            Item::Close => inside -= usize::from(open.pop() == Some(true)),
            Item::Event(Event::Text(text)) if inside == 0 => {
                let found = addresses(text, stop);
                if !found.is_empty() {
                    let text = text.clone();
                    split(&text, &found, &range, &mut result);
                    continue;
                }
            }
            _ => {}
        }
        result.push((item, range));
    }
    result
}

/// An address in a text.
struct BareAddress {
    start: usize,
    end: usize,
    /// Text before it in the destination: `http://` for `www.`, `mailto:` for mail.
    prefix: &'static str,
}

fn split<'a>(
    text: &str,
    found: &[BareAddress],
    range: &Range<usize>,
    result: &mut Vec<Spanned<'a>>,
) {
    // A text as long as its source is its source.
    let is_source = text.len() == range.len();
    let place = |from: usize, to: usize| {
        if is_source { range.start + from..range.start + to } else { range.clone() }
    };
    let mut push = |event: Event<'a>, place: Range<usize>| result.push((Item::Event(event), place));
    let mut from = 0;
    for address in found {
        if from < address.start {
            let before = text[from..address.start].to_owned();
            push(Event::Text(before.into()), place(from, address.start));
        }
        let shown = &text[address.start..address.end];
        let link = Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: format!("{}{shown}", address.prefix).into(),
            title: "".into(),
            id: "".into(),
        };
        let here = place(address.start, address.end);
        push(Event::Start(link), here.clone());
        push(Event::Text(shown.to_owned().into()), here.clone());
        push(Event::End(TagEnd::Link), here);
        from = address.end;
    }
    if from < text.len() {
        push(Event::Text(text[from..].to_owned().into()), place(from, text.len()));
    }
}

fn addresses(text: &str, stop: Stop) -> Vec<BareAddress> {
    let mut found: Vec<BareAddress> = Vec::new();
    let mut from = 0;
    while let Some(at) =
        memchr::memchr3(b':', b'w', b'@', &text.as_bytes()[from..]).map(|at| from + at)
    {
        let floor = found.last().map_or(0, |address| address.end);
        let address = match text.as_bytes()[at] {
            b':' => with_scheme(text, at, floor, stop),
            b'w' => without_scheme(text, at, stop),
            _ => mail(text, at, floor),
        };
        from = address.as_ref().map_or(at + 1, |address| address.end);
        found.extend(address);
    }
    found
}

/// `http://…`, `https://…`, `ftp://…`, the colon being at `at`.
fn with_scheme(text: &str, at: usize, floor: usize, stop: Stop) -> Option<BareAddress> {
    let rest = text[at..].strip_prefix("://")?;
    let scheme = ["https", "http", "ftp"].into_iter().find(|scheme| {
        text.get(at.wrapping_sub(scheme.len())..at)
            .is_some_and(|before| before.eq_ignore_ascii_case(scheme))
    })?;
    let start = at - scheme.len();
    // Asked first: what follows may be long.
    if start < floor || !may_follow(&text[..start], stop) {
        return None;
    }
    let length = domain(rest, true)?;
    let end = end_of_address(text, at + 3 + length, at + 3, stop);
    Some(BareAddress { start, end, prefix: "" })
}

/// `www.…`, its first letter being at `at`.
fn without_scheme(text: &str, at: usize, stop: Stop) -> Option<BareAddress> {
    let rest = &text[at..];
    if !rest.starts_with("www.") || !may_follow(&text[..at], stop) {
        return None;
    }
    let length = domain(rest, false)?;
    let end = end_of_address(text, at + length, at, stop);
    Some(BareAddress { start: at, end, prefix: "http://" })
}

/// `name@host.tld`, the `@` being at `at`.
fn mail(text: &str, at: usize, floor: usize) -> Option<BareAddress> {
    let is_local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    let start = text[floor..at].rfind(|c: char| !is_local(c)).map_or(floor, |found| {
        floor + found + text[floor + found..].chars().next().map_or(1, char::len_utf8)
    });
    let host = &text[at + 1..];
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let host = &host[..host.find(|c: char| !is_host(c)).unwrap_or(host.len())];
    let host = host.trim_end_matches('.');
    let valid = start < at
        && host.contains('.')
        && !host.starts_with('.')
        && host.ends_with(|c: char| c.is_ascii_alphanumeric())
        && !text[..start].ends_with('/');
    valid.then_some(BareAddress { start, end: at + 1 + host.len(), prefix: "mailto:" })
}

/// The length of the domain at the start of `text`: labels of letters, digits, `-` and `_`, the
/// last two without `_`.
fn domain(text: &str, one_label_will_do: bool) -> Option<usize> {
    let is_domain =
        |c: char| (c.is_alphanumeric() && !is_cjk_letter(c)) || matches!(c, '-' | '_' | '.');
    let length = text.find(|c: char| !is_domain(c)).unwrap_or(text.len());
    let domain = text[..length].trim_end_matches('.');
    let mut labels = domain.rsplit('.');
    let underscored = labels.by_ref().take(2).any(|label| label.contains('_'));
    let valid = !domain.is_empty()
        && !domain.starts_with('.')
        && !underscored
        && (one_label_will_do || domain.contains('.'));
    valid.then_some(domain.len())
}

/// True if an address may begin after this text.
fn may_follow(before: &str, stop: Stop) -> bool {
    match before.chars().next_back() {
        None => true,
        Some(c) if stop == Stop::Standard => {
            c.is_whitespace() || matches!(c, '*' | '_' | '~' | '(')
        }
        Some(c) => !c.is_ascii_alphanumeric() && !matches!(c, '/' | '.' | '@' | '-'),
    }
}

/// The end of the address that goes on at `from`: up to a blank or `<` (or Chinese), trailing
/// punctuation given back, parentheses kept as far as they are balanced.
fn end_of_address(text: &str, from: usize, start: usize, stop: Stop) -> usize {
    let mut end = match stop {
        Stop::Standard => text[from..].find(ends_address).map_or(text.len(), |at| from + at),
        Stop::AtChinese => from + length_to_chinese(&text[from..]),
    };
    let count = |sign: char| text[start..end].matches(sign).count();
    let (opened, mut closed) = (count('('), count(')'));
    let has_bracket = text[start..end].contains(['[', '{']);
    while end > from {
        let address = &text[start..end];
        let Some(last) = address.chars().next_back() else { break };
        let drop = match last {
            '?' | '!' | '.' | ',' | ':' | '*' | '_' | '~' | '\'' | '"' => 1,
            ')' if closed > opened => {
                closed -= 1;
                1
            }
            ';' => entity_length(address).unwrap_or(1),
            ']' | '}' if stop == Stop::AtChinese && !has_bracket => 1,
            _ => break,
        };
        end -= drop;
    }
    end.max(from)
}

fn ends_address(c: char) -> bool {
    c.is_whitespace() || c == '<'
}

/// The length of the rest of an address, behind its domain, in a note.
fn length_to_chinese(rest: &str) -> usize {
    let mut last = None;
    for (at, c) in rest.char_indices() {
        let goes_on = if is_cjk_letter(c) {
            last.is_some_and(|last| matches!(last, '/' | '=' | '#') || is_cjk_letter(last))
        } else {
            !(ends_address(c)
                || is_cjk_punctuation(c)
                || matches!(c, '\u{2014}'..='\u{2026}' | '|' | '`'))
        };
        if !goes_on {
            return at;
        }
        last = Some(c);
    }
    rest.len()
}

/// The length of what looks like an entity at the end of the address.
fn entity_length(address: &str) -> Option<usize> {
    let name = address.strip_suffix(';')?;
    let length = name.chars().rev().take_while(char::is_ascii_alphanumeric).count();
    (length > 0 && name[..name.len() - length].ends_with('&')).then_some(length + 2)
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn bare_addresses() {
        for (text, linked) in [
            ("提取https://parg.co/Cqk，提取其中的", "https://parg.co/Cqk"),
            ("见（https://e.org/a(b)）。", "https://e.org/a(b)"),
            ("https://e.org/x。", "https://e.org/x"),
            ("https://e.org/a_b_c?x=1&y=2.", "https://e.org/a_b_c?x=1&amp;y=2"),
            ("(www.example.com/x)", "www.example.com/x"),
            ("HTTP://E.org 文", "HTTP://E.org"),
            ("写信给a.b@e.org吧", "a.b@e.org"),
            ("http://localhost:8080/中文", "http://localhost:8080/中文"),
            ("见https://e.org/wiki/中国/历史_2#起源。", "https://e.org/wiki/中国/历史_2#起源"),
            ("https://e.org/s?wd=一致性&x=二，又", "https://e.org/s?wd=一致性&amp;x=二"),
            ("https://e.org/a#标题 文", "https://e.org/a#标题"),
            ("（www.e.org/词/）", "www.e.org/词/"),
            // Behind a letter, a digit and the domain Chinese is text.
            ("https://e.org/x提取其中的", "https://e.org/x"),
            ("https://e.org/2024年", "https://e.org/2024"),
            ("https://e.org是", "https://e.org"),
            ("https://e.org:80是", "https://e.org:80"),
            ("https://e.org/版本v2发布", "https://e.org/版本v2"),
            ("https://e.org/“甲”", "https://e.org/"),
        ] {
            let html = to_html(text, Options::default());
            assert!(html.contains(&format!(">{linked}</a>")), "{html}");
        }
    }

    #[test]
    fn what_is_no_address() {
        for text in [
            "xhttp://",
            "a:b@",
            "`https://e.org`",
            "w",
            "x@y",
            "http://",
            "https:// e.org",
            "awww.e.org",
        ] {
            assert!(!to_html(text, Options::default()).contains("<a"), "{text}");
        }
    }
}
