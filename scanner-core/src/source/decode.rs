//! A compressed stream and its digests: of the bytes that come in and of those that come out.
//!
//! gzip (several members in a row are one stream, RFC 1952 section 2.2), zstd (several frames, and
//! skippable ones between them, RFC 8878 section 3.1) and uncompressed. Nothing of the output is kept.
//! What stands behind the last member of gzip and begins no other is passed over, as `gzip` does;
//! what stands behind the last frame of zstd is an error, as it is to `zstd`.

#[cfg(test)]
mod tests;

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use zstd::zstd_safe::zstd_sys::ZSTD_ErrorCode;
use zstd::zstd_safe::{self, DCtx, DParameter, InBuffer, OutBuffer};

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

/// More was asked for than a limit allows.
#[derive(Debug, thiserror::Error)]
#[error("{what} (`limits.{limit}`)")]
pub struct PastLimit {
    what: String,
    /// The field of [`Limits`].
    pub limit: &'static str,
}

impl PastLimit {
    fn error(limit: &'static str, what: String) -> io::Error {
        io::Error::other(Self { what, limit })
    }

    /// `read` bytes became more than `ratio` times as many.
    pub(super) fn bomb(read: u64, ratio: u64) -> io::Error {
        let what = format!("`{read}` bytes became more than `{ratio}` times as many");
        Self::error("expansion_ratio", what)
    }

    /// The limit that an error of a [`Decoder`] is about.
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

/// Decodes a stream.
pub struct Decoder<R> {
    inner: Inner<R>,
    /// `None` for a raw stream, whose digest is that of its blob.
    hasher: Option<Sha256>,
    decoded_bytes: u64,
    ratio: u64,
}

#[expect(clippy::large_enum_variant, reason = "there is one for each layer that is being read")]
enum Inner<R> {
    Raw(Hashing<R>),
    Gzip(Members<BufReader<Hashing<R>>>),
    Zstd(Frames<BufReader<Hashing<R>>>),
}

impl<R: Read> Decoder<R> {
    /// Reads `stream`, which is compressed as `encoding` says.
    ///
    /// # Errors
    /// When the memory for decoding cannot be had.
    pub fn new(stream: R, encoding: Encoding, limits: &Limits) -> io::Result<Self> {
        let hashing = Hashing { inner: stream, hasher: Sha256::new(), bytes: 0 };
        let buffered = |hashing| BufReader::with_capacity(INPUT_BYTES, hashing);
        let inner = match encoding {
            Encoding::Raw => Inner::Raw(hashing),
            Encoding::Gzip => Inner::Gzip(Members::new(buffered(hashing))),
            Encoding::Zstd => Inner::Zstd(Frames::new(buffered(hashing), limits)?),
        };
        let hasher = (encoding != Encoding::Raw).then(Sha256::new);
        Ok(Self { inner, hasher, decoded_bytes: 0, ratio: limits.expansion_ratio })
    }

    /// Reads the rest of the stream and says what it was.
    ///
    /// # Errors
    /// When the stream fails, is damaged, or expands beyond the limit.
    pub fn finish(mut self) -> io::Result<Measured> {
        let mut buffer = vec![0; INPUT_BYTES];
        while self.read(&mut buffer)? > 0 {}
        let mut hashing = match self.inner {
            Inner::Raw(hashing) => hashing,
            Inner::Gzip(members) => members.decoder.into_inner().into_inner(),
            Inner::Zstd(frames) => frames.inner.into_inner(),
        };
        while hashing.read(&mut buffer)? > 0 {}
        let digest = |hasher: Sha256| Digest::new(Algorithm::Sha256, hasher.finalize().into());
        let blob = digest(hashing.hasher);
        Ok(Measured {
            blob,
            blob_bytes: hashing.bytes,
            decoded: self.hasher.map_or(blob, digest),
            decoded_bytes: self.decoded_bytes,
        })
    }

