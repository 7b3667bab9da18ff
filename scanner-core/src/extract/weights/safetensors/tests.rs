use flowdown_test_support::safetensors::{SafetensorsBuilder, with_header};

use super::super::tests::{check_read, codes, read_wanted};
use super::{Safetensors, dtype};
use crate::extract::Extraction;
use crate::extract::testing::fact;
use crate::model::{FactValue, Limits};

fn read(file: &[u8], limits: &Limits) -> Extraction {
    read_wanted(&Safetensors, "model.safetensors", file, &[5], limits).unwrap()
}

/// Reads a file; checks the codes of its diagnostics and the names of the tensors that are listed.
#[track_caller]
fn check(file: &[u8], codes: &[&str], tensors: &[&str]) -> Extraction {
    let extraction = read(file, &Limits::default());
    check_read(&extraction, codes, tensors);
    extraction
}

fn one() -> SafetensorsBuilder {
    SafetensorsBuilder::new().tensor("a", "F32", &[2, 2], &[0; 16])
}

#[test]
fn minimal_file() {
    let extraction = check(&one().build(), &[], &["a"]);
    let file = one().build();
    let header_bytes = file.len() as u64 - 16;
    assert_eq!(extraction.tensors[0].bytes, Some(header_bytes..header_bytes + 16));
    assert_eq!(extraction.tensors[0].shape, [2, 2]);
    assert_eq!(fact(&extraction, "weights.format"), Some(&"safetensors".into()));
    assert_eq!(fact(&extraction, "weights.parameter-count"), Some(&FactValue::Int(4)));
    assert_eq!(fact(&extraction, "weights.metadata"), None);
    let header = crate::model::Digest::sha256_of(&file[..header_bytes as usize]);
    assert_eq!(fact(&extraction, "weights.header-digest"), Some(&header.into()));
}

#[test]
fn every_optional_part() {
    let file = SafetensorsBuilder::new()
        .metadata(&[("license", "openrail"), ("modelspec.architecture", "sdxl")])
        .tensor("b", "BF16", &[3], &[0; 6])
        .tensor("empty", "F32", &[0, 7], &[])
        .tensor("scalar", "I64", &[], &[0; 8])
        .padding(37)
        .build();
    let extraction = check(&file, &[], &["b", "empty", "scalar"]);
    assert_eq!(fact(&extraction, "safetensors.metadata.license"), Some(&"openrail".into()));
    assert_eq!(fact(&extraction, "weights.architecture"), Some(&"sdxl".into()));
    assert_eq!(fact(&extraction, "weights.metadata-count"), Some(&FactValue::Int(2)));
    assert_eq!(fact(&extraction, "weights.parameter-count"), Some(&FactValue::Int(4)));
}

#[test]
fn every_dtype_has_its_size() {
    // Bytes of 24 elements, which fill whole bytes in every type.
    let sizes = [
        ("BOOL", 24),
        ("F4", 12),
        ("F6_E2M3", 18),
        ("F6_E3M2", 18),
        ("U8", 24),
        ("I8", 24),
        ("F8_E5M2", 24),
        ("F8_E4M3", 24),
        ("F8_E8M0", 24),
        ("F8_E4M3FNUZ", 24),
        ("F8_E5M2FNUZ", 24),
        ("I16", 48),
        ("U16", 48),
        ("F16", 48),
        ("BF16", 48),
        ("I32", 96),
        ("U32", 96),
        ("F32", 96),
        ("C64", 192),
        ("F64", 192),
        ("I64", 192),
        ("U64", 192),
    ];
    for (dtype, bytes) in sizes {
        let file = |count| SafetensorsBuilder::new().tensor("a", dtype, &[24], &vec![0; count]);
        check(&file(bytes).build(), &[], &["a"]);
        check(&file(bytes + 1).build(), &["safetensors.tensor-invalid"], &["a"]);
    }
    assert_eq!(dtype::bits("f32"), None);
}

#[test]
fn unknown_dtype_is_kept() {
    let file = SafetensorsBuilder::new().tensor("a", "X9", &[3], &[0; 5]).build();
    let extraction = check(&file, &["safetensors.unknown-dtype"], &["a"]);
    assert_eq!(extraction.tensors[0].dtype, "X9");
    assert!(extraction.tensors[0].bytes.is_some());
}

#[test]
fn truncated_at_every_byte() {
    let file = one().metadata(&[("license", "mit")]).build();
    let header_bytes = file.len() - 16;
    for length in 1..file.len() {
        let extraction = read(&file[..length], &Limits::default());
        let expected = if length < header_bytes {
            "safetensors.header-truncated"
        } else {
            "weights.data-missing"
        };
        assert_eq!(codes(&extraction), [expected], "cut at {length}");
    }
    // What stands before the cut is still there.
    let extraction = read(&file[..header_bytes - 1], &Limits::default());
    assert_eq!(fact(&extraction, "safetensors.metadata.license"), Some(&"mit".into()));
    assert_eq!(extraction.tensors[0].bytes, None);
    assert_eq!(fact(&extraction, "weights.tensor-manifest-digest"), None);
}

