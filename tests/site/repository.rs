//! A folder of notes as a repository of git, with commits of anybody at any time.

use std::path::Path;
use std::process::Command;

use crate::fixture::Folder;

/// Runs git in a folder as somebody, at some time.
pub fn git(folder: &Path, who: &str, when: &str, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(["-c", "core.quotePath=off", "-c", "init.defaultBranch=main"])
        .args(arguments);
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{role}_NAME"), who)
            .env(format!("GIT_{role}_EMAIL"), "x@example.org");
        command.env(format!("GIT_{role}_DATE"), when);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Commits everything in a folder.
pub fn commit(folder: &Folder, who: &str, when: &str) {
    git(&folder.path(), who, when, &["add", "-A"]);
    git(&folder.path(), who, when, &["commit", "-qm", "x"]);
}
