//! Whom a licence exempts from its thresholds: recipients of an integrated end-user product.

use super::case::{Case, FLOW_DUTIES};
use crate::model::{Certainty, Exemption, HopMode};

pub(super) fn of(case: &Case<'_>) -> Vec<Exemption> {
    let mut exemptions = Vec::new();
    for (hop, threshold) in case
        .route
        .hops
        .iter()
        .flat_map(|hop| case.terms().thresholds.iter().map(move |threshold| (hop, threshold)))
    {
        let Some(exempt) = &threshold.exempt else { continue };
        let (certainty, way) = match hop.mode {
            HopMode::Embedded => (Certainty::Certain, "the product ships embedded"),
            HopMode::Copy | HopMode::Hosted => (
                Certainty::Disputed,
                "whether the product is an integrated end-user product is not declared",
            ),
        };
        let kept = case.duties_of(FLOW_DUTIES, hop.mode).next().map_or_else(String::new, |duty| {
            format!("; the flow-down of clause {} is not among what falls away", duty.clause)
        });
        exemptions.push(Exemption {
            party: hop.to.clone(),
            certainty,
            because: format!(
                "the threshold of `{}` exempts {exempt}; {way}{kept}",
                threshold.metric
            ),
            clause: case.cite("threshold", &threshold.clause, "threshold"),
        });
    }
    exemptions
}
