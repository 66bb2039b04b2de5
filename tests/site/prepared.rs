//! `notes init`: what it finds, what it writes, and that it overwrites nothing.

use std::path::Path;

use crate::comparison::assert_same_files;
use crate::fixture::{Built, Folder, outdented, program};
use crate::repository::git;

/// Runs it for a folder, as somebody who reads English.
pub fn init(folder: &Folder, path: &Path, arguments: &[&str]) -> Built {
    let mut command = program();
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    folder.ran(command.arg("init").arg(path).args(arguments).output().unwrap())
}

fn check(folder: &Folder, path: &Path) -> Built {
    let mut command = program();
    folder.ran(command.args(["check", "--strict"]).arg(path).output().unwrap())
}

#[test]
fn an_empty_folder_gets_notes_that_have_no_fault() {
    for (language, title, note) in [
        ("zh", "title: 我的笔记\n", "1~系统/进程.md"),
        ("en", "title: My notes\n", "1~Systems/processes.md"),
    ] {
        let folder = Folder::new("");
        let new = folder.path().join("new one");
        let done = init(&folder, &new, &["--language", language]);
        assert_eq!(done.code, 0, "{}", done.printed);
        let settings = std::fs::read_to_string(new.join("notes.yaml")).unwrap();
        assert!(settings.contains(title), "{settings}");
        assert!(new.join(note).exists() && new.join(".gitignore").exists(), "{}", done.printed);
        let checked = check(&folder, &new);
        assert!(checked.code == 0 && checked.printed.contains("0 hints"), "{}", checked.printed);
        // Again: all is there.
        let before = folder.read_all();
        let again = init(&folder, &new, &["--language", language]);
        assert!(again.code == 0 && !again.printed.contains("wrote"), "{}", again.printed);
        assert_same_files(&folder.read_all(), &before, &again.printed);
    }
}

#[test]
fn init_finds_existing_settings_and_keeps_them() {
    let folder = Folder::new(
        r#"
        -- book.toml
        [book]
        title = "书: 名"
        [output]
        -- src/SUMMARY.md
        # 目录
        - [甲](a.md)
        -- src/a.md
        # 甲
        一段中文。
        -- .gitignore
        target
        -- CNAME
        notes.example.org
    "#,
    );
    let path = folder.path();
    git(&path, "x", "2024-01-01T00:00:00Z", &["init", "-q"]);
    git(&path, "x", "2024-01-01T00:00:00Z", &["checkout", "-qb", "写"]);
    git(
        &path,
        "x",
        "2024-01-01T00:00:00Z",
        &["remote", "add", "origin", "git@github.com:Some/notes.git"],
    );
    let before = folder.read_all();
    let done = init(&folder, &path, &["--github-pages", "--action", "example/notes@v1"]);
    assert_eq!(done.code, 0, "{}", done.printed);
    for told in [
        "found 1 note in Chinese",
        "navigation from src/SUMMARY.md",
        "settings in book.toml",
        "repository https://github.com/Some/notes",
        "wrote notes.yaml",
        "wrote .github/workflows/notes.yml",
        "kept  .gitignore: add the line /site/ to it",
    ] {
        assert!(done.printed.contains(told), "{told}: {}", done.printed);
    }
    let settings = std::fs::read_to_string(path.join("notes.yaml")).unwrap();
    for line in [
        "title: '书: 名'",
        "language: zh-CN",
        "repository: https://github.com/Some/notes",
        "branch: 写",
        "# base_url: https://notes.example.org/",
    ] {
        assert!(settings.lines().any(|other| other == line), "{line}: {settings}");
    }
    let workflow = std::fs::read_to_string(path.join(".github/workflows/notes.yml")).unwrap();
    assert!(
        workflow.contains("- uses: example/notes@v1\n") && workflow.contains("      - 写\n"),
        "{workflow}"
    );
    assert!(!workflow.contains("lfs") && !workflow.contains("submodules"), "{workflow}");
    // Existing files are unchanged, and the settings can be read.
    let after = folder.read_all();
    assert!(before.iter().all(|(file, bytes)| after.get(file) == Some(bytes)));
    let built = folder.build(&[]);
    assert!(built.code == 0 && built.file("index.html").contains("书: 名"), "{}", built.printed);
}

