//! Permissive texts with something beside them or something in them: a condition, in whatever words and
//! wherever it stands, makes the licence unknown; what changes nothing does not.

use std::sync::LazyLock;

use flowdown_core::extract::license_text::Recognized;
use flowdown_core::model::Recognition;
use flowdown_plugin_sdk::text;
use libtest_mimic::Failed;

use super::{KNOWN, ensure, recognize, summary};

/// A test that needs nothing from outside.
type Test = fn() -> Result<(), Failed>;

pub(crate) const TESTS: [(&str, Test); 5] = [
    ("a_condition_beside_a_permissive_text_is_seen", beside),
    ("a_condition_inside_a_permissive_text_is_seen", inside),
    ("a_condition_in_a_copyright_line_is_seen", in_a_copyright_line),
    ("a_changed_word_of_a_permissive_text_is_seen", changed_words),
    ("what_changes_nothing_leaves_a_permissive_text_exact", harmless),
];

const KEYS: [&str; 12] = [
    "0BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "ISC",
    "MIT-0",
    "Unlicense",
    "WTFPL",
    "Zlib",
    "apache-2.0",
    "cc0-1.0",
    "mit",
];

/// Our wordings of what people add to permissive licences: fields of use, sizes, places, display,
/// money, other duties, exceptions, other languages.
const CONDITIONS: [&str; 90] = [
    "Commercial use is forbidden.",
    "Not for commercial use.",
    "For non-commercial purposes only.",
    "Noncommercial users may use this freely; companies need a contract.",
    "Businesses have to buy a licence.",
    "You may not sell this software or anything that contains it.",
    "Resale is not allowed.",
    "This work is free for academic use.",
    "Use is limited to research and teaching.",
    "Solely for scientific evaluation.",
    "Only students and teachers may run it.",
    "For personal, private use.",
    "Internal use within your company only.",
    "Free for charities; everyone else pays 10 euros a year.",
    "If you make money with it, pay us five per cent of your revenue.",
    "Companies with more than 100 employees require our approval.",
    "Should your service reach 700 million monthly users, you must ask us for a licence.",
    "Products with over one million dollars in annual turnover are excluded.",
    "Up to five installations are free.",
    "The number of users shall not exceed one thousand.",
    "You must show our logo prominently on every screen.",
    "Display the words Powered by Example in the user interface.",
    "Credit the authors in your advertising.",
    "Every product has to acknowledge Example Corp. on its web site.",
    "An acknowledgement in the documentation is obligatory and required.",
    "Derived models must carry Example at the beginning of their names.",
    "You agree to send us every change that you make.",
    "Modifications must be published within thirty days.",
    "Changed versions shall be licensed under the same terms.",
    "No military use.",
    "Must not be used in weapons.",
    "Any use for surveillance is prohibited.",
    "The software shall be used for Good, not Evil.",
    "Do not harm anyone with it; harmful use ends your licence.",
    "Use by police and intelligence services is excluded.",
    "Not to be used for medical advice.",
    "Nuclear facilities are off limits.",
    "You may not train other models with its output.",
    "Training of machine learning models on this code is not permitted.",
    "It may not be used to compete with us.",
    "Competitors of Example Corp. have no rights under this licence.",
    "This licence is not granted to persons in the European Union.",
    "Use outside the territory of Japan needs our written consent.",
    "Residents of countries under embargo cannot use this software.",
    "Citizens of Ruritania are denied any permission.",
    "Except for companies in the oil industry.",
    "With the exception of the folder images.",
    "The above does not apply to the weights.",
    "This permission excludes the model weights.",
    "Unless you are a member of the consortium, this permission is void.",
    "Provided that you have registered your copy.",
    "On condition that nobody is charged for it.",
    "Subject to the terms of our web site.",
    "Subject to the acceptable use policy below.",
    "The use restrictions of Attachment A apply.",
    "You shall comply with our code of conduct.",
    "Users must be at least eighteen years old.",
    "Employees of governments are not licensed.",
    "The licence expires on the last day of the year.",
    "We may revoke this permission at any time.",
    "This grant terminates when you sue us.",
    "For a trial period of thirty days.",
    "Reverse engineering is disallowed.",
    "Distribution of binaries is restricted to members.",
    "Redistribution is prohibited.",
    "Modified versions cannot be distributed.",
    "It is illegal to modify this file.",
    "Written permission is required before publication.",
    "Contact us for a commercial license.",
    "A fee applies to hosting it as a service.",
    "Providing it to third parties as a managed service is not covered.",
    "Royalties are due for each copy.",
    "You are not allowed to remove the telemetry.",
    "The trademark may be used solely with consent.",
    "Parts of this are licensed under the GPL.",
    "This also contains proprietary code of Example Corp.",
    "The model itself falls under the Llama licence.",
    "Confidential. Property of Example Corp.",
    "Nur für den privaten Gebrauch.",
    "Die kommerzielle Nutzung ist untersagt.",
    "Usage commercial interdit.",
    "Réservé à la recherche académique.",
    "Sauf accord écrit, toute vente est exclue.",
    "Solo para fines educativos.",
    "Queda prohibido el uso militar.",
    "Proibido para fins comerciais.",
    "Vietato l'uso commerciale.",
    "仅供学术研究使用，禁止用于任何商业目的。",
    "商用利用は禁止されています。研究目的に限ります。",
    "Только для некоммерческого использования.",
];

