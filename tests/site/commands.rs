//! Blocks that a command in the settings draws: the drawing, the permission, the limits, and what
//! is kept.

use std::fs;

use crate::fixture::{Built, Folder, program};
use crate::request::becomes;
use crate::serving::Serving;

/// A drawing of the words on standard input.
const DRAW: &str = r#"text=$(cat)
printf '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>画：%s</text></svg>' "$text""#;

/// A folder with a block on line 3, and a script that is its command.
fn folder(script: &str) -> Folder {
    let folder = Folder::new(
        r#"
        -- README.md
        # 首页

        ```dot
        a
        ```
        -- notes.yaml
        title: 笔记
        blocks: {dot: "sh ./draw.sh"}
        "#,
    );
    folder.write("draw.sh", format!("echo >>ran; {script}\n").as_bytes());
    folder
}

/// The number of times that the command was run.
fn runs(folder: &Folder) -> usize {
    fs::read_to_string(folder.path().join("ran")).map_or(0, |ran| ran.lines().count())
}

fn build(folder: &Folder) -> Built {
    folder.build(&["--allow-commands"])
}

/// The drawing of the page.
fn drawing(built: &Built) -> String {
    let html = built.file("index.html");
    let (_, drawing) = html.split_once("<figure class=\"diagram\">").expect("a drawing");
    drawing.split("</figure>").next().unwrap_or_default().to_owned()
}

/// Asserts that the block stays code, with a message at its line.
fn assert_code(built: &Built, message: &str) {
    let html = built.file("index.html");
    assert!(
        html.contains("data-language=\"dot\"") && !html.contains("class=\"diagram\""),
        "{html}"
    );
    assert!(built.printed.contains(message), "{}", built.printed);
    assert!(built.printed.contains("README.md:3"), "{}", built.printed);
    assert_eq!(built.code, 0, "{}", built.printed);
}

#[test]
fn commands_draw() {
    let folder = folder(DRAW);
    let built = build(&folder);
    let drawing = drawing(&built);
    assert!(drawing.contains("<text>画：a</text>"), "{drawing}");
    assert!(drawing.contains("<pre><code>a"), "{drawing}");
    assert!(built.printed.contains(" 0 warnings, 0 errors"), "{}", built.printed);
    let mut command = program();
    let found = folder.ran(command.args(["search", "画"]).arg(folder.path()).output().unwrap());
    assert!(found.printed.contains("README.md"), "{}", found.printed);
    assert_eq!(runs(&folder), 1);
}

#[test]
fn nothing_runs_without_permission() {
    let folder = folder(DRAW);
    for command in ["build", "check", "search"] {
        for variable in ["", "0", "false"] {
            let mut process = program();
            process.arg(command).args((command == "search").then_some("a"));
            process.arg(folder.path()).env("NOTES_ALLOW_COMMANDS", variable);
            let ran = folder.ran(process.output().unwrap());
            if command == "search" {
                continue;
            }
            let warnings = ran.printed.matches("the commands of `blocks` are not run").count();
            assert_eq!(warnings, 1, "{}", ran.printed);
            assert!(ran.printed.contains("notes.yaml:2"), "{}", ran.printed);
            assert!(ran.printed.contains("--allow-commands"), "{}", ran.printed);
            assert!(!ran.printed.contains("unknown language"), "{}", ran.printed);
        }
    }
    let built = folder.build(&[]);
    assert!(built.file("index.html").contains("data-language=\"dot\""));
    let serving = Serving::start(&folder.path(), &[]);
    serving.says(|line| line.contains("the commands of `blocks` are not run"));
    assert_eq!(runs(&folder), 0);
    let mut process = program();
    let process = process.arg("build").arg(folder.path()).env("NOTES_ALLOW_COMMANDS", "1");
    drawing(&folder.ran(process.output().unwrap()));
    assert_eq!(runs(&folder), 1);
    // The drawing is of builds with permission only.
    assert!(!folder.build(&[]).file("index.html").contains("class=\"diagram\""));
}

#[test]
fn mermaid_can_be_replaced_and_is_drawn_without_permission() {
    let folder = folder(DRAW);
    folder.write("README.md", "# 首页\n\n```mermaid\nflowchart LR\n甲 --> 乙\n```\n".as_bytes());
    folder.write("notes.yaml", b"blocks: {Mermaid: [sh, ./draw.sh]}\n");
    assert!(drawing(&folder.build(&[])).contains("乙</t"));
    assert!(drawing(&build(&folder)).contains("画：flowchart"));
}

