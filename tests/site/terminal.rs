//! The language of the terminal → the language of everything that people read there, and of
//! nothing that programs read.

use crate::fixture::{Folder, program};

/// The output of the program, its exit code at the end.
fn said(folder: &Folder, locale: &str, arguments: &[&str]) -> String {
    let mut command = program();
    command.current_dir(folder.path()).args(arguments).env("LC_ALL", locale);
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    format!("{}{}", String::from_utf8(text).unwrap(), output.status.code().unwrap())
}

fn folder() -> Folder {
    Folder::new("-- README.md\n# 首页\n\n[无](no.md)\n-- x.txt\nno note\n")
}

#[test]
fn people_read_their_language() {
    let folder = folder();
    for (arguments, chinese, english) in [
        (&["check"][..], "警告[dead-link]: `no.md` 没有指向任何文件", "`no.md` leads nowhere"),
        (&["build"], "警告[dead-link]：死链（1）", "warning[dead-link]: dead links (1)"),
        (&["build"], "1 篇笔记，", "1 note, "),
        (&["explain", "dead-link"], "链接的目标不存在。", "The target of a link does not exist."),
        (&["explain"], "没有结束的代码块", "code blocks without an end"),
        (&["--help"], "用法：notes", "Usage: notes"),
        (&["build", "--help"], "输出文件夹［默认：文件夹里的 `site`］", "Output folder [default:"),
        (&["check", "--help"], "［可选：human、json、github、sarif］", "Output format"),
        (
            &["build", "gone"],
            "错误：没有文件夹 `gone`\n  建议：",
            "error: there is no folder `gone`\n  help:",
        ),
        (&["build", "x.txt"], "`x.txt` 是文件，不是文件夹", "`x.txt` is a file, not a folder"),
        (&["biuld"], "没有命令 `biuld`\n  建议：是不是想写 `build`？", "unrecognized subcommand"),
        (
            &["build", "--outt"],
            "没有选项 `--outt`\n  建议：是不是想写 `--output`？",
            "unexpected argument",
        ),
        (&["serve", "--port", "80000"], "端口是 1 到 65535 的数字", "a number from 1 to 65535"),
        (&["check", "--format", "xml"], "不能是 `xml`", "invalid value 'xml'"),
        (&["search"], "缺少 <QUERY>", "required arguments"),
        (&["search", "首页"], "1 页里共 1 节", "1 section on 1 page"),
    ] {
        let found = said(&folder, "zh_CN.UTF-8", arguments);
        assert!(found.contains(chinese), "{arguments:?}: {found}");
        let found_english = said(&folder, "en_US.UTF-8", arguments);
        assert!(found_english.contains(english), "{arguments:?}: {found_english}");
        let code = |said: &str| said.chars().last();
        assert_eq!(code(&found), code(&found_english), "{arguments:?}");
    }
}

#[test]
fn an_option_has_priority_before_and_after_the_command() {
    let folder = folder();
    for (locale, arguments, expected) in [
        ("C", &["--lang", "zh", "check"][..], "没有指向任何文件"),
        ("C", &["check", "--lang=zh"], "没有指向任何文件"),
        ("zh_CN.UTF-8", &["check", "--lang", "en"], "leads nowhere"),
        ("C", &["--lang", "zh", "--help"], "用法："),
    ] {
        let found = said(&folder, locale, arguments);
        assert!(found.contains(expected), "{arguments:?}: {found}");
    }
}

#[test]
fn programs_read_english() {
    let folder = folder();
    for arguments in [
        &["check", "--format", "json"][..],
        &["check", "--format", "sarif"],
        &["check", "--format", "github"],
        &["manual", "check"],
        &["completions", "bash"],
    ] {
        let [chinese, english] =
            ["zh_CN.UTF-8", "C"].map(|locale| said(&folder, locale, arguments));
        assert_eq!(chinese, english, "{arguments:?}");
    }
}

#[test]
fn unknown_keys_are_reported_at_once() {
    let folder = Folder::new("-- notes.yaml\nnav: []\ntitel: x\nplugins: []\n-- a.md\n文\n");
    let found = said(&folder, "C", &["check", "--format", "json"]);
    for key in ["nav", "titel", "plugins"] {
        assert!(found.contains(&format!("unknown key `{key}`")), "{found}");
    }
}
