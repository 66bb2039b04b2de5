//! The names and mail addresses of commits → the people: one for several spellings and addresses,
//! none for a program.
//!
//! Must not know: commits, files.

use std::collections::HashMap;
use std::sync::Arc;

/// The output for an author's name that git cannot parse: the placeholder itself.
const NO_NAME: &str = "%aN";
/// Names of programs that commit, in lower case; GitHub's own apps end in `[bot]`.
const PROGRAMS: [&str; 14] = [
    "actions-user",
    "all contributors",
    "allcontributors",
    "codacy-badger",
    "dependabot",
    "github action",
    "github actions",
    "github-actions",
    "gitbook",
    "greenkeeper",
    "imgbot",
    "renovate",
    "the gitter badger",
    "travis ci",
];

/// The people of a repository.
#[derive(Default)]
pub(super) struct People {
    /// The name of each that is shown, by the addresses and names in lower case.
    known: HashMap<String, Arc<str>>,
}

impl People {
    /// The person with a name and a mail address. The name is that of the first call: the log
    /// begins with the newest commit.
    pub fn person(&mut self, name: &str, mail: &str) -> Option<Arc<str>> {
        let name: String = name.chars().filter(|c| !c.is_control()).collect();
        let name = name.trim();
        let mail = mail.trim().to_lowercase();
        if name.is_empty() || name == NO_NAME || is_program(&name.to_lowercase(), &mail) {
            return None;
        }
        let by_name = name.to_lowercase();
        let by_mail = Some(mail).filter(|mail| is_of_one_person(mail));
        let known = by_mail.as_ref().and_then(|mail| self.known.get(mail));
        let known = known.or_else(|| self.known.get(&by_name)).cloned();
        let person = known.unwrap_or_else(|| name.into());
        for key in by_mail.into_iter().chain([by_name]) {
            self.known.entry(key).or_insert_with(|| person.clone());
        }
        Some(person)
    }
}

fn is_program(name: &str, mail: &str) -> bool {
    let ends = ["[bot]", "-bot", " bot", "_bot"];
    ends.iter().any(|end| name.ends_with(end))
        || PROGRAMS.contains(&name)
        || mail.contains("[bot]@")
}

/// True for an address that no other person has: not those of machines and examples.
fn is_of_one_person(mail: &str) -> bool {
    let Some((local, domain)) = mail.split_once('@') else { return false };
    let top = domain.rsplit('.').next().unwrap_or_default();
    let is_public = domain.contains('.') && !matches!(top, "local" | "example");
    is_public
        && !domain.starts_with("example.")
        && !matches!(local, "" | "root" | "noreply" | "no-reply")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_one_name_and_a_program_none() {
        let mut people = People::default();
        for (name, mail, expected) in [
            ("王下邀月熊", "a@e.org", Some("王下邀月熊")),
            ("wxyyxc1992", "A@E.org", Some("王下邀月熊")),
            ("WXYYXC1992", "other@e.org", Some("王下邀月熊")),
            ("Ann", "", Some("Ann")),
            ("ann ", "ann@e.org", Some("Ann")),
            ("Ann Li", "ann@e.org", Some("Ann")),
            ("Bob", "you@example.com", Some("Bob")),
            ("Eve", "you@example.com", Some("Eve")),
            ("Carl", "root@localhost", Some("Carl")),
            ("Dora", "root@localhost", Some("Dora")),
            ("Abbot", "abbot@e.org", Some("Abbot")),
            ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com", None),
            ("Helper", "1+helper[bot]@users.noreply.github.com", None),
            ("gitbook-bot", "ghost@gitbook.com", None),
            ("GitHub Action", "action@github.com", None),
            ("%aN", "x@e.org", None),
            (" \u{7f}", "y@e.org", None),
        ] {
            assert_eq!(people.person(name, mail).as_deref(), expected, "{name} {mail}");
        }
    }
}
