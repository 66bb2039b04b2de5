//! `notes check`: diagnostics for people or programs, and fixes.
//!
//! Must not know: the search for problems, the making of fixes.

use std::fmt::Write as _;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use crate::build;
use crate::check::external::Manner;
use crate::check::{self, CheckOptions, Checked, NoteFolders};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::mend::Change;
use crate::path::without_control;
use crate::phrase::{Language, Phrase, phrase};

use super::arguments::{CheckArguments, Format};
use super::print::{self, MOST_OF_A_KIND, Printer, Verbosity};
use super::{exit_code, forms, is_folder, progress, snippet, use_threads};

/// Number of hints of one kind that are printed without `--verbose`.
const MOST_HINTS: usize = 3;

pub(super) fn check(arguments: &CheckArguments, language: Language) -> ExitCode {
    let started = Instant::now();
    let printer = Printer::new(Verbosity::of(arguments.quiet, arguments.verbose), language);
    use_threads(arguments.jobs);
    if !is_folder(&arguments.folder, "notes check FOLDER", language) {
        return ExitCode::from(2);
    }
    build::warm_up();
    let run_check = |is_first: bool| {
        let options = CheckOptions {
            folder: arguments.folder.clone(),
            cache: !arguments.no_cache,
            commands: arguments.commands.used(),
            // The second time, what the first one found is fresh.
            external: external(arguments, is_first && arguments.refresh),
            now: SystemTime::now(),
        };
        let bar = progress::Bar::new(
            printer.shows_progress() && arguments.format == Format::Human,
            language,
        );
        let checked = check::check(&options, &bar);
        bar.finish();
        checked
    };
    let mut checked = match run_check(true) {
        Ok(checked) => checked,
        Err(problems) => {
            let folders = NoteFolders::alone(arguments.folder.clone());
            print_report(&Report::new(problems), &folders, arguments, language);
            return ExitCode::FAILURE;
        }
    };
    let fixed = if arguments.fix { fix(&checked, arguments, language) } else { Fixed::NotWanted };
    if fixed.has_changed_files() {
        // A second check finds the diagnostics that are left.
        checked = run_check(false).unwrap_or(checked);
    }
    let advice = fixed.advice();
    // Programs read English.
    let report_language =
        if arguments.format == Format::Human { language } else { Language::English };
    checked.report = with_advice(&checked.report, advice, report_language);
    print_report(&checked.report, &checked.folders, arguments, language);
    if arguments.format == Format::Human && !arguments.quiet {
        print::out(&summary(&checked, advice, started, language));
    }
    if fixed.has_failed() {
        ExitCode::FAILURE
    } else {
        exit_code(&checked.report, arguments.strict)
    }
}

/// The options of asking other sites, if they are asked.
fn external(arguments: &CheckArguments, refresh: bool) -> Option<Manner> {
    if !arguments.external {
        return None;
    }
    Some(Manner { refresh, ..Manner::default() })
}

/// The advice to have files changed by the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Advice {
    /// To use `--fix`.
    Fix,
    /// To use `--yes` as well.
    Yes,
    /// None: it was followed.
    Nothing,
}

/// The text in help that advises to use `--fix`.
const FIX: &str = "check --fix`";

/// The report with help that gives this advice.
fn with_advice(report: &Report, advice: Advice, language: Language) -> Report {
    let messages = report.messages().iter().cloned().map(|message| {
        let help = message.help.and_then(|help| help_with_advice(help, advice, language));
        Diagnostic { help, ..message }
    });
    Report::new(messages.collect())
}

fn help_with_advice(help: Phrase, advice: Advice, language: Language) -> Option<Phrase> {
    let text = help.text(language);
    if advice == Advice::Fix || !text.contains(FIX) {
        return Some(help);
    }
    if advice == Advice::Yes {
        return Some(Phrase::verbatim(text.replace(FIX, "check --fix --yes`")));
    }
    let semicolon = language.semicolon();
    let parts: Vec<_> = text.split(semicolon).filter(|part| !part.contains(FIX)).collect();
    (!parts.is_empty()).then(|| Phrase::verbatim(parts.join(semicolon)))
}

/// The outcome of `--fix`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fixed {
    /// It was not given.
    NotWanted,
    /// There was nothing to write.
    Nothing,
    /// The writer did not want it.
    Refused,
    /// The writer could not be asked.
    NotAsked,
    /// This number of files was written, and all others were not.
    Written { files: usize, failures: usize },
}

impl Fixed {
    fn has_changed_files(self) -> bool {
        matches!(self, Self::Written { files: 1.., .. })
    }

    fn has_failed(self) -> bool {
        matches!(self, Self::NotAsked | Self::Written { failures: 1.., .. })
    }

    fn advice(self) -> Advice {
        match self {
            Self::NotWanted => Advice::Fix,
            Self::Refused | Self::NotAsked => Advice::Yes,
            Self::Nothing | Self::Written { .. } => Advice::Nothing,
        }
    }
}

