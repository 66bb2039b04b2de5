//! One folder of notes for each kind of message → the words of that message, in a snapshot.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;

use notes::diagnostic::Kind;

use crate::fixture::{Folder, outdented};

/// Kinds that no folder of notes alone brings about, and what tells of them.
const ELSEWHERE: [(&str, &str); 11] = [
    ("shallow-history", "history.rs"),
    ("unknown-history", "history.rs"),
    ("parser", "no text is known that the parser fails on"),
    ("unreadable", "faults.rs"),
    ("unwritable", "faults.rs"),
    ("output-folder", "guards.rs"),
    ("foreign-file", "guards.rs"),
    ("dead-external", "outside.rs"),
    ("moved-external", "outside.rs"),
    ("silent-external", "outside.rs"),
    ("federation", "federation.rs"),
];

/// A folder of notes that has one thing wrong with it.
pub struct Fixture {
    pub code: &'static str,
    pub files: String,
    pub prepare: fn(&Folder),
}

fn fixture(code: &'static str, files: impl Into<String>) -> Fixture {
    Fixture { code, files: files.into(), prepare: |_| () }
}

/// One note.
fn note(code: &'static str, text: &str) -> Fixture {
    fixture(code, format!("-- a.md\n# 甲\n\n{text}\n"))
}

