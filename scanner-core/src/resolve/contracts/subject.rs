//! Whether an entry of `applies_to` names an artifact.

use crate::model::{
    Artifact, ArtifactFile, ArtifactKind, ContractDigest, ContractSubject, FileRole, Purl,
};

/// Whether any part of `subject` names `artifact`.
pub(super) fn covers(subject: &ContractSubject, artifact: &Artifact) -> bool {
    let by_digest = || match subject.digest.as_ref()? {
        ContractDigest::Artifact(id) => Some(artifact.id == *id),
        ContractDigest::File(digest) => Some(
            content(artifact)
                .any(|file| file.sha256 == Some(*digest) || file.claimed_sha256 == Some(*digest)),
        ),
    };
    let by_purl = || Some(subject.purl.as_ref()?.covers(artifact.purl.as_ref()?));
    let by_name = || Some(is_like(subject.name.as_ref()?, &artifact.label()));
    [by_digest(), by_purl(), by_name()].into_iter().flatten().any(|covers| covers)
}

/// Whether `subject` names an ancestor that relations call `name`.
pub(super) fn covers_ancestor(subject: &ContractSubject, name: &str, purl: Option<&Purl>) -> bool {
    let by_purl = || Some(subject.purl.as_ref()?.covers(purl?));
    let by_name = || Some(is_like(subject.name.as_ref()?, name));
    [by_purl(), by_name()].into_iter().flatten().any(|covers| covers)
}

/// The files that are the artifact itself: of weights not the card or licence beside them, which
/// other artifacts can share.
fn content(artifact: &Artifact) -> impl Iterator<Item = &ArtifactFile> {
    let is_weights = matches!(artifact.kind, ArtifactKind::Model | ArtifactKind::Adapter);
    artifact.files.iter().filter(move |file| !is_weights || file.role == FileRole::Weights)
}

/// Whether `name` is like `pattern`: `*` is any run of characters but `/`, `?` is one of them.
/// After a mismatch only the last `*` takes more, so the work is at most the product of lengths.
fn is_like(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut place) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while place < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, place));
                at += 1;
            }
            Some(wanted) if *wanted == name[place] || (*wanted == '?' && name[place] != '/') => {
                at += 1;
                place += 1;
            }
            _ => {
                let Some((starred, taken)) = star.filter(|(_, taken)| name[*taken] != '/') else {
                    return false;
                };
                star = Some((starred, taken + 1));
                at = starred + 1;
                place = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use globset::GlobBuilder;
    use proptest::prelude::*;

    use super::is_like;

    #[track_caller]
    fn check(pattern: &str, name: &str, like: bool) {
        assert_eq!(is_like(pattern, name), like, "{pattern} and {name}");
    }

    #[test]
    fn names_are_matched_whole_and_stars_stop_at_slashes() {
        check("nova/base", "nova/base", true);
        check("nova/base", "nova/base-2", false);
        check("nova/base", "Nova/base", false);
        check("nova/*", "nova/base-2", true);
        check("nova/*", "nova/", true);
        check("nova/*", "nova/a/b", false);
        check("*", "nova/base", false);
        check("*/*", "nova/base", true);
        check("nova/*-gguf", "nova/base-gguf-gguf", true);
        check("nova/b?se", "nova/base", true);
        check("nova?base", "nova/base", false);
        check("*a*b*c", "xxaxxbxxc", true);
        check("*a*b*c", "xxaxxbxx", false);
        check("", "", true);
        check("", "a", false);
        check(&"*a".repeat(30), &"a".repeat(300), true);
        check(&"*b".repeat(30), &"a".repeat(300), false);
    }

    proptest! {
        /// What crate `globset` says of the same words; `**`, which means more there, is left out.
        #[test]
        fn names_are_matched_as_others_match_them(
            pattern in "([*]?[ab/?]){0,8}[*]?",
            name in "[ab/]{0,12}",
        ) {
            let glob = GlobBuilder::new(&pattern).literal_separator(true).build().unwrap();
            prop_assert_eq!(is_like(&pattern, &name), glob.compile_matcher().is_match(&name));
        }
    }
}
