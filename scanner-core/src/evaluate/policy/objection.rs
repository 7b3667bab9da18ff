//! The words in which a policy objects.

use super::atom::Atom;
use crate::model::{Artifact, Finding, Location, PolicyRule, Rule, UserFile};

const CHANGE: &str = "remove the artifact, get it under another licence, or change the policy";

/// What an objection is about.
pub(super) struct About<'a> {
    pub(super) artifact: &'a Artifact,
    pub(super) atom: &'a Atom<'a>,
    /// The whole expression, when it offers a choice.
    pub(super) choice: Option<&'a str>,
}

impl About<'_> {
    /// The licence itself is denied.
    pub(super) fn license_denied(&self, rule: &PolicyRule) -> Finding {
        let (code, what) = match (&rule.license, &rule.family, rule.conveyance) {
            (Some(name), _, _) => (Rule::LicenseDenied, format!("the licence `{}`", name.stated)),
            (None, Some(family), _) => (Rule::FamilyDenied, format!("the family `{family}`")),
            (None, None, conveyance) => {
                let conveyance = conveyance.map_or("", |conveyance| conveyance.name());
                (Rule::ConveyanceDenied, format!("the conveyance `{conveyance}`"))
            }
        };
        self.finding(code, None, &format!("the policy denies {what}{}", reason(rule)), &[&rule.at])
    }

    /// No allowance covers the licence.
    pub(super) fn license_not_allowed(&self, policy: &Location) -> Finding {
        let what = if self.atom.terms.is_some() {
            "no allowance of the policy covers it"
        } else {
            "no allowance of the policy names it; its family and conveyance are not recorded"
        };
        self.finding(Rule::LicenseNotAllowed, None, what, &[policy])
    }

    /// A part of the terms is denied.
    pub(super) fn part_denied(
        &self,
        kind: &PartKind,
        rule: &PolicyRule,
        part: &Part<'_>,
    ) -> Finding {
        let Part { name, clause } = part;
        let words = format!(
            "it {} `{name}` (clause {clause}), which the policy denies{}",
            kind.verb,
            reason(rule)
        );
        self.finding(kind.denied, Some(clause), &words, &[&rule.at])
    }

    /// A part of the terms, or parts that are not recorded, are none of what may be there.
    pub(super) fn part_not_allowed(
        &self,
        kind: &PartKind,
        policy: &Location,
        part: Option<&Part<'_>>,
    ) -> Finding {
        let verb = kind.verb;
        let words = match part {
            Some(Part { name, clause }) => format!(
                "it {verb} `{name}` (clause {clause}), which no allowance of the policy covers"
            ),
            None => format!("what it {verb} is not recorded, so no allowance covers it"),
        };
        let clause = part.map(|part| part.clause);
        self.finding(kind.not_allowed, clause, &words, &[policy])
    }

    fn finding(
        &self,
        rule: Rule,
        clause: Option<&str>,
        words: &str,
        policy: &[&Location],
    ) -> Finding {
        let choice = self.choice.map_or_else(String::new, |expression| {
            format!("; no branch of `{expression}` is acceptable")
        });
        let mut because: Vec<Location> = policy.iter().copied().cloned().collect();
        because.extend(self.atom.evidence());
        if self.atom.applied.is_empty() {
            because.extend(self.artifact.occurrences.iter().cloned());
        }
        Finding {
            artifact: Some(self.artifact.id.clone()),
            rule,
            license: self.atom.key().cloned(),
            clause: clause.map(str::to_owned),
            message: format!(
                "`{}` is under {}: {words}{choice}",
                self.artifact.label(),
                self.atom.words()
            ),
            because,
            fix: CHANGE.to_owned(),
        }
    }
}

/// What kind of thing a licence forbids or demands, and what is said of it.
pub(super) struct PartKind {
    denied: Rule,
    not_allowed: Rule,
    verb: &'static str,
}

/// A use that is forbidden.
pub(super) const CATEGORY: PartKind = PartKind {
    denied: Rule::CategoryDenied,
    not_allowed: Rule::CategoryNotAllowed,
    verb: "restricts",
};

/// Something that is demanded.
pub(super) const OBLIGATION: PartKind = PartKind {
    denied: Rule::ObligationDenied,
    not_allowed: Rule::ObligationNotAllowed,
    verb: "demands",
};

/// One thing that a licence forbids or demands.
pub(super) struct Part<'a> {
    /// The category or kind.
    pub(super) name: &'a str,
    /// The clauses that say so.
    pub(super) clause: &'a str,
}

/// Nobody knows under which terms an artifact stands.
pub(super) fn unknown(
    rule: Rule,
    artifact: &Artifact,
    reasons: &[String],
    policy: &Location,
) -> Finding {
    let (consequence, fix) = match rule {
        Rule::DenialUndecided => (
            "whether the policy denies them cannot be said",
            "find out its licence; a `[[policy.clarification]]` can say what a file is",
        ),
        _ => (
            "no allowance of the policy covers what is unknown",
            "find out its licence, say in a `[[policy.clarification]]` what a file is, or accept \
             it by a `[[policy.exception]]`",
        ),
    };
    let mut because = vec![policy.clone()];
    because.extend(artifact.occurrences.iter().cloned());
    Finding {
        artifact: Some(artifact.id.clone()),
        rule,
        license: None,
        clause: None,
        message: format!(
            "the terms of `{}` are not known ({}): {consequence}",
            artifact.label(),
            reasons.join("; ")
        ),
        because,
        fix: fix.to_owned(),
    }
}

/// Where the policy stands; without a file, in the place that `fallback` names.
pub(super) fn policy_place(file: Option<&UserFile>, key: &str) -> Location {
    file.map_or_else(
        || Location::catalogue("policy").at_key(key),
        |file| Location::user_file(file).at_key(key),
    )
}

fn reason(rule: &PolicyRule) -> String {
    rule.reason.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"))
}
