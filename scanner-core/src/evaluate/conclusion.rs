//! How far an artifact's own licence is settled.
//!
//! A tag alone gives candidates and stays declared; a recognised text gives detected; both
//! agreeing gives concluded. Statements that exclude each other are a contradiction, and everything
//! they name applies until somebody settles it.

use std::collections::BTreeSet;

use super::contracts::Statements;
use super::{Scene, policy};
use crate::model::names;
use crate::model::{
    AppliedLicense, Artifact, ArtifactKind, Basis, Claim, DeclaredComponent, FileRole,
    LicenseConclusion, LicenseKey, LicenseStatement, LicenseStatus, Location, Recognition,
    SourcePath,
};

/// An artifact's own licence, with every licence whose terms apply because of it.
pub(super) struct Own {
    pub(super) conclusion: LicenseConclusion,
    pub(super) applied: Vec<AppliedLicense>,
}

pub(super) fn of(artifact: &Artifact, scene: &Scene<'_>) -> Own {
    let elsewhere = texts_of_others(artifact);
    let clarified = clarified_files(artifact, scene);
    let claims: Vec<&Claim<LicenseStatement>> = scene
        .inventory
        .claims
        .get(&artifact.id)
        .into_iter()
        .flatten()
        .filter(|claim| {
            claim.basis != Basis::Detected
                || claim.evidence.iter().any(|at| !elsewhere.contains(&at.path))
        })
        // What is only near a known text, somebody who read it knows better.
        .filter(|claim| {
            claim.basis != Basis::Detected
                || claim.value.recognition == Some(Recognition::Exact)
                || claim.evidence.iter().any(|at| !clarified.contains(&at.path))
        })
        .collect();
    let mut statements = Statements::of(&artifact.id, claims, scene);
    let (found, stated): (Vec<_>, Vec<_>) = std::mem::take(&mut statements.standing)
        .into_iter()
        .partition(|claim| claim.basis == Basis::Detected);
    let declared = Declared::of(&stated, scene);
    let detected = Detected::of(&found);
    settle(&declared, &detected, &statements, &unread_texts(artifact, scene), scene)
}

/// Files whose texts say nothing of the artifact itself: notices, which hold the licences of what it
/// was made with, and, for a model, licence files whose name says that they cover code or data.
pub(super) fn texts_of_others(artifact: &Artifact) -> BTreeSet<&SourcePath> {
    let notices = artifact.files_of(FileRole::Notice).map(|file| &file.path);
    let is_weights = matches!(artifact.kind, ArtifactKind::Model | ArtifactKind::Adapter);
    artifact
        .facts_named(names::LICENSE_FILE_SCOPE.as_str())
        .filter(|fact| is_weights && matches!(fact.value.as_text(), Some("code" | "data")))
        .map(|fact| &fact.at.path)
        .chain(notices)
        .collect()
}

/// Files whose licence the policy clarifies.
pub(super) fn clarified_files<'a>(
    artifact: &Artifact,
    scene: &Scene<'a>,
) -> BTreeSet<&'a SourcePath> {
    policy::clarifications(artifact, scene).filter_map(policy::clarified_file).collect()
}

/// Licence files of a model in which no known text was recognised, not even a near one, and of which
/// the policy says nothing.
pub(super) fn unread_texts<'a>(
    artifact: &'a Artifact,
    scene: &Scene<'_>,
) -> BTreeSet<&'a SourcePath> {
    if !matches!(artifact.kind, ArtifactKind::Model | ArtifactKind::Adapter) {
        return BTreeSet::new();
    }
    let elsewhere = texts_of_others(artifact);
    let recognised = scene.text_matches(artifact);
    let clarified = clarified_files(artifact, scene);
    artifact
        .files_of(FileRole::License)
        .map(|file| &file.path)
        .filter(|path| !elsewhere.contains(path) && !clarified.contains(path))
        .filter(|path| !recognised.iter().any(|text| text.path == **path))
        .collect()
}

/// What tags and fields say together.
#[derive(Default)]
struct Declared {
    /// The licences that all statements allow; empty when they exclude each other or say nothing.
    common: BTreeSet<LicenseKey>,
    /// Every licence that any statement names.
    all: BTreeSet<LicenseKey>,
    /// The expression, when there is exactly one.
    expression: Option<String>,
    /// Whether an expression joins several licences that all apply.
    joined: Joined,
    /// What was stated, for people.
    words: BTreeSet<String>,
    /// What the policy says of files, for people.
    clarified: BTreeSet<String>,
    /// What the vendor concludes, for people.
    concluded: BTreeSet<String>,
    /// Why, in the vendor's words.
    reasons: BTreeSet<String>,
    /// A statement whose meaning nobody knows.
    unknown: BTreeSet<String>,
    evidence: Vec<Location>,
}

