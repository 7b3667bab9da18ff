//! Where a result is: files of the source as relative URIs, everything else by a logical name.

use std::fmt::Write as _;

use serde::Serialize;

use super::message::Message;
use crate::model::{Location, Origin, Report, SourcePath, Span};
use crate::report::place::place;
use crate::report::plain::plain;

/// Base of every URI of the source. Code scanning takes this name for the repository's root.
const SOURCE: &str = "%SRCROOT%";

/// Base of the files that the user named: the folder of the settings file.
const SETTINGS: &str = "SETTINGS";

/// `originalUriBaseIds`: what the bases are, without where they are on this machine.
#[derive(Serialize)]
pub(super) struct BaseIds {
    #[serde(rename = "%SRCROOT%")]
    source: Base,
    #[serde(rename = "SETTINGS")]
    settings: Base,
}

#[derive(Serialize)]
struct Base {
    description: Message,
}

impl BaseIds {
    pub(super) fn of(report: &Report) -> Self {
        let source = format!("the scanned source `{}`", report.source.name);
        Self {
            source: Base { description: Message::new(&source) },
            settings: Base { description: Message::new("the folder of the settings file") },
        }
    }
}

/// A place of a result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<Physical>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    #[serde(skip_serializing_if = "Option::is_none")]
    start_line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_length: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
    kind: &'static str,
}

impl Place {
    pub(super) fn of(location: &Location) -> Self {
        let mut logical_locations = Vec::new();
        let mut named = |name: String, kind| {
            logical_locations.push(Logical { fully_qualified_name: plain(&name), kind });
        };
        match &location.origin {
            Origin::Scanned { layer: None } => {}
            Origin::Scanned { layer: Some(layer) } => named(format!("layer/{layer}"), "layer"),
            Origin::UserFile { .. } => named(format!("settings/{}", location.path), "resource"),
            Origin::Catalogue => named(format!("catalogue/{}", location.path), "resource"),
        }
        if let Some(Span::Key(key)) = &location.span {
            named(key.clone(), "property");
        }
        let physical_location = base(&location.origin).map(|uri_base_id| Physical {
            artifact_location: ArtifactLocation { uri: uri(&location.path), uri_base_id },
            region: location.span.as_ref().and_then(region),
        });
        Self { id: None, physical_location, logical_locations, message: None }
    }

    /// The same for `relatedLocations`: with a number and words.
    pub(super) fn related(location: &Location, id: usize) -> Self {
        let message = Some(Message::new(&place(location)));
        Self { id: Some(id), message, ..Self::of(location) }
    }
}

const fn base(origin: &Origin) -> Option<&'static str> {
    match origin {
        Origin::Scanned { .. } => Some(SOURCE),
        Origin::UserFile { .. } => Some(SETTINGS),
        Origin::Catalogue => None,
    }
}

fn region(span: &Span) -> Option<Region> {
    let none = Region { start_line: None, end_line: None, byte_offset: None, byte_length: None };
    match span {
        Span::Lines { first, last } => {
            let first = (*first).max(1);
            Some(Region { start_line: Some(first), end_line: Some((*last).max(first)), ..none })
        }
        Span::Bytes { start, end } => {
            let length = end.saturating_sub(*start);
            Some(Region { byte_offset: Some(*start), byte_length: Some(length), ..none })
        }
        Span::Key(_) => None,
    }
}

/// The relative reference of a path: the name's own bytes, percent-encoded where RFC 3986 wants it.
fn uri(path: &SourcePath) -> String {
    if path.as_str().is_empty() {
        return "./".to_owned();
    }
    let parts = path.as_str().split('/').map(|part| {
        let part = SourcePath::new(part);
        part.decoded().iter().fold(String::new(), |mut encoded, &byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                encoded.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
            encoded
        })
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_relative_references() {
        for (path, expected) in [
            ("a/README.md", "a/README.md"),
            ("a b/c:d?.md", "a%20b/c%3Ad%3F.md"),
            ("café", "caf%C3%A9"),
            ("", "./"),
        ] {
            assert_eq!(uri(&SourcePath::new(path)), expected);
        }
        let hostile = SourcePath::new("").child(b"caf\xe9 %41/..");
        assert_eq!(uri(&hostile), "caf%E9%20%2541%2F..");
    }
}
