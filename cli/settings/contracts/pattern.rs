//! The files that a pattern names: one folder level for each part between slashes.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use globset::GlobBuilder;

/// Most entries of a folder that a pattern looks at.
const ENTRIES: usize = 100_000;

/// Names of files, relative to `folder` and as `pattern` writes them, sorted.
pub(super) fn files(pattern: &str, folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = vec![String::new()];
    let parts: Vec<&str> = pattern.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if parts.is_empty() {
        bail!("it names no file");
    }
    if pattern.starts_with('/') {
        "/".clone_into(&mut found[0]);
    }
    for part in parts {
        if part.contains("**") {
            bail!(
                "`**` is not supported; write one part for each folder, as in `contracts/*.toml`"
            );
        }
        let mut next = Vec::new();
        for parent in &found {
            next.extend(step(parent, part, folder)?);
        }
        next.sort();
        found = next;
    }
    found.retain(|name| folder.join(name).is_file());
    Ok(found)
}

/// The entries of `parent` that `part` names; a part without wildcards is taken as it stands.
fn step(parent: &str, part: &str, folder: &Path) -> anyhow::Result<Vec<String>> {
    let below = |name: &str| match parent {
        "" => name.to_owned(),
        "/" => format!("/{name}"),
        parent => format!("{parent}/{name}"),
    };
    if !part.contains(['*', '?', '[', '{']) {
        return Ok(vec![below(part)]);
    }
    let glob = GlobBuilder::new(part)
        .literal_separator(true)
        .build()
        .context("it is no glob pattern")?
        .compile_matcher();
    let path = if parent.is_empty() { PathBuf::from(folder) } else { folder.join(parent) };
    let Ok(entries) = std::fs::read_dir(&path) else { return Ok(Vec::new()) };
    let mut names = Vec::new();
    for (count, entry) in entries.enumerate() {
        if count == ENTRIES {
            bail!("`{}` has more than {ENTRIES} entries", path.display());
        }
        let name = entry.with_context(|| format!("`{}` cannot be listed", path.display()))?;
        let name = name.file_name().to_string_lossy().into_owned();
        // As in a shell: a hidden file is named, or it is not meant.
        if glob.is_match(&name) && (!name.starts_with('.') || part.starts_with('.')) {
            names.push(below(&name));
        }
    }
    Ok(names)
}
