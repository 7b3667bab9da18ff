//! Times: RFC 3339 in CycloneDX, `YYYY-MM-DDThh:mm:ssZ` in SPDX and in our own form.

use chrono::{DateTime, NaiveDateTime};

use crate::bom::Format;
use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::TimestampInvalid];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for time in &document.times {
        let text = time.text.as_str();
        let is_rfc = || DateTime::parse_from_rfc3339(text).is_ok();
        let (is_valid, form) = match document.format {
            Format::CycloneDxJson => (is_rfc(), "a date with time and zone (RFC 3339)"),
            // `xs:dateTime` may leave the zone out.
            Format::CycloneDxXml => {
                let is_local =
                    || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").is_ok();
                (is_rfc() || is_local(), "a date with time (`xs:dateTime`)")
            }
            Format::Spdx2Json | Format::Spdx2TagValue | Format::Spdx3 | Format::Flowdown => {
                let is_exact = text.len() == 20 && text.ends_with('Z') && text.contains('T');
                (is_exact && is_rfc(), "`YYYY-MM-DDThh:mm:ssZ`")
            }
        };
        if !is_valid {
            problems.add(
                LintCode::TimestampInvalid,
                &time.at,
                format!("{} is not {form}", quoted(text)),
                "write the time as the format asks for it, in UTC",
            );
        }
    }
}
