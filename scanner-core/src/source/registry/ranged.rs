//! A blob of which only the start is read, in few requests.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use ureq::http::{StatusCode, header};

use super::blob::content_range;
use super::client::{Client, Place, Stream, Wanted};
use super::traffic::Counter;
use crate::source::ReadAt;

/// The windows that are asked for one after the other: most headers are in the first, and the
/// vocabulary of a language model takes megabytes.
const WINDOWS: [u64; 4] = [128 << 10, 128 << 10, 512 << 10, 2 << 20];
/// Bytes that are read and dropped where a server cannot jump.
const DROPPED_BYTES: u64 = 8 << 20;

/// Reads a blob in windows that grow.
pub(super) struct Ranged<'a> {
    client: &'a Client,
    place: &'a Place,
    path: String,
    size: u64,
    counter: Arc<Counter>,
    window: Mutex<Window>,
}

#[derive(Default)]
struct Window {
    start: u64,
    bytes: Vec<u8>,
    /// How many windows were asked for.
    asked: usize,
    /// The whole blob from here on: the server knows no ranges.
    whole: Option<(u64, Stream)>,
}

impl<'a> Ranged<'a> {
    pub(super) fn new(
        client: &'a Client,
        place: &'a Place,
        path: String,
        counter: Arc<Counter>,
        size: u64,
    ) -> Self {
        Self { client, place, path, size, counter, window: Mutex::default() }
    }

    /// Moves the window to `offset`.
    fn fill(&self, window: &mut Window, offset: u64) -> io::Result<()> {
        let wanted_bytes = WINDOWS[window.asked.min(WINDOWS.len() - 1)].min(self.size - offset);
        window.asked += 1;
        window.start = offset;
        window.bytes.clear();
        if let Some((position, stream)) = &mut window.whole {
            pass(stream, position, offset)?;
            *position += take(stream, wanted_bytes, &mut window.bytes)?;
            return Ok(());
        }
        let range = Some((offset, Some(offset + wanted_bytes - 1)));
        let wanted = Wanted { path: &self.path, accept: "*/*", range, counter: &self.counter };
        let mut answer = self.client.get(self.place, &wanted)?;
        match answer.status {
            StatusCode::PARTIAL_CONTENT => {
                let stated = answer.header(&header::CONTENT_RANGE).and_then(content_range);
                let (from, whole) = stated.unwrap_or((0, None));
                if from != offset || whole.is_some_and(|whole| whole != self.size) {
                    return Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        format!(
                            "the registry was asked for bytes from `{offset}` on, of `{}`, and \
                             sends `{}`",
                            self.size,
                            answer.header(&header::CONTENT_RANGE).unwrap_or("none")
                        ),
                    ));
                }
                take(&mut answer.body, wanted_bytes, &mut window.bytes)?;
            }
            // Beyond the end: the blob is shorter than its manifest states.
            StatusCode::RANGE_NOT_SATISFIABLE => {}
            _ => {
                let mut position = 0;
                pass(&mut answer.body, &mut position, offset)?;
                position += take(&mut answer.body, wanted_bytes, &mut window.bytes)?;
                window.whole = Some((position, answer.body));
            }
        }
        Ok(())
    }
}

/// Reads up to `count` bytes.
fn take(stream: &mut Stream, count: u64, bytes: &mut Vec<u8>) -> io::Result<u64> {
    Ok(stream.take(count).read_to_end(bytes)? as u64)
}

/// Reads and drops what stands before `offset`.
fn pass(stream: &mut Stream, position: &mut u64, offset: u64) -> io::Result<()> {
    let between = offset.saturating_sub(*position);
    if offset < *position || between > DROPPED_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::Unsupported,
            format!("the registry sends no parts of blobs, and byte `{offset}` is wanted next"),
        ));
    }
    *position += io::copy(&mut stream.take(between), &mut io::sink())?;
    Ok(())
}

impl ReadAt for Ranged<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let mut filled = 0;
        while filled < buffer.len() {
            let at = offset + filled as u64;
            if at >= self.size {
                break;
            }
            let skipped = at.checked_sub(window.start).and_then(|it| usize::try_from(it).ok());
            let there = skipped.and_then(|it| window.bytes.get(it..)).unwrap_or_default();
            if there.is_empty() {
                self.fill(&mut window, at)?;
                if window.bytes.is_empty() {
                    break;
                }
                continue;
            }
            let count = there.len().min(buffer.len() - filled);
            buffer[filled..filled + count].copy_from_slice(&there[..count]);
            filled += count;
        }
        Ok(filled)
    }
}
