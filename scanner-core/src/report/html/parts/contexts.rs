//! What each fragment about an artifact shows.

use serde::Serialize;

use super::Clause;
use crate::model::{
    AppliedLicense, Artifact, ArtifactAssessment, Claim, Dormancy, LicenseStatement, LicenseStatus,
    RelationTarget,
};
use crate::report::facts;
use crate::report::html::places::Places;
use crate::report::html::templates::grouped;
use crate::report::html::view::{FINDINGS, LicenseLink, PartLink, PartLinks, View};
use crate::report::html::words::{Word, license_status, obligation_status};
use crate::report::standard::Standard;

/// Files that are listed before the rest is counted.
const FILES: usize = 200;

/// Dependencies that are named before the rest is counted.
const DEPENDENCIES: usize = 100;

#[derive(Serialize)]
pub(super) struct Identity<'a> {
    id: &'a str,
    purl: Option<&'a str>,
    folder: &'a str,
    development_only: bool,
    places: Places,
    facts: Vec<(&'static str, String)>,
}

pub(super) fn identity(artifact: &Artifact) -> Identity<'_> {
    let text = |name: &'static str| facts::text(artifact, name).map(std::borrow::Cow::into_owned);
    let number = |name: &'static str| {
        let sum = facts::sum(artifact, name)?;
        Some(u64::try_from(sum).map_or_else(|_| sum.to_string(), grouped))
    };
    let known = [
        ("Architecture", text(facts::CONFIG_MODEL_TYPE)),
        ("Task", text(facts::CARD_PIPELINE_TAG)),
        ("Format", text(facts::WEIGHTS_FORMAT)),
        ("Quantisation", text(facts::WEIGHTS_QUANTIZATION)),
        ("Parameters", number(facts::WEIGHTS_PARAMETER_COUNT)),
        ("Tensors", number(facts::WEIGHTS_TENSOR_COUNT)),
    ];
    Identity {
        id: &artifact.id.0,
        purl: artifact.purl.as_ref().map(crate::model::Purl::as_str),
        folder: artifact.folder.as_str(),
        development_only: artifact.development_only,
        places: Places::of(&artifact.occurrences),
        facts: known.into_iter().filter_map(|(label, value)| Some((label, value?))).collect(),
    }
}

#[derive(Serialize)]
pub(super) struct License<'a> {
    status: Word,
    expression: Option<&'a str>,
    declared: Option<&'a str>,
    because: &'a str,
    claims: Vec<ClaimRow<'a>>,
}

#[derive(Serialize)]
struct ClaimRow<'a> {
    stated: Option<&'a str>,
    expression: Option<&'a str>,
    means: Vec<&'a str>,
    basis: &'static str,
    recognition: Option<&'static str>,
    by: &'a str,
    places: Option<Places>,
}

pub(super) fn license<'a>(view: &View<'a>, artifact: &'a Artifact) -> License<'a> {
    let conclusion = view.index.assessment(&artifact.id).map(|it| &it.conclusion);
    let expression = conclusion.and_then(|it| it.expression.as_deref());
    let declared = conclusion.and_then(|it| it.declared.as_deref());
    License {
        status: license_status(conclusion.map_or(LicenseStatus::Unknown, |it| it.status)),
        expression,
        declared: declared.filter(|declared| Some(*declared) != expression),
        because: conclusion.map_or("nothing was assessed", |it| &it.because),
        claims: view
            .index
            .claims(&artifact.id)
            .iter()
            .map(|it| claim(view, artifact, it))
            .collect(),
    }
}

fn claim<'a>(
    view: &View<'a>,
    artifact: &Artifact,
    claim: &'a Claim<LicenseStatement>,
) -> ClaimRow<'a> {
    let statement = &claim.value;
    ClaimRow {
        stated: statement.stated.as_deref(),
        expression: statement.expression.as_deref(),
        means: statement.candidates.iter().map(|key| view.index.spdx(key)).collect(),
        basis: claim.basis.name(),
        recognition: statement.recognition.map(crate::model::Recognition::name),
        by: &claim.by.0,
        places: Places::beyond(&claim.evidence, &artifact.occurrences),
    }
}

#[derive(Serialize)]
pub(super) struct Terms<'a> {
    expression: Option<&'a str>,
    because: &'a str,
    applied: Vec<Applied<'a>>,
    not_reached: Vec<Applied<'a>>,
    unknown: Vec<Unknown<'a>>,
    use_limits: Vec<(&'a str, &'a str)>,
    thresholds: Vec<(&'a str, String, &'a str)>,
    categories: Vec<&'a str>,
}

#[derive(Serialize)]
struct Applied<'a> {
    license: LicenseLink,
    basis: &'static str,
    ancestor: Option<&'a str>,
    relation: Option<&'static str>,
    alternatives: Vec<LicenseLink>,
    places: Option<Places>,
}

#[derive(Serialize)]
struct Unknown<'a> {
    name: &'a str,
    relation: &'static str,
    places: Option<Places>,
}

