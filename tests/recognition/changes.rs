//! Every licence text of the corpus, changed in stated ways, with what must come of it; and every
//! family left out, as if nobody had ever read its licences. Nothing that is not permissive, whole or
//! changed, is ever reported as a permissive licence.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use flowdown_core::extract::license_text::{Matcher, Recognized};
use flowdown_core::model::{LicenseKey, ProfileKind, Recognition, ResolverId, Span, TextProfile};
use flowdown_plugin_sdk::{message, text};
use flowdown_test_support::outside::Test;
use libtest_mimic::Failed;

use super::{KNOWN, ensure, find, of_message, profiles, summary, texts, wrap};

pub(crate) const TESTS: [(&str, Test); 7] = [
    ("layout_leaves_every_text_exact", layout_leaves_every_text_exact),
    ("a_removed_sentence_is_seen", a_removed_sentence_is_seen),
    ("an_inserted_restriction_is_seen", an_inserted_restriction_is_seen),
    ("two_texts_in_one_file_have_their_own_lines", two_texts_in_one_file),
    ("a_text_with_its_policy_has_both", a_text_with_its_policy_has_both),
    ("a_family_that_is_left_out_is_never_another", a_family_that_is_left_out),
    ("ties_are_settled_by_rule", ties_are_settled_by_rule),
];

/// Texts of the corpus by key, and a profile of each: the plugins' own where they have one.
struct Texts {
    by_key: BTreeMap<String, String>,
    profiles: Vec<TextProfile>,
}

impl Texts {
    fn of(corpus: &Path) -> Result<Self, Failed> {
        let by_key = texts(corpus, |_| true)?;
        let mut profiles = profiles(&KNOWN.plugins);
        let known: BTreeSet<String> = profiles.iter().map(|it| it.key.0.clone()).collect();
        for (key, text) in by_key.iter().filter(|(key, _)| !known.contains(*key)) {
            profiles.push(profile(key, text));
        }
        Ok(Self { by_key, profiles })
    }

    fn matcher(&self) -> Matcher {
        Matcher::new(self.profiles.clone())
    }

    fn without(&self, family: impl Fn(&str) -> bool) -> Matcher {
        Matcher::new(self.profiles.iter().filter(|it| !family(&it.key.0)).cloned().collect())
    }

    fn is_permissive(&self, key: &str) -> bool {
        self.profiles.iter().any(|it| it.key.0 == key && it.permissive)
    }

    /// The first permissive licence that something which is not `key` was taken for.
    fn permissive_by_mistake(&self, key: &str, found: &Recognized) -> Option<String> {
        let mut matches = found.matches.iter().map(|it| &it.key.0);
        matches.find(|it| *it != key && self.is_permissive(it)).cloned()
    }
}

fn profile(key: &str, text: &str) -> TextProfile {
    let mut made = of_message(&text::profile(key, message::ProfileKind::License, text), "test");
    made.by = ResolverId("test".into());
    made
}

fn recognition(found: &Recognized, key: &str) -> Option<Recognition> {
    found.matches.iter().find(|it| it.key.0 == key).map(|it| it.recognition)
}

fn lines(found: &Recognized, key: &str) -> Option<(u64, u64)> {
    let found = found.matches.iter().find(|it| it.key.0 == key)?;
    match found.at.span {
        Some(Span::Lines { first, last }) => Some((first, last)),
        _ => None,
    }
}

fn none(wrong: &[String]) -> Result<(), Failed> {
    ensure(wrong.is_empty(), || format!("{} cases: {wrong:#?}", wrong.len()))
}

/// Paragraphs with their lines joined and broken elsewhere.
fn reflowed(text: &str) -> String {
    let paragraph = |it: &str| wrap(&it.split_whitespace().collect::<Vec<_>>().join(" "));
    text.split("\n\n").map(paragraph).collect::<Vec<_>>().join("\n\n")
}

fn layout_leaves_every_text_exact(corpus: &Path) -> Result<(), Failed> {
    let texts = Texts::of(corpus)?;
    let matcher = texts.matcher();
    let (mut wrong, mut joined) = (Vec::new(), Vec::new());
    for (key, text) in &texts.by_key {
        let quoted: String = text.lines().map(|line| format!("> **{line}**\n")).collect();
        let headed = format!("# Model of Example Corp.\n\n{text}\n\nSee the web site.\n");
        let commented: String = text.lines().map(|line| format!("// {line}\r\n")).collect();
        let layouts = [
            ("as it is", text.clone()),
            ("reflowed", reflowed(text)),
            ("quoted", quoted),
            ("headed", headed),
            ("commented", commented),
        ];
        for (layout, changed) in layouts {
            let found = find(&matcher, &changed);
            match recognition(&found, key) {
                Some(Recognition::Exact) => {}
                Some(Recognition::Variant) if layout == "reflowed" => joined.push(key.as_str()),
                _ => wrong.push(format!("{key} {layout}: {:?}", summary(&found))),
            }
        }
    }
    none(&wrong)?;
    // A copyright line that is joined with what stands below it is no line of its own any more.
    let expected = [
        "deepfloyd-if",
        "lgpl-3.0",
        "llama-2",
        "llama-3",
        "minimax-m2.7-nc-2026",
        "sdxl-0.9-research",
        "tongyi-qianwen-research-2023-11",
    ];
    ensure(joined == expected, || format!("{joined:?}"))
}

