//! Scans layers of weights and a whole image, and compares the cost with `gzip -dc | openssl`,
//! `zstd -dc` and syft.
//!
//! The runs alternate, so that load on the machine meets all of them alike; what counts is the ratio
//! of CPU times in one round, without tensor digests. `FLOWDOWN_BENCH_BYTES` sets the size of the
//! weights (1 GiB), `FLOWDOWN_BENCH_ROUNDS` the number of rounds (3), `FLOWDOWN_BENCH_STREAM_BYTES`
//! the size of the layer that is streamed to measure memory (4 GiB). Needs `bash`, `gzip` and
//! `openssl`; the comparison with zstd needs `zstd`. `FLOWDOWN_TEST_IMAGES` names the folder with
//! `rootfs.tar` for the whole image (`tests/images/make.sh`), `FLOWDOWN_SYFT` the program syft.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

use std::env;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flowdown_test_support::image::{Layer, Layout, TAR, gzip};
use flowdown_test_support::random::SplitMix;
use flowdown_test_support::tar::Header;
use flowdown_test_support::timing::{cost, median, number, peak_kib};

const TENSOR_BYTES: u64 = 32 << 20;
const GZIP_TARGET: f64 = 0.65;
const ZSTD_TARGET: f64 = 2.2;
const SYFT_TARGET: f64 = 1.0 / 3.0;
const MEMORY_TARGET_KIB: u64 = 64 << 10;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    // Cargo passes `--bench`; under `cargo test` there is nothing to check.
    if env::args().any(|argument| argument == "--bench") { compare() } else { Ok(()) }
}

/// CPU seconds of a shell command and all that it starts.
fn cpu_seconds(script: &str) -> Outcome<f64> {
    let silent = format!("{{ {script} ; }} > /dev/null");
    Ok(cost(&["bash", "-o", "pipefail", "-c", &silent])?.cpu_seconds)
}

/// A scan, which may end with findings about made-up weights.
fn scan(source: &Path) -> String {
    let program = env!("CARGO_BIN_EXE_flowdown");
    format!(
        "{program} scan '{}' --no-tensor-digests --no-summary --no-cache 2> /dev/null",
        source.display()
    )
}

/// Median ratio of two commands, which run in turn.
fn ratio(name: &str, ours: &str, theirs: &str, target: f64) -> Outcome<bool> {
    let rounds = number("FLOWDOWN_BENCH_ROUNDS", 3);
    let mut ratios = Vec::new();
    for _ in 0..rounds {
        let (base, own) = (cpu_seconds(theirs)?, cpu_seconds(ours)?);
        println!("{name:>12} {own:8.2} s {base:8.2} s {:6.3}", own / base);
        ratios.push(own / base);
    }
    let median = median(ratios);
    println!("{name:>12} median ratio {median:.3} (target {target:.2})");
    Ok(median <= target)
}

fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

fn compare() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let weights = folder.path().join("weights.tar");
    write_layer(&weights, number("FLOWDOWN_BENCH_BYTES", 1 << 30))?;
    let mut met = true;

    let gzip_layout = packed(&[&weights], "gzip -6")?;
    let blob = gzip_layout.1[0].display().to_string();
    let theirs = format!("gzip -dc '{blob}' | openssl dgst -sha256");
    met &= ratio("gzip", &scan(gzip_layout.0.path()), &theirs, GZIP_TARGET)?;

    if has("zstd") {
        let layout = packed(&[&weights], "zstd -3")?;
        let theirs = format!("zstd -qdc '{}'", layout.1[0].display());
        met &= ratio("zstd", &scan(layout.0.path()), &theirs, ZSTD_TARGET)?;
    } else {
        println!("        zstd not compared: there is no program `zstd`");
    }

    let images = env::var_os("FLOWDOWN_TEST_IMAGES").map(PathBuf::from);
    match (images, env::var("FLOWDOWN_SYFT")) {
        (Some(images), Ok(syft)) => {
            let layout = packed(&[&images.join("rootfs.tar"), &weights], "gzip -6")?;
            let path = layout.0.path();
            let theirs = format!(
                "SYFT_CHECK_FOR_APP_UPDATE=false {syft} -q scan 'oci-dir:{}' -o cyclonedx-json",
                path.display()
            );
            met &= ratio("image, syft", &scan(path), &theirs, SYFT_TARGET)?;
        }
        _ => println!("        syft not compared: FLOWDOWN_TEST_IMAGES or FLOWDOWN_SYFT is unset"),
    }

    let bytes = number("FLOWDOWN_BENCH_STREAM_BYTES", 4 << 30);
    for is_gzip in [false, true] {
        let peak_kib = peak_of_stream(bytes, is_gzip)?;
        let kind = if is_gzip { "gzip" } else { "plain" };
        println!(
            "peak memory, {kind} layer of {} MiB on a stream: {peak_kib} KiB (target {MEMORY_TARGET_KIB})",
            bytes >> 20
        );
        met &= peak_kib <= MEMORY_TARGET_KIB;
    }
    if met { Ok(()) } else { Err("a target was missed".into()) }
}

