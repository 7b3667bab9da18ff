use std::io;
use std::sync::Mutex;

use flowdown_test_support::gguf::GgufBuilder;
use flowdown_test_support::safetensors::SafetensorsBuilder;

use super::{Depth, FileDigests, FileReport, ReadOptions, Tee, TensorDigests, read_file};
use crate::extract::{Extraction, Extractor, HEAD_BYTES, Need, Parser, Probe, weights};
use crate::model::{Algorithm, Digest, FactName, FactValue, Limits, Sha512, SourcePath};
use crate::source::ReadAt;

/// A file in memory that remembers what was read of it.
#[derive(Default)]
struct Memory {
    bytes: Vec<u8>,
    reads: Mutex<Vec<(u64, usize)>>,
    fails_at: Option<u64>,
}

impl Memory {
    fn new(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), ..Self::default() }
    }
}

impl ReadAt for Memory {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if self.fails_at.is_some_and(|at| offset + buffer.len() as u64 > at) {
            return Err(io::Error::other("bad sector"));
        }
        let rest = usize::try_from(offset).ok().and_then(|start| self.bytes.get(start..));
        let rest = rest.unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.reads.lock().unwrap().push((offset, count));
        Ok(count)
    }
}

const FULL: ReadOptions = ReadOptions {
    depth: Depth::Full,
    tensor_digests: TensorDigests::On,
    file_digests: FileDigests::Sha256,
};
const QUICK: ReadOptions = ReadOptions { depth: Depth::Headers, ..FULL };
const BOTH: ReadOptions = ReadOptions { file_digests: FileDigests::Sha256AndSha512, ..FULL };

/// Reads a file with the weight extractors.
fn check(name: &str, file: &Memory, size: u64, options: &ReadOptions) -> FileReport {
    let path = SourcePath::new(name);
    read_file(&path, size, file, weights::ALL, options, &Limits::default())
}

fn fact<'a>(report: &'a FileReport, name: &str) -> Option<&'a FactValue> {
    let facts = &report.extraction.facts;
    facts.iter().find(|fact| fact.name.as_str() == name).map(|fact| &fact.value)
}

fn messages(report: &FileReport) -> Vec<String> {
    let diagnostics = report.extraction.diagnostics.iter();
    diagnostics.map(|d| format!("{}: {}", d.code.as_str(), d.message)).collect()
}

/// A file of three tensors that spans several reads.
fn large(seed: u8) -> (Vec<u8>, [Vec<u8>; 3]) {
    let bytes = |length: usize, step: u8| -> Vec<u8> {
        (0..length).map(|index| (index % 251) as u8 ^ step.wrapping_mul(7)).collect()
    };
    let tensors = [bytes(700_000, seed), bytes(0, seed), bytes(300_001, seed.wrapping_add(1))];
    let file = SafetensorsBuilder::new()
        .tensor("first", "U8", &[700_000], &tensors[0])
        .tensor("nothing", "U8", &[0], &tensors[1])
        .tensor("last", "U8", &[300_001], &tensors[2])
        .build();
    (file, tensors)
}

fn blake3_of(bytes: &[u8]) -> Digest {
    Digest::new(Algorithm::Blake3, *blake3::hash(bytes).as_bytes())
}

#[test]
fn full_mode_reads_every_byte_once() {
    let (bytes, tensors) = large(1);
    let file = Memory::new(&bytes);
    let report = check("x", &file, bytes.len() as u64, &FULL);
    assert_eq!(report.sha256, Some(Digest::sha256_of(&bytes)));
    assert_eq!(report.read_bytes, bytes.len() as u64);
    assert_eq!(report.extractors, ["safetensors"]);
    assert_eq!(messages(&report), [""; 0]);
    let digests: Vec<_> = report.extraction.tensors.iter().map(|tensor| tensor.digest).collect();
    assert_eq!(digests, tensors.each_ref().map(|tensor| Some(blake3_of(tensor))));
    let mut position = 0;
    for (offset, count) in file.reads.into_inner().unwrap() {
        assert_eq!(offset, position);
        position += count as u64;
    }
    assert_eq!(position, bytes.len() as u64);
}

