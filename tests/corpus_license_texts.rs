//! Recognition of licence texts: every text of the SPDX list as itself or a twin, and, with
//! `FLOWDOWN_CORPUS`, every text of its `license-texts`, whole and changed.

mod recognition;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use flowdown_core::extract::license_text::Matcher;
use flowdown_core::model::{LicenseKey, ProfileKind, Recognition, SourcePath, Span, TextProfile};
use flowdown_plugin_sdk::text;
use flowdown_test_support::outside::{self, CORPUS, Test};
use libtest_mimic::{Arguments, Failed, Trial};
use recognition::{
    KNOWN, changes, claimed, conditions, ensure, of_message, oracles, recognize, summary, texts,
    wrap,
};

const WITH_CORPUS: [(&str, Test); 8] = [
    ("every_text_is_recognized_as_itself", every_text_is_recognized_as_itself),
    ("a_text_nobody_knows_is_not_taken_for_its_twin", a_text_nobody_knows),
    ("layout_does_not_matter", layout_does_not_matter),
    ("a_head_and_a_foot_do_not_matter", a_head_and_a_foot_do_not_matter),
    ("a_removed_restriction_is_named", a_removed_restriction_is_named),
    ("an_inserted_restriction_is_located", an_inserted_restriction_is_located),
    ("two_texts_in_one_file_are_both_found", two_texts_in_one_file_are_both_found),
    ("every_clause_of_a_text_can_be_quoted", every_clause_of_a_text_can_be_quoted),
];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("every_listed_text_is_recognized", every_listed_text_is_recognized),
        Trial::test("a_changed_permissive_text_is_unknown", || {
            a_changed_permissive_text_is_unknown()
        }),
    ];
    let alone = conditions::TESTS.iter().map(|(name, test)| Trial::test(*name, *test));
    trials.extend(alone);
    trials.extend(outside::trials(CORPUS, &WITH_CORPUS));
    trials.extend(outside::trials(CORPUS, &changes::TESTS));
    trials.extend(outside::trials(oracles::LICENSE_FILES, &oracles::WITH_FILES));
    trials.extend(outside::trials(oracles::SCANCODE, &oracles::WITH_SCANCODE));
    libtest_mimic::run(&arguments, trials).exit();
}

/// Every text of the corpus, by key. Each must have a profile.
fn known_texts(corpus: &Path) -> Result<BTreeMap<String, String>, Failed> {
    let texts = texts(corpus, |_| true)?;
    let unknown: Vec<&String> = texts.keys().filter(|key| plugin_of(key).is_empty()).collect();
    ensure(unknown.is_empty(), || format!("texts without a profile: {unknown:?}"))?;
    Ok(texts)
}

/// The plugin that has the profile of `key`.
fn plugin_of(key: &str) -> &'static str {
    let plugins = KNOWN.plugins.iter();
    let mut owners = plugins.filter(|plugin| plugin.profiles.iter().any(|it| it.key == key));
    owners.next().map_or("", |plugin| plugin.id.as_str())
}

/// Every id of the list whose text is long enough to have a profile is among the candidates that
/// the plugin claims for what is recognised in that text. Several ids have the same words: which of
/// the GNU "only" and "or later" is meant, no text says.
fn every_listed_text_is_recognized() -> Result<(), Failed> {
    let (mut own, mut twin, mut wrong) = (0, 0, Vec::new());
    for listed in KNOWN.plugins.iter().flat_map(|plugin| &plugin.listed) {
        let Some(license) = &listed.text else { continue };
        if text::words(license).count() < 20 {
            continue;
        }
        let found = recognize(license);
        let mut exact = found.matches.iter().filter(|it| it.recognition == Recognition::Exact);
        if exact.clone().any(|it| it.key.0 == listed.key) {
            own += 1;
        } else if exact.any(|it| claimed(&it.key.0).contains(&listed.key)) {
            twin += 1;
        } else {
            wrong.push(format!("{}: {}", listed.key, summary(&found).join(", ")));
        }
    }
    ensure(own > 600 && wrong.is_empty(), || {
        format!("{own} under their own key, {twin} under a twin's, wrong: {wrong:#?}")
    })
}

