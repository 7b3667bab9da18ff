//! Tables of contents by which parts of a compressed layer can be read alone.
//!
//! * eStargz (`docs/estargz.md` of containerd's stargz-snapshotter): the content of every file, or each
//!   chunk of it, begins a member of gzip. The table stands at the end; the last 51 bytes say where.
//! * zstd:chunked (`pkg/chunked` of containers/storage): the same with frames of zstd. The table is in a
//!   skippable frame, and an annotation says where.
//!
//! A table is looked for only where an annotation states its digest, and taken only when it has that.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read};

use flate2::bufread::GzDecoder;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, SeqAccess, Visitor};
use sha2::{Digest as _, Sha256};

use super::Layer;
use crate::model::{Algorithm, Digest, Limits, SourcePath};
use crate::source::ReadAt;
use crate::source::decode::Encoding;
use crate::source::tar::TarReader;

/// The digest of the table as JSON.
const STARGZ_DIGEST: &str = "containerd.io/snapshot/stargz/toc.digest";
/// The name of the table in the archive.
pub const STARGZ_NAME: &str = "stargz.index.json";
const STARGZ_FOOTER_BYTES: u64 = 51;
/// Where in the footer the extra field of its gzip header has `%016xSTARGZ`.
const STARGZ_PLACE: std::ops::Range<usize> = 16..38;
/// Before the annotations of zstd:chunked, of today and of before 2023.
const CHUNKED: [&str; 2] = ["io.github.containers.zstd-chunked.", "io.containers.zstd-chunked."];
/// Tables of JSON; another number is a form that this reader does not know.
const CHUNKED_JSON: &str = "1";
/// Smaller files are read, not passed over.
const WORTHWHILE_BYTES: u64 = 64 << 10;

/// Where in a compressed layer the content of its larger files begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// How the layer is compressed.
    pub(super) encoding: Encoding,
    /// By the byte of the blob at which the content begins.
    pub(super) files: BTreeMap<u64, Chunks>,
}

/// Places in the content of one file from which it can be read, in order; the last may be its end.
pub(super) type Chunks = Vec<Chunk>;

/// A place from which content can be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Chunk {
    /// The byte of the file.
    pub(super) at: u64,
    /// The byte of the blob, where a member or frame begins.
    pub(super) offset: u64,
}

impl Table {
    /// The table of a layer whose blob of `size` bytes is read through `parts`; `None` where its
    /// annotations name none.
    ///
    /// # Errors
    /// When the table is not where it should be, cannot be read, or has another digest.
    pub fn of(
        layer: &Layer,
        parts: &dyn ReadAt,
        size: u64,
        limits: &Limits,
    ) -> io::Result<Option<Self>> {
        let Some(place) = Place::of(layer) else { return Ok(None) };
        let Files(files) = place.entries(parts, size, limits)?;
        Ok(Some(Self { encoding: place.encoding(), files }))
    }
}

/// The files that the table of a layer names, with their sizes in bytes, but for empty ones; `None` where
/// the annotations of the layer name no table.
///
/// # Errors
/// Those of [`Table::of`].
pub fn listed_files(
    layer: &Layer,
    parts: &dyn ReadAt,
    size: u64,
    limits: &Limits,
) -> io::Result<Option<BTreeMap<SourcePath, u64>>> {
    let Some(place) = Place::of(layer) else { return Ok(None) };
    let Listed(files) = place.entries(parts, size, limits)?;
    Ok(Some(files))
}

/// Where the table is, and its digest, as annotations state them.
enum Place<'a> {
    Stargz { digest: &'a str },
    Chunked { place: &'a str, digest: &'a str },
}

impl<'a> Place<'a> {
    fn of(layer: &'a Layer) -> Option<Self> {
        let annotation = |name: &str| {
            layer.annotations.iter().find(|(key, _)| key == name).map(|(_, value)| &**value)
        };
        if let Some(digest) = annotation(STARGZ_DIGEST) {
            return Some(Self::Stargz { digest });
        }
        CHUNKED.iter().find_map(|prefix| {
            let place = annotation(&format!("{prefix}manifest-position"))?;
            let digest = annotation(&format!("{prefix}manifest-checksum"))?;
            Some(Self::Chunked { place, digest })
        })
    }

    const fn encoding(&self) -> Encoding {
        match self {
            Self::Stargz { .. } => Encoding::Gzip,
            Self::Chunked { .. } => Encoding::Zstd,
        }
    }

    fn entries<T: DeserializeOwned>(
        &self,
        parts: &dyn ReadAt,
        size: u64,
        limits: &Limits,
    ) -> io::Result<T> {
        match self {
            Self::Stargz { digest } => of_stargz(digest, parts, size, limits),
            Self::Chunked { place, digest } => of_chunked(place, digest, parts, limits),
        }
    }
}

fn of_stargz<T: DeserializeOwned>(
    digest: &str,
    parts: &dyn ReadAt,
    size: u64,
    limits: &Limits,
) -> io::Result<T> {
    let end = size.checked_sub(STARGZ_FOOTER_BYTES).ok_or_else(|| invalid("it has no footer"))?;
    let mut footer = [0; STARGZ_FOOTER_BYTES as usize];
    Section::new(parts, end, STARGZ_FOOTER_BYTES).read_exact(&mut footer)?;
    let start = std::str::from_utf8(&footer[STARGZ_PLACE])
        .ok()
        .and_then(|place| u64::from_str_radix(place.strip_suffix("STARGZ")?, 16).ok())
        .filter(|start| *start < end)
        .ok_or_else(|| invalid("its footer says no place"))?;
    let section = io::BufReader::new(Section::new(parts, start, end - start));
    let decoded = GzDecoder::new(section).take(limits.layer_table_bytes);
    let mut archive = TarReader::new(io::BufReader::new(decoded));
    let entry = archive.next_entry()?.filter(|entry| entry.path == STARGZ_NAME.as_bytes());
    if entry.is_none() {
        return Err(invalid("there is another file in its place"));
    }
    Hashed::new(archive.content()).verified(digest, |stream| parsed(stream))
}

