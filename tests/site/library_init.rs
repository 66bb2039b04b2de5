//! `notes init --library`: the books that it finds or is given, the settings and the workflow that
//! it writes, and that it overwrites nothing.

use std::fs;

use crate::comparison::assert_same_files;
use crate::fixture::{Built, Folder, program};
use crate::prepared::init;
use crate::repository::git;

const DAY: &str = "2024-01-01T00:00:00Z";
const WORKFLOW: &str = ".github/workflows/notes.yml";
const ON_PAGES: [&str; 4] = ["--library", "--github-pages", "--action", "example/notes@v1"];

/// Makes folders of the notes repositories, each with the address of its origin, if any.
fn repositories(folder: &Folder, all: &[(&str, &str)]) {
    for (path, origin) in all {
        let path = folder.path().join(path);
        fs::create_dir_all(&path).unwrap();
        git(&path, "x", DAY, &["init", "-q"]);
        if !origin.is_empty() {
            git(&path, "x", DAY, &["remote", "add", "origin", origin]);
        }
    }
}

fn library(folder: &Folder, arguments: &[&str]) -> Built {
    init(folder, &folder.path(), &[&["--library"], arguments].concat())
}

fn read(folder: &Folder, file: &str) -> String {
    fs::read_to_string(folder.path().join(file)).unwrap_or_default()
}

fn has_line(text: &str, line: &str) -> bool {
    text.lines().any(|other| other == line)
}

/// The lines of the books in the settings.
fn books(folder: &Folder) -> String {
    let settings = read(folder, "notes.yaml");
    let books = settings.split_once("\nbooks:\n").unwrap().1;
    books.split("\n\n").next().unwrap().to_owned()
}

fn builds(folder: &Folder, pages: &[&str]) {
    let built = folder.build(&["--strict"]);
    assert_eq!(built.code, 0, "{}{}", built.printed, read(folder, "notes.yaml"));
    for page in pages {
        assert!(built.site.join(page).exists(), "{page}: {}", built.printed);
    }
}

/// Two repositories, one of them in a folder without notes, beside folders that are no books.
fn two_repositories() -> Folder {
    let folder = Folder::new(
        r"
        -- A-Notes/README.md
        # 甲
        一段中文。
        -- group/B/README.md
        # 乙
        一段中文。
        -- code/main.rs
        fn main() {}
        -- drafts/x.md
        # X
        text
    ",
    );
    let all = [("A-Notes", "git@github.com:me/A-Notes.git"), ("group/B", ""), ("code", "")];
    repositories(&folder, &all);
    folder
}

#[test]
fn the_books_are_the_repositories_with_notes() {
    let folder = two_repositories();
    let done = library(&folder, &[]);
    assert_eq!(done.code, 0, "{}", done.printed);
    assert!(
        done.printed.contains("found 2 notes in 2 books: A-Notes, group/B\n"),
        "{}",
        done.printed
    );
    assert!(done.printed.contains("wrote notes.yaml\nwrote .gitignore\n"), "{}", done.printed);
    assert_eq!(books(&folder), "  - A-Notes  # https://github.com/me/A-Notes\n  - group/B");
    let settings = read(&folder, "notes.yaml");
    assert!(has_line(&settings, "title: notes") && has_line(&settings, "language: zh-CN"));
    assert!(settings.starts_with("# 书库的设置"), "{settings}");
    // Git does not take the other repositories into that of the library.
    assert_eq!(read(&folder, ".gitignore"), "/site/\n/A-Notes/\n/group/B/\n");
    builds(&folder, &["A-Notes/index.html", "B/index.html"]);
    // Again: all is there.
    let before = folder.read_all();
    let again = library(&folder, &[]);
    assert!(again.code == 0 && !again.printed.contains("wrote"), "{}", again.printed);
    assert!(again.printed.contains("notes.yaml: it lists the books already"), "{}", again.printed);
    assert_same_files(&folder.read_all(), &before, &again.printed);
}