#[test]
fn repeated_keys_at_every_level() {
    let a = r#""a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}"#;
    let again = r#""\u0061":{"dtype":"I8","shape":[1],"data_offsets":[1,2]}"#;
    check(
        &with_header(format!("{{{a},{again}}}").as_bytes(), &[0; 2]),
        &["safetensors.duplicate-key"],
        &["a", "a"],
    );
    let twice = r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"dtype":"I8"}}"#;
    let extraction =
        check(&with_header(twice.as_bytes(), &[0]), &["safetensors.duplicate-key"], &["a"]);
    assert_eq!(extraction.tensors[0].dtype, "I8");
    let metadata = r#"{"__metadata__":{"license":"mit","licens\u0065":"openrail"}}"#;
    let extraction =
        check(&with_header(metadata.as_bytes(), &[]), &["safetensors.duplicate-key"], &[]);
    let licenses: Vec<_> = extraction
        .facts
        .iter()
        .filter(|fact| fact.name.as_str() == "safetensors.metadata.license")
        .map(|fact| fact.value.as_text().unwrap())
        .collect();
    assert_eq!(licenses, ["mit", "openrail"]);
    let both = fact(&extraction, "weights.metadata").unwrap().as_map().unwrap();
    assert_eq!(both["license"].texts(), ["mit", "openrail"]);
    let nested = r#"{"a":{"x":[{"y":1,"y":2}],"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#;
    check(&with_header(nested.as_bytes(), &[0]), &["safetensors.duplicate-key"], &["a"]);
    let sections = r#"{"__metadata__":{"a":"1"},"__metadata__":{"b":"2"}}"#;
    check(&with_header(sections.as_bytes(), &[]), &["safetensors.duplicate-key"], &[]);
}

