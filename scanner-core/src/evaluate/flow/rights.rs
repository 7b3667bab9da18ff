//! What the licensor has against a party that breaches: claims by the legal bases that the licence
//! names, and the clauses that end, charge or restrict.

use super::bindings::IF_AGREEMENT_SAYS_SO;
use super::case::{Case, Position};
use super::enforcement::{Draft, is_downstream};
use crate::model::{
    Certainty, Directness, EnforcementBasis, EnforcementEdge, Matter, Obligation, Remedy, Subject,
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
    } else if position.privity == Certainty::None {
        let mut clauses = vec![case.grant()];
        clauses.extend(case.duties(&["third-party-beneficiary"]).map(|duty| case.clause(duty)));
        edges.push(draft.nobody(&no_privity(position), clauses));
    }
    for right in claims(case, position) {
        let clause = case.cite("legal-basis", &case.terms().grant.clause, right.entry);
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
    if position.privity > Certainty::None {
        termination(case, position, &draft, edges);
        charges(case, position, edges);
    }
    remote(case, position, &draft, edges);
}

fn no_privity(position: &Position) -> String {
    format!(
        "the licensor has no contract with this party, and no clause gives it one: {}",
        position.because
    )
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
        (Certainty::Certain, "the text says that it is a contract", "grant.legal_basis")
    } else if is_contract {
        (
            Certainty::Implied,
            "the text says that it is a contract, and that this party accepts it follows from its use",
            "grant.legal_basis",
        )
    } else if grant.acceptance == "by-use" {
        (Certainty::Implied, "by using the material a party accepts the terms", "grant.acceptance")
    } else if is_explicit {
        (
            Certainty::Implied,
            "the text offers the licence to each recipient; taking it up implies agreement",
            "grant.directness",
        )
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
            Some(IF_AGREEMENT_SAYS_SO),
            format!(
                "every agreement down to this party must name the licensor as beneficiary{affiliates}"
            ),
            vec![case.clause(duty)],
        )
    })
}

/// The clauses that end the licence; where restrictions stand without one, that is said.
fn termination(
    case: &Case<'_>,
    position: &Position,
    draft: &Draft<'_>,
    edges: &mut Vec<EnforcementEdge>,
) {
    let mut ends = case.duties(&["terminate-on-breach"]).peekable();
    if ends.peek().is_none() && !case.terms().restrictions.is_empty() && position.from.is_none() {
        let because = "no clause ends the licence on breach; the licensor can only say that the \
                       use is outside of it";
        let clause = case.cite("grant", &case.terms().grant.clause, "grant.revocable");
        edges.push(draft.edge(
            Some(EnforcementBasis::Termination),
            Remedy::EndOfLicense,
            Certainty::None,
            None,
            because.to_owned(),
            vec![clause],
        ));
    }
    for duty in ends {
        edges.push(draft.edge(
            Some(EnforcementBasis::Termination),
            Remedy::EndOfLicense,
            position.privity,
            None,
            format!("a clause ends the licence on breach{}", details(duty)),
            vec![case.clause(duty)],
        ));
    }
    for duty in case.duties(&["terminate-at-will"]) {
        let draft = Draft { matter: Matter::WithoutBreach, ..*draft };
        edges.push(draft.edge(
            Some(EnforcementBasis::Termination),
            Remedy::EndOfLicense,
            position.privity,
            None,
            format!("a clause lets the licensor end the licence without a breach{}", details(duty)),
            vec![case.clause(duty)],
        ));
    }
}

/// Indemnity and agreed sums for what the party itself does.
fn charges(case: &Case<'_>, position: &Position, edges: &mut Vec<EnforcementEdge>) {
    let draft = |matter| Draft {
        who: &case.licensor,
        against: &position.party,
        matter,
        acts_of: &position.party,
    };
    for duty in case.duties(&["indemnify-licensor"]).filter(|duty| !is_downstream(duty)) {
        edges.push(draft(Matter::ThirdPartyClaim).edge(
            Some(EnforcementBasis::Indemnity),
            Remedy::Indemnification,
            position.privity,
            None,
            format!(
                "a clause makes it hold the licensor harmless against claims that its use or \
                 distribution brings{}",
                details(duty)
            ),
            vec![case.clause(duty)],
        ));
    }
    for duty in case.duties(&["liquidated-damages"]).filter(|duty| !is_downstream(duty)) {
        edges.push(draft(Matter::OwnBreach).edge(
            Some(EnforcementBasis::LiquidatedDamages),
            Remedy::AgreedSum,
            position.privity,
            None,
            format!("a clause sets what a breach costs{}", details(duty)),
            vec![case.clause(duty)],
        ));
    }
}

/// Self-help: whoever controls where the material runs can restrict it, with a contract or without.
fn remote(
    case: &Case<'_>,
    position: &Position,
    draft: &Draft<'_>,
    edges: &mut Vec<EnforcementEdge>,
) {
    let draft = Draft { matter: Matter::SelfHelp, ..*draft };
    for duty in case.duties(&["accept-remote-restriction"]) {
        let is_vendor = position.from.is_none();
        let because = if is_vendor {
            "a clause lets the licensor restrict use, from afar or otherwise"
        } else {
            "the licensor reserves to restrict use of the material, from afar or otherwise; that \
             needs no contract with this party"
        };
        edges.push(draft.edge(
            Some(EnforcementBasis::RemoteRestriction),
            Remedy::RestrictedUse,
            if is_vendor { Certainty::Certain } else { Certainty::Implied },
            Some("only where the licensor controls what the material runs on"),
            because.to_owned(),
            vec![case.clause(duty)],
        ));
    }
}

/// How a clause works, as far as the record says: `; automatic; 30 days to cure`.
pub(super) fn details(duty: &Obligation) -> String {
    let named =
        [("mode", ""), ("effect", ""), ("scope", "scope "), ("formula", ""), ("amount", "amount ")];
    let mut words: String = named
        .iter()
        .filter_map(|(name, head)| Some(format!("; {head}{}", duty.params.get(*name)?)))
        .collect();
    if let Some(days) = duty.params.get("cure_days") {
        words.push_str(&match days.parse::<u32>() {
            Ok(days) => format!("; {days} days to cure"),
            Err(_) => format!("; time to cure: {days}"),
        });
    }
    words
}
