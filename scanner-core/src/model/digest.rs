//! Content digests with their algorithm.

use std::fmt;

/// The algorithms Flowdown computes. Both give 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// SHA-256 (FIPS 180-4): files, texts, identities.
    Sha256,
    /// BLAKE3: tensor contents, where SHA-256 would double the cost of a scan.
    Blake3,
}

impl Algorithm {
    /// The name used before the colon in `sha256:…`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Blake3 => "blake3",
        }
    }
}

/// A digest: algorithm and 32 bytes. Displays as `sha256:<64 hex digits>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest {
    algorithm: Algorithm,
    bytes: [u8; 32],
}

impl Digest {
    /// Wraps bytes that `algorithm` produced.
    pub const fn new(algorithm: Algorithm, bytes: [u8; 32]) -> Self {
        Self { algorithm, bytes }
    }

    /// The SHA-256 of `bytes`, for values that are already in memory.
    pub fn sha256_of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self::new(Algorithm::Sha256, sha2::Sha256::digest(bytes).into())
    }

    /// Reads `sha256:<hex>` or `blake3:<hex>`; hexadecimal of either case, 64 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, hex) = text.split_once(':')?;
        let algorithm = match name {
            "sha256" => Algorithm::Sha256,
            "blake3" => Algorithm::Blake3,
            _ => return None,
        };
        Some(Self { algorithm, bytes: bytes(hex)? })
    }

    /// Which algorithm made it.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The raw digest.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// The 64 lower-case hexadecimal digits without the algorithm.
    pub fn hex(&self) -> String {
        hex(&self.bytes)
    }
}

/// The bytes that exactly `2 * N` hexadecimal digits stand for.
fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    if hex.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(bytes)
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The SHA-512 of a file, which some profiles of documents demand beside its SHA-256. It identifies
/// nothing here. Displays as `sha512:<128 hex digits>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha512([u8; 64]);

impl Sha512 {
    /// Wraps bytes that SHA-512 produced.
    pub const fn new(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The SHA-512 of `bytes`, for values that are already in memory.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha512::digest(bytes).into())
    }

    /// Reads 128 hexadecimal digits, in either case; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        bytes(text).map(Self)
    }

    /// The 128 lower-case hexadecimal digits without the algorithm.
    pub fn hex(&self) -> String {
        hex(&self.0)
    }
}

impl fmt::Display for Sha512 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha512:{}", self.hex())
    }
}

impl fmt::Debug for Sha512 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.name(), self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
