//! The document's own identity: a URN of a UUID in CycloneDX, an absolute IRI in SPDX.

use crate::bom::Format;
use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::IdentityInvalid];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    let Some(identity) = &document.identity else { return };
    let text = quoted(&identity.text);
    let (message, help) = match document.format {
        Format::CycloneDxJson | Format::CycloneDxXml if !is_serial_number(&identity.text) => (
            format!("the serial number {text} is no `urn:uuid:` with lower-case digits"),
            "write `urn:uuid:` and a UUID in lower case (RFC 4122)",
        ),
        Format::Spdx2Json | Format::Spdx2TagValue if !is_namespace(&identity.text) => (
            format!("the name space {text} is no absolute IRI without `#`"),
            "write an IRI of your own that is new for every document",
        ),
        _ => return,
    };
    problems.add(LintCode::IdentityInvalid, &identity.at, message, help);
}

fn is_serial_number(text: &str) -> bool {
    let Some(uuid) = text.strip_prefix("urn:uuid:") else { return false };
    uuid.len() == 36
        && uuid.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

fn is_namespace(text: &str) -> bool {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    text.split_once(':').is_some_and(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty())
        && !text.contains(|c: char| c == '#' || c.is_whitespace() || c.is_control())
}
