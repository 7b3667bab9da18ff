use super::*;

/// A contract with one of everything; `change` replaces text in it first.
fn contract(change: (&str, &str)) -> Result<ContractFile, CatalogueError> {
    let text = r#"
schema = 1
key = "nova-model-licence"
name = "Nova Model Licence"
[contract]
agreement = "Master agreement"
order = "PO-4711"
effective = 2026-01-15
from = "2026-02-01"
until = 2027-01-31
replaces = ["cc-by-nc-4.0"]
[contract.licensor]
name = "Nova Inc."
affiliates = ["Nova Labs Ltd."]
[contract.licensee]
name = "ACME GmbH"
[contract.evidence]
records = "customers.csv"
[[contract.applies_to]]
name = "nova/base-*"
[grant]
conveyance = "commercial-flowdown"
directness = "none"
acceptance = "signed"
sublicensable = true
relicense_derivatives = "none"
clause = "2"
legal_basis = ["copyright", "contract"]
revocable = "on-breach"
covers = ["model"]
use = "any"
[[obligation]]
kind = "terminate-on-downstream-breach"
clause = "8.2"
trigger = ["downstream-breach"]
evidence = "contract"
params = { cure_days = 30, flow_to_all_tiers = true }
[[restriction]]
label = "(a)"
categories = ["military"]
"#;
    assert!(text.contains(change.0), "{change:?}");
    ContractFile::parse("contracts/nova.toml", &text.replace(change.0, change.1))
}

/// With `change`, the contract is refused, and the message names the file and each of `said`.
#[track_caller]
fn check(change: (&str, &str), said: &[&str]) {
    let message = contract(change).expect_err("the contract is wrong").to_string();
    for part in said.iter().chain(&["contracts/nova.toml"]) {
        assert!(message.contains(part), "{part} in {message}");
    }
}

#[test]
fn a_valid_contract_is_read() {
    let file = contract(("", "")).unwrap();
    let days = [&file.contract.effective, &file.contract.from, &file.contract.until];
    let days = days.map(|day| day.as_ref().unwrap().0.clone());
    assert_eq!(days, ["2026-01-15", "2026-02-01", "2027-01-31"]);
    let terms = file.terms();
    assert_eq!(terms.ids.spdx_ref, "LicenseRef-nova-model-licence");
    assert_eq!((terms.licensor.as_str(), terms.family.as_str()), ("Nova Inc.", FAMILY));
    assert_eq!(terms.obligation[0].params["cure_days"], 30);
}

#[test]
fn a_wrong_contract_is_refused_with_file_key_and_value() {
    check(("schema = 1", "schema = 3"), &["`schema` is `3`"]);
    check(("agreement =", "agrement ="), &["agrement", "agreement"]);
    check(("nova-model-licence", "nova model"), &["`key` is `nova model`"]);
    check(("nova-model-licence", "nova-PO-4711"), &["`key`", "order number"]);
    check(("Nova Model Licence", "Licence of PO-4711"), &["`name`", "order number"]);
    check(("\"(a)\"", "\"PO-4711 (a)\""), &["`restriction.label`", "order number"]);
    check(("\"Nova Inc.\"", "\" \""), &["contract.licensor"]);
    check(("effective = 2026-01-15", "effective = 7"), &["a day such as"]);
    check(("name = \"nova/base-*\"", ""), &["contract.applies_to.0", "`digest`, `purl` or `name`"]);
    check(("cc-by-nc-4.0", "nova-model-licence"), &["contract.replaces"]);
    check(("records =", "audit ="), &["contract.evidence", "`audit`", "records"]);
    check(("cure_days = 30", "cure_day = 30"), &["cure_day", "one of: cure_days"]);
    check(("cure_days = 30", "cure_days = \"30\""), &["a number of days"]);
    check(("tiers = true", "tiers = \"yes\""), &["true or false"]);
    check(("cure_days = 30, ", "cure_days = [30], "), &["cure_days"]);
    check(("commercial-flowdown", "flowdown"), &["grant.conveyance", "direct-license"]);
    check(("terminate-on-downstream-breach\"", "terminate\""), &["obligation.kind"]);
    check(("[\"military\"]", "[\"armed\"]"), &["restriction.categories", "`armed`"]);
    check(("schema = 1", "schema = 1\nverified = \"seed\""), &["`verified` is `seed`"]);
    check(("[grant]", "[ids]\nspdx = \"MIT\"\n[grant]"), &["ids"]);
}
