//! The heads of notes: front matter that YAML refuses, and what other generators write there.

use crate::fixture::Folder;

#[test]
fn a_mistake_in_front_matter_costs_its_own_line_only() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页
        -- a.md
        ---
        title: Primer: deploying things
        tags: [a]
        ---

        文
        -- dup.md
        ---
        title: One
        title: Two
        ---

        文
        -- zh.md
        ---
        标题: x
        title： 全角冒号
        ---

        文
    ",
    );
    folder.write("tab.md", "---\ntitle: T\nlist:\n\t- a\n---\n\n文\n".as_bytes());
    let printed = folder.check(&["--verbose"]).printed;
    for (place, help) in [
        ("a.md:2:14", "put the value in quotes"),
        ("dup.md:3:1", "keep one of the two"),
        ("tab.md:4:1", "use spaces"),
        ("zh.md:3:6", "write a plain colon"),
    ] {
        let message = printed.split("\n\n").find(|message| message.contains(place));
        assert!(message.is_some_and(|message| message.contains(help)), "{place}\n{printed}");
    }
    let built = folder.build(&[]);
    let titles = ["a", "dup", "tab", "zh"].map(|name| built.title(&format!("{name}.html")));
    assert_eq!(titles, ["Primer: deploying things", "One", "T", "全角冒号"]);
}

#[test]
fn keys_at_the_top_are_front_matter_where_mkdocs_is() {
    let notes = "-- docs/index.md\n# 首页\n-- docs/a.md\ntitle: 甲的标题\nauthor: x\n\n文字\n-- docs/b.md\nNote: this is text\n\n文字\n";
    let built = Folder::new(&format!("-- mkdocs.yml\nsite_name: n\n{notes}")).build(&[]);
    assert_eq!(built.title("a.html"), "甲的标题");
    assert_eq!(built.text("a.html"), "<p>文字</p>");
    assert!(built.text("b.html").contains("Note: this is text"));
    let built = Folder::new(&notes.replace("docs/", "")).build(&[]);
    assert!(built.text("a.html").contains("title: 甲的标题"));
}

#[test]
fn the_order_of_other_generators_is_kept() {
    for (settings, key) in [
        ("docusaurus.config.js", "sidebar_position"),
        ("hugo.toml", "weight"),
        ("_config.yml", "nav_order"),
        ("other.txt", "weight"),
    ] {
        let folder = Folder::new(&format!(
            "-- {settings}\ntheme = \"just-the-docs\"\n-- README.md\n# 首页\n-- a.md\n# A\n\n文\n-- b.md\n---\n{key}: 2\n---\n# B\n\n文\n-- c.md\n---\n{key}: 1.5\n---\n# C\n\n文\n-- d/README.md\n---\n{key}: 1\n---\n# D\n\n文\n-- e/f.md\n# F\n\n文\n"
        ));
        let is_ordered = settings != "other.txt";
        let labels = |folder: &Folder| {
            let lines = folder.build(&[]).contents().into_iter();
            let names = lines.map(|line| line.trim().to_owned());
            names.filter(|line| line.chars().count() == 1).collect::<String>()
        };
        let expected = if is_ordered { "DCBAeF" } else { "ABCDeF" };
        let found = labels(&folder);
        assert_eq!(found, expected, "{settings}");
        if is_ordered {
            // An edit of the place moves the note.
            folder.write("a.md", format!("---\n{key}: 0\n---\n# A\n\n文\n").as_bytes());
            assert_eq!(labels(&folder), "ADCBeF", "{settings}");
        }
    }
}

#[test]
fn folders_of_docusaurus_have_a_place_and_a_label() {
    let folder = Folder::new(
        r#"
        -- docusaurus.config.ts
        export default {};
        -- README.md
        # 首页
        -- a/x.md
        # X

        文
        -- b/_category_.json
        {"label": "第二", "position": 1}
        -- b/y.md
        # Y

        文
    "#,
    );
    let contents = folder.build(&[]).contents();
    let names: Vec<_> = contents.iter().map(|line| line.trim()).collect();
    let place = |name: &str| names.iter().position(|line| *line == name);
    assert!(place("第二") < place("a") && place("第二").is_some(), "{names:?}");
    assert_eq!(folder.build(&[]).title("b/index.html"), "第二");
    folder.write("b/_category_.json", "{\"label\": \"改名\"}".as_bytes());
    let names = folder.build(&[]).contents();
    let names: Vec<_> = names.iter().map(|line| line.trim()).collect();
    let place = |name: &str| names.iter().position(|line| *line == name);
    assert!(place("a") < place("改名"), "{names:?}");
}
