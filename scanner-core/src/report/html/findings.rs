//! What is owed and absent, or contradicts itself, worst first and by rule.

use serde::Serialize;

use super::places::Places;
use super::view::{FINDINGS, LicenseLink, PartLink, View};
use super::words::{Word, severity};
use crate::model::{Finding, FindingStanding, Rule};

#[derive(Serialize)]
pub(super) struct Findings<'a> {
    groups: Vec<Group<'a>>,
    count: usize,
    /// How many are only counted.
    more: usize,
}

/// Findings of one rule.
#[derive(Serialize)]
struct Group<'a> {
    code: &'static str,
    severity: Word,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    number: usize,
    part: Option<PartLink>,
    license: Option<LicenseLink>,
    clause: Option<&'a str>,
    message: &'a str,
    places: Places,
    fix: &'a str,
    /// How it stands under the policy.
    standing: Option<&'static str>,
    reason: Option<&'a str>,
}

impl<'a> Findings<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let all = &view.report().assessment.findings;
        let mut groups: Vec<(Rule, Group<'a>)> = Vec::new();
        for (number, finding) in all.iter().take(FINDINGS).enumerate() {
            let rule = finding.rule;
            let place = groups.iter().position(|(of, _)| *of == rule).unwrap_or_else(|| {
                let (code, severity) = (rule.as_str(), severity(finding.severity()));
                groups.push((rule, Group { code, severity, rows: Vec::new() }));
                groups.len() - 1
            });
            groups[place].1.rows.push(row(view, number, finding));
        }
        Self {
            groups: groups.into_iter().map(|(_, group)| group).collect(),
            count: all.len(),
            more: all.len().saturating_sub(FINDINGS),
        }
    }
}

fn row<'a>(view: &View<'a>, number: usize, finding: &'a Finding) -> Row<'a> {
    let policy = view.report().policy.as_ref();
    let standing = policy.and_then(|policy| policy.standings.get(number));
    Row {
        number,
        part: finding.artifact.as_ref().map(|id| view.part(id)),
        license: finding.license.as_ref().map(|key| view.license(key)),
        clause: finding.clause.as_deref(),
        message: &finding.message,
        places: Places::of(&finding.because),
        fix: &finding.fix,
        standing: standing.map(FindingStanding::name),
        reason: match standing {
            Some(FindingStanding::Excepted { reason, .. }) => Some(reason),
            _ => None,
        },
    }
}
