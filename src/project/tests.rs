//! A folder on disk as it is opened, and opened again after changes.

use std::fs;
use std::time::Duration;

use super::*;
use crate::source::Entry;

/// A folder with these files: (path, text).
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Later than every file of a test, so that a file is known by its time of change.
fn later() -> SystemTime {
    SystemTime::now() + Duration::from_mins(1)
}

fn options() -> ProjectOptions {
    ProjectOptions { cache: CacheUse::Off, ..ProjectOptions::new(later()) }
}

fn notes(project: &Project) -> Vec<String> {
    project.sources.tree.notes().map(|(path, _)| path.to_string()).collect()
}

fn open(folder: &Path, options: &ProjectOptions) -> Result<Project, Vec<Diagnostic>> {
    Ok(Project::open_with(folder, options, |_, _| ())?.0)
}

#[test]
fn a_folder_is_opened_with_its_settings() {
    let folder = folder(&[
        ("notes.yaml", "title: 书\nexclude: [b.md]\n"),
        ("content/a.md", "# 甲"),
        ("content/b.md", "# 乙"),
        ("c.md", "beside the notes"),
    ]);
    let project = open(folder.path(), &options()).unwrap();
    assert_eq!(project.sources.config.title.as_deref(), Some("书"));
    assert_eq!(notes(&project), ["a.md"]);
    assert_eq!(project.output, folder.path().join("site"));
    assert_eq!((project.notices().count(), project.rejected.len()), (0, 0));
}

#[test]
fn options_come_before_settings() {
    let folder = folder(&[("notes.yaml", "base_url: https://a.org/\n"), ("a.md", "# 甲")]);
    for (base_url, drafts, expected) in [
        (None, false, ("https://a.org/", false)),
        (Some("https://b.org/"), true, ("https://b.org/", true)),
    ] {
        let base_url = base_url.map(|url| config::base_url(url).unwrap());
        let options = ProjectOptions { base_url, drafts, ..options() };
        let config = open(folder.path(), &options).unwrap().sources.config;
        let found = config.base_url.as_ref().map(Url::as_str);
        assert_eq!((found, config.drafts), (Some(expected.0), expected.1));
    }
}

#[test]
fn options_hold_after_a_refresh() {
    let folder = folder(&[("notes.yaml", "base_url: https://a.org/\n"), ("a.md", "# 甲")]);
    let base_url = Some(config::base_url("https://b.org/").unwrap());
    let options = ProjectOptions { base_url, drafts: true, ..options() };
    let project = open(folder.path(), &options).unwrap();
    let config = project.refresh(FolderChanges::Anything, later()).unwrap().sources.config;
    assert_eq!(config.base_url.as_ref().map(Url::as_str), Some("https://b.org/"));
    assert!(config.drafts);
}

#[test]
fn mistakes_in_the_settings_are_errors() {
    for settings in ["title: [", "nothing: 1\n", "labels: {nothing: x}\n"] {
        let folder = folder(&[("notes.yaml", settings), ("a.md", "# 甲")]);
        let problems = open(folder.path(), &options()).err().unwrap();
        assert_eq!(problems[0].kind, Kind::Configuration, "{settings}: {problems:?}");
    }
}

#[test]
fn an_output_folder_of_others_is_refused_and_the_site_is_no_note() {
    let folder = folder(&[("a.md", "# 甲"), ("site/b.md", "# 乙"), ("out/c.txt", "")]);
    assert_eq!(notes(&open(folder.path(), &options()).unwrap()), ["a.md"]);
    for (output, force, is_refused) in [("out", false, true), ("out", true, false)] {
        let output = Some(OutputOptions { folder: Some(folder.path().join(output)), force });
        let opened = open(folder.path(), &ProjectOptions { output, ..options() });
        assert_eq!(opened.is_err(), is_refused);
    }
}

#[test]
fn a_refresh_keeps_all_that_no_change_concerns() {
    let folder = folder(&[("notes.yaml", "title: 书\n"), ("a.md", "# 甲"), ("b.md", "# 乙")]);
    let first = open(folder.path(), &options()).unwrap();
    let path = folder.path().join("c.md");
    for changed in [FolderChanges::Anything, FolderChanges::Paths(&BTreeSet::new())] {
        let second = first.refresh(changed, later()).unwrap();
        assert!(Arc::ptr_eq(&first.sources.config, &second.sources.config));
        assert!(Arc::ptr_eq(&first.repository, &second.repository));
    }
    let same = first.refresh(FolderChanges::Paths(&BTreeSet::new()), later()).unwrap();
    assert!(Arc::ptr_eq(&first.sources.tree, &same.sources.tree));
    assert!(Arc::ptr_eq(&first.sources.theme, &same.sources.theme));

    fs::write(&path, "# 丙").unwrap();
    let unseen = first.refresh(FolderChanges::Paths(&BTreeSet::new()), later()).unwrap();
    assert_eq!(notes(&unseen), ["a.md", "b.md"]);
    let seen = first.refresh(FolderChanges::Paths(&BTreeSet::from([path])), later()).unwrap();
    assert_eq!(notes(&seen), ["a.md", "b.md", "c.md"]);
    assert!(Arc::ptr_eq(&first.sources.theme, &seen.sources.theme));
}

