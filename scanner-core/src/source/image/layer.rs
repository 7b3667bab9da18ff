//! One layer: what its tar says of the file system, and its files as they stream by.

use std::io::{self, BufReader, Read};

use crate::model::{Code, Diagnostic, Limits, Location, SourcePath};
use crate::source::decode::{Decoder, Encoding, Measured};
use crate::source::tar::{EntryKind, TarEntry, TarReader};

/// One read of decoded bytes: headers of small files come many at a time.
const DECODED_BYTES: usize = 64 << 10;

/// What a layer says of one path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// The path in the layer, in source form.
    pub path: Box<str>,
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
    HardLink(Box<str>),
    /// A device or a pipe.
    Special,
    /// What lower layers have at this path is deleted.
    Whiteout,
    /// What lower layers have below this folder is deleted.
    Opaque,
}

/// What one layer holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LayerTree {
    /// Its nodes in the order of the archive.
    pub nodes: Vec<Node>,
    /// Digests and sizes of the layer; `None` when it could not be read to its end.
    pub measured: Option<Measured>,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

impl LayerTree {
    /// Takes an entry into the tree; its path, if it has one there.
    pub(super) fn enter(&mut self, entry: &TarEntry) -> Option<SourcePath> {
        let Some(path) = clean(&entry.path) else {
            self.diagnostics.push(escapes(entry));
            return None;
        };
        if let EntryKind::Unknown(kind) = entry.kind {
            self.diagnostics.push(unknown(&path, kind));
            return None;
        }
        self.nodes.push(node(&path, entry)?);
        Some(path)
    }
}

/// Receives the files of a layer.
pub trait FileVisitor {
    /// A regular file; what it leaves of `content` is passed over.
    ///
    /// # Errors
    /// Those of `content`.
    fn file(&mut self, path: &SourcePath, size: u64, content: &mut dyn Read) -> io::Result<()>;
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
    let mut tree = LayerTree { nodes: Vec::new(), measured: None, diagnostics: Vec::new() };
    match walk(stream, limits, visitor, &mut tree) {
        Ok(measured) => tree.measured = Some(measured),
        Err(error) => tree.diagnostics.push(broken(name, &error)),
    }
    tree
}

/// Reads a layer whose blob is one file of `size` bytes, which stands at `path`.
pub fn read_file_layer(
    stream: impl Read,
    path: &SourcePath,
    size: u64,
    limits: &Limits,
    visitor: &mut dyn FileVisitor,
) -> LayerTree {
    let node = Node { path: path.as_str().into(), kind: NodeKind::File(size) };
    let mut tree = LayerTree { nodes: vec![node], measured: None, diagnostics: Vec::new() };
    let read = Decoder::new(stream, Encoding::Raw, limits).and_then(|mut decoder| {
        visitor.file(path, size, &mut decoder)?;
        decoder.finish()
    });
    match read {
        Ok(measured) => tree.measured = Some(measured),
        Err(error) => tree.diagnostics.push(broken(path.as_str(), &error)),
    }
    tree
}

fn walk(
    mut stream: impl Read,
    limits: &Limits,
    visitor: &mut dyn FileVisitor,
    tree: &mut LayerTree,
) -> io::Result<Measured> {
    let (head, filled) = head(&mut stream)?;
    let encoding = Encoding::of(&head[..filled]);
    let stream = io::Cursor::new(head).take(filled as u64).chain(stream);
    let decoder = Decoder::new(stream, encoding, limits)?;
    let mut tar = TarReader::new(BufReader::with_capacity(DECODED_BYTES, decoder));
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
        let Some(path) = tree.enter(&entry) else { continue };
        if entry.kind == EntryKind::File && !path.file_name().starts_with(".wh.") {
            visitor.file(&path, entry.size, &mut tar.content())?;
        }
    }
    // Whatever stands behind the archive counts for the digests.
    tar.into_inner().into_inner().finish()
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

fn node(path: &SourcePath, entry: &TarEntry) -> Option<Node> {
    let at = |path: &SourcePath, kind| Node { path: path.as_str().into(), kind };
    // Whiteouts: OCI image specification 1.1, layer.md, "Whiteouts".
    if let Some(name) = path.file_name().strip_prefix(".wh.") {
        let folder = path.parent();
        return match name {
            ".wh..opq" => Some(at(&folder, NodeKind::Opaque)),
            // Names that AUFS keeps for itself.
            _ if name.starts_with(".wh.") => None,
            "" => None,
            _ => {
                let deleted = SourcePath::new(&format!("{}/{name}", folder.as_str()));
                Some(at(&deleted, NodeKind::Whiteout))
            }
        };
    }
    let kind = match entry.kind {
        EntryKind::File => NodeKind::File(entry.size),
        EntryKind::Directory => NodeKind::Folder,
        EntryKind::Special | EntryKind::Unknown(_) => NodeKind::Special,
        EntryKind::Symlink => NodeKind::Symlink(link_target(&entry.link).into()),
        EntryKind::HardLink => NodeKind::HardLink(clean(&entry.link)?.as_str().into()),
    };
    Some(at(path, kind))
}

/// The path of an entry in source form; `None` when it climbs out of the file system.
fn clean(raw: &[u8]) -> Option<SourcePath> {
    let mut path = SourcePath::new("");
    for part in raw.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => return None,
            name => path = path.child(name),
        }
    }
    Some(path)
}

/// The target of a link with its components in the characters of a source path; `..` and a `/` at
/// the start stay.
fn link_target(raw: &[u8]) -> String {
    let mut target = String::new();
    for (index, part) in raw.split(|byte| *byte == b'/').enumerate() {
        if index > 0 {
            target.push('/');
        }
        if !part.is_empty() {
            target.push_str(SourcePath::new("").child(part).as_str());
        }
    }
    target
}

fn escapes(entry: &TarEntry) -> Diagnostic {
    let shown = String::from_utf8_lossy(&entry.path).chars().take(200).collect::<String>();
    Diagnostic::of_run(
        Code::ImagePathEscapes,
        format!("an entry of a layer has the path `{shown}`, which leads out of the image"),
    )
    .help("no program that unpacks the layer safely creates it; it was not scanned")
}

fn unknown(path: &SourcePath, kind: u8) -> Diagnostic {
    Diagnostic::new(
        Code::SourceEntrySkipped,
        Location::scanned(path),
        format!("it is an entry of type `{}`, which tar does not define", kind.escape_ascii()),
    )
    .help("it was not taken into the file system; nothing was scanned here")
}

fn broken(name: &str, error: &io::Error) -> Diagnostic {
    let code = if error.kind() == io::ErrorKind::FileTooLarge {
        Code::LimitReached
    } else {
        Code::ImageLayerBroken
    };
    let diagnostic = Diagnostic::of_run(code, format!("layer `{name}` breaks off: {error}"));
    match code {
        Code::LimitReached => diagnostic.help(
            "what was read until then is reported; raise `limits.expansion_ratio` if the layer is \
             honest",
        ),
        _ => diagnostic.help("what was read until then is reported; pull or build the image again"),
    }
}
