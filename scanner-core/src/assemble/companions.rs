//! What stands around weights: configuration, tokenizer, cards, licence files.

use super::group::Group;
use super::role::Role;
use super::{Origin, ScannedFile, identity, naming};
use crate::extract::cards;
use crate::extract::weights::shard_index::{self, Shard};
use crate::model::{
    Artifact, ArtifactFile, ArtifactKind, Code, Diagnostic, Fact, FileRole, Location, Purl,
    SourcePath, names,
};

/// Which files belong to an artifact.
pub(super) struct Claimed(Vec<bool>);

impl Claimed {
    pub(super) fn new(files: usize) -> Self {
        Self(vec![false; files])
    }

    pub(super) fn claim(&mut self, index: usize) {
        self.0[index] = true;
    }

    pub(super) fn is(&self, index: usize) -> bool {
        self.0[index]
    }
}

/// Makes an artifact of each group, with everything that belongs to it.
pub(super) fn artifacts(
    files: &[ScannedFile],
    roles: &[Role],
    groups: &[Group],
    origin: &Origin,
    claimed: &mut Claimed,
) -> Vec<Artifact> {
    let mut homes: Vec<&SourcePath> = groups.iter().map(|group| &group.folder).collect();
    homes.sort();
    homes.dedup();
    let mut attached: Vec<Vec<usize>> = vec![Vec::new(); homes.len()];
    for (index, file) in files.iter().enumerate() {
        if companion_role(roles[index]).is_none() {
            continue;
        }
        if let Some(home) = nearest(&homes, &file.path.parent()) {
            attached[home].push(index);
        }
    }
    let shared: Vec<Vec<usize>> = homes.iter().map(|home| from_above(files, roles, home)).collect();
    let mut artifacts = Vec::with_capacity(groups.len());
    for group in groups {
        let home = homes.binary_search(&&group.folder).expect("every group's folder is a home");
        let mut members: Vec<usize> = group.weights.clone();
        members.extend(
            attached[home].iter().copied().filter(|index| fits(group, groups, roles[*index])),
        );
        let has_own_card = attached[home].iter().any(|index| {
            matches!(roles[*index], Role::Companion(FileRole::Card | FileRole::License))
        });
        if !has_own_card {
            members.extend(&shared[home]);
        }
        members.sort_unstable();
        members.dedup();
        for &index in &members {
            claimed.claim(index);
        }
        artifacts.push(artifact(files, roles, group, &members, origin));
    }
    artifacts
}

/// The role of a file that can stand beside weights.
fn companion_role(role: Role) -> Option<FileRole> {
    match role {
        Role::Companion(role) => Some(role),
        Role::ModelConfig | Role::AdapterConfig | Role::PipelineIndex => Some(FileRole::Config),
        _ => None,
    }
}

/// The innermost home that `folder` lies in.
fn nearest(homes: &[&SourcePath], folder: &SourcePath) -> Option<usize> {
    let mut folder = folder.clone();
    loop {
        if let Ok(home) = homes.binary_search(&&folder) {
            return Some(home);
        }
        if folder.as_str().is_empty() {
            return None;
        }
        folder = folder.parent();
    }
}

/// Whether a companion belongs to `group` when several groups share a folder: an adapter's
/// configuration is the adapter's, a shard index is the sharded model's.
fn fits(group: &Group, groups: &[Group], role: Role) -> bool {
    let kinds =
        |kind| groups.iter().any(|other| other.folder == group.folder && other.kind == kind);
    match role {
        Role::AdapterConfig => group.kind == ArtifactKind::Adapter || !kinds(ArtifactKind::Adapter),
        Role::Companion(FileRole::ShardIndex) => {
            group.kind == ArtifactKind::Model && group.stem.is_none()
        }
        _ => true,
    }
}

/// Card and licence files for a home without any: those of the nearest folder above that has a
/// card with a licence or a base model. A plain README above is a project's, not the model's.
fn from_above(files: &[ScannedFile], roles: &[Role], home: &SourcePath) -> Vec<usize> {
    let mut folder = home.clone();
    while !folder.as_str().is_empty() {
        folder = folder.parent();
        let here = |index: &usize| files[*index].path.parent() == folder;
        let says_something = |index: &usize| {
            roles[*index] == Role::Companion(FileRole::Card)
                && files[*index].extraction().facts.iter().any(|fact| {
                    fact.name == names::CARD_LICENSE || fact.name == names::CARD_BASE_MODEL
                })
        };
        if (0..files.len()).filter(here).any(|index| says_something(&index)) {
            return (0..files.len())
                .filter(here)
                .filter(|index| {
                    matches!(
                        roles[*index],
                        Role::Companion(
                            FileRole::Card
                                | FileRole::License
                                | FileRole::Notice
                                | FileRole::UsePolicy
                        )
                    )
                })
                .collect();
        }
    }
    Vec::new()
}

