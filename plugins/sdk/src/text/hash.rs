//! Hashes over words. Every constant is part of the contract; arithmetic wraps or is modular, so
//! that every platform gets the same numbers.

use super::{GRAM_WORDS, Word};

/// The Mersenne prime 2^61 - 1: products fit in 128 bits, and reduction is a shift and an add.
const MODULUS: u64 = (1 << 61) - 1;
/// Base of the polynomial: 2^64 divided by the golden ratio, reduced.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15 % MODULUS;

/// FNV-1a, 64 bits, over the UTF-8 bytes of a normalised word.
pub const fn word_hash(word: &str) -> u64 {
    let bytes = word.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut index = 0;
    while index < bytes.len() {
        hash = (hash ^ bytes[index] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        index += 1;
    }
    hash
}

/// The hash of four neighbouring words, in order.
pub const fn gram_hash(words: [u64; GRAM_WORDS]) -> u32 {
    let mut hash = 0;
    let mut index = 0;
    while index < GRAM_WORDS {
        hash = mix(hash ^ words[index]).wrapping_add(index as u64);
        index += 1;
    }
    (hash >> 32) as u32
}

/// The finaliser of MurmurHash3: every bit of the input reaches every bit of the output.
const fn mix(mut value: u64) -> u64 {
    value ^= value >> 33;
    value = value.wrapping_mul(0xff51_afd7_ed55_8ccd);
    value ^= value >> 33;
    value = value.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    value ^ (value >> 33)
}

/// The grams of a sequence of word hashes, in text order, with repetitions.
pub fn grams(hashes: impl Iterator<Item = u64>) -> impl Iterator<Item = u32> {
    let mut window = [0; GRAM_WORDS];
    hashes.enumerate().filter_map(move |(index, hash)| {
        window.rotate_left(1);
        window[GRAM_WORDS - 1] = hash;
        (index + 1 >= GRAM_WORDS).then(|| gram_hash(window))
    })
}

/// The hash of a sequence of words: `h = h * BASE + digit(word)` modulo 2^61 - 1, from 0.
pub fn phrase_hash(hashes: impl IntoIterator<Item = u64>) -> u64 {
    hashes.into_iter().fold(0, append)
}

fn append(hash: u64, word: u64) -> u64 {
    reduce(u128::from(hash) * u128::from(BASE) + u128::from(digit(word)))
}

/// A word as a digit of the polynomial: never 0, so that no word is lost at the front.
fn digit(word: u64) -> u64 {
    mix(word) % (MODULUS - 1) + 1
}

/// `value` modulo 2^61 - 1, for products of reduced numbers: the upper bits count once more.
const fn reduce(value: u128) -> u64 {
    let sum = (value as u64 & MODULUS) + (value >> 61) as u64;
    if sum >= MODULUS { sum - MODULUS } else { sum }
}

/// `BASE` to the power of a number of words; computed once for each window length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Power {
    words: usize,
    value: u64,
}

impl Power {
    /// The power for windows of `words` words.
    pub fn of(words: usize) -> Self {
        let (mut value, mut square, mut rest) = (1_u64, BASE, words);
        while rest > 0 {
            if rest & 1 == 1 {
                value = reduce(u128::from(value) * u128::from(square));
            }
            square = reduce(u128::from(square) * u128::from(square));
            rest >>= 1;
        }
        Self { words, value }
    }
}

/// Prefix hashes of a text: the hash of any window in constant time.
#[derive(Clone, Debug)]
pub struct Prefixes(Vec<u64>);

impl Prefixes {
    /// Over the words of a text.
    pub fn new(words: &[Word]) -> Self {
        let mut hashes = Vec::with_capacity(words.len() + 1);
        hashes.push(0);
        let mut hash = 0;
        for word in words {
            hash = append(hash, word.hash);
            hashes.push(hash);
        }
        Self(hashes)
    }

    /// [`phrase_hash`] of the window that starts at word `start`; `None` past the end.
    pub fn window(&self, start: usize, power: Power) -> Option<u64> {
        let before = *self.0.get(start)?;
        let after = *self.0.get(start.checked_add(power.words)?)?;
        let shifted = reduce(u128::from(before) * u128::from(power.value));
        Some(if after >= shifted { after - shifted } else { after + MODULUS - shifted })
    }
}
