//! Arguments → a command that is run, its report printed and its exit code. The only module that
//! knows the command line, prints or ends the program.
//!
//! Must not know: how anything is done.

mod arguments;
mod check;
mod forms;
mod init;
mod manual;
mod print;
mod progress;
mod snippet;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use clap::Parser as _;

use crate::build;
use crate::diagnostic::{Kind, Report, Severity};
use crate::lookup::Shelf;
use crate::publish::{BuildOptions, Published, publish};
use crate::serve::{self, ServeEvent};

use self::arguments::{
    Arguments, BuildArguments, Command, ExplainArguments, SearchArguments, ServeArguments,
};
use self::print::{Printer, Verbosity};

/// Runs the program with the arguments of the process.
///
/// Exit codes: 0 when the site was built or the notes were looked at, with or without warnings, or
/// something was found, or serving was ended; 1 on errors, on warnings with `--strict`, or when
/// nothing was found; 2 on wrong usage.
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

/// True if the folder is there; if not, says so.
fn is_there(folder: &Path, usage: &str) -> bool {
    let is_there = folder.is_dir();
    if !is_there {
        let hint = format!("name the folder of your notes: `{usage}`");
        print::error(&format!("there is no folder `{}`", folder.display()), &hint);
    }
    is_there
}

/// Lets as many cores work as were asked for.
fn work_on(jobs: Option<u16>) {
    if let Some(jobs) = jobs {
        // Fails only if the threads were at work before, and nothing was done before.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
    }
}

/// True if notes are as they should be.
fn judged(report: &Report, strict: bool) -> ExitCode {
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
    let hint = Kind::nearest_code(code);
    let hint = hint.map_or_else(
        || "`notes explain` lists them".to_owned(),
        |code| format!("did you mean `{code}`?"),
    );
    print::error(&format!("`{code}` is no code of a message"), &hint);
    ExitCode::from(2)
}

fn search(arguments: &SearchArguments) -> ExitCode {
    if !is_there(&arguments.folder, "notes search QUERY FOLDER") {
        return ExitCode::from(2);
    }
    let shelf = match Shelf::open(&arguments.folder) {
        Ok(shelf) => shelf,
        Err(problems) => {
            Printer::new(Verbosity::Usual).report(&Report::new(problems));
            return ExitCode::from(2);
        }
    };
    let found = shelf.look_up(&arguments.query);
    if arguments.json {
        print::json(&found);
    } else {
        print::found(&found, arguments.limit);
    }
    if found.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn serve(arguments: &ServeArguments) -> ExitCode {
    let Ok(folder) =
        arguments.folder.canonicalize().and_then(|folder| folder.read_dir().map(|_| folder))
    else {
        is_there(&arguments.folder, "notes serve FOLDER");
        return ExitCode::from(2);
    };
    let order = serve::ServeOptions {
        folder,
        host: arguments.host.clone(),
        port: arguments.port,
        poll: arguments.poll,
        drafts: arguments.drafts,
        follow: arguments.follow,
    };
    build::warm_up();
    let printer = Printer::new(if arguments.quiet { Verbosity::Quiet } else { Verbosity::Usual });
    let opens = arguments.open;
    let tell = move |news: &ServeEvent<'_>| {
        printer.news(news);
        if let ServeEvent::Open { url, .. } = news
            && opens
            && let Err(error) = open::that_detached(url)
        {
            print::error(
                &format!("no browser could be opened: {error}"),
                &format!("open {url} yourself"),
            );
        }
    };
    match serve::serve(&order, Arc::new(tell)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let place = format!("{} port {}", arguments.host, arguments.port);
            print::error(
                &format!("cannot listen at {place}: {error}"),
                "choose others with --host and --port",
            );
            ExitCode::from(2)
        }
    }
}

fn build(arguments: &BuildArguments) -> ExitCode {
    let started = Instant::now();
    let printer = Printer::new(Verbosity::of(arguments.quiet, arguments.verbose));
    work_on(arguments.jobs);
    if !is_there(&arguments.folder, "notes build FOLDER") {
        return ExitCode::from(2);
    }
    let options = BuildOptions {
        folder: arguments.folder.clone(),
        output: arguments.output.clone(),
        base_url: arguments.base_url.clone(),
        drafts: arguments.drafts,
        force: arguments.force,
        cache: !arguments.no_cache,
        now: SystemTime::now(),
    };
    build::warm_up();
    let progress = progress::Bar::new(printer.shows_progress());
    let published = publish(&options, &progress);
    progress.finish();
    match published {
        Ok(Published { build, written, site }) => {
            if arguments.timings {
                print::timings(&progress.timings(), &build, &written);
            }
            printer.report(&build.report);
            printer.summary(&build, &written, &site, started.elapsed());
            judged(&build.report, arguments.strict)
        }
        Err(problems) => {
            printer.report(&Report::new(problems));
            ExitCode::FAILURE
        }
    }
}
