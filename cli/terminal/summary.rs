//! The summary of a scan: what was found, under which licence on which ground, what must be
//! passed on, what is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

use flowdown_core::evaluate::PASSED_ON;
use flowdown_core::model::{
    AppliedLicense, Artifact, ArtifactAssessment, ArtifactKind, Basis, Completeness, Dormancy,
    LicenseKey, LicenseStatus, LicenseTerms, ObligationStatus, RelationTarget, Report,
    ScannedImage, Severity,
};

use super::diagnostics::place;
use super::style::{self, DIM, GOOD, HEADING, paint};
use super::{check, clean, contract};

/// Prints the summary of `report`.
pub(crate) fn summary(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    headline(report, out)?;
    let models = report.inventory.artifacts.iter().filter(|artifact| {
        !matches!(artifact.kind, ArtifactKind::Package | ArtifactKind::Document)
    });
    for artifact in models {
        model(report, artifact, out)?;
    }
    packages(report, out)?;
    documents(report, out)?;
    super::flow::enforcement(report, out)?;
    findings_and_verdict(report, out)
}

fn findings_and_verdict(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Some(outcome) = &report.policy else {
        findings(report, out)?;
        return verdict(report, out);
    };
    writeln!(out)?;
    check::judged(report, outcome, out)?;
    check::verdict(report, outcome, out)
}

/// Prints what a written bundle holds.
pub(crate) fn bundle(
    report: &Report,
    folder: &Path,
    files: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let bundle = &report.assessment.bundle;
    writeln!(
        out,
        "{} for customers of {}: {} licences, {files} files in {}",
        paint(HEADING, "bundle"),
        clean(&bundle.product),
        bundle.entries.len(),
        folder.display()
    )?;
    for entry in &bundle.entries {
        let grantor = entry.grantor.as_deref().unwrap_or("-");
        writeln!(
            out,
            "  {:<52} {:<10} covers {:>3}  from {}",
            clean(&entry.spdx),
            entry.basis.name(),
            entry.covers.len(),
            clean(grantor)
        )?;
        for gap in &entry.gaps {
            let head = paint(style::of(Severity::Warning), "gap:");
            writeln!(out, "    {head} {}", clean(&gap.what))?;
        }
    }
    findings_and_verdict(report, out)
}

fn headline(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<ArtifactKind, usize> = BTreeMap::new();
    for artifact in &report.inventory.artifacts {
        *counts.entry(artifact.kind).or_default() += 1;
    }
    let mut parts: Vec<String> =
        counts.iter().map(|(kind, count)| counted(*count, kind.name())).collect();
    if parts.is_empty() {
        parts.push("no models, packages or licences".to_owned());
    }
    if !report.inventory.unclaimed.is_empty() {
        parts.push(format!("{} not recognised", counted(report.inventory.unclaimed.len(), "file")));
    }
    writeln!(out, "{}: {}", paint(HEADING, &clean(&report.source.name)), parts.join(", "))?;
    report.images.iter().try_for_each(|image| of_image(image, out))
}

/// What an image says of itself that a reader of licences looks for: claims of whoever built it.
const BASE_NAME: &str = "org.opencontainers.image.base.name";
const LICENSES: &str = "org.opencontainers.image.licenses";

/// What an image is called, what it is for, and what identifies it.
fn of_image(image: &ScannedImage, out: &mut dyn Write) -> io::Result<()> {
    let mut parts: Vec<String> = image.names.first().map(|name| clean(name)).into_iter().collect();
    parts.extend(image.platform.as_deref().map(clean));
    parts.push(counted(image.layers.len(), "layer"));
    parts.extend(image.manifest.or(image.config).map(|digest| digest.to_string()));
    writeln!(out, "  image {}", parts.join(" · "))?;
    for name in [BASE_NAME, LICENSES] {
        if let Some((_, value)) = image.labels.iter().find(|(label, _)| label == name) {
            writeln!(out, "  label {name}: {}", clean(value))?;
        }
    }
    let mut kinds: Vec<String> = image.attachments.iter().map(|it| clean(&it.kind)).collect();
    kinds.dedup();
    if !kinds.is_empty() {
        let count = counted(kinds.len(), "kind");
        writeln!(out, "  beside it, not verified: {count}: {}", kinds.join(", "))?;
    }
    Ok(())
}