#[test]
fn a_repository_is_called_what_people_call_it_or_nothing() {
    for (url, expected) in [
        ("gh:o/n.git", "repository: https://github.com/o/n"),
        ("git@github.com-work:o/n.git", "repository: https://github.com/o/n"),
        ("https://git.example/?p=n.git", "# repository: https://github.com/owner/name"),
        ("https://git example/o/n", "# repository: https://github.com/owner/name"),
        ("server:o/n", "# repository: https://github.com/owner/name"),
    ] {
        let folder = Folder::new("-- a.md\n# A\ntext\n");
        let run = |arguments: &[&str]| git(&folder.path(), "x", "2024-01-01T00:00:00Z", arguments);
        run(&["init", "-q"]);
        run(&["config", "url.git@github.com:.insteadOf", "gh:"]);
        run(&["remote", "add", "origin", url]);
        init(&folder, &folder.path(), &[]);
        let settings = std::fs::read_to_string(folder.path().join("notes.yaml")).unwrap();
        assert!(settings.lines().any(|line| line == expected), "{url}: {settings}");
        assert_eq!(folder.build(&[]).code, 0, "{url}");
    }
}

#[test]
fn notes_deep_in_a_repository_are_published_from_its_top() {
    let folder = Folder::new(
        "-- deep/er/a.md\n# A\ntext\n-- .gitattributes\n*.png filter=lfs diff=lfs\n-- \
         .gitmodules\n[submodule \"x\"]\n\tpath = deep/er/x\n",
    );
    git(&folder.path(), "x", "2024-01-01T00:00:00Z", &["init", "-q"]);
    git(&folder.path(), "x", "2024-01-01T00:00:00Z", &["checkout", "-qb", "c++"]);
    git(
        &folder.path(),
        "x",
        "2024-01-01T00:00:00Z",
        &["remote", "add", "origin", "https://github.com/o/n.git"],
    );
    let done =
        init(&folder, &folder.path().join("deep/er"), &["--github-pages", "--action", "a/b@v1"]);
    assert_eq!(done.code, 0, "{}", done.printed);
    let workflow =
        std::fs::read_to_string(folder.path().join(".github/workflows/notes.yml")).unwrap();
    for line in [
        "      - c\\+\\+\n",
        "folder: deep/er\n",
        "path: deep/er/.notes\n",
        "path: deep/er/site\n",
        "lfs: true\n",
        "submodules: recursive\n",
    ] {
        assert!(workflow.contains(line), "{line}{workflow}");
    }
    let settings = std::fs::read_to_string(folder.path().join("deep/er/notes.yaml")).unwrap();
    for line in [
        "\nedit: https://github.com/o/n/edit/c%2B%2B/deep/er/{path}\n",
        "\nsource: https://github.com/o/n/blob/c%2B%2B/deep/er/{path}\n",
    ] {
        assert!(settings.contains(line), "{line}{settings}");
    }
}

#[test]
fn the_navigation_of_mkdocs_becomes_a_file() {
    let folder = Folder::new(
        r"
        -- mkdocs.yml
        site_name: Docs
        nav:
          - index.md
          - Guide:
            - Second: b c.md
            - First: a.md
        -- docs/index.md
        # Home
        text
        -- docs/a.md
        # A
        text
        -- docs/b c.md
        # B
        text
    ",
    );
    let done = init(&folder, &folder.path(), &[]);
    assert!(
        done.printed.contains("below docs") && done.printed.contains("wrote docs/SUMMARY.md"),
        "{}",
        done.printed
    );
    let built = folder.build(&[]);
    assert_eq!(built.chain(), ["index.html", "b c.html", "a.html"]);
    assert_eq!(built.contents(), ["Home", "Guide", "  Second", "  First"]);
}

#[test]
fn a_vault_of_obsidian_keeps_its_links() {
    let folder = Folder::new(
        r"
            -- .obsidian/app.json
            {}
            -- a.md
            # A
            [[b|to b]]
            -- b.md
            # B
            text
        ",
    );
    let done = init(&folder, &folder.path(), &[]);
    assert!(
        done.printed.contains("found 2 notes in English, an Obsidian vault,"),
        "{}",
        done.printed
    );
    let settings = std::fs::read_to_string(folder.path().join("notes.yaml")).unwrap();
    assert!(
        settings.contains("\nmarkdown:\n  wiki_links: true\n") && !settings.contains("\ncontent:"),
        "{settings}"
    );
    let built = folder.build(&[]);
    assert!(built.file("a.html").contains(">to b</a>"), "{}", built.file("a.html"));
    // Other notes have no such links.
    let folder = Folder::new("-- a.md\n# A\ntext\n");
    let done = init(&folder, &folder.path(), &[]);
    let settings = std::fs::read_to_string(folder.path().join("notes.yaml")).unwrap();
    assert!(!done.printed.contains("Obsidian") && !settings.contains("wiki_links"), "{settings}");
}

