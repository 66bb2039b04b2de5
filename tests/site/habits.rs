//! Folders as the users of other programs have them: what those programs understand is understood.

use crate::fixture::Folder;

#[test]
fn gitbook_keeps_pictures_in_a_hidden_folder() {
    let folder = Folder::new(
        r##"
        -- .gitbook.yaml
        root: ./docs/
        -- docs/SUMMARY.md
        # Table of contents

        * [欢迎](README.md)

        ## 组 <a href="#g" id="g"></a>

        * [`Array<T>` <b>页</b>](a/p.md)
        -- docs/README.md
        # 欢迎
        ![图](.gitbook/assets/图 1.gif)

        {% tabs %}
        {% tab title="甲" %}
        文
        {% endtab %}
        {% endtabs %}
        -- docs/a/p.md
        # 页
        <img src="../.gitbook/assets/b.gif">

        [下载](../.gitbook/assets/c.pdf) [设置](../.gitbook/vars.yaml)
        -- docs/.gitbook/assets/图 1.gif
        x
        -- docs/.gitbook/assets/b.gif
        x
        -- docs/.gitbook/assets/c.pdf
        x
        -- docs/.gitbook/assets/unused.gif
        x
        -- docs/.gitbook/assets/note.md
        # 不是笔记
        -- docs/.gitbook/vars.yaml
        x
    "##,
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
    assert!(
        built
            .text("index.html")
            .contains("<p class=\"tab-title\"><strong>甲</strong></p>\n<p>文</p>")
    );
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
        r"
        -- docs/README.md
        # 首页
        ![a](/img/a.gif) ![b](/b.gif)
        -- docs/.vuepress/public/img/a.gif
        x
        -- docs/public/b.gif
        x
        -- docs/guide/c.md
        # 丙
        ![a](/img/a.gif)
    ",
    );
    let built = folder.build(&[]);
    assert!(built.site.join("vuepress/public/img/a.gif").exists(), "{}", built.printed);
    assert!(built.text("guide/c.html").contains("src=\"../vuepress/public/img/a.gif\""));
    assert!(built.text("index.html").contains("src=\"public/b.gif\""));
}

#[test]
fn docsify_s_addresses_ids_and_titles() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页
        [安装](/guide/start?id=安装) [自己](guide/start?id=own)

        ![图](p.gif ':size=100')

        ?> 提示
        -- p.gif
        x
        -- guide/start.md
        # 开始
        ## 安装
        ## 起的名 :id=own
        文
    ",
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
        r"
        -- .obsidian/app.json
        {}
        -- README.md
        # 首页
        %%私下%% [[Deep Note]] ![[pic one.gif]] ![[Deep Note#节]] [[没有]]

        > [!question]- 问
        > 答
        -- a/b/Deep Note.md
        # 深
        ## 节
        文
        -- files/pic one.gif
        x
    ",
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
        r"
        -- README.md
        # 首页
        [甲](.\子目录\甲.md) ![图](Images\图 1.GIF) ![图](images/图%201.Gif)
        -- 子目录/甲.md
        # 甲
        文
        -- images/图 1.gif
        x
    ",
    );
    let built = folder.build(&["--verbose"]);
    let text = built.text("index.html");
    assert!(text.contains("<a href=\"%E5%AD%90%E7%9B%AE%E5%BD%95/%E7%94%B2.html\">"), "{text}");
    assert_eq!(text.matches("src=\"images/%E5%9B%BE%201.gif\"").count(), 2, "{text}");
    assert!(built.printed.contains("0 warnings"), "{}", built.printed);
}
