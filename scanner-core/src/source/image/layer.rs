//! One layer: what its tar says of the file system, and its files as they stream by.

#[cfg(test)]
mod tests;

use std::io::{self, BufRead, BufReader, Read};

use super::entry::Entrance;
use crate::model::{Code, Diagnostic, Limits, SourcePath};
use crate::source::Skip;
use crate::source::decode::{Decoder, Encoding, Measured, PastLimit};
use crate::source::tar::{self, TarReader};

/// One read of decoded bytes: headers of small files come many at a time.
const DECODED_BYTES: usize = 64 << 10;

/// Compressions that others use for layers, by their first bytes.
const OTHER_COMPRESSIONS: &[(&str, &[u8])] =
    &[("bzip2", b"BZh"), ("lz4", &[0x04, 0x22, 0x4d, 0x18]), ("xz", &[0xfd, b'7', b'z', b'X'])];

/// What a layer says of one path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// The path in the layer.
    pub path: SourcePath,
    /// What is there.
    pub kind: NodeKind,
}

/// What is at a path of a layer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NodeKind {
    /// A regular file of this many bytes.
    File(u64),
    /// A directory.
    Folder,
    /// A symbolic link to this target, in the characters of a source path.
    Symlink(Box<str>),
    /// Another name of the file at this path, in this layer or a lower one.
    HardLink(SourcePath),
    /// A device or a pipe.
    Special,
    /// What lower layers have at this path is deleted.
    Whiteout,
    /// What lower layers have below this folder is deleted.
    Opaque,
}

/// What one layer holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LayerTree {
    /// Its nodes in the order of the archive.
    pub nodes: Vec<Node>,
    /// Digests and sizes of the layer; `None` when it could not be read to its end.
    pub measured: Option<Measured>,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Receives the files of a layer.
pub trait FileVisitor {
    /// A regular file, whose node is at `index` in the tree; what it leaves of `content` is passed
    /// over. A path can come several times.
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

/// Reads one layer. A layer that breaks off keeps what was read until then.
///
/// `name` is what diagnostics call the layer.
pub fn read_layer(
    stream: impl Read,
    name: &str,
    limits: &Limits,
    visitor: &mut dyn FileVisitor,
) -> LayerTree {
    let mut tree = LayerTree::default();
    let mut entrance = Entrance::new(limits);
    match walk(stream, limits, visitor, &mut tree, &mut entrance) {
        Ok(measured) => tree.measured = Some(measured),
        Err(Failure::Unsupported(why)) => tree.diagnostics.push(unsupported(name, &why)),
        Err(Failure::Broken(error)) => {
            tree.diagnostics.push(broken(&format!("layer `{name}`"), &error));
        }
    }
    tree.diagnostics.extend(entrance.diagnostics(&format!("layer `{name}`")));
    tree
}

/// Reads one layer that is not compressed, without what nobody wants of it, so that its digests are not
/// known. `None` when it is compressed, or nothing that this reader knows.
pub fn skim_layer(
    stream: impl Skip,
    name: &str,
    limits: &Limits,
    visitor: &mut dyn FileVisitor,
) -> Option<LayerTree> {
    let stream = Begun::of(stream).ok()?;
    if !tar::is_start(&stream.head) {
        return None;
    }
    let stream = BufReader::with_capacity(DECODED_BYTES, stream);
    let mut tree = LayerTree::default();
    let mut entrance = Entrance::new(limits);
    let mut archive = TarReader::new(stream);
    let pass = |archive: &mut TarReader<_>| archive.skip(skip);
    let done = entries(&mut archive, limits, visitor, &mut tree, &mut entrance, pass);
    if let Err(error) = done {
        tree.diagnostics.push(broken(&format!("layer `{name}`"), &error));
    }
    tree.diagnostics.extend(entrance.diagnostics(&format!("layer `{name}`")));
    Some(tree)
}

/// A stream whose first block is known.
struct Begun<S> {
    head: Vec<u8>,
    /// How much of the head was given.
    given: usize,
    rest: S,
}

impl<S: Skip> Begun<S> {
    fn of(mut stream: S) -> io::Result<Self> {
        let mut head = Vec::with_capacity(tar::BLOCK);
        stream.by_ref().take(tar::BLOCK as u64).read_to_end(&mut head)?;
        Ok(Self { head, given: 0, rest: stream })
    }
}

impl<S: Skip> Read for Begun<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.head.len() {
            return self.rest.read(buffer);
        }
        let count = (&self.head[self.given..]).read(buffer)?;
        self.given += count;
        Ok(count)
    }
}

impl<S: Skip> Skip for Begun<S> {
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let there = self.head.len() - self.given;
        let count = usize::try_from(bytes).map_or(there, |bytes| bytes.min(there));
        self.given += count;
        self.rest.skip(bytes - count as u64)
    }
}

