//! What words in the wild mean as SPDX ids and expressions.
//!
//! Lax where real metadata needs it, and never further than one reading: a family without a version
//! stays a set of candidates, and words that mean nothing known mean nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use spdx::identifiers::EXCEPTIONS;
use spdx::{Expression, ParseMode};

use crate::listed::{all, current};

/// Nobody states a licence in more bytes.
const STATED_BYTES: usize = 1000;
/// More names than this do not stand in one expression.
const OPERANDS: usize = 50;

/// What a statement means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Reading {
    /// One of these ids; one is decided, several are not.
    OneOf(BTreeSet<String>),
    /// A valid SPDX expression, with its ids.
    Expression { text: String, ids: BTreeSet<String> },
}

/// Names by their words: SPDX ids, full names, and `names.toml`.
static NAMES: LazyLock<BTreeMap<String, BTreeSet<&'static str>>> = LazyLock::new(|| {
    let mut names: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for (license, _) in all() {
        for name in [license.name, license.full_name] {
            names.entry(words(name)).or_default().insert(current(license.name));
        }
    }
    let table: BTreeMap<String, Vec<String>> =
        toml::from_str(include_str!("../names.toml")).expect("the file is compiled in and tested");
    for (name, ids) in table {
        let ids = ids.iter().filter_map(|id| Some(spdx::license_id(id)?.name));
        names.insert(name, ids.collect());
    }
    names
});

/// What `stated` means; `None` when that is not known or not a listed licence.
pub(crate) fn read(stated: &str) -> Option<Reading> {
    if stated.len() > STATED_BYTES {
        return None;
    }
    let stated = stated.rsplit("::").next()?.trim();
    name(stated).map(Reading::OneOf).or_else(|| expression(stated))
}

/// The ids that a single name can mean.
fn name(stated: &str) -> Option<BTreeSet<String>> {
    let found = |name: &str| NAMES.get(&words(name)).filter(|ids| !ids.is_empty());
    let or_later = stated.trim().strip_suffix('+').and_then(or_later);
    let owned = |ids: &BTreeSet<&'static str>| ids.iter().map(|id| (*id).to_owned()).collect();
    if or_later.is_some() || stated.trim().ends_with('+') {
        return or_later.map(|id| BTreeSet::from([id]));
    }
    // `Mozilla Public License 2.0 (MPL 2.0)`: both readings must agree where both are known.
    if let Some((long, short)) = stated.trim().strip_suffix(')').and_then(|it| it.rsplit_once('('))
    {
        let plus = short.strip_suffix('+').and_then(or_later_by_name);
        if let Some(ids) = plus {
            return Some(BTreeSet::from([ids]));
        }
        return match (found(long), found(short)) {
            (Some(long), Some(short)) => {
                let both: BTreeSet<String> =
                    long.intersection(short).map(|id| (*id).to_owned()).collect();
                (!both.is_empty()).then_some(both)
            }
            (one, other) => one.or(other).map(owned),
        };
    }
    found(stated).filter(|_| !stated.contains(['(', ')'])).map(owned)
}

/// `GPL-2.0+` is `GPL-2.0-or-later`; other licences keep their plus inside an expression.
fn or_later(base: &str) -> Option<String> {
    let id = all().find(|(license, _)| license.name.eq_ignore_ascii_case(base))?.0.name;
    let base = id.trim_end_matches("-only");
    spdx::gnu_license_id(base, true).map(|license| license.name.to_owned())
}

/// `GPLv3+`.
fn or_later_by_name(name: &str) -> Option<String> {
    let ids = NAMES.get(&words(name))?;
    ids.iter()
        .find(|id| id.ends_with("-or-later"))
        .filter(|_| ids.len() == 2)
        .map(ToString::to_string)
}

/// The words of a name that tell it apart.
pub(crate) fn words(name: &str) -> String {
    let lower = name.to_lowercase();
    let mut words: Vec<&str> = Vec::new();
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = match word.strip_prefix('v') {
            Some(number) if number.starts_with(|c: char| c.is_ascii_digit()) => number,
            _ => word,
        };
        if !matches!(word, "the" | "license" | "licence" | "version" | "v") {
            words.push(word);
        }
    }
    words.join(" ")
}

/// An expression whose names may be lax; `/` is an old way to write `OR`.
fn expression(stated: &str) -> Option<Reading> {
    let spaced = stated.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut canonical: Vec<String> = Vec::new();
    let mut operand: Vec<&str> = Vec::new();
    for word in spaced.split_whitespace().chain([""]) {
        let operator = ["AND", "OR", "WITH"].into_iter().find(|it| it.eq_ignore_ascii_case(word));
        if operator.is_none() && !matches!(word, "(" | ")" | "") {
            operand.push(word);
            continue;
        }
        if !operand.is_empty() {
            let is_exception = canonical.last().is_some_and(|last| last == "WITH");
            let name = operand.join(" ");
            canonical.push(if is_exception { exception(&name)? } else { atom(&name)? });
            operand.clear();
        }
        canonical
            .extend([operator.unwrap_or(word).to_owned()].into_iter().filter(|it| !it.is_empty()));
        if canonical.len() > 4 * OPERANDS {
            return None;
        }
    }
    let text = canonical.join(" ").replace("( ", "(").replace(" )", ")");
    let mode = ParseMode { allow_deprecated: true, ..ParseMode::STRICT };
    let parsed = Expression::parse_mode(&text, mode).ok()?;
    let ids: BTreeSet<String> = parsed
        .requirements()
        .map(|required| match &required.req.license {
            spdx::LicenseItem::Spdx { id, .. } => id.name.to_owned(),
            other => other.to_string(),
        })
        .collect();
    // A single reference to a text that is not listed belongs to another family.
    (!ids.iter().all(|id| spdx::license_id(id).is_none()))
        .then_some(Reading::Expression { text, ids })
}

fn atom(stated: &str) -> Option<String> {
    if stated.starts_with("LicenseRef-") || stated.starts_with("DocumentRef-") {
        return Some(stated.to_owned());
    }
    if let Some(ids) = name(stated) {
        let mut ids = ids.into_iter();
        return ids.next().filter(|_| ids.next().is_none());
    }
    let base = stated.strip_suffix('+')?;
    let license = all().find(|(license, _)| license.name.eq_ignore_ascii_case(base))?.0;
    Some(format!("{}+", license.name))
}

fn exception(stated: &str) -> Option<String> {
    let found = EXCEPTIONS.iter().find(|exception| exception.name.eq_ignore_ascii_case(stated))?;
    Some(found.name.to_owned())
}
