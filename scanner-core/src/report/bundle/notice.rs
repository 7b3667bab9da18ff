//! `NOTICE.md`: what is inside the product, under which licence, from whom, and what is absent.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::texts::{NamedEntry, Texts};
use crate::model::{ArtifactId, Basis, BundleEntry, Conveyance, Report, TextOrigin};
use crate::report::copyright;
use crate::report::index::Index;
use crate::report::markdown::{block, code, escape};

/// Notices longer than this are in their files only.
const SHOWN_BYTES: usize = 64 << 10;

/// Writing to a String cannot fail, so results of `write!` are dropped in this file.
pub(super) fn notice(index: &Index<'_>, texts: &Texts<'_>) -> String {
    let report = index.report;
    let mut out = format!("# Notices for {}\n\n", escape(&title(report)));
    out.push_str(
        "This file lists what the product contains, the licence of each part, and the notices that \
         came with it.\nIt states what was found in the scanned files; it is not legal advice.\n",
    );
    if let Some(license) = &texts.bundle.product_license {
        let _ = write!(out, "\nLicence of the product itself: {}\n", escape(license));
    }
    for entry in &texts.entries {
        of_entry(index, entry, &mut out);
    }
    if texts.entries.is_empty() {
        out.push_str("\nNo licences were found.\n");
    }
    out
}

/// The product's name and version, else the source's name.
pub(super) fn title(report: &Report) -> String {
    match &report.product {
        Some(product) => match &product.version {
            Some(version) => format!("{} {version}", product.name),
            None => product.name.clone(),
        },
        None => report.source.name.clone(),
    }
}

fn of_entry(index: &Index<'_>, named: &NamedEntry<'_>, out: &mut String) {
    let entry = named.entry;
    let _ = write!(out, "\n## {} ({})\n\n", escape(&entry.name), escape(&entry.spdx));
    let _ = writeln!(out, "- Ground: {}", ground(entry));
    let grantor = entry.grantor.as_deref().map_or_else(|| "not known".to_owned(), escape);
    let _ = writeln!(out, "- Granted to the customer by: {grantor}");
    let _ = writeln!(out, "- How rights reach the customer: {}", conveyance(entry.conveyance));
    let passed_on = passed_on(entry);
    if !passed_on.is_empty() {
        let _ = writeln!(out, "- Passed on to the customer: {}", passed_on.join(", "));
    }
    for text in &named.texts {
        let origin = match &text.text.origin {
            TextOrigin::Artifact { path } => format!("as it came in {}", escape(path.as_str())),
            TextOrigin::SpdxList => {
                "from the SPDX License List; none came with the parts".to_owned()
            }
        };
        let _ = writeln!(out, "- Text: [{0}]({0}), {origin}", text.file);
    }
    for gap in &named.gaps {
        // What the vendor could do about it is no business of the customer.
        let _ = writeln!(out, "- Absent: {}", escape(&gap.what));
    }
    out.push_str("\nParts:\n\n");
    for id in &entry.covers {
        let _ = writeln!(out, "- {}", part(index, id));
        let artifact = index.artifact(id);
        for line in artifact.map(|it| copyright::lines(index.report, it)).unwrap_or_default() {
            let _ = writeln!(out, "  - {}", escape(line));
        }
    }
    for notice in &named.notices {
        let _ = write!(out, "\nNotice [{0}]({0})", notice.file);
        if let TextOrigin::Artifact { path } = &notice.text.origin {
            let _ = write!(out, ", from {}", escape(path.as_str()));
        }
        out.push('\n');
        if notice.text.bytes.len() <= SHOWN_BYTES {
            let _ = write!(out, "\n{}", block(&String::from_utf8_lossy(&notice.text.bytes)));
        }
    }
}

/// What a contract makes the vendor pass on: no text says it, so this file does.
fn passed_on(entry: &BundleEntry) -> Vec<String> {
    let is_contract = entry.conveyance == Some(Conveyance::CommercialFlowdown);
    let kinds = passed_on_kinds(entry);
    let restrictions = (is_contract && !entry.restrictions.is_empty())
        .then(|| format!("{} use restrictions (USE-RESTRICTIONS.md)", entry.restrictions.len()));
    restrictions.into_iter().chain(kinds.into_iter().map(escape)).collect()
}

/// The kinds of duties that a contract makes the vendor pass on; none of any other licence.
pub(super) fn passed_on_kinds(entry: &BundleEntry) -> BTreeSet<&str> {
    let is_contract = entry.conveyance == Some(Conveyance::CommercialFlowdown);
    let owed = entry.obligations.iter().filter(|_| is_contract);
    owed.map(|(_, assessed)| assessed.obligation.kind.as_str()).collect()
}

/// Name, version and package URL of an artifact.
pub(super) fn part(index: &Index<'_>, id: &ArtifactId) -> String {
    let Some(artifact) = index.artifact(id) else { return escape(&id.0) };
    let mut words = escape(&artifact.label());
    if let Some(version) = &artifact.version {
        let _ = write!(words, " {}", escape(version));
    }
    if let Some(purl) = &artifact.purl {
        let _ = write!(words, " ({})", code(purl.as_str()));
    }
    words
}

/// Why the entry is in the bundle, in words.
pub(super) const fn ground(entry: &BundleEntry) -> &'static str {
    if entry.license.is_none() {
        return "the licence is not known";
    }
    match entry.basis {
        Basis::Inherited => "inherited from an ancestor",
        Basis::Catalogue => "from the catalogue of known models",
        Basis::Declared => "as declared, no text was found",
        Basis::Detected => "a licence text was recognised",
        Basis::Identified => "the weights were recognised",
        Basis::Concluded => "declaration and licence text agree",
    }
}

pub(super) const fn conveyance(conveyance: Option<Conveyance>) -> &'static str {
    match conveyance {
        Some(Conveyance::DirectLicense) => "each recipient is licensed by the licensor",
        Some(Conveyance::SublicenseWithFlowdown) => {
            "from the vendor, whose terms must pass on the use restrictions"
        }
        Some(Conveyance::CommercialFlowdown) => "as the vendor's contract with the licensor says",
        Some(Conveyance::NoConveyance) => "the terms do not let rights be passed on",
        None => "not recorded",
    }
}