fn artifact(
    files: &[ScannedFile],
    roles: &[Role],
    group: &Group,
    members: &[usize],
    origin: &Origin,
) -> Artifact {
    let weights: Vec<&ScannedFile> = group.weights.iter().map(|index| &files[*index]).collect();
    let mut facts: Vec<Fact> =
        members.iter().flat_map(|index| files[*index].extraction().facts.iter().cloned()).collect();
    facts.sort_by(|left, right| (&left.at, left.name).cmp(&(&right.at, right.name)));
    let naming = naming::of_model(&group.folder, group.stem.as_deref(), &facts, origin);
    let purl = match (&naming.repository, &*weights) {
        (Some(repository), _) => {
            Purl::of_hugging_face(&repository.name, repository.revision.as_deref())
        }
        (None, [only]) => only
            .sha256
            .and_then(|digest| Purl::generic_with_checksum(naming.name.as_deref()?, &digest)),
        _ => None,
    };
    let occurrences = if weights.is_empty() {
        members.iter().map(|index| Location::scanned(&files[*index].path)).collect()
    } else {
        weights.iter().map(|file| Location::scanned(&file.path)).collect()
    };
    Artifact {
        id: identity::of_weights(group.kind, &weights, group.folder.as_str()),
        kind: group.kind,
        name: naming.name,
        version: naming.repository.and_then(|repository| repository.revision),
        purl,
        folder: group.folder.clone(),
        files: members.iter().map(|index| file(&files[*index], roles[*index])).collect(),
        tensors: weights
            .iter()
            .filter(|file| !file.extraction().tensors.is_empty())
            .map(|file| (file.path.clone(), file.extraction().tensors.clone()))
            .collect(),
        facts,
        occurrences,
        development_only: false,
        depends_on: Vec::new(),
    }
}

/// A file of an artifact, in the shape that documents show.
pub(super) fn file(file: &ScannedFile, role: Role) -> ArtifactFile {
    let role = match role {
        Role::GgufWeights | Role::Weights | Role::AdapterWeights => FileRole::Weights,
        Role::Manifest => FileRole::Manifest,
        other => companion_role(other).unwrap_or(FileRole::Other),
    };
    let claimed_sha256 = file
        .extraction()
        .facts
        .iter()
        .find(|fact| fact.name == names::LFS_OID)
        .and_then(|fact| fact.value.as_digest().copied());
    ArtifactFile {
        path: file.path.clone(),
        role,
        size: file.size,
        sha256: file.sha256,
        sha512: file.read.as_ref().and_then(|read| read.sha512),
        claimed_sha256,
    }
}

/// What the files of one artifact say against each other.
pub(super) fn cross_check(artifact: &Artifact, diagnostics: &mut Vec<Diagnostic>) {
    let mut by_file: Vec<(&SourcePath, Vec<Fact>)> = Vec::new();
    for card in artifact.files_of(FileRole::Card) {
        let facts = artifact.facts.iter().filter(|fact| fact.at.path == card.path).cloned();
        by_file.push((&card.path, facts.collect()));
    }
    let cards: Vec<(&SourcePath, &[Fact])> =
        by_file.iter().map(|(path, facts)| (*path, &**facts)).collect();
    diagnostics.append(&mut cards::model_card::disagreements(&cards));
    check_split(artifact, diagnostics);
    for index in artifact.files_of(FileRole::ShardIndex) {
        let facts: Vec<Fact> =
            artifact.facts.iter().filter(|fact| fact.at.path == index.path).cloned().collect();
        diagnostics.append(&mut shard_index::check(&facts, &shards_beside(artifact, index)));
    }
}

/// Whether every part of a split file is there: each part says how many there are.
fn check_split(artifact: &Artifact, diagnostics: &mut Vec<Diagnostic>) {
    let parts: Vec<(&Fact, i128)> = artifact
        .facts_named(names::WEIGHTS_SPLIT.as_str())
        .filter_map(|fact| Some((fact, fact.value.as_map()?.get("count")?.as_int()?)))
        .collect();
    let Some((first, count)) = parts.first() else { return };
    if parts.len() as i128 != *count {
        let message =
            format!("the file says that it is one of `{count}` parts, `{}` are here", parts.len());
        diagnostics.push(
            Diagnostic::new(Code::WeightsShardMissing, first.at.clone(), message)
                .help("the model is not whole: put the other parts beside it"),
        );
    }
}

/// The weight files in the folder of a shard index, with their tensors as far as they were read.
fn shards_beside<'a>(artifact: &'a Artifact, index: &ArtifactFile) -> Vec<(SourcePath, Shard<'a>)> {
    let folder = index.path.parent();
    artifact
        .files_of(FileRole::Weights)
        .filter(|file| file.path.parent() == folder)
        .map(|file| {
            let tensors = artifact.tensors.iter().find(|(path, _)| *path == file.path);
            let shard = tensors.map_or(Shard::Unread, |(_, tensors)| Shard::Read(tensors));
            (file.path.clone(), shard)
        })
        .collect()
}

/// Drops facts that only served [`cross_check`].
pub(super) fn drop_bulk(artifact: &mut Artifact) {
    artifact.facts.retain(|fact| {
        fact.name != names::WEIGHTS_INDEX_WEIGHT_MAP || !identity::is_bulk(&fact.value)
    });
}
