//! The project's own files → violations of its rules: imports, the beginning of a file, disk and
//! terminal, words. The layers are those of the map in `src/lib.rs`, so the map cannot lie.

mod catalogue;
mod file;
mod words;

use std::collections::BTreeMap;

use file::{File, Wrongs, assert_found, assert_tidy, files, has_word};

/// The layer of the files that are in no row of the map.
const EDGE: (u8, [&str; 2]) = (14, ["lib", "main"]);
/// Modules that use the file system; `stamp` only knows the type of what the system says of a file.
const ON_DISK: [&str; 8] =
    ["source", "theme", "output", "config", "cache", "history", "stamp", "temporary"];
/// Modules that may ask what a path leads to: those, and the edge that is given paths.
const AT_PATHS: [&str; 8] =
    ["source", "theme", "output", "config", "cache", "cli", "temporary", "command"];
/// Modules that print and end the program.
const AT_TERMINAL: [&str; 2] = ["cli", "main"];
/// Use of the file system.
const DISK: [&str; 5] = ["std::fs", "fs::", "File::open", "File::create", "OpenOptions"];
/// Questions to the file system about a path.
const PATHS: [&str; 7] = [
    ".is_dir()",
    ".is_file()",
    ".exists()",
    ".canonicalize()",
    ".metadata()",
    ".symlink_metadata()",
    ".read_dir()",
];
/// Output and the end of the program.
const TERMINAL: [&str; 7] =
    ["print!", "println!", "eprint!", "eprintln!", "dbg!", "process::exit", "process::abort"];
/// Attributes that silence the compiler.
const SILENCING: [&str; 4] = ["#[allow(", "#![allow(", "#[expect(", "#![expect("];
/// Names of modules that say nothing.
const DRAWERS: [&str; 8] =
    ["util", "utils", "helper", "helpers", "common", "misc", "shared", "tools"];
/// Folders of somebody's machine. In parts, for this file is looked at too.
const MACHINE: [&str; 2] = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
/// Lines that a file may have.
const LONGEST: usize = 500;

/// The layer of each module, as the map in the documentation of `src/lib.rs` tells: `| 3 | [`note`]
/// | … |`.
fn layers(lib: &str) -> BTreeMap<&str, u8> {
    let mut layers = BTreeMap::from(EDGE.1.map(|module| (module, EDGE.0)));
    for row in lib.lines().filter_map(|line| line.strip_prefix("//! | ")) {
        let mut cells = row.split(" | ");
        let (Some(Ok(layer)), Some(modules)) = (cells.next().map(str::parse), cells.next()) else {
            continue;
        };
        layers.extend(modules.split('`').skip(1).step_by(2).map(|module| (module, layer)));
    }
    layers
}

fn imports_that_go_up(file: &File, layers: &BTreeMap<&str, u8>) -> Wrongs {
    let module = file.module();
    let is_down = |to: &str| match (layers.get(module), layers.get(to)) {
        (Some(from), Some(layer)) => from > layer,
        _ => false,
    };
    let wrong = file.imports().into_iter().filter(|(_, to)| to != module && !is_down(to));
    wrong.map(|(line, to)| (line, format!("`{module}` must not know `{to}`"))).collect()
}

/// Imports inside `src/markdown/` that go up in the map of `src/markdown.rs`.
fn inner_imports_that_go_up(file: &File, layers: &BTreeMap<&str, u8>) -> Wrongs {
    let Some(from) = file.modules().and_then(|modules| modules.get(1).copied()) else {
        return Vec::new();
    };
    let mut wrongs = Vec::new();
    for (line, to) in file.inner_imports() {
        let (Some(own), Some(other)) = (layers.get(from), layers.get(to.as_str())) else {
            continue;
        };
        if from != to && own <= other {
            wrongs.push((line, format!("`{from}` must not know `{to}`")));
        }
    }
    wrongs
}

fn begins_without_saying_what_it_is(file: &File) -> Wrongs {
    let says = file.text.starts_with("//! ");
    if says { Vec::new() } else { vec![(1, "does not begin with `//!`".to_owned())] }
}

/// Modules of the program say what they must not know; `lib.rs`, `main.rs` and tests have nothing
/// to say there.
fn sets_no_limits(file: &File) -> Wrongs {
    let is_module = file.path.starts_with("src/")
        && !EDGE.1.contains(&file.module())
        && !file.path.contains("/tests");
    let mut head = file.text.lines().take_while(|line| line.starts_with("//!"));
    let says = !is_module || head.any(|line| line.contains("Must not know"));
    if says { Vec::new() } else { vec![(1, "does not say what it must not know".to_owned())] }
}

