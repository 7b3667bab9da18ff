//! in-toto Statement v1 around a JSON document, ready to be signed: which bytes the document is
//! about, and what kind of document it is.
//!
//! Nothing is signed here, and no key is touched (`docs/attest.md`). The subject of a directory is
//! its `dirHash` of the in-toto digest sets: SHA-256 over one line `HEX  PATH` for each file, sorted by
//! the bytes of the path, as `sha256sum` prints them. So anybody can compute it without Flowdown.
//! <https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md>

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

use serde::Serialize;

use super::Reporter;
use super::plain::plain;
use crate::model::{Digest, Report, SourceKind, SourcePath};

/// The media type of a statement.
pub const MEDIA_TYPE: &str = "application/vnd.in-toto+json";

/// Why a document cannot be attested.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unattestable {
    /// The format is not JSON, or no predicate type is known for it.
    Format(&'static str),
    /// Files without a digest: the first, and how many.
    Undigested(SourcePath, usize),
    /// A file whose name would end its line.
    LineBreak(SourcePath),
    /// Not exactly one image with a digest: how many were scanned.
    NoImage(usize),
}

impl fmt::Display for Unattestable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(format) => write!(
                f,
                "a document of the format `{format}` cannot be attested: a predicate is JSON of a known \
                 type; use `cyclonedx`, `spdx`, `sarif` or `json`"
            ),
            Self::Undigested(path, count) => write!(
                f,
                "there is no digest of what was scanned: {count} places were not read to the end, the \
                 first is `{}`; make them readable, or leave them out with `--exclude`",
                plain(&path.to_string())
            ),
            Self::LineBreak(path) => write!(
                f,
                "there is no digest of what was scanned: the name of `{}` has a line break; leave it out \
                 with `--exclude`",
                plain(path.as_str())
            ),
            Self::NoImage(count) => write!(
                f,
                "a statement is about one image with a digest, and `{count}` were scanned; name one \
                 image and one platform"
            ),
        }
    }
}

impl std::error::Error for Unattestable {}

/// The predicate type of the documents that `reporter` writes.
///
/// # Errors
/// When they cannot be a predicate.
pub fn predicate_type(reporter: &dyn Reporter) -> Result<&'static str, Unattestable> {
    let format = reporter.format();
    let unknown = Err(Unattestable::Format(format));
    if !reporter.media_type().ends_with("+json") {
        return unknown;
    }
    match format {
        "json" => Ok("urn:flowdown:inventory:1"),
        "sarif" => Ok("https://docs.oasis-open.org/sarif/sarif/v2.1.0"),
        "spdx" => Ok("https://spdx.dev/Document/v2.3"),
        "spdx-3" => Ok("https://spdx.dev/Document/v3"),
        format if format.starts_with("cyclonedx") => Ok("https://cyclonedx.org/bom"),
        _ => unknown,
    }
}

/// The digest of everything that was scanned.
///
/// # Errors
/// When a file has no digest, or a name that cannot stand in a line.
pub fn directory_hash(report: &Report) -> Result<Digest, Unattestable> {
    let files = &report.inventory.files;
    let mut undigested = files.iter().filter(|(_, digest)| digest.is_none());
    if let Some((first, _)) = undigested.next() {
        return Err(Unattestable::Undigested(first.clone(), undigested.count() + 1));
    }
    let mut lines: Vec<(Vec<u8>, &Digest)> = Vec::with_capacity(files.len());
    for (path, digest) in files {
        let name = path.decoded().into_owned();
        if name.contains(&b'\n') {
            return Err(Unattestable::LineBreak(path.clone()));
        }
        lines.extend(digest.as_ref().map(|digest| (name, digest)));
    }
    lines.sort();
    let listing = lines.into_iter().fold(Vec::new(), |mut listing, (name, digest)| {
        listing.extend_from_slice(digest.hex().as_bytes());
        listing.extend_from_slice(b"  ");
        listing.extend_from_slice(&name);
        listing.push(b'\n');
        listing
    });
    Ok(Digest::sha256_of(&listing))
}

#[derive(Serialize)]
struct Subject<'a> {
    name: &'a str,
    digest: BTreeMap<&'static str, String>,
}

/// A document of `reporter` in a statement about what `report` scanned; the document's own bytes
/// are unchanged.
pub struct Statement<'a> {
    reporter: &'a dyn Reporter,
    report: &'a Report,
    predicate_type: &'static str,
    /// The name of the digest in the statement.
    algorithm: &'static str,
    digest: Digest,
}

impl<'a> Statement<'a> {
    /// The statement.
    ///
    /// # Errors
    /// When the format is no predicate, or what was scanned has no digest.
    pub fn new(reporter: &'a dyn Reporter, report: &'a Report) -> Result<Self, Unattestable> {
        let predicate_type = predicate_type(reporter)?;
        let (algorithm, digest) = match (report.source.kind, report.images.as_slice()) {
            (SourceKind::Directory, _) => ("dirHash", directory_hash(report)?),
            // An archive of `docker save` has no manifest of its own; its image id is the
            // configuration's digest.
            (_, [image]) => match image.manifest.or(image.config) {
                Some(digest) => ("sha256", digest),
                None => return Err(Unattestable::NoImage(report.images.len())),
            },
            (_, images) => return Err(Unattestable::NoImage(images.len())),
        };
        Ok(Self { reporter, report, predicate_type, algorithm, digest })
    }

    /// Writes it.
    ///
    /// # Errors
    /// When `out` fails.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let name = match self.report.source.name.as_str() {
            // A subject without a name cannot be told from another one.
            "" => ".",
            name => name,
        };
        let digest = BTreeMap::from([(self.algorithm, self.digest.hex())]);
        write!(out, "{{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":")?;
        serde_json::to_writer(&mut *out, &[Subject { name, digest }])?;
        write!(out, ",\"predicateType\":\"{}\",\"predicate\":", self.predicate_type)?;
        self.reporter.write(self.report, out)?;
        out.write_all(b"}\n")
    }
}
