//! Reports and summaries → lines on the terminal, with colours if it supports them. Names of files
//! are not trusted: control characters never reach the terminal, nor commands a log.
//!
//! Must not know: the work of a command.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::Path;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::build::{Build, Stage};
use crate::config;
use crate::diagnostic::{Diagnostic, Kind, Location, Report, Severity};
use crate::lookup::PageResult;
use crate::output::Written;
use crate::path::without_control;
use crate::phrase::{Argument, Language, Phrase, phrase};
use crate::serve::ServeEvent;
use crate::site::EntryCounts;

use super::line;

/// Number of messages of one kind that are printed without `--verbose`.
pub(super) const MOST_OF_A_KIND: usize = 10;

/// The amount of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verbosity {
    /// Errors.
    Quiet,
    /// Errors, ten warnings of a kind, a summary.
    Usual,
    /// All diagnostics.
    Verbose,
}

impl Verbosity {
    /// The meaning of two switches of the command line.
    pub fn of(quiet: bool, verbose: bool) -> Self {
        match (quiet, verbose) {
            (true, _) => Self::Quiet,
            (_, true) => Self::Verbose,
            _ => Self::Usual,
        }
    }
}

/// Prints reports and events with a verbosity, in a language.
pub(super) struct Printer {
    verbosity: Verbosity,
    language: Language,
}

/// Prints an error of usage, and help.
pub(super) fn error(language: Language, message: &Phrase, help: &Phrase) {
    print(&about_usage(Severity::Error, language, message, help));
}

/// Prints a warning about the arguments, and help.
pub(super) fn warning(language: Language, message: &Phrase, help: &Phrase) {
    print(&about_usage(Severity::Warning, language, message, help));
}

fn about_usage(severity: Severity, language: Language, message: &Phrase, help: &Phrase) -> String {
    let severity = styled(severity, word(severity, language));
    let [message, help] = [message, help].map(|text| without_control(&text.text(language)));
    let line = phrase!("{severity}: {message}", severity, message).text(language);
    format!("{line}\n  {}\n", phrase!("help: {help}", help).text(language))
}

/// The time and the amount of work of each stage.
pub(super) fn timings(
    language: Language,
    timings: &[(Stage, Duration)],
    build: &Build,
    written: &Written,
) {
    let counts = &build.counts;
    let mut text = String::new();
    for &(stage, took) in timings {
        let (name, done) = match stage {
            Stage::Read => ("read", None),
            Stage::Parse => {
                let (part, all) = (counts.parsed, counts.notes);
                ("parse", Some(phrase!("{part} of {all:note}", part, all)))
            }
            Stage::Link => ("link", None),
            Stage::Highlight => {
                let (part, all) = (counts.highlighted, counts.codes);
                ("highlight", Some(phrase!("{part} of {all:block}", part, all)))
            }
            Stage::Index => ("index", None),
            Stage::Render => {
                let (part, all) = (counts.rendered, counts.pages);
                ("render", Some(phrase!("{part} of {all:page}", part, all)))
            }
            Stage::Ask => ("ask", None),
            Stage::Write => {
                let (part, all) = (written.written, build.output.len());
                ("write", Some(phrase!("{part} of {all:file}", part, all)))
            }
        };
        let done = done.map_or_else(String::new, |done| done.text(language));
        let _ = writeln!(text, "{name:10} {:9.1} ms  {done}", took.as_secs_f64() * 1e3);
    }
    print(&text);
}

/// A value for programs.
pub(super) fn json(found: &impl Serialize) {
    // Texts and numbers can always be written as JSON.
    let text = serde_json::to_string_pretty(found).unwrap_or_default();
    out_exactly(&(line::json_without_commands(&text) + "\n"));
}

/// Search results for people: the best `limit` pages.
pub(super) fn found(language: Language, found: &[PageResult], limit: usize) {
    let bold = Style::new().bold();
    let mut text = String::new();
    for page in found.iter().take(limit) {
        for section in &page.sections {
            let (file, heading) = (without_control(&page.file), without_control(&section.heading));
            let _ = writeln!(text, "{file}:{}: {bold}{heading}{bold:#}", section.line);
            if !section.snippet.is_empty() {
                let _ = writeln!(text, "    {}", marked(&section.snippet, &section.marks));
            }
        }
    }
    let sections: usize = found.iter().map(|page| page.sections.len()).sum();
    let rest = found.len().saturating_sub(limit);
    if rest > 0 {
        text += &phrase!("… and {rest} more; --limit prints more", rest).text(language);
        text.push('\n');
    }
    let pages = found.len();
    let sum = phrase!("{sections:section} on {pages:page}", sections, pages);
    out(&(text + &sum.text(language) + "\n"));
}

