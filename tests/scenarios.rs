//! Products that bring use restrictions, and exactly what of them is missing or weakened.
//!
//! Each folder of `tests/scenarios` is one product: `scenario.toml` says what it holds and what must
//! be found, nothing more and nothing less; `EULA.md` (or another file) is its customer agreement, in
//! words of our own. Where a scenario needs a licence's own words, they come from the private test
//! data when the test runs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "scenarios_runner/mod.rs"]
mod runner;

use std::path::{Path, PathBuf};

use flowdown_test_support::outside::{self, CORPUS};
use libtest_mimic::{Arguments, Trial};
use runner::Scenario;

fn main() {
    let arguments = Arguments::from_args();
    let corpus = outside::named(CORPUS);
    let trials = folders().into_iter().map(|folder| trial(&folder, corpus.as_deref())).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let entries = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn trial(folder: &Path, corpus: Option<&Path>) -> Trial {
    let scenario = Scenario::read(folder);
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    match corpus {
        None if scenario.needs_texts() => outside::ignored(&name, CORPUS),
        corpus => {
            let corpus = corpus.map(Path::to_owned);
            Trial::test(name, move || scenario.run(corpus.as_deref()))
        }
    }
}
