//! The arguments and the environment of the process → the language of its messages.
//!
//! Must not know: the messages.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::phrase::Language;

/// The option that names the language.
const OPTION: &str = "--lang";

/// The variables that name the language; the first one that is set counts (POSIX.1-2024 §8.2).
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The language that the arguments name, else that of the environment.
pub(super) fn of_process() -> Language {
    let arguments = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
    of_arguments(arguments.skip(1)).unwrap_or_else(|| of_variables(|name| std::env::var(name).ok()))
}

/// The language that arguments name. They are looked at before they are parsed, for a message may
/// be about them.
fn of_arguments(arguments: impl Iterator<Item = String>) -> Option<Language> {
    let mut arguments = arguments.take_while(|word| word != "--");
    let mut named = None;
    while let Some(word) = arguments.next() {
        let Some(rest) = word.strip_prefix(OPTION) else { continue };
        let name = match rest.strip_prefix('=') {
            Some(name) => Some(name.to_owned()),
            None if rest.is_empty() => arguments.next(),
            None => None,
        };
        named = name.and_then(|name| Language::from_str(&name, false).ok()).or(named);
    }
    named
}

fn of_variables(variable: impl Fn(&str) -> Option<String>) -> Language {
    let set = VARIABLES.iter().filter_map(|name| variable(name));
    let locale = set.into_iter().find(|value| !value.is_empty());
    locale.map_or(Language::English, |locale| Language::of_locale(&locale))
}

impl ValueEnum for Language {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Chinese, Self::English]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Chinese => PossibleValue::new("zh"),
            Self::English => PossibleValue::new("en"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_may_name_the_language_anywhere() {
        let of = |line: &str| of_arguments(line.split(' ').map(str::to_owned));
        for (line, expected) in [
            ("--lang zh build", Some(Language::Chinese)),
            ("build --lang=en notes", Some(Language::English)),
            ("build --lang en --lang zh", Some(Language::Chinese)),
            ("build --lang", None),
            ("build --lang fr", None),
            ("build --language zh", None),
            ("search -- --lang zh", None),
            ("", None),
        ] {
            assert_eq!(of(line), expected, "{line}");
        }
    }

    #[test]
    fn the_first_variable_that_is_set_counts() {
        for (set, expected) in [
            (&[][..], Language::English),
            (&[("LANG", "zh_CN.UTF-8")], Language::Chinese),
            (&[("LC_ALL", ""), ("LANG", "zh_CN.UTF-8")], Language::Chinese),
            (&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")], Language::English),
            (&[("LC_MESSAGES", "zh_TW"), ("LANG", "en_US")], Language::Chinese),
        ] {
            let value = |name: &str| {
                let found = set.iter().find(|(set, _)| *set == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(of_variables(value), expected, "{set:?}");
        }
    }
}
