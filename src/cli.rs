//! Arguments → a command that is run, its report printed and its exit code. The only module that knows the
//! command line, prints or ends the program.
//!
//! Must not know: how anything is done.

mod print;
mod progress;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, Parser, Subcommand};

use crate::build::{self, Build, Progress, Stage};
use crate::cache::Cache;
use crate::config::{self, Config, Url};
use crate::diagnostic::{Diagnostic, Kind, Report, Severity};
use crate::output::{self, Gone, Written};
use crate::page::label;
use crate::source::{Skip, Tree};
use crate::theme::Theme;

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
/// Exit codes: 0 when the site was built, with or without warnings; 1 on errors, or on warnings with `--strict`;
/// 2 on wrong usage.
#[must_use]
pub fn run() -> ExitCode {
    match Arguments::parse().command {
        Command::Build(arguments) => build(&arguments),
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
    if !arguments.folder.is_dir() {
        let message = format!("there is no folder `{}`", arguments.folder.display());
        print::error(&message, "name the folder of your notes: `notes build FOLDER`");
        return ExitCode::from(2);
    }
    match make(arguments, &printer) {
        Ok((build, written, site)) => {
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

/// Loads, builds and writes.
fn make(arguments: &BuildArguments, printer: &Printer) -> Result<(Build, Written, PathBuf), Vec<Diagnostic>> {
    let folder = &arguments.folder;
    let loaded = config::load(folder)?;
    let mut config = loaded.config;
    let unknown = config.unknown_labels(&label::names().collect::<Vec<_>>());
    if !unknown.is_empty() {
        return Err(unknown);
    }
    config.base_url = arguments.base_url.clone().or(config.base_url);
    let root = folder.join(config.content.as_str());
    let site = arguments.output.clone().unwrap_or_else(|| folder.join("site"));
    let own = ["static", "templates"].map(|name| folder.join(name));
    output::check_place(&site, &root, &own, arguments.force).map_err(|problem| vec![problem])?;
    build::warm_up();
    let progress = progress::Bar::new(printer.shows_progress());
    progress.begin(Stage::Read);
    let tree = read(&root, &site, &config);
    let theme = Theme::load(folder, !config.content.is_root());
    progress.end(Stage::Read);
    let cache = if arguments.no_cache { Cache::none() } else { Cache::open(folder) };
    let mut build = build::build(&tree, &config, &theme, &cache, &progress);
    progress.finish();
    if build.counts.notes == 0 {
        // Rather the old site than none: the folder may be the wrong one, or not mounted.
        return Err(build.report.messages().to_vec());
    }
    progress.begin(Stage::Write);
    let all_was_read = build.report.messages().iter().all(|message| message.kind != Kind::Unreadable);
    let written = output::write(&site, &build.output, if all_was_read { Gone::Delete } else { Gone::Keep });
    progress.end(Stage::Write);
    // Without it the next run has more to do, and nothing else.
    let _ = cache.save();
    if arguments.timings {
        print::timings(&progress.timings(), &build, &written);
    }
    let all = build.report.messages().iter().chain(&written.diagnostics).cloned();
    build.report = Report::new(all.chain(loaded.notices).collect());
    Ok((build, written, site))
}

fn read(root: &Path, site: &Path, config: &Config) -> Tree {
    let prefix = if config.content.is_root() { String::new() } else { format!("{}/", config.content) };
    let output = site.canonicalize().ok();
    let skip = Skip {
        output: output.as_deref(),
        output_mark: (output::MANIFEST, output::MANIFEST_BEGIN),
        excluded: &|path| config.exclude.matches(path),
    };
    Tree::read(root, prefix, skip)
}
