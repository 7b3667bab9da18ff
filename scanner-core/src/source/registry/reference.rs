//! The name of an image in a registry: `HOST[:PORT]/repository[:tag][@digest]`.
//!
//! Names as the OCI distribution specification 1.1 allows them ("Pulling manifests"); everything that
//! reaches a URL is checked here.

use std::fmt;

use crate::model::{Algorithm, Digest};

/// What Docker takes when no host is named.
pub(super) const DEFAULT_HOST: &str = "docker.io";
/// Longest name of a repository (OCI distribution specification 1.1 recommends 255 with the host).
const REPOSITORY_BYTES: usize = 255;
/// Longest tag.
const TAG_BYTES: usize = 128;

/// The name of an image in a registry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    pub(super) host: String,
    pub(super) repository: String,
    pub(super) tag: Option<String>,
    pub(super) digest: Option<Digest>,
}

/// Why a text names no image.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// The host is none.
    #[error("`{0}` is no host; write a name or an address, and a port if it is not the usual one")]
    Host(String),
    /// The repository is none.
    #[error("`{0}` is no repository; its parts are lower-case letters, digits, `.`, `_` and `-`")]
    Repository(String),
    /// The tag is none.
    #[error("`{0}` is no tag; it has up to 128 letters, digits, `.`, `_` and `-`")]
    Tag(String),
    /// The digest is none that can be checked.
    #[error("`{0}` is no digest that can be checked; write `sha256:` and 64 hexadecimal digits")]
    Digest(String),
}

impl Reference {
    /// Reads a reference. Without a host it is one of Docker Hub; with neither tag nor digest the tag
    /// is `latest`.
    ///
    /// # Errors
    /// When a part of it is not what such a part may be.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let (text, digest) = match text.split_once('@') {
            None => (text, None),
            Some((name, digest)) => {
                let parsed = Digest::parse(digest).filter(|it| it.algorithm() == Algorithm::Sha256);
                let wrong = || ReferenceError::Digest(digest.to_owned());
                (name, Some(parsed.ok_or_else(wrong)?))
            }
        };
        let (host, path) = match text.split_once('/') {
            Some((first, rest)) if is_host_like(first) => (first, rest),
            _ => (DEFAULT_HOST, text),
        };
        let (repository, tag) = match path.rsplit_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (path, None),
        };
        if !is_host(host) {
            return Err(ReferenceError::Host(host.to_owned()));
        }
        let is_official = host == DEFAULT_HOST && !repository.contains('/');
        let repository =
            if is_official { format!("library/{repository}") } else { repository.to_owned() };
        if repository.len() > REPOSITORY_BYTES || !repository.split('/').all(is_component) {
            return Err(ReferenceError::Repository(repository));
        }
        if let Some(tag) = tag
            && !is_tag(tag)
        {
            return Err(ReferenceError::Tag(tag.to_owned()));
        }
        let tag = match (tag, &digest) {
            (None, None) => Some("latest".to_owned()),
            (tag, _) => tag.map(str::to_owned),
        };
        Ok(Self { host: host.to_ascii_lowercase(), repository, tag, digest })
    }

    /// Reads a reference that names its host, so that it can be told from a path.
    pub fn with_host(text: &str) -> Option<Self> {
        let (host, _) = text.split_once('/')?;
        if is_host_like(host) { Self::parse(text).ok() } else { None }
    }

    /// Repository and tag: what the image is called whichever registry it lies in.
    #[cfg(feature = "registry")]
    pub(super) fn name(&self) -> String {
        match &self.tag {
            Some(tag) => format!("{}:{tag}", self.repository),
            None => self.repository.clone(),
        }
    }

    /// What the registry is asked for: a digest where there is one.
    #[cfg(feature = "registry")]
    pub(super) fn wanted(&self) -> String {
        match (&self.digest, &self.tag) {
            (Some(digest), _) => digest.to_string(),
            (None, tag) => tag.clone().unwrap_or_default(),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.repository)?;
        self.tag.iter().try_for_each(|tag| write!(f, ":{tag}"))?;
        self.digest.iter().try_for_each(|digest| write!(f, "@{digest}"))
    }
}

/// Whether what stands before the first `/` names a host and not a part of a repository.
fn is_host_like(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '[')
        && (text == "localhost" || text.contains(['.', ':']))
}

/// Whether `text` is a host name or an address, maybe with a port.
pub fn is_host(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_name = match host.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host.len() <= 253 && host.split('.').all(is_label),
    };
    is_name && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

fn is_component(text: &str) -> bool {
    let is_end = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let bytes = text.as_bytes();
    is_end(bytes.first())
        && is_end(bytes.last())
        && !text.contains("..")
        && bytes.iter().all(|byte| is_end(Some(byte)) || b"._-".contains(byte))
}

fn is_tag(text: &str) -> bool {
    text.len() <= TAG_BYTES
        && !text.is_empty()
        && !text.starts_with(['.', '-'])
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let read = match Reference::parse(text) {
            Ok(reference) => reference.to_string(),
            Err(error) => error.to_string(),
        };
        assert!(read.starts_with(expected), "`{text}` gave `{read}`");
    }

    #[test]
    fn references_are_read_as_other_tools_read_them() {
        check("localhost:5055/team/app:wh", "localhost:5055/team/app:wh");
        check("registry.example.com/app", "registry.example.com/app:latest");
        check("Registry.Example.com/app", "registry.example.com/app:latest");
        check("python:3.12", "docker.io/library/python:3.12");
        check("team/app", "docker.io/team/app:latest");
        check("[::1]:5000/a/b_c-d.e:V1", "[::1]:5000/a/b_c-d.e:V1");
        let digest = format!("localhost/app:1@sha256:{HEX}");
        check(&digest, &digest);
        check(&format!("localhost/app@sha256:{HEX}"), &format!("localhost/app@sha256:{HEX}"));
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        check("localhost:99999/app", "`localhost:99999` is no host");
        check("localhost:0/app", "`localhost:0` is no host");
        check("a..b/app", "`a..b` is no host");
        check("[::zz]:1/app", "`[::zz]:1` is no host");
        check("user:secret@localhost/app", "`localhost/app` is no digest");
        check("localhost/App", "`App` is no repository");
        check("localhost/../etc", "`../etc` is no repository");
        check("localhost/a//b", "`a//b` is no repository");
        check("localhost/a?x=1", "`a?x=1` is no repository");
        check("localhost/a%2f", "`a%2f` is no repository");
        check("", "`library/` is no repository");
        check(&format!("localhost/{}", "a".repeat(300)), "`aaa");
        check("localhost/a:", "`` is no tag");
        check("localhost/a:-b", "`-b` is no tag");
        check(&format!("localhost/a:{}", "t".repeat(129)), "`ttt");
        check("localhost/a@sha512:00", "`sha512:00` is no digest");
    }

    #[test]
    fn only_a_host_tells_a_reference_from_a_path() {
        for text in ["localhost/app", "registry.example.com/a/b:1", "127.0.0.1:5000/app"] {
            assert!(Reference::with_host(text).is_some(), "{text}");
        }
        for text in ["app", "team/app", "./models/x", "../a.b/c", "/tmp/a.b", "a.b", "C:/x"] {
            let found = Reference::with_host(text);
            assert!(found.is_none(), "{text}: {found:?}");
        }
    }
}
