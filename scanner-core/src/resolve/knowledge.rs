//! What all plugins together know: terms, names, fingerprints.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use flowdown_plugin_sdk::catalogue::vocab;
use flowdown_plugin_sdk::message::{self as wire, Descriptor, TagScheme};

use super::{Plugin, terms};
use crate::model::{
    Code, Contract, Diagnostic, Discriminator, LicenseKey, LicenseTerms, PhraseProfile,
    ProfileKind, ResolverId, TextProfile, parse_expression,
};

/// What all plugins together know.
#[derive(Debug, Default)]
pub struct Knowledge {
    /// Terms by key.
    pub terms: BTreeMap<LicenseKey, LicenseTerms>,
    /// SPDX ids or `LicenseRef-…` by key.
    pub spdx_ids: BTreeMap<LicenseKey, String>,
    /// Full names of listed licences by key.
    pub listed_names: BTreeMap<LicenseKey, String>,
    /// Texts of listed licences by key.
    pub listed_texts: BTreeMap<LicenseKey, Cow<'static, str>>,
    /// Fingerprints of texts.
    pub profiles: Vec<TextProfile>,
    /// Fingerprints of the wording of restrictions, by licence or policy.
    pub wordings: BTreeMap<LicenseKey, Vec<PhraseProfile>>,
    /// Fingerprints of prescribed phrases; the label is the phrase id.
    pub phrases: Vec<PhraseProfile>,
    tags: BTreeMap<(TagScheme, String), Vec<LicenseKey>>,
    /// Records that were refused.
    pub diagnostics: Vec<Diagnostic>,
}

impl Knowledge {
    /// The licences that `name` can mean as a Hugging Face tag, a catalogue key or an SPDX id.
    pub fn candidates(&self, name: &str) -> Vec<LicenseKey> {
        let key = LicenseKey(name.to_owned());
        if self.terms.contains_key(&key) {
            return vec![key];
        }
        let lower = name.to_lowercase();
        [TagScheme::HuggingFace, TagScheme::Spdx, TagScheme::LicenseName]
            .into_iter()
            .find_map(|scheme| self.tags.get(&(scheme, lower.clone())).cloned())
            .unwrap_or_default()
    }

    /// The licences that an SPDX expression, a tag or the reference of a contract names, and the
    /// expression; `None` when some part of it means nothing known, or several licences.
    pub fn expression(&self, stated: &str) -> Option<(Vec<LicenseKey>, String)> {
        if let Some(key) = self.only(stated) {
            let id = self.spdx_ids.get(&key).cloned().unwrap_or_else(|| stated.to_owned());
            return Some((vec![key], id));
        }
        let parsed = parse_expression(stated)?;
        let atoms = parsed.requirements().map(|it| it.req.license.to_string());
        let mut keys = atoms.map(|id| self.only(&id)).collect::<Option<Vec<_>>>()?;
        keys.sort();
        keys.dedup();
        Some((keys, stated.trim().to_owned()))
    }

    /// The one licence that `name` can mean.
    fn only(&self, name: &str) -> Option<LicenseKey> {
        if let [key] = self.candidates(name).as_slice() {
            return Some(key.clone());
        }
        // The references of contracts are in no plugin's list of tags.
        let named = self.spdx_ids.iter().find(|(_, id)| *id == name);
        named.map(|(key, _)| key.clone())
    }

    /// What the restriction categories of `terms` mean, in the vocabulary's words.
    pub fn meanings<'a>(
        terms: impl IntoIterator<Item = &'a LicenseTerms>,
    ) -> BTreeMap<String, String> {
        let restrictions = terms.into_iter().flat_map(|terms| &terms.restrictions);
        restrictions
            .flat_map(|restriction| &restriction.categories)
            .filter_map(|id| Some((id.clone(), vocab::category(id)?.definition.clone())))
            .collect()
    }

    /// Adds the terms of contracts, which no plugin knows.
    pub fn take_contracts(&mut self, contracts: &[Contract]) {
        for Contract { terms, .. } in contracts {
            self.spdx_ids.insert(terms.key.clone(), terms.spdx.clone());
            self.terms.insert(terms.key.clone(), terms.clone());
        }
    }

    /// The text of the listed licence `key`.
    pub fn listed_text(&self, key: &LicenseKey) -> Option<Arc<str>> {
        self.listed_texts.get(key).map(|text| Arc::from(&**text))
    }
}

