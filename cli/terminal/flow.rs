//! Who can enforce the use restrictions of each licence, and what nobody can, in a line each.

use std::io::{self, Write};

use flowdown_core::model::{
    Certainty, LicenseChain, LicenseFlow, Matter, PartyId, PartyRole, Report, Severity,
};

use super::clean;
use super::style::{self, DIM, HEADING, paint};

/// Prints one paragraph for each licence that restricts use and is decided.
pub(super) fn enforcement(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let flow = &report.assessment.flow;
    let chains: Vec<&LicenseChain> = flow.chains.iter().filter(|chain| is_told(chain)).collect();
    if chains.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let note = "all of it: `-o flow=FILE`";
    writeln!(out, "{} {}", paint(HEADING, "who can enforce"), paint(DIM, note))?;
    for chain in chains {
        let known = report.inventory.spdx_ids.get(&chain.license);
        let spdx = clean(known.unwrap_or(&chain.license.0));
        writeln!(out, "  {spdx} ({}): {}", chain.standing.name(), words(flow, chain))?;
        if let Some(gap) = chain.gaps.first() {
            let head = paint(style::of(Severity::Warning), "gap:");
            writeln!(out, "    {head} {}", clean(&gap.what))?;
        }
    }
    Ok(())
}

/// Licences without restrictions that pass on to everybody are no news.
fn is_told(chain: &LicenseChain) -> bool {
    let is_news = !chain.bindings.is_empty() || !chain.gaps.is_empty();
    is_news && !chain.edges.is_empty()
}

/// `Licensor Ltd. against vendor certain, customer none; vendor against customer implied`. Of the
/// others, who has nothing is left out; of the licensor that is the news.
fn words(flow: &LicenseFlow, chain: &LicenseChain) -> String {
    let mut against: Vec<(&PartyId, Vec<(&PartyId, Certainty)>)> = Vec::new();
    for edge in chain.edges.iter().filter(|edge| edge.matter == Matter::OwnBreach) {
        let found = (&edge.against, surest(chain, &edge.who, &edge.against));
        match against.iter_mut().find(|(who, _)| **who == edge.who) {
            Some((_, parties)) if parties.contains(&found) => {}
            Some((_, parties)) => parties.push(found),
            None => against.push((&edge.who, vec![found])),
        }
    }
    let has_any = |parties: &[(&PartyId, Certainty)]| {
        parties.iter().any(|(_, certainty)| *certainty > Certainty::None)
    };
    let lines = against
        .into_iter()
        .filter(|(who, parties)| **who == chain.licensor || has_any(parties))
        .map(|(who, parties)| {
            let parties: Vec<String> = parties
                .into_iter()
                .map(|(party, certainty)| format!("{} {}", short(flow, party), certainty.name()))
                .collect();
            format!("{} against {}", short(flow, who), parties.join(", "))
        });
    lines.collect::<Vec<_>>().join("; ")
}

/// What a party is; of a licensor, its name.
fn short(flow: &LicenseFlow, id: &PartyId) -> String {
    let role = flow.parties.iter().find(|party| party.id == *id).map(|party| party.role);
    match role {
        Some(PartyRole::Vendor) => "vendor".to_owned(),
        Some(PartyRole::Customer) => "customer".to_owned(),
        Some(PartyRole::CustomersCustomer) => "customer's customer".to_owned(),
        Some(PartyRole::Licensor) | None => clean(flow.party_name(id)),
    }
}

fn surest(chain: &LicenseChain, who: &PartyId, against: &PartyId) -> Certainty {
    let edges = chain.edges.iter().filter(|edge| {
        edge.matter == Matter::OwnBreach && edge.who == *who && edge.against == *against
    });
    edges.map(|edge| edge.certainty).max().unwrap_or(Certainty::None)
}
