//! Blocks whose language has a command in the settings → diagrams, each kept by the digest of its
//! command and its text.
//!
//! Must not know: how a program is run, how a diagram is shown.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::cache::Cache;
use crate::command::{self, CommandFailure, CommandLimits, escaped, reason};
use crate::diagnostic::{Diagnostic, Kind};
use crate::diagram::{self, Diagram};
use crate::digest::Digest;
use crate::phrase::{Phrase, phrase};

/// The limits of each command.
const LIMITS: CommandLimits = CommandLimits { time: Duration::from_secs(10), output: 4 << 20 };

/// The use of the commands in the settings. They can do anything, and the settings may be those of
/// strangers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CommandUse {
    /// None is run.
    #[default]
    Refuse,
    /// None is run, and the diagrams of earlier runs are used.
    Kept,
    /// They are run.
    Run,
}

/// The commands of a project, for as long as it is open.
#[derive(Debug, Default)]
pub struct CommandRunner {
    used: CommandUse,
    /// The folder in which they are run.
    folder: PathBuf,
    /// Blocks that failed. They are tried again by the next run of this program, so that it is
    /// enough to install the command's program.
    failures: Mutex<HashMap<Digest, Diagnostic>>,
}

impl CommandRunner {
    /// A runner of commands in a folder, which has to be an absolute path.
    #[must_use]
    pub fn new(used: CommandUse, folder: &Path) -> Self {
        Self { used, folder: folder.to_owned(), failures: Mutex::default() }
    }

    /// The use of the commands.
    #[must_use]
    pub fn used(&self) -> CommandUse {
        self.used
    }
}

/// The commands for the blocks of one note.
#[derive(Debug)]
pub(super) struct NoteCommands<'l> {
    runner: &'l CommandRunner,
    blocks: &'l BTreeMap<String, Vec<String>>,
    cache: &'l Cache,
    has_failed: Cell<bool>,
}

impl<'l> NoteCommands<'l> {
    /// The commands `blocks` of the settings.
    pub fn new(
        runner: &'l CommandRunner,
        blocks: &'l BTreeMap<String, Vec<String>>,
        cache: &'l Cache,
    ) -> Self {
        Self { runner, blocks, cache, has_failed: Cell::new(false) }
    }

    /// True if a block could not be drawn: the next run may draw it, though the note is the same.
    pub fn have_failed(&self) -> bool {
        self.has_failed.get()
    }

    fn made(&self, language: &str, words: &[String], text: &str) -> Result<Diagram, Diagnostic> {
        let output = command::run(words, &self.runner.folder, text, LIMITS)
            .map_err(|failure| refusal(language, words, &failure))?;
        diagram::of_output(&output).map_err(|mistake| {
            let program = shown(words);
            let message = phrase!(
                "the output of `{program}` is not shown: {reason}",
                program,
                reason = mistake.reason
            );
            let help = phrase!("have `blocks.{language}` print SVG or PNG", language);
            problem(&message, help)
        })
    }
}

impl NoteCommands<'_> {
    /// True if there is a command for a language, whether or not it may be run.
    pub fn has(&self, language: &str) -> bool {
        self.blocks.contains_key(language)
    }

    /// Draws a block, or says why it stays code; `None` if no command for it may be run.
    pub fn draw(&self, language: &str, text: &str) -> Option<Result<Diagram, Diagnostic>> {
        let words = self.blocks.get(language)?;
        if self.runner.used == CommandUse::Refuse {
            return None;
        }
        let key = key(words, text);
        if let Some(diagram) = self.cache.get(key) {
            return Some(Ok(diagram));
        }
        if self.runner.used == CommandUse::Kept {
            self.has_failed.set(true);
            return None;
        }
        let failures = || self.runner.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let known = failures().get(&key).cloned();
        let result = match known {
            Some(failure) => Err(failure),
            None => self.made(language, words, text),
        };
        match &result {
            Ok(diagram) => self.cache.put(key, diagram),
            Err(failure) => {
                self.has_failed.set(true);
                failures().insert(key, failure.clone());
            }
        }
        Some(result)
    }
}

/// The key of the diagram that a command makes of a text.
pub(super) fn key(words: &[String], text: &str) -> Digest {
    let words = words.iter().map(String::as_bytes);
    let parts: Vec<&[u8]> = words.chain([text.as_bytes()]).collect();
    Cache::key("diagram by command", &parts)
}

/// The diagnostic about a command that gives no output.
fn refusal(language: &str, words: &[String], failure: &CommandFailure) -> Diagnostic {
    let program = shown(words);
    let correct = phrase!("correct `blocks.{language}` in notes.yaml", language);
    match failure {
        CommandFailure::NotInstalled => {
            let message = phrase!("the program `{program}` is not installed", program);
            problem(&message, phrase!("install it, or {correct}", correct))
        }
        CommandFailure::NotStarted(reason) => {
            problem(&phrase!("`{program}` cannot be run: {reason}", program, reason), correct)
        }
        // Nothing tells it to stop.
        CommandFailure::Stopped | CommandFailure::Slow => {
            let message = phrase!(
                "`{program}` took longer than {seconds} s",
                program,
                seconds = LIMITS.time.as_secs()
            );
            problem(&message, phrase!("make the diagram smaller, or divide it"))
        }
        CommandFailure::Large => {
            let message = phrase!(
                "`{program}` printed more than {size} MB",
                program,
                size = LIMITS.output >> 20
            );
            problem(&message, phrase!("make the diagram smaller, or divide it"))
        }
        CommandFailure::Failed { code, complaint } => {
            let reason = reason(complaint, *code);
            let help = phrase!("correct the block, or {correct}", correct);
            problem(&phrase!("`{program}` failed: {reason}", program, reason), help)
        }
    }
}

fn problem(reason: &Phrase, help: Phrase) -> Diagnostic {
    let message = phrase!("the diagram is shown as code: {reason}", reason);
    Diagnostic::new(Kind::Diagram, message).help(help)
}

/// The name of a command's program.
fn shown(words: &[String]) -> String {
    escaped(words.first().map_or("", String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_text_are_apart_in_keys() {
        let words =
            |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_ne!(key(&words(&["a", "b"]), "c"), key(&words(&["a"]), "bc"));
        assert_ne!(key(&words(&["a", "b"]), "c"), key(&words(&["a b"]), "c"));
        assert_eq!(key(&words(&["a"]), "c"), key(&words(&["a"]), "c"));
    }
}
