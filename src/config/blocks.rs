//! `blocks` → the command of each language, split into words.
//!
//! Must not know: when a command is run, the program that it names.

use std::collections::BTreeMap;

use super::mistake::Mistake;
use super::problems::Problems;
use super::typed::TypedCommand;
use super::yaml::YamlStep::Key;
use crate::phrase::phrase;

/// Reads the section.
pub(super) fn resolve(
    typed: BTreeMap<String, Option<TypedCommand>>,
    problems: &mut Problems<'_>,
) -> BTreeMap<String, Vec<String>> {
    let mut blocks = BTreeMap::new();
    for (name, command) in typed {
        let steps = [Key("blocks"), Key(&name)];
        let words = language(&name).and_then(|language| Ok((language, words(command)?)));
        let Some((language, words)) = problems.take(&steps, words) else { continue };
        if blocks.insert(language, words).is_some() {
            let help =
                phrase!("languages are the same in capital and small letters: keep one of the two");
            problems.error(&steps, &Mistake::new(phrase!("has a command already"), help));
        }
    }
    blocks
}

/// A language as blocks name it.
fn language(name: &str) -> Result<String, Mistake> {
    let is_inside = |c: char| !c.is_whitespace() && !c.is_control() && !"`{}:,=".contains(c);
    if name.is_empty() || !name.chars().all(is_inside) {
        let help =
            phrase!("write the word after the fence, such as `dot` for a block that begins ```dot");
        return Err(Mistake::new(phrase!("is not the name of a language"), help));
    }
    Ok(name.to_lowercase())
}

/// The program and its arguments. No shell reads them: there are no variables, pipes or patterns.
fn words(command: Option<TypedCommand>) -> Result<Vec<String>, Mistake> {
    let words = match command {
        None => Vec::new(),
        Some(TypedCommand::Words(words)) => words,
        Some(TypedCommand::Line(line)) => shell_words::split(&line).map_err(|_| {
            Mistake::new(
                phrase!("has a quote that is not closed"),
                phrase!("add the closing quote"),
            )
        })?,
    };
    if words.first().is_none_or(String::is_empty) {
        let help = phrase!("write the program and its arguments, such as `dot -Tsvg`");
        return Err(Mistake::new(phrase!("names no program"), help));
    }
    if words.iter().any(|word| word.contains('\0')) {
        return Err(Mistake::new(phrase!("contains the character NUL"), phrase!("delete it")));
    }
    Ok(words)
}
