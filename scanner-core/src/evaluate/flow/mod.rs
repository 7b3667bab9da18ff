//! Who holds which licence from whom along the hops of the product, what binds each party, and who
//! can enforce what. Everything comes from the data of the records, never from a licence's name.
//!
//! `strands` groups artifacts by licence, `route` has the hops, one file for each conveyance rule
//! says where the next party stands, `enforcement` derives edges from positions and obligations,
//! `gaps` says what gets lost. What is undecided or unknown gets no edge.

mod agreement;
mod bindings;
mod case;
mod clauses;
mod contract;
mod direct;
mod downstream;
mod enforcement;
mod exemptions;
mod gaps;
mod no_conveyance;
mod relicense;
mod rights;
mod route;
mod strands;
mod terms_of_use;
mod unknown;

#[cfg(test)]
mod tests;

pub use case::PASSED_ON;

use std::collections::BTreeMap;

use self::case::{Case, Position};
use self::route::Route;
use self::strands::Strand;
use super::Scene;
use crate::model::{
    AgreementReview, ArtifactAssessment, ArtifactId, Conveyance, ConveyanceRule, Directness, Hop,
    LicenseChain, LicenseFlow, Party, PartyId, PartyRole, Standing,
};

pub(super) fn of(
    assessed: &BTreeMap<ArtifactId, ArtifactAssessment>,
    agreement: Option<&AgreementReview>,
    scene: &Scene<'_>,
) -> LicenseFlow {
    let route = Route::of(scene.product);
    let grouped = strands::of(assessed, scene);
    let mut licensors = Licensors::default();
    let chains: Vec<LicenseChain> = grouped
        .strands
        .iter()
        .map(|strand| {
            let review = agreement.and_then(|review| review.license(&strand.terms.key));
            let licensor = licensors.id_of(strand, scene);
            chain(&Case { strand, licensor, rule: rule(strand), route: &route, review })
        })
        .collect();
    let mut parties = route.parties.clone();
    parties.extend(licensors.into_parties());
    LicenseFlow { parties, hops: route.hops, chains, unknown: grouped.unknown }
}

/// The rule by which rights under these terms travel. Restrictions that flow down while every user
/// accepts the licensor's own terms are a rule of their own.
fn rule(strand: &Strand<'_>) -> ConveyanceRule {
    let grant = &strand.terms.grant;
    match grant.conveyance {
        Conveyance::DirectLicense => ConveyanceRule::DirectLicense,
        Conveyance::SublicenseWithFlowdown
            if grant.acceptance == "by-use"
                && matches!(grant.directness, Directness::Explicit | Directness::Implied) =>
        {
            ConveyanceRule::TermsOfUse
        }
        Conveyance::SublicenseWithFlowdown => ConveyanceRule::Relicense,
        Conveyance::CommercialFlowdown => ConveyanceRule::Contract,
        Conveyance::NoConveyance => ConveyanceRule::NoConveyance,
    }
}

fn chain(case: &Case<'_>) -> LicenseChain {
    let strand = case.strand;
    let mut positions = vec![case.vendor()];
    for hop in &case.route.hops {
        let previous = positions.last().expect("the vendor's position is the first");
        let next = step(case, hop, previous);
        positions.push(next);
    }
    let is_decided = strand.standing != Standing::Candidate;
    let edges = if is_decided { enforcement::of(case, &positions) } else { Vec::new() };
    let gaps = if is_decided { gaps::of(case, &positions) } else { Vec::new() };
    LicenseChain {
        id: strand.id(),
        license: strand.terms.key.clone(),
        name: strand.terms.name.clone(),
        subject: strand.subject,
        standing: strand.standing,
        alternatives: strand.alternatives.iter().cloned().collect(),
        rule: case.rule,
        artifacts: strand.artifacts.iter().cloned().collect(),
        evidence: strand.evidence.iter().cloned().collect(),
        bindings: bindings::of(case, &positions),
        exemptions: exemptions::of(case),
        edges,
        gaps,
        licensor: case.licensor.clone(),
        holdings: positions.into_iter().flat_map(|position| position.holdings).collect(),
    }
}

fn step(case: &Case<'_>, hop: &Hop, previous: &Position) -> Position {
    match case.rule {
        ConveyanceRule::DirectLicense => direct::next(case, hop, previous),
        ConveyanceRule::Relicense => relicense::next(case, hop, previous),
        ConveyanceRule::TermsOfUse => terms_of_use::next(case, hop, previous),
        ConveyanceRule::Contract => contract::next(case, hop, previous),
        ConveyanceRule::NoConveyance => no_conveyance::next(case, hop),
    }
}

/// The licensors, each once: by the name in the record, or for one chain where records name nobody.
#[derive(Default)]
struct Licensors {
    names: BTreeMap<PartyId, String>,
}

impl Licensors {
    fn id_of(&mut self, strand: &Strand<'_>, scene: &Scene<'_>) -> PartyId {
        let (name, tail) = match &strand.terms.licensor {
            Some(name) => (name.clone(), slug(name)),
            None => (strand.holders(scene), strand.id()),
        };
        let mut id = PartyId(format!("licensor:{tail}"));
        let mut count = 1;
        while self.names.get(&id).is_some_and(|taken| *taken != name) {
            count += 1;
            id = PartyId(format!("licensor:{tail}-{count}"));
        }
        self.names.insert(id.clone(), name);
        id
    }

    fn into_parties(self) -> impl Iterator<Item = Party> {
        self.names.into_iter().map(|(id, name)| Party { id, role: PartyRole::Licensor, name })
    }
}

/// Lower-case letters and digits, joined by `-`; at most 64 bytes.
fn slug(name: &str) -> String {
    let words = name.split(|character: char| !character.is_ascii_alphanumeric());
    let words: Vec<String> =
        words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect();
    let mut slug = words.join("-");
    slug.truncate(64);
    if slug.is_empty() { "unnamed".to_owned() } else { slug }
}
