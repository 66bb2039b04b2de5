//! The language of the interface, and the language and direction of each page.

use crate::fixture::Folder;

#[test]
fn the_interface_has_the_language_of_the_home_page() {
    let chinese = "学习如何设计大型系统，了解每一个步骤，以及首先要学习什么。".repeat(9);
    let english = "It explains how to design large systems, step by step, and what to learn \
         first; it has several sections, and it is translated.";
    let home = format!("-- README.md\n# The Primer\n\n{english}\n");
    let built = Folder::new(&format!(
        "{home}-- README-zh.md\n# 入门\n\n{chinese}\n-- a.md\n# 甲\n\n{chinese}\n"
    ))
    .build(&[]);
    let page = built.file("index.html");
    assert!(page.contains("<html lang=\"en\">") && page.contains("Skip to content"));
    assert!(!page.contains("<article lang="));
    assert!(built.file("README-zh.html").contains("<article lang=\"zh\">"));
    // Too short to tell, so the notes count.
    let short = Folder::new(&format!("-- README.md\n# Notes\n-- a.md\n# 甲\n\n{chinese}\n"));
    assert!(short.build(&[]).file("index.html").contains("<html lang=\"zh-CN\">"));
}

#[test]
fn a_note_is_from_right_to_left_if_it_says_so() {
    let built = Folder::new(
        r"
-- README.md
# Notes
-- a.md
---
dir: rtl
---
# الملاحظات

نص

```sh
ls
```
-- b.md
---
lang: he
---
# b
-- c.md
# שלום

abc

שלום abc
",
    )
    .build(&[]);
    let right_to_left = built.file("a.html");
    assert!(right_to_left.contains("<article dir=\"rtl\">"), "{right_to_left}");
    assert!(built.file("b.html").contains("<article lang=\"he\" dir=\"rtl\">"));
    let mixed = built.file("c.html");
    assert!(mixed.contains("<article>"), "{mixed}");
    for part in [" dir=\"auto\">שלום</h1>", "<p>abc</p>", "<p dir=\"auto\">שלום abc</p>"] {
        assert!(mixed.contains(part), "{part}: {mixed}");
    }
    assert!(!built.file("index.html").contains(" dir="));
}
