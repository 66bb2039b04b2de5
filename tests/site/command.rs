//! The command line: exit codes, what is printed, what is written and what is left alone.

use std::fs;

use crate::comparison::assert_same_files;
use crate::fixture::{Folder, outdented, program};

const NOTES: &str = r"-- README.md
# 首页
[坏](none.md)
-- a.md
# 甲
文
";

#[test]
fn exit_codes() {
    let folder = Folder::new(NOTES);
    assert_eq!(folder.build(&[]).code, 0);
    assert_eq!(folder.build(&["--strict"]).code, 1);
    assert_eq!(folder.build(&["--no-such-option"]).code, 2);
    let missing = program().args(["build", "/nowhere/at/all"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    let fine = Folder::new("-- README.md\n# 首页\n");
    assert_eq!(fine.build(&["--strict"]).code, 0);
    let empty = Folder::new("-- x.txt\nno note\n");
    let built = empty.build(&[]);
    assert_eq!(built.code, 1);
    assert!(built.printed.contains("there is no Markdown file"), "{}", built.printed);
}

#[test]
fn how_much_is_printed() {
    let links = (0..15).map(|number| format!("[x](none-{number}.md)\n")).collect::<String>();
    let folder = Folder::new(&format!(
        r"-- README.md
# 首页
{links}
[甲](A-B.md)
-- a_b.md
# 甲
文
"
    ));
    let usual = folder.build(&[]).printed;
    assert!(usual.contains("dead links (15)") && usual.contains("and 5 more"), "{usual}");
    assert!(usual.contains("1 hint") && usual.contains("2 notes, 5 pages, 15 warnings"), "{usual}");
    let verbose = folder.build(&["--verbose"]).printed;
    assert!(
        verbose.contains("none-14.md")
            && verbose.contains("`A-B.md` does not exist; using `a_b.md`"),
        "{verbose}"
    );
    assert_eq!(folder.build(&["--quiet"]).printed, "");
}

#[test]
fn building_again_writes_what_changed_and_deletes_what_went() {
    let folder = Folder::new(NOTES);
    let first = folder.build(&[]);
    assert!(first.printed.contains("0 unchanged, 0 deleted"), "{}", first.printed);
    let before = first.files();
    let again = folder.build(&[]);
    assert!(again.printed.contains(": 0 written"), "{}", again.printed);
    assert_same_files(&again.files(), &before, &again.printed);
    folder.write("a.md", "# 甲\n改\n".as_bytes());
    let changed = folder.build(&[]);
    // The page, a piece of the search index with its words, one with its text, and the directory of
    // those.
    assert!(changed.printed.contains(": 4 written"), "{}", changed.printed);
    fs::remove_file(folder.path().join("a.md")).unwrap();
    let gone = folder.build(&[]);
    assert!(gone.printed.contains("3 deleted"), "{}", gone.printed);
    assert!(!gone.site.join("a.html").exists());
}

#[test]
fn files_of_others_are_never_touched() {
    let folder = Folder::new(NOTES);
    folder.write("site/mine.txt", b"mine");
    folder.write("site/a.html", b"mine too");
    let refused = folder.build(&[]);
    assert_eq!(refused.code, 1);
    assert!(refused.printed.contains("--force"), "{}", refused.printed);
    let forced = folder.build(&["--force"]);
    assert_eq!(forced.file("mine.txt"), "mine");
    assert_eq!(forced.file("a.html"), "mine too");
    assert!(forced.site.join("index.html").exists());
}

#[test]
fn output_and_notes_keep_out_of_one_another() {
    let folder = Folder::new(NOTES);
    let inside = folder.path().join("deep/out");
    let built = folder.build(&["-o", inside.to_str().unwrap()]);
    assert_eq!(built.code, 0, "{}", built.printed);
    let again = folder.build(&["-o", inside.to_str().unwrap()]);
    assert!(
        again.printed.contains("2 notes, 5 pages") && again.printed.contains(": 0 written"),
        "{}",
        again.printed
    );
    // The first site is no part of a second one elsewhere.
    let beside = folder.build(&[]);
    assert!(beside.printed.contains("2 notes, 5 pages"), "{}", beside.printed);
    for output in [folder.path(), folder.path().join("..")] {
        let refused = folder.build(&["-o", output.to_str().unwrap()]);
        assert_eq!(refused.code, 1, "{}", refused.printed);
    }
}

#[test]
fn the_address_gives_canonical_links_and_a_sitemap() {
    let folder = Folder::new(NOTES);
    let without = folder.build(&[]);
    assert!(!without.site.join("sitemap.xml").exists());
    assert!(!without.file("index.html").contains("canonical"));
    let with = folder.build(&["--base-url", "https://e.org/notes"]);
    assert!(
        with.file("index.html").contains("<link rel=\"canonical\" href=\"https://e.org/notes/\">")
    );
    assert!(
        with.file("a.html")
            .contains("<link rel=\"canonical\" href=\"https://e.org/notes/a.html\">")
    );
    let sitemap = with.file("sitemap.xml");
    assert!(
        sitemap.contains("<loc>https://e.org/notes/</loc>")
            && sitemap.contains("<loc>https://e.org/notes/a.html</loc>")
    );
    assert_eq!(folder.build(&["--base-url", "e.org"]).code, 2);
}

#[test]
fn the_same_notes_give_the_same_site_wherever_and_whenever_they_are_built() {
    let mut notes = outdented(
        r"
        -- README.md
        # 首页
        -- b/picture.png
        x
    ",
    );
    for number in 0..40 {
        notes.push_str(&format!(
            r"-- {}/n{number}.md
# n{number}
```rust
fn f{number}() {{}}
```
[x](../n.md) ![](../b/picture.png)
",
            number % 5
        ));
    }
    let run = |jobs: &str, locale: &str, zone: &str, modified: u64| {
        let folder = Folder::new(&notes);
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(modified);
        for number in 0..40 {
            let path = folder.path().join(format!("{}/n{number}.md", number % 5));
            fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
        }
        let mut command = program();
        command.args(["build", "--lang", "en", "--jobs", jobs]).arg(folder.path());
        command
            .env("LC_ALL", locale)
            .env("LANG", locale)
            .env("TZ", zone)
            .env("HOME", folder.path());
        let built = folder.ran(command.current_dir(folder.path()).output().unwrap());
        let is_message = |line: &&str| !line.contains(" pages, ");
        let messages = built.printed.lines().filter(is_message).collect::<Vec<_>>().join("\n");
        let manifest = fs::read(built.site.join(".notes-manifest")).unwrap();
        (messages, built.files(), manifest)
    };
    let one = run("1", "C", "UTC", 1_000_000_000);
    for other in [
        run("8", "zh_CN.UTF-8", "Asia/Shanghai", 1_700_000_000),
        run("3", "tr_TR.UTF-8", "America/New_York", 5),
    ] {
        assert_eq!(one.0, other.0);
        assert_same_files(&one.1, &other.1, "");
        assert!(one.2 == other.2, "the manifests differ");
    }
}

#[test]
fn timings_name_every_stage() {
    let built = Folder::new(
        r"
            -- README.md
            # 首页
            ```sh
            ls
            ```
        ",
    )
    .build(&["--quiet", "--timings"]);
    let stages: Vec<_> =
        built.printed.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(
        stages,
        ["read", "parse", "link", "highlight", "index", "render", "write"],
        "{}",
        built.printed
    );
    assert!(
        built.printed.contains("1 of 1 block") && built.printed.contains("1 of 1 note"),
        "{}",
        built.printed
    );
}

#[test]
fn content_holds_the_notes_when_no_other_folder_does() {
    for (files, pages) in [
        (
            r"
            -- README.md
            # r
            -- content/a.md
            # a
        ",
            vec!["a.html", "index.html"],
        ),
        (
            r"
            -- content/a.md
            # a
            -- other/b.md
            # b
        ",
            vec![
                "content/a.html",
                "content/index.html",
                "index.html",
                "other/b.html",
                "other/index.html",
            ],
        ),
    ] {
        assert_eq!(Folder::new(files).build(&[]).pages(), pages);
    }
}

#[test]
fn shells_and_man_know_every_command() {
    let run = |arguments: &[&str]| {
        let output = program().args(arguments).output().unwrap();
        (
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(),
            output.status.code(),
        )
    };
    let commands =
        ["init", "build", "serve", "search", "check", "explain", "completions", "manual"];
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (text, code) = run(&["completions", shell]);
        assert_eq!(code, Some(0));
        assert!(commands.iter().all(|command| text.contains(command)), "{shell}");
    }
    let (page, _) = run(&["manual"]);
    assert!(page.starts_with(".ie") && page.contains(".TH notes 1"), "{page}");
    for command in commands {
        assert!(page.contains(&format!("notes\\-{command}(1)")), "{command}");
        let (page, code) = run(&["manual", command]);
        let head = format!(".TH notes-{command} 1  \"notes {}\"", env!("CARGO_PKG_VERSION"));
        assert!(code == Some(0) && page.contains(&head) && page.contains("Examples"), "{page}");
        let (help, code) = run(&[command, "--help"]);
        assert!(code == Some(0) && help.contains("Examples:\n  notes "), "{help}");
    }
    let (told, code) = run(&["manual", "biuld"]);
    assert!(code == Some(2) && told.contains("use one of `init`, `build`, `serve`"), "{told}");
}

/// True if a line is a command for GitHub's runner or Azure's agent.
fn is_command(line: &str) -> bool {
    line.trim_start().starts_with("::") || line.contains("##[") || line.contains("##vso[")
}

#[test]
fn no_name_or_text_of_a_note_is_a_command_in_a_log_or_turns_a_line_around() {
    let folder = Folder::new(
        r"
        -- notes.yaml
        check: {severity: {dead-link: error}}
        -- ::stop-commands::x.md
        # ::error::title ##[add-mask]word
        [d](nope.md) ##vso[task.setvariable variable=a]b [e](##[group]e.md)
        -- 甲/##[set-env name=a]b.md
        # 甲
        [y](::error::.md) word [z](../::stop-commands::X.md)
    ",
    );
    let turned = "# \u{200F}word\n\n[d](\u{2067}nope.md)\n";
    folder.write("\u{202E}gnp.md", turned.as_bytes());
    for arguments in [
        &["build", "--quiet"][..],
        &["build", "--verbose"],
        &["build", "-o", "::error::site"],
        &["check", "--verbose"],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
        &["check", "--format", "github"],
        &["check", "--fix"],
        &["search", "word"],
        &["search", "--json", "word"],
    ] {
        let mut command = program();
        let command = command.current_dir(folder.path()).args(arguments);
        let printed = folder.ran(command.output().unwrap()).printed;
        assert!(printed.contains("stop-commands::x.md"), "{arguments:?}: {printed}");
        let own = ["::error title=", "::warning title=", "::notice title="];
        for line in printed.lines() {
            let is_own =
                arguments.contains(&"github") && own.iter().any(|begin| line.starts_with(begin));
            // The runner takes a line that is a command for no other; names in its properties are
            // whole, for they lead to files.
            let behind = line.get(2..).filter(|_| is_own);
            let message = behind.and_then(|behind| behind.split_once("::"));
            let rest = message.map_or(line, |(_, message)| message);
            assert!(!is_command(rest), "{arguments:?}: {line}");
        }
        let turns = |c| matches!(c, '\u{202E}' | '\u{2067}' | '\u{200F}');
        assert!(!printed.contains(turns), "{arguments:?}: {printed}");
    }
}
