//! A question about a repository → what git says, whoever asks: the same whatever the user has
//! configured, and without running anything that a repository names or asking another machine.
//!
//! Must not know: what the answer means.

use std::path::Path;
use std::process::{Command, Stdio};

/// Settings that override the configuration of user and repository (git-config(1)): those that
/// change the answer, and those that runs programs.
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

/// Variables in the environment of a hook about its repository, which need not be this one
/// (`git rev-parse --local-env-vars`), and what changes the meaning of paths.
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
    /// The text before that.
    pub said: Vec<u8>,
    /// Why, in its words.
    pub why: String,
}

/// Git's answer about a folder.
pub(super) fn ask(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Refusal> {
    let mut command = Command::new("git");
    command.args(["--no-pager", "--no-replace-objects", "-C"]).arg(folder);
    command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting])).args(arguments);
    for name in FOREIGN {
        command.env_remove(name);
    }
    // Objects that a partial clone lacks are not fetched; versions of git that do not know of the
    // first obey the second.
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "none");
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    match command.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => Err(Refusal { said: output.stdout, why: reason(&output.stderr) }),
        Err(error) => Err(Refusal { said: Vec::new(), why: format!("git cannot be run: {error}") }),
    }
}

/// The line that says why git gave up.
fn reason(told: &[u8]) -> String {
    let told = String::from_utf8_lossy(told);
    let fatal = told.lines().find_map(|line| line.strip_prefix("fatal: "));
    fatal.or_else(|| told.lines().next()).unwrap_or("git gave up").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_the_line_that_ends_it() {
        for (told, expected) in [
            ("warning: x\nfatal: not a git repository: /a\nand more\n", "not a git repository: /a"),
            ("error: unknown\n", "error: unknown"),
            ("", "git gave up"),
        ] {
            assert_eq!(reason(told.as_bytes()), expected);
        }
    }
}