/// A text with the matches in bold and colour.
fn marked(text: &str, marks: &[(usize, usize)]) -> String {
    let style = Style::new().bold().fg_color(Some(AnsiColor::Yellow.into()));
    let mut marked = String::new();
    let mut at = 0;
    for &(from, to) in marks {
        let (before, found) = (without_control(&text[at..from]), without_control(&text[from..to]));
        let _ = write!(marked, "{before}{style}{found}{style:#}");
        at = to;
    }
    marked + &without_control(&text[at..])
}

/// Prints all diagnostic codes with severity and title.
pub(super) fn codes(language: Language) {
    let mut text = String::new();
    for kind in Kind::ALL {
        let severity = kind.severity();
        let code = styled(severity, &format!("{:22}", kind.code()));
        let title = language.translated(kind.title());
        let _ = writeln!(text, "{code} {:8} {title}", word(severity, language));
    }
    let more = phrase!("`notes explain CODE` says why a kind matters and how to fix it.");
    out(&format!("{text}\n{}\n", more.text(language)));
}

/// Prints why a kind of diagnostic matters and how to fix it.
pub(super) fn explanation(language: Language, kind: Kind) {
    let known_keys = config::known_keys();
    let severity = kind.severity();
    let severity = styled(severity, &format!("{}[{}]", word(severity, language), kind.code()));
    let [title, why, how] =
        [kind.title(), kind.why(), kind.how()].map(|text| language.translated(text));
    let head = phrase!("{severity}: {message}", severity, message = title).text(language);
    let mut text = format!("{head}\n\n{why}\n\n{how}\n");
    if kind == Kind::Configuration {
        let keys = Argument::quoted(known_keys.iter().map(String::as_str));
        let _ = writeln!(text, "\n{}", phrase!("The keys are {keys}.", keys).text(language));
    }
    if kind.is_adjustable() {
        let code = kind.code();
        let change = phrase!("To change its severity, in notes.yaml:").text(language);
        let levels = phrase!("or hint, warning, error").text(language);
        let silence = phrase!(
            "To silence it in a note, before the block or on the line, or with `ignore-file` for \
             the whole note:"
        );
        let _ = write!(
            text,
            "\n{change}\n\n    check:\n      severity:\n        {code}: off    # {levels}\n\n\
             {}\n\n    <!-- notes: ignore {code} -->\n",
            silence.text(language)
        );
    }
    out(&text);
}

/// Prints to standard output, without colours if it is not a terminal.
pub(super) fn out(text: &str) {
    let text = readable(text, std::io::stdout().is_terminal());
    // A closed pipe is not an error.
    let _ = anstream::stdout().lock().write_all(text.as_bytes());
}

