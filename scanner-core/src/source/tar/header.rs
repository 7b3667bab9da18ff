//! One header block.

use std::io;

use super::sparse::{self, Holes};
use super::{BLOCK, EntryKind, invalid};

/// A header block with a right checksum.
pub(super) struct Header([u8; BLOCK]);

impl Header {
    pub(super) fn parse(block: [u8; BLOCK]) -> io::Result<Self> {
        let header = Self(block);
        let stated = header.number(148..156)?;
        // Historic programs summed signed bytes.
        let sum = |of: fn(u8) -> i64| -> i64 {
            let bytes = header.0.iter().enumerate();
            bytes.map(|(at, byte)| if (148..156).contains(&at) { 32 } else { of(*byte) }).sum()
        };
        let unsigned = sum(i64::from);
        let is_right = i64::try_from(stated).is_ok_and(|stated| {
            stated == unsigned || stated == sum(|it| i64::from(it.cast_signed()))
        });
        if is_right {
            Ok(header)
        } else {
            Err(invalid(format!(
                "the checksum of a tar header is `{stated}`, its bytes give `{unsigned}`"
            )))
        }
    }

    pub(super) const fn kind_byte(&self) -> u8 {
        self.0[156]
    }

    /// What the entry is, and whether content of the stated size follows.
    pub(super) const fn kind(&self) -> (EntryKind, bool) {
        match self.kind_byte() {
            b'0' | 0 | b'7' | b'S' => (EntryKind::File, true),
            b'1' => (EntryKind::HardLink, false),
            b'2' => (EntryKind::Symlink, false),
            b'3' | b'4' | b'6' => (EntryKind::Special, false),
            b'5' => (EntryKind::Directory, false),
            // GNU: a directory with the names of what was in it.
            b'D' => (EntryKind::Directory, true),
            other => (EntryKind::Unknown(other), true),
        }
    }

    pub(super) fn path(&self) -> Vec<u8> {
        let name = self.text(0..100);
        // GNU headers have other things where POSIX has the prefix, those of star have times behind it.
        let is_posix = &self.0[257..263] == b"ustar\0";
        let end = if &self.0[508..512] == b"tar\0" { 476 } else { 500 };
        let prefix = if is_posix { self.text(345..end) } else { &[] };
        if prefix.is_empty() {
            return name.to_vec();
        }
        [prefix, b"/", name].concat()
    }

    pub(super) fn link(&self) -> Vec<u8> {
        self.text(157..257).to_vec()
    }

    pub(super) fn size(&self) -> io::Result<u64> {
        self.number(124..136)
    }

    /// The size with holes, of a GNU sparse file.
    pub(super) fn real_size(&self) -> io::Result<u64> {
        self.number(483..495)
    }

    /// Adds the parts in this header; whether more follow in a block of their own.
    pub(super) fn sparse_map(&self, holes: &mut Holes) -> io::Result<bool> {
        if &self.0[257..265] != b"ustar  \0" {
            return Err(invalid("a sparse file of GNU has a header that is not of GNU"));
        }
        sparse::read_parts(&self.0[386..482], holes)?;
        Ok(self.0[482] != 0)
    }

    fn text(&self, range: std::ops::Range<usize>) -> &[u8] {
        let field = &self.0[range];
        &field[..field.iter().position(|byte| *byte == 0).unwrap_or(field.len())]
    }

    fn number(&self, range: std::ops::Range<usize>) -> io::Result<u64> {
        number(&self.0[range])
    }
}

/// Octal digits, or, with the highest bit set, a binary number (GNU, star).
///
/// No program has files or offsets beyond the range of a signed number; sums of two do not overflow.
pub(super) fn number(field: &[u8]) -> io::Result<u64> {
    let wrong = || invalid(format!("`{}` is no number of a tar header", field.escape_ascii()));
    let mut value: u64 = 0;
    match field.first() {
        Some(first) if first & 0x80 != 0 => {
            // The next bit is the sign.
            if first & 0x40 != 0 {
                return Err(wrong());
            }
            value = u64::from(first & 0x3f);
            for byte in &field[1..] {
                value = value.checked_mul(256).ok_or_else(wrong)? | u64::from(*byte);
            }
        }
        _ => {
            let is_blank = |byte: &u8| matches!(byte, b' ' | 0);
            let start = field.iter().position(|byte| !is_blank(byte)).unwrap_or(field.len());
            for byte in field[start..].iter().take_while(|byte| !is_blank(byte)) {
                let digit = byte.checked_sub(b'0').filter(|digit| *digit < 8).ok_or_else(wrong)?;
                value = value.checked_mul(8).ok_or_else(wrong)? | u64::from(digit);
            }
        }
    }
    i64::try_from(value).map(|_| value).map_err(|_| wrong())
}
