//! Digests as manifests write them, in one form: `<algorithm>:<lower-case hexadecimal>`.

/// Algorithms that manifests use, with the number of hexadecimal digits. Sorted.
const ALGORITHMS: &[(&str, usize)] =
    &[("md5", 32), ("sha1", 40), ("sha224", 56), ("sha256", 64), ("sha384", 96), ("sha512", 128)];

/// Reads `sha256:<hex>`, as pip, Poetry and uv write it.
pub(super) fn from_prefixed(text: &str) -> Option<String> {
    let (algorithm, hex) = text.split_once(':')?;
    from_hex(algorithm, hex)
}

/// Puts an algorithm and its hexadecimal digits together.
pub(super) fn from_hex(algorithm: &str, hex: &str) -> Option<String> {
    let (name, digits) = ALGORITHMS.iter().find(|(name, _)| *name == algorithm)?;
    let is_hex = hex.len() == *digits && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| format!("{name}:{}", hex.to_ascii_lowercase()))
}

/// Reads one hash expression of Subresource Integrity: `sha512-<base64>`, with or without options
/// behind `?`.
pub(super) fn from_sri(text: &str) -> Option<String> {
    let (algorithm, rest) = text.split_once('-')?;
    let base64 = rest.split_once('?').map_or(rest, |(base64, _options)| base64);
    from_hex(algorithm, &base64_to_hex(base64)?)
}

/// Decodes base64 (RFC 4648, section 4). Padding may be absent.
fn base64_to_hex(text: &str) -> Option<String> {
    use std::fmt::Write as _;

    let mut hex = String::with_capacity(text.len() * 3 / 2);
    let mut bits = 0_u32;
    let mut count = 0;
    for byte in text.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            // Writing to a String cannot fail.
            let _ = write!(hex, "{:02x}", bits >> count & 0xFF);
        }
    }
    Some(hex)
}

/// Reads several digests; the second value is the first that was not understood.
pub(super) fn read_all<'t>(
    texts: impl Iterator<Item = &'t str>,
    read: fn(&str) -> Option<String>,
) -> (Vec<String>, Option<&'t str>) {
    let mut hashes = Vec::new();
    let mut unknown = None;
    for text in texts {
        match read(text) {
            Some(hash) => hashes.push(hash),
            None => unknown = unknown.or(Some(text)),
        }
    }
    hashes.sort();
    hashes.dedup();
    (hashes, unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(read: fn(&str) -> Option<String>, text: &str, expected: Option<&str>) {
        assert_eq!(read(text).as_deref(), expected, "{text}");
    }

    #[test]
    fn reads_subresource_integrity() {
        // SHA-1 and SHA-256 of the empty text, by `openssl dgst -binary | base64`.
        check(
            from_sri,
            "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
            Some("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        );
        let sha256 = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        check(from_sri, "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=?x", Some(sha256));
        check(from_sri, "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", Some(sha256));
        check(from_sri, "sha256-short", None);
        check(from_sri, "sha1-2jmj7l5rSw0yVb*vlWAYkK/YBwk=", None);
    }

    #[test]
    fn takes_only_whole_digests_of_known_algorithms() {
        let md5 = "d41d8cd98f00b204e9800998ecf8427e";
        check(from_prefixed, &format!("md5:{}", md5.to_uppercase()), Some(&format!("md5:{md5}")));
        check(from_prefixed, &format!("sha256:{md5}"), None);
        check(from_prefixed, &format!("crc:{md5}"), None);
        check(from_prefixed, "sha256:example1", None);
    }
}
