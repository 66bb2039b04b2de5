//! Notes whose front matter keeps them from being published: nothing of the site knows them until
//! they are wanted.

use crate::comparison::assert_same_files;
use crate::fixture::{Built, Folder};

const NOTES: &str = r"-- notes.yaml
base_url: https://example.org/
repository: https://github.com/o/r
-- SUMMARY.md
- [首页](README.md)
- [草](d/草.md)
- [乙](d/b.md)
-- README.md
# 首页
看[草](d/草.md#一)。
-- d/草.md
---
draft: true
aliases: [/old.html]
---
# 草稿
秘密的话
## 一
-- d/b.md
# 乙
可以看的话
-- d/toml.md
+++
draft = true
+++
秘密的话
-- d/jekyll.md
---
published: false
---
秘密的话
-- d/obsidian.md
---
publish: false
---
秘密的话
-- d/done.md
---
draft: false
published: true
---
# 好了
可以看的话
";

/// The files of a site that hold a word.
fn holding(built: &Built, word: &str) -> Vec<String> {
    let files = built.files().into_iter();
    files
        .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(word))
        .map(|(file, _)| file)
        .collect()
}

#[test]
fn nothing_of_a_draft_is_published() {
    let folder = Folder::new(NOTES);
    let built = folder.build(&[]);
    assert_eq!(built.pages(), ["d/b.html", "d/done.html", "d/index.html", "index.html"]);
    assert_eq!(holding(&built, "秘密"), Vec::<String>::new());
    assert!(built.printed.contains("3 notes, 4 drafts left out"), "{}", built.printed);
    assert!(
        built.printed.contains("README.md:2:6: `d/草.md#一` (d/草.md) is a draft"),
        "{}",
        built.printed
    );
    assert!(built.printed.contains(" 0 dead, 1 draft"), "{}", built.printed);
    // The words stay, without a link: not to the repository either.
    assert!(built.text("index.html").contains(">草</span>"), "{}", built.text("index.html"));
    assert_eq!(built.contents(), ["首页", "乙", "d", "  好了"]);
}

#[test]
fn drafts_are_shown_when_they_are_wanted() {
    let folder = Folder::new(NOTES);
    let wanted = folder.build(&["--drafts"]);
    assert!(
        wanted.pages().contains(&"d/草.html".to_owned()) && wanted.site.join("old.html").exists()
    );
    assert!(wanted.text("index.html").contains("<a href=\"d/%E8%8D%89.html#%E4%B8%80\">草</a>"));
    folder.write("notes.yaml", b"drafts: true\n");
    let by_settings = folder.build(&[]);
    assert_eq!(by_settings.pages(), wanted.pages());
    // And gone again, as if they had never been there.
    folder.write(
        "notes.yaml",
        b"base_url: https://example.org/\nrepository: https://github.com/o/r\n",
    );
    let again = folder.build(&[]);
    let anew = Folder::new(NOTES).build(&[]);
    assert_same_files(&again.files(), &anew.files(), &again.printed);
}

#[test]
fn a_note_becomes_a_draft_and_is_one_no_more() {
    let folder = Folder::new(NOTES);
    folder.build(&[]);
    folder.write("d/b.md", "---\ndraft: true\n---\n# 乙\n可以看的话\n".as_bytes());
    assert!(!folder.build(&[]).site.join("d/b.html").exists());
    folder.write("d/草.md", "# 草稿\n说出来的话\n".as_bytes());
    let built = folder.build(&[]);
    assert!(built.text("d/草.html").contains("说出来的话"));
    assert!(built.text("index.html").contains("<a href=\"d/%E8%8D%89.html\">草</a>"));
}

#[test]
fn a_home_page_is_shown_whatever_it_says_of_itself() {
    let built = Folder::new(
        r"
        -- README.md
        ---
        draft: true
        ---
        # 首页
        文
    ",
    )
    .build(&[]);
    assert_eq!((built.code, built.title("index.html").as_str()), (0, "首页"));
}
