//! The facts about a folder → a short `notes.yaml`, with comments in the language of the notes.
//!
//! Must not know: what is on disk.

use std::fmt::Write as _;

use crate::path::encode_path;

use super::FolderFacts;

/// The text.
pub(super) fn text(found: &FolderFacts) -> String {
    let is_chinese = found.is_chinese();
    let say =
        |chinese: &'static str, english: &'static str| if is_chinese { chinese } else { english };
    let mut text = format!(
        "# {}\n# {}\n\n",
        say("这个网站的设置，全部可以省略。", "Settings of this site; every one may be left out."),
        say(
            "notes serve 预览，notes check 检查，notes build 生成。",
            "notes serve shows it, notes check looks for mistakes, notes build makes it."
        ),
    );
    let mut add = |line: &str, comment: &str| {
        let _ = writeln!(text, "# {comment}\n{line}\n");
    };
    add(&entry("title", &found.title), say("网站的名字。", "The site's name."));
    add(
        "# description: …",
        say(
            "一两句介绍，搜索引擎和分享时显示。",
            "A sentence or two for search engines and shared links.",
        ),
    );
    add(&entry("language", &found.language), say("界面的语言。", "The language of the interface."));
    if found.generator.is_some() && !found.content.is_root() {
        add(
            &entry("content", found.content.as_str()),
            say("笔记在这个文件夹里。", "The folder of the notes."),
        );
    }
    if found.is_vault {
        add(
            "markdown:\n  wiki_links: true",
            say("Obsidian 的 [[链接]]。", "Obsidian's [[links]]."),
        );
    }
    add(
        "# author: …",
        say("作者；订阅和页脚里显示。", "Who wrote the notes; in the feed and the foot of pages."),
    );
    add(
        "# license: CC BY-NC-SA 4.0",
        say("许可协议，常见的会自动带上链接。", "Under what terms the notes may be used."),
    );
    add_repository(&mut text, found, say);
    let mut add = |line: &str, comment: &str| {
        let _ = writeln!(text, "# {comment}\n{line}\n");
    };
    let address =
        found.repository.address().unwrap_or_else(|| "https://example.org/notes/".to_owned());
    add(
        &format!("# {}", entry("base_url", &address)),
        say(
            "网站的地址；知道它，才有 sitemap.xml 和订阅。GitHub Pages 的工作流会自己给出。",
            "The site's address, for the sitemap and the feed. The workflow for GitHub Pages gives it by itself.",
        ),
    );
    add(
        "# redirects: git",
        say(
            "改过名的笔记，旧地址也找得到（按 git 的历史）。",
            "Notes that were renamed in git are found at their old addresses too.",
        ),
    );
    let exclude = say("# exclude: [草稿/, TODO.md]", "# exclude: [drafts/, TODO.md]");
    add(
        exclude,
        say("不发布的文件，写法同 .gitignore。", "What is not published, as in a .gitignore."),
    );
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Adds the settings that follow from the repository.
fn add_repository(
    text: &mut String,
    found: &FolderFacts,
    say: impl Fn(&'static str, &'static str) -> &'static str,
) {
    let mut add = |line: &str, comment: &str| {
        let _ = writeln!(text, "# {comment}\n{line}\n");
    };
    let remote = found.repository.remote.as_ref();
    let repository = remote.and_then(|remote| remote.url.as_deref());
    add(
        &entry_or_example("repository", repository, "https://github.com/owner/name"),
        say(
            "仓库；每页的“编辑此页”由它得出。",
            "The repository, from which each page's edit link follows.",
        ),
    );
    if let Some(branch) = remote.map(|remote| &remote.branch).filter(|branch| *branch != "main") {
        let _ = writeln!(text, "{}\n", entry("branch", branch));
    }
    let mut add = |line: &str, comment: &str| {
        let _ = writeln!(text, "# {comment}\n{line}\n");
    };
    if let Some([edit, source]) = places_in_repository(found) {
        add(
            &format!("{}\n{}", entry("edit", &edit), entry("source", &source)),
            say("笔记在仓库的一个子文件夹里。", "The notes are in a folder of the repository."),
        );
    }
}

/// The addresses at which a note on GitHub is edited and seen, if the notes' folder is not the
/// repository's own.
fn places_in_repository(found: &FolderFacts) -> Option<[String; 2]> {
    let remote = found.repository.remote.as_ref().filter(|remote| !remote.prefix.is_empty())?;
    let repository = remote.url.as_ref().filter(|url| url.starts_with("https://github.com/"))?;
    let content =
        if found.content.is_root() { String::new() } else { format!("{}/", found.content) };
    let (branch, folder) =
        (encode_path(&remote.branch), encode_path(&format!("{}{content}", remote.prefix)));
    Some(["edit", "blob"].map(|verb| format!("{repository}/{verb}/{branch}/{folder}{{path}}")))
}

/// `key: value`, quoted as YAML needs it.
pub(super) fn entry(key: &str, value: &str) -> String {
    format!("{key}: {}", scalar(value))
}

/// A text, quoted as YAML needs it.
pub(super) fn scalar(text: &str) -> String {
    // A text can always be written as YAML.
    serde_yaml::to_string(text).unwrap_or_default().trim_end().to_owned()
}

fn entry_or_example(key: &str, value: Option<&str>, example: &str) -> String {
    value.map_or_else(|| format!("# {}", entry(key, example)), |value| entry(key, value))
}
