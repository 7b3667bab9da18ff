//! Documents that a command writes to files or standard output.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use flowdown_core::model::Report;
use flowdown_core::report;
use flowdown_core::report::in_toto::Statement;

use crate::args::{Destination, Form, Output};
use crate::exit::pipe_may_close;

/// A scan can take an hour: what cannot be written is said before it. Returns the canonical paths
/// of the files.
pub(super) fn check(outputs: &[Output]) -> anyhow::Result<Vec<PathBuf>> {
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
    Ok(places.into_iter().flatten().collect())
}

/// The canonical path of the file that `path` names, if a document can be written there.
pub(super) fn writable(path: &Path) -> io::Result<PathBuf> {
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
    Ok(place?.with_file_name(path.file_name().unwrap_or_default()))
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

/// Writes the documents of `report`; whether one of them took standard output.
pub(super) fn write(outputs: &[Output], report: &Report) -> anyhow::Result<bool> {
    let mut takes_stdout = false;
    for output in outputs {
        takes_stdout |= output.file == Destination::StandardOutput;
        pipe_may_close(write_one(output, report))?;
    }
    Ok(takes_stdout)
}

fn write_one(output: &Output, report: &Report) -> anyhow::Result<()> {
    let reporter = report::by_format(&output.format)
        .expect("the command line only takes formats of this list");
    let statement = match output.form {
        Form::Document => None,
        Form::Statement => Some(Statement::new(reporter, report)?),
    };
    let document = |out: &mut dyn Write| match &statement {
        Some(statement) => statement.write(out),
        None => reporter.write(report, out),
    };
    match &output.file {
        Destination::StandardOutput => {
            let mut stdout = BufWriter::new(io::stdout().lock());
            document(&mut stdout).context("the document cannot be written")?;
            stdout.flush().context("the document cannot be written")
        }
        Destination::File(path) => write_file(path, &document)
            .with_context(|| format!("`{}` cannot be written", path.display())),
    }
}

/// Writes beside the file and renames, so that nobody finds half a document. What is no regular
/// file is written to.
pub(super) fn write_file(
    path: &Path,
    document: &dyn Fn(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if is_special(path) {
        let mut file = BufWriter::new(File::options().write(true).open(path)?);
        document(&mut file)?;
        return file.flush();
    }
    let draft = draft(path);
    let written = File::create(&draft).and_then(|file| {
        let mut file = BufWriter::new(file);
        document(&mut file)?;
        file.flush()
    });
    written.and_then(|()| std::fs::rename(&draft, path)).inspect_err(|_| {
        // The first error is the one to tell; the draft may not even exist.
        let _ = std::fs::remove_file(&draft);
    })
}
