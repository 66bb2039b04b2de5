//! The theme's style sheets and scripts → the files that pages load: a request for each kind, not
//! one for each subject.
//!
//! Must not know: pages, templates.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::StaticFile;

/// A file that is put together.
struct Bundle {
    name: &'static str,
    /// The files that it is made of, in the order of their rules or statements.
    parts: &'static [&'static str],
}

const BUNDLES: [Bundle; 2] = [
    Bundle {
        name: "style.css",
        parts: &[
            "scheme.css",
            "page.css",
            "home.css",
            "text.css",
            "code.css",
            "search.css",
            "print.css",
        ],
    },
    Bundle { name: "site.js", parts: &["comfort.js", "navigation.js", "outline.js", "article.js"] },
];

/// The part with the colours, which those of the settings follow.
const COLOURS: &str = "scheme.css";
/// The part for paper.
const PAPER: &str = "print.css";

/// Puts the bundles together; `colours` are rules of the settings. The parts stay files of their
/// own if `keeps_parts`.
pub(super) fn put_together(
    files: &mut BTreeMap<String, StaticFile>,
    colours: &str,
    keeps_parts: bool,
) {
    for bundle in BUNDLES {
        // The writer's own file of this name is complete.
        if files.contains_key(bundle.name) {
            continue;
        }
        let mut bytes = Vec::new();
        for &name in bundle.parts {
            let Some(part) = files.get(name).and_then(|file| part(name, file)) else { continue };
            if name == PAPER {
                bytes.extend_from_slice(b"@media print {\n");
            }
            bytes.extend_from_slice(&part);
            // A comment or a statement at the end of a part ends there.
            bytes.push(b'\n');
            if name == PAPER {
                bytes.extend_from_slice(b"}\n");
            }
            if name == COLOURS {
                bytes.extend_from_slice(colours.as_bytes());
            }
        }
        files.insert(bundle.name.to_owned(), StaticFile::Made(Arc::from(bytes)));
    }
    if !keeps_parts {
        for name in BUNDLES.iter().flat_map(|bundle| bundle.parts) {
            files.remove(*name);
        }
    }
}

/// A part as the bundle has it: of the built-in ones without comments, which are a third of them.
fn part(name: &str, file: &StaticFile) -> Option<Vec<u8>> {
    let StaticFile::BuiltIn(bytes) = file else { return read(file) };
    let Ok(text) = std::str::from_utf8(bytes) else { return read(file) };
    let text = if is_script(name) { without_lines(text) } else { without_comments(text) };
    Some(text.into_bytes())
}

fn is_script(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "js")
}

/// A script without the lines that are comments.
fn without_lines(script: &str) -> String {
    let lines = script.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// A style sheet without its comments. No string in the built-in ones holds the start of one.
fn without_comments(sheet: &str) -> String {
    let mut text = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, comment)) = rest.split_once("/*") {
        text.push_str(before);
        let Some((_, after)) = comment.split_once("*/") else { return text };
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    text + rest
}

/// The bytes of a part; `None` if the writer's file has gone meanwhile.
fn read(file: &StaticFile) -> Option<Vec<u8>> {
    match file {
        StaticFile::BuiltIn(bytes) => Some(bytes.to_vec()),
        StaticFile::Made(bytes) => Some(bytes.to_vec()),
        StaticFile::Own { path, .. } => fs::read(path).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(parts: &[(&str, &'static str)]) -> BTreeMap<String, StaticFile> {
        let file = |text: &'static str| StaticFile::BuiltIn(text.as_bytes());
        parts.iter().map(|(name, text)| ((*name).to_owned(), file(text))).collect()
    }

    fn text(files: &BTreeMap<String, StaticFile>, name: &str) -> String {
        String::from_utf8(read(&files[name]).unwrap()).unwrap()
    }

    #[test]
    fn parts_follow_in_order_with_the_colours_of_the_settings_and_paper_by_itself() {
        let parts =
            [("print.css", "p{}"), ("scheme.css", "s{}"), ("page.css", "a{}"), ("own.css", "o{}")];
        let mut files = files(&parts);
        put_together(&mut files, "c{}\n", false);
        assert_eq!(text(&files, "style.css"), "s{}\nc{}\na{}\n@media print {\np{}\n}\n");
        assert_eq!(files.keys().collect::<Vec<_>>(), ["own.css", "site.js", "style.css"]);
    }

    #[test]
    fn comments_of_built_in_parts_are_left_out_and_nothing_else() {
        let mut files = files(&[
            ("page.css", "/* one\n two */\na { b: url(\"x//y\"); /* c */ }\n"),
            ("comfort.js", "// one\nlet a = \"// b\"; // c\n  // two\n"),
        ]);
        put_together(&mut files, "", false);
        assert_eq!(text(&files, "style.css"), "a { b: url(\"x//y\");  }\n\n");
        assert_eq!(text(&files, "site.js"), "let a = \"// b\"; // c\n\n");
    }

    #[test]
    fn no_string_of_a_built_in_part_looks_like_a_comment() {
        for bundle in BUNDLES {
            for name in bundle.parts {
                let part = crate::theme::STATIC.get_file(name).expect("a part");
                let text = part.contents_utf8().expect("text");
                // A template literal of several lines could hold a line that begins with `//`.
                assert_eq!(text.matches('`').count() % 2, 0, "{name}");
                let of_lines = text.lines().all(|line| line.matches('`').count() % 2 == 0);
                assert!(!is_script(name) || of_lines, "{name}");
                let starts = text.matches("/*").count();
                assert!(is_script(name) || starts == text.matches("*/").count(), "{name}");
            }
        }
    }

    #[test]
    fn parts_are_kept_for_templates_that_name_them_and_a_whole_file_of_the_writer_is_left_alone() {
        let mut files = files(&[("page.css", "a{}"), ("style.css", "mine{}")]);
        put_together(&mut files, "", true);
        assert_eq!(
            (text(&files, "style.css"), text(&files, "page.css")),
            ("mine{}".into(), "a{}".into())
        );
    }
}
