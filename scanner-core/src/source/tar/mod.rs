//! Entries of a tar stream, in order, without seeking and without unpacking.
//!
//! ```text
//! block = 512 bytes: name 100 | mode uid gid 24 | size 12 | mtime 12 | checksum 8 | type 1 | link 100
//!                    | "ustar" 8 | owner group device 80 | prefix 155 (GNU: sparse map, real size)
//! entry = block, then size bytes, padded to 512; two zero blocks end the archive
//! ```
//! Long names and large sizes come before an entry: GNU `L` and `K`, PAX `x` (POSIX.1-2017, pax,
//! "ustar Interchange Format"). Holes of sparse files (GNU `S`, PAX `GNU.sparse.*` 0.0, 0.1 and 1.0)
//! are given as zeros. Where programs disagree on what an archive holds, this reader sides with Go's
//! `archive/tar`, by which images are unpacked, or refuses: records for all entries (`g`) must not
//! rename or resize them, and no entry stands behind a block of zeros.
//!
//! The crate `tar` is not used: it keeps names of any length in memory, and where it leaves that to
//! its user it cannot honour a size in a PAX record, so that no file above 8 GiB written by a Go
//! program could be passed over.

mod extension;
mod header;
mod sparse;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, Read};

use self::extension::Extensions;
use self::header::Header;
use self::sparse::Holes;

/// Bytes of one block.
pub const BLOCK: usize = 512;
/// Bytes of all names and records before one entry; Linux paths end at 4 KiB.
const EXTENSION_BYTES: u64 = 1 << 20;

/// What an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// Another name of an entry before it, or of a lower layer.
    HardLink,
    /// A device or a pipe.
    Special,
    /// A type that no specification at hand knows.
    Unknown(u8),
}

/// An entry of the archive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TarEntry {
    /// Its path as it stands there: raw bytes, maybe absolute, maybe with `..`.
    pub path: Vec<u8>,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes of its content with holes filled; 0 for what is no file.
    pub size: u64,
    /// Bytes of its content that are stored.
    pub stored: u64,
    /// Where a link leads, raw bytes.
    pub link: Vec<u8>,
    /// Where its stored content starts in the stream.
    pub offset: u64,
    /// Whether its content is stored in one piece, without holes.
    pub is_contiguous: bool,
}

/// Reads the entries of a tar stream.
pub struct TarReader<R> {
    inner: R,
    position: u64,
    /// Stored bytes of the current entry that were not read yet, and the padding behind them.
    stored: u64,
    padding: u64,
    /// The holes of the current entry.
    holes: Option<Holes>,
    /// Bytes of the current entry's content that were not given yet.
    left: u64,
    is_over: bool,
}

/// Whether a stream that begins with `head` can be an archive: a header with a right checksum.
pub fn is_start(head: &[u8]) -> bool {
    let block = head.first_chunk::<BLOCK>();
    block.is_some_and(|block| !is_blank(block) && Header::parse(*block).is_ok())
}

impl<R: BufRead> TarReader<R> {
    /// Reads from the start of an archive.
    pub fn new(inner: R) -> Self {
        Self { inner, position: 0, stored: 0, padding: 0, holes: None, left: 0, is_over: false }
    }

    /// The stream behind the archive.
    pub fn into_inner(self) -> R {
        self.inner
    }

    /// How many bytes of the stream were read.
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// The next entry; `None` at the end of the archive. What is left of the last one is passed over.
    ///
    /// # Errors
    /// When the stream fails or ends early, when a header is wrong, or when names and records before
    /// one entry take more than 1 MiB.
    pub fn next_entry(&mut self) -> io::Result<Option<TarEntry>> {
        self.pass_over()?;
        let mut own = Extensions::default();
        while !self.is_over {
            let Some(header) = self.header()? else {
                return if own == Extensions::default() { Ok(None) } else { Err(cut_short()) };
            };
            self.stored = header.size()?;
            match header.kind_byte() {
                b'L' => own.long_path = Some(terminated(self.extension(&own)?)),
                b'K' => own.link = Some(terminated(self.extension(&own)?)),
                b'x' => {
                    let records = self.extension(&own)?;
                    own.read_records(&records)?;
                }
                b'g' => {
                    let records = self.extension(&own)?;
                    let mut global = Extensions::default();
                    global.read_records(&records)?;
                    if global != Extensions::default() {
                        return Err(invalid("the archive names or sizes all of its entries alike"));
                    }
                }
                _ => return self.entry(&header, own).map(Some),
            }
        }
        Ok(None)
    }

