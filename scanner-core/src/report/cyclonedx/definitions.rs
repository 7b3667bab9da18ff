//! `definitions.standards[]`: one standard per licence, one requirement per obligation and per use
//! restriction, so that each can be attested to.

use serde::Serialize;

use super::context::Context;
use super::property::{self, Properties};
use crate::model::{Conveyance, Mental, Obligation, Verified};
use crate::report::place::{cut, place};
use crate::report::refs::Refs;
use crate::report::standard::{Restriction, Standard};

#[derive(Serialize)]
pub(super) struct Definitions {
    standards: Vec<StandardDefinition>,
}

impl Definitions {
    pub(super) fn is_empty(&self) -> bool {
        self.standards.is_empty()
    }
}

#[derive(Serialize)]
struct StandardDefinition {
    #[serde(rename = "bom-ref", skip_serializing_if = "Option::is_none")]
    bom_ref: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    requirements: Vec<Requirement>,
}

#[derive(Serialize)]
struct Requirement {
    #[serde(rename = "bom-ref", skip_serializing_if = "Option::is_none")]
    bom_ref: Option<String>,
    identifier: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    properties: Properties,
}

pub(super) fn definitions(context: &Context<'_>, refs: &mut Refs) -> Definitions {
    let standards =
        context.standards.iter().map(|standard| definition(context, refs, standard)).collect();
    Definitions { standards }
}

fn definition(
    context: &Context<'_>,
    refs: &mut Refs,
    standard: &Standard<'_>,
) -> StandardDefinition {
    let terms = standard.terms;
    let obligations = standard.obligations.iter().map(|obligation| Requirement {
        bom_ref: context.obligation(standard.key, obligation).map(str::to_owned),
        identifier: cut(&obligation.clause).into_owned(),
        title: cut(&obligation.kind).into_owned(),
        text: None,
        properties: obligation_properties(standard.spdx, obligation),
    });
    let mut requirements: Vec<Requirement> = obligations.collect();
    let conveyance = terms.map(|terms| terms.grant.conveyance);
    requirements.extend(standard.restrictions.iter().map(|found| {
        let label = &found.restriction.label;
        Requirement {
            bom_ref: Some(refs.take(&format!("req:{}:restriction:{label}", standard.key))),
            identifier: cut(label).into_owned(),
            title: cut(&found.restriction.categories.join(", ")).into_owned(),
            text: found.wording.map(|(wording, _)| cut(wording).into_owned()),
            properties: restriction_properties(standard.spdx, found, conveyance),
        }
    }));
    StandardDefinition {
        bom_ref: context.standard(standard.key).map(str::to_owned),
        name: cut(terms.map_or(standard.spdx, |terms| &terms.name)).into_owned(),
        version: terms.and_then(|terms| terms.date.as_deref()).map(|date| cut(date).into_owned()),
        description: format!(
            "obligations and use restrictions of {}, one requirement each; {}",
            standard.spdx,
            ground(terms.map(|terms| terms.verified))
        ),
        owner: terms.and_then(|terms| terms.licensor.as_deref()).map(|name| cut(name).into_owned()),
        requirements,
    }
}

const fn ground(verified: Option<Verified>) -> &'static str {
    match verified {
        Some(Verified::Read) => "recorded from the full text",
        Some(Verified::Partial) => "recorded from the main clauses",
        Some(Verified::Secondary | Verified::Seed | Verified::NameOnly) => {
            "recorded without reading the text"
        }
        None => "no record of its terms",
    }
}

fn obligation_properties(license: &str, obligation: &Obligation) -> Properties {
    let mut properties = Properties::default();
    properties.add(property::REQUIREMENT_KIND, "obligation");
    properties.add(property::REQUIREMENT_LICENSE, license);
    properties.add(property::REQUIREMENT_CATEGORY, &obligation.kind);
    properties.each(property::REQUIREMENT_TRIGGER, &obligation.triggers);
    properties.add(property::REQUIREMENT_EVIDENCE_CLASS, obligation.evidence.name());
    let params = obligation.params.iter().map(|(name, value)| format!("{name}={value}"));
    properties.each(property::REQUIREMENT_PARAM, params);
    properties
}

fn restriction_properties(
    license: &str,
    found: &Restriction<'_>,
    conveyance: Option<Conveyance>,
) -> Properties {
    let mut properties = Properties::default();
    properties.add(property::REQUIREMENT_KIND, "use-restriction");
    properties.add(property::REQUIREMENT_LICENSE, license);
    properties.each(property::REQUIREMENT_CATEGORY, &found.restriction.categories);
    if found.restriction.mental != Mental::None {
        properties.add(property::REQUIREMENT_MENTAL, found.restriction.mental.name());
    }
    properties.each(property::REQUIREMENT_EXCEPTION, &found.restriction.exceptions);
    if matches!(
        conveyance,
        Some(Conveyance::CommercialFlowdown | Conveyance::SublicenseWithFlowdown)
    ) {
        properties.add(property::REQUIREMENT_FLOWDOWN, "required");
    }
    let wording = found.wording.map(|(_, at)| place(at));
    let wording = wording.as_deref().unwrap_or("no text with this wording was scanned");
    properties.add(property::REQUIREMENT_WORDING, wording);
    properties
}