/// Takes the licence knowledge out of the descriptors. The first plugin that describes a licence
/// keeps it; a second description of the same key is a diagnostic.
pub fn knowledge(plugins: &[Plugin]) -> Knowledge {
    let mut knowledge = Knowledge::default();
    for plugin in plugins {
        let descriptor = Descriptor::clone(&plugin.descriptor);
        let by = ResolverId(plugin.record.id.clone());
        for record in descriptor.terms {
            take_terms(&mut knowledge, &by, record);
        }
        for listed in descriptor.listed {
            let key = LicenseKey(listed.key);
            knowledge.spdx_ids.entry(key.clone()).or_insert(listed.spdx);
            knowledge.listed_names.entry(key.clone()).or_insert(listed.name);
            if let Some(text) = listed.text {
                knowledge.listed_texts.entry(key).or_insert(text);
            }
        }
        for tag in descriptor.tags {
            let keys = knowledge.tags.entry((tag.scheme, tag.name.to_lowercase())).or_default();
            keys.extend(tag.candidates.into_iter().map(LicenseKey));
            keys.sort();
            keys.dedup();
        }
        for profile in descriptor.profiles.into_iter().map(|profile| convert(profile, &by)) {
            if !profile.clauses.is_empty() {
                let wordings = knowledge.wordings.entry(profile.key.clone());
                wordings.or_insert_with(|| profile.clauses.clone());
            }
            knowledge.profiles.push(profile);
        }
        knowledge.phrases.extend(descriptor.phrases.into_iter().map(phrase));
    }
    knowledge
}

fn take_terms(knowledge: &mut Knowledge, by: &ResolverId, record: wire::Terms) {
    let key = LicenseKey(record.key.clone());
    let refuse = |reason: String| {
        Diagnostic::of_run(
            Code::PluginResponseInvalid,
            format!("the record `{key}` of plugin `{by}` was refused: {reason}"),
        )
        .help("what this licence demands is reported as unknown; report it to the plugin's author")
    };
    if knowledge.terms.contains_key(&key) {
        knowledge.diagnostics.push(refuse("another plugin describes it already".to_owned()));
        return;
    }
    match terms::convert(record) {
        Ok(terms) => {
            knowledge.spdx_ids.insert(key.clone(), terms.spdx.clone());
            knowledge.terms.insert(key, terms);
        }
        Err(reason) => knowledge.diagnostics.push(refuse(reason)),
    }
}

fn convert(profile: wire::Profile, by: &ResolverId) -> TextProfile {
    TextProfile {
        key: LicenseKey(profile.key),
        kind: match profile.kind {
            wire::ProfileKind::License => ProfileKind::License,
            wire::ProfileKind::UsePolicy => ProfileKind::UsePolicy,
        },
        words: profile.words,
        whole: profile.whole,
        grams: profile.grams,
        frame: profile.frame,
        discriminators: profile
            .discriminators
            .into_iter()
            .map(|discriminator| Discriminator {
                label: discriminator.label,
                words: discriminator.words,
                hash: discriminator.hash,
                must: discriminator.must,
            })
            .collect(),
        clauses: profile.clauses.into_iter().map(phrase).collect(),
        permissive: profile.permissive,
        by: by.clone(),
    }
}

fn phrase(phrase: wire::Phrase) -> PhraseProfile {
    PhraseProfile { label: phrase.label, words: phrase.words, hash: phrase.hash }
}
