//! What a rule or an exception of the policy matches.

use super::atom::Atom;
use crate::model::{Artifact, LicenseName, PolicyRule};

/// Whether the licence part of a rule matches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Fit {
    /// It does not.
    No,
    /// Only a record of the terms could tell, and there is none.
    Unrecorded,
    /// It does.
    Yes,
}

/// Which way a name is read where it could mean more or less.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum List {
    /// An id allows exactly itself.
    Allow,
    /// An id denies itself also with an exception.
    Deny,
}

/// Whether `rule` speaks of the licence `atom`, leaving its category or obligation aside.
pub(super) fn fit(rule: &PolicyRule, atom: &Atom<'_>, list: List) -> Fit {
    if rule.license.as_ref().is_some_and(|name| !is_named(name, atom, list)) {
        return Fit::No;
    }
    if rule.family.is_none() && rule.conveyance.is_none() {
        return Fit::Yes;
    }
    let Some(terms) = atom.terms else { return Fit::Unrecorded };
    let fits = rule.family.as_ref().is_none_or(|family| *family == terms.family)
        && rule.conveyance.is_none_or(|conveyance| conveyance == terms.grant.conveyance);
    if fits { Fit::Yes } else { Fit::No }
}

fn is_named(name: &LicenseName, atom: &Atom<'_>, list: List) -> bool {
    if name.ids.contains(&atom.full_id()) {
        return true;
    }
    let by_base =
        name.ids.contains(&atom.id) || atom.applied.iter().any(|it| name.keys.contains(&it.key));
    by_base && (list == List::Deny || atom.exception.is_none())
}

/// Whether `selector` means `artifact`: a purl (with or without version), a digest of it or of one
/// of its files, or else its name or one of its paths. `*` stands for any characters, `?` for one.
pub(crate) fn is_artifact(selector: &str, artifact: &Artifact) -> bool {
    if selector.starts_with("pkg:") {
        return artifact.purl.as_ref().is_some_and(|purl| {
            is_match(selector, purl.as_str()) || is_match(selector, purl.without_version())
        });
    }
    if selector.starts_with("sha256:") {
        let digests = artifact.files.iter().filter_map(|file| file.sha256);
        return artifact.id.0.ends_with(selector)
            || digests.into_iter().any(|digest| digest.to_string() == selector);
    }
    if selector == artifact.id.0 || is_match(selector, &artifact.label()) {
        return true;
    }
    let files = artifact.files.iter().map(|file| &file.path);
    let found_at = artifact.occurrences.iter().map(|at| &at.path);
    files.chain(found_at).any(|path| is_match(selector, path.as_str()))
}

/// Whether `text` is `pattern`, in which `*` is any characters and `?` is one.
fn is_match(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut pos) = (0, 0);
    // Where the last star stands, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while pos < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, pos));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || *wanted == text[pos] => {
                at += 1;
                pos += 1;
            }
            _ => match &mut star {
                Some((star_at, taken)) => {
                    *taken += 1;
                    (at, pos) = (*star_at + 1, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::is_match;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(is_match(pattern, text), expected, "`{pattern}` on `{text}`");
    }

    #[test]
    fn stars_and_marks() {
        check("acme-*", "acme-chat-8b", true);
        check("*/model.safetensors", "a/b/model.safetensors", true);
        check("model-?-of-2", "model-1-of-2", true);
        check("a*b*c", "a-x-b-b-c", true);
        check("a*b*c", "a-x-b-b", false);
        check("acme", "acme-chat", false);
        check("*", "", true);
        check("?", "", false);
        check("modèle*", "modèle-1", true);
        // Would take exponential time with naive recursion.
        check(&format!("{}b", "a*".repeat(60)), &"a".repeat(200), false);
    }
}
