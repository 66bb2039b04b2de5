//! Files beside the notes of one book that other books link to and show.

use crate::fixture::{Built, Folder};

/// A library of two books: `One` links to what is in `Two`.
fn library(settings_of_two: &str, text_of_one: &str) -> Folder {
    let folder = Folder::new(
        r"
        -- notes.yaml
        books: [../One, {path: ../Two, repository: https://github.com/me/Two}]
        -- ../One/README.md
        # 一
        -- ../Two/notes.yaml
        content: docs
        -- ../Two/docs/README.md
        # 二

        ![图](own.png)
        -- ../Two/docs/own.png
        own
        -- ../Two/docs/图/a.png
        a
        -- ../Two/docs/contents.html
        mine
        -- ../Two/docs/b.pdf
        b
        -- ../Two/docs/c.svg
        c
        -- ../Two/docs/left/d.txt
        d
        -- ../Two/docs/code/e.rs
        e
        -- ../Two/docs/f.zip
        version https://git-lfs.github.com/spec/v1
        oid sha256:0000000000000000000000000000000000000000000000000000000000000000
        size 12
        -- ../Two/docs/draft.md
        ---
        draft: true
        ---
        # 草稿
    ",
    );
    folder.write(
        "../Two/notes.yaml",
        format!("content: docs\nexclude: [left]\n{settings_of_two}").as_bytes(),
    );
    folder.write("../One/README.md", format!("# 一\n\n{text_of_one}\n").as_bytes());
    folder
}

fn built(settings_of_two: &str, text_of_one: &str) -> Built {
    library(settings_of_two, text_of_one).build(&[])
}

#[test]
fn files_are_published_in_their_book() {
    for (text, expected, file) in [
        ("[b](../Two/docs/b.pdf)", "href=\"../Two/b.pdf\"", "Two/b.pdf"),
        ("[b](../Two/docs/b.pdf#page=3)", "href=\"../Two/b.pdf#page=3\"", "Two/b.pdf"),
        ("![a](../Two/docs/图/a.png)", "src=\"../Two/%E5%9B%BE/a.png\"", "Two/图/a.png"),
        ("![a](../Two/docs/%E5%9B%BE/a.png)", "src=\"../Two/%E5%9B%BE/a.png\"", "Two/图/a.png"),
        ("![o](../Two/docs/own.png)", "src=\"../Two/own.png\"", "Two/own.png"),
        ("<img src=\"../Two/docs/图/a.png\">", "src=\"../Two/%E5%9B%BE/a.png\"", "Two/图/a.png"),
        ("<video src=\"../Two/docs/b.pdf#t=1\"></video>", "src=\"../Two/b.pdf#t=1\"", "Two/b.pdf"),
        (
            "![a](https://github.com/me/Two/blob/main/docs/图/a.png)",
            "src=\"../Two/%E5%9B%BE/a.png\"",
            "Two/图/a.png",
        ),
        (
            "![a](https://raw.githubusercontent.com/me/Two/main/docs/图/a.png)",
            "src=\"../Two/%E5%9B%BE/a.png\"",
            "Two/图/a.png",
        ),
        // A name that the book's own pages have.
        (
            "[c](../Two/docs/contents.html)",
            "href=\"../Two/contents-2.html\"",
            "Two/contents-2.html",
        ),
    ] {
        let built = built("", text);
        assert_eq!(built.code, 0, "{text}\n{}", built.printed);
        assert!(!built.printed.contains("warning["), "{text}\n{}", built.printed);
        let article = built.article("One/index.html");
        assert!(article.contains(expected), "{text}\n{article}");
        assert!(built.site.join(file).is_file(), "{text}");
    }
    let contents = built("", "[c](../Two/docs/contents.html)").file("Two/contents.html");
    assert!(contents.contains("<html"), "{contents}");
}

#[test]
fn files_that_are_not_published_are_told_or_read_in_the_repository() {
    let tree = "https://github.com/me/Two/blob/main/docs";
    for (settings, text, expected, told) in [
        ("", "[r](../Two/docs/code)", format!("href=\"{tree}/code\""), ""),
        ("", "[r](../Two/docs/left/d.txt)", format!("href=\"{tree}/left/d.txt\""), ""),
        ("", "[r](../Two/docs/f.zip)", format!("href=\"{tree}/f.zip\""), "git-LFS pointer"),
        ("", "[r](../Two/docs/draft.md)", "<span".to_owned(), "is a draft"),
        ("", "[r](../Two/docs/gone.pdf)", "<span".to_owned(), "no note or file `gone.pdf`"),
        ("", "![r](../Two/docs/gone.png)", "missing".to_owned(), "no file `gone.png`"),
        // A file that may run is published where the notes are trusted alone.
        ("", "![c](../Two/docs/c.svg)", "src=\"../Two/c.svg\"".to_owned(), ""),
        ("html: safe", "![c](../Two/docs/c.svg)", "missing".to_owned(), "is not published"),
        // An address in the repository leads there still, and a picture is shown from there.
        (
            "",
            "[b](https://github.com/me/Two/blob/main/docs/b.pdf)",
            format!("href=\"{tree}/b.pdf\""),
            "",
        ),
        (
            "",
            "![g](https://github.com/me/Two/blob/main/docs/gone.png)",
            "src=\"https://github.com/me/Two/raw/main/docs/gone.png\"".to_owned(),
            "",
        ),
    ] {
        let built = built(settings, text);
        let article = built.article("One/index.html");
        assert!(article.contains(&expected), "{settings} {text}\n{article}");
        if told.is_empty() {
            assert!(!built.printed.contains("warning["), "{text}\n{}", built.printed);
        } else {
            assert!(built.printed.contains(told), "{text}\n{}", built.printed);
        }
    }
}

#[test]
fn a_file_goes_with_the_last_link_to_it() {
    let folder = library("", "![a](../Two/docs/图/a.png)");
    let first = folder.build(&[]);
    assert!(first.site.join("Two/图/a.png").is_file());
    folder.write("../Two/docs/图/a.png", b"other\n");
    assert_eq!(folder.build(&[]).file("Two/图/a.png"), "other\n");
    folder.write("../One/README.md", "# 一\n".as_bytes());
    assert!(!folder.build(&[]).site.join("Two/图/a.png").exists());
    // A link of its own book leads to the same place.
    folder.write("../One/README.md", "# 一\n\n![a](../Two/docs/图/a.png)\n".as_bytes());
    folder.write("../Two/docs/README.md", "# 二\n\n![a](图/a.png)\n".as_bytes());
    let last = folder.build(&[]);
    assert!(last.article("One/index.html").contains("src=\"../Two/%E5%9B%BE/a.png\""));
    assert!(last.article("Two/index.html").contains("src=\"%E5%9B%BE/a.png\""));
    assert!(last.site.join("Two/图/a.png").is_file());
    let files = last.files();
    assert_eq!(folder.build(&["--no-cache"]).files(), files);
}
