//! Arguments → a command that is run, its report printed and its exit code. The only module that knows the
//! command line, prints or ends the program.
//!
//! Must not know: how anything is done.

mod print;
mod progress;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use clap::{Args, Parser, Subcommand};

use crate::build;
use crate::config::{self, Url};
use crate::diagnostic::{Report, Severity};
use crate::lookup::Shelf;
use crate::publish::{Order, Published, publish};
use crate::serve::{self, News};

use self::print::{Printer, Verbosity};

/// Turns a folder of Markdown study notes, as it is, into a navigable Gitbook-style site.
#[derive(Debug, Parser)]
#[command(name = "notes", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the site of a folder of notes.
    Build(BuildArguments),
    /// Show the site of a folder of notes in a browser, and keep it as the notes are while they are written.
    Serve(ServeArguments),
    /// Search the notes, by the rules and in the order of the site's own search.
    Search(SearchArguments),
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the command line")]
struct ServeArguments {
    /// The folder of the notes, or one that holds them in `content`.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The port to listen at; when it is taken, the next one that is free.
    #[arg(short, long, default_value_t = 3000)]
    port: u16,
    /// The address or name to listen at; `0.0.0.0` for everybody on the network.
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Open the site in a browser.
    #[arg(long)]
    open: bool,
    /// Let browsers go to the note that is being written, to the place of the change.
    #[arg(long)]
    follow: bool,
    /// Look at the files now and then instead of being told of changes.
    #[arg(long)]
    poll: bool,
    /// Print errors only.
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Args)]
struct SearchArguments {
    /// Words that must all occur in a section; "in quotes" as they stand.
    query: String,
    /// The folder of the notes, or one that holds them in `content`.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
    /// Print so many pages at most.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20, conflicts_with = "json")]
    limit: usize,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the command line")]
struct BuildArguments {
    /// The folder of the notes, or one that holds them in `content`.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Where the site goes [default: `site` in the folder].
    #[arg(short, long, value_name = "SITE")]
    output: Option<PathBuf>,
    /// The address the site will have, for canonical links and the sitemap.
    #[arg(long, value_name = "URL", value_parser = config::base_url)]
    base_url: Option<Url>,
    /// End with code 1 when there are warnings.
    #[arg(long)]
    strict: bool,
    /// Write into a folder that holds other files; they are left alone.
    #[arg(long)]
    force: bool,
    /// Work on so many cores at once [default: all].
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    jobs: Option<u16>,
    /// Neither use nor keep what earlier runs made.
    #[arg(long)]
    no_cache: bool,
    /// Print how long each stage took and how much there was to do.
    #[arg(long)]
    timings: bool,
    /// Print errors only.
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Print every message, and what was repaired.
    #[arg(short, long)]
    verbose: bool,
}

/// Runs the program with the arguments of the process.
///
/// Exit codes: 0 when the site was built, with or without warnings, or something was found, or serving was ended; 1 on errors, on warnings
/// with `--strict`, or when nothing was found; 2 on wrong usage.
#[must_use]
pub fn run() -> ExitCode {
    match Arguments::parse().command {
        Command::Build(arguments) => build(&arguments),
        Command::Serve(arguments) => serve(&arguments),
        Command::Search(arguments) => search(&arguments),
    }
}

/// Whether the folder is there; if not, says so.
fn is_there(folder: &Path, usage: &str) -> bool {
    let is_there = folder.is_dir();
    if !is_there {
        let hint = format!("name the folder of your notes: `{usage}`");
        print::error(&format!("there is no folder `{}`", folder.display()), &hint);
    }
    is_there
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
    let Ok(folder) = arguments.folder.canonicalize().and_then(|folder| folder.read_dir().map(|_| folder))
    else {
        is_there(&arguments.folder, "notes serve FOLDER");
        return ExitCode::from(2);
    };
    let order = serve::Order {
        folder,
        host: arguments.host.clone(),
        port: arguments.port,
        poll: arguments.poll,
        follow: arguments.follow,
    };
    build::warm_up();
    let printer = Printer::new(if arguments.quiet { Verbosity::Quiet } else { Verbosity::Usual });
    let opens = arguments.open;
    let tell = move |news: &News<'_>| {
        printer.news(news);
        if let News::Open { url, .. } = news
            && opens
            && let Err(error) = open::that_detached(url)
        {
            print::error(&format!("no browser could be opened: {error}"), &format!("open {url} yourself"));
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
    let verbosity = match (arguments.quiet, arguments.verbose) {
        (true, _) => Verbosity::Quiet,
        (_, true) => Verbosity::Verbose,
        _ => Verbosity::Usual,
    };
    let printer = Printer::new(verbosity);
    if let Some(jobs) = arguments.jobs {
        // Fails only if the threads were at work before, and nothing was done before.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
    }
    if !is_there(&arguments.folder, "notes build FOLDER") {
        return ExitCode::from(2);
    }
    let order = Order {
        folder: arguments.folder.clone(),
        output: arguments.output.clone(),
        base_url: arguments.base_url.clone(),
        force: arguments.force,
        cache: !arguments.no_cache,
        now: SystemTime::now(),
    };
    build::warm_up();
    let progress = progress::Bar::new(printer.shows_progress());
    let published = publish(&order, &progress);
    progress.finish();
    match published {
        Ok(Published { build, written, site }) => {
            if arguments.timings {
                print::timings(&progress.timings(), &build, &written);
            }
            printer.report(&build.report);
            printer.summary(&build, &written, &site, started.elapsed());
            let warned = arguments.strict && build.report.count(Severity::Warning) > 0;
            if warned || build.report.count(Severity::Error) > 0 {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            }
        }
        Err(problems) => {
            printer.report(&Report::new(problems));
            ExitCode::FAILURE
        }
    }
}
