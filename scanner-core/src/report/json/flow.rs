//! Who holds which licence from whom, and who can enforce what: a graph of parties and edges.

use schemars::JsonSchema;
use serde::Serialize;

use super::chain::Chain;
use super::evidence::Location;
use crate::model;

/// The graph: parties are its nodes; edges stand in the chain of the licence that they come from.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Flow<'a> {
    /// Vendor, customer, the customer's customer, then licensors by id.
    parties: Vec<Party<'a>>,
    /// How the product passes on, in order; none when it stays inside the company.
    hops: Vec<Hop<'a>>,
    /// One for each licence, kind of subject and standing, sorted by id.
    chains: Vec<Chain<'a>>,
    /// What is not known; about these there is no edge.
    unknown: Vec<Unknown<'a>>,
}

/// A node.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Party<'a> {
    /// Stable id: `vendor`, `customer`, `customers-customer`, `licensor:…`.
    id: &'a str,
    /// `licensor`, `vendor`, `customer` or `customers-customer`.
    role: &'static str,
    /// Its name in words.
    name: &'a str,
}

/// The product passes from one party to the next.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Hop<'a> {
    /// Who passes it on.
    from: &'a str,
    /// Who receives it.
    to: &'a str,
    /// `copy`, `embedded` or `hosted`.
    mode: &'static str,
    /// Whether the way was `declared` or is `assumed`.
    declaration: &'static str,
    /// `relicensed`, `plain-copy` or `undeclared`.
    relicensing: &'static str,
    /// Why way and terms are taken to be so.
    because: &'a str,
}

/// What is not known.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Unknown<'a> {
    /// What.
    what: &'a str,
    /// Ids of the artifacts, sorted.
    artifacts: Vec<&'a str>,
    /// Keys of the licences that are meant or possible, if any is named.
    licenses: Vec<&'a str>,
    /// Where to look; never empty.
    evidence: Vec<Location<'a>>,
}

impl<'a> Flow<'a> {
    pub(super) fn of(flow: &'a model::LicenseFlow) -> Self {
        let parties = flow.parties.iter();
        Self {
            parties: parties
                .map(|party| Party { id: &party.id.0, role: party.role.name(), name: &party.name })
                .collect(),
            hops: flow.hops.iter().map(Hop::of).collect(),
            chains: flow.chains.iter().map(Chain::of).collect(),
            unknown: flow.unknown.iter().map(Unknown::of).collect(),
        }
    }
}

impl<'a> Hop<'a> {
    fn of(hop: &'a model::Hop) -> Self {
        Self {
            from: &hop.from.0,
            to: &hop.to.0,
            mode: hop.mode.name(),
            declaration: hop.declaration.name(),
            relicensing: hop.relicensing.name(),
            because: &hop.because,
        }
    }
}

impl<'a> Unknown<'a> {
    fn of(unknown: &'a model::FlowUnknown) -> Self {
        Self {
            what: &unknown.what,
            artifacts: unknown.artifacts.iter().map(|id| id.0.as_str()).collect(),
            licenses: unknown.licenses.iter().map(|key| key.0.as_str()).collect(),
            evidence: Location::all(&unknown.evidence),
        }
    }
}
