//! What is generated is what the generators write now.

use std::path::Path;
use std::process::Command;

use flowdown_test_support::outside::{self, CORPUS, Test};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("schemas_are_current", || check(&["schemas", "--check"])),
        Trial::test("the_page_of_facts_is_current", || check(&["facts", "--check"])),
    ];
    let with_corpus: [(&str, Test); 1] = [("profiles_are_those_of_the_texts", profiles)];
    trials.extend(outside::trials(CORPUS, &with_corpus));
    libtest_mimic::run(&arguments, trials).exit();
}

fn profiles(corpus: &Path) -> Result<(), Failed> {
    let folders = ["license-texts", "hf"].map(|name| corpus.join(name));
    let [texts, repositories] = folders.map(|folder| folder.to_string_lossy().into_owned());
    check(&["profiles", "--texts", &texts, "--texts", &repositories, "--check"])
}

/// Runs a generator; it says on standard error what is not current.
fn check(arguments: &[&str]) -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output =
        Command::new(env!("CARGO_BIN_EXE_xtask")).current_dir(root).args(arguments).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
}