pub(super) fn terms<'a>(
    view: &View<'a>,
    artifact: &Artifact,
    assessment: &'a ArtifactAssessment,
) -> Terms<'a> {
    let effective = &assessment.effective;
    let applied = |list: &'a [AppliedLicense]| {
        let rows = list.iter().map(|it| Applied {
            license: view.license(&it.key),
            basis: it.basis.name(),
            ancestor: it.from_ancestor.as_deref(),
            relation: it.relation.map(crate::model::RelationKind::name),
            alternatives: it.alternatives.iter().map(|key| view.license(key)).collect(),
            places: Places::beyond(&it.evidence, &artifact.occurrences),
        });
        rows.collect()
    };
    let unknown = effective.unknown_ancestors.iter().map(|it| Unknown {
        name: &it.name,
        relation: it.relation.name(),
        places: Places::beyond(&it.evidence, &artifact.occurrences),
    });
    let limits = effective.use_limits.iter();
    let thresholds = effective.thresholds.iter().map(|it| {
        let threshold = &it.threshold;
        let words = format!("{} {} {}", threshold.metric, threshold.operator, threshold.value);
        (view.index.spdx(&it.license), words, threshold.effect.as_str())
    });
    Terms {
        expression: effective.expression.as_deref(),
        because: &effective.because,
        applied: applied(&effective.licenses),
        not_reached: applied(&effective.not_reached),
        unknown: unknown.collect(),
        use_limits: limits
            .map(|it| (view.index.spdx(&it.license), it.permitted_use.as_str()))
            .collect(),
        thresholds: thresholds.collect(),
        categories: effective.restricted_categories.iter().map(String::as_str).collect(),
    }
}

#[derive(Serialize)]
pub(super) struct Duties<'a> {
    duties: Vec<Duty<'a>>,
}

#[derive(Serialize)]
struct Duty<'a> {
    status: Word,
    is_dormant: bool,
    kind: &'a str,
    license: LicenseLink,
    clause: &'a str,
    triggers: &'a [String],
    because: &'a str,
    places: Option<Places>,
}

pub(super) fn duties<'a>(
    view: &View<'a>,
    artifact: &Artifact,
    assessment: &'a ArtifactAssessment,
) -> Duties<'a> {
    let duties = assessment.obligations.iter().map(|it| Duty {
        status: obligation_status(it.status),
        is_dormant: it.dormancy == Dormancy::Dormant,
        kind: &it.obligation.kind,
        license: view.license(&it.license),
        clause: &it.obligation.clause,
        triggers: &it.obligation.triggers,
        because: &it.because,
        places: Places::beyond(&it.evidence, &artifact.occurrences),
    });
    Duties { duties: duties.collect() }
}

#[derive(Serialize)]
pub(super) struct Restrictions<'a> {
    license: LicenseLink,
    clauses: Vec<Clause<'a>>,
}

/// The restrictions of every licence that applies, clause by clause.
pub(super) fn restrictions<'a>(
    view: &View<'a>,
    assessment: &'a ArtifactAssessment,
    standards: &[Standard<'a>],
) -> Vec<Restrictions<'a>> {
    let mut keys: Vec<_> = assessment.effective.licenses.iter().map(|it| &it.key).collect();
    keys.sort();
    keys.dedup();
    let found = keys.into_iter().filter_map(|key| {
        let place = standards.binary_search_by(|standard| standard.key.cmp(key)).ok()?;
        let standard = &standards[place];
        let clauses: Vec<_> = standard
            .restrictions
            .iter()
            .map(|it| Clause::of(view.report(), it.restriction, it.wording))
            .collect();
        (!clauses.is_empty()).then(|| Restrictions { license: view.license(key), clauses })
    });
    found.collect()
}

#[derive(Serialize)]
pub(super) struct Ancestor<'a> {
    relation: &'static str,
    target: PartLink,
    purl: Option<&'a str>,
    basis: &'static str,
    by: &'a str,
    places: Option<Places>,
}

pub(super) fn lineage<'a>(view: &View<'a>, artifact: &Artifact) -> Vec<Ancestor<'a>> {
    let rows = view.index.relations(&artifact.id).iter().map(|relation| {
        let (target, purl) = match &relation.to {
            RelationTarget::Here(id) => (view.part(id), None),
            RelationTarget::Elsewhere { name, purl } => {
                (PartLink::outside(name), purl.as_ref().map(crate::model::Purl::as_str))
            }
        };
        Ancestor {
            relation: relation.kind.name(),
            target,
            purl,
            basis: relation.basis.name(),
            by: &relation.by.0,
            places: Places::beyond(&relation.evidence, &artifact.occurrences),
        }
    });
    rows.collect()
}

#[derive(Serialize)]
pub(super) struct Files<'a> {
    files: Vec<FileRow<'a>>,
    more: usize,
}

#[derive(Serialize)]
struct FileRow<'a> {
    path: &'a str,
    role: &'static str,
    size: u64,
    sha256: Option<String>,
    /// What a pointer in its place claims.
    claimed: Option<String>,
}

pub(super) fn files(artifact: &Artifact) -> Files<'_> {
    let files = artifact.files.iter().take(FILES).map(|file| FileRow {
        path: file.path.as_str(),
        role: file.role.name(),
        size: file.size,
        sha256: file.sha256.map(|digest| digest.hex()),
        claimed: file.claimed_sha256.map(|digest| digest.hex()),
    });
    Files { files: files.collect(), more: artifact.files.len().saturating_sub(FILES) }
}

#[derive(Serialize)]
pub(super) struct Links {
    depends_on: PartLinks,
    findings: Vec<usize>,
}

pub(super) fn links(view: &View<'_>, artifact: &Artifact) -> Links {
    let findings = view.findings(&artifact.id).iter().copied();
    Links {
        depends_on: view.first_parts(&artifact.depends_on, DEPENDENCIES),
        findings: findings.filter(|&number| number < FINDINGS).collect(),
    }
}
