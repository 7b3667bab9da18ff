//! Catalogue records of plugins as terms of the model.

use flowdown_plugin_sdk::message as wire;
use serde_json::Value;

use crate::model::{
    Conveyance, Directness, Distillation, EvidenceClass, Grant, LicenseKey, LicenseTerms, Mental,
    Obligation, Threshold, UseRestriction, Verified,
};

/// A record as terms of the model.
///
/// # Errors
/// The word that is not in the vocabulary.
pub fn convert(record: wire::Terms) -> Result<LicenseTerms, String> {
    let spdx = [&record.ids.spdx, &record.ids.spdx_ref]
        .into_iter()
        .find(|id| !id.is_empty())
        .cloned()
        .unwrap_or_else(|| format!("LicenseRef-{}", record.key));
    Ok(LicenseTerms {
        spdx,
        name: record.name,
        date: stated(record.date),
        licensor: stated(record.licensor).filter(|licensor| licensor != "-"),
        family: record.family,
        verified: verified(&record.verified)?,
        notes: record.notes,
        grant: grant(record.grant)?,
        thresholds: record.threshold.into_iter().map(threshold).collect(),
        obligations: record.obligation.into_iter().map(obligation).collect::<Result<_, _>>()?,
        restrictions: record.restriction.into_iter().map(restriction).collect::<Result<_, _>>()?,
        key: LicenseKey(record.key),
    })
}

fn stated(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn verified(word: &str) -> Result<Verified, String> {
    Ok(match word {
        "read" => Verified::Read,
        "partial" => Verified::Partial,
        "secondary" => Verified::Secondary,
        "seed" => Verified::Seed,
        "hf-table" => Verified::NameOnly,
        other => return Err(format!("`verified` is `{other}`")),
    })
}

fn grant(grant: wire::TermsGrant) -> Result<Grant, String> {
    Ok(Grant {
        conveyance: match &*grant.conveyance {
            "direct-license" => Conveyance::DirectLicense,
            "sublicense-with-flowdown" => Conveyance::SublicenseWithFlowdown,
            "commercial-flowdown" => Conveyance::CommercialFlowdown,
            "no-conveyance" => Conveyance::NoConveyance,
            other => return Err(format!("`conveyance` is `{other}`")),
        },
        directness: match &*grant.directness {
            "explicit" => Directness::Explicit,
            "implied" => Directness::Implied,
            "none-after-relicense" => Directness::NoneAfterRelicense,
            "explicit-personal" => Directness::ExplicitPersonal,
            "none" => Directness::None,
            "unsure" | "unknown" => Directness::Unsure,
            other => return Err(format!("`directness` is `{other}`")),
        },
        acceptance: grant.acceptance,
        acceptance_clause: grant.acceptance_clause,
        sublicensable: grant.sublicensable,
        relicense_derivatives: grant.relicense_derivatives,
        distillation: match grant.distillation.as_deref() {
            None => Distillation::Silent,
            Some("reached") => Distillation::Reached,
            Some("outputs-excluded") => Distillation::OutputsExcluded,
            Some(other) => return Err(format!("`distillation` is `{other}`")),
        },
        clause: grant.clause,
        legal_basis: grant.legal_basis,
        revocable: grant.revocable,
        covers: grant.covers,
        excludes: grant.excludes,
        hosting_is_distribution: grant.hosting_is_distribution,
        outputs: grant.outputs,
        permitted_use: grant.permitted_use,
        governing_law: grant.governing_law,
    })
}

fn threshold(threshold: wire::TermsThreshold) -> Threshold {
    Threshold {
        metric: threshold.metric,
        value: threshold.value,
        operator: threshold.op,
        window: threshold.window,
        effect: threshold.effect,
        clause: threshold.clause,
        exempt: threshold.exempt,
        currency: threshold.currency,
    }
}

pub(super) fn obligation(obligation: wire::TermsObligation) -> Result<Obligation, String> {
    let evidence = match &*obligation.evidence {
        "mechanical" => EvidenceClass::Mechanical,
        "mechanical-partial" => EvidenceClass::MechanicalPartial,
        "semi" => EvidenceClass::Semi,
        "declared" => EvidenceClass::Declared,
        "contract" => EvidenceClass::Contract,
        "flag" => EvidenceClass::Flag,
        "none" => EvidenceClass::None,
        other => return Err(format!("`evidence` of `{}` is `{other}`", obligation.kind)),
    };
    let params = obligation.params.into_iter().map(|(name, value)| {
        let text = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        (name, text)
    });
    Ok(Obligation {
        kind: obligation.kind,
        clause: obligation.clause,
        triggers: obligation.trigger,
        evidence,
        params: params.collect(),
    })
}

fn restriction(restriction: wire::TermsRestriction) -> Result<UseRestriction, String> {
    let mental = match restriction.mental.as_deref() {
        None | Some("none") => Mental::None,
        Some("intent") => Mental::Intent,
        Some("effect") => Mental::Effect,
        Some("intent-or-effect") => Mental::IntentOrEffect,
        Some("knowledge") => Mental::Knowledge,
        Some(other) => return Err(format!("`mental` of `{}` is `{other}`", restriction.label)),
    };
    Ok(UseRestriction {
        label: restriction.label,
        categories: restriction.categories,
        mental,
        exceptions: restriction.exceptions,
        note: restriction.note,
    })
}
