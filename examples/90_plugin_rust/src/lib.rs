//! Resolves the ACME Model License 1.0: models whose card says `license: other` and
//! `license_name: acme-model-1.0` are under it.
//!
//! What the licence says is data, in `acme-model-1.0.toml`. What this code does is to recognise
//! where somebody states it, and to say which fact shows that.

#![forbid(unsafe_code)]

use flowdown_plugin_sdk::message::{
    ArtifactView, Descriptor, Evidence, LicenseClaim, Phase, Resolution, ResolveRequest,
    ResolveResponse, Tag, TagScheme, Terms,
};
use flowdown_plugin_sdk::{ResolveError, Resolver};

const KEY: &str = "acme-model-1.0";

/// Knows one licence.
#[derive(Clone, Copy, Debug, Default)]
pub struct Acme;

impl Resolver for Acme {
    fn describe(&self) -> Descriptor {
        let terms: Terms = toml::from_str(include_str!("../acme-model-1.0.toml"))
            .expect("the record is part of this crate, and a test reads it");
        Descriptor {
            id: "acme".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            families: vec!["acme".into()],
            phase: Phase::License,
            // Only these facts are sent.
            needs: vec!["card.license".into()],
            // What the name in a card means, for everybody who meets it there.
            tags: vec![Tag {
                scheme: TagScheme::LicenseName,
                name: KEY.into(),
                candidates: vec![KEY.into()],
            }],
            terms: vec![terms],
            listed: vec![],
            profiles: vec![],
            phrases: vec![],
        }
    }

    fn resolve(&self, request: &ResolveRequest) -> Result<ResolveResponse, ResolveError> {
        // Artifacts about which there is nothing to say are left out.
        let artifacts = request.artifacts.iter().filter_map(resolve_one).collect();
        Ok(ResolveResponse { artifacts })
    }
}

fn resolve_one(artifact: &ArtifactView) -> Option<Resolution> {
    let says = |name: &str, value: &str| {
        artifact.facts.iter().position(|fact| {
            let text = fact.value.as_str();
            fact.name == name && text.is_some_and(|text| text.eq_ignore_ascii_case(value))
        })
    };
    // Both lines of the card make the statement, so both are evidence.
    let evidence = [says("card.license", "other")?, says("card.license-name", KEY)?];
    let claim = LicenseClaim {
        stated: Some(KEY.into()),
        candidates: vec![KEY.into()],
        expression: None,
        basis: "declared".into(),
        evidence: evidence.map(Evidence::Fact).into(),
    };
    Some(Resolution { id: artifact.id.clone(), claims: vec![claim], ..Resolution::default() })
}

flowdown_plugin_sdk::export_plugin!(acme, Acme);

#[cfg(test)]
mod tests {
    use flowdown_plugin_sdk::harness::{Harness, model};

    use super::*;

    fn check(license: &str, license_name: &str) -> Vec<LicenseClaim> {
        let harness = Harness::new(&FLOWDOWN_PLUGIN).unwrap();
        let facts = [("card.license", license.into()), ("card.license-name", license_name.into())];
        let response = harness.resolve(vec![model("acme/small", &facts)]).unwrap();
        response.artifacts.into_iter().flat_map(|resolution| resolution.claims).collect()
    }

    #[test]
    fn both_lines_of_the_card_make_the_claim() {
        let claims = check("other", "acme-model-1.0");
        assert_eq!(claims[0].evidence, [Evidence::Fact(0), Evidence::Fact(1)]);
        assert_eq!(check("other", "ACME-Model-1.0"), claims);
        assert!(check("mit", "acme-model-1.0").is_empty());
        assert!(check("other", "acme-model-2.0").is_empty());
    }

    #[test]
    fn the_record_is_read() {
        let terms = &Acme.describe().terms[0];
        assert_eq!((terms.key.as_str(), terms.obligation.len()), (KEY, 2));
    }
}
