//! `evidence`: where an artifact was found, what identifies it, and everything that was said about
//! its licence, also what the conclusion did not follow.

use serde::Serialize;

use super::context::Context;
use super::license::{License, LicenseChoice, is_compound};
use super::property::{self, Properties};
use crate::model::{
    Artifact, Claim, LicenseKey, LicenseStatement, Location, Origin, Recognition, Span,
};
use crate::report::place::{cut, part};

/// Places and claims of one artifact are listed up to this many.
const PLACES: usize = 256;

#[derive(Serialize, Default)]
pub(super) struct Evidence {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identity: Vec<Identity>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    occurrences: Vec<Occurrence>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) licenses: Vec<LicenseChoice>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    copyright: Vec<Copyright>,
}

#[derive(Serialize)]
struct Copyright {
    text: String,
}

/// Carries no confidence: a package URL or digest is established or it is not written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    field: &'static str,
    concluded_value: String,
    tools: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Occurrence {
    location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_context: Option<String>,
}

pub(super) fn evidence(
    context: &Context<'_>,
    artifact: &Artifact,
    sha256: Option<&str>,
    copyright: &[&str],
) -> Option<Evidence> {
    let identity = |field, value: &str| Identity {
        field,
        concluded_value: value.to_owned(),
        tools: vec![context.tool.clone()],
    };
    let purl = artifact.purl.as_ref().map(|purl| identity("purl", purl.as_str()));
    let hash = sha256.map(|sha256| identity("hash", sha256));
    let claims = context.index.claims(&artifact.id);
    let places = claims.iter().flat_map(|claim| claim.evidence.iter().map(move |at| (claim, at)));
    let evidence = Evidence {
        identity: purl.into_iter().chain(hash).collect(),
        occurrences: artifact.occurrences.iter().take(PLACES).map(occurrence).collect(),
        licenses: places
            .take(PLACES)
            .flat_map(|(claim, at)| observed(context, claim, at))
            .collect(),
        copyright: copyright.iter().map(|line| Copyright { text: (*line).to_owned() }).collect(),
    };
    let nothing = evidence.identity.is_empty()
        && evidence.occurrences.is_empty()
        && evidence.licenses.is_empty()
        && evidence.copyright.is_empty();
    (!nothing).then_some(evidence)
}

fn occurrence(location: &Location) -> Occurrence {
    let (line, offset) = match &location.span {
        Some(Span::Lines { first, .. }) => (Some(*first), None),
        Some(Span::Bytes { start, .. }) => (None, Some(*start)),
        Some(Span::Key(_)) | None => (None, None),
    };
    let context = match (&location.origin, &location.span) {
        (Origin::Scanned { layer: Some(layer) }, _) => Some(format!("layer {layer}")),
        (_, Some(span)) => Some(part(span)),
        (_, None) => None,
    };
    Occurrence {
        location: cut(location.path.as_str()).into_owned(),
        line,
        offset,
        additional_context: context,
    }
}

/// One claim at one place: one licence, or the atoms of a compound expression, because 1.6 has no
/// room for properties beside an expression.
fn observed(
    context: &Context<'_>,
    claim: &Claim<LicenseStatement>,
    at: &Location,
) -> Vec<LicenseChoice> {
    let statement = &claim.value;
    let expression = statement.expression.as_deref();
    let mut licenses: Vec<License> = match (expression, statement.candidates.as_slice()) {
        (Some(text), atoms) if !atoms.is_empty() && is_compound(text) => {
            atoms.iter().take(PLACES).map(|key| decided(context, key)).collect()
        }
        (None, [only]) => vec![decided(context, only)],
        (Some(text), _) => vec![License::of(text)],
        (None, _) => vec![named(statement.stated.as_deref().unwrap_or_default())],
    };
    for license in &mut licenses {
        describe(context, claim, at, &mut license.properties);
    }
    licenses.into_iter().map(License::choice).collect()
}

fn decided(context: &Context<'_>, key: &LicenseKey) -> License {
    let mut license = License::of(context.index.spdx(key));
    license.properties.add(property::LICENSE_KEY, &key.0);
    license.properties.maybe(property::LICENSE_STANDARD_REF, context.standard(key));
    license
}

fn describe(
    context: &Context<'_>,
    claim: &Claim<LicenseStatement>,
    at: &Location,
    properties: &mut Properties,
) {
    let statement = &claim.value;
    properties.add(property::EVIDENCE_METHOD, claim.basis.name());
    properties.add(property::EVIDENCE_PATH, at.path.as_str());
    properties.maybe(property::EVIDENCE_PART, at.span.as_ref().map(part));
    let sha256 = match &at.origin {
        Origin::Scanned { .. } => context.index.file_sha256(&at.path),
        Origin::UserFile { sha256 } => Some(*sha256),
        Origin::Catalogue => None,
    };
    properties.maybe(property::EVIDENCE_SHA256, sha256.map(|digest| digest.hex()));
    let plugin = context.plugin(&claim.by.0).unwrap_or(&claim.by.0);
    properties.add(property::EVIDENCE_PLUGIN, plugin);
    properties.maybe(property::EVIDENCE_STATED, statement.stated.as_ref());
    properties.maybe(property::EVIDENCE_RECOGNITION, statement.recognition.map(Recognition::name));
    properties.maybe(property::EVIDENCE_EXPRESSION, statement.expression.as_ref());
    if statement.candidates.len() > 1 && statement.expression.is_none() {
        let candidates = statement.candidates.iter().map(|key| context.index.spdx(key));
        properties.each(property::EVIDENCE_CANDIDATE, candidates);
    }
}

/// Words that decide on no licence stay words, also when they happen to spell an id.
fn named(words: &str) -> License {
    let words = if words.is_empty() { "unknown" } else { words };
    License { name: Some(cut(words).into_owned()), ..License::default() }
}
