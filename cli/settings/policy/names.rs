//! The names that a policy may use, and the nearest one to a name that is none of them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{anyhow, bail};
use flowdown_core::model::{LicenseKey, LicenseName, parse_expression};
use flowdown_plugin_sdk::catalogue::vocab;
use flowdown_plugin_sdk::message::{Descriptor, TagScheme};

/// What the names of licences mean, as the plugins that take part know it.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Catalogue keys with their SPDX ids or references.
    ids: BTreeMap<LicenseKey, String>,
    /// Keys by SPDX id or reference, in lower case.
    keys: BTreeMap<String, BTreeSet<LicenseKey>>,
    /// Keys by tag, in lower case.
    tags: BTreeMap<String, BTreeSet<LicenseKey>>,
    families: BTreeSet<String>,
}

impl Names {
    /// What `descriptors` know.
    pub(crate) fn of<'a>(descriptors: impl IntoIterator<Item = &'a Descriptor>) -> Self {
        let mut names = Self::default();
        for descriptor in descriptors {
            for terms in &descriptor.terms {
                let id =
                    [&terms.ids.spdx, &terms.ids.spdx_ref].into_iter().find(|id| !id.is_empty());
                let id = id.cloned().unwrap_or_else(|| format!("LicenseRef-{}", terms.key));
                names.add(&terms.key, id);
                names.families.insert(terms.family.clone());
            }
            for listed in &descriptor.listed {
                names.add(&listed.key, listed.spdx.clone());
            }
            let tags = descriptor.tags.iter().filter(|tag| tag.scheme != TagScheme::Spdx);
            for tag in tags {
                let keys = names.tags.entry(tag.name.to_lowercase()).or_default();
                keys.extend(tag.candidates.iter().cloned().map(LicenseKey));
            }
        }
        names
    }

    fn add(&mut self, key: &str, id: String) {
        let key = LicenseKey(key.to_owned());
        self.keys.entry(id.to_lowercase()).or_default().insert(key.clone());
        self.ids.entry(key).or_insert(id);
    }

    /// The licences that `stated` means: a catalogue key, an SPDX id (also with `WITH`), a
    /// `LicenseRef-…`, or a tag.
    pub(super) fn license(&self, stated: &str) -> anyhow::Result<LicenseName> {
        let key = LicenseKey(stated.to_owned());
        let lower = stated.to_lowercase();
        let keys = if self.ids.contains_key(&key) {
            BTreeSet::from([key])
        } else if let Some(keys) = self.keys.get(&lower).or_else(|| self.tags.get(&lower)) {
            keys.clone()
        } else {
            return self.outside(stated);
        };
        let ids = keys.iter().filter_map(|key| self.ids.get(key).cloned()).collect();
        Ok(LicenseName { stated: stated.to_owned(), keys, ids })
    }

    /// An id that no plugin lists: with an exception, deprecated, or a reference of the user's own.
    fn outside(&self, stated: &str) -> anyhow::Result<LicenseName> {
        let own = LicenseName {
            stated: stated.to_owned(),
            keys: BTreeSet::new(),
            ids: BTreeSet::from([stated.to_owned()]),
        };
        if parse_expression(stated).is_none() || stated.contains(" OR ") || stated.contains(" AND ")
        {
            bail!("`license` is `{stated}`, which no plugin knows{}", self.near(stated));
        }
        // A slip of the pen in a known reference must not become a reference of one's own.
        if stated.starts_with("LicenseRef-") && nearest(stated, self.all(), 2).is_some() {
            bail!("`license` is `{stated}`, which no plugin knows{}", self.near(stated));
        }
        Ok(own)
    }

    /// The licences of an expression and its canonical words; a tag must decide on one licence.
    pub(super) fn expression(&self, stated: &str) -> anyhow::Result<(Vec<LicenseKey>, String)> {
        if !stated.contains(' ') {
            let name = self.license(stated)?;
            return match (name.keys.len(), name.ids.first()) {
                (0, Some(id)) => Ok((vec![LicenseKey(id.clone())], id.clone())),
                (1, Some(id)) => Ok((name.keys.into_iter().collect(), id.clone())),
                (count, _) => Err(anyhow!(
                    "`license` is `{stated}`, which means {count} licences; name the one it is"
                )),
            };
        }
        let parsed = parse_expression(stated)
            .ok_or_else(|| anyhow!("`license` is `{stated}`, which is no SPDX expression"))?;
        let mut keys = BTreeSet::new();
        for requirement in parsed.requirements() {
            let id = requirement.req.license.to_string();
            let name = self.license(id.trim_end_matches('+'))?;
            match name.keys.first() {
                Some(key) => keys.insert(key.clone()),
                None => keys.insert(LicenseKey(id)),
            };
        }
        Ok((keys.into_iter().collect(), stated.to_owned()))
    }

    /// A family that some record is of.
    pub(super) fn family(&self, name: String) -> anyhow::Result<String> {
        one_of("family", name, self.families.iter().map(String::as_str))
    }

    /// The licences that `stated` means as a key, an id, a reference, a tag or an alias, in any case
    /// of its letters; none when no plugin knows it.
    pub(crate) fn keys(&self, stated: &str) -> BTreeSet<LicenseKey> {
        let lower = stated.to_lowercase();
        let own = self.ids.keys().find(|key| key.0.to_lowercase() == lower);
        let known = || self.keys.get(&lower).or_else(|| self.tags.get(&lower)).cloned();
        own.map_or_else(|| known().unwrap_or_default(), |key| BTreeSet::from([key.clone()]))
    }

    /// The licences that `stated` can mean as a tag.
    pub(crate) fn tagged(&self, stated: &str) -> BTreeSet<LicenseKey> {
        self.tags.get(&stated.to_lowercase()).cloned().unwrap_or_default()
    }

    /// Words that name what is nearest to `stated` among the licences and `others`.
    pub(crate) fn near_among(
        &self,
        stated: &str,
        others: impl Iterator<Item = &'static str>,
    ) -> String {
        let others = others.map(|name| -> &str { name });
        let found = nearest(stated, self.all().chain(others), usize::MAX);
        found.map_or_else(String::new, |name| format!("; the nearest name is `{name}`"))
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        let ids = self.ids.iter().flat_map(|(key, id)| [key.0.as_str(), id.as_str()]);
        ids.chain(self.tags.keys().map(String::as_str))
    }

    fn near(&self, stated: &str) -> String {
        let found = nearest(stated, self.all(), usize::MAX);
        found.map_or_else(String::new, |name| format!("; the nearest name is `{name}`"))
    }
}

