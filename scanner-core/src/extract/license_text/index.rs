//! Inverted index: from a gram to the profiles that hold it.

/// Entries are sorted by gram; a directory over the upper 16 bits leaves a handful to search.
#[derive(Debug)]
pub(super) struct GramIndex {
    directory: Vec<u32>,
    grams: Vec<u32>,
    profiles: Vec<u16>,
}

const BUCKETS: usize = 1 << 16;

impl GramIndex {
    /// From the grams of each profile, by position. Profiles past the first 65,536 are left out.
    pub(super) fn new<'a>(profiles: impl Iterator<Item = &'a [u32]>) -> Self {
        let profiles: Vec<(u16, &[u32])> = (0..=u16::MAX).zip(profiles).collect();
        let mut directory = vec![0_u32; BUCKETS + 1];
        for gram in profiles.iter().flat_map(|(_, grams)| *grams) {
            directory[bucket(*gram) + 1] += 1;
        }
        for at in 0..BUCKETS {
            directory[at + 1] += directory[at];
        }
        // A counting sort by bucket leaves a handful of entries in each to sort.
        let mut next = directory.clone();
        let mut entries = vec![0_u64; directory[BUCKETS] as usize];
        for (profile, grams) in &profiles {
            for gram in *grams {
                let slot = &mut next[bucket(*gram)];
                entries[*slot as usize] = u64::from(*gram) << 16 | u64::from(*profile);
                *slot += 1;
            }
        }
        for bucket in directory.windows(2) {
            entries[bucket[0] as usize..bucket[1] as usize].sort_unstable();
        }
        Self {
            directory,
            grams: entries.iter().map(|entry| (entry >> 16) as u32).collect(),
            profiles: entries.iter().map(|entry| *entry as u16).collect(),
        }
    }

    /// The profiles that hold `gram`, ascending.
    pub(super) fn profiles_with(&self, gram: u32) -> &[u16] {
        let bucket = bucket(gram);
        let (start, end) = (self.directory[bucket] as usize, self.directory[bucket + 1] as usize);
        let grams = &self.grams[start..end];
        let first = grams.partition_point(|&found| found < gram);
        let count = grams[first..].partition_point(|&found| found == gram);
        &self.profiles[start + first..start + first + count]
    }
}

const fn bucket(gram: u32) -> usize {
    (gram >> 16) as usize
}