fn model(report: &Report, artifact: &Artifact, out: &mut dyn Write) -> io::Result<()> {
    let assessment = &report.assessment.artifacts[&artifact.id];
    writeln!(out)?;
    writeln!(
        out,
        "{} {}",
        paint(HEADING, &clean(&artifact.label())),
        paint(DIM, &format!("{} · {}", artifact.kind.name(), what_it_is(artifact)))
    )?;
    row(out, "licence", &license(assessment))?;
    let lineage: BTreeSet<String> = report
        .inventory
        .relations
        .iter()
        .filter(|relation| relation.from == artifact.id && relation.kind.is_lineage())
        .map(|relation| {
            let target = match &relation.to {
                RelationTarget::Elsewhere { name, .. } => clean(name),
                RelationTarget::Here(id) => report
                    .inventory
                    .artifact(id)
                    .map_or_else(|| clean(&id.0), |parent| clean(&parent.label())),
            };
            let terms = terms_of_ancestor(report, assessment, &target);
            format!("{} {target}{terms}", relation.kind.name())
        })
        .collect();
    for line in lineage {
        row(out, "lineage", &line)?;
    }
    if assessment.effective.expression != assessment.conclusion.expression {
        row(out, "effective", &effective(assessment))?;
    }
    for line in pass_on(report, assessment) {
        row(out, "pass on", &line)?;
    }
    for line in contract::lines(report.product.as_ref(), assessment) {
        row(out, "contract", &line)?;
    }
    for missing in missing(assessment) {
        row(out, "missing", &paint(style::of(Severity::Error), &missing))?;
    }
    Ok(())
}

fn row(out: &mut dyn Write, name: &str, text: &str) -> io::Result<()> {
    writeln!(out, "  {} {text}", paint(DIM, &format!("{name:<10}")))
}

fn what_it_is(artifact: &Artifact) -> String {
    let fact =
        |name: &str| artifact.facts_named(name).find_map(|fact| fact.value.as_text()).map(clean);
    let sum = |name: &str| -> i128 {
        artifact.facts_named(name).filter_map(|fact| fact.value.as_int()).sum()
    };
    let formats: BTreeSet<String> = artifact
        .facts_named("weights.format")
        .filter_map(|fact| fact.value.as_text().map(clean))
        .collect();
    let mut parts = Vec::new();
    parts.extend(
        fact("pipeline.class")
            .or_else(|| fact("weights.architecture"))
            .or_else(|| fact("config.model-type")),
    );
    match sum("weights.parameter-count") {
        0 => {}
        parameters => parts.push(format!("{} parameters", short_number(parameters))),
    }
    parts.extend(fact("weights.quantization"));
    if formats.is_empty() {
        parts.push("no weights here".to_owned());
    } else {
        let files = artifact.files_of(flowdown_core::model::FileRole::Weights).count();
        let words = formats.into_iter().collect::<Vec<_>>().join(" + ");
        parts.push(format!("{} of {words}", counted(files, "file")));
    }
    parts.join(" · ")
}

fn license(assessment: &ArtifactAssessment) -> String {
    let conclusion = &assessment.conclusion;
    let expression = conclusion.expression.as_deref().unwrap_or("NOASSERTION");
    let style = match conclusion.status {
        LicenseStatus::Concluded | LicenseStatus::Detected => GOOD,
        LicenseStatus::Declared => style::of(Severity::Warning),
        LicenseStatus::Unknown | LicenseStatus::Contradicted => style::of(Severity::Error),
    };
    format!(
        "{} · {}: {}",
        paint(style, &clean(expression)),
        conclusion.status.name(),
        clean(&conclusion.because)
    )
}

