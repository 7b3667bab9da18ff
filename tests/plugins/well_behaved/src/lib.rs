//! A plugin that keeps the contract: models whose card says `license: acme-1.0` are under it.

#![forbid(unsafe_code)]

use flowdown_plugin_sdk::message::{
    ArtifactView, Descriptor, Evidence, LicenseClaim, Phase, Resolution, ResolveRequest,
    ResolveResponse, Tag, TagScheme,
};
use flowdown_plugin_sdk::{ResolveError, Resolver};

const LICENSE: &str = "acme-1.0";

/// Claims the licence `acme-1.0` where a card says so.
#[derive(Clone, Copy, Debug, Default)]
pub struct WellBehaved;

impl Resolver for WellBehaved {
    fn describe(&self) -> Descriptor {
        Descriptor {
            id: "well-behaved".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            families: vec!["acme".into()],
            phase: Phase::License,
            needs: vec!["card.license".into()],
            tags: vec![Tag {
                scheme: TagScheme::HuggingFace,
                name: LICENSE.into(),
                candidates: vec![LICENSE.into()],
            }],
            terms: vec![],
            listed: vec![],
            profiles: vec![],
            phrases: vec![],
        }
    }

    fn resolve(&self, request: &ResolveRequest) -> Result<ResolveResponse, ResolveError> {
        let artifacts = request.artifacts.iter().filter_map(resolution).collect();
        Ok(ResolveResponse { artifacts })
    }
}

fn resolution(artifact: &ArtifactView) -> Option<Resolution> {
    let fact = artifact
        .facts
        .iter()
        .position(|fact| fact.name == "card.license" && fact.value == LICENSE)?;
    let claim = LicenseClaim {
        stated: Some(LICENSE.into()),
        candidates: vec![LICENSE.into()],
        expression: None,
        basis: "declared".into(),
        evidence: vec![Evidence::Fact(fact)],
    };
    Some(Resolution { id: artifact.id.clone(), claims: vec![claim], ..Resolution::default() })
}

flowdown_plugin_sdk::export_plugin!(well_behaved, WellBehaved);

#[cfg(test)]
mod tests {
    use flowdown_plugin_sdk::harness::{Harness, model};
    use flowdown_plugin_sdk::message::Evidence;

    use super::{FLOWDOWN_PLUGIN, LICENSE};

    fn check(license: &str) -> Vec<Vec<Evidence>> {
        let harness = Harness::new(&FLOWDOWN_PLUGIN).unwrap();
        let facts = [("config.model-type", "bert".into()), ("card.license", license.into())];
        let response = harness.resolve(vec![model("acme/small", &facts)]).unwrap();
        let claims = response.artifacts.into_iter().flat_map(|resolution| resolution.claims);
        claims.map(|claim| claim.evidence).collect()
    }

    #[test]
    fn the_tag_is_claimed_with_the_fact_that_says_so() {
        // The fact is the first one, since the plugin needs no configuration and sees none.
        assert_eq!(check(LICENSE), [[Evidence::Fact(0)]]);
        assert!(check("mit").is_empty());
    }
}
