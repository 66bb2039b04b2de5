//! `notes check`: severities and silences, the formats for other programs, and the fixes.

use std::fs;

use boon::{Compiler, Schemas};
use notes::diagnostic::Kind;
use serde_json::Value;

use crate::comparison::assert_same_files;
use crate::fixture::{Built, Folder, outdented, program};
use crate::kinds::{Fixture, fixtures};

impl Folder {
    /// Looks at the notes.
    pub fn check(&self, arguments: &[&str]) -> Built {
        let mut command = program();
        // From within, so that files are named as they are there.
        command.current_dir(self.path()).arg("check").args(arguments);
        self.ran(command.output().unwrap())
    }
}

#[test]
fn good_notes_give_no_messages() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页

        见 [甲](a.md#乙)。
        -- a.md
        # 甲

        ## 乙

        ![图](b.png)

        ```rust
        fn main() {}
        ```
        -- b.png
        x
    ",
    );
    let checked = folder.check(&["--strict"]);
    assert_eq!((checked.code, checked.printed.lines().count()), (0, 1), "{}", checked.printed);
    assert!(checked.printed.starts_with("2 notes: 0 errors, 0 warnings, 0 hints"));
}

#[test]
fn severities_and_ignore_comments() {
    let note = outdented(
        r"
        -- README.md
        # 首页

        [甲](1.md)

        <!-- notes: ignore dead-link -->
        [乙](2.md)
        [丙](3.md)

        [丁](4.md) <!-- notes: ignore dead-link -->

        [戊](5.md)
    ",
    );
    let dead = |folder: &Folder, arguments: &[&str]| {
        let checked = folder.check(arguments);
        let found = ["1.md", "2.md", "3.md", "4.md", "5.md"]
            .map(|file| checked.printed.contains(&format!("`{file}` leads")));
        (found, checked.code)
    };
    let folder = Folder::new(&note);
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
    // A build reports the same.
    assert!(!folder.build(&[]).printed.contains("`2.md`"));
    assert_eq!(levels("error").build(&[]).code, 1);
}

#[test]
fn invalid_severities_are_reported() {
    for (levels, message) in [
        ("dead-lnk: off", "did you mean `dead-link`?"),
        ("dead-link: loud", "write one of error, warning, hint, off"),
        ("unwritable: off", "is always an error"),
    ] {
        let folder = Folder::new(&format!(
            r"-- notes.yaml
check:
  severity:
    {levels}
-- a.md
文
"
        ));
        let checked = folder.check(&[]);
        assert!(checked.code == 1 && checked.printed.contains(message), "{}", checked.printed);
        assert!(checked.printed.contains("notes.yaml:3:"), "{}", checked.printed);
    }
}

/// Notes with hostile names and texts, and something wrong in each.
fn hostile() -> Folder {
    let folder = Folder::new(
        "-- README.md\n# 首页\n\n[a](<::error::%0A,x.md>)\n-- 甲, 乙:丙.md\n[b](\u{1b}[31m.md) \
         ![](http://e.org/x.png)\n",
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
    let folder = Folder::new(
        r"
            -- a/generation_clock.md
            文
            -- a/b.md
            见 [钟](generation-clock.md)
        ",
    );
    let all: Vec<Value> =
        serde_json::from_str(&folder.check(&["--format", "json"]).printed).unwrap();
    let expected = serde_json::json!({
        "code": "loose-link",
        "severity": "hint",
        "message": "`generation-clock.md` does not exist; using `generation_clock.md`, which has \
             a similar name",
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
        assert_eq!(log["runs"][0]["tool"]["driver"]["name"], "notes");
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
fn safe_fixes_are_written_once() {
    let folder = Folder::new(
        r#"
        -- notes.yaml
        images: {https: true}
        -- README.md
        # 首页

        [x](b/x-y.md) [z](<b/x-y.md#一 二>)

        [r]

        [r]: ./b/x-y.md "t"

        `[x](b/x-y.md)`
        -- b/x_y.md
        # 一
        文
        -- b/no.md
        [x](no-where.md)
        -- SUMMARY.md
        - [x](b/X-Y.md)
    "#,
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
    assert!(shown.printed.contains("error: nothing written: no terminal"), "{}", shown.printed);
    // The advice to use it is for those who did not.
    assert!(!shown.printed.contains("--fix`"), "{}", shown.printed);
    let advice = "help: add an entry; `notes check --fix --yes` inserts it\n";
    assert!(shown.printed.contains(advice), "{}", shown.printed);
    assert!(shown.printed.contains("some can be fixed with `--fix --yes`"), "{}", shown.printed);
    assert_eq!(shown.code, 1);
    let advised = folder.check(&[]);
    for advice in ["some can be fixed with `--fix`", "`notes check --fix` writes the path"] {
        assert!(advised.printed.contains(advice), "{}", advised.printed);
    }
    assert_eq!(advised.code, 0);
    assert_same_files(&folder.read_all(), &before, &shown.printed);
    let mended = folder.check(&["--fix", "--yes"]);
    assert!(!mended.printed.contains("[loose-link]: `"), "{}", mended.printed);
    let text = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap();
    assert_eq!(
        text("README.md"),
        "# 首页\n\n[x](b/x_y.md) [z](<b/x_y.md#一 二>)\n\n[r]\n\n[r]: ./b/x_y.md \"t\"\n\n\
         `[x](b/x-y.md)`\n"
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
    assert_same_files(&folder.read_all(), &after, &again.printed);
}

#[test]
fn every_code_is_explained() {
    let run = |arguments: &[&str]| program().arg("explain").args(arguments).output().unwrap();
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

#[test]
fn a_navigation_file_of_some_notes_is_reported_once() {
    let mut files =
        String::from("-- SUMMARY.md\n- [甲](a.md)\n- [乙](b.md)\n-- README.md\n# 首页\n");
    for name in ["a", "b", "old/1", "old/2", "old/3", "new/4", "c", "x/y/5", "z/6"] {
        files += &format!("-- {name}.md\n# {name}\n\n文字\n");
    }
    let folder = Folder::new(&files);
    let printed = folder.check(&["--verbose"]).printed;
    assert_eq!(printed.matches("[unlisted]").count(), 1, "{printed}");
    let message = "7 of 10 notes are not listed: in `old/` (3), the root folder (1), `new/` (1) and 2 more folders";
    assert!(printed.contains(message) && printed.contains("`exclude`"), "{printed}");
    // The notes are on the site all the same, and a few are reported one by one.
    assert!(folder.build(&[]).contents().iter().any(|line| line.trim() == "old/3"));
    folder.write("SUMMARY.md", "- [甲](a.md)\n- [乙](b.md)\n- [旧](old/1.md)\n- [旧](old/2.md)\n- [旧](old/3.md)\n- [新](new/4.md)\n".as_bytes());
    let printed = folder.check(&["--verbose"]).printed;
    assert_eq!(printed.matches("[unlisted]").count(), 3, "{printed}");
}
