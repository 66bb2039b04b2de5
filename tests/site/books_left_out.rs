//! Books of a library that cannot be built, or not now: each is left out with its reason, the
//! others are built, and nothing of its pages is lost.

use std::fs;

use crate::books::library;
use crate::fixture::{Built, Folder};

/// The build of a library whose second book is good.
fn told(settings: &str, files: &str) -> Built {
    let text = format!(
        "-- notes.yaml\ntitle: T\nbooks:\n  - {settings}\n  - {{path: ../good, at: good}}\n\
         -- ../good/a.md\n# Good\n\nText\n{files}"
    );
    Folder::new(&text).build(&[])
}

#[test]
fn a_book_that_cannot_be_built_is_left_out() {
    for (settings, files, expected) in [
        ("../gone", "", "notes.yaml:3:5: the book `../gone` is left out: there is no such folder"),
        ("{path: ../Good, at: x}", "", "help: did you mean `../good`?"),
        ("../good/a.md", "", "is left out: there is no such folder"),
        ("{path: .., at: up}", "", "is left out: it holds the folder of the library"),
        ("{path: ., at: here}", "", "is left out: it holds the folder of the library"),
        ("{path: ../good, at: x}", "", "the book `../good` is left out: it is listed twice"),
        (
            "{path: ../good/sub, at: x}",
            "-- ../good/sub/b.md\n# B\n",
            "the book `../good/sub` is left out: its folder is in that of the book `../good`",
        ),
        ("../none", "-- ../none/x.txt\nx\n", "the book `../none` is left out: it has no notes"),
        (
            "{path: ../b, at: taken}",
            "-- ../b/a.md\n# A\n-- taken/x.md\n# X\n",
            "the book `../b` is left out: the library's own notes have pages at `taken`",
        ),
        (
            "../b",
            "-- ../b/a.md\n# A\n-- ../b/notes.yaml\ntitel: x\n",
            "../b/notes.yaml:1:1: unknown key `titel`",
        ),
    ] {
        let built = told(settings, files);
        assert!(built.printed.contains(expected), "{settings}\n{}", built.printed);
        assert!(built.printed.contains("error[book]"), "{settings}\n{}", built.printed);
        assert_eq!(built.code, 1, "{settings}\n{}", built.printed);
        let is_built =
            ["good/a.html", "x/a.html"].iter().any(|page| built.site.join(page).exists());
        assert!(is_built, "{settings}\n{}", built.printed);
    }
}

#[test]
fn a_library_without_a_book_that_can_be_built_gives_the_reasons() {
    let folder = Folder::new("-- notes.yaml\nbooks: [gone]\n");
    let built = folder.build(&[]);
    assert_eq!(built.code, 1, "{}", built.printed);
    assert!(built.printed.contains("the book `gone` is left out"), "{}", built.printed);
}

#[cfg(unix)]
#[test]
fn a_book_may_be_a_link_to_a_folder_elsewhere() {
    let folder = Folder::new("-- notes.yaml\nbooks: [linked]\n-- ../else/a.md\n# A\n\nText\n");
    std::os::unix::fs::symlink("../else", folder.path().join("linked")).unwrap();
    let built = folder.build(&[]);
    assert!(built.site.join("linked/a.html").exists(), "{}", built.printed);
    assert!(!built.printed.contains("symlink"), "{}", built.printed);
}

#[test]
fn an_empty_submodule_is_told_with_its_way_out() {
    let folder = Folder::new("-- notes.yaml\nbooks: [sub, good]\n-- good/a.md\n# A\n\nText\n");
    fs::create_dir(folder.path().join("sub")).unwrap();
    let built = folder.build(&[]);
    for part in ["the book `sub` is left out: its folder is empty", "git submodule update --init"] {
        assert!(built.printed.contains(part), "{part}\n{}", built.printed);
    }
}

#[test]
fn pages_of_a_book_that_is_away_stay() {
    let folder = library();
    let built = folder.build(&[]);
    assert_eq!(built.code, 0, "{}", built.printed);
    let two = folder.path().join("../Two-Notes");
    fs::rename(&two, folder.path().join("../away")).unwrap();
    let built = folder.build(&[]);
    assert_eq!(built.code, 1, "{}", built.printed);
    assert!(built.site.join("two/b.html").exists());
    fs::rename(folder.path().join("../away"), &two).unwrap();
    assert_eq!(folder.build(&[]).code, 0);
}

#[test]
fn the_cache_of_a_book_goes_with_its_place_in_the_list() {
    let settings = |books: &str| format!("title: T\nbooks: [{books}]\n");
    let all = "{path: ../a, at: a}, {path: ../b, at: a-b/c}, {path: ../d, at: a-b/c-d}";
    let text = format!(
        "-- notes.yaml\n{}-- ../a/a.md\n# A\n\nText\n-- ../b/b.md\n# B\n\nText\n\
         -- ../d/d.md\n# D\n\nText\n",
        settings(all)
    );
    let folder = Folder::new(&text);
    let caches = folder.path().join(".notes/books");
    let has = |part: &str| caches.join(part).join("state").exists();
    folder.build(&[]);
    assert!(has("a") && has("a-b/c") && has("a-b/c-d"));
    // A mistake in a book's settings, or a run without the cache, costs nothing.
    folder.write("../d/notes.yaml", b"titel: x\n");
    folder.build(&[]);
    folder.write("notes.yaml", settings("{path: ../a, at: a}").as_bytes());
    folder.build(&["--no-cache"]);
    assert!(has("a") && has("a-b/c") && has("a-b/c-d"));
    // Files that are not those of a cache stay.
    folder.write(".notes/books/a-b/c/mine.txt", b"mine");
    folder.build(&[]);
    assert!(has("a") && !has("a-b/c") && !caches.join("a-b/c-d").exists());
    assert!(caches.join("a-b/c/mine.txt").exists());
    folder.write("notes.yaml", b"title: T\n");
    folder.write("x.md", b"# X\n\nText\n");
    folder.build(&[]);
    assert!(!caches.join("a").exists());
}
