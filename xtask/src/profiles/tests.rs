use super::spec::{ClausesSpec, Split};
use super::*;

fn check(text: &str, split: Split, expected: &[&str]) {
    assert_eq!(clauses::items(text, &list(split), expected.len()).unwrap(), expected);
}

fn list(split: Split) -> ClausesSpec {
    ClausesSpec {
        after: String::new(),
        split,
        record: None,
        labels: None,
        skip: vec!["No item".into()],
    }
}

#[test]
fn items_are_cut_by_markers_lines_or_semicolons() {
    let marked = "You must not:\n\n(a) Do this;\n(b) do\nthat; and\n  1. Group:\n 2. No item\n   - not these.\n";
    check(marked, Split::Markers, &["Do this", "do that", "not these"]);
    check(
        ":\n  one thing;\n\n  Group:\n   two things; or\n",
        Split::Lines,
        &["one thing", "two things"],
    );
    check("You must not: do\nthis; do that; ", Split::Semicolons, &["do\nthis", "do that"]);
}

#[test]
fn a_list_that_is_too_short_is_refused() {
    let error = clauses::items("- one thing\n", &list(Split::Markers), 2).expect_err("too short");
    assert!(error.to_string().contains("1 items, the record 2"), "{error}");
}

#[test]
fn a_prescribed_phrase_is_the_next_quoted_text() {
    let text = "the following\nnotice in a file: “X is\nlicensed, Copyright © Y.” “no”";
    assert_eq!(quoted(text, "following notice", Some("copyright")).unwrap(), "X is licensed, ");
    assert_eq!(quoted(text, "a file", None).unwrap(), "X is licensed, Copyright © Y.");
    assert!(quoted(text, "absent", None).is_err());
}

#[test]
fn a_text_must_satisfy_its_own_discriminators() {
    let of = |presence| [text::discriminator("says so", "two three", presence)];
    satisfies_itself("one two three", &of(Presence::Must)).unwrap();
    satisfies_itself("one three two", &of(Presence::MustNot)).unwrap();
    assert!(satisfies_itself("one two three", &of(Presence::MustNot)).is_err());
    assert!(satisfies_itself("three two", &of(Presence::Must)).is_err());
}

#[test]
fn the_specification_is_readable() {
    let spec: Spec = toml::from_str(include_str!("../../profiles.toml")).unwrap();
    assert!(spec.text.iter().any(|text| text.key == "bigcode-openrail-m-v1"));
}
