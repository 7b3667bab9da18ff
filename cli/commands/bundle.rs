//! `flowdown bundle`

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use flowdown_core::engine::for_customers;
use flowdown_core::report::bundle;

use super::Scan;
use crate::args::BundleArguments;
use crate::exit::{Exit, pipe_may_close};
use crate::terminal;

pub(crate) fn run(arguments: &BundleArguments) -> anyhow::Result<Exit> {
    refuse_full(&arguments.output)?;
    let report = super::scan(&Scan {
        product: Some(&arguments.product),
        fail_on: arguments.fail_on.map(Into::into),
        ..Scan::of(&arguments.input)
    })?;
    let files = bundle::files(&for_customers(&report)).context("the bundle cannot be made")?;
    for (name, bytes) in &files {
        let path = arguments.output.join(name);
        let folder = path.parent().expect("the path has the output directory before it");
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, bytes))
            .with_context(|| format!("`{}` cannot be written", path.display()))?;
    }
    let summary =
        terminal::bundle(&report, &arguments.output, files.len(), &mut anstream::stdout().lock());
    pipe_may_close(summary.context("the summary cannot be written"))?;
    let diagnostics = terminal::diagnostics(&report, &mut anstream::stderr().lock());
    pipe_may_close(diagnostics.context("the diagnostics cannot be written"))?;
    Ok(Exit::of_report(&report, arguments.fail_on.map(Into::into)))
}

/// A customer must not receive what an earlier run left behind.
fn refuse_full(folder: &Path) -> anyhow::Result<()> {
    match fs::read_dir(folder) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                bail!(
                    "the directory `{}` is not empty; name a new one, or empty it first",
                    folder.display()
                );
            }
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => {
            Err(error).with_context(|| format!("`{}` cannot be written to", folder.display()))
        }
    }
}
