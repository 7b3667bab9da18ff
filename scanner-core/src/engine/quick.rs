//! Layers of which only headers are wanted.

use std::collections::BTreeMap;
use std::io;

use super::Request;
use super::image::{FileReader, LayerFiles};
use super::read::options;
use crate::assemble::ScannedFile;
use crate::extract::{self, Extractor, driver};
use crate::model::{Code, Diagnostic, SourcePath};
use crate::source::image::{Layer, LayerTree, Payload, Seekable, Store, Table, skim_layer};
use crate::source::{ReadAt, Skip};

/// Reads of a layer what can be had without reading all of it: the header of a file, and those of the
/// files of an archive that is not compressed or has a table of contents. Of another archive in a registry
/// nothing is read; where it lies at hand, `None` says that it has to be read from its start.
pub(super) fn layer(
    request: &Request<'_>,
    store: &dyn Store,
    layer: &Layer,
    payload: &Payload,
    size: u64,
) -> Option<LayerFiles> {
    let read = match payload {
        Payload::File(path) => file(request, path, &*store.parts(&layer.blob)?, size),
        Payload::Archive => archive(request, store, layer, size)?,
    };
    request.progress.passed(&SourcePath::new(&layer.blob), size);
    Some(read)
}

fn archive(
    request: &Request<'_>,
    store: &dyn Store,
    layer: &Layer,
    size: u64,
) -> Option<LayerFiles> {
    let parts = store.parts(&layer.blob);
    let table = parts.map_or(Ok(None), |parts| Table::of(layer, &*parts, size, &request.limits));
    let (table, otherwise) = match table {
        Ok(Some(table)) => (Some(table), "it is no archive".to_owned()),
        Ok(None) => (None, "it has no table of contents".to_owned()),
        Err(error) => (None, format!("its table of contents cannot be used: {error}")),
    };
    // Only what may be worth it is asked for; the first bytes decide.
    let is_said_to_be_compressed =
        ["gzip", "zstd", "gz"].iter().any(|ending| layer.media_type.ends_with(ending));
    if table.is_some() || !(store.is_far() && is_said_to_be_compressed) {
        let trust = table.is_some().then(|| trusted(layer));
        let stream = match store.skim(&layer.blob)?.and_then(|it| by_table(request, it, table)) {
            Ok(stream) => stream,
            Err(error) => return Some(LayerFiles::missing(layer, &error)),
        };
        let mut reader = FileReader::new(request);
        if let Some(mut tree) = skim_layer(stream, &layer.blob, &request.limits, &mut reader) {
            tree.diagnostics.extend(trust);
            return Some(LayerFiles::of(tree, reader));
        }
    }
    store.is_far().then(|| not_read(layer, size, &otherwise))
}

/// The same stream, decoded where it has a table of contents.
fn by_table<'a>(
    request: &Request<'_>,
    stream: Box<dyn Skip + 'a>,
    table: Option<Table>,
) -> io::Result<Box<dyn Skip + 'a>> {
    Ok(match table {
        Some(table) => Box::new(Seekable::new(stream, table, &request.limits)?),
        None => stream,
    })
}

/// Whoever writes a table can lead past files that it does not name.
fn trusted(layer: &Layer) -> Diagnostic {
    Diagnostic::of_run(
        Code::ImageTableTrusted,
        format!("layer `{}` was read as its table of contents leads", layer.blob),
    )
    .help("files that the table passes over would not be seen; a scan without `--quick` compares the two")
}

fn not_read(layer: &Layer, size: u64, why: &str) -> LayerFiles {
    let diagnostic = Diagnostic::of_run(
        Code::ImageLayerNotRead,
        format!(
            "layer `{}` is a compressed archive of `{size}` bytes in a registry, of which no part can \
             be read alone: {why}",
            layer.blob
        ),
    )
    .help("nothing of it was scanned; scan without `--quick`");
    let tree = LayerTree { diagnostics: vec![diagnostic], ..LayerTree::default() };
    LayerFiles { tree, files: BTreeMap::new(), kept: BTreeMap::new() }
}

fn file(request: &Request<'_>, path: &SourcePath, parts: &dyn ReadAt, size: u64) -> LayerFiles {
    if (request.exclude)(path) {
        return LayerFiles::of_file(path, size, None, None);
    }
    let extractors: Vec<&'static dyn Extractor> = extract::all().collect();
    let report =
        driver::read_file(path, size, parts, &extractors, &options(request), &request.limits);
    let file = ScannedFile::of(path.clone(), report);
    LayerFiles::of_file(path, size, Some(file), None)
}