/// Shows the changes, asks for confirmation, and writes them.
fn fix(checked: &Checked, arguments: &CheckArguments, language: Language) -> Fixed {
    let folders = &checked.folders;
    let changes = check::changes(folders, &checked.report);
    if changes.is_empty() {
        print_line(&phrase!("nothing can be fixed automatically"), language);
        return Fixed::Nothing;
    }
    if arguments.yes {
        return write_all(&changes, folders, language);
    }
    for change in &changes {
        print::print(&coloured(&change.diff()));
    }
    let count: usize = changes.iter().map(|change| change.count).sum();
    let what = phrase!("{count:change} in {files:file}", count, files = changes.len());
    match ask(&what, language) {
        Consent::Yes => write_all(&changes, folders, language),
        Consent::No => {
            print_line(&phrase!("nothing written"), language);
            Fixed::Refused
        }
        Consent::NoTerminal => {
            let message = phrase!("nothing written: no terminal to ask about {what}", what);
            print::error(language, &message, &phrase!("`--yes` writes without a question"));
            Fixed::NotAsked
        }
    }
}

/// Writes the changes, and prints what was fixed.
fn write_all(changes: &[Change], folders: &NoteFolders, language: Language) -> Fixed {
    let (mut fixed, mut files) = (0, 0);
    for change in changes.iter().filter(|change| write(change, folders, language)) {
        let Change { file, count, .. } = change;
        fixed += count;
        files += 1;
        print_line(&phrase!("{file}: {count} fixed", file, count), language);
    }
    match files {
        0 => print_line(&phrase!("nothing written"), language),
        _ => print_line(&phrase!("{fixed} fixed in {files:file}", fixed, files), language),
    }
    Fixed::Written { files, failures: changes.len() - files }
}

fn print_line(line: &Phrase, language: Language) {
    print::print(&(without_control(&line.text(language)) + "\n"));
}

fn write(change: &Change, folders: &NoteFolders, language: Language) -> bool {
    let written = check::apply(folders, change);
    if let Err(error) = &written {
        let message = phrase!("cannot fix {file}: {error}", file = change.file, error);
        let help = phrase!("check its permissions, and save it if an editor has it open");
        print::error(language, &message, &help);
    }
    written.is_ok()
}

/// The answer to the question if files may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Consent {
    Yes,
    No,
    NoTerminal,
}

/// Asks on the terminal for confirmation.
fn ask(what: &Phrase, language: Language) -> Consent {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Consent::NoTerminal;
    }
    print::print(&phrase!("{what}. Write them? [y/N] ", what).text(language));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes" | "是") {
        return Consent::Yes;
    }
    Consent::No
}

