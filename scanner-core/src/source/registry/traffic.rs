//! How much was asked of a registry, and how much it sent.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Requests, and bytes of the bodies that were read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Traffic {
    /// Requests, with those for tokens and those that a redirect or a repetition cost.
    pub requests: u64,
    /// Bytes of bodies.
    pub bytes: u64,
}

#[derive(Default, Debug)]
pub(super) struct Counter {
    requests: AtomicU64,
    bytes: AtomicU64,
}

impl Counter {
    pub(super) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    fn so_far(&self) -> Traffic {
        Traffic {
            requests: self.requests.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
        }
    }
}

/// Counters by what was asked for.
#[derive(Default, Debug)]
pub(super) struct Counters(Mutex<BTreeMap<String, Arc<Counter>>>);

impl Counters {
    pub(super) fn of(&self, what: &str) -> Arc<Counter> {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(counters.entry(what.to_owned()).or_default())
    }

    pub(super) fn so_far(&self) -> BTreeMap<String, Traffic> {
        let counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counters.iter().map(|(what, counter)| (what.clone(), counter.so_far())).collect()
    }
}

/// Counts what is read through it.
pub(super) struct Counted<R> {
    pub(super) inner: R,
    pub(super) counter: Arc<Counter>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.counter.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
