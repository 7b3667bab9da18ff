use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::{Decoder, Encoding, Measured, PastLimit};
use crate::model::{Digest, Limits};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// A skippable frame of zstd.
fn skippable(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    [&[0x53, 0x2a, 0x4d, 0x18], length.as_slice(), bytes].concat()
}

/// The decoded bytes, and what the stream was.
fn decode(stream: &[u8], limits: &Limits) -> (Vec<u8>, io::Result<Measured>) {
    let mut decoder = Decoder::new(stream, Encoding::of(stream), limits).unwrap();
    let mut decoded = Vec::new();
    match decoder.read_to_end(&mut decoded) {
        Ok(_) => (decoded, decoder.finish()),
        Err(error) => (decoded, Err(error)),
    }
}

#[track_caller]
fn check(stream: &[u8], expected: &[u8]) {
    let (decoded, measured) = decode(stream, &Limits::default());
    let measured = measured.unwrap();
    assert_eq!(decoded.escape_ascii().to_string(), expected.escape_ascii().to_string());
    assert_eq!(measured.blob, Digest::sha256_of(stream));
    assert_eq!(measured.blob_bytes, stream.len() as u64);
    assert_eq!(measured.decoded, Digest::sha256_of(expected));
    assert_eq!(measured.decoded_bytes, expected.len() as u64);
}

#[track_caller]
fn check_fails(stream: &[u8], expected: &[u8], why: &str) {
    let (decoded, measured) = decode(stream, &Limits::default());
    assert_eq!(decoded.escape_ascii().to_string(), expected.escape_ascii().to_string());
    assert_eq!(measured.unwrap_err().to_string(), why);
}

#[test]
fn members_and_frames_in_a_row_are_one_stream() {
    check(b"raw", b"raw");
    check(b"", b"");
    check(&gzip(b"one"), b"one");
    check(&gzip(b""), b"");
    check(&[gzip(b"one"), gzip(b""), gzip(b"two")].concat(), b"onetwo");
    check(&zstd(b"one"), b"one");
    check(&zstd(b""), b"");
    check(&[zstd(b"one"), zstd(b""), zstd(b"two")].concat(), b"onetwo");
    check(&[skippable(b"table"), zstd(b"one"), skippable(b""), zstd(b"two")].concat(), b"onetwo");
    check(&[zstd(b"one"), skippable(&[7; 300_000])].concat(), b"one");
    check(&skippable(b"alone"), b"");
}

#[test]
fn what_follows_the_last_member_counts_for_the_blob_only() {
    for rest in [b"\0".as_slice(), b"\x1f", b"\x1f\x8b", b"\x1f\x8b\x08", &[0; 400_000], b"garbage"]
    {
        check(&[&gzip(b"one"), rest].concat(), b"one");
    }
    // As to `zstd`, so that nothing stands behind a frame unseen.
    check_fails(
        &[&zstd(b"one"), b"garbage".as_slice()].concat(),
        b"one",
        "unknown frame descriptor",
    );
}

#[test]
fn damage_is_said_and_what_came_before_is_given() {
    let whole = gzip(&[b'x'; 100_000]);
    let (decoded, measured) = decode(&whole[..whole.len() / 2], &Limits::default());
    assert!(measured.is_err() && decoded.len() < 100_000);
    let mut wrong_sum = gzip(b"one");
    let at = wrong_sum.len() - 8;
    wrong_sum[at] ^= 1;
    check_fails(&wrong_sum, b"one", "corrupt gzip stream does not have a matching checksum");
    let second = [gzip(b"one"), wrong_sum].concat();
    check_fails(&second, b"oneone", "corrupt gzip stream does not have a matching checksum");
    check_fails(b"\x1f\x8b\x07 no method", b"", "invalid gzip header");
    let whole = zstd(b"one two three");
    let cut = decode(&whole[..whole.len() - 2], &Limits::default()).1.unwrap_err().to_string();
    assert_eq!(cut, "the stream ends within a frame of zstd");
    check_fails(
        &[&whole, &whole[..5]].concat(),
        b"one two three",
        "the stream ends within a frame of zstd",
    );
    let mut noise = whole;
    noise[8] ^= 0xff;
    assert!(decode(&noise, &Limits::default()).1.is_err());
}

