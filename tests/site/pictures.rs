//! Pictures: their sizes, the files that they may show, and addresses of pages about pictures.

use crate::fixture::Folder;

#[test]
fn sizes_are_kept_in_all_dialects() {
    let folder = Folder::new(
        r#"
        -- notes.yaml
        markdown:
          wiki_links: true
        -- p.png
        x
        -- a.md
        # 甲

        <img src="p.png" alt="一" style="zoom:50%; position:fixed" />

        ![二](p.png =100x50) 与 ![三](p.png){width=50%} 与 ![四](p.png ':size=90')

        ![[p.png|200]]

        ![a cat|300](p.png)
    "#,
    );
    let built = folder.build(&["--verbose"]);
    let text = built.text("a.html");
    for expected in [
        "alt=\"一\" loading=\"lazy\" decoding=\"async\" style=\"zoom:50%\" />",
        "alt=\"二\" loading=\"lazy\" decoding=\"async\" width=\"100\" height=\"50\" />",
        "alt=\"三\" loading=\"lazy\" decoding=\"async\" width=\"50%\" />",
        "alt=\"四\" loading=\"lazy\" decoding=\"async\" width=\"90\" />",
        "alt=\"\" loading=\"lazy\" decoding=\"async\" width=\"200\" /></figure>",
        "width=\"300\" /><figcaption>a cat</figcaption>",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert_eq!(built.printed.matches("missing-alt").count(), 1, "{}", built.printed);
}

#[test]
fn candidates_of_a_picture_are_published_or_reported() {
    let folder = Folder::new(
        r#"
        -- light.png
        x
        -- img/dark.png
        x
        -- img/big 2.png
        x
        -- sub/a.md
        # 甲

        <picture>
          <source media="(prefers-color-scheme: dark)" srcset="../img/dark.png">
          <source srcset="../img/gone.png 1x, https://github.com/u/r/blob/m/p.png 2x">
          <img alt="标志" src="../light.png" srcset="../light.png, ../img/big%202.png 2x">
        </picture>
    "#,
    );
    let built = folder.build(&[]);
    let text = built.text("sub/a.html");
    for expected in [
        "<source media=\"(prefers-color-scheme: dark)\" srcset=\"../img/dark.png\" />",
        "<source srcset=\"https://github.com/u/r/raw/m/p.png 2x\" />",
        "<img src=\"../light.png\" srcset=\"../light.png, ../img/big%202.png 2x\" alt=\"标志\"",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    for file in ["img/dark.png", "img/big 2.png", "light.png"] {
        assert!(folder.path().join("site").join(file).exists(), "{file}\n{}", built.printed);
    }
    assert!(built.printed.contains("`../img/gone.png` does not exist"), "{}", built.printed);
}

#[test]
fn a_page_about_a_picture_is_asked_for_the_picture() {
    let folder = Folder::new(
        r"
        -- a.md
        # 甲

        ![图](https://github.com/u/r/blob/main/p.png) [页](https://github.com/u/r/blob/main/p.png)

        [![图](https://gitlab.com/g/s/r/-/blob/m/p.png)](https://e.org)
    ",
    );
    let text = folder.build(&[]).text("a.html");
    for expected in [
        "<img src=\"https://github.com/u/r/raw/main/p.png\"",
        "<a href=\"https://github.com/u/r/blob/main/p.png\"",
        "<img src=\"https://gitlab.com/g/s/r/-/raw/m/p.png\"",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn a_caption_says_more_than_the_name_of_the_file() {
    let folder = Folder::new(
        r"
        -- a.md
        # 甲

        ![image-20200731111921591](https://x.org/a.png)

        ![null](https://x.org/c.png)

        ![mq-1](https://x.org/mq-1.png)

        ![mq-2](images/mq-2.png)

        ![系统的三层](https://x.org/d.png)
    ",
    );
    let text = folder.build(&[]).text("a.html");
    assert_eq!(text.matches("<figcaption>").count(), 1, "{text}");
    assert!(text.contains("<figcaption>系统的三层</figcaption>"), "{text}");
    assert_eq!(text.matches("mq-2").count(), 2, "the text and the path: {text}");
}
