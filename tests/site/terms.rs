//! Glossaries: links from the first place of each term on a page, and the page of all terms.

use crate::fixture::{Built, Folder};

const NOTES: &str = r"-- notes.yaml
markdown: {definition_lists: true}
-- README.md
# 首页

文
-- 术语.md
# 术语

Raft
: 一种**共识算法**，与 Paxos 并列。

共识
: 多个节点就一个值达成一致。

Paxos
: 较早的共识算法。
-- a.md
# 甲

这里讲 Raft，再讲一次 Raft，以及 [Raft](b.md) 和 `Paxos`。

## Raft 的共识

共识与 Rafts、raft 不同。
-- b.md
---
terms: false
---
# 乙

Raft 与共识。
-- c.md
---
term: [分布式锁, 租约]
---
# 锁

分布式锁是多个节点之间的互斥，用租约防止死锁。
-- d.md
# 丁

分布式锁要靠共识。
";

/// The links to terms in the text of a page: words, address, definition.
fn links(built: &Built, page: &str) -> Vec<String> {
    let text = built.file(page);
    let links = text.split("<a class=\"term\" href=\"").skip(1);
    let link = |link: &str| {
        let (address, rest) = link.split_once("\" title=\"").unwrap();
        let (definition, rest) = rest.split_once("\">").unwrap();
        format!("{} {address} {definition}", rest.split_once("</a>").unwrap().0)
    };
    links.map(link).collect()
}

const RAFT: &str = "Raft %E6%9C%AF%E8%AF%AD.html#raft 一种共识算法，与 Paxos 并列。";
const CONSENSUS: &str =
    "共识 %E6%9C%AF%E8%AF%AD.html#%E5%85%B1%E8%AF%86 多个节点就一个值达成一致。";

#[test]
fn the_first_place_of_a_term_on_a_page_is_a_link() {
    let built = Folder::new(NOTES).build(&[]);
    assert_eq!(links(&built, "a.html"), [RAFT, CONSENSUS], "{}", built.printed);
    // In the text, not in headings, links and code.
    let article = built.article("a.html");
    assert!(article.contains("<p>这里讲 <a class=\"term\""), "{article}");
    assert!(
        article.contains("再讲一次 Raft，以及 <a href=\"b.html\">Raft</a> 和 <code>Paxos</code>")
    );
    assert!(article.contains("Raft 的共识</h2>") && article.contains("与 Rafts、raft 不同"));
    assert_eq!(links(&built, "b.html"), [""; 0]);
    let lock = "分布式锁 c.html 分布式锁是多个节点之间的互斥，用租约防止死锁。";
    assert_eq!(links(&built, "d.html"), [lock, CONSENSUS]);
    // A page that explains a term has no link to it: `术语` explains all but those of `c`.
    assert_eq!(links(&built, "术语.html"), [""; 0]);
    assert_eq!(links(&built, "c.html"), [""; 0]);
    assert!(built.article("术语.html").contains("<dt id=\"raft\">Raft</dt>"));
    // On paper and for the search nothing changes.
    assert!(!built.files().iter().any(|(route, bytes)| {
        route.starts_with("print/") && String::from_utf8_lossy(bytes).contains("class=\"term\"")
    }));
}

#[test]
fn all_terms_are_on_a_page_in_the_order_of_an_index() {
    let built = Folder::new(NOTES).build(&[]);
    let page = built.file("terms.html");
    let terms: Vec<&str> =
        page.split("<dt>").skip(1).map(|term| term.split_once("</a>").unwrap().0).collect();
    let expected = [
        "<a href=\"c.html\">分布式锁",
        "<a href=\"%E6%9C%AF%E8%AF%AD.html#%E5%85%B1%E8%AF%86\">共识",
        "<a href=\"%E6%9C%AF%E8%AF%AD.html#paxos\">Paxos",
        "<a href=\"%E6%9C%AF%E8%AF%AD.html#raft\">Raft",
        "<a href=\"c.html\">租约",
    ];
    assert_eq!(terms, expected);
    assert!(page.contains("<dd>较早的共识算法。</dd>"), "{page}");
    assert!(built.file("contents.html").contains("<a href=\"terms.html\">术语</a>"));
}

