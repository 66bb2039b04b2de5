//! A tree's notes → [`Note`]s, those that were parsed before taken from the cache.
//!
//! Must not know: what becomes of a note.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::Progress;
use crate::cache::Cache;
use crate::config::Config;
use crate::digest::Digest;
use crate::markdown::{Options, include};
use crate::note::{self, Note, Source};
use crate::path::SourcePath;
use crate::site::{NavigationFile, home_note};
use crate::source::Tree;

/// Files of docsify that are part of its frame, wherever they are.
const FRAME_FILES: [&str; 3] = ["_sidebar.md", "_navbar.md", "_coverpage.md"];

/// All notes in the order of their paths.
pub(super) struct ParsedNotes {
    pub notes: Vec<Arc<Note>>,
    /// How many of them were parsed now.
    pub parsed: usize,
}

/// Texts that notes include, or why there is none.
type Included = BTreeMap<SourcePath, Result<Arc<str>, String>>;

/// Parses every note that has a page.
pub(super) fn parse(
    tree: &Tree,
    config: &Config,
    navigation: Option<&NavigationFile>,
    cache: &Cache,
    progress: &impl Progress,
) -> ParsedNotes {
    let has_page = |path: &SourcePath| {
        let is_navigation = navigation.is_some_and(|file| file.path == *path);
        !is_navigation && !FRAME_FILES.iter().any(|name| path.name().eq_ignore_ascii_case(name))
    };
    let sources: Vec<_> = tree.notes().filter(|(path, _)| has_page(path)).collect();
    let included = included(tree, &sources);
    let home = home_note(&sources.iter().map(|(path, _)| *path), config.readme.as_ref());
    let options = Options::from(config.markdown);
    let parsed = AtomicUsize::new(0);
    progress.expect(sources.len());
    let note = |(path, text): (&SourcePath, &Arc<str>)| {
        let shown = tree.shown(path);
        let source = Source { path, shown: &shown, text, is_home: home == Some(path) };
        let make = || {
            parsed.fetch_add(1, Ordering::Relaxed);
            Note::parse(source, options, |folder, wanted| find(&included, folder, wanted))
        };
        // What a note includes may change without it, so it is read anew each time.
        let note = if include::paths(text).next().is_some() {
            make()
        } else {
            cache.get_or_make(key(source, options), make)
        };
        progress.step();
        Arc::new(Note { path: path.clone(), ..note })
    };
    let notes = sources.into_par_iter().map(note).collect();
    ParsedNotes { notes, parsed: parsed.into_inner() }
}

/// Everything that a note without includes is made from.
fn key(source: Source<'_>, options: Options) -> Digest {
    let switches = format!("{options:?} {}", source.is_home);
    let parts = [source.path.as_str(), source.shown, &switches, source.text];
    Cache::key("note", &parts.map(str::as_bytes))
}

/// The text that a note in `folder` includes.
fn find<'i>(included: &'i Included, folder: &SourcePath, wanted: &str) -> Result<&'i str, String> {
    let path = folder.join(wanted).ok_or_else(|| "it leads out of the notes".to_owned())?;
    let text = included.get(&path).ok_or_else(|| "there is no such file".to_owned())?;
    text.as_ref().map(|text| &**text).map_err(Clone::clone)
}

/// The texts that notes include.
fn included(tree: &Tree, sources: &[(&SourcePath, &Arc<str>)]) -> Included {
    let wanted = sources.iter().flat_map(|(path, text)| {
        let folder = path.parent();
        include::paths(text).filter_map(move |wanted| folder.join(wanted)).collect::<Vec<_>>()
    });
    let mut wanted: Vec<SourcePath> = wanted.collect();
    wanted.sort();
    wanted.dedup();
    let texts = tree.included(wanted).into_iter();
    texts.map(|(path, text)| (path, text.map(|text| note::plain(&text).into()))).collect()
}