fn a_changed_permissive_text_is_unknown() -> Result<(), Failed> {
    let listed = KNOWN.plugins.iter().flat_map(|plugin| &plugin.listed);
    let text_of = |key: &str| -> Result<String, Failed> {
        let mut found = listed.clone().filter(|it| it.key == key).filter_map(|it| it.text.as_ref());
        Ok(found.next().ok_or("the text is listed")?.to_string())
    };
    for (key, from, to) in [
        ("mit", "without restriction", "with restriction"),
        ("BSD-3-Clause", "with or without modification", "without modification"),
        ("ISC", "with or without fee", "without fee"),
        ("apache-2.0", "royalty-free, irrevocable", "royalty-free, revocable"),
    ] {
        let text = text_of(key)?;
        ensure(text.contains(from), || format!("`{key}` has no `{from}`"))?;
        let found = recognize(&text.replacen(from, to, 1));
        let is_unknown = found.matches.is_empty() && !found.diagnostics.is_empty();
        ensure(is_unknown, || format!("{key}: {:?}", summary(&found)))?;
    }
    let conditional =
        format!("{}\nIf you use it in commercial products, show our name.", text_of("mit")?);
    let found = recognize(&conditional);
    ensure(found.matches.is_empty() && found.diagnostics.len() == 1, || {
        format!("with a condition: {:?}", summary(&found))
    })
}

/// Licences that end with their use policy.
const APPENDED: [(&str, &str); 5] = [
    ("fair-nc-2024-10-18", "fair-aup"),
    ("llama-3", "llama-3-aup"),
    ("minimax-model-2025-01", "minimax-prohibited-uses"),
    ("tencent-hunyuan-3d-2.0", "tencent-hunyuan-aup"),
    ("tencent-hunyuan-video-2024-12", "tencent-hunyuan-aup"),
];

fn every_text_is_recognized_as_itself(corpus: &Path) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    for (key, text) in known_texts(corpus)? {
        let found = recognize(&text);
        let mut expected = vec![format!("{key} exact")];
        let policies = APPENDED.iter().filter(|(license, _)| *license == key);
        expected.extend(policies.map(|(_, policy)| format!("{policy} exact")));
        let found = summary(&found);
        if found != expected {
            wrong.push(format!("{key}: {found:?}"));
        }
    }
    ensure(wrong.is_empty(), || format!("{wrong:#?}"))
}

/// A licence whose text is not known may come out as a changed copy of another one, which says what
/// differs. It must never pass for one, and least of all for a permissive one.
fn a_text_nobody_knows(corpus: &Path) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    for (key, text) in known_texts(corpus)? {
        let others = KNOWN.plugins.iter().flat_map(|plugin| {
            let profiles = plugin.profiles.iter().filter(|profile| profile.key != key);
            profiles.map(|profile| of_message(profile, &plugin.id))
        });
        let others: Vec<TextProfile> = others.collect();
        let permissive: BTreeSet<LicenseKey> = others
            .iter()
            .filter(|profile| profile.permissive)
            .map(|profile| profile.key.clone())
            .collect();
        let found = Matcher::new(others).match_text(&SourcePath::new("LICENSE"), &text);
        for taken in found.matches.iter().filter(|it| it.kind == ProfileKind::License) {
            let is_exact = taken.recognition == Recognition::Exact;
            if is_exact || permissive.contains(&taken.key) || taken.differs.is_empty() {
                wrong.push(format!("{key} for {} {}", taken.key, taken.recognition.name()));
            }
        }
    }
    ensure(wrong.is_empty(), || format!("{wrong:#?}"))
}

fn layout_does_not_matter(corpus: &Path) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    for (key, text) in known_texts(corpus)? {
        if plugin_of(&key) == "open-source" {
            continue;
        }
        let one_paragraph = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let markdown: String = text.lines().map(|line| format!("> **{line}**\n")).collect();
        for (layout, changed) in [("wrapped", wrap(&one_paragraph)), ("markdown", markdown)] {
            let found = recognize(&changed);
            let same = found
                .matches
                .iter()
                .any(|it| it.key.0 == key && it.recognition >= Recognition::Variant);
            if !same {
                wrong.push(format!("{key} {layout}: {:?}", summary(&found)));
            }
        }
    }
    ensure(wrong.is_empty(), || format!("{wrong:#?}"))
}

