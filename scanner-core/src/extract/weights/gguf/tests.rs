use flowdown_test_support::gguf::{Endian, GgufBuilder, Value};

use super::super::tests::{check_read, codes, read_wanted};
use super::Gguf;
use super::types::{Storage, TENSOR_TYPES};
use crate::extract::Extraction;
use crate::extract::testing::fact;
use crate::model::{Digest, FactValue, Limits};

fn read(file: &[u8], limits: &Limits) -> Extraction {
    read_wanted(&Gguf, "model.gguf", file, &[3], limits).unwrap()
}

/// Reads a file; checks the codes of its diagnostics and the names of the tensors that are listed.
#[track_caller]
fn check(file: &[u8], codes: &[&str], tensors: &[&str]) -> Extraction {
    let extraction = read(file, &Limits::default());
    check_read(&extraction, codes, tensors);
    extraction
}

fn metadata<'a>(extraction: &'a Extraction, key: &str) -> &'a FactValue {
    &fact(extraction, "weights.metadata").unwrap().as_map().unwrap()[key]
}

fn one() -> GgufBuilder {
    GgufBuilder::new().text("general.architecture", "llama").tensor("a", &[4, 2], 0, &[0; 32])
}

const ODDITY: &str = "gguf.oddity";
const INVALID: &str = "gguf.tensor-invalid";

#[test]
fn minimal_file_of_every_version_and_byte_order() {
    for version in 1..=3 {
        for (endian, name) in [(Endian::Little, "little"), (Endian::Big, "big")] {
            let builder = one().version(version).endian(endian);
            let extraction = check(&builder.build(), &[], &["a"]);
            assert_eq!(fact(&extraction, "weights.byte-order"), Some(&name.into()));
            let stated = fact(&extraction, "weights.format-version").and_then(FactValue::as_int);
            assert_eq!(stated, Some(version.into()));
            assert_eq!(fact(&extraction, "gguf.general.architecture"), Some(&"llama".into()));
            assert_eq!(fact(&extraction, "weights.architecture"), Some(&"llama".into()));
            // The innermost dimension comes first in the file and last here.
            assert_eq!(extraction.tensors[0].shape, [2, 4]);
            let start = builder.header().len().next_multiple_of(32) as u64;
            assert_eq!(extraction.tensors[0].bytes, Some(start..start + 32));
            let header = Digest::sha256_of(&builder.header());
            assert_eq!(fact(&extraction, "weights.header-digest"), Some(&header.into()));
        }
    }
}

#[test]
fn every_value_type() {
    let file = GgufBuilder::new()
        .key("u8", Value::U8(200))
        .key("i8", Value::I8(-100))
        .key("u16", Value::U16(60_000))
        .key("i16", Value::I16(-30_000))
        .key("u32", Value::U32(4_000_000_000))
        .key("i32", Value::I32(-2_000_000_000))
        .key("f32", Value::F32(0.1))
        .key("bool", Value::Bool(1))
        .key("text", Value::text("é"))
        .key("texts", Value::texts(&["a", "b"]))
        .key("numbers", Value::Array(12, vec![Value::F64(1.5), Value::F64(2.5)]))
        .key(
            "arrays",
            Value::Array(9, vec![Value::texts(&["x"]), Value::Array(0, vec![Value::U8(1)])]),
        )
        .key("u64", Value::U64(u64::MAX))
        .key("i64", Value::I64(i64::MIN))
        .key("f64", Value::F64(-0.5));
    for endian in [Endian::Little, Endian::Big] {
        let extraction = check(&file.clone().endian(endian).build(), &[], &[]);
        let found = |key| metadata(&extraction, key);
        assert_eq!(found("u8"), &FactValue::Int(200));
        assert_eq!(found("i8"), &FactValue::Int(-100));
        assert_eq!(found("u16"), &FactValue::Int(60_000));
        assert_eq!(found("i16"), &FactValue::Int(-30_000));
        assert_eq!(found("u32"), &FactValue::Int(4_000_000_000));
        assert_eq!(found("i32"), &FactValue::Int(-2_000_000_000));
        assert_eq!(found("f32"), &"0.1".into());
        assert_eq!(found("bool"), &"true".into());
        assert_eq!(found("text"), &"é".into());
        assert_eq!(found("texts").texts(), ["a", "b"]);
        assert_eq!(found("numbers").as_map().unwrap()["of"], "float64".into());
        assert_eq!(found("numbers").as_map().unwrap()["length"], FactValue::Int(2));
        assert_eq!(found("arrays").as_map().unwrap()["of"], "array".into());
        assert_eq!(found("u64"), &FactValue::Int(u64::MAX.into()));
        assert_eq!(found("i64"), &FactValue::Int(i64::MIN.into()));
        assert_eq!(found("f64"), &"-0.5".into());
    }
}