#[test]
fn notes_of_a_folder_of_terms_explain_one_each() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页

        这里有 MVCC 与 OS，也有脏读。
        -- 03~Glossary/README.md
        # Glossary

        All words.
        -- 03~Glossary/mvcc.md
        ---
        aliases: [多版本并发控制]
        ---
        # MVCC

        Keeps several versions of a row.
        -- 03~Glossary/os.md
        # OS

        Runs programs on a machine.
        -- 03~Glossary/脏读.md
        # 脏读
    ",
    );
    let built = folder.build(&[]);
    let expected = [
        "MVCC 03~Glossary/mvcc.html Keeps several versions of a row.",
        "OS 03~Glossary/os.html Runs programs on a machine.",
    ];
    // A note with nothing to read defines nothing.
    assert_eq!(links(&built, "index.html"), expected, "{}", built.printed);
    assert_eq!(built.file("terms.html").matches("<dt>").count(), 3);
}

#[test]
fn nothing_of_terms_appears_where_no_note_explains_one_or_they_are_off() {
    let without = "-- README.md\n# 首页\n\nRaft\n: 定义\n-- a.md\n# Raft\n\n一种算法。\n";
    let off = format!("{NOTES}-- notes.yaml\nmarkdown: {{definition_lists: true}}\nterms: false\n");
    for notes in [without, &off] {
        let built = Folder::new(notes).build(&[]);
        for (route, bytes) in built.files().iter().filter(|(route, _)| route.ends_with(".html")) {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains("class=\"term\"") && !text.contains("terms.html"), "{route}");
        }
        assert!(!built.site.join("terms.html").exists());
    }
}

#[test]
fn all_spellings_count_and_short_definitions_too() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页

        这里有 k8s，后来又有 K8s、C++ 和 RTT；no 不是术语。

        ![[b]]
        -- a.md
        ---
        term: [K8s, k8s]
        ---
        # 容器编排

        管理容器。
        -- b.md
        # 嵌入

        RTT 与 C++。
        -- 术语/RTT.md
        # RTT

        往返时间。

        它由内核测量，下面的各节说明怎样用它。
        -- 术语/C++.md
        # C++

        一种语言。
        -- c.md
        ---
        term: no
        ---
        # 别的

        文
        -- z.md
        ---
        term: K8S
        ---
        # 后来的

        不算。
    ",
    );
    let built = folder.build(&[]);
    let expected = [
        "k8s a.html 管理容器。",
        "C++ %E6%9C%AF%E8%AF%AD/C%2B%2B.html 一种语言。",
        "RTT %E6%9C%AF%E8%AF%AD/RTT.html 往返时间。",
    ];
    // The text that is embedded has none.
    assert_eq!(links(&built, "index.html"), expected, "{}", built.printed);
    assert_eq!(built.file("terms.html").matches("<dt>").count(), 3);
}

#[test]
fn an_edit_of_a_term_gives_the_site_of_a_clean_build() {
    let folder = Folder::new(NOTES);
    folder.build(&[]);
    for text in [
        "# 术语\n\nRaft\n: 另一个定义。\n\nPaxos\n: 较早的。\n",
        "# 术语\n\n新词\n: 定义。\n",
        "# 术语\n\n没有定义。\n",
    ] {
        folder.write("术语.md", text.as_bytes());
        let built = folder.build(&[]).files();
        assert_eq!(built, folder.build(&["--no-cache"]).files(), "{text}");
    }
    folder.write("a.md", "# 甲\n\n租约。\n".as_bytes());
    let built = folder.build(&[]);
    assert_eq!(links(&built, "a.html").len(), 1);
    assert_eq!(built.files(), folder.build(&["--no-cache"]).files());
}

#[test]
fn hostile_terms_and_definitions_are_text() {
    let folder = Folder::new(
        "-- notes.yaml\nmarkdown: {definition_lists: true}\n-- glossary.md\n# Terms\n\n\
         A\"B&lt;b&gt;\n: x\" onmouseover=\"alert(1) &lt;script&gt;\n\n\
         <b>Bold</b> `code`\n: y\n\n\
         -- a.md\n# A\n\nHere is A\"B&lt;b&gt; and <a href=\"#\">Bold code</a> <button>Bold code</button> Bold code.\n",
    );
    let built = folder.build(&[]);
    let article = built.article("a.html");
    assert!(!article.contains("<script>") && !article.contains("\" onmouseover=\""), "{article}");
    assert_eq!(article.matches("class=\"term\"").count(), 2, "{article}");
    assert!(article.ends_with("Bold code</a>.</p>\n"), "{article}");
}
