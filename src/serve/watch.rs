//! File-system events of a folder, or polling → [`Hints`]: the paths that may have changed. Many
//! events in a short time become one hint.
//!
//! An event is only a hint: the change itself is found by comparing files. So duplicate events cost
//! little, and lost ones are made up for by checking all files a while after the last event.
//!
//! Must not know: notes, the reaction to a change.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::path::SourcePath;
use crate::source::{is_git_at_work, silent_file_system};

/// Time without events after which a save is over.
const QUIET: Duration = Duration::from_millis(3);
/// The same while a file is open for writing, and for more files than a save changes: they may be
/// the first of many, whose events come late on a busy machine.
const QUIET_WHILE_OPEN: Duration = Duration::from_millis(40);
/// The same while very many files change.
const QUIET_IN_A_STORM: Duration = Duration::from_millis(60);
/// Number of paths from which on it is more than one save.
const SAVE: usize = 4;
/// Number of paths from which on very many files change.
const STORM: usize = 16;
/// Longest wait for quiet.
const LONGEST: Duration = Duration::from_secs(2);
/// The same while git is changing files.
const LONGEST_OF_GIT: Duration = Duration::from_secs(20);
/// Time between two checks for git's lock file.
const GIT: Duration = Duration::from_millis(15);
/// Time after the last change at which all files are checked.
const AFTERWARDS: Duration = Duration::from_millis(700);
/// Shortest time between two checks of all files while polling.
const BETWEEN: Duration = Duration::from_millis(250);
/// Ratio of the time between two checks to the time of one check: polling a large folder takes at
/// most about an eighth of the time.
const PART: u32 = 8;

/// The paths that may have changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Hints {
    /// True if any file may have changed.
    everywhere: bool,
    paths: BTreeSet<PathBuf>,
    renames: Vec<(PathBuf, PathBuf)>,
}

impl Hints {
    /// A hint that any file may have changed.
    pub fn everywhere() -> Self {
        Self { everywhere: true, ..Self::default() }
    }

    /// A hint that files at these paths and below may have changed.
    pub fn at_places(paths: BTreeSet<PathBuf>) -> Self {
        Self { paths, ..Self::default() }
    }

    /// The paths; `None` if any file may have changed.
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
    /// An event of the file system.
    Event(notify::Result<Event>),
    /// A message of another sender.
    Other(T),
}

/// The next thing to do.
#[derive(Debug)]
pub(super) enum Next<T> {
    /// Something may have changed.
    Changed(Hints),
    /// All files are to be checked; most likely nothing changed.
    Look,
    /// A message of another sender.
    Other(T),
}

/// Watches folders.
pub(super) struct Watcher<T> {
    native: Option<RecommendedWatcher>,
    watched: HashSet<PathBuf>,
    /// True if one watch covers a folder with all below it.
    is_recursive: bool,
    folder: PathBuf,
    /// Folders whose changes are ignored.
    ignored: Vec<PathBuf>,
    messages: Receiver<WatchMessage<T>>,
    /// True if all files are checked regularly.
    polls: bool,
    /// Time of the next check of all files.
    due: Option<Instant>,
    /// Messages of other senders that arrived while changes were gathered.
    waiting: VecDeque<T>,
}

impl<T: Send + 'static> Watcher<T> {
    /// Watches a folder, or polls it: if that is wanted (`polls`), or if events are not available,
    /// which is reported with `warn`.
    pub fn new(
        folder: &Path,
        ignored: Vec<PathBuf>,
        (sender, messages): (Sender<WatchMessage<T>>, Receiver<WatchMessage<T>>),
        polls: bool,
        warn: &dyn Fn(&str),
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
            // Fails if the program is ending.
            let _ = sender.send(WatchMessage::Event(event));
        };
        match notify::recommended_watcher(send) {
            Ok(native) => watcher.native = Some(native),
            Err(error) => watcher.give_up(&reason(&error), warn),
        }
        if let Some(name) = silent_file_system(folder) {
            watcher.polls = true;
            warn(&format!("the file system ({name}) does not report all changes"));
        }
        watcher
    }

    /// Watches these folders and no others; gives those that were not watched before, in which
    /// files may have changed unnoticed.
    pub fn watch(&mut self, folders: &BTreeSet<PathBuf>, warn: &dyn Fn(&str)) -> BTreeSet<PathBuf> {
        let mut new = BTreeSet::new();
        // First those that are gone: a renamed folder would still be watched under its old name.
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
                // Gone already; there is an event of the folder above it.
                Err(error) if is_missing(&error) => {}
                Err(error) => {
                    failed = Some(reason(&error));
                    break;
                }
            }
        }
        if let Some(reason) = failed {
            self.give_up(&reason, warn);
        }
        new
    }

    /// Stops watching these: a later folder of the same name is another one.
    fn forget(&mut self, gone: &HashSet<PathBuf>) {
        for path in gone {
            if self.watched.remove(path)
                && let Some(native) = &mut self.native
            {
                // Fails for those that are deleted, which is most of them.
                let _ = native.unwatch(path);
            }
        }
    }

    fn give_up(&mut self, reason: &str, warn: &dyn Fn(&str)) {
        self.native = None;
        self.watched.clear();
        self.polls = true;
        warn(reason);
    }

    /// Waits for the next thing to do. `took` is the time of the last check of all files; `noticed`
    /// is called at the first event of a change, before the others are gathered.
    ///
    /// `None` if all senders are gone.
    pub fn next(&mut self, took: Duration, noticed: &dyn Fn()) -> Option<Next<T>> {
        if let Some(other) = self.waiting.pop_front() {
            return Some(Next::Other(other));
        }
        // A missing folder cannot be watched; it may come back.
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

    /// Gathers the events of the same save, checkout or copy.
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
                    // After git ended, its last events may still come.
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

    /// True if a change of a path is ignored: it is hidden, or an editor's temporary file.
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

/// True for the names of temporary and backup files of vim, Emacs, Kate, the editors of
/// `JetBrains`, and `LibreOffice`.
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
    /// Files that are open for writing, on systems that report their closing.
    open: HashSet<PathBuf>,
    /// Paths that were removed or renamed.
    gone: HashSet<PathBuf>,
}

impl Batch {
    fn add<T: Send + 'static>(&mut self, event: notify::Result<Event>, watcher: &Watcher<T>) {
        let Ok(event) = event else {
            // An event may be lost, so all files are checked.
            self.hints.everywhere = true;
            return;
        };
        if event.need_rescan() {
            self.hints.everywhere = true;
        }
        let reports_closing = cfg!(target_os = "linux");
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
                    if is_writing && reports_closing {
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
        ErrorKind::MaxFilesWatch => "the system's limit of watched folders is reached".to_owned(),
        ErrorKind::Io(error) => format!("cannot watch for changes: {error}"),
        _ => format!("cannot watch for changes: {error}"),
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
    fn many_events_are_one_hint() {
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
    fn events_of_hidden_and_temporary_files_are_ignored() {
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
    fn after_lost_events_all_files_are_checked() {
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
    fn without_events_all_files_are_checked_regularly() {
        let (_sender, mut watcher) = watcher();
        for _ in 0..2 {
            let begun = Instant::now();
            assert!(matches!(watcher.next(Duration::from_millis(50), &|| ()), Some(Next::Look)));
            assert!(begun.elapsed() >= Duration::from_millis(350));
        }
    }
}
