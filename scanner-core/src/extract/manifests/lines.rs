//! Where the lines of a manifest begin.

use std::ops::Range;

/// Finds the line of a byte offset.
///
/// It counts the line breaks before every 4096th byte once, so that a file of nothing but line
/// breaks costs a thousandth of its size, and a query looks at one block.
pub(super) struct LineIndex {
    breaks_before_block: Vec<u64>,
}

impl LineIndex {
    const BLOCK_BYTES: usize = 4096;

    pub(super) fn new(text: &str) -> Self {
        let mut breaks = 0;
        let blocks = text.as_bytes().chunks(Self::BLOCK_BYTES).map(|block| {
            let before = breaks;
            breaks += count_breaks(block);
            before
        });
        Self { breaks_before_block: blocks.collect() }
    }

    /// The line, counted from 1, that holds the byte at `offset`.
    pub(super) fn line(&self, text: &str, offset: usize) -> u64 {
        let offset = offset.min(text.len());
        let Some(before) = self.breaks_before_block.get(offset / Self::BLOCK_BYTES) else {
            // Only an offset at the very end, on the border of a block, has no block of its own.
            return 1 + count_breaks(text.as_bytes());
        };
        let block_start = offset / Self::BLOCK_BYTES * Self::BLOCK_BYTES;
        1 + before + count_breaks(&text.as_bytes()[block_start..offset])
    }

    /// First and last line of `span`.
    pub(super) fn lines(&self, text: &str, span: &Range<usize>) -> (u64, u64) {
        let last_byte = span.end.saturating_sub(1).max(span.start);
        (self.line(text, span.start), self.line(text, last_byte))
    }
}

fn count_breaks(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}
