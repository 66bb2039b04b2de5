//! A folder of notes → what is wrong with them, without writing a site; and what a program can mend
//! of it.
//!
//! Must not know: the command line, the terminal.

pub mod external;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::build::{self, CommandUse, Counts, Examined, Progress, Sources, Stage};
use crate::diagnostic::{Diagnostic, Fix, Kind, Location, Report};
use crate::digest::Digest;
use crate::mend;
use crate::note;
use crate::phrase::phrase;
use crate::project::{CacheUse, Collection, ProjectOptions};
use crate::source;
use crate::web::Reach;

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
    /// The folders of the files in the diagnostics.
    pub folders: NoteFolders,
}

/// The folder of the notes and those of the books that its settings list: the files that messages
/// name are in them, and no other file is ever read for a message or changed by a fix.
#[derive(Debug, Clone)]
pub struct NoteFolders {
    home: PathBuf,
    /// The folders of the books, each with the beginning that its files have in messages.
    books: Vec<(String, PathBuf)>,
}

impl NoteFolders {
    /// A folder without books.
    #[must_use]
    pub fn alone(home: PathBuf) -> Self {
        Self { home, books: Vec::new() }
    }

    /// The number of the book that a file is in.
    fn book_of(&self, file: &str) -> Option<usize> {
        let all = self.books.iter().enumerate();
        let holding = all.filter(|(_, (prefix, _))| file.starts_with(prefix.as_str()));
        holding.max_by_key(|(_, (prefix, _))| prefix.len()).map(|(number, _)| number)
    }

    /// The folder that a file is in, and its path there.
    fn split<'f>(&self, file: &'f str) -> (&Path, &'f str) {
        match self.book_of(file).map(|number| &self.books[number]) {
            Some((prefix, folder)) => (folder, &file[prefix.len()..]),
            None => (&self.home, file),
        }
    }
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
    let sources = &collection.home.sources;
    let books = collection.book_sources();
    let Examined { report, counts, external, silences } = build::examine(sources, &books, progress);
    if counts.notes == 0 {
        let left_out = collection.notices().filter(|notice| notice.kind == Kind::Book);
        return Err(report.messages().iter().cloned().chain(left_out).collect());
    }
    let manner = options.external.clone().map(|manner| Manner {
        reach: Reach {
            local: manner.reach.local || sources.config.external.local,
            exclude: [&manner.reach.exclude[..], &sources.config.external.exclude].concat(),
        },
        ..manner
    });
    let outside = manner.map(|manner| ask(&external, &manner, sources, options.now, progress));
    let outside = silences.told(outside.unwrap_or_default());
    collection.save_caches();
    let more = sources.config.levels.apply(outside);
    let folders = NoteFolders { home: options.folder.clone(), books: collection.shown_folders() };
    let notices = collection.notices();
    let messages = report.messages().iter().cloned().chain(notices).chain(more).map(|message| {
        let is_wanted =
            message.kind != Kind::InsecureImage || wants_https(&collection, &folders, &message);
        Diagnostic { fix: message.fix.filter(|_| is_wanted), ..message }
    });
    let report = Report::new(messages.collect());
    Ok(Checked { report, counts, folders })
}

/// True if the settings of the folder that a message is about turn on `https:` for images.
fn wants_https(collection: &Collection, folders: &NoteFolders, message: &Diagnostic) -> bool {
    let file = message.location.file.as_deref().unwrap_or_default();
    let book = folders.book_of(file).and_then(|number| collection.books.get(number));
    book.unwrap_or(&collection.home).sources.config.images.https
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
    let digest = Digest::of_value(&manner.reach);
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
            Diagnostic::new(Kind::MovedExternal, phrase!("`{address}` has moved for good", address))
                .help(phrase!("write `{to}`", to))
        }
        State::Gone(why) => Diagnostic::new(
            Kind::DeadExternal,
            phrase!("`{address}` is not there: {why}", address, why),
        )
        .help(phrase!("find where it has gone, or remove the link")),
        State::Silent(why) => {
            Diagnostic::new(Kind::SilentExternal, phrase!("`{address}`: {why}", address, why))
                .help(phrase!("look at it in a browser"))
        }
    })
}

/// The text of a file that a message is about, as the parsers saw it; `None` when it cannot be
/// read.
#[must_use]
pub fn text_of(folders: &NoteFolders, file: &str) -> Option<String> {
    let (folder, file) = folders.split(file);
    source::text_below(folder, file).map(|text| note::plain(&text).into_owned())
}

/// The fixes of a report.
#[must_use]
pub fn changes(folders: &NoteFolders, report: &Report) -> Vec<mend::Change> {
    let fixes = report.messages().iter().filter_map(|message| {
        let fix = message.fix.as_deref()?;
        let file = match fix {
            Fix::Replace { .. } => message.location.file.as_deref()?,
            Fix::Line { file, .. } => file,
        };
        Some((file, message.location.span, fix))
    });
    mend::changes(fixes, |file| {
        let (folder, file) = folders.split(file);
        source::raw_text(folder, file)
    })
}

/// Writes a change, unless the file is another by now.
///
/// # Errors
/// Why it is not written.
pub fn apply(folders: &NoteFolders, change: &mend::Change) -> std::io::Result<()> {
    let (folder, file) = folders.split(&change.file);
    source::replace(folder, file, &change.before, &change.after)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn files_are_changed_only_in_the_folder_that_they_are_shown_in() {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["home", "A", "B"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
            fs::write(dir.path().join(folder).join("a.md"), "one").unwrap();
        }
        let books = [("../A/".to_owned(), dir.path().join("A"))].to_vec();
        let folders = NoteFolders { home: dir.path().join("home"), books };
        for (file, is_changed) in
            [("a.md", true), ("../A/a.md", true), ("../B/a.md", false), ("../A/../B/a.md", false)]
        {
            let (before, after) = ("one".to_owned(), "two".to_owned());
            let change = mend::Change { file: file.to_owned(), before, after, count: 1 };
            assert_eq!(text_of(&folders, file).is_some(), is_changed, "{file}");
            assert_eq!(apply(&folders, &change).is_ok(), is_changed, "{file}");
            let text = fs::read_to_string(dir.path().join("home").join(file)).unwrap();
            assert_eq!(text, if is_changed { "two" } else { "one" }, "{file}");
        }
    }
}
