//! Calls of git: the answer is the same with any configuration, nothing that a repository names
//! runs, and what git does not answer is told and forgotten.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::comparison::assert_same_files;
use crate::fixture::{Built, Folder, program};
use crate::history::{facts, repository};
use crate::repository::{commit, git};

/// Configuration that changes what git prints, or makes it run something.
const HOSTILE: &str = "\
[core]
    abbrev = 4
    fsmonitor = touch PWNED
    pager = touch PWNED
    quotePath = true
[color]
    ui = always
[diff]
    external = touch PWNED
    ignoreSubmodules = all
    mnemonicPrefix = true
    orderFile = NOWHERE
    relative = true
    renameLimit = 1
    renames = false
[format]
    pretty = oneline
[gpg]
    program = touch PWNED
[i18n]
    logOutputEncoding = GBK
[log]
    date = relative
    decorate = full
    diffMerges = separate
    follow = true
    mailmap = false
    showRoot = false
    showSignature = true
[pager]
    log = touch PWNED
";

/// Builds a folder in an environment.
fn build_with(
    folder: &Folder,
    at: &Path,
    environment: &[(&str, &str)],
    arguments: &[&str],
) -> Built {
    let mut command = program();
    command.arg("build").arg(at).args(arguments).envs(environment.iter().copied()).current_dir(at);
    folder.ran(command.output().unwrap()).at(at.join("site"))
}

#[test]
fn git_settings_do_not_change_the_history() {
    let folder = repository();
    for settings in ["notes.yaml", "一 部/notes.yaml"] {
        folder.write(settings, b"redirects: git\nbase_url: https://example.org/\n");
    }
    // Two renames with changes: more than a limit of one.
    let long = |number: usize| (0..30).map(|line| format!("{number} {line}\n")).collect::<String>();
    let day = "2024-05-01T00:00:00Z";
    for number in 0..3 {
        folder.write(&format!("一 部/{number}.md"), long(number).as_bytes());
    }
    commit(&folder, "甲君", day);
    for number in 0..3 {
        let (old, new) = (format!("一 部/{number}.md"), format!("一 部/{number} 新.md"));
        git(&folder.path(), "甲君", day, &["mv", &old, &new]);
        folder.write(&new, (long(number) + "more\n").as_bytes());
    }
    commit(&folder, "乙君", day);
    let configuration = folder.path().with_file_name("configuration");
    fs::write(&configuration, HOSTILE).unwrap();
    let hostile = [("GIT_CONFIG_GLOBAL", configuration.to_str().unwrap())];
    for (at, below) in [(folder.path(), "一 部/"), (folder.path().join("一 部"), "")] {
        let plain =
            build_with(&folder, &at, &[("GIT_CONFIG_GLOBAL", "/dev/null")], &["--no-cache"]);
        let page = plain.file(&format!("{below}2 新.html"));
        assert!(page.contains("甲君") && page.contains("乙君"), "{page}");
        assert!(plain.site.join(format!("{below}2.html")).exists());
        let plain = plain.files();
        let built = build_with(&folder, &at, &hostile, &["--no-cache"]);
        assert_same_files(&built.files(), &plain, &built.printed);
        // A hook's environment tells of another repository, perhaps.
        let elsewhere = [
            ("GIT_DIR", "/nowhere"),
            ("GIT_INDEX_FILE", "/nowhere"),
            ("GIT_LITERAL_PATHSPECS", "1"),
        ];
        let built = build_with(&folder, &at, &elsewhere, &["--no-cache"]);
        assert_same_files(&built.files(), &plain, &built.printed);
        assert!(!at.join("PWNED").exists());
    }
}

#[test]
fn nothing_that_a_repository_names_runs_and_nothing_is_fetched() {
    let folder = Folder::new(
        r"
        -- .gitignore
        site
        .notes
        -- notes.yaml
        redirects: git
    ",
    );
    let path = folder.path();
    let text =
        |more: &str| (0..30).map(|line| format!("第 {line} 行\n")).collect::<String>() + more;
    folder.write("a.md", text("一").as_bytes());
    folder.write("c.md", text("三").as_bytes());
    git(&path, "甲", "2024-01-01T00:00:00Z", &["init", "-q"]);
    git(&path, "甲", "2024-01-01T00:00:00Z", &["config", "uploadpack.allowFilter", "true"]);
    commit(&folder, "甲", "2024-01-01T00:00:00Z");
    git(&path, "甲", "2024-01-01T00:00:00Z", &["mv", "c.md", "d.md"]);
    git(&path, "甲", "2024-01-01T00:00:00Z", &["mv", "a.md", "b.md"]);
    folder.write("b.md", text("二").as_bytes());
    commit(&folder, "甲", "2024-01-02T00:00:00Z");
    let whole = folder.build(&[]);
    assert!(whole.site.join("a.html").exists());
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", path.display());
    let run = |at: &Path, arguments: &[&str]| git(at, "甲", "2024-01-03T00:00:00Z", arguments);
    run(clone.path(), &["clone", "-q", "--filter=blob:none", &url, "notes"]);
    let clone = clone.path().join("notes");
    let trap = clone.join("PWNED");
    let touch = format!("touch '{}'; false #", trap.display());
    for (key, value) in [
        ("remote.origin.url", "ssh://h/x"),
        ("core.sshCommand", &touch),
        ("core.fsmonitor", &touch),
        ("core.pager", &touch),
        ("diff.external", &touch),
        ("gpg.program", &touch),
        ("log.showSignature", "true"),
    ] {
        run(&clone, &["config", key, value]);
    }
    let built = build_with(&folder, &clone, &[], &["--verbose"]);
    assert!(!trap.exists());
    assert!(!built.printed.contains("history"), "{}", built.printed);
    // Dates are known, and of renames those that need no text.
    for (page, day) in [("b.html", "2024-01-02"), ("d.html", "2024-01-01")] {
        assert_eq!(facts(&built, page).0.as_deref(), Some(day), "{page}: {}", built.printed);
    }
    assert!(built.site.join("c.html").exists() && !built.site.join("a.html").exists());
    // The trap works.
    run(&clone, &["config", "core.fsmonitor", "false"]);
    let mut command = Command::new("git");
    command.arg("-C").arg(&clone).args(["log", "-M", "--name-status"]).output().unwrap();
    assert!(trap.exists());
}

