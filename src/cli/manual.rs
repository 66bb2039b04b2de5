//! The command line → completions for shells, and manual pages.
//!
//! Must not know: the work of a command.

use std::process::ExitCode;

use clap::CommandFactory as _;

use super::arguments::{Arguments, CompletionsArguments, ManualArguments};
use super::print;
use crate::phrase::{Argument, Language, phrase};

/// Prints the completions of a shell.
pub(super) fn completions(arguments: &CompletionsArguments) -> ExitCode {
    let (mut text, mut command) = (Vec::new(), Arguments::command());
    let name = command.get_name().to_owned();
    clap_complete::generate(arguments.shell, &mut command, name, &mut text);
    print::out_exactly(&String::from_utf8_lossy(&text));
    ExitCode::SUCCESS
}

/// Prints the manual page of the program, or of one of its commands.
pub(super) fn manual(arguments: &ManualArguments, language: Language) -> ExitCode {
    let mut program = Arguments::command();
    // Gives the commands their full names.
    program.build();
    let source = format!("{} {}", program.get_name(), program.get_version().unwrap_or_default());
    let named =
        arguments.command.as_ref().map(|name| (name, program.find_subcommand(name).cloned()));
    let wanted = match named {
        None => program,
        Some((_, Some(command))) => command,
        Some((name, None)) => {
            let names = Argument::quoted(program.get_subcommands().map(clap::Command::get_name));
            let help = phrase!("use one of {names}", names);
            print::error(language, &phrase!("unknown command `{name}`", name), &help);
            return ExitCode::from(2);
        }
    };
    let mut text = Vec::new();
    // `source` is set because a command has no version of its own. Writing to memory does not fail.
    let _ = clap_mangen::Man::new(wanted).source(source).render(&mut text);
    print::out_exactly(&String::from_utf8_lossy(&text));
    ExitCode::SUCCESS
}