fn is_too_long(file: &File) -> Wrongs {
    let lines = file.text.lines().count();
    if lines > LONGEST { vec![(lines, "is too long".to_owned())] } else { Vec::new() }
}

fn is_a_drawer(file: &File) -> Wrongs {
    let names = file.path.split(['/', '.']).filter(|name| DRAWERS.contains(name));
    names.map(|name| (1, format!("`{name}` says nothing"))).collect()
}

fn silences_without_reason(file: &File) -> Wrongs {
    let lines: Vec<_> = file.text.lines().collect();
    let is_silent =
        |line: &str| SILENCING.iter().any(|attribute| line.trim_start().starts_with(attribute));
    let mut wrongs = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| is_silent(line)) {
        let end = lines[at..].iter().position(|line| line.trim_end().ends_with(']')).unwrap_or(0);
        if !lines[at..=at + end].iter().any(|line| line.contains("reason = ")) {
            wrongs.push((at + 1, format!("`{}` has no reason", line.trim())));
        }
    }
    wrongs
}

/// Words in the program of a module that is not among those which may have them.
fn misplaced(file: &File, words: &[&str], modules: &[&str]) -> Wrongs {
    if modules.contains(&file.module()) {
        return Vec::new();
    }
    let found = |line| words.iter().find(|word| has_word(line, word));
    let lines = file.program().filter_map(|(number, line)| Some((number, found(line)?)));
    lines.map(|(number, word)| (number, format!("`{word}` does not belong here"))).collect()
}

fn names_a_machine(file: &File) -> Wrongs {
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '~' | '/');
    let is_named = |line: &str| {
        let mut places = MACHINE.iter().flat_map(|folder| line.match_indices(folder));
        places.any(|(at, _)| !line[..at].ends_with(is_inside))
    };
    let lines = file.text.lines().zip(1..).filter(|(line, _)| is_named(line));
    lines
        .map(|(line, number)| (number, format!("names a folder of a machine: {}", line.trim())))
        .collect()
}

#[test]
fn imports_go_down() {
    let files = files();
    let lib = files.iter().find(|file| file.path == "src/lib.rs").unwrap();
    let layers = layers(&lib.text);
    for module in
        lib.text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
    {
        assert!(layers.contains_key(module), "`{module}` is not in the map of src/lib.rs");
    }
    let modules: Vec<_> = files.iter().map(File::module).collect();
    for module in layers.keys() {
        assert!(modules.contains(module), "`{module}` is in the map of src/lib.rs, but not there");
    }
    assert_tidy(|file| file.path.starts_with("src/"), |file| imports_that_go_up(file, &layers));
}

#[test]
fn imports_that_go_up_are_found() {
    let layers =
        layers("//! | 14 | [`cli`] | x |\n//! | 2 | [`b`], [`c`] | x |\n//! | 1 | [`a`] | x |\n");
    assert_eq!(
        layers,
        BTreeMap::from([("lib", 14), ("main", 14), ("cli", 14), ("b", 2), ("c", 2), ("a", 1)])
    );
    for (path, text, expected) in [
        ("src/b.rs", "use crate::a::X;\nuse crate::b::y;\nuse self::y;\nuse super::*;", &[][..]),
        ("src/b.rs", "use crate::cli;\nfn f() { crate::c::g(crate::a::h()) }", &[1, 2]),
        ("src/b/d.rs", "use crate::{a::{X, c}, b, c::Y};\nuse super::{cli, c};", &[1]),
        ("src/b.rs", "use crate::{\n    a::X,\n    cli::{Y, Z},\n};\nfn c() {}", &[1]),
        (
            "src/b/d.rs",
            "// crate::cli\n/// [`crate::cli`]\nuse super::super::a;\nuse super::super::cli;",
            &[4],
        ),
        (
            "src/b.rs",
            "use super::c;\nmod tests {\n    use super::c;\n    use super::super::c;\n}",
            &[1, 4],
        ),
        ("src/b/mod.rs", "use super::cli;", &[1]),
        ("src/b.rs", "use crate::unknown;", &[1]),
        ("src/lib.rs", "use crate::cli;", &[1]),
    ] {
        assert_found(|file| imports_that_go_up(file, &layers), path, text, expected);
    }
}

#[test]
fn imports_inside_markdown_go_down() {
    let files = files();
    let hub = files.iter().find(|file| file.path == "src/markdown.rs").unwrap();
    let layers = layers(&hub.text);
    assert_tidy(
        |file| file.path.starts_with("src/markdown/"),
        |file| inner_imports_that_go_up(file, &layers),
    );
}

