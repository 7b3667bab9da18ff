//! Parts of the policy that match nothing, or no longer hold. They are said, so that a policy does
//! not promise what it does not do.

use super::judge::Used;
use super::standing::Standings;
use crate::model::{Finding, Inventory, Location, Policy, PolicyRule, Rule};

/// Allowances and denials that match nothing.
pub(super) fn rules(policy: &Policy, used: &Used, findings: &mut Vec<Finding>) {
    for (index, rule) in policy.allow.iter().enumerate() {
        if !used.allow.contains(&index) {
            let message = format!("the allowance of {} matches nothing", words(rule));
            let fix = "remove it, unless the policy serves other products too";
            findings.push(finding(Rule::AllowanceUnused, message, &rule.at, fix));
        }
    }
    for (index, rule) in policy.deny.iter().enumerate() {
        if !used.deny.contains(&index) {
            let message = format!("the denial of {} matches nothing", words(rule));
            let fix = "nothing, if that is what it is for; else look for a mistake in it";
            findings.push(finding(Rule::DenialUnused, message, &rule.at, fix));
        }
    }
}

/// Clarifications of files that are not there.
pub(super) fn clarifications(policy: &Policy, inventory: &Inventory, findings: &mut Vec<Finding>) {
    for clarification in &policy.clarifications {
        let files = inventory.artifacts.iter().flat_map(|artifact| &artifact.files);
        let is_used = files.filter_map(|file| file.sha256).any(|it| it == clarification.sha256);
        if !is_used {
            let message = format!(
                "no file of an artifact has the digest `{}`, which the policy clarifies as `{}`",
                clarification.sha256.hex(),
                clarification.stated
            );
            let fix = "read the file again: it was changed or removed since; then correct the \
                       digest or remove the clarification";
            findings.push(finding(Rule::ClarificationUnused, message, &clarification.at, fix));
        }
    }
}

/// Exceptions that match no finding, and those that hold no longer.
pub(super) fn exceptions(policy: &Policy, standings: &Standings<'_>, findings: &mut Vec<Finding>) {
    for (index, exception) in policy.exceptions.iter().enumerate() {
        let artifact = &exception.artifact;
        if !standings.is_matched(index) {
            let message = format!("the exception for `{artifact}` matches no finding");
            let fix = "remove it, or look for a mistake in its artifact, license or code";
            findings.push(finding(Rule::ExceptionUnused, message, &exception.at, fix));
        } else if let (true, Some(last)) = (standings.is_expired(exception), exception.expires) {
            let message = format!(
                "the exception for `{artifact}` held until {last}, and today is {}: {}",
                standings.today(),
                exception.reason
            );
            let fix = "settle the findings it accepted, or decide anew and set another date";
            findings.push(finding(Rule::ExceptionExpired, message, &exception.at, fix));
        }
    }
}

fn words(rule: &PolicyRule) -> String {
    let conveyance = rule.conveyance.map(|conveyance| conveyance.name().to_owned());
    let parts = [
        ("license", rule.license.as_ref().map(|name| name.stated.clone())),
        ("family", rule.family.clone()),
        ("conveyance", conveyance),
        ("category", rule.category.clone()),
        ("obligation", rule.obligation.clone()),
    ];
    let parts = parts.into_iter().filter_map(|(name, value)| Some(format!("{name} `{}`", value?)));
    parts.collect::<Vec<_>>().join(" and ")
}

fn finding(rule: Rule, message: String, at: &Location, fix: &str) -> Finding {
    Finding {
        artifact: None,
        rule,
        license: None,
        clause: None,
        message,
        because: vec![at.clone()],
        fix: fix.to_owned(),
    }
}
