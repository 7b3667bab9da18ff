use flowdown_plugin_sdk::message::TermsRestriction;

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
        except: Vec::new(),
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

/// A specification with these lines beside the key and the plugin.
fn entry(lines: &str) -> TextSpec {
    toml::from_str(&format!("key = 'k'\nplugin = 'p'\n{lines}")).unwrap()
}

fn terms(labels: &[&str]) -> Terms {
    let mut terms = record("open-source", "mit").unwrap();
    terms.restriction = labels.iter().map(|label| restriction(label)).collect();
    terms
}

fn restriction(label: &str) -> TermsRestriction {
    let categories = vec!["illegal-use".to_owned()];
    let label = label.to_owned();
    TermsRestriction { label, categories, mental: None, exceptions: Vec::new(), note: None }
}

#[test]
fn restrictions_are_placed_one_by_one_and_in_lists() {
    let text = "Not (i) for war,\n(ii) for\n  spying; and (iii) for fun\nNor to:\n- sell it;\n- rent it.\n";
    let entry = entry(
        "clauses = { after = 'Nor to:', split = 'markers' }
         clause = [
             { label = '1.i', from = 'for war', until = '(ii)' },
             { label = '1.ii', from = 'for spying', until = '; and' },
             { label = '1.iii', from = 'for fun' },
         ]",
    );
    let labels = ["1.i", "1.ii", "1.iii", "2.a", "2.b"];
    let found = clauses::wording(text, &entry, &terms(&labels)).unwrap();
    let wording = ["for war", "for spying", "for fun", "sell it", "rent it"];
    let expected: Vec<Phrase> =
        labels.iter().zip(wording).map(|(label, wording)| text::phrase(label, wording)).collect();
    assert_eq!(found, expected);
    let error = clauses::wording(text, &entry, &terms(&labels[1..])).expect_err("no such label");
    assert!(error.to_string().contains("no restriction `1.i`"), "{error}");
}

#[test]
fn an_anchor_stands_across_lines_and_words_must_be_apart() {
    assert_eq!(find("a One\n  two b", "one TWO").unwrap(), 2..11);
    assert!(find("a Onetwo b", "one two").is_err());
    assert_eq!(find("für alle", "alle").unwrap(), 5..9);
}

#[test]
fn a_prescribed_phrase_is_the_next_quoted_text() {
    let text = "the following\nnotice in a file: “X is\nlicensed, Copyright © Y.” “no”";
    let wording = |after: Option<&str>, from: Option<&str>, until: Option<&str>| {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let (after, from, until) = (owned(after), owned(from), owned(until));
        let (id, plugin, name) = ("x".into(), "p".into(), "t".into());
        wording(text, &PhraseSpec { id, plugin, text: name, after, from, until })
    };
    let after = |anchor, until| wording(Some(anchor), None, until);
    assert_eq!(after("following notice", Some("copyright")).unwrap(), "X is licensed, ");
    assert_eq!(after("a file", None).unwrap(), "X is licensed, Copyright © Y.");
    assert!(after("absent", None).is_err());
    assert_eq!(wording(None, Some("is licensed"), Some(",")).unwrap(), "is licensed");
    assert!(wording(None, None, None).is_err());
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
