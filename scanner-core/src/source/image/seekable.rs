//! A compressed layer as a stream of decoded bytes that passes over the content of large files.
//!
//! Only a layer with a [`Table`] can be read so: wherever the content of a file begins, so does a member of
//! gzip or a frame of zstd, which needs nothing of what stands before.

#[cfg(test)]
mod tests;

use std::io::{self, BufRead, BufReader, Read};
use std::ops::Bound;

use flate2::bufread::GzDecoder;
use zstd::zstd_safe::{DCtx, InBuffer, OutBuffer, ResetDirective};

use super::layer::skip;
use super::table::{Chunk, Table};
use crate::model::Limits;
use crate::source::Skip;
use crate::source::decode::{Encoding, PastLimit, is_bomb, zstd_context, zstd_error};

/// One read of compressed bytes.
const INPUT_BYTES: usize = 64 << 10;

/// Decodes a layer, and jumps where its table allows it.
pub struct Seekable<S> {
    state: State<S>,
    zstd: DCtx<'static>,
    table: Table,
    /// Where in the decoded stream the next byte stands.
    position: u64,
    /// Where the content of the current file begins: in the decoded stream, and in the blob.
    content: Option<(u64, u64)>,
    /// How much was decoded, and of how much.
    decoded_bytes: u64,
    read_bytes: u64,
    ratio: u64,
}

/// Where in the blob the stream is.
enum State<S> {
    /// Between two members or frames.
    Between(Input<S>),
    /// Within a member of gzip.
    Gzip(Box<GzDecoder<Input<S>>>),
    /// Within a frame of zstd.
    Zstd(Input<S>),
    /// Nowhere: it failed.
    Failed,
}

impl<S: Skip> Seekable<S> {
    /// Reads the blob `stream`, which has `table`.
    ///
    /// # Errors
    /// When the memory for decoding cannot be had.
    pub fn new(stream: S, table: Table, limits: &Limits) -> io::Result<Self> {
        let inner = BufReader::with_capacity(INPUT_BYTES, stream);
        Ok(Self {
            state: State::Between(Input { inner, offset: 0 }),
            zstd: zstd_context(limits)?,
            table,
            position: 0,
            content: None,
            decoded_bytes: 0,
            read_bytes: 0,
            ratio: limits.expansion_ratio,
        })
    }

    /// Takes the stream out of whatever was being decoded.
    fn take_input(&mut self) -> io::Result<Input<S>> {
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Between(input) | State::Zstd(input) => Ok(input),
            State::Gzip(decoder) => Ok(decoder.into_inner()),
            State::Failed => Err(invalid("it could not be decoded before")),
        }
    }

    /// Begins the member or frame that stands next; `false` at the end.
    fn begin(&mut self) -> io::Result<bool> {
        let mut input = self.take_input()?;
        if input.fill_buf()?.is_empty() {
            self.state = State::Between(input);
            return Ok(false);
        }
        if self.table.files.contains_key(&input.offset) {
            self.content = Some((self.position, input.offset));
        }
        self.state = match self.table.encoding {
            Encoding::Zstd => {
                self.zstd.reset(ResetDirective::SessionOnly).map_err(zstd_error)?;
                State::Zstd(input)
            }
            Encoding::Gzip | Encoding::Raw => State::Gzip(Box::new(GzDecoder::new(input))),
        };
        Ok(true)
    }

    /// Decodes something of the current member or frame; `None` at its end.
    fn decode(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        match &mut self.state {
            State::Between(_) => Ok(None),
            State::Gzip(decoder) => {
                let before = decoder.get_ref().offset;
                let count = decoder.read(buffer)?;
                self.read_bytes += decoder.get_ref().offset - before;
                if count > 0 {
                    return Ok(Some(count));
                }
                self.state = State::Between(self.take_input()?);
                Ok(None)
            }
            State::Zstd(input) => {
                let there = input.fill_buf()?;
                if there.is_empty() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                let mut from = InBuffer::around(there);
                let mut to = OutBuffer::around(&mut *buffer);
                let wanted = self.zstd.decompress_stream(&mut to, &mut from);
                let (read, written) = (from.pos, to.pos());
                input.consume(read);
                self.read_bytes += read as u64;
                if wanted.map_err(zstd_error)? == 0 {
                    self.state = State::Between(self.take_input()?);
                }
                Ok((written > 0).then_some(written))
            }
            State::Failed => Err(invalid("it could not be decoded before")),
        }
    }

    /// The last place at or before `target` that is in the content of the current file, and ahead.
    fn ahead(&self, target: u64) -> Option<(u64, Chunk)> {
        let (start, offset) = self.content?;
        let chunks = self.table.files.get(&offset)?;
        let before = chunks.partition_point(|chunk| start.saturating_add(chunk.at) <= target);
        let chunk = *chunks.get(before.checked_sub(1)?)?;
        let position = start.saturating_add(chunk.at);
        (position > self.position).then_some((position, chunk))
    }

    fn jump(&mut self, position: u64, chunk: Chunk) -> io::Result<()> {
        let mut input = self.take_input()?;
        let first = self.content.map_or(0, |(_, offset)| offset);
        let between = (Bound::Excluded(first), Bound::Excluded(chunk.offset));
        if self.table.files.range(between).next().is_some() {
            return Err(invalid("its table of contents has one file within another"));
        }
        let Some(bytes) = chunk.offset.checked_sub(input.offset) else {
            return Err(invalid("its table of contents leads backwards"));
        };
        skip(&mut input.inner, bytes)?;
        input.offset = chunk.offset;
        self.position = position;
        self.state = State::Between(input);
        Ok(())
    }
}

impl<S: Skip> Read for Seekable<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(count) = self.decode(buffer)? {
                self.position += count as u64;
                self.decoded_bytes += count as u64;
                if is_bomb(self.decoded_bytes, self.read_bytes, self.ratio) {
                    return Err(PastLimit::bomb(self.read_bytes, self.ratio));
                }
                return Ok(count);
            }
            if matches!(self.state, State::Between(_)) && !self.begin()? {
                return Ok(0);
            }
        }
    }
}

impl<S: Skip> Skip for Seekable<S> {
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let target = self.position.saturating_add(bytes);
        if let Some((position, chunk)) = self.ahead(target) {
            self.jump(position, chunk)?;
        }
        let left = target - self.position;
        let passed = io::copy(&mut self.by_ref().take(left), &mut io::sink())?;
        if passed == left { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

/// A stream that knows where in the blob it is.
struct Input<S> {
    inner: BufReader<S>,
    offset: u64,
}

impl<S: Read> Read for Input<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.offset += count as u64;
        Ok(count)
    }
}

impl<S: Read> BufRead for Input<S> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.inner.consume(count);
        self.offset += count as u64;
    }
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