#[test]
fn without_repositories_the_books_are_the_folders_with_notes() {
    let folder = Folder::new(
        r"
        -- One/a.md
        # A
        Some text.
        -- group/Two/deep/b.md
        # B
        Some text.
        -- group/notes.txt
        x
        -- project/book.toml
        [book]
        -- project/src/SUMMARY.md
        # Summary
        - [C](c.md)
        -- project/src/c.md
        # C
        Some text.
        -- whole/README.md
        # Whole
        Some text.
        -- whole/part/d.md
        # D
        Some text.
        -- empty/x.txt
        x
        -- .hidden/e.md
        # E
        -- node_modules/f/f.md
        # F
        -- site/g.md
        # G
        -- public/.notes-manifest
        notes-manifest 1 0
        -- public/h.md
        # H
        -- cache/CACHEDIR.TAG
        Signature: 8a477f597d28d172789f06886806bc55
        -- cache/i.md
        # I
    ",
    );
    fs::remove_dir_all(folder.path().join("site")).unwrap();
    folder.write("site/g.md", b"# G\n");
    let done = library(&folder, &[]);
    assert_eq!(done.code, 0, "{}", done.printed);
    assert_eq!(books(&folder), "  - group/Two\n  - One\n  - project\n  - whole");
    assert_eq!(read(&folder, ".gitignore"), "/site/\n");
    let settings = read(&folder, "notes.yaml");
    assert!(has_line(&settings, "language: en"), "{settings}");
    assert!(settings.starts_with("# Settings of a library"), "{settings}");
    fs::remove_dir_all(folder.path().join("site")).unwrap();
    fs::remove_dir_all(folder.path().join("public")).unwrap();
    builds(&folder, &["Two/deep/b.html", "One/a.html", "project/c.html", "whole/part/d.html"]);
}

#[test]
fn each_book_has_a_place_of_its_own() {
    let folder = Folder::new(
        r"
        -- db/a.md
        # A
        Some text.
        -- one/DB/b.md
        # B
        Some text.
        -- two/db/c.md
        # C
        Some text.
        -- two-db/d.md
        # D
        Some text.
        -- print/e.md
        # E
        Some text.
        -- 2024/f.md
        # F
        Some text.
        -- 'a: #b, c/g.md
        # G
        Some text.
        -- pictures/x.txt
        x
        -- three/pictures/h.md
        # H
        Some text.
    ",
    );
    let done = library(&folder, &[]);
    assert_eq!(done.code, 0, "{}", done.printed);
    let listed = books(&folder);
    for entry in [
        "  - db\n",
        "  - path: one/DB\n    at: one-DB",
        "  - path: two/db\n    at: two-db-2",
        "  - two-db",
        "  - path: print\n    at: print-notes",
        "  - '2024'",
        "  - '''a: #b, c'",
        "  - path: three/pictures\n    at: three-pictures",
    ] {
        assert!(listed.contains(entry), "{entry}:\n{listed}");
    }
    builds(&folder, &["one-DB/b.html", "two-db-2/c.html", "two-db/d.html", "2024/f.html"]);
}

#[test]
fn books_in_several_languages_leave_that_of_the_library_open() {
    let folder = Folder::new("-- a/a.md\n# A\nSome text.\n-- b/b.md\n# 乙\n一段中文。\n");
    library(&folder, &[]);
    let settings = read(&folder, "notes.yaml");
    assert!(has_line(&settings, "# language: en"), "{settings}");
    builds(&folder, &["a/a.html", "b/b.html"]);
}

