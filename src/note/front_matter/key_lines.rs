//! Lines `key: value` → the values of each key, where YAML cannot be read or is not meant: the head
//! of a note of `MkDocs` has no marks around it.
//!
//! Must not know: the keys that are of use, Markdown.

use std::collections::HashMap;

/// Keys by one of which the first lines of a note of `MkDocs` are its head, and no text such as
/// `Note: …`.
const KNOWN: [&str; 14] = [
    "author",
    "authors",
    "date",
    "description",
    "hide",
    "icon",
    "keywords",
    "lang",
    "language",
    "status",
    "summary",
    "tags",
    "template",
    "title",
];

/// The values of keys.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct KeyLines {
    values: HashMap<String, Vec<String>>,
}

impl KeyLines {
    /// Reads the lines that are simple, and leaves the others out.
    pub fn read(head: &str) -> Self {
        let mut found = Self::default();
        let mut list: Option<String> = None;
        for line in head.lines() {
            if let Some((key, value)) = key_and_value(line) {
                list = None;
                if found.values.contains_key(key) {
                    continue;
                }
                let values = values(value);
                if value.is_empty() {
                    list = Some(key.to_owned());
                }
                found.values.insert(key.to_owned(), values);
            } else if let (Some(key), Some(item)) = (&list, line.trim_start().strip_prefix("- ")) {
                found.values.entry(key.clone()).or_default().extend(plain(item));
            }
        }
        found
    }

    /// The head of a note of `MkDocs` without marks around it, and the number of its bytes: lines
    /// up to the first blank one.
    pub fn at_top(text: &str) -> Option<(Self, usize)> {
        let mut length = 0;
        for line in text.split_inclusive('\n') {
            if line.trim().is_empty() {
                break;
            }
            let goes_on = length > 0 && line.starts_with("    ");
            if !goes_on && key_and_value(line).is_none() {
                return None;
            }
            length += line.len();
        }
        let found = Self::read(&text[..length]);
        let is_head = KNOWN.iter().any(|key| found.values.contains_key(*key));
        is_head.then_some((found, length))
    }

    /// The values of a key.
    pub fn of(&self, key: &str) -> Vec<String> {
        self.values.get(key).cloned().unwrap_or_default()
    }
}

/// A line that is not indented, in two parts: `key: value` of YAML, `key = value` of TOML.
fn key_and_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(['：', ':', '='])?;
    let key = unquoted(key.trim_end());
    let is_key =
        !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    // An address is no key.
    (is_key && !value.starts_with("//")).then_some((key, without_comment(value.trim())))
}

/// A value without the comment behind it, which could hide that a note is a draft. Quoted values
/// and lists keep theirs: a `#` may be in the quotes.
fn without_comment(value: &str) -> &str {
    if value.starts_with(['"', '\'', '[']) {
        return value;
    }
    value.split_once(" #").map_or(value, |(before, _)| before.trim_end())
}

/// A text without the quotes around it.
fn unquoted(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
        }
    }
    text
}

fn values(value: &str) -> Vec<String> {
    match value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(list) => list.split(',').filter_map(plain).collect(),
        None => plain(value).into_iter().collect(),
    }
}

/// A value without the quotes around it; `None` for one that is no text.
fn plain(value: &str) -> Option<String> {
    let value = value.trim();
    let inner = unquoted(value);
    if inner.len() < value.len() {
        return Some(inner.to_owned());
    }
    let is_text = !value.is_empty() && !value.starts_with(['{', '[', '|', '>', '&', '*', '!', '#']);
    is_text.then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_lines_are_read() {
        let head = "title: Primer: x\ntags: [a, 'b c']\nlist:\n  - 1\n\t- 2\nlang： zh\ntitle: Two\nx: {y}\nsee http://e.org\n\"draft\": true  # not yet\nweight = 3\ncolor: a#b\n";
        let found = KeyLines::read(head);
        for (key, expected) in [
            ("title", &["Primer: x"][..]),
            ("tags", &["a", "b c"]),
            ("list", &["1", "2"]),
            ("lang", &["zh"]),
            ("x", &[]),
            ("draft", &["true"]),
            ("weight", &["3"]),
            ("color", &["a#b"]),
            ("see http", &[]),
        ] {
            assert_eq!(found.of(key), expected, "{key}");
        }
    }

    #[test]
    fn heads_without_marks() {
        for (text, length) in [
            ("title: 甲\ntags: a\n    b\n\n文", Some("title: 甲\ntags: a\n    b\n".len())),
            ("Title: x\n\n文", None),
            ("title: 甲\n文\n\n文", None),
            ("Note: read this\n\n文", None),
            ("https://e.org\n\n文", None),
            ("文\n\ntitle: 甲", None),
            ("title: 甲", Some("title: 甲".len())),
        ] {
            assert_eq!(KeyLines::at_top(text).map(|(_, length)| length), length, "{text}");
        }
    }
}
