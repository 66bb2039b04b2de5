//! The parser's items → diagnostics about text that looks other than the writer meant: headings
//! that skip a level, code that never ends, emphasis marks that stayed characters.
//!
//! Must not know: other notes, HTML.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use crate::diagnostic::{Diagnostic, Fix, Kind};
use crate::markdown::item::{Item, Spanned, end_of, is_inline, plain_text};
use crate::markdown::link::LinkKind;
use crate::markdown::{Draft, Link, code};
use crate::phrase::phrase;

/// Reports suspicious text.
pub(crate) fn look(items: &[Spanned<'_>], draft: &mut Draft<'_>) {
    let mut last_level = None;
    let mut signs = Signs::default();
    let mut is_code = false;
    for (index, (item, range)) in items.iter().enumerate() {
        let Item::Event(event) = item else { continue };
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let text = plain_text(&items[index..end_of(items, index)]);
                heading(*level as u8, last_level, &text, range, draft);
                last_level = Some(*level as u8);
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                is_code = true;
                if let CodeBlockKind::Fenced(info) = kind {
                    fence(info, range, draft);
                }
            }
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Text(_) if !is_code => signs.find(draft.lines.text(), range),
            _ => {}
        }
        if ends_line(event) {
            signs.report(draft);
        }
    }
    signs.report(draft);
}

fn heading(level: u8, last: Option<u8>, text: &str, range: &Range<usize>, draft: &mut Draft<'_>) {
    if let Some(last) = last.filter(|last| level > last + 1) {
        let message =
            phrase!("a heading of level {level} follows one of level {last}", level, last);
        let help = phrase!(
            "write `{last} …`, or the heading that is missing",
            last = "#".repeat(usize::from(last) + 1)
        );
        draft.report(range, Diagnostic::new(Kind::HeadingSkip, message).help(help));
    }
    if text.is_empty() {
        let problem = Diagnostic::new(Kind::EmptyHeading, phrase!("the heading has no text"));
        draft.report(range, problem.help(phrase!("write its text or remove the signs")));
    }
}

/// Looks at a fenced code block.
fn fence(info: &str, range: &Range<usize>, draft: &mut Draft<'_>) {
    let Some(source) = draft.lines.text().get(range.clone()) else { return };
    let first = source.lines().next().unwrap_or_default();
    let fence_range = range.start..range.start + first.len();
    if !is_closed(source) {
        let problem = Diagnostic::new(Kind::UnclosedFence, phrase!("the code block has no end"))
            .help(phrase!("end it with a line of the same signs"));
        draft.report(&fence_range, problem);
    }
    let language = code::language_of(info);
    let is_drawn = draft.drawings.is_some_and(|drawings| drawings.has_command(&language));
    if !is_drawn && !code::is_known(&language) {
        let at = first.to_lowercase().find(&language).filter(|_| first.is_ascii());
        let place =
            at.map_or(fence_range, |at| range.start + at..range.start + at + language.len());
        let problem = Diagnostic::new(
            Kind::UnknownLanguage,
            phrase!("unknown language `{language}`: the code is not highlighted", language),
        );
        draft.report(&place, problem.help(code::instead_of(&language)));
    }
}

/// True if the last line of a fenced block is a fence that ends it (CommonMark 0.31 §4.5).
fn is_closed(source: &str) -> bool {
    let Some(sign) = source.chars().next().filter(|sign| matches!(sign, '`' | '~')) else {
        return true;
    };
    let length = source.chars().take_while(|c| *c == sign).count();
    let (_, last) = source.trim_end().rsplit_once('\n').unwrap_or_default();
    let last = last.trim_start_matches([' ', '\t', '>']);
    last.len() >= length && last.chars().all(|c| c == sign)
}

/// True if the text that follows is in another line or block.
fn ends_line(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => !is_inline(tag.to_end()),
        Event::End(tag) => !is_inline(*tag),
        Event::HardBreak | Event::Rule => true,
        _ => false,
    }
}

/// A pair of asterisks or tildes that is text.
struct Sign {
    byte: u8,
    range: Range<usize>,
    before: Option<char>,
    after: Option<char>,
}

impl Sign {
    /// True if a word could begin after it.
    fn may_open(&self) -> bool {
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let is_operator = is_word(self.before) && is_word(self.after);
        let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let floats = self.before.is_some() && is_blank(self.before) && is_blank(self.after);
        !is_operator && !floats && !self.is_of_path()
    }

    /// True if a word could end before it.
    fn may_close(&self) -> bool {
        let after_blank = self.before.is_some_and(char::is_whitespace);
        let begins_word = self.after.is_some_and(|c| c.is_ascii_alphanumeric());
        !(self.is_of_path() || after_blank && begins_word)
    }

    /// `src/**/*.rs`
    fn is_of_path(&self) -> bool {
        [self.before, self.after].contains(&Some('/')) || self.after == Some('.')
    }
}

/// The pairs of signs of a line of text.
#[derive(Default)]
struct Signs(Vec<Sign>);

