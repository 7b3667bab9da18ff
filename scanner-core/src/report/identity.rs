//! Document identities that follow from content.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The name space of Flowdown's document identities: the UUIDv5 of `flowdown.report` in the OID
/// name space. It never changes, or the same content would get another identity.
const NAMESPACE: Uuid = Uuid::from_u128(0xd6e3_c4a6_225d_5d40_a157_5a38_4828_4f3e);

/// Writes of a serialiser are a few bytes each.
const BUFFER_BYTES: usize = 64 << 10;

/// The UUIDv5 of the SHA-256 of a value's JSON, as `urn:uuid:` in lower case. The JSON is never in
/// memory as a whole.
pub(super) fn urn(content: &impl Serialize) -> io::Result<String> {
    urn_of(|out| Ok(serde_json::to_writer(out, content)?))
}

/// The same of whatever `write` writes.
pub(super) fn urn_of(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<String> {
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, Hashed(Sha256::new()));
    write(&mut out)?;
    let Hashed(digest) = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(Uuid::new_v5(&NAMESPACE, &digest.finalize()).urn().to_string())
}

struct Hashed(Sha256);

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_the_identity() {
        let urn = |text: &str| urn(&text).unwrap_or_default();
        assert_eq!(urn("a"), urn("a"));
        assert_ne!(urn("a"), urn("b"));
        assert!(urn("a").starts_with("urn:uuid:"));
    }

    #[test]
    fn the_namespace_is_the_one_documented() {
        assert_eq!(NAMESPACE, Uuid::new_v5(&Uuid::NAMESPACE_OID, b"flowdown.report"));
    }
}
