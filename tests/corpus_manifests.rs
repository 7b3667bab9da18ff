//! The manifest extractors against files that nobody here wrote, and against what other tools say
//! about them.
//!
//! `FLOWDOWN_CORPUS` names the folder with the files and `EXPECTED.json`; `FLOWDOWN_PYTHON` names a
//! Python whose installed packages are compared with `pip list`. Without them the trials are listed
//! as ignored.

mod corpus_manifests {
    pub(crate) mod oracles;
    pub(crate) mod reading;
}

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use corpus_manifests::oracles::{
    Difference, compare, differences, formats_of, is_of_another_format,
};
use corpus_manifests::reading::{Reading, read_as};
use flowdown_core::extract::manifests::ALL;
use flowdown_core::model::Code;
use flowdown_test_support::outside::{self, CORPUS, Hostile, PYTHON, files_below, ignored};
use libtest_mimic::{Arguments, Failed, Trial};

/// No file of the corpus may take longer through one extractor, in a build without optimisation.
const MAX_TIME: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    match outside::named(CORPUS) {
        Some(corpus) => trials.extend(corpus_trials(&corpus)),
        None => {
            for name in ["counts", "generated", "hostile", "json_suite", "manifests"] {
                trials.push(ignored(name, CORPUS));
            }
        }
    }
    trials.extend(outside::trials(PYTHON, &[("pip_list", same_as_pip_list)]));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn corpus_trials(corpus: &Path) -> Vec<Trial> {
    let mut trials = Vec::new();
    let expected =
        std::fs::read_to_string(corpus.join("EXPECTED.json")).expect("the corpus has the file");
    let expected: serde_json::Value =
        serde_json::from_str(&expected).expect("what the corpus expects is JSON");
    let expected = expected["files"].as_object().expect("the files are an object");
    let manifests = corpus.join("manifests");
    let mut statements = 0;
    for (file, oracles) in expected {
        let formats = formats_of(file);
        for (oracle, stated) in oracles.as_object().into_iter().flatten() {
            let name = format!("counts/{file} by {oracle}");
            let Some(format) = formats else { continue };
            statements += 1;
            let (root, file) = (manifests.clone(), file.clone());
            let (oracle, stated) = (oracle.clone(), stated.clone());
            trials.push(Trial::test(name, move || {
                compare(&root, &file, format, &oracle, &stated).map_err(Failed::from)
            }));
        }
    }
    let known: BTreeSet<String> = expected.keys().cloned().collect();
    trials.push(Trial::test("counts/differences", move || few_and_known(statements, &known)));
    for part in ["manifests", "hostile"] {
        for (name, file) in files_below(&corpus.join(part)).expect("the corpus has the folder") {
            let name = format!("{part}/{name}");
            trials.push(Trial::test(name, move || every_extractor_ends(&file)));
        }
    }
    let suite = corpus.join("hostile/nst__JSONTestSuite/test_parsing");
    for (name, file) in files_below(&suite).expect("the corpus has the suite") {
        let trial = format!("json_suite/{name}");
        trials.push(Trial::test(trial, move || json_like_the_suite(&name, &file)));
    }
    let corpus = corpus.to_owned();
    trials.push(Trial::test("generated", move || generated_as_expected(&corpus)));
    trials
}

/// The contract allows differences in five of a hundred statements, each with its reason; and every
/// file that an oracle speaks about is either compared or in another format.
fn few_and_known(statements: usize, files: &BTreeSet<String>) -> Result<(), Failed> {
    let count = differences().len();
    if count * 20 > statements {
        return Err(format!("{count} differences in {statements} statements").into());
    }
    let stray = files.iter().find(|file| formats_of(file).is_none() && !is_of_another_format(file));
    if let Some(stray) = stray {
        return Err(format!("no extractor and no other format for `{stray}`").into());
    }
    match differences().iter().find(|Difference { file, .. }| !files.contains(*file)) {
        Some(stale) => Err(format!("no oracle speaks about `{}`", stale.file).into()),
        None => Ok(()),
    }
}