/// Whether candidates are alternatives or apply together.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Joined {
    #[default]
    OneOf,
    All,
}

impl Declared {
    fn of(claims: &[&Claim<LicenseStatement>], scene: &Scene<'_>) -> Self {
        let mut declared = Self::default();
        let mut expressions = BTreeSet::new();
        let mut clarified = BTreeSet::new();
        let mut common: Option<BTreeSet<LicenseKey>> = None;
        for claim in &one_each(claims) {
            declared.evidence.extend(claim.evidence.iter().cloned());
            let stated = claim.value.stated.clone();
            if claim.value.candidates.is_empty() {
                declared.unknown.extend(stated);
                continue;
            }
            let vendors = vendors(claim, scene);
            if policy::is_clarification(claim) {
                declared.clarified.extend(stated);
            } else if let Some(component) = vendors {
                declared.concluded.extend(stated);
                declared.reasons.extend(component.reason.clone());
            } else {
                declared.words.extend(stated);
            }
            let candidates: BTreeSet<LicenseKey> = claim.value.candidates.iter().cloned().collect();
            if let Some(expression) = &claim.value.expression {
                expressions.insert(expression.clone());
                if policy::is_clarification(claim) || vendors.is_some() {
                    clarified.insert(expression.clone());
                }
                if candidates.len() > 1 && !expression.contains(" OR ") {
                    declared.joined = Joined::All;
                }
            }
            declared.all.extend(candidates.iter().cloned());
            common = Some(match common {
                None => candidates,
                Some(common) => common.intersection(&candidates).cloned().collect(),
            });
        }
        declared.common = common.unwrap_or_default();
        declared.evidence.sort();
        declared.evidence.dedup();
        // Who read the text has chosen among what the author offers.
        if clarified.len() == 1 {
            expressions = clarified;
        }
        if expressions.len() == 1 && !declared.common.is_empty() {
            declared.expression = expressions.pop_first();
        }
        declared
    }

    fn contradicts_itself(&self) -> bool {
        !self.all.is_empty() && self.common.is_empty()
    }
}

/// The declaration of the product that makes this statement. Plugins cannot make one: their evidence is
/// in what was scanned.
fn vendors<'a>(
    claim: &Claim<LicenseStatement>,
    scene: &Scene<'a>,
) -> Option<&'a DeclaredComponent> {
    let mut components = scene.product.into_iter().flat_map(|product| &product.components);
    components.find(|component| claim.evidence.contains(&component.at))
}

/// The statements, each once: where several plugins know a meaning of the same words in the same
/// place, it has all of them, and none of them decides.
fn one_each(claims: &[&Claim<LicenseStatement>]) -> Vec<Claim<LicenseStatement>> {
    let mut statements: Vec<Claim<LicenseStatement>> = Vec::new();
    for claim in claims {
        let same = statements.iter_mut().find(|other| {
            claim.value.stated.is_some()
                && other.value.stated == claim.value.stated
                && other.evidence == claim.evidence
                && policy::is_clarification(other) == policy::is_clarification(claim)
        });
        let Some(same) = same else {
            statements.push(Claim::clone(claim));
            continue;
        };
        if same.value.candidates != claim.value.candidates {
            same.value.expression = None;
            same.value.candidates.extend(claim.value.candidates.iter().cloned());
            same.value.candidates.sort();
            same.value.candidates.dedup();
        }
    }
    statements
}

/// What recognised texts say together.
#[derive(Default)]
struct Detected {
    /// Licences whose text stands there, word for word or with changes.
    settled: BTreeSet<LicenseKey>,
    /// Those among them whose text was changed.
    variants: BTreeSet<LicenseKey>,
    /// Nearest licences of texts that only a family is known of.
    family: BTreeSet<LicenseKey>,
    evidence: Vec<(LicenseKey, Location)>,
}

impl Detected {
    fn of(claims: &[&Claim<LicenseStatement>]) -> Self {
        let mut detected = Self::default();
        for claim in claims {
            let is_decided = claim.value.candidates.len() == 1;
            for key in &claim.value.candidates {
                match claim.value.recognition {
                    Some(Recognition::Exact) if is_decided => {
                        detected.settled.insert(key.clone());
                    }
                    Some(Recognition::Variant) if is_decided => {
                        detected.settled.insert(key.clone());
                        detected.variants.insert(key.clone());
                    }
                    _ => {
                        detected.family.insert(key.clone());
                    }
                }
                detected.evidence.extend(claim.evidence.iter().map(|at| (key.clone(), at.clone())));
            }
        }
        detected
    }

