//! Reads an archive that comes as a stream: an image, whose manifest may stand last, or plain files.

use std::collections::BTreeMap;
use std::io::{self, Read};

use super::image::{self, FileReader, ImageFiles, LayerFiles};
use super::{Request, ScanError};
use crate::model::SourcePath;
use crate::source::image::{
    Blobs, FileVisitor as _, Image, Layer, Name, Payload, PlatformChoice, Streamed, folders,
    has_image, payloads, read_stream, resolve,
};

/// What was on the stream.
pub(super) struct Contents {
    /// The images that are meant; none for a plain archive.
    pub(super) images: Vec<Image>,
    /// Their files.
    pub(super) files: ImageFiles,
}

/// Reads `stream` to its end.
pub(super) fn read(
    request: &Request<'_>,
    stream: &mut dyn Read,
    name: Option<&str>,
    choice: &PlatformChoice,
) -> Result<Contents, ScanError> {
    let mut blobs = Layers { request, layers: BTreeMap::new(), outer: FileReader::new(request) };
    let streamed = read_stream(stream, &mut blobs, &request.limits).map_err(ScanError::Stream)?;
    if has_image(&|name| streamed.documents.get(name).cloned()) {
        of_image(request, blobs, &streamed, name, choice)
    } else {
        let plain = Image { layers: vec![Layer::unnamed()], ..Image::default() };
        let layer = LayerFiles::of(streamed.tree, blobs.outer);
        let files = image::put_together(request, &plain, vec![layer], None);
        Ok(Contents { images: Vec::new(), files: files.without_layers() })
    }
}

fn of_image(
    request: &Request<'_>,
    mut blobs: Layers<'_>,
    streamed: &Streamed,
    name: Option<&str>,
    choice: &PlatformChoice,
) -> Result<Contents, ScanError> {
    let document = |name: &str| Ok(streamed.documents.get(name).cloned());
    let (images, mut diagnostics) = resolve(&document, Name::only(name), choice, &request.limits)?;
    diagnostics.extend(streamed.tree.diagnostics.iter().cloned());
    let mut files = ImageFiles::default();
    for (image, folder) in images.iter().zip(folders(&images)) {
        let payloads = payloads(image.name(), &image.layers);
        let layers = image.layers.iter().zip(&payloads);
        let layers = layers.map(|(layer, payload)| blobs.take(streamed, layer, payload)).collect();
        let mut read = image::put_together(request, image, layers, None);
        read.files.extend(image::artifact_config(request, image, &document));
        files.add(read, folder.as_deref());
    }
    files.diagnostics.append(&mut diagnostics);
    Ok(Contents { images, files })
}

struct Layers<'a> {
    request: &'a Request<'a>,
    layers: BTreeMap<String, LayerFiles>,
    outer: FileReader<'a>,
}

impl Layers<'_> {
    fn take(&mut self, streamed: &Streamed, layer: &Layer, payload: &Payload) -> LayerFiles {
        let name = streamed.links.get(&layer.blob).unwrap_or(&layer.blob);
        match (payload, self.layers.get(name)) {
            // Two platforms, or two places of one image, may share a layer.
            (Payload::Archive, Some(found)) => found.clone(),
            (Payload::File(path), None) if streamed.has(name) => {
                let (index, size) = streamed.file(name).unwrap_or_default();
                let (files, kept) = (&mut self.outer.files, &mut self.outer.kept);
                LayerFiles::of_file(path, size, files.remove(&index), kept.remove(&index))
            }
            _ if streamed.has(name) => {
                LayerFiles::missing(layer, &io::Error::other("it is no tar archive"))
            }
            _ => LayerFiles::missing(layer, &io::ErrorKind::NotFound.into()),
        }
    }
}

impl Blobs for Layers<'_> {
    fn layer(&mut self, name: &str, stream: &mut dyn Read) {
        let read = image::read_one(self.request, stream, name);
        self.layers.insert(name.to_owned(), read);
    }

    fn file(
        &mut self,
        index: usize,
        path: &SourcePath,
        size: u64,
        content: &mut dyn Read,
    ) -> io::Result<()> {
        self.outer.file(index, path, size, content)
    }
}
