//! Notes with everything that notes have, in Chinese and in English, written into a folder.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Files that are short enough to stand here.
const FILES: [(&str, &str); 11] = [
    ("notes.yaml", SETTINGS),
    ("README.md", HOME),
    ("系统/README.md", SECTION),
    ("系统/图.svg", PICTURE),
    ("系统/待写.md", "# 待写\n"),
    ("系统/符号.md", SYMBOLS),
    ("系统/C++ 与 C#：100%?.md", "# 名字里的符号\n\n回到[符号](符号.md)。\n"),
    ("网络/README.md", "# 网络\n\n没有别的笔记的一章。\n"),
    ("English/README.md", "# English notes\n\nNotes in English, after those in Chinese.\n"),
    ("English/Boxes and lists.md", BOXES),
    ("English/01~A long title for a note that no column is wide enough for.md", TITLE),
];

const SETTINGS: &str = "\
title: 系统笔记 Notes on systems
description: 操作系统与网络的学习笔记。
author: 某人
license: CC BY-NC-SA 4.0
repository: https://github.com/example/notes
";

const HOME: &str = "\
# 系统笔记

从一个请求说起，到磁盘为止。

- 行：[《系统》](系统/README.md)、[《很长的笔记》](系统/很长的笔记.md)、[《待写》](系统/待写.md)
- 网络：[《网络》](网络/README.md)、[代码](https://example.org/code)
- English：[Notes](English/README.md)、[Boxes](<English/Boxes and lists.md>)

## 约定

命令以 `$` 开头。
";

const SECTION: &str = "\
# 系统

这一章讲操作系统，见[很长的笔记](很长的笔记.md#第-3-节进程与调度-scheduling)，也见 <https://example.org>。

![一张图](图.svg)
";

const SYMBOLS: &str = "\
# 符号 `<b>` & \"引号\"

这里有 `<script>alert('x')</script>` 与 `a && b`，强一致**性**，以及 C++ 和 epoll_wait。

## `<img src=x onerror=alert(1)>`

<details><summary>收起</summary>

收起来的琥珀。

</details>
";

const TITLE: &str = "\
# A long title for a note that no column is wide enough for, with `code` and **bold** words in it

Its text is short.
";

const PICTURE: &str = "\
<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1600\" height=\"400\">\
<rect width=\"1600\" height=\"400\" fill=\"#8aa\"/></svg>
";

const BOXES: &str = r#"# Boxes and lists

> [!NOTE]
> A note with `code`, a [link](README.md) and **bold** words.

> [!TIP]
> A tip.

> [!IMPORTANT]
> Something important.

=== "Linux"

    Run `uname -a`; a [link](README.md#linux).

    ```sh
    uname -a
    ```

=== "A title that is rather long for a tab"

    - one
    - two

=== "macOS"

    Run `sw_vers`.

> [!WARNING]
> A warning.

> [!CAUTION]
> A caution, with a [link](https://example.org).

::: details More
Hidden at first, with a [link](README.md).
:::

> A quotation with a [link](README.md) and `code`.

## Lists

- [x] Done, with a [link](README.md)
- [ ] To do

1. First
   - Inner
2. Second

Press <kbd>Ctrl</kbd>+<kbd>C</kbd>. Some ~~deleted~~, <mark>marked</mark> and *emphasised* words,[^one] and more.[^two]
A [dead link](nowhere.md) and H<sub>2</sub>O.

[^one]: The first footnote.
[^two]: The second footnote, with `code`.

## Code

```rust {2}
/// Says hello; 说你好。
fn main() {
    let name = "world"; // a comment
    println!("Hello, {name}! {}", 42);
}
```

```ts:src/index.ts
export const answer: number = 42;
```

```sh
$ ls -l | grep "notes" # look
```

```diff
-old
+new
```

```json
{"key": [1, true, null, "text"]}
```

```html
<a href="x" class='y'>text &amp; more</a> <!-- comment -->
```

### A picture

![A bar](../系统/图.svg "With a title")

| Left | Right |
| :--- | ---: |
| a | 1 |

#### Four

##### Five

###### Six
"#;

/// Lengths met in real notes: the longest line of code, and the longest word.
const LONGEST_LINE: usize = 2467;
const LONGEST_WORD: usize = 1186;
/// Headings of the long note.
const HEADINGS: usize = 40;

/// Writes all of them into a folder.
pub fn write_into(folder: &Path) {
    for (path, text) in FILES {
        write(folder, path, text);
    }
    write(folder, "系统/很长的笔记.md", &long_note());
    write(folder, "系统/很宽的笔记.md", &wide_note());
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Headings of three levels, with some text each.
fn long_note() -> String {
    let mut note = String::from("# 很长的笔记\n\n开头的一段。\n");
    for number in 1..=HEADINGS {
        let level = "#".repeat(2 + (number - 1) % 3);
        let text = "进程在内核里等待，直到磁盘把页送来。Then it runs again. ".repeat(3);
        write!(note, "\n{level} 第 {number} 节：进程与调度 scheduling\n\n{text}\n").unwrap();
    }
    note
}

/// Content wider than the page: a table, a line of code, a word, a picture.
fn wide_note() -> String {
    let row = |cell: &str| format!("|{}\n", format!(" {cell} |").repeat(24));
    let table = row("列名 column") + &row("---") + &row("12345") + &row("`code()`");
    let line = format!("let line = \"{}\";", "x".repeat(LONGEST_LINE - 14));
    let word = "w".repeat(LONGEST_WORD);
    format!(
        r"# 很宽的笔记

{table}
```rust
{line}
fn next() {{}}
```

```
{line}
```

一个词 {word} 与 `{word}` 代码。

- {word}

> {word}

## {word}

![一张图](图.svg)
"
    )
}
