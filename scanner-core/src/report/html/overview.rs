//! What the page opens with: what was scanned, what there is, and above all what is not known.

use serde::Serialize;

use super::view::View;
use super::words::{KINDS, STATUSES, Word, license_status, severity};
use crate::model::{
    Completeness, Dormancy, FindingStanding, LicenseStatus, ObligationStatus, PolicyOutcome,
    Severity,
};

/// Width of the bar of licence statuses.
const BAR: usize = 1_000;

#[derive(Serialize)]
pub(super) struct Overview {
    is_complete: bool,
    kinds: Vec<(&'static str, usize)>,
    development_only: usize,
    severities: Vec<(Word, usize)>,
    statuses: Vec<Share>,
    bar: usize,
    open: usize,
    unknown: Vec<Unknown>,
    policy: Option<Policy>,
    is_declared: bool,
}

/// A licence status with the share of artifacts that have it, as a piece of the bar.
#[derive(Serialize)]
struct Share {
    word: Word,
    count: usize,
    x: usize,
    width: usize,
}

/// Something that is not known, and where the page says more.
#[derive(Serialize)]
struct Unknown {
    count: usize,
    noun: &'static str,
    what: &'static str,
    href: &'static str,
}

/// How the findings stand under the policy.
#[derive(Serialize)]
struct Policy {
    fail_on: &'static str,
    objects: bool,
    new: usize,
    known: usize,
    excepted: usize,
}

impl Overview {
    pub(super) fn of(view: &View<'_>) -> Self {
        let report = view.report();
        let artifacts = &report.inventory.artifacts;
        let kinds = KINDS.iter().map(|kind| {
            (kind.name(), artifacts.iter().filter(|artifact| artifact.kind == *kind).count())
        });
        let findings = &report.assessment.findings;
        let severities = [Severity::Error, Severity::Warning, Severity::Note].map(|it| {
            (severity(it), findings.iter().filter(|finding| finding.severity() == it).count())
        });
        let obligations = active(view);
        Self {
            is_complete: view.index.completeness() == Completeness::Complete,
            kinds: kinds.filter(|(_, count)| *count > 0).collect(),
            development_only: artifacts.iter().filter(|it| it.development_only).count(),
            severities: severities.into(),
            statuses: shares(view),
            bar: BAR,
            open: obligations
                .iter()
                .filter(|it| {
                    matches!(it, ObligationStatus::Missing | ObligationStatus::Contradicted)
                })
                .count(),
            unknown: unknown(view, &obligations),
            policy: report.policy.as_ref().map(|policy| of_policy(view, policy)),
            is_declared: report.product.is_some(),
        }
    }
}

/// The statuses of every obligation that is not dormant.
fn active(view: &View<'_>) -> Vec<ObligationStatus> {
    let artifacts = view.report().assessment.artifacts.values();
    let owed = artifacts.flat_map(|it| &it.obligations);
    owed.filter(|it| it.dormancy == Dormancy::Active).map(|it| it.status).collect()
}

fn status(view: &View<'_>, artifact: &crate::model::Artifact) -> LicenseStatus {
    view.index.assessment(&artifact.id).map_or(LicenseStatus::Unknown, |it| it.conclusion.status)
}

fn shares(view: &View<'_>) -> Vec<Share> {
    let artifacts = &view.report().inventory.artifacts;
    let mut before = 0;
    let shares = STATUSES.map(|wanted| {
        let count = artifacts.iter().filter(|it| status(view, it) == wanted).count();
        let end = |count: usize| (count * BAR).checked_div(artifacts.len()).unwrap_or(0);
        let x = end(before);
        before += count;
        Share { word: license_status(wanted), count, x, width: end(before) - x }
    });
    shares.into()
}

/// Everything that nobody knows, counted; nothing is left out for being a small number.
fn unknown(view: &View<'_>, obligations: &[ObligationStatus]) -> Vec<Unknown> {
    let inventory = &view.report().inventory;
    let assessment = &view.report().assessment;
    let of_status =
        |wanted| inventory.artifacts.iter().filter(|it| status(view, it) == wanted).count();
    let undecided = assessment.artifacts.values().filter(|it| {
        let conclusion = &it.conclusion;
        let is_stated =
            !matches!(conclusion.status, LicenseStatus::Unknown | LicenseStatus::Contradicted);
        is_stated && conclusion.expression.is_none()
    });
    let ancestors =
        assessment.artifacts.values().filter(|it| !it.effective.unknown_ancestors.is_empty());
    let unrecorded = view.licenses().filter(|(key, _)| !inventory.terms.contains_key(*key));
    let unread = inventory
        .diagnostics
        .iter()
        .filter(|it| it.code.completeness() == Completeness::Incomplete);
    let of = |count, noun, what, href| Unknown { count, noun, what, href };
    let owed = |wanted| obligations.iter().filter(|status| **status == wanted).count();
    let all = [
        of(unread.count(), "place", "could not be read or was not looked at", "scan"),
        of(of_status(LicenseStatus::Unknown), "part", "under a licence that nobody names", "parts"),
        of(
            of_status(LicenseStatus::Contradicted),
            "part",
            "whose licence statements contradict each other",
            "parts",
        ),
        of(undecided.count(), "part", "whose statement can mean several licences", "parts"),
        of(ancestors.count(), "part", "derived from something whose terms nobody knows", "parts"),
        of(unrecorded.count(), "licence", "whose demands are not recorded", "licences"),
        of(
            owed(ObligationStatus::NeedsDeclaration),
            "obligation",
            "on which only the vendor can say more",
            "licences",
        ),
        of(
            owed(ObligationStatus::NotEvidencable),
            "obligation",
            "that no file can show to be met",
            "licences",
        ),
        of(inventory.unclaimed.len(), "file", "not recognised as part of anything", "scan"),
    ];
    all.into_iter().filter(|it| it.count > 0).collect()
}

fn of_policy(view: &View<'_>, policy: &PolicyOutcome) -> Policy {
    let count = |wanted: &str| policy.standings.iter().filter(|it| it.name() == wanted).count();
    let excepted =
        policy.standings.iter().filter(|it| matches!(it, FindingStanding::Excepted { .. }));
    Policy {
        fail_on: policy.fail_on.name(),
        objects: policy.objects(&view.report().assessment),
        new: count("new"),
        known: count("known"),
        excepted: excepted.count(),
    }
}
