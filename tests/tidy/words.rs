//! Words and width: how comments begin, names of types, the length of lines.

use std::collections::BTreeMap;

use crate::file::{File, Wrongs, assert_found, assert_tidy, files};

/// Words that begin a riddle: a comment says what a thing is or why it is so.
const QUESTIONS: [&str; 7] = ["What", "Whether", "Where", "How", "Who", "Whose", "Which"];
/// Words of a private dialect, which the field does not use: a comment names the reader, the
/// writer, the module or the file, and a diagnostic is reported.
const PRIVATE: [&str; 4] = ["nobody", "somebody", "whoever", "told"];
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

/// Comments and string literals of Rust code with a word of [`PRIVATE`].
fn has_private_words(file: &File) -> Wrongs {
    let mut wrongs = Vec::new();
    for (number, prose) in prose(&file.text) {
        let lower = prose.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '_');
        if let Some(word) = words.find(|word| PRIVATE.contains(word)) {
            wrongs.push((number, format!("`{word}` in: {}", prose.trim())));
        }
    }
    wrongs
}

/// The lexical state at a place of Rust code.
#[derive(Clone, Copy)]
enum Lexical {
    Code,
    Comment,
    /// A string literal, which ends at `"` and this number of `#`; a raw one has no escapes.
    Literal {
        is_raw: bool,
        signs: usize,
    },
}

/// The comments and string literals of Rust code, by line, each with the number of its line.
fn prose(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut state = Lexical::Code;
    for (line, number) in text.lines().zip(1..) {
        let mut prose = String::new();
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let (next, length) = match state {
                Lexical::Code => code_step(rest),
                Lexical::Comment => (Lexical::Comment, first.len_utf8()),
                Lexical::Literal { is_raw, signs } => literal_step(rest, is_raw, signs),
            };
            prose.push(if matches!(state, Lexical::Code) { ' ' } else { first });
            state = next;
            rest = &rest[length..];
        }
        if matches!(state, Lexical::Comment) {
            state = Lexical::Code;
        }
        if !prose.trim().is_empty() {
            found.push((number, prose));
        }
    }
    found
}

/// The state after the next token of code, and the token's length.
fn code_step(rest: &str) -> (Lexical, usize) {
    if rest.starts_with("//") {
        return (Lexical::Comment, 2);
    }
    // Not the beginnings of literals.
    for character in ["'\"'", "b'\"'", "'\\\"'"] {
        if rest.starts_with(character) {
            return (Lexical::Code, character.len());
        }
    }
    for prefix in ["r", "br", "b", ""] {
        let Some(after) = rest.strip_prefix(prefix) else { continue };
        let is_raw = prefix.contains('r');
        let signs = after.len() - after.trim_start_matches('#').len();
        if after[signs..].starts_with('"') && (is_raw || signs == 0) {
            return (Lexical::Literal { is_raw, signs }, prefix.len() + signs + 1);
        }
    }
    // A whole word, so that the `r` at the end of one is not taken for that of a raw string.
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let length = rest.chars().next().map_or(1, char::len_utf8);
    (Lexical::Code, word.max(length))
}

/// The state after the next character of a string literal, and its length.
fn literal_step(rest: &str, is_raw: bool, signs: usize) -> (Lexical, usize) {
    let here = Lexical::Literal { is_raw, signs };
    if rest.starts_with('\\') && !is_raw {
        let escaped = rest.chars().nth(1).map_or(0, char::len_utf8);
        return (here, 1 + escaped);
    }
    if let Some(after) = rest.strip_prefix('"')
        && after.starts_with(&"#".repeat(signs))
    {
        return (Lexical::Code, 1 + signs);
    }
    (here, rest.chars().next().map_or(1, char::len_utf8))
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
fn comments_and_literals_have_no_private_words() {
    assert_tidy(|file| file.is_rust() && file.path.starts_with("src/"), has_private_words);
    for (text, expected) in [
        ("/// Nobody is told.\nlet told = 1; // fine\nlet told = 2; // it told", &[1, 3][..]),
        ("let a = \"told\";\nlet b = r#\"a \" told\"#;\nlet told = b\"x\";", &[1, 2]),
        ("let a = \"one\n  whoever\";\nlet told = \"\\\" untold\";", &[2]),
        ("let a = '\"'; told(a);\nlet b = '\\\"'; told(b); // somebody", &[2]),
        ("for\"a\" told; // toldx told_of", &[]),
        ("fn whoever<'a>(told: &'a str) {}", &[]),
    ] {
        assert_found(has_private_words, "src/a.rs", text, expected);
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
