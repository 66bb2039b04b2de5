//! The history of a repository, read on a thread of its own: git is asked while notes are parsed.
//!
//! Must not know: what the history is needed for.

use std::sync::{Condvar, LazyLock, Mutex, PoisonError};
use std::thread;

use super::{Head, History, Unknown};

/// All that is known of a repository at one moment.
#[derive(Debug, Default)]
pub struct RepositoryState {
    /// The last commit; `None` if there is none, the reason if git does not say.
    pub head: Option<Result<Head, Unknown>>,
    /// The history up to it.
    pub history: History,
    /// The reason why it is not known, or not completely.
    pub unknown: Option<Unknown>,
}

/// Number of histories that are being read. A library may have a hundred books, each with a
/// repository of its own, and git needs memory for each.
static READING: Mutex<usize> = Mutex::new(0);
static HAS_READ: Condvar = Condvar::new();

/// The permission to read a history, for as many at once as there are processors.
struct ReadingTurn;

impl ReadingTurn {
    fn wait() -> Self {
        let most = thread::available_parallelism().map_or(1, usize::from);
        let reading = READING.lock().unwrap_or_else(PoisonError::into_inner);
        let reading = HAS_READ.wait_while(reading, |reading| *reading >= most);
        *reading.unwrap_or_else(PoisonError::into_inner) += 1;
        Self
    }
}

impl Drop for ReadingTurn {
    fn drop(&mut self) {
        *READING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        HAS_READ.notify_one();
    }
}

/// The state of a repository that is being read. It is waited for where it is needed first.
pub struct PendingHistory(LazyLock<RepositoryState, Box<dyn FnOnce() -> RepositoryState + Send>>);

impl PendingHistory {
    /// Begins to read.
    #[must_use]
    pub fn begin(read: impl FnOnce() -> RepositoryState + Send + 'static) -> Self {
        let thread = thread::spawn(|| {
            let _turn = ReadingTurn::wait();
            read()
        });
        Self(LazyLock::new(Box::new(move || {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })))
    }

    /// The state, once it is read.
    #[must_use]
    pub fn wait(&self) -> &RepositoryState {
        &self.0
    }
}

impl Default for PendingHistory {
    /// That of a folder in no repository.
    fn default() -> Self {
        Self(LazyLock::new(Box::new(RepositoryState::default)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn many_histories_are_read_in_turn() {
        let pending: Vec<_> =
            (0..100).map(|_| PendingHistory::begin(RepositoryState::default)).collect();
        assert!(pending.iter().rev().all(|pending| pending.wait().head.is_none()));
    }

    #[test]
    fn reading_goes_on_beside_and_is_waited_for() {
        let (go, may_go) = mpsc::channel();
        let (begun, has_begun) = mpsc::channel();
        let pending = PendingHistory::begin(move || {
            begun.send(()).unwrap();
            may_go.recv().unwrap();
            RepositoryState { unknown: Some(Unknown::Shallow), ..RepositoryState::default() }
        });
        // Before it is waited for.
        has_begun.recv().unwrap();
        go.send(()).unwrap();
        for _ in 0..2 {
            assert_eq!(pending.wait().unknown, Some(Unknown::Shallow));
        }
        assert_eq!(PendingHistory::default().wait().head, None);
    }
}
