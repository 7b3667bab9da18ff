//! The licence of an artifact is unknown, ambiguous or contradicted.

use super::{Case, Code, Rule};
use crate::evaluate::conclusion;
use crate::model::{ArtifactKind, Basis, Finding, LicenseStatus as Status, Location, Recognition};

pub(super) struct LicenseStatus;

impl Rule for LicenseStatus {
    fn id(&self) -> &'static str {
        "license_status"
    }

    fn codes(&self) -> &'static [Code] {
        &[
            Code::LicenseAmbiguous,
            Code::LicenseContradicted,
            Code::TermsUnrecorded,
            Code::LicenseUnknown,
        ]
    }

    fn check(&self, case: &Case<'_>, findings: &mut Vec<Finding>) {
        let conclusion = &case.assessment.conclusion;
        let label = case.artifact.label();
        match conclusion.status {
            // A notice or card that stands alone grants nothing by itself, and manifests rarely
            // carry licences: their packages are counted, not listed one by one.
            // What calls for a contract has a finding of its own.
            Status::Unknown if is_weights(case) && !calls_for_a_contract(case) => {
                findings.push(finding(
                    case,
                    Code::LicenseUnknown,
                    format!("the licence of `{label}` is unknown: {}", conclusion.because),
                    "put the licence text beside the weights, or state it in the card",
                    case.places(),
                ));
            }
            Status::Contradicted if !is_between_contracts(case) => findings.push(finding(
                case,
                Code::LicenseContradicted,
                format!("the licence of `{label}` contradicts itself: {}", conclusion.because),
                "find out which is right and correct the other; until then all of them apply",
                statements(case),
            )),
            Status::Declared if is_weights(case) && conclusion.expression.is_none() => {
                findings.push(finding(
                    case,
                    Code::LicenseAmbiguous,
                    format!("the licence of `{label}` is ambiguous: {}", ambiguity(case)),
                    "put the licence text beside the weights: the text decides",
                    statements(case),
                ));
            }
            _ => {}
        }
        unread_texts(case, findings);
        changed_texts(case, findings);
        unrecorded_terms(case, findings);
    }
}

fn is_weights(case: &Case<'_>) -> bool {
    matches!(case.artifact.kind, ArtifactKind::Model | ArtifactKind::Adapter)
}

fn calls_for_a_contract(case: &Case<'_>) -> bool {
    !case.scene.unfilled(&case.artifact.id).is_empty()
}

/// Whether only contracts contradict each other, which has a finding of its own.
fn is_between_contracts(case: &Case<'_>) -> bool {
    let own = case.assessment.effective.licenses.iter().filter(|it| it.from_ancestor.is_none());
    let mut keys = own.map(|license| &license.key);
    case.scene.contracts_on(&case.artifact.id).len() > 1
        && keys.all(|key| case.scene.contract(key).is_some())
}

fn ambiguity(case: &Case<'_>) -> String {
    let meanings: Vec<String> = case
        .assessment
        .effective
        .licenses
        .iter()
        .filter(|license| license.from_ancestor.is_none())
        .map(|license| case.scene.spdx(&license.key))
        .collect();
    format!("{}; it can mean {}", case.assessment.conclusion.because, meanings.join(" or "))
}

/// A licence file whose text nobody knows can say something else than what is stated.
fn unread_texts(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let unread = conclusion::unread_texts(case.artifact, case.scene);
    // An unknown licence names the file in its own finding.
    if unread.is_empty() || case.assessment.conclusion.status == Status::Unknown {
        return;
    }
    findings.push(finding(
        case,
        Code::LicenseAmbiguous,
        format!(
            "the licence of `{}` is ambiguous: {}",
            case.artifact.label(),
            case.assessment.conclusion.because
        ),
        "read that text; what it demands is in none of the terms listed",
        unread.into_iter().map(Location::scanned).collect(),
    ));
}

/// A text that was changed is not the licence it resembles.
fn changed_texts(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let clarified = conclusion::clarified_files(case.artifact, case.scene);
    for text in case.scene.text_matches(case.artifact) {
        // Somebody has read the changes and said what they come to.
        if clarified.contains(&text.path) {
            continue;
        }
        let applies = case
            .assessment
            .effective
            .licenses
            .iter()
            .any(|license| license.key == text.key && license.from_ancestor.is_none());
        if text.recognition == Recognition::Variant && applies {
            let mut finding = finding(
                case,
                Code::LicenseAmbiguous,
                format!(
                    "the text in `{}` is {} with changes: {}",
                    text.path,
                    case.scene.spdx(&text.key),
                    text.differs.join("; ")
                ),
                "read the changed passages; the terms listed are those of the unchanged text",
                vec![text.at.clone()],
            );
            finding.license = Some(text.key.clone());
            findings.push(finding);
        }
    }
}

/// A licence with a name and without a record demands nobody knows what. Packages mostly have such
/// licences; the bundle has a gap for each.
fn unrecorded_terms(case: &Case<'_>, findings: &mut Vec<Finding>) {
    if !is_weights(case) {
        return;
    }
    for license in &case.assessment.effective.licenses {
        // Of alternatives, the finding about their ambiguity speaks.
        if case.scene.terms(&license.key).is_some() || !license.alternatives.is_empty() {
            continue;
        }
        let mut finding = finding(
            case,
            Code::TermsUnrecorded,
            format!(
                "what {} ({}) demands of `{}` is not recorded: its obligations and restrictions are \
                 unknown",
                case.scene.spdx(&license.key),
                license.basis.name(),
                case.artifact.label()
            ),
            "read the text; add a record for the licence, or a plugin that has one",
            license.evidence.clone(),
        );
        finding.license = Some(license.key.clone());
        findings.push(finding);
    }
}

/// Where the licence is stated or was recognised.
fn statements(case: &Case<'_>) -> Vec<Location> {
    let mut places: Vec<Location> = case
        .assessment
        .effective
        .licenses
        .iter()
        .filter(|license| license.from_ancestor.is_none() && license.basis != Basis::Catalogue)
        .flat_map(|license| license.evidence.iter().cloned())
        .collect();
    places.sort();
    places.dedup();
    if places.is_empty() { case.places() } else { places }
}

fn finding(
    case: &Case<'_>,
    rule: Code,
    message: String,
    fix: &str,
    because: Vec<Location>,
) -> Finding {
    Finding {
        artifact: Some(case.artifact.id.clone()),
        rule,
        license: None,
        clause: None,
        message,
        because,
        fix: fix.to_owned(),
    }
}
