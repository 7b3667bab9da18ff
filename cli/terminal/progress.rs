//! A bar on standard error for anything over a second.

use std::sync::OnceLock;
use std::time::Duration;

use flowdown_core::engine::Progress;
use flowdown_core::model::SourcePath;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows how far the scan is, once it has lasted a second.
pub(crate) struct Bar {
    bar: ProgressBar,
    started: OnceLock<std::time::Instant>,
}

impl Bar {
    /// A bar on standard error; hidden when that is no terminal.
    pub(crate) fn new(is_terminal: bool) -> Self {
        let target = if is_terminal {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        bar.set_style(
            ProgressStyle::with_template("{bytes}/{total_bytes} {bar:30} {msg}")
                .expect("the template is a constant"),
        );
        Self { bar, started: OnceLock::new() }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn listed(&self, _: u64, bytes: u64) {
        self.started.get_or_init(std::time::Instant::now);
        self.bar.set_length(bytes);
    }

    fn looked_at(&self, path: &SourcePath, bytes: u64) {
        let lasts =
            self.started.get().is_some_and(|started| started.elapsed() > Duration::from_secs(1));
        if lasts {
            self.bar.set_message(super::clean(path.file_name()));
            self.bar.inc(bytes);
        } else {
            // Counted without drawing.
            self.bar.update(|state| state.set_pos(state.pos() + bytes));
        }
    }
}
