//! Who can enforce what, in words and tables; `picture` draws it.

use serde::Serialize;

use super::places::Places;
use super::view::{LicenseLink, PartLinks, View};
use super::words::{Word, certainty, matter, story};
use crate::model::{
    Binding, Clause, Declaration, EnforcementEdge, FlowGap, Holding, HopMode, Instrument,
    LicenseChain, LicenseFlow, PartyId, Relicensing, Standing,
};

#[derive(Serialize)]
pub(super) struct Flow<'a> {
    hops: Vec<Hop<'a>>,
    gaps: Vec<Gap<'a>>,
    unknown: Vec<Unknown<'a>>,
    chains: Vec<Chain<'a>>,
}

#[derive(Serialize)]
struct Hop<'a> {
    from: &'a str,
    to: &'a str,
    way: &'static str,
    said: &'static str,
    terms: &'static str,
    because: &'a str,
}

#[derive(Serialize)]
struct Gap<'a> {
    chain: usize,
    name: &'a str,
    kind: &'static str,
    from: &'a str,
    to: &'a str,
    what: &'a str,
    because: &'a str,
    clauses: Vec<Cited<'a>>,
}

#[derive(Serialize)]
struct Unknown<'a> {
    what: &'a str,
    parts: PartLinks,
    places: Places,
}

#[derive(Serialize)]
struct Chain<'a> {
    number: usize,
    name: &'a str,
    license: LicenseLink,
    subject: &'static str,
    standing: &'static str,
    is_candidate: bool,
    alternatives: Vec<LicenseLink>,
    licensor: &'a str,
    story: &'static str,
    parts: PartLinks,
    holdings: Vec<Held<'a>>,
    bindings: Vec<Bound<'a>>,
    exemptions: Vec<(&'a str, Word, &'a str)>,
    edges: Vec<Edge<'a>>,
    gaps: usize,
}

#[derive(Serialize)]
struct Held<'a> {
    holder: &'a str,
    what: &'static str,
    from: &'a str,
    certainty: Word,
    because: &'a str,
    clauses: Vec<Cited<'a>>,
    pass_on: Vec<Cited<'a>>,
}

#[derive(Serialize)]
struct Bound<'a> {
    party: &'a str,
    through: &'static str,
    count: usize,
    certainty: Word,
    condition: Option<&'a str>,
    because: &'a str,
}

#[derive(Serialize)]
struct Edge<'a> {
    who: &'a str,
    against: &'a str,
    matter: &'static str,
    acts_of: Option<&'a str>,
    basis: Option<&'static str>,
    remedy: &'static str,
    certainty: Word,
    condition: Option<&'a str>,
    clauses: Vec<Cited<'a>>,
    because: &'a str,
}

/// A clause as the record labels it.
#[derive(Serialize)]
struct Cited<'a> {
    label: &'a str,
    kind: &'a str,
}

impl<'a> Flow<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let flow = &view.report().assessment.flow;
        let chains = in_order(flow);
        let gaps = chains.iter().enumerate();
        let gaps = gaps.flat_map(|(number, chain)| {
            chain.gaps.iter().map(move |it| gap(flow, chain, number, it))
        });
        Self {
            hops: flow.hops.iter().map(|it| hop(flow, it)).collect(),
            gaps: gaps.collect(),
            unknown: flow
                .unknown
                .iter()
                .map(|it| Unknown {
                    what: &it.what,
                    parts: view.parts(&it.artifacts),
                    places: Places::of(&it.evidence),
                })
                .collect(),
            chains: chains.iter().zip(0..).map(|(it, number)| chain(view, it, number)).collect(),
        }
    }
}

/// What restricts first, then what most artifacts are under.
pub(super) fn in_order(flow: &LicenseFlow) -> Vec<&LicenseChain> {
    let mut chains: Vec<_> = flow.chains.iter().collect();
    chains.sort_by_key(|chain| {
        let is_plain = chain.bindings.is_empty() && chain.gaps.is_empty();
        (is_plain, usize::MAX - chain.artifacts.len())
    });
    chains
}

/// A party in the words of tables.
fn party<'a>(flow: &'a LicenseFlow, id: &'a PartyId) -> &'a str {
    flow.party_name(id)
}

