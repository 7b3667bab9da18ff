//! Images of which only headers are read: what is passed over, what is said of it, and that it is the same
//! as what a full scan finds.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flowdown_test_support::image::{Layer, Layout, TAR};
use flowdown_test_support::random::SplitMix;
use flowdown_test_support::safetensors::SafetensorsBuilder;
use flowdown_test_support::stargz::Stargz;
use flowdown_test_support::tar::{Header, TarBuilder};
use serde_json::{Value, json};

/// Bytes of the weights that are stated; nobody could read so many in a test.
const VAST: u64 = 256 << 30;
const BLOCK: u64 = 512;

fn scan(source: &Path, more: &[&str]) -> (Value, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .args(["scan", "-o", "json=-", "--no-cache", "--threads", "2"])
        .args(more)
        .arg(source)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    let document = serde_json::from_slice(&output.stdout);
    (document.unwrap_or_else(|error| panic!("{error}: {words}")), output.status.code())
}

/// Kind, name, version and paths of everything that was found.
fn found(document: &Value) -> Vec<Value> {
    let artifacts = document["inventory"]["artifacts"].as_array().unwrap();
    artifacts
        .iter()
        .map(|it| {
            let paths: Vec<&Value> =
                it["files"].as_array().unwrap().iter().map(|file| &file["path"]).collect();
            json!([it["kind"], it["name"], it["version"], paths])
        })
        .collect()
}

/// A layer with a model, a text beside it, and a requirement.
fn small_layer() -> Vec<u8> {
    let weights = SafetensorsBuilder::new().tensor("w", "U8", &[300_000], &[7; 300_000]).build();
    TarBuilder::new()
        .folder("app/")
        .file("app/LICENSE", b"All rights reserved.\n")
        .file("app/model.safetensors", &weights)
        .file("app/requirements.txt", b"requests==2.31.0\n")
        .build()
}

