//! A folder of notes → what is wrong with them, without writing a site; and what a program can mend
//! of it.
//!
//! Must not know: the command line, the terminal.

pub mod external;
pub mod mend;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::build::{self, CommandUse, Counts, Examined, Progress, Sources, Stage};
use crate::diagnostic::{Diagnostic, Fix, Kind, Location, Report};
use crate::digest::Digest;
use crate::note;
use crate::project::{CacheUse, Collection, ProjectOptions};
use crate::source;

use self::external::{Answers, Manner, State};

/// The part of the cache's state that is the answers of other sites: each has its time, and is
/// asked for again when it is too old.
const ANSWERS: &str = "external";

/// Options of `notes check`.
#[derive(Debug, Clone)]
pub struct CheckOptions {
    /// The folder of the notes, or one that holds them in `content`.
    pub folder: PathBuf,
    /// True to use values of earlier runs, and to keep those of this one.
    pub cache: bool,
    /// The use of the commands that draw blocks.
    pub commands: CommandUse,
    /// Options of asking other sites for the pages that the notes link to, if they are asked; those
    /// of the settings are added.
    pub external: Option<Manner>,
    /// The current time; see [`ProjectOptions::now`].
    pub now: SystemTime,
}

/// The result of a check.
#[derive(Debug)]
pub struct Checked {
    /// The diagnostics.
    pub report: Report,
    /// The amount of work.
    pub counts: Counts,
}

/// Checks all notes, by the stages of a build.
///
/// # Errors
/// Reasons why the notes cannot be checked: mistakes in the settings, no notes.
pub fn check(options: &CheckOptions, progress: &impl Progress) -> Result<Checked, Vec<Diagnostic>> {
    let project_options = ProjectOptions {
        cache: if options.cache { CacheUse::ReadWrite } else { CacheUse::Off },
        commands: options.commands,
        ..ProjectOptions::new(options.now)
    };
    progress.begin(Stage::Read);
    let collection = Collection::open(&options.folder, &project_options);
    progress.end(Stage::Read);
    let collection = collection?;
    let (sources, notices) = (&collection.home.sources, collection.notices().cloned());
    let books = collection.book_sources();
    let Examined { report, counts, external, silences } = build::examine(sources, &books, progress);
    if counts.notes == 0 {
        let left_out = collection.notices().filter(|notice| notice.kind == Kind::Book);
        return Err(report.messages().iter().chain(left_out).cloned().collect());
    }
    let manner = options.external.clone().map(|manner| Manner {
        local: manner.local || sources.config.external.local,
        exclude: [&manner.exclude[..], &sources.config.external.exclude].concat(),
        ..manner
    });
    let outside = manner.map(|manner| ask(&external, &manner, sources, options.now, progress));
    let outside = silences.told(outside.unwrap_or_default());
    collection.save_caches();
    let config = &sources.config;
    let more = config.levels.apply(outside);
    let messages = report.messages().iter().cloned().chain(notices).chain(more).map(|message| {
        let is_wanted = message.kind != Kind::InsecureImage || config.https_images;
        Diagnostic { fix: message.fix.filter(|_| is_wanted), ..message }
    });
    Ok(Checked { report: Report::new(messages.collect()), counts })
}

/// Asks other sites for what the notes link to, and tells what is wrong.
fn ask(
    links: &[(Location, String)],
    manner: &Manner,
    sources: &Sources,
    now: SystemTime,
    progress: &impl Progress,
) -> Vec<Diagnostic> {
    let asked: Vec<(&Location, &String, String)> = links
        .iter()
        .filter_map(|(location, address)| {
            Some((location, address, external::asked(address, manner)?))
        })
        .collect();
    let addresses: BTreeSet<String> = asked.iter().map(|(.., asked)| asked.clone()).collect();
    // A refusal is no answer of a site, and what is refused depends on both.
    let digest = Digest::of_value(&(manner.local, &manner.exclude));
    let known: Answers = sources.cache.load_state(ANSWERS, digest).unwrap_or_default();
    let now = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    progress.begin(Stage::Ask);
    progress.expect(addresses.len());
    let found = external::ask(&addresses, &known, manner, now, &|| progress.step());
    progress.end(Stage::Ask);
    sources.cache.save_state(ANSWERS, digest, &found.answers);
    let problems = asked.into_iter().filter_map(|(location, address, asked)| {
        let problem = told_of(address, found.state(&asked)?)?;
        Some(Diagnostic { location: location.clone(), ..problem })
    });
    problems.collect()
}

/// The diagnostic about an address.
fn told_of(address: &str, state: &State) -> Option<Diagnostic> {
    Some(match state {
        State::There => return None,
        State::Moved(to) => {
            Diagnostic::new(Kind::MovedExternal, format!("`{address}` has moved for good"))
                .help(format!("write `{to}`"))
        }
        State::Gone(why) => {
            Diagnostic::new(Kind::DeadExternal, format!("`{address}` is not there: {why}"))
                .help("find where it has gone, or remove the link")
        }
        State::Silent(why) => Diagnostic::new(Kind::SilentExternal, format!("`{address}`: {why}"))
            .help("look at it in a browser"),
    })
}

/// The text of a file that a message is about, as the parsers saw it; `None` when it cannot be
/// read.
#[must_use]
pub fn text_of(folder: &Path, file: &str) -> Option<String> {
    source::text_below(folder, file).map(|text| note::plain(&text).into_owned())
}

/// The fixes of a report.
#[must_use]
pub fn changes(folder: &Path, report: &Report) -> Vec<mend::Change> {
    let fixes = report.messages().iter().filter_map(|message| {
        let fix = message.fix.as_deref()?;
        let file = match fix {
            Fix::Replace { .. } => message.location.file.as_deref()?,
            Fix::Line { file, .. } => file,
        };
        Some((file, message.location.span, fix))
    });
    mend::changes(fixes, |file| source::raw_text(folder, file))
}

/// Writes a change, unless the file is another by now.
///
/// # Errors
/// Why it is not written.
pub fn apply(folder: &Path, change: &mend::Change) -> std::io::Result<()> {
    source::replace(folder, &change.file, &change.before, &change.after)
}