#[test]
fn failing_git_calls_are_reported_and_not_cached() {
    let folder = repository();
    let (path, nowhere) = (folder.path(), folder.path().with_file_name("nowhere"));
    let object = git(&path, "x", "2024-01-01T00:00:00Z", &["rev-parse", "main~1"]);
    let object = path.join(".git/objects").join(&object[..2]).join(object[2..].trim());
    let away = path.with_file_name("away");
    fs::rename(&object, &away).unwrap();
    let built = folder.build(&["--verbose"]);
    assert_eq!(facts(&built, "丙.html").0, None);
    assert!(built.printed.contains("hint[unknown-history]"), "{}", built.printed);
    assert_eq!(built.code, 0);
    fs::rename(&away, &object).unwrap();
    let built = folder.build(&["--verbose"]);
    assert_eq!(facts(&built, "丙.html").0.as_deref(), Some("2024-02-03"));
    assert!(!built.printed.contains("unknown-history"), "{}", built.printed);
    let no_git = ("PATH", nowhere.to_str().unwrap());
    for (environment, why) in [
        (("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"), "detected dubious ownership"),
        (no_git, "git is not installed"),
    ] {
        let built = build_with(&folder, &path, &[environment], &["--verbose"]);
        assert!(built.printed.contains(why), "{}", built.printed);
        assert_eq!(facts(&built, "丙.html").0, None);
    }
    assert_eq!(facts(&folder.build(&[]), "丙.html").0.as_deref(), Some("2024-02-03"));
    // Without a repository, or without a commit in it, there is nothing to report.
    let alone = Folder::new("-- a.md\n# 甲\n文\n");
    for environment in [&[][..], &[no_git]] {
        let built = build_with(&alone, &alone.path(), environment, &["--verbose"]);
        assert!(!built.printed.contains("history"), "{}", built.printed);
    }
    git(&alone.path(), "x", "2024-01-01T00:00:00Z", &["init", "-q"]);
    let built = alone.build(&["--verbose"]);
    assert!(!built.printed.contains("history"), "{}", built.printed);
}

#[test]
fn names_are_those_that_a_mailmap_gives_now() {
    let folder = repository();
    let path = folder.path();
    let authors = || facts(&folder.build(&[]), "一 部/甲.html").1;
    assert_eq!(authors(), "乙君、甲君");
    folder.write(".mailmap", "乙 <x@example.org> 乙君 <x@example.org>\n".as_bytes());
    assert_eq!(authors(), "乙、甲君");
    let names = path.with_file_name("names");
    fs::write(&names, "甲 <x@example.org> 甲君 <x@example.org>\n").unwrap();
    git(&path, "x", "2024-01-01T00:00:00Z", &["config", "mailmap.file", names.to_str().unwrap()]);
    assert_eq!(authors(), "乙、甲");
    fs::write(&names, "某甲 <x@example.org> 甲君 <x@example.org>\n").unwrap();
    assert_eq!(authors(), "乙、某甲");
    let blob =
        git(&path, "x", "2024-01-01T00:00:00Z", &["hash-object", "-w", names.to_str().unwrap()]);
    git(&path, "x", "2024-01-01T00:00:00Z", &["config", "--unset", "mailmap.file"]);
    assert_eq!(authors(), "乙、甲君");
    git(&path, "x", "2024-01-01T00:00:00Z", &["update-ref", "refs/names", blob.trim()]);
    git(&path, "x", "2024-01-01T00:00:00Z", &["config", "mailmap.blob", "refs/names"]);
    assert_eq!(authors(), "乙、某甲");
    git(&path, "x", "2024-01-01T00:00:00Z", &["update-ref", "-d", "refs/names"]);
    assert_eq!(authors(), "乙、甲君");
}