#[test]
fn tensors_that_contradict_themselves() {
    let check = |info: &str, expected: &str| {
        let file = with_header(format!("{{\"a\":{info}}}").as_bytes(), &[0; 16]);
        let extraction = check(&file, &[expected], &["a"]);
        assert_eq!(extraction.tensors[0].bytes, None, "{info}");
    };
    let invalid = "safetensors.tensor-invalid";
    check(r#"{"dtype":"F32","shape":[3,3],"data_offsets":[0,16]}"#, invalid);
    check(r#"{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,16]}"#, invalid);
    check(r#"{"dtype":"F32","shape":[2,2],"data_offsets":[16,0]}"#, invalid);
    check(r#"{"dtype":"F32","shape":[2,2],"data_offsets":[0.0,16.0]}"#, invalid);
    check(r#"{"dtype":"F32","shape":[2,2],"data_offsets":[-16,0]}"#, invalid);
    check(r#"{"dtype":"F32","shape":[2,2],"data_offsets":[0,16,16]}"#, invalid);
    check(r#"{"dtype":"F32","shape":[2,2],"data_offsets":[0,18446744073709551616]}"#, invalid);
    check(r#"{"dtype":"F4","shape":[3],"data_offsets":[0,2]}"#, invalid);
    check(r#"{"dtype":"F32","shape":[2,2]}"#, invalid);
    check("[1]", invalid);
}

#[test]
fn tensors_that_contradict_each_other() {
    let tensor = |name: &str, start: u64, end: u64| {
        let size = end - start;
        format!(r#""{name}":{{"dtype":"U8","shape":[{size}],"data_offsets":[{start},{end}]}}"#)
    };
    let check = |entries: &[String], data: usize, expected: &[&str]| {
        let header = format!("{{{}}}", entries.join(","));
        check(&with_header(header.as_bytes(), &vec![0; data]), expected, &["a", "b"]);
    };
    let (oddity, invalid) = ("safetensors.oddity", "safetensors.tensor-invalid");
    // The order of the header is free.
    check(&[tensor("a", 8, 16), tensor("b", 0, 8)], 16, &[]);
    check(&[tensor("a", 0, 8), tensor("b", 9, 16)], 16, &[oddity]);
    check(&[tensor("a", 1, 8), tensor("b", 8, 16)], 16, &[oddity]);
    check(&[tensor("a", 0, 8), tensor("b", 7, 16)], 16, &[invalid]);
    check(&[tensor("a", 0, 8), tensor("b", 0, 8)], 8, &[invalid]);
    check(&[tensor("a", 0, 8), tensor("b", 8, 16)], 17, &[oddity]);
    check(&[tensor("a", 0, 8), tensor("b", 8, 16)], 15, &["weights.data-missing"]);
    check(&[tensor("a", 0, 0), tensor("b", 0, 0)], 0, &[]);
}

#[test]
fn metadata_of_another_type() {
    let check = |value: &str, expected: &str| {
        let header = format!(
            "{{\"__metadata__\":{value},\"a\":{{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}}}"
        );
        check(&with_header(header.as_bytes(), &[0]), &[expected], &["a"]);
    };
    check("null", "safetensors.oddity");
    check(r#"{"license":["mit"]}"#, "safetensors.oddity");
    check(r#"["mit"]"#, "safetensors.header-invalid");
    check(r#""mit""#, "safetensors.header-invalid");
    check("1", "safetensors.header-invalid");
    check("-1.5", "safetensors.header-invalid");
    check("true", "safetensors.header-invalid");
}

#[test]
fn headers_that_are_no_json() {
    let check = |header: &[u8]| {
        let extraction = read(&with_header(header, &[]), &Limits::default());
        assert_eq!(codes(&extraction), ["safetensors.header-invalid"], "{header:?}");
    };
    check(b"");
    check(b"[]");
    check(b"\xef\xbb\xbf{}");
    check(b"{\"a\":1e999}");
    check(b"{}\0\0");
    check(b"{\"\xff\":{}}");
    check(b"{\"\\ud800\":{}}");
    check(format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000)).as_bytes());
}

#[test]
fn white_space_that_the_format_forbids() {
    check(&with_header(b"  {}", &[]), &["safetensors.oddity"], &[]);
    check(&with_header(b"{}\n", &[]), &["safetensors.oddity"], &[]);
}

#[test]
fn names_that_change_a_terminal() {
    let file = SafetensorsBuilder::new().tensor("a\u{1b}[31m", "U8", &[1], &[0]).build();
    let extraction = check(&file, &["safetensors.oddity"], &["a\u{1b}[31m"]);
    assert!(extraction.diagnostics[0].message.contains(r"a\u{1b}[31m"));
    let long = "n".repeat(5000);
    let file = SafetensorsBuilder::new().tensor(&long, "U8", &[1], &[0]).build();
    check(&file, &["safetensors.oddity"], &[&*long]);
}

#[test]
fn lengths_that_lie() {
    let mut file = one().build();
    file[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    check(&file, &["safetensors.limit-reached"], &[]);
    file[..8].copy_from_slice(&4096_u64.to_le_bytes());
    // The header is complete, what follows it is not part of it.
    let extraction = check(&file, &["safetensors.header-truncated"], &["a"]);
    assert_eq!(fact(&extraction, "weights.header-digest"), None);
}

#[test]
fn limits_are_named() {
    let check = |file: &[u8], limits: Limits, tensors: usize| {
        let extraction = read(file, &limits);
        assert_eq!(codes(&extraction), ["safetensors.limit-reached"]);
        assert_eq!(extraction.tensors.len(), tensors);
    };
    let many = one().tensor("b", "U8", &[1], &[0]).tensor("c", "U8", &[1], &[0]).build();
    check(&many, Limits { tensors: 2, ..Limits::default() }, 2);
    check(&many, Limits { safetensors_header_bytes: 20, ..Limits::default() }, 0);
    let keys = one().metadata(&[("a", "1"), ("b", "2"), ("c", "3")]).build();
    check(&keys, Limits { metadata_keys: 2, ..Limits::default() }, 1);
}

#[test]
fn long_values_are_described() {
    let file = SafetensorsBuilder::new().metadata(&[("k", "12345"), ("l", "1234")]).build();
    let limits = Limits { metadata_value_bytes: 4, ..Limits::default() };
    let extraction = read(&file, &limits);
    let metadata = fact(&extraction, "weights.metadata").unwrap().as_map().unwrap();
    assert_eq!(metadata["l"], "1234".into());
    assert_eq!(metadata["k"].as_map().unwrap()["bytes"], FactValue::Int(5));
}

#[test]
fn content_decides_and_a_false_name_is_said() {
    let wants =
        |name: &str, file: &[u8]| read_wanted(&Safetensors, name, file, &[64], &Limits::default());
    assert!(wants("blobs/0123abcd", &one().build()).is_some());
    assert!(wants("model.bin", b"GGUF").is_none());
    assert!(wants("notes.txt", b"twelve bytes of text {\"a\":1}").is_none());
    let page = b"<!DOCTYPE html><title>401</title>";
    let extraction = wants("MODEL.SafeTensors", page).unwrap();
    assert_eq!(codes(&extraction), ["safetensors.header-invalid"]);
    assert!(extraction.diagnostics[0].message.contains("begins with `<!DOCTYPE html>"));
    assert_eq!(extraction.facts, []);
}

#[test]
fn mistakes_without_number_are_counted() {
    let entries: Vec<String> = (0..1000).map(|index| format!("\"{index}\":1")).collect();
    let header = format!("{{{}}}", entries.join(","));
    let extraction = read(&with_header(header.as_bytes(), &[]), &Limits::default());
    assert_eq!(extraction.diagnostics.len(), 11);
    assert!(extraction.diagnostics[10].message.contains("`990` more"));
}
