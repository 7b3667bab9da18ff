use super::super::tests::{codes, lines, read_wanted};
use super::{Shard, ShardIndex, check as check_shards};
use crate::extract::Extraction;
use crate::extract::testing::fact;
use crate::model::{FactValue, Limits, SourcePath, Tensor};

const NAME: &str = "model.safetensors.index.json";

/// Reads an index; checks the codes of its diagnostics and the shards that it names.
fn check(json: &str, expected_codes: &[&str], expected_shards: &[&str]) -> Extraction {
    let extraction =
        read_wanted(&ShardIndex, NAME, json.as_bytes(), &[7], &Limits::default()).unwrap();
    assert_eq!(codes(&extraction), expected_codes, "{:#?}", lines(&extraction));
    let shards = fact(&extraction, "weights.index.shards").map(FactValue::texts);
    assert_eq!(shards.unwrap_or_default(), expected_shards);
    extraction
}

#[test]
fn minimal_index() {
    let json = r#"{"metadata":{"total_size":24},"weight_map":{"a":"m-1","b":"m-2","c":"m-1"}}"#;
    let extraction = check(json, &[], &["m-1", "m-2"]);
    assert_eq!(fact(&extraction, "weights.index.total-size"), Some(&FactValue::Int(24)));
    let map = fact(&extraction, "weights.index.weight-map").unwrap().as_map().unwrap();
    assert_eq!(map["c"], "m-1".into());
}

#[test]
fn names_of_indexes() {
    let check = |name: &str, expected: Option<&[&str]>| {
        let extraction = read_wanted(&ShardIndex, name, b"{}", &[7], &Limits::default());
        assert_eq!(extraction.as_ref().map(codes).as_deref(), expected, "{name}");
    };
    check("pytorch_model.bin.index.json", Some(&["config.invalid"]));
    check("model.safetensors.index.fp16.json", Some(&["config.invalid"]));
    check("MODEL.SAFETENSORS.INDEX.JSON", Some(&["config.invalid"]));
    check("search.index.json", Some(&[]));
    check("index.json", None);
    check("config.json", None);
}

