//! The progress of a build → a bar on a terminal, if it takes longer than half a second, and the
//! time that each stage took.
//!
//! Must not know: the work of a stage.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::build::{Progress, Stage};
use crate::path::without_control;
use crate::phrase::{Language, phrase};

use super::print;

/// Time after which the bar is shown.
const BAR_DELAY: Duration = Duration::from_millis(500);

/// The bar.
pub(super) struct Bar {
    drawn: ProgressBar,
    started: Instant,
    /// The stages in order, each with its start and, if it has ended, its duration.
    stages: Mutex<Vec<(Stage, Instant, Option<Duration>)>>,
    /// True if the bar is to be shown and is not shown yet.
    waits: AtomicBool,
    language: Language,
}

impl Bar {
    /// A bar that is shown after half a second, if `shown`.
    pub fn new(shown: bool, language: Language) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len}") {
            bar.set_style(style);
        }
        Self {
            drawn: bar,
            started: Instant::now(),
            stages: Mutex::default(),
            waits: AtomicBool::new(shown),
            language,
        }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.drawn.finish_and_clear();
    }

    /// The time of each stage.
    pub fn timings(&self) -> Vec<(Stage, Duration)> {
        let stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        stages
            .iter()
            .map(|(stage, begun, took)| (*stage, took.unwrap_or_else(|| begun.elapsed())))
            .collect()
    }
}

impl Progress for Bar {
    fn begin(&self, stage: Stage) {
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        stages.push((stage, Instant::now(), None));
    }

    fn end(&self, stage: Stage) {
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, begun, took)) = stages.iter_mut().find(|(begun, ..)| *begun == stage) {
            *took = Some(begun.elapsed());
        }
    }

    fn expect(&self, steps: usize) {
        self.drawn.inc_length(steps as u64);
    }

    fn waits_for(&self, site: &Path) {
        // Printed even with `--quiet`: a command that does nothing must say why.
        let site = without_control(&site.display().to_string());
        let message = phrase!(
            "waiting for another build that writes to {site}, or a program that has locked it",
            site
        );
        print::print(&(message.text(self.language) + "\n"));
    }

    fn step(&self) {
        self.drawn.inc(1);
        let is_time = self.waits.load(Ordering::Relaxed) && self.started.elapsed() > BAR_DELAY;
        if is_time && self.waits.swap(false, Ordering::Relaxed) {
            self.drawn.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}