    /// A bomb: more came out of it than anything honest holds.
    fn check_ratio(&self) -> io::Result<()> {
        let read = match &self.inner {
            Inner::Raw(_) => return Ok(()),
            Inner::Gzip(members) => members.decoder.get_ref().get_ref().bytes,
            Inner::Zstd(frames) => frames.inner.get_ref().bytes,
        };
        if is_bomb(self.decoded_bytes, read, self.ratio) {
            return Err(PastLimit::bomb(read, self.ratio));
        }
        Ok(())
    }
}

/// Whether `stored` bytes that become `bytes` go beyond `ratio`, the limit of expansion. What is
/// small all the same is no bomb.
pub(super) const fn is_bomb(bytes: u64, stored: u64, ratio: u64) -> bool {
    bytes > FREE_BYTES && bytes / if ratio == 0 { 1 } else { ratio } > stored
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.inner {
            Inner::Raw(hashing) => hashing.read(buffer),
            Inner::Gzip(members) => members.read(buffer),
            Inner::Zstd(frames) => frames.read(buffer),
        }?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&buffer[..count]);
        }
        self.decoded_bytes += count as u64;
        self.check_ratio()?;
        Ok(count)
    }
}

/// The members of a gzip stream.
struct Members<R> {
    decoder: MultiGzDecoder<R>,
    /// Whether the first header was one.
    has_begun: bool,
    is_over: bool,
}

impl<R: BufRead> Members<R> {
    fn new(inner: R) -> Self {
        let decoder = MultiGzDecoder::new(inner);
        Self { has_begun: decoder.header().is_some(), decoder, is_over: false }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_over {
            return Ok(0);
        }
        let read = self.decoder.read(buffer);
        let is_no_header = |error: &io::Error| {
            matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof)
                && self.decoder.header().is_none()
        };
        match read {
            // What stands behind a member and has no header is no member.
            Err(error) if self.has_begun && is_no_header(&error) => {
                self.is_over = true;
                Ok(0)
            }
            read => read,
        }
    }
}

/// The frames of a zstd stream.
struct Frames<R> {
    inner: R,
    context: DCtx<'static>,
    /// Whether the last frame is whole.
    is_whole: bool,
}

impl<R: BufRead> Frames<R> {
    fn new(inner: R, limits: &Limits) -> io::Result<Self> {
        Ok(Self { inner, context: zstd_context(limits)?, is_whole: true })
    }
}

/// What decodes frames of zstd within the limits.
pub(super) fn zstd_context(limits: &Limits) -> io::Result<DCtx<'static>> {
    let mut context = DCtx::create();
    let window = limits.zstd_window_bytes.max(1 << 10).ilog2();
    context.set_parameter(DParameter::WindowLogMax(window)).map_err(zstd_error)?;
    Ok(context)
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let there = self.inner.fill_buf()?;
            let is_over = there.is_empty();
            if is_over && self.is_whole {
                return Ok(0);
            }
            let mut input = InBuffer::around(there);
            let mut output = OutBuffer::around(&mut *buffer);
            let wanted = self.context.decompress_stream(&mut output, &mut input);
            let (read, written) = (input.pos, output.pos());
            self.inner.consume(read);
            self.is_whole = wanted.map_err(zstd_error)? == 0;
            if written > 0 || buffer.is_empty() {
                return Ok(written);
            }
            if is_over && !self.is_whole {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "the stream ends within a frame of zstd",
                ));
            }
        }
    }
}

pub(super) fn zstd_error(code: usize) -> io::Error {
    let name = zstd_safe::get_error_name(code);
    // The library gives codes as negative numbers.
    let window = ZSTD_ErrorCode::ZSTD_error_frameParameter_windowTooLarge as usize;
    if code == window.wrapping_neg() {
        return PastLimit::error("zstd_window_bytes", name.to_lowercase());
    }
    io::Error::new(io::ErrorKind::InvalidData, name.to_lowercase())
}

/// Digests what is read through it.
struct Hashing<R> {
    inner: R,
    hasher: Sha256,
    bytes: u64,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }
}
