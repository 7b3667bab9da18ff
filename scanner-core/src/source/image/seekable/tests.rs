use std::collections::BTreeMap;

use flowdown_test_support::image::gzip;
use flowdown_test_support::random::SplitMix;
use proptest::prelude::*;

use super::*;

/// Bytes that can be passed over, and how many were read.
struct Blob {
    bytes: io::Cursor<Vec<u8>>,
}

impl Read for Blob {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer)
    }
}

impl Skip for Blob {
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let position = self
            .bytes
            .position()
            .checked_add(bytes)
            .filter(|to| *to <= self.bytes.get_ref().len() as u64);
        self.bytes.set_position(position.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// Members, each with or without content of the table: a blob, its table, and what it decodes to.
fn layer(encoding: Encoding, files: &[Vec<Vec<u8>>]) -> (Vec<u8>, Table, Vec<u8>) {
    let compress = |bytes: &[u8]| match encoding {
        Encoding::Zstd => zstd::encode_all(bytes, 1).unwrap(),
        _ => gzip(bytes).unwrap(),
    };
    let (mut blob, mut decoded) = (Vec::new(), Vec::new());
    let mut table = Table { encoding, files: BTreeMap::new() };
    for (number, chunks) in files.iter().enumerate() {
        let header = format!("header {number}");
        blob.extend(compress(header.as_bytes()));
        decoded.extend_from_slice(header.as_bytes());
        let (first, mut at) = (blob.len() as u64, 0);
        let mut places = Vec::new();
        for chunk in chunks {
            places.push(Chunk { at, offset: blob.len() as u64 });
            at += chunk.len() as u64;
            blob.extend(compress(chunk));
            decoded.extend_from_slice(chunk);
        }
        places.push(Chunk { at, offset: blob.len() as u64 });
        table.files.insert(first, places);
    }
    (blob, table, decoded)
}

fn seekable(blob: Vec<u8>, table: Table) -> Seekable<Blob> {
    Seekable::new(Blob { bytes: io::Cursor::new(blob) }, table, &Limits::default()).unwrap()
}

proptest! {
    /// Whatever is read or passed over, the bytes are those of the decoded layer at that place.
    #[test]
    fn skipping_is_reading_and_dropping(
        is_zstd in any::<bool>(),
        files in prop::collection::vec(
            prop::collection::vec(prop::collection::vec(any::<u8>(), 1..50), 1..5), 1..5),
        steps in prop::collection::vec((any::<bool>(), 0..120_usize), 0..20),
    ) {
        let encoding = if is_zstd { Encoding::Zstd } else { Encoding::Gzip };
        let (blob, table, decoded) = layer(encoding, &files);
        let mut stream = seekable(blob, table);
        let mut at = 0;
        for (is_skipped, bytes) in steps {
            if at + bytes > decoded.len() {
                prop_assert!(!is_skipped || stream.skip(bytes as u64).is_err());
                return Ok(());
            }
            if is_skipped {
                stream.skip(bytes as u64).unwrap();
            } else {
                let mut buffer = vec![0; bytes];
                stream.read_exact(&mut buffer).unwrap();
                prop_assert_eq!(&buffer[..], &decoded[at..at + bytes]);
            }
            at += bytes;
        }
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        prop_assert_eq!(&rest[..], &decoded[at..]);
    }
}

#[test]
fn what_is_passed_over_is_not_decoded() {
    for encoding in [Encoding::Gzip, Encoding::Zstd] {
        let mut random = SplitMix::new(1);
        let noise: Vec<u8> = (0..40_000).flat_map(|_| random.bits().to_le_bytes()).collect();
        let (mut blob, table, decoded) = layer(encoding, &[vec![noise, vec![2; 5000]]]);
        let places: Vec<Chunk> = table.files.values().next().unwrap().clone();
        blob[places[0].offset as usize + 200_000..places[1].offset as usize].fill(0xff);
        let mut stream = seekable(blob, table);
        let header = "header 0".len();
        stream.read_exact(&mut vec![0; header]).unwrap();
        // The member of the content has to be begun for its place to be known.
        assert_eq!(stream.read(&mut [0]).unwrap_or(0), 1);
        stream.skip(321_999).unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, decoded[header + 322_000..]);
    }
}

#[test]
fn a_bomb_is_refused() {
    for encoding in [Encoding::Gzip, Encoding::Zstd] {
        let (blob, table, _) = layer(encoding, &[vec![vec![0; 80 << 20]]]);
        let error = io::copy(&mut seekable(blob, table), &mut io::sink()).unwrap_err();
        assert_eq!(PastLimit::of(&error).map(|it| it.limit), Some("expansion_ratio"));
    }
}

#[test]
fn a_stream_that_failed_stays_so() {
    for encoding in [Encoding::Gzip, Encoding::Zstd] {
        let (blob, table, _) = layer(encoding, &[vec![vec![7; 5000]]]);
        let mut stream = seekable(blob[..blob.len() - 5].to_vec(), table);
        assert!(io::copy(&mut stream, &mut io::sink()).is_err());
        assert!(stream.read(&mut [0; 8]).is_err());
    }
}
