//! The report for people: one file that needs no network, no program and no script to be read.
//!
//! Everything stands in the page: style and script are part of it, and the content policy names
//! their digests, so that nothing else can run or be loaded. Text from scanned files is escaped by
//! the templates, which a formatter makes the only way into the page. The script sorts, filters and
//! unfolds; without it the page is complete but for the details of packages in inventories of more than
//! 500 parts, which then are a list.
//!
//! The page is the vendor's own: it says what is owed and by whom. Customers receive the page that
//! `bundle` makes with the same look.

mod agreement;
mod findings;
mod flow;
mod licenses;
mod overview;
mod parts;
mod picture;
mod places;
mod scan;
pub(super) mod templates;
mod texts;
mod view;
mod words;

use std::io::{self, Write};

use minijinja::Value;
use serde::Serialize;

use self::agreement::Agreement;
use self::findings::Findings;
use self::flow::Flow;
use self::licenses::License;
use self::overview::Overview;
use self::parts::Parts;
use self::picture::Picture;
use self::scan::Scan;
use self::templates::{SCRIPT, STYLE, Templates, content_policy};
use self::texts::Texts;
use self::view::View;
use super::Reporter;
use crate::model::Report;

pub(super) use self::parts::Clause;

/// Writes the report for people; format id `html`.
pub struct Html;

impl Reporter for Html {
    fn format(&self) -> &'static str {
        "html"
    }

    fn media_type(&self) -> &'static str {
        "text/html"
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(page(report)?.as_bytes())
    }
}

#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    version: Option<&'a str>,
    vendor: Option<&'a str>,
    source: &'a str,
    source_kind: &'static str,
    created: String,
    tool_version: &'a str,
    overview: Overview,
    findings: Findings<'a>,
    parts: Parts,
    picture: Option<Picture>,
    flow: Flow<'a>,
    licenses: Vec<License<'a>>,
    agreement: Option<Agreement<'a>>,
    texts: Texts<'a>,
    scan: Scan<'a>,
    policy: String,
    style: Value,
    script: Value,
}

fn page(report: &Report) -> io::Result<String> {
    let templates = Templates::new()?;
    let view = View::new(report);
    let product = report.product.as_ref();
    let named = product.map(|product| product.name.as_str()).filter(|name| !name.is_empty());
    let texts = Texts::of(&view);
    let page = Page {
        title: named.unwrap_or(&report.source.name),
        version: product.and_then(|product| product.version.as_deref()),
        vendor: product.and_then(|product| product.vendor.as_deref()),
        source: &report.source.name,
        source_kind: report.source.kind.name(),
        created: report.created.to_string(),
        tool_version: &report.tool_version,
        overview: Overview::of(&view),
        findings: Findings::of(&view),
        parts: Parts::of(&view, &templates)?,
        picture: Picture::of(&view),
        flow: Flow::of(&view),
        licenses: License::all(&view, &texts),
        agreement: Agreement::of(&view),
        texts,
        scan: Scan::of(&view),
        policy: content_policy(Some(SCRIPT)),
        style: Value::from_safe_string(STYLE.to_owned()),
        script: Value::from_safe_string(SCRIPT.to_owned()),
    };
    templates.fill("page.html", &page)
}
