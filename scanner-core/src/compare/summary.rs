//! One component in a line.

use super::Alone;
use crate::bom::Component;

/// Its purl, else its name with version.
pub(super) fn label(component: &Component) -> String {
    match (&component.purl, &component.version) {
        (Some(purl), _) => purl.clone(),
        (None, Some(version)) => format!("{}@{version}", full_name(component)),
        (None, None) => full_name(component),
    }
}

/// Its name with the group.
pub(super) fn full_name(component: &Component) -> String {
    match &component.group {
        Some(group) => format!("{group}/{}", component.name),
        None => component.name.clone(),
    }
}

/// What is best known of its licence: concluded, else declared.
pub(super) fn license(component: &Component) -> &[String] {
    let licenses = &component.licenses;
    if licenses.concluded.is_empty() { &licenses.declared } else { &licenses.concluded }
}

/// A component that only one document has.
pub(super) fn alone(component: &Component) -> Alone {
    let license = license(component);
    Alone {
        label: label(component),
        kind: component.kind.clone(),
        license: (!license.is_empty()).then(|| license.join(", ")),
        restrictions: component.restrictions.iter().cloned().collect(),
        reasons: Vec::new(),
    }
}

/// A component that only the new document has, and why a policy may care.
pub(super) fn added(component: &Component, says_licenses: bool) -> Alone {
    let mut alone = alone(component);
    if says_licenses && alone.license.is_none() {
        alone.reasons.push("its licence is unknown");
    }
    if !alone.restrictions.is_empty() {
        alone.reasons.push("it brings use restrictions");
    }
    alone
}