/// A layout with an image of these layers, compressed by `program`, and their blobs.
fn packed(layers: &[&Path], program: &str) -> Outcome<(Layout, Vec<PathBuf>)> {
    let mut layout = Layout::new()?;
    let mut stated = Vec::new();
    let mut blobs = Vec::new();
    for layer in layers {
        let file = layout.path().join("blob");
        let output = File::create(&file)?;
        let mut words = program.split(' ');
        let command = words.next().unwrap_or_default();
        let status =
            Command::new(command).args(words).arg("-c").arg(layer).stdout(output).status()?;
        if !status.success() {
            return Err(format!("{program}: {status}").into());
        }
        let digest = |path: &Path| -> Outcome<String> {
            let output =
                Command::new("openssl").args(["dgst", "-sha256", "-r"]).arg(path).output()?;
            Ok(String::from_utf8(output.stdout)?.split(' ').next().unwrap_or_default().to_owned())
        };
        let (blob, diff_id) = (digest(&file)?, digest(layer)?);
        let place = layout.path().join("blobs/sha256").join(&blob);
        fs::rename(&file, &place)?;
        blobs.push(place);
        stated.push(Layer {
            media_type: TAR.to_owned(),
            digest: format!("sha256:{blob}"),
            diff_id: format!("sha256:{diff_id}"),
            ..Layer::default()
        });
    }
    layout.image("bench", &stated)?;
    Ok((layout, blobs))
}

/// Header of a safetensors file with `tensors` tensors.
fn safetensors_header(tensors: u64) -> Vec<u8> {
    let entries = (0..tensors).map(|index| {
        let (start, end) = (index * TENSOR_BYTES, (index + 1) * TENSOR_BYTES);
        let elements = TENSOR_BYTES / 2;
        format!(
            "\"layers.{index}.weight\":{{\"dtype\":\"BF16\",\"shape\":[{elements}],\
             \"data_offsets\":[{start},{end}]}}"
        )
    });
    let header = format!("{{{}}}", entries.collect::<Vec<_>>().join(","));
    [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat()
}

/// What stands before the weights in a layer, and how much stands behind them.
fn frame(bytes: u64) -> (Vec<u8>, Vec<u8>) {
    let header = safetensors_header((bytes / TENSOR_BYTES).max(1));
    let size = header.len() as u64 + (bytes / TENSOR_BYTES).max(1) * TENSOR_BYTES;
    let entry = Header::new(b'0', b"models/bench/model.safetensors", size).block();
    let padding = size.next_multiple_of(512) - size;
    (([&entry[..], &header].concat()), vec![0; padding as usize + 1024])
}

/// One MiB of weights.
fn row(random: &mut SplitMix, row: &mut Vec<u8>) {
    row.clear();
    while row.len() < 1 << 20 {
        row.extend_from_slice(&random.normal_bf16().to_le_bytes());
    }
}

/// Writes a layer with one file of normally distributed bf16 numbers. Random bytes would be stored
/// as they are, and hide the cost of decoding.
fn write_layer(path: &Path, bytes: u64) -> io::Result<()> {
    let (before, behind) = frame(bytes);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    file.write_all(&before)?;
    let (mut random, mut numbers) = (SplitMix::new(1), Vec::new());
    for _ in 0..(bytes / TENSOR_BYTES).max(1) * (TENSOR_BYTES >> 20) {
        row(&mut random, &mut numbers);
        file.write_all(&numbers)?;
    }
    file.write_all(&behind)?;
    file.flush()
}

/// Pipes an image with one large layer into the program; its peak memory.
fn peak_of_stream(bytes: u64, is_gzip: bool) -> Outcome<u64> {
    let (before, behind) = frame(bytes);
    let mut numbers = Vec::new();
    row(&mut SplitMix::new(1), &mut numbers);
    let encode = |bytes: &[u8]| if is_gzip { gzip(bytes) } else { Ok(bytes.to_vec()) };
    let (before, numbers, behind) = (encode(&before)?, encode(&numbers)?, encode(&behind)?);
    let rows = (bytes / TENSOR_BYTES).max(1) * (TENSOR_BYTES >> 20);
    let size = before.len() as u64 + rows * numbers.len() as u64 + behind.len() as u64;
    let entry = |name: &str, size: u64| Header::new(b'0', name.as_bytes(), size).block();
    let padding = |size: u64| vec![0; (size.next_multiple_of(512) - size) as usize];

    let mut child = Command::new(env!("CARGO_BIN_EXE_flowdown"))
        .args(["scan", "-", "--no-summary"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut pipe = child.stdin.take().ok_or("the program has no input")?;
    let writer = std::thread::spawn(move || -> io::Result<()> {
        for (name, document) in [
            (
                "manifest.json",
                &br#"[{"Config":"c.json","RepoTags":["a:b"],"Layers":["layer.tar"]}]"#[..],
            ),
            ("c.json", &br#"{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":[]}}"#[..]),
        ] {
            pipe.write_all(&entry(name, document.len() as u64))?;
            pipe.write_all(document)?;
            pipe.write_all(&padding(document.len() as u64))?;
        }
        pipe.write_all(&entry("layer.tar", size))?;
        pipe.write_all(&before)?;
        for _ in 0..rows {
            pipe.write_all(&numbers)?;
        }
        pipe.write_all(&behind)?;
        pipe.write_all(&padding(size))?;
        pipe.write_all(&[0; 1024])
    });
    let peak_kib = peak_kib(&mut child)?;
    writer.join().map_err(|_| "the writer failed")??;
    Ok(peak_kib)
}
