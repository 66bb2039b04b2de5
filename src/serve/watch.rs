//! File-system events of a folder, or polling → [`Hints`]: the places that may have changed, a
//! storm of events being one hint.
//!
//! An event is never more than a hint: what changed, the folder itself says. So it costs little
//! that some are told twice, and a look at everything a while after the last one makes up for those
//! that were not told.
//!
//! Must not know: notes, what is done about a change.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::path::SourcePath;
use crate::source::{is_git_at_work, silent_file_system};

/// A save is over when nothing more comes for so long.
const QUIET: Duration = Duration::from_millis(3);
/// The same for a file that was opened for writing and not closed, and for more files than a save
/// changes: they may be the first of many whose news a busy machine brings late.
const QUIET_WHILE_OPEN: Duration = Duration::from_millis(40);
/// The same when very many files change.
const QUIET_IN_A_STORM: Duration = Duration::from_millis(60);
/// So many places are more than one save changes.
const SAVE: usize = 4;
/// So many places are very many.
const STORM: usize = 16;
/// Longest wait for quiet.
const LONGEST: Duration = Duration::from_secs(2);
/// The same while git is at work.
const LONGEST_OF_GIT: Duration = Duration::from_secs(20);
/// Time between two looks at whether git is still at work in a folder.
const GIT: Duration = Duration::from_millis(15);
/// So long after the last change everything is looked at.
const AFTERWARDS: Duration = Duration::from_millis(700);
/// Between two looks where nothing is told there is at least so much time.
const BETWEEN: Duration = Duration::from_millis(250);
/// A look takes at most this part of the time.
const PART: u32 = 8;

/// The places that may have changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Hints {
    /// Anywhere.
    everywhere: bool,
    paths: BTreeSet<PathBuf>,
    renames: Vec<(PathBuf, PathBuf)>,
}

impl Hints {
    /// It may be anywhere.
    pub fn everywhere() -> Self {
        Self { everywhere: true, ..Self::default() }
    }

    /// It is at these places and below.
    pub fn at_places(paths: BTreeSet<PathBuf>) -> Self {
        Self { paths, ..Self::default() }
    }

    /// The places; `None` when it may be anywhere.
    pub fn at(&self) -> Option<&BTreeSet<PathBuf>> {
        (!self.everywhere).then_some(&self.paths)
    }

    /// Renames, from and to.
    pub fn renames(&self) -> &[(PathBuf, PathBuf)] {
        &self.renames
    }

    fn is_empty(&self) -> bool {
        !self.everywhere && self.paths.is_empty()
    }
}

/// A message to the watcher.
#[derive(Debug)]
pub(super) enum WatchMessage<T> {
    /// The system tells of something.
    Event(notify::Result<Event>),
    /// Somebody else does.
    Other(T),
}

/// The next thing to do.
#[derive(Debug)]
pub(super) enum Next<T> {
    /// Something may have changed.
    Changed(Hints),
    /// It is time to look at everything; most likely nothing changed.
    Look,
    /// A message from elsewhere.
    Other(T),
}

/// Watches folders.
pub(super) struct Watcher<T> {
    native: Option<RecommendedWatcher>,
    watched: HashSet<PathBuf>,
    /// True if one watch is for all below a folder.
    is_recursive: bool,
    folder: PathBuf,
    /// Names directly in the folder of which nothing is a hint.
    ignored: Vec<PathBuf>,
    messages: Receiver<WatchMessage<T>>,
    /// True if everything is looked at now and then.
    polls: bool,
    /// When the next look at everything is due.
    due: Option<Instant>,
    /// Messages from elsewhere that came while changes were gathered.
    waiting: VecDeque<T>,
}

