//! Images that mean harm, or are broken, through the binary: it ends in time and within its memory,
//! says what it could not read, and reports everything else.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flowdown_test_support::image::{Layer, Layout, TAR, gzip, sha256};
use flowdown_test_support::safetensors::SafetensorsBuilder;
use flowdown_test_support::tar::{Header, TarBuilder};
use serde_json::{Value, json};

/// No image here takes longer, in a build without optimisation on a busy machine.
const SECONDS: &str = "120";

/// Address space of the program. Most of it is stacks and arenas of threads.
const ADDRESS_SPACE_KIB: u64 = 1 << 20;

fn weights() -> Vec<u8> {
    SafetensorsBuilder::new().tensor("w", "U8", &[4], b"1234").build()
}

/// A layer with a model.
fn model(path: &str) -> TarBuilder {
    TarBuilder::new().file(&format!("{path}/model.safetensors"), &weights())
}

/// What a scan said.
struct Told {
    exit: Option<i32>,
    errors: String,
    document: Value,
}

impl Told {
    fn codes(&self) -> Vec<&str> {
        let diagnostics = self.document["inventory"]["diagnostics"].as_array();
        let codes = diagnostics.into_iter().flatten().filter_map(|it| it["code"].as_str());
        let mut codes: Vec<&str> = codes.collect();
        codes.dedup();
        codes
    }

    fn models(&self) -> usize {
        let artifacts = self.document["inventory"]["artifacts"].as_array();
        artifacts.into_iter().flatten().filter(|it| it["kind"] == "model").count()
    }

    fn paths(&self) -> Vec<&str> {
        let unclaimed = self.document["inventory"]["unclaimed"].as_array();
        unclaimed.into_iter().flatten().filter_map(|it| it["path"].as_str()).collect()
    }
}

fn scan(source: &str, input: Option<&[u8]>) -> Told {
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("document");
    let script = format!("ulimit -v {ADDRESS_SPACE_KIB} && exec timeout {SECONDS} \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_flowdown"), "scan", source]);
    command
        .args(["--no-summary", "--no-cache", "--threads", "2"])
        .arg(format!("--output=json={}", file.display()));
    command.env("SOURCE_DATE_EPOCH", "1700000000").env_remove("CLICOLOR_FORCE");
    let output = run(command, input);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(matches!(output.status.code(), Some(0 | 2 | 3)), "{}: {errors}", output.status);
    let document = fs::read(&file).ok().map(|bytes| serde_json::from_slice(&bytes).unwrap());
    Told { exit: output.status.code(), errors, document: document.unwrap_or_default() }
}

fn run(mut command: Command, input: Option<&[u8]>) -> Output {
    let Some(input) = input else { return command.stdin(Stdio::null()).output().unwrap() };
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // A program that has read enough closes its end.
        scope.spawn(move || drop(pipe.write_all(input)));
        child.wait_with_output().unwrap()
    })
}

fn scan_layout(layout: &Layout) -> Told {
    scan(layout.path().to_str().unwrap(), None)
}

/// Scans an image of these layers and one with a model.
fn check(layers: impl FnOnce(&Layout) -> Vec<Layer>, exit: i32, codes: &[&str]) -> Told {
    let mut layout = Layout::new().unwrap();
    let good = layout.gzip_layer(&model("good").build()).unwrap();
    let mut all = vec![good];
    all.extend(layers(&layout));
    layout.image("1.0", &all).unwrap();
    let told = scan_layout(&layout);
    assert_eq!((told.exit, told.codes()), (Some(exit), codes.to_vec()), "{}", told.errors);
    assert!(told.models() >= 1, "the other layer was not read: {}", told.errors);
    told
}

#[test]
fn a_layer_that_is_cut_short() {
    let told = check(
        |layout| {
            let tar = model("cut").file("rest", &[b'x'; 5000]).build();
            let mut layer = layout.layer(&tar[..4000]).unwrap();
            let whole = gzip(&tar).unwrap();
            let other = layout.layer(&whole[..whole.len() - 30]).unwrap();
            layer.diff_id = format!("sha256:{}", sha256(&tar));
            vec![layer, other]
        },
        3,
        &["image.layer-broken"],
    );
    // What stands before the end is read.
    assert_eq!(told.document["inventory"]["diagnostics"].as_array().unwrap().len(), 2);
    assert!(told.paths().contains(&"rest"));
}

