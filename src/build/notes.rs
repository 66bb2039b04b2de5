//! A tree's notes, each as far as it has to be known: what an earlier build learnt of it, or the [`Note`] itself, kept by
//! an earlier build or parsed now.
//!
//! Must not know: what becomes of a note.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Progress, colour};
use crate::cache::Cache;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::markdown::{Options, include};
use crate::note::{self, Note, Source};
use crate::path::SourcePath;
use crate::site::{NavigationFile, home_note};
use crate::source::{Text, Tree};
use crate::stamp::Stamp;

/// Files of docsify that are part of its frame, wherever they are.
const FRAME_FILES: [&str; 3] = ["_sidebar.md", "_navbar.md", "_coverpage.md"];

/// What is known of a note without having it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Known {
    /// By which its file is known to be as it was; `None` when the file must be read again.
    stamp: Option<Stamp>,
    /// The digest of its text.
    text: Digest,
    /// The digest of everything that it is made from.
    pub key: Digest,
    /// The digest of all that other pages may see of it.
    pub facts: Digest,
    /// The line of each of its links.
    lines: Vec<u32>,
    /// The keys of its code blocks.
    codes: Vec<Digest>,
    problems: Vec<Diagnostic>,
}

/// What earlier builds learnt of the notes.
pub(super) type Learnt = BTreeMap<SourcePath, Known>;

/// The notes of a tree that have a page, in the order of their paths.
pub(super) struct Notes<'a> {
    workshop: Workshop<'a>,
    all: Vec<One<'a>>,
    /// How many of them were parsed now.
    pub parsed: usize,
}

struct One<'a> {
    path: &'a SourcePath,
    text: &'a Text,
    known: Known,
    note: OnceLock<Arc<Note>>,
}

/// What it takes to make a note.
struct Workshop<'a> {
    tree: &'a Tree,
    cache: &'a Cache,
    options: Options,
    home: Option<&'a SourcePath>,
    parsed: AtomicUsize,
    /// Whether a file changed while the build was under way.
    raced: AtomicBool,
    problems: Mutex<Vec<Diagnostic>>,
}

