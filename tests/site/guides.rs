//! The guides → whether they name all there is, and whether the project's own notes are without a
//! fault.

use std::fs;
use std::path::Path;

use crate::fixture::program;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

/// The keys of `notes.yaml`, as the program reads them.
fn keys() -> Vec<String> {
    let typed = text("src/config/typed.rs");
    let fields =
        typed.split("pub(super) struct Typed {").nth(1).unwrap().split('}').next().unwrap();
    let names =
        fields.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next());
    names.map(str::to_owned).collect()
}

#[test]
fn every_key_is_described_in_both_languages() {
    let pages = [
        ("设置", text("content/使用手册/设置.md")),
        ("Configuration", text("content/Guide/Configuration.md")),
    ];
    let keys = keys();
    assert!(keys.len() > 20 && keys.iter().any(|key| key == "base_url"), "{keys:?}");
    for (name, page) in &pages {
        // A row of a table that begins with it, alone or beside another.
        let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| `")).collect();
        let is_named = |key: &String| {
            rows.iter()
                .any(|row| row.split('|').nth(1).unwrap_or_default().contains(&format!("`{key}`")))
        };
        let missing: Vec<_> = keys.iter().filter(|key| !is_named(key)).collect();
        assert!(missing.is_empty(), "{name} lacks {missing:?}");
    }
}

#[test]
fn every_template_is_described_in_both_languages() {
    let pages = [text("content/使用手册/模板.md"), text("content/Guide/Templates.md")];
    for entry in fs::read_dir(Path::new(ROOT).join("templates")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let is_named = |page: &String| page.contains(&format!("`{name}`"));
        assert!(name == "README.md" || pages.iter().all(is_named), "{name}");
    }
}

#[test]
fn every_command_is_described_in_both_languages() {
    let help = program().arg("help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let indented = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    let commands: Vec<_> =
        list.lines().filter(indented).filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"serve"), "{commands:?}");
    for folder in ["content/使用手册", "content/Guide"] {
        let files = fs::read_dir(Path::new(ROOT).join(folder)).unwrap().flatten();
        let pages = files
            .map(|file| file.path())
            .filter(|path| path.extension().is_some_and(|end| end == "md"));
        let all: String = pages.map(|page| fs::read_to_string(page).unwrap()).collect();
        for command in commands.iter().filter(|command| **command != "help") {
            assert!(all.contains(&format!("notes {command}")), "{folder} lacks notes {command}");
        }
    }
}

#[test]
fn the_projects_notes_give_no_messages() {
    let output = program()
        .args(["check", "--strict", "--format", "json", "--no-cache", ROOT])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && told.trim() == "[]", "{told}");
}