#[test]
fn a_layer_with_another_digest() {
    check(
        |layout| {
            let layer = layout.layer(&TarBuilder::new().file("a", b"x").build()).unwrap();
            let file = layout.path().join("blobs").join(layer.digest.replace(':', "/"));
            fs::write(file, TarBuilder::new().file("a", b"y").build()).unwrap();
            vec![layer]
        },
        3,
        &["image.digest-mismatch"],
    );
    check(
        |layout| {
            let layer = layout.gzip_layer(&TarBuilder::new().file("a", b"x").build()).unwrap();
            vec![Layer { diff_id: format!("sha256:{}", sha256(b"other")), ..layer }]
        },
        3,
        &["image.digest-mismatch"],
    );
}

fn absent(media_type: &str) -> Layer {
    let digest = format!("sha256:{}", sha256(b"absent"));
    Layer { media_type: media_type.to_owned(), diff_id: digest.clone(), digest, ..Layer::default() }
}

#[test]
fn a_layer_that_is_not_there() {
    check(|_| vec![absent(TAR)], 3, &["image.layer-broken"]);
    let foreign = [
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
    ];
    for media_type in foreign {
        check(|_| vec![absent(media_type)], 3, &["image.layer-foreign"]);
    }
}

#[test]
fn a_layer_of_another_kind() {
    let of = |bytes: &'static [u8], media_type: &'static str| {
        move |layout: &Layout| {
            let layer = layout.layer(bytes).unwrap();
            vec![Layer { media_type: media_type.to_owned(), ..layer }]
        }
    };
    let unsupported = ["image.layer-unsupported"];
    check(of(b"\xfd7zXZ\0rest", TAR), 3, &unsupported);
    check(
        of(&[0x5a; 3000], "application/vnd.oci.image.layer.v1.tar+gzip+encrypted"),
        3,
        &unsupported,
    );
}

#[test]
fn paths_that_lead_out_of_the_image() {
    let told = check(
        |layout| {
            let tar = TarBuilder::new()
                .file("../../etc/passwd", b"x")
                .file("/absolute", b"y")
                .symlink("out", "../../../../etc/shadow")
                .symlink("to-absolute", "/absolute")
                .hard_link("linked", "../../etc/passwd");
            vec![layout.layer(&tar.build()).unwrap()]
        },
        0,
        &["image.path-escapes", "source.link-broken"],
    );
    assert_eq!(told.paths(), ["absolute", "etc/passwd", "linked", "to-absolute"]);
}

#[test]
fn links_that_lead_in_circles_and_devices() {
    let told = check(
        |layout| {
            let tar = TarBuilder::new()
                .symlink("a", "b")
                .symlink("b", "a")
                .symlink("c/d", "../c")
                .file("a/below", b"x")
                .hard_link("h", "h")
                .named(b'3', b"dev/null", b"", b"")
                .named(b'6', b"pipe", b"", b"");
            vec![layout.layer(&tar.build()).unwrap()]
        },
        0,
        &["source.entry-skipped", "source.link-broken"],
    );
    assert_eq!(told.paths(), ["a/below"]);
}

#[test]
fn two_gigabytes_of_zeros() {
    let told = check(
        |layout| {
            let header = Header::new(b'0', b"zeros", 2 << 30).block();
            let member = gzip(&vec![0; 64 << 20]).unwrap();
            let bomb = [gzip(&header).unwrap(), member.repeat(32)].concat();
            let layer = layout.layer(&bomb).unwrap();
            vec![Layer { diff_id: format!("sha256:{}", sha256(b"unknown")), ..layer }]
        },
        3,
        &["limit.reached"],
    );
    assert!(told.errors.contains("raise `limits.expansion_ratio`"), "{}", told.errors);
    // A hole in a sparse file is no better.
    check(
        |layout| {
            let huge = Header::new(b'S', b"model.safetensors", 0).gnu().number(483, 1 << 50);
            vec![layout.layer(&TarBuilder::new().entry(&huge, b"").build()).unwrap()]
        },
        3,
        &["limit.reached"],
    );
}

#[test]
fn very_many_tiny_entries() {
    const ENTRIES: usize = 200_000;
    let told = check(
        |layout| {
            let mut tar = TarBuilder::new();
            for at in 0..ENTRIES {
                tar = tar
                    .entry(&Header::new(b'0', format!("d{}/f{at}", at % 100).as_bytes(), 0), b"");
            }
            vec![layout.gzip_layer(&tar.build()).unwrap()]
        },
        0,
        &[],
    );
    assert_eq!(told.paths().len(), ENTRIES);
}

