//! The bundle of licences that every customer receives, as a set of files.
//!
//! | file | holds |
//! |---|---|
//! | `bundle.json` | manifest: product, entries, gaps, size and SHA-256 of every other file |
//! | `LICENSES/` | each licence text, byte for byte as it came with the artifact |
//! | `NOTICES/` | each notice file, byte for byte, never merged |
//! | `index.html` | all of it for people, with links to the other files |
//! | `NOTICE.md` | what is inside, under which licence, from whom, and what is absent |
//! | `USE-RESTRICTIONS.md` | restrictions that flow down, in the words of the scanned text |
//! | `bom.cdx.json`, `bom.spdx.json` | the bills of materials |
//!
//! Two texts are one file only if their bytes are equal. A licence without a text is a named gap,
//! never an empty file. The Markdown files say what licences say and where; they advise nobody.

mod file_name;
mod manifest;
mod notice;
mod people;
mod restrictions;
mod texts;

use std::collections::BTreeMap;
use std::io;

use self::texts::Texts;
use super::Reporter;
use super::cyclonedx::CycloneDx;
use super::index::Index;
use super::spdx2::Spdx2;
use crate::model::Report;

pub use manifest::{SCHEMA_ID, schema};

/// Every file of the bundle by its path, `/`-separated. Fails only if a document cannot be
/// serialised into memory.
pub fn files(report: &Report) -> io::Result<BTreeMap<String, Vec<u8>>> {
    refuse_confidential(report)?;
    let index = Index::new(report);
    let texts = Texts::of(report);
    let mut files = texts.files();
    files.insert("index.html".to_owned(), people::page(&index, &texts)?.into_bytes());
    files.insert("NOTICE.md".to_owned(), notice::notice(&index, &texts).into_bytes());
    files.insert(
        "USE-RESTRICTIONS.md".to_owned(),
        restrictions::restrictions(&index, &texts).into_bytes(),
    );
    files.insert("bom.cdx.json".to_owned(), document(&CycloneDx::DEFAULT, report)?);
    files.insert("bom.spdx.json".to_owned(), document(&Spdx2, report)?);
    let manifest = manifest::manifest(&index, &texts, &files)?;
    files.insert("bundle.json".to_owned(), manifest);
    Ok(files)
}

/// Customers must not read contracts between the vendor and its licensors.
fn refuse_confidential(report: &Report) -> io::Result<()> {
    let mut contracts = report.product.iter().flat_map(|product| &product.contracts);
    match contracts.find(|contract| contract.particulars.is_some()) {
        None => Ok(()),
        Some(contract) => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!(
                "the report has the contract `{}` with what only its parties may read; a bundle is \
                 made of the report that `engine::for_customers` gives",
                contract.terms.key
            ),
        )),
    }
}

fn document(reporter: &dyn Reporter, report: &Report) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reporter.write(report, &mut bytes)?;
    Ok(bytes)
}
