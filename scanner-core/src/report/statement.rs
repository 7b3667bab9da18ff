//! What annotations of SPDX say in JSON: who claims which licence, what a licence asks for, what of it
//! has been met. The words are those of the `flowdown:` properties.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::index::Index;
use super::place::{cut, part, place};
use super::standard::{Restriction, Standard};
use crate::model::{
    Artifact, AssessedObligation, BundleEntry, Claim, Conveyance, Dormancy, Finding,
    LicenseStatement, Location, Mental, Obligation, Origin, Recognition,
};

/// Claims, requirements and obligations are listed up to this many; `omitted` counts the rest.
const ITEMS: usize = 256;

/// Places of one item are listed up to this many.
const PLACES: usize = 16;

/// Findings are listed up to this many; the count of all stands beside them.
pub(super) const FINDINGS: usize = 1_000;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// The JSON of a statement.
pub(super) fn json(statement: &impl Serialize) -> String {
    serde_json::to_string(statement).expect("text, numbers and lists always serialise")
}

/// Licence claims of one plugin about one artifact.
#[derive(Serialize)]
pub(super) struct Claims<'a> {
    #[serde(skip)]
    pub(super) by: &'a str,
    claims: Vec<ClaimItem<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    omitted: usize,
}

#[derive(Serialize)]
struct ClaimItem<'a> {
    method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stated: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expression: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidate: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recognition: Option<&'static str>,
    evidence: Vec<Evidence<'a>>,
}

#[derive(Serialize)]
struct Evidence<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<String>,
}

/// Everything that is claimed about the licence of an artifact, by plugin.
pub(super) fn claims<'a>(index: &Index<'a>, artifact: &Artifact) -> Vec<Claims<'a>> {
    let mut by: BTreeMap<&str, Vec<&Claim<LicenseStatement>>> = BTreeMap::new();
    for claim in index.claims(&artifact.id) {
        by.entry(&claim.by.0).or_default().push(claim);
    }
    by.into_iter()
        .map(|(by, claims)| Claims {
            by,
            omitted: claims.len().saturating_sub(ITEMS),
            claims: claims.into_iter().take(ITEMS).map(|claim| claim_item(index, claim)).collect(),
        })
        .collect()
}

fn claim_item<'a>(index: &Index<'a>, claim: &'a Claim<LicenseStatement>) -> ClaimItem<'a> {
    let statement = &claim.value;
    ClaimItem {
        method: claim.basis.name(),
        stated: statement.stated.as_deref().map(cut),
        expression: statement.expression.as_deref().map(cut),
        candidate: statement.candidates.iter().map(|key| index.spdx(key)).collect(),
        recognition: statement.recognition.map(Recognition::name),
        evidence: claim.evidence.iter().take(PLACES).map(|at| evidence(index, at)).collect(),
    }
}

fn evidence<'a>(index: &Index<'a>, at: &'a Location) -> Evidence<'a> {
    let (sha256, layer) = match &at.origin {
        Origin::Scanned { layer } => (index.file_sha256(&at.path), layer.as_ref()),
        Origin::UserFile { sha256 } => (Some(*sha256), None),
        Origin::Catalogue => (None, None),
    };
    Evidence {
        path: at.path.as_str(),
        part: at.span.as_ref().map(part),
        sha256: sha256.map(|digest| digest.hex()),
        layer: layer.map(ToString::to_string),
    }
}

/// What one licence asks for.
#[derive(Serialize)]
pub(super) struct Requirements<'a> {
    license: &'a str,
    requirements: Vec<Requirement<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    omitted: usize,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "kebab-case")]
struct Requirement<'a> {
    clause: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    category: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trigger: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence_class: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    param: Option<&'a BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mental: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exception: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flowdown: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wording: Option<String>,
}

/// The obligations and use restrictions of a licence.
pub(super) fn requirements<'a>(standard: &Standard<'a>) -> Requirements<'a> {
    let flows_down = standard.terms.is_some_and(|terms| {
        matches!(
            terms.grant.conveyance,
            Conveyance::CommercialFlowdown | Conveyance::SublicenseWithFlowdown
        )
    });
    let obligations = standard.obligations.iter().map(|obligation| of_obligation(obligation));
    let restrictions = standard.restrictions.iter().map(|found| of_restriction(found, flows_down));
    let total = standard.obligations.len() + standard.restrictions.len();
    Requirements {
        license: standard.spdx,
        requirements: obligations.chain(restrictions).take(ITEMS).collect(),
        omitted: total.saturating_sub(ITEMS),
    }
}

fn of_obligation(obligation: &Obligation) -> Requirement<'_> {
    Requirement {
        clause: &obligation.clause,
        kind: "obligation",
        category: vec![&obligation.kind],
        trigger: obligation.triggers.iter().map(String::as_str).collect(),
        evidence_class: Some(obligation.evidence.name()),
        param: Some(&obligation.params).filter(|params| !params.is_empty()),
        ..Requirement::default()
    }
}

