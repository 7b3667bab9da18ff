//! The clauses of a licence that end it, charge for a breach or restrict use.

use super::case::{Case, Position};
use super::downstream::is_downstream;
use super::enforcement::Draft;
use super::rights;
use crate::model::{Certainty, EnforcementBasis, EnforcementEdge, Matter, Obligation, Remedy};

/// The edges of these clauses against one party, besides the claims that `rights` has.
pub(super) fn of(
    case: &Case<'_>,
    position: &Position,
    draft: &Draft<'_>,
    edges: &mut Vec<EnforcementEdge>,
) {
    if position.privity > Certainty::None {
        termination(case, position, draft, edges);
        charges(case, position, edges);
    }
    remote(case, position, draft, edges);
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
    let certainty = rights::promise(case, position);
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
            certainty,
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
            certainty,
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
