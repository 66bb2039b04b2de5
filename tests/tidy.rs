//! The source text → whether the house is in order: who imports whom, what every file begins with, who touches the disk.

use std::fs;
use std::path::{Path, PathBuf};

/// The layers of the program, from the map in `src/lib.rs`. A module imports from lower layers only.
const LAYERS: [(u8, &[&str]); 9] = [
    (0, &["path", "diagnostic"]),
    (1, &["source", "theme", "output", "config"]),
    (2, &["markdown"]),
    (3, &["note"]),
    (4, &["nav", "summary", "links", "matrix"]),
    (5, &["site"]),
    (6, &["page"]),
    (7, &["build"]),
    (9, &["cli", "main", "lib"]),
];

/// Imports within a layer, with the reason.
const EXCEPTIONS: [(&str, &str, &str); 2] = [
    ("links", "nav", "the numbers of pages, which the navigation gives out"),
    ("matrix", "nav", "the tree that the matrix is made from when the notes have none"),
];

/// Modules that may use the file system.
const ON_DISK: [&str; 4] = ["source", "theme", "output", "config"];
/// Lines a file may have; more want a reason.
const LONGEST: usize = 500;
/// Files that are longer, with the reason.
const LONGER: [(&str, &str); 1] =
    [("src/output/tests.rs", "one table of a folder's states after each other")];
/// Names that say nothing.
const DRAWERS: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "misc", "shared", "tools"];

struct SourceFile {
    /// Below the project's folder.
    path: String,
    text: String,
}

impl SourceFile {
    /// The top module that a file of `src` belongs to.
    fn module(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/")?;
        below.split(['/', '.']).next()
    }

    /// The text before the tests at its end.
    fn program(&self) -> &str {
        self.text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default()
    }

    fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.contains("/tests")
    }
}

/// All Rust files of the folders.
fn files(folders: &[&str]) -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    let mut files = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder");
            waiting.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).expect("a text");
            let path = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            files.push(SourceFile { path, text });
        }
    }
    assert!(files.len() > 10, "{folders:?} hold too little to be true");
    files
}

fn layer(module: &str) -> u8 {
    let found = LAYERS.iter().find(|(_, modules)| modules.contains(&module));
    found.unwrap_or_else(|| panic!("`{module}` is in no layer")).0
}

/// The top modules that a text names by `crate::`.
fn imports(text: &str) -> Vec<&str> {
    let mut modules = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        let names = line.split("crate::").skip(1).map(|rest| rest.trim_start_matches('{'));
        modules.extend(
            names.map(|rest| {
                rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
            }),
        );
    }
    modules
}

fn may_import(module: &str, imported: &str) -> bool {
    let excepted = EXCEPTIONS.iter().any(|(from, to, _)| (*from, *to) == (module, imported));
    module == imported || layer(imported) < layer(module) || excepted
}

#[test]
fn imports_go_downward() {
    for file in files(&["src"]) {
        let module = file.module().expect("a module");
        for imported in imports(&file.text) {
            assert!(may_import(module, imported), "{}: `{module}` must not know `{imported}`", file.path);
        }
    }
    assert!(!may_import("markdown", "note") && !may_import("source", "config") && may_import("site", "nav"));
    assert_eq!(
        imports("use crate::nav::{A, B};\n// crate::x\nlet a = crate::path::b(crate::note::c);"),
        ["nav", "path", "note"]
    );
}

#[test]
fn every_exception_is_needed() {
    let files = files(&["src"]);
    for (from, to, _) in EXCEPTIONS {
        let mut of_module = files.iter().filter(|file| file.module() == Some(from));
        assert!(
            of_module.any(|file| imports(&file.text).contains(&to)),
            "{from} does not import {to} any more"
        );
    }
    for (path, _) in LONGER {
        let lines = files.iter().find(|file| file.path == path).map(|file| file.text.lines().count());
        assert!(lines.is_some_and(|lines| lines > LONGEST), "{path} is not long any more");
    }
}

#[test]
fn every_module_is_in_the_map() {
    let files = files(&["src"]);
    let map = files.iter().find(|file| file.path == "src/lib.rs").expect("lib.rs");
    for file in &files {
        let module = file.module().expect("a module");
        let is_shown = map.text.contains(&format!("[`{module}`]"));
        assert!(is_shown || matches!(module, "main" | "lib"), "`{module}` is not in the map of src/lib.rs");
    }
}

#[test]
fn every_file_says_what_it_is_and_is_not_too_long() {
    for file in files(&["src", "tests"]) {
        assert!(file.text.starts_with("//! "), "{}: begins without `//!`", file.path);
        let is_core = !file.is_test() && !matches!(file.module(), Some("main" | "lib"));
        let says_limits = file
            .text
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .any(|line| line.contains("Must not know"));
        assert!(says_limits || !is_core, "{}: does not say what it must not know", file.path);
        let reason = LONGER.iter().any(|(path, _)| *path == file.path);
        let lines = file.text.lines().count();
        assert!(lines <= LONGEST || reason, "{}: {lines} lines", file.path);
        let names = file.path.split(['/', '.']);
        let drawer = names.clone().find(|name| DRAWERS.contains(name));
        assert_eq!(drawer, None, "{}: a name that says nothing", file.path);
    }
}

#[test]
fn disk_terminal_and_process_are_left_to_the_edges() {
    for file in files(&["src"]).iter().filter(|file| !file.is_test()) {
        let module = file.module().expect("a module");
        let forbid = |words: &[&str], allowed: &[&str]| {
            for word in words.iter().filter(|_| !allowed.contains(&module)) {
                assert!(!file.program().contains(word), "{}: `{word}` does not belong here", file.path);
            }
        };
        forbid(
            &["fs::", "File::open", "OpenOptions", "canonicalize(", ".is_dir()", ".is_file()"],
            &[&ON_DISK[..], &["cli"]].concat(),
        );
        forbid(&["println!", "eprintln!", "process::exit", "stdout()", "stderr()"], &["cli", "main"]);
        // The output looks at the age of what killed runs left.
        forbid(&["SystemTime"], &["cli", "output"]);
        forbid(&["Instant"], &["cli"]);
        forbid(&["clap::"], &["cli"]);
        forbid(&["#[allow("], &[]);
    }
}
