//! A bar on standard error for anything over a second.

use std::sync::Once;
use std::time::{Duration, Instant};

use flowdown_core::engine::Progress;
use flowdown_core::model::SourcePath;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A scan that is over sooner needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows how far the scan is, once it has lasted a second.
pub(crate) struct Bar {
    bar: ProgressBar,
    started: Instant,
    is_terminal: bool,
    shown: Once,
}

impl Bar {
    /// A bar on standard error; never shown when that is no terminal.
    pub(crate) fn new(is_terminal: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        bar.set_style(
            ProgressStyle::with_template("{bytes} of {total_bytes} {bar:30} {eta:>4} {wide_msg}")
                .expect("the template is a constant"),
        );
        Self { bar, started: Instant::now(), is_terminal, shown: Once::new() }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn found(&self, bytes: u64) {
        self.bar.inc_length(bytes);
    }

    fn passed(&self, path: &SourcePath, bytes: u64) {
        self.bar.inc(bytes);
        if self.is_terminal && self.started.elapsed() > PATIENCE {
            self.shown.call_once(|| {
                self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
            });
            self.bar.set_message(super::clean(path.file_name()));
        }
    }
}
