//! A folder of notes → its site in the output folder. Values of an earlier run are used, and kept
//! for the next one.
//!
//! Must not know: the command line, the terminal.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::build::{self, Build, CommandUse, PreviousOutput, Progress, Stage};
use crate::config::Url;
use crate::diagnostic::{Diagnostic, Kind, Report};
use crate::digest::Digest;
use crate::output::{self, File, FilesAhead, FolderLock, Gone, OutputRecord, Written};
use crate::path::Route;
use crate::project::{
    self, CacheUse, Collection, FederationUse, OutputOptions, ProjectOptions, SITE,
};

/// The part of the cache's state that is the record of the output folder. It has no inputs: it says
/// what was written, and each entry is compared with the file on disk before it is used.
const OUTPUT: &str = "output";

/// Options of `notes build`.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// The folder of the notes, or one that holds them in `content`.
    pub folder: PathBuf,
    /// The folder of the site; `None` for `site` in the folder.
    pub output: Option<PathBuf>,
    /// The address of the site, if it is not that of the settings.
    pub base_url: Option<Url>,
    /// True if drafts are part of the site too.
    pub drafts: bool,
    /// True to write into a folder that holds other files.
    pub force: bool,
    /// True to use values of earlier runs, and to keep those of this one.
    pub cache: bool,
    /// The use of the commands that draw blocks.
    pub commands: CommandUse,
    /// The use of the sites elsewhere that are searched with this one.
    pub federation: FederationUse,
    /// The current time; see [`ProjectOptions::now`].
    pub now: SystemTime,
}

/// A site in its output folder.
pub struct Published {
    /// The site, with all diagnostics.
    pub build: Build,
    /// The changes to the output folder.
    pub written: Written,
    /// The output folder.
    pub site: PathBuf,
    /// The folder of the notes, and the file or folder of another generator that says so.
    pub notes_in: Option<(String, String)>,
    /// The notes.
    pub collection: Collection,
}

/// The files of the output folder that an earlier run wrote, and those that this one writes there
/// before it knows all of them.
struct InFolder<'a> {
    record: &'a OutputRecord,
    site: &'a Path,
    ahead: FilesAhead<'a>,
}

impl PreviousOutput for InFolder<'_> {
    fn file(&self, route: &Route, digest: Digest) -> Option<File> {
        self.record.file(route, digest)
    }

    fn bytes(&self, route: &Route, digest: Digest) -> Option<Vec<u8>> {
        self.record.bytes(self.site, route, digest)
    }

    fn made(&self, route: &Route, bytes: Vec<u8>) -> File {
        self.ahead.file(route, bytes)
    }

    fn digest_of_copy(&self, route: &Route, file: &File) -> Option<Digest> {
        self.record.digest_of(route, file)
    }
}

/// Reads, builds and writes.
///
/// # Errors
/// Reasons why the site cannot be built: mistakes in the settings, an output folder with foreign
/// files, no notes.
pub fn publish(
    options: &BuildOptions,
    progress: &impl Progress,
) -> Result<Published, Vec<Diagnostic>> {
    let output = OutputOptions { folder: options.output.clone(), force: options.force };
    // Before the notes are read: of two builds the later one shows what it finds afterwards.
    let _lock = lock(&options.folder, &output, progress)?;
    let project_options = ProjectOptions {
        output: Some(output),
        base_url: options.base_url.clone(),
        drafts: options.drafts,
        cache: if options.cache { CacheUse::ReadWrite } else { CacheUse::Off },
        commands: options.commands,
        federation: options.federation,
        ..ProjectOptions::new(options.now)
    };
    progress.begin(Stage::Read);
    let opened = Collection::open_with(&options.folder, &project_options, |cache, site| {
        let check_output = || {
            let kept: OutputRecord =
                cache.load_state(OUTPUT, Digest::default()).unwrap_or_default();
            let standing = kept.checked(site, options.now);
            (kept, standing)
        };
        rayon::join(check_output, || build::load_ahead(cache)).0
    });
    progress.end(Stage::Read);
    let (collection, (kept, record)) = opened?;
    let (sources, site) = (&collection.home.sources, collection.home.output.clone());
    let ahead = FilesAhead::new(&site, &record);
    let standing = InFolder { record: &record, site: &site, ahead };
    let books = collection.book_sources();
    let mut build = build::build_library(sources, &books, &standing, progress);
    if build.counts.notes == 0 {
        // Rather the old site than none: the folder may be the wrong one, or not mounted.
        let left_out = collection.notices().filter(|notice| notice.kind == Kind::Book);
        return Err(build.report.messages().iter().cloned().chain(left_out).collect());
    }
    progress.begin(Stage::Write);
    let all_was_read =
        build.report.messages().iter().all(|message| message.kind != Kind::Unreadable);
    let is_whole = all_was_read && !collection.lacks_books;
    let gone = if is_whole { Gone::Delete } else { Gone::Keep };
    let mut written = output::write(&site, &build.output, &record, gone);
    // Other builds find files of their own manifest only, so they need not walk through the folder.
    if options.force {
        written.report_leftovers(&site, &build.output);
    }
    // To compare two records is faster than to encode one.
    if written.record != kept {
        sources.cache.save_state(OUTPUT, Digest::default(), &written.record);
    }
    progress.end(Stage::Write);
    collection.save_caches();
    let all = build.report.messages().iter().chain(&written.diagnostics).cloned();
    build.report = Report::new(all.chain(collection.notices()).collect());
    let config = &sources.config;
    let notes_in = config.content_sign.clone().map(|sign| (config.content.to_string(), sign));
    Ok(Published { build, written, site, notes_in, collection })
}

/// Locks the output folder. A missing one is made for that, if a site may be there.
fn lock(
    folder: &Path,
    output: &OutputOptions,
    progress: &impl Progress,
) -> Result<FolderLock, Vec<Diagnostic>> {
    let site = output.folder.clone().unwrap_or_else(|| folder.join(SITE));
    let check = || project::check_output(folder, output);
    FolderLock::take(&site, check, || progress.waits_for(&site))
}
