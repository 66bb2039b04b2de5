//! The project's own notes built, and their site looked at from outside: knowing the notes and what
//! the output promises, and nothing of how it is made. `NOTES_AUDIT` names further folders of notes
//! to build and audit, separated by colons.

mod address;
mod broken;
mod check;
mod finding;
mod page;
mod site;

use std::env;
use std::path::Path;
use std::process::Command;

/// Builds a folder and audits what came out against the notes in it. Nothing is left out.
fn audit(folder: &Path, notes: &Path) {
    let output = tempfile::tempdir().expect("a temporary folder");
    let site = output.path().join("site");
    let mut command = Command::new(env!("CARGO_BIN_EXE_notes"));
    command.env("LC_ALL", "C");
    let built =
        command.arg("build").arg(folder).arg("-o").arg(&site).output().expect("the program runs");
    let printed = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{} is not built:\n{printed}", folder.display());
    let notes_with_pages = site::notes(notes, &site);
    assert!(!notes_with_pages.is_empty(), "{} holds no notes", notes.display());
    let findings = check::check(&notes_with_pages, &site::Site::read(&site));
    assert!(
        findings.is_empty(),
        "{} broken in the site of {}: {findings:#?}",
        findings.len(),
        folder.display()
    );
}

#[test]
fn the_projects_own_notes() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let content = project.join("content");
    let has_notes = content.is_dir() && !site::notes(&content, &content.join("site")).is_empty();
    assert!(has_notes, "the project's folder content/ is missing or holds no notes");
    // As it is published, with the project's settings, and as a folder of notes like any other.
    audit(project, &content);
    audit(&content, &content);
}

#[test]
fn the_notes_of_others() {
    let folders = env::var_os("NOTES_AUDIT").unwrap_or_default();
    for folder in env::split_paths(&folders).filter(|folder| !folder.as_os_str().is_empty()) {
        audit(&folder, &folder);
    }
}
