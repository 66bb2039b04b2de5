//! A folder of notes → what is wrong with them, without writing a site; and what a program can mend of it.
//!
//! Must not know: the command line, the terminal.

pub mod mend;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::build::{self, Counts, Progress, Sources, Stage};
use crate::cache::Cache;
use crate::diagnostic::{Diagnostic, Fix, Kind, Report};
use crate::note;
use crate::publish;
use crate::source;
use crate::theme::Theme;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Order {
    /// The folder of the notes, or one that holds them in `content`.
    pub folder: PathBuf,
    /// Whether to use what earlier runs made, and to keep what this one makes.
    pub cache: bool,
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
    let sources = Sources::new(tree, config, theme, cache);
    let (report, counts) = build::examine(&sources, progress);
    if counts.notes == 0 {
        return Err(report.messages().to_vec());
    }
    // Without it the next run has more to do, and nothing else.
    let _ = sources.cache.save();
    let config = &sources.config;
    let notices = config.levels.apply(notices);
    let messages = report.messages().iter().cloned().chain(notices).map(|message| {
        let is_wanted = message.kind != Kind::InsecureImage || config.https_images;
        Diagnostic { fix: message.fix.filter(|_| is_wanted), ..message }
    });
    Ok(Checked { report: Report::new(messages.collect()), counts })
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
        let fix = message.fix.as_ref()?;
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
