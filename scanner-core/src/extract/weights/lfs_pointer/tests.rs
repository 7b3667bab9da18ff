use super::super::tests::{codes, read_wanted};
use super::LfsPointer;
use crate::model::{FactValue, Limits};

const OID: &str = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";

/// Reads a file; checks size and a part of the message, or that it is no pointer at all.
fn check(file: &str, expected: Option<(Option<i128>, &str)>) {
    let extraction =
        read_wanted(&LfsPointer, "tokenizer.json", file.as_bytes(), &[3], &Limits::default());
    let Some((size, message)) = expected else {
        assert!(extraction.is_none(), "{file}");
        return;
    };
    let extraction = extraction.unwrap();
    assert_eq!(codes(&extraction), ["lfs.pointer"]);
    assert!(extraction.diagnostics[0].message.contains(message), "{:?}", extraction.diagnostics);
    assert_eq!(extraction.facts[0].value, "git-lfs-pointer".into());
    let fact = |name: &str| {
        extraction.facts.iter().find(|fact| fact.name.as_str() == name).map(|fact| &fact.value)
    };
    assert_eq!(fact("lfs.size").and_then(FactValue::as_int), size);
    let oid = fact("lfs.oid").and_then(FactValue::as_digest).map(crate::model::Digest::hex);
    assert_eq!(oid.as_deref(), size.map(|_| OID));
}

fn pointer(lines: &str) -> String {
    format!("version https://git-lfs.github.com/spec/v1\n{lines}")
}

#[test]
fn minimal_pointer() {
    check(
        &pointer(&format!("oid sha256:{OID}\nsize 12345\n")),
        Some((Some(12345), "content of `12345` bytes")),
    );
}

#[test]
fn every_optional_part() {
    let lines = format!("ext-0-foo sha256:{OID}\noid sha256:{OID}\nsize 0\nx-later y\n");
    check(&pointer(&lines), Some((Some(0), "content of `0` bytes")));
    let old = format!("version https://hawser.github.com/spec/v1\noid sha256:{OID}\nsize 1\n");
    check(&old, Some((Some(1), "content of `1` bytes")));
}

#[test]
fn truncated_at_every_byte() {
    let whole = pointer(&format!("oid sha256:{OID}\nsize 12345\n"));
    let beginning = "version https://git-lfs.github.com/spec/".len();
    for length in 0..beginning {
        check(&whole[..length], None);
    }
    for length in beginning..whole.len() {
        check(&whole[..length], Some((None, "begins like a git-LFS pointer, but")));
    }
}

#[test]
fn broken_pointers() {
    let broken = |lines: &str, message| check(&pointer(lines), Some((None, message)));
    broken("size 1\n", "no `oid` line");
    broken(&format!("oid sha256:{OID}\n"), "no `size` line");
    broken(&format!("size 1\noid sha256:{OID}\n"), "out of order");
    broken(&format!("oid sha256:{OID}\noid sha256:{OID}\nsize 1\n"), "repeated");
    broken(&format!("oid sha256:{}\nsize 1\n", OID.to_uppercase()), "not `sha256:`");
    broken(&format!("oid blake3:{OID}\nsize 1\n"), "not `sha256:`");
    broken(&format!("oid sha256:{OID}\nsize +1\n"), "not a decimal number");
    broken(&format!("oid sha256:{OID}\nsize 18446744073709551616\n"), "not a decimal number");
    broken(&format!("oid sha256:{OID}\r\nsize 1\r\n"), "not `sha256:`");
    broken("oid\n", "no `key value` line");
}

#[test]
fn other_texts_are_no_pointers() {
    check("version 1.0\n", None);
    // A pointer has fewer than 1024 bytes.
    check(&pointer(&"x".repeat(1024)), None);
}
