//! Small folders → their whole sites, page by page, compared with the last ones that were looked
//! at.

use crate::fixture::Folder;

/// All files of the site; of those that are no pages, the name.
fn whole(notes: &str) -> String {
    let built = Folder::new(notes).build(&["--verbose"]);
    let printed = built
        .printed
        .lines()
        .filter(|line| !line.contains(" notes, "))
        .collect::<Vec<_>>()
        .join("\n");
    let mut site = format!("== exit code {}\n{printed}\n", built.code);
    for (route, bytes) in built.files() {
        site.push_str(&format!("\n== {route}\n"));
        if route.ends_with(".html") || route.ends_with(".xml") {
            site.push_str(&String::from_utf8(bytes).unwrap());
        }
    }
    site
}

/// Compares with the site that was looked at last.
fn looked_at(name: &str, site: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, site);
    });
}

#[test]
fn chinese_notes_with_a_summary_and_settings() {
    looked_at(
        "chinese",
        &whole(
            "\
-- notes.yaml
title: 分布式笔记
description: 一些笔记
author: 某人
license: CC BY-NC-SA 4.0
base_url: https://example.org/n
repository: https://github.com/o/r
-- README.md
# 深入浅出

介绍。**重点：**见下。

- 系列

| [共识](02~共识/README.md) | [时钟](./01~时钟.md) | [别处](https://example.org/x) |
| --- | --- | --- |
-- SUMMARY.md
# Summary

- [首页](README.md)
- [时钟 与 顺序](01~时钟.md)

## [共识](02~共识/README.md)

- [Raft](02~共识/raft 算法.md)
- [没有了](02~共识/none.md)
-- 01~时钟.md
# 时钟

逻辑时钟，
见 [Raft](02~共识/raft%20算法.md#选举)。

```go {1}
var t int64 // 时刻
```
-- 02~共识/README.md
# 共识
-- 02~共识/raft 算法.md
# Raft

## 选举

`term` 递增。[^1]

[^1]: 见论文。
-- 02~共识/未列出.md
# 未列出

![图](图.png)
-- 02~共识/图.png
不是真的图片
",
        ),
    );
}

#[test]
fn english_notes_as_a_plain_tree() {
    looked_at(
        "english",
        &whole(
            "\
-- a/b.md
---
title: Second
---
Some `code` & <b>HTML</b>, see <https://example.org/> and [nothing](none.md).

> [!WARNING]
> Mind the gap.
-- a/2-first.md
# First

- [x] done
- [ ] to do

| left | right |
|:-----|------:|
| 1    | 2     |
-- a/c/empty.md
-- z.md
# Last
# Of two
Text.
",
        ),
    );
}