    fn entry(&mut self, header: &Header, own: Extensions) -> io::Result<TarEntry> {
        let (mut kind, is_stored) = header.kind();
        // Links may state the size of their target; nothing of it is stored.
        self.stored = if is_stored { own.size.unwrap_or(self.stored) } else { 0 };
        self.padding = padding(self.stored);
        self.holes = match kind {
            EntryKind::File if header.kind_byte() == b'S' => Some(self.old_sparse(header)?),
            EntryKind::File if own.is_sparse() => Some(self.pax_sparse(&own)?),
            _ => None,
        };
        self.left = self.holes.as_ref().map_or(self.stored, Holes::size);
        let named = own.long_path.or(own.sparse_name).or(own.path);
        let path = named.unwrap_or_else(|| header.path());
        // To historic programs a name that ends with `/` is that of a directory.
        if header.kind_byte() == 0 && path.ends_with(b"/") {
            kind = EntryKind::Directory;
        }
        Ok(TarEntry {
            path,
            kind,
            size: if kind == EntryKind::File { self.left } else { 0 },
            stored: self.stored,
            link: own.link.unwrap_or_else(|| header.link()),
            offset: self.position,
            is_contiguous: self.holes.is_none(),
        })
    }

    /// The content of the current entry, holes filled with zeros.
    pub fn content(&mut self) -> Content<'_, R> {
        Content(self)
    }

    /// Passes over what is left of the content of the current entry with `skip`.
    ///
    /// # Errors
    /// Those of `skip`.
    pub fn skip(&mut self, skip: impl FnOnce(&mut R, u64) -> io::Result<()>) -> io::Result<()> {
        let stored = std::mem::take(&mut self.stored);
        self.position = self.position.saturating_add(stored);
        self.left = 0;
        self.holes = None;
        if stored == 0 { Ok(()) } else { skip(&mut self.inner, stored) }
    }

    /// Passes over the rest of the current entry with `seek`, which jumps over that many bytes.
    ///
    /// # Errors
    /// Those of `seek`.
    pub fn jump(&mut self, seek: impl FnOnce(&mut R, u64) -> io::Result<()>) -> io::Result<()> {
        let rest = std::mem::take(&mut self.stored) + std::mem::take(&mut self.padding);
        self.position = self.position.saturating_add(rest);
        self.left = 0;
        self.holes = None;
        if rest == 0 { Ok(()) } else { seek(&mut self.inner, rest) }
    }

    fn header(&mut self) -> io::Result<Option<Header>> {
        let mut block = [0; BLOCK];
        let filled = self.fill(&mut block)?;
        self.is_over = filled == 0 || is_blank(&block);
        match filled {
            // Archives whose end was cut off at a block are read by every tool.
            0 => return Ok(None),
            BLOCK => {}
            _ => return Err(cut_short()),
        }
        if !self.is_over {
            return Header::parse(block).map(Some);
        }
        // Some programs go on behind one block of zeros; to others the archive is over.
        let filled = self.fill(&mut block)?;
        if is_blank(&block[..filled]) {
            Ok(None)
        } else {
            Err(invalid("a block of zeros stands between entries"))
        }
    }

    /// The whole content of an entry that describes the next one.
    fn extension(&mut self, so_far: &Extensions) -> io::Result<Vec<u8>> {
        if self.stored.saturating_add(so_far.bytes()) > EXTENSION_BYTES {
            return Err(invalid(format!(
                "names and records before one entry take `{}` bytes, more than `{EXTENSION_BYTES}`",
                self.stored
            )));
        }
        self.padding = padding(self.stored);
        self.left = self.stored;
        let mut bytes = Vec::new();
        self.content().read_to_end(&mut bytes)?;
        self.pass_over()?;
        Ok(bytes)
    }

    fn old_sparse(&mut self, header: &Header) -> io::Result<Holes> {
        let mut holes = Holes::default();
        let mut more = header.sparse_map(&mut holes)?;
        while more {
            let mut block = [0; BLOCK];
            if self.fill(&mut block)? < BLOCK {
                return Err(cut_short());
            }
            more = sparse::read_extended(&block, &mut holes)?;
        }
        holes.finish(header.real_size()?, self.stored)
    }

    fn pax_sparse(&mut self, own: &Extensions) -> io::Result<Holes> {
        let mut holes = Holes::default();
        match own.sparse_version() {
            (0, 0 | 1) => {
                for (start, bytes) in &own.sparse_map {
                    holes.push(*start, *bytes)?;
                }
            }
            // The map stands before the data, padded to a block.
            (1, 0) => {
                let before = self.position;
                let stored = self.stored;
                sparse::read_map(&mut self.inner, &mut self.position, stored, &mut holes)?;
                self.stored = stored.saturating_sub(self.position - before);
            }
            (major, minor) => {
                return Err(invalid(format!("`{major}.{minor}` is no version of sparse files")));
            }
        }
        holes.finish(own.sparse_size.unwrap_or(self.stored), self.stored)
    }

    /// Reads what the last entry has left.
    fn pass_over(&mut self) -> io::Result<()> {
        self.holes = None;
        self.left = 0;
        let stored = std::mem::take(&mut self.stored);
        if self.drop_bytes(stored)? < stored {
            return Err(cut_short());
        }
        // Whether the last block is whole makes no difference to anybody.
        let padding = std::mem::take(&mut self.padding);
        self.drop_bytes(padding)?;
        Ok(())
    }

    /// Reads up to `wanted` bytes that nobody needs.
    fn drop_bytes(&mut self, wanted: u64) -> io::Result<u64> {
        let mut dropped = 0;
        while dropped < wanted {
            let there = match self.inner.fill_buf() {
                Ok([]) => break,
                Ok(bytes) => bytes.len(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let count = usize::try_from(wanted - dropped).map_or(there, |rest| rest.min(there));
            self.inner.consume(count);
            dropped += count as u64;
        }
        self.position += dropped;
        Ok(dropped)
    }

    /// Fills the buffer as far as the stream goes.
    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.inner.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.position += filled as u64;
        Ok(filled)
    }

    fn stored_bytes(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.stored).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        let count = self.inner.read(&mut buffer[..wanted])?;
        if count == 0 {
            return Err(cut_short());
        }
        self.position += count as u64;
        self.stored -= count as u64;
        Ok(count)
    }
}

