//! Arguments → a command that is run, its printed report and its exit code. The only module that
//! knows the command line, and that prints.
//!
//! Must not know: the work of a command.

mod arguments;
mod check;
mod forms;
mod init;
mod line;
mod manual;
mod print;
mod progress;
mod snippet;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use clap::Parser as _;

use crate::build;
use crate::diagnostic::{Kind, Report, Severity};
use crate::lookup::SearchedNotes;
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
/// `--strict`, or if a search found nothing; 2 on wrong usage.
#[must_use]
pub fn run() -> ExitCode {
    match Arguments::parse().command {
        Command::Init(arguments) => init::init(&arguments),
        Command::Build(arguments) => build(&arguments),
        Command::Serve(arguments) => serve(&arguments),
        Command::Search(arguments) => search(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Explain(arguments) => explain(&arguments),
        Command::Completions(arguments) => manual::completions(&arguments),
        Command::Manual(arguments) => manual::manual(&arguments),
    }
}

/// True if the folder exists; if not, prints an error.
fn is_folder(folder: &Path, usage: &str) -> bool {
    let is_folder = folder.is_dir();
    if !is_folder {
        let help = format!("name the folder of your notes: `{usage}`");
        print::error(&format!("there is no folder `{}`", folder.display()), &help);
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

fn explain(arguments: &ExplainArguments) -> ExitCode {
    let Some(code) = &arguments.code else {
        print::codes();
        return ExitCode::SUCCESS;
    };
    if let Some(kind) = Kind::of_code(code) {
        print::explanation(kind);
        return ExitCode::SUCCESS;
    }
    let help = Kind::nearest_code(code).map_or_else(
        || "`notes explain` lists all codes".to_owned(),
        |code| format!("did you mean `{code}`?"),
    );
    print::error(&format!("unknown diagnostic code `{code}`"), &help);
    ExitCode::from(2)
}

fn search(arguments: &SearchArguments) -> ExitCode {
    if !is_folder(&arguments.folder, "notes search QUERY FOLDER") {
        return ExitCode::from(2);
    }
    let books = match SearchedNotes::open(&arguments.folder) {
        Ok(books) => books,
        Err(problems) => {
            Printer::new(Verbosity::Usual).report(&Report::new(problems));
            return ExitCode::from(2);
        }
    };
    let found = books.look_up(&arguments.query);
    if arguments.json {
        print::json(&found);
    } else {
        print::found(&found, arguments.limit);
    }
    if found.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn serve(arguments: &ServeArguments) -> ExitCode {
    let Ok(folder) =
        std::path::absolute(&arguments.folder).and_then(|folder| folder.read_dir().map(|_| folder))
    else {
        is_folder(&arguments.folder, "notes serve FOLDER");
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
    };
    build::warm_up();
    let printer = Printer::new(if arguments.quiet { Verbosity::Quiet } else { Verbosity::Usual });
    let opens = arguments.open;
    let observer = move |event: &ServeEvent<'_>| {
        printer.event(event);
        if let ServeEvent::Open { url, .. } = event
            && opens
            && let Err(error) = open::that_detached(url)
        {
            print::error(
                &format!("cannot open a browser: {error}"),
                &format!("open {url} yourself"),
            );
        }
    };
    match serve::serve(&options, Arc::new(observer)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let address = format!("{} port {}", arguments.host, arguments.port);
            print::error(
                &format!("cannot listen on {address}: {error}"),
                "choose another address with --host and --port",
            );
            ExitCode::from(2)
        }
    }
}

fn build(arguments: &BuildArguments) -> ExitCode {
    let started = Instant::now();
    let printer = Printer::new(Verbosity::of(arguments.quiet, arguments.verbose));
    use_threads(arguments.jobs);
    if !is_folder(&arguments.folder, "notes build FOLDER") {
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
    let progress = progress::Bar::new(printer.shows_progress());
    let published = publish(&options, &progress);
    progress.finish();
    match published {
        Ok(Published { build, written, site, notes_in }) => {
            if arguments.timings {
                print::timings(&progress.timings(), &build, &written);
            }
            printer.report(&build.report);
            printer.notes_in(notes_in.as_ref());
            printer.summary(&build, &written, &site, started.elapsed());
            exit_code(&build.report, arguments.strict)
        }
        Err(problems) => {
            printer.report(&Report::new(problems));
            ExitCode::FAILURE
        }
    }
}
