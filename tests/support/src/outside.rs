//! Tests that need something from outside the repository, which a variable names: private files
//! that nobody here wrote, or a Python with reference readers.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::{Failed, Trial};

/// Names the folder of private test data.
pub const CORPUS: &str = "FLOWDOWN_CORPUS";
/// Names a Python that has the reference readers.
pub const PYTHON: &str = "FLOWDOWN_PYTHON";

/// A test of what a variable names.
pub type Test = fn(&Path) -> Result<(), Failed>;

/// What `variable` names, if it is set.
#[must_use]
pub fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

/// A trial for each test; where `variable` is unset, each is listed as ignored.
#[must_use]
pub fn trials(variable: &str, tests: &[(&str, Test)]) -> Vec<Trial> {
    let trial = |(name, test): &(&str, Test)| match named(variable) {
        Some(path) => {
            let test = *test;
            Trial::test(*name, move || test(&path)).with_kind(kind(variable))
        }
        None => ignored(name, variable),
    };
    tests.iter().map(trial).collect()
}

/// A trial that is listed as ignored because `variable` is unset.
#[must_use]
pub fn ignored(name: &str, variable: &str) -> Trial {
    let not_run = || Err("the variable that it needs is unset".into());
    Trial::test(name, not_run).with_kind(kind(variable)).with_ignored_flag(true)
}

fn kind(variable: &str) -> String {
    format!("needs {variable}")
}

/// Every regular file below `root` with its name relative to it, sorted. Links are not followed.
///
/// # Errors
///
/// A folder that cannot be read.
pub fn files_below(root: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    let mut open = vec![(String::new(), root.to_owned())];
    while let Some((above, folder)) = open.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let name = format!("{above}{}", entry.file_name().display());
            if kind.is_dir() {
                open.push((format!("{name}/"), entry.path()));
            } else if kind.is_file() {
                files.push((name, entry.path()));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Generated files that are broken or hostile.
#[derive(Debug)]
pub struct Hostile {
    folder: tempfile::TempDir,
    /// Path, what to do (`accept`, `reject`, `warn`) and why, for each entry.
    pub expected: Vec<[String; 3]>,
}

impl Hostile {
    /// Runs the generator of the corpus.
    ///
    /// # Errors
    ///
    /// The generator did not run to its end, or left no table of what it expects.
    pub fn generate(corpus: &Path) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let output = Command::new("python3")
            .arg(corpus.join("tools/gen_hostile.py"))
            .arg(folder.path())
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let table = std::fs::read_to_string(folder.path().join("EXPECT.tsv"))?;
        let row = |line: &str| {
            let columns: Vec<String> = line.splitn(3, '\t').map(str::to_owned).collect();
            columns.try_into().map_err(|_| Failed::from(format!("not three columns: {line}")))
        };
        let expected = table.lines().map(row).collect::<Result<_, Failed>>()?;
        Ok(Self { folder, expected })
    }

    /// The folder that the paths of the table are relative to.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.folder.path()
    }
}

/// A test with its name.
pub type NamedTest<'a> = (&'a str, fn() -> Result<(), Failed>);

/// A trial for each test, which runs `program`; where there is none, each is listed as ignored.
#[must_use]
pub fn trials_with_program(program: &str, tests: &[NamedTest<'_>]) -> Vec<Trial> {
    let has_it = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    let trial = |(name, test): &NamedTest<'_>| {
        let test = *test;
        let not_run = move || if has_it { test() } else { Err("there is no such program".into()) };
        Trial::test(*name, not_run).with_kind(kind(program)).with_ignored_flag(!has_it)
    };
    tests.iter().map(trial).collect()
}
