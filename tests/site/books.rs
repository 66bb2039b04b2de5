//! Libraries: several folders of notes that are one site, each as it would be alone, with one home
//! page, one search, and links from one to another.

use std::fs;

use crate::fixture::{Built, Folder, program};

/// A library of two books beside it and one in it.
pub fn library() -> Folder {
    Folder::new(
        r#"
        -- notes.yaml
        title: 书库
        language: zh-CN
        base_url: https://e.org/lib/
        books:
          - ../One-Notes
          - path: ../Two-Notes
            at: two
            title: 第二本
            repository: https://github.com/me/Two-Notes
            was: ["https://me.gitbook.io/two/"]
          - inner
        -- README.md
        # 书库

        见 [甲](../One-Notes/a.md)、[代码](https://github.com/me/Two-Notes)、[里面](inner/x.md)。
        -- own.md
        # 自己的

        文。
        -- ../One-Notes/README.md
        # 第一本

        [乙](../Two-Notes/docs/b.md#节) [旧址](https://me.gitbook.io/two/b) [仓库](https://github.com/me/Two-Notes/blob/main/docs/b.md)
        -- ../One-Notes/a.md
        # 甲

        第一本的正文：西瓜。[无](../Two-Notes/docs/gone.md)
        -- ../Two-Notes/notes.yaml
        content: docs
        language: en
        author: W
        base_url: https://elsewhere.org/
        exclude: [left.md]
        -- ../Two-Notes/docs/README.md
        # Second

        Text [一](../../One-Notes/a.md).
        -- ../Two-Notes/docs/b.md
        # B

        ## 节

        Melon, 西瓜 too.
        -- ../Two-Notes/docs/left.md
        # Left out
        -- inner/README.md
        # 里面

        文 [第一](../../One-Notes/README.md)
        -- inner/x.md
        # X

        文
    "#,
    )
}

/// The addresses in the text of a page.
fn addresses(built: &Built, route: &str) -> Vec<String> {
    let article = built.article(route);
    let parts = article.split("<a href=\"").skip(1);
    parts.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn a_book_is_built_as_it_would_be_alone() {
    let folder = library();
    let built = folder.build(&[]);
    assert_eq!(built.code, 0, "{}", built.printed);
    let alone = folder.path().join("../alone");
    let status = program()
        .args(["build", "--quiet", "-o"])
        .args([&alone, &folder.path().join("../Two-Notes")])
        .status();
    assert!(status.unwrap().success());
    let b = fs::read_to_string(alone.join("b.html")).unwrap();
    let article = |page: &str| {
        let (_, article) = page.split_once("<article").unwrap();
        article.split_once("</article>").unwrap().0.to_owned()
    };
    assert_eq!(article(&built.file("two/b.html")), article(&b));
    assert!(!built.site.join("two/left.html").exists());
    // Its settings are its own, and the address is that of the library.
    let page = built.file("two/b.html");
    for part in [
        "<html lang=\"en\">",
        "<meta name=\"author\" content=\"W\">",
        "<link rel=\"canonical\" href=\"https://e.org/lib/two/b.html\">",
        "https://github.com/me/Two-Notes/edit/main/docs/b.md",
        "<title>B · 第二本</title>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(built.file("One-Notes/a.html").contains("<html lang=\"zh-CN\">"));
}

#[test]
fn the_home_page_leads_to_all_books_and_every_page_back() {
    let built = library().build(&[]);
    let home = built.file("index.html");
    for part in [
        "<a href=\"One-Notes/index.html\">第一本</a> <small class=\"count\">2</small></th>",
        "<a href=\"two/index.html\">第二本</a> <small class=\"count\">2</small></th>",
        "<a href=\"inner/x.html\">X</a>",
        "<a href=\"own.html\">自己的</a>",
    ] {
        assert!(home.contains(part), "{part}\n{home}");
    }
    let page = built.file("two/b.html");
    for part in [
        "<li><a href=\"../index.html\">书库</a></li>",
        "<li><a href=\"index.html\">第二本</a></li>",
        "<li><a href=\"index.html\" aria-current=\"true\">第二本</a></li>",
        "<li><a href=\"../One-Notes/index.html\">第一本</a></li>",
        "action=\"../search.html\" data-book=\"第二本\"",
        "<link rel=\"stylesheet\" href=\"../static/style.css\">",
        "<script src=\"static/words.js\" defer></script>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    // The library has one of each.
    for route in ["two/search.html", "two/404.html", "two/sitemap.xml", "two/static/style.css"] {
        assert!(!built.site.join(route).exists(), "{route}");
    }
    for route in ["two/contents.html", "two/static/tree.js", "two/static/words.js"] {
        assert!(built.site.join(route).exists(), "{route}");
    }
    let sitemap = built.file("sitemap.xml");
    for url in ["lib/two/b.html", "lib/One-Notes/a.html", "lib/own.html", "lib/inner/"] {
        assert!(sitemap.contains(&format!("<loc>https://e.org/{url}</loc>")), "{url}\n{sitemap}");
    }
    let contents = built.file("contents.html");
    assert!(contents.contains("<a href=\"two/b.html\">B</a>"), "{contents}");
}

#[test]
fn a_matrix_of_the_writers_own_is_completed_with_the_books_that_it_lacks() {
    let folder = library();
    let table = "# 书库\n\n| [第二](https://github.com/me/Two-Notes) | [别的](https://e.org) |\n| --- | --- |\n";
    folder.write("README.md", table.as_bytes());
    let home = folder.build(&[]).file("index.html");
    let matrix =
        home.split_once("<table class=\"matrix\"").unwrap().1.split_once("</table>").unwrap().0;
    for part in [
        "<a href=\"two/index.html\" class=\"to-book\">第二<small class=\"count\">2</small></a>",
        "<a href=\"https://e.org\" rel=\"external\">别的</a>",
        "<a href=\"One-Notes/index.html\">第一本</a> <small class=\"count\">2</small></th>",
        "<a href=\"inner/index.html\">里面</a> <small class=\"count\">2</small></th>",
    ] {
        assert!(matrix.contains(part), "{part}\n{matrix}");
    }
    assert!(
        !matrix.contains("第二本</a>") && home.matches("class=\"matrix\"").count() == 1,
        "{home}"
    );
}

#[test]
fn links_from_book_to_book_lead_there() {
    let built = library().build(&[]);
    let code = "https://github.com/me/Two-Notes";
    assert_eq!(addresses(&built, "index.html"), ["One-Notes/a.html", code, "inner/x.html"]);
    let b = "../two/b.html";
    let expected = ["../two/b.html#%E8%8A%82", b, b];
    assert_eq!(addresses(&built, "One-Notes/index.html"), expected);
    assert_eq!(addresses(&built, "two/index.html"), ["../One-Notes/a.html"]);
    assert_eq!(addresses(&built, "inner/index.html"), ["../One-Notes/index.html"]);
    let told = "../One-Notes/a.md:3:15: the book `第二本` has no note or file `gone.md`";
    assert!(built.printed.contains(told), "{}", built.printed);
}

#[test]
fn addresses_of_books_are_recognised_in_all_their_forms() {
    let text = |links: &str| {
        format!(
            r"
            -- notes.yaml
            books:
              - {{path: ../A, at: a}}
              - {{path: ../B, at: b, repository: 'https://github.com/me/B', was: ['https://b.org/x/', 'https://me.gitbook.io/i']}}
            -- ../A/README.md
            # A

            {links}
            -- ../B/README.md
            # B

            文
            -- ../B/01~基础/README.md
            # 基础

            文
            -- ../B/01~基础/时钟 与 顺序.md
            # 时钟

            ## 逻辑时钟

            文
            -- ../B/code/x.rs
            fn main() {{}}
        "
        )
    };
    let clock =
        "../b/01~%E5%9F%BA%E7%A1%80/%E6%97%B6%E9%92%9F%20%E4%B8%8E%20%E9%A1%BA%E5%BA%8F.html";
    let section = format!("{clock}#%E9%80%BB%E8%BE%91%E6%97%B6%E9%92%9F");
    let basics = "../b/01~%E5%9F%BA%E7%A1%80/index.html";
    let home = "../b/index.html";
    for (link, expected) in [
        ("https://github.com/me/B", home),
        ("https://github.com/me/B#readme", home),
        ("http://www.github.com/Me/b.git", home),
        ("https://github.com/me/B/tree/master", home),
        ("https://github.com/me/B/blob/master/README.md", home),
        ("https://github.com/me/B/tree/main/01~基础", basics),
        ("https://github.com/me/B/blob/main/01~%E5%9F%BA%E7%A1%80/README.md", basics),
        ("<https://github.com/me/B/blob/f/x/01~基础/时钟 与 顺序.md#逻辑时钟>", &section),
        ("https://raw.githubusercontent.com/me/B/main/01~基础/README.md", basics),
        ("https://b.org/x", home),
        ("https://b.org/x/01~基础/", basics),
        ("<https://b.org/x/01~基础/时钟 与 顺序.html#逻辑时钟>", &section),
        ("<https://b.org/x/#/01~基础/时钟 与 顺序?id=逻辑时钟>", &section),
        ("https://me.gitbook.io/i/基础", basics),
        ("../B/", home),
        ("../b/README.md", home),
        ("<../B/01~基础/时钟 与 顺序.md>", clock),
        ("../B/01~%E5%9F%BA%E7%A1%80", basics),
        // Other pages of a forge, and files that are no notes, stay there.
        ("https://github.com/me/B/issues", "https://github.com/me/B/issues"),
        (
            "https://github.com/me/B/blob/main/code/x.rs",
            "https://github.com/me/B/blob/main/code/x.rs",
        ),
        (
            "https://github.com/me/B/blob/main/README.md#L3",
            "https://github.com/me/B/blob/main/README.md#L3",
        ),
        ("https://github.com/me/Blog", "https://github.com/me/Blog"),
        ("https://b.org/y", "https://b.org/y"),
    ] {
        let built = Folder::new(&text(&format!("[x]({link})"))).build(&[]);
        assert_eq!(addresses(&built, "a/index.html"), [expected], "{link}\n{}", built.printed);
    }
}

#[test]
fn an_address_on_a_usual_branch_names_one_path() {
    let folder = library();
    let links = "# 第一本\n\n[a](https://github.com/me/Two-Notes/blob/main/gone/docs/b.md) \
                 [b](https://github.com/me/Two-Notes/blob/feature/x/docs/b.md)\n";
    folder.write("../One-Notes/README.md", links.as_bytes());
    let built = folder.build(&[]);
    let gone = "https://github.com/me/Two-Notes/blob/main/gone/docs/b.md";
    assert_eq!(addresses(&built, "One-Notes/index.html"), [gone, "../two/b.html"]);
}

#[test]
fn the_repository_of_several_books_is_that_of_none() {
    let folder = Folder::new(
        r"
        -- notes.yaml
        books:
          - {path: a, repository: 'https://github.com/me/mono'}
          - {path: b, repository: 'https://github.com/me/mono'}
        -- a/README.md
        [x](https://github.com/me/mono)
        -- b/README.md
        # B

        文
    ",
    );
    let built = folder.build(&[]);
    assert_eq!(addresses(&built, "a/index.html"), ["https://github.com/me/mono"]);
}

#[test]
fn the_repository_in_the_settings_of_the_library_comes_first() {
    let folder = library();
    let own = "content: docs\nrepository: https://github.com/old/two\n";
    folder.write("../Two-Notes/notes.yaml", own.as_bytes());
    let page = folder.build(&[]).file("two/b.html");
    assert!(page.contains("https://github.com/me/Two-Notes/edit/main/docs/b.md"), "{page}");
}

#[test]
fn the_search_finds_in_all_books() {
    let folder = library();
    let found = folder.search("西瓜").printed;
    for part in ["One-Notes/a.md", "Two-Notes/docs/b.md"] {
        assert!(found.contains(part), "{part}\n{found}");
    }
    let built = folder.build(&[]);
    let index = built.file("static/search/index.js");
    for book in ["第一本", "第二本", "里面"] {
        assert!(index.contains(book), "{book}\n{index}");
    }
    assert!(!built.site.join("two/static/search").exists());
}
