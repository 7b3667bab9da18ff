//! An image on a stream that cannot seek: blobs are read as they come, the manifest where it stands.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read};

use super::archive::clean_name;
use super::entry::Entrance;
use super::layer::{LayerTree, NodeKind, broken};
use crate::model::{Code, Diagnostic, Limits, SourcePath};
use crate::source::decode::{Decoder, Encoding, Measured};
use crate::source::tar::{self, EntryKind, TarEntry, TarReader};

/// One read of the stream.
const STREAM_BYTES: usize = 128 << 10;
/// Documents that are kept until the manifest says which of them count.
const KEPT_BYTES: usize = 64 << 20;
/// Bytes of a file that decide whether it is a layer: gzip needs no more for a block of tar, zstd
/// gives nothing before a whole block of its own, which has up to 128 KiB.
const HEAD_BYTES: [(Encoding, u64); 3] =
    [(Encoding::Raw, 512), (Encoding::Gzip, 64 << 10), (Encoding::Zstd, 192 << 10)];

/// Receives what is on the stream.
pub trait Blobs {
    /// Reads the layer with this name.
    fn layer(&mut self, name: &str, stream: &mut dyn Read);

    /// Reads another file of the archive: a document, a raw blob, or a file of a plain archive.
    ///
    /// Its node is at `index` in the tree of the archive.
    ///
    /// # Errors
    /// Those of `content`.
    fn file(
        &mut self,
        index: usize,
        path: &SourcePath,
        size: u64,
        content: &mut dyn Read,
    ) -> io::Result<()>;
}

/// What an archive has beside its layers.
#[derive(Debug, Default)]
pub struct Streamed {
    /// Small files by name: among them the documents of an image.
    pub documents: BTreeMap<String, Vec<u8>>,
    /// Other names of blobs.
    pub links: BTreeMap<String, String>,
    /// The archive itself as one layer.
    pub tree: LayerTree,
}

impl Streamed {
    /// Whether the archive has a file with this name.
    pub fn has(&self, name: &str) -> bool {
        self.tree.nodes.iter().any(|node| node.path.as_str() == name)
    }

    /// The index of the node of a file, and its size in bytes.
    pub fn file(&self, name: &str) -> Option<(usize, u64)> {
        let mut nodes = self.tree.nodes.iter().enumerate();
        nodes.find_map(|(index, node)| match node.kind {
            NodeKind::File(size) if node.path.as_str() == name => Some((index, size)),
            _ => None,
        })
    }

    /// Notes another name of a file.
    fn link(&mut self, name: String, entry: &TarEntry) {
        let target = String::from_utf8_lossy(&entry.link).into_owned();
        let target = match (entry.kind, SourcePath::new(&name).parent().join(&target)) {
            (EntryKind::Symlink, Some(path)) => path.as_str().to_owned(),
            _ => clean_name(&target),
        };
        self.links.insert(name, target);
    }
}

/// Reads an archive from its start to its end. One that breaks off keeps what was read until then.
///
/// # Errors
/// When the stream does not begin as an archive.
pub fn read_stream(
    stream: impl Read,
    blobs: &mut dyn Blobs,
    limits: &Limits,
) -> io::Result<Streamed> {
    let mut streamed = Streamed::default();
    let mut entrance = Entrance::new(limits);
    match walk(stream, blobs, limits, &mut streamed, &mut entrance) {
        Ok(measured) => streamed.tree.measured = Some(measured),
        Err(error) if streamed.tree.nodes.is_empty() => return Err(error),
        Err(error) => streamed.tree.diagnostics.push(broken("the archive", &error)),
    }
    streamed.tree.diagnostics.extend(entrance.diagnostics("the archive"));
    Ok(streamed)
}

/// Whether a file is an archive, compressed or not.
pub fn is_archive(mut file: impl Read, limits: &Limits) -> bool {
    head(&mut file).is_ok_and(|head| is_layer(&head, limits))
}

fn walk(
    stream: impl Read,
    blobs: &mut dyn Blobs,
    limits: &Limits,
    streamed: &mut Streamed,
    entrance: &mut Entrance<'_>,
) -> io::Result<Measured> {
    let mut stream = BufReader::with_capacity(STREAM_BYTES, stream);
    let encoding = Encoding::of(stream.fill_buf()?);
    let decoder = Decoder::new(stream, encoding, limits)?;
    let mut tar = TarReader::new(BufReader::with_capacity(STREAM_BYTES, decoder));
    let mut kept_bytes = 0;
    while let Some(entry) = tar.next_entry()? {
        if streamed.tree.nodes.len() as u64 >= limits.entries {
            streamed.tree.diagnostics.push(
                Diagnostic::of_run(
                    Code::LimitReached,
                    format!("the archive has more than {} entries", limits.entries),
                )
                .help("entries after this one were not scanned; raise `limits.entries`"),
            );
            break;
        }
        let name = clean_name(&String::from_utf8_lossy(&entry.path));
        let entered = entrance.enter(&entry, &mut streamed.tree.nodes);
        if matches!(entry.kind, EntryKind::Symlink | EntryKind::HardLink) {
            streamed.link(name, &entry);
            continue;
        }
        let Some((index, path)) = entered else { continue };
        let mut content = tar.content();
        let head = head(&mut content)?;
        if is_layer(&head, limits) {
            blobs.layer(&name, &mut io::Cursor::new(head).chain(content));
            continue;
        }
        let may_keep = is_document(&name, &head)
            && entry.size <= limits.image_json_bytes
            && kept_bytes < KEPT_BYTES;
        if may_keep {
            let mut document = head;
            content.read_to_end(&mut document)?;
            kept_bytes += document.len();
            blobs.file(index, &path, entry.size, &mut document.as_slice())?;
            streamed.documents.insert(name, document);
        } else {
            blobs.file(index, &path, entry.size, &mut io::Cursor::new(head).chain(content))?;
        }
    }
    tar.into_inner().into_inner().finish()
}

/// As many bytes of a file as tell whether it is a layer.
fn head(content: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    for (encoding, bytes) in HEAD_BYTES {
        content.by_ref().take(bytes - head.len() as u64).read_to_end(&mut head)?;
        if Encoding::of(&head) == encoding {
            break;
        }
    }
    Ok(head)
}

/// A layer is a tar archive, compressed or not.
fn is_layer(head: &[u8], limits: &Limits) -> bool {
    let Ok(decoder) = Decoder::new(head, Encoding::of(head), limits) else { return false };
    let mut start = Vec::new();
    // The head of a compressed file breaks off.
    let _ = decoder.take(512).read_to_end(&mut start);
    tar::is_start(&start)
}

/// Documents are JSON; all known writers put them at the top or among the blobs.
fn is_document(name: &str, head: &[u8]) -> bool {
    matches!(head.first(), Some(b'{' | b'[')) && (!name.contains('/') || name.starts_with("blobs/"))
}