/// Where the sentence in the middle of a text begins and ends.
fn middle_sentence(text: &str) -> Option<(usize, usize)> {
    let ends: Vec<usize> = text
        .match_indices(['.', ';'])
        .filter(|(at, _)| *at + 1 < text.len())
        .map(|it| it.0)
        .collect();
    let ends: Vec<usize> =
        ends.into_iter().filter(|at| text[*at + 1..].starts_with(char::is_whitespace)).collect();
    let pairs =
        ends.windows(2).filter(|pair| text::words(&text[pair[0] + 1..pair[1]]).count() >= 8);
    let inner = pairs.filter(|pair| text::words(&text[pair[1]..]).count() >= 20);
    let pairs: Vec<(usize, usize)> = inner.map(|pair| (pair[0] + 1, pair[1] + 1)).collect();
    pairs.get(pairs.len() / 2).copied()
}

/// A changed text is never exact and never permissive; one that is not permissive and long enough to
/// stay recognisable says what differs.
fn changed_is_seen(
    corpus: &Path,
    change: impl Fn(&str, (usize, usize)) -> String,
) -> Result<usize, Failed> {
    let texts = Texts::of(corpus)?;
    let matcher = texts.matcher();
    let (mut wrong, mut variants) = (Vec::new(), 0);
    for (key, text) in &texts.by_key {
        let sentence = middle_sentence(text).ok_or_else(|| format!("{key} has no sentences"))?;
        let found = find(&matcher, &change(text, sentence));
        let of_key = found.matches.iter().find(|it| it.key.0 == *key);
        let permissive = texts.is_permissive(key);
        let exact = of_key.is_some_and(|it| it.recognition == Recognition::Exact);
        let silent = of_key.is_some_and(|it| it.differs.is_empty());
        let lost = !permissive && of_key.is_none() && found.diagnostics.is_empty();
        let mistaken = texts.permissive_by_mistake("", &found);
        if exact || silent || lost || mistaken.is_some() {
            wrong.push(format!("{key}: {:?}", summary(&found)));
        }
        variants += usize::from(of_key.is_some_and(|it| it.recognition == Recognition::Variant));
    }
    none(&wrong)?;
    Ok(variants)
}

fn a_removed_sentence_is_seen(corpus: &Path) -> Result<(), Failed> {
    let removed =
        |text: &str, (start, end): (usize, usize)| format!("{}{}", &text[..start], &text[end..]);
    let variants = changed_is_seen(corpus, removed)?;
    ensure(variants > 50, || format!("{variants} variants"))
}

fn an_inserted_restriction_is_seen(corpus: &Path) -> Result<(), Failed> {
    for restriction in [
        " You must not use it to run kitchens, bakeries, breweries or distilleries.",
        " Except for cooking.",
        "\n\n(z) for the navigation of airships;\n",
    ] {
        let inserted = |text: &str, (_, end): (usize, usize)| {
            format!("{}{restriction}{}", &text[..end], &text[end..])
        };
        let variants = changed_is_seen(corpus, inserted)?;
        ensure(variants > 50, || format!("{restriction}: {variants} variants"))?;
    }
    Ok(())
}

fn two_texts_in_one_file(corpus: &Path) -> Result<(), Failed> {
    let texts = Texts::of(corpus)?;
    let matcher = texts.matcher();
    let keys: Vec<&String> = texts.by_key.keys().collect();
    let mut wrong = Vec::new();
    // Each text before its third neighbour, so that near twins stay apart.
    for (one, other) in keys.iter().zip(keys.iter().cycle().skip(3)) {
        let (first, second) = (texts.by_key[*one].trim_end(), &texts.by_key[*other]);
        let border = first.lines().count() as u64;
        let found = find(&matcher, &format!("{first}\n\n{second}"));
        let exact = |key: &str| recognition(&found, key) == Some(Recognition::Exact);
        let above = lines(&found, one).is_some_and(|(first, last)| first < last && last <= border);
        let below = lines(&found, other).is_some_and(|(first, _)| first > border + 1);
        if !(exact(one) && exact(other) && above && below) {
            let at = (lines(&found, one), border, lines(&found, other));
            wrong.push(format!("{one} + {other}: {at:?} {:?}", summary(&found)));
        }
    }
    none(&wrong)
}

