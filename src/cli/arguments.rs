//! The command line → its parsed arguments.
//!
//! Must not know: the work of a command.

mod examples;
mod take_along;

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::build::CommandUse;
use crate::config::{self, Url};
use crate::phrase::{Language, Phrase, phrase};

pub(super) use self::take_along::{BookArguments, CardsArguments, EpubArguments, PdfArguments};

/// Turns a folder of Markdown study notes, as it is, into a navigable Gitbook-style site.
#[derive(Debug, Parser)]
#[command(name = "notes", version, arg_required_else_help = true)]
pub(super) struct Arguments {
    /// The language of messages [default: that of the environment].
    #[arg(long, global = true, value_enum, display_order = 900)]
    pub lang: Option<Language>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the settings of a folder of notes, and the workflow that publishes it; overwrites
    /// nothing.
    #[command(after_help = examples::INIT)]
    Init(InitArguments),
    /// Build the site of a folder of notes.
    #[command(after_help = examples::BUILD)]
    Build(BuildArguments),
    /// Preview the site of a folder of notes in a browser, with live reload.
    #[command(after_help = examples::SERVE)]
    Serve(ServeArguments),
    /// Search the notes, by the rules and in the order of the site's own search.
    #[command(after_help = examples::SEARCH)]
    Search(SearchArguments),
    /// Write the study cards of the notes: the text that Anki imports.
    #[command(after_help = examples::CARDS)]
    Cards(CardsArguments),
    /// Write the notes as an e-book (EPUB), all of them or a part.
    #[command(after_help = examples::EPUB)]
    Epub(EpubArguments),
    /// Print the notes to a PDF, all of them or a part, with WeasyPrint or Chromium.
    #[command(after_help = examples::PDF)]
    Pdf(PdfArguments),
    /// Let assistants search and read the notes: a server of the Model Context Protocol over
    /// standard input and output.
    #[command(after_help = examples::MCP)]
    Mcp(McpArguments),
    /// Report problems in the notes, and fix the safe ones.
    #[command(after_help = examples::CHECK)]
    Check(CheckArguments),
    /// List the images of other sites in the notes; fetch them, and keep them beside the notes.
    #[command(after_help = examples::IMAGES)]
    Images(ImagesArguments),
    /// Explain a kind of message: why it matters, and how to fix it.
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainArguments),
    /// Print a script that lets a shell complete this program's arguments.
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionsArguments),
    /// Print the manual page of this program or of one of its commands, for `man`.
    #[command(after_help = examples::MANUAL)]
    Manual(ManualArguments),
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the command line")]
pub(super) struct ServeArguments {
    /// The folder of the notes, or one that contains them in `content`.
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// The port to listen on; if it is taken, the next free one.
    #[arg(short, long, default_value_t = 3000, value_parser = port)]
    pub port: u16,
    /// The address or name to listen on; `0.0.0.0` for everyone on the network.
    #[arg(long, default_value = "127.0.0.1")]
    pub host: String,
    /// Open the site in a browser.
    #[arg(long)]
    pub open: bool,
    /// Let browsers follow the edits: to the edited note and section.
    #[arg(long)]
    pub follow: bool,
    /// Show drafts too.
    #[arg(long)]
    pub drafts: bool,
    #[command(flatten)]
    pub commands: CommandArguments,
    /// Poll for changes instead of using file-system events.
    #[arg(long)]
    pub poll: bool,
    /// Print errors only.
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// The folder of the notes or the library; without `--library`, an empty or new one gets a few
    /// notes to start with.
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// Write the settings of a library: one site of the repositories, or else of the folders with
    /// notes, in the folder.
    #[arg(long)]
    pub library: bool,
    /// The address of a book's repository, for a library whose books are not cloned yet; can be
    /// given several times.
    #[arg(
        long = "book",
        value_name = "URL",
        requires = "library",
        value_parser = config::repository_url
    )]
    pub books: Vec<Url>,
    /// Write a workflow that builds, checks and publishes the notes on GitHub Pages.
    #[arg(long)]
    pub github_pages: bool,
    /// The action that the workflow uses [default: that of this program's repository].
    #[arg(long, value_name = "OWNER/NAME@REF", requires = "github_pages", value_parser = action)]
    pub action: Option<String>,
    /// The language of the first notes of an empty folder [default: that of the messages].
    #[arg(long, value_enum)]
    pub language: Option<Language>,
}

/// Most threads.
const MOST_THREADS: u16 = 512;

/// Reads a port; 0 is any that is free.
fn port(text: &str) -> Result<u16, Phrase> {
    text.parse().map_err(|_| phrase!("a port is a number from 1 to 65535"))
}

/// Reads a number of threads.
fn threads(text: &str) -> Result<u16, Phrase> {
    match text.parse() {
        Ok(number @ 1..=MOST_THREADS) => Ok(number),
        _ => Err(phrase!(
            "the number must be from {least} to {most}",
            least = 1_u16,
            most = MOST_THREADS
        )),
    }
}

fn number(text: &str) -> Result<usize, Phrase> {
    text.parse().map_err(|_| phrase!("it is not a number"))
}

