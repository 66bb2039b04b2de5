//! `notes epub`: the notes as an e-book, in a file.
//!
//! Must not know: how a book is made.

use std::path::PathBuf;
use std::process::ExitCode;

use super::arguments::EpubArguments;
use super::print::{self, Printer, Verbosity};
use crate::diagnostic::{Diagnostic, Report};
use crate::ebook::FoundEbook;
use crate::epub;
use crate::output::{self, FileMark};
use crate::phrase::{Language, phrase};

/// Writes the book.
pub(super) fn epub(arguments: &EpubArguments, language: Language) -> ExitCode {
    let report = |problems: Vec<Diagnostic>| {
        Printer::new(Verbosity::Usual, language).report(&Report::new(problems));
    };
    if !super::is_folder(&arguments.folder, "notes epub FOLDER", language) {
        return ExitCode::from(2);
    }
    let part = arguments.part.as_deref();
    let found = match FoundEbook::of_folder(&arguments.folder, part, arguments.base_url.clone()) {
        Ok(found) => found,
        Err(problems) => {
            report(problems);
            return ExitCode::from(2);
        }
    };
    report(found.problems);
    let path = arguments.output.clone();
    let path = path.unwrap_or_else(|| PathBuf::from(format!("{}.epub", found.name)));
    let bytes = found.book.into_bytes();
    let is_ours = FileMark::Whole(&epub::is_ours);
    if let Err(problem) = output::write_single(&path, &bytes, is_ours, arguments.force) {
        report(vec![problem]);
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
