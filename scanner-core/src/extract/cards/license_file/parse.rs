//! Keeps the text of a licence file.

use super::name;
use crate::extract::capture::Captured;
use crate::extract::text;
use crate::extract::{Extraction, names};
use crate::model::{CapturedText, Code, Diagnostic, Fact};

pub(super) fn read(file: &Captured) -> Extraction {
    let mut extraction = Extraction::default();
    let Some(name) = name::classify(&file.path) else { return extraction };
    let (kind, scope) = (name.kind.name(), name.scope.name());
    extraction.facts.push(Fact::new(names::LICENSE_FILE_KIND, kind, file.whole()));
    extraction.facts.push(Fact::new(names::LICENSE_FILE_SCOPE, scope, file.whole()));
    if let Some(what) = not_text(&file.bytes) {
        extraction.diagnostics.push(
            Diagnostic::new(
                Code::LicenseFileNotText,
                file.whole(),
                format!("the file has the name of a {kind} text and is {what}"),
            )
            .help("its terms are unknown here; read it, and put its text beside it as a text file"),
        );
        return extraction;
    }
    extraction.diagnostics.extend(text::decode(&file.path, &file.bytes).diagnostic);
    extraction.texts.push(CapturedText {
        path: file.path.clone(),
        role: name.kind.role(),
        bytes: file.bytes.as_slice().into(),
        first_line: 1,
    });
    extraction
}

/// What the bytes are, if they are no text.
fn not_text(bytes: &[u8]) -> Option<&'static str> {
    /// Where control characters are looked for.
    const START: usize = 4096;
    let start = &bytes[..bytes.len().min(START)];
    let is_utf16 = start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF");
    match start {
        _ if start.trim_ascii().is_empty() => Some("empty"),
        _ if start.starts_with(b"%PDF-") => Some("a PDF document"),
        _ if start.starts_with(b"PK\x03\x04") => Some("a ZIP archive or an office document"),
        _ if start.starts_with(b"{\\rtf") => Some("a rich text document"),
        _ if start.contains(&0) && !is_utf16 => Some("binary: it holds NUL bytes"),
        _ => None,
    }
}
