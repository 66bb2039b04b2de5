//! The text of a note, and new destinations for some of its pictures → the text with these
//! destinations and no other change.
//!
//! The parser says what is a destination: each piece of text that may be one of them is replaced by
//! a mark of its own, and those count whose marks come back as destinations of pictures, and of
//! nothing else. The new text is parsed as well, and is dropped if it shows anything else than the
//! old one.
//!
//! Must not know: the meaning of the destinations, the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::AhoCorasick;

use crate::markdown::{Link, LinkKind, Parsed, decode_entities};

/// The beginning of the marks: an address of a picture that no note has (RFC 6761).
const MARK: &str = "https://notes-mark.invalid/";
/// Most times that a text is parsed to find the pieces whose marks change more.
const MOST_PARSES: usize = 400;
/// No character reference is longer; in bytes.
const LONGEST_REFERENCE: usize = 33;

/// A note whose pictures got other destinations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The new text.
    pub text: String,
    /// The links that have another destination, by their index.
    pub changed: BTreeSet<usize>,
    /// The number of places in the text.
    pub count: usize,
}

/// A destination as it is written in a text.
#[derive(Debug, Clone, Copy)]
pub struct WrittenDestination<'t> {
    /// The destination, with escapes and character references decoded.
    pub destination: &'t str,
    /// The piece of text.
    pub written: &'t str,
}

/// A piece of text that may be a destination.
struct TextPiece<'d> {
    range: Range<usize>,
    destination: &'d str,
}

/// The pictures among the links of a text, by their index, those for other screens among them. A
/// name in double brackets is looked up in all folders, so it is none.
#[must_use]
pub fn pictures(parsed: &Parsed) -> BTreeSet<usize> {
    let images = parsed.links.iter().enumerate();
    let images = images.filter(|(_, link)| link.kind == LinkKind::Image && !link.is_wiki);
    let alone = images.map(|(index, _)| index);
    let of_links = parsed.links.iter().flat_map(|link| &link.candidates);
    let candidates = of_links.chain(parsed.document.candidates());
    alone.chain(candidates.map(|candidate| candidate.link as usize)).collect()
}

/// The text with other destinations for its pictures: `replaced` gives the new one as it is to be
/// written, for those that change. `parse` parses a text as the note is parsed, and `parsed` is
/// what it gives for `text`.
#[must_use]
pub fn rewritten(
    text: &str,
    parsed: &Parsed,
    parse: impl Fn(&str) -> Parsed,
    mut replaced: impl FnMut(WrittenDestination<'_>) -> Option<String>,
) -> Rewritten {
    let pictures = pictures(parsed);
    let destinations = pictures.iter().map(|index| parsed.links[*index].destination.as_str());
    let pieces = pieces(text, &destinations.collect());
    let links = links_of(text, parsed, &parse, &pieces);
    let is_picture = |piece: &TextPiece<'_>, links: &BTreeSet<usize>| {
        let has_it = |index: &usize| parsed.links[*index].destination == piece.destination;
        !links.is_empty() && links.is_subset(&pictures) && links.iter().all(has_it)
    };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut changed = BTreeSet::new();
    for (piece, links) in pieces.iter().zip(links) {
        let written = &text[piece.range.clone()];
        let given = WrittenDestination { destination: piece.destination, written };
        if is_picture(piece, &links)
            && let Some(new) = replaced(given)
        {
            edits.push((piece.range.clone(), new));
            changed.extend(links);
        }
    }
    let new = edited(text, edits.iter().map(|(range, new)| (range.clone(), new.as_str())));
    if !edits.is_empty() && differs_there_only(parsed, &parse(&new), &changed) {
        return Rewritten { text: new, changed, count: edits.len() };
    }
    Rewritten { text: text.to_owned(), changed: BTreeSet::new(), count: 0 }
}

/// True if the new text differs in the destinations of these links, and in nothing else.
fn differs_there_only(old: &Parsed, new: &Parsed, changed: &BTreeSet<usize>) -> bool {
    let keeps = |(index, (old, new)): (usize, (&Link, &Link))| {
        changed.contains(&index) || old.destination == new.destination
    };
    old.shows_the_same(new) && old.links.iter().zip(&new.links).enumerate().all(keeps)
}