/// Reads the name of an action.
fn action(text: &str) -> Result<String, Phrase> {
    let is_name = |name: &str| {
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
    };
    let is_action = text
        .split_once('@')
        .is_some_and(|(name, reference)| is_name(name) && name.contains('/') && is_name(reference));
    if is_action { Ok(text.to_owned()) } else { Err(phrase!("write it as owner/name@v1")) }
}

#[derive(Debug, Args)]
pub(super) struct SearchArguments {
    /// Words that must all occur in a section; "in quotes" for a phrase.
    pub query: String,
    /// The folder of the notes, or one that contains them in `content`.
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// Search only notes with this tag.
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// Print all results as JSON.
    #[arg(long)]
    pub json: bool,
    /// Largest number of pages to print.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20, value_parser = number, conflicts_with = "json")]
    pub limit: usize,
}

#[derive(Debug, Args)]
pub(super) struct McpArguments {
    /// The folder of the notes, or one that contains them in `content`.
    #[arg(default_value = ".")]
    pub folder: PathBuf,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the command line")]
pub(super) struct BuildArguments {
    /// The folder of the notes, or one that contains them in `content`.
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// Output folder [default: `site` in the folder].
    #[arg(short, long, value_name = "SITE")]
    pub output: Option<PathBuf>,
    /// The address the site will have, for canonical links and the sitemap.
    #[arg(long, value_name = "URL", value_parser = config::base_url)]
    pub base_url: Option<Url>,
    /// Publish drafts too.
    #[arg(long)]
    pub drafts: bool,
    #[command(flatten)]
    pub commands: CommandArguments,
    /// Exit with code 1 if there are warnings.
    #[arg(long)]
    pub strict: bool,
    /// Write to a folder that contains other files, which are left alone.
    #[arg(long)]
    pub force: bool,
    /// Number of threads [default: one for each core].
    #[arg(short, long, value_name = "N", value_parser = threads)]
    pub jobs: Option<u16>,
    /// Do not use or update the cache.
    #[arg(long)]
    pub no_cache: bool,
    /// Do not ask the sites in `federation` of notes.yaml; use what they published before.
    #[arg(long)]
    pub offline: bool,
    /// Print the time and the amount of work of each stage.
    #[arg(long)]
    pub timings: bool,
    /// Print errors only.
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print every message, hints too.
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the command line")]
pub(super) struct CheckArguments {
    /// The folder of the notes, or one that contains them in `content`.
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Exit with code 1 if there are warnings.
    #[arg(long)]
    pub strict: bool,
    /// Check links to other sites too.
    #[arg(long)]
    pub external: bool,
    /// Ask again for what other sites answered within the last week.
    #[arg(long, requires = "external")]
    pub refresh: bool,
    #[command(flatten)]
    pub commands: CommandArguments,
    /// Fix safe problems, after showing the changes.
    #[arg(long)]
    pub fix: bool,
    /// Fix them without asking.
    #[arg(long, requires = "fix")]
    pub yes: bool,
    /// Number of threads [default: one for each core].
    #[arg(short, long, value_name = "N", value_parser = threads)]
    pub jobs: Option<u16>,
    /// Do not use or update the cache.
    #[arg(long)]
    pub no_cache: bool,
    /// Print errors only.
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print every message.
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the command line")]
#[command(group = ArgGroup::new("change").args(["fetch", "undo"]))]
pub(super) struct ImagesArguments {
    /// The folder of the notes, or one that contains them in `content`.
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// Ask the hosts for the size of each image, and whether it exists.
    #[arg(long, conflicts_with = "change")]
    pub ask: bool,
    /// Fetch the images, and show how the notes would change.
    #[arg(long)]
    pub fetch: bool,
    /// Give the notes back the addresses of images that are kept.
    #[arg(long)]
    pub undo: bool,
    /// Write the changes of `--fetch` or `--undo`.
    #[arg(long, requires = "change")]
    pub write: bool,
    /// Only the images of this host and of those below it; can be given several times.
    #[arg(long = "host", value_name = "HOST")]
    pub hosts: Vec<String>,
    /// Print the list as JSON.
    #[arg(long, conflicts_with = "change")]
    pub json: bool,
    /// Exit with code 1 if an image does not exist or cannot be kept.
    #[arg(long)]
    pub strict: bool,
    /// Do not use or update the cache.
    #[arg(long)]
    pub no_cache: bool,
    /// Print errors only.
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print every image, and every message.
    #[arg(short, long)]
    pub verbose: bool,
}

/// The permission to run commands.
#[derive(Debug, Args)]
pub(super) struct CommandArguments {
    /// Run the commands that `blocks` in notes.yaml names; they can do anything that you can.
    #[arg(
        long,
        env = "NOTES_ALLOW_COMMANDS",
        hide_env_values = true,
        value_parser = FalseyValueParser::new()
    )]
    pub allow_commands: bool,
}

impl CommandArguments {
    /// The use of the commands.
    pub fn used(&self) -> CommandUse {
        if self.allow_commands { CommandUse::Run } else { CommandUse::Refuse }
    }
}

/// The output format of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people: each message with its line.
    Human,
    /// A JSON list.
    Json,
    /// Annotations of GitHub's workflows.
    Github,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// A diagnostic code; without one, all are listed.
    pub code: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// The shell.
    #[arg(value_enum)]
    pub shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManualArguments {
    /// The command; without one, the program.
    pub command: Option<String>,
}
