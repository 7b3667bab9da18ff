//! The findings of a report as a policy judges them, artifact by artifact, and its verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use flowdown_core::model::{
    Artifact, ArtifactId, ArtifactKind, Completeness, Finding, FindingStanding, PolicyOutcome,
    Report, Rule, Severity,
};

use super::clean;
use super::diagnostics::place;
use super::style::{self, DIM, GOOD, HEADING, paint};
use super::summary::counted;

/// How many packages with one code are shown; documents carry all of them.
const SHOWN_OF_A_CODE: usize = 10;
/// How many names a line shows.
const NAMED: usize = 5;
/// How many entries of the baseline that no longer occur are shown.
const SHOWN_FIXED: usize = 10;

/// Prints what `flowdown check` has to say of `report`.
pub(crate) fn check(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Some(outcome) = &report.policy else { return Ok(()) };
    judged(report, outcome, out)?;
    verdict(report, outcome, out)
}

/// Prints every new finding under the artifact it is about, those about the product last; then what
/// is known, excepted and fixed.
pub(super) fn judged(
    report: &Report,
    outcome: &PolicyOutcome,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut groups: Vec<(Option<&ArtifactId>, Vec<&Finding>)> = Vec::new();
    let mut at: BTreeMap<Option<&ArtifactId>, usize> = BTreeMap::new();
    // The findings come worst first, and so do the artifacts.
    for (finding, standing) in outcome.judged(&report.assessment) {
        if *standing == FindingStanding::New {
            let id = finding.artifact.as_ref();
            let index = *at.entry(id).or_insert_with(|| {
                groups.push((id, Vec::new()));
                groups.len() - 1
            });
            groups[index].1.push(finding);
        }
    }
    groups.sort_by_key(|(id, _)| id.is_none());
    let mut left_out: BTreeMap<Rule, usize> = BTreeMap::new();
    for (id, mut findings) in groups {
        let artifact = id.and_then(|id| report.inventory.artifact(id));
        if artifact.is_some_and(|artifact| artifact.kind == ArtifactKind::Package) {
            findings.retain(|finding| {
                let count = left_out.entry(finding.rule).or_default();
                *count += 1;
                *count <= SHOWN_OF_A_CODE
            });
        }
        group(report, artifact, &findings, out)?;
    }
    for (rule, count) in left_out.into_iter().filter(|(_, count)| *count > SHOWN_OF_A_CODE) {
        let more = counted(count - SHOWN_OF_A_CODE, "finding");
        writeln!(out, "{} has {more} more on packages; `-o json=FILE` has all\n", rule.as_str())?;
    }
    accepted(report, outcome, out)?;
    fixed(outcome, out)
}

fn group(
    report: &Report,
    artifact: Option<&Artifact>,
    findings: &[&Finding],
    out: &mut dyn Write,
) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    let product = || report.product.as_ref().map(|product| product.name.clone());
    let label = artifact.map(Artifact::label).or_else(product);
    let label = clean(label.as_deref().unwrap_or(&report.source.name));
    let kind = artifact.map_or("as a whole", |artifact| artifact.kind.name());
    writeln!(out, "{} {}", paint(HEADING, &label), paint(DIM, kind))?;
    for finding in findings {
        let head = format!("{}[{}]", finding.severity().name(), finding.rule.as_str());
        let head = paint(style::of(finding.severity()), &head);
        writeln!(out, "  {head}: {}", clean(&finding.message))?;
        let places: Vec<String> = finding.because.iter().take(3).map(place).collect();
        let clause = finding
            .clause
            .as_ref()
            .map_or_else(String::new, |clause| format!(", clause {}", clean(clause)));
        writeln!(out, "    {} {}{clause}", paint(DIM, "because"), places.join(", "))?;
        writeln!(out, "    {} {}", paint(DIM, "fix"), clean(&finding.fix))?;
    }
    writeln!(out)
}

