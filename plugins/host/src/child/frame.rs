//! Frames between host and child: one byte for the kind, the length of the payload as a 64-bit
//! little-endian number, and the payload, JSON.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

/// Bytes before the payload.
pub(super) const HEADER_BYTES: usize = 9;

/// What a payload is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// To the child, first: a [`Start`]. The answer is the plugin's descriptor.
    Start = 1,
    /// To the child: a request to resolve.
    Resolve = 2,
    /// From the child: what the plugin answered, byte for byte.
    Answer = 3,
    /// From the child: a [`crate::Fault`].
    Fault = 4,
}

/// What the child must know before it loads the plugin.
#[derive(Serialize, Deserialize)]
pub(super) struct Start {
    /// Digest that the library had when the host looked.
    pub(super) sha256: [u8; 32],
    /// Limit on the child's address space.
    pub(super) memory_bytes: u64,
    /// Limit on the child's processor time.
    pub(super) cpu_seconds: u64,
}

/// The bytes before a payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) payload_bytes: u64,
}

impl Header {
    pub(super) fn of(kind: Kind, payload: &[u8]) -> Self {
        Self { kind, payload_bytes: payload.len() as u64 }
    }

    pub(super) fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0] = self.kind as u8;
        bytes[1..].copy_from_slice(&self.payload_bytes.to_le_bytes());
        bytes
    }

    /// `None` when the first byte is no kind.
    pub(super) fn from_bytes(bytes: [u8; HEADER_BYTES]) -> Option<Self> {
        let [kind, length @ ..] = bytes;
        let kind = match kind {
            1 => Kind::Start,
            2 => Kind::Resolve,
            3 => Kind::Answer,
            4 => Kind::Fault,
            _ => return None,
        };
        Some(Self { kind, payload_bytes: u64::from_le_bytes(length) })
    }
}

/// Writes a frame and waits until it is taken. The child's side; the host's must not wait.
pub(super) fn write(pipe: &mut impl Write, kind: Kind, payload: &[u8]) -> io::Result<()> {
    pipe.write_all(&Header::of(kind, payload).to_bytes())?;
    pipe.write_all(payload)?;
    pipe.flush()
}

/// Reads a frame of the host, which is trusted; `None` when there is no more.
pub(super) fn read(pipe: &mut impl Read) -> io::Result<Option<(Kind, Vec<u8>)>> {
    let mut header = [0; HEADER_BYTES];
    match pipe.read_exact(&mut header) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        outcome => outcome?,
    }
    let header = Header::from_bytes(header).ok_or(io::ErrorKind::InvalidData)?;
    let mut payload = Vec::new();
    pipe.take(header.payload_bytes).read_to_end(&mut payload)?;
    if payload.len() as u64 != header.payload_bytes {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some((header.kind, payload)))
}
