//! The facts about a library → a short `notes.yaml` that lists its books, and the lines of its
//! `.gitignore`.
//!
//! Must not know: what is on disk.

use std::fmt::Write as _;

use super::library::{InitBook, LibraryFacts};
use super::settings::{entry, scalar};

/// The text of the settings; `is_chinese` for the comments.
pub(super) fn text(found: &LibraryFacts, is_chinese: bool) -> String {
    let say =
        |chinese: &'static str, english: &'static str| if is_chinese { chinese } else { english };
    let mut text = format!(
        "# {}\n# {}\n\n",
        say(
            "书库的设置：几个文件夹的笔记合成一个网站。",
            "Settings of a library: several folders of notes that are one site."
        ),
        say(
            "notes serve 预览，notes check 检查，notes build 生成。",
            "notes serve shows it, notes check looks for mistakes, notes build makes it."
        ),
    );
    let mut add = |line: &str, comment: &str| {
        let _ = writeln!(text, "# {comment}\n{line}\n");
    };
    add(&entry("title", &found.title), say("网站的名字。", "The site's name."));
    let language = match &found.language {
        Some(language) => entry("language", language),
        None => format!("# {}", entry("language", say("zh-CN", "en"))),
    };
    add(
        &language,
        say(
            "界面的语言；每本书有自己的语言。",
            "The language of the interface; each book has its own.",
        ),
    );
    let books: String = found.books.iter().map(book).collect();
    add(
        &format!("books:\n{}", books.trim_end()),
        say(
            "每本书的文件夹；每本书用它自己的 notes.yaml。",
            "The folder of each book; each has a notes.yaml of its own.",
        ),
    );
    let address =
        found.repository.address().unwrap_or_else(|| "https://example.org/notes/".to_owned());
    add(
        &format!("# {}", entry("base_url", &address)),
        say(
            "网站的地址；知道它，才有 sitemap.xml 和订阅。GitHub Pages 的工作流会自己给出。",
            "The site's address, for the sitemap and the feed. The workflow for GitHub Pages gives it by itself.",
        ),
    );
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The entry of a book. The repository of one that is there follows from git.
fn book(book: &InitBook) -> String {
    let address = book.address.as_deref();
    let repository = address.filter(|_| book.is_missing);
    if book.place.is_none() && repository.is_none() {
        let comment = address.map(|address| format!("  # {address}")).unwrap_or_default();
        return format!("  - {}{comment}\n", scalar(&book.path));
    }
    let mut text = format!("  - {}\n", entry("path", &book.path));
    for (key, value) in [("at", book.place.as_deref()), ("repository", repository)] {
        if let Some(value) = value {
            let _ = writeln!(text, "    {}", entry(key, value));
        }
    }
    text
}

/// The entries of books on one line, for settings that are there already. JSON is YAML.
pub(super) fn on_a_line<'b>(books: impl Iterator<Item = &'b InitBook>) -> String {
    let json = |text: &str| serde_json::Value::from(text).to_string();
    let mut entries = Vec::new();
    for book in books {
        let address = book.address.as_deref().filter(|_| book.is_missing);
        let mut entry = json(&book.path);
        if book.place.is_some() || address.is_some() {
            entry = format!("{{path: {entry}");
            for (key, value) in [("at", book.place.as_deref()), ("repository", address)] {
                entry.extend(value.map(|value| format!(", {key}: {}", json(value))));
            }
            entry.push('}');
        }
        entries.push(entry);
    }
    entries.join(", ")
}

/// The pattern that matches a folder only (gitignore(5)).
pub(super) fn ignored_folder(path: &str) -> String {
    let mut pattern = String::from("/");
    for c in path.chars() {
        if "*?[\\".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('/');
    pattern
}
