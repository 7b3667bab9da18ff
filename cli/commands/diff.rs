//! `flowdown diff`

use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, bail};
use flowdown_core::bom::{self, Bom, Refusal};
use flowdown_core::compare::{self, Comparison};
use flowdown_core::extract::driver::Depth;
use flowdown_core::model::{Code, Completeness, Limits};
use flowdown_core::report;
use flowdown_core::source::image::is_archive;

use super::{Scan, validate};
use crate::args::{DiffArguments, DiffFailOn, DiffFormat, DocumentProfile, InputArguments};
use crate::exit::{Exit, pipe_may_close};
use crate::terminal;

pub(crate) fn run(arguments: &DiffArguments) -> anyhow::Result<Exit> {
    if arguments.old == "-" && arguments.new == "-" {
        bail!("`-` is given twice, and standard input can be read once");
    }
    let (old, new) = (read(&arguments.old, arguments)?, read(&arguments.new, arguments)?);
    let comparison = compare::compare(&old.bom, &new.bom);
    let mut out = anstream::stdout().lock();
    let written = match arguments.format {
        DiffFormat::Text => terminal::diff(&comparison, &mut out),
        DiffFormat::Json => compare::json::write(&comparison, &mut out),
        DiffFormat::Markdown => compare::markdown::write(&comparison, &mut out),
    };
    pipe_may_close(written.context("the differences cannot be written"))?;
    let is_incomplete = [&old, &new].iter().any(|side| side.is_incomplete);
    Ok(match (objects(&comparison, arguments.fail_on), is_incomplete) {
        (true, _) => Exit::Objection,
        (false, true) => Exit::Incomplete,
        (false, false) => Exit::Clean,
    })
}

fn objects(comparison: &Comparison, fail_on: DiffFailOn) -> bool {
    match fail_on {
        DiffFailOn::Policy => comparison.counts().0 > 0,
        DiffFailOn::Any => !comparison.is_empty(),
        DiffFailOn::Never => false,
    }
}

/// One of the two, with whether something in it was not looked at.
struct Side {
    bom: Bom,
    is_incomplete: bool,
}

/// A document, or the scan of a source, which is read from its own document, so that a scan and a
/// document of the same scan say the same.
fn read(argument: &str, arguments: &DiffArguments) -> anyhow::Result<Side> {
    let limits = Limits::default();
    let path = match argument.strip_prefix("sbom:") {
        Some(path) if !Path::new(argument).exists() => Path::new(path),
        // An image is no document, and what is no file is a source.
        _ if argument != "-" && !is_document(Path::new(argument), &limits) => {
            return scan(argument, arguments);
        }
        _ => Path::new(argument),
    };
    let bytes = validate::read(path, &limits)?;
    match bom::read(&bytes, &limits) {
        Ok(bom) => {
            let codes = bom.diagnostics.iter().map(|diagnostic| diagnostic.code);
            Ok(Side { is_incomplete: is_incomplete(codes), bom })
        }
        Err(Refusal::NotABom(why)) => {
            bail!("`{argument}` is no bill of materials: {why}; `dir:{argument}` scans it")
        }
        Err(Refusal::Limit(why)) => bail!("`{argument}` cannot be read: {why}"),
    }
}

fn is_document(path: &Path, limits: &Limits) -> bool {
    path.is_file() && File::open(path).is_ok_and(|file| !is_archive(file, limits))
}

fn scan(source: &str, arguments: &DiffArguments) -> anyhow::Result<Side> {
    let input = InputArguments {
        source: source.to_owned(),
        sbom: Vec::new(),
        platform: arguments.platform.clone(),
        all_layers: false,
        plain_http: arguments.plain_http,
        no_cache: false,
        profile: DocumentProfile::Standard,
        config: arguments.config.clone(),
        plugin: arguments.plugin.clone(),
        exclude: arguments.exclude.clone(),
        no_tensor_digests: true,
        threads: None,
    };
    let depth = if arguments.quick { Depth::Headers } else { Depth::Full };
    let report = super::scan(&Scan { depth, ..Scan::of(&input) })?;
    let diagnostics = terminal::diagnostics(&report, &mut anstream::stderr().lock());
    pipe_may_close(diagnostics.context("the diagnostics cannot be written"))?;
    let mut bytes = Vec::new();
    report::by_format("json")
        .context("this build writes no `json`")?
        .write(&report, &mut bytes)
        .context("the scan cannot be written")?;
    let bom =
        bom::read(&bytes, &Limits::default()).context("the document of the scan cannot be read")?;
    let codes = report.inventory.diagnostics.iter().map(|diagnostic| diagnostic.code);
    Ok(Side { bom, is_incomplete: is_incomplete(codes) })
}

fn is_incomplete(mut codes: impl Iterator<Item = Code>) -> bool {
    codes.any(|code| code.completeness() == Completeness::Incomplete)
}
