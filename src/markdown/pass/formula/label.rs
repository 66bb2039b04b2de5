//! `\label`, `\ref` and `\eqref` of a note's formulas: their names are replaced by numbers before
//! the formulas are drawn, for the library takes no Chinese ones, and references are resolved
//! afterwards, when all formulas have their tags.
//!
//! Must not know: how a formula is drawn.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use crate::escape::{escape_into, write_attribute};
use crate::markdown::pass::heading_id::Ids;
use crate::phrase::{Phrase, phrase};

/// Beginning of the ids of labels; no slug of a heading has a colon.
const PREFIX: &str = "formula:";

/// Commands with a label.
const COMMANDS: [(&str, LabelCommand); 3] = [
    (r"\label{", LabelCommand::Label),
    (r"\eqref{", LabelCommand::EqRef),
    (r"\ref{", LabelCommand::Ref),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LabelCommand {
    Label,
    EqRef,
    Ref,
}

/// A formula whose labels are numbers.
pub(super) struct NumberedTex<'s> {
    pub tex: Cow<'s, str>,
    /// Places of the text, each with that of the old one, both in bytes.
    origins: Vec<(usize, usize)>,
    /// Its first label, by its number.
    pub first_label: Option<usize>,
}

impl NumberedTex<'_> {
    /// The place in the formula as it was.
    pub fn origin(&self, at: usize) -> usize {
        let after = self.origins.partition_point(|&(new, _)| new <= at);
        let last = after.checked_sub(1).map(|index| self.origins[index]);
        last.map_or(at, |(new, old)| old + (at - new))
    }
}

/// A label that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LabelProblem {
    /// The formula, by its index.
    pub formula: usize,
    /// The place in it, in bytes.
    pub at: usize,
    pub message: Phrase,
}

struct FormulaLabel {
    name: String,
    id: String,
    /// Number or name of its formula, in parentheses.
    tag: Option<String>,
}

struct LabelReference {
    name: String,
    is_bare: bool,
    formula: usize,
    at: usize,
}

/// The labels of a note, and the references to them.
#[derive(Default)]
pub(super) struct FormulaLabels {
    labels: Vec<FormulaLabel>,
    references: Vec<LabelReference>,
    by_name: HashMap<String, usize>,
    pub problems: Vec<LabelProblem>,
}

