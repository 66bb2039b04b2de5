//! Reports and summaries → lines on the terminal, with colours if it supports them. Names of files
//! are not trusted: control characters never reach the terminal, nor commands a log.
//!
//! Must not know: the work of a command.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::Path;
use std::time::Duration;

use anstyle::{AnsiColor, Style};

use crate::build::{Build, Stage};
use crate::diagnostic::{Diagnostic, Kind, Report, Severity};
use crate::lookup::PageResult;
use crate::output::Written;
use crate::path::without_control;
use crate::plural::counted;
use crate::serve::ServeEvent;

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

/// Prints reports and events with a verbosity.
pub(super) struct Printer {
    verbosity: Verbosity,
}

/// Prints an error of usage, and help.
pub(super) fn error(message: &str, help: &str) {
    print(&format!(
        "{}: {}\n  help: {help}\n",
        styled(Severity::Error, "error"),
        without_control(message)
    ));
}

/// Prints a warning about usage, and help.
fn warning(message: &str, help: &str) {
    print(&format!(
        "{}: {}\n  help: {help}\n",
        styled(Severity::Warning, "warning"),
        without_control(message)
    ));
}

/// The time and the amount of work of each stage.
pub(super) fn timings(timings: &[(Stage, Duration)], build: &Build, written: &Written) {
    let counts = &build.counts;
    let mut text = String::new();
    for &(stage, took) in timings {
        let (name, done) = match stage {
            Stage::Read => ("read", String::new()),
            Stage::Parse => ("parse", format!("{} of {} notes", counts.parsed, counts.notes)),
            Stage::Link => ("link", String::new()),
            Stage::Highlight => {
                ("highlight", format!("{} of {} blocks", counts.highlighted, counts.codes))
            }
            Stage::Index => ("index", String::new()),
            Stage::Render => ("render", format!("{} of {} pages", counts.rendered, counts.pages)),
            Stage::Ask => ("ask", String::new()),
            Stage::Write => {
                ("write", format!("{} of {} files", written.written, build.output.len()))
            }
        };
        let _ = writeln!(text, "{name:10} {:9.1} ms  {done}", took.as_secs_f64() * 1e3);
    }
    print(&text);
}

/// Search results for programs.
pub(super) fn json(found: &[PageResult]) {
    // Texts and numbers can always be written as JSON.
    let text = serde_json::to_string_pretty(found).unwrap_or_default();
    out_exactly(&(line::json_without_commands(&text) + "\n"));
}

/// Search results for people: the best `limit` pages.
pub(super) fn found(found: &[PageResult], limit: usize) {
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
        let _ = writeln!(text, "… and {rest} more; --limit prints more");
    }
    let (sections, pages) = (counted(sections, "section"), counted(found.len(), "page"));
    let _ = writeln!(text, "{sections} on {pages}");
    out(&text);
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
pub(super) fn codes() {
    let mut text = String::new();
    for kind in Kind::ALL {
        let severity = kind.severity();
        let code = styled(severity, &format!("{:22}", kind.code()));
        let _ = writeln!(text, "{code} {:8} {}", word(severity), kind.title());
    }
    out(&(text + "\n`notes explain CODE` says why a kind matters and how to fix it.\n"));
}