/// For each piece of text the links that have it as their destination, as far as that can be said.
fn links_of(
    text: &str,
    parsed: &Parsed,
    parse: &impl Fn(&str) -> Parsed,
    pieces: &[TextPiece<'_>],
) -> Vec<BTreeSet<usize>> {
    let mut parses = MOST_PARSES;
    let mut links = Vec::with_capacity(pieces.len());
    // Halved until the odd pieces are alone.
    let mut left = vec![pieces];
    while let Some(some) = left.pop() {
        let found = (!some.is_empty() && parses > 0).then(|| {
            parses -= 1;
            marked(text, parsed, parse, some)
        });
        match found.flatten() {
            Some(found) => links.extend(found),
            None if some.len() > 1 && parses > 0 => {
                let (first, second) = some.split_at(some.len() / 2);
                left.extend([second, first]);
            }
            None => links.extend(some.iter().map(|_| BTreeSet::new())),
        }
    }
    links
}

/// For each piece of text the links that have it as their destination; `None` if the text with
/// marks in place of the pieces has other links.
fn marked(
    text: &str,
    parsed: &Parsed,
    parse: &impl Fn(&str) -> Parsed,
    pieces: &[TextPiece<'_>],
) -> Option<Vec<BTreeSet<usize>>> {
    let marks: Vec<String> =
        (0..pieces.len()).map(|number| format!("{MARK}{number}.png")).collect();
    let edits = pieces.iter().zip(&marks).map(|(piece, mark)| (piece.range.clone(), mark.as_str()));
    let found = parse(&edited(text, edits));
    let kinds =
        |parsed: &Parsed| -> Vec<LinkKind> { parsed.links.iter().map(|link| link.kind).collect() };
    if kinds(parsed) != kinds(&found) {
        return None;
    }
    let mut links = vec![BTreeSet::new(); pieces.len()];
    let numbers: BTreeMap<&str, usize> = marks.iter().map(String::as_str).zip(0..).collect();
    for (index, link) in found.links.iter().enumerate() {
        if let Some(number) = numbers.get(link.destination.as_str()) {
            links[*number].insert(index);
        }
    }
    Some(links)
}

/// A text with replacements, in the order of their places.
fn edited<'e>(text: &str, edits: impl Iterator<Item = (Range<usize>, &'e str)>) -> String {
    let (mut new, mut from) = (String::with_capacity(text.len()), 0);
    for (range, replacement) in edits {
        new.push_str(&text[from..range.start]);
        new.push_str(replacement);
        from = range.end;
    }
    new.push_str(&text[from..]);
    new
}

/// The pieces of a text that may be these destinations, in order; of two at one place the longer.
fn pieces<'d>(text: &str, destinations: &BTreeSet<&'d str>) -> Vec<TextPiece<'d>> {
    let mut by_begin: BTreeMap<&str, Vec<&'d str>> = BTreeMap::new();
    for destination in destinations.iter().filter(|destination| !destination.is_empty()) {
        by_begin.entry(plain_begin(destination)).or_default().push(destination);
    }
    let Ok(begins) = AhoCorasick::new(by_begin.keys()) else { return Vec::new() };
    let groups: Vec<&[&'d str]> = by_begin.values().map(Vec::as_slice).collect();
    let mut found: Vec<TextPiece<'d>> = Vec::new();
    for begin in begins.find_overlapping_iter(text) {
        let group = groups[begin.pattern().as_usize()];
        if let Some((end, destination)) = longest(text, begin.start(), group, 0) {
            found.push(TextPiece { range: begin.start()..end, destination });
        }
    }
    found.sort_by_key(|piece| (piece.range.start, std::cmp::Reverse(piece.range.end)));
    let mut end = 0;
    found.retain(|piece| {
        let is_apart = piece.range.start >= end;
        end = if is_apart { piece.range.end } else { end };
        is_apart
    });
    found
}

