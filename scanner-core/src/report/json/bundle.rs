//! The bundle of licences, without the bytes of its texts.

use schemars::JsonSchema;
use serde::Serialize;

use super::assessment::AssessedObligation;
use super::evidence::Location;
use super::terms::UseRestriction;
use crate::model;

/// What every customer of one product receives.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Bundle<'a> {
    /// The product's name.
    product: &'a str,
    /// The vendor's own licence for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_license: Option<&'a str>,
    /// One entry per licence and grantor, sorted by SPDX id.
    entries: Vec<Entry<'a>>,
}

/// One licence in the bundle, by one grantor.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Entry<'a> {
    /// Which licence; absent when it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    /// SPDX id or `LicenseRef-…`; `NOASSERTION` when unknown.
    spdx: &'a str,
    /// Its title.
    name: &'a str,
    /// The strongest ground on which it applies.
    basis: &'static str,
    /// How rights reach the customer; absent when the terms are not recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    conveyance: Option<&'static str>,
    /// Who grants it to the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    grantor: Option<&'a str>,
    /// Ids of the artifacts it covers.
    covers: Vec<&'a str>,
    /// Its texts.
    texts: Vec<Text<'a>>,
    /// Notice files that travel along.
    notices: Vec<Text<'a>>,
    /// Restrictions that must flow down.
    restrictions: Vec<Restriction<'a>>,
    /// What is owed because of it.
    obligations: Vec<Owed<'a>>,
    /// What is absent.
    gaps: Vec<Gap<'a>>,
}

/// A text of the bundle.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Text<'a> {
    /// The file it came in; absent when it is from the SPDX License List.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    /// Its length in bytes.
    size: usize,
    /// SHA-256 of the bytes.
    sha256: String,
}

/// A restriction that must flow down.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Restriction<'a> {
    /// What is forbidden.
    restriction: UseRestriction<'a>,
    /// The wording, where a text with it was scanned.
    #[serde(skip_serializing_if = "Option::is_none")]
    wording: Option<Wording<'a>>,
}

/// Words of a scanned text.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wording<'a> {
    /// The words.
    text: &'a str,
    /// Where they stand.
    at: Location<'a>,
}

/// What is owed for one artifact.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Owed<'a> {
    /// Id of the artifact.
    artifact: &'a str,
    /// What is owed.
    owed: AssessedObligation<'a>,
}

/// Something the bundle should hold and does not.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Gap<'a> {
    /// What is absent and why.
    what: &'a str,
    /// What would fill it.
    fix: &'a str,
}

impl<'a> Bundle<'a> {
    pub(super) fn of(bundle: &'a model::LicenseBundle) -> Self {
        Self {
            product: &bundle.product,
            product_license: bundle.product_license.as_deref(),
            entries: bundle.entries.iter().map(Entry::of).collect(),
        }
    }
}

impl<'a> Entry<'a> {
    fn of(entry: &'a model::BundleEntry) -> Self {
        let restrictions = entry.restrictions.iter();
        let obligations = entry.obligations.iter();
        let gaps = entry.gaps.iter();
        Self {
            license: entry.license.as_ref().map(|key| key.0.as_str()),
            spdx: &entry.spdx,
            name: &entry.name,
            basis: entry.basis.name(),
            conveyance: entry.conveyance.map(model::Conveyance::name),
            grantor: entry.grantor.as_deref(),
            covers: entry.covers.iter().map(|id| id.0.as_str()).collect(),
            texts: entry.texts.iter().map(Text::of).collect(),
            notices: entry.notices.iter().map(Text::of).collect(),
            restrictions: restrictions
                .map(|(restriction, wording)| Restriction {
                    restriction: UseRestriction::of(restriction),
                    wording: wording
                        .as_ref()
                        .map(|(text, at)| Wording { text, at: Location::of(at) }),
                })
                .collect(),
            obligations: obligations
                .map(|(id, owed)| Owed { artifact: &id.0, owed: AssessedObligation::of(owed) })
                .collect(),
            gaps: gaps.map(|gap| Gap { what: &gap.what, fix: &gap.fix }).collect(),
        }
    }
}

impl<'a> Text<'a> {
    fn of(text: &'a model::BundleText) -> Self {
        Self {
            path: match &text.origin {
                model::TextOrigin::Artifact { path } => Some(path.as_str()),
                model::TextOrigin::SpdxList => None,
            },
            size: text.bytes.len(),
            sha256: text.sha256.to_string(),
        }
    }
}
