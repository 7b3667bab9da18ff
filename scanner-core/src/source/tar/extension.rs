//! What stands before an entry and says more of it than its header can.

use std::io;

use super::invalid;

/// Parts of one sparse file, and bytes of one record: beyond this nobody writes them.
const SPARSE_PARTS: usize = 65_536;

/// Names and numbers that replace those of a header.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Extensions {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) sparse_name: Option<Vec<u8>>,
    pub(super) sparse_size: Option<u64>,
    pub(super) sparse_major: Option<u64>,
    pub(super) sparse_map: Vec<(u64, u64)>,
    sparse_offset: Option<u64>,
}

impl Extensions {
    /// Reads PAX records: `length key=value\n`, where the length counts the whole record.
    pub(super) fn read_records(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        // Some writers pad the records with zeros.
        while bytes.first().is_some_and(|first| *first != 0) {
            let (record, rest) = split_record(bytes)?;
            bytes = rest;
            let Some(equals) = record.iter().position(|byte| *byte == b'=') else {
                return Err(invalid("a PAX record has no `=`"));
            };
            self.take(&record[..equals], &record[equals + 1..])?;
        }
        Ok(())
    }

    fn take(&mut self, key: &[u8], value: &[u8]) -> io::Result<()> {
        match key {
            // A zero byte would end the name for whoever unpacks it.
            b"path" if !value.contains(&0) => self.path = Some(value.to_vec()),
            b"linkpath" if !value.contains(&0) => self.link = Some(value.to_vec()),
            b"size" => self.size = Some(decimal(value)?),
            b"GNU.sparse.name" if !value.contains(&0) => self.sparse_name = Some(value.to_vec()),
            b"GNU.sparse.realsize" | b"GNU.sparse.size" => self.sparse_size = Some(decimal(value)?),
            b"GNU.sparse.major" => self.sparse_major = Some(decimal(value)?),
            b"GNU.sparse.offset" => self.sparse_offset = Some(decimal(value)?),
            b"GNU.sparse.numbytes" => {
                if let Some(start) = self.sparse_offset.take() {
                    self.push(start, decimal(value)?)?;
                }
            }
            b"GNU.sparse.map" => {
                let numbers: Vec<u64> =
                    value.split(|byte| *byte == b',').map(decimal).collect::<Result<_, _>>()?;
                for pair in numbers.chunks_exact(2) {
                    self.push(pair[0], pair[1])?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, start: u64, bytes: u64) -> io::Result<()> {
        if self.sparse_map.len() >= SPARSE_PARTS {
            return Err(invalid(format!("a sparse file has more than `{SPARSE_PARTS}` parts")));
        }
        self.sparse_map.push((start, bytes));
        Ok(())
    }

    pub(super) const fn is_sparse(&self) -> bool {
        self.sparse_major.is_some() || self.sparse_size.is_some() || !self.sparse_map.is_empty()
    }

    /// What `self` leaves open, from the records for the whole archive.
    pub(super) fn or(self, global: &Self) -> Self {
        Self {
            path: self.path.or_else(|| global.path.clone()),
            link: self.link.or_else(|| global.link.clone()),
            size: self.size.or(global.size),
            ..self
        }
    }

    /// Bytes that are kept.
    pub(super) fn bytes(&self) -> u64 {
        let names = [&self.path, &self.link, &self.sparse_name];
        names.into_iter().flatten().map(|name| name.len() as u64).sum()
    }
}

fn split_record(bytes: &[u8]) -> io::Result<(&[u8], &[u8])> {
    let wrong = || invalid("the length of a PAX record is wrong");
    let space = bytes.iter().take(20).position(|byte| *byte == b' ').ok_or_else(wrong)?;
    let length = usize::try_from(decimal(&bytes[..space])?).map_err(|_| wrong())?;
    let record = bytes.get(space + 1..length).ok_or_else(wrong)?;
    let record = record.strip_suffix(b"\n").ok_or_else(wrong)?;
    Ok((record, &bytes[length..]))
}

/// A decimal number without sign; a fraction (times have one) is cut off.
pub(super) fn decimal(text: &[u8]) -> io::Result<u64> {
    let parsed = std::str::from_utf8(text).ok().and_then(|text| text.trim().parse().ok());
    parsed.ok_or_else(|| invalid(format!("`{}` is no number of a PAX record", text.escape_ascii())))
}
