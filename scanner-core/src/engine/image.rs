//! Reads the layers of an image, each once, and puts together what a container sees.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Request, cache, quick, read, table};
use crate::assemble::ScannedFile;
use crate::extract::cards::oci_model;
use crate::extract::{self, Extractor, HEAD_BYTES, Need, Probe, driver};
use crate::model::{Code, Diagnostic, Digest, HiddenFile, ScannedImage, SourcePath};
use crate::source::ReadAt;
use crate::source::image::{
    Documents, FileVisitor, Image, Layer, LayerTree, Node, NodeKind, Payload, Shown, Squashed,
    Store, Stored, payloads, read_file_layer, read_layer, small_document, squash,
};

/// One read of a file in a layer.
const READ_BYTES: usize = 1 << 20;
/// Small files of one layer that are kept until the links to them are known.
const KEPT_BYTES: u64 = 16 << 20;

mod relink;

/// The files that an image shows, and those that it only carries.
#[derive(Default)]
pub(super) struct ImageFiles {
    /// Sorted by path.
    pub(super) files: Vec<ScannedFile>,
    /// Files that a lower layer carries and the image does not show, by layer and path.
    pub(super) hidden: Vec<ScannedFile>,
    /// What could not be read.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl ImageFiles {
    /// Adds the files of an image, below `folder`.
    pub(super) fn add(&mut self, mut other: Self, folder: Option<&str>) {
        self.diagnostics.append(&mut other.diagnostics);
        let place = |file: ScannedFile| match folder {
            Some(folder) => {
                let path = SourcePath::new(&format!("{folder}/{}", file.path.as_str()));
                let path = path.in_layer_of(&file.path);
                file.moved_to(&path)
            }
            None => file,
        };
        self.files.extend(other.files.into_iter().map(place));
        self.hidden.extend(other.hidden.into_iter().map(place));
        self.files.sort_by(|left, right| left.path.cmp(&right.path));
    }

    /// The same files as those of a plain archive, which has no layers.
    pub(super) fn without_layers(mut self) -> Self {
        let place = |file: ScannedFile| {
            let path = file.path.clone().in_layer(None);
            file.moved_to(&path)
        };
        self.files = self.files.into_iter().map(place).collect();
        self.hidden.clear();
        self
    }
}

/// What reading one layer gave.
#[derive(Clone, Debug)]
pub(crate) struct LayerFiles {
    pub(crate) tree: LayerTree,
    /// Files that an extractor wanted, by their node in the tree.
    pub(crate) files: BTreeMap<usize, ScannedFile>,
    /// Small files whose name is a digest, whole.
    pub(crate) kept: BTreeMap<usize, Arc<[u8]>>,
}

impl LayerFiles {
    /// A layer that is one file at `path`, which was read under the name of its blob.
    pub(super) fn of_file(
        path: &SourcePath,
        size: u64,
        file: Option<ScannedFile>,
        kept: Option<Arc<[u8]>>,
    ) -> Self {
        let node = Node { path: path.clone(), kind: NodeKind::File(size) };
        Self {
            tree: LayerTree { nodes: vec![node], ..LayerTree::default() },
            files: file.map(|file| (0, file)).into_iter().collect(),
            kept: kept.map(|bytes| (0, bytes)).into_iter().collect(),
        }
    }

    /// A layer that could not be opened.
    pub(super) fn missing(layer: &Layer, error: &io::Error) -> Self {
        let Layer { blob, media_type, .. } = layer;
        let diagnostic = if error.kind() == io::ErrorKind::NotFound && layer.is_foreign() {
            Diagnostic::of_run(
                Code::ImageLayerForeign,
                format!("layer `{blob}` is not distributed with the image (`{media_type}`)"),
            )
            .help("nothing of it was scanned; scan what it brings where it comes from")
        } else {
            Diagnostic::of_run(
                Code::ImageLayerBroken,
                format!("layer `{blob}` cannot be opened: {error}"),
            )
            .help("nothing of it was read; pull or build the image again")
        };
        let tree = LayerTree { diagnostics: vec![diagnostic], ..LayerTree::default() };
        Self { tree, files: BTreeMap::new(), kept: BTreeMap::new() }
    }

    pub(super) fn of(tree: LayerTree, reader: FileReader<'_>) -> Self {
        Self { tree, files: reader.files, kept: reader.kept }
    }

    /// The file of this node, as one at `path` with `size` bytes.
    fn file(&self, request: &Request<'_>, node: usize, path: SourcePath, size: u64) -> ScannedFile {
        if let Some(bytes) = self.kept.get(&node) {
            return from_memory(request, path, bytes);
        }
        match self.files.get(&node) {
            Some(file) => file.clone().moved_to(&path),
            None => ScannedFile::unread(path, size),
        }
    }
}

