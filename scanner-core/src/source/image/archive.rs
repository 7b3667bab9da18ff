//! An image in an uncompressed tar file on disk: its blobs are ranges of that file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::Store;
use crate::model::{Limits, SourceIdentity, SourceKind};
use crate::source::file::FilePart;
use crate::source::tar::{EntryKind, TarReader};
use crate::source::{ReadAt, Skip};

/// A `docker save` or OCI archive that can be sought in.
#[derive(Debug)]
pub struct Archive {
    path: PathBuf,
    identity: SourceIdentity,
    blobs: BTreeMap<String, (u64, u64)>,
}

impl Archive {
    /// Reads the table of entries: headers only.
    ///
    /// # Errors
    /// When the file cannot be read, is no tar archive, or has more entries than `limits.entries`.
    pub fn open(path: &Path, limits: &Limits) -> io::Result<Self> {
        let file = File::open(path)?;
        let mut tar = TarReader::new(Seeking(BufReader::new(file)));
        let mut blobs = BTreeMap::new();
        let mut links = Vec::new();
        let mut entries: u64 = 0;
        while let Some(entry) = tar.next_seeking()? {
            entries += 1;
            if entries > limits.entries {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("it has more than `{}` entries (`limits.entries`)", limits.entries),
                ));
            }
            let name = clean_name(&String::from_utf8_lossy(&entry.path));
            match entry.kind {
                EntryKind::File if entry.is_contiguous => {
                    blobs.insert(name, (entry.offset, entry.size));
                }
                // `docker save` of old writes a layer that two images share as a link.
                EntryKind::Symlink | EntryKind::HardLink => {
                    let target = String::from_utf8_lossy(&entry.link).into_owned();
                    links.push((name, target, entry.kind));
                }
                _ => {}
            }
        }
        for (name, target, kind) in links {
            let target = match (kind, name.rsplit_once('/')) {
                (EntryKind::Symlink, Some((folder, _))) => beside(folder, &target),
                _ => clean_name(&target),
            };
            if let Some(place) = blobs.get(&target).copied() {
                blobs.entry(name).or_insert(place);
            }
        }
        let kind = if blobs.contains_key("manifest.json") {
            SourceKind::DockerArchive
        } else {
            SourceKind::OciArchive
        };
        let name =
            path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
        Ok(Self { path: path.to_owned(), identity: SourceIdentity { kind, name }, blobs })
    }
}

/// The target of a link in `folder`; the result names no folder above the archive.
fn beside(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// A name without `./` before it.
pub(super) fn clean_name(name: &str) -> String {
    name.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/")
}

impl Store for Archive {
    fn identity(&self) -> SourceIdentity {
        self.identity.clone()
    }

    fn size(&self, name: &str) -> Option<u64> {
        self.blobs.get(name).map(|(_, bytes)| *bytes)
    }

    fn parts<'a>(&'a self, name: &str) -> Option<Box<dyn ReadAt + 'a>> {
        let (start, bytes) = *self.blobs.get(name)?;
        Some(Box::new(FilePart::open(&self.path, start, bytes).ok()?))
    }

    fn skim<'a>(&'a self, name: &str) -> Option<io::Result<Box<dyn Skip + 'a>>> {
        let (start, bytes) = *self.blobs.get(name)?;
        let part = FilePart::open(&self.path, start, bytes);
        Some(part.map(|part| Box::new(part) as Box<dyn Skip>))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        let (start, bytes) = self.blobs.get(name).ok_or(io::ErrorKind::NotFound)?;
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(*start))?;
        Ok(Box::new(file.take(*bytes)))
    }
}

/// A file that passes over content instead of reading it.
pub(super) struct Seeking(BufReader<File>);

impl Read for Seeking {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl BufRead for Seeking {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.0.consume(count);
    }
}

impl TarReader<Seeking> {
    /// The next entry; the content of the last one is jumped over.
    fn next_seeking(&mut self) -> io::Result<Option<crate::source::tar::TarEntry>> {
        self.jump(|file, bytes| {
            file.0.seek_relative(i64::try_from(bytes).map_err(io::Error::other)?)
        })?;
        self.next_entry()
    }
}
