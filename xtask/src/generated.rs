//! Generated files: written, or compared with what is there.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

/// A generated file.
pub(crate) struct Generated {
    /// Its path from the root of the repository.
    pub(crate) path: String,
    /// What it says.
    pub(crate) content: String,
}

/// What to do with generated files.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail if a file is not current
    #[arg(long)]
    check: bool,
}

impl Arguments {
    /// Writes the files, or compares them with what is there.
    pub(crate) fn settle(&self, files: &[Generated]) -> anyhow::Result<()> {
        if self.check { check(files) } else { write(files) }
    }
}

/// Fails if a file is not current.
pub(crate) fn check(files: &[Generated]) -> anyhow::Result<()> {
    let is_stale = |file: &&Generated| {
        // A file that cannot be read is as stale as one that differs.
        fs::read_to_string(root().join(&file.path)).ok().as_ref() != Some(&file.content)
    };
    let stale: Vec<&str> = files.iter().filter(is_stale).map(|file| &*file.path).collect();
    if !stale.is_empty() {
        bail!("not current: `{}`; run the same command without `--check`", stale.join("`, `"));
    }
    Ok(())
}

fn write(files: &[Generated]) -> anyhow::Result<()> {
    for file in files {
        let path = root().join(&file.path);
        let folder = path.parent().context("a generated file lies in a folder")?;
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make `{}`", folder.display()))?;
        fs::write(&path, &file.content)
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository")
}