/// What the baseline or an exception accepts: a line for each code and ground.
fn accepted(report: &Report, outcome: &PolicyOutcome, out: &mut dyn Write) -> io::Result<()> {
    let mut lines: BTreeMap<(&FindingStanding, Rule), Vec<&Finding>> = BTreeMap::new();
    for (finding, standing) in outcome.judged(&report.assessment) {
        if *standing != FindingStanding::New {
            lines.entry((standing, finding.rule)).or_default().push(finding);
        }
    }
    let is_empty = lines.is_empty();
    for ((standing, rule), findings) in lines {
        let head = format!("{} {}", standing.name(), rule.as_str());
        let names = names(report, &findings);
        let ground = match standing {
            FindingStanding::Excepted { reason, at } => {
                format!(": {} [{}]", clean(reason), place(at))
            }
            FindingStanding::Known | FindingStanding::New => String::new(),
        };
        writeln!(out, "{} on {names}{ground}", paint(DIM, &head))?;
    }
    if is_empty { Ok(()) } else { writeln!(out) }
}

fn names(report: &Report, findings: &[&Finding]) -> String {
    let labels: BTreeSet<String> = findings
        .iter()
        .map(|finding| {
            let artifact = finding.artifact.as_ref().and_then(|id| report.inventory.artifact(id));
            artifact.map_or_else(|| "the whole".to_owned(), |artifact| clean(&artifact.label()))
        })
        .collect();
    let more = labels.len().saturating_sub(NAMED);
    let mut names: Vec<String> = labels.into_iter().take(NAMED).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

/// What the baseline holds and no longer occurs: it can be taken out of it.
fn fixed(outcome: &PolicyOutcome, out: &mut dyn Write) -> io::Result<()> {
    for (identity, count) in outcome.fixed.iter().take(SHOWN_FIXED) {
        let times = if *count == 1 { String::new() } else { format!(" ({count} times)") };
        writeln!(out, "{} {}{times}", paint(GOOD, "fixed"), clean(&identity.to_string()))?;
    }
    if outcome.fixed.len() > SHOWN_FIXED {
        writeln!(out, "{} {} more", paint(GOOD, "fixed"), outcome.fixed.len() - SHOWN_FIXED)?;
    }
    if outcome.fixed.is_empty() { Ok(()) } else { writeln!(out) }
}

/// Prints the counts and whether the policy objects.
pub(super) fn verdict(
    report: &Report,
    outcome: &PolicyOutcome,
    out: &mut dyn Write,
) -> io::Result<()> {
    let diagnostics = report.inventory.diagnostics.iter();
    let unseen =
        diagnostics.filter(|it| it.code.completeness() == Completeness::Incomplete).count();
    if unseen > 0 {
        let head = paint(style::of(Severity::Error), "incomplete");
        let places = counted(unseen, "place");
        writeln!(out, "{head}: {places} could not be looked at; the diagnostics say which")?;
    }
    let (mut known, mut excepted) = (0_usize, 0_usize);
    let mut new: BTreeMap<Severity, usize> = BTreeMap::new();
    for (finding, standing) in outcome.judged(&report.assessment) {
        match standing {
            FindingStanding::New => *new.entry(finding.severity()).or_default() += 1,
            FindingStanding::Known => known += 1,
            FindingStanding::Excepted { .. } => excepted += 1,
        }
    }
    let mut parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| counted(new.get(&severity).copied().unwrap_or(0), severity.name()))
        .collect();
    let fixed: u64 = outcome.fixed.values().sum();
    let others = [(known as u64, "known"), (excepted as u64, "excepted"), (fixed, "fixed")];
    let others = others.into_iter().filter(|(count, _)| *count > 0);
    parts.extend(others.map(|(count, word)| format!("{count} {word}")));
    let says = if outcome.objects(&report.assessment) {
        paint(style::of(Severity::Error), "the policy objects")
    } else {
        paint(GOOD, "the policy does not object")
    };
    let least = outcome.fail_on.name();
    writeln!(out, "{}; {says} (it fails on {least}). No legal advice.", parts.join(", "))
}
