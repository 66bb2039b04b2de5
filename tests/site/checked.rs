//! `notes check`: one folder of notes for each kind of message, what programs read of it, and what is mended.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use boon::{Compiler, Schemas};
use notes::diagnostic::Kind;
use serde_json::Value;

use crate::fixture::{Built, Folder};

/// Kinds that no folder of notes alone brings about, and what tells of them.
const ELSEWHERE: [(&str, &str); 9] = [
    ("shallow-history", "history.rs"),
    ("unknown-history", "history.rs"),
    ("parser", "no text is known that the parser fails on"),
    ("unreadable", "faults.rs"),
    ("unwritable", "faults.rs"),
    ("foreign-file", "guards.rs"),
    ("dead-external", "outside.rs"),
    ("moved-external", "outside.rs"),
    ("silent-external", "outside.rs"),
];

/// A folder of notes that has one thing wrong with it.
struct Fixture {
    code: &'static str,
    files: String,
    prepare: fn(&Folder),
}

fn fixture(code: &'static str, files: impl Into<String>) -> Fixture {
    Fixture { code, files: files.into(), prepare: |_| () }
}

/// One note.
fn note(code: &'static str, text: &str) -> Fixture {
    fixture(code, format!("-- a.md\n# 甲\n\n{text}\n"))
}

fn fixtures() -> Vec<Fixture> {
    let notes = "-- README.md\n# 首页\n-- a.md\n# 甲\n文\n-- b/c.md\n# 丙\n文\n";
    let lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    vec![
        fixture("configuration", "-- notes.yaml\ntitel: 笔记\n-- a.md\n文\n"),
        fixture("foreign-configuration", "-- book.toml\n[book\n-- a.md\n文\n"),
        fixture("template", "-- templates/page.html\n<p>{{ 标题 }}\n-- a.md\n文\n"),
        Fixture {
            prepare: |folder| symlink("nowhere.md", folder.path().join("b.md")).unwrap(),
            ..note("symlink", "文")
        },
        Fixture {
            prepare: |folder| folder.write("a.md", b"# a\n\n\xd2\xbb\xd6\xc2\n"),
            ..note("encoding", "")
        },
        note("control-character", "一\u{8}二"),
        note("size", &"长".repeat(100_000)),
        note("nesting", &format!("{}深", "> ".repeat(200))),
        fixture("front-matter", "-- a.md\n---\ntitle: {{ title }}\n---\n文\n"),
        note("include", "{{#include 没有.rs}}"),
        note("html", "<script>\nx()\n</script>"),
        note("unclosed-comment", "一\n\n<!-- 二\n\n三"),
        note("unclosed-fence", "一\n\n```sh\nls"),
        note("unclosed-html", "<div align=\"center\">\n\n一"),
        fixture("draft", "-- README.md\n# 首页\n-- a.md\n---\ndraft: true\n---\n文\n"),
        note("literal-emphasis", "使用 **Hive **作为"),
        note("heading-skip", "### 丙"),
        note("empty-heading", "##\n\n文"),
        note("unknown-language", "```pyhton\nx\n```"),
        note("slow-code", &format!("```python\n{}\n```", "x".repeat(100_000))),
        note("missing-alt", "图：![](https://e.org/a.png)"),
        note("insecure-image", "![图](http://e.org/a.png)"),
        note("ignore", "一 <!-- notes: ignore dead-lnik --> 二"),
        fixture("collision", "-- 甲.md\n一\n-- A.md\n二\n-- a.md\n三\n"),
        fixture("stub", "-- a.md\n文\n-- b.md\n# 乙\n"),
        Fixture {
            prepare: |folder| fs::create_dir_all(folder.path().join("空/更空")).unwrap(),
            ..note("empty-folder", "文")
        },
        fixture(
            "duplicate-title",
            "-- 甲/a.md\n# 同\n文\n-- 甲/b.md\n# 同\n文\n-- 乙/a.md\n# 同\n文\n",
        ),
        fixture(
            "dead-link",
            format!(
                "{notes}-- 数据库/事务与隔离级别.md\n文\n-- d.md\n见 [丙](b/事务隔离级别.md) 与 [乙](全无.md)\n"
            ),
        ),
        fixture("dead-anchor", "-- a.md\n## 选举过程\n文\n-- b.md\n见 [甲](a.md#选举过成)。\n"),
        note("missing-image", "![图](图/架构.png)"),
        fixture("not-published", "-- a.md\n见 [码](code/)\n-- code/x.rs\nfn\n"),
        fixture("lfs-pointer", format!("-- a.md\n![图](b.png)\n-- b.png\n{lfs}")),
        fixture(
            "loose-link",
            "-- a/generation_clock.md\n文\n-- a/b.md\n见 [钟](generation-clock.md#x)\n",
        ),
        fixture(
            "stale-navigation",
            format!("{notes}-- SUMMARY.md\n- [一](1.md)\n- [二](2.md)\n- [甲](a.md)\n"),
        ),
        fixture(
            "dead-entry",
            format!(
                "{notes}-- b/generation.md\n文\n-- SUMMARY.md\n- [甲](a.md)\n- [丙](b/c.md)\n- [丁](b/generaton.md)\n"
            ),
        ),
        fixture(
            "unlisted",
            format!("{notes}-- b/d.md\n文\n-- SUMMARY.md\n- [甲](a.md)\n- [丙](b/c.md)\n"),
        ),
        fixture(
            "loose-entry",
            format!(
                "{notes}-- b/x y.md\n文\n-- SUMMARY.md\n- [甲](a.md)\n- [丙](b/c.md)\n- [x](b/x-y.md)\n"
            ),
        ),
        fixture(
            "matrix-gap",
            "-- README.md\n# 首页\n\n| [甲](./甲) | [外](https://e.org) |\n| --- | --- |\n-- 甲/a.md\n文\n-- 乙/a.md\n文\n",
        ),
        fixture(
            "skipped",
            "-- a.md\n文\n-- target/CACHEDIR.TAG\nSignature: 8a477f597d28d172789f06886806bc55\n-- target/b.md\n文\n",
        ),
    ]
}

