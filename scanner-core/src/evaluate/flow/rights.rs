//! What the licensor has against a party that breaches: claims by the legal bases that the licence
//! names.

use super::agreement::condition;
use super::case::{Case, Position};
use super::clauses;
use super::enforcement::Draft;
use crate::model::{
    Certainty, Clause, Directness, EnforcementBasis, EnforcementEdge, Matter, Remedy, Subject,
};

/// A claim with its basis.
pub(super) struct Right {
    pub(super) basis: EnforcementBasis,
    pub(super) remedy: Remedy,
    pub(super) certainty: Certainty,
    pub(super) because: &'static str,
    /// The entry of the record that says so.
    entry: &'static str,
}

impl Right {
    /// The clause that it comes from: of a contract the one that makes it binding, of other rights
    /// the grant that the breach leaves.
    fn clause(&self, case: &Case<'_>) -> Clause {
        let grant = &case.terms().grant;
        let label = match self.basis {
            EnforcementBasis::Contract => grant.acceptance_clause.as_deref().unwrap_or_default(),
            _ => &grant.clause,
        };
        case.cite("legal-basis", label, self.entry)
    }
}

/// The surest right of the licensor against a party; `None` where there is none.
pub(super) fn strongest(case: &Case<'_>, position: &Position) -> Option<Right> {
    // The first of equals, in the order of the record.
    claims(case, position)
        .into_iter()
        .reduce(|best, next| if next.certainty > best.certainty { next } else { best })
}

/// Everything that the licensor has against a party for the party's own breach.
pub(super) fn own_breach(case: &Case<'_>, position: &Position, edges: &mut Vec<EnforcementEdge>) {
    let draft = Draft {
        who: &case.licensor,
        against: &position.party,
        matter: Matter::OwnBreach,
        acts_of: &position.party,
    };
    if position.beneficiary > Certainty::None {
        edges.extend(beneficiary(case, position, &draft));
    } else if position.is_unlicensed() {
        edges.extend(unlicensed(case, position, &draft));
    } else if position.privity == Certainty::None {
        let mut clauses = vec![case.grant()];
        clauses.extend(case.duties(&["third-party-beneficiary"]).map(|duty| case.clause(duty)));
        edges.push(draft.nobody(&no_privity(position), clauses));
    }
    for right in claims(case, position) {
        let clause = right.clause(case);
        let because = format!("{}{}", right.because, reading(position));
        edges.push(draft.edge(
            Some(right.basis),
            right.remedy,
            right.certainty,
            None,
            because,
            vec![clause],
        ));
    }
    clauses::of(case, position, &draft, edges);
}

fn no_privity(position: &Position) -> String {
    format!(
        "the licensor has no contract with this party, and no clause gives it one; {}",
        position.because
    )
}

/// Against a party that holds the material without any licence the licensor has its rights in it,
/// and no contract.
fn unlicensed(case: &Case<'_>, position: &Position, draft: &Draft<'_>) -> Vec<EnforcementEdge> {
    let bases = &case.terms().grant.legal_basis;
    let rights = bases.iter().filter_map(|basis| of_basis(basis, case.strand.subject));
    let mut edges: Vec<EnforcementEdge> = rights
        .map(|right| {
            let because = format!("it holds no licence; {}", right.because);
            draft.edge(
                Some(right.basis),
                right.remedy,
                right.certainty,
                None,
                because,
                vec![right.clause(case)],
            )
        })
        .collect();
    edges.push(draft.edge(
        Some(EnforcementBasis::Contract),
        Remedy::ContractClaim,
        Certainty::None,
        None,
        no_privity(position),
        vec![case.grant()],
    ));
    edges
}

fn reading(position: &Position) -> &'static str {
    if position.privity == Certainty::Disputed {
        ", if the reading holds by which the licensor licenses this party"
    } else {
        ""
    }
}