/// The beginning of a destination that has no other spelling; its first character at least.
fn plain_begin(destination: &str) -> &str {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | ':' | '.');
    let first = destination.chars().next().map_or(0, char::len_utf8);
    let end = destination.find(|c| !is_plain(c)).unwrap_or(destination.len());
    // `.` and `:` may be escaped, which hardly any writer does at the beginning of an address.
    let end = destination[..end].find(['.', ':']).filter(|at| *at > 0).unwrap_or(end);
    &destination[..end.max(first)]
}

/// The longest text from a place on that spells the rest of one of these destinations after their
/// first `matched` bytes, which they have in common; with that destination. They are in order.
/// Characters may be escaped with a backslash or written as character references.
fn longest<'d>(
    text: &str,
    mut at: usize,
    mut destinations: &[&'d str],
    mut matched: usize,
) -> Option<(usize, &'d str)> {
    let mut found = None;
    while let Some(first) = destinations.first() {
        if first.len() == matched {
            found = found.max(Some((at, *first)));
        }
        let rest = &text[at..];
        let Some(sign) = rest.chars().next() else { break };
        if sign == '&'
            && let Some((length, characters)) = reference(rest)
        {
            let those = going_on(destinations, matched, &characters);
            found = found.max(longest(text, at + length, those, matched + characters.len()));
        } else if sign == '\\'
            && let Some(escaped) =
                rest.get(1..2).filter(|it| it.as_bytes()[0].is_ascii_punctuation())
        {
            let those = going_on(destinations, matched, escaped);
            found = found.max(longest(text, at + 2, those, matched + 1));
        }
        destinations = going_on(destinations, matched, &rest[..sign.len_utf8()]);
        (at, matched) = (at + sign.len_utf8(), matched + sign.len_utf8());
    }
    found
}

/// Those of destinations in order that go on with a text after their first `matched` bytes, which
/// they have in common.
fn going_on<'s, 'd>(destinations: &'s [&'d str], matched: usize, text: &str) -> &'s [&'d str] {
    let rest = |destination: &&'d str| &destination.as_bytes()[matched..];
    let begin = destinations.partition_point(|it| rest(it) < text.as_bytes());
    let those = &destinations[begin..];
    &those[..those.partition_point(|it| rest(it).starts_with(text.as_bytes()))]
}

