use super::*;

/// A record with one of everything; `change` replaces text in it first.
fn record(change: (&str, &str)) -> String {
    let record = r#"
schema = 1
key = "x-1"
name = "X"
family = "openrail-m"
verified = "read"
has_text = false
[ids]
spdx_ref = "LicenseRef-x-1"
[grant]
conveyance = "sublicense-with-flowdown"
directness = "explicit"
acceptance = "by-use"
sublicensable = true
relicense_derivatives = "free"
clause = "2"
legal_basis = ["copyright"]
revocable = "irrevocable"
covers = ["model"]
use = "any"
[[threshold]]
metric = "mau"
value = 7
op = ">"
window = "month"
effect = "separate licence"
clause = "3"
[[obligation]]
kind = "copy-of-licence"
clause = "4.b"
trigger = ["modify+distribute"]
evidence = "mechanical"
params = { phrase_id = "x" }
[[restriction]]
label = "(a)"
categories = ["illegal-use"]
mental = "intent"
[[restriction]]
label = "(b)"
categories = ["minors-harm"]
"#;
    assert!(record.contains(change.0), "{change:?}");
    record.replace(change.0, change.1)
}

/// With `change`, the record is refused, and the message holds each of `said`.
fn check(change: (&str, &str), said: &[&str]) {
    let message = parse("x-1", &record(change)).expect_err("the record is wrong").to_string();
    assert!(message.contains("x-1.toml"), "{message}");
    for part in said {
        assert!(message.contains(part), "{part} in {message}");
    }
}

#[test]
fn a_valid_record_is_read() {
    let terms = parse("x-1", &record(("", ""))).unwrap();
    assert_eq!(terms.restriction.len(), 2);
    assert_eq!(terms.threshold[0].value, 7);
}

#[test]
fn a_wrong_record_is_refused_with_file_and_value() {
    check(("schema = 1", "schema = 2"), &["`schema` is `2`"]);
    check(("key = \"x-1\"", "key = \"y\""), &["`key` is `y`", "x-1"]);
    check(("LicenseRef-x-1", ""), &["spdx_ref"]);
    check(("\"read\"", "\"seen\""), &["`seen`", "hf-table"]);
    check(("sublicense-with-flowdown", "sublicence"), &["`sublicence`", "direct-license"]);
    check(("\"explicit\"", "\"maybe\""), &["`maybe`"]);
    check(("by-use", "by-luck"), &["`by-luck`"]);
    check(("\"free\"", "\"perhaps\""), &["grant.relicense_derivatives", "`perhaps`"]);
    check(("clause = \"2\"", "clause = \"2\"\ndistillation = \"no\""), &["`no`", "reached"]);
    check(("[\"copyright\"]", "[\"habit\"]"), &["`habit`"]);
    check(("op = \">\"", "op = \"=\""), &["`=`"]);
    check(("clause = \"3\"", "clause = \"\""), &["threshold.clause"]);
    check(("copy-of-licence", "copy-of-license"), &["obligation.kind", "`copy-of-license`"]);
    check(("clause = \"4.b\"", "clause = \"\""), &["obligation.clause", "copy-of-licence"]);
    check(("modify+distribute", "modify+fly"), &["`fly`"]);
    check(("[\"modify+distribute\"]", "[]"), &["at least one trigger"]);
    check(("\"mechanical\"", "\"magical\""), &["`magical`"]);
    check(("illegal-use", "illegal"), &["restriction.categories", "`illegal`"]);
    check(("\"(b)\"", "\"(a)\""), &["restriction.label", "`(a)`"]);
    check(("\"intent\"", "\"intend\""), &["`intend`"]);
    check(("name = \"X\"", "nam = \"X\""), &["nam"]);
}

#[test]
fn the_vocabulary_is_readable_and_has_no_duplicates() {
    let categories: BTreeSet<&str> = vocab::categories().iter().map(|it| it.id.as_str()).collect();
    let kinds: BTreeSet<&str> = vocab::obligation_kinds().iter().map(|it| it.id.as_str()).collect();
    assert_eq!(categories.len(), vocab::categories().len());
    assert_eq!(kinds.len(), vocab::obligation_kinds().len());
    assert_eq!(vocab::category("medical-advice").map(|it| it.id.as_str()), Some("medical-advice"));
    assert_eq!(vocab::obligation_kind("no-such-kind"), None);
    assert!(vocab::obligation_kinds().iter().all(|kind| kind.owed.contains(['>', '<'])));
}

#[test]
fn what_no_record_mentions_is_refused() {
    let mut knowledge =
        Knowledge { terms: vec![parse("x-1", &record(("", ""))).unwrap()], ..Knowledge::default() };
    let folder = Path::new("profiles");
    let mut profile =
        crate::text::profile("x-1", crate::message::ProfileKind::License, "one two three four");
    profile.clauses = vec![crate::text::phrase("(a)", "one two")];
    knowledge.profiles = vec![profile];
    knowledge.phrases = vec![crate::text::phrase("x", "one two")];
    knowledge.check_references(folder).unwrap();
    assert_eq!(Knowledge::load(&serde_json::to_vec(&knowledge).unwrap()).unwrap(), knowledge);

    let refused = |knowledge: &Knowledge, value: &str| {
        let message = knowledge.check_references(folder).expect_err("refused").to_string();
        assert!(message.contains(value), "{message}");
    };
    let mut changed = knowledge.clone();
    changed.profiles[0].key = "y".into();
    refused(&changed, "`y`");
    let mut changed = knowledge.clone();
    changed.profiles[0].clauses[0].label = "(z)".into();
    refused(&changed, "`(z)`");
    let mut changed = knowledge;
    changed.phrases[0].label = "other".into();
    refused(&changed, "`other`");
}
