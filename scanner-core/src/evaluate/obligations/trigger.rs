//! Whether what triggers an obligation happens.

use super::Duty;
use crate::model::{Dormancy, ShipMode};

/// An obligation sleeps only when the product's own declaration excludes every trigger. What
/// nobody has said is taken to happen.
pub(super) fn dormancy(duty: &Duty<'_>) -> Dormancy {
    let ships = duty.scene.product.and_then(|product| product.ships);
    let happens = duty.obligation.triggers.iter().any(|trigger| may_happen(trigger, ships));
    if happens || duty.obligation.triggers.is_empty() {
        Dormancy::Active
    } else {
        Dormancy::Dormant
    }
}

fn may_happen(trigger: &str, ships: Option<ShipMode>) -> bool {
    let Some(ships) = ships else { return true };
    // `modify+distribute` needs both; whether something was modified, files rarely exclude.
    trigger.split('+').all(|part| match part.trim_end_matches('?') {
        "distribute" => matches!(ships, ShipMode::Distributed | ShipMode::Embedded),
        "embed" => matches!(ships, ShipMode::Distributed | ShipMode::Embedded | ShipMode::Hosted),
        "host" => ships == ShipMode::Hosted,
        _ => true,
    })
}
