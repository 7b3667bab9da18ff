//! An image on a stream that cannot seek: blobs are read as they come, the manifest where it stands.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};

use super::archive::clean_name;
use super::layer::LayerTree;
use crate::model::{Limits, SourcePath};
use crate::source::decode::{Decoder, Encoding};
use crate::source::tar::{EntryKind, TarReader};

/// One read of the stream.
const STREAM_BYTES: usize = 128 << 10;
/// Documents that are kept until the manifest says which of them count.
const KEPT_BYTES: usize = 256 << 20;
/// Where the magic of a tar header ends.
const TAR_HEAD_BYTES: usize = 262;

/// Receives what is on the stream.
pub trait Blobs {
    /// Reads the layer with this name.
    fn layer(&mut self, name: &str, stream: &mut dyn Read);

    /// Reads another file of the archive: a document, a raw blob, or a file of a plain archive.
    ///
    /// # Errors
    /// Those of `content`.
    fn file(&mut self, path: &SourcePath, size: u64, content: &mut dyn Read) -> io::Result<()>;
}

/// What an archive has beside its layers.
#[derive(Debug)]
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
        self.tree.nodes.iter().any(|node| &*node.path == name)
    }
}

/// Reads an archive from its start to its end.
///
/// # Errors
/// When the stream fails or is no tar archive. What came before was given to `blobs`.
pub fn read_stream(
    stream: impl Read,
    blobs: &mut dyn Blobs,
    limits: &Limits,
) -> io::Result<Streamed> {
    let mut stream = BufReader::with_capacity(STREAM_BYTES, stream);
    let encoding = Encoding::of(peek(&mut stream)?);
    let decoder = Decoder::new(stream, encoding, limits)?;
    let mut tar = TarReader::new(BufReader::with_capacity(STREAM_BYTES, decoder));
    let tree = LayerTree { nodes: Vec::new(), measured: None, diagnostics: Vec::new() };
    let mut streamed = Streamed { documents: BTreeMap::new(), links: BTreeMap::new(), tree };
    let mut kept_bytes = 0;
    while let Some(entry) = tar.next_entry()? {
        if streamed.tree.nodes.len() as u64 >= limits.entries {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("it has more than `{}` entries (`limits.entries`)", limits.entries),
            ));
        }
        let name = clean_name(&String::from_utf8_lossy(&entry.path));
        let Some(path) = streamed.tree.enter(&entry) else { continue };
        match entry.kind {
            EntryKind::File => {}
            EntryKind::Symlink | EntryKind::HardLink => {
                let target = String::from_utf8_lossy(&entry.link).into_owned();
                let target = match (entry.kind, SourcePath::new(&name).parent().join(&target)) {
                    (EntryKind::Symlink, Some(path)) => path.as_str().to_owned(),
                    _ => clean_name(&target),
                };
                streamed.links.insert(name, target);
                continue;
            }
            _ => continue,
        }
        let mut head = Vec::new();
        let mut content = tar.content();
        (&mut content).take(TAR_HEAD_BYTES as u64).read_to_end(&mut head)?;
        if is_layer(&head) {
            blobs.layer(&name, &mut io::Cursor::new(head).chain(content));
            continue;
        }
        let may_keep = entry.size <= limits.image_json_bytes && kept_bytes < KEPT_BYTES;
        if may_keep && matches!(head.first(), Some(b'{' | b'[')) {
            content.read_to_end(&mut head)?;
            kept_bytes += head.len();
            blobs.file(&path, entry.size, &mut head.as_slice())?;
            streamed.documents.insert(name, head);
        } else {
            blobs.file(&path, entry.size, &mut io::Cursor::new(head).chain(content))?;
        }
    }
    streamed.tree.measured = Some(tar.into_inner().into_inner().finish()?);
    Ok(streamed)
}

fn peek(stream: &mut BufReader<impl Read>) -> io::Result<&[u8]> {
    use io::BufRead as _;
    stream.fill_buf()
}

/// Documents are JSON; everything compressed, and every tar, is taken for a layer.
fn is_layer(head: &[u8]) -> bool {
    Encoding::of(head) != Encoding::Raw || head.get(257..262) == Some(b"ustar")
}
