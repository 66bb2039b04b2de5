//! A message and the text of its file → the message with the line below it, in which its span is
//! marked.
//!
//! Must not know: the kinds of messages, the disk.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::path::without_control;
use crate::phrase::Language;

use super::line::with_one_direction;
use super::print;

/// Width to which lines are cut, in columns of a terminal.
const WIDTH: usize = 120;
/// Longest line that is shown, in bytes.
const LONGEST: usize = 4 << 10;

/// The message for a terminal, with colours. `path` is the shown path of the file, `text` its
/// content.
pub(super) fn snippet(
    message: &Diagnostic,
    path: Option<&str>,
    text: Option<&str>,
    language: Language,
) -> String {
    let level = match message.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::NOTE,
    };
    let level = level.with_name(print::word(message.severity, language));
    let title = without_control(&message.message.text(language));
    let mut group = Group::with_title(level.primary_title(title).id(message.kind.code()));
    let span = message.location.span;
    let marked = text.and_then(|text| marked(text, span));
    if let Some(path) = path.map(without_control) {
        group = match marked {
            Some((line, range)) => group.element(
                Snippet::source(line)
                    .line_start(span.line as usize)
                    .path(path)
                    .annotation(AnnotationKind::Primary.span(range)),
            ),
            None => group.element(origin(path, span)),
        };
    }
    if let Some(help) = &message.help {
        let level = Level::HELP.with_name(language.translated("help"));
        group = group.element(level.message(without_control(&help.text(language))));
    }
    Renderer::styled().term_width(WIDTH).render(&[group]) + "\n"
}

fn origin<'o>(path: String, span: Span) -> Origin<'o> {
    let origin = Origin::path(path);
    match (span.line, span.column) {
        (0, _) => origin,
        (line, 0) => origin.line(line as usize),
        (line, column) => origin.line(line as usize).char_column(column as usize),
    }
}

/// The line of a span and the marked bytes of it; `None` if the text has no such line, or it is too
/// long.
fn marked(text: &str, span: Span) -> Option<(String, Range<usize>)> {
    let line = text.lines().nth((span.line as usize).checked_sub(1)?)?;
    if line.len() > LONGEST {
        return None;
    }
    let offset =
        |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(at, _)| at);
    let range = if let Some(before) = (span.column as usize).checked_sub(1) {
        offset(before)..offset(before + (span.width as usize).max(1))
    } else {
        let begin = line.len() - line.trim_start().len();
        begin..line.trim_end().len().max(begin)
    };
    // Here already, for an escape is wider, and the mark below must fit.
    let parts = [&line[..range.start], &line[range.clone()], &line[range.end..]];
    let [before, within, after] = parts.map(with_one_direction);
    let shown = before.len()..before.len() + within.len();
    Some((before + &within + &after, shown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Kind;
    use crate::phrase::phrase;

    fn plain(message: &Diagnostic, text: Option<&str>) -> String {
        anstream::adapter::strip_str(&snippet(message, Some("甲.md"), text, Language::English))
            .to_string()
    }

    #[test]
    fn marks_are_under_wide_characters() {
        let span = Span { line: 2, column: 7, width: 4 };
        let message = Diagnostic::new(Kind::DeadLink, phrase!("`b.md` leads\u{1b}[31m nowhere"))
            .at(span)
            .help(phrase!("fix it"));
        let expected = "\
warning[dead-link]: `b.md` leads[31m nowhere
 --> 甲.md:2:7
  |
2 | 见 [乙](b.md)
  |         ^^^^
  |
  = help: fix it
";
        assert_eq!(plain(&message, Some("一\n见 [乙](b.md)\n")), expected);
    }

    #[test]
    fn locations_without_text_or_columns() {
        let message = Diagnostic::new(Kind::Stub, phrase!("nothing"));
        let long = "x".repeat(LONGEST + 1);
        for (line, text, expected) in [
            (0, "x", "hint[stub]: nothing\n--> 甲.md\n"),
            (1, "  一二 \n", "hint[stub]: nothing\n --> 甲.md:1:3\n  |\n1 |   一二 \n  |   ^^^^\n"),
            (9, "x", "hint[stub]: nothing\n--> 甲.md:9\n"),
            (1, &long, "hint[stub]: nothing\n--> 甲.md:1\n"),
        ] {
            assert_eq!(plain(&message.clone().at_line(line), Some(text)), expected);
        }
    }

    #[test]
    fn marks_are_under_escapes() {
        let text = "a\u{202E}[x](b\u{200F}.md)";
        let message =
            Diagnostic::new(Kind::DeadLink, phrase!("x")).at(Span { line: 1, column: 7, width: 5 });
        let shown = plain(&message, Some(text));
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[3], r"1 | a\u{202e}[x](b\u{200f}.md)", "{shown}");
        let marks = lines[4].find('^').unwrap()..=lines[4].rfind('^').unwrap();
        assert_eq!(lines[3].get(marks), Some(r"b\u{200f}.md"), "{shown}");
    }

    #[test]
    fn long_lines_are_cut_around_the_span() {
        let text = format!("{}[乙](b.md){}", "长".repeat(200), "长".repeat(200));
        let message = Diagnostic::new(Kind::DeadLink, phrase!("x")).at(Span {
            line: 1,
            column: 205,
            width: 4,
        });
        let shown = plain(&message, Some(&text));
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[3].contains("长[乙](b.md)长") && lines[3].chars().count() < 100, "{shown}");
        let width =
            |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
        let [before, _] = lines[3].split("b.md").collect::<Vec<_>>()[..] else { panic!("{shown}") };
        assert_eq!(lines[4].find('^'), Some(width(before)), "{shown}");
    }
}