#[test]
fn a_mistake_in_a_book_does_not_stop_the_others() {
    let folder = Folder::new(
        "-- a/a.md\n# A\nSome text.\n-- b/b.md\n# B\nSome text.\n-- b/notes.yaml\ntitel: x\n",
    );
    let done = library(&folder, &[]);
    assert_eq!(done.code, 0, "{}", done.printed);
    assert_eq!(books(&folder), "  - a\n  - b");
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_books_once() {
    let folder = Folder::new("-- a/a.md\n# A\nSome text.\n-- ../far/b.md\n# B\nSome text.\n");
    for (target, name) in [("a", "same"), (".", "round"), ("../far", "far")] {
        std::os::unix::fs::symlink(folder.path().join(target), folder.path().join(name)).unwrap();
    }
    library(&folder, &[]);
    assert_eq!(books(&folder), "  - a\n  - far");
    let built = folder.build(&[]);
    assert!(built.code == 0 && built.file("far/b.html").contains("Some text"), "{}", built.printed);
}

#[test]
fn settings_that_are_there_are_kept() {
    let folder = Folder::new(
        r"
        -- notes.yaml
        title: Mine
        -- .gitignore
        target/
        -- a/a.md
        # A
        Some text.
        -- b/print/b.md
        # B
        Some text.
    ",
    );
    let before = folder.read_all();
    let done = library(&folder, &[]);
    assert_eq!(done.code, 0, "{}", done.printed);
    let line = r#"books: ["a", {path: "b/print", at: "b-print"}]"#;
    assert!(done.printed.contains(&format!("notes.yaml: add to it: {line}\n")), "{}", done.printed);
    assert!(done.printed.contains(".gitignore: add the line /site/ to it"), "{}", done.printed);
    assert_same_files(&folder.read_all(), &before, &done.printed);
    folder.write("notes.yaml", format!("title: Mine\n{line}\n").as_bytes());
    builds(&folder, &["a/a.html", "b-print/b.html"]);
}

#[test]
fn without_books_nothing_is_written() {
    for (files, arguments, code, expected) in [
        ("-- a.md\n# A\n", &["--library"][..], 1, "contains no folders with notes"),
        ("-- x/a.txt\nx\n", &["--library"], 1, "--book https://github.com/me/My-Notes"),
        ("-- notes.yaml\ntitel: x\n-- x/a.md\n# A\n", &["--library"], 1, "did you mean"),
        ("-- x/a.md\n# A\n", &["--book", "https://github.com/me/A"], 2, "--library"),
        ("-- x/a.md\n# A\n", &["--library", "--book", "me/A"], 2, "https://"),
        (
            "-- x/a.md\n# A\n",
            &["--library", "--book", "git@github.com:me/A.git"],
            2,
            "https://github.com/me/A.git",
        ),
        (
            "-- x/a.md\n# A\n",
            &["--library", "--book", "https://github.com/me"],
            2,
            "such as https://github.com/me/My-Notes",
        ),
        (
            "-- x/a.md\n# A\n",
            &["--library", "--book", "https://github.com/me/A/tree/main"],
            2,
            "such as https://github.com/me/My-Notes",
        ),
        (
            "-- x/a.md\n# A\n",
            &["--library", "--book", "https://gitlab.com/me/%2E%2E"],
            2,
            "such as https://github.com/me/My-Notes",
        ),
    ] {
        let folder = Folder::new(files);
        let before = folder.read_all();
        let done = init(&folder, &folder.path(), arguments);
        assert_eq!(done.code, code, "{arguments:?}: {}", done.printed);
        assert!(done.printed.contains(expected), "{arguments:?}: {}", done.printed);
        assert_same_files(&folder.read_all(), &before, files);
    }
}

#[test]
fn books_are_given_by_the_addresses_of_their_repositories() {
    let folder = Folder::new("");
    let new = folder.path().join("new");
    let addresses = [
        "https://github.com/me/A-Notes.git",
        "https://github.com/me/a-notes/",
        "https://github.com/you/A-Notes",
        "https://gitlab.com/group/in/site",
        "https://gitee.com/me/print",
        "https://github.com/me/.github",
    ];
    let mut arguments = vec!["--library", "--language", "zh"];
    arguments.extend(addresses.iter().flat_map(|address| ["--book", address]));
    let done = init(&folder, &new, &arguments);
    assert_eq!(done.code, 0, "{}", done.printed);
    let settings = read(&folder, "new/notes.yaml");
    let expected = "\
books:
  - path: A-Notes
    repository: https://github.com/me/A-Notes
  - path: you-A-Notes
    repository: https://github.com/you/A-Notes
  - path: in-site
    repository: https://gitlab.com/group/in/site
  - path: print
    at: print-notes
    repository: https://gitee.com/me/print
  - path: me-.github
    repository: https://github.com/me/.github

";
    assert!(settings.contains(expected), "{settings}");
    assert!(
        settings.starts_with("# 书库的设置") && has_line(&settings, "title: new"),
        "{settings}"
    );
    assert!(done.printed.contains("books A-Notes, you-A-Notes,"), "{}", done.printed);
    for (address, path) in [("you/A-Notes", "you-A-Notes"), ("me/A-Notes", "A-Notes")] {
        let path = new.join(path);
        let command = format!("git clone https://github.com/{address} {}\n", path.display());
        assert!(done.printed.contains(&command), "{command}{}", done.printed);
    }
    // Cloned, they are the books.
    for path in ["A-Notes", "you-A-Notes", "in-site", "print", "me-.github"] {
        folder.write(&format!("new/{path}/a.md"), "# 甲\n一段中文。\n".as_bytes());
    }
    let again = init(&folder, &new, &["--library", "--book", "https://github.com/me/More"]);
    assert!(!again.printed.contains("git clone"), "{}", again.printed);
    let advice = r#"add to its books: {path: "More", repository: "https://github.com/me/More"}"#;
    assert!(again.printed.contains(advice), "{}", again.printed);
    let mut command = program();
    let built = folder.ran(command.arg("build").arg(&new).output().unwrap());
    assert_eq!(built.code, 0, "{}", built.printed);
    for place in ["A-Notes", "you-A-Notes", "in-site", "print-notes", "me-.github"] {
        assert!(new.join("site").join(place).join("a.html").exists(), "{place}");
    }
}

/// The steps of the workflow that check something out, from the repository on.
fn checkouts(workflow: &str) -> Vec<String> {
    let steps = workflow.split("      - ").filter(|step| step.contains("actions/checkout@"));
    steps.map(str::to_owned).collect()
}

#[test]
fn the_workflow_checks_the_books_out() {
    let folder = two_repositories();
    folder.write("A-Notes/.gitattributes", b"*.png filter=lfs\n");
    repositories(&folder, &[("", "https://github.com/me/library")]);
    git(
        &folder.path().join("group/B"),
        "x",
        DAY,
        &["remote", "add", "origin", "https://github.com/you/B.git"],
    );
    let done = init(&folder, &folder.path(), &ON_PAGES);
    assert_eq!(done.code, 0, "{}", done.printed);
    assert!(!done.printed.contains("cannot check it out"), "{}", done.printed);
    let steps = checkouts(&read(&folder, WORKFLOW));
    let pin = steps[0].lines().next().unwrap();
    let step = |repository: &str, path: &str, lfs: &str| {
        format!(
            "{pin}
        with:
          repository: {repository}
          path: {path}
          fetch-depth: 0
          persist-credentials: false
{lfs}"
        )
    };
    let expected =
        [step("me/A-Notes", "A-Notes", "          lfs: true\n"), step("you/B", "group/B", "")];
    assert_eq!(steps[1..], expected, "{steps:?}");
    assert!(!steps[0].contains("lfs"), "{steps:?}");
    assert!(has_line(&read(&folder, "notes.yaml"), "# base_url: https://me.github.io/library/"));
    // The one that is there is kept.
    let again = init(&folder, &folder.path(), &ON_PAGES);
    let advice = "notes.yml: it is left as it is; make sure that it checks out the books";
    assert!(again.printed.contains(advice), "{}", again.printed);
}

#[test]
fn submodules_are_checked_out_with_the_library() {
    let folder = two_repositories();
    folder.write(".gitmodules", b"[submodule \"A\"]\n\tpath = A-Notes\n\turl = ../A-Notes\n");
    folder.write("A-Notes/.gitattributes", b"*.png filter=lfs\n");
    repositories(&folder, &[("", "https://github.com/me/library")]);
    let done = init(&folder, &folder.path(), &ON_PAGES);
    let steps = checkouts(&read(&folder, WORKFLOW));
    assert_eq!(steps.len(), 1, "{steps:?}");
    assert!(has_line(&steps[0], "          submodules: recursive"), "{steps:?}");
    assert!(has_line(&steps[0], "          lfs: true"), "{steps:?}");
    // The other one has no origin.
    let note = "note  group/B: the workflow cannot check it out: its repository is not on GitHub";
    assert!(done.printed.contains(note), "{}", done.printed);
    assert!(!done.printed.contains("note  A-Notes"), "{}", done.printed);
    assert_eq!(read(&folder, ".gitignore"), "/site/\n/group/B/\n");
}

#[test]
fn books_of_settings_that_are_there_are_checked_out_too() {
    let folder = Folder::new(
        r"
        -- library/notes.yaml
        books:
          - ../Beside
          - ../../Far
          - {path: New, repository: https://github.com/me/New}
          - {path: Clone/docs, at: clone}
          - own
        -- library/own/a.md
        # A
        -- library/Clone/docs/b.md
        # B
        -- Beside/c.md
        # C
        -- ../Far/d.md
        # D
    ",
    );
    repositories(
        &folder,
        &[
            ("", "https://github.com/me/all"),
            ("Beside", "https://github.com/me/Beside"),
            ("library/Clone", "https://github.com/me/Clone"),
        ],
    );
    let arguments = ["--github-pages", "--action", "example/notes@v1"];
    let done = init(&folder, &folder.path().join("library"), &arguments);
    assert_eq!(done.code, 0, "{}", done.printed);
    let workflow = read(&folder, WORKFLOW);
    for (repository, path) in
        [("Beside", "Beside"), ("New", "library/New"), ("Clone", "library/Clone")]
    {
        let lines = format!("          repository: me/{repository}\n          path: {path}\n");
        assert!(workflow.contains(&lines), "{lines}{workflow}");
    }
    assert_eq!(checkouts(&workflow).len(), 4, "{workflow}");
    let note = "note  ../../Far: the workflow cannot check it out: its folder is outside the repository of the library";
    assert!(done.printed.contains(note), "{}", done.printed);
    assert_eq!(done.printed.matches("note  ").count(), 1, "{}", done.printed);
    assert_eq!(read(&folder, "library/.gitignore"), "/site/\n/New/\n/Clone/\n");
}