impl<'a> Notes<'a> {
    /// Learns of every note what other stages have to know.
    pub fn learn(
        tree: &'a Tree,
        config: &'a Config,
        navigation: Option<&NavigationFile>,
        cache: &'a Cache,
        learnt: &Learnt,
        progress: &impl Progress,
    ) -> Self {
        let has_page = |path: &SourcePath| {
            let is_navigation = navigation.is_some_and(|file| file.path == *path);
            !is_navigation && !FRAME_FILES.iter().any(|name| path.name().eq_ignore_ascii_case(name))
        };
        let sources: Vec<_> = tree.notes().filter(|(path, _)| has_page(path)).collect();
        let workshop = Workshop {
            tree,
            cache,
            options: Options::from(config.markdown),
            home: home_note(&sources.iter().map(|(path, _)| *path), config.readme.as_ref()),
            parsed: AtomicUsize::new(0),
            raced: AtomicBool::new(false),
            problems: Mutex::default(),
        };
        progress.expect(sources.len());
        let learn = |(path, text): (&'a SourcePath, &'a Text)| {
            let one = workshop.learn(path, text, learnt.get(path));
            progress.step();
            one
        };
        let all: Vec<_> = sources.into_par_iter().filter_map(learn).collect();
        let parsed = workshop.parsed.load(Ordering::Relaxed);
        Self { workshop, all, parsed }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// What is known of each.
    pub fn known(&self) -> impl Iterator<Item = &Known> {
        self.all.iter().map(|one| &one.known)
    }

    /// What is known of one.
    pub fn known_of(&self, index: usize) -> &Known {
        &self.all[index].known
    }

    /// A note, made now if need be.
    pub fn get(&self, index: usize) -> &Arc<Note> {
        let one = &self.all[index];
        one.note.get_or_init(|| self.workshop.note(one))
    }

    /// All notes.
    pub fn all(&self) -> Vec<Arc<Note>> {
        (0..self.len()).into_par_iter().map(|index| self.get(index).clone()).collect()
    }

    /// The notes that were parsed now.
    pub fn at_hand(&self) -> Vec<&Note> {
        self.all.iter().filter_map(|one| one.note.get()).map(AsRef::as_ref).collect()
    }

    /// The file of a note and the line in it on which a link stands, as a person would name it.
    pub fn place_of_link(&self, note: usize, link: usize) -> (String, u32) {
        let one = &self.all[note];
        (self.workshop.tree.shown(one.path), one.known.lines.get(link).copied().unwrap_or(0))
    }

    /// What there is to tell the writer of the notes themselves.
    pub fn problems(&self) -> Vec<Diagnostic> {
        let own = self.workshop.problems.lock().unwrap_or_else(PoisonError::into_inner).clone();
        own.into_iter().chain(self.known().flat_map(|known| known.problems.iter().cloned())).collect()
    }

    /// What the next build need not learn again; `None` when files changed while this one was under way.
    pub fn into_learnt(self) -> Option<Learnt> {
        for known in self.known() {
            self.workshop.cache.still_wants(known.key);
            known.codes.iter().for_each(|key| self.workshop.cache.still_wants(*key));
        }
        let is_sound = !self.workshop.raced.into_inner();
        is_sound.then(|| self.all.into_iter().map(|one| (one.path.clone(), one.known)).collect())
    }
}

impl Workshop<'_> {
    /// Learns of one note; `None` when it cannot be read.
    fn learn<'a>(&self, path: &'a SourcePath, text: &'a Text, learnt: Option<&Known>) -> Option<One<'a>> {
        let stamp = match text {
            Text::OnDisk(stamp) => *stamp,
            Text::Here(_) => None,
        };
        let one = |known, note| Some(One { path, text, known, note });
        let as_it_was = learnt.filter(|known| stamp.is_some() && known.stamp == stamp);
        if let Some(known) = as_it_was.filter(|known| known.key == self.key(path, known.text)) {
            return one(known.clone(), OnceLock::new());
        }
        let (content, problem) = match self.tree.text(path, text) {
            Ok(read) => read,
            Err(problem) => {
                self.report(problem);
                return None;
            }
        };
        // What there was to say of the file, and what it includes, must be read again the next time.
        let includes = include::is_in(&content);
        let stamp = stamp.filter(|_| problem.is_none() && !includes);
        if let Some(problem) = problem {
            self.report(problem);
        }
        let digest = Digest::of(content.as_bytes());
        let key = self.key(path, digest);
        if let Some(known) = learnt.filter(|known| known.key == key && !includes) {
            return one(Known { stamp, text: digest, ..known.clone() }, OnceLock::new());
        }
        let (note, key) = if includes {
            let note = self.parse(path, &content);
            let made = postcard::to_allocvec(&note).unwrap_or_default();
            (note, Cache::key("note with includes", &[&made]))
        } else {
            (self.cache.get_or_make(key, || self.parse(path, &content)), key)
        };
        let known = Known {
            stamp,
            text: digest,
            key,
            facts: note.facts(),
            lines: note.parsed.links.iter().map(|link| link.line).collect(),
            codes: note.parsed.codes.iter().map(|code| colour::key(&code.block)).collect(),
            problems: note.problems.clone(),
        };
        one(known, OnceLock::from(Arc::new(note)))
    }

    /// The note that is known and not at hand.
    fn note(&self, one: &One<'_>) -> Arc<Note> {
        if let Some(note) = self.cache.get(one.known.key) {
            return Arc::new(note);
        }
        let content = self.tree.text(one.path, one.text).map(|(content, _)| content).unwrap_or_default();
        let is_the_same = Digest::of(content.as_bytes()) == one.known.text;
        let note = self.parse(one.path, &content);
        if is_the_same {
            self.cache.put(one.known.key, &note);
        } else {
            self.raced.store(true, Ordering::Relaxed);
        }
        Arc::new(note)
    }

    fn parse(&self, path: &SourcePath, text: &str) -> Note {
        self.parsed.fetch_add(1, Ordering::Relaxed);
        let shown = self.tree.shown(path);
        let source = Source { path, shown: &shown, text, is_home: self.home == Some(path) };
        Note::parse(source, self.options, |folder, wanted| {
            let path = folder.join(wanted).ok_or_else(|| "it leads out of the notes".to_owned())?;
            self.tree.included(&path).map(|text| note::plain(&text).into())
        })
    }

    /// Everything that a note without includes is made from.
    fn key(&self, path: &SourcePath, text: Digest) -> Digest {
        let switches = format!("{:?} {}", self.options, self.home == Some(path));
        let shown = self.tree.shown(path);
        let parts: [&[u8]; 4] =
            [path.as_str().as_bytes(), shown.as_bytes(), switches.as_bytes(), &text.to_bytes()];
        Cache::key("note", &parts)
    }

    fn report(&self, problem: Diagnostic) {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
    }
}
