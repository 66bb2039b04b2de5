//! The requests that are being answered → a wait for the work in the background, so that a page
//! that is waited for has all processors.
//!
//! Must not know: HTTP, the work in the background.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Longest wait of a piece of work, however many requests come.
const LONGEST: Duration = Duration::from_secs(1);

/// The requests that are being answered.
#[derive(Debug, Default)]
pub(super) struct ActiveRequests {
    count: Mutex<usize>,
    none_left: Condvar,
}

/// A request that is being answered, until it is dropped.
#[derive(Debug)]
pub(super) struct ActiveRequest(Arc<ActiveRequests>);

impl ActiveRequests {
    /// A request begins.
    pub fn begin(self: &Arc<Self>) -> ActiveRequest {
        *self.count() += 1;
        ActiveRequest(self.clone())
    }

    /// Waits until no request is being answered.
    pub fn give_way(&self) {
        let is_any = |count: &mut usize| *count > 0;
        drop(self.none_left.wait_timeout_while(self.count(), LONGEST, is_any));
    }

    fn count(&self) -> MutexGuard<'_, usize> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        let mut count = self.0.count();
        *count -= 1;
        if *count == 0 {
            self.0.none_left.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn work_waits_for_the_last_request() {
        let requests = Arc::new(ActiveRequests::default());
        requests.give_way();
        let is_answered = AtomicBool::new(false);
        let (first, second) = (requests.begin(), requests.begin());
        thread::scope(|scope| {
            let work = scope.spawn(|| {
                requests.give_way();
                is_answered.load(Ordering::SeqCst)
            });
            drop(first);
            is_answered.store(true, Ordering::SeqCst);
            drop(second);
            assert!(work.join().unwrap());
        });
    }
}
