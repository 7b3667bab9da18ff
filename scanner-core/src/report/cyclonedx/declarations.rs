//! `declarations`: whether obligations are met, as far as files and declarations show.
//!
//! A score is written only where evidence decides: 1 for satisfied, 0 for missing. What cannot be
//! shown, waits for a declaration or lies dormant has a rationale and no score, because any number
//! would read as a degree of compliance. There is no affirmation: that is for people to sign.

use std::collections::HashMap;

use serde::Serialize;

use super::context::Context;
use super::metadata::label;
use crate::model::{Artifact, AssessedObligation, Dormancy, Location, ObligationStatus};
use crate::report::place::{cut, place};
use crate::report::refs::Refs;

/// Evidence of one obligation is listed up to this many places.
const PLACES: usize = 16;

#[derive(Serialize)]
pub(super) struct Declarations {
    attestations: Vec<Attestation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claims: Vec<Claim>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<Evidence>,
}

#[derive(Serialize)]
struct Attestation {
    summary: String,
    map: Vec<Mapping>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mapping {
    requirement: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claims: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    counter_claims: Vec<String>,
    conformance: Conformance,
}

#[derive(Serialize)]
struct Conformance {
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<u8>,
    rationale: String,
}

#[derive(Serialize)]
struct Claim {
    #[serde(rename = "bom-ref")]
    bom_ref: String,
    target: String,
    predicate: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<String>,
}

#[derive(Serialize)]
struct Evidence {
    #[serde(rename = "bom-ref")]
    bom_ref: String,
    description: String,
}

/// One attestation for each artifact that owes something; `None` when none does.
pub(super) fn declarations(context: &Context<'_>, refs: &mut Refs) -> Option<Declarations> {
    let mut writer =
        Writer { context, refs, places: HashMap::new(), claims: Vec::new(), evidence: Vec::new() };
    let artifacts = &context.index.report.inventory.artifacts;
    let attestations: Vec<Attestation> =
        artifacts.iter().filter_map(|artifact| writer.attestation(artifact)).collect();
    let Writer { claims, evidence, .. } = writer;
    (!attestations.is_empty()).then_some(Declarations { attestations, claims, evidence })
}

struct Writer<'a, 'b> {
    context: &'b Context<'a>,
    refs: &'b mut Refs,
    places: HashMap<&'a Location, String>,
    claims: Vec<Claim>,
    evidence: Vec<Evidence>,
}

impl<'a> Writer<'a, '_> {
    fn attestation(&mut self, artifact: &'a Artifact) -> Option<Attestation> {
        let context = self.context;
        let target = context.artifact(&artifact.id)?;
        let obligations = &context.index.assessment(&artifact.id)?.obligations;
        let map: Vec<Mapping> =
            obligations.iter().filter_map(|owed| self.mapping(target, owed)).collect();
        let summary = format!("obligations that come with {} ({target})", label(artifact));
        (!map.is_empty()).then_some(Attestation { summary, map })
    }

    fn mapping(&mut self, target: &str, owed: &'a AssessedObligation) -> Option<Mapping> {
        let requirement = self.context.obligation(&owed.license, &owed.obligation)?.to_owned();
        let status = match owed.dormancy {
            Dormancy::Active => owed.status.name(),
            Dormancy::Dormant => "dormant",
        };
        let (mut claims, mut counter_claims) = (Vec::new(), Vec::new());
        let score = match (owed.dormancy, owed.status) {
            (Dormancy::Dormant, _) => None,
            (Dormancy::Active, ObligationStatus::Satisfied) => {
                claims.push(self.claim(target, &requirement, owed));
                Some(1)
            }
            (Dormancy::Active, ObligationStatus::Missing) => {
                counter_claims.push(self.claim(target, &requirement, owed));
                Some(0)
            }
            (Dormancy::Active, ObligationStatus::Contradicted) => {
                counter_claims.push(self.claim(target, &requirement, owed));
                None
            }
            (
                Dormancy::Active,
                ObligationStatus::NeedsDeclaration | ObligationStatus::NotEvidencable,
            ) => None,
        };
        let rationale = format!("{status}: {}", cut(&owed.because));
        Some(Mapping {
            requirement,
            claims,
            counter_claims,
            conformance: Conformance { score, rationale },
        })
    }

    fn claim(&mut self, target: &str, requirement: &str, owed: &'a AssessedObligation) -> String {
        let bom_ref = self.refs.take(&format!("claim:{}", self.claims.len()));
        let evidence = owed.evidence.iter().take(PLACES).map(|at| self.place(at)).collect();
        self.claims.push(Claim {
            bom_ref: bom_ref.clone(),
            target: target.to_owned(),
            predicate: format!("{requirement} is {}", owed.status.name()),
            evidence,
        });
        bom_ref
    }

    /// The evidence entry of a location; each location has one.
    fn place(&mut self, at: &'a Location) -> String {
        if let Some(known) = self.places.get(at) {
            return known.clone();
        }
        let bom_ref = self.refs.take(&format!("evidence:{}", self.evidence.len()));
        self.evidence.push(Evidence { bom_ref: bom_ref.clone(), description: place(at) });
        self.places.insert(at, bom_ref.clone());
        bom_ref
    }
}
