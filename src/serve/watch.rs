//! File-system events of a folder, or polling → [`Hints`]: the paths that may have changed. Many
//! events in a short time become one hint.
//!
//! An event is only a hint: the change itself is found by comparing files. So duplicate events cost
//! little, and lost ones are made up for by checking all files a while after the last event.
//!
//! Must not know: notes, the reaction to a change.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::{ErrorKind, Event, EventKind};

use super::hints::{Batch, Hints};
use super::watches::{WatchedFolders, Watches};
use crate::path::SourcePath;
use crate::phrase::{Phrase, phrase};
use crate::source::{is_git_at_work, real_folder, silent_file_system};

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
/// Time after a line in git's log at which all files are checked: git writes it before the commit
/// is the last one.
const AFTER_COMMIT: Duration = Duration::from_millis(150);
/// Shortest time between two checks of all files while polling.
const BETWEEN: Duration = Duration::from_millis(100);
/// Ratio of the time between two checks to the time of one check: polling a large folder takes at
/// most about an eighth of the time.
const PART: u32 = 8;
/// Shortest time between two checks of the watched folders: a volume that is mounted over a folder
/// gives no event.
const BETWEEN_FOLDERS: Duration = Duration::from_secs(2);
/// The same ratio for them.
const PART_OF_FOLDERS: u32 = 100;

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
    watches: Option<Watches>,
    folders: WatchedFolders,
    /// Names of folders in the one that is served whose changes are ignored.
    ignored: &'static [&'static str],
    messages: Receiver<WatchMessage<T>>,
    /// True if all files are checked regularly.
    polls: bool,
    /// Time of the next check of all files.
    due: Option<Instant>,
    /// Time of the next check of the watched folders.
    folders_due: Instant,
    /// Messages of other senders that arrived while changes were gathered.
    waiting: VecDeque<T>,
}

