//! `notes init`: prints the facts about the folder, the written files, and the next step.
//!
//! Must not know: the search for facts, the content of files.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use crate::diagnostic::Report;
use crate::init::{
    self, BookFiles, Failure, FolderFacts, InitBook, InitFacts, InitForm, InitOptions,
    LibraryFacts, Prepared,
};
use crate::path::without_control;
use crate::phrase::{Argument, Language, Phrase, phrase};

use super::arguments::InitArguments;
use super::print::{self, Printer, Verbosity};

pub(super) fn init(arguments: &InitArguments, language: Language) -> ExitCode {
    let mut action = None;
    if arguments.github_pages {
        action = arguments.action.clone().or_else(init::own_action);
        if action.is_none() {
            let message = phrase!("this build does not contain the name of its GitHub action");
            let help = phrase!(
                "add `--action OWNER/NAME@v1` with the repository and version of the action"
            );
            print::error(language, &message, &help);
            return ExitCode::from(2);
        }
    }
    let is_chinese = arguments.language.unwrap_or(language) == Language::Chinese;
    let form = if arguments.library {
        InitForm::Library { books: arguments.books.clone() }
    } else {
        InitForm::Notes
    };
    let options = InitOptions { folder: arguments.folder.clone(), form, action, is_chinese };
    match init::init(&options) {
        Ok(prepared) => {
            print::print(&summary(&prepared, arguments, language));
            ExitCode::SUCCESS
        }
        Err(failure) => {
            report(failure, &arguments.folder, language);
            ExitCode::FAILURE
        }
    }
}

/// Prints why nothing was written.
fn report(failure: Failure, folder: &Path, language: Language) {
    let folder = folder.display();
    let (message, help) = match failure {
        Failure::Settings(problems) => {
            return Printer::new(Verbosity::Usual, language).report(&Report::new(problems));
        }
        Failure::NoNotes => (
            phrase!("`{folder}` contains files, but no notes", folder),
            phrase!("name the folder of your notes (files that end in .md), or an empty folder"),
        ),
        Failure::NoBooks => (
            phrase!("`{folder}` contains no folders with notes", folder),
            phrase!(
                "clone your repositories into it (`git submodule update --init` if they are \
                 submodules), or name them: `--book https://github.com/me/My-Notes`"
            ),
        ),
        Failure::Unwritable(file, error) => (
            phrase!("cannot write {file}: {error}", file, error),
            phrase!("check the folder's permissions"),
        ),
    };
    print::error(language, &message, &help);
}

fn summary(prepared: &Prepared, arguments: &InitArguments, language: Language) -> String {
    let found = match &prepared.found {
        InitFacts::Notes(found) => phrase!("found {facts}", facts = self::found(found)),
        InitFacts::Library(library) => found_books(library),
    };
    let mut lines = vec![found];
    lines.extend(prepared.written.iter().map(|file| phrase!("wrote {file}", file)));
    let kept = prepared.kept.iter();
    lines.extend(kept.map(|(file, advice)| phrase!("kept  {file}: {advice}", file, advice)));
    let mut next = Vec::new();
    if let InitFacts::Library(library) = &prepared.found {
        if arguments.github_pages {
            lines.extend(library.books.iter().filter_map(problem_of_workflow));
        }
        next.extend(library.books.iter().filter_map(|book| clone_command(book, arguments)));
    }
    let folder = arguments.folder.display().to_string();
    let folder = if folder == "." {
        String::new()
    } else {
        format!(" {}", quoted(&without_control(&folder)))
    };
    next.push(Phrase::verbatim(format!("notes serve{folder} --open")));
    if arguments.github_pages {
        next.push(phrase!(
            "commit and push; in the repository's Settings, under Pages, choose GitHub Actions as \
             the source"
        ));
    }
    let mut text = String::new();
    for line in lines {
        let _ = writeln!(text, "{}", without_control(&line.text(language)));
    }
    let next: Vec<String> = next.iter().map(|step| step.text(language)).collect();
    let head = phrase!("next  ").text(language);
    let _ = writeln!(text, "{head}{}", next.join("\n      "));
    text
}

fn found_books(library: &LibraryFacts) -> Phrase {
    let paths: Vec<Phrase> =
        library.books.iter().map(|book| Phrase::verbatim(&*book.path)).collect();
    if library.notes == 0 {
        return phrase!("books {paths}", paths);
    }
    let (notes, books) = (library.notes, paths.len());
    phrase!("found {notes:note} in {books:book}: {paths}", notes, books, paths)
}

/// The command that fetches a book that is not there.
fn clone_command(book: &InitBook, arguments: &InitArguments) -> Option<Phrase> {
    let address = book.address.as_ref().filter(|_| book.is_missing)?;
    let folder = arguments.folder.join(&book.path).display().to_string();
    let words = [quoted(address), quoted(&without_control(&folder))];
    Some(Phrase::verbatim(format!("git clone {}", words.join(" "))))
}

/// The reason why a workflow cannot check out a book, with the way out.
fn problem_of_workflow(book: &InitBook) -> Option<Phrase> {
    let path = &book.path;
    match &book.files {
        BookFiles::WithLibrary => None,
        BookFiles::Repository { .. } if book.on_github().is_some() => None,
        BookFiles::Repository { .. } => Some(phrase!(
            "note  {path}: the workflow cannot check it out: its repository is not on GitHub; add \
             a step for it to the workflow",
            path
        )),
        BookFiles::Outside => Some(phrase!(
            "note  {path}: the workflow cannot check it out: its folder is outside the repository \
             of the library; make it a submodule of that",
            path
        )),
    }
}

fn found(found: &FolderFacts) -> Vec<Phrase> {
    let mut facts = vec![notes(found)];
    if found.is_vault {
        facts.push(phrase!("an Obsidian vault"));
    }
    if let Some(generator) = found.generator {
        facts.push(phrase!("a {generator} project", generator = generator.name()));
    }
    if !found.content.is_root() {
        facts.push(phrase!("below {folder}", folder = found.content));
    }
    facts.push(if let Some(file) = &found.navigation {
        phrase!("navigation from {file}", file)
    } else {
        phrase!("navigation from the folders")
    });
    if !found.settings.is_empty() {
        facts.push(phrase!("settings in {files}", files = Argument::verbatim(&found.settings)));
    }
    if let Some(url) = found.repository.remote.as_ref().and_then(|remote| remote.url.as_ref()) {
        facts.push(phrase!("repository {url}", url));
    }
    facts
}

/// The number of notes and their language: its name, or its tag.
fn notes(found: &FolderFacts) -> Phrase {
    let (notes, tag) = (found.notes, &found.language);
    match tag.split('-').next() {
        Some("zh") => phrase!("{notes:note} in Chinese", notes),
        Some("en") => phrase!("{notes:note} in English", notes),
        _ => phrase!("{notes:note} in {tag}", notes, tag),
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
