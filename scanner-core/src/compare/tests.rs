//! Small bills of materials beside each other.

use std::collections::BTreeMap;

use super::expression::canonical;
use super::*;
use crate::bom::{Ancestor, Component};

fn bom(format: Format, tool: &str, components: Vec<Component>) -> Bom {
    Bom {
        format,
        spec_version: "1".to_owned(),
        identity: None,
        created: None,
        tools: vec![tool.to_owned()],
        subject: None,
        components,
        edges: Vec::new(),
        texts: BTreeMap::new(),
        diagnostics: Vec::new(),
    }
}

fn ours(components: Vec<Component>) -> Bom {
    bom(Format::Flowdown, "flowdown 1", components)
}

fn named(name: &str) -> Component {
    let mut component =
        Component { kind: "library".to_owned(), name: name.to_owned(), ..Component::default() };
    component.licenses.declared = vec!["MIT".to_owned()];
    component
}

fn purl(purl: &str, version: &str) -> Component {
    let name = purl.rsplit('/').next().unwrap_or_default();
    Component {
        purl: Some(format!("{purl}@{version}")),
        version: Some(version.to_owned()),
        ..named(name)
    }
}

fn with(mut component: Component, change: impl FnOnce(&mut Component)) -> Component {
    change(&mut component);
    component
}

fn hash(component: &mut Component, digits: &str) {
    component.hashes.insert(("sha256".to_owned(), digits.to_owned()));
}

/// The lines that say what differs: `topic weight old -> new`, `+ added`, `- removed`.
fn lines(old: &Bom, new: &Bom) -> Vec<String> {
    let comparison = compare(old, new);
    let mut lines = Vec::new();
    for changed in comparison.all_changed() {
        for change in &changed.changes {
            lines.push(format!(
                "{} {} {}: {} -> {}",
                changed.label,
                change.topic.name(),
                change.weight.name(),
                change.old.join(","),
                change.new.join(",")
            ));
        }
    }
    let alone =
        |sign: char, alone: &Alone| format!("{sign} {} {}", alone.label, alone.reasons.join(","));
    lines.extend(comparison.added.iter().map(|it| alone('+', it)));
    lines.extend(comparison.removed.iter().map(|it| alone('-', it)));
    let lines_of_sides = comparison.silences.iter();
    lines.extend(lines_of_sides.map(|it| format!("? {} {}", it.side.name(), it.topic.name())));
    lines
}

#[track_caller]
fn check(old: Vec<Component>, new: Vec<Component>, expected: &[&str]) {
    assert_eq!(lines(&ours(old), &ours(new)), expected);
}

#[test]
fn a_document_beside_itself_differs_in_nothing() {
    let all = || {
        vec![
            purl("pkg:pypi/a", "1"),
            purl("pkg:pypi/a", "1"),
            purl("pkg:pypi/a", "2"),
            named("b"),
            named("b"),
            with(named("c"), |c| hash(c, "0f")),
            with(named("d"), |d| hash(d, "0f")),
            Component::default(),
        ]
    };
    check(all(), all(), &[]);
    assert_eq!(compare(&ours(all()), &ours(all())).unchanged, 8);
    check(all().into_iter().rev().collect(), all(), &[]);
}

#[test]
fn components_are_paired_by_what_identifies_them() {
    check(
        vec![purl("pkg:pypi/a", "1")],
        vec![purl("pkg:pypi/a", "2")],
        &["pkg:pypi/a@2 version note: 1 -> 2"],
    );
    // Equal versions first, whatever the order.
    check(
        vec![purl("pkg:pypi/a", "1"), purl("pkg:pypi/a", "2")],
        vec![purl("pkg:pypi/a", "2"), purl("pkg:pypi/a", "3")],
        &["pkg:pypi/a@3 version note: 1 -> 3"],
    );
    check(
        vec![with(named("a"), |a| hash(a, "0f"))],
        vec![with(named("b"), |b| hash(b, "0f"))],
        &["b name note: a -> b"],
    );
    check(
        vec![with(named("a"), |a| hash(a, "0f"))],
        vec![with(named("a"), |a| hash(a, "1f"))],
        &["a digests note: sha256:0f -> sha256:1f"],
    );
    let place = |component: &mut Component| component.occurrences = vec!["x/w.gguf".to_owned()];
    check(vec![with(named("a"), place)], vec![with(named("b"), place)], &["b name note: a -> b"]);
    // A digest outweighs a name.
    check(
        vec![with(named("a"), |a| hash(a, "0f"))],
        vec![named("a"), with(named("b"), |b| hash(b, "0f"))],
        &["b name note: a -> b", "+ a "],
    );
}

