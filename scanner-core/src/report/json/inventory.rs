//! What was found, and what is said about it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::contract::Coverage;
use super::evidence::{Fact, LicenseClaim, Location};
use super::terms::Terms;
use super::texts::{Text, TextMatch};
use crate::model;

/// What was found, and what is said about it.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Inventory<'a> {
    /// Sorted by kind, name, id.
    artifacts: Vec<Artifact<'a>>,
    /// How artifacts relate to others, sorted.
    relations: Vec<Relation<'a>>,
    /// What each contract of the product covers, by the key of its terms.
    contracts: BTreeMap<&'a str, Coverage<'a>>,
    /// Licence, notice and policy texts that were kept, sorted by path.
    texts: Vec<Text<'a>>,
    /// The terms of every licence that a claim names, by key.
    terms: BTreeMap<&'a str, Terms<'a>>,
    /// SPDX ids or `LicenseRef-…` by key.
    spdx_ids: BTreeMap<&'a str, &'a str>,
    /// Keys of licences whose text is in the SPDX License List.
    listed_texts: Vec<&'a str>,
    /// Files that belong to no artifact, sorted.
    unclaimed: Vec<Unclaimed<'a>>,
    /// Files that layers of an image carry and the image does not show, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hidden: Vec<Hidden<'a>>,
    /// What could not be done, sorted by location.
    diagnostics: Vec<Diagnostic<'a>>,
}

/// Something that a product is made of.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Artifact<'a> {
    /// Identity, from content.
    id: &'a str,
    /// `model`, `adapter`, `dataset`, `tokenizer`, `package` or `document`.
    kind: &'static str,
    /// Its own name, never that of a base model.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    /// Its own version.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    /// Its package URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<&'a str>,
    /// The folder it lives in; empty for the root.
    folder: &'a str,
    /// Only needed to develop the product.
    development_only: bool,
    /// Ids of artifacts that it depends on.
    depends_on: Vec<&'a str>,
    /// Where it was found.
    occurrences: Vec<Location<'a>>,
    /// Its files, sorted by path.
    files: Vec<File<'a>>,
    /// What its files say.
    facts: Vec<Fact<'a>>,
    /// Licence claims, in the order of plugins and evidence.
    license_claims: Vec<LicenseClaim<'a>>,
    /// Known texts found in its files.
    text_matches: Vec<TextMatch<'a>>,
}

/// A file of an artifact.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    /// Where it is.
    path: &'a str,
    /// What it is to the artifact.
    role: &'static str,
    /// Its size in bytes.
    size: u64,
    /// Its SHA-256; absent when its content was not read to the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    /// What a git-LFS pointer in its place claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    claimed_sha256: Option<String>,
}

/// How one artifact relates to another; a claim like any other.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Relation<'a> {
    /// Id of the derived artifact.
    from: &'a str,
    /// How.
    kind: &'static str,
    /// What it derives from.
    to: Target<'a>,
    /// On which ground.
    basis: &'static str,
    /// Where to look; never empty.
    evidence: Vec<Location<'a>>,
    /// Who says so.
    by: &'a str,
}

/// The other end of a relation.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Target<'a> {
    /// The id of an artifact of this scan.
    Here(&'a str),
    /// Something outside the scan.
    Elsewhere {
        /// As it was stated.
        name: &'a str,
        /// Its package URL.
        #[serde(skip_serializing_if = "Option::is_none")]
        purl: Option<&'a str>,
    },
}

/// A file that belongs to no artifact.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Unclaimed<'a> {
    /// Where it is.
    path: &'a str,
    /// Its size in bytes.
    size: u64,
}

/// A file that a layer of an image carries and the image does not show.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Hidden<'a> {
    /// Where it is in its layer.
    path: &'a str,
    /// diffID of that layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<String>,
    /// Its size in bytes.
    size: u64,
    /// Its SHA-256, if it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    /// Whether it holds weights of a model.
    weights: bool,
}