fn of_chunked<T: DeserializeOwned>(
    place: &str,
    digest: &str,
    parts: &dyn ReadAt,
    limits: &Limits,
) -> io::Result<T> {
    let numbers: Vec<&str> = place.split(':').collect();
    let number = |at: usize| numbers.get(at).and_then(|text| text.parse::<u64>().ok());
    let (Some(start), Some(bytes), Some(&CHUNKED_JSON)) = (number(0), number(1), numbers.get(3))
    else {
        return Err(invalid(format!("its place `{place}` is none")));
    };
    // The digest is that of the compressed table.
    let mut compressed = Vec::new();
    let section = Section::new(parts, start, bytes.min(limits.layer_table_bytes));
    Hashed::new(section).verified(digest, |stream| stream.read_to_end(&mut compressed))?;
    let mut decoder = zstd::stream::read::Decoder::new(&*compressed)?;
    decoder.window_log_max(limits.zstd_window_bytes.max(1 << 10).ilog2())?;
    parsed(decoder.take(limits.layer_table_bytes))
}

fn parsed<T: DeserializeOwned>(table: impl Read) -> io::Result<T> {
    let document = serde_json::from_reader(io::BufReader::new(table));
    let document: Document<T> = document.map_err(|error| match error.is_io() {
        true => error.into(),
        false => invalid(error.to_string()),
    })?;
    Ok(document.entries)
}

#[derive(Deserialize)]
struct Document<T> {
    entries: T,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    name: String,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    offset: u64,
    /// Where the member or frame of the next entry begins.
    #[serde(default)]
    end_offset: u64,
    #[serde(default)]
    chunk_offset: u64,
    /// Where in its member the content begins, if several share one.
    #[serde(default)]
    inner_offset: u64,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Reg,
    /// More of the file before it.
    Chunk,
    #[serde(other)]
    Other,
}

/// Entries are not kept as such: a layer can have very many.
struct Files(BTreeMap<u64, Chunks>);

impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Files;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the entries of a layer")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Files, A::Error> {
        let mut files = BTreeMap::new();
        let mut current: Option<(u64, Chunks, Chunk)> = None;
        while let Some(entry) = entries.next_element::<Entry>()? {
            if entry.kind == Kind::Chunk {
                let more = Chunk { at: entry.chunk_offset, offset: entry.offset };
                if let Some((_, chunks, _)) = &mut current {
                    chunks.push(more);
                }
                continue;
            }
            keep(current.take(), &mut files);
            if entry.kind == Kind::Reg && entry.size >= WORTHWHILE_BYTES && entry.inner_offset == 0
            {
                let first = Chunk { at: 0, offset: entry.offset };
                let end = Chunk { at: entry.size, offset: entry.end_offset };
                current = Some((entry.offset, vec![first], end));
            }
        }
        keep(current, &mut files);
        Ok(Files(files))
    }
}

/// The names and sizes of files.
struct Listed(BTreeMap<SourcePath, u64>);

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Names)
    }
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Listed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the entries of a layer")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Listed, A::Error> {
        let mut files = BTreeMap::new();
        while let Some(entry) = entries.next_element::<Entry>()? {
            if entry.kind == Kind::Reg && entry.size > 0 {
                files.insert(SourcePath::new(&entry.name), entry.size);
            }
        }
        Ok(Listed(files))
    }
}

/// Keeps a file whose chunks follow each other.
fn keep(file: Option<(u64, Chunks, Chunk)>, files: &mut BTreeMap<u64, Chunks>) {
    let Some((offset, mut chunks, end)) = file else { return };
    // eStargz does not say where the content ends.
    if end.offset > 0 {
        chunks.push(end);
    }
    let is_in_order =
        chunks.windows(2).all(|pair| pair[0].at < pair[1].at && pair[0].offset < pair[1].offset);
    if is_in_order && chunks.len() > 1 {
        files.insert(offset, chunks);
    }
}

/// Part of a blob, as a stream.
struct Section<'a> {
    parts: &'a dyn ReadAt,
    position: u64,
    left: u64,
}

impl<'a> Section<'a> {
    fn new(parts: &'a dyn ReadAt, position: u64, bytes: u64) -> Self {
        Self { parts, position, left: bytes }
    }
}

impl Read for Section<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let count = self.parts.read_at(self.position, &mut buffer[..wanted])?;
        self.position = self.position.saturating_add(count as u64);
        self.left -= count as u64;
        Ok(count)
    }
}

/// Digests what is read through it.
struct Hashed<R> {
    inner: R,
    hasher: Sha256,
}

impl<R: Read> Hashed<R> {
    fn new(inner: R) -> Self {
        Self { inner, hasher: Sha256::new() }
    }

    /// What `read` makes of the stream, if all of it has the digest `stated`.
    fn verified<T>(
        mut self,
        stated: &str,
        read: impl FnOnce(&mut Self) -> io::Result<T>,
    ) -> io::Result<T> {
        let value = read(&mut self)?;
        io::copy(&mut self, &mut io::sink())?;
        let is = Digest::new(Algorithm::Sha256, self.hasher.finalize().into());
        if is.to_string() == stated {
            Ok(value)
        } else {
            Err(invalid(format!("it is `{is}`, not `{stated}`")))
        }
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        Ok(count)
    }
}

fn invalid(message: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.into())
}
