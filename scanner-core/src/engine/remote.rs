//! Layers of which only headers are wanted, where every byte has to be fetched.

use std::collections::BTreeMap;

use super::Request;
use super::image::LayerFiles;
use super::read::options;
use crate::assemble::ScannedFile;
use crate::extract::{self, Extractor, driver};
use crate::model::{Code, Diagnostic, SourcePath};
use crate::source::ReadAt;
use crate::source::image::{Layer, LayerTree, Payload};

/// Reads of a layer what can be had without fetching all of it: the header of a file; of an archive
/// nothing, for its files stand one behind the other.
pub(super) fn layer(
    request: &Request<'_>,
    layer: &Layer,
    payload: &Payload,
    parts: &dyn ReadAt,
    size: u64,
) -> LayerFiles {
    request.progress.passed(&SourcePath::new(&layer.blob), size);
    match payload {
        Payload::Archive => not_read(layer, size),
        Payload::File(path) => file(request, path, parts, size),
    }
}

fn not_read(layer: &Layer, size: u64) -> LayerFiles {
    let diagnostic = Diagnostic::of_run(
        Code::ImageLayerNotRead,
        format!(
            "layer `{}` is an archive of `{size}` bytes in a registry, of which no part can be read \
             alone",
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
    let file = ScannedFile {
        path: path.clone(),
        size,
        sha256: report.sha256,
        sha512: report.sha512,
        extractors: report.extractors,
        extraction: report.extraction,
    };
    LayerFiles::of_file(path, size, Some(file), None)
}