fn of_restriction<'a>(found: &Restriction<'a>, flows_down: bool) -> Requirement<'a> {
    let restriction = found.restriction;
    Requirement {
        clause: &restriction.label,
        kind: "use-restriction",
        category: restriction.categories.iter().map(String::as_str).collect(),
        mental: Some(restriction.mental).filter(|mental| *mental != Mental::None).map(Mental::name),
        exception: restriction.exceptions.iter().map(String::as_str).collect(),
        flowdown: flows_down.then_some("required"),
        text: found.wording.map(|(wording, _)| cut(wording)),
        wording: found.wording.map(|(_, at)| place(at)),
        ..Requirement::default()
    }
}

/// What of an artifact's obligations has been met.
#[derive(Serialize)]
pub(super) struct Review<'a> {
    obligations: Vec<Reviewed<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    omitted: usize,
}

#[derive(Serialize)]
struct Reviewed<'a> {
    license: &'a str,
    clause: &'a str,
    kind: &'a str,
    status: &'static str,
    because: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<String>,
}

/// The review of an artifact's obligations; `None` when it has none.
pub(super) fn review<'a>(index: &Index<'a>, artifact: &Artifact) -> Option<Review<'a>> {
    let obligations = &index.assessment(&artifact.id)?.obligations;
    (!obligations.is_empty()).then(|| Review {
        omitted: obligations.len().saturating_sub(ITEMS),
        obligations: obligations.iter().take(ITEMS).map(|owed| reviewed(index, owed)).collect(),
    })
}

fn reviewed<'a>(index: &Index<'a>, owed: &'a AssessedObligation) -> Reviewed<'a> {
    Reviewed {
        license: index.spdx(&owed.license),
        clause: &owed.obligation.clause,
        kind: &owed.obligation.kind,
        status: match owed.dormancy {
            Dormancy::Active => owed.status.name(),
            Dormancy::Dormant => "dormant",
        },
        because: cut(&owed.because),
        evidence: owed.evidence.iter().take(PLACES).map(place).collect(),
    }
}

/// A finding in words.
pub(super) fn finding(finding: &Finding) -> String {
    let because: Vec<String> = finding.because.iter().take(PLACES).map(place).collect();
    let text = format!(
        "{} {}: {} (see {}); {}",
        finding.severity().name(),
        finding.rule.as_str(),
        finding.message,
        because.join("; "),
        finding.fix
    );
    cut(&text).into_owned()
}

/// One licence of the customer bundle.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Grant<'a> {
    license: Cow<'a, str>,
    name: Cow<'a, str>,
    role: &'static str,
    basis: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    grantor: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conveyance: Option<&'static str>,
    applies_to: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    text_sha256: Vec<String>,
    #[serde(skip_serializing_if = "is_zero")]
    use_restrictions: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gap: Vec<Cow<'a, str>>,
}

/// What a bundle entry says; `applies_to` are the identifiers of what it covers in the document.
pub(super) fn grant<'a>(entry: &'a BundleEntry, applies_to: Vec<&'a str>) -> Grant<'a> {
    Grant {
        license: cut(&entry.spdx),
        name: cut(&entry.name),
        role: "component-license",
        basis: entry.basis.name(),
        grantor: entry.grantor.as_deref().map(cut),
        conveyance: entry.conveyance.map(Conveyance::name),
        applies_to,
        text_sha256: entry.texts.iter().map(|text| text.sha256.hex()).collect(),
        use_restrictions: entry.restrictions.len(),
        gap: entry.gaps.iter().map(|gap| cut(&gap.what)).collect(),
    }
}

/// A notice for each decided licence of an artifact that restricts its use: what whoever passes the
/// artifact on must tell.
pub(super) fn notices(index: &Index<'_>, artifact: &Artifact) -> Vec<String> {
    let Some(assessment) = index.assessment(&artifact.id) else { return Vec::new() };
    let mut notices: Vec<String> = Vec::new();
    let applied = assessment.effective.licenses.iter();
    for applied in applied.filter(|applied| applied.alternatives.is_empty()) {
        let Some(terms) = index.report.inventory.terms.get(&applied.key) else { continue };
        if terms.restrictions.is_empty() || terms.is_pattern() {
            continue;
        }
        let labels: Vec<&str> =
            terms.restrictions.iter().map(|restriction| restriction.label.as_str()).collect();
        let notice = format!(
            "Use is subject to the use restrictions of {} ({}): {}.",
            terms.name,
            terms.spdx,
            labels.join(", ")
        );
        let notice = cut(&notice).into_owned();
        // A licence may apply twice: as the artifact's own and through an ancestor.
        if !notices.contains(&notice) {
            notices.push(notice);
        }
    }
    notices
}
