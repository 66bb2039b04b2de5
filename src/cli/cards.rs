//! `notes cards`: the study cards of the notes, in a file or on standard output.
//!
//! Must not know: how a card is found or written.

use std::path::Path;
use std::process::ExitCode;

use super::arguments::CardsArguments;
use super::print::{self, Printer, Verbosity};
use crate::cards::{Cards, HEADER};
use crate::diagnostic::{Diagnostic, Report};
use crate::output::{self, FileMark};
use crate::phrase::{Language, phrase};

/// Writes the cards; the summary goes to standard error, for standard output may have the cards.
pub(super) fn cards(arguments: &CardsArguments, language: Language) -> ExitCode {
    let failed = |problems: Vec<Diagnostic>, code: u8| {
        Printer::new(Verbosity::Usual, language).report(&Report::new(problems));
        ExitCode::from(code)
    };
    if !super::is_folder(&arguments.folder, "notes cards FOLDER", language) {
        return ExitCode::from(2);
    }
    let cards = match Cards::of_folder(&arguments.folder, arguments.base_url.clone()) {
        Ok(cards) => cards,
        Err(problems) => return failed(problems, 2),
    };
    if cards.count == 0 {
        let message = phrase!("the notes have no cards");
        let help = phrase!(
            "write a question as `> [!question]- Question` with the answer below it; `cards: \
             true` in notes.yaml makes cards of lines `question :: answer`"
        );
        print::error(language, &message, &help);
        return ExitCode::FAILURE;
    }
    match arguments.output.as_deref().filter(|path| *path != Path::new("-")) {
        None => print::out_exactly(&cards.text),
        Some(path) => {
            let (text, mark) = (cards.text.as_bytes(), FileMark::Beginning(HEADER));
            let written = output::write_single(path, text, mark, arguments.force);
            if let Err(problem) = written {
                return failed(vec![problem], 1);
            }
        }
    }
    let line = phrase!("{cards:card} in {notes:note}", cards = cards.count, notes = cards.notes);
    print::print(&(line.text(language) + "\n"));
    if cards.left_out > 0 {
        let message =
            phrase!("of {count:file}, the cards have the words alone", count = cards.left_out);
        let help = if cards.has_address {
            phrase!("`notes check` names files that do not exist")
        } else {
            phrase!("set `base_url` in notes.yaml, or use `--base-url`")
        };
        print::warning(language, &message, &help);
    }
    ExitCode::SUCCESS
}
