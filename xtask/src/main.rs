//! Generation of schemas, tables and licence profiles, and the checks that they are current.

#![forbid(unsafe_code)]

mod profiles;
mod schemas;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Generates what is derived from other files, or checks that it is current.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Fingerprints of licence texts, from a folder of texts that stays outside the repository.
    Profiles {
        /// The folder with `<key>.txt` files.
        #[arg(long)]
        texts: PathBuf,
        /// Compare with what is there instead of writing it.
        #[arg(long)]
        check: bool,
    },
    /// JSON Schemas of the documents that we define.
    Schemas {
        /// Compare with what is there instead of writing it.
        #[arg(long)]
        check: bool,
    },
}

/// What to do with a generated file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Check,
}

impl Mode {
    fn new(check: bool) -> Self {
        if check { Self::Check } else { Self::Write }
    }

    /// Writes `content` to `path` below the workspace, or compares it with what is there.
    fn apply(self, path: &str, content: &str) -> anyhow::Result<()> {
        use anyhow::Context as _;
        let full = workspace().join(path);
        match self {
            Self::Write => {
                let folder = full.parent().unwrap_or(&full);
                std::fs::create_dir_all(folder)
                    .and_then(|()| std::fs::write(&full, content))
                    .with_context(|| format!("`{path}` cannot be written"))
            }
            Self::Check => {
                let found = std::fs::read_to_string(&full)
                    .with_context(|| format!("`{path}` cannot be read; run without `--check`"))?;
                anyhow::ensure!(found == content, "`{path}` is not current; run without `--check`");
                Ok(())
            }
        }
    }
}

fn workspace() -> PathBuf {
    let xtask = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().map(PathBuf::from).unwrap_or(xtask)
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Profiles { texts, check } => profiles::run(&texts, Mode::new(check)),
        Task::Schemas { check } => schemas::run(Mode::new(check)),
    }
}
