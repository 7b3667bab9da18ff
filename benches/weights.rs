//! Reads one large safetensors file and compares its cost with `openssl dgst -sha256`.
//!
//! The runs alternate, each in a process of its own, so that load on the machine meets all of them
//! alike; what counts is the ratio of CPU times in one round. `FLOWDOWN_BENCH_BYTES` sets the size
//! of the file (2 GiB), `FLOWDOWN_BENCH_ROUNDS` the number of rounds (5). Needs `bash` and
//! `openssl`.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

use std::env;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Instant;

use flowdown_core::extract::driver::{Depth, FileDigests, ReadOptions, TensorDigests, read_file};
use flowdown_core::extract::weights;
use flowdown_core::model::{Limits, SourcePath};
use flowdown_core::source::ReadAt;
use flowdown_test_support::random::SplitMix;
use flowdown_test_support::timing::{Cost, cost, median, number};

const TENSOR_BYTES: u64 = 32 << 20;
/// Of the file digest alone, and with tensor digests.
const CPU_TARGETS: [f64; 2] = [1.1, 1.6];
const MEMORY_TARGET_KIB: u64 = 64 << 10;
const HEADER_TARGET_SECONDS: f64 = 0.05;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["read", mode, file] => read(mode, Path::new(file)),
        // Cargo passes `--bench`; under `cargo test` there is nothing to check.
        ["--bench", ..] => compare(),
        _ => Ok(()),
    }
}

/// The measured process: reads the file and tells its own time and peak memory.
fn read(mode: &str, file: &Path) -> Outcome<()> {
    let (depth, tensor_digests) = match mode {
        "headers" => (Depth::Headers, TensorDigests::Off),
        "digest" => (Depth::Full, TensorDigests::Off),
        _ => (Depth::Full, TensorDigests::On),
    };
    let begin = Instant::now();
    let reader = Positioned(File::open(file)?);
    let size = reader.0.metadata()?.len();
    let options = ReadOptions { depth, tensor_digests, file_digests: FileDigests::Sha256 };
    let path = SourcePath::new("model.safetensors");
    let report = read_file(&path, size, &reader, weights::ALL, &options, &Limits::default());
    let seconds = begin.elapsed().as_secs_f64();
    if !report.extraction.diagnostics.is_empty() || report.extraction.tensors.is_empty() {
        return Err(format!("unexpected: {:?}", report.extraction.diagnostics).into());
    }
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak_kib = peak.unwrap_or_default().trim().trim_end_matches(" kB");
    println!("{seconds} {peak_kib}");
    Ok(())
}

struct Positioned(File);

impl ReadAt for Positioned {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.0.read_at(&mut buffer[filled..], offset + filled as u64)? {
                0 => break,
                count => filled += count,
            }
        }
        Ok(filled)
    }
}

