//! How names of elements may look.

use crate::bom::Format;
use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::ReferenceEncoded, LintCode::ReferenceMalformed];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for name in &document.names {
        let text = &name.text;
        let wanted = match document.format {
            Format::CycloneDxJson | Format::CycloneDxXml => {
                if is_encoded(text) {
                    problems.add(
                        LintCode::ReferenceEncoded,
                        &name.at,
                        format!("the name {} is percent-encoded", quoted(text)),
                        "use a name without `%`: consumers differ in whether they decode it",
                    );
                }
                (!text.is_empty(), "some text")
            }
            Format::Spdx2Json | Format::Spdx2TagValue => {
                let id = text.strip_prefix("SPDXRef-");
                let is_valid = id.is_some_and(|id| {
                    !id.is_empty()
                        && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
                });
                (is_valid, "`SPDXRef-` and letters, digits, `.` and `-`")
            }
            Format::Spdx3 => {
                let is_valid = text.split_once(':').is_some_and(|(scheme, rest)| {
                    !scheme.is_empty() && !rest.is_empty() && !text.contains(char::is_whitespace)
                });
                (is_valid, "an IRI")
            }
            Format::Flowdown => continue,
        };
        if let (false, form) = wanted {
            problems.add(
                LintCode::ReferenceMalformed,
                &name.at,
                format!("the name {} is not {form}", quoted(text)),
                "rename the element, and what refers to it",
            );
        }
    }
}

fn is_encoded(text: &str) -> bool {
    text.as_bytes()
        .windows(3)
        .any(|part| part[0] == b'%' && part[1..].iter().all(u8::is_ascii_hexdigit))
}
