//! `notes images`: the pictures of other sites by host, and the changes that keep them beside the
//! notes or give their addresses back.
//!
//! Must not know: how a picture is found, asked for or kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::SystemTime;

use serde::Serialize;

use super::arguments::ImagesArguments;
use super::check::coloured;
use super::print::{self, MOST_OF_A_KIND, Printer, Verbosity};
use super::{is_folder, progress};
use crate::diagnostic::Report;
use crate::images::{
    Described, FetchManner, ImagePlan, ImagesOptions, PictureProblem, RemoteImages, RemotePicture,
    WrittenImages,
};
use crate::path::without_control;
use crate::phrase::{Language, Phrase, phrase};

/// The states of the pictures that were asked for.
type States<'a> = BTreeMap<&'a str, &'a Described>;

/// The places of each picture, by host and address.
type Hosts<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Vec<&'a RemotePicture>>>;

/// A picture for programs.
#[derive(Serialize)]
struct JsonPicture<'a> {
    url: &'a str,
    host: &'a str,
    places: Vec<JsonPlace<'a>>,
    /// The answer of the host, if it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
}

/// The place of a picture in a note, for programs.
#[derive(Serialize)]
struct JsonPlace<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    address: &'a str,
}

/// Prints what was asked for.
struct ImagesPrinter<'a> {
    arguments: &'a ImagesArguments,
    language: Language,
}

/// Runs the command.
pub(super) fn images(arguments: &ImagesArguments, language: Language) -> ExitCode {
    if !is_folder(&arguments.folder, "notes images FOLDER", language) {
        return ExitCode::from(2);
    }
    let printer = Printer::new(Verbosity::of(arguments.quiet, arguments.verbose), language);
    let bar = progress::Bar::new(printer.shows_progress(), language);
    let options = ImagesOptions {
        folder: arguments.folder.clone(),
        hosts: arguments.hosts.clone(),
        cache: !arguments.no_cache,
        fetch: FetchManner::default(),
        now: SystemTime::now(),
    };
    let images = match RemoteImages::find(options) {
        Ok(images) => images,
        Err(problems) => {
            printer.report(&Report::new(problems));
            return ExitCode::FAILURE;
        }
    };
    let printer = ImagesPrinter { arguments, language };
    if arguments.fetch {
        printer.fetch(&images, &bar)
    } else if arguments.undo {
        let plan = images.plan_undo();
        printer.change(&plan, || images.undo(&plan, &bar))
    } else {
        let described = arguments.ask.then(|| images.describe(&bar));
        bar.finish();
        let states = described.as_ref().map(|described| {
            described.iter().map(|(url, state)| (url.as_str(), state)).collect::<States<'_>>()
        });
        printer.list(&images, states.as_ref())
    }
}

