//! Licences of the SPDX License List: direct licensing, notice and source duties.
//!
//! Tags, package metadata, SPDX expressions and classifiers become ids where they have one reading,
//! and candidates where they have several: `bsd` names no version, and none is invented. Records in
//! `catalogue/` say what the common licences ask for; every other listed licence is known by id, name
//! and text. Fingerprints of the texts are made at build time from the texts in crate `spdx`.

#![forbid(unsafe_code)]

mod listed;
mod names;

use std::collections::BTreeMap;

use flowdown_plugin_sdk::catalogue::Knowledge;
use flowdown_plugin_sdk::family::{Family, Statement, spdx_of, statements};
use flowdown_plugin_sdk::message::{
    ArtifactView, Descriptor, Evidence, LicenseClaim, Profile, ProfileKind, Resolution,
    ResolveRequest, ResolveResponse, TextMatchView,
};
use flowdown_plugin_sdk::{ResolveError, Resolver};
use listed::{Keys, ListedText};
use names::Reading;

const KNOWLEDGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/family.json"));

/// The resolver of listed licences.
pub fn resolver() -> impl Resolver {
    let knowledge = Knowledge::load(KNOWLEDGE).expect("the build script wrote it");
    let keys = Keys::of(&knowledge.terms);
    let texts = listed::texts(&keys);
    let own = knowledge.profiles.iter().map(|profile| (profile.key.clone(), Vec::new()));
    let mut twins: BTreeMap<String, Vec<String>> = own.collect();
    let mut profiles = Vec::with_capacity(texts.len());
    for ListedText { profile, ids } in texts {
        twins.insert(profile.key.clone(), ids.into_iter().map(str::to_owned).collect());
        profiles.push(profile);
    }
    let family = Family::new("open-source", env!("CARGO_PKG_VERSION"), knowledge);
    OpenSource { family, keys, profiles, twins }
}

struct OpenSource {
    family: Family,
    keys: Keys,
    /// Fingerprints of the listed texts.
    profiles: Vec<Profile>,
    /// Key of each profile with the listed ids that have its text.
    twins: BTreeMap<String, Vec<String>>,
}

impl Resolver for OpenSource {
    fn describe(&self) -> Descriptor {
        let mut description = self.family.describe();
        description.listed = listed::licenses(&self.keys);
        description.profiles.extend(self.profiles.iter().cloned());
        description
    }

    fn resolve(&self, request: &ResolveRequest) -> Result<ResolveResponse, ResolveError> {
        let artifacts = request.artifacts.iter().map(|artifact| self.resolve_one(artifact));
        Ok(ResolveResponse { artifacts: artifacts.filter(|it| !it.claims.is_empty()).collect() })
    }
}

impl OpenSource {
    fn resolve_one(&self, artifact: &ArtifactView) -> Resolution {
        let statements = statements(artifact);
        let declared = statements.iter().filter_map(|statement| self.declared(statement));
        let matches = artifact.text_matches.iter().enumerate();
        let detected = matches.filter_map(|(index, found)| self.detected(index, found));
        let claims = declared.chain(detected).collect();
        Resolution { id: artifact.id.clone(), claims, ..Resolution::default() }
    }

    fn declared(&self, statement: &Statement<'_>) -> Option<LicenseClaim> {
        let records = self.family.candidates(statement.text, statement.place);
        let (candidates, expression) = if records.is_empty() {
            self.listed(names::read(statement.text)?)
        } else {
            let expression = self.expression(&records);
            (records, expression)
        };
        Some(LicenseClaim {
            stated: Some(statement.text.to_owned()),
            candidates,
            expression,
            basis: "declared".to_owned(),
            evidence: statement.evidence.clone(),
        })
    }

    fn listed(&self, reading: Reading) -> (Vec<String>, Option<String>) {
        let keys =
            |ids: &mut dyn Iterator<Item = &String>| ids.map(|id| self.keys.key(id)).collect();
        match reading {
            Reading::OneOf(ids) => {
                let one = if ids.len() == 1 { ids.first().cloned() } else { None };
                (keys(&mut ids.iter()), one)
            }
            Reading::Expression { text, ids } => (keys(&mut ids.iter()), Some(text)),
        }
    }

    fn detected(&self, index: usize, found: &TextMatchView) -> Option<LicenseClaim> {
        if found.kind != ProfileKind::License {
            return None;
        }
        let ids = self.twins.get(&found.key)?;
        let mut candidates: Vec<String> = ids.iter().map(|id| self.keys.key(id)).collect();
        if candidates.is_empty() {
            candidates.push(found.key.clone());
        }
        let listed = if let [only] = ids.as_slice() { Some(only.clone()) } else { None };
        Some(LicenseClaim {
            stated: None,
            expression: listed.or_else(|| self.expression(&candidates)).filter(|_| ids.len() < 2),
            candidates,
            basis: "detected".to_owned(),
            evidence: vec![Evidence::TextMatch(index)],
        })
    }

    /// The id of the only candidate, when there is a record of it.
    fn expression(&self, candidates: &[String]) -> Option<String> {
        let [only] = candidates else { return None };
        self.family.terms(only).map(|terms| spdx_of(terms).to_owned())
    }
}

flowdown_plugin_sdk::export_plugin!(open_source, resolver());

#[cfg(test)]
mod tests;
