use std::fs;

use flowdown_core::model::{ContractDigest, Date};

use super::*;

const CONTRACT: &str = r#"
schema = 1
key = "nova"
name = "Nova Model Licence"
[contract]
from = 2026-02-01
until = "2027-01-31"
[contract.licensor]
name = "Nova Inc."
[contract.licensee]
name = "ACME GmbH"
[contract.evidence]
records = "../customers.csv"
[[contract.applies_to]]
digest = "sha256:0000000000000000000000000000000000000000000000000000000000000001"
name = "nova/base"
[[contract.applies_to]]
purl = "pkg:huggingface/nova/base"
[grant]
conveyance = "no-conveyance"
directness = "none"
acceptance = "signed"
sublicensable = false
relicense_derivatives = "none"
clause = "2"
legal_basis = ["contract"]
revocable = "on-breach"
covers = ["model"]
use = "any"
"#;

/// Contracts of a folder with these files, named by `patterns`.
fn contracts(files: &[(&str, &str)], patterns: &[&str]) -> Result<Vec<Contract>, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("customers.csv"), "customer\n").unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let patterns: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
    read(&patterns, folder.path()).map_err(|error| format!("{error:#}"))
}

/// The contract with `change` is refused, and the message names each of `said`.
#[track_caller]
fn check(change: (&str, &str), said: &[&str]) {
    assert!(CONTRACT.contains(change.0), "{change:?}");
    let text = CONTRACT.replace(change.0, change.1);
    let files = [("c/nova.toml", text.as_str()), ("c/empty.csv", "")];
    let message = contracts(&files, &["c/*.toml"]).unwrap_err();
    for part in said.iter().chain(&["c/nova.toml"]) {
        assert!(message.contains(part), "{part} in {message}");
    }
}

#[test]
fn a_contract_is_read_with_its_file_as_evidence() {
    let found = contracts(&[("c/nova.toml", CONTRACT), ("c/x.md", "")], &["c/*.toml"]).unwrap();
    let [contract] = found.as_slice() else { panic!("{found:?}") };
    let parts = contract.particulars.as_ref().unwrap();
    assert_eq!(parts.declared_in.path.as_str(), "c/nova.toml");
    assert_eq!(parts.declared_in.sha256, Digest::sha256_of(CONTRACT.as_bytes()));
    assert_eq!((parts.from, parts.until), (Date::parse("2026-02-01"), Date::parse("2027-01-31")));
    assert_eq!(parts.evidence["records"].sha256, Digest::sha256_of(b"customer\n"));
    assert_eq!(parts.evidence["records"].path.as_str(), "customers.csv");
    assert!(matches!(contract.applies_to[0].digest, Some(ContractDigest::File(_))));
    assert_eq!(contract.applies_to[1].purl.as_ref().unwrap().as_str(), "pkg:huggingface/nova/base");
    assert_eq!(contract.terms.spdx, "LicenseRef-nova");
}

#[test]
fn patterns_name_files_in_order_and_each_once() {
    let other = CONTRACT.replace("\"nova\"", "\"atlas\"");
    let files = [("c/z.toml", other.as_str()), ("c/a/nova.toml", CONTRACT), ("c/.h.toml", "x")];
    let patterns = ["c/*/*.toml", "./c/z.toml", "c/[yz].toml", "c/*.toml"];
    let found = contracts(&files, &patterns);
    // The records file of `c/a/nova.toml` would be `c/customers.csv`.
    assert!(found.unwrap_err().contains("contract.evidence.records"));
    let files = [("c/z.toml", other.as_str()), ("d/nova.toml", CONTRACT), ("c/.h.toml", "x")];
    let patterns = ["?/n*.toml", "./c/z.toml", "c/[yz].toml", "c/*.toml"];
    let found = contracts(&files, &patterns).unwrap();
    let keys: Vec<&str> = found.iter().map(|contract| contract.terms.key.0.as_str()).collect();
    assert_eq!(keys, ["atlas", "nova"]);
}

#[test]
fn what_cannot_be_used_is_named() {
    let refused = |patterns: &[&str], words: &str| {
        let files = [("c/nova.toml", CONTRACT), ("c/copy.toml", CONTRACT)];
        let message = contracts(&files, patterns).unwrap_err();
        assert!(message.contains(words), "{words} in {message}");
    };
    refused(&["c/*.tml"], "`c/*.tml`, which matches no file");
    refused(&["c/nova.toml", "d/nova.toml"], "`d/nova.toml`, which matches no file");
    refused(&["c"], "`c`, which matches no file");
    refused(&["**/*.toml"], "`**`");
    refused(&["c/["], "no glob pattern");
    refused(&[""], "names no file");
    refused(&["c/*.toml"], "`c/copy.toml` and `c/nova.toml` have the same key `nova`");
}

#[test]
fn a_wrong_contract_is_refused_with_file_and_key() {
    check(("2026-02-01", "\"2026-02-30\""), &["`contract.from` is `2026-02-30`"]);
    check(("2027-01-31", "2026-01-31"), &["`contract.until` is `2026-01-31`", "`2026-02-01`"]);
    check(("pkg:huggingface", "huggingface"), &["contract.applies_to.1.purl", "no package URL"]);
    check(("sha256:00", "sha256:"), &["contract.applies_to.0.digest"]);
    check(("sha256:00", "model:"), &["contract.applies_to.0.digest"]);
    check(("../customers.csv", "customers.csv"), &["contract.evidence.records", "customers.csv"]);
    check(("[contract.licensee]", "[contract.licencee]"), &["licencee", "licensee"]);
    check(("../customers.csv", "empty.csv"), &["contract.evidence.records", "is empty"]);
    check(("key = \"nova\"", &" ".repeat(2 << 20)), &["larger than 1048576 bytes"]);
}
