//! Reads messages and checks what their schema cannot say: sizes, and answers that fit the
//! question. The host applies it to every plugin, and [`crate::harness`] to the author's own.
//!
//! Whether words of the domain and evidence are known is for the scanner to say; it goes on
//! without the one item that is wrong. What is refused here is refused as a whole.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::message::{Descriptor, Resolution, ResolveRequest, ResolveResponse};

/// Bytes of an id, a version, a family or the prefix of a fact name.
const NAME_BYTES: usize = 128;
/// Bytes of any other text of an answer.
const TEXT_BYTES: usize = 64 << 10;
/// Families, or prefixes of fact names, of one descriptor.
const NAMES: usize = 1_000;
/// Tags, records, texts, profiles or phrases of one descriptor.
const RECORDS: usize = 100_000;
/// Claims, obligations, relations or diagnostics about one artifact.
const ITEMS: usize = 1_000;
/// Facts and matches that one item points to, or licences that one claim can mean.
const REFERENCES: usize = 1_000;

/// A message that is not what it should be.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[error("at `{path}`: {problem}")]
pub struct MessageError {
    /// Where in the message, for example `artifacts[3].claims[0].basis`; `.` is the whole.
    pub path: String,
    /// What is wrong there.
    pub problem: String,
}

impl MessageError {
    fn new(path: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { path: path.into(), problem: problem.into() }
    }
}

/// Reads a message.
///
/// # Errors
/// When the bytes are not JSON, or not this message.
pub fn decode<T: DeserializeOwned>(json: &[u8]) -> Result<T, MessageError> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let message = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| MessageError::new(error.path().to_string(), cut(error.inner())))?;
    deserializer.end().map_err(|error| MessageError::new(".", cut(&error)))?;
    Ok(message)
}

/// Checks what a plugin says of itself.
///
/// # Errors
/// When its id is not one, or something is larger than it may be.
pub fn descriptor(descriptor: &Descriptor) -> Result<(), MessageError> {
    let id = &descriptor.id;
    let is_id_byte = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    if id.is_empty() || id.len() > NAME_BYTES || !id.bytes().all(is_id_byte) {
        let id = cut(id);
        return Err(MessageError::new(
            "id",
            format!("`{id}` is not 1 to {NAME_BYTES} of the characters a-z, 0-9 and `-`"),
        ));
    }
    name("version", &descriptor.version)?;
    names("families", &descriptor.families)?;
    names("needs", &descriptor.needs)?;
    at_most("tags", descriptor.tags.len(), RECORDS)?;
    at_most("terms", descriptor.terms.len(), RECORDS)?;
    at_most("listed", descriptor.listed.len(), RECORDS)?;
    at_most("profiles", descriptor.profiles.len(), RECORDS)?;
    at_most("phrases", descriptor.phrases.len(), RECORDS)
}

/// Checks an answer against its question.
///
/// # Errors
/// When it speaks of artifacts that were not asked about or twice of one, or something is larger
/// than it may be.
pub fn response(request: &ResolveRequest, response: &ResolveResponse) -> Result<(), MessageError> {
    let mut open: BTreeSet<&str> =
        request.artifacts.iter().map(|artifact| artifact.id.as_str()).collect();
    for (index, resolution) in response.artifacts.iter().enumerate() {
        let path = format!("artifacts[{index}]");
        if !open.remove(resolution.id.as_str()) {
            let id = cut(&resolution.id);
            return Err(MessageError::new(
                format!("{path}.id"),
                format!("`{id}` was not asked about, or was answered before"),
            ));
        }
        resolution_fits(&path, resolution)?;
    }
    Ok(())
}

fn resolution_fits(path: &str, resolution: &Resolution) -> Result<(), MessageError> {
    at_most(&format!("{path}.claims"), resolution.claims.len(), ITEMS)?;
    at_most(&format!("{path}.obligations"), resolution.obligations.len(), ITEMS)?;
    at_most(&format!("{path}.relations"), resolution.relations.len(), ITEMS)?;
    at_most(&format!("{path}.diagnostics"), resolution.diagnostics.len(), ITEMS)?;
    for (index, claim) in resolution.claims.iter().enumerate() {
        let path = format!("{path}.claims[{index}]");
        at_most(&format!("{path}.candidates"), claim.candidates.len(), REFERENCES)?;
        at_most(&format!("{path}.evidence"), claim.evidence.len(), REFERENCES)?;
        let texts = claim.candidates.iter().chain(&claim.stated).chain(&claim.expression);
        short(&path, texts.chain([&claim.basis]))?;
    }
    for (index, extra) in resolution.obligations.iter().enumerate() {
        let path = format!("{path}.obligations[{index}]");
        let obligation = &extra.obligation;
        at_most(&format!("{path}.evidence"), extra.evidence.len(), REFERENCES)?;
        at_most(&format!("{path}.obligation.trigger"), obligation.trigger.len(), REFERENCES)?;
        at_most(&format!("{path}.obligation.params"), obligation.params.len(), REFERENCES)?;
        let texts = [&extra.license, &obligation.kind, &obligation.clause, &obligation.evidence];
        short(&path, texts.into_iter().chain(&obligation.trigger).chain(obligation.params.keys()))?;
    }
    for (index, relation) in resolution.relations.iter().enumerate() {
        let path = format!("{path}.relations[{index}]");
        at_most(&format!("{path}.evidence"), relation.evidence.len(), REFERENCES)?;
        short(&path, [&relation.relation, &relation.target, &relation.basis])?;
    }
    for (index, diagnostic) in resolution.diagnostics.iter().enumerate() {
        let path = format!("{path}.diagnostics[{index}]");
        at_most(&format!("{path}.evidence"), diagnostic.evidence.len(), REFERENCES)?;
        short(&path, [&diagnostic.message].into_iter().chain(&diagnostic.help))?;
    }
    Ok(())
}

fn names(path: &str, list: &[String]) -> Result<(), MessageError> {
    at_most(path, list.len(), NAMES)?;
    let mut numbered = list.iter().enumerate();
    numbered.try_for_each(|(index, text)| name(&format!("{path}[{index}]"), text))
}

fn name(path: &str, text: &str) -> Result<(), MessageError> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err(MessageError::new(path, "empty, or holds control characters"));
    }
    if text.len() > NAME_BYTES {
        let found = text.len();
        return Err(MessageError::new(path, format!("{found} bytes, the limit is {NAME_BYTES}")));
    }
    Ok(())
}

fn short<'a>(path: &str, texts: impl IntoIterator<Item = &'a String>) -> Result<(), MessageError> {
    match texts.into_iter().map(String::len).find(|bytes| *bytes > TEXT_BYTES) {
        Some(found) => Err(MessageError::new(
            path,
            format!("a text of {found} bytes, the limit is {TEXT_BYTES}"),
        )),
        None => Ok(()),
    }
}

fn at_most(path: &str, found: usize, limit: usize) -> Result<(), MessageError> {
    if found > limit {
        return Err(MessageError::new(path, format!("{found} entries, the limit is {limit}")));
    }
    Ok(())
}

/// The first bytes of a text that may repeat what a plugin sent.
fn cut(text: &impl ToString) -> String {
    let mut text = text.to_string();
    text.truncate(text.floor_char_boundary(512));
    text
}

#[cfg(test)]
mod tests;