impl<T: Send + 'static> Watcher<T> {
    /// Watches a folder, or looks at it now and then: when that is wanted, or there is no other
    /// way, which `say` is told.
    pub fn new(
        folder: &Path,
        ignored: Vec<PathBuf>,
        (sender, messages): (Sender<WatchMessage<T>>, Receiver<WatchMessage<T>>),
        polls: bool,
        say: &dyn Fn(&str),
    ) -> Self {
        let mut watcher = Self {
            native: None,
            watched: HashSet::new(),
            is_recursive: !cfg!(target_os = "linux"),
            folder: folder.to_owned(),
            ignored,
            messages,
            polls,
            due: None,
            waiting: VecDeque::new(),
        };
        if polls {
            return watcher;
        }
        let send = move |event| {
            // Nobody listens any more when the program ends.
            let _ = sender.send(WatchMessage::Event(event));
        };
        match notify::recommended_watcher(send) {
            Ok(native) => watcher.native = Some(native),
            Err(error) => watcher.give_up(&reason(&error), say),
        }
        if let Some(name) = silent_file_system(folder) {
            watcher.polls = true;
            say(&format!(
                "the folder is on a file system that does not tell of all changes ({name})"
            ));
        }
        watcher
    }

    /// Watches these folders and no others; gives those that were not watched before, in which
    /// something may have happened meanwhile.
    pub fn watch(&mut self, folders: &BTreeSet<PathBuf>, say: &dyn Fn(&str)) -> BTreeSet<PathBuf> {
        let mut new = BTreeSet::new();
        // First those that are gone: a folder that was renamed would be watched under its old name.
        let is_gone = |path: &&PathBuf| !self.is_recursive && !folders.contains(*path);
        let gone: HashSet<PathBuf> = self.watched.iter().filter(is_gone).cloned().collect();
        self.forget(&gone);
        let Some(native) = &mut self.native else { return new };
        let mode =
            if self.is_recursive { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        let wanted: Vec<&PathBuf> =
            if self.is_recursive { vec![&self.folder] } else { folders.iter().collect() };
        let mut failed = None;
        for path in wanted {
            if self.watched.contains(path) {
                continue;
            }
            match native.watch(path, mode) {
                Ok(()) => {
                    self.watched.insert(path.clone());
                    new.insert(path.clone());
                }
                // Gone already; its folder will tell.
                Err(error) if is_missing(&error) => {}
                Err(error) => {
                    failed = Some(reason(&error));
                    break;
                }
            }
        }
        if let Some(reason) = failed {
            self.give_up(&reason, say);
        }
        new
    }

    /// Watches these no more: what has the same name later is another folder.
    fn forget(&mut self, gone: &HashSet<PathBuf>) {
        for path in gone {
            if self.watched.remove(path)
                && let Some(native) = &mut self.native
            {
                // Most are gone already.
                let _ = native.unwatch(path);
            }
        }
    }

    fn give_up(&mut self, reason: &str, say: &dyn Fn(&str)) {
        self.native = None;
        self.watched.clear();
        self.polls = true;
        say(reason);
    }

    /// Waits for something to do. `took` is how long the last look at everything took; `noticed` is
    /// called as soon as anything is told, before all that belongs to it is.
    ///
    /// `None`: nobody will ever tell anything again.
    pub fn next(&mut self, took: Duration, noticed: &dyn Fn()) -> Option<Next<T>> {
        if let Some(other) = self.waiting.pop_front() {
            return Some(Next::Other(other));
        }
        // A folder that is not there cannot be watched; it may come back.
        let is_missing = self.native.is_some() && !self.watched.contains(&self.folder);
        if (self.polls || is_missing) && self.due.is_none() {
            self.due = Some(Instant::now() + BETWEEN.max(took * PART));
        }
        loop {
            let message = match self.due {
                Some(due) => {
                    match self.messages.recv_timeout(due.saturating_duration_since(Instant::now()))
                    {
                        Ok(message) => message,
                        Err(RecvTimeoutError::Timeout) => {
                            self.due = None;
                            return Some(Next::Look);
                        }
                        Err(RecvTimeoutError::Disconnected) => return None,
                    }
                }
                None => self.messages.recv().ok()?,
            };
            match message {
                WatchMessage::Other(other) => return Some(Next::Other(other)),
                WatchMessage::Event(event) => {
                    let mut batch = Batch::default();
                    batch.add(event, self);
                    if batch.hints.is_empty() {
                        continue;
                    }
                    noticed();
                    self.gather(&mut batch);
                    self.forget(&batch.gone);
                    self.due = Some(Instant::now() + AFTERWARDS);
                    return Some(Next::Changed(batch.hints));
                }
            }
        }
    }

    /// Takes in what belongs to the same save, checkout or copy.
    fn gather(&mut self, batch: &mut Batch) {
        let begun = Instant::now();
        let mut git = false;
        loop {
            let quiet = match batch.hints.paths.len() {
                _ if git => GIT,
                STORM.. => QUIET_IN_A_STORM,
                SAVE.. => QUIET_WHILE_OPEN,
                _ if !batch.open.is_empty() => QUIET_WHILE_OPEN,
                _ => QUIET,
            };
            match self.messages.recv_timeout(quiet) {
                Ok(WatchMessage::Event(event)) => batch.add(event, self),
                Ok(WatchMessage::Other(other)) => self.waiting.push_back(other),
                Err(RecvTimeoutError::Timeout) => {
                    let was_at_work = std::mem::replace(&mut git, is_git_at_work(&self.folder));
                    // After it ended its last events may still come.
                    if !git && !was_at_work {
                        return;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if begun.elapsed() > if git { LONGEST_OF_GIT } else { LONGEST } {
                return;
            }
        }
    }

    /// True if a change there is no hint: in a hidden place, or of a file that an editor keeps
    /// beside the one it shows.
    fn is_ignored(&self, path: &Path) -> bool {
        let Ok(below) = path.strip_prefix(&self.folder) else { return true };
        let name = path.file_name().map(std::ffi::OsStr::to_string_lossy).unwrap_or_default();
        let below =
            SourcePath::new(&below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"));
        below.is_none_or(|below| below.is_hidden() && !below.is_public())
            || is_of_editor(&name)
            || self.ignored.iter().any(|own| path.starts_with(own))
    }
}

/// True if an editor gives such names to files of its own: vim, Emacs, Kate, the editors of
/// `JetBrains`, `LibreOffice`.
fn is_of_editor(name: &str) -> bool {
    name.ends_with('~')
        || name == "4913"
        || name.starts_with(['#', '~']) && name.ends_with('#')
        || name.starts_with("~$")
        || name.contains("___jb_")
        || Path::new(name).extension().is_some_and(|end| {
            ["swp", "swx", "swo", "tmp", "kate-swp"].iter().any(|own| end == *own)
        })
}

/// The events so far.
#[derive(Default)]
struct Batch {
    hints: Hints,
    /// Files that were opened for writing and not closed, where the system tells of that.
    open: HashSet<PathBuf>,
    /// Paths that were removed or renamed.
    gone: HashSet<PathBuf>,
}

impl Batch {
    fn add<T: Send + 'static>(&mut self, event: notify::Result<Event>, watcher: &Watcher<T>) {
        let Ok(event) = event else {
            // Whatever it was, a look will tell.
            self.hints.everywhere = true;
            return;
        };
        if event.need_rescan() {
            self.hints.everywhere = true;
        }
        let tells_of_closing = cfg!(target_os = "linux");
        let paths = event.paths.iter().filter(|path| !watcher.is_ignored(path));
        match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => {
                for path in paths {
                    self.open.remove(path);
                    self.hints.paths.insert(path.clone());
                }
            }
            EventKind::Access(_) => {}
            kind => {
                let is_gone = matches!(
                    kind,
                    EventKind::Remove(_)
                        | EventKind::Modify(ModifyKind::Name(RenameMode::From | RenameMode::Any))
                );
                let is_writing = matches!(kind, EventKind::Modify(ModifyKind::Data(_)));
                for path in paths {
                    self.hints.paths.insert(path.clone());
                    if is_gone {
                        self.gone.insert(path.clone());
                    }
                    if is_writing && tells_of_closing {
                        self.open.insert(path.clone());
                    }
                }
                if let (EventKind::Modify(ModifyKind::Name(RenameMode::Both)), [from, to]) =
                    (kind, &event.paths[..])
                {
                    self.open.remove(from);
                    self.hints.renames.push((from.clone(), to.clone()));
                }
            }
        }
    }
}

fn is_missing(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => error.kind() == io::ErrorKind::NotFound,
        _ => false,
    }
}

fn reason(error: &notify::Error) -> String {
    match &error.kind {
        ErrorKind::MaxFilesWatch => "the system lets no more folders be watched".to_owned(),
        ErrorKind::Io(error) => format!("the system does not tell of changes: {error}"),
        _ => format!("the system does not tell of changes: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use notify::event::{CreateKind, DataChange, Flag};

    use super::*;

    fn watcher() -> (Sender<WatchMessage<()>>, Watcher<()>) {
        let (sender, messages) = channel();
        let folder = Path::new("/notes");
        let ignored = vec![folder.join("site")];
        (sender.clone(), Watcher::new(folder, ignored, (sender, messages), true, &|_| ()))
    }

    fn event(kind: EventKind, paths: &[&str]) -> WatchMessage<()> {
        let event = Event::new(kind);
        WatchMessage::Event(Ok(paths.iter().fold(event, |event, path| event.add_path(path.into()))))
    }

    const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const CLOSED: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));
    const RENAMED: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::Both));

    #[test]
    fn a_storm_is_one_hint() {
        let (sender, mut watcher) = watcher();
        for number in 0..2_000 {
            sender
                .send(event(EventKind::Create(CreateKind::File), &[&format!("/notes/{number}.md")]))
                .unwrap();
        }
        let Some(Next::Changed(hints)) = watcher.next(Duration::ZERO, &|| ()) else {
            panic!("no hints")
        };
        assert_eq!(hints.at().map(BTreeSet::len), Some(2_000));
        assert!(matches!(watcher.next(Duration::ZERO, &|| ()), Some(Next::Look)));
    }

    #[test]
    fn what_is_no_note_of_the_writers_is_no_hint() {
        let (sender, mut watcher) = watcher();
        for path in [
            "/notes/.git/index",
            "/notes/a/.note.md.swp",
            "/notes/4913",
            "/notes/note.md~",
            "/notes/.notes/x.pack",
            "/notes/site/index.html",
            "/notes/a/node_modules/b/README.md",
            "/notes/note.md___jb_tmp___",
            "/notes/#note.md#",
            "/elsewhere/note.md",
        ] {
            sender.send(event(WRITTEN, &[path])).unwrap();
        }
        sender.send(event(EventKind::Access(AccessKind::Read), &["/notes/read.md"])).unwrap();
        sender.send(event(RENAMED, &["/notes/a/.note.md.swp", "/notes/a/note.md"])).unwrap();
        let Some(Next::Changed(hints)) = watcher.next(Duration::ZERO, &|| ()) else {
            panic!("no hints")
        };
        assert_eq!(hints.at(), Some(&BTreeSet::from(["/notes/a/note.md".into()])));
        assert_eq!(hints.renames().len(), 1);
    }

    #[test]
    fn a_save_is_over_when_the_file_is_closed() {
        let (sender, mut watcher) = watcher();
        sender.send(event(WRITTEN, &["/notes/a.md"])).unwrap();
        let writer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(15));
            sender.send(event(CLOSED, &["/notes/a.md"])).unwrap();
            sender
        });
        let begun = Instant::now();
        assert!(matches!(watcher.next(Duration::ZERO, &|| ()), Some(Next::Changed(_))));
        assert!(!cfg!(target_os = "linux") || begun.elapsed() >= Duration::from_millis(15));
        drop(writer.join().unwrap());
    }

    #[test]
    fn events_that_were_lost_are_looked_for_everywhere() {
        let (sender, mut watcher) = watcher();
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        sender.send(WatchMessage::Event(Ok(lost))).unwrap();
        let Some(Next::Changed(hints)) = watcher.next(Duration::ZERO, &|| ()) else {
            panic!("no hints")
        };
        assert_eq!(hints.at(), None);
        sender.send(WatchMessage::Event(Err(notify::Error::generic("?")))).unwrap();
        assert!(
            matches!(watcher.next(Duration::ZERO, &|| ()), Some(Next::Changed(hints)) if hints.at().is_none())
        );
        sender.send(WatchMessage::Other(())).unwrap();
        assert!(matches!(watcher.next(Duration::ZERO, &|| ()), Some(Next::Other(()))));
    }

    #[test]
    fn without_events_everything_is_looked_at_again_and_again() {
        let (_sender, mut watcher) = watcher();
        for _ in 0..2 {
            let begun = Instant::now();
            assert!(matches!(watcher.next(Duration::from_millis(50), &|| ()), Some(Next::Look)));
            assert!(begun.elapsed() >= Duration::from_millis(350));
        }
    }
}