/// What stands beside permissive texts and changes nothing.
const HARMLESS: [&str; 14] = [
    "The Example License",
    "# License",
    "LICENSE for Example 2.0",
    "All rights reserved.",
    "Written by Jane Doe <jane@example.org>.",
    "https://example.org/license",
    "SPDX-License-Identifier: X",
    "This is a fork of another project.",
    "Example is released under the license below.",
    "The following applies to the files in src/.",
    "Contributors are listed in the file AUTHORS.",
    "This library was ported from C to Rust by Jane Doe and Joe Bloggs.",
    "A copy of the text can be found on the web site.",
    "王小明 и Иван",
];

fn listed(key: &str) -> Result<&'static str, Failed> {
    let mut listed = KNOWN.plugins.iter().flat_map(|plugin| &plugin.listed);
    let text = listed.find(|it| it.key == key).and_then(|it| it.text.as_deref());
    text.ok_or_else(|| format!("`{key}` is not listed").into())
}

/// Every permissive text by key.
static TEXTS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    KEYS.iter().map(|key| (*key, listed(key).unwrap_or_else(|it| panic!("{it:?}")))).collect()
});

/// Nothing is recognised that is permissive.
fn is_unknown(found: &Recognized) -> bool {
    found.matches.iter().all(|it| it.recognition < Recognition::Variant)
}

/// Every change of every text is seen.
fn all_seen(changed: impl Iterator<Item = (String, String)>, least: usize) -> Result<(), Failed> {
    let (mut tried, mut missed) = (0, Vec::new());
    for (what, text) in changed {
        tried += 1;
        let found = recognize(&text);
        if !is_unknown(&found) {
            missed.push(format!("{what}: {:?}", summary(&found)));
        }
    }
    ensure(tried >= least && missed.is_empty(), || {
        format!("{} of {tried} were missed: {missed:#?}", missed.len())
    })
}

fn beside() -> Result<(), Failed> {
    let texts = TEXTS.iter().flat_map(|text| CONDITIONS.iter().map(move |it| (text, it)));
    let changed = texts.flat_map(|((key, text), condition)| {
        [
            (format!("{key} before: {condition}"), format!("{condition}\n\n{text}")),
            (format!("{key} behind: {condition}"), format!("{text}\n{condition}\n")),
            (
                format!("{key} far behind: {condition}"),
                format!("{text}\n{}\n{condition}\n", "And so on. ".repeat(300)),
            ),
        ]
    });
    all_seen(changed, 3000)
}

fn inside() -> Result<(), Failed> {
    let mut changed = Vec::new();
    for (key, text) in TEXTS.iter() {
        // After the first and the last sentence of the terms, and in the middle.
        let ends: Vec<usize> = text.match_indices(". ").map(|it| it.0 + 1).collect();
        let ends = [ends.first(), ends.get(ends.len() / 2), ends.last()];
        for (at, condition) in
            ends.into_iter().flatten().flat_map(|at| CONDITIONS.iter().map(move |it| (*at, it)))
        {
            let within = format!("{} {condition}{}", &text[..at], &text[at..]);
            // A copyright line is no part of the terms.
            if words(&within) != words(text) {
                changed.push((format!("{key} at {at}: {condition}"), within));
            }
        }
    }
    all_seen(changed.into_iter(), 1000)
}

fn in_a_copyright_line() -> Result<(), Failed> {
    let conditions = [
        "for non-commercial use only",
        "only for research",
        "not for commercial use",
        "All rights reserved except as stated below",
        "solely for evaluation",
        "must not be sold",
        "commercially prohibited",
        "for academic purposes",
    ];
    let texts = TEXTS.iter().flat_map(|text| conditions.iter().map(move |it| (text, it)));
    let changed = texts.map(|((key, text), condition)| {
        let text = format!("Copyright (c) 2024 Example Corp., {condition}.\n\n{text}");
        (format!("{key}: {condition}"), text)
    });
    all_seen(changed, 90)
}

/// Each word of the terms removed, and each replaced by another.
fn changed_words() -> Result<(), Failed> {
    let mut changed = Vec::new();
    for key in ["BSD-3-Clause", "ISC", "Zlib", "mit"] {
        let text = listed(key)?;
        // A title is not part of the terms.
        let title = text.find('\n').unwrap_or_default();
        let starts = text.match_indices(' ').map(|it| it.0 + 1).filter(|at| *at > title);
        for start in starts.filter(|at| text[*at..].starts_with(char::is_alphabetic)) {
            let end = text[start..]
                .find(|c: char| !c.is_alphabetic())
                .map_or(text.len(), |it| start + it);
            for word in ["", "zebra", "not"] {
                let changed_text = format!("{}{word}{}", &text[..start], &text[end..]);
                // A name or a copyright line is not part of the terms.
                if words(&changed_text) != words(text) {
                    changed.push((format!("{key} {start} `{word}`"), changed_text));
                }
            }
        }
    }
    all_seen(changed.into_iter(), 1500)
}

fn words(text: &str) -> Vec<u64> {
    text::words(text).map(|word| word.hash).collect()
}

fn harmless() -> Result<(), Failed> {
    let (mut tried, mut wrong) = (0, Vec::new());
    for ((key, text), prose) in
        TEXTS.iter().flat_map(|text| HARMLESS.iter().map(move |it| (text, it)))
    {
        for changed in [format!("{prose}\n\n{text}"), format!("{text}\n\n{prose}\n")] {
            tried += 1;
            let found = recognize(&changed);
            let exact = found.matches.iter().any(|it| it.recognition == Recognition::Exact);
            if !exact || !found.diagnostics.is_empty() {
                wrong.push(format!("{key}, {prose}: {:?}", summary(&found)));
            }
        }
    }
    ensure(tried > 300 && wrong.is_empty(), || format!("{} of {tried}: {wrong:#?}", wrong.len()))
}