/// One file may hold a licence and a policy, or a licence of the model and one of its data.
fn a_text_with_its_policy_has_both(corpus: &Path) -> Result<(), Failed> {
    let texts = Texts::of(corpus)?;
    let matcher = texts.matcher();
    for (one, other) in [
        ("flux1-dev-nc-1.1.1", "cc-by-nc-4.0"),
        ("stability-nc-2024-03-18", "openmdw-1.1"),
        ("llama-3.2", "llama-3.2-aup"),
    ] {
        let (first, second) = (texts.by_key[one].trim_end(), texts.by_key[other].trim_end());
        let found = find(&matcher, &format!("{first}\n\n---\n\n{second}\n"));
        let border = first.lines().count() as u64;
        let expected = [format!("{one} exact"), format!("{other} exact")];
        ensure(summary(&found) == expected, || format!("{:?}", summary(&found)))?;
        let (above, below) = (lines(&found, one), lines(&found, other));
        ensure(
            above.is_some_and(|it| it.1 <= border) && below.is_some_and(|it| it.0 > border + 2),
            || format!("{one} {above:?}, border {border}, {other} {below:?}"),
        )?;
    }
    let found = find(&matcher, &texts.by_key["llama-3"]);
    let (license, policy) = (lines(&found, "llama-3"), lines(&found, "llama-3-aup"));
    let inside =
        license.zip(policy).is_some_and(|(whole, part)| whole.0 < part.0 && part.1 <= whole.1);
    ensure(inside, || format!("llama-3 {license:?}, its policy {policy:?}"))
}

/// Licences that one house wrote, or that were written from one text: the words of OPT's are in those of
/// LLaMA 1, SDXL 0.9 and DeepFloyd.
const FAMILIES: [(&str, &[&str]); 15] = [
    (
        "rail",
        &[
            "ai2-",
            "aipubs-",
            "bigcode-",
            "bigscience-",
            "creativeml-",
            "deepseek-",
            "ltxv-",
            "minimax-model-",
            "minimax-prohibited-",
            "openrail",
            "playground-",
            "rail-",
            "tencent-",
        ],
    ),
    ("llama", &["llama-2", "llama-3", "llama-4"]),
    ("gemma", &["gemma-"]),
    ("stability", &["stability-", "svd-"]),
    ("opt", &["chameleon-", "deepfloyd-", "fair-", "opt-175b", "seamless-", "llama-1", "sdxl-0.9"]),
    ("meta", &["dinov3-", "sam-"]),
    ("qwen", &["qwen-", "tongyi-"]),
    ("flux", &["flux1-"]),
    ("glm", &["chatglm", "cogvlm", "yayi-"]),
    ("creative-commons", &["cc-", "CC-"]),
    ("open-data", &["odbl-", "odc-", "pddl-", "ODC", "PDDL", "ODbL"]),
    ("data-use", &["c-uda-", "o-uda-", "cdla-", "C-UDA", "O-UDA", "CDLA"]),
    ("gnu", &["agpl-", "gpl-", "lgpl-", "AGPL", "GPL", "LGPL", "SMAIL", "copyleft"]),
    ("apple", &["apple-"]),
    ("mozilla", &["mpl-", "MPL"]),
];

fn a_family_that_is_left_out(corpus: &Path) -> Result<(), Failed> {
    let texts = Texts::of(corpus)?;
    let in_family =
        |prefixes: &[&str], key: &str| prefixes.iter().any(|prefix| key.starts_with(prefix));
    // What no family has stands alone.
    let alone = texts.by_key.keys().filter(|key| !FAMILIES.iter().any(|it| in_family(it.1, key)));
    let alone: Vec<[&str; 1]> = alone.map(|key| [key.as_str()]).collect();
    let families = FAMILIES.iter().map(|it| it.1).chain(alone.iter().map(|it| &it[..]));
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for prefixes in families {
        let matcher = texts.without(|key| in_family(prefixes, key));
        for (key, text) in texts.by_key.iter().filter(|(key, _)| in_family(prefixes, key)) {
            let found = find(&matcher, text);
            tried += 1;
            let other = found.matches.iter().find(|it| it.recognition >= Recognition::Variant);
            if other.is_some() || texts.permissive_by_mistake(key, &found).is_some() {
                wrong.push(format!("{key}: {:?}", summary(&found)));
            }
        }
    }
    ensure(tried >= 80, || format!("{tried} texts"))?;
    none(&wrong)
}

/// Two licences with the same words: the key that comes first in order, whoever was loaded first.
fn ties_are_settled_by_rule(corpus: &Path) -> Result<(), Failed> {
    let texts = Texts::of(corpus)?;
    let text = &texts.by_key["llama-2"];
    let twins = ["zz-copy", "aa-copy"].map(|key| profile(key, text));
    for order in [[0, 1], [1, 0]] {
        let mut profiles: Vec<TextProfile> = order.map(|at| twins[at].clone()).into();
        profiles.extend(texts.profiles.iter().filter(|it| it.key.0 != "llama-2").cloned());
        let found = find(&Matcher::new(profiles), text);
        ensure(summary(&found) == ["aa-copy exact"], || format!("{:?}", summary(&found)))?;
        let key = LicenseKey("aa-copy".into());
        let kind = ProfileKind::License;
        ensure(found.matches.iter().all(|it| it.key == key && it.kind == kind), || "kind".into())?;
    }
    Ok(())
}
