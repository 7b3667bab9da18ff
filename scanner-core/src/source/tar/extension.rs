//! What stands before an entry and says more of it than its header can.

use std::io;

use super::invalid;

/// Names and numbers that replace those of a header.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Extensions {
    pub(super) path: Option<Vec<u8>>,
    /// Of GNU, not of a record; it wins over all others.
    pub(super) long_path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) sparse_name: Option<Vec<u8>>,
    pub(super) sparse_size: Option<u64>,
    sparse_major: Option<u64>,
    sparse_minor: Option<u64>,
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
        // A zero byte would end the name for whoever unpacks it.
        if matches!(key, b"path" | b"linkpath" | b"GNU.sparse.name") && value.contains(&0) {
            return Err(invalid("a name in a PAX record has a zero byte"));
        }
        let text = || (!value.is_empty()).then(|| value.to_vec());
        match key {
            // A record without a value takes back an earlier one.
            b"path" => self.path = text(),
            b"linkpath" => self.link = text(),
            b"size" if value.is_empty() => self.size = None,
            b"size" => self.size = Some(decimal(value)?),
            b"GNU.sparse.name" => self.sparse_name = text(),
            b"GNU.sparse.realsize" | b"GNU.sparse.size" => self.sparse_size = Some(decimal(value)?),
            b"GNU.sparse.major" => self.sparse_major = Some(decimal(value)?),
            b"GNU.sparse.minor" => self.sparse_minor = Some(decimal(value)?),
            b"GNU.sparse.offset" => self.sparse_offset = Some(decimal(value)?),
            b"GNU.sparse.numbytes" => {
                if let Some(start) = self.sparse_offset.take() {
                    self.sparse_map.push((start, decimal(value)?));
                }
            }
            b"GNU.sparse.map" => {
                let mut numbers = value.split(|byte| *byte == b',');
                while let (Some(start), Some(bytes)) = (numbers.next(), numbers.next()) {
                    self.sparse_map.push((decimal(start)?, decimal(bytes)?));
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) const fn is_sparse(&self) -> bool {
        self.sparse_major.is_some() || self.sparse_minor.is_some() || !self.sparse_map.is_empty()
    }

    /// Version 0.0 does not state itself.
    pub(super) fn sparse_version(&self) -> (u64, u64) {
        (self.sparse_major.unwrap_or_default(), self.sparse_minor.unwrap_or_default())
    }

    /// Bytes that are kept.
    pub(super) fn bytes(&self) -> u64 {
        let names = [&self.path, &self.long_path, &self.link, &self.sparse_name];
        let names: usize = names.into_iter().flatten().map(Vec::len).sum();
        (names + 16 * self.sparse_map.len()) as u64
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

/// A decimal number without sign, in the range of a signed one.
pub(super) fn decimal(text: &[u8]) -> io::Result<u64> {
    let parsed = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
    parsed.filter(|number| i64::try_from(*number).is_ok()).ok_or_else(|| {
        invalid(format!("`{}` is no number", text[..text.len().min(40)].escape_ascii()))
    })
}
