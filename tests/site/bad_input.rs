//! Defects of a folder of notes: each gives a message with its place, the rest is
//! built, nothing breaks.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use crate::fixture::Folder;

/// Builds a folder with a good note beside what is wrong, and sees that the good one has its page.
fn with_good_note(prepare: impl Fn(&Folder)) -> (Folder, crate::fixture::Built) {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页
        -- good.md
        # 好
        文
    ",
    );
    prepare(&folder);
    let built = folder.build(&[]);
    assert!(built.text("good.html").contains("<p>文</p>"), "{}", built.printed);
    (folder, built)
}

#[test]
fn a_note_that_is_not_utf8() {
    let (_folder, built) =
        with_good_note(|folder| folder.write("bad.md", b"# a\n\xd2\xbb\xd6\xc2 \n"));
    assert_eq!(built.code, 0);
    assert!(
        built.printed.contains("bad.md:2: the text is not UTF-8; it was read as GB18030"),
        "{}",
        built.printed
    );
    assert!(built.text("bad.html").contains("一致"));
}

#[test]
fn a_note_with_nul_bytes() {
    let (_folder, built) = with_good_note(|folder| folder.write("bad.md", b"# a\nb\0c\n"));
    assert!(built.printed.contains("bad.md:2:2: control character U+0000"), "{}", built.printed);
    assert!(built.text("bad.html").contains("<p>bc</p>"));
}

#[test]
fn a_note_of_50_mb() {
    let (_folder, built) = with_good_note(|folder| {
        let paragraph = format!("{}\n\n", "一段普通的文字。".repeat(40));
        folder.write("bad.md", paragraph.repeat((50 << 20) / paragraph.len()).as_bytes());
    });
    assert_eq!(built.code, 0, "{}", built.printed);
    assert!(built.printed.contains("bad.md: the note is 4"), "{}", built.printed);
    assert!(built.file("bad.html").len() > 45 << 20);
}

#[test]
fn a_line_of_10_mb() {
    let (_folder, built) = with_good_note(|folder| {
        folder.write(
            "bad.md",
            format!("# a\n\n{}\n\n```js\n{}\n```\n", "x*[_`".repeat(2 << 20), "({".repeat(1 << 20))
                .as_bytes(),
        );
    });
    assert_eq!(built.code, 0, "{}", built.printed);
    assert!(built.printed.contains("bad.md:3: a line of 10240 kB"), "{}", built.printed);
}

#[test]
fn a_list_nested_5000_deep() {
    let (_folder, built) = with_good_note(|folder| {
        let mut text = String::from("# a\n\n");
        for level in 0..5_000 {
            let _ = writeln!(text, "{}- {level}", "  ".repeat(level));
        }
        folder.write("bad.md", text.as_bytes());
    });
    assert!(built.printed.contains("nested more than 100 deep"), "{}", built.printed);
    assert!(built.text("bad.html").contains("4999"));
}

#[test]
fn a_note_with_100_000_links() {
    let (_folder, built) = with_good_note(|folder| {
        let mut text = String::from("# a\n\n");
        for number in 0..100_000 {
            let _ = writeln!(text, "[{number}](good.md) [{number}](none-{number}.md)");
        }
        folder.write("bad.md", text.as_bytes());
    });
    assert!(
        built.printed.contains("dead links (100000)") && built.printed.contains("and 99990 more"),
        "{}",
        built.printed
    );
    assert_eq!(built.text("bad.html").matches("href=\"good.html\"").count(), 100_000);
}

#[test]
fn a_yaml_bomb_in_front_matter() {
    let (_folder, built) = with_good_note(|folder| {
        let mut text = String::from("---\na0: &a0 x\n");
        for level in 1..50 {
            let _ = writeln!(
                text,
                "a{level}: &a{level} [*a{0}, *a{0}, *a{0}, *a{0}, *a{0}]",
                level - 1
            );
        }
        folder.write("bad.md", (text + "---\n正文\n").as_bytes());
    });
    assert!(
        built.printed.contains("bad.md:") && built.printed.contains("front matter"),
        "{}",
        built.printed
    );
    assert_eq!(built.text("bad.html"), "<p>正文</p>");
}

#[test]
fn a_folder_that_cannot_be_read() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页
        -- good.md
        # 好
        文
        -- locked/a.md
        # a
    ",
    );
    let locked = folder.path().join("locked");
    let all = fs::Permissions::from_mode(0o777);
    fs::set_permissions(folder.path(), all.clone()).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser may read everything, so the program runs as nobody then.
    let is_superuser = fs::read_dir(&locked).is_ok();
    let program = env!("CARGO_BIN_EXE_notes");
    let copy = folder.path().join("program");
    fs::copy(program, &copy).unwrap();
    let mut command = Command::new(if is_superuser { "setpriv" } else { copy.to_str().unwrap() });
    if is_superuser {
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&copy);
    }
    let built = folder.ran(command.arg("build").arg(folder.path()).output().unwrap());
    fs::set_permissions(&locked, all).unwrap();
    assert_eq!(built.code, 1, "{}", built.printed);
    assert!(
        built.printed.contains("locked: cannot be read: permission denied"),
        "{}",
        built.printed
    );
    assert!(built.text("good.html").contains("文"));
}