#[test]
fn a_stream_that_expands_without_end_is_stopped() {
    let limits = Limits::default();
    for bomb in [gzip(&vec![0; 80 << 20]), zstd(&vec![0; 80 << 20])] {
        let mut decoder = Decoder::new(&*bomb, Encoding::of(&bomb), &limits).unwrap();
        let error = io::copy(&mut decoder, &mut io::sink()).unwrap_err();
        assert_eq!(PastLimit::of(&error).map(|it| it.limit), Some("expansion_ratio"));
        assert!(
            error
                .to_string()
                .ends_with("became more than `200` times as many (`limits.expansion_ratio`)")
        );
        assert!(decoder.decoded_bytes < 66 << 20);
        let more = Limits { expansion_ratio: 1_000_000, ..Limits::default() };
        let mut decoder = Decoder::new(&*bomb, Encoding::of(&bomb), &more).unwrap();
        assert_eq!(io::copy(&mut decoder, &mut io::sink()).unwrap(), 80 << 20);
    }
    // What is small all the same is none, and what is stored as it is cannot be one.
    let small = gzip(&vec![0; 60 << 20]);
    assert_eq!(decode(&small, &limits).0.len(), 60 << 20);
    let mut raw = Decoder::new(io::repeat(0).take(80 << 20), Encoding::Raw, &limits).unwrap();
    assert_eq!(io::copy(&mut raw, &mut io::sink()).unwrap(), 80 << 20);
}

#[test]
fn a_frame_that_asks_for_too_much_history_is_stopped() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.window_log(24).unwrap();
    encoder.write_all(b"one").unwrap();
    let stream = encoder.finish().unwrap();
    check(&stream, b"one");
    let limits = Limits { zstd_window_bytes: (16 << 20) - 1, ..Limits::default() };
    let error = decode(&stream, &limits).1.unwrap_err();
    assert_eq!(PastLimit::of(&error).map(|it| it.limit), Some("zstd_window_bytes"));
    let limits = Limits { zstd_window_bytes: 0, ..Limits::default() };
    assert!(PastLimit::of(&decode(&stream, &limits).1.unwrap_err()).is_some());
}

proptest! {
    #[test]
    fn any_pieces_decode_alike(
        parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..2000), 1..4),
        piece in 1_usize..300,
        is_gzip in any::<bool>(),
    ) {
        let encode = if is_gzip { gzip } else { zstd };
        let stream: Vec<u8> = parts.iter().flat_map(|part| encode(part)).collect();
        let mut decoder =
            Decoder::new(Pieces(&stream, piece), Encoding::of(&stream), &Limits::default()).unwrap();
        let mut decoded = Vec::new();
        decoder.read_to_end(&mut decoded).unwrap();
        prop_assert_eq!(decoded, parts.concat());
        prop_assert_eq!(decoder.finish().unwrap().blob, Digest::sha256_of(&stream));
    }

    #[test]
    fn damaged_streams_end(
        bytes in prop::collection::vec(any::<u8>(), 0..500),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..5),
        is_gzip in any::<bool>(),
    ) {
        let mut stream = if is_gzip { gzip(&bytes) } else { zstd(&bytes) };
        for (place, byte) in changes {
            let place = place.index(stream.len());
            stream[place] = byte;
        }
        if let (_, Ok(measured)) = decode(&stream, &Limits::default()) {
            prop_assert_eq!(measured.blob, Digest::sha256_of(&stream));
        }
    }
}

/// Gives at most that many bytes at once.
struct Pieces<'a>(&'a [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(self.1);
        self.0.read(&mut buffer[..count])
    }
}