/// The licences that reach the artifact from the ancestor `name`, with their grounds.
fn terms_of_ancestor(report: &Report, assessment: &ArtifactAssessment, name: &str) -> String {
    let inherited: BTreeSet<String> = assessment
        .effective
        .licenses
        .iter()
        .filter(|license| license.from_ancestor.as_deref().map(clean).as_deref() == Some(name))
        .map(|license| {
            let is_vendors = license.basis == Basis::Concluded
                && report.inventory.concluded_ancestors.contains_key(name);
            match spdx_of(report, license) {
                id if is_vendors => format!("{id}, as the vendor concludes"),
                id => format!("{id} by {}", license.basis.name()),
            }
        })
        .collect();
    if inherited.is_empty() {
        return ", whose terms are unknown".to_owned();
    }
    format!(" ({})", clean(&inherited.into_iter().collect::<Vec<_>>().join(" or ")))
}

fn effective(assessment: &ArtifactAssessment) -> String {
    let effective = &assessment.effective;
    let expression = effective.expression.as_deref().unwrap_or("NOASSERTION");
    format!("{}: {}", clean(expression), clean(&effective.because))
}

/// What must be passed on because of each licence: restrictions, and duties that are awake.
fn pass_on(report: &Report, assessment: &ArtifactAssessment) -> Vec<String> {
    let mut lines = Vec::new();
    let mut seen = BTreeSet::new();
    for license in &assessment.effective.licenses {
        if !seen.insert(&license.key) {
            continue;
        }
        if !license.alternatives.is_empty() {
            // One statement with several meanings is one line.
            seen.extend(&license.alternatives);
            lines.push(format!(
                "depends on which of {} licences it is ({}, …): the text decides",
                license.alternatives.len() + 1,
                clean(&spdx_of(report, license))
            ));
            continue;
        }
        let origin = match &license.from_ancestor {
            Some(ancestor) => format!("{} of {}", license.basis.name(), clean(ancestor)),
            None => format!("as {}", license.basis.name()),
        };
        let spdx = clean(&spdx_of(report, license));
        let words = match report.inventory.terms.get(&license.key) {
            Some(terms) => demands(terms, assessment),
            None => "its terms are not recorded; read the text".to_owned(),
        };
        lines.push(format!("{spdx} ({origin}): {words}"));
    }
    lines
}

fn spdx_of(report: &Report, license: &AppliedLicense) -> String {
    let known = report.inventory.spdx_ids.get(&license.key);
    known.cloned().unwrap_or_else(|| license.key.0.clone())
}

