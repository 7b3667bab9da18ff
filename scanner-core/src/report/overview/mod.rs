//! The whole scan on one page of Markdown, for pull requests and wikis: overview, findings, what is
//! owed, artifacts.
//!
//! Long lists are cut, worst first, and say so: a comment of a pull request holds some 65,000
//! characters. Text from scanned files is escaped everywhere.

mod owed;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::Reporter;
use super::index::Index;
use super::markdown::{code, escape};
use super::place::place;
use super::row::rows;
use crate::model::{Completeness, Finding, FindingStanding, Report, Severity};

/// Writes the scan as one page of Markdown; format id `markdown`.
pub struct Overview;

/// Most findings, and most duties, that the page lists.
const FINDINGS: usize = 200;

/// Most artifacts that the page lists.
const ARTIFACTS: usize = 500;

impl Reporter for Overview {
    fn format(&self) -> &'static str {
        "markdown"
    }

    fn media_type(&self) -> &'static str {
        "text/markdown"
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(document(report).as_bytes())
    }
}

/// Writing to a String cannot fail, so results of `write!` are dropped in this folder.
fn document(report: &Report) -> String {
    let index = Index::new(report);
    let title = report.product.as_ref().map_or(&report.source.name, |product| &product.name);
    let mut out = format!("# Licences of {}\n\n", escape(title));
    out.push_str("What licence terms say and where; this is not legal advice.\n\n## Overview\n\n");
    overview(&index, &mut out);
    findings(&index, &mut out);
    owed::section(&index, &mut out);
    artifacts(&index, &mut out);
    out
}

fn overview(index: &Index<'_>, out: &mut String) {
    let report = index.report;
    let _ =
        writeln!(out, "- Source: {} {}", report.source.kind.name(), escape(&report.source.name));
    let mut kinds: BTreeMap<_, usize> = BTreeMap::new();
    for artifact in &report.inventory.artifacts {
        *kinds.entry(artifact.kind).or_default() += 1;
    }
    let kinds = kinds.iter().map(|(kind, count)| format!("{count} {}", kind.name()));
    let kinds = kinds.collect::<Vec<_>>().join(", ");
    let kinds = if kinds.is_empty() { "none" } else { &kinds };
    let _ = writeln!(out, "- Artifacts: {kinds}");
    let _ = writeln!(out, "- Files that belong to none: {}", report.inventory.unclaimed.len());
    let severities = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| {
        let of_it = |finding: &&Finding| finding.severity() == severity;
        let count = report.assessment.findings.iter().filter(of_it).count();
        format!("{count} {}", severity.name())
    });
    let _ = writeln!(out, "- Findings: {}", severities.join(", "));
    if let Some(outcome) = &report.policy {
        let verdict = if outcome.objects(&report.assessment) { "objects" } else { "is content" };
        let _ = writeln!(out, "- Policy: it {verdict} (from {} on)", outcome.fail_on.name());
    }
    let looked = match index.completeness() {
        Completeness::Complete => "everything was looked at",
        Completeness::Incomplete => "**incomplete**: something was not looked at",
    };
    let _ = writeln!(out, "- Scan: {looked}");
    let _ = writeln!(out, "- Diagnostics: {}", report.inventory.diagnostics.len());
    let _ = writeln!(out, "- Made by: Flowdown {}, {}", report.tool_version, report.created);
}

fn findings(index: &Index<'_>, out: &mut String) {
    let report = index.report;
    out.push_str("\n## Findings\n\n");
    if report.assessment.findings.is_empty() {
        out.push_str("None.\n");
        return;
    }
    out.push_str(
        "| severity | code | about | what | what to do | where |\n|---|---|---|---|---|---|\n",
    );
    let standings = report.policy.iter().flat_map(|outcome| &outcome.standings).map(Some);
    let standings = standings.chain(std::iter::repeat(None));
    for (finding, standing) in report.assessment.findings.iter().zip(standings).take(FINDINGS) {
        let artifact = finding.artifact.as_ref().and_then(|id| index.artifact(id));
        let about = artifact.map_or_else(|| "the product".to_owned(), |it| escape(&it.label()));
        let standing = match standing {
            None | Some(FindingStanding::New) => String::new(),
            Some(FindingStanding::Known) => " (known)".to_owned(),
            Some(FindingStanding::Excepted { reason, .. }) => {
                format!(" (accepted: {})", escape(reason))
            }
        };
        let places = finding.because.iter().take(3).map(|at| escape(&place(at)));
        let _ = writeln!(
            out,
            "| {}{standing} | {} | {about} | {} | {} | {} |",
            finding.severity().name(),
            code(finding.rule.as_str()),
            escape(&finding.message),
            escape(&finding.fix),
            places.collect::<Vec<_>>().join("; ")
        );
    }
    and_more(report.assessment.findings.len(), FINDINGS, "findings", "json", out);
}

fn artifacts(index: &Index<'_>, out: &mut String) {
    out.push_str("\n## Artifacts\n\n");
    let total = index.report.inventory.artifacts.len();
    if total == 0 {
        out.push_str("None.\n");
        return;
    }
    out.push_str(
        "| kind | name | version | licence | status | effective terms | restrictions | where |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for row in rows(index).take(ARTIFACTS) {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            row.kind,
            escape(&row.name),
            escape(row.version),
            escape(row.license),
            row.status.name(),
            escape(row.effective),
            row.restrictions,
            escape(&row.path)
        );
    }
    and_more(total, ARTIFACTS, "artifacts", "csv", out);
}

/// Says how many are left out, and which format has them.
fn and_more(total: usize, most: usize, what: &str, format: &str, out: &mut String) {
    if total > most {
        let _ = writeln!(
            out,
            "\nThe first {most} of {total} {what}; the format `{format}` has all of them."
        );
    }
}
