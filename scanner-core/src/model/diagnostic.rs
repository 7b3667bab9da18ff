//! What the scan could not do, or had to doubt.

use super::{Code, Location};

/// How much a diagnostic or finding matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Something is doubtful.
    Warning,
    /// Something failed or is owed and absent.
    Error,
}

impl Severity {
    /// `note`, `warning` or `error`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The scan could not do something, or read something doubtful: what, where, why, what to do.
///
/// The severity belongs to the code. Messages are lower case without a full stop; values stand in
/// backticks.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Diagnostic {
    /// Where; `None` when it concerns the whole run.
    pub at: Option<Location>,
    /// Which kind, stable across versions.
    pub code: Code,
    /// What happened and why, with the two numbers or names that disagree.
    pub message: String,
    /// What to do next, or what was skipped because of it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic about `at`.
    pub fn new(code: Code, at: Location, message: impl Into<String>) -> Self {
        Self { at: Some(at), code, message: message.into(), help: None }
    }

    /// A diagnostic about the run itself.
    pub fn of_run(code: Code, message: impl Into<String>) -> Self {
        Self { at: None, code, message: message.into(), help: None }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The severity of its code.
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }
}