#[test]
fn keys_that_have_facts_of_their_own() {
    let file = GgufBuilder::new()
        .text("adapter.type", "lora")
        .text("general.license", "openrail")
        .text("general.license.link", "https://example.org/license")
        .text("general.source.repo_url", "https://example.org/x")
        .key("general.base_model.count", Value::U32(2))
        .text("general.base_model.1.name", "second")
        .text("general.base_model.0.name", "first")
        .text("general.base_model.0.organization", "org")
        .key("general.dataset.count", Value::U32(1))
        .text("general.dataset.0.name", "data")
        .key("split.no", Value::U16(0))
        .key("split.count", Value::U16(3))
        .key("split.tensors.count", Value::I32(291))
        .build();
    let extraction = check(&file, &[], &[]);
    assert_eq!(fact(&extraction, "gguf.adapter.type"), Some(&"lora".into()));
    assert_eq!(fact(&extraction, "gguf.general.license"), Some(&"openrail".into()));
    assert!(fact(&extraction, "gguf.general.source-repo-url").is_some());
    let Some(FactValue::List(models)) = fact(&extraction, "gguf.general.base-model") else {
        panic!("no list");
    };
    assert_eq!(models[0].as_map().unwrap()["organization"], "org".into());
    assert_eq!(models[1].as_map().unwrap()["name"], "second".into());
    let split = fact(&extraction, "weights.split").unwrap().as_map().unwrap();
    assert_eq!(split["no"], FactValue::Int(0));
    assert_eq!(split["count"], FactValue::Int(3));
    assert_eq!(split["tensors"], FactValue::Int(291));
}

#[test]
fn tokens_are_digested_in_order() {
    let file = |tokens: &[&str]| {
        let file = GgufBuilder::new().key("tokenizer.ggml.tokens", Value::texts(tokens)).build();
        let extraction = check(&file, &[], &[]);
        *fact(&extraction, "weights.tokenizer-digest").unwrap().as_digest().unwrap()
    };
    let expected = Digest::sha256_of(b"\x02\0\0\0\0\0\0\0ab\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0c");
    assert_eq!(file(&["ab", "", "c"]), expected);
    assert_ne!(file(&["a", "bc"]), file(&["ab", "c"]));
    let many = vec!["x"; 1000];
    assert_ne!(file(&many), file(&many[1..]));
}

#[test]
fn truncated_at_every_byte() {
    let builder = one()
        .key("tokenizer.ggml.tokens", Value::texts(&["a", "b"]))
        .key("numbers", Value::Array(4, vec![Value::U32(1), Value::U32(2)]));
    let (file, header_bytes) = (builder.build(), builder.header().len());
    for length in 1..file.len() {
        let extraction = read(&file[..length], &Limits::default());
        let expected =
            if length < header_bytes { "gguf.header-truncated" } else { "weights.data-missing" };
        assert_eq!(codes(&extraction), [expected], "cut at {length}");
        assert_eq!(
            fact(&extraction, "weights.header-digest").is_some(),
            length >= header_bytes,
            "cut at {length}"
        );
    }
    let extraction = read(&file[..header_bytes - 1], &Limits::default());
    assert_eq!(fact(&extraction, "gguf.general.architecture"), Some(&"llama".into()));
}