impl Signs {
    /// Finds those in a text at a range of the source, escapes left out.
    fn find(&mut self, source: &str, range: &Range<usize>) {
        let Some(text) = source.get(range.clone()) else { return };
        let bytes = text.as_bytes();
        let mut from = 0;
        while let Some(at) = memchr::memchr2(b'*', b'~', &bytes[from..]).map(|found| from + found) {
            let sign = bytes[at];
            let length = bytes[at..].iter().take_while(|byte| **byte == sign).count();
            from = at + length;
            let start = range.start + at;
            let before = source[..start].chars().next_back().filter(|c| *c != '\n');
            let after = source[start + length..].chars().next().filter(|c| *c != '\n');
            if length == 2 && before != Some('\\') {
                self.0.push(Sign { byte: sign, range: start..start + length, before, after });
            }
        }
    }

    /// Reports the first two of a line that look like a pair, and forgets all.
    fn report(&mut self, draft: &mut Draft<'_>) {
        let signs = std::mem::take(&mut self.0);
        let opening = signs.iter().enumerate().find(|(_, sign)| sign.may_open());
        let Some((index, opening)) = opening else { return };
        let is_partner = |sign: &&Sign| sign.byte == opening.byte && sign.may_close();
        let Some(closing) = signs[index + 1..].iter().find(is_partner) else { return };
        let between =
            draft.lines.text().get(opening.range.end..closing.range.start).unwrap_or_default();
        if !between.contains(char::is_alphanumeric) {
            return;
        }
        let mark = if opening.byte == b'*' { "**" } else { "~~" };
        let problem = Diagnostic::new(
            Kind::LiteralEmphasis,
            phrase!("`{mark}` is shown as it is written", mark),
        )
        .help(phrase!("write no blank between `{mark}` and the words", mark));
        draft.report(&(opening.range.start..closing.range.end), problem);
    }
}

/// Diagnostics about images, which are known only after all passes.
pub(crate) fn images(links: &[Link]) -> Vec<Diagnostic> {
    let of_image = |image: &Link| {
        let insecure =
            image.destination.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("http:"));
        let insecure = insecure.then(|| {
            let old = image.destination.clone();
            let new = format!("https:{}", &old[5..]);
            Diagnostic::new(Kind::InsecureImage, phrase!("the image is asked for over http:"))
                .help(phrase!("write `https:`"))
                .fix(Fix::Replace { old, new })
        });
        let nameless = image.text.trim().is_empty().then(|| {
            Diagnostic::new(Kind::MissingAlt, phrase!("the image has no description"))
                .help(phrase!("write between the brackets what it shows"))
        });
        let place = image.place;
        [insecure, nameless].into_iter().flatten().map(move |problem| problem.at(place))
    };
    links.iter().filter(|link| link.kind == LinkKind::Image).flat_map(of_image).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::extract::fixture::found;

    #[test]
    fn headings() {
        for (text, expected) in [
            ("# a\n\n### b", vec![(Kind::HeadingSkip, 3, 1, 5)]),
            ("### a\n\n# b\n\n## c\n\n# d", vec![]),
            (
                "# a\n\n##\n\n## `x`\n\n## ![](i.png)",
                vec![
                    (Kind::EmptyHeading, 3, 1, 2),
                    (Kind::EmptyHeading, 7, 1, 13),
                    (Kind::MissingAlt, 7, 8, 5),
                ],
            ),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn fences() {
        let unclosed = |line, column, width| vec![(Kind::UnclosedFence, line, column, width)];
        for (text, expected) in [
            ("```\na\n```", vec![]),
            ("```\na\n`````\n", vec![]),
            ("a\n\n```sh\na\n", unclosed(3, 1, 5)),
            ("```\n", unclosed(1, 1, 3)),
            ("````\na\n```\n", unclosed(1, 1, 4)),
            ("> ~~~\n> a\n\nb", unclosed(1, 3, 3)),
            ("> ~~~\n> a\n> ~~~\n\nb", vec![]),
            ("- x\n\n  ```\n  a\n  ```\n- y", vec![]),
            ("```wat {1}\n```", vec![(Kind::UnknownLanguage, 1, 4, 3)]),
            ("```Rust,ignore\n```", vec![]),
            ("```text\n```\n\n```mermaid\n```", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn signs_that_stayed_signs() {
        let literal = |column, width| vec![(Kind::LiteralEmphasis, 1, column, width)];
        for (text, expected) in [
            ("使用 **Hive **作为", literal(4, 9)),
            ("** 注意 ** 甲", literal(1, 8)),
            ("~~ 旧 ~~", literal(1, 7)),
            ("**粗体**与`** x **`", vec![]),
            ("password:******，**", vec![]),
            ("2**3 and 4**5", vec![]),
            ("f(**a, **b)", vec![]),
            ("src/**/*.rs 与 lib/**/*.rs", vec![]),
            ("a ** b ** c", vec![]),
            (r"\*\*x \*\*", vec![]),
            ("- ** a\n- b ** ", vec![]),
            ("** **", vec![]),
            ("```text\n作为 **甲 **与\n```", vec![]),
            ("    作为 **甲 **与\n", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn images_without_words_or_safety() {
        let text = "![](a.png) <img src=\"HTTP://e.org/b.png\"> ![x](http://e.org/c.png)";
        let mut kinds: Vec<_> =
            found(text).into_iter().map(|(kind, _, column, _)| (column, kind)).collect();
        kinds.sort();
        let expected = [
            (5, Kind::MissingAlt),
            (22, Kind::MissingAlt),
            (22, Kind::InsecureImage),
            (48, Kind::InsecureImage),
        ];
        assert_eq!(kinds, expected);
    }
}