    fn evidence_of(&self, key: &LicenseKey) -> Vec<Location> {
        let mut places: Vec<Location> = self
            .evidence
            .iter()
            .filter(|(candidate, _)| candidate == key)
            .map(|(_, at)| at.clone())
            .collect();
        places.sort();
        places.dedup();
        places
    }
}

fn settle(
    declared: &Declared,
    detected: &Detected,
    statements: &Statements<'_>,
    unread: &BTreeSet<&SourcePath>,
    scene: &Scene<'_>,
) -> Own {
    let (mut status, mut because) = without_contract(declared, detected, &statements.unfilled)
        .unwrap_or_else(|| status(declared, detected, unread));
    if let Some(contract) = statements.because(scene) {
        because = match status {
            LicenseStatus::Declared => contract,
            _ => format!("{contract}; {because}"),
        };
    }
    if !unread.is_empty() {
        because = format!("{because}; the text in {} is none that is known", list(unread));
        // One text of two says too little: the other may be the one that covers the weights.
        if status == LicenseStatus::Detected {
            status = LicenseStatus::Unknown;
        }
    }
    let text_expression = joined_expression(&detected.settled, scene);
    let declared_expression = declared.expression.clone();
    let expression = match status {
        // An expression such as `MIT OR Apache-2.0` says more than the texts of both.
        LicenseStatus::Concluded
            if declared_expression.is_some() && detected.settled.is_subset(&declared.all) =>
        {
            declared_expression.clone()
        }
        LicenseStatus::Concluded | LicenseStatus::Detected => text_expression,
        LicenseStatus::Declared => declared_expression.clone(),
        LicenseStatus::Unknown | LicenseStatus::Contradicted => None,
    };
    let conclusion =
        LicenseConclusion { status, expression, declared: declared_expression, because };
    Own { conclusion, applied: applied(status, declared, detected) }
}

/// What follows from statements that call for a contract, where none covers the artifact.
fn without_contract(
    declared: &Declared,
    detected: &Detected,
    unfilled: &BTreeSet<String>,
) -> Option<(LicenseStatus, String)> {
    if unfilled.is_empty() {
        return None;
    }
    let named: BTreeSet<&LicenseKey> = declared.all.union(&detected.settled).collect();
    let calls = format!("the statement {} calls for a contract", list(unfilled));
    Some(if named.is_empty() {
        (LicenseStatus::Unknown, format!("{calls}, and none that covers it is named"))
    } else {
        let because = format!("{calls}, and {} is stated or stands there too", list(&named));
        (LicenseStatus::Contradicted, because)
    })
}

fn status(
    declared: &Declared,
    detected: &Detected,
    unread: &BTreeSet<&SourcePath>,
) -> (LicenseStatus, String) {
    let all = declared.words.iter().chain(&declared.clarified).chain(&declared.concluded);
    let stated = list(&all.collect());
    let texts = list(&detected.settled);
    if declared.contradicts_itself() {
        let because = format!("the statements {stated} exclude each other");
        return (LicenseStatus::Contradicted, because);
    }
    if !detected.settled.is_empty() {
        let disagreeing: BTreeSet<&LicenseKey> =
            detected.settled.difference(&declared.all).collect();
        let agree = detected.settled.len() > disagreeing.len();
        return if declared.all.is_empty() {
            let unknown = if declared.unknown.is_empty() {
                String::new()
            } else {
                format!("; the statement {} names no known licence", list(&declared.unknown))
            };
            (LicenseStatus::Detected, format!("the text of {texts} was recognised{unknown}"))
        } else if agree {
            let because = if disagreeing.is_empty() {
                format!("the statement {stated} and the text of {texts} agree")
            } else {
                format!(
                    "the statement {stated} and a text agree; the text of {} stands there too",
                    list(&disagreeing)
                )
            };
            (LicenseStatus::Concluded, because)
        } else {
            let because = format!("the statement {stated} and the text of {texts} disagree");
            (LicenseStatus::Contradicted, because)
        };
    }
    // A text that is near another licence is a reason to look again.
    let is_near_another = !detected.family.is_empty() && detected.family.is_disjoint(&declared.all);
    if !declared.concluded.is_empty() && !declared.common.is_empty() && !is_near_another {
        return concluded_by_the_vendor(declared, unread);
    }
    if !declared.clarified.is_empty() && !declared.common.is_empty() {
        let clarified = list(&declared.clarified);
        if declared.words.is_empty() {
            let because = format!("the policy clarifies a text as {clarified}");
            return (LicenseStatus::Declared, because);
        }
        let words = list(&declared.words);
        let because = format!(
            "the statement {words} and a text agree, which the policy clarifies as {clarified}"
        );
        return (LicenseStatus::Concluded, because);
    }
    if !declared.common.is_empty() {
        let near = if detected.family.is_empty() {
            "no licence text was recognised".to_owned()
        } else {
            format!("a text of the family of {} was found", list(&detected.family))
        };
        return (LicenseStatus::Declared, format!("it is stated as {stated}; {near}"));
    }
    if !detected.family.is_empty() {
        let because = format!(
            "a text was found that is nearest to {}, but is none of the known texts",
            list(&detected.family)
        );
        return (LicenseStatus::Unknown, because);
    }
    let because = if declared.unknown.is_empty() {
        "no licence is stated and no known text was found".to_owned()
    } else {
        format!("the statement {} names no known licence", list(&declared.unknown))
    };
    (LicenseStatus::Unknown, because)
}

