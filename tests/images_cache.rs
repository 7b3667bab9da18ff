//! What earlier scans read of a layer: the same result without its bytes, and never when in doubt.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flowdown_test_support::image::{Layer, Layout};
use flowdown_test_support::registry::{Published, Server, TAR, archive};
use flowdown_test_support::safetensors::SafetensorsBuilder;
use flowdown_test_support::stargz::Stargz;
use flowdown_test_support::tar::TarBuilder;
use serde_json::Value;

fn weights(bytes: &[u8]) -> Vec<u8> {
    let shape = [bytes.len() as u64];
    SafetensorsBuilder::new()
        .metadata(&[("license", "mit")])
        .tensor("w", "U8", &shape, bytes)
        .build()
}

/// A model, and its card above a link that gives a licence file another name.
fn layers(layout: &Layout) -> [Layer; 2] {
    let base = TarBuilder::new()
        .file("srv/model.safetensors", &weights(b"1234"))
        .file(
            "srv/terms",
            b"Copyright A\n\nAll rights reserved, and nothing is known of these words.",
        )
        .build();
    let top = TarBuilder::new()
        .file("srv/README.md", b"---\nlicense: mit\n---\n# Model\n")
        .symlink("srv/LICENSE", "terms")
        .build();
    [layout.gzip_layer(&base).unwrap(), layout.layer(&top).unwrap()]
}

struct Case {
    layout: Layout,
    layers: [Layer; 2],
    cache: tempfile::TempDir,
}

impl Case {
    fn new() -> Self {
        let mut layout = Layout::new().unwrap();
        let layers = layers(&layout);
        layout.image("app", &layers).unwrap();
        Self { layout, layers, cache: tempfile::tempdir().unwrap() }
    }

    fn scan(&self, more: &[&str]) -> Value {
        scan(self.layout.path().to_str().unwrap(), self.cache.path(), more)
    }

    fn kept(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.cache.path().join("layers")) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    fn blob(&self, layer: usize) -> PathBuf {
        let digest = self.layers[layer].digest.trim_start_matches("sha256:");
        self.layout.path().join("blobs/sha256").join(digest)
    }
}

fn scan(source: &str, cache: &Path, more: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .args(["scan", source, "-o", "json=-", "--no-summary"])
        .args(more)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .env("FLOWDOWN_CACHE", cache)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn codes(document: &Value) -> Vec<&str> {
    let diagnostics = document["inventory"]["diagnostics"].as_array().unwrap();
    diagnostics.iter().map(|it| it["code"].as_str().unwrap()).collect()
}

#[test]
fn a_second_scan_says_the_same_without_the_layers() {
    let case = Case::new();
    let first = case.scan(&[]);
    assert_eq!(first["inventory"]["artifacts"].as_array().unwrap().len(), 1);
    // Both layers, and the file that a link names differently.
    assert_eq!(case.kept().len(), 3);
    for layer in 0..2 {
        fs::write(case.blob(layer), "gone").unwrap();
    }
    assert_eq!(case.scan(&[]), first);
}

#[test]
fn other_options_and_other_layers_are_read() {
    let case = Case::new();
    case.scan(&[]);
    let full = case.kept().len();
    // Without digests of tensors other facts are read, under other keys.
    case.scan(&["--no-tensor-digests"]);
    assert_eq!(case.kept().len(), 2 * full);
    let mut other = Layout::new().unwrap();
    let [base, _] = layers(&other);
    let top = other.layer(&TarBuilder::new().file("srv/notes", b"x").build()).unwrap();
    other.image("app", &[base, top]).unwrap();
    scan(other.path().to_str().unwrap(), case.cache.path(), &[]);
    // The base is known; its new neighbour is not.
    assert_eq!(case.kept().len(), 2 * full + 1);
}

#[test]
fn a_damaged_file_is_dropped_and_the_layer_is_read_again() {
    let case = Case::new();
    let first = case.scan(&[]);
    let kept = case.kept();
    for file in &kept {
        let mut bytes = fs::read(file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xff;
        fs::write(file, bytes).unwrap();
    }
    let mut again = case.scan(&[]);
    assert_eq!(codes(&again).iter().filter(|code| **code == "cache.discarded").count(), 2);
    let diagnostics = again["inventory"]["diagnostics"].as_array_mut().unwrap();
    diagnostics.retain(|it| it["code"] != "cache.discarded");
    assert_eq!(again["inventory"], first["inventory"]);
    // What was read again is kept again.
    assert_eq!((case.kept(), case.scan(&[])), (kept, first));
}

#[test]
fn nothing_is_kept_where_nobody_wants_it_or_something_is_wrong() {
    let case = Case::new();
    case.scan(&["--no-cache"]);
    case.scan(&["--exclude", "*.md"]);
    assert_eq!(case.kept(), Vec::<PathBuf>::new());
    // A blob that is not what the manifest says is scanned, and never kept.
    fs::write(case.blob(1), TarBuilder::new().file("srv/x", b"y").build()).unwrap();
    let scanned = case.scan(&[]);
    assert!(codes(&scanned).contains(&"image.digest-mismatch"));
    assert_eq!(case.kept().len(), 1);
    assert!(codes(&case.scan(&[])).contains(&"image.digest-mismatch"));
}

#[test]
fn no_blob_of_a_known_layer_is_pulled() {
    let image = Published::of(&[
        (TAR, archive(&[("app/model.safetensors", &weights(&[7; 4_000]))])),
        (TAR, archive(&[("app/requirements.txt", b"requests==2.31.0\n")])),
    ]);
    let served = image.clone();
    let server = Server::start(move |asked| served.answer(asked));
    let cache = tempfile::tempdir().unwrap();
    let name = format!("{}/team/app:1", server.host());
    let first = scan(&name, cache.path(), &[]);
    let asked = |blob: &String| {
        let path = format!("/v2/team/app/blobs/{blob}");
        server.asked().iter().filter(|asked| asked.path == path).count()
    };
    let before: Vec<usize> = image.layers.iter().map(asked).collect();
    assert_eq!(before, [1, 1]);
    assert_eq!(scan(&name, cache.path(), &[]), first);
    assert_eq!(image.layers.iter().map(asked).collect::<Vec<_>>(), before);
}

/// A layer with a table of contents, which states `size` for its file unless that is 0.
fn stargz(size: u64) -> Layout {
    let layer = Stargz::of(&[("app/model.safetensors", &weights(&[7; 4_000]))], 1 << 20, |table| {
        if size > 0 {
            table["entries"][0]["size"] = size.into();
        }
    });
    let (mut layout, layer) = (Layout::new().unwrap(), layer.unwrap());
    let stated = layout.stargz_layer(&layer).unwrap();
    layout.image("app", &[stated]).unwrap();
    layout
}

#[test]
fn a_layer_that_differs_from_its_table_is_not_kept() {
    let cache = tempfile::tempdir().unwrap();
    let (wrong, right) = (stargz(9), stargz(0));
    let scan = |layout: &Layout| scan(layout.path().to_str().unwrap(), cache.path(), &[]);
    let mismatches = |document: &Value| {
        codes(document).iter().filter(|code| **code == "image.table-mismatch").count()
    };
    let kept = || fs::read_dir(cache.path().join("layers")).map_or(0, Iterator::count);
    for _ in 0..2 {
        assert_eq!(mismatches(&scan(&wrong)), 1);
        assert_eq!(kept(), 0);
    }
    for _ in 0..2 {
        assert_eq!(mismatches(&scan(&right)), 0);
        assert_eq!(kept(), 1);
    }
}
