//! A library and the one before it → the changes of each of its sites, for the preview, and in
//! words for the writer.
//!
//! Must not know: what is done with the changes.

use std::path::Path;

use super::engine::AT_ONCE;
use super::hints::Hints;
use super::moved::{Changes, SiteChanges};
use super::snapshot::Snapshot;
use crate::build::{LinkedSite, LinkedSites};
use crate::path::{Route, SourcePath};
use crate::phrase::{Phrase, phrase};
use crate::source::Entry;

/// The changes of each site that the earlier library had.
pub(super) fn changes<'s>(
    earlier: &'s LinkedSites,
    later: &'s LinkedSites,
    hints: &Hints,
) -> Vec<SiteChanges<'s>> {
    let of_site = |(earlier, later): (&'s LinkedSite, &'s LinkedSite)| {
        let renames = renames(later, hints);
        let changes = Changes::between(earlier, later, &renames);
        SiteChanges { earlier, later, renames, changes }
    };
    later.with_earlier(earlier).into_iter().map(of_site).collect()
}

pub(super) fn has_any(changes: &[SiteChanges<'_>]) -> bool {
    changes.iter().any(|of_site| !of_site.changes.is_empty())
}

/// The renames below the notes' root that the system reported.
fn renames(site: &LinkedSite, hints: &Hints) -> Vec<(SourcePath, SourcePath)> {
    let tree = &site.sources().tree;
    let below = |path: &Path| tree.place_of(path);
    let renames = hints.renames().iter();
    renames.filter_map(|(from, to)| Some((below(from)?, below(to)?))).collect()
}

/// The published files beside the notes that were written since the earlier site.
pub(super) fn written_files(
    changes: &[SiteChanges<'_>],
    sites: &LinkedSites,
    hints: &Hints,
) -> Vec<Route> {
    let of_site = |of: &SiteChanges<'_>| {
        let is_written = is_written(of.earlier, of.later, hints);
        let files = sites.files_of(of.later).filter(|(path, _)| is_written(path));
        files.map(|(_, route)| route.clone()).collect::<Vec<_>>()
    };
    changes.iter().flat_map(of_site).collect()
}

/// Tells whether a file was written since the earlier site.
fn is_written<'s>(
    earlier: &'s LinkedSite,
    site: &'s LinkedSite,
    hints: &'s Hints,
) -> impl Fn(&SourcePath) -> bool + use<'s> {
    let stamped = |site: &LinkedSite, path: &SourcePath| match site.sources().tree.entries.get(path)
    {
        Some(Entry::File { size, stamp }) => Some((*size, *stamp)),
        _ => None,
    };
    let is_hinted = move |path: &SourcePath| {
        let on_disk = site.sources().tree.on_disk(path);
        hints.at().is_some_and(|hinted| hinted.contains(&on_disk))
    };
    move |path: &SourcePath| match (stamped(earlier, path), stamped(site, path)) {
        (Some((before, _)), Some((now, _))) if before != now => true,
        (Some((_, Some(before))), Some((_, now))) => now != Some(before),
        // Without stamps only an event says that the file was written again.
        (Some((_, None)), Some((_, None))) => is_hinted(path),
        _ => false,
    }
}

/// The changes, for the writer.
pub(super) fn what(
    changes: &[SiteChanges<'_>],
    next: &Snapshot,
    hints: &Hints,
    has_recovered: bool,
) -> Vec<Phrase> {
    let count =
        |part: fn(&Changes) -> usize| changes.iter().map(|of| part(&of.changes)).sum::<usize>();
    if count(Changes::count) > AT_ONCE {
        let [written, added, renamed, removed] = [
            count(|changes| changes.written.len()),
            count(|changes| changes.added.len()),
            count(|changes| changes.renamed.len()),
            count(|changes| changes.removed.len()),
        ];
        let counts = [
            (written, phrase!("{count:note} changed", count = written)),
            (added, phrase!("{count:note} new", count = added)),
            (renamed, phrase!("{count:note} renamed", count = renamed)),
            (removed, phrase!("{count:note} deleted", count = removed)),
        ];
        return counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, what)| what).collect();
    }
    let mut what: Vec<Phrase> = changes.iter().flat_map(named_changes).collect();
    if what.is_empty()
        && let Some(hinted) = hints.at()
    {
        let names = hinted.iter().filter_map(|path| path.strip_prefix(&next.folder).ok());
        what.extend(names.take(AT_ONCE).map(|name| Phrase::verbatim(name.display().to_string())));
    }
    if has_recovered {
        what.push(phrase!("fixed"));
    }
    what
}

/// The changes of one site, each with the name of its file.
fn named_changes(of: &SiteChanges<'_>) -> Vec<Phrase> {
    let (tree, changes) = (&of.later.sources().tree, &of.changes);
    let written = changes.written.iter().map(|path| Phrase::verbatim(tree.shown(path)));
    let added = changes.added.iter().map(|path| phrase!("{note} new", note = tree.shown(path)));
    let renamed = changes.renamed.iter().map(|(from, to)| {
        phrase!("{old} renamed to {new}", old = tree.shown(from), new = tree.shown(to))
    });
    let removed =
        changes.removed.iter().map(|path| phrase!("{note} deleted", note = tree.shown(path)));
    written.chain(added).chain(renamed).chain(removed).collect()
}
