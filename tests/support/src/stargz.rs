//! Writes layers as eStargz (`docs/estargz.md` of containerd's stargz-snapshotter), by its words.

use std::io;

use serde_json::{Value, json};

use crate::image::{gzip, sha256};
use crate::tar::Header;

const BLOCK: usize = 512;
/// The annotation that states the digest of the table of contents.
pub const TABLE_DIGEST: &str = "containerd.io/snapshot/stargz/toc.digest";

/// A layer with a table of contents.
#[derive(Clone, Debug)]
pub struct Stargz {
    /// The compressed layer.
    pub blob: Vec<u8>,
    /// The layer decoded.
    pub tar: Vec<u8>,
    /// What [`TABLE_DIGEST`] states.
    pub digest: String,
}

impl Stargz {
    /// A layer with these files, cut into chunks of so many bytes; `change` makes the table another one.
    ///
    /// # Errors
    /// None that memory does not give.
    pub fn of(
        files: &[(&str, &[u8])],
        chunk_bytes: usize,
        change: impl FnOnce(&mut Value),
    ) -> io::Result<Self> {
        let mut writer = Members::default();
        let mut entries = Vec::new();
        for (path, content) in files {
            writer.add(&Header::new(b'0', path.as_bytes(), content.len() as u64).block());
            for (number, chunk) in content.chunks(chunk_bytes).enumerate() {
                writer.end()?;
                let (at, offset) = (number * chunk_bytes, writer.blob.len());
                entries.push(if number == 0 {
                    json!({"type": "reg", "name": path, "size": content.len(), "offset": offset})
                } else {
                    json!({"type": "chunk", "name": path, "offset": offset, "chunkOffset": at,
                        "chunkSize": chunk.len()})
                });
                writer.add(chunk);
            }
            if content.is_empty() {
                entries.push(json!({"type": "reg", "name": path}));
            }
            writer.pad(content.len());
        }
        writer.end()?;
        let mut table = json!({"version": 1, "entries": entries});
        change(&mut table);
        let table = table.to_string().into_bytes();
        let place = writer.blob.len();
        writer.add(&Header::new(b'0', b"stargz.index.json", table.len() as u64).block());
        writer.add(&table);
        writer.pad(table.len());
        writer.add(&[0; 2 * BLOCK]);
        writer.end()?;
        writer.blob.extend(footer(place));
        let digest = format!("sha256:{}", sha256(&table));
        Ok(Self { blob: writer.blob, tar: writer.tar, digest })
    }
}

/// Members of gzip, one after the other.
#[derive(Default)]
struct Members {
    blob: Vec<u8>,
    tar: Vec<u8>,
    /// What the current member holds.
    current: Vec<u8>,
}

impl Members {
    fn add(&mut self, bytes: &[u8]) {
        self.tar.extend_from_slice(bytes);
        self.current.extend_from_slice(bytes);
    }

    fn pad(&mut self, bytes: usize) {
        self.add(&vec![0; bytes.next_multiple_of(BLOCK) - bytes]);
    }

    fn end(&mut self) -> io::Result<()> {
        if !self.current.is_empty() {
            self.blob.extend(gzip(&std::mem::take(&mut self.current))?);
        }
        Ok(())
    }
}

/// An empty member whose extra field says where the table is, in 51 bytes: RFC 1952 for the head, and a
/// stored block of no bytes, which is the last one.
fn footer(place: usize) -> Vec<u8> {
    let head = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 26, 0];
    let extra = format!("SG\x16\x00{place:016x}STARGZ");
    [&head[..], extra.as_bytes(), &[1, 0, 0, 0xff, 0xff], &[0; 8]].concat()
}
