//! `flowdown scan`

use anyhow::{Context as _, bail};
use flowdown_core::engine::Digested;
use flowdown_core::extract::driver::Depth;
use flowdown_core::report::{self, in_toto};

use super::{Scan, documents};
use crate::args::{Destination, Form, Output, ScanArguments};
use crate::exit::{Exit, pipe_may_close};
use crate::terminal;

pub(crate) fn run(arguments: &ScanArguments) -> anyhow::Result<Exit> {
    let mut outputs = arguments.output.clone();
    if arguments.in_toto {
        refuse_unattestable(arguments)?;
        outputs.iter_mut().for_each(|output| output.form = Form::Statement);
    }
    if arguments.completeness {
        outputs.push(Output {
            format: "completeness".to_owned(),
            file: Destination::StandardOutput,
            form: Form::Document,
        });
    }
    let written = documents::check(&outputs)?;
    let depth = if arguments.quick { Depth::Headers } else { Depth::Full };
    let report = super::scan(&Scan {
        product: arguments.product.as_deref(),
        policy: arguments.policy.as_deref(),
        fail_on: arguments.fail_on.map(Into::into),
        depth,
        digested: if arguments.in_toto { Digested::Every } else { Digested::Wanted },
        written: &written,
        ..Scan::of(&arguments.input)
    })?;
    let takes_stdout = documents::write(&outputs, &report)?;
    // A document on standard output must not be mixed with words for people.
    if !arguments.no_summary && !takes_stdout {
        let summary = terminal::summary(&report, &mut anstream::stdout().lock());
        pipe_may_close(summary.context("the summary cannot be written"))?;
    }
    let diagnostics = terminal::diagnostics(&report, &mut anstream::stderr().lock());
    pipe_may_close(diagnostics.context("the diagnostics cannot be written"))?;
    Ok(Exit::of_report(&report, arguments.fail_on.map(Into::into)))
}

/// What can be known before a scan that may take an hour.
fn refuse_unattestable(arguments: &ScanArguments) -> anyhow::Result<()> {
    if arguments.quick {
        bail!(
            "`--in-toto` needs a digest of every file, and `--quick` reads headers only; leave one of \
             them out"
        );
    }
    if arguments.output.is_empty() {
        bail!("`--in-toto` wraps documents, and there is none; add `-o cyclonedx=FILE`");
    }
    for output in &arguments.output {
        if let Some(reporter) = report::by_format(&output.format) {
            in_toto::predicate_type(reporter)?;
        }
    }
    Ok(())
}
