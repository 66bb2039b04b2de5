//! The top keys of `notes.yaml` → a diagnostic for each that is unknown, all at once, with an
//! answer of its own for those that other programs have.
//!
//! Must not know: the values of the keys.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::mistake::shortened;
use super::source::SettingsFile;
use super::typed::Typed;
use super::yaml::{self, Aim, YamlStep};
use crate::diagnostic::{self, Diagnostic, Kind};
use crate::phrase::{Argument, Phrase, phrase};

/// Most keys that are reported: finding the line of one costs a walk through the text.
const MOST: usize = 20;
/// Number of known keys that are named for an unknown one.
const MOST_NAMED: usize = 3;

/// The known keys, in the order of the guide. The error about a key that is none of them names
/// them.
#[must_use]
pub fn known_keys() -> Vec<String> {
    let Err(error) = serde_yaml::from_str::<Typed>("'': 0") else { return Vec::new() };
    let text = error.to_string();
    let (_, expected) = text.split_once("expected ").unwrap_or_default();
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The first mistake of a text, which the parser reports, with the diagnostics about all unknown
/// keys, of which that may be one.
pub(super) fn all_with(first: Diagnostic, source: &SettingsFile) -> Vec<Diagnostic> {
    // Any other text may be hostile: its aliases may expand to too much.
    if !first.message.to_string().starts_with("unknown key") {
        return vec![first];
    }
    let mut problems = unknown_keys(source);
    let line = |problem: &Diagnostic| problem.location.span.line;
    if problems.iter().all(|problem| line(problem) != line(&first)) {
        problems.insert(0, first);
    }
    problems
}

/// The diagnostics about a text whose top is a map; none for any other text.
#[expect(clippy::zero_sized_map_values, reason = "the values of a map are not wanted")]
fn unknown_keys(source: &SettingsFile) -> Vec<Diagnostic> {
    let Ok(keys) = BTreeMap::<String, IgnoredAny>::deserialize(serde_yaml::Deserializer::from_str(
        &source.text,
    )) else {
        return Vec::new();
    };
    let known = known_keys();
    let unknown = keys.into_keys().filter(|key| !known.contains(key)).take(MOST);
    let mut problems: Vec<_> = unknown.map(|key| unknown_key(source, &key, &known)).collect();
    problems.sort_by_key(|problem| problem.location.span);
    problems
}

fn unknown_key(source: &SettingsFile, key: &str, known: &[String]) -> Diagnostic {
    let location = yaml::location(source, &[YamlStep::Key(key)], Aim::Key);
    let message = phrase!("unknown key `{key}`", key = shortened(key));
    let help = of_other_program(key).unwrap_or_else(|| instead_of(key, known));
    Diagnostic { location, ..Diagnostic::new(Kind::Configuration, message).help(help) }
}

/// Help for a key that no other program has.
fn instead_of(key: &str, known: &[String]) -> Phrase {
    let word = shortened(key).replace(['-', ' '], "_");
    let alike = diagnostic::alike(&word, known.iter().map(String::as_str), MOST_NAMED);
    match alike[..] {
        [] => phrase!("`notes explain configuration` lists the keys"),
        [name] => phrase!("did you mean `{name}`?", name),
        _ => {
            let names = Argument::quoted(alike);
            phrase!("did you mean one of {names}? `notes explain configuration` lists all", names)
        }
    }
}

/// Help for a key of another program.
fn of_other_program(key: &str) -> Option<Phrase> {
    Some(match key {
        "nav" | "sidebar" => phrase!(
            "the navigation follows the folders, or a file such as SUMMARY.md that `navigation` names"
        ),
        "analytics" | "google_analytics" | "gtag" => {
            phrase!("put the script into `templates/bottom.html`")
        }
        "comments" | "giscus" | "disqus" => phrase!("put them into `templates/bottom.html`"),
        "markdown_extensions" => phrase!("`markdown` turns extensions of Markdown on and off"),
        "plugins" => phrase!("there are no plugins; search, feed and sitemap are always made"),
        "site_name" | "name" => phrase!("write `title`"),
        "site_url" | "url" | "base" => phrase!("write `base_url`"),
        "site_description" => phrase!("write `description`"),
        "site_author" => phrase!("write `author`"),
        "repo_url" | "repo" => phrase!("write `repository`"),
        "edit_uri" => phrase!("write `edit`, or `repository` and `branch`"),
        "docs_dir" | "src" | "root" => phrase!("write `content`"),
        "lang" | "locale" => phrase!("write `language`"),
        "extra_css" | "css" => phrase!("put style sheets into `static/own.css`"),
        "extra_javascript" | "js" => phrase!("load scripts in `templates/bottom.html`"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn all_unknown_keys_are_reported_at_once_in_order() {
        let text = "nav: []\ntitel: x\ntitle: x\nbase-url: y\nzzzzz: 1\n".to_owned();
        let source = SettingsFile { file: Arc::from("notes.yaml"), text };
        let problems = unknown_keys(&source);
        let lines: Vec<u32> = problems.iter().map(|it| it.location.span.line).collect();
        assert_eq!(lines, [1, 2, 4, 5]);
        let helps: Vec<String> =
            problems.iter().filter_map(|it| Some(it.help.as_ref()?.to_string())).collect();
        assert!(helps[0].contains("`navigation`"), "{helps:?}");
        assert!(helps[1].contains("`title`") && helps[2].contains("`base_url`"), "{helps:?}");
        assert_eq!(helps[3], "`notes explain configuration` lists the keys");
        assert!(known_keys().iter().any(|key| key == "federation"));
        for other in ["- a", "just text", "", "a: ["] {
            let source = SettingsFile { file: Arc::from("notes.yaml"), text: other.to_owned() };
            assert!(unknown_keys(&source).is_empty(), "{other}");
        }
    }

    #[test]
    fn no_answer_is_about_a_key_that_is_known() {
        assert!(known_keys().iter().all(|key| of_other_program(key).is_none()));
    }
}