#[test]
fn settings_that_move_the_notes_are_followed() {
    let folder = folder(&[("a.md", "# 甲"), ("docs/b.md", "# 乙")]);
    let first = open(folder.path(), &options()).unwrap();
    write(folder.path(), "notes.yaml", "content: docs\n");
    let settings = BTreeSet::from([folder.path().join("notes.yaml")]);
    let second = first.refresh(FolderChanges::Paths(&settings), later()).unwrap();
    assert_eq!(notes(&second), ["b.md"]);
    write(folder.path(), "notes.yaml", "content: [\n");
    assert!(second.refresh(FolderChanges::Paths(&settings), later()).is_err());
}

#[test]
fn templates_with_mistakes_are_not_used_after_the_first_time() {
    let folder = folder(&[("notes.yaml", "title: 书\n"), ("content/a.md", "# 甲")]);
    let first = open(folder.path(), &options()).unwrap();
    write(folder.path(), "templates/page.html", "{% if %}");
    let template = BTreeSet::from([folder.path().join("templates/page.html")]);
    let second = first.refresh(FolderChanges::Paths(&template), later()).unwrap();
    assert_eq!(second.rejected.len(), 1, "{:?}", second.rejected);
    // Reported as long as it is there, and no longer.
    let third = second.refresh(FolderChanges::Paths(&BTreeSet::new()), later()).unwrap();
    assert_eq!(third.rejected, second.rejected);
    write(folder.path(), "templates/page.html", "{{ page.title }}");
    let fourth = third.refresh(FolderChanges::Paths(&template), later()).unwrap();
    assert_eq!(fourth.rejected, []);
}

/// The files of a tree, those of folders left out.
fn files(project: &Project) -> Vec<String> {
    let entries = project.sources.tree.entries.iter();
    let files = entries.filter(|(_, entry)| matches!(entry, Entry::File { .. } | Entry::Note(_)));
    files.map(|(path, _)| path.to_string()).collect()
}

#[test]
fn public_files_stay_after_a_refresh_and_can_be_excluded() {
    let folder = folder(&[
        ("hugo.yaml", "title: 书\n"),
        ("notes.yaml", "exclude: [static/private]\n"),
        ("content/a.md", "# 甲"),
        ("static/i.png", "x"),
        ("static/private/s.png", "x"),
        ("static/readme.md", "# x"),
    ]);
    let first = open(folder.path(), &options()).unwrap();
    assert_eq!(files(&first), ["a.md", "public/i.png"]);
    let refreshed = |path: &str| {
        let changed = BTreeSet::from([folder.path().canonicalize().unwrap().join(path)]);
        files(&first.refresh(FolderChanges::Paths(&changed), later()).unwrap())
    };
    assert_eq!(refreshed("content"), ["a.md", "public/i.png"]);
    write(folder.path(), "static/j.png", "x");
    assert_eq!(refreshed("static/j.png"), ["a.md", "public/i.png", "public/j.png"]);
    // A folder of that name among the notes leaves it to them.
    write(folder.path(), "content/public/own.png", "x");
    let expected = ["a.md", "public/own.png", "static/i.png", "static/j.png"];
    assert_eq!(refreshed("content/public/own.png"), expected);
    write(folder.path(), "content/static/own.png", "x");
    let anew = open(folder.path(), &options()).unwrap();
    assert_eq!(files(&anew), ["a.md", "public/own.png", "static/own.png"]);
    assert!(anew.sources.tree.problems[0].message.to_string().contains("not read"));
}

#[cfg(unix)]
#[test]
fn links_lead_to_no_file_outside_the_project_or_excluded() {
    use std::os::unix::fs::symlink;
    let around = tempfile::tempdir().unwrap();
    let project = around.path().join("project");
    for (name, text) in [
        ("project/notes.yaml", "content: a/b\n"),
        ("project/x/n.md", "# 甲"),
        ("other/secret.md", "# 秘密"),
    ] {
        write(around.path(), name, text);
    }
    fs::create_dir(project.join("a")).unwrap();
    // Less deep than its name is.
    symlink("../x", project.join("a/b")).unwrap();
    symlink("../../other/secret.md", project.join("x/leak.md")).unwrap();
    assert_eq!(files(&open(&project, &options()).unwrap()), ["n.md"]);

    let hugo = folder(&[
        ("hugo.yaml", ""),
        ("notes.yaml", "exclude: [secret.png]\n"),
        ("content/a.md", "# 甲"),
        ("content/secret.png", "x"),
        ("static/i.png", "x"),
    ]);
    symlink("../content/secret.png", hugo.path().join("static/leak.png")).unwrap();
    assert_eq!(files(&open(hugo.path(), &options()).unwrap()), ["a.md", "public/i.png"]);
}
