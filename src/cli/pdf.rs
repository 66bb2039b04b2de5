//! `notes pdf`: the notes as a PDF, in a file.
//!
//! Must not know: how a book is made or printed.

use std::future::{Future as _, poll_fn};
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::task::{Context, Poll};
use std::thread;

use super::arguments::PdfArguments;
use super::print::{self, Printer, Verbosity};
use crate::diagnostic::{Diagnostic, Report};
use crate::ebook::FoundEbook;
use crate::output::{self, FileMark};
use crate::pdf;
use crate::phrase::{Language, phrase};

/// Exit code of a program that was ended by Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

/// Writes the PDF.
pub(super) fn pdf(arguments: &PdfArguments, language: Language) -> ExitCode {
    let report = |problems: Vec<Diagnostic>| {
        Printer::new(Verbosity::Usual, language).report(&Report::new(problems));
    };
    if !super::is_folder(&arguments.folder, "notes pdf FOLDER", language) {
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
    let path = path.unwrap_or_else(|| PathBuf::from(format!("{}.pdf", found.name)));
    let mark = |bytes: Vec<u8>| pdf::is_ours(&bytes);
    let is_ours = FileMark::Whole(&mark);
    // Before the program is run, which may take minutes.
    if let Err(problem) = output::check_single(&path, is_ours, arguments.force) {
        report(vec![problem]);
        return ExitCode::FAILURE;
    }
    let stop = stop_by_keys();
    let book = found.book.into_page(arguments.paper.name());
    let printed = match pdf::print(&book, arguments.program.as_deref(), &stop) {
        Ok(printed) => printed,
        Err(_) if stop.load(Ordering::Relaxed) => return ExitCode::from(INTERRUPTED),
        Err(failure) => {
            print::error(language, &failure.message, &failure.help);
            return ExitCode::FAILURE;
        }
    };
    if let Err(problem) = output::write_single(&path, &printed.bytes, is_ours, arguments.force) {
        report(vec![problem]);
        return ExitCode::FAILURE;
    }
    let line = phrase!(
        "{notes:note} in {path}, {size}, printed by {program}",
        notes = found.notes,
        path = path.display(),
        size = print::size(printed.bytes.len() as u64),
        program = printed.program
    );
    let formulas = phrase!("formulas are plain text: WeasyPrint sets none, Chromium does");
    let lines = [Some(line), printed.lacks_formulas.then_some(formulas)];
    for line in lines.into_iter().flatten() {
        print::print(&(line.text(language) + "\n"));
    }
    ExitCode::SUCCESS
}

/// A sign that becomes true when Ctrl-C is pressed, so that temporary files are removed and the
/// program that prints ends too. If signals cannot be caught, they end the process by themselves.
fn stop_by_keys() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let pressed = Arc::clone(&stop);
    let (ready, is_ready) = channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let wait = async {
            let mut pressed = pin!(tokio::signal::ctrl_c());
            // The first look makes the process listen.
            let look = |context: &mut Context<'_>| Poll::Ready(pressed.as_mut().poll(context));
            let first = poll_fn(look).await;
            let _ = ready.send(());
            match first {
                Poll::Ready(result) => result.is_ok(),
                Poll::Pending => pressed.await.is_ok(),
            }
        };
        if runtime.is_ok_and(|runtime| runtime.block_on(wait)) {
            pressed.store(true, Ordering::Relaxed);
        }
    });
    // Without a thread that listens nothing comes.
    let _ = is_ready.recv();
    stop
}