#[test]
fn total_sizes_in_other_notations() {
    let check = |size: &str, expected: Option<i128>| {
        let json = format!(r#"{{"metadata":{{"total_size":{size}}},"weight_map":{{"a":"m"}}}}"#);
        let extraction = check(&json, &[], &["m"]);
        let size = fact(&extraction, "weights.index.total-size").and_then(FactValue::as_int);
        assert_eq!(size, expected, "{json}");
    };
    check("1.5e3", Some(1500));
    check("24.0", Some(24));
    check("0.5", None);
    check("-1", None);
    check("1e300", None);
    check("\"24\"", None);
}

#[test]
fn names_that_leave_the_folder() {
    let mismatch = "safetensors.index-mismatch";
    let json = r#"{"weight_map":{"a":"../../etc/passwd","b":"/etc/shadow","c":"m","d":"x\\y","e":"","f":".."}}"#;
    check(json, &[mismatch; 5], &["m"]);
    check(r#"{"weight_map":{"a":1}}"#, &[mismatch], &[]);
}

#[test]
fn repeated_keys() {
    let repeated = "safetensors.duplicate-key";
    check(r#"{"weight_map":{"a":"m","\u0061":"n"}}"#, &[repeated], &["m", "n"]);
    check(r#"{"weight_map":{"a":"m"},"weight_map":{"b":"n"}}"#, &[repeated], &["m", "n"]);
    check(r#"{"metadata":{"x":1,"x":2},"weight_map":{"a":"m"}}"#, &[repeated], &["m"]);
}

#[test]
fn broken_indexes() {
    let whole = r#"{"weight_map":{"a":"m"}}"#;
    for length in 1..whole.len() {
        let extraction = check_codes(&whole[..length]);
        assert_eq!(extraction, ["config.invalid"], "cut at {length}");
    }
    check("{}", &["config.invalid"], &[]);
    check(r#"{"weight_map":[]}"#, &["config.invalid"], &[]);
    let deep = format!(r#"{{"weight_map":{{"a":{}}}}}"#, "[".repeat(100_000));
    check(&deep, &["config.invalid"], &[]);
}

fn check_codes(json: &str) -> Vec<&'static str> {
    let extraction = read_wanted(&ShardIndex, NAME, json.as_bytes(), &[7], &Limits::default());
    codes(&extraction.unwrap())
}

#[test]
fn limits_are_named() {
    let check = |limits: Limits, code: &str| {
        let json = br#"{"weight_map":{"a":"m","b":"m","c":"m"}}"#;
        let extraction = read_wanted(&ShardIndex, NAME, json, &[7], &limits).unwrap();
        assert_eq!(codes(&extraction), [code]);
    };
    check(Limits { tensors: 2, ..Limits::default() }, "safetensors.limit-reached");
    check(Limits { config_bytes: 10, ..Limits::default() }, "file.too-large");
}

#[test]
fn other_files_of_that_ending_are_left_alone() {
    let read =
        |name: &str, json: &[u8]| read_wanted(&ShardIndex, name, json, &[7], &Limits::default());
    assert!(read("config.json", b"{}").is_none());
    let extraction = read("search.index.json", b"[1]").unwrap();
    assert_eq!(lines(&extraction), [""; 0]);
}

fn tensor(name: &str, bytes: u64) -> Tensor {
    Tensor {
        name: name.to_owned(),
        dtype: "U8".to_owned(),
        shape: vec![bytes],
        bytes: Some(0..bytes),
        digest: None,
    }
}

/// Compares an index that maps `a` to `m-1` and `b` to `m-2`, 24 bytes together, with shards.
fn check_against(shards: &[(&str, Shard<'_>)], expected: &[&str]) {
    let json = r#"{"metadata":{"total_size":24},"weight_map":{"a":"m-1","b":"m-2"}}"#;
    let extraction = check(json, &[], &["m-1", "m-2"]);
    let shards: Vec<_> =
        shards.iter().map(|(name, shard)| (SourcePath::new(name), *shard)).collect();
    let found: Vec<String> = check_shards(&extraction.facts, &shards)
        .into_iter()
        .map(|diagnostic| format!("{}: {}", diagnostic.code.as_str(), diagnostic.message))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn index_against_its_shards() {
    let (a, b) = ([tensor("a", 8)], [tensor("b", 16)]);
    let whole = [("m-1", Shard::Read(&a)), ("m-2", Shard::Read(&b))];
    check_against(&whole, &[]);
    check_against(&[("m-1", Shard::Read(&a)), ("m-2", Shard::Unread)], &[]);
    check_against(
        &[("m-1", Shard::Read(&a))],
        &["weights.shard-missing: the index names the shard `m-2`, which is not here"],
    );
    check_against(
        &[("m-1", Shard::Read(&[])), ("m-2", Shard::Read(&b))],
        &[
            "safetensors.index-mismatch: the index maps `a` to `m-1`, but it stands in no shard \
             that was read",
            "safetensors.index-mismatch: `total_size` says `24` bytes, the tensors take `16`",
        ],
    );
    let both = [tensor("a", 8), tensor("b", 16)];
    check_against(
        &[("m-1", Shard::Read(&both)), ("m-2", Shard::Read(&[]))],
        &["safetensors.index-mismatch: the index maps `b` to `m-2`, but it stands in `m-1`"],
    );
    let more = [tensor("b", 16), tensor("c", 1)];
    check_against(
        &[("m-1", Shard::Read(&a)), ("m-2", Shard::Read(&more))],
        &[
            "safetensors.index-mismatch: `c` stands in `m-2` and not in the index",
            "safetensors.index-mismatch: `total_size` says `24` bytes, the tensors take `25`",
        ],
    );
}