impl FormulaLabels {
    /// Takes the labels of a formula.
    pub fn number<'s>(&mut self, tex: &'s str, formula: usize, ids: &mut Ids) -> NumberedTex<'s> {
        let mut numbered = NumberedTex { tex: tex.into(), origins: Vec::new(), first_label: None };
        if !COMMANDS.iter().any(|(command, _)| tex.contains(command)) {
            return numbered;
        }
        let mut out = String::with_capacity(tex.len());
        let mut from = 0;
        while let Some(found) = memchr::memchr(b'\\', &tex.as_bytes()[from..]) {
            let at = from + found;
            let rest = &tex[at..];
            let command = COMMANDS.iter().find(|(command, _)| rest.starts_with(command));
            let parts = command.and_then(|&(written, command)| {
                let name = rest[written.len()..].split_once('}')?.0;
                Some((command, name, written.len() + name.len() + 1))
            });
            let Some((command, name, length)) = parts else {
                // A backslash may escape the next one.
                let next = rest[1..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&tex[from..at + 1 + next]);
                from = at + 1 + next;
                continue;
            };
            out.push_str(&tex[from..at]);
            numbered.origins.push((out.len(), at));
            if command == LabelCommand::Label {
                let index = self.add(name, formula, at, ids);
                numbered.first_label.get_or_insert(index);
                let _ = write!(out, r"\label{{L{index}}}");
            } else {
                let is_bare = command == LabelCommand::Ref;
                let name = name.trim().to_owned();
                self.references.push(LabelReference { name, is_bare, formula, at });
                let _ = write!(out, r"\eqref{{R{}}}", self.references.len() - 1);
            }
            from = at + length;
            numbered.origins.push((out.len(), from));
        }
        out.push_str(&tex[from..]);
        numbered.tex = out.into();
        numbered
    }

    fn add(&mut self, name: &str, formula: usize, at: usize, ids: &mut Ids) -> usize {
        let name = name.trim();
        let words = name.split_whitespace().collect::<Vec<_>>().join("-");
        let index = self.labels.len();
        if self.by_name.contains_key(name) {
            let message =
                phrase!("the label `{name}` is used twice; references lead to the first", name);
            self.problems.push(LabelProblem { formula, at, message });
        } else {
            self.by_name.insert(name.to_owned(), index);
        }
        let id = ids.claim(&format!("{PREFIX}{words}"));
        self.labels.push(FormulaLabel { name: name.to_owned(), id, tag: None });
        index
    }

    /// The ids of all labels.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().map(|label| label.id.as_str())
    }

    /// Learns the tags of the labels in a drawn formula.
    pub fn learn(&mut self, mathml: &str) {
        for part in mathml.split(" id=\"L").skip(1) {
            let Some((number, rest)) = part.split_once('"') else { continue };
            let tag = rest.split_once("<mtext>").and_then(|(_, tag)| tag.split_once("</mtext>"));
            let label = number.parse().ok().and_then(|index: usize| self.labels.get_mut(index));
            if let (Some(label), Some((tag, _))) = (label, tag) {
                label.tag = Some(tag.to_owned());
            }
        }
    }

    /// The tag of a label, as it is learned.
    pub fn tag(&self, label: usize) -> Option<String> {
        self.labels.get(label)?.tag.clone()
    }

    /// The attribute that names a formula.
    pub fn id_of(label: usize) -> String {
        format!(" id=\"L{label}\"")
    }

    /// A drawn formula with the ids of its labels, and with its references.
    pub fn resolve(&mut self, mathml: String) -> String {
        if !mathml.contains(" id=\"L") && !mathml.contains("<a href=\"#R") {
            return mathml;
        }
        let mut out = String::with_capacity(mathml.len() + 32);
        for (index, part) in mathml.split(" id=\"L").enumerate() {
            let label = part.split_once('"').filter(|_| index > 0);
            let found = label.and_then(|(number, rest)| {
                let label = self.labels.get(number.parse::<usize>().ok()?)?;
                Some((label.id.clone(), rest))
            });
            match found {
                Some((id, rest)) => {
                    write_attribute(&mut out, "id", &id);
                    self.references_of(rest, &mut out);
                }
                None => self.references_of(part, &mut out),
            }
        }
        out
    }

    fn references_of(&mut self, mathml: &str, out: &mut String) {
        for (index, part) in mathml.split("<a href=\"#R").enumerate() {
            let found = part.split_once('"').filter(|_| index > 0).and_then(|(number, rest)| {
                let reference = self.references.get(number.parse::<usize>().ok()?)?;
                Some((reference, rest.split_once("</a>")?.1))
            });
            let Some((reference, rest)) = found else {
                out.push_str(part);
                continue;
            };
            let label = self.by_name.get(&reference.name).map(|&index| &self.labels[index]);
            if let Some((label, tag)) = label.and_then(|label| Some((label, label.tag.as_deref()?)))
            {
                let bare = tag.strip_prefix('(').and_then(|tag| tag.strip_suffix(')'));
                let shown = bare.filter(|_| reference.is_bare).unwrap_or(tag);
                out.push_str("<a");
                write_attribute(out, "href", &format!("#{}", label.id));
                out.extend([">", shown, "</a>"]);
            } else {
                escape_into(out, if reference.is_bare { "??" } else { "(??)" });
                let message = if let Some(label) = label {
                    phrase!("the formula `{label}` has no number", label = label.name)
                } else {
                    phrase!("no formula has the label `{label}`", label = reference.name)
                };
                let (formula, at) = (reference.formula, reference.at);
                self.problems.push(LabelProblem { formula, at, message });
            }
            out.push_str(rest);
        }
    }
}
