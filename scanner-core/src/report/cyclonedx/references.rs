//! `externalReferences[]`: addresses that files state or that follow from a package URL, and where
//! the files of a component are in what was scanned.

use serde::Serialize;

use super::component::Hash;
use crate::model::{Artifact, ArtifactFile, FileRole};
use crate::report::facts;

/// No address that somebody means is longer.
const ADDRESS_BYTES: usize = 2_048;

#[derive(Serialize)]
pub(super) struct ExternalReference {
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<Hash>,
}

/// The addresses of an artifact, each once for each type.
pub(super) fn references(artifact: &Artifact) -> Vec<ExternalReference> {
    let mut references = hugging_face(artifact);
    for (kind, fact, comment) in [
        ("license", facts::CARD_LICENSE_LINK, "as the model card states it"),
        ("license", facts::GGUF_GENERAL_LICENSE_LINK, "as the weight file states it"),
        ("vcs", facts::GGUF_GENERAL_REPO_URL, "as the weight file states it"),
    ] {
        for url in facts::texts(artifact, fact).filter(|text| is_web_address(text)) {
            if !references.iter().any(|known| known.kind == kind && known.url == *url) {
                references.push(ExternalReference {
                    kind,
                    url: url.into_owned(),
                    comment: Some(comment),
                    hashes: Vec::new(),
                });
            }
        }
    }
    references
}

/// Where a file of the scanned source is, with what identifies its content.
pub(super) fn distribution(file: &ArtifactFile) -> ExternalReference {
    ExternalReference {
        kind: "distribution",
        url: relative_reference(file.path.as_str()),
        comment: Some("in what was scanned"),
        hashes: Hash::of(file),
    }
}

/// A `pkg:huggingface` names a repository, and repositories have an address.
fn hugging_face(artifact: &Artifact) -> Vec<ExternalReference> {
    let Some(path) =
        artifact.purl.as_ref().and_then(|purl| purl.as_str().strip_prefix("pkg:huggingface/"))
    else {
        return Vec::new();
    };
    // Qualifiers may name another registry.
    if path.contains(['?', '#']) {
        return Vec::new();
    }
    let (repository, revision) = path.split_once('@').unwrap_or((path, "main"));
    let home = format!("https://huggingface.co/{repository}");
    let card = artifact
        .files_of(FileRole::Card)
        .any(|file| file.path.file_name() == "README.md")
        .then(|| format!("{home}/blob/{revision}/README.md"));
    let reference = |kind, url| ExternalReference { kind, url, comment: None, hashes: Vec::new() };
    let card = card.map(|url| reference("model-card", url));
    std::iter::once(reference("vcs", home)).chain(card).collect()
}

/// The address of the account in the path of a `pkg:huggingface`.
pub(super) fn hugging_face_account(path: &str) -> Option<String> {
    let (account, _) = path.split_once('/').filter(|_| !path.contains(['?', '#']))?;
    Some(format!("https://huggingface.co/{account}"))
}

/// Whether a text from a file is an address of the web and nothing else: the characters of RFC 3986,
/// a host, complete percent signs.
fn is_web_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(&byte);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    let (host_name, port) = host.split_once(':').unwrap_or((host, ""));
    text.len() <= ADDRESS_BYTES
        && !host_name.is_empty()
        && host_name.bytes().all(host_legal)
        && port.len() <= 5
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && rest.bytes().all(legal)
        && rest.matches('#').count() <= 1
        && rest.split('%').skip(1).all(|after| {
            after.len() >= 2 && after.bytes().take(2).all(|digit| digit.is_ascii_hexdigit())
        })
}

/// A path as a relative reference of RFC 3986: never a scheme, never an absolute path.
fn relative_reference(path: &str) -> String {
    use std::fmt::Write as _;
    let mut reference = String::from("./");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            reference.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(reference, "%{byte:02X}");
        }
    }
    reference
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_addresses() {
        for good in [
            "https://example.org/licence.txt",
            "http://example.org:8080/a?b=c#d",
            "https://example.org/a%20b",
        ] {
            assert!(is_web_address(good), "{good}");
        }
        for bad in [
            "LICENSE",
            "javascript:alert(1)",
            "https://",
            "https:///etc/passwd",
            "https://user@example.org/",
            "https://example.org/a b",
            "https://example.org/%4",
            "https://example.org/<x>",
            "https://example.org/#a#b",
            "https://example.org/\u{202e}",
            "file:///etc/passwd",
        ] {
            assert!(!is_web_address(bad), "{bad}");
        }
        assert!(!is_web_address(&format!("https://example.org/{}", "a".repeat(ADDRESS_BYTES))));
    }

    #[test]
    fn paths_are_encoded() {
        assert_eq!(relative_reference("a/b c:d.gguf"), "./a/b%20c%3Ad.gguf");
        assert_eq!(relative_reference("ä"), "./%C3%A4");
    }
}
