//! `flowdown check`

use anyhow::Context as _;
use flowdown_core::extract::driver::Depth;
use flowdown_core::model::{FindingStanding, Policy, Report, Severity};
use flowdown_core::report::baseline;

use super::{Scan, documents};
use crate::args::CheckArguments;
use crate::exit::{Exit, pipe_may_close};
use crate::settings::BaselineUse;
use crate::terminal;

pub(crate) fn run(arguments: &CheckArguments) -> anyhow::Result<Exit> {
    let mut written = documents::check(&arguments.output)?;
    if let Some(path) = &arguments.write_baseline {
        let place = documents::writable(path);
        written.push(
            place
                .with_context(|| format!("the baseline `{}` cannot be written", path.display()))?,
        );
    }
    let fail_on: Option<Severity> = arguments.fail_on.map(Into::into);
    let mut report = super::scan(&Scan {
        product: arguments.product.as_deref(),
        policy: arguments.policy.as_deref(),
        no_policy: Some(Policy::default()),
        fail_on,
        baseline: match arguments.write_baseline {
            Some(_) => BaselineUse::Leave,
            None => BaselineUse::Read,
        },
        depth: if arguments.quick { Depth::Headers } else { Depth::Full },
        written: &written,
        ..Scan::of(&arguments.input)
    })?;
    if let Some(path) = &arguments.write_baseline {
        documents::write_file(path, &|out| baseline::write(&report, out))
            .with_context(|| format!("the baseline `{}` cannot be written", path.display()))?;
        count_as_known(&mut report);
    }
    let takes_stdout = documents::write(&arguments.output, &report)?;
    // A document on standard output must not be mixed with words for people.
    if !takes_stdout {
        let checked = terminal::check(&report, &mut anstream::stdout().lock());
        pipe_may_close(checked.context("the findings cannot be written"))?;
    }
    let diagnostics = terminal::diagnostics(&report, &mut anstream::stderr().lock());
    pipe_may_close(diagnostics.context("the diagnostics cannot be written"))?;
    Ok(Exit::of_report(&report, fail_on))
}

/// What stands in the baseline that was just written is known.
fn count_as_known(report: &mut Report) {
    for standing in report.policy.iter_mut().flat_map(|outcome| &mut outcome.standings) {
        if *standing == FindingStanding::New {
            *standing = FindingStanding::Known;
        }
    }
}
