//! Effective terms: own terms and every ancestor's.
//!
//! An ancestor that nobody knows, or whose licence is undecided, makes the effective expression
//! NOASSERTION; the licences that are known stay listed.

mod sum;

use std::collections::{BTreeMap, BTreeSet};

use super::conclusion::Own;
use super::freedom::Freedom;
use super::{Scene, conclusion};
use crate::model::{
    AppliedLicense, Artifact, ArtifactId, Basis, ConcludedAncestor, Contract, Distillation,
    EffectiveTerms, KnownAncestor, LicenseStatus, LicenseTerms, Location, Relation, RelationKind,
    RelationTarget, UnknownAncestor,
};

pub(super) fn of(
    artifact: &Artifact,
    own: &BTreeMap<&ArtifactId, Own>,
    scene: &Scene<'_>,
) -> EffectiveTerms {
    let mut ascent = Ascent {
        own,
        scene,
        licenses: own[&artifact.id].applied.clone(),
        expressions: BTreeSet::new(),
        unknown: Vec::new(),
        not_reached: Vec::new(),
        undecided: BTreeSet::new(),
        seen: BTreeSet::from([artifact.id.clone()]),
        seen_elsewhere: BTreeSet::new(),
    };
    ascent.take_expression(artifact, own[&artifact.id].conclusion.expression.as_deref());
    for relation in nearest_first(scene, &artifact.id) {
        ascent.climb(relation, relation.kind, &relation.evidence);
    }
    ascent.terms(artifact)
}

/// The lineage of an artifact, training on outputs last: an ancestor that is reached another way, too,
/// is one of weights.
fn nearest_first<'a>(scene: &'a Scene<'_>, artifact: &ArtifactId) -> Vec<&'a Relation> {
    let mut relations: Vec<&Relation> = scene.lineage(artifact).collect();
    relations.sort_by_key(|relation| relation.kind == RelationKind::DistilledFrom);
    relations
}

/// How far a licence reaches what descends from the work that it is on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// It is a derivative.
    Derivative,
    /// The definition of a derivative leaves it out.
    LeftOut,
    /// The text does not decide it.
    Open,
}

/// The way up from one artifact.
struct Ascent<'a> {
    own: &'a BTreeMap<&'a ArtifactId, Own>,
    scene: &'a Scene<'a>,
    licenses: Vec<AppliedLicense>,
    expressions: BTreeSet<String>,
    unknown: Vec<UnknownAncestor>,
    not_reached: Vec<AppliedLicense>,
    /// Who has no single licence expression.
    undecided: BTreeSet<String>,
    seen: BTreeSet<ArtifactId>,
    seen_elsewhere: BTreeSet<String>,
}

