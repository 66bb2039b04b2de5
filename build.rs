//! The program's source → `NOTES_FINGERPRINT`, by which values that another version kept are told
//! from its own; and where the program is published → `NOTES_REPOSITORY`, `owner/name` on GitHub,
//! empty when nobody says.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The sources of the program.
const SOURCES: [&str; 2] = ["src", "Cargo.lock"];

fn main() {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        println!("cargo:rerun-if-changed={source}");
        add(Path::new(source), &mut hasher);
    }
    println!("cargo:rustc-env=NOTES_FINGERPRINT={:016x}", hasher.finish());
    println!("cargo:rerun-if-env-changed=NOTES_REPOSITORY");
    println!("cargo:rustc-env=NOTES_REPOSITORY={}", repository().unwrap_or_default());
}

/// As the environment says, else `repository` of Cargo.toml, else where this source was cloned
/// from.
fn repository() -> Option<String> {
    if let Ok(name) = std::env::var("NOTES_REPOSITORY") {
        return Some(name);
    }
    let said = std::env::var("CARGO_PKG_REPOSITORY").ok().filter(|url| !url.is_empty());
    let url = said.or_else(|| {
        // Of a source that is no clone, a repository around it says nothing.
        Path::new(".git").exists().then(|| println!("cargo:rerun-if-changed=.git/config"))?;
        let said =
            Command::new("git").args(["config", "--get", "remote.origin.url"]).output().ok()?;
        String::from_utf8(said.stdout).ok()
    })?;
    let path = url.trim().rsplit_once("github.com")?.1.trim_matches(['/', ':']);
    let path = path.strip_suffix(".git").unwrap_or(path);
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    path.split_once('/')
        .filter(|(owner, name)| is_name(owner) && is_name(name))
        .map(|_| path.to_owned())
}

/// Adds a file, or all files of a folder in the order of their names.
fn add(path: &Path, hasher: &mut DefaultHasher) {
    if path.is_dir() {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            add(&path, hasher);
        }
    } else if let Ok(bytes) = fs::read(path) {
        hasher.write(path.to_string_lossy().as_bytes());
        hasher.write_usize(bytes.len());
        hasher.write(&bytes);
    }
}