#[test]
fn notes_of_other_generators_projects_are_those_in_docs() {
    let notes = outdented(
        r"
        -- README.md
        # Readme
        text
        -- docs/index.md
        # Home
        text
    ",
    );
    for (mark, name) in [
        ("docs/.vuepress/config.js", Some("VuePress")),
        ("docs/.vitepress/config.mts", Some("VitePress")),
        ("docusaurus.config.ts", Some("Docusaurus")),
        ("docs/config.js", None),
    ] {
        let folder = Folder::new(&format!("{notes}-- {mark}\nexport default {{}}\n"));
        let done = init(&folder, &folder.path(), &[]);
        let settings = std::fs::read_to_string(folder.path().join("notes.yaml")).unwrap();
        let is_said = settings.lines().any(|line| line == "content: docs");
        let Some(name) = name else {
            assert!(!is_said && done.printed.contains("found 2 notes"), "{}", done.printed);
            continue;
        };
        let told = format!("found 1 note in English, a {name} project, below docs");
        assert!(is_said && done.printed.contains(&told), "{}{settings}", done.printed);
        assert!(folder.build(&[]).file("index.html").contains("Home</h1>"));
    }
    // Not without notes there, nor where it is said where they are.
    for (files, told) in [
        (
            r"
            -- docusaurus.config.js
            x
            -- docs/a.txt
            x
            -- a.md
            # A
            text
        ",
            "wrote notes.yaml",
        ),
        (
            r"
            -- docusaurus.config.js
            x
            -- docs/a.md
            # A
            text
            -- notes.yml
            title: X
        ",
            "kept  notes.yml",
        ),
        (
            r"
            -- docusaurus.config.js
            x
            -- docs/a.md
            # A
            -- b/b.md
            # B
            text
            -- .gitbook.yaml
            root: b
        ",
            "a Docusaurus project, below b,",
        ),
    ] {
        let folder = Folder::new(files);
        let done = init(&folder, &folder.path(), &[]);
        let settings =
            std::fs::read_to_string(folder.path().join("notes.yaml")).unwrap_or_default();
        assert!(
            done.printed.contains(told) && !settings.contains("content: docs"),
            "{}{settings}",
            done.printed
        );
        assert_eq!(folder.build(&[]).code, 0);
    }
}

#[test]
fn init_reports_the_language_and_quotes_paths() {
    let folder = Folder::new(
        r"
        -- mkdocs.yml
        theme:
          language: ja
        -- docs/a.md
        # A
        text
    ",
    );
    let path = folder.path().join("it's my site");
    std::fs::create_dir(&path).unwrap();
    for name in ["mkdocs.yml", "docs"] {
        std::fs::rename(folder.path().join(name), path.join(name)).unwrap();
    }
    let done = init(&folder, &path, &[]);
    assert!(done.printed.contains("found 1 note in ja,"), "{}", done.printed);
    if cfg!(unix) {
        assert!(done.printed.contains(r"it'\''s my site' --open"), "{}", done.printed);
    }
}

#[test]
fn init_refuses_before_writing_anything() {
    for (files, arguments, code, told) in [
        ("-- main.rs\nfn main() {}\n", &[][..], 1, "contains files, but no notes"),
        ("-- .gitbook.yaml\nroot: docs\n", &[], 1, "contains files, but no notes"),
        (
            r"
            -- notes.yaml
            titel: x
            -- a.md
            # A
        ",
            &[],
            1,
            "did you mean",
        ),
        ("-- a.md\n# A\n", &["--github-pages", "--action", "nothing"], 2, "owner/name@v1"),
        ("-- a.md\n# A\n", &["--action", "a/b@v1"], 2, "--github-pages"),
    ] {
        let folder = Folder::new(files);
        let before = folder.read_all();
        let done = init(&folder, &folder.path(), arguments);
        assert_eq!(done.code, code, "{files}: {}", done.printed);
        assert!(done.printed.contains(told), "{files}: {}", done.printed);
        assert_same_files(&folder.read_all(), &before, files);
    }
}
