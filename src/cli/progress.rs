//! A progress bar on a terminal, for builds that take longer than half a second.
//!
//! Must not know: what is being done.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::build::Progress;

/// Builds that are done sooner show no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// The bar.
pub(super) struct Bar {
    drawn: ProgressBar,
    started: Instant,
    /// Whether it may be shown and is not yet.
    waits: AtomicBool,
}

impl Bar {
    /// A bar that is shown after half a second, if `shown`.
    pub fn new(shown: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len}") {
            bar.set_style(style);
        }
        Self { drawn: bar, started: Instant::now(), waits: AtomicBool::new(shown) }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.drawn.finish_and_clear();
    }
}

impl Progress for Bar {
    fn expect(&self, steps: usize) {
        self.drawn.inc_length(steps as u64);
    }

    fn step(&self) {
        self.drawn.inc(1);
        let is_time = self.waits.load(Ordering::Relaxed) && self.started.elapsed() > PATIENCE;
        if is_time && self.waits.swap(false, Ordering::Relaxed) {
            self.drawn.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}
