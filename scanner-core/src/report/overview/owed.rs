//! What is owed: duties that are not shown to be met, by licence and clause.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{FINDINGS, and_more};
use crate::model::{Artifact, Dormancy, LicenseKey, ObligationStatus};
use crate::report::index::Index;
use crate::report::markdown::{code, escape};

/// How many artifacts of one duty are named.
const NAMED: usize = 5;

/// Worst first, so that what is cut is what matters least.
type Duty<'a> = (ObligationStatus, &'a LicenseKey, &'a str, &'a str);

pub(super) fn section(index: &Index<'_>, out: &mut String) {
    let mut duties: BTreeMap<Duty<'_>, Vec<&Artifact>> = BTreeMap::new();
    for artifact in &index.report.inventory.artifacts {
        let assessment = index.assessment(&artifact.id);
        let owed = assessment.into_iter().flat_map(|assessment| &assessment.obligations);
        for assessed in owed.filter(|assessed| assessed.dormancy == Dormancy::Active) {
            if assessed.status != ObligationStatus::Satisfied {
                let obligation = &assessed.obligation;
                let duty =
                    (assessed.status, &assessed.license, &*obligation.kind, &*obligation.clause);
                duties.entry(duty).or_default().push(artifact);
            }
        }
    }
    out.push_str("\n## What is owed\n\n");
    if duties.is_empty() {
        out.push_str("Nothing that is not shown to be met, as far as the licences are known.\n");
        return;
    }
    out.push_str("| licence | duty | clause | status | artifacts |\n|---|---|---|---|---|\n");
    for ((status, license, kind, clause), artifacts) in duties.iter().take(FINDINGS) {
        let names = artifacts.iter().take(NAMED).map(|it| escape(&it.label()));
        let mut names = names.collect::<Vec<_>>().join(", ");
        if artifacts.len() > NAMED {
            let _ = write!(names, " and {} more", artifacts.len() - NAMED);
        }
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {names} |",
            escape(index.spdx(license)),
            code(kind),
            escape(clause),
            status.name()
        );
    }
    and_more(duties.len(), FINDINGS, "duties", "json", out);
}
