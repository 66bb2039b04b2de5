//! Builds after edits → the same bytes and the same messages as a build from nothing, with less
//! work.

use std::fs;

use crate::comparison::assert_same_files;
use crate::fixture::{Built, Folder};

const NOTES: &str = "\
-- README.md
# 首页
见 [甲](a.md) 与 [乙](b/README.md#节)。
-- SUMMARY.md
- [首页](README.md)
- [甲](a.md)
- [乙](b/README.md)
-- a.md
# 甲
```rust
fn a() {}
```
[没有](none.md) \u{8}
-- b/README.md
# 乙
## 节
{{#include ../part.txt}}
-- part.txt
一段
-- b/c.md
---
title: 丙
---
```sh
ls
```
";

/// A build, and the same from nothing into another folder.
fn build_both(folder: &Folder) -> Built {
    let again = folder.build(&["--timings"]);
    let fresh = folder.path().join("fresh");
    let clean = folder.build(&["--no-cache", "-o", fresh.to_str().unwrap()]).at(fresh.clone());
    assert_same_files(&again.files(), &clean.files(), &again.printed);
    assert_eq!(messages(&again), messages(&clean));
    fs::remove_dir_all(fresh).unwrap();
    again
}

/// The diagnostics.
fn messages(built: &Built) -> Vec<&str> {
    let is_message = |line: &&str| line.starts_with("  ") || line.starts_with("warning");
    built.printed.lines().filter(is_message).collect()
}

/// The number of notes parsed and of blocks highlighted.
fn work(built: &Built) -> (usize, usize) {
    let count = |stage: &str| {
        let line = built.printed.lines().find(|line| line.starts_with(stage)).unwrap();
        line.split("ms").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap()
    };
    (count("parse"), count("highlight"))
}

#[test]
fn builds_after_edits_equal_clean_builds() {
    let folder = Folder::new(NOTES);
    assert_eq!(work(&build_both(&folder)), (4, 2));
    // The note that includes another file is read anew each time.
    assert_eq!(work(&build_both(&folder)), (1, 0));
    for (path, text, expected) in [
        ("a.md", "# 甲\n改过的文字\n", (2, 0)),
        ("a.md", "# 新的名字\n```rust\nfn b() {}\n```\n", (2, 1)),
        ("part.txt", "另一段", (1, 0)),
        ("b/README.md", "# 乙\n## 另一节\n", (1, 0)),
        ("SUMMARY.md", "- [乙](b/README.md)\n- [首页](README.md)\n", (0, 0)),
        ("notes.yaml", "title: 另一个名字\nmarkdown: {subscript: true}\n", (4, 0)),
        ("templates/foot.html", "<p>自己的</p>\n", (0, 0)),
        ("d/新.md", "# 新\n", (1, 0)),
    ] {
        folder.write(path, text.as_bytes());
        assert_eq!(work(&build_both(&folder)), expected, "{path}: {text}");
    }
    fs::remove_file(folder.path().join("a.md")).unwrap();
    fs::rename(folder.path().join("b"), folder.path().join("e")).unwrap();
    assert_eq!(work(&build_both(&folder)), (2, 0), "a note that moved is another note");
}

#[test]
fn a_damaged_cache_only_costs_time() {
    let folder = Folder::new(NOTES);
    build_both(&folder);
    let cache = folder.path().join(".notes");
    for entry in fs::read_dir(&cache).unwrap().flatten() {
        fs::write(entry.path(), "not what was written").unwrap();
    }
    assert_eq!(work(&build_both(&folder)), (4, 2));
    fs::remove_dir_all(&cache).unwrap();
    fs::write(&cache, "a file in the folder's place").unwrap();
    assert_eq!(work(&build_both(&folder)), (4, 2));
    assert_eq!(work(&build_both(&folder)), (4, 2));
    assert_eq!(fs::read_to_string(cache).unwrap(), "a file in the folder's place");
}
