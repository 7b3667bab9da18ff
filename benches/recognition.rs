//! Recognises licence texts and compares with the matcher of crate `spdx`, in the same run.
//!
//! `FLOWDOWN_BENCH_TEXT` names the text (the Apache License, with its head and its appendix, and a part of
//! it again, 14 kB), `FLOWDOWN_BENCH_COPYRIGHT` a folder with Debian's copyright files
//! (`/usr/share/doc`), `FLOWDOWN_BENCH_ROUNDS` the number of rounds (21).

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

use std::collections::HashSet;
use std::env;
use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use flowdown_core::extract::license_text::{Matcher, parts};
use flowdown_core::model::{Algorithm, CapturedText, Digest, PluginRecord, SourcePath, TextRole};
use flowdown_core::resolve::{Plugin, knowledge};
use flowdown_plugin_host::Installed;
use flowdown_plugin_sdk::Resolver;
use spdx::detection::{Store, TextData};

const TEXT_BYTES: usize = 14 << 10;
const TEXT_TARGET: Duration = Duration::from_millis(2);
const RATIO_TARGET: f64 = 10.0;
const LOAD_TARGET: Duration = Duration::from_millis(10);
const COPYRIGHT_FILES: u32 = 10_000;
const COPYRIGHT_TARGET: Duration = Duration::from_secs(6);

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    // Cargo passes `--bench`; under `cargo test` there is nothing to check.
    if env::args().nth(1).is_none_or(|argument| argument != "--bench") {
        return Ok(());
    }
    let rounds =
        env::var("FLOWDOWN_BENCH_ROUNDS").ok().and_then(|it| it.parse().ok()).unwrap_or(21);
    let load = median(rounds, || drop(black_box(load())));
    report("ready to recognise", load, LOAD_TARGET);
    let matcher = load_checked()?;
    let begin = Instant::now();
    let store = store();
    println!("index of crate spdx: {:?}", begin.elapsed());

    let text = text()?;
    let path = SourcePath::new("LICENSE");
    let ours = median(rounds, || drop(black_box(matcher.match_text(&path, &text))));
    report(&format!("one text of {} bytes", text.len()), ours, TEXT_TARGET);
    let theirs = median(rounds, || {
        black_box(store.analyze(&TextData::new(&text)));
    });
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    println!("crate spdx on it: {theirs:?}, ratio {ratio:.1} (target {RATIO_TARGET})");
    copyright_files(&matcher)
}

fn median(rounds: usize, mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..rounds.max(1))
        .map(|_| {
            let begin = Instant::now();
            run();
            begin.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn report(what: &str, found: Duration, target: Duration) {
    println!("{what}: {found:?} (target {target:?})");
}

/// What the program does before it can recognise a text: the plugins describe themselves, their knowledge
/// is taken over, the index is built.
fn load() -> Outcome<Matcher> {
    let resolvers: [Box<dyn Resolver>; 4] = [
        Box::new(flowdown_community::resolver()),
        Box::new(flowdown_lineage::resolver()),
        Box::new(flowdown_open_source::resolver()),
        Box::new(flowdown_rail::resolver()),
    ];
    let mut plugins = Vec::new();
    for resolver in resolvers {
        let installed = Installed::built_in(resolver)?;
        let descriptor = &installed.descriptor;
        let record = PluginRecord {
            id: descriptor.id.clone(),
            version: descriptor.version.clone(),
            families: descriptor.families.clone(),
            loaded: "built-in".to_owned(),
            sha256: Digest::new(Algorithm::Sha256, installed.sha256),
        };
        plugins.push(Plugin {
            resolver: installed.resolver,
            descriptor: installed.descriptor,
            record,
            options: Default::default(),
        });
    }
    Ok(Matcher::new(knowledge(&plugins).profiles))
}

/// As [`load`], after a look whether it recognises anything.
fn load_checked() -> Outcome<Matcher> {
    let matcher = load()?;
    let found = matcher.match_text(&SourcePath::new("LICENSE"), apache()?);
    if found.matches.len() != 1 || !found.diagnostics.is_empty() {
        return Err(format!("the Apache License is not recognised: {found:?}").into());
    }
    Ok(matcher)
}

fn store() -> Store {
    let mut store = Store::new();
    for (id, text) in spdx::text::LICENSE_TEXTS.iter().filter(|(_, text)| !text.is_empty()) {
        store.add_license((*id).to_owned(), TextData::new(text).without_text());
    }
    store
}

fn apache() -> Outcome<&'static str> {
    let mut texts = spdx::text::LICENSE_TEXTS.iter();
    let found = texts.find(|(id, _)| *id == "Apache-2.0").ok_or("the text is listed")?;
    Ok(found.1)
}

fn text() -> Outcome<String> {
    if let Some(path) = env::var_os("FLOWDOWN_BENCH_TEXT") {
        return Ok(fs::read_to_string(path)?);
    }
    let whole = apache()?;
    Ok(whole.chars().chain(whole.chars()).take(TEXT_BYTES).collect())
}

/// Every copyright file, each distinct paragraph once; scaled to 10,000 files.
fn copyright_files(matcher: &Matcher) -> Outcome<()> {
    let folder = env::var_os("FLOWDOWN_BENCH_COPYRIGHT").unwrap_or_else(|| "/usr/share/doc".into());
    let mut files = Vec::new();
    for entry in fs::read_dir(PathBuf::from(folder))? {
        let path = entry?.path().join("copyright");
        if let Ok(bytes) = fs::read(&path) {
            files.push(CapturedText {
                path: SourcePath::new("copyright"),
                role: TextRole::License,
                bytes: bytes.into(),
                first_line: 1,
            });
        }
    }
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    let begin = Instant::now();
    let mut distinct = HashSet::new();
    let (mut paragraphs, mut found) = (0, 0);
    for part in files.iter().flat_map(parts) {
        paragraphs += 1;
        if distinct.insert(part.sha256()) {
            found += matcher.recognize(&part).matches.len();
        }
    }
    let time = begin.elapsed();
    println!(
        "{} copyright files of {bytes} bytes, {paragraphs} parts, {} distinct, {found} matches: {time:?}",
        files.len(),
        distinct.len()
    );
    let scaled = time * COPYRIGHT_FILES / u32::try_from(files.len().max(1))?;
    report(&format!("scaled to {COPYRIGHT_FILES} files"), scaled, COPYRIGHT_TARGET);
    Ok(())
}
