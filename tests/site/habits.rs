//! Folders as the users of other programs have them: what those programs understand is understood.

use crate::fixture::Folder;

#[test]
fn gitbook_keeps_pictures_in_a_hidden_folder() {
    let folder = Folder::new(
        "-- .gitbook.yaml\nroot: ./docs/\n-- docs/SUMMARY.md\n# Table of contents\n\n* [欢迎](README.md)\n\n\
         ## 组 <a href=\"#g\" id=\"g\"></a>\n\n* [`Array<T>` <b>页</b>](a/p.md)\n-- docs/README.md\n# 欢迎\n\
         ![图](.gitbook/assets/图 1.gif)\n\n{% tabs %}\n{% tab title=\"甲\" %}\n文\n{% endtab %}\n{% endtabs %}\n\
         -- docs/a/p.md\n# 页\n<img src=\"../.gitbook/assets/b.gif\">\n\n[下载](../.gitbook/assets/c.pdf) [设置](../.gitbook/vars.yaml)\n\
         -- docs/.gitbook/assets/图 1.gif\nx\n-- docs/.gitbook/assets/b.gif\nx\n-- docs/.gitbook/assets/c.pdf\nx\n\
         -- docs/.gitbook/assets/unused.gif\nx\n-- docs/.gitbook/assets/note.md\n# 不是笔记\n-- docs/.gitbook/vars.yaml\nx\n",
    );
    let built = folder.build(&[]);
    assert_eq!(
        built.contents(),
        ["欢迎", "组", "  Array<T> 页"].map(|line| line.replace('<', "&lt;").replace('>', "&gt;"))
    );
    // Hosts leave out what is hidden, so the folder's name has no dot there.
    assert!(
        built.text("index.html").contains("src=\"gitbook/assets/%E5%9B%BE%201.gif\""),
        "{}",
        built.text("index.html")
    );
    assert!(built.text("index.html").contains("<p><strong>甲</strong></p>\n<p>文</p>"));
    assert!(
        built.text("a/p.html").contains("href=\"../gitbook/assets/c.pdf\""),
        "{}",
        built.text("a/p.html")
    );
    let files: Vec<_> = built.files().into_keys().filter(|file| file.contains("gitbook")).collect();
    assert_eq!(files, ["gitbook/assets/b.gif", "gitbook/assets/c.pdf", "gitbook/assets/图 1.gif"]);
    assert!(
        built.printed.contains("`../.gitbook/vars.yaml` (.gitbook/vars.yaml) is hidden"),
        "{}",
        built.printed
    );
}

#[test]
fn addresses_of_public_folders() {
    let folder = Folder::new(
        "-- docs/README.md\n# 首页\n![a](/img/a.gif) ![b](/b.gif)\n-- docs/.vuepress/public/img/a.gif\nx\n-- public/b.gif\nx\n\
         -- docs/guide/c.md\n# 丙\n![a](/img/a.gif)\n",
    );
    let built = folder.build(&[]);
    assert!(built.site.join("docs/vuepress/public/img/a.gif").exists(), "{}", built.printed);
    assert!(built.text("docs/guide/c.html").contains("src=\"../vuepress/public/img/a.gif\""));
    assert!(built.text("docs/index.html").contains("src=\"../public/b.gif\""));
}

#[test]
fn docsify_s_addresses_ids_and_titles() {
    let folder = Folder::new(
        "-- README.md\n# 首页\n[安装](/guide/start?id=安装) [自己](guide/start?id=own)\n\n![图](p.gif ':size=100')\n\n?> 提示\n\
         -- p.gif\nx\n-- guide/start.md\n# 开始\n## 安装\n## 起的名 :id=own\n文\n",
    );
    let built = folder.build(&[]);
    let text = built.text("index.html");
    assert!(
        text.contains("href=\"guide/start.html#%E5%AE%89%E8%A3%85\"")
            && text.contains("start.html#own"),
        "{text}"
    );
    assert!(!text.contains(":size") && text.contains("<aside class=\"box box-note\">"), "{text}");
    assert!(built.text("guide/start.html").contains("<h2 id=\"own\">起的名</h2>"));
    assert_eq!((built.code, built.printed.contains("0 warnings")), (0, true), "{}", built.printed);
}

#[test]
fn names_in_a_vault_lead_to_notes_and_pictures_wherever_they_are() {
    let folder = Folder::new(
        "-- .obsidian/app.json\n{}\n-- README.md\n# 首页\n%%私下%% [[Deep Note]] ![[pic one.gif]] ![[Deep Note#节]] [[没有]]\n\n> [!question]- 问\n> 答\n\
         -- a/b/Deep Note.md\n# 深\n## 节\n文\n-- files/pic one.gif\nx\n",
    );
    let built = folder.build(&["--verbose"]);
    let text = built.text("index.html");
    assert!(
        text.contains("<a href=\"a/b/Deep%20Note.html\">Deep Note</a>") && !text.contains("私下"),
        "{text}"
    );
    assert!(text.contains("<a href=\"a/b/Deep%20Note.html#%E8%8A%82\">"), "{text}");
    assert!(text.contains("<img src=\"files/pic%20one.gif\""), "{text}");
    assert!(text.contains("<details class=\"box box-details\">\n<summary>问</summary>"), "{text}");
    // Such a name is as it should be, so nothing is to be mended; only what is not there is told.
    assert!(!built.printed.contains("which has a similar name"), "{}", built.printed);
    assert!(built.printed.contains("`没有` leads nowhere"), "{}", built.printed);
}

#[test]
fn paths_of_windows() {
    let folder = Folder::new(
        "-- README.md\n# 首页\n[甲](.\\子目录\\甲.md) ![图](Images\\图 1.GIF) ![图](images/图%201.Gif)\n-- 子目录/甲.md\n# 甲\n文\n-- images/图 1.gif\nx\n",
    );
    let built = folder.build(&["--verbose"]);
    let text = built.text("index.html");
    assert!(text.contains("<a href=\"%E5%AD%90%E7%9B%AE%E5%BD%95/%E7%94%B2.html\">"), "{text}");
    assert_eq!(text.matches("src=\"images/%E5%9B%BE%201.gif\"").count(), 2, "{text}");
    assert!(built.printed.contains("0 warnings"), "{}", built.printed);
}
