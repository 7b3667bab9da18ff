//! `index.html`: the bundle for people, in the look of the report.
//!
//! It says what `NOTICE.md` and `USE-RESTRICTIONS.md` say, with links to the files beside it. What the
//! vendor could still do, and what it owes, is no business of customers and not here.

use std::io;

use minijinja::Value;
use serde::Serialize;

use super::notice::{conveyance, ground, passed_on_kinds, title};
use super::texts::{NamedEntry, NamedText, Texts};
use crate::model::{ArtifactId, TextOrigin};
use crate::report::copyright;
use crate::report::html::Clause;
use crate::report::html::templates::{STYLE, Templates, content_policy};
use crate::report::index::Index;

#[derive(Serialize)]
struct Page<'a> {
    title: String,
    vendor: Option<&'a str>,
    license: Option<&'a str>,
    created: String,
    tool_version: &'a str,
    has_texts: bool,
    entries: Vec<Entry<'a>>,
    policy: String,
    style: Value,
}

#[derive(Serialize)]
struct Entry<'a> {
    number: usize,
    name: &'a str,
    spdx: &'a str,
    is_known: bool,
    /// Whether a record says what the licence restricts.
    is_recorded: bool,
    ground: &'static str,
    grantor: Option<&'a str>,
    conveyance: &'static str,
    passed_on: Vec<&'a str>,
    texts: Vec<Text<'a>>,
    notices: Vec<Text<'a>>,
    gaps: Vec<&'a str>,
    parts: Vec<Part<'a>>,
    clauses: Vec<Clause<'a>>,
}

#[derive(Serialize)]
struct Text<'a> {
    file: &'a str,
    path: Option<&'a str>,
}

#[derive(Serialize)]
struct Part<'a> {
    label: String,
    version: Option<&'a str>,
    purl: Option<&'a str>,
    copyright: Vec<&'a str>,
}

/// The page.
pub(super) fn page(index: &Index<'_>, texts: &Texts<'_>) -> io::Result<String> {
    let report = index.report;
    let page = Page {
        title: title(report),
        vendor: report.product.as_ref().and_then(|product| product.vendor.as_deref()),
        license: texts.bundle.product_license.as_deref(),
        created: report.created.to_string(),
        tool_version: &report.tool_version,
        has_texts: texts.entries.iter().any(|entry| !entry.texts.is_empty()),
        entries: texts
            .entries
            .iter()
            .zip(0..)
            .map(|(it, number)| Entry::of(index, it, number))
            .collect(),
        policy: content_policy(None),
        style: Value::from_safe_string(STYLE.to_owned()),
    };
    Templates::new()?.fill("customer.html", &page)
}

impl<'a> Entry<'a> {
    fn of(index: &Index<'a>, named: &'a NamedEntry<'a>, number: usize) -> Self {
        let entry = named.entry;
        let terms = entry.license.as_ref().and_then(|key| index.report.inventory.terms.get(key));
        let restrictions = entry.restrictions.iter();
        Self {
            number,
            name: &entry.name,
            spdx: &entry.spdx,
            is_known: entry.license.is_some(),
            is_recorded: terms.is_some(),
            ground: ground(entry),
            grantor: entry.grantor.as_deref(),
            conveyance: conveyance(entry.conveyance),
            passed_on: passed_on_kinds(entry).into_iter().collect(),
            texts: named.texts.iter().map(Text::of).collect(),
            notices: named.notices.iter().map(Text::of).collect(),
            gaps: named.gaps.iter().map(|gap| gap.what.as_str()).collect(),
            parts: entry.covers.iter().map(|id| Part::of(index, id)).collect(),
            clauses: restrictions
                .map(|(it, wording)| Clause::of(index.report, it, wording.as_ref()))
                .collect(),
        }
    }
}

impl<'a> Text<'a> {
    fn of(named: &'a NamedText) -> Self {
        let path = match &named.text.origin {
            TextOrigin::Artifact { path } => Some(path.as_str()),
            TextOrigin::SpdxList => None,
        };
        Self { file: &named.file, path }
    }
}

impl<'a> Part<'a> {
    fn of(index: &Index<'a>, id: &ArtifactId) -> Self {
        let Some(artifact) = index.artifact(id) else {
            return Self {
                label: id.to_string(),
                version: None,
                purl: None,
                copyright: Vec::new(),
            };
        };
        Self {
            label: artifact.label(),
            version: artifact.version.as_deref(),
            purl: artifact.purl.as_ref().map(crate::model::Purl::as_str),
            copyright: copyright::lines(index.report, artifact),
        }
    }
}
