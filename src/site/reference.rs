//! Links of all notes → their targets, the files that are published because of them, and what is
//! wrong.
//!
//! Must not know: where in a page a link stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Fix, Kind};
use crate::links::{
    AnchorFit, LinkResolver, Resolved, Target, Unpublished, external_target, picture_url,
};
use crate::markdown::Link;
use crate::nav::PageId;
use crate::note::Note;
use crate::path::SourcePath;

use super::memo::Before;

/// The targets of the notes' links.
#[derive(Debug, Default)]
pub(super) struct References {
    /// For each note, what its links come to.
    pub of_notes: Vec<Arc<OfNote>>,
    /// Files that a note refers to.
    pub files: BTreeSet<SourcePath>,
}

/// A problem with a link, without its place, which the note knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkProblem {
    /// The note, by its index.
    pub note: usize,
    /// The link, by its number in the note.
    pub link: usize,
    /// The diagnostic, without its place.
    pub problem: Diagnostic,
}

/// The targets of one note's links.
#[derive(Debug)]
pub(super) struct OfNote {
    /// The target of each.
    pub targets: Arc<Vec<Target>>,
    pub problems: Vec<LinkProblem>,
}

impl References {
    /// Resolves the links of all notes. Those of a note that is as it was, and leads to no page
    /// whose ids may be others now, lead where they led.
    pub fn of(notes: &[Arc<Note>], before: &Before<'_>, resolver: &LinkResolver<'_>) -> Self {
        let leads_to_new = |of_note: &OfNote| {
            let mut targets = of_note.targets.iter();
            targets.any(|target| matches!(target, Target::Page(page, _) if before.is_new(page.0)))
        };
        let of_note = |(index, note): (usize, &Arc<Note>)| {
            let same = before.of(index).map(|before| &before.references[index]);
            let same = same.filter(|of_note| !leads_to_new(of_note));
            same.map_or_else(|| Arc::new(OfNote::new(index, note, resolver)), Arc::clone)
        };
        let of_notes: Vec<Arc<OfNote>> = notes.par_iter().enumerate().map(of_note).collect();
        let targets = of_notes.iter().flat_map(|of_note| &*of_note.targets);
        let files = targets.filter_map(|target| match target {
            Target::File(path) => Some(path.clone()),
            _ => None,
        });
        Self { files: files.collect(), of_notes }
    }
}

impl References {
    /// The problems with links of all notes.
    pub fn problems(&self) -> Vec<LinkProblem> {
        self.of_notes.iter().flat_map(|of_note| of_note.problems.iter().cloned()).collect()
    }
}

impl OfNote {
    fn new(index: usize, note: &Note, resolver: &LinkResolver<'_>) -> Self {
        let folder = note.path.parent();
        let (mut targets, mut problems) = (Vec::with_capacity(note.parsed.links.len()), Vec::new());
        for (number, link) in note.parsed.links.iter().enumerate() {
            let resolved = if link.is_wiki {
                resolver.resolve_wiki(&folder, Some(PageId(index)), &link.destination)
            } else {
                resolver.resolve(&folder, Some(PageId(index)), &link.destination)
            };
            let target = fitting(link, resolved.target.clone(), resolver);
            let found = problem(link, &resolved, &target, &folder, resolver);
            let repaired = repaired(link, &resolved, &folder, resolver);
            let found = found.into_iter().chain(repaired);
            problems.extend(found.map(|problem| LinkProblem {
                note: index,
                link: number,
                problem,
            }));
            targets.push(target);
        }
        Self { targets: targets.into(), problems }
    }
}

/// A file of the notes' own repository is read there, and shown here as an image. An image cannot
/// show a page, but may be part of the text itself (`data:image/…`); one that is
/// named alone is found wherever it is.
fn fitting(link: &Link, target: Target, resolver: &LinkResolver<'_>) -> Target {
    match target {
        Target::Dead if link.is_wiki => {
            let path = link.destination.split('#').next().unwrap_or_default();
            resolver.paths().file_named(path).unwrap_or(Target::Dead)
        }
        Target::File(_) if link.kind.leads() => {
            external_target(link.destination.trim()).unwrap_or(target)
        }
        _ if link.kind.leads() => target,
        Target::Page(..) => Target::Dead,
        Target::External(url) => Target::External(picture_url(&url).into_owned()),
        Target::Dead if link.destination.starts_with("data:image/") => {
            Target::External(link.destination.clone())
        }
        other => other,
    }
}

