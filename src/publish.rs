//! A folder of notes → its site in the output folder, with what an earlier run left put to use, and left anew for the
//! next one.
//!
//! Must not know: the command line, the terminal.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::build::{self, Build, Progress, Sources, Stage, Standing};
use crate::cache::{self, Cache};
use crate::config::{self, Config, Url};
use crate::diagnostic::{Diagnostic, Kind, Report};
use crate::digest::Digest;
use crate::history::{Head, History, Unknown};
use crate::output::{self, File, Gone, Memory, Written};
use crate::page::label;
use crate::path::{Route, SourcePath};
use crate::source::{Skip, Tree};
use crate::theme::Theme;

/// Under which name the cache has what the output folder held.
const OUTPUT: &str = "output";

/// Under which name the cache has what git knows.
const HISTORY: &str = "history";

/// Where the site goes if nothing else is said, in the folder that is built.
pub const SITE: &str = "site";

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Order {
    /// The folder of the notes, or one that holds them in `content`.
    pub folder: PathBuf,
    /// Where the site goes; `None` for `site` in the folder.
    pub output: Option<PathBuf>,
    /// The address the site will have, when it is not the configuration's.
    pub base_url: Option<Url>,
    /// Whether notes that are not to be published yet are part of it too.
    pub drafts: bool,
    /// Whether to write into a folder that holds other files.
    pub force: bool,
    /// Whether to use what earlier runs made, and to keep what this one makes.
    pub cache: bool,
    /// The time: a file that was written just before may be written again unseen, so it is read in the next run too.
    pub now: SystemTime,
}

/// What came of it.
#[derive(Debug)]
pub struct Published {
    /// The site, with all there is to tell.
    pub build: Build,
    /// What was done in the output folder.
    pub written: Written,
    /// The output folder.
    pub site: PathBuf,
}

/// The files that stand in the output folder.
struct InFolder<'a> {
    memory: &'a Memory,
    site: &'a Path,
}

impl Standing for InFolder<'_> {
    fn file(&self, route: &Route, digest: Digest) -> Option<File> {
        self.memory.file(route, digest)
    }

    fn bytes(&self, route: &Route, digest: Digest) -> Option<Vec<u8>> {
        self.memory.bytes(self.site, route, digest)
    }
}

/// Reads, builds and writes.
///
/// # Errors
/// What keeps the site from being built: a configuration with mistakes, a place that is somebody else's, no notes.
pub fn publish(order: &Order, progress: &impl Progress) -> Result<Published, Vec<Diagnostic>> {
    let folder = &order.folder;
    let (mut config, notices) = configured(folder)?;
    config.base_url = order.base_url.clone().or(config.base_url);
    config.drafts |= order.drafts;
    let root = folder.join(config.content.as_str());
    let site = order.output.clone().unwrap_or_else(|| folder.join(SITE));
    let own = ["static", "templates"].map(|name| folder.join(name));
    output::check_place(&site, &root, &own, order.force).map_err(|problem| vec![problem])?;
    progress.begin(Stage::Read);
    let (tree, (cache, memory, theme, (history, unknown))) = rayon::join(
        || read(&root, &site, &config, order.now),
        || {
            let cache = if order.cache { Cache::open(folder) } else { Cache::none() };
            let memory: Memory = cache.last(OUTPUT, Digest::default()).unwrap_or_default();
            let history = history(&Head::of(&root), &cache);
            (
                cache,
                memory.checked(&site, order.now),
                Theme::load(folder, !config.content.is_root()),
                history,
            )
        },
    );
    progress.end(Stage::Read);
    let sources = Sources::new(tree, config, theme, cache).with_history(history);
    let cache = &sources.cache;
    let mut build = build::build(&sources, &InFolder { memory: &memory, site: &site }, progress);
    if build.counts.notes == 0 {
        // Rather the old site than none: the folder may be the wrong one, or not mounted.
        return Err(build.report.messages().to_vec());
    }
    progress.begin(Stage::Write);
    let all_was_read =
        build.report.messages().iter().all(|message| message.kind != Kind::Unreadable);
    let gone = if all_was_read { Gone::Delete } else { Gone::Keep };
    let written = output::write(&site, &build.output, &memory, gone);
    cache.leave(OUTPUT, Digest::default(), &written.memory);
    progress.end(Stage::Write);
    // Without it the next run has more to do, and nothing else.
    let _ = cache.save();
    let all = build.report.messages().iter().chain(&written.diagnostics).cloned();
    let more = sources.config.levels.apply(notices.into_iter().chain(unknown));
    build.report = Report::new(all.chain(more).collect());
    Ok(Published { build, written, site })
}

/// What git knows of the notes below a folder, as an earlier run left it or now, and what there is to tell if it knows nothing.
pub(crate) fn history(
    head: &Result<Option<Head>, Unknown>,
    cache: &Cache,
) -> (Arc<History>, Option<Diagnostic>) {
    let known = match head {
        Ok(head) => {
            head.as_ref().map_or_else(|| Ok(History::default()), |head| kept_history(head, cache))
        }
        Err(unknown) => Err(unknown.clone()),
    };
    match known {
        Ok(history) => (Arc::new(history), None),
        Err(unknown) => (Arc::default(), Some(unknown_history(&unknown))),
    }
}

/// The history up to a commit. That it could not be read is not kept: the next run may have more luck.
fn kept_history(head: &Head, cache: &Cache) -> Result<History, Unknown> {
    let key = head.digest();
    if let Some(history) = cache.last(HISTORY, key) {
        return Ok(history);
    }
    let history = head.history()?;
    cache.leave(HISTORY, key, &history);
    Ok(history)
}

fn unknown_history(unknown: &Unknown) -> Diagnostic {
    match unknown {
        Unknown::Shallow => Diagnostic::new(
            Kind::ShallowHistory,
            "the clone is shallow, so nobody knows when notes were changed",
        )
        .hint("fetch the whole history; in a workflow, `fetch-depth: 0`"),
        Unknown::Refused(why) => {
            let message = format!("git does not tell when notes were changed: {why}");
            Diagnostic::new(Kind::UnknownHistory, message)
                .hint("`git log` in that folder says more")
        }
    }
}

/// Reads the notes. `site` is where the site goes.
pub(crate) fn read(root: &Path, site: &Path, config: &Config, now: SystemTime) -> Tree {
    let prefix =
        if config.content.is_root() { String::new() } else { format!("{}/", config.content) };
    with_skip(site, config, |skip| Tree::read(root, prefix, skip, now))
}

/// Looks again at some paths of the notes.
pub(crate) fn look_again(
    tree: &mut Tree,
    paths: &BTreeSet<SourcePath>,
    site: &Path,
    config: &Config,
    now: SystemTime,
) {
    with_skip(site, config, |skip| tree.look_again(paths, skip, now));
}

fn with_skip<T>(site: &Path, config: &Config, work: impl FnOnce(Skip<'_>) -> T) -> T {
    work(Skip {
        output: site,
        own: cache::FOLDER,
        output_mark: (output::MANIFEST, output::MANIFEST_BEGIN),
        excluded: &|path| config.exclude.matches(path),
    })
}

/// The configuration of a folder, and what there is to tell of it.
///
/// # Errors
/// Its mistakes.
pub(crate) fn configured(folder: &Path) -> Result<(Config, Vec<Diagnostic>), Vec<Diagnostic>> {
    let loaded = config::load(folder)?;
    let unknown = loaded.config.unknown_labels(&label::names().collect::<Vec<_>>());
    if unknown.is_empty() { Ok((loaded.config, loaded.notices)) } else { Err(unknown) }
}
