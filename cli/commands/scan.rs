//! `flowdown scan`

use anyhow::Context as _;
use flowdown_core::extract::driver::Depth;

use super::{Scan, documents};
use crate::args::ScanArguments;
use crate::exit::{Exit, pipe_may_close};
use crate::terminal;

pub(crate) fn run(arguments: &ScanArguments) -> anyhow::Result<Exit> {
    let written = documents::check(&arguments.output)?;
    let depth = if arguments.quick { Depth::Headers } else { Depth::Full };
    let report = super::scan(&Scan {
        product: arguments.product.as_deref(),
        policy: arguments.policy.as_deref(),
        fail_on: arguments.fail_on.map(Into::into),
        depth,
        written: &written,
        ..Scan::of(&arguments.input)
    })?;
    let takes_stdout = documents::write(&arguments.output, &report)?;
    // A document on standard output must not be mixed with words for people.
    if !arguments.no_summary && !takes_stdout {
        let summary = terminal::summary(&report, &mut anstream::stdout().lock());
        pipe_may_close(summary.context("the summary cannot be written"))?;
    }
    let diagnostics = terminal::diagnostics(&report, &mut anstream::stderr().lock());
    pipe_may_close(diagnostics.context("the diagnostics cannot be written"))?;
    Ok(Exit::of_report(&report, arguments.fail_on.map(Into::into)))
}
