//! Whole folders → configurations and messages.
//!
//! Must not know: the modules that share the work.

use std::fs;

use super::*;
use crate::diagnostic::Severity;

mod books;
mod federation;
mod foreign;
mod own;

/// A folder with these files; a name that ends in `/` is a folder.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).unwrap();
        } else {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    folder
}

/// The result of loading a folder with these files.
fn loaded(files: &[(&str, &str)]) -> Result<Loaded, Vec<Diagnostic>> {
    load(folder(files).path())
}

/// The configuration of a folder with these files, without a notice.
fn config(files: &[(&str, &str)]) -> Config {
    let loaded = loaded(files).unwrap();
    assert_eq!(loaded.notices, []);
    loaded.config
}

/// A message on one line: location, message, and after a semicolon the help.
fn line(diagnostic: &Diagnostic) -> String {
    let location = &diagnostic.location;
    let file = location.file.as_deref().unwrap_or("?");
    let help = diagnostic.help.as_ref().map_or("?".to_owned(), ToString::to_string);
    format!(
        "{file}:{}:{}: {}; {help}",
        location.span.line, location.span.column, diagnostic.message
    )
}

/// The errors of loading a folder with these files, a line each.
fn errors(files: &[(&str, &str)]) -> Vec<String> {
    let errors = loaded(files).unwrap_err();
    assert!(errors.iter().all(|error| error.severity == Severity::Error));
    errors.iter().map(line).collect()
}

/// The notices of loading a folder with these files, a line each.
fn notices(files: &[(&str, &str)]) -> Vec<String> {
    let notices = loaded(files).unwrap().notices;
    assert!(notices.iter().all(|notice| notice.severity == Severity::Warning));
    notices.iter().map(line).collect()
}

fn path(text: &str) -> SourcePath {
    SourcePath::new(text).unwrap()
}
