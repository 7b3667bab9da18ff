//! Numbers that look random and are the same in every run.

/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators".
#[derive(Clone, Debug)]
pub struct SplitMix(u64);

impl SplitMix {
    /// A generator with this seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A bf16 number as the weights of a model have them. The sum of four uniform numbers is close to
    /// normal; bf16 is the upper half of an `f32`.
    pub fn normal_bf16(&mut self) -> u16 {
        let bits = self.bits();
        let sum: i32 = (0..4).map(|part| i32::from((bits >> (16 * part)) as u16 as i16)).sum();
        ((sum as f32 * 1e-6).to_bits() >> 16) as u16
    }
}