/// The content of one entry.
pub struct Content<'a, R>(&'a mut TarReader<R>);

impl<R: BufRead> Read for Content<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let tar = &mut *self.0;
        let wanted = buffer.len().min(usize::try_from(tar.left).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        let buffer = &mut buffer[..wanted];
        let count = match &mut tar.holes {
            None => tar.stored_bytes(buffer)?,
            Some(holes) => {
                let part = holes.next_part();
                let wanted = buffer.len().min(usize::try_from(part.bytes()).unwrap_or(usize::MAX));
                let count = if part.is_hole() {
                    buffer[..wanted].fill(0);
                    wanted
                } else {
                    tar.stored_bytes(&mut buffer[..wanted])?
                };
                if let Some(holes) = &mut tar.holes {
                    holes.advance(count as u64);
                }
                count
            }
        };
        tar.left -= count as u64;
        Ok(count)
    }
}

/// A name ends at its first zero byte.
fn terminated(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(end) = bytes.iter().position(|byte| *byte == 0) {
        bytes.truncate(end);
    }
    bytes
}

fn is_blank(block: &[u8]) -> bool {
    block.iter().all(|byte| *byte == 0)
}

const fn padding(bytes: u64) -> u64 {
    (BLOCK as u64 - bytes % BLOCK as u64) % BLOCK as u64
}

fn invalid(message: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.into())
}

fn cut_short() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the archive ends within an entry")
}