impl Ascent<'_> {
    fn take_expression(&mut self, artifact: &Artifact, expression: Option<&str>) {
        match expression {
            Some(expression) => {
                self.expressions.insert(expression.to_owned());
            }
            None => {
                self.undecided.insert(artifact.label());
            }
        }
    }

    fn climb(&mut self, relation: &Relation, kind: RelationKind, evidence: &[Location]) {
        match &relation.to {
            RelationTarget::Here(id) => self.here(id, kind),
            RelationTarget::Elsewhere { name, .. } => self.elsewhere(name, kind, evidence),
        }
    }

    /// An ancestor that is in the scan; recursion ends because each is visited once and `resolve`
    /// bounds the depth.
    fn here(&mut self, id: &ArtifactId, kind: RelationKind) {
        if !self.seen.insert(id.clone()) {
            return;
        }
        let Some(parent) = self.scene.inventory.artifact(id) else { return };
        let own = &self.own[id];
        let licenses: Vec<AppliedLicense> = own
            .applied
            .iter()
            .map(|license| AppliedLicense {
                from_ancestor: Some(parent.label()),
                relation: Some(kind),
                ..license.clone()
            })
            .collect();
        let expression = own.conclusion.expression.as_deref();
        self.take(&parent.label(), licenses, kind, expression);
        if own.conclusion.status == LicenseStatus::Unknown {
            self.unknown.push(UnknownAncestor {
                name: parent.label(),
                relation: kind,
                evidence: parent.occurrences.clone(),
            });
        }
        for relation in nearest_first(self.scene, id) {
            // Above a model that only its outputs were taken from, everything is that far away.
            let kind = if kind == RelationKind::DistilledFrom { kind } else { relation.kind };
            self.climb(relation, kind, &relation.evidence);
        }
    }

    fn elsewhere(&mut self, name: &str, kind: RelationKind, evidence: &[Location]) {
        let mut name = name.to_owned();
        // A row's own parents are rows of the same finite catalogue; each is visited once.
        while self.seen_elsewhere.insert(name.to_lowercase()) {
            let known = self.scene.inventory.ancestors.get(&name);
            if let Some(contract) = self.scene.contract_on_ancestor(&name) {
                self.take_contract(&name, contract, kind, evidence);
                let public = known.map_or(&[][..], |ancestor| &ancestor.licenses);
                if public.is_empty() || self.scene.replaces(contract, public) {
                    match known.and_then(|ancestor| ancestor.parent.clone()) {
                        Some(parent) => name = parent,
                        None => return,
                    }
                    continue;
                }
            }
            let known = known.filter(|ancestor| self.has_terms(ancestor));
            if let Some(concluded) = self.scene.inventory.concluded_ancestors.get(&name) {
                self.take_concluded(&name, concluded, kind, evidence);
                let agrees = known.is_none_or(|ancestor| {
                    ancestor.licenses.iter().any(|key| concluded.licenses.contains(key))
                });
                if agrees {
                    match known.and_then(|ancestor| ancestor.parent.clone()) {
                        Some(parent) => name = parent,
                        None => return,
                    }
                    continue;
                }
                // Both apply until somebody settles it.
                self.undecided.insert(name.clone());
            }
            let Some(ancestor) = known else {
                self.unknown.push(UnknownAncestor {
                    name: name.clone(),
                    relation: kind,
                    evidence: evidence.to_vec(),
                });
                return;
            };
            self.take_ancestor(&name, ancestor, kind, evidence);
            match &ancestor.parent {
                Some(parent) => name.clone_from(parent),
                None => return,
            }
        }
    }

    /// Whether anything is known of an ancestor's terms; that a contract has them is not that.
    fn has_terms(&self, ancestor: &KnownAncestor) -> bool {
        let is_pattern = |key| self.scene.terms(key).is_some_and(LicenseTerms::is_pattern);
        !ancestor.licenses.iter().all(is_pattern)
    }

    fn take_contract(
        &mut self,
        name: &str,
        contract: &Contract,
        kind: RelationKind,
        evidence: &[Location],
    ) {
        let entry = contract.particulars.iter().map(|parts| parts.at("contract.applies_to"));
        let license = AppliedLicense {
            key: contract.terms.key.clone(),
            basis: Basis::Declared,
            from_ancestor: Some(name.to_owned()),
            relation: Some(kind),
            alternatives: Vec::new(),
            evidence: entry.chain(evidence.iter().cloned()).collect(),
        };
        self.take(name, vec![license], kind, Some(&contract.terms.spdx));
    }

    fn take_concluded(
        &mut self,
        name: &str,
        concluded: &ConcludedAncestor,
        kind: RelationKind,
        evidence: &[Location],
    ) {
        let is_choice = concluded.expression.contains(" OR ");
        let licenses = concluded.licenses.iter().map(|key| AppliedLicense {
            key: key.clone(),
            basis: Basis::Concluded,
            from_ancestor: Some(name.to_owned()),
            relation: Some(kind),
            alternatives: concluded
                .licenses
                .iter()
                .filter(|it| is_choice && *it != key)
                .cloned()
                .collect(),
            evidence: std::iter::once(&concluded.at).chain(evidence).cloned().collect(),
        });
        self.take(name, licenses.collect(), kind, Some(&concluded.expression));
    }

    fn take_ancestor(
        &mut self,
        name: &str,
        ancestor: &KnownAncestor,
        kind: RelationKind,
        evidence: &[Location],
    ) {
        let mut places = vec![Location::catalogue(&format!("models/{}", ancestor.record))];
        places.extend(evidence.iter().cloned());
        let licenses = ancestor.licenses.iter().map(|key| AppliedLicense {
            key: key.clone(),
            basis: Basis::Catalogue,
            from_ancestor: Some(name.to_owned()),
            relation: Some(kind),
            alternatives: ancestor.licenses.iter().filter(|it| *it != key).cloned().collect(),
            evidence: places.clone(),
        });
        // A row from memory gives candidates only, and so does a tag with several meanings.
        let is_decided = ancestor.licenses.len() == 1 && ancestor.verified;
        let expression = conclusion::joined_expression(&ancestor.licenses, self.scene);
        self.take(name, licenses.collect(), kind, expression.filter(|_| is_decided).as_deref());
    }

    /// Takes the licences of the ancestor `name` as far as they reach (rule C1).
    fn take(
        &mut self,
        name: &str,
        licenses: Vec<AppliedLicense>,
        kind: RelationKind,
        expression: Option<&str>,
    ) {
        match self.reach(&licenses, kind) {
            Reach::LeftOut => {
                self.not_reached.extend(licenses);
                return;
            }
            Reach::Open => {
                self.undecided.insert(name.to_owned());
            }
            Reach::Derivative => match expression {
                Some(expression) => {
                    self.expressions.insert(expression.to_owned());
                }
                None => {
                    self.undecided.insert(name.to_owned());
                }
            },
        }
        self.licenses.extend(licenses);
    }

    /// Whether what the artifact is to an ancestor is a derivative under the ancestor's licences.
    /// Every way but training on outputs is; that one, each text decides or leaves open.
    fn reach(&self, licenses: &[AppliedLicense], kind: RelationKind) -> Reach {
        if kind != RelationKind::DistilledFrom || licenses.is_empty() {
            return Reach::Derivative;
        }
        let reaches = licenses.iter().map(|license| match self.scene.terms(&license.key) {
            Some(terms) => match terms.grant.distillation {
                Distillation::Reached => Reach::Derivative,
                Distillation::OutputsExcluded => Reach::LeftOut,
                // Where derivatives are free, it makes no difference.
                Distillation::Silent if Freedom::of(terms) == Freedom::Free => Reach::Derivative,
                Distillation::Silent => Reach::Open,
            },
            None => Reach::Open,
        });
        let reaches: BTreeSet<Reach> = reaches.collect();
        match reaches.len() {
            1 => reaches.first().copied().unwrap_or(Reach::Open),
            _ => Reach::Open,
        }
    }

    fn terms(mut self, artifact: &Artifact) -> EffectiveTerms {
        self.licenses.dedup();
        self.unknown.sort();
        self.unknown.dedup();
        let is_settled = self.unknown.is_empty() && self.undecided.is_empty();
        let expression = is_settled.then(|| join(&self.expressions)).flatten();
        let because = self.because(artifact);
        let sum = sum::of(&self.licenses, self.scene);
        EffectiveTerms {
            expression,
            licenses: self.licenses,
            unknown_ancestors: self.unknown,
            not_reached: self.not_reached,
            use_limits: sum.use_limits,
            thresholds: sum.thresholds,
            restricted_categories: sum.categories,
            because,
        }
    }

    fn because(&self, artifact: &Artifact) -> String {
        let own = self.own[&artifact.id]
            .conclusion
            .expression
            .clone()
            .unwrap_or_else(|| "NOASSERTION".to_owned());
        let mut parts = vec![format!("own terms {own}")];
        let ancestors: BTreeSet<String> = self
            .licenses
            .iter()
            .filter_map(|license| {
                let name = license.from_ancestor.as_ref()?;
                let id = self.scene.spdx(&license.key);
                let concluded = self.scene.inventory.concluded_ancestors.get(name);
                Some(match concluded.filter(|_| license.basis == Basis::Concluded) {
                    Some(it) => {
                        format!("{id} of `{name}`, as the vendor concludes: {}", it.reason)
                    }
                    None => format!("{id} of `{name}`"),
                })
            })
            .collect();
        parts.extend(ancestors);
        parts.extend(
            self.unknown.iter().map(|ancestor| format!("unknown terms of `{}`", ancestor.name)),
        );
        let left_out: BTreeSet<String> = self
            .not_reached
            .iter()
            .filter_map(|license| {
                let (name, id) = (license.from_ancestor.as_ref()?, self.scene.spdx(&license.key));
                Some(format!("not {id} of `{name}`, which leaves models trained on outputs out"))
            })
            .collect();
        parts.extend(left_out);
        let open: BTreeSet<String> = self
            .licenses
            .iter()
            .filter(|license| license.relation == Some(RelationKind::DistilledFrom))
            .filter(|license| {
                self.reach(std::slice::from_ref(license), RelationKind::DistilledFrom)
                    == Reach::Open
            })
            .map(|license| {
                let id = self.scene.spdx(&license.key);
                format!("whether {id} reaches a model trained on outputs, its text leaves open")
            })
            .collect();
        parts.extend(open);
        parts.join(", plus ").replace("plus not", "but not").replace("plus whether", "and whether")
    }
}

/// Joins expressions with `AND`; those that contain `OR` are put in parentheses.
fn join(expressions: &BTreeSet<String>) -> Option<String> {
    if expressions.len() == 1 {
        return expressions.first().cloned();
    }
    let atoms: BTreeSet<String> = expressions
        .iter()
        .flat_map(|expression| {
            if expression.contains(" OR ") {
                vec![format!("({expression})")]
            } else {
                expression.split(" AND ").map(str::to_owned).collect()
            }
        })
        .collect();
    (!atoms.is_empty()).then(|| atoms.into_iter().collect::<Vec<_>>().join(" AND "))
}