/// A category of the vocabulary.
pub(super) fn category(name: String) -> anyhow::Result<String> {
    one_of("category", name, vocab::categories().iter().map(|category| category.id.as_str()))
}

/// A kind of obligation of the vocabulary.
pub(super) fn obligation(name: String) -> anyhow::Result<String> {
    one_of("obligation", name, vocab::obligation_kinds().iter().map(|kind| kind.id.as_str()))
}

/// `name`, if it is one of `known`; else an error that names the nearest one.
pub(in crate::settings) fn one_of<'a>(
    key: &str,
    name: String,
    known: impl IntoIterator<Item = &'a str>,
) -> anyhow::Result<String> {
    let known: Vec<&str> = known.into_iter().collect();
    if known.contains(&&*name) {
        return Ok(name);
    }
    match nearest(&name, known.iter().copied(), usize::MAX) {
        Some(near) => bail!("`{key}` is `{name}`, which is not known; the nearest is `{near}`"),
        None => bail!("`{key}` is `{name}`, which is not known"),
    }
}

/// The name of `known` that needs the fewest changes of single characters, at most `most` of them.
fn nearest<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Option<&'a str> {
    let lower: Vec<char> = name.to_lowercase().chars().take(100).collect();
    let whole: String = lower.iter().collect();
    // A name that holds all that was written comes before one that merely looks like it.
    let holds = |other: &str| lower.len() > 2 && other.to_lowercase().contains(&whole);
    let ranked = known.into_iter().map(|other| (!holds(other), distance(&lower, other), other));
    ranked.min().filter(|(_, changes, _)| *changes <= most).map(|(.., other)| other)
}

/// Levenshtein distance to `other` in lower case.
fn distance(name: &[char], other: &str) -> usize {
    let mut row: Vec<usize> = (0..=name.len()).collect();
    for (index, character) in other.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, known) in name.iter().enumerate() {
            let replaced = diagonal + usize::from(*known != character);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[name.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let mut names = Names::default();
        names.add("bigcode-openrail-m-v1", "LicenseRef-scancode-bigcode-open-rail-m-v1".to_owned());
        names.add("mit", "MIT".to_owned());
        names.add("gpl-2.0", "GPL-2.0-only".to_owned());
        for key in ["bigcode-openrail-m-v1", "mit"] {
            let keys = names.tags.entry("several".to_owned()).or_default();
            keys.insert(LicenseKey(key.to_owned()));
        }
        names
    }

    #[track_caller]
    fn check(stated: &str, expected: &str) {
        let words = match names().license(stated) {
            Ok(name) => name.ids.into_iter().collect::<Vec<_>>().join(" or "),
            Err(error) => error.to_string(),
        };
        assert!(words.contains(expected), "{stated}: {words}");
    }

    #[test]
    fn a_licence_has_many_names() {
        check("mit", "MIT");
        check("MIT", "MIT");
        check("bigcode-openrail-m-v1", "LicenseRef-scancode-bigcode-open-rail-m-v1");
        check("several", "LicenseRef-scancode-bigcode-open-rail-m-v1 or MIT");
        check("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath");
        check("LicenseRef-Acme-Commercial", "LicenseRef-Acme-Commercial");
    }

    #[test]
    fn a_name_that_nobody_knows_is_an_error_with_the_nearest() {
        check("bigcode-openrail-v1", "nearest name is `bigcode-openrail-m-v1`");
        check("GPL-2.0-onyl", "nearest name is `GPL-2.0-only`");
        check("LicenseRef-scancode-bigcode-open-rail-m-v2", "the nearest name is");
        check("MIT OR GPL-2.0-only", "which no plugin knows");
        let error = category("medical".to_owned()).unwrap_err().to_string();
        assert!(error.contains("nearest"), "{error}");
    }

    #[test]
    fn an_expression_names_each_licence() {
        let (keys, expression) = names().expression("MIT OR GPL-2.0-only").unwrap();
        assert_eq!((keys.len(), &*expression), (2, "MIT OR GPL-2.0-only"));
        assert_eq!(names().expression("mit").unwrap().1, "MIT");
        assert!(names().expression("several").unwrap_err().to_string().contains("2 licences"));
        let own = names().expression("LicenseRef-Acme").unwrap();
        assert_eq!(own.1, "LicenseRef-Acme");
    }
}
