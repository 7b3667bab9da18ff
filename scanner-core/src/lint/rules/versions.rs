//! The version of the format, and what it does not have yet.

use crate::bom::Format;
use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Place, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::FieldNotOfVersion, LintCode::VersionUnknown];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    let known: &[&str] = match document.format {
        Format::CycloneDxJson => &["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"],
        Format::CycloneDxXml => &["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"],
        Format::Spdx2Json | Format::Spdx2TagValue => &["2.2", "2.3"],
        Format::Spdx3 => &["3.0.0", "3.0.1"],
        Format::Flowdown => &["1"],
    };
    if !known.contains(&document.version.as_str()) {
        problems.add(
            LintCode::VersionUnknown,
            &Place::default(),
            format!(
                "the document says that it is version {} of {}, and the rules are of {}",
                quoted(&document.version),
                document.format.name(),
                known.join(", ")
            ),
            "take what is reported, and what is not, with care",
        );
        return;
    }
    for dated in &document.dated {
        if !is_at_least(&document.version, dated.since) {
            problems.add(
                LintCode::FieldNotOfVersion,
                &dated.at,
                format!(
                    "`{}` is not of version {}; it came with {}",
                    dated.what, document.version, dated.since
                ),
                "write a later version of the format, or leave it out",
            );
        }
    }
}

/// Whether `version` is `least` or later; one that is no pair of numbers is late.
pub(super) fn is_at_least(version: &str, least: &str) -> bool {
    let pair = |text: &str| -> Option<(u32, u32)> {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    match (pair(version), pair(least)) {
        (Some(version), Some(least)) => version >= least,
        _ => true,
    }
}
