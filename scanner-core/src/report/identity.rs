//! Document identities that follow from content.

use uuid::Uuid;

/// The name space of Flowdown's document identities: the UUIDv5 of `flowdown.report` in the OID
/// name space. It never changes, or the same content would get another identity.
const NAMESPACE: Uuid = Uuid::from_u128(0xd6e3_c4a6_225d_5d40_a157_5a38_4828_4f3e);

/// The UUIDv5 of a document's content, as `urn:uuid:` in lower case.
pub(super) fn urn(content: &[u8]) -> String {
    Uuid::new_v5(&NAMESPACE, content).urn().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_the_identity() {
        assert_eq!(urn(b"a"), urn(b"a"));
        assert_ne!(urn(b"a"), urn(b"b"));
    }

    #[test]
    fn the_namespace_is_the_one_documented() {
        assert_eq!(NAMESPACE, Uuid::new_v5(&Uuid::NAMESPACE_OID, b"flowdown.report"));
    }
}