#[test]
fn what_two_share_by_chance_pairs_nothing() {
    let place = |component: &mut Component| component.occurrences = vec!["lock".to_owned()];
    check(
        vec![with(named("a"), place), with(named("b"), place)],
        vec![with(named("c"), place), with(named("d"), place)],
        &["+ c ", "+ d ", "- a ", "- b "],
    );
    check(
        vec![purl("pkg:pypi/a", "1")],
        vec![purl("pkg:npm/a", "1")],
        &["+ pkg:npm/a@1 ", "- pkg:pypi/a@1 "],
    );
    let empty = |component: &mut Component| hash(component, "e3b0");
    check(
        vec![with(named("a"), empty), with(named("b"), empty)],
        vec![with(named("c"), empty)],
        &["+ c ", "- a ", "- b "],
    );
}

#[test]
fn licences_are_compared_by_meaning() {
    let license = |text: &'static str| {
        move |component: &mut Component| component.licenses.declared = vec![text.to_owned()]
    };
    let changed = |old, new| {
        lines(
            &ours(vec![with(named("a"), license(old))]),
            &ours(vec![with(named("a"), license(new))]),
        )
    };
    assert_eq!(changed("MIT OR Apache-2.0", "Apache-2.0 OR MIT"), [""; 0]);
    assert_eq!(changed("MIT", "ISC"), ["a license-declared policy: MIT -> ISC"]);
    assert_eq!(
        changed("some words", "other words"),
        ["a license-declared policy: some words -> other words"]
    );
    let none = |component: &mut Component| component.licenses.declared.clear();
    check(vec![named("a")], vec![with(named("a"), none)], &["a license-declared policy: MIT -> "]);
    check(vec![with(named("a"), none)], vec![named("a")], &["a license-declared policy:  -> MIT"]);
    let concluded = |text: &'static str| {
        move |component: &mut Component| component.licenses.concluded = vec![text.to_owned()]
    };
    check(
        vec![named("a")],
        vec![with(named("a"), concluded("MIT"))],
        &["a license-concluded note:  -> MIT"],
    );
    check(
        vec![named("a")],
        vec![with(named("a"), concluded("ISC"))],
        &["a license-concluded policy:  -> ISC"],
    );
    let effective =
        |component: &mut Component| component.licenses.effective = Some("MIT AND ISC".to_owned());
    check(
        vec![with(named("a"), effective)],
        vec![named("a")],
        &["a license-effective policy: MIT AND ISC -> "],
    );
}

#[test]
fn expressions_have_one_canonical_form() {
    for (one, other) in [
        ("MIT", "(MIT)"),
        ("MIT AND MIT", "MIT"),
        ("A-1 words", "A-1 words "),
        ("MIT AND (ISC AND Zlib)", "(Zlib AND MIT) AND ISC"),
        ("MIT OR ISC AND Zlib", "(Zlib AND ISC) OR MIT"),
        (
            "GPL-2.0-only WITH Classpath-exception-2.0 OR MIT",
            "MIT OR GPL-2.0-only WITH Classpath-exception-2.0",
        ),
    ] {
        assert_eq!(canonical(one), canonical(other));
    }
    assert_ne!(canonical("MIT OR ISC AND Zlib"), canonical("(MIT OR ISC) AND Zlib"));
    assert_ne!(canonical("MIT OR ISC"), canonical("MIT AND ISC"));
    let long = vec!["LicenseRef-x"; 1_000].join(" OR ");
    assert_eq!(canonical(&long), "LicenseRef-x");
}

