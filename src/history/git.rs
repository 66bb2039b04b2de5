//! A question about a repository → git's answer, which does not depend on the user's configuration.
//! No program that a repository names is run, and no other machine is asked.
//!
//! Must not know: the meaning of the answer.

use crate::phrase::{Phrase, phrase};
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

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
}

/// The output of git in a folder.
pub(super) fn ask(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Refusal> {
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
    match command.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => Err(Refusal { said: output.stdout, why: reason(&output.stderr) }),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(Refusal { said: Vec::new(), why: phrase!("git is not installed") })
        }
        Err(error) => {
            Err(Refusal { said: Vec::new(), why: phrase!("git cannot be run: {error}", error) })
        }
    }
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
}
