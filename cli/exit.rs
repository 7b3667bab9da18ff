//! Exit codes: 0 clean, 1 the policy objects, 2 usage, 3 incomplete. 1 wins over 3.

use std::io;
use std::process::ExitCode;

use flowdown_core::model::{Completeness, Report, Severity};

/// How a run ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// Everything was looked at, and no policy objects.
    Clean,
    /// The policy objects.
    Objection,
    /// The command line or a settings file is wrong.
    Usage,
    /// Something could not be looked at.
    Incomplete,
}

impl Exit {
    /// How a run with this report ends: under a policy, when that objects; without one, when there
    /// are findings from `fail_on` upwards.
    pub(crate) fn of_report(report: &Report, fail_on: Option<Severity>) -> Self {
        let objects = match &report.policy {
            Some(outcome) => outcome.objects(&report.assessment),
            None => fail_on.is_some_and(|least| {
                report.assessment.findings.iter().any(|finding| finding.severity() >= least)
            }),
        };
        let is_incomplete = report
            .inventory
            .diagnostics
            .iter()
            .any(|diagnostic| diagnostic.code.completeness() == Completeness::Incomplete);
        match (objects, is_incomplete) {
            (true, _) => Self::Objection,
            (false, true) => Self::Incomplete,
            (false, false) => Self::Clean,
        }
    }

    /// How a run that could not go on ends.
    pub(crate) fn of_error(error: &anyhow::Error) -> Self {
        if is_closed_pipe(error) { Self::Clean } else { Self::Usage }
    }
}

/// Whether the reader closed the pipe: it has seen enough, and that is no failure.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// `written`, where a closed pipe is no reason to stop: the other documents are still owed, and
/// what the policy says of the report must reach the exit code.
pub(crate) fn pipe_may_close(written: anyhow::Result<()>) -> anyhow::Result<()> {
    written.or_else(|error| if is_closed_pipe(&error) { Ok(()) } else { Err(error) })
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Objection => 1,
            Exit::Usage => 2,
            Exit::Incomplete => 3,
        })
    }
}
