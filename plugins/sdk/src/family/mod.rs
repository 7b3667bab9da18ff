//! A resolver for licence families that consist of data only.
//!
//! It claims what tags and recognised texts mean and nothing else: a tag that several licences
//! share stays a set of candidates, and words that the family does not know are not answered.

mod statement;

use std::collections::{BTreeMap, BTreeSet};

pub use statement::{Place, Statement, statements};

use crate::catalogue::{Knowledge, sorted};
use crate::message::{
    ArtifactView, Descriptor, Evidence, LicenseClaim, Phase, ProfileKind, Resolution,
    ResolveRequest, ResolveResponse, Tag, TagScheme, Terms, TextMatchView,
};
use crate::{ResolveError, Resolver};

/// Prefixes of the facts that state a licence.
pub const NEEDS: [&str; 7] = [
    "bom.license",
    "card.body-license",
    "card.license",
    "gguf.general.license",
    "manifest.package",
    "oci.model.license",
    "safetensors.metadata.license",
];

/// A resolver made of records and profiles.
#[derive(Clone, Debug)]
pub struct Family {
    id: &'static str,
    version: &'static str,
    knowledge: Knowledge,
    tags: Tags,
    packages: Packages,
}

/// Whether a family answers the licence fields of package manifests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Packages {
    /// They name listed licences; who reads expressions answers them.
    Left,
    /// Where its own names stand there.
    Answered,
}

impl Family {
    /// A plugin `id` in `version` that knows this.
    pub fn new(id: &'static str, version: &'static str, mut knowledge: Knowledge) -> Self {
        knowledge.terms = sorted(knowledge.terms);
        let tags = Tags::of(&knowledge.terms);
        Self { id, version, knowledge, tags, packages: Packages::Left }
    }

    /// Adds a name that no record carries, for example the tag of a whole family.
    #[must_use]
    pub fn with_tag(mut self, scheme: TagScheme, name: &str, candidates: &[&str]) -> Self {
        for key in candidates {
            self.tags.add(scheme, name, key);
        }
        self
    }

    /// Answers the licence fields of package manifests too, where they are names of this family.
    #[must_use]
    pub fn with_packages(mut self) -> Self {
        self.packages = Packages::Answered;
        self
    }

    /// The record with this key.
    pub fn terms(&self, key: &str) -> Option<&Terms> {
        let terms = &self.knowledge.terms;
        let index = terms.binary_search_by(|record| record.key.as_str().cmp(key)).ok()?;
        terms.get(index)
    }

    /// The keys that a stated name can mean; empty when the family does not know it.
    pub fn candidates(&self, stated: &str, place: Place) -> Vec<String> {
        self.tags.candidates(stated, place)
    }

    fn declared(&self, statement: &Statement<'_>) -> Option<LicenseClaim> {
        if statement.place == Place::Package && self.packages == Packages::Left {
            return None;
        }
        let candidates = self.candidates(statement.text, statement.place);
        (!candidates.is_empty()).then(|| LicenseClaim {
            stated: Some(statement.text.to_owned()),
            expression: self.expression(&candidates),
            candidates,
            basis: "declared".to_owned(),
            evidence: statement.evidence.clone(),
        })
    }

    fn detected(&self, index: usize, found: &TextMatchView) -> Option<LicenseClaim> {
        let terms = self.terms(&found.key)?;
        if found.kind != ProfileKind::License {
            return None;
        }
        let candidates = match found.recognition.as_str() {
            "exact" | "variant" => vec![terms.key.clone()],
            _ => self.siblings(terms),
        };
        Some(LicenseClaim {
            stated: None,
            expression: self.expression(&candidates),
            candidates,
            basis: "detected".to_owned(),
            evidence: vec![Evidence::TextMatch(index)],
        })
    }

    /// What a text can be that is only near this record: the licences of the same licensor and
    /// family, or the whole family when the licensor has no other.
    fn siblings(&self, terms: &Terms) -> Vec<String> {
        let family = || self.knowledge.terms.iter().filter(|other| other.family == terms.family);
        let licensor = |terms: &Terms| terms.licensor.split(' ').next().map(str::to_owned);
        let same = family().filter(|other| licensor(other) == licensor(terms));
        let same: Vec<String> = same.map(|other| other.key.clone()).collect();
        if same.len() > 1 { same } else { family().map(|other| other.key.clone()).collect() }
    }