/// Claims by the legal bases of the licence, in the order of the record. A party that the licensor
/// may not license at all is bounded by that doubt.
fn claims(case: &Case<'_>, position: &Position) -> Vec<Right> {
    if position.privity == Certainty::None {
        return Vec::new();
    }
    let ceiling = if position.privity == Certainty::Disputed {
        Certainty::Disputed
    } else {
        Certainty::Certain
    };
    let bases = &case.terms().grant.legal_basis;
    let mut rights: Vec<Right> =
        bases.iter().filter_map(|basis| of_basis(basis, case.strand.subject)).collect();
    rights.extend(contract(case, position));
    rights.sort_by_key(|right| right.basis);
    // Database rights, trade secrets and further rights are one edge.
    rights.dedup_by_key(|right| right.basis);
    for right in &mut rights {
        right.certainty = right.certainty.min(ceiling);
    }
    rights
}

fn of_basis(basis: &str, subject: Subject) -> Option<Right> {
    let right = |basis, certainty, because| Right {
        basis,
        remedy: Remedy::InfringementClaim,
        certainty,
        because,
        entry: "grant.legal_basis",
    };
    Some(match (basis, subject) {
        ("copyright", Subject::Software) => right(
            EnforcementBasis::Copyright,
            Certainty::Certain,
            "acting outside the licence is acting without one",
        ),
        ("copyright", Subject::Model) => right(
            EnforcementBasis::Copyright,
            Certainty::BasisUncertain,
            "acting outside the licence is acting without one; whether copyright covers weights \
             or data is not settled",
        ),
        ("patent", _) => right(
            EnforcementBasis::Patent,
            Certainty::BasisUncertain,
            "acting outside the licence is acting without one; whether a patent reads on it is \
             not known",
        ),
        ("database" | "other-ip" | "trade-secret", _) => right(
            EnforcementBasis::OtherRight,
            Certainty::BasisUncertain,
            "acting outside the licence is acting without one; whether such rights exist is not \
             known",
        ),
        _ => return None,
    })
}

/// How sure a promise to pay is: as sure as the contract that it is a part of.
pub(super) fn promise(case: &Case<'_>, position: &Position) -> Certainty {
    let contract = contract(case, position).map_or(Certainty::Disputed, |right| right.certainty);
    contract.min(position.privity)
}

/// The contract with the licensor, if there is one. Only the vendor is known to have taken the
/// licence up; that others accept it by what they do is implied.
fn contract(case: &Case<'_>, position: &Position) -> Option<Right> {
    let grant = &case.terms().grant;
    let is_vendor = position.from.is_none();
    let is_contract = grant.legal_basis.iter().any(|basis| basis == "contract");
    let is_explicit = grant.directness == Directness::Explicit;
    let (certainty, because, entry) = if grant.acceptance == "signed" {
        (Certainty::Certain, "the contract is signed", "grant.acceptance")
    } else if is_contract && (is_vendor || is_explicit) {
        (Certainty::Certain, "the text works as a contract", "grant.legal_basis")
    } else if is_contract {
        let because =
            "the text works as a contract; that this party accepts it follows from its use";
        (Certainty::Implied, because, "grant.legal_basis")
    } else if grant.acceptance == "by-use" || grant.acceptance_clause.is_some() {
        let because = "the text says that whoever acts under it accepts it";
        (Certainty::Implied, because, "grant.acceptance")
    } else if is_explicit {
        let because =
            "the text offers the licence to each recipient; taking it up implies agreement";
        (Certainty::Implied, because, "grant.directness")
    } else {
        return None;
    };
    let basis = EnforcementBasis::Contract;
    Some(Right { basis, remedy: Remedy::ContractClaim, certainty, because, entry })
}

/// The licensor as a beneficiary of a contract between others.
fn beneficiary<'a>(
    case: &'a Case<'_>,
    position: &'a Position,
    draft: &'a Draft<'_>,
) -> impl Iterator<Item = EnforcementEdge> + 'a {
    case.duties(&["third-party-beneficiary"]).map(move |duty| {
        let affiliates = duty
            .params
            .get("affiliates")
            .map_or_else(String::new, |words| format!(", affiliates: {words}"));
        draft.edge(
            Some(EnforcementBasis::ThirdPartyBeneficiary),
            Remedy::ContractClaim,
            position.beneficiary,
            position.from.as_ref().map(|from| condition(case.review, from)).as_deref(),
            format!(
                "every agreement down to this party must name the licensor as beneficiary{affiliates}"
            ),
            vec![case.clause(duty)],
        )
    })
}
