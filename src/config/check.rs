//! `check` → the severity of each kind of diagnostic, and the options of the check of links to
//! other sites.
//!
//! Must not know: how problems are found, or how a site is asked.

use std::collections::BTreeMap;

use super::mistake::{self, Mistake};
use super::problems::Problems;
use super::typed;
use super::yaml::YamlStep::Key;
use crate::diagnostic::{Kind, Level, Levels, Severity};
use crate::phrase::phrase;

/// Options of the check of links to other sites.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct External {
    /// Addresses that begin with one of these are not asked.
    pub exclude: Vec<String>,
    /// True if this machine and its local network are asked too.
    pub local: bool,
}

/// The name of `hint` up to version 1.0.
const OLD_HINT: &str = "advice";

/// The names of the levels, the worst first.
const LEVELS: [(&str, Level); 4] = [
    ("error", Level::At(Severity::Error)),
    ("warning", Level::At(Severity::Warning)),
    ("hint", Level::At(Severity::Hint)),
    ("off", Level::Off),
];

/// Reads the section.
pub(super) fn resolve(typed: typed::Check, problems: &mut Problems<'_>) -> (Levels, External) {
    let levels = levels(typed.severity.unwrap_or_default(), problems);
    let typed::TypedExternal { exclude, local } = typed.external.unwrap_or_default();
    let external =
        External { exclude: exclude.unwrap_or_default(), local: local.unwrap_or_default() };
    (levels, external)
}

fn levels(typed: BTreeMap<String, Option<String>>, problems: &mut Problems<'_>) -> Levels {
    let mut adjusted = Vec::new();
    for (code, word) in typed {
        let steps = [Key("check"), Key("severity"), Key(&code)];
        let level =
            kind(&code).and_then(|kind| Ok((kind, level(word.as_deref().unwrap_or_default())?)));
        adjusted.extend(problems.take(&steps, level));
    }
    Levels::new(adjusted)
}

fn kind(code: &str) -> Result<Kind, Mistake> {
    let Some(kind) = Kind::of_code(code) else {
        let help = if let Some(name) = Kind::nearest_code(code) {
            phrase!("did you mean `{name}`?", name)
        } else {
            phrase!("`notes explain` lists the codes")
        };
        return Err(Mistake::new(phrase!("is not a known diagnostic code"), help));
    };
    if !kind.is_adjustable() {
        return Err(Mistake::new(
            phrase!("is always an error"),
            phrase!("remove the line: errors mean that part of the site is missing"),
        ));
    }
    Ok(kind)
}

fn level(word: &str) -> Result<Level, Mistake> {
    let name = if word == OLD_HINT { "hint" } else { word };
    let found = LEVELS.iter().find(|(level, _)| *level == name);
    found.map(|(_, level)| *level).ok_or_else(|| {
        let names: Vec<&str> = LEVELS.iter().map(|(name, _)| *name).collect();
        Mistake::new(
            phrase!("cannot be `{word}`", word = mistake::shortened(word)),
            phrase!("write one of {names}", names = names.join(", ")),
        )
    })
}
