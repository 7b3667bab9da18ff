//! Which component of the new document is which of the old one.
//!
//! In rounds, from what identifies best to what identifies least; each round is linear. A component
//! belongs to one pair at most.

use std::collections::{HashMap, VecDeque};

use super::summary::full_name;
use crate::bom::Component;
use crate::model::Purl;

/// How two components were found to be one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PairedBy {
    /// Both documents describe it as a whole.
    Subject,
    /// One package URL, whatever its version.
    Purl,
    /// One digest.
    Digest,
    /// One name, with group.
    Name,
    /// One place.
    Path,
}

impl PairedBy {
    /// The word in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Purl => "purl",
            Self::Digest => "digest",
            Self::Name => "name",
            Self::Path => "path",
        }
    }
}

/// A component of both documents, by its indices.
pub(super) struct Pair {
    pub(super) old: usize,
    pub(super) new: usize,
    pub(super) by: PairedBy,
}

/// The result: pairs in the order of the new document, and what is left on each side.
pub(super) struct Pairs {
    pub(super) found: Vec<Pair>,
    pub(super) only_old: Vec<usize>,
    pub(super) only_new: Vec<usize>,
}

/// A component with what identifies it.
struct Known<'a> {
    component: &'a Component,
    purl: Option<Purl>,
}

/// Whether a key must be the only one of its kind on either side to pair.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Uniqueness {
    Any,
    Unique,
}

type Round = (PairedBy, Uniqueness, fn(&Known<'_>) -> Vec<String>);

const ROUNDS: &[Round] = &[
    (PairedBy::Purl, Uniqueness::Any, |known| {
        let places = known.component.occurrences.join("\0");
        Vec::from_iter(versioned(known).map(|purl| format!("{purl}\0{places}")))
    }),
    (PairedBy::Purl, Uniqueness::Any, |known| Vec::from_iter(versioned(known))),
    (PairedBy::Purl, Uniqueness::Any, |known| {
        Vec::from_iter(known.purl.as_ref().map(|purl| base(purl).to_owned()))
    }),
    (PairedBy::Digest, Uniqueness::Any, |known| {
        let name = full_name(known.component);
        digests(known).map(|digest| format!("{digest}\0{name}")).collect()
    }),
    // Empty files and copied texts share a digest without being one thing.
    (PairedBy::Digest, Uniqueness::Unique, |known| digests(known).collect()),
    (PairedBy::Name, Uniqueness::Any, |known| {
        vec![format!("{}\0{}", full_name(known.component), known.component.kind)]
    }),
    // Formats differ in their words for kinds.
    (PairedBy::Name, Uniqueness::Unique, |known| vec![full_name(known.component)]),
    // Every package of a lock file has one place.
    (PairedBy::Path, Uniqueness::Unique, |known| known.component.occurrences.clone()),
];

/// The purl without version, qualifiers and subpath.
pub(super) fn base(purl: &Purl) -> &str {
    // Canonical texts have these characters encoded everywhere else.
    purl.as_str().split(['@', '?', '#']).next().unwrap_or_default()
}

fn versioned(known: &Known<'_>) -> Option<String> {
    let purl = known.purl.as_ref()?;
    let version = known.component.version.as_deref().unwrap_or_default();
    Some(format!("{}\0{version}", base(purl)))
}

fn digests<'a>(known: &'a Known<'_>) -> impl Iterator<Item = String> + 'a {
    known.component.hashes.iter().map(|(algorithm, digits)| format!("{algorithm}:{digits}"))
}

pub(super) fn pairs(old: &[Component], new: &[Component]) -> Pairs {
    let known = |components: &'_ [Component]| -> Vec<Option<Purl>> {
        components.iter().map(|component| component.purl.as_deref().and_then(Purl::parse)).collect()
    };
    let with = |components, purls: Vec<Option<Purl>>| -> Vec<Known<'_>> {
        let both = Iterator::zip(<[Component]>::iter(components), purls);
        both.map(|(component, purl)| Known { component, purl }).collect()
    };
    let (old_known, new_known) = (with(old, known(old)), with(new, known(new)));
    let mut of_old: Vec<Option<usize>> = vec![None; old.len()];
    let mut of_new: Vec<Option<(usize, PairedBy)>> = vec![None; new.len()];
    for (by, uniqueness, keys) in ROUNDS {
        let mut waiting: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (index, known) in old_known.iter().enumerate().filter(|(it, _)| of_old[*it].is_none()) {
            for key in keys(known) {
                waiting.entry(key).or_default().push_back(index);
            }
        }
        let free = || new_known.iter().enumerate().filter(|(it, _)| of_new[*it].is_none());
        let mut wanted: HashMap<String, usize> = HashMap::new();
        if *uniqueness == Uniqueness::Unique {
            for key in free().flat_map(|(_, known)| keys(known)) {
                *wanted.entry(key).or_default() += 1;
            }
            waiting.retain(|key, olds| olds.len() == 1 && wanted.get(key) == Some(&1));
        }
        let free: Vec<usize> = free().map(|(index, _)| index).collect();
        for index in free {
            let known = &new_known[index];
            for key in keys(known) {
                let Some(olds) = waiting.get_mut(&key) else { continue };
                while olds.front().is_some_and(|old| of_old[*old].is_some()) {
                    olds.pop_front();
                }
                let Some(&found) = olds.front() else { continue };
                if contradict(&old_known[found], known, *by) {
                    continue;
                }
                of_old[found] = Some(index);
                of_new[index] = Some((found, *by));
                break;
            }
        }
    }
    let found = of_new.iter().enumerate();
    Pairs {
        found: found
            .filter_map(|(new, pair)| pair.map(|(old, by)| Pair { old, new, by }))
            .collect(),
        only_old: left(&of_old),
        only_new: left(&of_new),
    }
}

fn left<T>(pairs: &[Option<T>]) -> Vec<usize> {
    pairs.iter().enumerate().filter(|(_, pair)| pair.is_none()).map(|(index, _)| index).collect()
}

/// Two packages with a purl each are not one because of a name or a place.
fn contradict(old: &Known<'_>, new: &Known<'_>, by: PairedBy) -> bool {
    match (&old.purl, &new.purl, by) {
        (Some(old), Some(new), PairedBy::Name | PairedBy::Path) => base(old) != base(new),
        _ => false,
    }
}