fn compare() -> Outcome<()> {
    let bytes = number("FLOWDOWN_BENCH_BYTES", 2 << 30);
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("model.safetensors");
    write_weights(&file, bytes)?;
    let file = file.to_str().ok_or("the temporary folder is not UTF-8")?;
    let this = env::current_exe()?;
    let this = this.to_str().ok_or("the path of this program is not UTF-8")?;
    let openssl = ["openssl", "dgst", "-sha256", file];
    cost(&openssl)?;

    println!("file of {} MiB; CPU seconds, then ratio to openssl", bytes >> 20);
    println!(
        "{:>8} {:>8} {:>6} {:>8} {:>6} {:>9}",
        "openssl", "digest", "", "tensors", "", "peak KiB"
    );
    let mut ratios = [Vec::new(), Vec::new()];
    let mut peak_kib = 0;
    for _ in 0..number("FLOWDOWN_BENCH_ROUNDS", 5) {
        let base = cost(&openssl)?.cpu_seconds;
        let runs =
            [cost(&[this, "read", "digest", file])?, cost(&[this, "read", "tensors", file])?];
        for (ratios, run) in ratios.iter_mut().zip(&runs) {
            ratios.push(run.cpu_seconds / base);
            peak_kib = peak_kib.max(peak_of(run)?);
        }
        let [digest, tensors] = &runs;
        println!(
            "{base:8.3} {:8.3} {:6.2} {:8.3} {:6.2} {peak_kib:9}",
            digest.cpu_seconds,
            digest.cpu_seconds / base,
            tensors.cpu_seconds,
            tensors.cpu_seconds / base
        );
    }
    let program = of_program(file, &openssl, number("FLOWDOWN_BENCH_ROUNDS", 5))?;
    let headers = cost(&[this, "read", "headers", file])?;
    let header_seconds: f64 = headers.output.split(' ').next().unwrap_or_default().parse()?;

    let [digest, tensors] = ratios.map(median);
    println!("median ratio, file digest:    {digest:.3} (target {})", CPU_TARGETS[0]);
    println!("median ratio, tensor digests: {tensors:.3} (target {})", CPU_TARGETS[1]);
    println!("whole program, file digest:    {:.3} (target {})", program[0], CPU_TARGETS[0]);
    println!("whole program, tensor digests: {:.3} (target {})", program[1], CPU_TARGETS[1]);
    println!(
        "whole program, --quick: {:.1} ms (target {})",
        1e3 * program[2],
        1e3 * HEADER_TARGET_SECONDS
    );
    println!("peak memory: {peak_kib} KiB (target {MEMORY_TARGET_KIB})");
    println!(
        "header only: {:.3} ms (target {})",
        1e3 * header_seconds,
        1e3 * HEADER_TARGET_SECONDS
    );
    let missed = digest.max(program[0]) > CPU_TARGETS[0]
        || tensors.max(program[1]) > CPU_TARGETS[1]
        || program[2] > HEADER_TARGET_SECONDS
        || peak_kib > MEMORY_TARGET_KIB
        || header_seconds > HEADER_TARGET_SECONDS;
    if missed { Err("a target was missed".into()) } else { Ok(()) }
}

/// The `flowdown` program on the same file: median ratios of CPU time to `openssl` with the file
/// digest alone and with tensor digests, and the median seconds that `--quick` takes.
fn of_program(file: &str, openssl: &[&str], rounds: u64) -> Outcome<[f64; 3]> {
    let program = env!("CARGO_BIN_EXE_flowdown");
    let mut measured = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..rounds {
        let base = cost(openssl)?.cpu_seconds;
        let digest = cost(&[program, "scan", file, "--no-tensor-digests"])?.cpu_seconds;
        let tensors = cost(&[program, "scan", file])?.cpu_seconds;
        let begin = Instant::now();
        cost(&[program, "scan", file, "--quick"])?;
        let quick = begin.elapsed().as_secs_f64();
        for (measured, value) in measured.iter_mut().zip([digest / base, tensors / base, quick]) {
            measured.push(value);
        }
    }
    Ok(measured.map(median))
}

fn peak_of(run: &Cost) -> Outcome<u64> {
    Ok(run.output.trim().split(' ').nth(1).unwrap_or_default().parse()?)
}

/// Writes tensors of normally distributed bf16 numbers. Random bytes would hide the cost of
/// anything that depends on content.
fn write_weights(path: &Path, bytes: u64) -> io::Result<()> {
    let tensors = (bytes / TENSOR_BYTES).max(1);
    let entries = (0..tensors).map(|index| {
        let (start, end) = (index * TENSOR_BYTES, (index + 1) * TENSOR_BYTES);
        let elements = TENSOR_BYTES / 2;
        format!(
            "\"layers.{index}.weight\":{{\"dtype\":\"BF16\",\"shape\":[{elements}],\
             \"data_offsets\":[{start},{end}]}}"
        )
    });
    let header = format!("{{{}}}", entries.collect::<Vec<_>>().join(","));
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    file.write_all(&(header.len() as u64).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    let mut random = SplitMix::new(1);
    let mut row = Vec::with_capacity(1 << 20);
    for _ in 0..tensors * (TENSOR_BYTES >> 20) {
        row.clear();
        while row.len() < 1 << 20 {
            row.extend_from_slice(&random.normal_bf16().to_le_bytes());
        }
        file.write_all(&row)?;
    }
    file.flush()
}
