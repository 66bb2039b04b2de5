//! Words and width: how comments begin, names of types, the length of lines.

use std::collections::BTreeMap;

use crate::file::{File, Wrongs, assert_found, assert_tidy, files};

/// Words that begin a riddle: a comment says what a thing is or why it is so.
const QUESTIONS: [&str; 7] = ["What", "Whether", "Where", "How", "Who", "Whose", "Which"];
/// Columns of a line of code, as `rustfmt.toml` has it.
const WIDEST: usize = 100;
/// Type names that may be declared more than once, with the reason.
const DECLARED_AGAIN: [(&str, &str); 0] = [];

/// Comments that begin with a question word.
fn begins_with_a_question(file: &File) -> Wrongs {
    let mut wrongs = Vec::new();
    for (line, number) in file.text.lines().zip(1..) {
        let Some(comment) = line.trim_start().strip_prefix("//") else { continue };
        let comment = comment.trim_start_matches(['/', '!']).trim_start();
        // Such a word in the middle of a sentence begins with a small letter.
        let first = comment.split([' ', ',', ':']).next();
        let is_by_which = comment.starts_with("By which");
        if is_by_which || first.is_some_and(|word| QUESTIONS.contains(&word)) {
            wrongs.push((number, format!("begins with a question word: {}", line.trim())));
        }
    }
    wrongs
}

/// Comments over [`WIDEST`] columns, but for rows of tables and fenced text: rustfmt breaks code,
/// and leaves comments as they are.
fn has_wide_comments(file: &File) -> Wrongs {
    let mut wrongs = Vec::new();
    let mut is_fenced = false;
    for (line, number) in file.text.lines().zip(1..) {
        let Some(comment) = line.trim_start().strip_prefix("//") else { continue };
        is_fenced ^= comment.contains("```");
        let is_table = comment.contains(" | ");
        let columns = line.chars().count();
        if columns > WIDEST && !is_table && !is_fenced {
            wrongs.push((number, format!("has {columns} columns")));
        }
    }
    wrongs
}

/// The name of a type that a line declares.
fn declared_type(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub") {
        Some(rest) => rest.trim_start_matches(|c: char| c != ' ').trim_start(),
        None => line,
    };
    let (kind, rest) = line.split_once(' ')?;
    if !["struct", "enum", "trait", "union"].contains(&kind) {
        return None;
    }
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    Some(&rest[..end])
}

/// Type names with more than one declaration in the program, each with its places.
fn declared_more_than_once(files: &[File]) -> BTreeMap<&str, Vec<String>> {
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.starts_with("src/") && file.is_rust()) {
        for (number, line) in file.program() {
            if let Some(name) = declared_type(line) {
                places.entry(name).or_default().push(format!("{}:{number}", file.path));
            }
        }
    }
    places.retain(|_, places| places.len() > 1);
    places
}

#[test]
fn comments_begin_with_no_question() {
    assert_tidy(File::is_rust, begins_with_a_question);
    for (text, expected) in [
        (
            "/// What is it.\n//! Whether it is.\n    // Where it is.\n// By which it is.",
            &[1, 2, 3, 4][..],
        ),
        ("/// The one, what it is.\n// whatever\nlet x = \"What\"; // a", &[]),
        ("/// Whatever.\n/// However it is.", &[]),
    ] {
        assert_found(begins_with_a_question, "src/a.rs", text, expected);
    }
}

#[test]
fn comments_have_a_hundred_columns() {
    assert_tidy(File::is_rust, has_wide_comments);
    let wide = "字".repeat(98);
    for (text, expected) in [
        (format!("// {wide}"), &[1][..]),
        (format!("a\n    /// {wide}"), &[2]),
        (format!("//{wide}"), &[]),
        (format!("let a = \"{wide}\"; // {wide}"), &[]),
        (format!("//! | {wide} | {wide} |"), &[]),
        (format!("//! ```\n//! {wide}\n//! ```\n//! {wide}"), &[4]),
    ] {
        assert_found(has_wide_comments, "src/a.rs", &text, expected);
    }
}

#[test]
fn type_names_are_declared_once() {
    let files = files();
    let mut twice = declared_more_than_once(&files);
    for (name, _reason) in DECLARED_AGAIN {
        assert!(twice.remove(name).is_some(), "the exception for `{name}` is not needed");
    }
    assert!(twice.is_empty(), "declared more than once: {twice:#?}");
    let example = [
        File::new("src/a.rs", "pub struct A;\nenum B {}\nstruct Inner;"),
        File::new("src/b.rs", "pub(crate) trait A<T> {}\nfn f() { struct_b() }"),
        File::new("src/c.rs", "mod tests {\n    struct B;\n}\n// struct B"),
        File::new("tests/d.rs", "struct B;"),
    ];
    let found = declared_more_than_once(&example);
    assert_eq!(found, BTreeMap::from([("A", vec!["src/a.rs:1".into(), "src/b.rs:1".into()])]));
}
