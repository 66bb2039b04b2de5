//! `check` → how bad each kind of message is, and which other sites are not asked.
//!
//! Must not know: who finds anything, or how a site is asked.

use std::collections::BTreeMap;

use super::mistake::{self, Mistake};
use super::problems::Problems;
use super::typed;
use super::yaml::YamlStep::Key;
use crate::diagnostic::{Kind, Level, Levels, Severity};

/// Other sites, as they are asked whether a link's page is there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct External {
    /// Addresses that begin so are not asked.
    pub exclude: Vec<String>,
    /// True if this machine and its own network are asked too.
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
    let mut said = Vec::new();
    for (code, word) in typed {
        let steps = [Key("check"), Key("severity"), Key(&code)];
        let level =
            kind(&code).and_then(|kind| Ok((kind, level(word.as_deref().unwrap_or_default())?)));
        said.extend(problems.take(&steps, level));
    }
    Levels::new(said)
}

fn kind(code: &str) -> Result<Kind, Mistake> {
    let Some(kind) = Kind::of_code(code) else {
        let help = Kind::nearest_code(code).map_or_else(
            || "`notes explain` lists them".to_owned(),
            |code| format!("did you mean `{code}`?"),
        );
        return Err(Mistake::new("is no code of a message", help));
    };
    if !kind.is_adjustable() {
        return Err(Mistake::new(
            "is always an error",
            "what keeps the site from being whole is always told",
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
            format!("is `{}`", mistake::shortened(word)),
            format!("write one of {}", names.join(", ")),
        )
    })
}
