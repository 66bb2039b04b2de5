//! Headings that name a part of any text, not its subject: in a repository of 353 notes 127 began
//! with `# 目录`.
//!
//! Must not know: where a title is shown.

use crate::path::loose_key;

/// The list of a text's sections, by its loose key.
const CONTENTS: [&str; 9] = [
    "目录",
    "目錄",
    "本文目录",
    "文章目录",
    "contents",
    "tableofcontents",
    "toc",
    "readme",
    "index",
];
/// Parts of a text that are no subject either.
const PARTS: [&str; 16] = [
    "参考",
    "参考文章",
    "参考文献",
    "参考资料",
    "参考链接",
    "参考内容",
    "references",
    "reference",
    "links",
    "notes",
    "note",
    "笔记",
    "正文",
    "背景",
    "todo",
    "untitled",
];
/// Beginnings, which are the subject of a file that is called so.
const BEGINNINGS: [&str; 13] = [
    "前言",
    "序",
    "序言",
    "引言",
    "引子",
    "写在前面",
    "简介",
    "导论",
    "preface",
    "foreword",
    "introduction",
    "intro",
    "prologue",
];

/// True for a heading above a list of sections.
pub(super) fn is_of_contents(heading: &str) -> bool {
    CONTENTS.contains(&&*key(heading))
}

/// The letters and digits of a heading, as [`loose_key`] has them.
fn key(heading: &str) -> String {
    let letters = heading.trim_matches(|c: char| !c.is_alphanumeric());
    loose_key(letters)
}

/// True for a heading that says nothing of the note whose file or folder is called `name`.
pub(super) fn says_nothing(heading: &str, name: &str) -> bool {
    let key = key(heading);
    let is_beginning = |key: &str| BEGINNINGS.contains(&key);
    CONTENTS.contains(&&*key)
        || PARTS.contains(&&*key)
        // `preface.md` and `前言.md` may be called either.
        || is_beginning(&key) && !is_beginning(&loose_key(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_a_subject() {
        for (heading, name, expected) in [
            ("目录", "Java集合详解", true),
            ("目录：", "Java集合详解", true),
            ("Table of Contents", "jvm", true),
            ("# TOC", "jvm", true),
            ("前言", "Java集合详解", true),
            ("前言", "00-preface", false),
            ("Introduction", "前言", false),
            ("参考文章", "raft", true),
            ("目录服务", "ldap", false),
            ("Notes on Raft", "raft", false),
            ("Java", "jvm", false),
            ("", "jvm", false),
        ] {
            assert_eq!(says_nothing(heading, name), expected, "{heading} {name}");
        }
    }
}
