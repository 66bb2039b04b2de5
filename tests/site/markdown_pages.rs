//! Notes as Markdown, for programs and other tools: the files beside the pages, what leads to them,
//! and the lists of them.

use crate::comparison::assert_same_files;
use crate::fixture::{Built, Folder};
use crate::request::{becomes, get, holds};
use crate::serving::Serving;

/// The files of Markdown of a site, and those for language models.
fn names(built: &Built) -> Vec<String> {
    let is_meant = |name: &&String| {
        name.ends_with(".md") || name.starts_with("llms") || name.contains("/llms")
    };
    let files = built.files();
    let mut names: Vec<String> = files.keys().filter(is_meant).cloned().collect();
    names.sort();
    names
}

const NOTES: &str = r#"
    -- README.md
    # 首页

    [甲](a/甲.md#节) 与 [文件夹](b/) ![图](p.png) [无](no.md)
    -- p.png
    x
    -- a/甲.md
    ---
    date: 2024-05-06
    tags: [x]
    ---
    # 甲

    {% hint style="info" %}
    一**“二”**三
    {% endhint %}

    ::: warning 题
    字
    :::

    ## 节

    字 <script>alert(1)</script> <!-- 不见 --> [[README|回]] $x_1$ <b>粗</b>

    | a | b |
    |---|--:|
    | `x\|y` | 1 |
    -- b/c.md
    # C
    -- 草.md
    ---
    draft: true
    ---
    # 草
    -- 不发/x.md
    # X
"#;

fn folder(settings: &str) -> Folder {
    Folder::new(&format!(
        "-- notes.yaml\nexclude: [不发]\nmarkdown: {{wiki_links: true, math: true}}\n{settings}\n{}",
        outdented(NOTES)
    ))
}

fn outdented(text: &str) -> String {
    text.lines().map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned() + "\n").collect()
}

#[test]
fn without_the_key_there_is_none() {
    let built = folder("base_url: https://e.org/n/").build(&[]);
    assert_eq!(names(&built), ["llms.txt"]);
    assert!(!built.file("a/甲.html").contains("text/markdown"));
    assert!(built.file("llms.txt").contains("https://e.org/n/a/%E7%94%B2.html"));
}

#[test]
fn each_note_is_beside_its_page() {
    let built = folder("machines: true").build(&[]);
    assert_eq!(names(&built), ["a/甲.md", "b/c.md", "index.md"]);
    assert_eq!(
        built.file("index.md"),
        "# 首页\n\n[甲](a/%E7%94%B2.md#%E8%8A%82) 与 [文件夹](b/index.html) ![图](p.png) 无\n"
    );
    let expected = "---\ndate: 2024-05-06\n---\n\n# 甲\n\n> [!NOTE]\n> 一<strong>“二”</strong>三\n\n\
                    > [!WARNING]\n> **题**\n>\n> 字\n\n## 节\n\n字 &lt;script>alert(1)&lt;/script> \
                    [回](../index.md) $x_1$ **粗**\n\n| a | b |\n| --- | ---: |\n| <code>x&#124;y</code> | 1 |\n";
    assert_eq!(built.file("a/甲.md"), expected);
    let page = built.file("a/甲.html");
    let link = "<link rel=\"alternate\" type=\"text/markdown\" href=\"%E7%94%B2.md\">";
    assert!(page.contains(link), "{page}");
    assert!(page.contains("<a href=\"%E7%94%B2.md\" type=\"text/markdown\">Markdown</a>"));
    assert!(!built.file("b/index.html").contains("text/markdown"), "a folder has no note");
}

#[test]
fn with_an_address_all_links_are_whole_and_lists_lead_to_markdown() {
    let built = folder("machines: true\nbase_url: https://e.org/n/").build(&[]);
    let lists = ["llms-full.txt", "llms-full/a.txt", "llms-full/b.txt", "llms.txt"];
    let notes = ["a/甲.md", "b/c.md", "index.md"];
    let mut expected: Vec<&str> = notes.into_iter().chain(lists).collect();
    expected.sort_unstable();
    assert_eq!(names(&built), expected);
    let note = built.file("a/甲.md");
    let head = "---\nurl: https://e.org/n/a/%E7%94%B2.html\ndate: 2024-05-06\n---\n\n# 甲\n";
    assert!(note.starts_with(head), "{note}");
    assert!(note.contains("[回](https://e.org/n/index.md)"), "{note}");
    assert!(built.file("index.md").contains("![图](https://e.org/n/p.png)"));
    assert_eq!(built.file("llms-full/a.txt"), note);
    let list = built.file("llms.txt");
    let size = note.len();
    assert!(
        list.contains(&format!(
            "## a (1 篇笔记, {size} B)\n\n- [全文](https://e.org/n/llms-full/a.txt) (1 篇笔记, {size} B)\n\
             - [甲](https://e.org/n/a/%E7%94%B2.md)"
        )),
        "{list}"
    );
    assert!(list.ends_with("## Optional\n\n- [全文](https://e.org/n/llms-full.txt)\n"), "{list}");
    let home = "- [首页](https://e.org/n/index.md)";
    let full = built.file("llms-full.txt");
    for list in [&list, &full] {
        assert_eq!(list.matches(home).count(), 1, "{list}");
    }
    let line = format!("- [a](https://e.org/n/llms-full/a.txt) (1 篇笔记, {size} B)\n");
    assert!(full.contains(&line), "{full}");
}

