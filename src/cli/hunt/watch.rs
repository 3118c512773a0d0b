//! What whoever waits for a hunt sees: a bar on a terminal, and a line now and then elsewhere.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use crate::cli::streams::remark;

/// Between two lines, where there is no terminal.
const LINES_APART: Duration = Duration::from_secs(10);

/// What has been done so far, for whoever waits.
pub struct Watch {
    bar: Option<ProgressBar>,
    total: u64,
    begun: Instant,
    last: Instant,
    done: u64,
    failures: u64,
}

impl Watch {
    /// Begins with nothing done of so many seeds.
    pub fn new(total: u64) -> Self {
        let now = Instant::now();
        // Without colours of its own: there is none for NO_COLOR to take away.
        let style = ProgressStyle::with_template("[{bar:30}] {pos} of {len} seeds, {per_sec}, {eta} left, {msg}");
        let bar = stderr().is_terminal().then(|| ProgressBar::new(total));
        if let (Some(bar), Ok(style)) = (&bar, style) {
            bar.set_style(style.progress_chars("=> "));
            bar.set_message("0 failures");
        }
        Self { bar, total, begun: now, last: now, done: 0, failures: 0 }
    }

    /// So many seeds and failures more.
    pub fn advance(&mut self, seeds: u64, failures: u64) {
        self.done += seeds;
        self.failures += failures;
        match &self.bar {
            Some(bar) => {
                if failures > 0 {
                    bar.set_message(format!("{} failures", self.failures));
                }
                bar.inc(seeds);
            }
            None if self.last.elapsed() >= LINES_APART => {
                self.last = Instant::now();
                remark(self.line());
            }
            None => {}
        }
    }

    fn line(&self) -> String {
        let elapsed = self.begun.elapsed();
        let rate = self.done as f64 / elapsed.as_secs_f64();
        let left = Duration::from_secs_f64((self.total - self.done) as f64 / rate.max(1e-3));
        format!(
            "{} of {} seeds, {rate:.0}/s, {} left, {} failures",
            self.done,
            self.total,
            HumanDuration(left),
            self.failures
        )
    }

    /// Says what is being done instead, for as long as it takes.
    pub fn meanwhile(&self, what: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{} failures, {what}", self.failures));
        }
    }

    /// Writes something, where the bar is not in its way.
    pub fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Leaves nothing behind.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
