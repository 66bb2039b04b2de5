//! The site of the project's own notes, seen from outside as a reader's browser sees it. `NOTES_AUDIT` names further
//! folders of notes, separated by colons.

#[path = "audit/page.rs"]
mod page;
#[path = "audit/site.rs"]
mod site;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use site::{Broken, Finding, audit, resolve};

/// Builds the site of a folder, whose notes are in `notes`, and audits it; gives the first findings.
fn build_and_audit(folder: &Path, notes: &Path, arguments: &[&str]) -> Vec<Finding> {
    let output = tempfile::tempdir().expect("a folder");
    let site = output.path().join("site");
    let mut command = Command::new(env!("CARGO_BIN_EXE_notes"));
    command.arg("build").arg(folder).arg("-o").arg(&site).args(arguments);
    let built = command.output().expect("the program runs");
    let printed = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{}: {printed}", folder.display());
    audit(notes, &site).into_iter().take(10).collect()
}

#[test]
fn the_projects_own_site_keeps_its_promises() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let content = root.join("content");
    let pages = fs::read_dir(&content).expect("content/").count();
    assert!(pages > 5, "content/ holds no notes");
    assert_eq!(build_and_audit(root, &content, &["--strict"]), []);
    assert_eq!(build_and_audit(&content, &content, &[]), []);
}

#[test]
fn other_folders_keep_the_promises() {
    let folders = std::env::var("NOTES_AUDIT").unwrap_or_default();
    for folder in folders.split(':').filter(|folder| !folder.is_empty()).map(PathBuf::from) {
        assert_eq!(build_and_audit(&folder, &folder, &[]), [], "{}", folder.display());
    }
}

/// A good page with `head` before the end of its head and `text` in its text.
fn page(head: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>x</title>{head}</head><body><nav></nav><main><h1>x</h1>{text}</main></body></html>"
    )
}

/// What is broken in a site of these files, built of one note `a.md`.
fn broken(files: &[(&str, &str)]) -> BTreeSet<Broken> {
    let folder = tempfile::tempdir().expect("a folder");
    let [notes, site] = ["notes", "site"].map(|name| folder.path().join(name));
    let write = |path: PathBuf, text: &str| {
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write(notes.join("a.md"), "# a");
    for (path, text) in files {
        write(site.join(path), text);
    }
    audit(&notes, &site).into_iter().map(|(broken, _)| broken).collect()
}

#[test]
fn the_audit_finds_what_is_broken() {
    let home = page("", "<a rel=\"next\" href=\"a.html\">a</a>");
    let next = "<a rel=\"prev\" href=\"index.html\">x</a>";
    let with = |head: &str, text: &str| {
        broken(&[("index.html", &home), ("a.html", &page(head, &format!("{next}{text}")))])
    };
    assert_eq!(with("", ""), BTreeSet::new());
    for (head, text, expected) in [
        ("", "<a href=\"none.html\">", Broken::DeadLink),
        ("", "<a href=\"#none\">", Broken::DeadAnchor),
        ("", "<img alt=\"\" src=\"none.png\">", Broken::MissingAsset),
        ("", "<img src=\"https://x.org/a.png\">", Broken::ImageWithoutAlt),
        ("", "<h1>y</h1>", Broken::Frame),
        ("", "<p id=\"x\"><p id=\"x\">", Broken::Ids),
        ("", "<p id=\"\">", Broken::Ids),
        ("", "<script>x()</script>", Broken::InlineScript),
        ("", "<p onclick=\"x()\">", Broken::InlineScript),
        ("", "\u{8}", Broken::ControlCharacter),
        ("<link rel=\"stylesheet\" href=\"https://x.org/a.css\">", "", Broken::ForeignAsset),
        ("<link rel=\"stylesheet\" href=\"none.css\">", "", Broken::MissingAsset),
    ] {
        assert_eq!(with(head, text), BTreeSet::from([expected]), "{head}{text}");
    }
    let lost = page("", "");
    for (files, expected) in [
        (vec![("index.html", home.as_str())], Broken::NoteWithoutPage),
        (vec![("index.html", &home), ("a.html", &page("", next)), ("b.html", &lost)], Broken::Unreachable),
        (vec![("index.html", &home), ("a.html", &lost)], Broken::ReadingOrder),
    ] {
        assert!(broken(&files).contains(&expected), "{expected:?}");
    }
    let long = format!("{}.css", "x".repeat(251));
    assert!(!broken(&[(&long, "")]).contains(&Broken::LongName));
}

#[test]
fn addresses_lead_where_a_browser_goes() {
    for (page, href, expected) in [
        ("a/b.html", "c.html", Some(("a/c.html", ""))),
        ("a/b.html", "../c.html#x%20y", Some(("c.html", "x y"))),
        ("a/b.html", "#x", Some(("a/b.html", "x"))),
        ("a/b.html", "./", Some(("a/index.html", ""))),
        ("a/b.html", "..", Some(("index.html", ""))),
        ("a/b.html", "%E4%B8%80/", Some(("a/一/index.html", ""))),
        ("a/b.html", "/c.html", Some(("c.html", ""))),
        ("a/b.html", "https://x.org/", None),
        ("a/b.html", "mailto:a@x.org", None),
        ("a/b.html", "//x.org/", None),
    ] {
        let found = resolve(page, href);
        let found = found.as_ref().map(|(path, anchor)| (path.as_str(), anchor.as_str()));
        assert_eq!(found, expected, "{href} from {page}");
    }
}
