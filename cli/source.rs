//! What the SOURCE argument means.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use flowdown_core::assemble::Repository;
use flowdown_core::model::Limits;
use flowdown_core::source::dir::Directory;

/// An opened source, with the repository that its place tells.
pub(crate) struct Opened {
    pub(crate) directory: Directory,
    pub(crate) repository: Option<Repository>,
}

/// Opens the source that `argument` names.
pub(crate) fn open(argument: &str, limits: &Limits) -> anyhow::Result<Opened> {
    let path = path_of(argument)?;
    refuse_images(&path)?;
    let directory = Directory::open(&path, limits)
        .with_context(|| format!("the source `{}` cannot be opened", path.display()))?;
    let repository =
        directory.hugging_face_snapshot().map(|(name, revision)| Repository { name, revision });
    Ok(Opened { directory, repository })
}

fn path_of(argument: &str) -> anyhow::Result<PathBuf> {
    if let Some(path) = argument.strip_prefix("dir:") {
        return Ok(PathBuf::from(path));
    }
    let path = Path::new(argument);
    if !path.exists()
        && let Some((scheme, _)) = argument.split_once(':')
        && scheme.len() > 1
        && scheme.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    {
        bail!(
            "`{argument}` is neither a path nor a kind of source that this version reads; it \
             reads directories and single files (`dir:PATH`)"
        );
    }
    Ok(path.to_owned())
}

/// An image would be listed as one unknown file, and "nothing found" would look like an answer.
fn refuse_images(path: &Path) -> anyhow::Result<()> {
    let is_layout = path.join("oci-layout").is_file() && path.join("index.json").is_file();
    let kind = if is_layout {
        "an OCI image layout"
    } else if path.is_file() {
        match archive_kind(path) {
            Some(kind) => kind,
            None => return Ok(()),
        }
    } else {
        return Ok(());
    };
    bail!(
        "`{}` is {kind}, which this version does not look into; unpack it and scan the directory",
        path.display()
    )
}

fn archive_kind(path: &Path) -> Option<&'static str> {
    let mut head = [0; 512];
    let mut filled = 0;
    let mut file = File::open(path).ok()?;
    while filled < head.len() {
        match file.read(&mut head[filled..]) {
            Ok(0) | Err(_) => break,
            Ok(count) => filled += count,
        }
    }
    match &head[..filled] {
        [0x1f, 0x8b, ..] => Some("a gzip archive"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("a zstd archive"),
        head if head.get(257..262) == Some(b"ustar") => Some("a tar archive"),
        _ => None,
    }
}
