//! SARIF 2.1.0: findings and diagnostics for code scanning and editors.
//!
//! One run, one result for each finding and for each diagnostic that has a place. What concerns the
//! whole run is a notification of the invocation. Sizes stay within what code scanning takes:
//! consumers drop or refuse what is beyond, so it is cut here, worst first, and the cut is said.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html>

mod invocation;
mod location;
mod message;
mod result;
mod rule;
mod tool;

use std::io::{self, Write};

use serde::Serialize;

use self::invocation::Invocation;
use self::location::BaseIds;
use self::result::{Outcome, outcomes};
use self::rule::Rules;
use self::tool::Tool;
use super::Reporter;
use super::index::Index;
use crate::model::Report;

/// Most results of a run; code scanning keeps the first 5,000 by severity.
const RESULTS: usize = 5_000;

/// Writes SARIF; format id `sarif`.
pub struct Sarif;

impl Reporter for Sarif {
    fn format(&self) -> &'static str {
        "sarif"
    }

    fn media_type(&self) -> &'static str {
        "application/sarif+json"
    }

    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &Log::of(report))?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    invocations: [Invocation; 1],
    original_uri_base_ids: BaseIds,
    column_kind: &'static str,
    results: Vec<Outcome>,
}

impl<'a> Log<'a> {
    fn of(report: &'a Report) -> Self {
        let index = Index::new(report);
        let mut rules = Rules::default();
        let (results, left_out) = outcomes(&index, &mut rules);
        let invocation = Invocation::of(&index, left_out, &mut rules);
        Self {
            schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            version: "2.1.0",
            runs: [Run {
                tool: Tool::of(report, rules.into_descriptors()),
                invocations: [invocation],
                original_uri_base_ids: BaseIds::of(report),
                column_kind: "unicodeCodePoints",
                results,
            }],
        }
    }
}