/// Reads a file that was kept.
fn from_memory(request: &Request<'_>, path: SourcePath, bytes: &Arc<[u8]>) -> ScannedFile {
    let extractors: Vec<&'static dyn Extractor> = extract::all().collect();
    let size = bytes.len() as u64;
    let reader = InMemory(bytes);
    let report = driver::read_file(
        &path,
        size,
        &reader,
        &extractors,
        &read::options(request),
        &request.limits,
    );
    ScannedFile::of(path, report)
}

struct InMemory<'a>(&'a [u8]);

impl ReadAt for InMemory<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let start = usize::try_from(offset).map_or(self.0.len(), |at| at.min(self.0.len()));
        let count = buffer.len().min(self.0.len() - start);
        buffer[..count].copy_from_slice(&self.0[start..start + count]);
        Ok(count)
    }
}

/// Reads every layer of `image` from `store`, in parallel.
pub(super) fn read(request: &Request<'_>, store: &dyn Store, image: &Image) -> ImageFiles {
    let bytes = image.layers.iter().filter_map(|layer| store.size(&layer.blob)).sum();
    request.progress.found(bytes);
    let payloads = payloads(image.name(), &image.layers);
    let mut order: Vec<(usize, (&Layer, &Payload))> =
        image.layers.iter().zip(&payloads).enumerate().collect();
    // A late large layer would keep one thread busy alone.
    order.sort_by_key(|(_, (layer, _))| std::cmp::Reverse(store.size(&layer.blob)));
    let mut read: Vec<(usize, LayerFiles)> = order
        .par_iter()
        .map(|(at, (layer, payload))| (*at, known_or_read(request, store, layer, payload)))
        .collect();
    read.sort_by_key(|(at, _)| *at);
    let layers = read.into_iter().map(|(_, layer)| layer).collect();
    // What a quick scan fetches of a layer is not all of it, so nothing of it can be read again.
    let is_partial = request.depth == driver::Depth::Headers && store.is_far();
    let again = (!is_partial).then_some(store);
    let mut files = put_together(request, image, layers, again);
    let document = |name: &str| small_document(store, name, &request.limits);
    files.files.extend(artifact_config(request, image, &document));
    files
}

/// What the cache has of a layer, asked before a byte of it is fetched, else what reading it gives.
fn known_or_read(
    request: &Request<'_>,
    store: &dyn Store,
    layer: &Layer,
    payload: &Payload,
) -> LayerFiles {
    let (kept, damage) = cache::load(request, layer, payload);
    let is_full = request.depth == driver::Depth::Full;
    let doubt =
        |nodes: &[Node]| is_full.then(|| table::compared(request, store, layer, nodes)).flatten();
    if let Some(mut kept) = kept {
        // Nothing of a known layer is fetched.
        if !store.is_far() {
            let doubt = doubt(&kept.tree.nodes);
            kept.tree.diagnostics.extend(doubt);
        }
        let size = store.size(&layer.blob).or(layer.size).unwrap_or_default();
        request.progress.passed(&SourcePath::new(&layer.blob), size);
        return kept;
    }
    let mut read = of_layer(request, store, layer, payload);
    match read.tree.measured.and_then(|_| doubt(&read.tree.nodes)) {
        // What is doubtful is not kept: the next scan has to say it too.
        Some(doubt) => read.tree.diagnostics.push(doubt),
        None => cache::store(request, layer, payload, &read),
    }
    read.tree.diagnostics.extend(damage);
    read
}

fn of_layer(
    request: &Request<'_>,
    store: &dyn Store,
    layer: &Layer,
    payload: &Payload,
) -> LayerFiles {
    let size = store.size(&layer.blob).or(layer.size).unwrap_or_default();
    if request.depth == driver::Depth::Headers
        && let Some(read) = quick::layer(request, store, layer, payload, size)
    {
        return read;
    }
    let blob = SourcePath::new(&layer.blob);
    let stream = match store.open(&layer.blob) {
        Ok(stream) => Counted { inner: stream, path: &blob, request },
        Err(error) => return LayerFiles::missing(layer, &error),
    };
    match payload {
        Payload::Archive => read_one(request, stream, &layer.blob),
        Payload::File(path) => {
            let mut reader = FileReader::new(request);
            let tree = read_file_layer(stream, path, size, &request.limits, &mut reader);
            LayerFiles::of(tree, reader)
        }
    }
}

