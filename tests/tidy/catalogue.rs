//! The templates of the sources against the catalogue of Chinese texts: each has one, with the same
//! places, and none is left over.

use std::collections::{BTreeMap, BTreeSet};

use notes::cli::help_texts;
use notes::diagnostic::Kind;
use notes::phrase::{entries, places};

use crate::file::{File, files};

/// The beginning of a phrase in the sources.
const CALL: &str = "phrase!(";

/// Words that are no phrases: the names of severities, the one before help, headings of the help.
const WORDS: [&str; 10] = [
    "error",
    "warning",
    "hint",
    "help",
    "Commands:",
    "Arguments:",
    "Options:",
    "[OPTIONS]",
    "<COMMAND>",
    "[COMMAND]",
];

/// The templates of the program, each with the file that has it.
fn templates(files: &[File]) -> BTreeMap<String, String> {
    let mut templates = BTreeMap::new();
    for file in files.iter().filter(|file| file.is_rust() && file.path.starts_with("src/")) {
        let program: Vec<&str> = file.program().map(|(_, line)| line).collect();
        for call in program.join("\n").split(CALL).skip(1) {
            if let Some(template) = literal(call.trim_start()) {
                templates.insert(template, file.path.clone());
            }
        }
    }
    templates
}

/// The text of the literal at the beginning of some code.
fn literal(code: &str) -> Option<String> {
    if let Some(raw) = code.strip_prefix("r\"") {
        return raw.split_once('"').map(|(text, _)| text.to_owned());
    }
    let mut signs = code.strip_prefix('"')?.chars().peekable();
    let mut text = String::new();
    loop {
        match signs.next()? {
            '"' => return Some(text),
            '\\' => match signs.next()? {
                'n' => text.push('\n'),
                '\n' => while signs.next_if(|sign| sign.is_whitespace()).is_some() {},
                other => text.push(other),
            },
            sign => text.push(sign),
        }
    }
}

/// The texts of the program that are shown as they are, without places.
fn plain_texts() -> BTreeSet<String> {
    let of_kinds = Kind::ALL.iter().flat_map(|kind| [kind.title(), kind.why(), kind.how()]);
    of_kinds.chain(WORDS).map(str::to_owned).chain(help_texts()).collect()
}

#[test]
fn every_text_has_a_chinese_one() {
    let (templates, plain) = (templates(&files()), plain_texts());
    assert!(templates.len() > 600 && plain.len() > 100);
    let entries = entries();
    let chinese: BTreeMap<&str, &str> =
        entries.iter().map(|(english, chinese)| (english.as_str(), chinese.as_str())).collect();
    let mut wrongs = Vec::new();
    if chinese.len() < entries.len() {
        wrongs.push("a text has two entries".to_owned());
    }
    for (template, file) in &templates {
        match chinese.get(template.as_str()) {
            None => wrongs.push(format!("{file}: no entry: {template}")),
            Some(chinese) if places(chinese) != places(template) => {
                wrongs.push(format!("{file}: other places: {chinese}"));
            }
            Some(_) => {}
        }
    }
    let lacking = plain.iter().filter(|text| !chinese.contains_key(text.as_str()));
    wrongs.extend(lacking.map(|text| format!("no entry: {text}")));
    for (english, chinese) in chinese {
        if !templates.contains_key(english) && !plain.contains(english) {
            wrongs.push(format!("no source has: {english}"));
        }
        if chinese.trim().is_empty() {
            wrongs.push(format!("empty: {english}"));
        }
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

#[test]
fn literals_are_read_as_the_compiler_does() {
    for (code, expected) in [
        ("\"a `{b}`\", b)", Some("a `{b}`")),
        ("\"a \\\n        b\\\\c \\\"d\\\"\")", Some("a b\\c \"d\"")),
        ("r\"a\\b\")", Some("a\\b")),
        ("@value x)", None),
    ] {
        assert_eq!(literal(code).as_deref(), expected, "{code}");
    }
}
