//! Files whose name a link says: what they are can be in the link's name alone (`LICENSE` →
//! `apache.txt`, `model.onnx` → `blobs/<digest>`), and the link is known when the layer has passed.

use std::collections::BTreeMap;
use std::io::{self, Read};

use rayon::prelude::*;

use super::{FileReader, LayerFiles};
use crate::assemble::ScannedFile;
use crate::engine::{Request, cache};
use crate::extract::{self, Extractor, Probe, weights};
use crate::model::{Code, Diagnostic, SourcePath};
use crate::source::image::{FileVisitor, Image, Node, Shown, Store, read_layer};

/// Names by layer and node.
pub(super) type Renamed = BTreeMap<usize, BTreeMap<usize, Vec<SourcePath>>>;

/// Shown files that an extractor may want under the name that a link gives them, and that it did not
/// get under their own.
pub(super) fn renamed(shown: &[&Shown], layers: &[LayerFiles], nodes: &[&[Node]]) -> Renamed {
    let extractors: Vec<&'static dyn Extractor> = extract::all().collect();
    let mut renamed = Renamed::new();
    for shown in shown {
        let (layer, node) = (shown.stored.layer, shown.stored.node);
        let own = &nodes[layer][node].path;
        if shown.path == *own || layers[layer].kept.contains_key(&node) {
            continue;
        }
        let read = layers[layer].files.get(&node);
        let got = |id: &str| read.is_some_and(|file| file.extractors().contains(&id));
        let is_read_as_weights = weights::ALL.iter().any(|extractor| got(extractor.id()));
        // Extractors that look into the file too cannot be asked without it.
        let probe = Probe::new(&shown.path, shown.size, &[]);
        let by_name = extractors.iter().any(|it| it.wants(&probe) && !got(it.id()));
        let by_weights = !is_read_as_weights && weights::is_weight_name(shown.path.file_name());
        if by_name || by_weights {
            let names = renamed.entry(layer).or_default().entry(node).or_default();
            names.push(shown.path.clone());
        }
    }
    renamed
}

/// Reads the layers of `renamed` once more, for these files alone.
pub(super) fn read_again(
    request: &Request<'_>,
    store: &dyn Store,
    image: &Image,
    renamed: &Renamed,
) -> BTreeMap<SourcePath, ScannedFile> {
    let of_layer = |(layer, names): (&usize, &BTreeMap<usize, Vec<SourcePath>>)| {
        let layer = &image.layers[*layer];
        let each = |(node, names): (&usize, &Vec<SourcePath>)| -> Vec<(usize, SourcePath)> {
            names.iter().map(|name| (*node, name.clone())).collect()
        };
        cache::again(request, layer, names.iter().flat_map(each), || {
            let mut again = Again { reader: FileReader::new(request), names, files: Vec::new() };
            // Whatever is wrong with the layer was said when it was read first.
            if let Ok(stream) = store.open(&layer.blob) {
                read_layer(stream, &layer.blob, &request.limits, &mut again);
            }
            again.files
        })
    };
    let renamed: Vec<_> = renamed.iter().collect();
    renamed.into_par_iter().flat_map_iter(of_layer).collect()
}

/// What is said where layers cannot be read twice.
pub(super) fn unread(renamed: &Renamed) -> Option<Diagnostic> {
    let mut names = renamed.values().flat_map(BTreeMap::values).flatten();
    let first = names.next()?;
    let more = match names.count() {
        0 => String::new(),
        count => format!("; so are `{count}` more"),
    };
    let message = format!(
        "`{first}` is a link to a file of another name, whose content passed before it was known{more}"
    );
    Some(
        Diagnostic::of_run(Code::ImageLinkUnread, message)
            .help("save the image to a file, uncompressed, and scan that: a stream passes once"),
    )
}

struct Again<'a> {
    reader: FileReader<'a>,
    names: &'a BTreeMap<usize, Vec<SourcePath>>,
    files: Vec<(SourcePath, ScannedFile)>,
}

impl FileVisitor for Again<'_> {
    fn file(
        &mut self,
        index: usize,
        _: &SourcePath,
        size: u64,
        content: &mut dyn Read,
    ) -> io::Result<()> {
        // Several names of one file are rare enough for the first to speak for those that follow.
        let Some((first, others)) = self.names.get(&index).and_then(|it| it.split_first()) else {
            return Ok(());
        };
        self.reader.read(index, first, size, content)?;
        if let Some(file) = self.reader.files.remove(&index) {
            let same = |other: &&SourcePath| other.file_name() == first.file_name();
            let others = others.iter().filter(same).map(|it| (it.clone(), file.clone()));
            self.files.extend(others);
            self.files.push((first.clone(), file));
        }
        Ok(())
    }
}