impl<T: Send + 'static> Watcher<T> {
    /// Watches folders, or polls them: if that is wanted (`polls`), or if events are not available,
    /// which is reported with `warn`.
    pub fn new(
        folders: WatchedFolders,
        ignored: &'static [&'static str],
        (sender, messages): (Sender<WatchMessage<T>>, Receiver<WatchMessage<T>>),
        polls: bool,
        warn: &dyn Fn(&Phrase),
    ) -> Self {
        let mut watcher = Self {
            watches: None,
            folders,
            ignored,
            messages,
            polls,
            due: None,
            folders_due: Instant::now() + BETWEEN_FOLDERS,
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
            Ok(native) => watcher.watches = Some(Watches::new(native)),
            Err(error) => watcher.give_up(&reason(&error), warn),
        }
        watcher.poll_if_silent(warn);
        watcher
    }

    /// Watches these folders and no others; gives those that were not watched before, in which
    /// files may have changed unnoticed.
    pub fn watch(&mut self, folders: WatchedFolders, warn: &dyn Fn(&Phrase)) -> BTreeSet<PathBuf> {
        self.folders = folders;
        let hears_commits = self.hears_commits();
        let Some(watches) = &mut self.watches else { return BTreeSet::new() };
        match watches.change_to(&self.folders) {
            Ok(new) => {
                if !hears_commits && self.hears_commits() {
                    // There may have been a commit before the watch.
                    self.look_after_commit();
                }
                if self.folders.roots.iter().any(|root| new.contains(root)) {
                    self.poll_if_silent(warn);
                }
                new
            }
            Err(error) => {
                self.give_up(&reason(&error), warn);
                BTreeSet::new()
            }
        }
    }

    /// Polls if the file system of a root does not report all changes.
    fn poll_if_silent(&mut self, warn: &dyn Fn(&Phrase)) {
        let silent = self.folders.roots.iter().find_map(|root| silent_file_system(root));
        if let Some(name) = silent.filter(|_| !self.polls) {
            self.polls = true;
            warn(&phrase!("the file system ({name}) does not report all changes", name));
        }
    }

    fn give_up(&mut self, reason: &Phrase, warn: &dyn Fn(&Phrase)) {
        self.watches = None;
        self.polls = true;
        warn(reason);
    }

    /// Stops watching folders that are no longer at their paths; true if there are any.
    pub fn forget_replaced(&mut self) -> bool {
        let begun = Instant::now();
        let replaced = self.watches.as_ref().map(Watches::replaced).unwrap_or_default();
        self.forget(&replaced);
        self.folders_due = Instant::now() + BETWEEN_FOLDERS.max(begun.elapsed() * PART_OF_FOLDERS);
        !replaced.is_empty()
    }

    fn forget<'p>(&mut self, gone: impl IntoIterator<Item = &'p PathBuf>) {
        if let Some(watches) = &mut self.watches {
            watches.forget(gone);
        }
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
        let is_unwatched = |root: &PathBuf| !self.has_watch(root);
        let is_missing = self.watches.is_some() && self.folders.roots.iter().any(is_unwatched);
        if (self.polls || is_missing) && self.due.is_none() {
            self.due = Some(Instant::now() + BETWEEN.max(took * PART));
        }
        loop {
            let message = match self.messages.recv_timeout(self.time_until_due()) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => {
                    if self.due.is_some_and(|due| due <= Instant::now()) {
                        self.due = None;
                        // A folder that is made anew is watched after the look.
                        self.forget_replaced();
                        return Some(Next::Look);
                    }
                    if self.forget_replaced() || self.is_led_elsewhere() {
                        return Some(Next::Look);
                    }
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return None,
            };
            match message {
                WatchMessage::Other(other) => return Some(Next::Other(other)),
                WatchMessage::Event(event) => {
                    if self.says_commit(&event) {
                        self.look_after_commit();
                        continue;
                    }
                    let mut batch = Batch::default();
                    batch.add(event, &|path| self.is_ignored(path));
                    if batch.hints.is_empty() {
                        continue;
                    }
                    noticed();
                    self.gather(&mut batch);
                    self.forget(&batch.gone);
                    if batch.has_lost
                        && let Some(watches) = &mut self.watches
                    {
                        watches.forget_all();
                    }
                    self.due = Some(Instant::now() + AFTERWARDS);
                    return Some(Next::Changed(batch.hints));
                }
            }
        }
    }

    fn has_watch(&self, folder: &Path) -> bool {
        self.watches.as_ref().is_some_and(|watches| watches.contain(folder))
    }

    /// True if the named folder is another one, because a symbolic link was changed.
    fn is_led_elsewhere(&self) -> bool {
        let Some(real) = real_folder(&self.folders.named) else { return false };
        self.folders.roots.first().is_some_and(|root| *root != real)
    }

    /// The time until the next check, of all files or of the watched folders.
    fn time_until_due(&self) -> Duration {
        let due = self.due.map_or(self.folders_due, |due| due.min(self.folders_due));
        due.saturating_duration_since(Instant::now())
    }

    /// Gathers the events of the same save, checkout or copy.
    fn gather(&mut self, batch: &mut Batch) {
        let begun = Instant::now();
        let mut git = false;
        loop {
            let quiet = match batch.hints.count() {
                _ if git => GIT,
                STORM.. => QUIET_IN_A_STORM,
                SAVE.. => QUIET_WHILE_OPEN,
                _ if !batch.open.is_empty() => QUIET_WHILE_OPEN,
                _ => QUIET,
            };
            match self.messages.recv_timeout(quiet) {
                Ok(WatchMessage::Event(event)) => batch.add(event, &|path| self.is_ignored(path)),
                Ok(WatchMessage::Other(other)) => self.waiting.push_back(other),
                Err(RecvTimeoutError::Timeout) => {
                    let was_at_work = std::mem::replace(&mut git, self.is_git_at_work());
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

    fn is_git_at_work(&self) -> bool {
        self.folders.roots.first().is_some_and(|root| is_git_at_work(root))
    }

    /// True if a change of a path is ignored: it is hidden, or an editor's temporary file.
    fn is_ignored(&self, path: &Path) -> bool {
        if path == self.folders.named || self.folders.roots.iter().any(|root| path == root) {
            return false;
        }
        let name = path.file_name().map(std::ffi::OsStr::to_string_lossy).unwrap_or_default();
        is_of_editor(&name)
            || self.is_own(path)
            || !self.folders.roots.iter().any(|root| is_seen_below(root, path))
    }

    /// True if the folders of git's logs are watched.
    fn hears_commits(&self) -> bool {
        let logs = &self.folders.logs;
        !logs.is_empty() && logs.iter().all(|log| self.has_watch(log))
    }

    fn look_after_commit(&mut self) {
        let soon = Instant::now() + AFTER_COMMIT;
        self.due = Some(self.due.map_or(soon, |due| due.min(soon)));
    }

    /// True for an event of git's log. It names no file of the site: git is asked at a look.
    fn says_commit(&self, event: &notify::Result<Event>) -> bool {
        let Ok(Event { kind, paths, .. }) = event else { return false };
        let is_read = matches!(kind, EventKind::Access(_));
        !is_read && paths.iter().any(|path| self.folders.is_log(path))
    }

    /// True for the folders that this program writes.
    fn is_own(&self, path: &Path) -> bool {
        let below = self.folders.roots.first().and_then(|root| path.strip_prefix(root).ok());
        below.is_some_and(|below| self.ignored.iter().any(|own| below.starts_with(own)))
    }
}

/// True if a path is below a root and not hidden there.
fn is_seen_below(root: &Path, path: &Path) -> bool {
    let Ok(below) = path.strip_prefix(root) else { return false };
    let below = SourcePath::new(&below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"));
    below.is_some_and(|below| !below.is_hidden() || below.is_public())
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

fn reason(error: &notify::Error) -> Phrase {
    match &error.kind {
        ErrorKind::MaxFilesWatch => phrase!("the system's limit of watched folders is reached"),
        ErrorKind::Io(error) => phrase!("cannot watch for changes: {error}", error),
        _ => phrase!("cannot watch for changes: {error}", error = error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use notify::event::{
        AccessKind, AccessMode, CreateKind, DataChange, Flag, ModifyKind, RenameMode,
    };

    use super::*;

    fn watcher() -> (Sender<WatchMessage<()>>, Watcher<()>) {
        let (sender, messages) = channel();
        let folder = Path::new("/notes");
        let folders = WatchedFolders {
            named: "/link".into(),
            roots: vec![folder.to_owned(), "/linked/notes".into()],
            all: BTreeSet::from([folder.to_owned()]),
            logs: vec!["/notes/.git/logs".into()],
        };
        (sender.clone(), Watcher::new(folders, &["site"], (sender, messages), true, &|_| ()))
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
            "/linked/other.md",
            "/linked/notes/.git/index",
        ] {
            sender.send(event(WRITTEN, &[path])).unwrap();
        }
        sender.send(event(EventKind::Access(AccessKind::Read), &["/notes/read.md"])).unwrap();
        sender.send(event(RENAMED, &["/notes/a/.note.md.swp", "/notes/a/note.md"])).unwrap();
        let seen = ["/link", "/linked/notes", "/linked/notes/a.md", "/notes", "/notes/a/note.md"];
        sender.send(event(WRITTEN, &seen[..4])).unwrap();
        let Some(Next::Changed(hints)) = watcher.next(Duration::ZERO, &|| ()) else {
            panic!("no hints")
        };
        assert_eq!(hints.at(), Some(&seen.map(PathBuf::from).into()));
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
    fn after_a_commit_all_files_are_checked_and_no_file_is_named() {
        let (sender, mut watcher) = watcher();
        // So that only the event is a reason.
        watcher.polls = false;
        watcher.watches = None;
        sender.send(event(WRITTEN, &["/notes/.git/logs/refs"])).unwrap();
        sender.send(event(WRITTEN, &["/notes/.git/logs/HEAD"])).unwrap();
        sender.send(event(CLOSED, &["/notes/.git/logs/HEAD"])).unwrap();
        std::thread::spawn(move || {
            // Instead of waiting for ever.
            std::thread::sleep(Duration::from_secs(20));
            let _ = sender.send(WatchMessage::Other(()));
        });
        assert!(matches!(watcher.next(Duration::ZERO, &|| ()), Some(Next::Look)));
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
