//! One parser and the digests of the tensors that it finds.

use crate::extract::weights::tensors;
use crate::extract::{Extraction, Extractor, Need, Parser, Probe, Region, names};
use crate::model::{Algorithm, Digest, Fact, Limits, Location, SourcePath};

use super::TensorDigests;

/// What a parser wants next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wants {
    /// The bytes from this position of the file on.
    From(u64),
    /// Nothing any more.
    Nothing,
}

/// A parser, fed with the parts of the file that it asks for.
pub(super) struct Lane {
    pub(super) id: &'static str,
    parser: Box<dyn Parser>,
    wants: Wants,
    tensors: Option<TensorHasher>,
}

impl Lane {
    pub(super) fn begin(
        extractor: &'static dyn Extractor,
        probe: &Probe<'_>,
        limits: &Limits,
        digests: TensorDigests,
    ) -> Self {
        Self {
            id: extractor.id(),
            parser: extractor.begin(probe, limits),
            wants: Wants::From(0),
            tensors: (digests == TensorDigests::On).then(TensorHasher::default),
        }
    }

    /// Takes the bytes at `position`.
    pub(super) fn feed(&mut self, position: u64, bytes: &[u8]) {
        let end = position + bytes.len() as u64;
        if let Wants::From(from) = self.wants
            && from < end
        {
            let skipped = usize::try_from(from.saturating_sub(position)).unwrap_or(usize::MAX);
            self.wants = match self.parser.feed(bytes.get(skipped..).unwrap_or_default()) {
                Need::More => Wants::From(end),
                Need::Skip(count) => Wants::From(end.saturating_add(count)),
                Need::Done => Wants::Nothing,
            };
            if let Some(tensors) = &mut self.tensors {
                tensors.learn(self.parser.regions(), position);
            }
        }
        if let Some(tensors) = &mut self.tensors {
            tensors.feed(position, bytes);
        }
    }

    /// The position from which the parser wants bytes; `None` when it wants none.
    pub(super) const fn wants_from(&self) -> Option<u64> {
        match self.wants {
            Wants::From(position) => Some(position),
            Wants::Nothing => None,
        }
    }

    /// Ends the parser and joins the tensors with their digests.
    pub(super) fn finish(self, path: &SourcePath) -> Extraction {
        let mut extraction = self.parser.finish();
        for (index, digest) in self.tensors.map(TensorHasher::finish).unwrap_or_default() {
            if let Some(tensor) = extraction.tensors.get_mut(index) {
                tensor.digest = Some(digest);
            }
        }
        if let Some(digest) = tensors::set_digest(&extraction.tensors) {
            let at = Location::scanned(path);
            extraction.facts.push(Fact::new(names::WEIGHTS_TENSOR_SET_DIGEST, digest, at));
        }
        extraction
    }
}

/// Cuts the stream into tensors and digests each.
#[derive(Default)]
struct TensorHasher {
    /// Sorted by start, not overlapping.
    regions: Vec<Region>,
    /// The region that the stream is in or before.
    next: usize,
    hasher: blake3::Hasher,
    digests: Vec<(usize, Digest)>,
}

impl TensorHasher {
    /// Takes the regions as soon as the parser knows them.
    fn learn(&mut self, regions: &[Region], position: u64) {
        if self.regions.is_empty() && !regions.is_empty() {
            // What began before the bytes at hand cannot be digested any more.
            let passed = regions.partition_point(|region| region.bytes.start < position);
            self.regions = regions[passed..].to_vec();
        }
    }

    fn feed(&mut self, position: u64, bytes: &[u8]) {
        let end = position + bytes.len() as u64;
        while let Some(region) = self.regions.get(self.next) {
            let (start, stop) = (region.bytes.start.max(position), region.bytes.end.min(end));
            if region.bytes.start > end || (start > stop) {
                return;
            }
            let slice = &bytes[(start - position) as usize..(stop - position) as usize];
            self.hasher.update(slice);
            if region.bytes.end > end {
                return;
            }
            let digest = Digest::new(Algorithm::Blake3, *self.hasher.finalize().as_bytes());
            self.digests.push((region.tensor, digest));
            self.hasher.reset();
            self.next += 1;
        }
    }

    /// The digests of the tensors that passed completely.
    fn finish(self) -> Vec<(usize, Digest)> {
        self.digests
    }
}
