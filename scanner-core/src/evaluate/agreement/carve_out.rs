//! Passages that take restrictions away again: `Section 3 does not apply to …`.

use super::data::CUES;
use super::reading::Reading;
use super::tokens::words;

/// Words of a carve-out that are shown.
const SHOWN: usize = 24;

/// One passage that takes restrictions away.
struct CarveOut {
    file: usize,
    heading: Option<usize>,
    block: std::ops::Range<usize>,
    is_everywhere: bool,
    words: String,
}

/// Every passage that takes restrictions away.
pub(super) struct CarveOuts(Vec<CarveOut>);

impl CarveOuts {
    pub(super) fn of(readings: &[Reading<'_>]) -> Self {
        let found = readings.iter().filter_map(|reading| {
            let own = reading.own_tokens();
            let at = CUES.list("carve_out", "acts").find(own)?;
            if !CUES.list("carve_out", "targets").matches(own) || reading.passage.is_heading {
                return None;
            }
            let begin = at.start.saturating_sub(SHOWN / 2);
            Some(CarveOut {
                file: reading.file,
                heading: reading.passage.heading,
                block: reading.passage.block.clone(),
                is_everywhere: CUES.list("carve_out", "everywhere").matches(own),
                words: words(&own[begin..own.len().min(begin + SHOWN)]),
            })
        });
        Self(found.collect())
    }

    /// What takes away the prohibition in a passage.
    pub(super) fn on(&self, reading: &Reading<'_>) -> impl Iterator<Item = &str> {
        let reaches = |carve_out: &&CarveOut| {
            let same_file = carve_out.file == reading.file;
            let same_section = carve_out.heading == reading.passage.heading;
            let same_block = carve_out.block == reading.passage.block;
            carve_out.is_everywhere || (same_file && (same_section || same_block))
        };
        self.0.iter().filter(reaches).map(|carve_out| carve_out.words.as_str())
    }
}
