//! Scans a directory of 100,000 small files and compares it with `find -printf %s`, and with a program that
//! does no more than list, open, read and close each file: what any scanner costs that looks into files.
//!
//! The runs alternate, so that load on the machine meets all of them alike; what counts are the ratios in one
//! round. `FLOWDOWN_BENCH_FILES` sets the number of files, `FLOWDOWN_BENCH_ROUNDS` the number of rounds
//! (5). Needs `bash` and `find`.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

use std::env;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Stdio};

use flowdown_test_support::timing::{cost, median, number, peak_kib};

const FILES_PER_FOLDER: u64 = 1000;
const HEAD_BYTES: usize = 4096;
/// Of `find`.
const TARGET: f64 = 1.6;
const MEMORY_TARGET_KIB: u64 = 64 << 10;
const MEMORY_TARGET_BYTES_PER_FILE: u64 = 150;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["open", folder] => Ok(open_every_file(Path::new(folder))?),
        // Cargo passes `--bench`; under `cargo test` there is nothing to check.
        ["--bench", ..] => compare(),
        _ => Ok(()),
    }
}

/// The least that it takes to look into every file.
fn open_every_file(folder: &Path) -> io::Result<()> {
    let mut head = [0; HEAD_BYTES];
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            open_every_file(&entry.path())?;
        } else {
            File::open(entry.path())?.read_at(&mut head, 0)?;
        }
    }
    Ok(())
}

fn compare() -> Outcome<()> {
    let files = number("FLOWDOWN_BENCH_FILES", 100_000);
    let folder = tempfile::tempdir()?;
    for file in 0..files {
        let below = folder.path().join(format!("d{}", file / FILES_PER_FOLDER));
        fs::create_dir_all(&below)?;
        fs::write(below.join(format!("f{file}.txt")), "0123456789")?;
    }
    let tree = folder.path().to_str().ok_or("the temporary folder is not UTF-8")?;
    let this = env::current_exe()?;
    let this = this.to_str().ok_or("the path of this program is not UTF-8")?;
    let program = env!("CARGO_BIN_EXE_flowdown");
    let find = ["find", tree, "-type", "f", "-printf", "%s\\n"];
    cost(&find)?;

    println!("{files} files; CPU and elapsed seconds");
    println!("{:>16} {:>16} {:>16}", "find", "open every file", "flowdown");
    let mut ratios: [Vec<f64>; 4] = Default::default();
    for _ in 0..number("FLOWDOWN_BENCH_ROUNDS", 5) {
        let base = cost(&find)?;
        let least = cost(&[this, "open", tree])?;
        let ours = cost(&[program, "scan", tree])?;
        for run in [&base, &least, &ours] {
            print!(" {:7.2} {:7.2}  ", run.cpu_seconds, run.wall_seconds);
        }
        println!();
        let round = [
            least.cpu_seconds / base.cpu_seconds,
            ours.cpu_seconds / base.cpu_seconds,
            ours.wall_seconds / base.wall_seconds,
            ours.cpu_seconds / least.cpu_seconds,
        ];
        for (ratios, ratio) in ratios.iter_mut().zip(round) {
            ratios.push(ratio);
        }
    }
    let [least, cpu, wall, of_least] = ratios.map(median);
    let mut child = Command::new(program)
        .args(["scan", tree])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let peak_kib = peak_kib(&mut child)?;
    let memory_kib = MEMORY_TARGET_KIB + files * MEMORY_TARGET_BYTES_PER_FILE / 1024;
    println!("open every file to find, CPU: {least:.2}");
    println!("flowdown to find, CPU:        {cpu:.2} (target {TARGET})");
    println!("flowdown to find, elapsed:    {wall:.2}");
    println!("flowdown to open every file:  {of_least:.2}");
    println!("peak memory: {peak_kib} KiB (target {memory_kib})");
    let missed = cpu > TARGET || peak_kib > memory_kib;
    if missed { Err("a target was missed".into()) } else { Ok(()) }
}
