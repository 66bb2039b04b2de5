//! The site that is shown → the addresses of its notes that are not as in the last commit of git.
//!
//! Must not know: how a page shows it.

use rayon::prelude::*;

use super::snapshot::Snapshot;
use crate::build::LinkedSite;
use crate::history::CommittedFiles;
use crate::path::SourcePath;

/// Larger notes are not compared, in bytes.
const LARGEST: u64 = 16 << 20;

/// The addresses, as JSON.
pub(super) fn addresses(snapshot: &Snapshot) -> String {
    let sites = snapshot.site.iter().flat_map(|sites| sites.all());
    let addresses: Vec<String> = sites.flat_map(of_site).collect();
    // Texts can always be written as JSON.
    serde_json::to_string(&addresses).unwrap_or_default()
}

fn of_site(site: &LinkedSite) -> Vec<String> {
    let tree = &site.sources().tree;
    let Some(committed) = CommittedFiles::below(&tree.root) else { return Vec::new() };
    let notes: Vec<&SourcePath> = tree.notes().map(|(path, _)| path).collect();
    let is_committed = |path: &SourcePath| {
        tree.bytes_of(path, LARGEST).is_ok_and(|file| committed.has(path, &file.bytes))
    };
    let changed = notes.into_par_iter().filter(|path| !is_committed(path));
    changed.filter_map(|path| Some(format!("/{}", site.route_of(path)?.url_path()))).collect()
}
