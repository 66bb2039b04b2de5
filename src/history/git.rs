//! A question about a repository → git's answer, which does not depend on the user's configuration.
//! No program that a repository names is run, and no other machine is asked.
//!
//! Must not know: the meaning of the answer.

use crate::phrase::{Phrase, phrase};
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::{self, JoinHandle};

/// Settings that override the configuration of user and repository (git-config(1)): those that
/// change the answer, and those that run programs.
const SETTINGS: [&str; 10] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "diff.ignoreSubmodules=none",
    "diff.relative=false",
    "diff.renameLimit=1000",
    "i18n.logOutputEncoding=UTF-8",
    "log.follow=false",
    "log.showRoot=true",
    "log.showSignature=false",
    "protocol.allow=never",
];

/// Environment variables that are removed: those that git sets in a hook for its own repository
/// (`git rev-parse --local-env-vars`), which may be another one, and those that change the meaning
/// of paths.
const FOREIGN: [&str; 13] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GLOB_PATHSPECS",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_INDEX_FILE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// A question that git did not answer.
#[derive(Debug)]
pub(super) struct Refusal {
    /// Its output before it failed.
    pub said: Vec<u8>,
    /// Its error message.
    pub why: Phrase,
    /// The name of the object that it could not read, if it says so.
    pub object: Option<String>,
}

/// A command of git in a folder.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(["--no-pager", "--no-replace-objects", "-C"]).arg(folder);
    command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting])).args(arguments);
    for name in FOREIGN {
        command.env_remove(name);
    }
    // Objects that a partial clone lacks are not fetched. Older versions of git do not know the
    // first variable; for them the second forbids all protocols.
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "none");
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    command
}

/// The output of git in a folder.
pub(super) fn ask(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Refusal> {
    match command(folder, arguments).stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => Err(Refusal::new(output.stdout, &output.stderr)),
        Err(error) => Err(Refusal::not_run(&error)),
    }
}

/// The line that ends an answer: git repeats a line that is no object's name, and writes what it
/// has. No path begins with `/`.
const END: &[u8] = b"/\n";

/// A process of git that answers one question after the other (git-diff-tree(1), `--stdin`).
pub(super) struct Conversation {
    process: Child,
    questions: Option<ChildStdin>,
    answers: Option<BufReader<ChildStdout>>,
    /// Its error messages, which are read meanwhile: a full pipe would stop it.
    printed: Option<JoinHandle<Vec<u8>>>,
}

