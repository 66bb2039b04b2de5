//! `notes init`: prints the facts about the folder, the written files, and the next step.
//!
//! Must not know: the search for facts, the content of files.

use std::fmt::Write as _;
use std::process::ExitCode;

use crate::diagnostic::Report;
use crate::init::{
    self, BookFiles, Failure, FolderFacts, InitBook, InitFacts, InitForm, InitOptions,
    LibraryFacts, Prepared,
};
use crate::path::without_control;
use crate::plural::counted;

use super::arguments::{InitArguments, Language};
use super::print::{self, Printer, Verbosity};

pub(super) fn init(arguments: &InitArguments) -> ExitCode {
    let mut action = None;
    if arguments.github_pages {
        action = arguments.action.clone().or_else(init::own_action);
        if action.is_none() {
            let help = "add `--action OWNER/NAME@v1` with the repository and version of the action";
            print::error("this build does not contain the name of its GitHub action", help);
            return ExitCode::from(2);
        }
    }
    let is_chinese =
        arguments.language.map_or_else(reads_chinese, |language| language == Language::Zh);
    let form = if arguments.library {
        InitForm::Library { books: arguments.books.clone() }
    } else {
        InitForm::Notes
    };
    let options = InitOptions { folder: arguments.folder.clone(), form, action, is_chinese };
    match init::init(&options) {
        Ok(prepared) => {
            print::print(&summary(&prepared, arguments));
            ExitCode::SUCCESS
        }
        Err(Failure::Settings(problems)) => {
            Printer::new(Verbosity::Usual).report(&Report::new(problems));
            ExitCode::FAILURE
        }
        Err(Failure::NoNotes) => {
            let folder = arguments.folder.display();
            print::error(
                &format!("`{folder}` contains files, but no notes"),
                "name the folder of your notes (files that end in .md), or an empty folder",
            );
            ExitCode::FAILURE
        }
        Err(Failure::NoBooks) => {
            let folder = arguments.folder.display();
            print::error(
                &format!("`{folder}` contains no folders with notes"),
                "clone your repositories into it (`git submodule update --init` if they are submodules), or name them: `--book https://github.com/me/My-Notes`",
            );
            ExitCode::FAILURE
        }
        Err(Failure::Unwritable(file, error)) => {
            print::error(
                &format!("cannot write {file}: {error}"),
                "check the folder's permissions",
            );
            ExitCode::FAILURE
        }
    }
}

/// True if the environment's language is Chinese: the first of these variables that is set counts
/// (POSIX.1-2024 §8.2).
fn reads_chinese() -> bool {
    let set = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(set)
        .is_some_and(|value| value.starts_with("zh"))
}

fn summary(prepared: &Prepared, arguments: &InitArguments) -> String {
    let mut text = match &prepared.found {
        InitFacts::Notes(found) => format!("found {}\n", self::found(found)),
        InitFacts::Library(library) => format!("{}\n", found_books(library)),
    };
    for file in &prepared.written {
        let _ = writeln!(text, "wrote {}", without_control(file));
    }
    for (file, advice) in &prepared.kept {
        let _ = writeln!(text, "kept  {}: {}", without_control(file), without_control(advice));
    }
    let mut next = Vec::new();
    if let InitFacts::Library(library) = &prepared.found {
        if arguments.github_pages {
            text.extend(library.books.iter().filter_map(problem_of_workflow));
        }
        next.extend(library.books.iter().filter_map(|book| clone_command(book, arguments)));
    }
    let folder = arguments.folder.display().to_string();
    let folder = if folder == "." {
        String::new()
    } else {
        format!(" {}", quoted(&without_control(&folder)))
    };
    next.push(format!("notes serve{folder} --open"));
    if arguments.github_pages {
        next.push("commit and push; in the repository's Settings, under Pages, choose GitHub Actions as the source".to_owned());
    }
    let _ = writeln!(text, "next  {}", next.join("\n      "));
    text
}

fn found_books(library: &LibraryFacts) -> String {
    let paths: Vec<String> = library.books.iter().map(|book| without_control(&book.path)).collect();
    let (count, paths) = (counted(paths.len(), "book"), paths.join(", "));
    if library.notes == 0 {
        return format!("books {paths}");
    }
    format!("found {} in {count}: {paths}", counted(library.notes, "note"))
}

/// The command that fetches a book that is not there.
fn clone_command(book: &InitBook, arguments: &InitArguments) -> Option<String> {
    let address = book.address.as_ref().filter(|_| book.is_missing)?;
    let folder = arguments.folder.join(&book.path).display().to_string();
    Some(format!("git clone {} {}", quoted(address), quoted(&without_control(&folder))))
}

/// The reason why a workflow cannot check out a book, with the way out.
fn problem_of_workflow(book: &InitBook) -> Option<String> {
    let reason = match &book.files {
        BookFiles::WithLibrary => return None,
        BookFiles::Repository { .. } if book.on_github().is_some() => return None,
        BookFiles::Repository { .. } => {
            "its repository is not on GitHub; add a step for it to the workflow"
        }
        BookFiles::Outside => {
            "its folder is outside the repository of the library; make it a submodule of that"
        }
    };
    let path = without_control(&book.path);
    Some(format!("note  {path}: the workflow cannot check it out: {reason}\n"))
}

fn found(found: &FolderFacts) -> String {
    let notes = if found.notes == 1 { "note" } else { "notes" };
    let mut parts = vec![format!("{} {notes} in {}", found.notes, language(found))];
    if found.is_vault {
        parts.push("an Obsidian vault".to_owned());
    }
    if let Some(generator) = found.generator {
        parts.push(format!("a {} project", generator.name()));
    }
    if !found.content.is_root() {
        parts.push(format!("below {}", found.content));
    }
    parts.push(match &found.navigation {
        Some(file) => format!("navigation from {}", without_control(file)),
        None => "navigation from the folders".to_owned(),
    });
    if !found.settings.is_empty() {
        parts.push(format!("settings in {}", found.settings.join(", ")));
    }
    if let Some(url) = found.repository.remote.as_ref().and_then(|remote| remote.url.as_ref()) {
        parts.push(format!("repository {}", without_control(url)));
    }
    parts.join(", ")
}

/// The language of the notes: its name, or its tag.
fn language(found: &FolderFacts) -> &str {
    match found.language.split('-').next() {
        Some("zh") => "Chinese",
        Some("en") => "English",
        _ => &found.language,
    }
}

/// A word of a command, quoted for a shell.
fn quoted(word: &str) -> String {
    let is_plain =
        |c: char| c.is_alphanumeric() || "-_./\\:,+@%".contains(c) && (cfg!(windows) || c != '\\');
    if word.chars().all(is_plain) {
        word.to_owned()
    } else if cfg!(windows) {
        // Names on Windows cannot contain `"`.
        format!("\"{word}\"")
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn words_are_quoted() {
        for (word, expected) in [
            ("my-notes", "my-notes"),
            ("../笔记/a_b", "../笔记/a_b"),
            ("my notes", "'my notes'"),
            ("it's $5", r"'it'\''s $5'"),
            ("~x", "'~x'"),
            (r"a\b", r"'a\b'"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
