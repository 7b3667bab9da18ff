//! Compares the licences that reach an artifact with what the policy allows and denies.

use std::collections::{BTreeMap, BTreeSet};

use super::atom::{self, Atom};
use super::objection::{self, About, CATEGORY, OBLIGATION, Part};
use super::selector::{Fit, List, fit};
use super::unknown;
use crate::evaluate::Scene;
use crate::model::{
    AppliedLicense, Artifact, ArtifactAssessment, ArtifactId, AssessedObligation, Dormancy,
    Finding, LicenseKey, Location, Policy, PolicyRule, Rule, RuleSubject, Severity,
};

/// Rules that matched something, by their place in the policy.
#[derive(Default)]
pub(super) struct Used {
    pub(super) allow: BTreeSet<usize>,
    pub(super) deny: BTreeSet<usize>,
}

/// Denials that cannot be decided for a licence, because its terms are not recorded.
struct Undecided {
    key: Option<LicenseKey>,
    denials: BTreeSet<Location>,
    evidence: BTreeSet<Location>,
    artifacts: BTreeSet<ArtifactId>,
}

/// What is objected to in one licence or expression.
#[derive(Default)]
struct Objections {
    findings: Vec<Finding>,
    /// Denials that nothing decides.
    doubts: Vec<Doubt>,
}

/// A denial that cannot be decided for one licence.
struct Doubt {
    id: String,
    key: Option<LicenseKey>,
    denial: Location,
    evidence: Vec<Location>,
}

impl Objections {
    /// Of two readings of a choice the one with less weight is better.
    fn weight(&self) -> (Option<Severity>, usize) {
        let doubt = self.doubts.first().map(|_| Rule::DenialUndecided.severity());
        let worst = self.findings.iter().map(Finding::severity).max();
        (worst.max(doubt), self.findings.len() + self.doubts.len())
    }

    fn join(mut self, other: Self) -> Self {
        self.findings.extend(other.findings);
        self.doubts.extend(other.doubts);
        self
    }

    fn choose(self, other: Self) -> Self {
        if other.weight() < self.weight() { other } else { self }
    }
}