impl Conversation {
    /// Starts git in a folder.
    pub fn begin(folder: &Path, arguments: &[&str]) -> Result<Self, Refusal> {
        let mut command = command(folder, arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().map_err(|error| Refusal::not_run(&error))?;
        let pipes = (process.stdin.take(), process.stdout.take(), process.stderr.take());
        let (Some(questions), Some(answers), Some(mut errors)) = pipes else {
            return Err(Refusal::new(Vec::new(), b""));
        };
        let printed = thread::spawn(move || {
            let mut printed = Vec::new();
            let _ = errors.read_to_end(&mut printed);
            printed
        });
        let (questions, answers) = (Some(questions), Some(BufReader::new(answers)));
        Ok(Self { process, questions, answers, printed: Some(printed) })
    }

    /// The answer to a question of a few lines, so few that a pipe holds them: its answer is read
    /// only when all of them are written.
    ///
    /// # Errors
    /// If git fails; this conversation is over then.
    pub fn ask(&mut self, question: &[u8]) -> Result<Vec<u8>, Refusal> {
        self.put(question)?;
        self.answer()
    }

    /// Asks a question whose answer is taken later. All questions that have no answer yet are
    /// together as few lines as one.
    ///
    /// # Errors
    /// If git fails; this conversation is over then.
    pub fn put(&mut self, question: &[u8]) -> Result<(), Refusal> {
        self.write(question).map_err(|_| Refusal::new(Vec::new(), &self.end()))
    }

    /// The answer to the first question that has none yet.
    ///
    /// # Errors
    /// If git fails; this conversation is over then.
    pub fn answer(&mut self) -> Result<Vec<u8>, Refusal> {
        let mut answer = Vec::new();
        match self.read(&mut answer) {
            Ok(()) => Ok(answer),
            Err(_) => Err(Refusal::new(answer, &self.end())),
        }
    }

    fn write(&mut self, question: &[u8]) -> io::Result<()> {
        let questions = self.questions.as_mut().ok_or(ErrorKind::BrokenPipe)?;
        questions.write_all(question)?;
        questions.write_all(END)?;
        questions.flush()
    }

    fn read(&mut self, answer: &mut Vec<u8>) -> io::Result<()> {
        let answers = self.answers.as_mut().ok_or(ErrorKind::BrokenPipe)?;
        loop {
            if answers.read_until(b'\n', answer)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            if let Some(whole) = answer.strip_suffix(END)
                && whole.last().is_none_or(|byte| *byte == 0)
            {
                answer.truncate(whole.len());
                return Ok(());
            }
        }
    }

    /// Waits for the end of git; gives its error messages.
    fn end(&mut self) -> Vec<u8> {
        // It has ended by itself, or ends because there are no more questions, and no reader for
        // answers that were not taken.
        self.questions = None;
        self.answers = None;
        let _ = self.process.wait();
        self.printed.take().and_then(|printed| printed.join().ok()).unwrap_or_default()
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        self.end();
    }
}

impl Refusal {
    fn new(said: Vec<u8>, printed: &[u8]) -> Self {
        Self { said, why: reason(printed), object: unreadable(printed) }
    }

    fn not_run(error: &io::Error) -> Self {
        let why = if error.kind() == ErrorKind::NotFound {
            phrase!("git is not installed")
        } else {
            phrase!("git cannot be run: {error}", error)
        };
        Self { said: Vec::new(), why, object: None }
    }
}

/// The name of the object that git could not read: the last one that its error output names.
fn unreadable(printed: &[u8]) -> Option<String> {
    let printed = String::from_utf8_lossy(printed);
    // `pack-` and the name of a pack are one word.
    let words = printed.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let mut names = words.filter(|word| {
        matches!(word.len(), 40 | 64) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    names.next_back().map(str::to_owned)
}

/// The line of git's error output with the reason.
fn reason(printed: &[u8]) -> Phrase {
    let printed = String::from_utf8_lossy(printed);
    let fatal = printed.lines().find_map(|line| line.strip_prefix("fatal: "));
    if let Some(line) = fatal.or_else(|| printed.lines().next()) {
        Phrase::verbatim(line.trim())
    } else {
        phrase!("git failed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_the_fatal_line_or_the_first_one() {
        for (printed, expected) in [
            ("warning: x\nfatal: not a git repository: /a\nand more\n", "not a git repository: /a"),
            ("error: unknown\n", "error: unknown"),
            ("", "git failed"),
        ] {
            assert_eq!(reason(printed.as_bytes()), expected);
        }
    }

    #[test]
    fn the_object_that_cannot_be_read_is_the_last_one_that_is_named() {
        let (one, two) = ("564769c094a5d8142520e1b1488b448130ece35b", "f".repeat(64));
        let pack = format!(".git/objects/pack/pack-{}.pack", "a".repeat(40));
        for (printed, expected) in [
            (format!("fatal: unable to read tree ({one})\n"), Some(one)),
            // The name of a pack is none of an object.
            (format!("fatal: packed object {one} (stored in {pack}) is corrupt\n"), Some(one)),
            (format!("fatal: cannot simplify commit {one} (because of {two})"), Some(&*two)),
            ("fatal: not a git repository".to_owned(), None),
        ] {
            assert_eq!(unreadable(printed.as_bytes()).as_deref(), expected);
        }
    }
}