#[test]
fn inner_imports_that_go_up_are_found() {
    let layers = layers("//! | 2 | `pass` | x |\n//! | 1 | `scan`, `text` | x |\n");
    for (path, text, expected) in [
        (
            "src/markdown/pass/a.rs",
            "use crate::markdown::scan::X;\nuse super::super::text;",
            &[][..],
        ),
        (
            "src/markdown/scan/a.rs",
            "use crate::markdown::pass::X;\nuse super::super::text;",
            &[1, 2],
        ),
        ("src/markdown/scan.rs", "use super::{Rules, pass};\nuse crate::markdown::scan::Y;", &[1]),
        ("src/markdown/other.rs", "use super::pass;", &[]),
    ] {
        assert_found(|file| inner_imports_that_go_up(file, &layers), path, text, expected);
    }
}

#[test]
fn files_begin_with_their_purpose() {
    assert_tidy(File::is_rust, begins_without_saying_what_it_is);
    assert_tidy(File::is_rust, sets_no_limits);
    assert_found(sets_no_limits, "src/a.rs", "//! a\nuse Must not know;", &[1]);
    assert_found(sets_no_limits, "src/a.rs", "//! a\n//! Must not know: b.", &[]);
    assert_found(begins_without_saying_what_it_is, "src/a.rs", "// a\n", &[1]);
    assert_found(begins_without_saying_what_it_is, "src/a.rs", "\n//! a\n", &[1]);
}

#[test]
fn files_are_not_too_long() {
    assert_tidy(File::is_rust, is_too_long);
    assert_found(is_too_long, "src/a.rs", &"\n".repeat(500), &[]);
    assert_found(is_too_long, "src/a.rs", &"\n".repeat(501), &[501]);
}

#[test]
fn file_names_are_specific() {
    assert_tidy(|file| file.is_rust() || file.path.starts_with("static/"), is_a_drawer);
    assert_found(is_a_drawer, "src/site/util.rs", "", &[1]);
    assert_found(is_a_drawer, "tests/common/mod.rs", "", &[1]);
    assert_found(is_a_drawer, "src/utility.rs", "", &[]);
}

#[test]
fn silenced_lints_have_a_reason() {
    assert_tidy(File::is_rust, silences_without_reason);
    for (text, expected) in [
        ("#[allow(dead_code)]", &[1][..]),
        ("//! a\n#![allow(dead_code)]", &[2]),
        ("    #[expect(dead_code)]", &[1]),
        ("#[allow(\n    dead_code\n)]\nreason = 1", &[1]),
        ("#[allow(dead_code, reason = \"b\")]", &[]),
        ("#[expect(\n    dead_code,\n    reason = \"b\"\n)]", &[]),
    ] {
        assert_found(silences_without_reason, "src/a.rs", text, expected);
    }
}

#[test]
fn only_edge_modules_touch_disk_and_terminal() {
    let touches_disk = |file: &File| misplaced(file, &DISK, &ON_DISK);
    let asks_disk = |file: &File| misplaced(file, &PATHS, &AT_PATHS);
    let speaks = |file: &File| misplaced(file, &TERMINAL, &AT_TERMINAL);
    assert_tidy(File::is_rust, |file| [touches_disk(file), asks_disk(file)].concat());
    assert_tidy(File::is_rust, speaks);
    for (path, text, expected) in [
        (
            "src/a.rs",
            "use std::fs;\nfs::read(x)\nFile::open(x)\n// fs::read\noffs::x",
            &[1, 2, 3][..],
        ),
        ("src/a.rs", "#[cfg(test)]\nmod tests {\n    use std::fs;\n}\nfs::read(x)", &[5]),
        ("src/source/a.rs", "use std::fs;", &[]),
        ("src/a/tests.rs", "use std::fs;", &[]),
        ("tests/a.rs", "use std::fs;", &[]),
    ] {
        assert_found(touches_disk, path, text, expected);
    }
    assert_found(asks_disk, "src/a.rs", "let size = path.metadata()?.len();\nif is_dir() {}", &[1]);
    assert_found(asks_disk, "src/cli.rs", "path.is_dir()", &[]);
    for (path, text, expected) in [
        (
            "src/a.rs",
            "println!(\"\")\nstd::process::exit(1)\ndbg!(1)\npretty_print!()",
            &[1, 2, 3][..],
        ),
        ("src/cli/print.rs", "eprintln!()", &[]),
    ] {
        assert_found(speaks, path, text, expected);
    }
}

#[test]
fn no_file_names_a_machine() {
    assert_tidy(|_| true, names_a_machine);
    let folder = MACHINE[0];
    assert_found(names_a_machine, "a.sh", &format!("cd {folder}x"), &[1]);
    assert_found(names_a_machine, "a.md", &format!("a\n`{}x`", MACHINE[1]), &[2]);
    assert_found(names_a_machine, "a.md", &format!("https://e.org{folder} ..{folder}"), &[]);
}
