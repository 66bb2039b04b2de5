//! The facts about a repository → a workflow that builds, checks and publishes the notes on GitHub
//! Pages.
//!
//! Must not know: what is on disk.

use super::RepositoryFacts;
use super::settings::scalar;

/// The workflow, with words between `@` for what differs.
const WORKFLOW: &str = include_str!("workflow.yml");
/// The line by which a checkout fetches the files that git-LFS holds.
const LFS: &str = "\n          lfs: true";

/// The checkout of a book's repository.
pub(super) struct Checkout<'b> {
    /// The repository on GitHub, as `owner/name`.
    pub repository: &'b str,
    /// The path, from the top of the library's repository.
    pub path: &'b str,
    /// True if git-LFS holds some files.
    pub has_lfs: bool,
}

/// The text; `action` is the action of this program, as `owner/name@ref`.
pub(super) fn text(found: &RepositoryFacts, action: &str, books: &[Checkout<'_>]) -> String {
    let remote = found.remote.as_ref();
    let branch = remote.map_or("main", |remote| &remote.branch);
    let folder = remote.map_or("", |remote| remote.prefix.trim_end_matches('/'));
    let folder = if folder.is_empty() { "." } else { folder };
    let lfs = if found.has_lfs { LFS } else { "" };
    let submodules = if found.has_submodules { "\n          submodules: recursive" } else { "" };
    let below = if folder == "." { String::new() } else { format!("{folder}/") };
    let values = [
        ("action", action.to_owned()),
        ("branch", scalar(&of_branch(branch))),
        ("folder", scalar(folder)),
        ("cache", scalar(&of_path(&format!("{below}.notes")))),
        ("site", scalar(&format!("{below}site"))),
        ("lfs", lfs.to_owned()),
        ("submodules", submodules.to_owned()),
        ("books", books.iter().map(step).collect()),
    ];
    filled(WORKFLOW, &values)
}

/// The step that checks a book out, with the action of the first checkout. Its history gives the
/// dates of its notes.
fn step(book: &Checkout<'_>) -> String {
    let mut lines = WORKFLOW.lines();
    let checkout = lines.find(|line| line.contains("actions/checkout@")).unwrap_or_default();
    let (repository, path) = (scalar(book.repository), scalar(book.path));
    let lfs = if book.has_lfs { LFS } else { "" };
    format!(
        "\n{checkout}
        with:
          repository: {repository}
          path: {path}
          fetch-depth: 0
          persist-credentials: false{lfs}"
    )
}

/// A text with values for the names between `@`. Names in a value are no such names: a branch may
/// be called `a@site@b`.
fn filled(template: &str, values: &[(&str, String)]) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('@') {
        let behind = &rest[at + 1..];
        let found = values
            .iter()
            .find_map(|(name, value)| Some((behind.strip_prefix(name)?.strip_prefix('@')?, value)));
        text.push_str(&rest[..at]);
        if let Some((next, value)) = found {
            text.push_str(value);
            rest = next;
        } else {
            text.push('@');
            rest = behind;
        }
    }
    text.push_str(rest);
    text
}

/// The pattern that matches this branch only (GitHub's "filter pattern cheat sheet"). A `]` alone
/// is itself.
fn of_branch(name: &str) -> String {
    let mut pattern = String::new();
    for c in name.chars() {
        if "*?+[!\\".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// The pattern that matches this path only, as actions/cache reads it (`@actions/glob`): what is
/// special stands in brackets; at the beginning `!`, `#` and `~` are special too, and a space is
/// lost.
fn of_path(path: &str) -> String {
    let mut pattern = String::new();
    if path.starts_with(['!', '#', '~', ' ']) {
        pattern.push_str("./");
    }
    for c in path.chars() {
        match c {
            '*' | '?' | '[' => pattern.extend(['[', c, ']']),
            '\\' => pattern.push_str("\\\\"),
            _ => pattern.push(c),
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_patterns() {
        for (branch, pattern) in
            [("main", "main"), ("c++", r"c\+\+"), ("a/!b]", r"a/\!b]"), ("写", "写")]
        {
            assert_eq!(of_branch(branch), pattern);
        }
        for (path, pattern) in [
            (".notes", ".notes"),
            ("a/.notes", "a/.notes"),
            ("[1] ~x/.notes", "[[]1] ~x/.notes"),
            ("~/.notes", "./~/.notes"),
            ("!a?*/b\\c/.notes", "./!a[?][*]/b\\\\c/.notes"),
        ] {
            assert_eq!(of_path(path), pattern);
        }
    }

    #[test]
    fn a_name_in_a_value_stays() {
        let values = [("a", "x@b@y".to_owned()), ("b", "@a@".to_owned())];
        assert_eq!(filled("@a@ @b@ c@1 @@a@ @", &values), "x@b@y @a@ c@1 @x@b@y @");
    }

    #[test]
    fn actions_are_pinned() {
        let uses: Vec<&str> = WORKFLOW
            .lines()
            .filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: "))
            .collect();
        assert!(uses.len() >= 5);
        for action in uses.into_iter().filter(|action| *action != "@action@") {
            let (name, rest) = action.split_once('@').unwrap();
            let (commit, version) = rest.split_once(" # v").unwrap();
            assert!(name.starts_with("actions/"), "{action}");
            assert!(
                commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()),
                "{action}"
            );
            assert!(version.split('.').all(|part| part.parse::<u32>().is_ok()), "{action}");
        }
    }
}