#[test]
fn lengths_that_lie() {
    let truncated = "gguf.header-truncated";
    let keys = GgufBuilder::new().text("a", "b").announce_keys(u64::MAX).build();
    check(&keys, &[truncated], &[]);
    let tensors = GgufBuilder::new().alignment(1).described("a", &[8], 0, 0);
    check(&tensors.announce_tensors(u64::MAX).build(), &[truncated], &["a"]);
    let raw =
        |id, bytes: &[u8]| GgufBuilder::new().key("k", Value::Raw(id, bytes.to_vec())).build();
    check(&raw(8, &u64::MAX.to_le_bytes()), &[truncated], &[]);
    check(&raw(8, &(1_u64 << 32).to_le_bytes()), &[truncated], &[]);
    let array = |element: u32, length: u64| {
        let mut bytes = element.to_le_bytes().to_vec();
        bytes.extend_from_slice(&length.to_le_bytes());
        raw(9, &bytes)
    };
    check(&array(0, u64::MAX), &[truncated], &[]);
    check(&array(12, 1 << 61), &[truncated], &[]);
    check(&array(8, 1 << 61), &[truncated], &[]);
    check(&array(9, 1 << 60), &[truncated], &[]);
    check(&array(13, 0), &["gguf.header-invalid"], &[]);
    check(&raw(255, &[]), &["gguf.header-invalid"], &[]);
}

#[test]
fn nesting_is_bounded() {
    let nested = |levels: usize| {
        let mut bytes =
            [9_u32.to_le_bytes().as_slice(), &1_u64.to_le_bytes()].concat().repeat(levels - 1);
        bytes.extend_from_slice(&4_u32.to_le_bytes());
        bytes.extend_from_slice(&0_u64.to_le_bytes());
        GgufBuilder::new().key("k", Value::Raw(9, bytes)).build()
    };
    check(&nested(64), &[], &[]);
    check(&nested(65), &["gguf.limit-reached"], &[]);
    check(&nested(200_000), &["gguf.limit-reached"], &[]);
}

#[test]
fn limits_are_named() {
    let check = |file: &[u8], limits: Limits, tensors: usize| {
        let extraction = read(file, &limits);
        assert_eq!(codes(&extraction), ["gguf.limit-reached"]);
        assert_eq!(extraction.tensors.len(), tensors);
    };
    let file = one().key("b", Value::U8(1)).key("c", Value::U8(2)).tensor("b", &[1], 24, &[0]);
    check(&file.build(), Limits { tensors: 1, ..Limits::default() }, 1);
    // Keys beyond the limit are passed over, so the tensors behind them are still read.
    check(&file.build(), Limits { metadata_keys: 1, ..Limits::default() }, 2);
    check(&file.build(), Limits { gguf_header_bytes: 64, ..Limits::default() }, 0);
    let tensors = one().tensor("b", &[8], 0, &[0; 32]);
    let limits =
        Limits { gguf_header_bytes: tensors.header().len() as u64 - 1, ..Limits::default() };
    check(&tensors.build(), limits, 1);
    let long = GgufBuilder::new().text("a", &"x".repeat(500)).build();
    check(&long, Limits { gguf_header_bytes: 400, ..Limits::default() }, 0);
}

#[test]
fn long_texts_are_described() {
    let limits = Limits { metadata_value_bytes: 4, ..Limits::default() };
    let file = GgufBuilder::new().text("a", "1234").text("b", "12345").build();
    let extraction = read(&file, &limits);
    assert_eq!(metadata(&extraction, "a"), &"1234".into());
    let expected = FactValue::Digest(Digest::sha256_of(b"12345"));
    assert_eq!(metadata(&extraction, "b").as_map().unwrap()["sha256"], expected);
}

#[test]
fn versions_that_are_not_known() {
    for version in [0, 4, 0x0004_0000] {
        check(&one().version(version).build(), &["gguf.version-unknown"], &[]);
    }
}