/// Whatever a file is, no extractor panics on it or runs away.
fn every_extractor_ends(file: &Path) -> Result<(), Failed> {
    let bytes = std::fs::read(file)?;
    for (extractor, path) in ALL.iter().zip(PATHS) {
        let start = Instant::now();
        let reading = Reading::new(*extractor, path, &bytes);
        let time = start.elapsed();
        if time > MAX_TIME {
            return Err(format!("{} took {time:?}", extractor.id()).into());
        }
        if reading.entries.len() > bytes.len() + 1 {
            return Err(format!("{} made entries from nothing", extractor.id()).into());
        }
    }
    Ok(())
}

/// A path that each extractor reads, in the order of `ALL`.
const PATHS: &[&str] = &[
    "Cargo.lock",
    "a-1.dist-info/METADATA",
    "package-lock.json",
    "poetry.lock",
    "pyproject.toml",
    "requirements.txt",
    "uv.lock",
];

/// The suite's `y_` files are JSON and its `n_` files are not; about `i_` files parsers may differ.
/// Each is read as a member of a lock file.
fn json_like_the_suite(name: &str, file: &Path) -> Result<(), Failed> {
    let mut bytes = b"{\"lockfileVersion\": 3, \"packages\": {}, \"x\": ".to_vec();
    bytes.extend(std::fs::read(file)?);
    bytes.extend(b"}");
    let reading = read_as("package_lock", "package-lock.json", &bytes);
    let faults = reading.diagnostics.iter().filter(|d| d.code != Code::ManifestDuplicateKey);
    match (name.split('_').next(), faults.count()) {
        (Some("y"), 0) | (Some("i"), _) => Ok(()),
        (Some("n"), count) if count > 0 => Ok(()),
        (_, count) => Err(format!("{count} faults: {:?}", reading.diagnostics).into()),
    }
}

/// `EXPECT.tsv` says of each generated file whether to accept it, to refuse it or to warn.
fn generated_as_expected(corpus: &Path) -> Result<(), Failed> {
    let hostile = Hostile::generate(corpus)?;
    let mut checked = 0;
    for [path, wish, why] in &hostile.expected {
        if !path.starts_with("manifests/") {
            continue;
        }
        let bytes = std::fs::read(hostile.root().join(path))?;
        let Some(reading) = Reading::by_probe(path, &bytes) else { continue };
        let problems = reading.diagnostics.len() + reading.include_problems(hostile.root());
        match &**wish {
            "accept" if problems == 0 => {}
            "reject" | "warn" if problems > 0 => {}
            _ => return Err(format!("{path}: {wish} ({why}), but {problems} problems").into()),
        }
        checked += 1;
    }
    // Two pom.xml and a RECORD belong to no extractor of this folder.
    if checked < 10 {
        return Err(format!("only {checked} files were wanted").into());
    }
    Ok(())
}

/// Installed packages are those that pip lists.
fn same_as_pip_list(python: &Path) -> Result<(), Failed> {
    let run = |arguments: &[&str]| -> Result<String, Failed> {
        let output = Command::new(python).args(arguments).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        Ok(String::from_utf8(output.stdout)?)
    };
    let listed = run(&["-m", "pip", "list", "--format", "json", "--disable-pip-version-check"])?;
    let listed: serde_json::Value = serde_json::from_str(&listed)?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let listed: BTreeSet<(String, String)> = listed
        .as_array()
        .into_iter()
        .flatten()
        .map(|item| (text(&item["name"]), text(&item["version"])))
        .collect();
    let folder = run(&["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])?;
    let folder = PathBuf::from(folder.trim());
    let mut found = BTreeSet::new();
    for (path, file) in files_below(&folder)? {
        // A package can carry the metadata of others, as pip and setuptools do.
        if path.matches('/').count() != 1 {
            continue;
        }
        let Some(reading) = Reading::by_probe(&path, &std::fs::read(&file)?) else { continue };
        for entry in reading.entries.iter().filter(|_| path.ends_with("/METADATA")) {
            let name = entry.stated_name.clone().or(entry.name.clone()).unwrap_or_default();
            found.insert((name, entry.version.clone().unwrap_or_default()));
        }
    }
    if found.is_empty() || found != listed {
        return Err(format!("found {found:#?}, pip lists {listed:#?}").into());
    }
    Ok(())
}
