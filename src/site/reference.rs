//! Links of all notes → their targets, the files that are published because of them, and what is
//! wrong.
//!
//! Must not know: where in a page a link stands.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::books::{BookLink, BookLinkForm};
use crate::diagnostic::{Diagnostic, Fix, Kind};
use crate::links::{
    AnchorFit, LinkResolver, Resolved, Target, Unpublished, external_target, picture_url,
};
use crate::markdown::Link;
use crate::nav::PageId;
use crate::note::Note;
use crate::path::SourcePath;
use crate::phrase::{Phrase, phrase};

use super::memo::Before;

/// Number of problems of one kind for which something similar is suggested: so many mistakes are
/// not read one by one.
pub(super) const MOST_SUGGESTED: usize = 1_000;

/// Texts of links that lead to the code in a repository, not to its notes.
const CODE_TEXTS: [&str; 7] = ["code", "github", "repository", "source", "代码", "源码", "仓库"];

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
    problems: Vec<FoundProblem>,
}

/// A problem with a link, and what was meant, if that can be found.
#[derive(Debug)]
struct FoundProblem {
    /// The problem as it is without a suggestion.
    problem: LinkProblem,
    missing: Option<Missing>,
    /// The help that names something similar, once it was looked for.
    suggestion: OnceLock<Option<String>>,
}

/// A thing that a link names and that does not exist.
#[derive(Debug, Clone, Copy)]
enum Missing {
    Path,
    /// A heading of a page.
    Anchor(PageId),
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
    /// The problems with links of all notes. Something similar is suggested for the first ones of
    /// each kind in the order of the notes, whichever of them an earlier site has found.
    pub fn problems(&self, notes: &[Arc<Note>], resolver: &LinkResolver<'_>) -> Vec<LinkProblem> {
        let mut counts: HashMap<Kind, usize> = HashMap::new();
        let (mut problems, mut first) = (Vec::new(), Vec::new());
        for found in self.of_notes.iter().flat_map(|of_note| &of_note.problems) {
            let count = counts.entry(found.problem.problem.kind).or_default();
            if found.missing.is_some() && *count < MOST_SUGGESTED {
                *count += 1;
                first.push((problems.len(), found));
            }
            problems.push(found.problem.clone());
        }
        let suggested = |&(at, found): &(usize, &FoundProblem)| {
            Some((at, found.suggestion(notes, resolver)?.to_owned()))
        };
        let suggestions: Vec<(usize, String)> = first.par_iter().filter_map(suggested).collect();
        for (at, suggestion) in suggestions {
            problems[at].problem.help = Some(did_you_mean(&suggestion));
        }
        problems
    }
}

impl FoundProblem {
    /// The most similar thing that exists, in the words of the link.
    fn suggestion(&self, notes: &[Arc<Note>], resolver: &LinkResolver<'_>) -> Option<&str> {
        let missing = self.missing?;
        let find = || {
            let note = &notes[self.problem.note];
            let destination = &note.parsed.links[self.problem.link].destination;
            let folder = note.path.parent();
            match missing {
                Missing::Path => resolver.paths().meant_by(&folder, destination),
                Missing::Anchor(page) => {
                    let id = resolver.suggest_anchor(&folder, page, destination)?;
                    Some(format!("#{id}"))
                }
            }
        };
        self.suggestion.get_or_init(find).as_deref()
    }
}

