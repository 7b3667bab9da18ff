//! How the tests of all formats run an extractor on bytes in memory.

use super::{Extraction, Extractor, HEAD_BYTES, Need, Probe};
use crate::model::{FactValue, Limits, SourcePath};

/// Whether `extractor` wants the file `path` that is `bytes`.
pub(super) fn wants(extractor: &dyn Extractor, path: &str, bytes: &[u8]) -> bool {
    extractor.wants(&probe(&SourcePath::new(path), bytes))
}

/// What `extractor` reads of the file `path`, whether it wants it or not, fed in pieces whose sizes
/// are taken from `pieces` in turn.
pub(super) fn read_in_pieces(
    extractor: &dyn Extractor,
    path: &str,
    bytes: &[u8],
    pieces: &[usize],
    limits: &Limits,
) -> Extraction {
    let path = SourcePath::new(path);
    let mut parser = extractor.begin(&probe(&path, bytes), limits);
    let mut rest = bytes;
    for piece in pieces.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (bytes, after) = rest.split_at((*piece).clamp(1, rest.len()));
        rest = after;
        match parser.feed(bytes) {
            Need::More => {}
            Need::Skip(count) => {
                rest = &rest[usize::try_from(count).unwrap_or(usize::MAX).min(rest.len())..];
            }
            Need::Done => break,
        }
    }
    parser.finish()
}

fn probe<'a>(path: &'a SourcePath, bytes: &'a [u8]) -> Probe<'a> {
    Probe::new(path, bytes.len() as u64, &bytes[..bytes.len().min(HEAD_BYTES)])
}

/// The value of the first fact called `name`.
pub(super) fn fact<'a>(extraction: &'a Extraction, name: &str) -> Option<&'a FactValue> {
    extraction.facts.iter().find(|fact| fact.name.as_str() == name).map(|fact| &fact.value)
}
