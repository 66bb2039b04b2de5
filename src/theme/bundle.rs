//! The theme's style sheets and scripts → the files that pages load: a request for each kind, not
//! one for each subject.
//!
//! Must not know: pages, templates.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::StaticFile;

/// The style sheets of a page in the order of their rules.
const SHEETS: [&str; 7] =
    ["scheme.css", "page.css", "home.css", "text.css", "code.css", "search.css", PAPER];
/// The scripts of a page in the order in which they run.
const SCRIPTS: [&str; 4] = ["comfort.js", "navigation.js", "outline.js", "article.js"];

/// The sheet with the colours, which those of the settings follow.
const COLOURS: &str = "scheme.css";
/// The sheet for paper.
const PAPER: &str = "print.css";

/// The names of the files that every page loads, in order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct PageFiles {
    /// Style sheets; see [`PageFiles::is_for_paper`].
    pub sheets: Vec<String>,
    /// Scripts.
    pub scripts: Vec<String>,
}

impl PageFiles {
    /// True for a sheet whose rules are for paper alone.
    #[must_use]
    pub fn is_for_paper(name: &str) -> bool {
        name == PAPER
    }
}

/// Puts the built-in parts together. Those of the writer are files of their own between them, so
/// that a mistake in one ends there and `@import` begins a file. `colours` are rules of the
/// settings. The built-in parts stay files too if `keeps_parts`.
pub(super) fn put_together(
    files: &mut BTreeMap<String, StaticFile>,
    colours: &str,
    keeps_parts: bool,
) -> PageFiles {
    let sheets = bundles(files, ("style", "css"), &SHEETS, colours);
    let scripts = bundles(files, ("site", "js"), &SCRIPTS, colours);
    if !keeps_parts {
        let is_part = |name: &String| [&SHEETS[..], &SCRIPTS].concat().contains(&name.as_str());
        files.retain(|name, file| !is_part(name) || matches!(file, StaticFile::Own { .. }));
    }
    PageFiles { sheets, scripts }
}

/// Adds the bundles of some parts, and gives the names of the files to load.
fn bundles(
    files: &mut BTreeMap<String, StaticFile>,
    (stem, end): (&str, &str),
    parts: &[&str],
    colours: &str,
) -> Vec<String> {
    let mut names = Vec::new();
    let mut text = String::new();
    for &part in parts {
        match files.get(part) {
            Some(StaticFile::BuiltIn(bytes)) => add(&mut text, part, bytes),
            Some(StaticFile::Own { .. }) => {
                names.extend(finish(files, (stem, end), &mut text));
                names.push(part.to_owned());
            }
            Some(StaticFile::Made(_)) | None => {}
        }
        if part == COLOURS {
            text.push_str(colours);
        }
    }
    names.extend(finish(files, (stem, end), &mut text));
    names
}

/// Adds what is put together so far as a file whose name no other has.
fn finish(
    files: &mut BTreeMap<String, StaticFile>,
    (stem, end): (&str, &str),
    text: &mut String,
) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let numbered = |number: usize| match number {
        1 => format!("{stem}.{end}"),
        _ => format!("{stem}-{number}.{end}"),
    };
    // Of more names than there are files, one is free.
    let name = (1..=files.len() + 1).map(numbered).find(|name| !files.contains_key(name))?;
    let bytes = std::mem::take(text).into_bytes();
    files.insert(name.clone(), StaticFile::Made(Arc::from(bytes)));
    Some(name)
}

/// Adds a built-in part without its comments, which are a third of it.
fn add(text: &mut String, part: &str, bytes: &[u8]) {
    // They are texts, as every test shows.
    let content = std::str::from_utf8(bytes).unwrap_or_default();
    if is_script(part) {
        text.push_str(&without_lines(content));
    } else if PageFiles::is_for_paper(part) {
        text.push_str("@media print {\n");
        text.push_str(&without_comments(content));
        text.push_str("}\n");
    } else {
        text.push_str(&without_comments(content));
    }
}

