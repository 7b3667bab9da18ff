//! The table of artifacts.
//!
//! What is said of an artifact is cut into fragments (its identity, its licence, what is owed, …).
//! Equal fragments are made and stored once: in a large inventory most packages share all but their
//! identity. The first rows stand in the page as markup. The others are numbers in an embedded JSON
//! document, from which the script makes rows when they are asked for; without a script they are a
//! plain list.

mod contexts;
mod data;

use std::collections::HashMap;
use std::io;

use minijinja::Value;
use serde::Serialize;

use self::contexts::{duties, files, identity, license, lineage, restrictions, terms};
use super::places::Place;
use super::templates::{Templates, shown};
use super::view::{View, label};
use super::words::{KINDS, STATUSES, Word, license_status};
use crate::model::{
    Artifact, ArtifactAssessment, ArtifactKind, Dormancy, LicenseStatus, Location, Mental,
    ObligationStatus, Report, UseRestriction,
};
use crate::report::standard::{Standard, standards};

/// Inventories up to this size stand in the page as markup.
const SMALL: usize = 500;
/// Of a larger one these many rows do, or all that are no packages: more would take a browser longer
/// to lay out than to read the rest.
const FIRST: usize = 100;

/// The section.
#[derive(Serialize)]
pub(super) struct Parts {
    rows: Vec<Row>,
    /// Rows beyond those, for readers without a script.
    plain: Vec<Row>,
    kinds: Vec<&'static str>,
    statuses: Vec<Word>,
    count: usize,
    /// The embedded documents.
    data: Value,
    fragments: Value,
}

/// One artifact.
#[derive(Serialize)]
struct Row {
    number: usize,
    name: String,
    version: Option<String>,
    kind: &'static str,
    purl: Option<String>,
    license: String,
    status: Word,
    /// The terms with those of ancestors, where they differ from the own licence.
    with_ancestors: Option<String>,
    development_only: bool,
    /// Obligations that are missing or contradicted.
    open: usize,
    /// Errors, warnings, notes.
    findings: [usize; 3],
    /// What is said of it.
    fragments: Vec<usize>,
    depends_on: Vec<usize>,
    finding_numbers: Vec<usize>,
    /// The fragments as markup; only of rows in the page.
    markup: Option<Value>,
}

impl Parts {
    pub(super) fn of(view: &View<'_>, templates: &Templates) -> io::Result<Self> {
        let standards = standards(&view.index);
        let mut fragments = Fragments::new(templates);
        let artifacts = &view.report().inventory.artifacts;
        let in_page = in_page(artifacts);
        let mut rows = Vec::with_capacity(artifacts.len());
        for (number, artifact) in artifacts.iter().enumerate() {
            let mut row = Row::of(view, number, artifact);
            row.fragments = fragments.of_artifact(view, artifact, &standards)?;
            if number < in_page {
                let mut markup: String =
                    row.fragments.iter().map(|&number| fragments.markup[number].as_str()).collect();
                markup.push_str(
                    &templates.fill("part_links.html", &contexts::links(view, artifact))?,
                );
                row.markup = Some(Value::from_safe_string(markup));
            }
            rows.push(row);
        }
        let plain = rows.split_off(in_page);
        let (data, fragments) = data::documents(rows.iter().chain(&plain), &fragments.markup)?;
        Ok(Self {
            count: artifacts.len(),
            rows,
            plain,
            kinds: KINDS.iter().map(|kind| kind.name()).collect(),
            statuses: STATUSES.map(license_status).into(),
            data: Value::from_safe_string(data),
            fragments: Value::from_safe_string(fragments),
        })
    }
}

/// How many rows stand in the page as markup.
fn in_page(artifacts: &[Artifact]) -> usize {
    if artifacts.len() <= SMALL {
        return artifacts.len();
    }
    let is_other = |artifact: &&Artifact| artifact.kind != ArtifactKind::Package;
    artifacts.iter().take_while(is_other).count().clamp(FIRST, SMALL)
}

impl Row {
    fn of(view: &View<'_>, number: usize, artifact: &Artifact) -> Self {
        let assessment = view.index.assessment(&artifact.id);
        let status = assessment.map_or(LicenseStatus::Unknown, |it| it.conclusion.status);
        let depends_on = artifact.depends_on.iter().filter_map(|id| view.number(id));
        let findings = view.findings(&artifact.id).iter().copied();
        Self {
            number,
            name: shown(&label(artifact)).into_owned(),
            version: artifact.version.as_deref().map(|it| shown(it).into_owned()),
            kind: artifact.kind.name(),
            purl: artifact.purl.as_ref().map(|purl| shown(purl.as_str()).into_owned()),
            license: shown(own_license(assessment)).into_owned(),
            status: license_status(status),
            with_ancestors: assessment.and_then(with_ancestors).map(|it| shown(it).into_owned()),
            development_only: artifact.development_only,
            open: assessment.map_or(0, open),
            findings: view.severities(&artifact.id),
            fragments: Vec::new(),
            depends_on: depends_on.collect(),
            finding_numbers: findings.filter(|&number| number < super::view::FINDINGS).collect(),
            markup: None,
        }
    }
}

