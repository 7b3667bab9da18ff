//! A compressed stream and its digests: of the bytes that come in and of those that come out.
//!
//! gzip (several members in a row are one stream, RFC 1952 section 2.2), zstd (several frames, and
//! skippable ones between them, RFC 8878 section 3.1) and uncompressed. Nothing of the output is kept.

use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use crate::model::{Algorithm, Digest, Limits};

/// One read of compressed bytes.
const INPUT_BYTES: usize = 128 << 10;
/// A stream that is short when decoded is no bomb, whatever its ratio.
const FREE_BYTES: u64 = 64 << 20;

/// How a stream is compressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// It is not.
    Raw,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Encoding {
    /// By the first bytes of the stream; what a media type says of it is only a claim.
    pub const fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            // A skippable frame: 0x184D2A50 to 0x184D2A5F, little-endian.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            _ => Self::Raw,
        }
    }
}

/// What a stream was, when it was read to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measured {
    /// SHA-256 of the bytes as they came.
    pub blob: Digest,
    /// How many those were.
    pub blob_bytes: u64,
    /// SHA-256 of the decoded bytes.
    pub decoded: Digest,
    /// How many those were.
    pub decoded_bytes: u64,
}

/// Decodes a stream.
pub struct Decoder<R: Read> {
    inner: Inner<R>,
    /// `None` for a raw stream, whose digest is that of its blob.
    hasher: Option<Sha256>,
    read_bytes: Arc<AtomicU64>,
    decoded_bytes: u64,
    ratio: u64,
}

enum Inner<R: Read> {
    Raw(Hashing<R>),
    Gzip(MultiGzDecoder<BufReader<Hashing<R>>>),
    Zstd(zstd::Decoder<'static, BufReader<Hashing<R>>>),
}

impl<R: Read> Decoder<R> {
    /// Reads `stream`, which is compressed as `encoding` says.
    ///
    /// # Errors
    /// When the memory for decoding cannot be had.
    pub fn new(stream: R, encoding: Encoding, limits: &Limits) -> io::Result<Self> {
        let read_bytes = Arc::new(AtomicU64::new(0));
        let hashing =
            Hashing { inner: stream, hasher: Sha256::new(), bytes: Arc::clone(&read_bytes) };
        let buffered = |hashing| BufReader::with_capacity(INPUT_BYTES, hashing);
        let inner = match encoding {
            Encoding::Raw => Inner::Raw(hashing),
            Encoding::Gzip => Inner::Gzip(MultiGzDecoder::new(buffered(hashing))),
            Encoding::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(buffered(hashing))?;
                decoder.window_log_max(limits.zstd_window_bytes.max(1 << 10).ilog2())?;
                Inner::Zstd(decoder)
            }
        };
        Ok(Self {
            hasher: (encoding != Encoding::Raw).then(Sha256::new),
            inner,
            read_bytes,
            decoded_bytes: 0,
            ratio: limits.expansion_ratio,
        })
    }

    /// Reads the rest of the stream and says what it was. What stands behind the last member or
    /// frame counts for the digest of the blob only.
    ///
    /// # Errors
    /// When the stream fails, is damaged, or expands beyond the limit.
    pub fn finish(mut self) -> io::Result<Measured> {
        let mut buffer = vec![0; INPUT_BYTES];
        while self.read(&mut buffer)? > 0 {}
        let mut hashing = match self.inner {
            Inner::Raw(hashing) => hashing,
            Inner::Gzip(decoder) => decoder.into_inner().into_inner(),
            Inner::Zstd(decoder) => decoder.finish().into_inner(),
        };
        while hashing.read(&mut buffer)? > 0 {}
        let digest = |hasher: Sha256| Digest::new(Algorithm::Sha256, hasher.finalize().into());
        let blob = digest(hashing.hasher);
        Ok(Measured {
            blob,
            blob_bytes: self.read_bytes.load(Ordering::Relaxed),
            decoded: self.hasher.map_or(blob, digest),
            decoded_bytes: self.decoded_bytes,
        })
    }

    /// A bomb: more came out of it than anything honest holds.
    fn check_ratio(&self) -> io::Result<()> {
        let read = self.read_bytes.load(Ordering::Relaxed);
        if self.decoded_bytes > FREE_BYTES
            && self.decoded_bytes / self.ratio.max(1) > read
            && self.hasher.is_some()
        {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!(
                    "`{read}` compressed bytes became more than `{}` bytes, over {} for one",
                    self.decoded_bytes, self.ratio
                ),
            ));
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.inner {
            Inner::Raw(hashing) => hashing.read(buffer),
            Inner::Gzip(decoder) => decoder.read(buffer),
            Inner::Zstd(decoder) => decoder.read(buffer),
        }?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&buffer[..count]);
        }
        self.decoded_bytes += count as u64;
        self.check_ratio()?;
        Ok(count)
    }
}

/// Digests what is read through it.
struct Hashing<R> {
    inner: R,
    hasher: Sha256,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
