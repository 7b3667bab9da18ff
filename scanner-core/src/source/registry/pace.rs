//! A body that comes too slowly is given up: a server that sends a byte now and then would hold a scan
//! for ever.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use super::Timing;

/// Gives up when too little comes in the time that is spent waiting for it.
pub(super) struct Paced<R> {
    inner: R,
    window: Duration,
    least_bytes: u64,
    waited: Duration,
    bytes: u64,
}

impl<R: Read> Paced<R> {
    pub(super) const fn new(inner: R, timing: &Timing) -> Self {
        Self {
            inner,
            window: timing.window,
            least_bytes: timing.window_bytes,
            waited: Duration::ZERO,
            bytes: 0,
        }
    }
}

impl<R: Read> Read for Paced<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let start = Instant::now();
        let count = self.inner.read(buffer)?;
        // What the reader does between two reads is not the server's fault.
        self.waited += start.elapsed();
        self.bytes += count as u64;
        if self.waited >= self.window {
            if self.bytes < self.least_bytes && count > 0 {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    format!(
                        "only `{}` bytes came in {:.1} s, fewer than `{}`",
                        self.bytes,
                        self.waited.as_secs_f64(),
                        self.least_bytes
                    ),
                ));
            }
            self.waited = Duration::ZERO;
            self.bytes = 0;
        }
        Ok(count)
    }
}