#[test]
fn alignment_rules() {
    let file = |value: Value, alignment: usize| {
        GgufBuilder::new()
            .alignment(alignment)
            .key("general.alignment", value)
            .tensor("a", &[8], 24, &[0; 8])
            .tensor("b", &[8], 24, &[0; 8])
            .build()
    };
    let check = |value: Value, alignment, expected: &[&str], placed: usize| {
        let extraction = check(&file(value, alignment), expected, &["a", "b"]);
        let found = extraction.tensors.iter().filter(|tensor| tensor.bytes.is_some()).count();
        assert_eq!(found, placed);
    };
    check(Value::U32(64), 64, &[], 2);
    check(Value::U32(8), 8, &[], 2);
    check(Value::U32(4), 4, &[ODDITY], 2);
    check(Value::U32(0), 32, &["gguf.header-invalid"], 0);
    check(Value::U32(24), 24, &["gguf.header-invalid"], 0);
    check(Value::I32(32), 32, &["gguf.header-invalid"], 0);
    check(Value::text("32"), 32, &["gguf.header-invalid"], 0);
}

#[test]
fn repeated_keys() {
    let file =
        GgufBuilder::new().text("general.license", "mit").text("general.license", "openrail");
    let extraction = check(&file.build(), &["gguf.duplicate-key"], &[]);
    let licenses: Vec<_> = extraction
        .facts
        .iter()
        .filter(|fact| fact.name.as_str() == "gguf.general.license")
        .map(|fact| fact.value.as_text().unwrap())
        .collect();
    assert_eq!(licenses, ["mit", "openrail"]);
    let file =
        GgufBuilder::new().text("general.license", "mit").text("General.License", "openrail");
    check(&file.build(), &[ODDITY], &[]);
}

#[test]
fn keys_and_values_that_are_odd() {
    let key = |key: &str, value: Value| GgufBuilder::new().key(key, value).build();
    check(&key("", Value::U8(1)), &[ODDITY], &[]);
    check(&key("k", Value::Bool(7)), &[ODDITY], &[]);
    check(&key("general.license", Value::texts(&["mit", "openrail"])), &[ODDITY], &[]);
    check(&key("general.license", Value::text("mit\0openrail")), &[ODDITY], &[]);
    check(&key("general.license", Value::text("mit\u{202e}")), &[ODDITY], &[]);
    check(&key("tokenizer.chat_template", Value::text("\u{200b}")), &[], &[]);
    check(&key("general.base_model.count", Value::U32(u32::MAX)), &[ODDITY], &[]);
    check(&key(&"k".repeat(65_536), Value::U8(1)), &["gguf.header-invalid"], &[]);
    check(&key("general.author", Value::Text(b"\xe9t\xe9".to_vec())), &["encoding.not-utf8"], &[]);
    let file = GgufBuilder::new().raw_key(b"\xff\xfe", Value::U8(1)).build();
    check(&file, &["encoding.not-utf8", ODDITY], &[]);
}

#[test]
fn every_tensor_type_has_its_size() {
    for (id, known) in (0..).zip(TENSOR_TYPES) {
        let Storage::Blocks { elements, bytes } = known.storage else { continue };
        // Two rows of one block each, and one byte too few.
        let file = |bytes: u64| {
            let data = vec![0; usize::try_from(bytes).unwrap()];
            let builder = GgufBuilder::new().alignment(1).key("general.alignment", Value::U32(1));
            builder.tensor("a", &[elements, 2], id, &data).build()
        };
        let extraction = check(&file(2 * bytes), &[ODDITY], &["a"]);
        assert_eq!(extraction.tensors[0].dtype, known.name);
        check(&file(2 * bytes - 1), &[ODDITY, "weights.data-missing"], &["a"]);
    }
}

#[test]
fn types_without_a_settled_size() {
    for (id, dtype) in
        [(999, "type 999"), (31, "Q4_0_4_4"), (42, "Q2_0"), (u32::MAX, "type 4294967295")]
    {
        let file = GgufBuilder::new()
            .tensor("a", &[32], id, &[0; 40])
            .tensor("b", &[4], 26, &[0; 16])
            .tensor("c", &[32], id, &[0; 8])
            .build();
        let unknown = "gguf.unknown-tensor-type";
        let extraction = check(&file, &[unknown, unknown], &["a", "b", "c"]);
        assert_eq!(extraction.tensors[0].dtype, dtype);
        let lengths: Vec<u64> = extraction
            .tensors
            .iter()
            .map(|tensor| tensor.bytes.clone().map(|bytes| bytes.end - bytes.start).unwrap())
            .collect();
        // Up to the next tensor, and up to the end of the file.
        assert_eq!(lengths, [64, 16, 32]);
    }
}

