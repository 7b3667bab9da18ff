//! How each finding stands: new, known from the baseline, or accepted by an exception.

use std::collections::{BTreeMap, BTreeSet};

use super::selector::is_artifact;
use crate::evaluate::Scene;
use crate::model::{
    Artifact, Date, Finding, FindingIdentity, FindingStanding, LicenseName, Policy,
    PolicyException, PolicyOutcome,
};

/// The standings in the making.
pub(super) struct Standings<'a> {
    policy: &'a Policy,
    scene: &'a Scene<'a>,
    today: Date,
    /// Exceptions that match a finding, by their place in the policy.
    matched: BTreeSet<usize>,
}

impl<'a> Standings<'a> {
    pub(super) fn new(policy: &'a Policy, scene: &'a Scene<'a>, today: Date) -> Self {
        Self { policy, scene, today, matched: BTreeSet::new() }
    }

    /// Notes which exceptions match any of `findings`.
    pub(super) fn except(&mut self, findings: &[Finding]) {
        for (index, exception) in self.policy.exceptions.iter().enumerate() {
            if findings.iter().any(|finding| self.is_about(exception, finding)) {
                self.matched.insert(index);
            }
        }
    }

    /// Whether the exception at `index` matches a finding.
    pub(super) fn is_matched(&self, index: usize) -> bool {
        self.matched.contains(&index)
    }

    /// Whether `exception` holds no longer.
    pub(super) fn is_expired(&self, exception: &PolicyException) -> bool {
        exception.expires.is_some_and(|last| last < self.today)
    }

    pub(super) fn today(&self) -> Date {
        self.today
    }

    /// What the policy makes of `findings`.
    pub(super) fn outcome(&self, findings: &[Finding]) -> PolicyOutcome {
        let baseline = self.policy.baseline.as_ref();
        let mut known = baseline.map(|baseline| baseline.known.clone()).unwrap_or_default();
        let identities: Vec<FindingIdentity> =
            findings.iter().map(|finding| self.identity(finding)).collect();
        let standings = findings
            .iter()
            .zip(&identities)
            .map(|(finding, identity)| {
                let is_known = take(&mut known, identity);
                match self.exception_of(finding) {
                    Some(exception) => FindingStanding::Excepted {
                        reason: exception.reason.clone(),
                        at: exception.at.clone(),
                    },
                    None if is_known => FindingStanding::Known,
                    None => FindingStanding::New,
                }
            })
            .collect();
        PolicyOutcome {
            fail_on: self.policy.fail_on,
            standings,
            identities,
            fixed: known,
            declared_in: self.policy.declared_in.clone(),
            baseline: baseline.map(|baseline| baseline.file.clone()),
        }
    }

    fn exception_of(&self, finding: &Finding) -> Option<&'a PolicyException> {
        self.policy
            .exceptions
            .iter()
            .find(|exception| !self.is_expired(exception) && self.is_about(exception, finding))
    }

    fn is_about(&self, exception: &PolicyException, finding: &Finding) -> bool {
        let artifact = self.artifact_of(finding);
        artifact.is_some_and(|artifact| is_artifact(&exception.artifact, artifact))
            && exception.code.as_ref().is_none_or(|code| code == finding.rule.as_str())
            && exception.license.as_ref().is_none_or(|name| self.is_named(name, finding))
    }

    fn is_named(&self, name: &LicenseName, finding: &Finding) -> bool {
        finding
            .license
            .as_ref()
            .is_some_and(|key| name.keys.contains(key) || name.ids.contains(&self.scene.spdx(key)))
    }

    fn artifact_of(&self, finding: &Finding) -> Option<&'a Artifact> {
        self.scene.inventory.artifact(finding.artifact.as_ref()?)
    }

    fn identity(&self, finding: &Finding) -> FindingIdentity {
        let license = finding.license.as_ref().map(|key| self.scene.spdx(key));
        FindingIdentity::of(finding, self.artifact_of(finding), license)
    }
}

/// Takes one occurrence of `identity` out of `known`, if there is one.
fn take(known: &mut BTreeMap<FindingIdentity, u64>, identity: &FindingIdentity) -> bool {
    let Some(left) = known.get_mut(identity) else { return false };
    *left -= 1;
    if *left == 0 {
        known.remove(identity);
    }
    true
}
