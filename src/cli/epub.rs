//! `notes epub`: the notes as an e-book, in a file.
//!
//! Must not know: how a book is made.

use std::path::PathBuf;
use std::process::ExitCode;

use super::arguments::EpubArguments;
use super::print::{self, Printer, Verbosity};
use crate::diagnostic::{Diagnostic, Report};
use crate::ebook::EbookFile;
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
    let book = match EbookFile::of_folder(&arguments.folder, part, arguments.base_url.clone()) {
        Ok(book) => book,
        Err(problems) => {
            report(problems);
            return ExitCode::from(2);
        }
    };
    report(book.problems);
    let path = arguments.output.clone().unwrap_or_else(|| PathBuf::from(&book.name));
    let is_ours = FileMark::Whole(&epub::is_ours);
    if let Err(problem) = output::write_single(&path, &book.bytes, is_ours, arguments.force) {
        report(vec![problem]);
        return ExitCode::FAILURE;
    }
    let line = phrase!(
        "{notes:note} in {path}, {size}",
        notes = book.notes,
        path = path.display(),
        size = print::size(book.bytes.len() as u64)
    );
    print::print(&(line.text(language) + "\n"));
    ExitCode::SUCCESS
}
