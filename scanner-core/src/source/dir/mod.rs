//! A directory, or a single file.
//!
//! Symbolic links to files inside the directory are followed; links to directories are not (their
//! target is listed where it lies), and links that leave the directory are reported and skipped.
//! A Hugging Face cache snapshot links into the `blobs` folder of its own repository: that
//! repository is its boundary, and a blob is listed under the names that snapshots give it, not
//! under its own.

mod walk;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::file;
use super::{Listing, Opened, ReadAt, Source, Unit};
use crate::model::{Limits, SourceIdentity, SourceKind, SourcePath};

/// A directory, or a single file, of this machine.
#[derive(Debug)]
pub struct Directory {
    /// Canonical path of the directory, or of the folder that holds the single file.
    root: PathBuf,
    /// Name of the single file, if the source is one.
    only: Option<SourcePath>,
    /// Links may point to anything below this canonical path.
    boundary: PathBuf,
    name: String,
    limits: Limits,
}

impl Directory {
    /// Opens `path`.
    ///
    /// # Errors
    /// When `path` does not exist, cannot be resolved, or is a pipe, socket or device.
    pub fn open(path: &Path, limits: &Limits) -> io::Result<Self> {
        let kind = path.metadata()?.file_type();
        let (root, only) = if kind.is_dir() {
            (path.canonicalize()?, None)
        } else if kind.is_file() {
            // A link keeps its own name and place: that of its target may be a mere digest.
            let folder = match path.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder.canonicalize()?,
                _ => Path::new(".").canonicalize()?,
            };
            (folder, Some(SourcePath::new("").child(walk::name_bytes(path))))
        } else {
            let message = "it is a pipe, socket or device; name a directory or a regular file";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        };
        let name = if only.is_some() { path.file_name() } else { root.file_name() }
            .map_or_else(|| ".".to_owned(), |name| name.to_string_lossy().into_owned());
        let boundary = cache_repository(&root).unwrap_or(&root).to_owned();
        Ok(Self { root, only, boundary, name, limits: limits.clone() })
    }

    /// The path in this source of the file that has the canonical path `path`.
    pub fn path_of(&self, path: &Path) -> Option<SourcePath> {
        walk::below(&self.root, path)
    }

    /// Its canonical path; for a single file that of the folder which the file is in.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The repository of a Hugging Face cache that the directory is, is a snapshot of or lies in,
    /// and the commit of the snapshot: `("org/name", Some(commit))`.
    pub fn hugging_face_snapshot(&self) -> Option<(String, Option<String>)> {
        let repository = cache_repository(&self.root)?;
        let folder = repository.file_name()?.to_str()?.strip_prefix("models--")?;
        let mut below = self.root.strip_prefix(repository).ok()?.components();
        let commit = below
            .next()
            .filter(|part| part.as_os_str() == "snapshots")
            .and_then(|_| below.next())
            .and_then(|part| part.as_os_str().to_str());
        Some((folder.replacen("--", "/", 1), commit.map(str::to_owned)))
    }
}

/// The `models--org--name` folder that `path` is or lies in.
fn cache_repository(path: &Path) -> Option<&Path> {
    path.ancestors().find(|folder| {
        folder
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with("models--"))
    })
}

impl Source for Directory {
    fn identity(&self) -> SourceIdentity {
        SourceIdentity { kind: SourceKind::Directory, name: self.name.clone() }
    }

    fn units(&self) -> Vec<Unit> {
        vec![Unit { index: 0 }]
    }

    fn list(&self, _: &Unit, exclude: &dyn Fn(&SourcePath) -> bool) -> Listing {
        match &self.only {
            Some(file) if exclude(file) => Listing::default(),
            Some(file) => walk::single(&self.root, file),
            None => walk::tree(&self.root, &self.boundary, &self.limits, exclude),
        }
    }

    fn open(&self, _: &Unit, path: &SourcePath) -> io::Result<Opened<'_>> {
        let file = file::open_at_once(&walk::native(&self.root, path))?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is no longer a regular file"));
        }
        Ok(Opened { size: metadata.len(), content: Box::new(OpenFile(file)) })
    }

    fn size(&self, _: &Unit, path: &SourcePath) -> Option<u64> {
        walk::native(&self.root, path).metadata().ok().map(|metadata| metadata.len())
    }
}

struct OpenFile(File);

impl ReadAt for OpenFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        file::read_at(&self.0, offset, buffer)
    }
}