impl Folder {
    /// Looks at the notes.
    fn check(&self, arguments: &[&str]) -> Built {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notes"));
        // From within, so that files are named as they are there.
        command.current_dir(self.path()).arg("check").args(arguments);
        self.ran(command.output().unwrap())
    }
}

/// The messages of one kind, each with its line.
fn of_kind(printed: &str, code: &str) -> String {
    let mut found = String::new();
    for message in printed.split("\n\n").filter(|message| message.contains(&format!("[{code}]: ")))
    {
        let head = message.find(&format!("[{code}]")).and_then(|at| message[..at].rfind('\n'));
        let _ = writeln!(found, "{}\n", &message[head.map_or(0, |at| at + 1)..]);
    }
    found
}

#[test]
fn every_kind_of_message_has_its_words() {
    let fixtures = fixtures();
    for kind in Kind::ALL {
        let is_here = fixtures.iter().any(|fixture| fixture.code == kind.code());
        let is_elsewhere = ELSEWHERE.iter().any(|(code, _)| *code == kind.code());
        assert!(is_here != is_elsewhere, "{}", kind.code());
    }
    let mut all = String::new();
    for Fixture { code, files, prepare } in fixtures {
        let folder = Folder::new(&files);
        prepare(&folder);
        let checked = folder.check(&["--verbose"]);
        let found = of_kind(&checked.printed, code);
        assert!(!found.is_empty(), "{code}:\n{}", checked.printed);
        let is_error =
            Kind::of_code(code).unwrap().severity() == notes::diagnostic::Severity::Error;
        assert_eq!(checked.code, i32::from(is_error), "{code}");
        assert!(!checked.site.exists());
        all.push_str(&found);
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("messages", all);
    });
}

#[test]
fn nothing_is_wrong_with_notes_that_are_as_they_should_be() {
    let folder = Folder::new(
        "-- README.md\n# 首页\n\n见 [甲](a.md#乙)。\n-- a.md\n# 甲\n\n## 乙\n\n![图](b.png)\n\n```rust\nfn main() {}\n```\n-- b.png\nx\n",
    );
    let checked = folder.check(&["--strict"]);
    assert_eq!((checked.code, checked.printed.lines().count()), (0, 1), "{}", checked.printed);
    assert!(checked.printed.starts_with("2 notes: 0 errors, 0 warnings, 0 hints"));
}