/// What the publisher of a model artifact says of it, as a file among the others.
pub(super) fn artifact_config(
    request: &Request<'_>,
    image: &Image,
    document: &Documents<'_>,
) -> Option<ScannedFile> {
    let describes_a_model =
        ["vnd.cncf.model", "vnd.kitops"].iter().any(|it| image.config_media_type.contains(it));
    let name = image.config_blob.as_deref().filter(|_| describes_a_model)?;
    let bytes: Arc<[u8]> = document(name).ok().flatten()?.into();
    Some(from_memory(request, SourcePath::new(oci_model::FILE_NAME), &bytes))
}

/// Reads one layer from its stream.
pub(super) fn read_one(request: &Request<'_>, stream: impl Read, name: &str) -> LayerFiles {
    let mut reader = FileReader::new(request);
    let tree = read_layer(stream, name, &request.limits, &mut reader);
    LayerFiles::of(tree, reader)
}

/// Reads the files of layers as they stream by.
pub(super) struct FileReader<'a> {
    request: &'a Request<'a>,
    extractors: Vec<&'static dyn Extractor>,
    buffer: Vec<u8>,
    pub(super) files: BTreeMap<usize, ScannedFile>,
    /// Small files whose name is a digest: what they are is in the names of links to them.
    pub(super) kept: BTreeMap<usize, Arc<[u8]>>,
    kept_bytes: u64,
}

impl<'a> FileReader<'a> {
    pub(super) fn new(request: &'a Request<'a>) -> Self {
        Self {
            request,
            extractors: extract::all().collect(),
            buffer: Vec::new(),
            files: BTreeMap::new(),
            kept: BTreeMap::new(),
            kept_bytes: 0,
        }
    }

    /// Whether a file is kept whole until the links to it are known.
    fn keeps(&self, path: &SourcePath, size: u64) -> bool {
        let limit = self.request.limits.card_bytes;
        is_digest(path.file_name()) && size <= limit && self.kept_bytes + size <= KEPT_BYTES
    }