fn a_head_and_a_foot_do_not_matter(corpus: &Path) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    for (key, text) in known_texts(corpus)? {
        let found =
            recognize(&format!("# Model of Example Corp.\n\n{text}\n\nSee the web site.\n"));
        let mut matches = found.matches.iter();
        if !matches.any(|it| it.key.0 == key && it.recognition == Recognition::Exact) {
            wrong.push(format!("{key}: {:?}", summary(&found)));
        }
    }
    ensure(wrong.is_empty(), || format!("{wrong:#?}"))
}

const BIGCODE: &str = "bigcode-openrail-m-v1";

fn bigcode(corpus: &Path) -> Result<String, Failed> {
    Ok(std::fs::read_to_string(corpus.join(format!("license-texts/{BIGCODE}.txt")))?)
}

fn a_removed_restriction_is_named(corpus: &Path) -> Result<(), Failed> {
    let text = bigcode(corpus)?;
    let kept = |line: &&str| !line.starts_with("(c) To generate");
    let changed: Vec<&str> = text.lines().filter(kept).collect();
    ensure(changed.len() + 1 == text.lines().count(), || "the line was not found".into())?;
    let found = recognize(&changed.join("\n"));
    ensure(summary(&found) == [format!("{BIGCODE} variant")], || format!("{:?}", summary(&found)))?;
    let differs = &found.matches[0].differs;
    ensure(differs.first().is_some_and(|it| it == "the wording of `(c)` is absent"), || {
        format!("{differs:?}")
    })?;
    ensure(found.matches[0].clauses.len() == 13, || format!("{:?}", found.matches[0].clauses))
}

fn an_inserted_restriction_is_located(corpus: &Path) -> Result<(), Failed> {
    let text = bigcode(corpus)?;
    let at = text.lines().position(|line| line.starts_with("(d) ")).ok_or("item (d)")?;
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(at, "(c2) To operate kitchens, bakeries, breweries or distilleries of any size;");
    let found = recognize(&lines.join("\n"));
    ensure(summary(&found) == [format!("{BIGCODE} variant")], || format!("{:?}", summary(&found)))?;
    let expected = format!("11 other words in line {}", at + 1);
    let differs = &found.matches[0].differs;
    ensure(*differs == [expected.clone()], || format!("{differs:?}, expected {expected}"))
}

fn two_texts_in_one_file_are_both_found(corpus: &Path) -> Result<(), Failed> {
    let texts = known_texts(corpus)?;
    for (one, other) in
        [(BIGCODE, "apache-2.0"), ("llama-3.1", "llama-3.1-aup"), ("mit", "llama-2")]
    {
        let text = |key: &str| texts.get(key).cloned().ok_or(format!("no text {key}"));
        let found = summary(&recognize(&format!("{}\n\n{}", text(one)?, text(other)?)));
        let expected = [format!("{one} exact"), format!("{other} exact")];
        ensure(found == expected, || format!("{found:?}, expected {expected:?}"))?;
    }
    Ok(())
}

fn every_clause_of_a_text_can_be_quoted(corpus: &Path) -> Result<(), Failed> {
    let mut clauses = 0;
    for (key, text) in known_texts(corpus)? {
        let profiles = KNOWN.plugins.iter().flat_map(|plugin| &plugin.profiles);
        let of_key = profiles.filter(|profile| profile.key == key);
        let expected = of_key.map(|profile| profile.clauses.len()).max().unwrap_or_default();
        let found = recognize(&text);
        let of_key = found.matches.iter().filter(|it| it.key.0 == key);
        let quoted = of_key.map(|it| it.clauses.len()).max().unwrap_or_default();
        ensure(quoted == expected, || format!("{key}: {quoted} of {expected}"))?;
        clauses += quoted;
    }
    ensure(clauses > 200, || format!("{clauses} clauses"))?;
    let text = bigcode(corpus)?;
    let found = recognize(&text);
    let lines: Arc<[&str]> = text.lines().collect();
    for (label, at) in &found.matches[0].clauses {
        let Some(Span::Lines { first, .. }) = at.span else {
            return Err(format!("{label} has no lines").into());
        };
        let line = lines[usize::try_from(first)? - 1];
        ensure(line.starts_with(label.as_str()), || format!("{label}: {line}"))?;
    }
    Ok(())
}