#[test]
fn levels_and_silences() {
    let note = "-- README.md\n# 首页\n\n[甲](1.md)\n\n<!-- notes: ignore dead-link -->\n[乙](2.md)\n[丙](3.md)\n\n[丁](4.md) <!-- notes: ignore dead-link -->\n\n[戊](5.md)\n";
    let dead = |folder: &Folder, arguments: &[&str]| {
        let checked = folder.check(arguments);
        let found = ["1.md", "2.md", "3.md", "4.md", "5.md"]
            .map(|file| checked.printed.contains(&format!("`{file}` leads")));
        (found, checked.code)
    };
    let folder = Folder::new(note);
    assert_eq!(dead(&folder, &[]), ([true, false, false, false, true], 0));
    assert_eq!(dead(&folder, &["--strict"]).1, 1);
    let levels = |level: &str| {
        Folder::new(&format!("-- notes.yaml\ncheck: {{severity: {{dead-link: {level}}}}}\n{note}"))
    };
    assert_eq!(dead(&levels("error"), &[]), ([true, false, false, false, true], 1));
    assert_eq!(dead(&levels("hint"), &["--strict"]), ([true, false, false, false, true], 0));
    assert_eq!(dead(&levels("advice"), &["--strict"]), dead(&levels("hint"), &["--strict"]));
    assert_eq!(dead(&levels("off"), &["--strict"]), ([false; 5], 0));
    folder.write("b.md", "<!-- notes: ignore-file stub -->\n".as_bytes());
    folder.write("c.md", b"");
    let checked = folder.check(&[]);
    assert!(
        checked.printed.contains("c.md") && !checked.printed.contains("b.md"),
        "{}",
        checked.printed
    );
    // What a build tells is the same.
    assert!(!folder.build(&[]).printed.contains("`2.md`"));
    assert_eq!(levels("error").build(&[]).code, 1);
}

#[test]
fn mistakes_in_the_levels_are_told() {
    for (levels, message) in [
        ("dead-lnk: off", "did you mean `dead-link`?"),
        ("dead-link: loud", "write one of error, warning, hint, off"),
        ("unwritable: off", "is always an error"),
    ] {
        let folder = Folder::new(&format!(
            "-- notes.yaml\ncheck:\n  severity:\n    {levels}\n-- a.md\n文\n"
        ));
        let checked = folder.check(&[]);
        assert!(checked.code == 1 && checked.printed.contains(message), "{}", checked.printed);
        assert!(checked.printed.contains("notes.yaml:3:"), "{}", checked.printed);
    }
}

/// Notes with hostile names and texts, and something wrong in each.
fn hostile() -> Folder {
    let folder = Folder::new(
        "-- README.md\n# 首页\n\n[a](<::error::%0A,x.md>)\n-- 甲, 乙:丙.md\n[b](\u{1b}[31m.md) ![](http://e.org/x.png)\n",
    );
    folder.write("甲/a\u{7}\n::warning::b.md", b"[c](d.md)");
    folder
}

#[test]
fn workflow_commands_are_a_line_for_each_message() {
    let printed = hostile().check(&["--format", "github"]).printed;
    assert!(printed.lines().count() >= 4, "{printed}");
    for line in printed.lines() {
        let begins =
            ["::warning title=", "::notice title="].iter().any(|begin| line.starts_with(begin));
        assert!(begins && !line.contains(char::is_control), "{line}");
        let (properties, _) = line[2..].split_once("::").unwrap();
        assert!(properties.split(',').all(|property| property.matches('=').count() == 1), "{line}");
    }
    assert!(printed.contains("file=甲%2C 乙%3A丙.md,line=1,col="), "{printed}");
}

#[test]
fn json_holds_everything() {
    let folder =
        Folder::new("-- a/generation_clock.md\n文\n-- a/b.md\n见 [钟](generation-clock.md)\n");
    let all: Vec<Value> =
        serde_json::from_str(&folder.check(&["--format", "json"]).printed).unwrap();
    let expected = serde_json::json!({
        "code": "loose-link",
        "severity": "hint",
        "message": "`generation-clock.md` does not exist; using `generation_clock.md`, which has a similar name",
        "help": "`notes check --fix` writes the path that exists",
        "file": "a/b.md",
        "line": 1,
        "column": 7,
        "end_column": 26,
        "fix": { "Replace": { "old": "generation-clock.md", "new": "generation_clock.md" } },
    });
    assert_eq!(all, [expected]);
    let all: Vec<Value> =
        serde_json::from_str(&hostile().check(&["--format", "json"]).printed).unwrap();
    assert!(all.len() >= 4);
}

