//! The finished files of a site → those that let readers read it without a network: the worker, and
//! the lists of what it keeps, with sizes and digests. They are made behind all others. A list is
//! loaded when a reader keeps its files or may want to; pages name it and hold nothing of it.
//!
//! ```text
//! {"title": "…", "size": 1234, "lists": ["offline/a.json"], "files": [["a/b.html", 120, "0f…"]]}
//! ```
//! Addresses start at the site's root. The size is that of all files together, those of the other
//! lists included. The worker has the digest of all lists, so its bytes change with every file
//! that readers may have kept, which is how browsers notice a new publication.
//!
//! Must not know: which files a part has; how a browser keeps them (`offline/worker.js`).

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

use super::PreviousOutput;
use crate::digest::Digest;
use crate::output::{File, Output};
use crate::page::Renderer;
use crate::page::offline::{FrameFiles, OfflineList, shown};
use crate::path::Route;
use crate::theme::without_lines;

/// The worker without the values of a site.
const WORKER: &str = include_str!("offline/worker.js");

/// The address of the site's root in the page for those that were not kept; the worker knows it.
const BASE: &str = "{scope}";

/// A site with everything that is in it.
pub(super) struct OfflineSite<'a, S> {
    /// Those of the home and of the books.
    pub renderers: &'a [Renderer<'a>],
    /// Files of the site as a whole that belong to none of them.
    pub others: BTreeSet<Route>,
    pub output: &'a Output,
    pub standing: &'a S,
}

/// A list as it is written.
#[derive(Serialize)]
struct WrittenList<'a> {
    title: &'a str,
    size: u64,
    lists: Vec<String>,
    files: Vec<(String, u64, String)>,
}

/// The values of a site in its worker.
#[derive(Serialize)]
struct WorkerSite {
    version: String,
    frame: String,
    first: Vec<String>,
    others: Vec<String>,
    missing: String,
    base: &'static str,
}

impl<S: PreviousOutput> OfflineSite<'_, S> {
    /// The worker and the lists; none for a site without a worker.
    pub fn files(mut self) -> Vec<(Route, File)> {
        let Some(home) = self.renderers.first() else { return Vec::new() };
        let Some(worker) = home.worker() else { return Vec::new() };
        let mut lists: Vec<OfflineList> =
            self.renderers.iter().flat_map(Renderer::offline_lists).collect();
        let of_home = lists.iter_mut().find(|list| Some(&list.route) == home.whole_list());
        if let Some(whole) = of_home {
            whole.files.append(&mut self.others);
        }
        let digests = self.digests(&lists);
        let by_route: BTreeMap<&Route, &OfflineList> =
            lists.iter().map(|list| (&list.route, list)).collect();
        let write = |list: &OfflineList| {
            (list.route.clone(), File::from(self.write(list, &by_route, &digests)))
        };
        let mut files: Vec<(Route, File)> = lists.par_iter().map(write).collect();
        let digests: Vec<[u8; 16]> =
            files.iter().filter_map(|(_, file)| Some(file.digest()?.to_bytes())).collect();
        let digests: Vec<&[u8]> = digests.iter().map(<[u8; 16]>::as_slice).collect();
        let script = worker_script(home, Digest::of_parts(&digests));
        files.push((worker.clone(), File::from(script)));
        files
    }

    /// The digest of each file of the lists.
    fn digests(&self, lists: &[OfflineList]) -> BTreeMap<Route, Digest> {
        let routes: BTreeSet<&Route> = lists.iter().flat_map(|list| &list.files).collect();
        let digest = |route: &&Route| {
            let file = self.output.get(route)?;
            let known = file.digest().or_else(|| self.standing.digest_of_copy(route, file));
            // One that cannot be read is not written either, and has its message there.
            Some(((*route).clone(), known.or_else(|| file.read_digest().ok())?))
        };
        let routes: Vec<&Route> = routes.into_iter().collect();
        let digests: Vec<_> = routes.par_iter().filter_map(digest).collect();
        digests.into_iter().collect()
    }

    fn write(
        &self,
        list: &OfflineList,
        lists: &BTreeMap<&Route, &OfflineList>,
        digests: &BTreeMap<Route, Digest>,
    ) -> Vec<u8> {
        let size = |route: &Route| self.output.get(route).map_or(0, File::size);
        let entry =
            |route: &Route| Some((route.url_path(), size(route), shown(*digests.get(route)?)));
        let written = WrittenList {
            title: &list.title,
            size: all_files(list, lists).into_iter().map(size).sum(),
            lists: list.lists.iter().map(Route::url_path).collect(),
            files: list.files.iter().filter_map(entry).collect(),
        };
        // Texts and numbers can always be written as JSON.
        serde_json::to_vec(&written).unwrap_or_default()
    }
}

/// The files of a list and of those below it, each once.
fn all_files<'l>(
    list: &'l OfflineList,
    lists: &BTreeMap<&Route, &'l OfflineList>,
) -> BTreeSet<&'l Route> {
    let mut files: BTreeSet<&Route> = BTreeSet::new();
    let mut todo = vec![list];
    while let Some(list) = todo.pop() {
        files.extend(&list.files);
        todo.extend(list.lists.iter().filter_map(|route| lists.get(route)));
    }
    files
}

/// The worker of a site, whose lists have a digest.
fn worker_script(home: &Renderer<'_>, version: Digest) -> Vec<u8> {
    let FrameFiles { digest, first, others } = home.frame_files();
    let addresses = |routes: &[Route]| routes.iter().map(Route::url_path).collect();
    let site = WorkerSite {
        version: shown(version),
        frame: digest,
        first: addresses(&first),
        others: addresses(&others),
        missing: String::from_utf8_lossy(&home.not_kept(BASE)).into_owned(),
        base: BASE,
    };
    let site = serde_json::to_string(&site).unwrap_or_default();
    format!("\"use strict\";\nconst site = {site};\n{}", without_lines(WORKER)).into_bytes()
}
