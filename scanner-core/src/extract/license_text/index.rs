//! Inverted index: from a gram to the profiles that hold it.

/// Entries lie in buckets by the upper 16 bits of their gram: a handful in each, which is quicker to
/// look through than to sort. An entry is the lower 16 bits and the position of the profile.
#[derive(Debug)]
pub(super) struct GramIndex {
    directory: Vec<u32>,
    entries: Vec<u32>,
}

const BUCKETS: usize = 1 << 16;

impl GramIndex {
    /// From the grams of each profile, by position. Profiles past the first 65,536 are left out.
    pub(super) fn new<'a>(profiles: impl Iterator<Item = &'a [u32]> + Clone) -> Self {
        let profiles = (0..=u16::MAX).zip(profiles);
        let mut directory = vec![0_u32; BUCKETS + 1];
        for gram in profiles.clone().flat_map(|(_, grams)| grams) {
            directory[bucket(*gram) + 1] += 1;
        }
        for at in 0..BUCKETS {
            directory[at + 1] += directory[at];
        }
        let mut next = directory.clone();
        let mut entries = vec![0_u32; directory[BUCKETS] as usize];
        for (profile, grams) in profiles {
            for gram in grams {
                let slot = &mut next[bucket(*gram)];
                entries[*slot as usize] = gram << 16 | u32::from(profile);
                *slot += 1;
            }
        }
        Self { directory, entries }
    }

    /// The profiles that hold `gram`, ascending.
    pub(super) fn profiles_with(&self, gram: u32) -> impl Iterator<Item = usize> {
        let bucket = bucket(gram);
        let (start, end) = (self.directory[bucket] as usize, self.directory[bucket + 1] as usize);
        let same = move |entry: &&u32| **entry >> 16 == gram & 0xffff;
        self.entries[start..end].iter().filter(same).map(|entry| (entry & 0xffff) as usize)
    }
}

const fn bucket(gram: u32) -> usize {
    (gram >> 16) as usize
}
