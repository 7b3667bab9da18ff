//! Digests: an algorithm of the format, and as many hexadecimal digits as it has.

use crate::bom::Format;
use crate::lint::document::Document;
use crate::lint::problem::quoted;
use crate::lint::{LintCode, Problems};

pub(super) const CODES: &[LintCode] = &[LintCode::HashInvalid];

/// An algorithm: digits, and its names in CycloneDX, SPDX 2 and SPDX 3. No length is fixed for MD6,
/// and none is checked.
struct Algorithm {
    digits: Option<usize>,
    cyclonedx: &'static str,
    spdx2: &'static str,
    spdx3: &'static str,
}

const fn of(
    digits: usize,
    cyclonedx: &'static str,
    spdx2: &'static str,
    spdx3: &'static str,
) -> Algorithm {
    Algorithm { digits: Some(digits), cyclonedx, spdx2, spdx3 }
}

const fn free(spdx2: &'static str, spdx3: &'static str) -> Algorithm {
    Algorithm { digits: None, cyclonedx: "", spdx2, spdx3 }
}

/// What the formats have; an empty name is none.
const ALGORITHMS: &[Algorithm] = &[
    of(8, "", "ADLER32", "adler32"),
    of(64, "BLAKE2b-256", "BLAKE2b-256", "blake2b256"),
    of(96, "BLAKE2b-384", "BLAKE2b-384", "blake2b384"),
    of(128, "BLAKE2b-512", "BLAKE2b-512", "blake2b512"),
    of(64, "BLAKE3", "BLAKE3", "blake3"),
    of(32, "", "MD2", "md2"),
    of(32, "", "MD4", "md4"),
    of(32, "MD5", "MD5", "md5"),
    free("MD6", "md6"),
    of(40, "SHA-1", "SHA1", "sha1"),
    of(56, "", "SHA224", "sha224"),
    of(64, "SHA-256", "SHA256", "sha256"),
    of(96, "SHA-384", "SHA384", "sha384"),
    of(128, "SHA-512", "SHA512", "sha512"),
    of(56, "", "", "sha3_224"),
    of(64, "SHA3-256", "SHA3-256", "sha3_256"),
    of(96, "SHA3-384", "SHA3-384", "sha3_384"),
    of(128, "SHA3-512", "SHA3-512", "sha3_512"),
    of(64, "Streebog-256", "", ""),
    of(128, "Streebog-512", "", ""),
    free("", "crystalsDilithium"),
    free("", "crystalsKyber"),
    free("", "falcon"),
    free("", "other"),
];

pub(super) fn check(document: &Document, problems: &mut Problems) {
    for hash in &document.hashes {
        let known = ALGORITHMS.iter().find(|algorithm| {
            let name = match document.format {
                Format::CycloneDxJson | Format::CycloneDxXml => algorithm.cyclonedx,
                Format::Spdx2Json | Format::Spdx2TagValue => algorithm.spdx2,
                Format::Spdx3 | Format::Flowdown => algorithm.spdx3,
            };
            !name.is_empty() && name == hash.algorithm
        });
        let message = match known {
            None => format!(
                "{} is no digest algorithm of {}",
                quoted(&hash.algorithm),
                document.format.name()
            ),
            Some(algorithm) => {
                let is_hex = hash.value.bytes().all(|byte| byte.is_ascii_hexdigit());
                match algorithm.digits {
                    _ if !is_hex || hash.value.is_empty() => {
                        format!("{} is not hexadecimal", quoted(&hash.value))
                    }
                    Some(digits) if hash.value.len() != digits => format!(
                        "{} has {} digits, and {} has {digits}",
                        quoted(&hash.value),
                        hash.value.len(),
                        hash.algorithm
                    ),
                    _ => continue,
                }
            }
        };
        let help = "write the whole digest in hexadecimal, under the name the format has for it";
        problems.add(LintCode::HashInvalid, &hash.at, message, help);
    }
}