/// Judges artifacts one by one and remembers which rules mattered.
pub(super) struct Judge<'a> {
    policy: &'a Policy,
    scene: &'a Scene<'a>,
    assessments: &'a BTreeMap<ArtifactId, ArtifactAssessment>,
    place: Location,
    pub(super) used: Used,
    undecided: BTreeMap<String, Undecided>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        policy: &'a Policy,
        scene: &'a Scene<'a>,
        assessments: &'a BTreeMap<ArtifactId, ArtifactAssessment>,
    ) -> Self {
        Self {
            policy,
            scene,
            assessments,
            place: objection::policy_place(policy.declared_in.as_ref(), "policy.allow"),
            used: Used::default(),
            undecided: BTreeMap::new(),
        }
    }

    /// Adds what the policy objects to on `artifact`.
    pub(super) fn artifact(&mut self, artifact: &'a Artifact, findings: &mut Vec<Finding>) {
        if self.policy.allow.is_empty() && self.policy.deny.is_empty() {
            return;
        }
        let reasons = unknown::reasons(artifact, self.assessments, self.scene);
        if !reasons.is_empty() {
            findings.push(self.unknown(artifact, &reasons));
        }
        let objections = self.objections(artifact).join(self.duties_beside(artifact));
        findings.extend(objections.findings);
        for doubt in objections.doubts {
            self.remember(doubt, artifact);
        }
    }

    /// What the policy cannot decide about licences whose terms are not recorded.
    pub(super) fn undecided(&mut self, findings: &mut Vec<Finding>) {
        for (id, undecided) in std::mem::take(&mut self.undecided) {
            let artifacts = undecided.artifacts.len();
            let mut because: Vec<Location> = undecided.denials.into_iter().collect();
            because.extend(undecided.evidence);
            findings.push(Finding {
                artifact: None,
                rule: Rule::DenialUndecided,
                license: undecided.key,
                clause: None,
                message: format!(
                    "the terms of {id} are not recorded: whether the policy denies them on \
                     {artifacts} artifact(s) cannot be said"
                ),
                because,
                fix: "allow or deny it by `license`, or add a record for it".to_owned(),
            });
        }
    }

    fn unknown(&self, artifact: &Artifact, reasons: &[String]) -> Finding {
        let rule = if self.policy.allow.is_empty() {
            Rule::DenialUndecided
        } else {
            Rule::PolicyLicenseUnknown
        };
        let list = if self.policy.allow.is_empty() { "policy.deny" } else { "policy.allow" };
        let place = objection::policy_place(self.policy.declared_in.as_ref(), list);
        objection::unknown(rule, artifact, reasons, &place)
    }

    /// What is objected to: of a settled expression, to its least objectionable reading; of anything
    /// else, to every licence that may apply.
    fn objections(&mut self, artifact: &'a Artifact) -> Objections {
        let assessment = &self.assessments[&artifact.id];
        let effective = &assessment.effective;
        if let Some(expression) = &effective.expression {
            return self
                .expression(artifact, expression)
                .unwrap_or_else(|| self.each(artifact, |_| true));
        }
        let own = assessment.conclusion.expression.as_ref();
        match own.and_then(|expression| self.expression(artifact, expression)) {
            Some(own) => own.join(self.each(artifact, |it| it.from_ancestor.is_some())),
            None => self.each(artifact, |_| true),
        }
    }

    /// Objections to `expression`; `None` when it cannot be taken apart.
    fn expression(&mut self, artifact: &'a Artifact, expression: &str) -> Option<Objections> {
        let effective = &self.assessments[&artifact.id].effective;
        let scene = self.scene;
        let choice = expression.contains(" OR ").then_some(expression);
        atom::fold(
            expression,
            effective,
            scene,
            |atom| self.license(&About { artifact, atom: &atom, choice }),
            Objections::join,
            Objections::choose,
        )
    }

    fn each(
        &mut self,
        artifact: &'a Artifact,
        wanted: impl Fn(&AppliedLicense) -> bool,
    ) -> Objections {
        let licenses = self.assessments[&artifact.id].effective.licenses.iter();
        licenses.filter(|license| wanted(license)).fold(Objections::default(), |all, license| {
            let atom = Atom::of_applied(license, self.scene);
            all.join(self.license(&About { artifact, atom: &atom, choice: None }))
        })
    }

    /// Objections to one licence.
    fn license(&mut self, about: &About<'_>) -> Objections {
        let mut objections = Objections::default();
        let denied = self.denial(about, RuleSubject::License, None, &mut objections);
        if let Some(rule) = denied {
            objections.findings.push(about.license_denied(rule));
        }
        // What is denied need not also be told that it is not allowed.
        if !self.is_allowed(about.atom, RuleSubject::License, None) && denied.is_none() {
            objections.findings.push(about.license_not_allowed(&self.place));
        }
        self.restrictions(about, &mut objections);
        self.obligations(about, &mut objections);
        objections
    }

    fn restrictions(&mut self, about: &About<'_>, objections: &mut Objections) {
        let Some(terms) = about.atom.terms else {
            if about.atom.is_open_source() {
                return;
            }
            self.denial(about, RuleSubject::Restriction, None, objections);
            if !self.is_allowed(about.atom, RuleSubject::Restriction, None) {
                objections.findings.push(about.part_not_allowed(&CATEGORY, &self.place, None));
            }
            return;
        };
        let mut clauses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for restriction in &terms.restrictions {
            for category in &restriction.categories {
                clauses.entry(category).or_default().push(&restriction.label);
            }
        }
        for (category, labels) in clauses {
            let part = Part { name: category, clause: &labels.join(", ") };
            let denied = self.denial(about, RuleSubject::Restriction, Some(category), objections);
            let is_allowed = self.is_allowed(about.atom, RuleSubject::Restriction, Some(category));
            if let Some(rule) = denied {
                objections.findings.push(about.part_denied(&CATEGORY, rule, &part));
            } else if !is_allowed {
                objections.findings.push(about.part_not_allowed(
                    &CATEGORY,
                    &self.place,
                    Some(&part),
                ));
            }
        }
    }

    fn obligations(&mut self, about: &About<'_>, objections: &mut Objections) {
        if about.atom.terms.is_none() {
            self.denial(about, RuleSubject::Obligation, None, objections);
            if !self.is_allowed(about.atom, RuleSubject::Obligation, None) {
                objections.findings.push(about.part_not_allowed(&OBLIGATION, &self.place, None));
            }
        }
        let owed = self.assessments[&about.artifact.id].obligations.iter();
        let owed = owed.filter(|owed| Some(&owed.license) == about.atom.key());
        self.duties(about, owed, objections);
    }

    /// Obligations of what is no licence of the artifact, for example of a contract.
    fn duties_beside(&mut self, artifact: &'a Artifact) -> Objections {
        let assessment = &self.assessments[&artifact.id];
        let is_license = |key: &LicenseKey| {
            assessment.effective.licenses.iter().any(|license| license.key == *key)
        };
        let duties = self.scene.inventory.extra_duties.get(&artifact.id).into_iter().flatten();
        let keys: BTreeSet<&LicenseKey> =
            duties.map(|duty| &duty.license).filter(|key| !is_license(key)).collect();
        let mut objections = Objections::default();
        for key in keys {
            let owed = assessment.obligations.iter().filter(|owed| owed.license == *key);
            let atom = Atom::without_claim(key, self.scene);
            self.duties(&About { artifact, atom: &atom, choice: None }, owed, &mut objections);
        }
        objections
    }

    fn duties<'b>(
        &mut self,
        about: &About<'_>,
        owed: impl Iterator<Item = &'b AssessedObligation>,
        objections: &mut Objections,
    ) {
        let mut clauses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for owed in owed.filter(|owed| owed.dormancy == Dormancy::Active) {
            clauses.entry(&owed.obligation.kind).or_default().insert(&owed.obligation.clause);
        }
        for (kind, clause) in clauses {
            let clause = clause.into_iter().collect::<Vec<_>>().join(", ");
            let part = Part { name: kind, clause: &clause };
            let denied = self.denial(about, RuleSubject::Obligation, Some(kind), objections);
            let is_allowed = self.is_allowed(about.atom, RuleSubject::Obligation, Some(kind));
            if let Some(rule) = denied {
                objections.findings.push(about.part_denied(&OBLIGATION, rule, &part));
            } else if !is_allowed {
                objections.findings.push(about.part_not_allowed(
                    &OBLIGATION,
                    &self.place,
                    Some(&part),
                ));
            }
        }
    }

    /// The first denial of `subject` that matches. Without `part`, where the terms are not recorded,
    /// denials of a part are in doubt.
    fn denial(
        &mut self,
        about: &About<'_>,
        subject: RuleSubject,
        part: Option<&str>,
        objections: &mut Objections,
    ) -> Option<&'a PolicyRule> {
        let policy = self.policy;
        let mut first = None;
        for (index, rule) in policy.deny.iter().enumerate() {
            if rule.subject() != subject {
                continue;
            }
            let fit = verdict(rule, about.atom, List::Deny, part);
            if fit == Fit::No {
                continue;
            }
            self.used.deny.insert(index);
            if fit == Fit::Yes {
                first = first.or(Some(rule));
            } else {
                objections.doubts.push(Doubt {
                    id: about.atom.full_id(),
                    key: about.atom.key().cloned(),
                    denial: rule.at.clone(),
                    evidence: about.atom.evidence(),
                });
            }
        }
        first
    }

    fn remember(&mut self, doubt: Doubt, artifact: &Artifact) {
        let undecided = self.undecided.entry(doubt.id).or_insert_with(|| Undecided {
            key: doubt.key,
            denials: BTreeSet::new(),
            evidence: BTreeSet::new(),
            artifacts: BTreeSet::new(),
        });
        undecided.denials.insert(doubt.denial);
        undecided.evidence.extend(doubt.evidence);
        undecided.artifacts.insert(artifact.id.clone());
    }

    /// Whether an allowance covers it, or the policy leaves the subject open.
    fn is_allowed(&mut self, atom: &Atom<'_>, subject: RuleSubject, part: Option<&str>) -> bool {
        let policy = self.policy;
        let (mut is_open, mut is_allowed) = (true, false);
        for (index, rule) in policy.allow.iter().enumerate() {
            if rule.subject() != subject {
                continue;
            }
            is_open = false;
            if verdict(rule, atom, List::Allow, part) == Fit::Yes {
                self.used.allow.insert(index);
                is_allowed = true;
            }
        }
        is_open || is_allowed
    }
}

/// Whether `rule` speaks of `part` (a category or kind) of the licence.
fn verdict(rule: &PolicyRule, atom: &Atom<'_>, list: List, part: Option<&str>) -> Fit {
    let licence = fit(rule, atom, list);
    match (rule.category.as_deref().or(rule.obligation.as_deref()), part) {
        (None, _) => licence,
        (Some(_), None) => licence.min(Fit::Unrecorded),
        (Some(wanted), Some(part)) if wanted == part => licence,
        (Some(_), Some(_)) => Fit::No,
    }
}
