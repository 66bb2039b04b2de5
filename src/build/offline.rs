//! The finished files of a site → those that let readers read it without a network: the worker, and
//! the lists of what it keeps, with sizes and digests. They are made behind all others. A list is
//! loaded when a reader keeps its files or may want to; pages name it and hold nothing of it.
//!
//! ```text
//! {"title": "…", "size": 1234, "lists": ["offline/a.json"], "files": [["a/b.html", 120, "0f…"]]}
//! ```
//! Addresses start at the site's root. The size is that of all files together, those of the other
//! lists included. The worker has the digest of each list and of each file of the frame, so its
//! bytes change with every file that readers may have kept, which is how browsers notice a new
//! publication. Browsers compare what a host sends with these digests: they are SHA-256, which
//! browsers can compute, cut off after as many digits as tell the versions of one file apart.
//!
//! Must not know: which files a part has; how a browser keeps them (`offline/worker.js`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead};

use rayon::prelude::*;
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use super::PreviousOutput;
use super::state::{load_checksums, save_checksums};
use crate::cache::Cache;
use crate::digest::Digest;
use crate::output::{File, Output};
use crate::page::Renderer;
use crate::page::offline::{FrameFiles, OfflineList};
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
    /// That of the home.
    pub cache: &'a Cache,
}

/// The digest of a file as browsers compute it, in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Checksum(String);

/// The checksums of files by their digests. Files that did not change are not read again for them.
pub(super) type Checksums = BTreeMap<Digest, Checksum>;

/// A list as it is written.
#[derive(Serialize)]
struct WrittenList<'a> {
    title: &'a str,
    size: u64,
    lists: Vec<String>,
    files: Vec<(String, u64, Checksum)>,
}

/// The values of a site in its worker.
#[derive(Serialize)]
struct WorkerSite {
    version: String,
    frame: String,
    first: Vec<(String, Checksum)>,
    others: Vec<(String, Checksum)>,
    lists: Vec<(String, Checksum)>,
    missing: String,
    base: &'static str,
}

impl Checksum {
    fn of(bytes: &[u8]) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(bytes);
        Self::from(context)
    }

    /// That of the bytes that are read.
    fn read(mut bytes: impl BufRead) -> io::Result<Self> {
        let mut context = Context::new(&SHA256);
        loop {
            let chunk = bytes.fill_buf()?;
            if chunk.is_empty() {
                return Ok(Self::from(context));
            }
            context.update(chunk);
            let length = chunk.len();
            bytes.consume(length);
        }
    }
}

impl From<Context> for Checksum {
    fn from(context: Context) -> Self {
        let mut head = [0; 8];
        head.copy_from_slice(&context.finish().as_ref()[..8]);
        Self(format!("{:016x}", u64::from_be_bytes(head)))
    }
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
        let frame = home.frame_files();
        let listed = lists.iter().flat_map(|list| &list.files);
        let checksums = self.checksums(listed.chain(&frame.first).chain(&frame.others).collect());
        let by_route: BTreeMap<&Route, &OfflineList> =
            lists.iter().map(|list| (&list.route, list)).collect();
        let write =
            |list: &OfflineList| (list.route.clone(), self.write(list, &by_route, &checksums));
        let lists: Vec<(Route, Vec<u8>)> = lists.par_iter().map(write).collect();
        let script = worker_script(home, &frame, &lists, &checksums);
        let files = lists.into_iter().chain([(worker.clone(), script)]);
        files.map(|(route, bytes)| (route, File::from(bytes))).collect()
    }

    /// The checksums of these files. One that cannot be read is not written either, and has its
    /// message there.
    fn checksums(&self, routes: BTreeSet<&Route>) -> BTreeMap<Route, Checksum> {
        let known = load_checksums(self.cache);
        let routes: Vec<&Route> = routes.into_iter().collect();
        let checksum = |route: &&Route| {
            let (digest, checksum) = self.checksum(route, &known)?;
            Some(((*route).clone(), digest, checksum))
        };
        let found: Vec<_> = routes.par_iter().filter_map(checksum).collect();
        let by_digest: Checksums =
            found.iter().map(|(_, digest, checksum)| (*digest, checksum.clone())).collect();
        if by_digest != known {
            save_checksums(&by_digest, self.cache);
        }
        found.into_iter().map(|(route, _, checksum)| (route, checksum)).collect()
    }

    fn checksum(&self, route: &Route, known: &Checksums) -> Option<(Digest, Checksum)> {
        let file = self.output.get(route)?;
        let digest = file.digest().or_else(|| self.standing.digest_of_copy(route, file));
        let digest = digest.or_else(|| file.read_digest().ok())?;
        if let Some(checksum) = known.get(&digest) {
            return Some((digest, checksum.clone()));
        }
        let checksum = match file {
            File::OnDisk { .. } => Checksum::of(&self.standing.bytes(route, digest)?),
            File::Bytes(..) | File::Ahead { .. } | File::Copy { .. } => {
                Checksum::read(file.open().ok()?).ok()?
            }
        };
        Some((digest, checksum))
    }

    fn write(
        &self,
        list: &OfflineList,
        lists: &BTreeMap<&Route, &OfflineList>,
        checksums: &BTreeMap<Route, Checksum>,
    ) -> Vec<u8> {
        let size = |route: &Route| self.output.get(route).map_or(0, File::size);
        let entry =
            |route: &Route| Some((route.url_path(), size(route), checksums.get(route)?.clone()));
        let written = WrittenList {
            title: &list.title,
            size: all_files(list, lists).into_iter().map(size).sum(),
            lists: list.lists.iter().map(Route::url_path).collect(),
            files: list.files.iter().filter_map(entry).collect(),
        };
        serde_json::to_vec(&written).expect("texts and numbers can be written as JSON")
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

/// The worker of a site with these lists.
fn worker_script(
    home: &Renderer<'_>,
    frame: &FrameFiles,
    lists: &[(Route, Vec<u8>)],
    checksums: &BTreeMap<Route, Checksum>,
) -> Vec<u8> {
    let with_checksum = |route: &Route| Some((route.url_path(), checksums.get(route)?.clone()));
    let lists: Vec<(String, Checksum)> =
        lists.iter().map(|(route, bytes)| (route.url_path(), Checksum::of(bytes))).collect();
    let all: Vec<&[u8]> = lists
        .iter()
        .flat_map(|(address, checksum)| [address.as_bytes(), checksum.0.as_bytes()])
        .collect();
    let site = WorkerSite {
        version: Digest::of_parts(&all).to_string(),
        frame: frame.digest.clone(),
        first: frame.first.iter().filter_map(with_checksum).collect(),
        others: frame.others.iter().filter_map(with_checksum).collect(),
        lists,
        missing: String::from_utf8_lossy(&home.not_kept(BASE)).into_owned(),
        base: BASE,
    };
    let site = serde_json::to_string(&site).expect("texts can be written as JSON");
    format!("\"use strict\";\nconst site = {site};\n{}", without_lines(WORKER)).into_bytes()
}
