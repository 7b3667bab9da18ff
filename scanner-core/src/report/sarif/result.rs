//! Results: findings with how they stand under the policy, and diagnostics that have a place.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::RESULTS;
use super::location::Place;
use super::message::Message;
use super::rule::{RuleRef, Rules};
use crate::model::{
    Diagnostic, Digest, Finding, FindingIdentity, FindingStanding, Location, Origin, Severity,
};
use crate::report::index::Index;
use crate::report::plain::plain;

/// Most places beside the one where a result is shown. Code scanning takes 1,000 and shows 100.
const RELATED: usize = 99;

/// A `result`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    kind: &'static str,
    message: Message,
    locations: Vec<Place>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Place>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<Suppression>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Properties>,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
    location: Place,
}

/// What a finding is about, for readers that filter.
#[derive(Serialize)]
struct Properties {
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<String>,
}

/// Something that becomes a result.
#[derive(Clone, Copy)]
enum Matter<'a> {
    Finding(&'a Finding, Option<&'a FindingStanding>),
    Diagnostic(&'a Diagnostic, &'a Location),
}

impl Matter<'_> {
    const fn severity(&self) -> Severity {
        match self {
            Self::Finding(finding, _) => finding.severity(),
            Self::Diagnostic(diagnostic, _) => diagnostic.severity(),
        }
    }
}

/// The results, worst first, and how many were left out.
pub(super) fn outcomes(index: &Index<'_>, rules: &mut Rules) -> (Vec<Outcome>, usize) {
    let report = index.report;
    let standings = report.policy.iter().flat_map(|outcome| &outcome.standings);
    let standings = standings.map(Some).chain(std::iter::repeat(None));
    let findings = report.assessment.findings.iter().zip(standings);
    let mut matters: Vec<Matter<'_>> =
        findings.map(|(finding, standing)| Matter::Finding(finding, standing)).collect();
    matters.extend(
        report
            .inventory
            .diagnostics
            .iter()
            .filter_map(|diagnostic| Some(Matter::Diagnostic(diagnostic, diagnostic.at.as_ref()?))),
    );
    matters.sort_by_key(|matter| Reverse(matter.severity()));
    let left_out = matters.len().saturating_sub(RESULTS);
    matters.truncate(RESULTS);
    let mut writer = Writer { index, rules, seen: HashMap::new() };
    (matters.into_iter().map(|matter| writer.outcome(matter)).collect(), left_out)
}

struct Writer<'a, 'b> {
    index: &'a Index<'a>,
    rules: &'b mut Rules,
    /// How often each fingerprint was made.
    seen: HashMap<Digest, u64>,
}

impl Writer<'_, '_> {
    fn outcome(&mut self, matter: Matter<'_>) -> Outcome {
        match matter {
            Matter::Finding(finding, standing) => self.finding(finding, standing),
            Matter::Diagnostic(diagnostic, at) => self.diagnostic(diagnostic, at),
        }
    }

    fn finding(&mut self, finding: &Finding, standing: Option<&FindingStanding>) -> Outcome {
        let artifact = finding.artifact.as_ref().and_then(|id| self.index.artifact(id));
        let license = finding.license.as_ref().map(|key| self.index.spdx(key).to_owned());
        let identity = FindingIdentity::of(finding, artifact, license);
        let FindingIdentity { code, artifact: about, license, clause } = &identity;
        let parts = [Some(code), about.as_ref(), license.as_ref(), clause.as_ref()];
        let fingerprint = self.fingerprint(parts.map(|part| part.map_or("", String::as_str)));
        // A result of a model is shown at the model where what says so is no file of the source.
        let occurrences = artifact.map_or(&[][..], |artifact| &artifact.occurrences);
        let (shown, related) = places(&finding.because, occurrences);
        Outcome {
            partial_fingerprints: BTreeMap::from([("flowdownFinding/v1", fingerprint)]),
            baseline_state: self.baseline_state(standing),
            suppressions: self.index.report.policy.as_ref().map(|_| suppressions(standing)),
            properties: Some(Properties {
                artifact: about.as_deref().map(plain),
                license: license.as_deref().map(plain),
                clause: clause.as_deref().map(plain),
            }),
            ..Outcome::new(
                self.rules.of_finding(finding.rule),
                finding.severity(),
                Message::with_help(&finding.message, Some(&finding.fix)),
                shown,
                related,
            )
        }
    }

    fn diagnostic(&mut self, diagnostic: &Diagnostic, at: &Location) -> Outcome {
        let fingerprint = self.fingerprint([diagnostic.code.as_str(), at.path.as_str()]);
        Outcome {
            partial_fingerprints: BTreeMap::from([("flowdownDiagnostic/v1", fingerprint)]),
            ..Outcome::new(
                self.rules.of_diagnostic(diagnostic.code),
                diagnostic.severity(),
                Message::with_help(&diagnostic.message, diagnostic.help.as_deref()),
                vec![Place::of(at)],
                Vec::new(),
            )
        }
    }

    /// SHA-256 of `parts`. They hold nothing that changes while the matter stays: no line, no
    /// digest, no order. Equal ones are told apart by a number, so the set of them stays as well.
    fn fingerprint<const N: usize>(&mut self, parts: [&str; N]) -> String {
        let text = parts.join("\0");
        let digest = Digest::sha256_of(text.as_bytes());
        let count = self.seen.entry(digest).or_default();
        *count += 1;
        match *count {
            1 => digest.hex(),
            number => Digest::sha256_of(format!("{text}\0{number}").as_bytes()).hex(),
        }
    }

    /// Only with a baseline; of what is excepted, nobody recorded whether it was there before.
    fn baseline_state(&self, standing: Option<&FindingStanding>) -> Option<&'static str> {
        self.index.report.policy.as_ref()?.baseline.as_ref()?;
        match standing? {
            FindingStanding::New => Some("new"),
            FindingStanding::Known => Some("unchanged"),
            FindingStanding::Excepted { .. } => None,
        }
    }
}

/// An empty list says that the result is not suppressed (section 3.27.23).
fn suppressions(standing: Option<&FindingStanding>) -> Vec<Suppression> {
    match standing {
        Some(FindingStanding::Excepted { reason, at }) => vec![Suppression {
            kind: "external",
            status: "accepted",
            justification: plain(reason),
            location: Place::of(at),
        }],
        _ => Vec::new(),
    }
}

/// The place to show, which must be a file for code scanning, and the others.
fn places(because: &[Location], occurrences: &[Location]) -> (Vec<Place>, Vec<Place>) {
    let is_scanned = |at: &&Location| matches!(at.origin, Origin::Scanned { .. });
    let is_file = |at: &&Location| !matches!(at.origin, Origin::Catalogue);
    let shown = because
        .iter()
        .find(is_scanned)
        .or_else(|| occurrences.iter().find(is_scanned))
        .or_else(|| because.iter().find(is_file))
        .or_else(|| because.first());
    let others = because.iter().filter(|at| Some(*at) != shown).take(RELATED);
    let related = others.enumerate().map(|(id, at)| Place::related(at, id)).collect();
    (shown.map(Place::of).into_iter().collect(), related)
}

impl Outcome {
    fn new(
        rule: RuleRef,
        severity: Severity,
        message: Message,
        locations: Vec<Place>,
        related_locations: Vec<Place>,
    ) -> Self {
        Self {
            rule_id: rule.id,
            rule_index: rule.index,
            level: severity.name(),
            kind: "fail",
            message,
            locations,
            related_locations,
            partial_fingerprints: BTreeMap::new(),
            baseline_state: None,
            suppressions: None,
            properties: None,
        }
    }
}