/// The help that names something similar.
pub(super) fn did_you_mean(name: &str) -> Phrase {
    phrase!("did you mean `{name}`?", name)
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
            let found = problem(link, &resolved, &target, resolver);
            let missing = missing(link, &resolved, &target);
            let repaired = repaired(link, &resolved, &folder, resolver);
            let found = found.map(|problem| (problem, missing));
            let found = found.into_iter().chain(repaired.map(|problem| (problem, None)));
            problems.extend(found.map(|(problem, missing)| FoundProblem {
                problem: LinkProblem { note: index, link: number, problem },
                missing,
                suggestion: OnceLock::new(),
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
        // A cell of a matrix has a link to an article and one to its code.
        Target::Book(BookLink { form: BookLinkForm::Repository, .. }, Some(url))
            if is_of_code(&link.text) =>
        {
            Target::External(url)
        }
        _ if link.kind.leads() => target,
        Target::Book(link, url) => {
            let url = url.map(|url| picture_url(&url).into_owned());
            Target::Book(BookLink { form: BookLinkForm::Picture, ..link }, url)
        }
        Target::Page(..) => Target::Dead,
        Target::External(url) => Target::External(picture_url(&url).into_owned()),
        Target::Dead if link.destination.starts_with("data:image/") => {
            Target::External(link.destination.clone())
        }
        other => other,
    }
}

/// True if the text of a link to a repository says that it leads to code.
fn is_of_code(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    CODE_TEXTS.contains(&text.as_str())
}

/// The problem with a link, without a suggestion.
fn problem(
    link: &Link,
    resolved: &Resolved,
    target: &Target,
    resolver: &LinkResolver<'_>,
) -> Option<Diagnostic> {
    let destination = &link.destination;
    Some(match target {
        Target::Dead if destination.trim().is_empty() => without_destination(link),
        Target::Dead if !link.kind.leads() => Diagnostic::new(
            Kind::MissingImage,
            phrase!("`{destination}` does not exist", destination),
        )
        .help(phrase!("add the file or correct the path; the page shows the alternative text")),
        Target::Dead => {
            Diagnostic::new(Kind::DeadLink, phrase!("`{destination}` leads nowhere", destination))
                .help(phrase!("correct the path; the page shows the words without a link"))
        }
        Target::Unpublished(_, Unpublished::Hidden | Unpublished::Folder)
            if link.kind.leads() && resolver.has_sources() =>
        {
            return None;
        }
        Target::Unpublished(path, why) => unpublished(destination, path, *why)?,
        Target::Page(..) if resolved.anchor == AnchorFit::Lost => lost_anchor(destination),
        _ => return None,
    })
}

fn without_destination(link: &Link) -> Diagnostic {
    let message = if link.kind.leads() {
        phrase!("link `{text}` has no destination", text = link.text)
    } else {
        phrase!("image `{text}` has no destination", text = link.text)
    };
    Diagnostic::new(Kind::DeadLink, message)
        .help(phrase!("add a destination or remove the brackets"))
}

/// The thing that a link names and that does not exist.
fn missing(link: &Link, resolved: &Resolved, target: &Target) -> Option<Missing> {
    match target {
        Target::Dead if link.destination.trim().is_empty() => None,
        Target::Dead => Some(Missing::Path),
        Target::Page(page, _) if resolved.anchor == AnchorFit::Lost => Some(Missing::Anchor(*page)),
        _ => None,
    }
}

/// The diagnostic about a destination whose page has no such heading.
pub(super) fn lost_anchor(destination: &str) -> Diagnostic {
    let message = phrase!("`{destination}`: the page has no such heading", destination);
    Diagnostic::new(Kind::DeadAnchor, message)
        .help(phrase!("the link leads to the top of the page"))
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
    if !resolved.is_loose() {
        return None;
    }
    let destination = &link.destination;
    let new = resolver.written_for(folder, resolved, destination)?;
    Some(loose_link(destination, new, resolved.repaired))
}

/// The diagnostic about a destination that was found loosely, by its path or only by its anchor,
/// and would lead there exactly as `new`.
#[must_use]
pub fn loose_link(destination: &str, new: String, by_path: bool) -> Diagnostic {
    let (message, help) = if by_path {
        (
            phrase!(
                "`{destination}` does not exist; using `{new}`, which has a similar name",
                destination,
                new
            ),
            phrase!("`notes check --fix` writes the path that exists"),
        )
    } else {
        (
            phrase!(
                "no heading has the id in `{destination}`; using `{new}`, which has its letters",
                destination,
                new
            ),
            phrase!("`notes check --fix` writes the id that exists"),
        )
    };
    let fix = Fix::Replace { old: destination.to_owned(), new };
    Diagnostic::new(Kind::LooseLink, message).help(help).fix(fix)
}

/// The diagnostic about a destination that exists but is not published.
#[must_use]
pub fn unpublished(destination: &str, path: &SourcePath, why: Unpublished) -> Option<Diagnostic> {
    // Named as well where the link names it otherwise.
    let name = match path.shown() {
        shown if shown == destination => phrase!("`{destination}`", destination),
        _ => phrase!("`{destination}` ({path})", destination, path),
    };
    let message = match why {
        Unpublished::Navigation => return None,
        Unpublished::LfsPointer => phrase!("{name} is a git-LFS pointer, not the file", name),
        Unpublished::Hidden => phrase!("{name} is hidden or excluded", name),
        Unpublished::Draft => phrase!("{name} is a draft", name),
        Unpublished::Active => phrase!(
            "{name} is not published: with `html: safe`, only files that no browser runs are",
            name
        ),
        Unpublished::Folder => phrase!("{name} is a folder without notes", name),
    };
    let (kind, help) = match why {
        Unpublished::Navigation => return None,
        Unpublished::LfsPointer => {
            (Kind::LfsPointer, phrase!("run `git lfs pull` before building"))
        }
        Unpublished::Hidden | Unpublished::Folder => {
            (Kind::NotPublished, phrase!("set `repository` in notes.yaml to link to it there"))
        }
        Unpublished::Draft => (
            Kind::NotPublished,
            phrase!("the page shows the words without a link until it is published"),
        ),
        Unpublished::Active => (
            Kind::ActiveFile,
            phrase!(
                "convert it, SVG to PNG for example, or pack it; if you trust it, add its path to \
                 `assets` in notes.yaml"
            ),
        ),
    };
    Some(Diagnostic::new(kind, message).help(help))
}