fn demands(terms: &LicenseTerms, assessment: &ArtifactAssessment) -> String {
    let mut words = Vec::new();
    if !terms.restrictions.is_empty() {
        words.push(counted(terms.restrictions.len(), "use restriction"));
    }
    let duties: BTreeSet<&str> = assessment
        .obligations
        .iter()
        .filter(|assessed| {
            assessed.license == terms.key
                && assessed.dormancy == Dormancy::Active
                && PASSED_ON.contains(&&*assessed.obligation.kind)
        })
        .map(|assessed| &*assessed.obligation.kind)
        .collect();
    words.extend(duties.into_iter().map(clean));
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

fn missing(assessment: &ArtifactAssessment) -> BTreeSet<String> {
    // What is owed under one of several meanings is not yet known to be owed.
    let undecided: Vec<&LicenseKey> = assessment
        .effective
        .licenses
        .iter()
        .filter(|license| !license.alternatives.is_empty())
        .map(|license| &license.key)
        .collect();
    assessment
        .obligations
        .iter()
        .filter(|assessed| {
            assessed.dormancy == Dormancy::Active
                && !undecided.contains(&&assessed.license)
                && matches!(
                    assessed.status,
                    ObligationStatus::Missing | ObligationStatus::Contradicted
                )
        })
        .map(|assessed| {
            format!(
                "{} ({} clause {}): {}",
                clean(&assessed.obligation.kind),
                clean(&assessed.license.0),
                clean(&assessed.obligation.clause),
                clean(&assessed.because)
            )
        })
        .collect()
}

fn packages(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let packages: Vec<&Artifact> = report
        .inventory
        .artifacts
        .iter()
        .filter(|artifact| artifact.kind == ArtifactKind::Package)
        .collect();
    if packages.is_empty() {
        return Ok(());
    }
    let development = packages.iter().filter(|package| package.development_only).count();
    let mut licenses: BTreeMap<String, usize> = BTreeMap::new();
    for package in packages.iter().filter(|package| !package.development_only) {
        let conclusion = &report.assessment.artifacts[&package.id].conclusion;
        let license = conclusion.expression.clone().unwrap_or_else(|| "NOASSERTION".to_owned());
        *licenses.entry(license).or_default() += 1;
    }
    let mut licenses: Vec<(String, usize)> = licenses.into_iter().collect();
    licenses.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    writeln!(out)?;
    writeln!(
        out,
        "{} {}",
        paint(HEADING, &counted(packages.len(), "package")),
        paint(DIM, &format!("of which {development} for development only"))
    )?;
    const SHOWN: usize = 8;
    for (license, count) in licenses.iter().take(SHOWN) {
        writeln!(out, "  {count:>5}  {}", clean(license))?;
    }
    if licenses.len() > SHOWN {
        let rest: usize = licenses[SHOWN..].iter().map(|(_, count)| count).sum();
        writeln!(out, "  {rest:>5}  under {} other licences", licenses.len() - SHOWN)?;
    }
    Ok(())
}

fn documents(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let documents: Vec<&Artifact> = report
        .inventory
        .artifacts
        .iter()
        .filter(|artifact| artifact.kind == ArtifactKind::Document)
        .collect();
    if documents.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(
        out,
        "{} {}",
        paint(HEADING, &counted(documents.len(), "document")),
        paint(DIM, "that belong to no model or package")
    )?;
    const SHOWN: usize = 10;
    for document in documents.iter().take(SHOWN) {
        let conclusion = &report.assessment.artifacts[&document.id].conclusion;
        let license = conclusion.expression.as_deref().unwrap_or("NOASSERTION");
        writeln!(out, "  {:<44} {}", clean(&document.label()), clean(license))?;
    }
    if documents.len() > SHOWN {
        writeln!(out, "  and {} more", documents.len() - SHOWN)?;
    }
    Ok(())
}

fn findings(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.assessment.findings.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    for finding in &report.assessment.findings {
        let head = format!("{}[{}]", finding.severity().name(), finding.rule.as_str());
        writeln!(
            out,
            "{}: {}",
            paint(style::of(finding.severity()), &head),
            clean(&finding.message)
        )?;
        let places: Vec<String> = finding.because.iter().take(3).map(place).collect();
        let clause = finding
            .clause
            .as_ref()
            .map_or_else(String::new, |clause| format!(", clause {}", clean(clause)));
        writeln!(out, "  {} {}{clause}", paint(DIM, "see"), places.join(", "))?;
        writeln!(out, "  {} {}", paint(DIM, "fix"), clean(&finding.fix))?;
    }
    Ok(())
}

fn verdict(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let count = |severity| {
        report.assessment.findings.iter().filter(|finding| finding.severity() == severity).count()
    };
    let unseen = report
        .inventory
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code.completeness() == Completeness::Incomplete)
        .count();
    writeln!(out)?;
    if unseen > 0 {
        writeln!(
            out,
            "{}: {} could not be looked at; the diagnostics say which",
            paint(style::of(Severity::Error), "incomplete"),
            counted(unseen, "place")
        )?;
    }
    writeln!(
        out,
        "{}, {}; the bundle has {} and {}. No legal advice.",
        counted(count(Severity::Error), "error"),
        counted(count(Severity::Warning), "warning"),
        counted(report.assessment.bundle.entries.len(), "licence entry"),
        counted(report.assessment.bundle.entries.iter().map(|entry| entry.gaps.len()).sum(), "gap")
    )
}

/// `1 model`, `2 models`, `3 entries`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    match (count, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        _ => format!("{count} {noun}s"),
    }
}

/// `1.24B`, `559M`, `33k`.
fn short_number(number: i128) -> String {
    let tenths = |unit: i128| {
        let scaled = number * 100 / unit;
        format!("{}.{:02}", scaled / 100, scaled % 100)
    };
    match number {
        1_000_000_000.. => format!("{}B", tenths(1_000_000_000)),
        1_000_000.. => format!("{}M", number / 1_000_000),
        1_000.. => format!("{}k", number / 1_000),
        _ => number.to_string(),
    }
}
