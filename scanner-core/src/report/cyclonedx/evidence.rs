//! `evidence`: where an artifact was found, what identifies it, and everything that was said about
//! its licence, also what the conclusion did not follow.

use serde::Serialize;

use super::context::Context;
use super::licenses::{License, LicenseChoice};
use super::property;
use crate::model::{Artifact, Claim, LicenseStatement, Location, Origin, Span};
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
    licenses: Vec<LicenseChoice>,
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
        licenses: places.take(PLACES).map(|(claim, at)| observed(context, claim, at)).collect(),
    };
    let nothing = evidence.identity.is_empty()
        && evidence.occurrences.is_empty()
        && evidence.licenses.is_empty();
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

/// One claim at one place.
fn observed(
    context: &Context<'_>,
    claim: &Claim<LicenseStatement>,
    at: &Location,
) -> LicenseChoice {
    let statement = &claim.value;
    let candidates: Vec<&str> =
        statement.candidates.iter().map(|key| context.index.spdx(key)).collect();
    let mut license = match (&statement.expression, candidates.as_slice(), &statement.stated) {
        (Some(expression), _, _) => License::of(expression),
        (None, [only], _) => License::of(only),
        (None, _, Some(stated)) => named(stated),
        (None, _, None) => named("unknown"),
    };
    let properties = &mut license.properties;
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
    let recognition = statement.recognition.map(crate::model::Recognition::name);
    properties.maybe(property::EVIDENCE_RECOGNITION, recognition);
    properties.maybe(property::EVIDENCE_EXPRESSION, statement.expression.as_ref());
    if candidates.len() > 1 && statement.expression.is_none() {
        properties.each(property::EVIDENCE_CANDIDATE, candidates);
    }
    license.choice()
}

/// Words that decide on no licence stay words, also when they happen to spell an id.
fn named(words: &str) -> License {
    let words = if words.is_empty() { "unknown" } else { words };
    License { name: Some(cut(words).into_owned()), ..License::default() }
}
