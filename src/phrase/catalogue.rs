//! The Chinese texts, in gettext's format (GNU gettext manual, "The Format of PO Files"), of which
//! they use comments, `msgid` and `msgstr`. They are read when Chinese is first asked for.
//!
//! Must not know: the phrases that are made.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The files, by subject.
const FILES: [&str; 6] = [
    include_str!("zh/cli.po"),
    include_str!("zh/config.po"),
    include_str!("zh/images.po"),
    include_str!("zh/kinds.po"),
    include_str!("zh/markdown.po"),
    include_str!("zh/site.po"),
];

static CHINESE: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| entries().into_iter().collect());

/// The Chinese text for an English one.
pub(super) fn chinese(english: &str) -> Option<&'static str> {
    CHINESE.get(english).map(String::as_str)
}

/// All English texts with their Chinese ones, as the files have them.
#[must_use]
pub fn entries() -> Vec<(String, String)> {
    FILES.iter().flat_map(|file| parse(file)).collect()
}

/// The entries of a file. The one for the empty text, which describes the file, is none of them.
fn parse(file: &str) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    let mut is_english = false;
    for line in file.lines() {
        let quoted = if let Some(quoted) = line.strip_prefix("msgid ") {
            entries.push(Default::default());
            is_english = true;
            quoted
        } else if let Some(quoted) = line.strip_prefix("msgstr ") {
            is_english = false;
            quoted
        } else {
            line
        };
        // A line of its own goes on with the text above it; others are comments.
        let Some(text) = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
            continue;
        };
        if let Some((english, chinese)) = entries.last_mut() {
            append(if is_english { english } else { chinese }, text);
        }
    }
    entries.retain(|(english, _)| !english.is_empty());
    entries
}

/// Appends a text without its escapes.
fn append(to: &mut String, escaped: &str) {
    let mut signs = escaped.chars();
    while let Some(sign) = signs.next() {
        match (sign, sign == '\\') {
            (_, true) => match signs.next() {
                Some('n') => to.push('\n'),
                Some(other) => to.push(other),
                None => {}
            },
            (sign, false) => to.push(sign),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_gettext_are_read() {
        let file = r#"
msgid ""
msgstr "Language: zh_CN\n"

# A comment.
msgid "a \"b\""
msgstr "甲\n"
"\\乙"

msgid "c"
msgstr "丙"
"#;
        let expected = [("a \"b\"", "甲\n\\乙"), ("c", "丙")];
        assert_eq!(parse(file), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
}
