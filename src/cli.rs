//! Arguments → a command that is run, its printed report and its exit code. The only module that
//! knows the command line, and that prints.
//!
//! Must not know: the work of a command.

mod arguments;
mod cards;
mod check;
mod epub;
mod forms;
mod help;
mod images;
mod init;
mod language;
mod line;
mod manual;
mod mcp;
mod pdf;
mod print;
mod progress;
mod snippet;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::build;
use crate::diagnostic::{Kind, Report, Severity};
use crate::lookup::SearchedNotes;
use crate::phrase::{Language, phrase};
use crate::project::FederationUse;
use crate::publish::{BuildOptions, Published, publish};
use crate::serve::{self, ServeEvent};

use self::arguments::{
    Arguments, BuildArguments, Command, ExplainArguments, SearchArguments, ServeArguments,
};
use self::print::{Printer, Verbosity};

/// Longest wait of a build for the sites in `federation`.
const FEDERATION_TIME_LIMIT: Duration = Duration::from_secs(10);

/// Runs the program with the arguments of the process.
///
/// Exit codes: 0 if the command succeeded, with or without warnings; 1 on errors, on warnings with
/// `--strict`, or if a search found nothing or notes
/// have no cards; 2 on wrong usage.
#[must_use]
pub fn run() -> ExitCode {
    let language = language::of_process();
    let command = help::translated(Arguments::command(), language);
    let parsed = command.try_get_matches().and_then(|found| Arguments::from_arg_matches(&found));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error, language),
    };
    let language = arguments.lang.unwrap_or(language);
    match arguments.command {
        Command::Init(arguments) => init::init(&arguments, language),
        Command::Build(arguments) => build(&arguments, language),
        Command::Serve(arguments) => serve(&arguments, language),
        Command::Search(arguments) => search(&arguments, language),
        Command::Cards(arguments) => cards::cards(&arguments, language),
        Command::Epub(arguments) => epub::epub(&arguments, language),
        Command::Pdf(arguments) => pdf::pdf(&arguments, language),
        Command::Mcp(arguments) => mcp::mcp(&arguments, language),
        Command::Check(arguments) => check::check(&arguments, language),
        Command::Images(arguments) => images::images(&arguments, language),
        Command::Explain(arguments) => explain(&arguments, language),
        Command::Completions(arguments) => manual::completions(&arguments),
        Command::Manual(arguments) => manual::manual(&arguments, language),
    }
}

/// The texts of the help, which the catalogue translates.
#[must_use]
pub fn help_texts() -> Vec<String> {
    let mut command = Arguments::command();
    command.build();
    help::texts(&command)
}

/// Prints why the arguments are not used, or what was asked for instead of a command.
fn refuse(error: &clap::Error, language: Language) -> ExitCode {
    let code = u8::try_from(error.exit_code()).unwrap_or(2);
    match help::mistake(error).filter(|_| language != Language::English) {
        Some((message, help)) => print::error(language, &message, &help),
        // An error of the terminal cannot be reported anywhere.
        None => drop(error.print()),
    }
    ExitCode::from(code)
}

/// True if the folder exists; if not, prints an error.
fn is_folder(folder: &Path, usage: &str, language: Language) -> bool {
    let is_folder = folder.is_dir();
    if !is_folder {
        let shown = folder.display();
        let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
        let (message, help) = if folder.is_file() {
            let above = above.unwrap_or(Path::new(".")).display();
            (
                phrase!("`{file}` is a file, not a folder", file = shown),
                phrase!("name its folder: `{folder}`", folder = above),
            )
        } else {
            (
                phrase!("there is no folder `{folder}`", folder = shown),
                phrase!("name the folder of your notes: `{usage}`", usage),
            )
        };
        print::error(language, &message, &help);
    }
    is_folder
}

/// Sets the number of threads.
fn use_threads(jobs: Option<u16>) {
    if let Some(jobs) = jobs {
        // Fails only if the threads were used before, and nothing has run yet.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
    }
}

