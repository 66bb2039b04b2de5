//! `notes epub`: the notes as an e-book, in a file; and the part of it that `notes pdf` has too.
//!
//! Must not know: how a book is made.

use std::path::PathBuf;
use std::process::ExitCode;

use super::arguments::{BookArguments, EpubArguments};
use super::print::{self, Printer, Verbosity};
use crate::diagnostic::{Diagnostic, Report};
use crate::ebook::FoundEbook;
use crate::epub;
use crate::output::{self, FileMark};
use crate::phrase::{Language, phrase};

/// Writes the book.
pub(super) fn epub(arguments: &EpubArguments, language: Language) -> ExitCode {
    let wanted = &arguments.book;
    let found = match found(wanted, "notes epub FOLDER", language) {
        Ok(found) => found,
        Err(code) => return code,
    };
    let path = path(wanted, &found, "epub");
    let bytes = found.book.into_bytes();
    let is_ours = FileMark::Whole(&epub::is_ours);
    if let Err(problem) = output::write_single(&path, &bytes, is_ours, wanted.force) {
        report(vec![problem], language);
        return ExitCode::FAILURE;
    }
    let line = phrase!(
        "{notes:note} in {path}, {size}",
        notes = found.notes,
        path = path.display(),
        size = print::size(bytes.len() as u64)
    );
    print::print(&(line.text(language) + "\n"));
    ExitCode::SUCCESS
}

/// The book that is wanted, with its messages printed; the exit code if there is none. `usage` is
/// the command as it is written.
pub(super) fn found(
    wanted: &BookArguments,
    usage: &str,
    language: Language,
) -> Result<FoundEbook, ExitCode> {
    if !super::is_folder(&wanted.folder, usage, language) {
        return Err(ExitCode::from(2));
    }
    let part = wanted.part.as_deref();
    let found = FoundEbook::of_folder(&wanted.folder, part, wanted.base_url.clone());
    let mut found = found.map_err(|problems| {
        report(problems, language);
        ExitCode::from(2)
    })?;
    report(std::mem::take(&mut found.problems), language);
    Ok(found)
}

/// The path of its file, with this ending unless the arguments name one.
pub(super) fn path(wanted: &BookArguments, found: &FoundEbook, ending: &str) -> PathBuf {
    let named = wanted.output.clone();
    named.unwrap_or_else(|| PathBuf::from(format!("{}.{ending}", found.name)))
}

/// Prints messages.
pub(super) fn report(problems: Vec<Diagnostic>, language: Language) {
    Printer::new(Verbosity::Usual, language).report(&Report::new(problems));
}
