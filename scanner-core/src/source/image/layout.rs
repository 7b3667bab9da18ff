//! An OCI image layout: a directory with `oci-layout`, `index.json` and `blobs/`.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::Store;
use crate::model::{SourceIdentity, SourceKind};
use crate::source::file::FilePart;
use crate::source::{ReadAt, Skip};

/// An OCI image layout directory (OCI image specification 1.1, image-layout.md).
#[derive(Debug)]
pub struct Layout {
    root: PathBuf,
    name: String,
}

impl Layout {
    /// Takes the layout at `path`.
    ///
    /// # Errors
    /// When `path` cannot be resolved.
    pub fn open(path: &Path) -> io::Result<Self> {
        let root = path.canonicalize()?;
        let name =
            root.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
        Ok(Self { root, name })
    }

    /// Whether `path` is one.
    pub fn is_at(path: &Path) -> bool {
        path.join("oci-layout").is_file() && path.join("index.json").is_file()
    }

    /// The file of a blob. Names come from manifests: only plain components are followed.
    fn file(&self, name: &str) -> Option<PathBuf> {
        let is_plain =
            |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
        name.split('/').all(is_plain).then(|| self.root.join(name))
    }
}

impl Store for Layout {
    fn identity(&self) -> SourceIdentity {
        SourceIdentity { kind: SourceKind::OciLayout, name: self.name.clone() }
    }

    fn size(&self, name: &str) -> Option<u64> {
        let metadata = self.file(name)?.metadata().ok()?;
        metadata.is_file().then_some(metadata.len())
    }

    fn parts<'a>(&'a self, name: &str) -> Option<Box<dyn ReadAt + 'a>> {
        Some(Box::new(FilePart::whole(&self.file(name)?).ok()?))
    }

    fn skim<'a>(&'a self, name: &str) -> Option<io::Result<Box<dyn Skip + 'a>>> {
        let part = FilePart::whole(&self.file(name)?);
        Some(part.map(|part| Box::new(part) as Box<dyn Skip>))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        let file = File::open(self.file(name).ok_or(io::ErrorKind::NotFound)?)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        Ok(Box::new(file))
    }
}