/// Prints to standard output what programs read, as it is.
pub(super) fn out_exactly(text: &str) {
    // A closed pipe is not an error.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// The text as people read it. A terminal runs no command that it shows; a log may.
fn readable(text: &str, is_on_terminal: bool) -> String {
    let text = line::with_one_direction(text);
    if is_on_terminal { text } else { line::without_commands(&text) }
}

impl Printer {
    pub fn new(verbosity: Verbosity, language: Language) -> Self {
        Self { verbosity, language }
    }

    /// True if a progress bar can be shown.
    pub fn shows_progress(&self) -> bool {
        self.verbosity != Verbosity::Quiet && std::io::stderr().is_terminal()
    }

    /// Prints the messages by kind.
    pub fn report(&self, report: &Report) {
        let mut text = String::new();
        for group in report.groups() {
            let severity = group[0].severity;
            let wanted = match self.verbosity {
                Verbosity::Quiet => severity == Severity::Error,
                Verbosity::Usual => severity != Severity::Hint,
                Verbosity::Verbose => true,
            };
            if wanted {
                self.group(&mut text, group);
            }
        }
        print(&text);
    }

    fn group(&self, text: &mut String, group: &[Diagnostic]) {
        let language = self.language;
        let severity = group[0].severity;
        let kind = group[0].kind;
        let head = styled(severity, &format!("{}[{}]", word(severity, language), kind.code()));
        let (title, count) = (language.translated(kind.title()), group.len());
        let line = phrase!("{head}: {title} ({count})", head, title, count);
        let _ = writeln!(text, "{}", line.text(language));
        let most = if self.verbosity == Verbosity::Verbose { usize::MAX } else { MOST_OF_A_KIND };
        let shown = &group[..group.len().min(most)];
        for (index, message) in shown.iter().enumerate() {
            let line = without_control(&message.message.text(language));
            let _ = writeln!(text, "  {}{line}", location(&message.location));
            // Of messages in a row with one help the last one has it.
            let next = shown.get(index + 1).and_then(|next| next.help.as_ref());
            if let Some(help) = message.help.as_ref().filter(|help| next != Some(help)) {
                let help = phrase!("help: {help}", help).text(language);
                let _ = writeln!(text, "    {}", without_control(&help));
            }
        }
        if group.len() > most {
            let rest = phrase!("… and {rest} more; --verbose prints all", rest = count - most);
            let _ = writeln!(text, "  {}", rest.text(language));
        }
    }

    /// Prints an event of the preview: the address of the site, then a line for each change, with
    /// the diagnostics that are new.
    pub fn event(&self, event: &ServeEvent<'_>) {
        match event {
            ServeEvent::Taken { port } => {
                self.line(&phrase!("port {port} is taken", port = port.to_string()));
            }
            ServeEvent::Polling { reason } => {
                self.line(&phrase!("{reason}; polling for changes instead", reason));
            }
            ServeEvent::Open { url, to_others, took, notes, report } => {
                self.report(report);
                if *to_others {
                    let message = phrase!("everyone on the network can read these notes");
                    let help = phrase!("omit `--host` to serve this machine only");
                    print(&about_usage(Severity::Warning, self.language, &message, &help));
                }
                let mut facts = match notes {
                    0 => vec![phrase!("nothing to show yet")],
                    count => {
                        vec![phrase!("{count:note}", count), Phrase::verbatim(milliseconds(*took))]
                    }
                };
                facts.extend(problems(report));
                let facts = phrase!("{facts}", facts).text(self.language);
                // Printed even with `--quiet`: the port may be another than the usual one.
                out(&format!("{url}  {facts}\n"));
            }
            ServeEvent::Rebuilt { what, rendered, took, report, new } => {
                let mut facts = vec![
                    phrase!("{count:page} rendered", count = rendered),
                    Phrase::verbatim(milliseconds(*took)),
                ];
                facts.extend(problems(report));
                self.line(&if what.is_empty() {
                    phrase!("{facts}", facts)
                } else {
                    phrase!("{what}: {facts}", what = *what, facts)
                });
                self.report(&Report::new(new.to_vec()));
            }
        }
    }

    fn line(&self, line: &Phrase) {
        if self.verbosity != Verbosity::Quiet {
            out(&(without_control(&line.text(self.language)) + "\n"));
        }
    }

    /// Prints the folder of the notes, and the file or folder that says so, if that is not a
    /// setting.
    pub fn notes_in(&self, notes_in: Option<&(String, String)>) {
        if let Some((folder, sign)) = notes_in.filter(|_| self.verbosity != Verbosity::Quiet) {
            let folder = if folder.is_empty() { "." } else { folder };
            let line = phrase!("notes in {folder}, as {sign} says", folder, sign);
            print(&(without_control(&line.text(self.language)) + "\n"));
        }
    }

    /// Prints the last lines of a build.
    pub fn summary(&self, build: &Build, written: &Written, site: &Path, took: Duration) {
        if self.verbosity == Verbosity::Quiet {
            return;
        }
        if let Some(entries) = &build.counts.entries {
            self.line(&navigation(entries));
        }
        let hints = build.report.count(Severity::Hint);
        if hints > 0 && self.verbosity == Verbosity::Usual {
            self.line(&phrase!("{hints:hint}; --verbose lists them", hints));
        }
        let mut facts = vec![phrase!("{count:note}", count = build.counts.notes)];
        if build.counts.drafts > 0 {
            facts.push(phrase!("{count:draft} left out", count = build.counts.drafts));
        }
        facts.push(phrase!("{count:page}", count = build.counts.pages));
        facts.extend(problems(&build.report));
        facts.push(seconds(took));
        self.line(&phrase!(
            "{facts}, {size}: {written} written, {unchanged} unchanged, {deleted} deleted in {site}",
            facts,
            size = size(written.bytes),
            written = written.written,
            unchanged = written.unchanged,
            deleted = written.deleted,
            site = site.display(),
        ));
    }
}

/// The numbers of warnings and errors.
fn problems(report: &Report) -> [Phrase; 2] {
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    [phrase!("{count:warning}", count = warnings), phrase!("{count:error}", count = errors)]
}

/// The entries of the navigation, counted.
fn navigation(entries: &EntryCounts) -> Phrase {
    let mut facts = vec![
        phrase!("{count} found", count = entries.exact),
        phrase!("{count} repaired", count = entries.repaired),
        phrase!("{count:folder}", count = entries.folders),
        phrase!("{count} to other sites", count = entries.external),
        phrase!("{count:label}", count = entries.labels),
        phrase!("{count} dead", count = entries.dead),
    ];
    if entries.drafts > 0 {
        facts.push(phrase!("{count:draft}", count = entries.drafts));
    }
    phrase!("navigation: {total:entry}: {facts}", total = entries.total, facts)
}

/// `a.md:3:7: `; empty without a file.
pub(super) fn location(location: &Location) -> String {
    let Some(file) = &location.file else { return String::new() };
    let mut text = without_control(file);
    for number in [location.span.line, location.span.column] {
        if number > 0 {
            let _ = write!(text, ":{number}");
        }
    }
    text + ": "
}

/// The name of a severity.
pub(super) fn word(severity: Severity, language: Language) -> &'static str {
    let word = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    };
    language.translated(word)
}

