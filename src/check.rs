//! A folder of notes → what is wrong with them, without writing a site; and what a program can mend of it.
//!
//! Must not know: the command line, the terminal.

pub mod external;
pub mod mend;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::build::{self, Counts, Examined, Progress, Sources, Stage};
use crate::cache::Cache;
use crate::diagnostic::{Diagnostic, Fix, Kind, Place, Report};
use crate::digest::Digest;
use crate::history::Head;
use crate::note;
use crate::publish;
use crate::source;
use crate::theme::Theme;

use self::external::{Answers, Manner, State};

/// Under which name the cache has what other sites answered.
const ANSWERS: &str = "external";

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Order {
    /// The folder of the notes, or one that holds them in `content`.
    pub folder: PathBuf,
    /// Whether to use what earlier runs made, and to keep what this one makes.
    pub cache: bool,
    /// Whether other sites are asked for what the notes link to, and how; what the configuration says of it is added.
    pub external: Option<Manner>,
    /// The time; see [`publish::Order::now`].
    pub now: SystemTime,
}

/// What came of it.
#[derive(Debug)]
pub struct Checked {
    /// What there is to tell.
    pub report: Report,
    /// How much there was to do.
    pub counts: Counts,
}

/// Looks at all notes, as a build does.
///
/// # Errors
/// What keeps the notes from being looked at: a configuration with mistakes, no notes.
pub fn check(order: &Order, progress: &impl Progress) -> Result<Checked, Vec<Diagnostic>> {
    let folder = &order.folder;
    let (config, notices) = publish::configured(folder)?;
    let root = folder.join(config.content.as_str());
    progress.begin(Stage::Read);
    let tree = publish::read(&root, &folder.join(publish::SITE), &config, order.now);
    let theme = Theme::load(folder, !config.content.is_root());
    let cache = if order.cache { Cache::open(folder) } else { Cache::none() };
    progress.end(Stage::Read);
    let (history, unknown) = publish::history(&Head::of(&root), &cache);
    let sources = Sources::new(tree, config, theme, cache).with_history(history);
    let Examined { report, counts, external, silences } = build::examine(&sources, progress);
    if counts.notes == 0 {
        return Err(report.messages().to_vec());
    }
    let manner = order.external.clone().map(|manner| Manner {
        local: manner.local || sources.config.external.local,
        exclude: [&manner.exclude[..], &sources.config.external.exclude].concat(),
        ..manner
    });
    let outside = manner.map(|manner| ask(&external, &manner, &sources, order.now, progress));
    let outside = silences.told(outside.unwrap_or_default());
    // Without it the next run has more to do, and nothing else.
    let _ = sources.cache.save();
    let config = &sources.config;
    let more = config.levels.apply(notices.into_iter().chain(unknown).chain(outside));
    let messages = report.messages().iter().cloned().chain(more).map(|message| {
        let is_wanted = message.kind != Kind::InsecureImage || config.https_images;
        Diagnostic { fix: message.fix.filter(|_| is_wanted), ..message }
    });
    Ok(Checked { report: Report::new(messages.collect()), counts })
}

/// Asks other sites for what the notes link to, and tells what is wrong.
fn ask(
    links: &[(Place, String)],
    manner: &Manner,
    sources: &Sources,
    now: SystemTime,
    progress: &impl Progress,
) -> Vec<Diagnostic> {
    let asked: Vec<(&Place, &String, String)> = links
        .iter()
        .filter_map(|(place, address)| Some((place, address, external::asked(address, manner)?)))
        .collect();
    let addresses: BTreeSet<String> = asked.iter().map(|(.., asked)| asked.clone()).collect();
    let known: Answers = sources.cache.last(ANSWERS, Digest::default()).unwrap_or_default();
    let now = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    progress.begin(Stage::Ask);
    progress.expect(addresses.len());
    let answers = external::ask(&addresses, &known, manner, now, &|| progress.step());
    progress.end(Stage::Ask);
    sources.cache.leave(ANSWERS, Digest::default(), &answers);
    let problems = asked.into_iter().filter_map(|(place, address, asked)| {
        let problem = told_of(address, &answers.get(&asked)?.state)?;
        Some(Diagnostic { place: place.clone(), ..problem })
    });
    problems.collect()
}

/// What there is to say of an address.
fn told_of(address: &str, state: &State) -> Option<Diagnostic> {
    Some(match state {
        State::There => return None,
        State::Moved(to) => {
            Diagnostic::new(Kind::MovedExternal, format!("`{address}` has moved for good"))
                .hint(format!("write `{to}`"))
        }
        State::Gone(why) => {
            Diagnostic::new(Kind::DeadExternal, format!("`{address}` is not there: {why}"))
                .hint("find where it has gone, or remove the link")
        }
        State::Silent(why) => Diagnostic::new(Kind::SilentExternal, format!("`{address}`: {why}"))
            .hint("look at it in a browser"),
    })
}

/// The text of a file that a message is about, as the parsers saw it; `None` when it cannot be read.
#[must_use]
pub fn text_of(folder: &Path, file: &str) -> Option<String> {
    source::text_below(folder, file).map(|text| note::plain(&text).into_owned())
}

/// What a program can mend of a report.
#[must_use]
pub fn changes(folder: &Path, report: &Report) -> Vec<mend::Change> {
    let fixes = report.messages().iter().filter_map(|message| {
        let fix = message.fix.as_deref()?;
        let file = match fix {
            Fix::Replace { .. } => message.place.file.as_deref()?,
            Fix::Line { file, .. } => file,
        };
        Some((file, message.place.span, fix))
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
