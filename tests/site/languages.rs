//! The language of the interface, and of each page.

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
