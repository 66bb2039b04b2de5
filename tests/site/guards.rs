//! Folders arranged by somebody with other aims, or by mistake → nothing outside is read or
//! written, nothing is lost.

use std::fs;
use std::os::unix::fs::symlink;

use crate::comparison::assert_same_files;
use crate::fixture::Folder;

const NOTES: &str = r"-- README.md
# 首页
-- a.md
# 甲
";

#[test]
fn folders_that_are_links_out_of_the_folder_are_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.md"), "# 秘密\n").unwrap();
    for name in ["static", "templates", "content", ".notes"] {
        let folder = Folder::new(NOTES);
        symlink(outside.path(), folder.path().join(name)).unwrap();
        let built = folder.build(&[]);
        assert_eq!(built.pages(), ["a.html", "index.html"], "{name}");
        assert!(!built.files().keys().any(|route| route.contains("secret")), "{name}");
        assert_eq!(
            fs::read_dir(outside.path()).unwrap().count(),
            1,
            "{name}: something was written outside"
        );
    }
}

#[test]
fn an_output_folder_with_notes_is_refused_with_a_headline_of_its_own() {
    let folder = Folder::new(
        r"
        -- notes.yaml
        books: [b]
        -- a.md
        # 甲
        -- b/c.md
        # 乙
    ",
    );
    let before = folder.read_all()[&folder.path().join("b/c.md")].clone();
    for output in [".", "..", "b"] {
        let output = folder.path().join(output);
        for arguments in
            [&["-o", output.to_str().unwrap()][..], &["-o", output.to_str().unwrap(), "--force"]]
        {
            let refused = folder.build(arguments);
            assert_eq!(refused.code, 1, "{}", refused.printed);
            assert!(
                refused
                    .printed
                    .starts_with("error[output-folder]: output folders that are not used"),
                "{}",
                refused.printed
            );
            assert!(refused.printed.contains("contains the notes"), "{}", refused.printed);
        }
    }
    assert_eq!(folder.read_all()[&folder.path().join("b/c.md")], before);
    let beside = folder.path().join("b/site");
    let built = folder.build(&["-o", beside.to_str().unwrap()]);
    assert_eq!(built.code, 0, "{}", built.printed);
}

