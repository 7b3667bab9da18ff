//! Files with holes: which parts of them are stored.

use std::io::{self, Read};

use super::extension::decimal;
use super::header::number;
use super::{BLOCK, cut_short, invalid};

/// Parts of one file; beyond this nobody writes them.
const PARTS: usize = 65_536;

/// The stored parts of a file, in order, and how far it was given.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Holes {
    parts: Vec<(u64, u64)>,
    size: u64,
    position: u64,
    next: usize,
}

/// The next piece of the content.
pub(super) enum Part {
    Stored(u64),
    Hole(u64),
}

impl Part {
    pub(super) const fn bytes(&self) -> u64 {
        match self {
            Self::Stored(bytes) | Self::Hole(bytes) => *bytes,
        }
    }

    pub(super) const fn is_hole(&self) -> bool {
        matches!(self, Self::Hole(_))
    }
}

impl Holes {
    pub(super) fn push(&mut self, start: u64, bytes: u64) -> io::Result<()> {
        if self.parts.len() >= PARTS {
            return Err(invalid(format!("a sparse file has more than `{PARTS}` parts")));
        }
        if bytes > 0 {
            self.parts.push((start, bytes));
        }
        Ok(())
    }

    /// Checks the parts against the sizes that the headers state.
    pub(super) fn finish(mut self, size: u64, stored: u64) -> io::Result<Self> {
        let mut end: u64 = 0;
        let mut sum: u64 = 0;
        for (start, bytes) in &self.parts {
            let next = start.checked_add(*bytes);
            match next {
                Some(next) if *start >= end && next <= size => end = next,
                _ => return Err(invalid("the parts of a sparse file overlap or pass its end")),
            }
            sum += bytes;
        }
        if sum > stored {
            return Err(invalid(format!(
                "a sparse file has parts of `{sum}` bytes and stores `{stored}`"
            )));
        }
        self.size = size;
        Ok(self)
    }

    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn next_part(&self) -> Part {
        match self.parts.get(self.next) {
            None => Part::Hole(self.size - self.position),
            Some((start, _)) if self.position < *start => Part::Hole(start - self.position),
            Some((start, bytes)) => Part::Stored(start + bytes - self.position),
        }
    }

    pub(super) fn advance(&mut self, bytes: u64) {
        self.position += bytes;
        if self.parts.get(self.next).is_some_and(|(start, bytes)| self.position >= start + bytes) {
            self.next += 1;
        }
    }
}

/// Reads parts of 24 bytes: offset and length; the first blank one ends them.
pub(super) fn read_parts(fields: &[u8], holes: &mut Holes) -> io::Result<()> {
    for field in fields.chunks_exact(24) {
        if field[0] == 0 {
            break;
        }
        holes.push(number(&field[..12])?, number(&field[12..])?)?;
    }
    Ok(())
}

/// Reads a block of parts; whether another one follows.
pub(super) fn read_extended(block: &[u8; BLOCK], holes: &mut Holes) -> io::Result<bool> {
    read_parts(&block[..504], holes)?;
    Ok(block[504] != 0)
}

/// Reads the map that stands before the data: decimal numbers, one a line, in whole blocks.
pub(super) fn read_map(
    inner: &mut impl Read,
    position: &mut u64,
    stored: u64,
    holes: &mut Holes,
) -> io::Result<()> {
    let mut blocks = Lines { inner, position, left: stored, block: [0; BLOCK], at: BLOCK };
    let count = blocks.number()?;
    for _ in 0..count {
        let start = blocks.number()?;
        holes.push(start, blocks.number()?)?;
    }
    Ok(())
}

struct Lines<'a, R> {
    inner: &'a mut R,
    position: &'a mut u64,
    left: u64,
    block: [u8; BLOCK],
    at: usize,
}

impl<R: Read> Lines<'_, R> {
    fn number(&mut self) -> io::Result<u64> {
        let mut digits = Vec::new();
        loop {
            if self.at == BLOCK {
                if self.left < BLOCK as u64 {
                    return Err(invalid("the map of a sparse file passes its end"));
                }
                self.inner.read_exact(&mut self.block).map_err(|error| match error.kind() {
                    io::ErrorKind::UnexpectedEof => cut_short(),
                    _ => error,
                })?;
                *self.position += BLOCK as u64;
                self.left -= BLOCK as u64;
                self.at = 0;
            }
            let byte = self.block[self.at];
            self.at += 1;
            match byte {
                b'\n' => return decimal(&digits),
                _ if digits.len() < 20 => digits.push(byte),
                _ => return Err(invalid("the map of a sparse file has a number that is too long")),
            }
        }
    }
}