fn hop<'a>(flow: &'a LicenseFlow, hop: &'a crate::model::Hop) -> Hop<'a> {
    Hop {
        from: party(flow, &hop.from),
        to: party(flow, &hop.to),
        way: match hop.mode {
            HopMode::Copy => "a copy is handed over",
            HopMode::Embedded => "it is handed over inside a device or another product",
            HopMode::Hosted => "it is used over a network",
        },
        said: match hop.declaration {
            Declaration::Declared => "declared",
            Declaration::Assumed => "assumed",
        },
        terms: match hop.relicensing {
            Relicensing::Relicensed => "under terms of its own",
            Relicensing::PlainCopy => "as a plain copy with the licence texts",
            Relicensing::Undeclared => "whether under terms of its own is not declared",
        },
        because: &hop.because,
    }
}

fn gap<'a>(
    flow: &'a LicenseFlow,
    chain: &'a LicenseChain,
    number: usize,
    gap: &'a FlowGap,
) -> Gap<'a> {
    Gap {
        chain: number,
        name: &chain.name,
        kind: gap.kind.name(),
        from: party(flow, &gap.from),
        to: party(flow, &gap.to),
        what: &gap.what,
        because: &gap.because,
        clauses: cited(&gap.clauses),
    }
}

fn chain<'a>(view: &View<'a>, chain: &'a LicenseChain, number: usize) -> Chain<'a> {
    let flow = &view.report().assessment.flow;
    let exemptions = chain.exemptions.iter();
    Chain {
        number,
        name: &chain.name,
        license: view.license(&chain.license),
        subject: chain.subject.name(),
        standing: chain.standing.name(),
        is_candidate: chain.standing == Standing::Candidate,
        alternatives: chain.alternatives.iter().map(|key| view.license(key)).collect(),
        licensor: party(flow, &chain.licensor),
        story: story(chain.rule),
        parts: view.parts(&chain.artifacts),
        holdings: chain.holdings.iter().map(|it| held(flow, it)).collect(),
        bindings: chain.bindings.iter().map(|it| bound(flow, it)).collect(),
        exemptions: exemptions
            .map(|it| (party(flow, &it.party), certainty(it.certainty), it.because.as_str()))
            .collect(),
        edges: chain.edges.iter().map(|it| edge(flow, it)).collect(),
        gaps: chain.gaps.len(),
    }
}

fn held<'a>(flow: &'a LicenseFlow, holding: &'a Holding) -> Held<'a> {
    Held {
        holder: party(flow, &holding.holder),
        what: match holding.instrument {
            Instrument::Agreement => "terms from",
            Instrument::License | Instrument::LicenseOrAgreement | Instrument::Nothing => {
                "the licence from"
            }
        },
        from: party(flow, &holding.from),
        certainty: certainty(holding.certainty),
        because: &holding.because,
        clauses: cited(&holding.clauses),
        pass_on: cited(&holding.pass_on),
    }
}

fn bound<'a>(flow: &'a LicenseFlow, binding: &'a Binding) -> Bound<'a> {
    Bound {
        party: party(flow, &binding.party),
        through: match binding.instrument {
            Instrument::License => "by the licence",
            Instrument::Agreement => "by the agreement it received the product under",
            Instrument::LicenseOrAgreement => "by the licence or by that agreement",
            Instrument::Nothing => "by nothing that the licence provides for",
        },
        count: binding.restrictions.len(),
        certainty: certainty(binding.certainty),
        condition: binding.condition.as_deref(),
        because: &binding.because,
    }
}

fn edge<'a>(flow: &'a LicenseFlow, edge: &'a EnforcementEdge) -> Edge<'a> {
    Edge {
        who: party(flow, &edge.who),
        against: party(flow, &edge.against),
        matter: matter(edge.matter),
        acts_of: (edge.acts_of != edge.against).then(|| party(flow, &edge.acts_of)),
        basis: edge.basis.map(crate::model::EnforcementBasis::name),
        remedy: edge.remedy.name(),
        certainty: certainty(edge.certainty),
        condition: edge.condition.as_deref(),
        clauses: cited(&edge.clauses),
        because: &edge.because,
    }
}

fn cited(clauses: &[Clause]) -> Vec<Cited<'_>> {
    clauses.iter().map(|it| Cited { label: &it.label, kind: &it.kind }).collect()
}