#[test]
fn terms_matter_and_the_rest_is_worth_a_note() {
    let rich = |component: &mut Component| {
        component.restrictions.insert("R 1".to_owned());
        component.obligations.insert("R notice 2".to_owned());
    };
    check(
        vec![with(named("a"), rich)],
        vec![named("a")],
        &["a restrictions policy: R 1 -> ", "a obligations policy: R notice 2 -> "],
    );
    let base = |version: &'static str| {
        move |component: &mut Component| {
            component.ancestors.push(Ancestor {
                name: "x/b".to_owned(),
                purl: Some(format!("pkg:huggingface/x/b@{version}")),
                relation: Some("fine-tuned-from".to_owned()),
            });
        }
    };
    check(vec![with(named("a"), base("1"))], vec![with(named("a"), base("2"))], &[]);
    check(
        vec![named("a")],
        vec![with(named("a"), base("2"))],
        &["a ancestors note:  -> fine-tuned-from pkg:huggingface/x/b"],
    );
    let none = |component: &mut Component| component.licenses.declared.clear();
    check(vec![], vec![with(named("a"), none)], &["+ a its licence is unknown"]);
    check(vec![], vec![with(named("a"), rich)], &["+ a it brings use restrictions"]);
}

#[test]
fn what_a_kind_of_document_never_says_is_not_compared() {
    let rich = || {
        with(purl("pkg:pypi/a", "1"), |a| {
            a.restrictions.insert("R 1".to_owned());
            a.licenses.effective = Some("MIT".to_owned());
        })
    };
    let poor = || with(purl("pkg:pypi/a", "1"), |a| a.supplier = Some("s".to_owned()));
    let foreign = |tool: &str, it: Component| bom(Format::CycloneDxJson, tool, vec![it]);
    // Our form always speaks of lineage and terms, here with nothing to say.
    assert_eq!(
        lines(&foreign("syft 1", poor()), &ours(vec![rich()])),
        [
            "? old license-concluded",
            "? old license-effective",
            "? old restrictions",
            "? old obligations",
            "? old ancestors",
            "? old digests",
            "? new supplier",
            "? old scope",
        ]
    );
    // Of one tool, absence is an answer.
    assert_eq!(
        lines(&foreign("t 1", rich()), &foreign("t 2", poor())),
        [
            "pkg:pypi/a@1 license-effective policy: MIT -> ",
            "pkg:pypi/a@1 restrictions policy: R 1 -> ",
            "pkg:pypi/a@1 supplier note:  -> s",
        ]
    );
}

#[test]
fn digests_of_other_algorithms_are_no_difference() {
    let md5 = |a: &mut Component| a.hashes.extend([("md5".to_owned(), "0f".to_owned())]);
    check(vec![with(named("a"), md5)], vec![with(named("a"), |a| hash(a, "1f"))], &[]);
}

#[test]
fn documents_are_bounded_and_escape_what_they_quote() {
    let hostile = "<img src=x> [a](b) | `c`\n# d @e";
    let many = |licence: &str| -> Bom {
        ours(
            (0..5_000)
                .map(|number| {
                    with(named(&format!("{hostile}{number}")), |it| {
                        it.licenses.declared = vec![licence.to_owned()];
                    })
                })
                .collect(),
        )
    };
    let comparison = compare(&many("MIT"), &many(hostile));
    let mut page = Vec::new();
    markdown::write(&comparison, &mut page).unwrap();
    let page = String::from_utf8(page).unwrap();
    assert!(page.len() < 65_000, "{}", page.len());
    assert!(page.contains(" more are not shown"));
    let unescaped = page.replace("\\<", "").replace("\\]", "").replace("\\|", "");
    assert!(!unescaped.contains("<img") && !unescaped.contains("](") && !unescaped.contains('|'));
    assert!(!page.contains("\n# d"));
    let mut json = Vec::new();
    json::write(&comparison, &mut json).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert!(jsonschema::validator_for(&json::schema()).unwrap().is_valid(&json));
    assert_eq!(json["policy_changes"], 5_000);
}

#[test]
fn an_empty_comparison_is_one_in_every_document() {
    let comparison = compare(&ours(vec![named("a")]), &ours(vec![named("a")]));
    let mut page = Vec::new();
    markdown::write(&comparison, &mut page).unwrap();
    assert_eq!(
        String::from_utf8(page).unwrap(),
        "## Bill of materials: no differences\n\n- old: Flowdown JSON 1 by flowdown 1, 1 component\n\
         - new: Flowdown JSON 1 by flowdown 1, 1 component\n"
    );
}