    fn expression(&self, candidates: &[String]) -> Option<String> {
        let [only] = candidates else { return None };
        self.terms(only).map(|terms| spdx_of(terms).to_owned())
    }
}

/// The SPDX id of a record, or its `LicenseRef-…`.
pub fn spdx_of(terms: &Terms) -> &str {
    if terms.ids.spdx.is_empty() { &terms.ids.spdx_ref } else { &terms.ids.spdx }
}

impl Resolver for Family {
    fn describe(&self) -> Descriptor {
        let families: BTreeSet<&String> =
            self.knowledge.terms.iter().map(|terms| &terms.family).collect();
        Descriptor {
            id: self.id.to_owned(),
            version: self.version.to_owned(),
            families: families.into_iter().cloned().collect(),
            phase: Phase::License,
            needs: NEEDS.map(str::to_owned).to_vec(),
            tags: self.tags.list(),
            terms: self.knowledge.terms.clone(),
            listed: Vec::new(),
            profiles: self.knowledge.profiles.clone(),
            phrases: self.knowledge.phrases.clone(),
        }
    }

    fn resolve(&self, request: &ResolveRequest) -> Result<ResolveResponse, ResolveError> {
        let resolve = |artifact: &ArtifactView| {
            let statements = statements(artifact);
            let declared = statements.iter().filter_map(|statement| self.declared(statement));
            let matches = artifact.text_matches.iter().enumerate();
            let detected = matches.filter_map(|(index, found)| self.detected(index, found));
            let claims: Vec<LicenseClaim> = declared.chain(detected).collect();
            Resolution { id: artifact.id.clone(), claims, ..Resolution::default() }
        };
        let artifacts = request.artifacts.iter().map(resolve);
        Ok(ResolveResponse { artifacts: artifacts.filter(|it| !it.claims.is_empty()).collect() })
    }
}

/// What names mean, by scheme and lower-case name.
#[derive(Clone, Debug, Default)]
struct Tags(BTreeMap<(TagScheme, String), BTreeSet<String>>);

impl Tags {
    fn of(terms: &[Terms]) -> Self {
        let mut tags = Self::default();
        for record in terms {
            let ids = &record.ids;
            for name in &ids.hf {
                match name.strip_prefix("other:") {
                    Some(name) => tags.add(TagScheme::LicenseName, name, &record.key),
                    None => tags.add(TagScheme::HuggingFace, name, &record.key),
                }
            }
            for name in ids.aliases.iter().chain([&record.name]) {
                tags.add(TagScheme::LicenseName, name, &record.key);
            }
            for name in &ids.scancode {
                tags.add(TagScheme::Scancode, name, &record.key);
            }
            let reference = format!("LicenseRef-{}", record.key);
            for name in [&ids.spdx, &ids.spdx_ref, &reference, &record.key] {
                tags.add(TagScheme::Spdx, name, &record.key);
            }
        }
        tags
    }

    fn add(&mut self, scheme: TagScheme, name: &str, key: &str) {
        if !name.is_empty() {
            self.0.entry((scheme, name.to_lowercase())).or_default().insert(key.to_owned());
        }
    }

    /// The schemes are tried in the order in which the place uses them; the first that knows the
    /// name decides.
    fn candidates(&self, stated: &str, place: Place) -> Vec<String> {
        use TagScheme::{HuggingFace, LicenseName, Scancode, Spdx};
        let schemes = match place {
            Place::Tag => [HuggingFace, Spdx, Scancode, LicenseName],
            Place::Name => [LicenseName, HuggingFace, Spdx, Scancode],
            Place::Package | Place::Bom => [Spdx, Scancode, LicenseName, HuggingFace],
        };
        let name = stated.trim().to_lowercase();
        schemes
            .into_iter()
            .find_map(|scheme| self.0.get(&(scheme, name.clone())))
            .map(|keys| keys.iter().cloned().collect())
            .unwrap_or_default()
    }

    fn list(&self) -> Vec<Tag> {
        let tag = |((scheme, name), keys): (&(TagScheme, String), &BTreeSet<String>)| Tag {
            scheme: *scheme,
            name: name.clone(),
            candidates: keys.iter().cloned().collect(),
        };
        self.0.iter().map(tag).collect()
    }
}

#[cfg(test)]
mod tests;