#[test]
fn a_link_to_what_is_left_out_is_left_out() {
    let folder = Folder::new(
        r"
        -- README.md
        [a](a.txt) [b](b.txt) {{#include a.txt}}
        -- .secret/key.txt
        秘密
        -- drafts/x.txt
        秘密
        -- notes.yaml
        exclude: [drafts]
    ",
    );
    symlink(".secret/key.txt", folder.path().join("a.txt")).unwrap();
    symlink("drafts/x.txt", folder.path().join("b.txt")).unwrap();
    let built = folder.build(&[]);
    let holds_secret = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).contains("秘密");
    assert!(!built.files().values().any(holds_secret));
    assert_eq!(
        built.printed.matches("its target is hidden, excluded or in the output folder").count(),
        2,
        "{}",
        built.printed
    );
}

#[test]
fn a_site_is_not_emptied_when_there_is_nothing_to_build() {
    let folder = Folder::new(NOTES);
    let before = folder.build(&[]).files();
    for name in ["README.md", "a.md"] {
        fs::rename(folder.path().join(name), folder.path().join(format!("{name}.away"))).unwrap();
    }
    let built = folder.build(&[]);
    assert_eq!(built.code, 1);
    assert!(built.printed.contains("there is no Markdown file"), "{}", built.printed);
    assert_same_files(&built.files(), &before, &built.printed);
}

#[test]
fn what_another_build_left_is_reported_where_a_build_is_forced_into_the_folder() {
    let folder = Folder::new(NOTES);
    let page = folder.build(&[]).file("a.html");
    let site = folder.path().join("site");
    fs::remove_file(site.join(".notes-manifest")).unwrap();
    fs::create_dir(site.join("b")).unwrap();
    for (name, text) in [
        ("old.html", page.as_str()),
        ("b/old.html", page.as_str()),
        ("CNAME", "e.org"),
        ("google123.html", "google-site-verification: google123.html"),
        ("robots.txt", "User-agent: *"),
        ("book.html", "<!DOCTYPE html><script src=\"book.js\"></script>"),
    ] {
        fs::write(site.join(name), text).unwrap();
    }
    let refused = folder.build(&[]).printed;
    assert!(refused.starts_with("error[output-folder]: output folders that are not used"));
    assert!(
        refused.contains("files that this program did not write: `404.html`, `a.html`"),
        "{refused}"
    );
    let built = folder.build(&["--force"]);
    let left = ["b/old.html", "old.html"];
    assert_eq!(built.printed.matches("not on record").count(), left.len(), "{}", built.printed);
    for name in left {
        assert!(built.printed.contains(&format!("site/{name}: a page of an earlier")), "{name}");
        fs::remove_file(site.join(name)).unwrap();
    }
    let printed = folder.build(&["--force"]).printed;
    assert!(!printed.contains("foreign-file"), "{printed}");
}

#[test]
fn a_marker_file_counts_only_with_the_right_text() {
    let folder = Folder::new(&format!(
        "{NOTES}-- b/c.md\n# 丙\n-- b/.notes-manifest\nsomething else\n-- d/e.md\n# 丁\n-- \
         d/CACHEDIR.TAG\nSignature: 8a477f597d28d172789f06886806bc55\n"
    ));
    let built = folder.build(&["--verbose"]);
    assert_eq!(built.pages(), ["a.html", "b/c.html", "b/index.html", "index.html"]);
    assert!(
        built.printed.contains("d: the folder is marked as a cache, an earlier output or"),
        "{}",
        built.printed
    );
}

#[test]
fn the_site_is_not_built_into_what_it_is_made_from() {
    let folder = Folder::new(
        r"
            -- content/README.md
            # 首页
            -- static/x.css
            x
            -- templates/x.html
            x
        ",
    );
    for name in ["static", "static/site", "templates/site", "content"] {
        let output = folder.path().join(name);
        let built = folder.build(&["-o", output.to_str().unwrap()]);
        assert_eq!(built.code, 1, "{name}: {}", built.printed);
        assert!(!output.join("index.html").exists(), "{name}");
    }
}

#[test]
fn the_home_page_is_found_by_any_of_its_names() {
    let matrix = "- 甲：[《A》](a.md)、[《B》](a.md)\n- 乙：[《A》](a.md)、[《B》](a.md)\n- \
         丙：[《A》](a.md)、[《B》](a.md)\n";
    for name in ["README.md", "index.md", "_index.md", "Readme.MD"] {
        let built = Folder::new(&format!(
            r"-- {name}
# 首页
{matrix}-- a.md
# 甲
"
        ))
        .build(&[]);
        assert!(built.text("index.html").contains("class=\"matrix\""), "{name}");
    }
    let built = Folder::new(
        r"
        -- notes.yaml
        readme: docs/README.md
        -- docs/README.md
        # 首页
        -- docs/a.md
        # 甲
    ",
    )
    .build(&[]);
    assert_eq!(built.pages(), ["docs/a.html", "docs/index.html", "index.html"]);
    assert_eq!(built.title("index.html"), "首页");
}

#[test]
fn settings_that_name_excluded_files_are_reported() {
    let folder = Folder::new(
        r"
        -- notes.yaml
        cover: .x/c.png
        readme: .x/a.md
        exclude: [SUMMARY.md]
        -- .x/c.png
        x
        -- .x/a.md
        # x
        -- SUMMARY.md
        - [别名](a.md)
        -- a.md
        # 甲
    ",
    );
    let built = folder.build(&[]);
    assert!(built.printed.contains("`cover: .x/c.png` is hidden"), "{}", built.printed);
    assert!(built.printed.contains("the home page `.x/a.md` is hidden"), "{}", built.printed);
    assert_eq!(built.sidebar("a.html"), ["甲*"]);
    assert!(!built.file("index.html").contains("c.png"));
}

#[test]
fn the_page_for_lost_readers_leads_back_from_any_depth() {
    let built = Folder::new(NOTES).build(&["--base-url", "https://e.org/notes"]);
    let page = built.file("404.html");
    assert!(
        page.contains("<base href=\"/notes/\">") && page.contains("href=\"404.html#page:text\""),
        "{page}"
    );
    assert!(!built.file("a.html").contains("<base"));
    assert!(!Folder::new(NOTES).build(&[]).file("404.html").contains("<base"));
}

#[test]
fn a_template_with_a_mistake_takes_no_other_along() {
    let folder = Folder::new(&format!(
        "{NOTES}-- templates/404.html\n{{% extends \"zz.html\" %}}{{% block x %}}自己的{{% endblock \
         %}}\n-- templates/zz.html\n<h1>{{% block x %}}{{% endblock %}}</h1>\n-- \
         templates/home.html\n{{% extends \"none.html\" %}}\n"
    ));
    let built = folder.build(&[]);
    assert!(built.file("404.html").contains("<h1>自己的</h1>"), "{}", built.printed);
    assert!(
        built.printed.contains("home.html") && !built.printed.contains("zz.html"),
        "{}",
        built.printed
    );
}