/// The length of the character reference that a text begins with, and its characters.
fn reference(text: &str) -> Option<(usize, String)> {
    let end = text.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';')?;
    let written = text.get(..=end)?;
    let characters = decode_entities(written);
    (characters != written).then_some((end + 1, characters))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markdown::{Context, parse};

    fn parsed(text: &str) -> Parsed {
        parse(text, &Context::default())
    }

    /// The text with `l.png`, or what `name` gives, in place of the pictures of other sites.
    fn local_with(text: &str, name: impl Fn(&str) -> String) -> Rewritten {
        rewritten(text, &parsed(text), parsed, |written| {
            let is_remote = ["https://", "http://", "//"]
                .iter()
                .any(|begin| written.destination.to_lowercase().starts_with(begin));
            is_remote.then(|| name(written.destination))
        })
    }

    fn local(text: &str) -> String {
        local_with(text, |_| "l.png".to_owned()).text
    }

    #[test]
    fn pictures_of_every_syntax_change_and_nothing_else() {
        for (text, expected) in [
            ("![a](https://e.org/a.png)", "![a](l.png)"),
            ("![a](https://e.org/a.png \"t\")", "![a](l.png \"t\")"),
            ("![a](<https://e.org/a b.png> 't')", "![a](<l.png> 't')"),
            ("![a](https://e.org/a b.png)", "![a](l.png)"),
            ("![a](https://e.org/a.png =100x50)", "![a](l.png =100x50)"),
            ("![a](https://e.org/a_(1).png)", "![a](l.png)"),
            (r"![a](https://e.org/a\_\(1\).png)", "![a](l.png)"),
            ("![a](https://e.org/%E5%9B%BE.png?x=1&y=2)", "![a](l.png)"),
            ("![a](https://e.org/图.png?x=1&amp;y=2)", "![a](l.png)"),
            ("![a](HTTP://e.org/a.png)", "![a](l.png)"),
            ("![a](//e.org/a.png)", "![a](l.png)"),
            (
                "[![a](https://e.org/a.png)](https://e.org/a.png)",
                "[![a](l.png)](https://e.org/a.png)",
            ),
            ("![a][b]\n\n[b]: https://e.org/a.png 't'\n", "![a][b]\n\n[b]: l.png 't'\n"),
            (
                "![a][b] ![c][b]\n\n[B]: <https://e.org/a.png>\n",
                "![a][b] ![c][b]\n\n[B]: <l.png>\n",
            ),
            (
                "<img src=\"https://e.org/a.png?x&amp;y\" alt='https://e.org/a.png?x&y'>",
                "<img src=\"l.png\" alt='https://e.org/a.png?x&y'>",
            ),
            ("<p><img width=3 src=https://e.org/a.png></p>", "<p><img width=3 src=l.png></p>"),
            (
                "<img src='a.png' srcset='https://e.org/a.png 1x, https://e.org/b.png 2x'>",
                "<img src='a.png' srcset='l.png 1x, l.png 2x'>",
            ),
            ("| a |\n|---|\n| ![a](https://e.org/a.png) |", "| a |\n|---|\n| ![a](l.png) |"),
            ("> - ![a](https://e.org/a.png)\r\n> - b\r\n", "> - ![a](l.png)\r\n> - b\r\n"),
            ("\u{FEFF}# ![a](https://e.org/a.png)", "\u{FEFF}# ![a](l.png)"),
            (
                "<picture><source srcset=\"https://e.org/a.webp\"><img src='//e.org/a.png'></picture>",
                "<picture><source srcset=\"l.png\"><img src='l.png'></picture>",
            ),
            (
                "{{< figure src=\"https://e.org/a.png\" alt=\"b\" >}}",
                "{{< figure src=\"l.png\" alt=\"b\" >}}",
            ),
            ("![a|300](https://e.org/a.png){width=50%}", "![a|300](l.png){width=50%}"),
            // The longer of two addresses that begin alike.
            ("![](https://e.org/a.png) ![](https://e.org/a.png?2)", "![](l.png) ![](l.png)"),
        ] {
            let text_of_note = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n");
            assert_eq!(local(text), expected, "{text} {:?}", parsed(&text_of_note).links);
        }
    }

    #[test]
    fn text_that_is_no_picture_stays() {
        for text in [
            "`![a](https://e.org/a.png)`",
            "```\n![a](https://e.org/a.png)\n```",
            "    ![a](https://e.org/a.png)\n",
            "<!-- ![a](https://e.org/a.png) -->",
            "[a](https://e.org/a.png) https://e.org/a.png <https://e.org/a.png>",
            r"\![a](https://e.org/a.png)",
            "![a](https://e.org/a.mp4)",
            "![a](a.png) ![b](/b.png)",
            "<video src=\"https://e.org/a.png\"></video>",
            // The link would lead elsewhere.
            "![a][b] [c][b]\n\n[b]: https://e.org/a.png\n",
        ] {
            assert_eq!(local(text), text);
        }
        let mixed = "`![](https://e.org/a.png)` ![](https://e.org/a.png) https://e.org/a.png";
        assert_eq!(local(mixed), "`![](https://e.org/a.png)` ![](l.png) https://e.org/a.png");
    }

    #[test]
    fn a_text_that_would_show_something_else_stays() {
        let text = "![a](https://e.org/a.png) and **more**";
        for name in ["l.mp4", "l) `x", "l.png \"t\""] {
            let found = local_with(text, |_| name.to_owned());
            assert_eq!((found.text.as_str(), found.count), (text, 0), "{name}");
        }
    }

    #[test]
    fn an_odd_place_among_many_pictures_stays_alone() {
        let many = (0..300).map(|number| format!("![a](https://e.org/{number}.png)\n"));
        let many = many.collect::<Vec<_>>().concat();
        // With a mark in its place, the video is an image.
        let odd = "![v](https://e.org/v.mp4)\n";
        let text = format!("{many}\n<img src=\"https://e.org/v.mp4\"> {odd}\n{many}");
        let before = parsed(&text);
        let destinations = pictures(&before).into_iter();
        let destinations = destinations.map(|index| before.links[index].destination.as_str());
        assert!(marked(&text, &before, &parsed, &pieces(&text, &destinations.collect())).is_none());
        let expected = format!("<img src=\"l.png\"> {odd}");
        let found = local(&text);
        assert_eq!(found.matches("(l.png)").count(), 600);
        assert!(found.contains(&expected));
    }

    #[test]
    fn pieces_are_found_in_every_spelling() {
        let destinations = ["https://e.org/a_b&c", "https://e.org/a_b&c&amp;d", "/x", "https", "é"];
        for (text, expected) in [
            ("https://e.org/a_b&c", vec![("https://e.org/a_b&c", 0)]),
            (r"-https:\/\/e\.org/a\_b&amp;c-", vec![(r"https:\/\/e\.org/a\_b&amp;c", 0)]),
            ("https://e.org/a_b&#38;c&amp;d", vec![("https://e.org/a_b&#38;c&amp;d", 1)]),
            (
                "https://e.org/a_b&amp;c&amp;amp;d/x",
                vec![("https://e.org/a_b&amp;c&amp;amp;d", 1), ("/x", 2)],
            ),
            ("https://e.org/a_c é \\x https\\", vec![("https", 3), ("é", 4), ("https", 3)]),
        ] {
            let found = pieces(text, &destinations.into_iter().collect());
            let found: Vec<_> =
                found.into_iter().map(|piece| (&text[piece.range], piece.destination)).collect();
            let expected: Vec<_> =
                expected.into_iter().map(|(text, number)| (text, destinations[number])).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    /// Pieces of notes: pictures of all kinds, and what may stand around them.
    fn piece() -> impl Strategy<Value = String> {
        let address = prop_oneof![
            Just("https://e.org/a.png"),
            Just("http://e.org/b_c.png"),
            Just("//e.org/d(1).png"),
            Just("https://e.org/e.png?x=1&amp;y=2#z"),
            Just("https://e.org/f%20g.png"),
        ];
        (0..14_usize, address).prop_map(|(kind, address)| match kind {
            0 => format!("![a]({address})"),
            1 => format!("![a](<{address}> 't')"),
            2 => format!("[![a]({address})]({address})"),
            3 => format!("<img src=\"{address}\">"),
            4 => format!("\n\n![a][{}]\n\n[{}]: {address}\n\n", address.len(), address.len()),
            5 => format!("`{address}`"),
            6 => format!("\n\n```\n![a]({address})\n```\n\n"),
            7 => format!("[a]({address})"),
            8 => format!(" {address} "),
            9 => "\n\n> ".to_owned(),
            10 => "\n- ".to_owned(),
            11 => "**粗体** _x_ ".to_owned(),
            12 => "\n\n| a | b |\n|---|---|\n| ".to_owned(),
            _ => "` <p> \\".to_owned(),
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn only_destinations_of_pictures_change_and_all_come_back(
            pieces in proptest::collection::vec(piece(), 1..12),
        ) {
            let text = pieces.concat();
            let before = parsed(&text);
            let numbers: BTreeMap<String, usize> =
                before.links.iter().map(|link| link.destination.clone()).zip(0..).collect();
            let name = |address: &str| format!("../a/{}.png", numbers[address]);
            let found = local_with(&text, name);
            let after = parsed(&found.text);
            prop_assert!(before.shows_the_same(&after));
            for (index, (old, new)) in before.links.iter().zip(&after.links).enumerate() {
                let expected = if found.changed.contains(&index) {
                    prop_assert!(pictures(&before).contains(&index));
                    name(&old.destination)
                } else {
                    old.destination.clone()
                };
                prop_assert_eq!(&new.destination, &expected);
            }
            let back = rewritten(&found.text, &after, parsed, |written| {
                let number = written.destination.strip_prefix("../a/")?.strip_suffix(".png")?;
                let address = numbers.iter().find(|(_, known)| known.to_string() == number)?.0;
                Some(address.replace('&', "&amp;"))
            });
            prop_assert_eq!(back.text, text);
        }
    }
}
