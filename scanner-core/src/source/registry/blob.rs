//! A blob as it comes: as many bytes as its manifest states, and again from where it broke off.

use std::io::{self, Read};
use std::sync::Arc;

use ureq::http::{StatusCode, header};

use super::client::{Answer, Client, Place, Stream, Wanted};
use super::traffic::Counter;
use crate::source::Skip;

/// How often a body is asked for again after it broke off without having come this much further.
const RESUMPTIONS: u32 = 3;
/// What counts as further.
const FURTHER_BYTES: u64 = 16 << 20;

/// Passing over more than this is left to the registry: a request costs about as much as so many bytes.
const ANOTHER_REQUEST_BYTES: u64 = 1 << 20;

/// The body of a blob. Longer than stated, it is cut and its end is an error.
pub(super) struct Blob<'a> {
    client: &'a Client,
    place: &'a Place,
    path: String,
    counter: Arc<Counter>,
    stated: u64,
    position: u64,
    body: Option<Stream>,
    resumptions: u32,
    resumed_at: u64,
}

impl<'a> Blob<'a> {
    pub(super) fn new(
        client: &'a Client,
        place: &'a Place,
        path: String,
        counter: Arc<Counter>,
        stated: u64,
    ) -> io::Result<Self> {
        let mut blob = Self {
            client,
            place,
            path,
            counter,
            stated,
            position: 0,
            body: None,
            resumptions: 0,
            resumed_at: 0,
        };
        blob.body = Some(blob.ask(None)?.body);
        Ok(blob)
    }

    fn ask(&self, range: Option<(u64, Option<u64>)>) -> io::Result<Answer> {
        let wanted = Wanted { path: &self.path, accept: "*/*", range, counter: &self.counter };
        Ok(self.client.get(self.place, &wanted)?)
    }

    /// Asks for everything from `self.position` on; `otherwise` is the error where the registry sends
    /// something else.
    fn go_on(&mut self, otherwise: io::Error) -> io::Result<()> {
        let answer = self.ask(Some((self.position, None)))?;
        let starts_here = answer
            .header(&header::CONTENT_RANGE)
            .and_then(content_range)
            .is_some_and(|(from, _)| from == self.position);
        if answer.status != StatusCode::PARTIAL_CONTENT || !starts_here {
            return Err(otherwise);
        }
        self.body = Some(answer.body);
        Ok(())
    }

    /// Asks for what is missing; `failed` is why it is.
    fn resume(&mut self, failed: io::Error) -> io::Result<()> {
        self.body = None;
        if self.position >= self.resumed_at + FURTHER_BYTES {
            self.resumptions = 0;
        }
        if self.resumptions >= RESUMPTIONS || failed.kind() == io::ErrorKind::TimedOut {
            return Err(failed);
        }
        self.resumptions += 1;
        self.resumed_at = self.position;
        self.go_on(failed)
    }

    /// Whether the body ends where it should.
    fn check_end(&mut self) -> io::Result<usize> {
        let Some(mut body) = self.body.take() else { return Ok(0) };
        match body.read(&mut [0]) {
            Ok(0) | Err(_) => Ok(0),
            Ok(_) => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!(
                    "the registry sends more than the `{}` bytes that the manifest states",
                    self.stated
                ),
            )),
        }
    }
}

impl Read for Blob<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let left = self.stated - self.position;
            if left == 0 {
                return self.check_end();
            }
            let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let read = match &mut self.body {
                Some(body) => body.read(&mut buffer[..wanted]),
                None => Err(io::Error::other("it broke off before")),
            };
            let failed = match read {
                Ok(count) if count > 0 => {
                    self.position += count as u64;
                    return Ok(count);
                }
                Ok(_) => None,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => Some(error),
            };
            let (kind, why) = match &failed {
                Some(error) => (error.kind(), format!(": {error}")),
                None => (io::ErrorKind::UnexpectedEof, String::new()),
            };
            let (at, stated) = (self.position, self.stated);
            let words = format!("the registry sent `{at}` of the `{stated}` bytes{why}");
            self.resume(io::Error::new(kind, words))?;
        }
    }
}

impl Skip for Blob<'_> {
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let end = self.position.saturating_add(bytes);
        if end > self.stated {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if bytes < ANOTHER_REQUEST_BYTES {
            let passed = io::copy(&mut self.by_ref().take(bytes), &mut io::sink())?;
            return if passed == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
        // Whoever hangs up asks for nothing behind the end.
        self.body = None;
        self.position = end;
        if end == self.stated {
            return Ok(());
        }
        let words =
            format!("the registry sends no parts of blobs, and byte `{end}` is wanted next");
        self.go_on(io::Error::new(io::ErrorKind::Unsupported, words))
    }
}

/// First byte and length of the whole: `bytes 0-99/1234` (RFC 9110 section 14.4).
pub(super) fn content_range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, whole) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (from, _) = range.split_once('-')?;
    Some((from.trim().parse().ok()?, whole.trim().parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::content_range;

    #[test]
    fn ranges_are_read() {
        assert_eq!(content_range("bytes 5-9/20"), Some((5, Some(20))));
        assert_eq!(content_range("bytes 0-9/*"), Some((0, None)));
        for text in ["", "bytes", "bytes */20", "bytes -1/2", "items 0-1/2", "bytes 0"] {
            assert_eq!(content_range(text), None, "{text}");
        }
    }
}
