//! Licence fields: an expression, or `NOASSERTION`, never a guess.
//!
//! `licenseConcluded` is what declaration and text agree on. A licence that was only declared, or
//! only recognised in a text that came with the artifact, is `licenseDeclared`: SPDX takes that to
//! be what the author's own files say. `licenseComments` has the status and the reason.

use spdx_rs::models::SpdxExpression;

use super::elements::Elements;
use crate::model::Artifact;
use crate::report::expression::{self, Reading};
use crate::report::place::cut;

/// The licence fields of one package.
pub(super) struct LicenseFields {
    pub(super) concluded: SpdxExpression,
    pub(super) declared: SpdxExpression,
    pub(super) comments: String,
}

pub(super) fn of_artifact(elements: &Elements<'_>, artifact: &Artifact) -> LicenseFields {
    let own = elements.index.own_license(&artifact.id);
    let comments = elements.index.assessment(&artifact.id).map_or_else(
        || "licence not assessed".to_owned(),
        |assessment| {
            let effective = &assessment.effective;
            format!(
                "{}: {}; effective terms {}: {}",
                assessment.conclusion.status.name(),
                assessment.conclusion.because,
                effective.expression.as_deref().unwrap_or("NOASSERTION"),
                effective.because
            )
        },
    );
    LicenseFields {
        concluded: parse(own.concluded),
        declared: parse(own.declared.or(own.detected)),
        comments: cut(&comments).into_owned(),
    }
}

/// An expression that we can read; anything else is `NOASSERTION`.
pub(super) fn parse(text: Option<&str>) -> SpdxExpression {
    text.filter(|text| expression::read(text) != Reading::Unreadable)
        .and_then(|text| SpdxExpression::parse(text.trim()).ok())
        .unwrap_or_default()
}