/// Prints why a kind of diagnostic matters and how to fix it.
pub(super) fn explanation(kind: Kind) {
    let (code, severity) = (kind.code(), kind.severity());
    let head = styled(severity, &format!("{}[{code}]", word(severity)));
    let mut text = format!("{head}: {}\n\n{}\n\n{}\n", kind.title(), kind.why(), kind.how());
    if kind.is_adjustable() {
        let _ = write!(
            text,
            "\nTo change its severity, in notes.yaml:\n\n    check:\n      severity:\n        {code}: off    # or hint, warning, error\n\n\
             To silence it in a note, before the block or on the line, or with `ignore-file` for the whole note:\n\n    \
             <!-- notes: ignore {code} -->\n"
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
    pub fn new(verbosity: Verbosity) -> Self {
        Self { verbosity }
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
        let severity = group[0].severity;
        let kind = group[0].kind;
        let head = styled(severity, &format!("{}[{}]", word(severity), kind.code()));
        let _ = writeln!(text, "{head}: {} ({})", kind.title(), group.len());
        let most = if self.verbosity == Verbosity::Verbose { usize::MAX } else { MOST_OF_A_KIND };
        let shown = &group[..group.len().min(most)];
        for (index, message) in shown.iter().enumerate() {
            let _ = writeln!(text, "  {}{}", location(message), without_control(&message.message));
            // Of messages in a row with one help the last one has it.
            let next = shown.get(index + 1).and_then(|next| next.help.as_deref());
            if let Some(help) = message.help.as_deref().filter(|help| next != Some(help)) {
                let _ = writeln!(text, "    help: {}", without_control(help));
            }
        }
        if group.len() > most {
            let _ = writeln!(text, "  … and {} more; --verbose prints all", group.len() - most);
        }
    }

    /// Prints an event of the preview: the address of the site, then a line for each change, with
    /// the diagnostics that are new.
    pub fn event(&self, event: &ServeEvent<'_>) {
        match event {
            ServeEvent::Taken { port } => self.line(&format!("port {port} is taken")),
            ServeEvent::Polling { reason } => {
                self.line(&format!("{}; polling for changes instead", without_control(reason)));
            }
            ServeEvent::Open { url, to_others, took, notes, report } => {
                self.report(report);
                if *to_others {
                    warning(
                        "everyone on the network can read these notes",
                        "omit `--host` to serve this machine only",
                    );
                }
                let took = milliseconds(*took);
                // Printed even with `--quiet`: the port may be another than the usual one.
                let state = if *notes > 0 {
                    format!("{}, {took}", counted(*notes, "note"))
                } else {
                    "nothing to show yet".to_owned()
                };
                out(&format!("{url}  {state}{}\n", Self::problems(report)));
            }
            ServeEvent::Rebuilt { what, rendered, took, report, new } => {
                let rest = format!(
                    "{} rendered, {}{}",
                    counted(*rendered, "page"),
                    milliseconds(*took),
                    Self::problems(report)
                );
                let what = without_control(&what.join(", "));
                self.line(&if what.is_empty() { rest } else { format!("{what}: {rest}") });
                self.report(&Report::new(new.to_vec()));
            }
        }
    }

    fn problems(report: &Report) -> String {
        let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
        format!(", {}, {}", counted(warnings, "warning"), counted(errors, "error"))
    }

    fn line(&self, text: &str) {
        if self.verbosity != Verbosity::Quiet {
            out(&format!("{text}\n"));
        }
    }

    /// Prints the folder of the notes, and the file or folder that says so, if that is not a
    /// setting.
    pub fn notes_in(&self, notes_in: Option<&(String, String)>) {
        if let Some((folder, sign)) = notes_in.filter(|_| self.verbosity != Verbosity::Quiet) {
            let folder = if folder.is_empty() { "." } else { folder };
            let (folder, sign) = (without_control(folder), without_control(sign));
            print(&format!("notes in {folder}, as {sign} says\n"));
        }
    }

    /// Prints the last lines of a build.
    pub fn summary(&self, build: &Build, written: &Written, site: &Path, took: Duration) {
        if self.verbosity == Verbosity::Quiet {
            return;
        }
        let counts = &build.counts;
        let mut text = String::new();
        if let Some(entries) = &counts.entries {
            let _ = writeln!(
                text,
                "navigation: {}: {} found, {} repaired, {}, {} to other sites, {}, {} dead{}",
                counted(entries.total, "entry"),
                entries.exact,
                entries.repaired,
                counted(entries.folders, "folder"),
                entries.external,
                counted(entries.labels, "label"),
                entries.dead,
                if_any(entries.drafts, "draft", ""),
            );
        }
        let hints = build.report.count(Severity::Hint);
        if hints > 0 && self.verbosity == Verbosity::Usual {
            let _ = writeln!(text, "{}; --verbose lists them", counted(hints, "hint"));
        }
        let _ = writeln!(
            text,
            "{}{}, {}{}, {:.2} s, {}: {} written, {} unchanged, {} deleted in {}",
            counted(counts.notes, "note"),
            if_any(counts.drafts, "draft", " left out"),
            counted(counts.pages, "page"),
            Self::problems(&build.report),
            took.as_secs_f64(),
            size(written.bytes),
            written.written,
            written.unchanged,
            written.deleted,
            without_control(&site.display().to_string()),
        );
        out(&text);
    }
}

/// `a.md:3:7: `; empty without a file.
fn location(message: &Diagnostic) -> String {
    let Some(file) = &message.location.file else { return String::new() };
    let mut text = without_control(file);
    for number in [message.location.span.line, message.location.span.column] {
        if number > 0 {
            let _ = write!(text, ":{number}");
        }
    }
    text + ": "
}

/// The name of a severity.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
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

/// `, 2 drafts left out`; empty for zero.
fn if_any(count: usize, noun: &str, rest: &str) -> String {
    if count == 0 { String::new() } else { format!(", {}{rest}", counted(count, noun)) }
}

/// A size in bytes as kB or MB.
fn size(bytes: u64) -> String {
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

    #[test]
    fn help_follows_its_own_messages() {
        let message = |line, help: &'static str| {
            Diagnostic::new(Kind::DeadLink, "m").in_file("x.md").at_line(line).help(help)
        };
        let messages = vec![message(1, "one"), message(2, "one"), message(3, "two")];
        let mut text = String::new();
        let report = Report::new(messages);
        Printer::new(Verbosity::Usual).group(&mut text, report.messages());
        let (_, lines) = text.split_once('\n').unwrap();
        assert_eq!(lines, "  x.md:1: m\n  x.md:2: m\n    help: one\n  x.md:3: m\n    help: two\n");
    }

    #[test]
    fn ten_messages_of_a_kind_and_each_hint_once() {
        let messages = (1..=12).map(|line| {
            Diagnostic::new(Kind::DeadLink, "a\u{1b}[31mb")
                .in_file("x.md")
                .at_line(line)
                .help("fix it")
        });
        let report = Report::new(messages.collect());
        let mut text = String::new();
        Printer::new(Verbosity::Usual).group(&mut text, report.messages());
        assert_eq!(text.matches("x.md:").count(), 10);
        assert!(text.contains("  x.md:1: a[31mb\n") && text.contains("… and 2 more"), "{text}");
        assert_eq!(text.matches("help: fix it").count(), 1);
    }
}
