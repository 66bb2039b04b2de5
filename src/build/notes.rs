//! A tree's notes: the record of each, taken from an earlier build where its file did not change,
//! and the [`Note`] itself, loaded from the cache or parsed when it is asked for.
//!
//! Must not know: how a note is used.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::commands::{CommandRunner, CommandUse, NoteCommands};
use super::drawings::{self, FreshDrawings, NoteDrawings};
use super::mind_maps::MindMapFiles;
use super::names::Asked;
use super::silences::Silences;
use super::{Progress, Sources, names};
use crate::cache::Cache;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Kind, Location, Silence, Span};
use crate::digest::Digest;
use crate::markdown::{self, MacroTable, Options, WikiNames};
use crate::note::{self, Note, Source};
use crate::path::SourcePath;
use crate::phrase::phrase;
use crate::site::{NavigationFile, home_note};
use crate::source::{Entry, Text, Tree};
use crate::stamp::Stamp;

/// Files of docsify that are part of its frame, wherever they are.
const FRAME_FILES: [&str; 3] = ["_sidebar.md", "_navbar.md", "_coverpage.md"];

/// The facts about a note that other stages need, whether or not it is parsed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct NoteRecord {
    /// The fingerprint of its file; `None` if the file must be read again.
    stamp: Option<Stamp>,
    /// The digest of its text.
    pub text: Digest,
    /// The digest of everything that it is made from.
    pub key: Digest,
    /// The digest of all that other pages may see of it.
    pub facts: Digest,
    /// The place of each of its links.
    links: Vec<Span>,
    /// The facts about other files that it asks for.
    asked: Asked,
    /// The keys of its code blocks.
    codes: Vec<Digest>,
    problems: Vec<Diagnostic>,
    /// Diagnostics about it that are ignored.
    silences: Vec<Silence>,
    /// True if it is not to be published yet.
    is_draft: bool,
    /// The note, once it was asked for.
    #[serde(skip)]
    note: OnceLock<Arc<Note>>,
}

/// The records of notes of earlier builds.
pub(super) type PreviousRecords = BTreeMap<SourcePath, Arc<NoteRecord>>;

/// The notes of a tree that have a page, in the order of their paths.
pub(super) struct Notes {
    loader: NoteLoader,
    all: Vec<LoadedNote>,
    /// Notes that are not to be published yet, which have none.
    drafts: Vec<LoadedNote>,
    /// The tree as it is published: drafts are no notes in it.
    published: Arc<Tree>,
    /// Number of notes that were parsed now.
    pub parsed: usize,
}

struct LoadedNote {
    path: SourcePath,
    text: Text,
    known: Arc<NoteRecord>,
    /// The note of another text, if the file changed during the build. It is of this build only:
    /// the record may be that of other builds too, in which the file is as it was.
    raced: OnceLock<Arc<Note>>,
}

/// A note that was made for its record.
enum MadeNote {
    /// It is of the record's text.
    Sound(Arc<Note>),
    /// It is of another text, because the file changed meanwhile.
    Raced(Arc<Note>),
}

/// A note that was parsed now.
struct ParsedNote {
    note: Note,
    /// True if the same text gives the same note in the next run.
    lasts: bool,
}

/// Loads notes.
struct NoteLoader {
    tree: Arc<Tree>,
    cache: Arc<Cache>,
    config: Arc<Config>,
    commands: Arc<CommandRunner>,
    options: Options,
    /// The macros of formulas, if there are some.
    macros: Option<MacroTable>,
    home: Option<SourcePath>,
    /// The names of notes and files, made when a note first asks for one.
    names: OnceLock<Arc<WikiNames>>,
    /// The files of mind maps, found when a note first asks for one.
    mind_maps: OnceLock<MindMapFiles>,
    drawings: FreshDrawings,
    parsed: AtomicUsize,
    /// True if a file changed while the build was under way.
    raced: AtomicBool,
    problems: Mutex<Vec<Diagnostic>>,
}

