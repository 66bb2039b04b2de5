//! A report → formats for other programs: JSON, GitHub's workflow commands, SARIF 2.1.0.
//!
//! Must not know: the checks, the terminal.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Fix, Kind, Report, Severity};
use crate::path::{encode_path, without_control};

use super::line;

/// A message as JSON.
#[derive(Serialize)]
struct JsonMessage<'m> {
    code: &'static str,
    severity: Severity,
    #[serde(rename = "message")]
    text: String,
    help: Option<String>,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    end_column: Option<u32>,
    fix: Option<&'m Fix>,
}

/// All messages as a JSON list. `path` gives the shown path of a file.
pub(super) fn json(report: &Report, path: impl Fn(&str) -> String) -> String {
    let message = |message: &Diagnostic| {
        let span = message.location.span;
        let given = |number: u32| Some(number).filter(|number| *number > 0);
        serde_json::to_value(JsonMessage {
            code: message.kind.code(),
            severity: message.severity,
            text: message.message.to_string(),
            help: message.help.as_ref().map(ToString::to_string),
            file: message.location.file.as_deref().map(&path),
            line: given(span.line),
            column: given(span.column),
            end_column: given(span.column).map(|column| column + span.width),
            fix: message.fix.as_deref(),
        })
    };
    // Texts and numbers can always be written as JSON.
    let messages: Vec<Value> =
        report.messages().iter().filter_map(|problem| message(problem).ok()).collect();
    pretty(&Value::Array(messages))
}

/// Workflow commands (GitHub, "Workflow commands for GitHub Actions"): a line for each message.
pub(super) fn github(report: &Report, path: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    for message in report.messages() {
        let command = match message.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "notice",
        };
        let span = message.location.span;
        let mut properties = vec![("title", message.kind.code().to_owned())];
        properties.extend(message.location.file.as_deref().map(|file| ("file", path(file))));
        for (name, number) in [
            ("line", span.line),
            ("col", span.column),
            ("endColumn", (span.column + span.width) * u32::from(span.width > 0)),
        ] {
            properties.extend((number > 0).then(|| (name, number.to_string())));
        }
        let properties =
            properties.iter().map(|(name, value)| format!("{name}={}", property(value)));
        let content = match &message.help {
            Some(help) => format!("{}\n{help}", message.message),
            None => message.message.to_string(),
        };
        let _ = writeln!(
            text,
            "::{command} {}::{}",
            properties.collect::<Vec<_>>().join(","),
            data(&content)
        );
    }
    text
}

/// A message in a workflow command, and no other command.
fn data(text: &str) -> String {
    line::without_commands(&encoded(text))
}

/// A property of a workflow command: its separators are escaped too. A blank in the name of a file
/// would make it another file.
fn property(text: &str) -> String {
    let text = encoded(text).replace(':', "%3A").replace(',', "%2C");
    line::without_commands_of_others(&text)
}

/// A text with escapes for `%` and the ends of lines.
fn encoded(text: &str) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    line::with_one_direction(&text)
}

/// A log in the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0).
pub(super) fn sarif(report: &Report, path: impl Fn(&str) -> String) -> String {
    let kinds: Vec<Kind> = report.groups().map(|group| group[0].kind).collect();
    let rule = |kind: &Kind| {
        json!({
            "id": kind.code(),
            "shortDescription": { "text": kind.title() },
            "fullDescription": { "text": kind.why() },
            "help": { "text": kind.how() },
            "defaultConfiguration": { "level": level(kind.severity()) },
        })
    };
    let result = |message: &Diagnostic| {
        let index = kinds.iter().position(|kind| *kind == message.kind);
        let text = match &message.help {
            Some(help) => format!("{}. {help}.", message.message),
            None => format!("{}.", message.message),
        };
        let mut result = json!({
            "ruleId": message.kind.code(),
            "ruleIndex": index,
            "level": level(message.severity),
            "message": { "text": without_control(&text) },
        });
        if let Some(file) = message.location.file.as_deref() {
            result["locations"] = json!([location(message, &path(file))]);
        }
        result
    };
    pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_CRATE_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": kinds.iter().map(rule).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": report.messages().iter().map(result).collect::<Vec<_>>(),
        }],
    }))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

fn location(message: &Diagnostic, file: &str) -> Value {
    let span = message.location.span;
    let mut physical = json!({ "artifactLocation": { "uri": encode_path(file) } });
    if span.line > 0 {
        physical["region"] = json!({ "startLine": span.line });
    }
    if span.column > 0 {
        physical["region"]["startColumn"] = span.column.into();
        physical["region"]["endColumn"] = (span.column + span.width).into();
    }
    json!({ "physicalLocation": physical })
}

fn pretty(value: &Value) -> String {
    // Texts and numbers can always be written as JSON.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    line::json_without_commands(&text) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;
    use crate::phrase::phrase;

    #[test]
    fn messages_cannot_end_a_workflow_command() {
        let message =
            Diagnostic::new(Kind::DeadLink, phrase!("a\n::error::b 100%")).in_file("x,y:z.md");
        let report = Report::new(vec![
            message.at(Span { line: 3, column: 2, width: 4 }).help(phrase!("c\rd")),
        ]);
        let expected = "::warning title=dead-link,file=n/x%2Cy%3Az.md,line=3,col=2,endColumn=6::a%0A::error::b 100%25%0Ac%0Dd\n";
        assert_eq!(github(&report, |file| format!("n/{file}")), expected);
    }

    #[test]
    fn names_of_files_stay_themselves_in_a_workflow_command() {
        for (file, expected) in [
            ("::a.md", "%3A%3Aa.md"),
            ("##[b].md", "##[b].md"),
            ("c## [d]#[e].md", "c## [d]#[e].md"),
            ("a ##vso[f]##teamcity[g].md", "a # #vso[f]# #teamcity[g].md"),
            ("100%.md", "100%25.md"),
        ] {
            let message = Diagnostic::new(Kind::DeadLink, phrase!("a ##[b]")).in_file(file);
            let found = github(&Report::new(vec![message]), str::to_owned);
            assert_eq!(found, format!("::warning title=dead-link,file={expected}::a # #[b]\n"));
        }
    }
}