/// The word in bold and in the colour of a severity.
pub(super) fn styled(severity: Severity, word: &str) -> String {
    let colour = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Hint => AnsiColor::Cyan,
    };
    let style = Style::new().bold().fg_color(Some(colour.into()));
    format!("{style}{word}{style:#}")
}

/// A duration.
fn milliseconds(took: Duration) -> String {
    format!("{:.0} ms", took.as_secs_f64() * 1e3)
}

/// A duration that people wait for.
pub(super) fn seconds(took: Duration) -> Phrase {
    phrase!("{seconds} s", seconds = format!("{:.2}", took.as_secs_f64()))
}

/// A size in bytes as kB or MB.
pub(super) fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
    let bytes = bytes as f64;
    if bytes < 1e6 { format!("{:.0} kB", bytes / 1e3) } else { format!("{:.1} MB", bytes / 1e6) }
}

/// Prints to standard error, without colours if it is not a terminal.
pub(super) fn print(text: &str) {
    let text = readable(text, std::io::stderr().is_terminal());
    // An error of standard error cannot be reported anywhere.
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrase::phrase;

    #[test]
    fn help_follows_its_own_messages() {
        let message = |line, help: &str| {
            Diagnostic::new(Kind::DeadLink, phrase!("m"))
                .in_file("x.md")
                .at_line(line)
                .help(Phrase::verbatim(help))
        };
        let messages = vec![message(1, "one"), message(2, "one"), message(3, "two")];
        let mut text = String::new();
        let report = Report::new(messages);
        Printer::new(Verbosity::Usual, Language::English).group(&mut text, report.messages());
        let (_, lines) = text.split_once('\n').unwrap();
        assert_eq!(lines, "  x.md:1: m\n  x.md:2: m\n    help: one\n  x.md:3: m\n    help: two\n");
    }

    #[test]
    fn ten_messages_of_a_kind_and_each_hint_once() {
        let messages = (1..=12).map(|line| {
            Diagnostic::new(Kind::DeadLink, phrase!("a\u{1b}[31mb"))
                .in_file("x.md")
                .at_line(line)
                .help(phrase!("fix it"))
        });
        let report = Report::new(messages.collect());
        let mut text = String::new();
        Printer::new(Verbosity::Usual, Language::English).group(&mut text, report.messages());
        assert_eq!(text.matches("x.md:").count(), 10);
        assert!(text.contains("  x.md:1: a[31mb\n") && text.contains("… and 2 more"), "{text}");
        assert_eq!(text.matches("help: fix it").count(), 1);
    }
}
