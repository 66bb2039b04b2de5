//! `notes mcp`: the notes for assistants, over standard input and output.
//!
//! Must not know: the protocol.

use std::io;
use std::process::ExitCode;

use super::arguments::McpArguments;
use super::print::{Printer, Verbosity};
use crate::diagnostic::Report;
use crate::mcp::Server;
use crate::phrase::Language;

/// Answers messages until standard input ends; nothing else is printed there.
pub(super) fn mcp(arguments: &McpArguments, language: Language) -> ExitCode {
    if !super::is_folder(&arguments.folder, "notes mcp FOLDER", language) {
        return ExitCode::from(2);
    }
    let mut server = match Server::open(&arguments.folder) {
        Ok(server) => server,
        Err(problems) => {
            Printer::new(Verbosity::Usual, language).report(&Report::new(problems));
            return ExitCode::from(2);
        }
    };
    match server.serve(io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // The client has gone.
        Err(_) => ExitCode::FAILURE,
    }
}