#[test]
fn gguf_tensors_are_digested_without_their_padding() {
    let bytes =
        GgufBuilder::new().tensor("a", &[5], 24, b"abcde").tensor("b", &[2], 25, b"1234").build();
    let report = check("x", &Memory::new(&bytes), bytes.len() as u64, &FULL);
    let digests: Vec<_> = report.extraction.tensors.iter().map(|tensor| tensor.digest).collect();
    assert_eq!(digests, [Some(blake3_of(b"abcde")), Some(blake3_of(b"1234"))]);
    let record = |dtype: &str, dimension: u64, bytes: &[u8]| {
        let length = (dtype.len() as u64).to_le_bytes();
        let shape = [1_u64.to_le_bytes(), dimension.to_le_bytes()].concat();
        [&length, dtype.as_bytes(), &shape, blake3_of(bytes).bytes()].concat()
    };
    let mut records = [record("I8", 5, b"abcde"), record("I16", 2, b"1234")];
    records.sort();
    let expected = Digest::sha256_of(&records.concat());
    assert_eq!(fact(&report, "weights.tensor-set-digest"), Some(&expected.into()));
    let manifest = [
        b"\x01\0\0\0\0\0\0\0a\x02\0\0\0\0\0\0\0I8".as_slice(),
        b"\x01\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0",
        b"\x01\0\0\0\0\0\0\0b\x03\0\0\0\0\0\0\0I16",
        b"\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0",
    ];
    let expected = Digest::sha256_of(&manifest.concat());
    assert_eq!(fact(&report, "weights.tensor-manifest-digest"), Some(&expected.into()));
}

#[test]
fn other_weights_under_the_same_header_have_another_content_digest() {
    let report = |seed| {
        let (bytes, _) = large(seed);
        check("x", &Memory::new(&bytes), bytes.len() as u64, &FULL)
    };
    let (one, other) = (report(1), report(9));
    for name in ["weights.header-digest", "weights.tensor-manifest-digest"] {
        assert!(fact(&one, name).is_some());
        assert_eq!(fact(&one, name), fact(&other, name));
    }
    let name = "weights.tensor-set-digest";
    assert!(fact(&one, name).is_some());
    assert_ne!(fact(&one, name), fact(&other, name));
    assert_ne!(one.sha256, other.sha256);
}

#[test]
fn quick_mode_reads_the_header_only() {
    let (bytes, _) = large(1);
    let file = Memory::new(&bytes);
    let quick = check("x", &file, bytes.len() as u64, &QUICK);
    assert_eq!(quick.sha256, None);
    assert_eq!(quick.read_bytes, HEAD_BYTES as u64);
    assert_eq!(fact(&quick, "weights.tensor-count"), Some(&FactValue::Int(3)));
    assert_eq!(fact(&quick, "weights.tensor-set-digest"), None);
    assert!(quick.extraction.tensors.iter().all(|tensor| tensor.digest.is_none()));
}

#[test]
fn files_that_nobody_wants_cost_one_read() {
    let bytes = vec![b'x'; 100_000];
    let file = Memory::new(&bytes);
    let report = check("notes.txt", &file, 100_000, &FULL);
    assert_eq!(report.sha256, None);
    assert_eq!(report.extractors, [""; 0]);
    assert_eq!(file.reads.into_inner().unwrap(), [(0, HEAD_BYTES)]);
}

#[test]
fn an_empty_file_has_the_digest_of_nothing() {
    let report = check("model.gguf", &Memory::new(b""), 0, &FULL);
    assert_eq!(report.sha256, Some(Digest::sha256_of(b"")));
    assert_eq!(report.extractors, ["empty"]);
}

#[test]
fn a_file_that_changes_has_no_digest() {
    let (bytes, _) = large(1);
    let size = bytes.len() as u64;
    let check = |file: Memory, size: u64, expected: &str| {
        let report = check("x", &file, size, &FULL);
        assert_eq!(report.sha256, None);
        let messages = messages(&report);
        assert_eq!(
            messages.iter().filter(|line| line.contains(expected)).count(),
            1,
            "{messages:?}"
        );
        // The header was read all the same.
        assert_eq!(fact(&report, "weights.tensor-count"), Some(&FactValue::Int(3)));
    };
    let shrank = format!("file.unreadable: the file ended at byte `{size}`");
    check(Memory::new(&bytes), size + 1, &shrank);
    check(Memory::new(&bytes[..500_000]), size, "file.unreadable: the file ended at byte `500000`");
    check(Memory::new(&bytes), size - 1, "file.unreadable: the file goes on after");
    let broken = Memory { bytes, fails_at: Some(600_000), ..Memory::default() };
    check(broken, size, "bad sector");
}