#[test]
fn links_that_dangle_loop_or_leave_the_notes() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.md"), "# secret\n").unwrap();
    let (_folder, built) = with_good_note(|folder| {
        let path = folder.path();
        symlink("nowhere.md", path.join("dangling.md")).unwrap();
        symlink("loop.md", path.join("loop.md")).unwrap();
        symlink("..", path.join("up")).unwrap();
        symlink(".", path.join("self")).unwrap();
        symlink(outside.path(), path.join("out")).unwrap();
        symlink(outside.path().join("secret.md"), path.join("secret.md")).unwrap();
        symlink("good.md", path.join("alias.md")).unwrap();
    });
    for message in [
        "dangling.md: symbolic link not followed: its target does not exist",
        "loop.md: symbolic link not followed: it is a loop",
        "up: symbolic link not followed: its target is outside the notes",
        "self: symbolic link not followed: its target is a folder",
        "out: symbolic link not followed: its target is outside the notes",
        "secret.md: symbolic link not followed: its target is outside the notes",
    ] {
        assert!(built.printed.contains(message), "{message}\n{}", built.printed);
    }
    assert_eq!(built.pages(), ["alias.html", "good.html", "index.html"]);
}

#[test]
fn a_full_disk() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页
        -- small.md
        # 小
        文
    ",
    );
    folder.write("large.md", "一段文字。\n\n".repeat(100_000).as_bytes());
    // A limit on the size of files, its signal ignored, fails a write as a full disk does.
    let mut command = Command::new("bash");
    command.args([
        "-c",
        "trap '' XFSZ; ulimit -f 200; exec \"$0\" build \"$1\"",
        env!("CARGO_BIN_EXE_notes"),
    ]);
    let built = folder.ran(command.arg(folder.path()).output().unwrap());
    assert_eq!(built.code, 1);
    assert!(built.printed.contains("large.html"), "{}", built.printed);
    let files = built.files();
    assert!(!files.contains_key("large.html"));
    assert!(files.keys().all(|name| !name.contains("tmp")), "{:?}", files.keys());
    let again = folder.build(&[]);
    assert_eq!(
        (again.code, again.file("large.html").len() > 1_000_000),
        (0, true),
        "{}",
        again.printed
    );
}

#[test]
fn an_output_path_that_is_a_file() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页
        -- out
        mine
    ",
    );
    let out = folder.path().join("out");
    let built = folder.build(&["-o", out.to_str().unwrap()]);
    assert_eq!(built.code, 1);
    assert!(built.printed.contains("out") && built.printed.contains("help:"), "{}", built.printed);
    assert_eq!(fs::read_to_string(out).unwrap(), "mine\n");
}

#[test]
fn two_notes_that_want_one_page() {
    let (_folder, built) = with_good_note(|folder| {
        for name in ["Async.md", "async.md", "b/README.md", "b/index.md", "c.md", "c.markdown"] {
            folder.write(name, format!("# {name}\n文\n").as_bytes());
        }
    });
    assert!(
        built.printed.contains("async.md: its page is async-2.html, because async.html is taken"),
        "{}",
        built.printed
    );
    for page in
        ["Async.html", "async-2.html", "b/index.html", "b/index-2.html", "c.html", "c-2.html"]
    {
        assert!(built.text(page).contains("文"), "{page}");
    }
    assert_eq!(built.title("b/index.html"), "b/README.md");
}

#[test]
fn a_template_with_a_mistake() {
    for (template, place) in [
        (
            "{% extends \"base.html\" %}\n{% block text %}\n{{ page.titel }}{% endblock %}",
            "templates/page.html:3:",
        ),
        ("{% extends \"base.html\" %}\n\n{% if %}", "templates/page.html:3:"),
        ("{% extends \"nothing.html\" %}", "templates/page.html: "),
    ] {
        let (_folder, built) =
            with_good_note(|folder| folder.write("templates/page.html", template.as_bytes()));
        assert_eq!(built.code, 1, "{template}");
        assert!(built.printed.contains(place), "{template}\n{}", built.printed);
        assert!(built.printed.contains("templates with a mistake (1)"), "{}", built.printed);
    }
}

#[test]
fn hostile_html_and_names() {
    let (_folder, built) = with_good_note(|folder| {
        folder.write(
            "<b>&\"'.md",
            "# <img src=x onerror=alert(1)>\n\n[a](javascript:alert(1))\n".as_bytes(),
        );
        folder.write(
            "x.md",
            "</article></main></body>\n\n<script>alert(1)</script>\n\n<a \
             href='javascript:alert(1)'>b</a>\n<p style=\"position:fixed\">c</p>"
                .as_bytes(),
        );
    });
    for page in ["<b>&\"'.html", "x.html", "index.html", "contents.html"] {
        let html = built.file(page);
        let ours = "<script src=\"static/";
        assert_eq!(html.matches("<script").count(), html.matches(ours).count(), "{page}\n{html}");
        for bad in ["onerror=", "href=\"javascript", "position:fixed", "</body>\n\n"] {
            assert!(!html.contains(bad), "{page}: {bad}\n{html}");
        }
        assert_eq!(html.matches("</main>").count(), 1, "{page}");
    }
}