#[test]
fn sarif_is_valid_by_its_schema() {
    let schema: Value = serde_json::from_str(include_str!("sarif-2.1.0.json")).unwrap();
    let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
    compiler.add_resource("sarif.json", schema).unwrap();
    let schema = compiler.compile("sarif.json", &mut schemas).unwrap();
    for Fixture { code, files, prepare } in fixtures() {
        let folder = Folder::new(&files);
        prepare(&folder);
        let log: Value =
            serde_json::from_str(&folder.check(&["--format", "sarif"]).printed).unwrap();
        if let Err(error) = schemas.validate(&log, schema) {
            panic!("{code}: {error:#}");
        }
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert!(results.iter().any(|result| result["ruleId"] == code), "{code}");
    }
    let log: Value =
        serde_json::from_str(&hostile().check(&["--format", "sarif"]).printed).unwrap();
    assert!(schemas.validate(&log, schema).is_ok());
    // The test could fail.
    let mut wrong = log;
    wrong["runs"][0]["results"][0]["level"] = "bad".into();
    assert!(schemas.validate(&wrong, schema).is_err());
}

#[test]
fn what_is_certain_is_mended_once() {
    let folder = Folder::new(
        "-- notes.yaml\nimages: {https: true}\n-- README.md\n# 首页\n\n[x](b/x-y.md) [z](<b/x-y.md#一 二>)\n\n[r]\n\n[r]: ./b/x-y.md \"t\"\n\n`[x](b/x-y.md)`\n\
         -- b/x_y.md\n# 一\n文\n-- b/no.md\n[x](no-where.md)\n-- SUMMARY.md\n- [x](b/X-Y.md)\n",
    );
    folder.write(
        "crlf.md",
        "\u{FEFF}# 甲\r\n\r\n![图](HTTP://e.org/a.png) [x](b/x-y.html)\r\n末".as_bytes(),
    );
    let before = folder.read_all();
    let shown = folder.check(&["--fix"]);
    assert!(
        !shown.printed.contains("-[x](no-where.md)") && shown.printed.contains("+- [x](b/x_y.md)"),
        "{}",
        shown.printed
    );
    assert!(shown.printed.contains("nothing is written without --yes"), "{}", shown.printed);
    assert_eq!(folder.read_all(), before);
    let mended = folder.check(&["--fix", "--yes"]);
    assert!(!mended.printed.contains("[loose-link]: `"), "{}", mended.printed);
    let text = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap();
    assert_eq!(
        text("README.md"),
        "# 首页\n\n[x](b/x_y.md) [z](<b/x_y.md#一 二>)\n\n[r]\n\n[r]: ./b/x_y.md \"t\"\n\n`[x](b/x-y.md)`\n"
    );
    assert_eq!(
        text("crlf.md"),
        "\u{FEFF}# 甲\r\n\r\n![图](https://e.org/a.png) [x](b/x_y.md)\r\n末"
    );
    assert_eq!(text("b/no.md"), "[x](no-where.md)\n");
    assert_eq!(text("SUMMARY.md"), "- [x](b/x_y.md)\n- [no](b/no.md)\n- [crlf](crlf.md)\n");
    let after = folder.read_all();
    let again = folder.check(&["--fix", "--yes"]);
    assert!(again.printed.contains("nothing can be fixed automatically"), "{}", again.printed);
    assert_eq!(folder.read_all(), after);
}

#[test]
fn every_code_is_explained() {
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_notes")).arg("explain").args(arguments).output().unwrap()
    };
    let all = String::from_utf8(run(&[]).stdout).unwrap();
    for kind in Kind::ALL {
        assert!(all.contains(kind.code()), "{}", kind.code());
        let told = String::from_utf8(run(&[kind.code()]).stdout).unwrap();
        assert!(told.contains(kind.why()) && told.contains(kind.how()), "{told}");
    }
    let unknown = run(&["dead-lin"]);
    let told = String::from_utf8(unknown.stderr).unwrap();
    assert!(
        unknown.status.code() == Some(2) && told.contains("did you mean `dead-link`?"),
        "{told}"
    );
}

#[test]
fn a_folder_without_notes() {
    let checked = Folder::new("-- a.txt\nx\n").check(&[]);
    assert!(
        checked.code == 1 && checked.printed.contains("there is no Markdown file"),
        "{}",
        checked.printed
    );
}
