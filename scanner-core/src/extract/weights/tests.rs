//! What all weight extractors have in common.

use proptest::prelude::*;

use flowdown_test_support::gguf::{Endian, GgufBuilder, Value};
use flowdown_test_support::safetensors::{SafetensorsBuilder, with_header};

use super::ALL;
use crate::extract::testing::{read_in_pieces, wants};
use crate::extract::{Extraction, Extractor};
use crate::model::{Fact, Limits};

/// What `extractor` reads of a file; `None` when it does not want it.
pub(super) fn read_wanted(
    extractor: &dyn Extractor,
    name: &str,
    file: &[u8],
    pieces: &[usize],
    limits: &Limits,
) -> Option<Extraction> {
    wants(extractor, name, file).then(|| read_in_pieces(extractor, name, file, pieces, limits))
}

/// Compares the codes of the diagnostics and the names of the tensors that are listed.
#[track_caller]
pub(super) fn check_read(extraction: &Extraction, codes: &[&str], tensors: &[&str]) {
    assert_eq!(self::codes(extraction), codes, "{:#?}", lines(extraction));
    let listed: Vec<&str> = extraction.tensors.iter().map(|tensor| &*tensor.name).collect();
    assert_eq!(listed, tensors);
}

/// The extraction as lines, one for each fact, tensor and diagnostic: short enough to read, and
/// complete enough that two that agree are equal.
pub(super) fn lines(extraction: &Extraction) -> Vec<String> {
    let fact = |fact: &Fact| format!("{} = {:?}", fact.name.as_str(), fact.value);
    let facts = extraction.facts.iter().map(fact);
    let tensors = extraction.tensors.iter().map(|tensor| format!("{tensor:?}"));
    let diagnostics = extraction
        .diagnostics
        .iter()
        .map(|diagnostic| format!("{}: {}", diagnostic.code.as_str(), diagnostic.message));
    facts.chain(tensors).chain(diagnostics).collect()
}

/// The codes of all diagnostics, in order.
pub(super) fn codes(extraction: &Extraction) -> Vec<&'static str> {
    extraction.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}

#[test]
fn list_is_sorted_and_equals_the_folders() {
    let listed: Vec<&str> = ALL.iter().map(|extractor| extractor.id()).collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/extract/weights");
    let mut folders: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    folders.sort();
    assert_eq!(listed, folders);
}

