//! The push core: whoever has bytes feeds them, a file or a stream.

use sha2::{Digest as _, Sha256};

use super::lane::Lane;
use super::{Depth, FileDigests, FileReport, ReadOptions, TensorDigests};
use crate::extract::{Extractor, Need, Probe};
use crate::model::{Algorithm, Digest, Limits, Sha512, SourcePath};

/// Feeds every parser that wants a file, its digests and those of its tensors.
///
/// Bytes come in order. After [`Need::Skip`] the caller either feeds them nevertheless, as a
/// stream must, or jumps and says so with [`Tee::skip`].
pub struct Tee {
    path: SourcePath,
    size: u64,
    depth: Depth,
    position: u64,
    hasher: Sha256,
    second_hasher: Option<sha2::Sha512>,
    lanes: Vec<Lane>,
}

impl Tee {
    /// Asks the extractors; `None` when none of them wants the file.
    pub fn begin(
        probe: &Probe<'_>,
        extractors: &[&'static dyn Extractor],
        options: &ReadOptions,
        limits: &Limits,
    ) -> Option<Self> {
        let digests = match options.depth {
            Depth::Full => options.tensor_digests,
            Depth::Headers => TensorDigests::Off,
        };
        let lanes: Vec<Lane> = extractors
            .iter()
            .filter(|extractor| extractor.wants(probe))
            .map(|extractor| Lane::begin(*extractor, probe, limits, digests))
            .collect();
        (!lanes.is_empty()).then(|| Self {
            path: probe.path.clone(),
            size: probe.size,
            depth: options.depth,
            position: 0,
            hasher: Sha256::new(),
            second_hasher: (options.file_digests == FileDigests::Sha256AndSha512)
                .then(sha2::Sha512::new),
            lanes,
        })
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) -> Need {
        if self.depth == Depth::Full {
            self.hasher.update(bytes);
            if let Some(hasher) = &mut self.second_hasher {
                hasher.update(bytes);
            }
        }
        for lane in &mut self.lanes {
            lane.feed(self.position, bytes);
        }
        self.position += bytes.len() as u64;
        self.need()
    }

    /// Passes over bytes that nobody needs.
    pub fn skip(&mut self, bytes: u64) -> Need {
        self.position = self.position.saturating_add(bytes);
        self.need()
    }

    /// What is needed next.
    fn need(&self) -> Need {
        if self.depth == Depth::Full {
            return if self.position < self.size { Need::More } else { Need::Done };
        }
        match self.lanes.iter().filter_map(Lane::wants_from).min() {
            None => Need::Done,
            Some(from) if from > self.position => Need::Skip(from - self.position),
            Some(_) => Need::More,
        }
    }

    /// Ends: the file is over, or the caller stops here.
    pub fn finish(self) -> FileReport {
        let is_whole = self.depth == Depth::Full && self.position == self.size;
        let sha256 =
            is_whole.then(|| Digest::new(Algorithm::Sha256, self.hasher.finalize().into()));
        let second = self.second_hasher.filter(|_| is_whole);
        let sha512 = second.map(|hasher| Sha512::new(hasher.finalize().into()));
        let mut report = FileReport { size: self.size, sha256, sha512, ..FileReport::default() };
        for lane in self.lanes {
            report.extractors.push(lane.id);
            let extraction = lane.finish(&self.path);
            report.extraction.facts.extend(extraction.facts);
            report.extraction.tensors.extend(extraction.tensors);
            report.extraction.texts.extend(extraction.texts);
            report.extraction.diagnostics.extend(extraction.diagnostics);
        }
        report
    }
}