#[test]
fn a_head_that_cannot_be_read_is_said() {
    let file = Memory { fails_at: Some(0), ..Memory::new(b"GGUF") };
    let report = check("model.gguf", &file, 4, &FULL);
    assert_eq!(
        messages(&report),
        ["file.unreadable: reading stopped at byte `0` of `4`: bad sector"]
    );
}

/// Wants ten bytes, skips `SKIP`, wants ten more.
struct Skipping;

const SKIP: u64 = 5_000_000;

struct SkippingParser(Vec<u8>);

impl Extractor for Skipping {
    fn id(&self) -> &'static str {
        "skipping"
    }

    fn facts(&self) -> &'static [FactName] {
        &[]
    }

    fn wants(&self, _probe: &Probe<'_>) -> bool {
        true
    }

    fn begin(&self, _probe: &Probe<'_>, _limits: &Limits) -> Box<dyn Parser> {
        Box::new(SkippingParser(Vec::new()))
    }
}

impl Parser for SkippingParser {
    fn feed(&mut self, bytes: &[u8]) -> Need {
        let is_first = self.0.is_empty();
        self.0.extend_from_slice(&bytes[..1]);
        if is_first { Need::Skip(SKIP) } else { Need::Done }
    }

    fn finish(self: Box<Self>) -> Extraction {
        let location = crate::model::Location::scanned(&SourcePath::new("x"));
        let seen = String::from_utf8_lossy(&self.0).into_owned();
        let fact = crate::model::Fact::new(crate::extract::names::CARD_TITLE, seen, location);
        Extraction { facts: vec![fact], ..Extraction::default() }
    }
}

#[test]
fn skipped_bytes_are_jumped_over_or_discarded() {
    let mut bytes = vec![b'.'; SKIP as usize + 2 * HEAD_BYTES];
    bytes[0] = b'a';
    bytes[SKIP as usize + HEAD_BYTES] = b'b';
    for options in [QUICK, FULL] {
        let file = Memory::new(&bytes);
        let path = SourcePath::new("x");
        let report =
            read_file(&path, bytes.len() as u64, &file, &[&Skipping], &options, &Limits::default());
        assert_eq!(report.extraction.facts[0].value, "ab".into());
        match options.depth {
            Depth::Headers => assert_eq!(report.read_bytes, 2 * HEAD_BYTES as u64),
            Depth::Full => assert_eq!(report.read_bytes, bytes.len() as u64),
        }
    }
}

#[test]
fn sha512_comes_from_the_same_read_and_only_when_wanted() {
    let (bytes, _) = large(5);
    let size = bytes.len() as u64;
    let both = check("x", &Memory::new(&bytes), size, &BOTH);
    assert_eq!(both.sha512, Some(Sha512::of(&bytes)));
    assert_eq!((both.sha256, both.read_bytes), (Some(Digest::sha256_of(&bytes)), size));
    assert_eq!(check("x", &Memory::new(&bytes), size, &FULL).sha512, None);
    let quick = ReadOptions { depth: Depth::Headers, ..BOTH };
    assert_eq!(check("x", &Memory::new(&bytes), size, &quick).sha512, None);
    // A file that ends early has no digest of either kind.
    let cut = check("x", &Memory::new(&bytes), size + 1, &BOTH);
    assert_eq!((cut.sha256, cut.sha512), (None, None));
}

#[test]
fn a_stream_in_any_pieces_gives_the_same_report() {
    let (bytes, _) = large(3);
    let path = SourcePath::new("x");
    let probe = Probe::new(&path, bytes.len() as u64, &bytes[..HEAD_BYTES]);
    let whole = check("x", &Memory::new(&bytes), bytes.len() as u64, &FULL);
    for piece in [1009, 4096, 65_536, bytes.len()] {
        let mut tee = Tee::begin(&probe, weights::ALL, &FULL, &Limits::default()).unwrap();
        for bytes in bytes.chunks(piece) {
            tee.feed(bytes);
        }
        let report = tee.finish();
        assert_eq!(report.sha256, whole.sha256);
        assert_eq!(report.extraction.facts, whole.extraction.facts);
        assert_eq!(report.extraction.tensors, whole.extraction.tensors);
    }
}