#[test]
fn an_index_that_names_itself() {
    let mut layout = Layout::new().unwrap();
    let layer = layout.layer(&model("good").build()).unwrap();
    layout.image("1.0", &[layer]).unwrap();
    let digest = sha256(b"itself");
    let itself = json!({
        "mediaType": "application/vnd.oci.image.index.v1+json", "digest": format!("sha256:{digest}"),
    });
    let index = json!({"manifests": [itself]});
    fs::write(layout.path().join("blobs/sha256").join(&digest), index.to_string()).unwrap();
    layout.describe(itself.clone()).unwrap();
    let told = scan_layout(&layout);
    let codes = ["image.digest-mismatch", "image.manifest-invalid"];
    assert_eq!(
        (told.exit, told.models(), told.codes()),
        (Some(3), 1, codes.to_vec()),
        "{}",
        told.errors
    );
    // Alone it leaves nothing to scan.
    let mut layout = Layout::new().unwrap();
    fs::write(layout.path().join("blobs/sha256").join(&digest), index.to_string()).unwrap();
    layout.describe(itself).unwrap();
    let told = scan_layout(&layout);
    assert_eq!(told.exit, Some(2));
    assert!(told.errors.contains("is not what it should be"), "{}", told.errors);
}

#[test]
fn a_stream_that_is_cut_short_or_none_at_all() {
    let archive = model("good").file("rest", &[b'x'; 5000]).build();
    for archive in [archive[..4000].to_vec(), gzip(&archive[..4000]).unwrap()] {
        let told = scan("-", Some(&archive));
        assert_eq!(
            (told.exit, told.models(), told.codes()),
            (Some(3), 1, vec!["image.layer-broken"]),
            "{}",
            told.errors
        );
    }
    let told = scan("-", Some(b"no archive at all, and longer than a header of tar would be"));
    assert_eq!(told.exit, Some(2));
    assert!(told.errors.contains("cannot be read as an archive"), "{}", told.errors);
}

#[test]
fn an_archive_whose_manifest_was_cut_off() {
    let layer = model("good").build();
    let archive = TarBuilder::new()
        .file("layer.tar", &layer)
        .file(
            "manifest.json",
            br#"[{"Config": "c.json", "RepoTags": [], "Layers": ["layer.tar"]}]"#,
        )
        .unfinished();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("image.tar");
    // Within its header, and within its content.
    for (cut, paths) in [(600, vec!["layer.tar"]), (480, vec!["layer.tar", "manifest.json"])] {
        fs::write(&file, &archive[..archive.len() - cut]).unwrap();
        let told = scan(file.to_str().unwrap(), None);
        let codes = vec!["image.layer-broken"];
        assert_eq!((told.exit, told.codes()), (Some(3), codes), "{}", told.errors);
        assert_eq!(told.paths(), paths);
    }
}

#[test]
fn archives_that_only_look_like_images() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, bytes: &[u8], models: usize, paths: &[&str]| {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let told = scan(file.to_str().unwrap(), None);
        assert_eq!((told.exit, told.models()), (Some(0), models), "{name}: {}", told.errors);
        assert_eq!(told.paths(), paths, "{name}");
    };
    let page = model("web").file("manifest.json", br#"{"short_name": "a page"}"#).build();
    check("page.tar", &page, 1, &["manifest.json"]);
    check("page.tar.gz", &gzip(&page).unwrap(), 1, &["manifest.json"]);
    // A compressed file that is no archive is a file.
    check("notes.gz", &gzip(b"notes").unwrap(), 0, &["notes.gz"]);
    assert!(Path::new(folder.path()).join("notes.gz").exists());
}

#[test]
fn files_that_only_a_link_names() {
    // ONNX is told by name and first bytes, a card by its name alone.
    let onnx = [b"\x08\x07\x12".as_slice(), &[7; 5000]].concat();
    let layers = |layout: &Layout| {
        let lower = TarBuilder::new().file("blobs/graph", &onnx).file("blobs/text", b"# A model\n");
        let upper = TarBuilder::new()
            .symlink("m/model.onnx", "../blobs/graph")
            .symlink("m/README.md", "/blobs/text")
            .symlink("m/notes", "../blobs/text");
        vec![layout.gzip_layer(&lower.build()).unwrap(), layout.layer(&upper.build()).unwrap()]
    };
    let told = check(layers, 0, &["weights.header-unread"]);
    assert_eq!(told.models(), 2);
    let mut archive = TarBuilder::new();
    let mut layout = Layout::new().unwrap();
    let all = layers(&layout);
    layout.image("1.0", &all).unwrap();
    for (name, path) in flowdown_test_support::outside::files_below(layout.path()).unwrap() {
        archive = archive.file(&name, &fs::read(path).unwrap());
    }
    let told = scan("-", Some(&archive.build()));
    assert_eq!((told.exit, told.codes()), (Some(3), vec!["image.link-unread"]), "{}", told.errors);
    let message = &told.document["inventory"]["diagnostics"][0]["message"];
    assert!(
        message.as_str().unwrap().ends_with("before it was known; so are `1` more"),
        "{message}"
    );
}