#[test]
fn commands_that_fail_leave_code() {
    for (script, message) in [
        ("echo 'line 1: \u{1b}[31mno' >&2; exit 1", "`sh` failed: line 1: \\u{1b}[31mno"),
        ("exit 3", "`sh` failed: exit code 3"),
        ("cat", "the output of `sh` is not shown"),
        ("true", "the output of `sh` is not shown: it is empty"),
        ("head -c 1000000000 /dev/zero", "`sh` printed more than 4 MB"),
    ] {
        let folder = folder(script);
        assert_code(&build(&folder), message);
        // The same message comes again, for the command is run again.
        assert_code(&build(&folder), message);
        assert_eq!(runs(&folder), 2, "{script}");
        folder.write("draw.sh", DRAW.as_bytes());
        drawing(&build(&folder));
    }
}

#[test]
fn commands_that_never_end_are_ended() {
    assert_code(&build(&folder("sleep 100000 & sleep 100000")), "`sh` took longer than 10 s");
}

#[test]
fn programs_that_are_not_installed_are_named() {
    let folder = folder("");
    folder.write("notes.yaml", b"blocks: {dot: no-such-program -Tsvg}\n");
    assert_code(&build(&folder), "the program `no-such-program` is not installed");
}

#[test]
fn drawings_are_clean() {
    let script = r#"cat <<'END'
<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)">
<script>alert(2)</script><style>* { background: url(https://example.org/) }</style>
<g class="node"><title>a&#45;&gt;b</title><text style="fill: #ff0000; position: fixed" onclick="alert(3)">甲</text></g>
<foreignObject><p>alert(4)</p></foreignObject><image href="https://example.org/a.png"/>
<a href="javascript:alert(5)"><text>乙</text></a></svg>
END"#;
    let drawing = drawing(&build(&folder(script)));
    assert!(drawing.contains("<text fill=\"#ff0000\">甲</text>"), "{drawing}");
    assert!(drawing.contains("乙</text>"), "{drawing}");
    let drawing = drawing.split("<details>").next().unwrap_or_default();
    for bad in ["alert", "example.org", "title", "style", "position", "DOCTYPE", "b<"] {
        assert!(!drawing.contains(bad), "{bad}: {drawing}");
    }
}

#[test]
fn pictures_are_in_the_page() {
    let pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";
    let folder = folder(&format!("echo {pixel} | base64 -d"));
    let drawing = drawing(&build(&folder));
    assert!(drawing.contains(&format!(" src=\"data:image/png;base64,{pixel}\"")), "{drawing}");
    assert!(drawing.contains("<img alt=\"首页\" width=\"1\" height=\"1\""), "{drawing}");
}

#[test]
fn a_command_runs_once_for_a_text() {
    let folder = folder(DRAW);
    folder.write("a.md", "# 甲\n\n```dot\na\n```\n".as_bytes());
    let first = build(&folder).files();
    // The text is the same, so two notes at once may both ask.
    let ran = runs(&folder);
    assert!((1..=2).contains(&ran), "{ran}");
    assert_eq!(build(&folder).files(), first);
    folder.write("README.md", "# 首页\n\n另一段\n\n```dot\na\n```\n".as_bytes());
    drawing(&build(&folder));
    assert_eq!(runs(&folder), ran);
    folder.write("README.md", "# 首页\n\n```dot\nb\n```\n".as_bytes());
    assert!(drawing(&build(&folder)).contains("画：b"));
    assert_eq!(runs(&folder), ran + 1);
    folder.write("notes.yaml", b"blocks: {dot: \"sh ./draw.sh again\"}\n");
    build(&folder);
    assert!(runs(&folder) > ran + 1);
    let clean = folder.build(&["--allow-commands", "--no-cache"]).files();
    assert_eq!(build(&folder).files(), clean);
}

#[test]
fn the_preview_runs_a_command_again_only_for_another_text() {
    let folder = folder("exit 1");
    let serving = Serving::start(&folder.path(), &["--allow-commands"]);
    serving.says(|line| line.contains("`sh` failed"));
    for (text, ran) in [("# 一\n\n```dot\na\n```\n", 1), ("# 二\n\n```dot\nb\n```\n", 2)] {
        folder.write("README.md", text.as_bytes());
        let title = text.lines().next().unwrap_or_default().trim_start_matches("# ");
        let is_shown = format!("<title>{title}");
        becomes(&serving, "/index.html", |answer| answer.page().contains(&is_shown));
        assert_eq!(runs(&folder), ran);
    }
}
