//! What people read: summary, diagnostics, progress, failures.

mod check;
mod contract;
mod diagnostics;
mod diff;
pub(crate) mod explain;
mod flow;
mod lint;
mod progress;
mod sanitize;
mod style;
mod summary;

pub(crate) use check::check;
pub(crate) use diagnostics::{diagnostics, failure, incomplete};
pub(crate) use diff::diff;
pub(crate) use lint::lint;
pub(crate) use progress::Bar;
pub(crate) use sanitize::clean;
pub(crate) use summary::{bundle, summary};
