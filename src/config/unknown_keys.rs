//! The keys of `notes.yaml` → a diagnostic for each that is unknown, all at once, with an answer of
//! its own for top keys that other programs have.
//!
//! Must not know: the meaning of the values.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_yaml::Value;

use super::mistake::{UnknownKey, shortened, unknown_key_of};
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
    problems.extend(unknown_keys_below(source));
    let line = |problem: &Diagnostic| problem.location.span.line;
    if problems.iter().all(|problem| line(problem) != line(&first)) {
        problems.insert(0, first);
    }
    problems.sort_by_key(|problem| problem.location.span);
    problems
}

/// The diagnostics about unknown keys in the values of known ones. The parser stops at the first,
/// so that one is taken out of the text, and the rest is parsed again.
fn unknown_keys_below(source: &SettingsFile) -> Vec<Diagnostic> {
    let Ok(Value::Mapping(mut top)) = serde_yaml::from_str(&source.text) else { return Vec::new() };
    let known = known_keys();
    top.retain(|key, _| key.as_str().is_some_and(|key| known.iter().any(|name| name == key)));
    let mut rest = Value::Mapping(top);
    let mut problems = Vec::new();
    while problems.len() < MOST {
        let found = serde_yaml::to_string(&rest)
            .and_then(|text| serde_yaml::from_str::<Typed>(&text).map(|_| ()));
        let Err(error) = found else { break };
        let Some(UnknownKey { path, key, mistake }) = unknown_key_of(&error) else { break };
        let steps = steps(&path);
        if taken_out(&mut rest, &steps, &key).is_none() {
            break;
        }
        let at: Vec<_> = steps.into_iter().chain([YamlStep::Key(&key)]).collect();
        let location = yaml::location(source, &at, Aim::Key);
        let problem = Diagnostic::new(Kind::Configuration, mistake.message).help(mistake.help);
        problems.push(Diagnostic { location, ..problem });
    }
    problems
}

/// The steps of a path such as `matrix.rows[0]`.
fn steps(path: &str) -> Vec<YamlStep<'_>> {
    let step = |name: &'_ str| {
        name.strip_suffix(']').and_then(|number| number.parse().ok()).map(YamlStep::Index)
    };
    let names = path.split(['.', '[']).filter(|name| !name.is_empty());
    names.map(|name| step(name).unwrap_or(YamlStep::Key(name))).collect()
}

/// Takes a key out of the map at the end of the steps.
fn taken_out(value: &mut Value, steps: &[YamlStep<'_>], key: &str) -> Option<Value> {
    let mut map = value;
    for step in steps {
        map = match step {
            YamlStep::Key(name) => map.get_mut(*name)?,
            YamlStep::Index(number) => map.get_mut(*number)?,
        };
    }
    map.as_mapping_mut()?.remove(key)
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
    unknown.map(|key| unknown_key(source, &key, &known)).collect()
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
        let first = unknown_keys(&source).remove(0);
        let problems = all_with(first, &source);
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
            assert!(unknown_keys_below(&source).is_empty(), "{other}");
        }
    }

    #[test]
    fn unknown_keys_in_values_are_reported_with_the_others() {
        let text = r##"titel: x
theme: {acent: "#fff", colour: a}
links:
  - {titel: a, link: b}
  - {title: a, lnk: b}
matrix:
  rows:
    - label: a
      cells: [{tilte: x}]
books: [{pfad: x}, b]
license: {name: x, uri: y}
"##
        .to_owned();
        let source = SettingsFile { file: Arc::from("notes.yaml"), text };
        let first = unknown_keys(&source).remove(0);
        let found: Vec<(u32, String)> = all_with(first, &source)
            .iter()
            .map(|problem| (problem.location.span.line, problem.message.to_string()))
            .collect();
        let expected = [
            (1, "unknown key `titel`"),
            (2, "unknown key `acent` in `theme`"),
            (2, "unknown key `colour` in `theme`"),
            (4, "unknown key `titel` in `links[0]`"),
            (5, "unknown key `lnk` in `links[1]`"),
            (9, "unknown key `tilte` in `matrix.rows[0].cells[0]`"),
            (10, "unknown key `pfad` in `books[0]`"),
            (11, "unknown key `uri` in `license`"),
        ];
        let expected = expected.map(|(line, text)| (line, text.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn no_answer_is_about_a_key_that_is_known() {
        assert!(known_keys().iter().all(|key| of_other_program(key).is_none()));
    }
}
