//! `flowdown scan`

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context as _, bail};
use flowdown_core::extract::driver::Depth;
use flowdown_core::model::Report;
use flowdown_core::report::{self, Reporter};

use crate::args::{Destination, Output, ScanArguments};
use crate::exit::Exit;
use crate::terminal;

pub(crate) fn run(arguments: &ScanArguments) -> anyhow::Result<Exit> {
    check_outputs(&arguments.output)?;
    let depth = if arguments.quick { Depth::Headers } else { Depth::Full };
    let report = super::scan(&arguments.input, arguments.product.as_deref(), depth)?;
    let mut takes_stdout = false;
    for output in &arguments.output {
        takes_stdout |= output.file == Destination::StandardOutput;
        write(output, &report)?;
    }
    // A document on standard output must not be mixed with words for people.
    if !arguments.no_summary && !takes_stdout {
        terminal::summary(&report, &mut anstream::stdout().lock())
            .context("the summary cannot be written")?;
    }
    terminal::diagnostics(&report, &mut anstream::stderr().lock())
        .context("the diagnostics cannot be written")?;
    Ok(Exit::of_report(&report, arguments.fail_on.map(Into::into)))
}

fn check_outputs(outputs: &[Output]) -> anyhow::Result<()> {
    for (index, output) in outputs.iter().enumerate() {
        if outputs[..index].iter().any(|earlier| earlier.file == output.file) {
            bail!("two documents would be written to one place; give each its own FILE");
        }
    }
    Ok(())
}

fn write(output: &Output, report: &Report) -> anyhow::Result<()> {
    let reporter = report::by_format(&output.format)
        .expect("the command line only takes formats of this list");
    match &output.file {
        Destination::StandardOutput => {
            let mut stdout = BufWriter::new(io::stdout().lock());
            reporter.write(report, &mut stdout).context("the document cannot be written")?;
            stdout.flush().context("the document cannot be written")
        }
        Destination::File(path) => write_file(reporter, report, path)
            .with_context(|| format!("`{}` cannot be written", path.display())),
    }
}

/// Writes beside the file and renames, so that nobody finds half a document. What is no regular
/// file (a pipe, `/dev/null`) cannot be replaced and is written to.
fn write_file(reporter: &dyn Reporter, report: &Report, path: &Path) -> io::Result<()> {
    let is_special = path.metadata().is_ok_and(|metadata| !metadata.is_file());
    if is_special {
        let mut file = BufWriter::new(File::options().write(true).open(path)?);
        reporter.write(report, &mut file)?;
        return file.flush();
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let draft = path.with_file_name(name);
    let written = File::create(&draft).and_then(|file| {
        let mut file = BufWriter::new(file);
        reporter.write(report, &mut file)?;
        file.flush()
    });
    written.and_then(|()| std::fs::rename(&draft, path)).inspect_err(|_| {
        // The first error is the one to tell; the draft may not even exist.
        let _ = std::fs::remove_file(&draft);
    })
}
