//! Writes tar archives, right and wrong ones, without any crate that reads them.

/// Bytes of one block.
const BLOCK: usize = 512;

/// One header that the fields below say everything of; the checksum is computed.
#[derive(Clone, Debug)]
pub struct Header {
    block: [u8; BLOCK],
}

impl Header {
    /// A header of POSIX (`ustar`) for `path`, cut to 100 bytes.
    #[must_use]
    pub fn new(kind: u8, path: &[u8], size: u64) -> Self {
        let mut header = Self { block: [0; BLOCK] }
            .with(0, &path[..path.len().min(100)])
            .with(100, b"0000644\0")
            .with(108, b"0000000\0")
            .with(116, b"0000000\0")
            .with(136, b"00000000000\0")
            .with(257, b"ustar\x0000");
        header.block[156] = kind;
        header.sized(size)
    }

    /// The same with the magic of GNU.
    #[must_use]
    pub fn gnu(self) -> Self {
        self.with(257, b"ustar  \0")
    }

    /// The same with another size: octal, or base-256 where 11 digits do not hold it.
    #[must_use]
    pub fn sized(self, size: u64) -> Self {
        self.number(124, size)
    }

    /// Writes a number of 12 bytes.
    #[must_use]
    pub fn number(self, at: usize, value: u64) -> Self {
        if value < 1 << 33 {
            return self.with(at, format!("{value:011o}\0").as_bytes());
        }
        let mut field = [0; 12];
        field[0] = 0x80;
        field[4..].copy_from_slice(&value.to_be_bytes());
        self.with(at, &field)
    }

    /// Overwrites bytes of the block.
    #[must_use]
    pub fn with(mut self, at: usize, bytes: &[u8]) -> Self {
        self.block[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// The block with its checksum.
    #[must_use]
    pub fn block(&self) -> [u8; BLOCK] {
        let mut block = self.block;
        block[148..156].fill(b' ');
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block
    }
}

/// Builds an archive entry by entry.
#[derive(Clone, Debug, Default)]
pub struct TarBuilder {
    bytes: Vec<u8>,
}

impl TarBuilder {
    /// An archive without entries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes as they are.
    #[must_use]
    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// Adds a header, and content that is padded to whole blocks.
    #[must_use]
    pub fn entry(self, header: &Header, content: &[u8]) -> Self {
        let padding = content.len().next_multiple_of(BLOCK) - content.len();
        self.raw(&header.block()).raw(content).raw(&[0; BLOCK][..padding])
    }

    /// Adds a file.
    #[must_use]
    pub fn file(self, path: &str, content: &[u8]) -> Self {
        self.named(b'0', path.as_bytes(), b"", content)
    }

    /// Adds a folder.
    #[must_use]
    pub fn folder(self, path: &str) -> Self {
        self.named(b'5', path.as_bytes(), b"", b"")
    }

    /// Adds a symbolic link.
    #[must_use]
    pub fn symlink(self, path: &str, target: &str) -> Self {
        self.named(b'2', path.as_bytes(), target.as_bytes(), b"")
    }

    /// Adds a hard link.
    #[must_use]
    pub fn hard_link(self, path: &str, target: &str) -> Self {
        self.named(b'1', path.as_bytes(), target.as_bytes(), b"")
    }

    /// Adds an entry of any kind; names that a header cannot hold stand in entries of GNU.
    #[must_use]
    pub fn named(mut self, kind: u8, path: &[u8], link: &[u8], content: &[u8]) -> Self {
        for (kind, name) in [(b'K', link), (b'L', path)] {
            if name.len() > 100 {
                let terminated = [name, b"\0"].concat();
                let header = Header::new(kind, b"././@LongLink", terminated.len() as u64).gnu();
                self = self.entry(&header, &terminated);
            }
        }
        let header = Header::new(kind, path, content.len() as u64);
        self.entry(&header.with(157, &link[..link.len().min(100)]), content)
    }

    /// Adds PAX records, for the next entry (`x`) or for all that follow (`g`).
    #[must_use]
    pub fn records(self, kind: u8, records: &[(&str, &[u8])]) -> Self {
        let bytes: Vec<u8> = records.iter().flat_map(|(key, value)| record(key, value)).collect();
        self.entry(&Header::new(kind, b"PaxHeaders/x", bytes.len() as u64), &bytes)
    }

    /// The archive as far as it was built, without an end.
    #[must_use]
    pub fn unfinished(self) -> Vec<u8> {
        self.bytes
    }

    /// The archive with the two blocks that end it.
    #[must_use]
    pub fn build(self) -> Vec<u8> {
        self.raw(&[0; 2 * BLOCK]).bytes
    }
}

/// A PAX record, whose length counts its own digits.
#[must_use]
pub fn record(key: &str, value: &[u8]) -> Vec<u8> {
    let rest = [b" ", key.as_bytes(), b"=", value, b"\n"].concat();
    let mut length = rest.len();
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    [length.to_string().as_bytes(), &*rest].concat()
}
