//! `flowdown validate`

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context as _, bail};
use flowdown_core::bom::Refusal;
use flowdown_core::lint::{self, Lint};
use flowdown_core::model::{Limits, Severity};
use serde::Serialize;

use crate::args::{ValidateArguments, ValidateFormat};
use crate::boms;
use crate::exit::{Exit, pipe_may_close};
use crate::terminal;

pub(crate) fn run(arguments: &ValidateArguments) -> anyhow::Result<Exit> {
    let limits = Limits::default();
    if arguments.files.iter().filter(|file| is_stdin(file)).count() > 1 {
        bail!("`-` is given twice, and standard input can be read once");
    }
    let least: Severity = arguments.fail_on.into();
    let mut results = Vec::new();
    let mut exit = Exit::Clean;
    for file in &arguments.files {
        let name = file.display().to_string();
        let bytes = read(file, &limits)?;
        match lint::lint(&bytes, &limits) {
            Ok(lint) => {
                let worst = lint.problems.worst();
                if worst.is_some_and(|worst| worst >= least) {
                    exit = Exit::Objection;
                }
                results.push((name, lint));
            }
            Err(Refusal::NotABom(why)) => bail!("`{name}` is no bill of materials: {why}"),
            Err(Refusal::Limit(why)) => {
                terminal::incomplete(&format!("`{name}` was not looked at: {why}"));
                if exit == Exit::Clean {
                    exit = Exit::Incomplete;
                }
            }
        }
    }
    let mut out = anstream::stdout().lock();
    let written = match arguments.format {
        ValidateFormat::Text => {
            results.iter().try_for_each(|(name, lint)| terminal::lint(name, lint, &mut out))
        }
        ValidateFormat::Json => json(&results, &mut out),
    };
    pipe_may_close(written.context("the problems cannot be written"))?;
    Ok(exit)
}

fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// The bytes of a document; of one that is past the limit only as many as show that.
pub(super) fn read(file: &Path, limits: &Limits) -> anyhow::Result<Vec<u8>> {
    let unreadable = || format!("`{}` cannot be read", file.display());
    if is_stdin(file) {
        return boms::bytes(io::stdin().lock(), limits).with_context(unreadable);
    }
    boms::bytes(File::open(file).with_context(unreadable)?, limits).with_context(unreadable)
}

/// The problems of every document.
#[derive(Serialize)]
struct Document<'a> {
    file: &'a str,
    format: &'static str,
    version: &'a str,
    /// How often each code occurs, with the problems that are not listed.
    counts: std::collections::BTreeMap<&'static str, usize>,
    problems: Vec<Problem<'a>>,
}

#[derive(Serialize)]
struct Problem<'a> {
    code: &'static str,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pointer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<&'a str>,
    message: &'a str,
    help: &'a str,
}

fn json(results: &[(String, Lint)], out: &mut dyn Write) -> io::Result<()> {
    let documents: Vec<Document<'_>> = results
        .iter()
        .map(|(file, lint)| Document {
            file,
            format: lint.format.name(),
            version: &lint.version,
            counts: lint
                .problems
                .counts()
                .iter()
                .map(|(code, count)| (code.as_str(), *count))
                .collect(),
            problems: lint
                .problems
                .list
                .iter()
                .map(|problem| Problem {
                    code: problem.code.as_str(),
                    severity: problem.code.severity().name(),
                    line: problem.at.line,
                    pointer: &problem.at.pointer,
                    element: problem.at.element.as_deref(),
                    message: &problem.message,
                    help: &problem.help,
                })
                .collect(),
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &documents)?;
    out.write_all(b"\n")
}