/// What the scan could not do, or had to doubt.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Diagnostic<'a> {
    /// Stable code.
    code: &'static str,
    /// `note`, `warning` or `error`.
    severity: &'static str,
    /// Whether something was not read because of it.
    incomplete: bool,
    /// Where; absent when it concerns the whole run.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Location<'a>>,
    /// What happened and why.
    message: &'a str,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

impl<'a> Inventory<'a> {
    pub(super) fn of(inventory: &'a model::Inventory) -> Self {
        let key = |key: &'a model::LicenseKey| key.0.as_str();
        Self {
            artifacts: inventory
                .artifacts
                .iter()
                .map(|artifact| Artifact::of(inventory, artifact))
                .collect(),
            contracts: inventory
                .contracts
                .iter()
                .map(|(id, coverage)| (key(id), Coverage::of(coverage)))
                .collect(),
            relations: inventory.relations.iter().map(Relation::of).collect(),
            texts: inventory.texts.values().map(Text::of).collect(),
            terms: inventory.terms.iter().map(|(id, terms)| (key(id), Terms::of(terms))).collect(),
            spdx_ids: inventory
                .spdx_ids
                .iter()
                .map(|(id, spdx)| (key(id), spdx.as_str()))
                .collect(),
            listed_texts: inventory.listed_texts.keys().map(key).collect(),
            unclaimed: inventory
                .unclaimed
                .iter()
                .map(|file| Unclaimed { path: file.path.as_str(), size: file.size })
                .collect(),
            hidden: inventory
                .hidden
                .iter()
                .map(|file| Hidden {
                    path: file.path.as_str(),
                    layer: file.path.layer().map(|layer| layer.to_string()),
                    size: file.size,
                    sha256: file.sha256.map(|digest| digest.to_string()),
                    weights: file.is_weights,
                })
                .collect(),
            diagnostics: inventory.diagnostics.iter().map(Diagnostic::of).collect(),
        }
    }
}

impl<'a> Artifact<'a> {
    fn of(inventory: &'a model::Inventory, artifact: &'a model::Artifact) -> Self {
        let claims = inventory.claims.get(&artifact.id);
        let matches = inventory.text_matches.get(&artifact.id);
        Self {
            id: &artifact.id.0,
            kind: artifact.kind.name(),
            name: artifact.name.as_deref(),
            version: artifact.version.as_deref(),
            purl: artifact.purl.as_ref().map(model::Purl::as_str),
            folder: artifact.folder.as_str(),
            development_only: artifact.development_only,
            depends_on: artifact.depends_on.iter().map(|id| id.0.as_str()).collect(),
            occurrences: Location::all(&artifact.occurrences),
            files: artifact.files.iter().map(File::of).collect(),
            facts: artifact.facts.iter().map(Fact::of).collect(),
            license_claims: claims.into_iter().flatten().map(LicenseClaim::of).collect(),
            text_matches: matches.into_iter().flatten().map(TextMatch::of).collect(),
        }
    }
}

impl<'a> File<'a> {
    fn of(file: &'a model::ArtifactFile) -> Self {
        Self {
            path: file.path.as_str(),
            role: file.role.name(),
            size: file.size,
            sha256: file.sha256.map(|digest| digest.to_string()),
            claimed_sha256: file.claimed_sha256.map(|digest| digest.to_string()),
        }
    }
}

impl<'a> Relation<'a> {
    fn of(relation: &'a model::Relation) -> Self {
        Self {
            from: &relation.from.0,
            kind: relation.kind.name(),
            to: match &relation.to {
                model::RelationTarget::Here(id) => Target::Here(&id.0),
                model::RelationTarget::Elsewhere { name, purl } => {
                    Target::Elsewhere { name, purl: purl.as_ref().map(model::Purl::as_str) }
                }
            },
            basis: relation.basis.name(),
            evidence: Location::all(&relation.evidence),
            by: &relation.by.0,
        }
    }
}

impl<'a> Diagnostic<'a> {
    fn of(diagnostic: &'a model::Diagnostic) -> Self {
        Self {
            code: diagnostic.code.as_str(),
            severity: diagnostic.severity().name(),
            incomplete: diagnostic.code.completeness() == model::Completeness::Incomplete,
            at: diagnostic.at.as_ref().map(Location::of),
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
        }
    }
}