impl ImagesPrinter<'_> {
    fn fetch(&self, images: &RemoteImages, bar: &progress::Bar) -> ExitCode {
        let fetched = images.fetch(bar);
        bar.finish();
        match fetched {
            Ok(fetched) => self.change(&fetched.plan, || fetched.write(bar)),
            Err(why) => {
                let message = phrase!("there is no place for the images: {why}", why);
                print::error(
                    self.language,
                    &message,
                    &phrase!("free some space, and run it again"),
                );
                ExitCode::FAILURE
            }
        }
    }

    /// Prints the changes of a plan, or makes them.
    fn change(&self, plan: &ImagePlan, write: impl FnOnce() -> WrittenImages) -> ExitCode {
        self.problems(&plan.problems);
        let failed = if self.arguments.write {
            !self.written(&write())
        } else {
            self.planned(plan);
            false
        };
        self.code(failed, !plan.problems.is_empty())
    }

    /// Prints the changes of a plan.
    fn planned(&self, plan: &ImagePlan) {
        if self.arguments.quiet {
            return;
        }
        let mut text = String::new();
        for change in plan.changes() {
            text.push_str(&coloured(&change.diff()));
        }
        print::out(&text);
        let (notes, pictures) = (plan.changes().count(), plan.pictures());
        let count: usize = plan.changes().map(|change| change.count).sum();
        if notes == 0 && pictures == 0 {
            self.line(&phrase!("nothing to change"));
        } else if self.arguments.undo {
            self.line(&phrase!(
                "{count:link} in {notes:note} would change, {images:image} would be removed; \
                 `--write` does it",
                count,
                notes,
                images = pictures
            ));
        } else {
            self.line(&phrase!(
                "{count:link} in {notes:note} would change, {images:image} would be added; \
                 `--write` does it",
                count,
                notes,
                images = pictures
            ));
        }
    }

    /// Prints the changes that were made, and those that were not; true if all were.
    fn written(&self, written: &WrittenImages) -> bool {
        let WrittenImages { notes, pictures, failures } = written;
        for (file, why) in failures {
            let message = phrase!("cannot write {file}: {why}", file, why);
            let help = phrase!("correct that, and run the command again: nothing is lost");
            print::error(self.language, &message, &help);
        }
        if self.arguments.quiet {
            return failures.is_empty();
        }
        let count: usize = notes.iter().map(|(_, count)| count).sum();
        let (notes, pictures) = (notes.len(), *pictures);
        if notes == 0 && pictures == 0 {
            self.line(&phrase!("nothing written"));
        } else if self.arguments.undo {
            self.line(&phrase!(
                "{count:link} in {notes:note} changed, {images:image} removed",
                count,
                notes,
                images = pictures
            ));
        } else {
            self.line(&phrase!(
                "{count:link} in {notes:note} changed, {images:image} added",
                count,
                notes,
                images = pictures
            ));
        }
        failures.is_empty()
    }

    /// Prints problems with pictures.
    fn problems(&self, problems: &[PictureProblem]) {
        if self.arguments.quiet {
            return;
        }
        let most = if self.arguments.verbose { usize::MAX } else { MOST_OF_A_KIND };
        let mut text = String::new();
        for problem in problems.iter().take(most) {
            let message = without_control(&problem.message.text(self.language));
            let help = phrase!("help: {help}", help = problem.help).text(self.language);
            let _ = writeln!(text, "{}{message}", print::location(&problem.location));
            let _ = writeln!(text, "  {}", without_control(&help));
        }
        let rest = problems.len().saturating_sub(most);
        if rest > 0 {
            let line = phrase!("… and {rest} more; --verbose prints all", rest);
            let _ = writeln!(text, "{}", line.text(self.language));
        }
        print::out(&text);
    }

    /// Prints the pictures.
    fn list(&self, images: &RemoteImages, states: Option<&States<'_>>) -> ExitCode {
        let hosts = by_host(images);
        let missed = states.is_some_and(|states| states.values().any(|state| state.is_err()));
        if self.arguments.json {
            print::json(&json(&hosts, states));
            return self.code(false, missed);
        }
        if let Some(states) = states {
            self.problems(&images.missed(|url| states.get(url.as_str()).copied()));
        }
        if !self.arguments.quiet {
            self.hosts(&hosts, states);
        }
        self.code(false, missed)
    }

    /// Prints the hosts, those with the most pictures first.
    fn hosts(&self, hosts: &Hosts<'_>, states: Option<&States<'_>>) {
        let mut by_number: Vec<_> = hosts.iter().collect();
        by_number.sort_by_key(|(_, pictures)| std::cmp::Reverse(pictures.len()));
        let mut text = String::new();
        for (host, pictures) in by_number {
            let facts = phrase!("{facts}", facts = facts(pictures, states)).text(self.language);
            let _ = writeln!(text, "{:6}  {:40} {facts}", pictures.len(), without_control(host));
            if !self.arguments.verbose {
                continue;
            }
            for picture in pictures.values().flatten() {
                let address = without_control(&picture.address);
                let _ = writeln!(text, "        {}{address}", print::location(&picture.location));
            }
        }
        print::out(&text);
        let pictures: usize = hosts.values().map(BTreeMap::len).sum();
        let notes = notes_of(hosts.values().flat_map(BTreeMap::values).flatten());
        let hosts = hosts.len();
        self.line(&phrase!(
            "{images:image} of {hosts:host} in {notes:note}",
            images = pictures,
            hosts,
            notes
        ));
        if pictures > 0 && !self.arguments.ask {
            self.line(&phrase!("`--fetch` fetches them and shows how the notes would change"));
        }
    }

    fn line(&self, line: &Phrase) {
        print::out(&(without_control(&line.text(self.language)) + "\n"));
    }

    fn code(&self, has_failed: bool, has_problems: bool) -> ExitCode {
        let fails = has_failed || self.arguments.strict && has_problems;
        if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

fn by_host(images: &RemoteImages) -> Hosts<'_> {
    let mut hosts = Hosts::new();
    for picture in images.pictures() {
        let host = hosts.entry(picture.host()).or_default();
        host.entry(picture.url.as_str()).or_default().push(picture);
    }
    hosts
}

/// The number of notes that show these pictures.
fn notes_of<'a>(pictures: impl Iterator<Item = &'a &'a RemotePicture>) -> usize {
    pictures.map(|picture| &picture.location.file).collect::<BTreeSet<_>>().len()
}

/// The facts about the pictures of a host.
fn facts(
    pictures: &BTreeMap<&str, Vec<&RemotePicture>>,
    states: Option<&States<'_>>,
) -> Vec<Phrase> {
    let notes = notes_of(pictures.values().flatten());
    let mut facts = vec![phrase!("in {notes:note}", notes)];
    let Some(states) = states else { return facts };
    let states: Vec<&Described> =
        pictures.keys().filter_map(|url| states.get(url).copied()).collect();
    let size: u64 = states.iter().filter_map(|state| state.as_ref().ok().copied().flatten()).sum();
    let gone = states.iter().filter(|state| matches!(state, Err(missed) if missed.is_gone)).count();
    let silent = states.iter().filter(|state| state.is_err()).count() - gone;
    if size > 0 {
        facts.push(Phrase::verbatim(print::size(size)));
    }
    if gone > 0 {
        facts.push(phrase!("{gone} missing", gone));
    }
    if silent > 0 {
        facts.push(phrase!("{silent} unknown", silent));
    }
    facts
}

/// All pictures for programs.
fn json<'a>(hosts: &Hosts<'a>, states: Option<&States<'_>>) -> Vec<JsonPicture<'a>> {
    let mut list = Vec::new();
    for (host, pictures) in hosts {
        for (url, places) in pictures {
            list.push(json_picture(host, url, places, states));
        }
    }
    list
}

fn json_picture<'a>(
    host: &'a str,
    url: &'a str,
    places: &[&'a RemotePicture],
    states: Option<&States<'_>>,
) -> JsonPicture<'a> {
    let place = |picture: &&'a RemotePicture| JsonPlace {
        file: picture.location.file.as_deref().unwrap_or_default(),
        line: picture.location.span.line,
        column: picture.location.span.column,
        address: &picture.address,
    };
    let state = states.and_then(|states| states.get(url).copied());
    let (word, reason, size) = match state {
        None => (None, None, None),
        Some(Ok(size)) => (Some("there"), None, *size),
        Some(Err(missed)) => {
            let word = if missed.is_gone { "missing" } else { "unknown" };
            (Some(word), Some(missed.why.to_string()), None)
        }
    };
    let places = places.iter().map(place).collect();
    JsonPicture { url, host, places, state: word, reason, size }
}