/// A statement that names nothing known, or a text that nobody recognised, stays an open question:
/// only a clarification of these very bytes settles it.
fn concluded_by_the_vendor(
    declared: &Declared,
    unread: &BTreeSet<&SourcePath>,
) -> (LicenseStatus, String) {
    let reasons: Vec<&str> = declared.reasons.iter().map(String::as_str).collect();
    let concludes =
        format!("the vendor concludes {}: {}", list(&declared.concluded), reasons.join("; "));
    if !declared.unknown.is_empty() {
        let unknown = list(&declared.unknown);
        let because = format!("{concludes}; the statement {unknown} names no known licence");
        return (LicenseStatus::Declared, because);
    }
    let because = if declared.words.is_empty() {
        format!("{concludes}; nothing that was scanned names a licence")
    } else {
        format!("it is stated as {}, and {concludes}", list(&declared.words))
    };
    let status = if unread.is_empty() { LicenseStatus::Concluded } else { LicenseStatus::Declared };
    (status, because)
}

fn applied(status: LicenseStatus, declared: &Declared, detected: &Detected) -> Vec<AppliedLicense> {
    let mut applied = Vec::new();
    for key in &detected.settled {
        let basis = if status == LicenseStatus::Concluded && declared.all.contains(key) {
            Basis::Concluded
        } else {
            Basis::Detected
        };
        let mut evidence = detected.evidence_of(key);
        if basis == Basis::Concluded {
            evidence.extend(declared.evidence.iter().cloned());
        }
        applied.push(own_license(key, basis, Vec::new(), evidence));
    }
    let stated = match status {
        LicenseStatus::Contradicted => &declared.all,
        LicenseStatus::Declared => &declared.common,
        LicenseStatus::Concluded if detected.settled.is_empty() => &declared.common,
        _ => return applied,
    };
    let basis = match status {
        LicenseStatus::Concluded => Basis::Concluded,
        _ => Basis::Declared,
    };
    for key in stated.difference(&detected.settled) {
        let alternatives = match declared.joined {
            Joined::All => Vec::new(),
            Joined::OneOf => stated.iter().filter(|other| *other != key).cloned().collect(),
        };
        let alternatives =
            if status == LicenseStatus::Contradicted { Vec::new() } else { alternatives };
        applied.push(own_license(key, basis, alternatives, declared.evidence.clone()));
    }
    applied
}

fn own_license(
    key: &LicenseKey,
    basis: Basis,
    alternatives: Vec<LicenseKey>,
    evidence: Vec<Location>,
) -> AppliedLicense {
    AppliedLicense {
        key: key.clone(),
        basis,
        from_ancestor: None,
        relation: None,
        alternatives,
        evidence,
    }
}

/// All of `keys` joined with `AND`, sorted; `None` for none.
pub(super) fn joined_expression<'a>(
    keys: impl IntoIterator<Item = &'a LicenseKey>,
    scene: &Scene<'_>,
) -> Option<String> {
    let ids: BTreeSet<String> = keys.into_iter().map(|key| scene.spdx(key)).collect();
    (!ids.is_empty()).then(|| ids.into_iter().collect::<Vec<_>>().join(" AND "))
}

pub(super) fn list<T: std::fmt::Display>(items: &BTreeSet<T>) -> String {
    items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(", ")
}