impl Notes {
    /// Loads the record of every note. `previous` gives the record of an earlier build.
    pub fn load<'l>(
        sources: &Sources,
        navigation: Option<&NavigationFile>,
        previous: impl Fn(&SourcePath) -> Option<&'l Arc<NoteRecord>> + Sync,
        earlier: Option<&Self>,
        progress: &impl Progress,
    ) -> Self {
        let Sources { tree, config, cache, .. } = sources;
        let has_page = |path: &SourcePath| {
            let is_navigation = navigation.is_some_and(|file| file.path == *path);
            !is_navigation && !FRAME_FILES.iter().any(|name| path.name().eq_ignore_ascii_case(name))
        };
        let same_names = earlier.filter(|earlier| names::are_the_same(&earlier.loader.tree, tree));
        let texts: Vec<_> = tree.notes().filter(|(path, _)| has_page(path)).collect();
        let loader = NoteLoader {
            tree: tree.clone(),
            cache: cache.clone(),
            config: config.clone(),
            commands: sources.commands.clone(),
            options: Options::from(&**config),
            macros: (!config.macros.is_empty()).then(|| MacroTable::new(&config.macros).0),
            home: home_note(&texts.iter().map(|(path, _)| *path), config.readme.as_ref()).cloned(),
            names: same_names.map(|earlier| earlier.loader.names.clone()).unwrap_or_default(),
            mind_maps: OnceLock::new(),
            drawings: FreshDrawings::default(),
            parsed: AtomicUsize::new(0),
            raced: AtomicBool::new(false),
            problems: Mutex::default(),
        };
        progress.expect(texts.len());
        let same_rules = earlier.is_some_and(|earlier| earlier.loader.makes_the_same(&loader));
        let load = |(path, text): (&SourcePath, &Text)| {
            let known = loader.load(path, text, previous(path), same_rules);
            progress.step();
            Some(LoadedNote {
                path: path.clone(),
                text: text.clone(),
                known: known?,
                raced: OnceLock::new(),
            })
        };
        let all: Vec<_> = texts.into_par_iter().filter_map(load).collect();
        loader.drawings.forget();
        let parsed = loader.parsed.load(Ordering::Relaxed);
        let is_draft = |one: &LoadedNote| {
            one.known.is_draft && !config.drafts && loader.home.as_ref() != Some(&one.path)
        };
        let (drafts, all): (Vec<_>, Vec<_>) = all.into_iter().partition(is_draft);
        let published = without(tree, &drafts);
        Self { loader, all, drafts, published, parsed }
    }

    /// The tree as it is published: links to drafts lead nowhere.
    pub fn published(&self) -> &Tree {
        &self.published
    }

    /// Number of drafts.
    pub fn drafts(&self) -> usize {
        self.drafts.len()
    }

    /// Their number.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// The record of each.
    pub fn known(&self) -> impl Iterator<Item = &NoteRecord> {
        self.all.iter().map(|one| &*one.known)
    }

    /// The record of one.
    pub fn record_of(&self, index: usize) -> &NoteRecord {
        &self.all[index].known
    }

    /// A note, made now if need be.
    pub fn get(&self, index: usize) -> &Arc<Note> {
        let one = &self.all[index];
        if let Some(note) = one.known.note.get().or_else(|| one.raced.get()) {
            return note;
        }
        match self.loader.note(one) {
            MadeNote::Sound(note) => one.known.note.get_or_init(|| note),
            MadeNote::Raced(note) => one.raced.get_or_init(|| note),
        }
    }

    /// All notes.
    pub fn all(&self) -> Vec<Arc<Note>> {
        (0..self.len()).into_par_iter().map(|index| self.get(index).clone()).collect()
    }

    /// The notes that were parsed now.
    pub fn at_hand(&self) -> Vec<&Note> {
        self.all.iter().filter_map(|one| one.known.note.get()).map(AsRef::as_ref).collect()
    }

    /// The same, by key.
    pub fn at_hand_by_key(&self) -> HashMap<Digest, Arc<Note>> {
        let notes = self.known().filter_map(|known| Some((known.key, known.note.get()?.clone())));
        notes.collect()
    }

    /// The notes, each with the digest of its text and that of everything that it is made from.
    pub fn digests(&self) -> impl Iterator<Item = (&SourcePath, Digest, Digest)> {
        self.all.iter().map(|one| (&one.path, one.known.text, one.known.key))
    }

    /// The file of a note, as a person would name it, and the position of a link in it.
    pub fn location_of_link(&self, note: usize, link: usize) -> Location {
        let one = &self.all[note];
        let file = Some(self.loader.tree.shown(&one.path).into());
        Location { file, span: one.known.links.get(link).copied().unwrap_or_default() }
    }

    /// Diagnostics that they ignore.
    pub fn silences(&self) -> Silences {
        let silent = self.all.iter().filter(|one| !one.known.silences.is_empty());
        let silences =
            silent.map(|one| (self.loader.tree.shown(&one.path), one.known.silences.clone()));
        Silences::new(silences)
    }

    /// Diagnostics about files that could not be read since this was called last: a file may
    /// become unreadable after its record was loaded.
    pub fn take_read_problems(&self) -> Vec<Diagnostic> {
        std::mem::take(&mut *self.loader.problems.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Diagnostics about the notes themselves, as far as they are wanted.
    pub fn problems(&self, is_heard: impl Fn(&Diagnostic) -> bool) -> Vec<Diagnostic> {
        let own = self.take_read_problems();
        let of_notes = self.known().flat_map(|known| &known.problems);
        let of_draft = |one: &LoadedNote| {
            let problem = Diagnostic::new(Kind::Draft, phrase!("it is not published")).at_line(1);
            problem
                .in_file(self.loader.tree.shown(&one.path))
                .help(phrase!("`notes serve --drafts` shows it"))
        };
        let of_drafts = self.drafts.iter().map(of_draft).filter(&is_heard);
        own.iter()
            .chain(of_notes)
            .filter(|problem| is_heard(problem))
            .cloned()
            .chain(of_drafts)
            .collect()
    }

    /// The records for the next build; `None` if files changed during this one.
    pub fn records(&self) -> Option<PreviousRecords> {
        let all = || self.all.iter().chain(&self.drafts);
        let keys = all()
            .flat_map(|one| std::iter::once(one.known.key).chain(one.known.codes.iter().copied()));
        self.loader.cache.mark_used(keys);
        let records = || all().map(|one| (one.path.clone(), one.known.clone())).collect();
        self.are_sound().then(records)
    }

    /// True if no file changed while its note was made.
    pub fn are_sound(&self) -> bool {
        !self.loader.raced.load(Ordering::Relaxed)
    }

    /// The record of the note at a path.
    pub fn record_at(&self, path: &SourcePath) -> Option<&Arc<NoteRecord>> {
        let among = |notes: &'_ [LoadedNote]| notes.binary_search_by(|one| one.path.cmp(path)).ok();
        let draft = || among(&self.drafts).map(|index| &self.drafts[index]);
        among(&self.all).map(|index| &self.all[index]).or_else(draft).map(|one| &one.known)
    }

    /// The index of the note at a path.
    pub fn index_of(&self, path: &SourcePath) -> Option<usize> {
        self.all.binary_search_by(|one| one.path.cmp(path)).ok()
    }
}

/// A tree in which these are no notes.
fn without(tree: &Arc<Tree>, drafts: &[LoadedNote]) -> Arc<Tree> {
    if drafts.is_empty() {
        return tree.clone();
    }
    let mut published = Tree::clone(tree);
    published.entries.extend(drafts.iter().map(|draft| (draft.path.clone(), Entry::Draft)));
    Arc::new(published)
}

impl NoteLoader {
    /// True if it makes of every text the note that another one does.
    fn makes_the_same(&self, other: &Self) -> bool {
        self.options == other.options
            && self.macros == other.macros
            && self.home == other.home
            && self.tree.prefix == other.tree.prefix
            && self.config.blocks == other.config.blocks
            && self.commands.used() == other.commands.used()
    }

    /// The record of a note, or `None` if its file cannot be read. `previous` is that of an earlier
    /// build, made by the `same_rules` or by others.
    fn load(
        &self,
        path: &SourcePath,
        text: &Text,
        previous: Option<&Arc<NoteRecord>>,
        same_rules: bool,
    ) -> Option<Arc<NoteRecord>> {
        let stamp = match text {
            Text::OnDisk(stamp) => *stamp,
            Text::Here(_) => None,
        };
        let as_it_was = previous.filter(|known| stamp.is_some() && known.stamp == stamp);
        let is_right = |known: &&Arc<NoteRecord>| {
            same_rules && known.asked == Asked::default()
                || known.key == self.key(path, known.text, &known.asked)
        };
        if let Some(known) = as_it_was.filter(is_right) {
            return Some(known.clone());
        }
        let (content, problem) = match self.tree.text(path, text) {
            Ok(read) => read,
            Err(problem) => {
                self.report(problem);
                return None;
            }
        };
        // A file with a diagnostic or with includes must be read again the next time.
        let includes = markdown::has_includes(&content);
        let stamp = stamp.filter(|_| problem.is_none() && !includes);
        if let Some(problem) = problem {
            self.report(problem);
        }
        let digest = Digest::of(content.as_bytes());
        let asked = Asked::of(&content, self.options);
        let key = self.key(path, digest, &asked);
        if let Some(known) = previous.filter(|known| known.key == key && !includes) {
            return Some(Arc::new(NoteRecord { stamp, text: digest, ..(**known).clone() }));
        }
        let kept = if includes { None } else { self.cache.get(key) };
        let ParsedNote { note, lasts } = match kept {
            Some(note) => ParsedNote { note, lasts: true },
            None => self.parse(path, &content),
        };
        let key = if includes || !lasts {
            let made = postcard::to_allocvec(&note).unwrap_or_default();
            Cache::key("note of more than its text", &[&made])
        } else {
            self.cache.put(key, &note);
            key
        };
        let stamp = stamp.filter(|_| lasts);
        let known = NoteRecord {
            stamp,
            text: digest,
            key,
            facts: note.facts(),
            links: note.parsed.links.iter().map(|link| link.place).collect(),
            asked,
            silences: note.parsed.silences.clone(),
            codes: drawings::keys_of_codes(&note.parsed.codes, &self.config.blocks),
            problems: note.problems.clone(),
            is_draft: note.meta.is_draft,
            note: OnceLock::from(Arc::new(note)),
        };
        Some(Arc::new(known))
    }

    /// The note of a record that came without it.
    fn note(&self, one: &LoadedNote) -> MadeNote {
        if let Some(note) = self.cache.get(one.known.key) {
            return MadeNote::Sound(Arc::new(note));
        }
        let content = match self.tree.text(&one.path, &one.text) {
            Ok((content, _)) => content,
            Err(problem) => {
                // Its page has its place in the site already, so there must be a note. The
                // diagnostic says why it is empty, and nothing of it may be kept: an empty file
                // would be equal to it.
                self.report(problem);
                self.raced.store(true, Ordering::Relaxed);
                return MadeNote::Raced(Arc::new(self.parse(&one.path, "").note));
            }
        };
        let is_the_same = Digest::of(content.as_bytes()) == one.known.text;
        let ParsedNote { note, lasts } = self.parse(&one.path, &content);
        if is_the_same && lasts {
            self.cache.put(one.known.key, &note);
            return MadeNote::Sound(Arc::new(note));
        }
        self.raced.store(true, Ordering::Relaxed);
        MadeNote::Raced(Arc::new(note))
    }

    fn parse(&self, path: &SourcePath, text: &str) -> ParsedNote {
        self.parsed.fetch_add(1, Ordering::Relaxed);
        let may_ask = Asked::of(text, self.options).mind_maps || markdown::has_includes(text);
        let drawings = NoteDrawings {
            commands: NoteCommands::new(&self.commands, &self.config.blocks, &self.cache),
            fresh: &self.drawings,
            cache: &self.cache,
            files: may_ask.then(|| self.mind_maps()),
            tree: &self.tree,
            folder: path.parent(),
            shown: RefCell::default(),
            has_raced: Cell::new(false),
        };
        let shown = self.tree.shown(path);
        let source = Source {
            path,
            shown: &shown,
            text,
            is_home: self.home.as_ref() == Some(path),
            names: self.names(),
            macros: self.macros.as_ref(),
            drawings: Some(&drawings),
        };
        let note = Note::parse(source, self.options, |folder, wanted| {
            let path = folder.join(wanted).ok_or_else(|| phrase!("it leads out of the notes"))?;
            self.tree.included(&path).map(|text| note::plain(&text).into())
        });
        ParsedNote { note, lasts: !drawings.are_to_be_made_again() }
    }

    /// The names of notes and files, where only these are links in double brackets.
    fn names(&self) -> Option<&WikiNames> {
        if self.options.wiki_links {
            return None;
        }
        Some(self.names.get_or_init(|| Arc::new(names::of_tree(&self.tree))))
    }

    /// The files of mind maps.
    fn mind_maps(&self) -> &MindMapFiles {
        self.mind_maps.get_or_init(|| MindMapFiles::of_tree(&self.tree))
    }

    /// Everything that a note without includes is made from.
    fn key(&self, path: &SourcePath, text: Digest, asked: &Asked) -> Digest {
        let named = match self.names() {
            Some(names) if !asked.names.is_empty() => names.among(&asked.names),
            _ => Vec::new(),
        };
        let mind_maps = asked.mind_maps.then(|| self.mind_maps().digest);
        let home = self.home.as_ref() == Some(path);
        let commands = (!self.config.blocks.is_empty())
            .then(|| (self.commands.used() != CommandUse::Refuse, &self.config.blocks));
        let switches = format!(
            "{:?} {:?} {commands:?} {home} {named:?} {mind_maps:?}",
            self.options, self.macros
        );
        let shown = self.tree.shown(path);
        let parts: [&[u8]; 4] =
            [path.as_str().as_bytes(), shown.as_bytes(), switches.as_bytes(), &text.to_bytes()];
        Cache::key("note", &parts)
    }

    fn report(&self, problem: Diagnostic) {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
    }
}

#[cfg(test)]
mod tests;