/// The licence in a few words; what is not known says so.
fn own_license(assessment: Option<&ArtifactAssessment>) -> &str {
    let Some(conclusion) = assessment.map(|it| &it.conclusion) else { return "not known" };
    match (conclusion.status, &conclusion.expression) {
        (LicenseStatus::Unknown, _) => "not known",
        (LicenseStatus::Contradicted, _) => "statements contradict each other",
        (_, Some(expression)) => expression,
        (_, None) => "stated, and not decided",
    }
}

fn with_ancestors(assessment: &ArtifactAssessment) -> Option<&str> {
    let (own, effective) = (&assessment.conclusion.expression, &assessment.effective);
    match (&effective.expression, effective.unknown_ancestors.is_empty()) {
        (None, false) => Some("not known"),
        (Some(joined), _) if Some(joined) != own.as_ref() => Some(joined),
        _ => None,
    }
}

fn open(assessment: &ArtifactAssessment) -> usize {
    let is_open =
        |status| matches!(status, ObligationStatus::Missing | ObligationStatus::Contradicted);
    let active = assessment.obligations.iter().filter(|it| it.dormancy == Dormancy::Active);
    active.filter(|it| is_open(it.status)).count()
}

/// Pieces of markup, each once.
struct Fragments<'a> {
    templates: &'a Templates,
    known: HashMap<(&'static str, String), usize>,
    markup: Vec<String>,
}

impl<'a> Fragments<'a> {
    fn new(templates: &'a Templates) -> Self {
        Self { templates, known: HashMap::new(), markup: Vec::new() }
    }

    fn of_artifact(
        &mut self,
        view: &View<'_>,
        artifact: &Artifact,
        standards: &[Standard<'_>],
    ) -> io::Result<Vec<usize>> {
        let mut numbers = vec![
            self.number("part_identity.html", &identity(artifact))?,
            self.number("part_license.html", &license(view, artifact))?,
        ];
        if let Some(assessment) = view.index.assessment(&artifact.id) {
            numbers.push(self.number("part_terms.html", &terms(view, artifact, assessment))?);
            if !assessment.obligations.is_empty() {
                numbers.push(self.number("part_duties.html", &duties(view, artifact, assessment))?);
            }
            let restricting = restrictions(view, assessment, standards);
            if !restricting.is_empty() {
                numbers
                    .push(self.number("part_restrictions.html", &Listed { lists: restricting })?);
            }
        }
        let relations = lineage(view, artifact);
        if !relations.is_empty() {
            numbers.push(self.number("part_lineage.html", &Listed { lists: relations })?);
        }
        if !artifact.files.is_empty() {
            numbers.push(self.number("part_files.html", &files(artifact))?);
        }
        Ok(numbers)
    }

    /// The number of the fragment that `template` makes of `context`. Serialised, a context is what
    /// decides whether two are the same: that is cheaper than making both.
    fn number(&mut self, template: &'static str, context: &impl Serialize) -> io::Result<usize> {
        let key = (template, serde_json::to_string(context)?);
        if let Some(number) = self.known.get(&key) {
            return Ok(*number);
        }
        let number = self.markup.len();
        self.markup.push(self.templates.fill(template, context)?);
        self.known.insert(key, number);
        Ok(number)
    }
}

/// A list by itself.
#[derive(Serialize)]
struct Listed<T> {
    lists: Vec<T>,
}

/// One restriction as a row.
#[derive(Serialize)]
pub(in crate::report) struct Clause<'a> {
    label: &'a str,
    categories: &'a [String],
    mental: Option<&'static str>,
    exceptions: &'a [String],
    note: Option<&'a str>,
    wording: Option<&'a str>,
    place: Option<Place>,
    /// What its categories mean, where no words of a text are at hand.
    meanings: Vec<&'a str>,
}

impl<'a> Clause<'a> {
    pub(in crate::report) fn of(
        report: &'a Report,
        restriction: &'a UseRestriction,
        wording: Option<&'a (String, Location)>,
    ) -> Self {
        let categories = restriction.categories.iter().filter(|_| wording.is_none());
        let meanings = categories.filter_map(|name| report.inventory.categories.get(name));
        Self {
            label: &restriction.label,
            categories: &restriction.categories,
            mental: (restriction.mental != Mental::None).then(|| restriction.mental.name()),
            exceptions: &restriction.exceptions,
            note: restriction.note.as_deref(),
            wording: wording.map(|(text, _)| text.as_str()),
            place: wording.map(|(_, at)| Place::of(at)),
            meanings: meanings.map(String::as_str).collect(),
        }
    }
}