fn problem(
    link: &Link,
    resolved: &Resolved,
    target: &Target,
    folder: &SourcePath,
    resolver: &LinkResolver<'_>,
) -> Option<Diagnostic> {
    let meant = || resolver.paths().meant_by(folder, &link.destination);
    let did_you_mean = |otherwise: &str| match meant() {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => otherwise.to_owned(),
    };
    let destination = &link.destination;
    let what = if link.kind.leads() { "link" } else { "image" };
    Some(match target {
        Target::Dead if destination.trim().is_empty() => {
            Diagnostic::new(Kind::DeadLink, format!("{what} `{}` has no destination", link.text))
                .help("add a destination or remove the brackets")
        }
        Target::Dead if !link.kind.leads() => {
            Diagnostic::new(Kind::MissingImage, format!("`{destination}` does not exist")).help(
                did_you_mean(
                    "add the file or correct the path; the page shows the alternative text",
                ),
            )
        }
        Target::Dead => Diagnostic::new(Kind::DeadLink, format!("`{destination}` leads nowhere"))
            .help(did_you_mean("correct the path; the page shows the words without a link")),
        Target::Unpublished(path, why) => unpublished(destination, path, *why)?,
        Target::Page(page, _) if resolved.anchor == AnchorFit::Lost => {
            lost_anchor(destination, *page, folder, resolver)
        }
        _ => return None,
    })
}

/// The diagnostic about a destination whose page has no such heading.
pub(super) fn lost_anchor(
    destination: &str,
    page: PageId,
    folder: &SourcePath,
    resolver: &LinkResolver<'_>,
) -> Diagnostic {
    let meant = resolver.suggest_anchor(folder, page, destination);
    let help = meant.map(|id| format!("did you mean `#{id}`?"));
    let message = format!("`{destination}`: the page has no such heading");
    Diagnostic::new(Kind::DeadAnchor, message)
        .help(help.unwrap_or_else(|| "the link leads to the top of the page".to_owned()))
}

/// The diagnostic about a link that was resolved loosely.
fn repaired(
    link: &Link,
    resolved: &Resolved,
    folder: &SourcePath,
    resolver: &LinkResolver<'_>,
) -> Option<Diagnostic> {
    // That a name leads to its note wherever it is, and words to their heading, is what such links
    // are for.
    if link.is_wiki || !link.kind.leads() {
        return None;
    }
    if !(resolved.repaired || resolved.anchor == AnchorFit::Loose) {
        return None;
    }
    let destination = &link.destination;
    let new = resolver.written_for(folder, resolved, destination)?;
    let (message, help) = if resolved.repaired {
        (
            format!("`{destination}` does not exist; using `{new}`, which has a similar name"),
            "`notes check --fix` writes the path that exists",
        )
    } else {
        (
            format!(
                "no heading has the id in `{destination}`; using `{new}`, which has its letters"
            ),
            "`notes check --fix` writes the id that exists",
        )
    };
    let fix = Fix::Replace { old: destination.clone(), new };
    Some(Diagnostic::new(Kind::LooseLink, message).help(help).fix(fix))
}

fn unpublished(destination: &str, path: &SourcePath, why: Unpublished) -> Option<Diagnostic> {
    let (kind, reason, help) = match why {
        Unpublished::Navigation => return None,
        Unpublished::LfsPointer => (
            Kind::LfsPointer,
            "is a git-LFS pointer, not the file",
            "run `git lfs pull` before building",
        ),
        Unpublished::Hidden => (
            Kind::NotPublished,
            "is hidden or excluded",
            "set `repository` in notes.yaml to link to it there",
        ),
        Unpublished::Draft => (
            Kind::NotPublished,
            "is a draft",
            "the page shows the words without a link until it is published",
        ),
        Unpublished::Folder => (
            Kind::NotPublished,
            "is a folder without notes",
            "set `repository` in notes.yaml to link to it there",
        ),
    };
    let shown = if path.shown() == destination { String::new() } else { format!(" ({path})") };
    Some(Diagnostic::new(kind, format!("`{destination}`{shown} {reason}")).help(help))
}