/// A difference with its lines coloured.
pub(super) fn coloured(diff: &str) -> String {
    let mut text = String::new();
    for line in diff.split_inclusive('\n') {
        let (shown, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        let shown: String = shown.chars().filter(|c| !c.is_control() || *c == '\t').collect();
        let severity = match shown.chars().next() {
            Some('+') => Some(Severity::Hint),
            Some('-') => Some(Severity::Error),
            _ => None,
        };
        match severity {
            Some(severity) => text.push_str(&print::styled(severity, &shown)),
            None => text.push_str(&shown),
        }
        text.push_str(end);
    }
    text
}

fn print_report(
    report: &Report,
    folders: &NoteFolders,
    arguments: &CheckArguments,
    language: Language,
) {
    let before = from_here(&arguments.folder);
    let path = |file: &str| format!("{before}{}", without_control(file));
    match arguments.format {
        Format::Human => print::out(&human(report, folders, arguments, language, path)),
        Format::Json => print::out_exactly(&forms::json(report, path)),
        Format::Github => print::out_exactly(&forms::github(report, path)),
        Format::Sarif => print::out_exactly(&forms::sarif(report, path)),
    }
}

/// The messages by kind, each with its line.
fn human(
    report: &Report,
    folders: &NoteFolders,
    arguments: &CheckArguments,
    language: Language,
    path: impl Fn(&str) -> String,
) -> String {
    let mut text = String::new();
    let mut last: Option<(String, Option<String>)> = None;
    for group in report.groups() {
        let severity = group[0].severity;
        if arguments.quiet && severity != Severity::Error {
            continue;
        }
        let most = match severity {
            _ if arguments.verbose => usize::MAX,
            Severity::Hint => MOST_HINTS,
            _ => MOST_OF_A_KIND,
        };
        for message in group.iter().take(most) {
            let file = message.location.file.as_deref();
            if last.as_ref().map(|(file, _)| file.as_str()) != file {
                let wanted = file.filter(|_| message.location.span.line > 0);
                last = wanted.map(|file| (file.to_owned(), check::text_of(folders, file)));
            }
            let source = last.as_ref().and_then(|(_, text)| text.as_deref());
            let path = file.map(&path);
            text.push_str(&snippet::snippet(message, path.as_deref(), source, language));
            text.push('\n');
        }
        let rest = group.len().saturating_sub(most);
        if rest > 0 {
            let code = group[0].kind.code();
            let line = phrase!("… and {rest} more [{code}]; --verbose prints all", rest, code);
            let _ = writeln!(text, "{}\n", line.text(language));
        }
    }
    text
}

/// The number of diagnostics of each kind, and the totals.
fn summary(checked: &Checked, advice: Advice, started: Instant, language: Language) -> String {
    let report = &checked.report;
    let mut text = String::new();
    for group in report.groups() {
        let Diagnostic { kind, severity, .. } = &group[0];
        let code = print::styled(*severity, &format!("{:22}", kind.code()));
        let _ = writeln!(text, "{:6}  {code}{}", group.len(), language.translated(kind.title()));
    }
    let facts = vec![
        phrase!("{count:error}", count = report.count(Severity::Error)),
        phrase!("{count:warning}", count = report.count(Severity::Warning)),
        phrase!("{count:hint}", count = report.count(Severity::Hint)),
        print::seconds(started.elapsed()),
    ];
    let sum = phrase!("{notes:note}: {facts}", notes = checked.counts.notes, facts);
    let _ = writeln!(text, "{}", sum.text(language));
    let is_fixable = report.messages().iter().any(|message| message.fix.is_some());
    let flags = match advice {
        Advice::Fix if is_fixable => "--fix",
        Advice::Yes if is_fixable => "--fix --yes",
        _ => return text,
    };
    let line = phrase!("some can be fixed with `{flags}`; see `notes explain CODE`", flags);
    let _ = writeln!(text, "{}", line.text(language));
    text
}

/// The path from the working folder to a folder: empty, or ending in `/`.
fn from_here(folder: &Path) -> String {
    let here = Path::new(".").canonicalize().ok();
    let there = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let below = here.and_then(|here| there.strip_prefix(here).map(PathBuf::from).ok());
    let path = below.unwrap_or(there).to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    if path.is_empty() { path } else { format!("{path}/") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::Counts;
    use crate::diagnostic::{Fix, Kind};

    const HELP: &str = "add an entry; `notes check --fix` inserts it";

    fn with_help(help: &str, advice: Advice) -> Option<String> {
        let help = help_with_advice(Phrase::verbatim(help), advice, Language::English);
        help.map(|help| help.to_string())
    }

    #[test]
    fn help_advises_what_was_not_done() {
        for (fixed, expected) in [
            (Fixed::NotWanted, Some(HELP)),
            (Fixed::NotAsked, Some("add an entry; `notes check --fix --yes` inserts it")),
            (Fixed::Refused, Some("add an entry; `notes check --fix --yes` inserts it")),
            (Fixed::Nothing, Some("add an entry")),
            (Fixed::Written { files: 1, failures: 1 }, Some("add an entry")),
        ] {
            let found = with_help(HELP, fixed.advice());
            assert_eq!(found.as_deref(), expected, "{fixed:?}");
        }
        assert_eq!(with_help("`notes check --fix` writes it", Advice::Nothing), None);
        assert_eq!(with_help("look at it", Advice::Yes).as_deref(), Some("look at it"));
    }

    #[test]
    fn the_summary_names_the_flags_that_are_left() {
        let fixable = Fix::Replace { old: String::new(), new: String::new() };
        let message = Diagnostic::new(Kind::LooseLink, phrase!("a"));
        for (messages, advice, expected) in [
            (vec![message.clone().fix(fixable.clone())], Advice::Fix, Some("`--fix`")),
            (vec![message.clone().fix(fixable.clone())], Advice::Yes, Some("`--fix --yes`")),
            (vec![message.clone().fix(fixable)], Advice::Nothing, None),
            (vec![message], Advice::Fix, None),
        ] {
            let report = Report::new(messages);
            let checked = Checked {
                report,
                counts: Counts::default(),
                folders: NoteFolders::alone(PathBuf::new()),
            };
            let text = summary(&checked, advice, Instant::now(), Language::English);
            let line = text.lines().find(|line| line.starts_with("some can be fixed"));
            assert_eq!(line.is_some(), expected.is_some(), "{advice:?}");
            assert!(line.is_none_or(|line| line.contains(expected.unwrap_or_default())), "{text}");
        }
    }

    #[test]
    fn a_run_fails_when_something_was_left_unwritten() {
        for (fixed, has_failed, has_changed_files) in [
            (Fixed::NotWanted, false, false),
            (Fixed::Nothing, false, false),
            (Fixed::Refused, false, false),
            (Fixed::NotAsked, true, false),
            (Fixed::Written { files: 2, failures: 0 }, false, true),
            (Fixed::Written { files: 2, failures: 1 }, true, true),
            (Fixed::Written { files: 0, failures: 1 }, true, false),
        ] {
            let found = (fixed.has_failed(), fixed.has_changed_files());
            assert_eq!(found, (has_failed, has_changed_files), "{fixed:?}");
        }
    }
}