/// The exit code for a report.
fn exit_code(report: &Report, strict: bool) -> ExitCode {
    let warned = strict && report.count(Severity::Warning) > 0;
    if warned || report.count(Severity::Error) > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn explain(arguments: &ExplainArguments, language: Language) -> ExitCode {
    let Some(code) = &arguments.code else {
        print::codes(language);
        return ExitCode::SUCCESS;
    };
    if let Some(kind) = Kind::of_code(code) {
        print::explanation(language, kind);
        return ExitCode::SUCCESS;
    }
    let help = if let Some(name) = Kind::nearest_code(code) {
        phrase!("did you mean `{name}`?", name)
    } else {
        phrase!("`notes explain` lists the codes")
    };
    print::error(language, &phrase!("unknown diagnostic code `{word}`", word = code), &help);
    ExitCode::from(2)
}

fn search(arguments: &SearchArguments, language: Language) -> ExitCode {
    if !is_folder(&arguments.folder, "notes search QUERY FOLDER", language) {
        return ExitCode::from(2);
    }
    let books = match SearchedNotes::open(&arguments.folder) {
        Ok(books) => books,
        Err(problems) => {
            Printer::new(Verbosity::Usual, language).report(&Report::new(problems));
            return ExitCode::from(2);
        }
    };
    let found = books.look_up(&arguments.query, arguments.tag.as_deref());
    if arguments.json {
        print::json(&found);
    } else {
        print::found(language, &found, arguments.limit);
    }
    if found.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn serve(arguments: &ServeArguments, language: Language) -> ExitCode {
    let Ok(folder) =
        std::path::absolute(&arguments.folder).and_then(|folder| folder.read_dir().map(|_| folder))
    else {
        is_folder(&arguments.folder, "notes serve FOLDER", language);
        return ExitCode::from(2);
    };
    let options = serve::ServeOptions {
        folder,
        host: arguments.host.clone(),
        port: arguments.port,
        poll: arguments.poll,
        drafts: arguments.drafts,
        commands: arguments.commands.used(),
        follow: arguments.follow,
        language,
    };
    build::warm_up();
    let printer = Printer::new(Verbosity::of(arguments.quiet, false), language);
    let opens = arguments.open;
    let observer = move |event: &ServeEvent<'_>| {
        printer.event(event);
        if let ServeEvent::Open { url, .. } = event
            && opens
            && let Err(error) = open::that_detached(url)
        {
            let message = phrase!("cannot open a browser: {error}", error);
            print::error(language, &message, &phrase!("open {url} yourself", url));
        }
    };
    match serve::serve(&options, Arc::new(observer)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let (host, port) = (&arguments.host, arguments.port.to_string());
            let message =
                phrase!("cannot listen on {host} port {port}: {error}", host, port, error);
            let help = phrase!("choose another address with --host and --port");
            print::error(language, &message, &help);
            ExitCode::from(2)
        }
    }
}

fn build(arguments: &BuildArguments, language: Language) -> ExitCode {
    let started = Instant::now();
    let printer = Printer::new(Verbosity::of(arguments.quiet, arguments.verbose), language);
    use_threads(arguments.jobs);
    if !is_folder(&arguments.folder, "notes build FOLDER", language) {
        return ExitCode::from(2);
    }
    let options = BuildOptions {
        folder: arguments.folder.clone(),
        output: arguments.output.clone(),
        base_url: arguments.base_url.clone(),
        drafts: arguments.drafts,
        force: arguments.force,
        cache: !arguments.no_cache,
        commands: arguments.commands.used(),
        federation: if arguments.offline {
            FederationUse::Kept
        } else {
            FederationUse::Ask(FEDERATION_TIME_LIMIT)
        },
        now: SystemTime::now(),
    };
    build::warm_up();
    let progress = progress::Bar::new(printer.shows_progress(), language);
    let published = publish(&options, &progress);
    progress.finish();
    match published {
        Ok(published) => {
            let Published { build, written, site, notes_in, .. } = &published;
            if arguments.timings {
                print::timings(language, &progress.timings(), build, written);
            }
            printer.report(&build.report);
            printer.notes_in(notes_in.as_ref());
            printer.summary(build, written, site, started.elapsed());
            let code = exit_code(&build.report, arguments.strict);
            // The program ends: to free what it has would take a tenth of its time.
            std::mem::forget(published);
            code
        }
        Err(problems) => {
            printer.report(&Report::new(problems));
            ExitCode::FAILURE
        }
    }
}
