//! Manifests, lock files and installed packages: one folder per format.
//!
//! Each extractor states the kind of the file, at most one project, and every package entry, with
//! the lines where it stands. `docs/packages.md` defines the entries and says which count. What all
//! of them share stands in the files beside the folders: the typed entry, the text and its lines,
//! readers for JSON and TOML, requirements, digests.

mod apk;
mod cargo_lock;
mod dist_info;
mod dpkg;
pub mod entry;
mod fields;
mod hashes;
mod json;
mod lines;
mod lock;
pub mod os_release;
mod package_lock;
mod pep508;
mod poetry_lock;
mod pyproject;
pub mod requirements;
mod sheet;
mod toml;
mod uv_lock;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use super::Extractor;

/// Every extractor of this folder, sorted by id.
pub static ALL: &[&dyn Extractor] = &[
    &apk::Apk,
    &cargo_lock::CargoLock,
    &dist_info::DistInfo,
    &dpkg::Dpkg,
    &os_release::OsRelease,
    &package_lock::PackageLock,
    &poetry_lock::PoetryLock,
    &pyproject::Pyproject,
    &requirements::Requirements,
    &uv_lock::UvLock,
];
