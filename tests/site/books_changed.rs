//! A library after edits of its books: builds and the preview give what a build from nothing gives,
//! with as little work as an edit needs.

use std::fs;
use std::path::Path;

use crate::books::library;
use crate::comparison::assert_same_files;
use crate::edits::files;
use crate::fixture::Folder;
use crate::request::{becomes, holds};
use crate::served::is_as_built;
use crate::serving::Serving;

/// Fails unless the site is that of a build from nothing.
#[track_caller]
fn assert_is_clean(folder: &Folder, context: &str) {
    let clean = folder.path().join("../clean");
    let _ = fs::remove_dir_all(&clean);
    let built = folder.build(&["--no-cache", "-o", clean.to_str().unwrap()]);
    assert_ne!(built.code, 2, "{}", built.printed);
    assert_same_files(&files(&folder.path().join("site")), &files(&clean), context);
}

#[test]
fn builds_after_edits_equal_clean_builds() {
    let folder = library();
    folder.build(&[]);
    assert_is_clean(&folder, "nothing");
    let edits: [(&str, &str); 9] = [
        ("../Two-Notes/docs/b.md", "# B\n\n## 节\n\nOther words.\n"),
        ("../Two-Notes/docs/b.md", "# New title\n\n## 别的节\n\nOther words.\n"),
        ("../One-Notes/c.md", "# 丙\n\n[b](https://me.gitbook.io/two/b)\n"),
        ("../Two-Notes/docs/gone.md", "# Gone\n\nIt is there now.\n"),
        ("../Two-Notes/notes.yaml", "content: docs\ntitle: T\n"),
        ("../One-Notes/README.md", "---\ntitle: 改了\n---\n\n文\n"),
        ("own.md", "# 自己的\n\n[x](../One-Notes/c.md)\n"),
        ("../Three/a.md", "# 三\n\n[x](../One-Notes/c.md)\n"),
        ("notes.yaml", "title: 书库\nbooks: [../Three, ../One-Notes]\n"),
    ];
    for (path, text) in edits {
        folder.write(path, text.as_bytes());
        folder.build(&[]);
        assert_is_clean(&folder, path);
    }
    fs::remove_file(folder.path().join("../One-Notes/c.md")).unwrap();
    folder.build(&[]);
    assert_is_clean(&folder, "deleted");
}

#[test]
fn an_edit_of_prose_renders_one_page() {
    let folder = library();
    folder.build(&[]);
    // Files that were just written are read again.
    std::thread::sleep(std::time::Duration::from_millis(50));
    folder.build(&[]);
    folder.write("../Two-Notes/docs/b.md", "# B\n\n## 节\n\nOther words.\n".as_bytes());
    let built = folder.build(&["--timings"]);
    assert!(built.printed.contains("1 of 8 notes"), "{}", built.printed);
    let before = files(&built.site);
    let written: Vec<_> = before
        .keys()
        .filter(|path| {
            is_new(&built.site.join(path), &folder.path().join("../Two-Notes/docs/b.md"))
        })
        .filter(|path| path.extension().is_some_and(|end| end == "html"))
        .collect();
    assert_eq!(written, [Path::new("two/b.html")]);
}

/// True if a file was written after another.
fn is_new(path: &Path, other: &Path) -> bool {
    let time = |path: &Path| path.metadata().unwrap().modified().unwrap();
    time(path) >= time(other)
}

#[test]
fn a_library_is_served_as_it_is_built_after_any_change() {
    let folder = library();
    let serving = Serving::start(&folder.path(), &[]);
    is_as_built(&folder, &serving);
    let at = |path: &str| folder.path().join(path);
    let steps: [(&str, &dyn Fn(), &str, &str); 6] = [
        (
            "a book beside it",
            &|| folder.write("../Two-Notes/docs/b.md", "# 新的题目\n\n## 节\n".as_bytes()),
            "/two/b.html",
            "新的题目",
        ),
        (
            "a book in it",
            &|| {
                let text = "# 又一篇\n\n[b](../../Two-Notes/docs/b.md)\n";
                folder.write("inner/y.md", text.as_bytes());
            },
            "/inner/y.html",
            "href=\"../two/b.html\"",
        ),
        (
            "the title of a book",
            &|| folder.write("../One-Notes/README.md", "# 改名\n\n文\n".as_bytes()),
            "/two/b.html",
            "改名",
        ),
        (
            "the settings of a book",
            &|| folder.write("../Two-Notes/notes.yaml", b"content: docs\nauthor: Somebody\n"),
            "/two/b.html",
            "Somebody",
        ),
        (
            "a book that goes",
            &|| fs::rename(at("../One-Notes"), at("../away")).unwrap(),
            "/index.html",
            "<main",
        ),
        (
            "a book that comes back",
            &|| fs::rename(at("../away"), at("../One-Notes")).unwrap(),
            "/One-Notes/a.html",
            "西瓜",
        ),
    ];
    for (name, change, path, text) in steps {
        change();
        if name == "a book that goes" {
            becomes(&serving, "/One-Notes/a.html", |answer| answer.status == 404);
            continue;
        }
        holds(&serving, path, text);
        is_as_built(&folder, &serving);
    }
    serving.says(|line| line.contains("../Two-Notes/docs/b.md"));
}

#[test]
fn the_preview_takes_a_book_back_whose_settings_are_mended() {
    let folder = library();
    folder.write("../Two-Notes/notes.yaml", b"title: [\n");
    let serving = Serving::start(&folder.path(), &[]);
    becomes(&serving, "/two/b.html", |answer| answer.status == 404);
    folder.write("../Two-Notes/notes.yaml", b"content: docs\n");
    holds(&serving, "/two/b.html", "Melon");
    // Once more while it runs, and with a folder that is missing.
    folder.write("../One-Notes/notes.yaml", b"title: [\n");
    becomes(&serving, "/One-Notes/a.html", |answer| answer.status == 404);
    let (two, away) = (folder.path().join("../Two-Notes"), folder.path().join("../away"));
    fs::rename(&two, &away).unwrap();
    becomes(&serving, "/two/b.html", |answer| answer.status == 404);
    fs::rename(&away, &two).unwrap();
    holds(&serving, "/two/b.html", "Melon");
    fs::remove_file(folder.path().join("../One-Notes/notes.yaml")).unwrap();
    holds(&serving, "/One-Notes/a.html", "西瓜");
}
