use super::*;
use crate::message::{ArtifactView, LicenseClaim};

fn check_descriptor(json: &str) -> String {
    let outcome = decode::<Descriptor>(json.as_bytes()).and_then(|found| descriptor(&found));
    outcome.map_or_else(|error| error.to_string(), |()| "fits".to_owned())
}

fn check_response(answers: Vec<Resolution>) -> String {
    let asked = ["a", "b"].map(|id| ArtifactView {
        id: id.into(),
        kind: "model".into(),
        name: None,
        facts: vec![],
        text_matches: vec![],
        parents: vec![],
    });
    let request = ResolveRequest {
        abi: 1,
        settings: Default::default(),
        product: None,
        artifacts: asked.into(),
    };
    response(&request, &ResolveResponse { artifacts: answers })
        .map_or_else(|error| error.to_string(), |()| "fits".to_owned())
}

fn about(id: &str) -> Resolution {
    Resolution { id: id.into(), ..Resolution::default() }
}

#[test]
fn descriptors_need_an_id_of_the_grammar_and_printable_names() {
    let with = |id: &str, family: &str| {
        check_descriptor(&format!(
            r#"{{"id":"{id}","version":"1","phase":"license","families":["{family}"]}}"#
        ))
    };
    assert_eq!(with("acme-2", "acme"), "fits");
    assert_eq!(
        with("Acme", "acme"),
        "at `id`: `Acme` is not 1 to 128 of the characters a-z, 0-9 and `-`"
    );
    assert!(with("", "acme").starts_with("at `id`: "));
    assert!(with(&"a".repeat(129), "acme").starts_with("at `id`: "));
    assert_eq!(with("acme", "\\u001b[2J"), "at `families[0]`: empty, or holds control characters");
    assert_eq!(with("acme", &"x".repeat(129)), "at `families[0]`: 129 bytes, the limit is 128");
}

#[test]
fn an_error_of_form_names_the_place() {
    assert_eq!(
        check_descriptor(r#"{"id":"a","version":"1","phase":"both"}"#),
        "at `phase`: unknown variant `both`, expected `lineage` or `license` at line 1 column 38"
    );
    let error = decode::<ResolveResponse>(
        br#"{"artifacts":[{"id":"a","claims":[{"candidates":["x"],"basis":1,"evidence":[]}]}]}"#,
    )
    .unwrap_err();
    assert_eq!(error.path, "artifacts[0].claims[0].basis");
    let error = decode::<ResolveResponse>(br#"{"artifacts":[]} and more"#).unwrap_err();
    assert_eq!(error.to_string(), "at `.`: trailing characters at line 1 column 18");
    let error = decode::<ResolveResponse>(b"\xff\xfe").unwrap_err();
    assert_eq!(error.path, ".");
}

#[test]
fn nesting_without_end_is_an_error_and_not_a_crash() {
    let deep = format!(r#"{{"artifacts":{}"#, "[".repeat(1_000_000));
    assert!(decode::<ResolveResponse>(deep.as_bytes()).is_err());
    let value = format!(
        r#"{{"abi":1,"artifacts":[],"settings":{{"x":{}0{}}}}}"#,
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    let error = decode::<ResolveRequest>(value.as_bytes()).unwrap_err();
    assert!(error.problem.starts_with("recursion limit exceeded"), "{error}");
}

#[test]
fn answers_fit_the_question() {
    assert_eq!(check_response(vec![]), "fits");
    assert_eq!(check_response(vec![about("b"), about("a")]), "fits");
    let stranger = "at `artifacts[1].id`: `c` was not asked about, or was answered before";
    assert_eq!(check_response(vec![about("a"), about("c")]), stranger);
    let twice = "at `artifacts[1].id`: `a` was not asked about, or was answered before";
    assert_eq!(check_response(vec![about("a"), about("a")]), twice);
}

#[test]
fn answers_are_bounded() {
    let claim = LicenseClaim {
        stated: None,
        candidates: vec!["x".into()],
        expression: None,
        basis: "declared".into(),
        evidence: vec![],
    };
    let many = Resolution { claims: vec![claim.clone(); 1_001], ..about("a") };
    let expected = "at `artifacts[0].claims`: 1001 entries, the limit is 1000";
    assert_eq!(check_response(vec![many]), expected);
    let long = LicenseClaim { stated: Some("x".repeat(65_537)), ..claim };
    let long = Resolution { claims: vec![long], ..about("a") };
    let expected = "at `artifacts[0].claims[0]`: a text of 65537 bytes, the limit is 65536";
    assert_eq!(check_response(vec![long]), expected);
}