#[test]
fn tensors_that_contradict_themselves() {
    let tensor = |dimensions: &[u64], id: u32| {
        GgufBuilder::new().tensor("a", dimensions, id, &[0; 32]).build()
    };
    check(&tensor(&[1 << 63, 4], 0), &[INVALID], &["a"]);
    check(&tensor(&[4_194_305, 4_194_305, 211_106_198_978_564], 0), &[INVALID], &["a"]);
    check(&tensor(&[i64::MAX as u64, 2, 1, 1], 0), &[INVALID], &["a"]);
    check(&tensor(&[1, 1, 1, 1, 8], 0), &[INVALID], &["a"]);
    check(&tensor(&[33], 2), &[INVALID], &["a"]);
    check(&tensor(&[1 << 62], 0), &[INVALID], &["a"]);
    check(&tensor(&[0], 0), &[ODDITY], &["a"]);
    check(&GgufBuilder::new().tensor("a", &[0], 0, &[]).build(), &[], &["a"]);
    check(&tensor(&[], 0), &[], &["a"]);
    let file = GgufBuilder::new().described("a", &[1; 65], 0, 0).build();
    check(&file, &["gguf.header-invalid"], &[]);
}

#[test]
fn tensors_that_contradict_each_other() {
    let file = |offset: u64, second: &str| {
        GgufBuilder::new()
            .described("a", &[8], 0, 0)
            .described(second, &[8], 0, offset)
            .data(&[0; 96])
            .build()
    };
    check(&file(32, "a"), &["gguf.duplicate-tensor", ODDITY], &["a", "a"]);
    // A hole of 32 bytes.
    check(&file(64, "b"), &[ODDITY], &["a", "b"]);
    check(&file(37, "b"), &[INVALID], &["a", "b"]);
    check(&file(0, "b"), &[ODDITY, INVALID, ODDITY], &["a", "b"]);
    check(&file(1 << 40, "b"), &[ODDITY, "weights.data-missing"], &["a", "b"]);
    check(&file(u64::MAX - 31, "b"), &[ODDITY, INVALID], &["a", "b"]);
    let polyglot = one().data(b"PK\x03\x04").build();
    check(&polyglot, &[ODDITY], &["a"]);
    let long = "n".repeat(65);
    check(&GgufBuilder::new().tensor(&long, &[8], 0, &[0; 32]).build(), &[ODDITY], &[&*long]);
}

#[test]
fn quantisation_is_compared_with_the_tensors() {
    let check = |id: u32, expected: &str, codes: &[&str]| {
        let file = GgufBuilder::new()
            .key("general.file_type", Value::U32(id))
            .tensor("a", &[256], 12, &[0; 144])
            .tensor("b", &[8], 0, &[0; 32])
            .build();
        let extraction = check(&file, codes, &["a", "b"]);
        assert_eq!(fact(&extraction, "weights.quantization"), Some(&expected.into()));
    };
    check(15, "Q4_K_M", &[]);
    check(1024 + 14, "Q4_K_S", &[]);
    check(17, "Q5_K_M", &[ODDITY]);
    check(500, "file type 500", &[ODDITY]);
}

#[test]
fn content_decides_and_a_false_name_is_said() {
    let wants = |name: &str, file: &[u8]| read_wanted(&Gguf, name, file, &[64], &Limits::default());
    assert!(wants("blobs/sha256-0123", &one().build()).is_some());
    assert!(wants("notes.txt", b"GGML").is_none());
    let extraction = wants("model.GGUF", b"PK\x03\x04").unwrap();
    assert_eq!(codes(&extraction), ["gguf.header-invalid"]);
    assert!(extraction.diagnostics[0].message.contains(r"begins with `PK\x03\x04`"));
    assert_eq!(extraction.facts, []);
}
