//! Documents about a finished scan: bills of materials, our own JSON, and the customer bundle.
//!
//! A reporter is a pure function from [`Report`] to bytes: it reads no file, asks no clock and makes
//! no random number, so the same report gives the same bytes. Every format has its own wire types in
//! its own folder and knows nothing of the others; `bundle` alone calls two of them. What a document may say is fixed by three rules:
//! unknown never becomes a licence, *declared* and *detected* never become *concluded*, and nothing
//! that the report lists is left out because it looks untidy. `docs/formats.md` has the mapping.
//!
//! Text from scanned files is data here. JSON escapes it, Markdown escapes it in
//! `markdown`, HTML in the formatter of `html::templates`, and every copied text has an upper length.

pub mod agreement;
pub mod baseline;
pub mod bundle;
pub mod completeness;
mod copyright;
pub mod csv;
pub mod cyclonedx;
mod description;
mod expression;
mod facts;
pub mod flow;
pub mod html;
mod hub;
mod identity;
mod image;
pub mod in_toto;
mod index;
pub mod json;
pub(crate) mod markdown;
mod outside;
pub mod overview;
mod place;
mod plain;
mod property;
mod references;
mod refs;
mod row;
pub mod sarif;
pub mod spdx2;
pub mod spdx3;
mod standard;
mod statement;
pub mod table;

use std::io::{self, Write};

use crate::model::Report;

pub use facts::READ as FACTS_READ;

/// Writes one document format.
pub trait Reporter: Sync {
    /// The id of the format on the command line.
    fn format(&self) -> &'static str;

    /// The media type of the document; what ends in `+json` is JSON, what ends in `+xml` is XML.
    fn media_type(&self) -> &'static str;

    /// Writes the document. Fails only when `out` does.
    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()>;
}

/// Every folder with the reporters that live in it, sorted by folder. `bundle` writes a directory and
/// is no reporter.
pub const ALL: &[(&str, &[&dyn Reporter])] = &[
    ("agreement", &[&agreement::AgreementTable]),
    ("completeness", &[&completeness::Completeness]),
    ("csv", &[&csv::Csv]),
    ("cyclonedx", cyclonedx::ALL),
    ("flow", &[&flow::Flow]),
    ("html", &[&html::Html]),
    ("json", &[&json::Native]),
    ("overview", &[&overview::Overview]),
    ("sarif", &[&sarif::Sarif]),
    ("spdx2", &[&spdx2::Spdx2, &spdx2::Spdx2TagValue]),
    ("spdx3", &[&spdx3::Spdx3]),
    ("table", &[&table::Table]),
];

/// Every reporter, in the order of [`ALL`].
pub fn reporters() -> impl Iterator<Item = &'static dyn Reporter> {
    ALL.iter().flat_map(|(_, reporters)| reporters.iter().copied())
}

/// The reporter of a format id.
pub fn by_format(format: &str) -> Option<&'static dyn Reporter> {
    reporters().find(|reporter| reporter.format() == format)
}