fn is_script(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "js")
}

/// A script without the lines that are comments.
#[must_use]
pub fn without_lines(script: &str) -> String {
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn built_in(parts: &[(&str, &'static str)]) -> BTreeMap<String, StaticFile> {
        let file = |text: &'static str| StaticFile::BuiltIn(text.as_bytes());
        parts.iter().map(|(name, text)| ((*name).to_owned(), file(text))).collect()
    }

    fn own(name: &str) -> (String, StaticFile) {
        (name.to_owned(), StaticFile::Own { path: PathBuf::from(name), size: 1 })
    }

    fn text(files: &BTreeMap<String, StaticFile>, name: &str) -> String {
        let StaticFile::Made(bytes) = &files[name] else { panic!("{name} is no bundle") };
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn parts_follow_in_order_with_the_colours_of_the_settings_and_paper_by_itself() {
        let parts = [
            ("print.css", "p{}\n"),
            ("scheme.css", "s{}\n"),
            ("page.css", "a{}\n"),
            ("links.css", "l{}\n"),
        ];
        let mut files = built_in(&parts);
        let loaded = put_together(&mut files, "c{}\n", false);
        assert_eq!(loaded.sheets, ["style.css"]);
        assert!(loaded.scripts.is_empty());
        assert_eq!(text(&files, "style.css"), "s{}\nc{}\na{}\n@media print {\np{}\n}\n");
        assert_eq!(files.keys().collect::<Vec<_>>(), ["links.css", "style.css"]);
    }

    #[test]
    fn parts_of_the_writer_stay_files_of_their_own_between_the_others() {
        let parts = [("scheme.css", "s{}\n"), ("text.css", "t{}\n"), ("comfort.js", "1;\n")];
        let mut files = built_in(&parts);
        files.extend(["page.css", "print.css", "outline.js", "style.css"].map(own));
        let loaded = put_together(&mut files, "c{}\n", false);
        assert_eq!(loaded.sheets, ["style-2.css", "page.css", "style-3.css", "print.css"]);
        assert_eq!(loaded.scripts, ["site.js", "outline.js"]);
        assert_eq!(text(&files, "style-2.css"), "s{}\nc{}\n");
        assert_eq!(text(&files, "style-3.css"), "t{}\n");
        // A file that only has the name of a bundle is nothing but a file.
        assert!(matches!(files["style.css"], StaticFile::Own { .. }));
        assert!(files.contains_key("page.css") && !files.contains_key("text.css"));
    }

    #[test]
    fn parts_are_kept_for_templates_that_name_them() {
        let mut files = built_in(&[("page.css", "a{}\n")]);
        put_together(&mut files, "", true);
        assert_eq!(files.keys().collect::<Vec<_>>(), ["page.css", "style.css"]);
    }

    #[test]
    fn comments_are_left_out_and_nothing_else() {
        let mut files = built_in(&[
            ("page.css", "/* one\n two */\na { b: url(\"x//y\"); /* c */ }\n"),
            ("comfort.js", "// one\nlet a = \"// b\"; // c\n  // two\n"),
        ]);
        put_together(&mut files, "", false);
        assert_eq!(text(&files, "style.css"), "a { b: url(\"x//y\");  }\n");
        assert_eq!(text(&files, "site.js"), "let a = \"// b\"; // c\n");
    }

    #[test]
    fn no_string_of_a_built_in_part_looks_like_a_comment() {
        for name in SHEETS.iter().chain(&SCRIPTS) {
            let part = crate::theme::STATIC.get_file(name).expect("a part");
            let text = part.contents_utf8().expect("text");
            if is_script(name) {
                // A template literal of several lines could hold a line that begins with `//`.
                assert!(text.lines().all(|line| line.matches('`').count() % 2 == 0), "{name}");
            } else {
                assert_eq!(text.matches("/*").count(), text.matches("*/").count(), "{name}");
            }
            assert!(text.ends_with('\n'), "{name}");
        }
    }
}
