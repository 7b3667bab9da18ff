//! What other tools say about the corpus, and by which rule they count.

use std::collections::BTreeSet;
use std::path::Path;

use flowdown_core::extract::manifests::entry::{PackageEntry, Scope, State};
use flowdown_core::extract::manifests::requirements::IncludeRole;
use flowdown_core::model::{Code, SourcePath};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::reading::{Reading, read_as};

/// Extractor and file name that a file of the corpus is read with.
pub(crate) type Format = (&'static str, &'static str);

/// A statement of an oracle that we do not repeat.
pub(crate) struct Difference {
    pub(crate) file: &'static str,
    oracle: &'static str,
    /// What we say instead: entries of the file and diagnostics.
    ours: (usize, usize),
    /// Why. Printed when we no longer say it.
    reason: &'static str,
}

/// Every difference. The contract allows five in a hundred statements.
pub(crate) const fn differences() -> &'static [Difference] {
    &[
        Difference {
            file: "anchore__syft/python/testdata/requires/requirements.txt",
            oracle: "pip parse_requirements",
            ours: (19, 3),
            reason: "rules differ: pip stops at `-e https://…`, which it refuses; a scan reads on, \
                     and reports the lines that pip refuses",
        },
        Difference {
            file: "anchore__syft/python/testdata/requires/requirements.txt",
            oracle: "syft 1.18.1",
            ours: (19, 3),
            reason: "the oracle is wrong: it reads `urllib3===1.26.20` as version `=1.26.20`, and \
                     gives `name == 3.7.1 @ git+https://…` the version 3.7.1, where pip refuses \
                     the line",
        },
        Difference {
            file: "ggerganov__llama.cpp/requirements/requirements-all.txt",
            oracle: "pip parse_requirements",
            ours: (0, 0),
            reason: "rules differ: pip stops at an include that is missing; a scan reads on and \
                     reports it when includes are joined",
        },
    ]
}

/// Ends of the names of files in formats that have no extractor in this folder, sorted. The status
/// files of Debian, Alpine and opkg are known by their folder.
const OTHER_FORMATS: &[&str] = &[
    ".egg-info",
    "/Gemfile.lock",
    "/PKG-INFO",
    "/Pipfile.lock",
    "/composer.lock",
    "/go.mod",
    "/gradle.lockfile",
    "/installed",
    "/pdm.lock",
    "/pnpm-lock.yaml",
    "/pom.xml",
    "/pylock.toml",
    "/rpmdb.sqlite",
    "/status",
    "/yarn.lock",
];

/// Whether a file that [`formats_of`] does not know belongs to another format, so that no file of
/// ours is left out by mistake.
pub(crate) fn is_of_another_format(file: &str) -> bool {
    file.contains("/dpkg/status.d/") || OTHER_FORMATS.iter().any(|end| file.ends_with(end))
}

/// How to read a file of the corpus; `None` for formats that have no extractor in this folder.
/// Some locks lie there under a name that tells their variant.
pub(crate) fn formats_of(file: &str) -> Option<Format> {
    let (folders, name) = file.rsplit_once('/').unwrap_or(("", file));
    let folder = folders.rsplit_once('/').map_or(folders, |(_, folder)| folder);
    let is = |start: &str, end: &str| name.starts_with(start) && name.ends_with(end);
    if name == "Cargo.lock" {
        Some(("cargo_lock", "Cargo.lock"))
    } else if name == "package-lock.json" {
        Some(("package_lock", "package-lock.json"))
    } else if is("poetry", ".lock") {
        Some(("poetry_lock", "poetry.lock"))
    } else if is("uv", ".lock") {
        Some(("uv_lock", "uv.lock"))
    } else if is("requirements", ".txt") {
        Some(("requirements", "requirements.txt"))
    } else if name == "METADATA" && folder.to_ascii_lowercase().ends_with("dist-info") {
        Some(("dist_info", "a.dist-info/METADATA"))
    } else {
        None
    }
}

/// Compares what we read in a file with what an oracle states about it.
pub(crate) fn compare(
    root: &Path,
    file: &str,
    format: Format,
    oracle: &str,
    stated: &Value,
) -> Result<(), String> {
    let bytes = std::fs::read(root.join(file)).map_err(|error| error.to_string())?;
    let reading = read_as(format.0, format.1, &bytes);
    let difference = differences().iter().find(|d| d.file == file && d.oracle == oracle);
    if let Some(difference) = difference {
        let ours = (reading.entries.len(), reading.diagnostics.len());
        return same("entries and diagnostics", ours, difference.ours)
            .map_err(|error| format!("{error}; {}", difference.reason));
    }
    match oracle {
        "python tomllib, package tables" => as_tomllib(&reading, stated),
        "python json" => as_python_json(&reading, stated),
        "pip parse_requirements" => as_pip(root, file, stated),
        "syft 1.18.1" => as_syft(format.0, &bytes, &reading, stated),
        // `npm ls --parseable` prints one line for each place, whatever lies there.
        _ if oracle.starts_with("npm ls") => {
            same("places", reading.entries.len(), number(stated, "lines_without_root")?)
        }
        _ => Err(format!("no rule for the oracle `{oracle}`")),
    }
}

fn number(stated: &Value, key: &str) -> Result<usize, String> {
    let number = stated[key].as_u64().and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| format!("the oracle states no `{key}`: {stated}"))
}