/// Writes a layer whose weights are a hole, from byte `at` on; its size.
fn write_vast_layer(file: &mut File, at: u64) -> u64 {
    let header = format!(r#"{{"t":{{"dtype":"U8","shape":[{VAST}],"data_offsets":[0,{VAST}]}}}}"#);
    let size = 8 + header.len() as u64 + VAST;
    let mut write = |at: u64, bytes: &[u8]| {
        file.seek(SeekFrom::Start(at)).unwrap();
        file.write_all(bytes).unwrap();
    };
    write(at, &Header::new(b'0', b"app/model.safetensors", size).block());
    write(at + BLOCK, &(header.len() as u64).to_le_bytes());
    write(at + BLOCK + 8, header.as_bytes());
    let behind = at + BLOCK + size.next_multiple_of(BLOCK);
    let rest = TarBuilder::new().file("app/requirements.txt", b"requests==2.31.0\n").build();
    write(behind, &rest);
    behind + rest.len() as u64 - at
}

#[track_caller]
fn check_vast(source: &Path) {
    let start = Instant::now();
    let (document, code) = scan(source, &["--quick"]);
    assert_eq!(code, Some(0), "{}", document["inventory"]["diagnostics"]);
    let found = found(&document);
    assert!(found.iter().any(|it| it[0] == "model"), "{found:?}");
    // What stands behind the weights was reached.
    assert!(found.iter().any(|it| it[1] == "requests"), "{found:?}");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn weights_of_an_uncompressed_layer_are_passed_over() {
    let mut layout = Layout::new().unwrap();
    let digest = "a".repeat(64);
    let mut file = File::create(layout.path().join("blobs/sha256").join(&digest)).unwrap();
    write_vast_layer(&mut file, 0);
    let digest = format!("sha256:{digest}");
    let layer =
        Layer { media_type: TAR.to_owned(), diff_id: digest.clone(), digest, ..Layer::default() };
    layout.image("1.0", &[layer]).unwrap();
    check_vast(layout.path());
}

#[test]
fn weights_of_a_layer_in_an_archive_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image.tar");
    let mut file = File::create(&path).unwrap();
    let config = json!({ "os": "linux", "architecture": "amd64",
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{}", "a".repeat(64))] } });
    let manifest =
        json!([{ "Config": "config.json", "RepoTags": ["app:1"], "Layers": ["layer.tar"] }]);
    let small = TarBuilder::new()
        .file("config.json", config.to_string().as_bytes())
        .file("manifest.json", manifest.to_string().as_bytes())
        .build();
    // Two blocks of zeros end an archive; more follows here.
    let small = &small[..small.len() - 2 * 512];
    let start = small.len() as u64;
    file.write_all(small).unwrap();
    let bytes = write_vast_layer(&mut file, start + BLOCK);
    file.seek(SeekFrom::Start(start)).unwrap();
    file.write_all(&Header::new(b'0', b"layer.tar", bytes).block()).unwrap();
    file.seek(SeekFrom::Start(start + BLOCK + bytes.next_multiple_of(BLOCK))).unwrap();
    file.write_all(&[0; 1024]).unwrap();
    drop(file);
    check_vast(&path);
}

#[test]
fn quick_and_full_scans_find_the_same() {
    let tar = small_layer();
    for compress in [false, true] {
        let mut layout = Layout::new().unwrap();
        let layer = match compress {
            true => layout.gzip_layer(&tar).unwrap(),
            false => layout.layer(&tar).unwrap(),
        };
        layout.image("1.0", &[layer]).unwrap();
        let (full, code) = scan(layout.path(), &[]);
        assert_eq!(code, Some(0));
        let (quick, code) = scan(layout.path(), &["--quick"]);
        assert_eq!(code, Some(0), "{}", quick["inventory"]["diagnostics"]);
        assert_eq!(found(&full), found(&quick));
    }
}

/// A model and its fine-tune have the same header.
#[test]
fn models_with_equal_headers_stay_apart() {
    let weights =
        |byte: u8| SafetensorsBuilder::new().tensor("w", "U8", &[1_000], &[byte; 1_000]).build();
    let tar = TarBuilder::new()
        .file("base/model.safetensors", &weights(1))
        .file("tuned/model.safetensors", &weights(2))
        .build();
    let mut layout = Layout::new().unwrap();
    let layer = layout.layer(&tar).unwrap();
    layout.image("1.0", &[layer]).unwrap();
    let (quick, _) = scan(layout.path(), &["--quick"]);
    assert_eq!(found(&quick).len(), 2);
    assert_eq!(found(&quick), found(&scan(layout.path(), &[]).0));
}

/// A layer that ends within a file that would be passed over is broken, not short.
#[test]
fn a_layer_that_is_cut_short_is_broken() {
    let tar = small_layer();
    for cut in [tar.len() - 2 * 512 - 600, 4096 + 100_000, 1600] {
        let mut layout = Layout::new().unwrap();
        let layer = layout.layer(&tar[..cut]).unwrap();
        layout.image("1.0", &[layer]).unwrap();
        let (document, code) = scan(layout.path(), &["--quick"]);
        assert_eq!(code, Some(3), "{cut}");
        let codes = document["inventory"]["diagnostics"].to_string();
        assert!(codes.contains("image.layer-broken"), "{cut}: {codes}");
    }
}

/// What a media type says of a compression is a claim.
#[test]
fn a_compressed_layer_that_says_that_it_is_none_is_read() {
    let mut layout = Layout::new().unwrap();
    let layer = layout.gzip_layer(&small_layer()).unwrap();
    layout.image("1.0", &[Layer { media_type: TAR.to_owned(), ..layer }]).unwrap();
    let (document, code) = scan(layout.path(), &["--quick"]);
    assert_eq!(code, Some(0));
    assert_eq!(found(&document).len(), found(&scan(layout.path(), &[]).0).len());
}

/// Weights that hardly can be compressed.
fn noise(bytes: usize) -> Vec<u8> {
    let mut random = SplitMix::new(3);
    let data: Vec<u8> = (0..bytes / 8).flat_map(|_| random.bits().to_le_bytes()).collect();
    SafetensorsBuilder::new().tensor("w", "U8", &[data.len() as u64], &data).build()
}

/// A layer as eStargz, whose table `change` makes another one.
fn stargz(change: impl FnOnce(&mut Value)) -> Stargz {
    let (model, more) = (noise(5 << 20), noise(300_000));
    let files: [(&str, &[u8]); 4] = [
        ("app/LICENSE", b"All rights reserved.\n"),
        ("app/model.safetensors", &model),
        ("app/more.safetensors", &more),
        ("app/requirements.txt", b"requests==2.31.0\n"),
    ];
    Stargz::of(&files, 1 << 20, change).unwrap()
}

fn stargz_layout(layer: &Stargz) -> Layout {
    let mut layout = Layout::new().unwrap();
    let layer = layout.stargz_layer(layer).unwrap();
    layout.image("1.0", &[layer]).unwrap();
    layout
}

#[test]
fn a_table_of_contents_leads_past_weights() {
    let mut layer = stargz(|_| ());
    let (full, code) = scan(stargz_layout(&layer).path(), &[]);
    assert_eq!(code, Some(0));
    // What is passed over need not even be there as it was; the last chunk ends with the next header.
    let end = layer.blob.len();
    layer.blob[100_000..4 << 20].fill(0);
    assert!(end > 5 << 20);
    let (quick, code) = scan(stargz_layout(&layer).path(), &["--quick"]);
    let diagnostics = quick["inventory"]["diagnostics"].to_string();
    assert_eq!(code, Some(0), "{diagnostics}");
    assert_eq!(found(&full), found(&quick));
    assert!(diagnostics.contains("image.table-trusted"), "{diagnostics}");
}

/// A table that leads astray hides nothing in silence.
#[test]
fn a_wrong_table_of_contents_is_said() {
    let entry = |table: &Value, name: &str, number: usize| {
        let entries = table["entries"].as_array().unwrap();
        entries.iter().position(|it| it["name"] == name).unwrap() + number
    };
    let model = "app/model.safetensors";
    let further = |table: &mut Value| {
        let at = entry(table, model, 5);
        table["entries"][at]["offset"] =
            json!(table["entries"][at]["offset"].as_u64().unwrap() + 1);
    };
    let within = |table: &mut Value| {
        let (last, more) = (entry(table, model, 5), entry(table, "app/more.safetensors", 0));
        table["entries"][last]["offset"] =
            json!(table["entries"][more]["offset"].as_u64().unwrap() + 1);
    };
    let shifted = |table: &mut Value| {
        let at = entry(table, model, 5);
        table["entries"][at]["chunkOffset"] = json!((5 << 20) - 512);
    };
    let beyond = |table: &mut Value| {
        let at = entry(table, model, 5);
        table["entries"][at]["offset"] = json!(u64::MAX);
    };
    let changes: [&dyn Fn(&mut Value); 4] = [&further, &within, &shifted, &beyond];
    for (number, change) in changes.iter().enumerate() {
        let layout = stargz_layout(&stargz(change));
        let (document, code) = scan(layout.path(), &["--quick"]);
        let diagnostics = document["inventory"]["diagnostics"].to_string();
        assert_eq!(code, Some(3), "{number}: {diagnostics}");
        assert!(diagnostics.contains("image.layer-broken"), "{number}: {diagnostics}");
        // Nobody needs the table to read all of it.
        assert_eq!(scan(layout.path(), &[]).1, Some(0), "{number}");
    }
}

/// A table with another digest than the one that is stated is not taken: the layer at hand is read whole.
#[test]
fn another_table_of_contents_is_not_taken() {
    let mut layer = stargz(|_| ());
    layer.digest = format!("sha256:{}", "0".repeat(64));
    let layout = stargz_layout(&layer);
    let (quick, code) = scan(layout.path(), &["--quick"]);
    assert_eq!(code, Some(0));
    let (full, _) = scan(layout.path(), &[]);
    assert_eq!(found(&quick), found(&full));
    let diagnostics = full["inventory"]["diagnostics"].to_string();
    assert!(diagnostics.contains("image.table-mismatch"), "{diagnostics}");
}

/// What a full scan says of a table.
#[track_caller]
fn check_table(change: impl FnOnce(&mut Value), expected: Option<&str>) {
    let (document, code) = scan(stargz_layout(&stargz(change)).path(), &[]);
    assert_eq!(code, Some(0));
    let diagnostics = document["inventory"]["diagnostics"].to_string();
    assert_eq!(diagnostics.contains("image.table-mismatch"), expected.is_some(), "{diagnostics}");
    assert!(diagnostics.contains(expected.unwrap_or_default()), "{diagnostics}");
}

#[test]
fn a_table_of_contents_that_says_something_else_is_a_finding() {
    check_table(|_| (), None);
    check_table(|table| table["entries"][0]["name"] = json!("./app/LICENSE"), None);
    // The first file of the image is the licence; others follow.
    check_table(
        |table| table["entries"][0]["name"] = json!("app/MORE"),
        Some("differ in `2` files, first in `app/LICENSE`"),
    );
    check_table(
        |table| table["entries"][0]["size"] = json!(7),
        Some("differ in `1` files, first in `app/LICENSE`"),
    );
    check_table(
        |table| {
            let entries = table["entries"].as_array_mut().unwrap();
            entries.pop();
        },
        Some("differ in `1` files, first in `app/requirements.txt`"),
    );
    check_table(|table| *table = json!([1]), Some("cannot be used"));
}