#[test]
fn the_files_of_a_long_part_have_numbers() {
    // Half of the sheets of one file each.
    let text = "字".repeat(500_000);
    let mut files =
        "-- notes.yaml\nmachines: true\nbase_url: https://e.org/\n-- README.md\n# T\n".to_owned();
    for name in ["a/1.md", "a/2.md", "a/3.md"] {
        files += &format!("-- {name}\n# A\n\n{text}\n");
    }
    let built = Folder::new(&files).build(&[]);
    let (list, full) = (built.file("llms.txt"), built.file("llms-full.txt"));
    assert!(built.files().keys().filter(|name| name.starts_with("llms-full/")).count() > 1);
    for entry in
        ["- [a](https://e.org/llms-full/a.txt) (", "- [a 2](https://e.org/llms-full/a-2.txt) ("]
    {
        assert!(full.contains(entry), "{full}");
        let entry = entry.replacen("[a", "[全文", 1);
        assert!(
            list.contains(&entry) || list.contains(&entry.replace("全文", "Full text")),
            "{list}"
        );
    }
}

#[test]
fn names_that_are_taken_get_a_number() {
    let files = "-- notes.yaml\nmachines: true\nassets: [x/index.md.txt, raw/*]\n-- README.md\n# T\n\n\
                 [f](a.md/x.txt) [b](B.md)\n-- a.markdown\n# A\n-- a.md/x.txt\nx\n-- b.md\n# b\n-- B/README.md\n# B\n";
    let built = Folder::new(files).build(&[]);
    let found = names(&built);
    assert_eq!(found, ["B/index.md", "a-2.md", "b.md", "index.md"], "a folder has the name");
    assert!(built.file("a.html").contains("href=\"a-2.md\""));
}

#[test]
fn books_have_their_own() {
    let files = "-- notes.yaml\nmachines: true\nbase_url: https://e.org/\nbooks: [one, two]\n\
                 -- README.md\n# L\n-- one/x.md\n# X\n\n[Y](../two/y.md)\n-- two/y.md\n# Y\n\ntext\n";
    let built = Folder::new(files).build(&[]);
    let found = names(&built);
    for name in
        ["index.md", "one/x.md", "two/y.md", "llms.txt", "one/llms.txt", "two/llms-full.txt"]
    {
        assert!(found.contains(&name.to_owned()), "{name} in {found:?}");
    }
    let list = built.file("llms.txt");
    assert!(list.contains("](https://e.org/one/llms.txt) ("), "{list}");
    assert!(built.file("one/x.md").contains("[Y](https://e.org/two/y.html)"));
    assert!(built.file("two/llms.txt").contains("https://e.org/two/y.md"));
}

#[test]
fn an_edit_changes_what_shows_it() {
    let folder = folder("machines: true\nbase_url: https://e.org/n/");
    folder.build(&[]);
    folder.write("b/c.md", "# C\n\n更多的文字\n".as_bytes());
    let built = folder.build(&[]);
    assert!(built.file("b/c.md").ends_with("# C\n\n更多的文字\n"));
    assert!(built.file("llms-full/b.txt").ends_with("更多的文字\n"));
    let size = built.file("b/c.md").len();
    assert!(built.file("llms.txt").contains(&format!("## b (1 篇笔记, {size} B)")));
    let after_edit = built.files();
    let clean = folder.build(&["--no-cache"]);
    assert_same_files(&clean.files(), &after_edit, "clean");
}

#[test]
fn the_preview_has_them() {
    let folder = folder("machines: true\nbase_url: https://e.org/n/");
    let built = folder.build(&[]);
    let serving = Serving::start(&folder.path(), &[]);
    for name in names(&built) {
        let path = format!("/{}", notes::path::encode_path(&name));
        assert_eq!(get(&serving, &path).page(), built.file(&name), "{name}");
    }
    folder.write("b/c.md", "# C\n\nnew words\n".as_bytes());
    holds(&serving, "/b/c.md", "new words");
    becomes(&serving, "/llms-full/b.txt", |answer| answer.page().contains("new words"));
}
