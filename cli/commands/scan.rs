//! `flowdown scan`

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use flowdown_core::extract::driver::Depth;
use flowdown_core::model::Report;
use flowdown_core::report::{self, Reporter};

use crate::args::{Destination, Output, ScanArguments};
use crate::exit::{Exit, pipe_may_close};
use crate::terminal;

pub(crate) fn run(arguments: &ScanArguments) -> anyhow::Result<Exit> {
    check_outputs(&arguments.output)?;
    let depth = if arguments.quick { Depth::Headers } else { Depth::Full };
    let report = super::scan(&arguments.input, arguments.product.as_deref(), depth)?;
    let mut takes_stdout = false;
    for output in &arguments.output {
        takes_stdout |= output.file == Destination::StandardOutput;
        pipe_may_close(write(output, &report))?;
    }
    // A document on standard output must not be mixed with words for people.
    if !arguments.no_summary && !takes_stdout {
        let summary = terminal::summary(&report, &mut anstream::stdout().lock());
        pipe_may_close(summary.context("the summary cannot be written"))?;
    }
    let diagnostics = terminal::diagnostics(&report, &mut anstream::stderr().lock());
    pipe_may_close(diagnostics.context("the diagnostics cannot be written"))?;
    Ok(Exit::of_report(&report, arguments.fail_on.map(Into::into)))
}

/// A scan can take an hour: what cannot be written is said before it.
fn check_outputs(outputs: &[Output]) -> anyhow::Result<()> {
    let mut places = Vec::new();
    for output in outputs {
        let place = match &output.file {
            Destination::StandardOutput => None,
            Destination::File(path) => Some(
                writable(path)
                    .with_context(|| format!("`{}` cannot be written", path.display()))?,
            ),
        };
        if places.contains(&place) {
            bail!("two documents would be written to one place; give each its own FILE");
        }
        places.push(place);
    }
    Ok(())
}

/// The one path of the file that `path` names, if a document can be written there.
fn writable(path: &Path) -> io::Result<PathBuf> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    // Opening a pipe for a try would end it for its reader.
    if is_special(path) {
        return std::path::absolute(path);
    }
    let draft = draft(path);
    File::create(&draft)?;
    let place = draft.canonicalize();
    std::fs::remove_file(&draft)?;
    place
}

/// Whether `path` is a pipe, a device or the like: it cannot be replaced.
fn is_special(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| !metadata.is_file())
}

/// The name under which the document for `path` is written before it is whole.
fn draft(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
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
/// file is written to.
fn write_file(reporter: &dyn Reporter, report: &Report, path: &Path) -> io::Result<()> {
    if is_special(path) {
        let mut file = BufWriter::new(File::options().write(true).open(path)?);
        reporter.write(report, &mut file)?;
        return file.flush();
    }
    let draft = draft(path);
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
