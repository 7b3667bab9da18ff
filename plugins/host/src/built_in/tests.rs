use flowdown_plugin_sdk::message::{Phase, Resolution};

use super::*;
use crate::{HostError, Installed, Loaded, refuse_shared_ids};

/// Describes itself as it is told, and answers with one artifact of this id.
struct Told {
    id: &'static str,
    answer: &'static str,
}

impl Resolver for Told {
    fn describe(&self) -> Descriptor {
        assert_ne!(self.id, "panics", "told so");
        Descriptor {
            id: self.id.into(),
            version: "1.0.0".into(),
            families: vec![],
            phase: Phase::Lineage,
            needs: vec![],
            tags: vec![],
            terms: vec![],
            listed: vec![],
            profiles: vec![],
            phrases: vec![],
        }
    }

    fn resolve(&self, _: &ResolveRequest) -> Result<ResolveResponse, ResolveError> {
        match self.answer {
            "panic" => panic!("told so"),
            "refuse" => Err(ResolveError("told so".into())),
            "nothing" => Ok(ResolveResponse::default()),
            id => Ok(ResolveResponse {
                artifacts: vec![Resolution { id: id.into(), ..Resolution::default() }],
            }),
        }
    }
}

fn install(id: &'static str) -> Result<Installed, HostError> {
    Installed::built_in(Box::new(Told { id, answer: "nothing" }))
}

/// What a built-in that answers like this says when asked twice.
fn check(answer: &'static str) -> [String; 2] {
    let installed = Installed::built_in(Box::new(Told { id: "told", answer })).unwrap();
    let request =
        ResolveRequest { abi: 1, settings: Default::default(), product: None, artifacts: vec![] };
    [(), ()].map(|()| match installed.resolver.resolve(&request) {
        Ok(response) => format!("{} answers", response.artifacts.len()),
        Err(error) => error.to_string(),
    })
}

#[test]
fn a_descriptor_is_checked_and_digested() {
    let installed = install("told").unwrap();
    assert_eq!(installed.loaded, Loaded::BuiltIn);
    assert_eq!(installed.descriptor.phase, Phase::Lineage);
    assert_eq!(installed.sha256, install("told").unwrap().sha256);
    assert_ne!(installed.sha256, install("other").unwrap().sha256);
    assert_eq!(
        install("no id").unwrap_err().to_string(),
        "plugin `built-in` cannot be used: its descriptor is not valid at `id`: `no id` is not 1 \
         to 128 of the characters a-z, 0-9 and `-`"
    );
    let panicked = install("panics").unwrap_err().to_string();
    assert!(panicked.contains("it panicked: "), "{panicked}");
}

#[test]
fn what_leaves_a_resolver_in_doubt_stops_it_and_a_refusal_does_not() {
    let stopped =
        |because: &str| format!("it is not asked again, because it failed before: {because}");
    assert_eq!(check("nothing"), ["0 answers", "0 answers"]);
    assert_eq!(check("refuse"), ["it says: told so", "it says: told so"]);
    let panicked = "it panicked: told so";
    assert_eq!(check("panic"), [panicked.to_owned(), stopped(panicked)]);
    let stranger = "its answer is not valid at `artifacts[0].id`: `stranger` was not asked about, \
                    or was answered before";
    assert_eq!(check("stranger"), [stranger.to_owned(), stopped(stranger)]);
}

#[test]
fn two_plugins_of_one_id_are_refused() {
    let plugins = ["a", "b", "a"].map(|id| install(id).unwrap());
    assert!(refuse_shared_ids(&plugins[..2]).is_ok());
    let error = refuse_shared_ids(&plugins).unwrap_err();
    assert!(matches!(&error, HostError::SharedId { id, .. } if id == "a"), "{error}");
}
