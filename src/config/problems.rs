//! Mistakes found while resolving → diagnostics at the value that they are about, all collected.
//!
//! Must not know: the keys of a settings file.

use std::fmt::Write;

use super::mistake::Mistake;
use super::source::SettingsFile;
use super::yaml::{self, Aim, YamlStep};
use crate::diagnostic::{Diagnostic, Kind};
use crate::phrase::phrase;

/// Most mistakes of one file that are reported: finding the line of one costs a walk through the
/// text.
const MOST: usize = 20;

/// The problems so far.
pub(super) struct Problems<'a> {
    own: Option<&'a SettingsFile>,
    errors: Vec<Diagnostic>,
    notices: Vec<Diagnostic>,
    unreported: usize,
}

impl<'a> Problems<'a> {
    /// No problems yet, for the text of `notes.yaml` if there is one.
    pub fn new(own: Option<&'a SettingsFile>) -> Self {
        Self { own, errors: Vec::new(), notices: Vec::new(), unreported: 0 }
    }

    /// The value, or `None` and an error about it.
    pub fn take<T>(&mut self, steps: &[YamlStep<'_>], result: Result<T, Mistake>) -> Option<T> {
        result.map_err(|mistake| self.error(steps, &mistake)).ok()
    }

    /// As [`Problems::take`], for an optional value.
    pub fn given<T, S>(
        &mut self,
        key: &str,
        typed: Option<S>,
        read: impl FnOnce(S) -> Result<T, Mistake>,
    ) -> Option<T> {
        typed.and_then(|value| self.take(&[YamlStep::Key(key)], read(value)))
    }

    /// An error about the value at the end of the steps.
    pub fn error(&mut self, steps: &[YamlStep<'_>], mistake: &Mistake) {
        if self.errors.len() == MOST {
            self.unreported += 1;
            return;
        }
        let diagnostic = self.about(Kind::Configuration, steps, mistake);
        self.errors.push(diagnostic);
    }

    /// A warning about the value at the end of the steps.
    pub fn warn(&mut self, kind: Kind, steps: &[YamlStep<'_>], mistake: &Mistake) {
        let diagnostic = self.about(kind, steps, mistake);
        self.notices.push(diagnostic);
    }

    /// A warning that has its location already.
    pub fn notice(&mut self, diagnostic: Diagnostic) {
        self.notices.push(diagnostic);
    }

    /// The warnings, if there are no errors.
    pub fn finish(mut self) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        if self.errors.is_empty() {
            return Ok(self.notices);
        }
        if self.unreported > 0 {
            let message =
                phrase!("{unreported} more mistakes in this file", unreported = self.unreported);
            self.errors.push(self.whole_file(Diagnostic::new(Kind::Configuration, message)));
        }
        Err(self.errors)
    }

    fn about(&self, kind: Kind, steps: &[YamlStep<'_>], mistake: &Mistake) -> Diagnostic {
        let message =
            phrase!("`{steps}` {message}", steps = shown(steps), message = mistake.message);
        let mut diagnostic = Diagnostic::new(kind, message).help(mistake.help.clone());
        if let Some(source) = self.own {
            diagnostic.location = yaml::location(source, steps, Aim::Value);
        }
        diagnostic
    }

    fn whole_file(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self.own {
            Some(source) => diagnostic.in_file(source.file.clone()),
            None => diagnostic,
        }
    }
}

/// The steps as the YAML parser's own messages write them: `matrix.rows[1].label`.
fn shown(steps: &[YamlStep<'_>]) -> String {
    let mut text = String::new();
    for step in steps {
        let dot = if text.is_empty() { "" } else { "." };
        // Writing to a string cannot fail.
        let _ = match step {
            YamlStep::Key(name) => write!(text, "{dot}{name}"),
            YamlStep::Index(index) => write!(text, "[{index}]"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_shown_as_the_parser_shows_them() {
        let steps = [
            YamlStep::Key("matrix"),
            YamlStep::Key("rows"),
            YamlStep::Index(1),
            YamlStep::Key("label"),
        ];
        assert_eq!(shown(&steps), "matrix.rows[1].label");
    }

    #[test]
    fn mistakes_are_collected_up_to_a_number() {
        let mut problems = Problems::new(None);
        for _ in 0..MOST + 5 {
            problems.error(
                &[YamlStep::Key("x")],
                &Mistake::new(phrase!("is wrong"), phrase!("fix it")),
            );
        }
        let reported = problems.finish().unwrap_err();
        assert_eq!(reported.len(), MOST + 1);
        assert_eq!(
            [&reported[0].message, &reported[MOST].message].map(ToString::to_string),
            ["`x` is wrong", "5 more mistakes in this file"]
        );
    }
}