#[expect(clippy::too_many_lines, reason = "a table of fixtures")]
pub fn fixtures() -> Vec<Fixture> {
    let notes = outdented(
        r"
        -- README.md
        # 首页
        -- a.md
        # 甲
        文
        -- b/c.md
        # 丙
        文
    ",
    );
    let lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    vec![
        fixture(
            "configuration",
            r"
            -- notes.yaml
            titel: 笔记
            -- a.md
            文
        ",
        ),
        fixture(
            "no-notes",
            r"
            -- a.txt
            文
        ",
        ),
        fixture(
            "book",
            r"
            -- notes.yaml
            books: [gone, b]
            -- b/a.md
            文
        ",
        ),
        fixture(
            "book-link",
            r"
            -- notes.yaml
            books: [a, B-Notes]
            -- a/a.md
            [b](https://github.com/me/B-Notes/blob/main/b.md) [c](https://github.com/me/b-notes)
            -- B-Notes/b.md
            文
        ",
        ),
        fixture(
            "foreign-configuration",
            r"
            -- book.toml
            [book
            -- a.md
            文
        ",
        ),
        fixture(
            "template",
            r"
            -- templates/page.html
            <p>{{ 标题 }}
            -- a.md
            文
        ",
        ),
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
        fixture(
            "front-matter",
            r"
            -- a.md
            ---
            title: {{ title }}
            ---
            文
        ",
        ),
        note("include", "{{#include 没有.rs}}"),
        note("embed", "![[a]]"),
        note("literal-markup", "##节\n\n见 [乙]（b.md）"),
        note("formula", r"设 $\frac{1}$"),
        note("diagram", "```mermaid\nflowchart TD\n  甲[一 --> 乙\n```"),
        note("lost-cell", "| 命令 | 说明 |\n| --- | --- |\n| `ps | grep x` | 查进程 |"),
        note("footnote", "一[^二] 三[^四]\n\n[^四]: 五\n\n[^四]: 六"),
        note("unused-footnote", "一\n\n[^二]: 三"),
        note("html", "<script>\nx()\n</script>"),
        note("unclosed-comment", "一\n\n<!-- 二\n\n三"),
        note("unclosed-fence", "一\n\n```sh\nls"),
        note("unclosed-html", "<div align=\"center\">\n\n一"),
        fixture(
            "draft",
            r"
            -- README.md
            # 首页
            -- a.md
            ---
            draft: true
            ---
            文
        ",
        ),
        note("literal-emphasis", "使用 **Hive **作为"),
        note("heading-skip", "### 丙"),
        note("empty-heading", "##\n\n文"),
        note("unknown-language", "```pyhton\nx\n```"),
        note("slow-code", &format!("```python\n{}\n```", "x".repeat(100_000))),
        note("missing-alt", "图：![](https://e.org/a.png)"),
        note("insecure-image", "![图](http://e.org/a.png)"),
        note("ignore", "一 <!-- notes: ignore dead-lnik --> 二"),
        fixture(
            "collision",
            r"
            -- 甲.md
            一
            -- A.md
            二
            -- a.md
            三
        ",
        ),
        fixture(
            "stub",
            r"
            -- a.md
            文
            -- b.md
            # 乙
        ",
        ),
        Fixture {
            prepare: |folder| fs::create_dir_all(folder.path().join("空/更空")).unwrap(),
            ..note("empty-folder", "文")
        },
        fixture(
            "duplicate-title",
            r"
            -- 甲/a.md
            ---
            title: 同
            ---
            文
            -- 甲/b.md
            ---
            title: 同
            ---
            文
            -- 乙/a.md
            ---
            title: 同
            ---
            文
        ",
        ),
        fixture(
            "dead-link",
            format!(
                "{notes}-- 数据库/事务与隔离级别.md\n文\n-- d.md\n见 [丙](b/事务隔离级别.md) 与 [乙](全无.md)\n"
            ),
        ),
        fixture(
            "dead-anchor",
            r"
            -- a.md
            ## 选举过程
            文
            -- b.md
            见 [甲](a.md#选举过成)。
        ",
        ),
        note("missing-image", "![图](图/架构.png)"),
        fixture(
            "not-published",
            r"
            -- a.md
            见 [码](code/)
            -- code/x.rs
            fn
        ",
        ),
        fixture(
            "active-file",
            r"
            -- notes.yaml
            html: safe
            -- a.md
            见 [幻灯片](b/slides.html) 与 ![图](图.svg)
            -- b/slides.html
            <p>
            -- 图.svg
            <svg/>
        ",
        ),
        fixture(
            "ebook-image",
            "-- notes.yaml\nepub: true\n-- a.md\n# 甲\n\n![乙](b.png)\n-- b.png\n不是图片\n",
        ),
        fixture(
            "lfs-pointer",
            format!(
                r"-- a.md
![图](b.png)
-- b.png
{lfs}"
            ),
        ),
        fixture(
            "loose-link",
            r"
            -- a/generation_clock.md
            文
            -- a/b.md
            见 [钟](generation-clock.md#x)
        ",
        ),
        fixture(
            "stale-navigation",
            format!("{notes}-- SUMMARY.md\n- [一](1.md)\n- [二](2.md)\n- [甲](a.md)\n"),
        ),
        fixture(
            "dead-entry",
            format!(
                "{notes}-- b/generation.md\n文\n-- SUMMARY.md\n- [甲](a.md)\n- [丙](b/c.md)\n- \
                 [丁](b/generaton.md)\n"
            ),
        ),
        fixture(
            "unlisted",
            format!("{notes}-- b/d.md\n文\n-- SUMMARY.md\n- [甲](a.md)\n- [丙](b/c.md)\n"),
        ),
        fixture(
            "loose-entry",
            format!(
                "{notes}-- b/x y.md\n文\n-- SUMMARY.md\n- [甲](a.md)\n- [丙](b/c.md)\n- \
                 [x](b/x-y.md)\n"
            ),
        ),
        fixture(
            "matrix-gap",
            r"
            -- README.md
            # 首页

            | [甲](./甲) | [外](https://e.org) |
            | --- | --- |
            -- 甲/a.md
            文
            -- 乙/a.md
            文
        ",
        ),
        fixture(
            "skipped",
            r"
            -- a.md
            文
            -- target/CACHEDIR.TAG
            Signature: 8a477f597d28d172789f06886806bc55
            -- target/b.md
            文
        ",
        ),
    ]
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
fn every_diagnostic_matches_its_snapshot() {
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
