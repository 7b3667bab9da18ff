//! Bills of materials as input: what `sbom:FILE` and `--sbom FILE` name.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context as _, bail};
use flowdown_core::bom::{self, Refusal};
use flowdown_core::engine::NamedBom;
use flowdown_core::model::{Digest, Limits, SourcePath, UserFile};

/// Endings of files that are looked into for a bill of materials when nothing says that they are one.
const ENDINGS: &[&str] = &["json", "jsonld", "spdx", "xml"];

/// Reads the document at `path`.
pub(crate) fn read(path: &Path, limits: &Limits) -> anyhow::Result<NamedBom> {
    let cannot = || format!("the bill of materials `{}` cannot be read", path.display());
    let bytes = bytes(File::open(path).with_context(cannot)?, limits).with_context(cannot)?;
    let name = path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
    match of_bytes(&bytes, &name, limits) {
        Ok(bom) => Ok(bom),
        Err(Refusal::NotABom(why)) => bail!("`{}` is no bill of materials: {why}", path.display()),
        Err(Refusal::Limit(why)) => bail!("`{}` cannot be read: {why}", path.display()),
    }
}

/// The document that a file is, if its name and its content say that it is one.
pub(crate) fn detect(path: &Path, limits: &Limits) -> Option<NamedBom> {
    let ending = path.extension()?.to_str()?;
    if !ENDINGS.contains(&ending) || !path.is_file() {
        return None;
    }
    let bytes = bytes(File::open(path).ok()?, limits).ok()?;
    let name = path.file_name()?.to_string_lossy().into_owned();
    of_bytes(&bytes, &name, limits).ok()
}

/// The document that `bytes` are, under the name of its file.
pub(crate) fn of_bytes(bytes: &[u8], name: &str, limits: &Limits) -> Result<NamedBom, Refusal> {
    let bom = bom::read(bytes, limits)?;
    let file = UserFile { path: SourcePath::new(name), sha256: Digest::sha256_of(bytes) };
    Ok(NamedBom { file, bom })
}

/// The bytes of a document; of one that is past the limit only as many as show that.
pub(crate) fn bytes(from: impl Read, limits: &Limits) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limits.manifest_bytes + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
