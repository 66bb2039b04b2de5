//! `notes pdf`: the notes as a PDF, in a file.
//!
//! Must not know: how a book is made or printed.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use super::arguments::PdfArguments;
use super::{epub, print};
use crate::output::{self, FileMark};
use crate::pdf;
use crate::phrase::{Language, phrase};

/// Exit code of a program that a signal ended, less the number of that, as shells have it.
const ENDED: u8 = 128;

/// Writes the PDF.
pub(super) fn pdf(arguments: &PdfArguments, language: Language) -> ExitCode {
    let PdfArguments { book: wanted, paper, program } = arguments;
    let found = match epub::found(wanted, "notes pdf FOLDER", language) {
        Ok(found) => found,
        Err(code) => return code,
    };
    let path = epub::path(wanted, &found, "pdf");
    let mark = |bytes: Vec<u8>| pdf::is_ours(&bytes);
    let is_ours = FileMark::Whole(&mark);
    // Before the program is run, which may take minutes.
    if let Err(problem) = output::check_single(&path, is_ours, wanted.force) {
        epub::report(vec![problem], language);
        return ExitCode::FAILURE;
    }
    let sign = stop_sign();
    let book = found.book.into_page(paper.name());
    let printed = match pdf::print(&book, program.as_deref(), &sign.stop) {
        Ok(printed) => printed,
        Err(_) if sign.stop.load(Ordering::Acquire) => {
            return ExitCode::from(ENDED + sign.signal.load(Ordering::Relaxed));
        }
        Err(failure) => {
            print::error(language, &failure.message, &failure.help);
            return ExitCode::FAILURE;
        }
    };
    if let Err(problem) = output::write_single(&path, &printed.bytes, is_ours, wanted.force) {
        epub::report(vec![problem], language);
        return ExitCode::FAILURE;
    }
    let line = phrase!(
        "{notes:note} in {path}, {size}, printed by {program}",
        notes = found.notes,
        path = path.display(),
        size = print::size(printed.bytes.len() as u64),
        program = printed.program
    );
    let formulas =
        phrase!("formulas are shown as LaTeX: WeasyPrint cannot draw them, Chromium can");
    let lines = [Some(line), printed.lacks_formulas.then_some(formulas)];
    for line in lines.into_iter().flatten() {
        print::print(&(line.text(language) + "\n"));
    }
    ExitCode::SUCCESS
}

/// A signal that ends the program, by its number in exit codes.
#[derive(Debug, Default)]
struct StopSign {
    stop: AtomicBool,
    /// The number of the signal; 0 for none.
    signal: AtomicU8,
}

/// A sign that is set when Ctrl-C is pressed, the terminal is closed or the process is to end, so
/// that temporary files are removed and the program that prints ends too. If signals cannot be
/// caught, they end the process by themselves.
fn stop_sign() -> Arc<StopSign> {
    let sign = Arc::new(StopSign::default());
    let shared = Arc::clone(&sign);
    let (ready, is_ready) = channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let Ok(runtime) = runtime else { return };
        if let Some(signal) = runtime.block_on(first_signal(&ready)) {
            shared.signal.store(signal, Ordering::Relaxed);
            shared.stop.store(true, Ordering::Release);
        }
    });
    // Without a thread that listens nothing comes.
    let _ = is_ready.recv();
    sign
}

/// Waits for a signal; says that it listens before.
#[cfg(unix)]
async fn first_signal(ready: &Sender<()>) -> Option<u8> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).ok()?;
    let mut terminate = signal(SignalKind::terminate()).ok()?;
    let mut hangup = signal(SignalKind::hangup()).ok()?;
    let _ = ready.send(());
    tokio::select! {
        _ = interrupt.recv() => Some(2),
        _ = terminate.recv() => Some(15),
        _ = hangup.recv() => Some(1),
    }
}

#[cfg(not(unix))]
async fn first_signal(ready: &Sender<()>) -> Option<u8> {
    let _ = ready.send(());
    tokio::signal::ctrl_c().await.ok().map(|()| 2)
}
