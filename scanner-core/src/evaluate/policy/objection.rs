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

    /// A use that it forbids is denied.
    pub(super) fn category_denied(&self, rule: &PolicyRule, what: &Part<'_>) -> Finding {
        let words = format!(
            "it restricts `{}` (clause {}), which the policy denies{}",
            what.name,
            what.clause,
            reason(rule)
        );
        self.finding(Rule::CategoryDenied, Some(what.clause), &words, &[&rule.at])
    }

    /// A use that it forbids is none of those that may be forbidden.
    pub(super) fn category_not_allowed(
        &self,
        policy: &Location,
        what: Option<&Part<'_>>,
    ) -> Finding {
        let words = match what {
            Some(part) => format!(
                "it restricts `{}` (clause {}), which no allowance of the policy covers",
                part.name, part.clause
            ),
            None => "what it restricts is not recorded, so no allowance covers it".to_owned(),
        };
        let clause = what.map(|part| part.clause);
        self.finding(Rule::CategoryNotAllowed, clause, &words, &[policy])
    }

    /// Something that it demands is denied.
    pub(super) fn obligation_denied(&self, rule: &PolicyRule, what: &Part<'_>) -> Finding {
        let words = format!(
            "it demands `{}` (clause {}), which the policy denies{}",
            what.name,
            what.clause,
            reason(rule)
        );
        self.finding(Rule::ObligationDenied, Some(what.clause), &words, &[&rule.at])
    }

    /// Something that it demands is none of what may be demanded.
    pub(super) fn obligation_not_allowed(
        &self,
        policy: &Location,
        what: Option<&Part<'_>>,
    ) -> Finding {
        let words = match what {
            Some(part) => format!(
                "it demands `{}` (clause {}), which no allowance of the policy covers",
                part.name, part.clause
            ),
            None => "what it demands is not recorded, so no allowance covers it".to_owned(),
        };
        let clause = what.map(|part| part.clause);
        self.finding(Rule::ObligationNotAllowed, clause, &words, &[policy])
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