/// Files that reach deep into the parsers, to be damaged.
fn seeds() -> Vec<Vec<u8>> {
    let keys = |builder: GgufBuilder| {
        builder
            .text("general.architecture", "llama")
            .key("general.file_type", Value::U32(15))
            .key("general.base_model.0.name", Value::text("base"))
            .key("tokenizer.ggml.tokens", Value::texts(&["a", "", "bc"]))
            .key("nested", Value::Array(9, vec![Value::Array(2, vec![Value::U16(1)])]))
            .tensor("a", &[8], 0, &[1; 32])
            .tensor("b", &[256], 12, &[2; 144])
            .tensor("c", &[32], 999, &[3; 40])
    };
    vec![
        SafetensorsBuilder::new()
            .metadata(&[("license", "mit"), ("format", "pt")])
            .tensor("a", "F32", &[2, 2], &[1; 16])
            .tensor("b", "BF16", &[], &[2; 2])
            .build(),
        with_header(br#"{"a":{"x":[[{"y":null}]],"x":1},"a":{}}"#, b"1234"),
        keys(GgufBuilder::new()).build(),
        keys(GgufBuilder::new().version(1)).build(),
        keys(GgufBuilder::new().endian(Endian::Big)).build(),
        format!(
            "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12\n",
            "0a".repeat(32)
        )
        .into_bytes(),
        br#"{"metadata":{"total_size":16},"weight_map":{"a":"m-1.safetensors","b":"../x"}}"#
            .to_vec(),
        b"PK\x03\x04 archive/data.pkl".to_vec(),
    ]
}

#[derive(Clone, Debug)]
enum Damage {
    Set(usize, u8),
    Cut(usize),
    Insert(usize, Vec<u8>),
    Repeat(usize, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = 0..400_usize;
    prop_oneof![
        (place.clone(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        (place.clone(), prop_oneof![Just(0xff), Just(0), Just(0x7f), Just(b'"')])
            .prop_map(|(at, byte)| Damage::Set(at, byte)),
        place.clone().prop_map(Damage::Cut),
        (place.clone(), prop::collection::vec(any::<u8>(), 1..9))
            .prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        (place, 1..60_usize).prop_map(|(at, count)| Damage::Repeat(at, count)),
    ]
}

fn damaged(mut file: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages {
        match damage {
            Damage::Set(at, byte) if *at < file.len() => file[*at] = *byte,
            Damage::Cut(at) => file.truncate(*at),
            Damage::Insert(at, bytes) if *at <= file.len() => {
                file.splice(*at..*at, bytes.iter().copied());
            }
            Damage::Repeat(at, count) if at + count <= file.len() => {
                let again = file[*at..at + count].to_vec();
                file.splice(*at..*at, again);
            }
            _ => {}
        }
    }
    file
}

const NAMES: &[&str] = &["x.safetensors", "x.gguf", "x.safetensors.index.json", "x.bin", "x"];

fn small_limits() -> Limits {
    Limits {
        safetensors_header_bytes: 4096,
        gguf_header_bytes: 4096,
        config_bytes: 4096,
        tensors: 3,
        metadata_keys: 4,
        metadata_value_bytes: 16,
        nesting: 3,
        ..Limits::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn damaged_files_give_the_same_however_they_are_fed(
        seed in 0..8_usize,
        damages in prop::collection::vec(damage(), 0..5),
        pieces in prop::collection::vec(1..80_usize, 1..6),
        name in prop::sample::select(NAMES),
        limits in prop::sample::select(vec![Limits::default(), small_limits()]),
    ) {
        let file = damaged(seeds()[seed].clone(), &damages);
        for extractor in ALL {
            let whole = read_wanted(*extractor, name, &file, &[file.len().max(1)], &limits);
            let cut = read_wanted(*extractor, name, &file, &pieces, &limits);
            prop_assert_eq!(
                whole.as_ref().map(lines), cut.as_ref().map(lines), "{}", extractor.id()
            );
            if let Some(extraction) = whole {
                check_bounds(&extraction, file.len() as u64, &limits)?;
            }
        }
    }

    #[test]
    fn arbitrary_bytes_are_read_without_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        name in prop::sample::select(NAMES),
    ) {
        for extractor in ALL {
            read_wanted(*extractor, name, &bytes, &[7], &Limits::default());
        }
    }
}

/// What is kept of a file is bounded by the limits and by the file, whatever the file claims.
fn check_bounds(extraction: &Extraction, size: u64, limits: &Limits) -> Result<(), TestCaseError> {
    prop_assert!(extraction.tensors.len() as u64 <= limits.tensors);
    let mut names = 0;
    for tensor in &extraction.tensors {
        names += tensor.name.len() as u64;
        prop_assert!(tensor.shape.len() as u64 * 4 <= size.max(4096));
    }
    // U+FFFD takes three bytes in place of one.
    prop_assert!(names <= 3 * size);
    for fact in &extraction.facts {
        if let Some(map) = fact.value.as_map() {
            prop_assert!(map.len() as u64 <= size);
        }
    }
    Ok(())
}

#[test]
fn every_fact_that_is_reported_is_declared() {
    let mut undeclared = Vec::new();
    for file in seeds() {
        for name in NAMES {
            for extractor in ALL {
                let extraction = read_wanted(*extractor, name, &file, &[64], &Limits::default());
                for fact in extraction.into_iter().flat_map(|extraction| extraction.facts) {
                    if !extractor.facts().contains(&fact.name) {
                        undeclared.push((extractor.id(), fact.name));
                    }
                }
            }
        }
    }
    assert_eq!(undeclared, []);
}