/// Passes over bytes, as far as they are there in the buffer.
pub(super) fn skip(stream: &mut BufReader<impl Skip>, bytes: u64) -> io::Result<()> {
    let there = stream.buffer().len();
    let count = usize::try_from(bytes).map_or(there, |bytes| bytes.min(there));
    stream.consume(count);
    match bytes - count as u64 {
        0 => Ok(()),
        left => stream.get_mut().skip(left),
    }
}

/// Reads a layer whose blob is one file of `size` bytes, which stands at `path`.
pub fn read_file_layer(
    stream: impl Read,
    path: &SourcePath,
    size: u64,
    limits: &Limits,
    visitor: &mut dyn FileVisitor,
) -> LayerTree {
    let node = Node { path: path.clone(), kind: NodeKind::File(size) };
    let mut tree = LayerTree { nodes: vec![node], ..LayerTree::default() };
    let read = Decoder::new(stream, Encoding::Raw, limits).and_then(|mut decoder| {
        visitor.file(0, path, size, &mut decoder)?;
        decoder.finish()
    });
    match read {
        Ok(measured) => tree.measured = Some(measured),
        Err(error) => tree.diagnostics.push(broken(path.as_str(), &error)),
    }
    tree
}

/// Why a layer was not read to its end.
enum Failure {
    /// It breaks off.
    Broken(io::Error),
    /// It is none that this reader knows.
    Unsupported(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

fn walk(
    mut stream: impl Read,
    limits: &Limits,
    visitor: &mut dyn FileVisitor,
    tree: &mut LayerTree,
    entrance: &mut Entrance<'_>,
) -> Result<Measured, Failure> {
    let (head, filled) = head(&mut stream)?;
    let encoding = Encoding::of(&head[..filled]);
    if let Some((other, _)) = OTHER_COMPRESSIONS.iter().find(|(_, magic)| head.starts_with(magic)) {
        return Err(Failure::Unsupported(format!("it is compressed with {other}")));
    }
    let stream = io::Cursor::new(head).take(filled as u64).chain(stream);
    let decoder = Decoder::new(stream, encoding, limits)?;
    let mut tar = TarReader::new(BufReader::with_capacity(DECODED_BYTES, decoder));
    match entries(&mut tar, limits, visitor, tree, entrance, |_| Ok(())) {
        Err(error) if tree.nodes.is_empty() && error.kind() == io::ErrorKind::InvalidData => {
            return Err(Failure::Unsupported(format!("it is no tar archive: {error}")));
        }
        read => read?,
    }
    // Whatever stands behind the archive counts for the digests.
    Ok(tar.into_inner().into_inner().finish()?)
}

/// Reads the entries of an archive; `pass` goes past what the visitor leaves of a file.
fn entries<R: BufRead>(
    tar: &mut TarReader<R>,
    limits: &Limits,
    visitor: &mut dyn FileVisitor,
    tree: &mut LayerTree,
    entrance: &mut Entrance<'_>,
    pass: impl Fn(&mut TarReader<R>) -> io::Result<()>,
) -> io::Result<()> {
    while let Some(entry) = tar.next_entry()? {
        if tree.nodes.len() as u64 >= limits.entries {
            tree.diagnostics.push(
                Diagnostic::of_run(
                    Code::LimitReached,
                    format!("a layer has more than {} entries", limits.entries),
                )
                .help("entries after this one were not scanned; raise `limits.entries`"),
            );
            break;
        }
        if let Some((index, path)) = entrance.enter(&entry, &mut tree.nodes) {
            visitor.file(index, &path, entry.size, &mut tar.content())?;
        }
        pass(tar)?;
    }
    Ok(())
}

/// The first bytes of a stream, and how many there were.
fn head(stream: &mut impl Read) -> io::Result<([u8; 4], usize)> {
    let mut head = [0; 4];
    let mut filled = 0;
    while filled < head.len() {
        match stream.read(&mut head[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok((head, filled))
}

fn unsupported(name: &str, why: &str) -> Diagnostic {
    Diagnostic::of_run(
        Code::ImageLayerUnsupported,
        format!("layer `{name}` is none that this version reads: {why}"),
    )
    .help("nothing of it was scanned; layers are tar archives, plain or with gzip or zstd")
}

/// `what` is a layer or archive as messages call it.
pub(super) fn broken(what: &str, error: &io::Error) -> Diagnostic {
    let message = format!("{what} breaks off: {error}");
    match PastLimit::of(error) {
        Some(past) => Diagnostic::of_run(Code::LimitReached, message).help(format!(
            "what was read until then is reported; raise `limits.{}` if it is honest",
            past.limit
        )),
        None => Diagnostic::of_run(Code::ImageLayerBroken, message)
            .help("what was read until then is reported; pull or build the image again"),
    }
}
