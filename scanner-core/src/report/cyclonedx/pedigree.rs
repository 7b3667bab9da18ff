//! `pedigree`: what a model or adapter derives from. CycloneDX has no field for the kind of
//! derivation, so it stands in a property of the ancestor and in the notes.

use serde::Serialize;

use super::component::{Component, ComponentType};
use super::context::Context;
use super::licenses;
use super::property::{self, Properties};
use crate::model::{Artifact, ArtifactId, Relation, RelationTarget};
use crate::report::index::ancestor_licenses;
use crate::report::place::{cut, place};

/// More direct ancestors than this are counted in the notes only.
const ANCESTORS: usize = 256;

#[derive(Serialize)]
pub(super) struct Pedigree {
    pub(super) ancestors: Vec<Component>,
    notes: String,
}

pub(super) fn pedigree(context: &Context<'_>, artifact: &Artifact) -> Option<Pedigree> {
    let relations = context.index.relations(&artifact.id).iter();
    let lineage: Vec<&Relation> =
        relations.copied().filter(|relation| relation.kind.is_lineage()).collect();
    if lineage.is_empty() {
        return None;
    }
    let shown = &lineage[..lineage.len().min(ANCESTORS)];
    let mut notes: Vec<String> = shown.iter().map(|relation| note(context, relation)).collect();
    if shown.len() < lineage.len() {
        notes.push(format!("{} more are not listed", lineage.len() - shown.len()));
    }
    Some(Pedigree {
        ancestors: shown.iter().map(|relation| ancestor(context, artifact, relation)).collect(),
        notes: notes.join("; "),
    })
}

fn note(context: &Context<'_>, relation: &Relation) -> String {
    let name = match &relation.to {
        RelationTarget::Here(id) => {
            context.index.artifact(id).map_or_else(|| id.to_string(), Artifact::label)
        }
        RelationTarget::Elsewhere { name, .. } => name.clone(),
    };
    format!("{} {} ({})", relation.kind.name(), cut(&name), relation.basis.name())
}

fn ancestor(context: &Context<'_>, artifact: &Artifact, relation: &Relation) -> Component {
    let mut component = match &relation.to {
        RelationTarget::Here(id) => here(context, id),
        RelationTarget::Elsewhere { name, purl } => {
            let mut component = Component::named(ComponentType::MachineLearningModel, name);
            component.purl = purl.as_ref().map(ToString::to_string);
            let assessment = context.index.assessment(&artifact.id);
            component.licenses = assessment.map_or_else(Vec::new, |assessment| {
                licenses::of_ancestor(context, &ancestor_licenses(assessment, name))
            });
            if component.licenses.is_empty() {
                component.properties.add(property::LICENSE_STATUS, "NOASSERTION");
            }
            component
        }
    };
    describe(context, relation, &mut component.properties);
    component
}

/// An ancestor inside the scan: enough to recognise it, and the reference to its own component.
fn here(context: &Context<'_>, id: &ArtifactId) -> Component {
    let Some(parent) = context.index.artifact(id) else {
        return Component::named(ComponentType::MachineLearningModel, &id.0);
    };
    let mut component = Component::named(ComponentType::of(parent.kind), &parent.label());
    component.version = parent.version.as_deref().map(|version| cut(version).into_owned());
    component.purl = parent.purl.as_ref().map(ToString::to_string);
    component.properties.maybe(property::LINEAGE_REF, context.artifact(id));
    component.licenses = licenses::of_parent(context, id);
    let assessment = context.index.assessment(id);
    let effective = assessment.and_then(|assessment| assessment.effective.expression.as_deref());
    component.properties.add(property::LICENSE_EFFECTIVE, effective.unwrap_or("NOASSERTION"));
    component
}

fn describe(context: &Context<'_>, relation: &Relation, properties: &mut Properties) {
    properties.add(property::LINEAGE_RELATION, relation.kind.name());
    properties.add(property::LINEAGE_BASIS, relation.basis.name());
    let plugin = context.plugin(&relation.by.0).unwrap_or(&relation.by.0);
    properties.add(property::LINEAGE_PLUGIN, plugin);
    properties.each(property::LINEAGE_EVIDENCE, relation.evidence.iter().map(place));
}
