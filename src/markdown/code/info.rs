//! The words after the opening fence → language, file and marked lines.
//!
//! Understood: `rust`, `rust,ignore`, `ts{4,6}`, `rust {2,4-6}`, `toml,hl_lines=2`, `py hl_lines="1
//! 3-5"`, `typescript:types/index.ts`, `js title="a.js"`, `js [a.js]`, `{.python .numberLines}`.
//!
//! Must not know: which languages there are.

use std::ops::{Range, RangeInclusive};

/// The words after a fence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Info {
    /// In lower case; empty when there is none.
    pub language: String,
    pub file: Option<String>,
    pub marked: Vec<RangeInclusive<u32>>,
}

pub(super) fn parse(info: &str) -> Info {
    let info = info.trim();
    if let Some(classes) = info.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        let class = classes.0.split_whitespace().find_map(|word| word.strip_prefix('.'));
        let language = class.unwrap_or_default().to_lowercase();
        return Info { language, marked: marked(info), file: named(info) };
    }
    let end = info
        .find(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | ':'))
        .unwrap_or(info.len());
    let (language, rest) = info.split_at(end);
    let after_colon =
        rest.strip_prefix(':').map(|rest| rest.split([' ', '{']).next().unwrap_or_default());
    let is_file = |name: &&str| {
        name.contains(['.', '/']) || name.starts_with(|c: char| c.is_ascii_uppercase())
    };
    let file = after_colon.filter(is_file).map(str::to_owned);
    Info {
        language: language.to_lowercase(),
        file: file
            .or_else(|| named(rest))
            .or_else(|| label(rest).map(|range| rest[range].trim().to_owned())),
        marked: marked(rest),
    }
}

/// The place of the text in the brackets at the end of the words, `js {1} [a.js]`.
pub(super) fn label(info: &str) -> Option<Range<usize>> {
    let end = info.trim_end().strip_suffix(']')?.len();
    let open = info[..end].rfind('[')?;
    let is_apart = info[..open].chars().next_back().is_none_or(char::is_whitespace);
    // `[1,2]` is a slip for `{1,2}`.
    (is_apart && info[open + 1..end].contains(char::is_alphabetic)).then_some(open + 1..end)
}

/// The words without those that name the file.
pub(super) fn without_file(info: &str) -> String {
    if let Some(found) = find_named(info) {
        return format!("{} {}", info[..found.whole.start].trim_end(), &info[found.whole.end..]);
    }
    let Some((language, rest)) = info.split_once(':') else { return info.to_owned() };
    let end = rest.find([' ', '{']).unwrap_or(rest.len());
    format!("{language}{}", &rest[end..])
}

/// `key="value"` in a text.
struct NamedTitle {
    whole: Range<usize>,
    value: Range<usize>,
}

/// The value of `key=value` or `key="value"` that names the file.
fn named(text: &str) -> Option<String> {
    find_named(text).map(|found| text[found.value].to_owned())
}

fn find_named(text: &str) -> Option<NamedTitle> {
    ["title", "file", "filename", "name"].iter().find_map(|key| find_key(text, key))
}

/// The marks around a value.
const QUOTES: [char; 2] = ['"', '\''];

fn find_key(text: &str, key: &str) -> Option<NamedTitle> {
    let start = text.find(&format!("{key}="))?;
    let from = start + key.len() + 1;
    let rest = &text[from..];
    let ends: &[char] = if rest.starts_with(QUOTES) { &QUOTES } else { &[' ', ',', '}'] };
    let from = from + usize::from(rest.starts_with(QUOTES));
    let value = from..text[from..].find(ends).map_or(text.len(), |length| from + length);
    let end = value.end + usize::from(text[value.end..].starts_with(QUOTES));
    let is_word = !text[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    (is_word && !value.is_empty()).then_some(NamedTitle { whole: start..end, value })
}

/// The lines that `{2,4-6}` or `hl_lines=…` name.
fn marked(text: &str) -> Vec<RangeInclusive<u32>> {
    let keyed = text.split_once("hl_lines=").map(|(_, rest)| match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => rest[1..].split(quote).next().unwrap_or_default(),
        Some('[') => rest[1..].split(']').next().unwrap_or_default(),
        _ => rest.split([' ', ',', '}']).next().unwrap_or_default(),
    });
    let braced = || {
        let (_, rest) = text.split_once('{')?;
        let inner = rest.split_once('}')?.0;
        inner.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '-' | ' ')).then_some(inner)
    };
    keyed.or_else(braced).map_or_else(Vec::new, ranges)
}

fn ranges(text: &str) -> Vec<RangeInclusive<u32>> {
    let words = text.split([',', ' ', '"']).filter(|word| !word.is_empty());
    let range = |word: &str| {
        let (from, to) = word.split_once('-').unwrap_or((word, word));
        Some(from.trim().parse().ok()?..=to.trim().parse().ok()?)
    };
    words.filter_map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_real_notes() {
        for (text, language, file, marked) in [
            ("rust", "rust", None, vec![]),
            ("rust,ignore", "rust", None, vec![]),
            ("ts{4,6}", "ts", None, vec![4..=4, 6..=6]),
            ("rust {2,4-6}", "rust", None, vec![2..=2, 4..=6]),
            ("toml,hl_lines=2", "toml", None, vec![2..=2]),
            ("py hl_lines=\"1 3-5\"", "py", None, vec![1..=1, 3..=5]),
            ("go {linenos=table,hl_lines=[8,\"15-17\"]}", "go", None, vec![8..=8, 15..=17]),
            ("typescript:types/index.ts", "typescript", Some("types/index.ts"), vec![]),
            ("docker:Dockerfile {1}", "docker", Some("Dockerfile"), vec![1..=1]),
            ("js:no-line-numbers", "js", None, vec![]),
            ("js title=\"a b.js\"", "js", Some("a b.js"), vec![]),
            ("js {2} [a b.js]", "js", Some("a b.js"), vec![2..=2]),
            ("js a[0]", "js", None, vec![]),
            ("js []", "js", None, vec![]),
            ("js [1,2]", "js", None, vec![]),
            ("{.python .numberLines}", "python", None, vec![]),
            ("C++ ", "c++", None, vec![]),
            ("c#", "c#", None, vec![]),
            ("{}", "", None, vec![]),
            ("", "", None, vec![]),
            ("js {a-b}", "js", None, vec![]),
        ] {
            let expected =
                Info { language: language.to_owned(), file: file.map(str::to_owned), marked };
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn the_name_of_a_file_is_taken_out_and_nothing_else() {
        for (text, expected) in [
            ("js {1} title='a b.js' x", "js {1}  x"),
            ("js title=\"a.js\"", "js "),
            ("js title=\"a", "js "),
            ("js:a.js {1}", "js {1}"),
            ("js:a.js{1}", "js{1}"),
            ("{.python file=a.py}", "{.python }"),
            ("js subtitle=a", "js subtitle=a"),
            ("js", "js"),
        ] {
            let rest = without_file(text);
            assert_eq!(rest, expected, "{text}");
            let (before, after) = (parse(text), parse(&rest));
            assert_eq!((before.language, before.marked), (after.language, after.marked), "{text}");
        }
    }
}
