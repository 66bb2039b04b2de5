//! Any text without raw HTML: the renderers do not fail, every element of the HTML is closed in its
//! place, no two have one id, and the plain text is about as long as the text itself.

#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use notes::markdown::{Context, Options, Rules, parse, passages};

/// Elements without an end tag (WHATWG HTML §13.1.2).
const VOID: [&str; 8] = ["area", "br", "col", "hr", "img", "input", "source", "wbr"];

fuzz_target!(|input: (u8, &str)| {
    let (switches, text) = input;
    let is_on = |bit: u8| switches & (1 << bit) != 0;
    let options = Options {
        rules: if is_on(0) { Rules::Gfm } else { Rules::Notes },
        definition_lists: is_on(1),
        subscript: is_on(2),
        superscript: is_on(3),
        wiki_links: is_on(4),
        smart_punctuation: is_on(5),
        ..Options::default()
    };
    // Raw HTML is as the writer left it; the target `html` looks at that.
    let text = text.replace('<', "(");
    let parsed = parse(&*text, &Context { options, ..Context::default() });
    let html = parsed.to_html();
    look_at(&html);
    let plain = passages(&parsed);
    let length: usize = plain.iter().map(|one| one.text.len() + one.code.len()).sum();
    assert!(length <= 8 * text.len() + 64, "{length} of {}: {plain:?}", text.len());
    assert_eq!(parsed.to_html(), html);
});

fn look_at(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut ids = HashSet::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let Some((tag, behind)) = split_tag(&rest[at + 1..]) else {
            panic!("a tag without an end: {html}");
        };
        rest = behind;
        let name = tag.split([' ', '\n', '/']).find(|name| !name.is_empty()).unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{html}");
        } else if !VOID.contains(&name) && !name.starts_with('!') && !tag.ends_with('/') {
            open.push(name);
        }
        if let Some((_, id)) = tag.split_once(" id=\"") {
            let id = id.split('"').next().unwrap_or_default();
            assert!(ids.insert(id), "two elements have the id {id}: {html}");
        }
    }
    assert!(open.is_empty(), "{open:?} are left open: {html}");
}

/// A tag without its brackets, and the text behind it. A quoted value may contain `>`.
fn split_tag(text: &str) -> Option<(&str, &str)> {
    if let Some(comment) = text.strip_prefix("!--") {
        return Some(("!--", comment.split_once("-->")?.1));
    }
    let mut is_quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            '>' if !is_quoted => return Some((&text[..at], &text[at + 1..])),
            _ => {}
        }
    }
    None
}
