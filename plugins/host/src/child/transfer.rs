//! Frames on their way through non-blocking pipes, a part at a time.

use std::io::{self, Read, Write};

use super::frame::{HEADER_BYTES, Header, Kind};

/// How much is moved at once: what a pipe of Linux holds.
pub(super) const PIPE_BYTES: usize = 64 << 10;

/// Whether there is something left to send.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sending {
    Pending,
    Finished,
}

/// A frame on its way to the child.
pub(super) struct Outgoing<'a> {
    header: [u8; HEADER_BYTES],
    payload: &'a [u8],
    sent: usize,
}

impl<'a> Outgoing<'a> {
    pub(super) fn new(kind: Kind, payload: &'a [u8]) -> Self {
        Self { header: Header::of(kind, payload).to_bytes(), payload, sent: 0 }
    }

    fn rest(&self) -> &[u8] {
        match self.sent.checked_sub(HEADER_BYTES) {
            None => &self.header[self.sent..],
            Some(sent) => &self.payload[sent..],
        }
    }

    pub(super) fn sending(&self) -> Sending {
        if self.rest().is_empty() { Sending::Finished } else { Sending::Pending }
    }

    pub(super) fn send(&mut self, pipe: &mut impl Write) -> io::Result<()> {
        match pipe.write(self.rest()) {
            Ok(written) => self.sent += written,
            Err(error) if is_temporary(&error) => {}
            // The child reads no more; standard output will tell why.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.sent = HEADER_BYTES + self.payload.len();
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// A frame on its way from the child.
#[derive(Default)]
pub(super) struct Incoming {
    header: Vec<u8>,
    payload: Vec<u8>,
}

pub(super) enum Received {
    /// There is more to come.
    Part,
    Frame(Kind, Vec<u8>),
    /// The first byte is no kind of frame.
    NoFrame(u8),
    /// More bytes are announced than the limit allows.
    TooLarge(u64),
    /// The child closed the pipe.
    End,
}

impl Incoming {
    pub(super) fn receive(&mut self, pipe: &mut impl Read, limit: u64) -> io::Result<Received> {
        let mut buffer = [0; PIPE_BYTES];
        let missing_of_header = HEADER_BYTES - self.header.len();
        let wanted = match self.announced() {
            None => missing_of_header,
            Some(header) => {
                let missing = header.payload_bytes - self.payload.len() as u64;
                usize::try_from(missing).unwrap_or(PIPE_BYTES).min(PIPE_BYTES)
            }
        };
        let read = match pipe.read(&mut buffer[..wanted]) {
            Ok(0) => return Ok(Received::End),
            Ok(read) => read,
            Err(error) if is_temporary(&error) => return Ok(Received::Part),
            Err(error) => return Err(error),
        };
        // The payload grows with what arrives, never with what was announced.
        let part = if missing_of_header > 0 { &mut self.header } else { &mut self.payload };
        part.extend_from_slice(&buffer[..read]);
        if self.header.len() < HEADER_BYTES {
            return Ok(Received::Part);
        }
        Ok(match self.announced() {
            None => Received::NoFrame(self.header[0]),
            Some(header) if header.payload_bytes > limit => {
                Received::TooLarge(header.payload_bytes)
            }
            Some(header) if header.payload_bytes == self.payload.len() as u64 => {
                Received::Frame(header.kind, std::mem::take(&mut self.payload))
            }
            Some(_) => Received::Part,
        })
    }

    fn announced(&self) -> Option<Header> {
        Header::from_bytes(self.header.as_slice().try_into().ok()?)
    }
}

pub(super) fn is_temporary(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}