    /// Reads a file as one at `path`.
    fn read(
        &mut self,
        index: usize,
        path: &SourcePath,
        size: u64,
        content: &mut dyn Read,
    ) -> io::Result<()> {
        let filled = self.fill(content, HEAD_BYTES)?;
        let options = read::options(self.request);
        let probe = Probe::new(path, size, &self.buffer[..filled]);
        let Some(mut tee) =
            driver::Tee::begin(&probe, &self.extractors, &options, &self.request.limits)
        else {
            return Ok(());
        };
        let mut need = tee.feed(&self.buffer[..filled]);
        let mut failure = None;
        // A stream cannot jump: what nobody needs is read and dropped by whoever walks the archive.
        while need != Need::Done {
            match self.fill(content, READ_BYTES) {
                Ok(0) => break,
                Ok(count) => need = tee.feed(&self.buffer[..count]),
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        let report = tee.finish();
        let file = ScannedFile::of(path.clone(), report);
        self.files.insert(index, file);
        failure.map_or(Ok(()), Err)
    }

    /// Fills the first `wanted` bytes of the buffer as far as the content goes.
    fn fill(&mut self, content: &mut dyn Read, wanted: usize) -> io::Result<usize> {
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        let mut filled = 0;
        while filled < wanted {
            match content.read(&mut self.buffer[filled..wanted]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

/// Whether a file is named as caches name their blobs: by a SHA-1 or SHA-256.
fn is_digest(name: &str) -> bool {
    matches!(name.len(), 40 | 64) && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl FileVisitor for FileReader<'_> {
    fn file(
        &mut self,
        index: usize,
        path: &SourcePath,
        size: u64,
        content: &mut dyn Read,
    ) -> io::Result<()> {
        if (self.request.exclude)(path) {
            return Ok(());
        }
        if self.keeps(path, size) {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes)?;
            self.kept_bytes += bytes.len() as u64;
            self.kept.insert(index, bytes.into());
            return Ok(());
        }
        self.read(index, path, size, content)
    }
}

/// Checks the digests, and lays the layers on top of each other. What a link names differently is
/// read again from `store`.
pub(super) fn put_together(
    request: &Request<'_>,
    image: &Image,
    mut layers: Vec<LayerFiles>,
    store: Option<&dyn Store>,
) -> ImageFiles {
    let mut found = ImageFiles::default();
    let mut diff_ids = Vec::new();
    for (stated, read) in image.layers.iter().zip(&mut layers) {
        found.diagnostics.append(&mut read.tree.diagnostics);
        let measured = read.tree.measured;
        found.diagnostics.extend(measured.and_then(|it| mismatch(stated, it.blob, it.decoded)));
        diff_ids.push(measured.map(|it| it.decoded).or(stated.diff_id).map(Arc::new));
    }
    let nodes: Vec<_> = layers.iter().map(|layer| layer.tree.nodes.as_slice()).collect();
    let Squashed { files, hidden, diagnostics } = squash(&nodes, &request.limits);
    found.diagnostics.extend(diagnostics);
    let place = |shown: &Shown| {
        let path = shown.path.clone().in_layer(diff_ids.get(shown.stored.layer).cloned().flatten());
        layers[shown.stored.layer].file(request, shown.stored.node, path, shown.size)
    };
    let is_wanted = |shown: &&Shown| !(request.exclude)(&shown.path);
    // A blob of a cache stands under the names that links give it, not under its own.
    let own_path = |stored: Stored| &nodes[stored.layer][stored.node].path;
    let linked: BTreeSet<Stored> =
        files.iter().filter(|it| it.path != *own_path(it.stored)).map(|it| it.stored).collect();
    let is_named = |shown: &&Shown| {
        is_digest(shown.path.file_name())
            && shown.path.parent().file_name() == "blobs"
            && linked.contains(&shown.stored)
    };
    let shown: Vec<&Shown> = files.iter().filter(is_wanted).filter(|it| !is_named(it)).collect();
    let renamed = relink::renamed(&shown, &layers, &nodes);
    let mut again = match store {
        Some(store) => relink::read_again(request, store, image, &renamed),
        None => {
            found.diagnostics.extend(relink::unread(&renamed));
            BTreeMap::new()
        }
    };
    found.files = shown.into_par_iter().map(place).collect();
    for file in &mut found.files {
        if let Some(read) = again.remove(&file.path) {
            *file = read.moved_to(&file.path.clone());
        }
    }
    found.hidden = hidden.iter().filter(is_wanted).map(place).collect();
    found.diagnostics.extend(specials(&nodes));
    found
}

/// Device nodes and pipes are nothing to scan; what is in the way of a file must be said.
fn specials(layers: &[&[Node]]) -> Option<Diagnostic> {
    let nodes = layers.iter().flat_map(|nodes| nodes.iter());
    let count = nodes.filter(|node| node.kind == NodeKind::Special).count();
    (count > 0).then(|| {
        Diagnostic::of_run(
            Code::SourceEntrySkipped,
            format!("the layers have {count} devices or pipes"),
        )
        .help("they have no content to scan")
    })
}

fn mismatch(stated: &Layer, blob: Digest, decoded: Digest) -> Option<Diagnostic> {
    let (what, stated_digest, is) = match (stated.digest, stated.diff_id) {
        (Some(digest), _) if digest != blob => ("blob", digest, blob),
        (_, Some(diff_id)) if diff_id != decoded => ("decoded layer", diff_id, decoded),
        _ => return None,
    };
    Some(
        Diagnostic::of_run(
            Code::ImageDigestMismatch,
            format!(
                "the {what} of `{}` is stated to be `{stated_digest}` and is `{is}`",
                stated.blob
            ),
        )
        .help("it was scanned as it is; pull or build the image again"),
    )
}

/// Tells how far a layer has been read.
struct Counted<'a, R> {
    inner: R,
    path: &'a SourcePath,
    request: &'a Request<'a>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.request.progress.passed(self.path, count as u64);
        Ok(count)
    }
}

/// What the documents say of an image.
pub(super) fn described(image: &Image) -> ScannedImage {
    ScannedImage {
        names: image.names.clone(),
        manifest: image.manifest,
        config: image.config,
        platform: image.platform.as_ref().map(ToString::to_string),
        labels: image.labels.clone(),
        layers: image.layers.iter().map(|layer| (layer.diff_id, layer.digest)).collect(),
        attachments: image.attachments.clone(),
    }
}

/// What the documents say of a file that the image does not show.
pub(super) fn hidden(file: &ScannedFile) -> HiddenFile {
    HiddenFile {
        path: file.path.clone(),
        size: file.size,
        sha256: file.sha256,
        is_weights: file
            .extractors()
            .iter()
            .any(|id| extract::weights::ALL.iter().any(|extractor| extractor.id() == *id)),
    }
}

/// A file that the image does not show, at a path that no shown file has.
pub(super) fn below_its_layer(file: ScannedFile) -> ScannedFile {
    let layer = file.path.layer();
    let folder = layer.map_or_else(|| "unknown".to_owned(), |digest| digest.hex());
    let path = SourcePath::new(&format!("layers/{folder}/{}", file.path.as_str()));
    let path = path.in_layer_of(&file.path);
    file.moved_to(&path)
}