fn same<T: Copy + PartialEq + std::fmt::Debug>(
    what: &str,
    ours: T,
    theirs: T,
) -> Result<(), String> {
    if ours == theirs { Ok(()) } else { Err(format!("{what}: ours {ours:?}, theirs {theirs:?}")) }
}

/// Every `[[package]]` table is an entry, the project's own too.
fn as_tomllib(reading: &Reading, stated: &Value) -> Result<(), String> {
    same("entries", reading.entries.len(), number(stated, "packages")?)?;
    let distinct: BTreeSet<_> =
        reading.entries.iter().map(|entry| (&entry.name, &entry.version)).collect();
    same("distinct", distinct.len(), number(stated, "distinct_name_version")?)?;
    same("diagnostics", unexplained(reading), 0)
}

/// Two fixtures have digests like `sha256:example1`; those are reported, and rightly so.
fn unexplained(reading: &Reading) -> usize {
    let is_digest = |message: &str| message.contains("a digest of");
    reading.diagnostics.iter().filter(|d| !is_digest(&d.message)).count()
}

fn as_python_json(reading: &Reading, stated: &Value) -> Result<(), String> {
    if stated.get("error").is_some() {
        let codes: Vec<Code> = reading.diagnostics.iter().map(|d| d.code).collect();
        return same("invalid", codes.contains(&Code::ManifestInvalid), true);
    }
    let key = match stated.get("packages_keys_without_root") {
        Some(_) => "packages_keys_without_root",
        None => "v1_tree_nodes",
    };
    same(key, reading.entries.len(), number(stated, key)?)
}

/// pip reads included files too, and counts an entry as often as it meets it.
fn as_pip(root: &Path, file: &str, stated: &Value) -> Result<(), String> {
    let mut entries = Vec::new();
    gather(root, file, State::Required, &mut entries, 0)?;
    let count = |wish: &dyn Fn(&PackageEntry) -> bool| entries.iter().filter(|e| wish(e)).count();
    let is_named = |entry: &PackageEntry| entry.name.is_some();
    let is_pinned = |entry: &PackageEntry| {
        let range = entry.specifier.as_deref().unwrap_or_default();
        range.starts_with("==") && !range.starts_with("===") && entry.version.is_some()
    };
    same("entries", entries.len(), number(stated, "entries")?)?;
    same("named", count(&is_named), number(stated, "named")?)?;
    same("pinned", count(&is_pinned), number(stated, "pinned_eq")?)?;
    same("urls", count(&|entry| entry.source.is_some()), number(stated, "urls")?)?;
    same("hashes", count(&|entry| !entry.hashes.is_empty()), number(stated, "with_hashes")?)?;
    same("markers", count(&|entry| entry.markers.is_some()), number(stated, "with_markers")?)?;
    let constraints = count(&|entry| entry.state == State::Constraint);
    same("constraints", constraints, number(stated, "constraints")?)
}

fn gather(
    root: &Path,
    file: &str,
    state: State,
    entries: &mut Vec<PackageEntry>,
    depth: u32,
) -> Result<(), String> {
    if depth > 8 {
        return Err(format!("`{file}` is included too deeply"));
    }
    let bytes = std::fs::read(root.join(file)).map_err(|error| format!("{file}: {error}"))?;
    let reading = read_as("requirements", file, &bytes);
    entries.extend(reading.entries.into_iter().map(|mut entry| {
        if state == State::Constraint {
            entry.state = state;
        }
        entry
    }));
    for include in reading.includes {
        let target = SourcePath::new(file).parent().join(&include.target);
        let target = target.ok_or_else(|| format!("`{}` leaves the corpus", include.target))?;
        let state = match include.role {
            IncludeRole::Constraints => State::Constraint,
            IncludeRole::Requirements => state,
        };
        gather(root, target.as_str(), state, entries, depth + 1)?;
    }
    Ok(())
}

/// syft counts distinct names and versions. Of requirements it takes the pinned ones and cuts the
/// local part of their version; of npm's locks it drops development packages, in version 1 also
/// what is nested, and adds the project itself in versions 2 and 3.
fn as_syft(id: &str, bytes: &[u8], reading: &Reading, stated: &Value) -> Result<(), String> {
    let mut counted = BTreeSet::new();
    let mut entries = reading.entries.clone();
    if id == "package_lock" {
        let lock: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let is_flat = lock.get("packages").is_some();
        entries.retain(|entry| {
            let path = entry.install_path.as_deref().unwrap_or_default();
            entry.scope != Scope::Development
                && (is_flat || path.matches("node_modules/").count() == 1)
        });
        let text = |key: &str| lock[key].as_str().unwrap_or_default().to_owned();
        counted.extend(is_flat.then(|| format!("{}@{}", text("name"), text("version"))));
    }
    for entry in &entries {
        let (Some(name), Some(version)) = (&entry.name, &entry.version) else { continue };
        let version = match id {
            "requirements" if entry.specifier.is_none() => continue,
            "requirements" => version.split('+').next().unwrap_or_default(),
            _ => version,
        };
        counted.insert(format!("{name}@{version}"));
    }
    same("packages", counted.len(), number(stated, "packages")?)?;
    let lines: Vec<String> = counted.into_iter().collect();
    let digest = Sha256::digest(lines.join("\n"));
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let theirs = stated["sha256_of_sorted_name_at_version_lines"].as_str().unwrap_or_default();
    same("sha256 of the sorted names and versions", digest.as_str(), theirs)
}
